//! The visitor's page rendered in its states.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use protocol::{ClassInfo, CounterInfo, Names, ServiceInfo, StationInfo, TicketPage};
use queue_core::{
    CallId, ClassId, ClassPlan, CounterId, Estimate, Explanation, PassedBy, Series, ServiceId,
    StationPlan, StationTime, TicketId, TicketState, TicketView,
};
use screens::Language;
use screens::assets::Shared;

use super::Look;
use super::render::{Phone, not_found};
use crate::pages::PageAssets;
use crate::why::Rule;

/// 10:12 in Taipei.
const NOW: StationTime = StationTime(1_795_313_520_000);
/// What a phone may load at the first visit.
const FIRST_LOAD_BYTES: usize = 60_000;

fn names(zh: &str, vi: &str) -> Names {
    Names(BTreeMap::from([
        ("zh-Hant-TW".to_owned(), zh.to_owned()),
        ("vi".to_owned(), vi.to_owned()),
    ]))
}

fn info() -> StationInfo {
    let service = ServiceId::new("licence").unwrap();
    StationInfo {
        identity_desk: None,
        guide: None,
        zones: vec![],
        name: names("示範站", "Trạm mẫu"),
        timezone: "Asia/Taipei".into(),
        hours: ("08:00".into(), "17:00".into()),
        phone: "02-0000".into(),
        public_url: String::new(),
        services: vec![ServiceInfo {
            identity_check: false,
            sessions: false,
            zone: None,
            id: service.clone(),
            series: Series::new("A").unwrap(),
            name: names("居留證 <&>", "Thẻ cư trú"),
            short_name: names("居留證", "Thẻ cư trú"),
            icon: "licence".into(),
            max_persons: 1,
            only_step: false,
            together: false,
            wait_standard_s: 900,
            documents: vec![names("護照", "Hộ chiếu")],
        }],
        counters: vec![CounterInfo {
            zone: None,
            id: CounterId::new("3").unwrap(),
            skills: vec![service],
            direction: "left".into(),
        }],
        announcements: vec![],
        appointments: None,
        classes: ["regular", "priority"]
            .map(|id| ClassInfo {
                id: ClassId::new(id).unwrap(),
                name: names(
                    if id == "priority" { "優先" } else { "一般" },
                    if id == "priority" {
                        "Ưu tiên"
                    } else {
                        "Thường"
                    },
                ),
            })
            .to_vec(),
    }
}

/// Priority counts as taken 20 minutes earlier.
fn plan() -> StationPlan {
    let classes = [("regular", 0), ("priority", 1_200)].map(|(id, credit_s)| {
        let plan = ClassPlan {
            credit_s,
            ..ClassPlan::default()
        };
        (ClassId::new(id).unwrap(), plan)
    });
    StationPlan {
        classes: classes.into(),
        ..StationPlan::default()
    }
}

fn ticket(state: TicketState) -> TicketPage {
    let called = !matches!(state, TicketState::Waiting | TicketState::Cancelled);
    TicketPage {
        at: NOW,
        open: true,
        pause: None,
        ticket: TicketView {
            seat: None,
            ready_for: None,
            refused: None,
            id: TicketId(7),
            number: "A047".parse().unwrap(),
            matters: vec![],
            legs: vec![],
            service: ServiceId::new("licence").unwrap(),
            class: ClassId::new("regular").unwrap(),
            language: None,
            state,
            issued_at: NOW,
            slot: None,
            ahead: 9,
            in_front: ["A040", "A041", "A042", "A043", "A044", "A045", "A046"]
                .map(|n| n.parse().unwrap())
                .to_vec(),
            estimate: Some(Estimate::Range {
                p50_s: 600,
                p80_s: 900,
                low_min: 10,
                high_min: 15,
            }),
            counter: called.then(|| CounterId::new("3").unwrap()),
            call: called.then_some(CallId(5)),
            called_at: called.then_some(NOW),
            calls: u32::from(called),
            rated: false,
            print: None,
            persons: 1,
            get_ready: false,
            room: None,
            comeback: None,
            behind: 0,
            passed_by: None,
        },
    }
}

fn shown(page: &TicketPage, language: Language, look: &Look) -> String {
    shown_after(0, page, language, look)
}

