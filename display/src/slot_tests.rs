use super::*;
use crate::board::tests::{board, call};
use proptest::prelude::*;

const NOW: StationTime = StationTime(1_000_000);

fn shown(slot: &Slot) -> Option<(String, bool)> {
    let amber = slot.amber()?;
    Some((amber.call.number.to_string(), amber.is_announced))
}

fn amber(number: &str, announced: bool) -> Option<(String, bool)> {
    Some((number.to_owned(), announced))
}

#[test]
fn simultaneous_calls_take_turns_of_six_seconds() {
    let mut slot = Slot::default();
    let calls = [call(3, "C001", "2", NOW.0), call(2, "A001", "1", NOW.0)];
    let now = board(3, &calls);
    assert_eq!(slot.board(0, NOW, &now).len(), 2);
    assert_eq!(shown(&slot), amber("A001", true));
    assert_eq!(slot.deadline_ms(), Some(6_000));
    slot.advance(5_999, &now);
    assert_eq!(shown(&slot), amber("A001", true));
    slot.advance(6_000, &now);
    assert_eq!(shown(&slot), amber("C001", true));
    slot.advance(12_000, &now);
    assert_eq!(shown(&slot), amber("C001", false), "the newest call stays");
    assert_eq!(slot.deadline_ms(), None);
}

#[test]
fn a_newer_call_of_the_same_counter_takes_the_place_of_the_older() {
    let mut slot = Slot::default();
    let other = call(3, "C001", "1", NOW.0);
    slot.board(
        0,
        NOW,
        &board(3, &[other.clone(), call(2, "A100", "2", NOW.0)]),
    );
    assert_eq!(shown(&slot), amber("A100", true));
    let now = board(4, &[call(4, "A104", "2", NOW.0), other]);
    slot.board(900, NOW, &now);
    assert_eq!(
        shown(&slot),
        amber("C001", true),
        "in the order of the calls"
    );
    slot.advance(6_900, &now);
    assert_eq!(shown(&slot), amber("A104", true));
    // One that waits for the slot gives way as well.
    let mut slot = Slot::default();
    let first = call(2, "B001", "1", NOW.0);
    slot.board(
        0,
        NOW,
        &board(3, &[call(3, "A100", "2", NOW.0), first.clone()]),
    );
    let now = board(4, &[call(4, "A104", "2", NOW.0), first]);
    slot.board(900, NOW, &now);
    slot.advance(6_000, &now);
    assert_eq!(shown(&slot), amber("A104", true));
}

#[test]
fn a_call_is_announced_once_however_often_it_is_on_the_board() {
    let mut slot = Slot::default();
    let now = board(2, &[call(2, "A001", "1", NOW.0)]);
    assert_eq!(slot.board(0, NOW, &now).len(), 1);
    assert_eq!(slot.board(100, NOW, &now).len(), 0);
    slot.advance(6_000, &now);
    assert_eq!(slot.board(7_000, NOW, &now).len(), 0);
    assert_eq!(shown(&slot), amber("A001", false));
}

#[test]
fn a_recall_takes_the_slot_again() {
    let mut slot = Slot::default();
    slot.board(0, NOW, &board(2, &[call(2, "A001", "1", NOW.0)]));
    let mut again = call(3, "A001", "1", NOW.0);
    again.calls = 2;
    let new = slot.board(2_000, NOW, &board(3, std::slice::from_ref(&again)));
    assert_eq!(new, [again]);
    assert_eq!(slot.amber().map(|a| a.call.calls), Some(2));
    assert_eq!(slot.deadline_ms(), Some(8_000));
}

