use super::*;
use crate::board::tests::{board, call};
use crate::slot::Slot;
use queue_core::Board;

fn text(board: &Board, freshness: Freshness) -> String {
    let slot = Slot::default();
    let state = State {
        zone_shown: None,
        station: None,
        board: Some(board),
        slot: &slot,
        speaks: false,
        history: None,
        freshness,
        now: StationTime(0),
        heard_at: None,
        notice: 0,
    };
    view(&state, &"1".parse().unwrap()).regions["view"]
        .0
        .clone()
}

#[test]
fn a_call_is_amber_in_three_languages() {
    let mut a = call(5, "A047", "1", 0);
    a.language = "vi".parse().ok();
    let html = text(&board(5, &[a]), Freshness::Live);
    assert!(html.contains("bar call") && html.contains("A047"));
    assert!(
        html.contains("請前來") && html.contains("lang=\"vi\"") && html.contains("Please come")
    );
}

#[test]
fn a_visitor_being_served_is_not_called() {
    let mut a = call(5, "A047", "1", 0);
    a.serving = true;
    let html = text(&board(5, &[a]), Freshness::Live);
    assert!(html.contains("服務中") && html.contains("A047") && !html.contains("bar call"));
}

#[test]
fn a_pause_says_until_when_where_that_is_known() {
    let mut now = board(5, &[]);
    let mut pause = |until: Option<StationTime>| {
        now.counters[0].state = CounterState::Paused {
            reason: "lunch".into(),
            until,
        };
        text(&now, Freshness::Live)
    };
    assert!(pause(Some(StationTime(38_700_000))).contains("暫停，10:45 回來"));
    let html = pause(None);
    assert!(html.contains("暫停服務") && !html.contains("lunch"));
}

#[test]
fn a_closed_counter_sends_on_and_a_free_one_says_that_it_is_open() {
    let mut now = board(5, &[]);
    assert!(text(&now, Freshness::Live).contains("目前開放"));
    now.counters[0].state = CounterState::Closed;
    assert!(text(&now, Freshness::Live).contains("請到其他櫃台"));
}

#[test]
fn without_a_feed_only_the_counter_s_own_number_stays() {
    let now = board(5, &[call(5, "A047", "1", 0)]);
    assert_eq!(text(&now, Freshness::Lost), "");
    let view = View {
        regions: BTreeMap::new(),
        freshness: Freshness::Lost,
        announce: None,
        speech: None,
    };
    let page = crate::pages::frame::counter(&view, &"1".parse().unwrap()).into_string();
    assert!(page.contains("<span>1</span>") && page.contains("看板暫停更新"));
    assert!(!page.contains("role=\"alert\" hidden"), "{page}");
}