fn shown_after(returns: u8, page: &TicketPage, language: Language, look: &Look) -> String {
    let info = info();
    let zone = TimeZone::get("Asia/Taipei").unwrap();
    Phone {
        info: &info,
        page,
        seq: 1,
        zone: &zone,
        look,
        language,
        key: "k",
        rule: &Rule::of(&plan(), &info),
        returns,
    }
    .page()
    .into_string()
}

fn zh(page: &TicketPage) -> String {
    shown(page, Language::ZhHantTw, &Look::default())
}

fn assert_has(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "no {part} in\n{page}");
    }
}

#[test]
fn a_waiting_visitor_sees_number_people_and_range_in_two_languages() {
    let page = shown(
        &ticket(TicketState::Waiting),
        Language::Vi,
        &Look::default(),
    );
    assert_has(
        &page,
        &[
            "<html lang=\"vi\"",
            "A047",
            "<span lang=\"vi\">Thẻ cư trú</span>",
            "居留證 &lt;&amp;&gt;",
            "<b>9 ",
            "10–15",
            "Hộ chiếu",
            "10:12",
            "data-ahead=\"9\"",
            "<noscript><meta http-equiv=\"refresh\" content=\"15\"></noscript>",
            &format!("action=\"/t/{}/cancel\"", TicketId(7)),
            "class=\"more\">+3<",
        ],
    );
    assert_eq!(page.matches("class=\"d\"").count(), 6);
    assert!(!page.contains("data-call"), "not called yet");
}

#[test]
fn who_was_called_before_is_told_with_the_reason_and_the_rule_at_the_foot() {
    let mut page = ticket(TicketState::Waiting);
    let vi = |page: &TicketPage| shown(page, Language::Vi, &Look::default());
    let rule = "叫號規則：依取號先後；優先號視同提早 20 分鐘取號。";
    let quiet = vi(&page);
    assert_has(
        &quiet,
        &[rule, "Ưu tiên được tính như lấy số sớm hơn 20 phút"],
    );
    assert!(!quiet.contains("id=\"passed\""), "nobody was");
    page.ticket.passed_by = Some(PassedBy {
        number: "A051".parse().unwrap(),
        counter: CounterId::new("3").unwrap(),
        at: NOW,
        why: Explanation::HeadStart {
            class: ClassId::new("priority").unwrap(),
            credit_s: 1_200,
            counts_from: NOW,
            passed_counts_from: NOW,
        },
    });
    assert_has(
        &vi(&page),
        &[
            "<details id=\"passed\"",
            "Vì sao số A051 được gọi trước?",
            "為什麼先叫 A051？",
            "Số A051 (Ưu tiên) được tính như lấy sớm hơn 20 phút nên được gọi trước.",
            "A051 是優先號，視同提早 20 分鐘取號，所以先叫。",
            "10:12",
        ],
    );
}

#[test]
fn where_nothing_is_known_there_is_no_number() {
    let mut page = ticket(TicketState::Waiting);
    page.ticket.estimate = Some(Estimate::NoCounterOpen);
    assert_has(&zh(&page), &["無法預估", "目前沒有櫃台辦理"]);
    page.ticket.estimate = Some(Estimate::Range {
        p50_s: 100,
        p80_s: 200,
        low_min: 0,
        high_min: 5,
    });
    assert_has(&zh(&page), &["0–5"]);
    page.ticket.ahead = 0;
    page.ticket.in_front.clear();
    page.ticket.estimate = Some(Estimate::NoWait);
    assert_has(&zh(&page), &["您是下一位", "幾乎不用等"]);
}

#[test]
fn a_called_visitor_sees_the_counter_and_the_way() {
    let mut page = ticket(TicketState::Called);
    page.ticket.calls = 2;
    let html = zh(&page);
    assert_has(
        &html,
        &[
            "class=\"ph called\"",
            "輪到您了",
            "請到",
            "<b>3</b>",
            "往看板左邊走",
            "第 2 次叫號",
            "data-call=\"5\"",
            "role=\"alert\"",
        ],
    );
    assert!(
        !html.contains("/cancel"),
        "a called number is not cancelled by a slip"
    );
}

#[test]
fn every_other_state_says_what_it_means() {
    for (state, words) in [
        (TicketState::Serving, "服務中"),
        (TicketState::Held, "保留中"),
        (TicketState::NoShow, "這個號碼不能再回來排隊，請重新取號"),
        (TicketState::Cancelled, "這個號碼已取消"),
        (TicketState::Abandoned, "08:00–17:00"),
    ] {
        let html = zh(&ticket(state));
        assert_has(&html, &[words, "A047"]);
        assert!(
            !html.contains("/rate\"") && !html.contains("/cancel\""),
            "{state:?}"
        );
    }
}