#[test]
fn a_recall_of_an_older_number_comes_back_to_amber() {
    let mut slot = Slot::default();
    let first = call(2, "A001", "1", NOW.0);
    slot.board(0, NOW, &board(2, std::slice::from_ref(&first)));
    let second = call(3, "C001", "2", NOW.0);
    slot.board(7_000, NOW, &board(3, &[second.clone(), first]));
    assert_eq!(shown(&slot), amber("C001", true));
    let again = call(4, "A001", "1", NOW.0);
    let now = board(4, &[again, second]);
    slot.board(8_000, NOW, &now);
    assert_eq!(shown(&slot), amber("C001", true), "six seconds are kept");
    slot.advance(13_000, &now);
    assert_eq!(shown(&slot), amber("A001", true));
}

#[test]
fn calls_older_than_twenty_seconds_are_shown_and_not_announced() {
    let mut slot = Slot::default();
    let old = call(2, "A001", "1", NOW.0 - 20_001);
    assert_eq!(slot.board(0, NOW, &board(2, &[old])), []);
    assert_eq!(shown(&slot), amber("A001", false));
    let mut slot = Slot::default();
    let young = call(2, "A001", "1", NOW.0 - 20_000);
    assert_eq!(slot.board(0, NOW, &board(2, &[young])).len(), 1);
    assert_eq!(shown(&slot), amber("A001", true));
}

#[test]
fn what_leaves_the_board_leaves_the_queue_and_after_its_hold_the_slot() {
    let mut slot = Slot::default();
    let (a, b) = (call(2, "A001", "1", NOW.0), call(3, "A002", "2", NOW.0));
    slot.board(0, NOW, &board(3, &[b.clone(), a]));
    let empty = board(4, &[]);
    slot.board(1_000, NOW, &empty);
    assert_eq!(shown(&slot), amber("A001", true));
    slot.advance(6_000, &empty);
    assert_eq!(shown(&slot), None, "no service was called to A001");
}

#[test]
fn in_an_empty_hall_the_last_call_stays_until_the_day_is_closed() {
    let mut slot = Slot::default();
    slot.board(0, NOW, &board(2, &[call(2, "A001", "1", NOW.0)]));
    let mut empty = board(3, &[]);
    empty.services[0].now_at = "A001".parse().ok();
    slot.board(9_000, NOW, &empty);
    assert_eq!(shown(&slot), amber("A001", false));
    empty.day = None;
    slot.board(9_500, NOW, &empty);
    assert_eq!(shown(&slot), None);
}

proptest! {
    /// However calls come, each that stays on the board is announced exactly once, in the order
    /// of the calls, and never for less than six seconds.
    #[test]
    fn every_call_has_its_six_seconds(gaps_ms in proptest::collection::vec(0_u64..9_000, 1..12)) {
        let mut slot = Slot::default();
        let mut calls: Vec<BoardCall> = Vec::new();
        let mut seen: Vec<(u64, CallId)> = Vec::new();
        let mut note = |slot: &Slot, ms: u64| {
            if let Some(a) = slot.amber().filter(|a| a.is_announced)
                && seen.last().is_none_or(|(_, last)| *last != a.call.call)
            {
                seen.push((ms, a.call.call));
            }
        };
        let mut now_ms = 0;
        for (index, gap_ms) in gaps_ms.iter().enumerate() {
            for _ in 0..*gap_ms / 500 {
                now_ms += 500;
                slot.advance(now_ms, &board(1, &calls));
                note(&slot, now_ms);
            }
            let id = index as u64 + 2;
            calls.insert(0, call(id, &format!("A{id:03}"), &format!("{id}"), NOW.0));
            slot.board(now_ms, NOW, &board(id, &calls));
            note(&slot, now_ms);
        }
        while let Some(at_ms) = slot.deadline_ms() {
            slot.advance(at_ms, &board(1, &calls));
            note(&slot, at_ms);
        }
        let order: Vec<u64> = seen.iter().map(|(_, id)| id.0).collect();
        prop_assert_eq!(order, (2..gaps_ms.len() as u64 + 2).collect::<Vec<_>>());
        prop_assert!(seen.windows(2).all(|pair| pair[1].0 - pair[0].0 >= 6_000));
    }
}
