use super::*;
use crate::board::tests::{board, call};
use crate::slot::Slot;
use proptest::prelude::*;
use queue_core::StationTime;

const NOW: StationTime = StationTime(1_000_000);

fn state<'a>(board: Option<&'a Board>, slot: &'a Slot, freshness: Freshness) -> State<'a> {
    State {
        zone_shown: None,
        station: None,
        board,
        slot,
        speaks: false,
        history: None,
        freshness,
        now: NOW,
        heard_at: Some(NOW),
        notice: 0,
    }
}

fn shown(calls: &[BoardCall]) -> (Board, Slot) {
    let board = board(99, calls);
    let mut slot = Slot::default();
    slot.board(0, NOW, &board);
    (board, slot)
}

fn html_of(view: &View) -> &str {
    &view.regions["view"].0
}

#[test]
fn a_call_is_said_in_chinese_and_in_the_visitor_s_language() {
    let mut a = call(5, "A047", "3", NOW.0);
    a.language = "vi".parse().ok();
    let (board, slot) = shown(&[a]);
    let view = view(&state(Some(&board), &slot, Freshness::Live));
    let html = html_of(&view);
    assert!(html.contains("A047 請到 3 號櫃台"), "{html}");
    assert!(html.contains("lang=\"vi\""), "{html}");
    let announce = view.announce.as_ref().unwrap();
    assert_eq!(announce.call.0, 5);
    assert!(announce.say.0.contains("A047 請到 3 號櫃台"));
    assert!(!html.contains("第 2 次叫號"));
}

#[test]
fn a_recall_says_which_call_it_is() {
    for (calls, words) in [(2, "第 2 次叫號"), (3, "第 3 次叫號")] {
        let mut a = call(5, "A047", "3", NOW.0);
        a.calls = calls;
        let (board, slot) = shown(&[a]);
        let view = view(&state(Some(&board), &slot, Freshness::Live));
        assert!(html_of(&view).contains(words));
    }
}

#[test]
fn without_a_feed_there_is_no_number_anywhere() {
    let (board, slot) = shown(&[call(5, "A047", "3", NOW.0), call(4, "C112", "1", NOW.0)]);
    let view = view(&state(Some(&board), &slot, Freshness::Lost));
    assert_eq!(html_of(&view), "");
    assert!(view.announce.is_none());
    let all: String = view.regions.values().map(|h| h.0.as_str()).collect();
    assert!(!all.contains("A047") && !all.contains("C112"));
    assert!(view.regions["last"].0.contains("最後更新"));
}

#[test]
fn a_closed_station_and_a_starting_one_show_no_calls() {
    let (mut closed, slot) = shown(&[call(5, "A047", "3", NOW.0)]);
    closed.day = None;
    let view = |board| super::view(&state(board, &slot, Freshness::Live));
    let html = html_of(&view(Some(&closed))).to_owned();
    assert!(html.contains("今日服務時間已結束") && !html.contains("A047"));
    assert!(html_of(&view(None)).contains("連線中"));
}

#[test]
fn outside_its_hours_the_hall_says_when_it_opens_once_nobody_is_left() {
    // The zone of a station nobody knows is UTC: it is 00:16.
    let at = |hour: i64| StationTime(hour * 3_600_000);
    let span = |from, until| queue_core::Window {
        from: at(from),
        until: at(until),
    };
    let (mut board, slot) = shown(&[]);
    for service in &mut board.services {
        service.waiting = 0;
    }
    board.hours = Some(BoardHours {
        open_now: false,
        opens: Some(at(8)),
        today: vec![span(8, 12), span(13, 17)],
    });
    let html = |board: &Board| {
        html_of(&super::view(&state(Some(board), &slot, Freshness::Live))).to_owned()
    };
    let words = html(&board);
    for said in [
        "08:00 開始受理",
        "Opens at 08:00",
        "服務時間 08:00–12:00, 13:00–17:00",
    ] {
        assert!(words.contains(said), "{said} in {words}");
    }
    (board.waiting, board.services[0].waiting) = (1, 1);
    assert!(html(&board).contains("hero idle"), "somebody still waits");
    (board.waiting, board.services[0].waiting) = (0, 0);
    board.hours.as_mut().unwrap().opens = Some(at(32));
    let words = html(&board);
    for said in ["今日服務時間已結束", "1 月 2 日 週五 08:00 開始受理"] {
        assert!(words.contains(said), "{said} in {words}");
    }
}

