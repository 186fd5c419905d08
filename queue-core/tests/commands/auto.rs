//! Counters that call by themselves, and counters that switch to another set of services.

use proptest::prelude::*;
use queue_core::policy::{Duties, FreeCounter, route};
use queue_core::{Command, CounterId, PlanError, ProfilePlan, Rejected, StationPlan, StationTime};

use crate::common::*;

/// What the station does after every command and once a second: who was called.
fn due(s: &mut Station) -> Option<String> {
    match s.send(Command::CallDue) {
        Ok((_, 1)) => {
            let called = s
                .log
                .last()
                .and_then(|r| r.event.ticket())
                .expect("a ticket");
            let at = s.ticket(called).counter.clone();
            Some(at.expect("called").to_string())
        }
        Ok((_, n)) => panic!("{n} events"),
        Err(rejected) => {
            assert_eq!(rejected, Rejected::NobodyWaiting);
            None
        }
    }
}

/// Counters 1 (everything) and 2 (cards, enquiries) are open and call by themselves after ten seconds.
fn automatic() -> Station {
    let mut s = Station::open(&["1", "2"]);
    s.must(set_auto("1", true));
    s.must(set_auto("2", true));
    s.wait_ms(20_000);
    s
}

#[test]
fn a_ticket_is_called_as_it_is_issued_by_the_counter_with_the_fewest_services() {
    let mut s = automatic();
    assert_eq!(due(&mut s), None);
    s.issue("card");
    assert_eq!(due(&mut s).as_deref(), Some("2"));
    assert_eq!(due(&mut s), None);
    s.issue("stay");
    assert_eq!(due(&mut s).as_deref(), Some("1"));
}

#[test]
fn of_two_alike_the_one_that_has_been_free_longer_calls() {
    let mut plan = plan();
    let two = plan.counters[&counter("2")].skills.clone();
    plan.counters
        .get_mut(&counter("1"))
        .expect("a counter")
        .skills = two;
    let mut s = automatic();
    s.must(Command::Configure(plan.into()));
    s.issue("card");
    // Counter 1 was opened first.
    assert_eq!(due(&mut s).as_deref(), Some("1"));
    s.must(finish("1"));
    s.wait_ms(10_000);
    s.issue("card");
    assert_eq!(due(&mut s).as_deref(), Some("2"));
}

#[test]
fn the_clerk_has_a_pause_after_a_visitor() {
    let mut s = automatic();
    s.must(close("2"));
    for _ in 0..2 {
        s.issue("card");
    }
    assert_eq!(due(&mut s).as_deref(), Some("1"));
    s.must(finish("1"));
    s.wait_ms(9_999);
    assert_eq!(due(&mut s), None);
    let at = s.engine.auto_call_at(s.counter("1"));
    assert_eq!(at, Some(s.now.plus_ms(1)));
    s.wait_ms(1);
    assert_eq!(due(&mut s).as_deref(), Some("1"));
}

#[test]
fn a_call_taken_back_is_not_made_again_by_itself() {
    let mut s = automatic();
    s.must(close("2"));
    let card = s.issue("card");
    assert_eq!(due(&mut s).as_deref(), Some("1"));
    s.must(undo("1"));
    s.wait_ms(60_000);
    assert_eq!(due(&mut s), None);
    assert_eq!(s.engine.auto_call_at(s.counter("1")), None);
    // The clerk calls, and from then on the counter does again.
    assert_eq!(s.call("1"), card);
    s.must(finish("1"));
    s.issue("card");
    s.wait_ms(10_000);
    assert_eq!(due(&mut s).as_deref(), Some("1"));
}

#[test]
fn a_finish_taken_back_leaves_the_counter_automatic() {
    let mut s = automatic();
    s.must(close("2"));
    s.issue("card");
    s.issue("card");
    assert_eq!(due(&mut s).as_deref(), Some("1"));
    s.must(finish("1"));
    s.must(undo("1"));
    s.must(finish("1"));
    s.wait_ms(10_000);
    assert_eq!(due(&mut s).as_deref(), Some("1"));
}