#[test]
fn a_served_visitor_rates_once() {
    let mut page = ticket(TicketState::Done);
    let html = zh(&page);
    assert_eq!(html.matches("name=\"score\"").count(), 5);
    assert_has(
        &html,
        &[&format!("action=\"/t/{}/rate\"", TicketId(7)), "不記名"],
    );
    page.ticket.rated = true;
    let html = zh(&page);
    assert_has(&html, &["謝謝您的意見"]);
    assert!(!html.contains("name=\"score\"") && !html.contains("http-equiv=\"refresh\""));
    page.ticket.rated = false;
    page.open = false;
    assert!(!zh(&page).contains("name=\"score\""), "the day is over");
}

#[test]
fn what_was_done_and_what_is_left_is_said() {
    let waiting = ticket(TicketState::Waiting);
    let done = Look {
        deferred: "1".into(),
        ..Look::default()
    };
    assert_has(
        &shown(&waiting, Language::En, &done),
        &["1 more person is called before you"],
    );
    let left = |returns| shown_after(returns, &waiting, Language::En, &Look::default());
    assert_has(&left(0), &["at most 2 times"]);
    assert_has(&left(1), &["you stand behind 3 people, once more."]);
    assert_has(&left(2), &["it cannot come back any more"]);
}

#[test]
fn the_look_stays_in_every_address_and_a_refusal_is_said() {
    let look = Look {
        lang: "vi-VN".into(),
        theme: "dark".into(),
        text: "big".into(),
        refused: "day_closed".into(),
        deferred: "1".into(),
    };
    let html = shown(&ticket(TicketState::Waiting), Language::Vi, &look);
    assert_has(
        &html,
        &[
            "/cancel?lang=vi&amp;theme=dark&amp;text=big\"",
            "data-text=\"big\"",
            "今日服務已結束",
        ],
    );
    let odd = Look {
        lang: "<".into(),
        theme: "<".into(),
        text: "<".into(),
        refused: "<u>".into(),
        deferred: "<u>".into(),
    };
    assert!(!shown(&ticket(TicketState::Waiting), Language::En, &odd).contains("<u>"));
}

#[test]
fn a_text_missing_in_the_visitors_language_is_marked_as_what_it_is() {
    let html = shown(
        &ticket(TicketState::Waiting),
        Language::Th,
        &Look::default(),
    );
    assert_has(&html, &["<span lang=\"zh-Hant-TW\">護照</span>"]);
    assert!(!html.contains("lang=\"th\">護照"), "{html}");
}

#[test]
fn an_unknown_number_is_told_kindly_in_two_languages() {
    let html = not_found(&info(), &Look::default(), Language::ZhHantTw).into_string();
    assert_has(
        &html,
        &["找不到這個號碼", "This number was not found", "02-0000"],
    );
}

#[test]
fn the_first_visit_loads_at_most_sixty_kilobytes() {
    let html = shown(
        &ticket(TicketState::Waiting),
        Language::My,
        &Look::default(),
    );
    let size = |data: Option<rust_embed::EmbeddedFile>| data.unwrap().data.len();
    let own: usize = ["phone.css", "phone.js", "swap.js"]
        .map(|name| size(PageAssets::get(name)))
        .iter()
        .sum();
    let shared: usize = [
        "tokens.css",
        "base.css",
        "live.js",
        "sound.js",
        "clock.js",
        "favicon.svg",
    ]
    .map(|name| size(Shared::get(name)))
    .iter()
    .sum();
    let all = html.len() + own + shared;
    assert!(
        all <= FIRST_LOAD_BYTES,
        "{all} bytes: page {}, own {own}, shared {shared}",
        html.len()
    );
}

#[test]
fn every_language_renders_every_state_with_its_own_mark() {
    let states = [
        TicketState::Waiting,
        TicketState::Called,
        TicketState::Serving,
        TicketState::Held,
        TicketState::Done,
        TicketState::NoShow,
        TicketState::Cancelled,
        TicketState::Abandoned,
    ];
    for language in Language::ALL {
        for state in states {
            let html = shown(&ticket(state), language, &Look::default());
            assert_has(&html, &[&format!("<html lang=\"{}\"", language.tag())]);
            assert!(
                !html.contains("{$"),
                "{language:?} {state:?}: an empty slot"
            );
        }
    }
}