#[test]
fn a_service_without_tickets_says_so_in_its_row() {
    let (mut board, slot) = shown(&[]);
    let later = |hour: i64| Some(StationTime(hour * 3_600_000));
    for (limit, said) in [
        (Limit::ServiceClosedNow { opens: later(13) }, "13:00 起"),
        (Limit::ServiceClosedNow { opens: later(32) }, "今日已截止"),
        (Limit::QuotaFull { opens: None }, "號碼已取完"),
        (
            Limit::PastCutOff {
                end: StationTime(0),
            },
            "今日已截止",
        ),
    ] {
        board.services[0].limit = Some(limit);
        let view = super::view(&state(Some(&board), &slot, Freshness::Live));
        assert!(html_of(&view).contains(said), "{said}");
    }
}

#[test]
fn the_last_number_called_is_shown_whole_where_it_is_of_another_series() {
    let (mut board, slot) = shown(&[]);
    let own = board.services[0].series.clone();
    let other = if own.as_str() == "P" { "A" } else { "P" };
    for (series, number, cell) in [
        (own.as_str(), 2, "<span class=\"\">002</span>".to_owned()),
        (
            own.as_str(),
            1000,
            "<span class=\"n4\">1000</span>".to_owned(),
        ),
        (other, 2, format!("<span class=\"n4\">{other}002</span>")),
        (
            other,
            1000,
            format!("<span class=\"n5\">{other}1000</span>"),
        ),
    ] {
        board.services[0].now_at = Some(TicketNumber {
            series: series.parse().unwrap(),
            kiosk: None,
            number,
        });
        let view = super::view(&state(Some(&board), &slot, Freshness::Live));
        let html = html_of(&view);
        assert!(html.contains(&cell), "{cell} in {html}");
    }
}

#[test]
fn an_empty_hall_shows_its_waits_and_no_amber() {
    let (mut board, slot) = shown(&[]);
    board.services[0].waiting = 0;
    let view = view(&state(Some(&board), &slot, Freshness::Live));
    let html = html_of(&view);
    assert!(html.contains("hero idle") && html.contains("0<small>人</small>"));
}

#[test]
fn waits_are_said_as_ranges_or_not_at_all() {
    let range = Estimate::Range {
        p50_s: 700,
        p80_s: 880,
        low_min: 10,
        high_min: 15,
    };
    for (estimate, words) in [
        (range, "10–15<small>分</small>"),
        (Estimate::NoWait, "幾乎不用等"),
        (Estimate::NoCounterOpen, "無法預估"),
        (Estimate::CountOnly, "無法預估"),
    ] {
        assert!(expected(estimate).into_string().contains(words));
    }
}

#[test]
fn announcements_take_turns_in_both_languages() {
    let names = |zh: &str, en: &str| {
        Names(BTreeMap::from([
            ("zh-Hant-TW".to_owned(), zh.to_owned()),
            ("en".to_owned(), en.to_owned()),
        ]))
    };
    let texts: Vec<String> = notices(&[names("甲", "One"), names("乙", "乙"), names("", " ")])
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    assert_eq!(texts, ["甲", "One", "乙"]);
    assert_eq!(notices(&[]).len(), 2, "there is always something to say");
}

proptest! {
    /// However many calls are open, each is on the board exactly once, and four or fewer are
    /// never made small.
    #[test]
    fn no_call_is_ever_dropped(count in 0_usize..70) {
        let calls: Vec<BoardCall> = (0..count)
            .rev()
            .map(|i| call(i as u64 + 2, &format!("A{i:03}"), &format!("{i}"), NOW.0 - 60_000))
            .collect();
        let (board, slot) = shown(&calls);
        let state = state(Some(&board), &slot, Freshness::Live);
        let Middle::Open { amber, list, small, density } = Middle::of(&state) else {
            panic!("the station is open");
        };
        let mut numbers: Vec<String> = amber.iter().map(|a| a.call.number.to_string()).collect();
        numbers.extend(list.iter().chain(&small).map(|c| c.number.to_string()));
        let expected: Vec<String> = calls.iter().map(|c| c.number.to_string()).collect();
        prop_assert_eq!(numbers, expected);
        prop_assert_eq!(small.is_empty(), count <= 4);
        prop_assert!(small.is_empty() || list.len() + density.rows == 3);
        let html = middle_markup(&state, &Middle::of(&state)).into_string();
        for c in &calls {
            let number = format!("\">{}</span>", c.number);
            prop_assert_eq!(html.matches(&number).count(), 1);
        }
    }
}