#[test]
fn a_paused_or_closed_counter_and_a_closed_day_call_nobody() {
    let mut s = automatic();
    s.must(pause("1"));
    s.must(close("2"));
    s.issue("card");
    s.wait_ms(60_000);
    assert_eq!(due(&mut s), None);
    s.must(resume("1", None));
    assert_eq!(due(&mut s), None);
    s.wait_ms(10_000);
    assert_eq!(due(&mut s).as_deref(), Some("1"));
    s.must(Command::CloseDay);
    assert_eq!(due(&mut s), None);
    assert_eq!(s.refused(set_auto("1", false)), "day_closed");
    // The next day begins as the plan says.
    s.must(open_day("2026-11-17"));
    assert!(!s.engine.calls_by_itself(s.counter("1")));
}

#[test]
fn the_plan_says_how_the_day_begins_and_staff_may_switch() {
    let mut automatic = plan();
    for desk in automatic.counters.values_mut() {
        desk.auto_call = true;
        desk.auto_after_s = 0;
    }
    let mut s = Station::open(&["2"]);
    s.must(Command::Configure(automatic.into()));
    s.must(set_auto("2", false));
    s.issue("card");
    assert_eq!(due(&mut s), None);
    s.must(set_auto("2", true));
    assert_eq!(s.send(set_auto("2", true)).map(|(_, events)| events), Ok(0));
    assert_eq!(due(&mut s).as_deref(), Some("2"));
}

#[test]
fn who_asks_for_the_next_one_calls_whoever_comes_once_and_at_once() {
    let mut s = Station::open(&["2"]);
    s.must(store_next("2", true));
    assert_eq!(due(&mut s), None);
    s.wait_ms(60_000);
    // Counter 2 has no stays.
    s.issue("stay");
    assert_eq!(due(&mut s), None);
    s.issue("card");
    assert_eq!(due(&mut s).as_deref(), Some("2"));
    s.issue("card");
    s.must(finish("2"));
    s.wait_ms(60_000);
    assert_eq!(due(&mut s), None, "once");
}

#[test]
fn a_stored_next_ends_with_the_pause_the_day_and_an_undo_and_is_for_a_free_counter() {
    let mut s = Station::open(&["2"]);
    s.must(store_next("2", true));
    assert_eq!(
        s.send(store_next("2", true)).map(|(_, events)| events),
        Ok(0)
    );
    s.must(pause("2"));
    s.must(resume("2", None));
    s.issue("card");
    assert_eq!(due(&mut s), None);
    s.call("2");
    assert_eq!(s.refused(store_next("2", true)), "counter_busy");
    s.must(finish("2"));
    s.must(store_next("2", true));
    s.must(undo("2"));
    s.must(finish("2"));
    s.issue("card");
    assert_eq!(due(&mut s), None, "what was undone is not remembered");
    s.must(store_next("2", true));
    s.must(store_next("2", false));
    assert_eq!(due(&mut s), None);
    s.must(store_next("2", true));
    s.must(Command::CloseDay);
    assert!(!*s.counter("2").next_stored);
    assert_eq!(s.refused(store_next("2", false)), "day_closed");
}

/// Counters may switch to stays, and then help out with cards.
fn profiles() -> StationPlan {
    let mut plan = plan();
    let stays = ProfilePlan {
        skills: [service("stay")].into(),
        overflow_skills: [service("card")].into(),
    };
    plan.profiles = [(profile("stays"), stays)].into();
    plan
}

#[test]
fn a_profile_changes_whom_the_counter_calls_for_the_rest_of_the_day() {
    let mut s = Station::open(&["2"]);
    s.must(Command::Configure(profiles().into()));
    let card = s.issue("card");
    let stay = s.issue("stay");
    let next = |s: &Station| {
        s.engine
            .next_for(&counter("2"), s.now)
            .map(|n| n.called.place.ticket)
    };
    assert_eq!(next(&s), Some(card));
    s.must(set_profile("2", Some("stays")));
    assert_eq!(next(&s), Some(stay));
    assert_eq!(
        s.send(set_profile("2", Some("stays")))
            .map(|(_, events)| events),
        Ok(0)
    );
    s.must(set_profile("2", None));
    assert_eq!(next(&s), Some(card));
    s.must(set_profile("2", Some("stays")));
    s.must(Command::CloseDay);
    s.must(open_day("2026-11-17"));
    assert_eq!(s.counter("2").profile, None);
}

