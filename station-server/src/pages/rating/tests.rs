//! The tablet rendered at its stages.

use protocol::{Names, RatingView, StationInfo};
use queue_core::{CounterId, CounterState, LanguageTag, StationTime, TicketId};
use screens::Language;

use super::render::{reason_words, render, score_words};
use super::{Ask, REASONS, Stage, stage};

fn view(asking: bool) -> RatingView {
    RatingView {
        at: StationTime(0),
        counter: CounterId::new("3").unwrap(),
        state: CounterState::Open,
        asking: asking.then_some(TicketId(7)),
        number: asking.then(|| "A047".parse().unwrap()),
        thanked: false,
        language: asking.then(|| LanguageTag::new("vi").unwrap()),
    }
}

fn info() -> StationInfo {
    StationInfo {
        identity_desk: None,
        guide: None,
        zones: vec![],
        name: Names::default(),
        timezone: "Asia/Taipei".into(),
        hours: ("08:00".into(), "17:00".into()),
        phone: String::new(),
        public_url: String::new(),
        services: vec![],
        counters: vec![],
        announcements: vec![],
        appointments: None,
        classes: vec![],
    }
}

fn shown(asking: bool, ask: &Ask) -> String {
    render(&info(), &view(asking), ask, "k").into_string()
}

#[test]
fn who_rated_on_the_pad_is_thanked_as_well() {
    let thanked = RatingView {
        thanked: true,
        language: LanguageTag::new("vi").ok(),
        ..view(false)
    };
    let page = render(&info(), &thanked, &Ask::default(), "k").into_string();
    assert!(
        page.contains("data-stage=\"thanks\"") && page.contains("Cảm ơn"),
        "{page}"
    );
    // The next visitor's question goes before it.
    let asking = RatingView {
        thanked: true,
        ..view(true)
    };
    assert!(matches!(
        stage(&asking, &Ask::default()),
        Stage::Question { .. }
    ));
}

#[test]
fn a_visitor_is_asked_in_the_visitors_language_and_chinese_with_five_equal_buttons() {
    let page = shown(true, &Ask::default());
    assert!(
        page.contains("data-stage=\"question\"") && page.contains("A047"),
        "{page}"
    );
    assert!(
        page.contains("<span lang=\"vi\">Rất hài lòng</span>"),
        "{page}"
    );
    assert!(
        page.contains("<span class=\"second\" lang=\"zh-Hant-TW\">非常滿意</span>"),
        "{page}"
    );
    let places: Vec<_> = (1..=5)
        .rev()
        .map(|s| page.find(&format!("value=\"{s}\"")).unwrap())
        .collect();
    assert!(places.is_sorted(), "best first");
    assert_eq!(page.matches("class=\"face\"").count(), 5);
    assert!(
        page.contains(&format!("name=\"ticket\" value=\"{}\"", TicketId(7))),
        "{page}"
    );
}

#[test]
fn nobody_is_asked_twice_after_not_answering() {
    let skipped = Ask {
        skipped: TicketId(7).to_string(),
        ..Ask::default()
    };
    assert_eq!(stage(&view(true), &skipped), Stage::Idle);
    let other = Ask {
        skipped: TicketId(8).to_string(),
        ..Ask::default()
    };
    assert!(matches!(stage(&view(true), &other), Stage::Question { .. }));
    assert_eq!(stage(&view(false), &Ask::default()), Stage::Idle);
}

#[test]
fn only_a_low_score_is_asked_for_reasons() {
    let why = |score: &str| {
        let ask = Ask {
            why: TicketId(7).to_string(),
            score: score.into(),
            ..Ask::default()
        };
        stage(&view(true), &ask)
    };
    assert_eq!(
        why("2"),
        Stage::Why {
            ticket: TicketId(7),
            score: 2
        }
    );
    for score in ["3", "0", "x", ""] {
        assert!(matches!(why(score), Stage::Question { .. }), "{score}");
    }
    let ask = Ask {
        why: TicketId(7).to_string(),
        score: "1".into(),
        ..Ask::default()
    };
    let page = shown(true, &ask);
    assert!(
        page.contains("我想找主管談") && page.contains("name=\"score\" value=\"1\""),
        "{page}"
    );
    assert_eq!(page.matches("type=\"checkbox\"").count(), REASONS.len());
}

#[test]
fn idle_shows_the_counter_and_escapes_the_address() {
    let ask = Ask {
        theme: "\"><b>".into(),
        lang: "<i>".into(),
        ..Ask::default()
    };
    let page = shown(false, &ask);
    assert!(
        page.contains("歡迎，請坐") && page.contains("data-stage=\"idle\""),
        "{page}"
    );
    assert!(!page.contains("<i>") && !page.contains("\"><b>"), "{page}");
}

#[test]
fn every_reason_and_score_has_its_own_words() {
    let words: std::collections::BTreeSet<String> = REASONS
        .iter()
        .map(|r| reason_words(Language::Ja, r).into_string())
        .collect();
    assert_eq!(words.len(), REASONS.len());
    let scores: std::collections::BTreeSet<String> = (1..=5)
        .map(|s| score_words(Language::Th, s).into_string())
        .collect();
    assert_eq!(scores.len(), 5);
}