#[test]
fn the_visitor_at_the_counter_and_those_directed_to_it_stay() {
    let mut s = Station::open(&["1", "2"]);
    s.must(Command::Configure(profiles().into()));
    let directed = s.issue("enquiry");
    assert_eq!(s.serve("1"), directed);
    s.must(transfer("1", None, Some("2")));
    let held = s.issue("enquiry");
    assert_eq!(s.serve("1"), held);
    s.must(transfer("1", None, Some("2")));
    assert_eq!(s.serve("2"), directed);
    s.must(set_profile("2", Some("stays")));
    assert_eq!(s.counter("2").current, Some(directed));
    s.must(hold("2"));
    // Both are enquiries, which it does not handle any more.
    s.must(call_ticket("2", held));
    s.must(no_show("2"));
    s.must(resume("2", Some(directed)));
    s.must(finish("2"));
    s.must(call_ticket("2", held));
    s.must(finish("2"));
    let other = s.issue("enquiry");
    assert_eq!(s.refused(call_ticket("2", other)), "skill_missing");
}

#[test]
fn a_profile_that_is_not_there_is_refused_and_one_that_goes_is_left() {
    let mut s = Station::open(&["2"]);
    assert_eq!(
        s.refused(set_profile("2", Some("stays"))),
        "unknown_profile"
    );
    assert_eq!(s.refused(set_profile("9", None)), "unknown_counter");
    s.must(Command::Configure(profiles().into()));
    s.must(set_profile("2", Some("stays")));
    s.must(Command::Configure(plan().into()));
    assert_eq!(s.counter("2").profile, None);
    let mut bad = profiles();
    let stays = bad.profiles.get_mut(&profile("stays")).expect("a profile");
    stays.overflow_skills.insert(service("stay"));
    let (stays, stay) = (profile("stays"), service("stay"));
    let expected = PlanError::UnusableProfile {
        profile: stays,
        service: stay,
    };
    assert_eq!(bad.check(), Err(expected));
}

proptest! {
    #[test]
    fn routing_prefers_few_services_then_the_longest_free(
        counters in prop::collection::vec((0_usize..4, 0_usize..3, 0_i64..4), 1..8),
        turn in any::<prop::sample::Index>(),
    ) {
        let ids: Vec<CounterId> = (0..counters.len()).map(|n| counter(&n.to_string())).collect();
        let names = ["a", "b", "c", "d", "e", "f", "g"].map(service);
        let sets: Vec<_> = counters
            .iter()
            .map(|(own, others, _)| (names[..*own].iter().cloned().collect(), names[4..4 + others].iter().cloned().collect()))
            .collect();
        let mut free: Vec<_> = (0..counters.len())
            .map(|n| FreeCounter {
                duties: Duties {
                    counter: &ids[n],
                    skills: &sets[n].0,
                    overflow_skills: &sets[n].1,
                    overflow_delay_s: 0,
                },
                free_since: StationTime(counters[n].2),
            })
            .collect();
        let chosen = route(free.iter().copied()).expect("somebody is free");
        let at: usize = chosen.as_str().parse().expect("a number");
        let (own, others, since) = counters[at];
        for (n, (o, h, s)) in counters.iter().enumerate() {
            prop_assert!(own + others <= o + h);
            if own + others == o + h {
                prop_assert!(since <= *s);
                prop_assert!(since < *s || at <= n);
            }
        }
        // The order in which they are looked at, and who is not chosen, do not matter.
        let middle = turn.index(free.len());
        free.rotate_left(middle);
        prop_assert_eq!(route(free.iter().copied()), Some(chosen));
        let gone = (0..free.len()).find(|n| free[*n].duties.counter != chosen);
        if let Some(gone) = gone {
            free.remove(gone);
        }
        prop_assert_eq!(route(free.iter().copied()), Some(chosen));
        prop_assert_eq!(route([]), None);
    }
}
