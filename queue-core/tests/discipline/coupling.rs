//! What a rule does to a day and what it cannot do, on days that are equal in everything else: the same
//! arrivals, and the same handling times in the order of the calls.

use proptest::prelude::*;
use queue_core::{Command, Discipline, NewTicket, Reply};

use crate::common::*;
use crate::plans::under;
use crate::rule;

/// From the least to the most advantage.
const CLASSES: [&str; 3] = ["regular", "appointment", "priority"];

/// One visitor of a day.
#[derive(Debug, Clone, Copy)]
struct Visitor {
    /// After the one before, seconds.
    gap_s: i64,
    /// Place among [`CLASSES`].
    class: usize,
}

/// A day at two equal counters: the calls in their order, as visitor and instant.
fn calls(rule: Discipline, visitors: &[Visitor], handling_s: &[i64]) -> Vec<(usize, i64)> {
    let mut s = Station::open(&["1", "2"]);
    s.send(Command::Configure(under(rule).into()))
        .expect("accepted");
    let begin = s.now;
    let mut arrivals = vec![];
    let mut at_ms = 0;
    for visitor in visitors {
        at_ms += visitor.gap_s * SECOND_MS;
        arrivals.push(at_ms);
    }
    let mut tickets = vec![];
    let mut calls = vec![];
    let mut ends = [("1", None), ("2", None)];
    loop {
        let busy_until = ends.iter().filter_map(|(_, end)| *end);
        let Some(now_ms) = busy_until.chain(arrivals.get(tickets.len()).copied()).min() else {
            return calls;
        };
        s.now = begin.plus_ms(now_ms);
        while arrivals.get(tickets.len()) == Some(&now_ms) {
            let ticket = s.next_ticket_id();
            let id = CLASSES[visitors[tickets.len()].class];
            tickets.push(ticket);
            s.send(Command::IssueTicket(NewTicket {
                ticket,
                service: service("card"),
                class: Some(class(id)),
                language: None,
                channel: service("kiosk"),
                persons: 1,
                terms: Default::default(),
            }))
            .expect("issued");
        }
        for (id, end) in &mut ends {
            if *end == Some(now_ms) {
                s.send(finish(id)).expect("finished");
                *end = None;
            }
            if end.is_none()
                && let Ok((Reply::Called { ticket, .. }, _)) = s.send(call_next(id))
            {
                let visitor = tickets.iter().position(|t| *t == ticket);
                *end = Some(now_ms + handling_s[calls.len()] * SECOND_MS);
                calls.push((visitor.expect("one of the visitors"), now_ms));
            }
        }
    }
}

fn visitors() -> impl Strategy<Value = Vec<Visitor>> {
    let visitor = (0_i64..400, prop::sample::select(vec![0, 0, 0, 1, 2]));
    prop::collection::vec(
        visitor.prop_map(|(gap_s, class)| Visitor { gap_s, class }),
        1..60,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_rule_deals_waiting_out_and_makes_none(
        rule in rule(),
        day in visitors(),
        handling_s in prop::collection::vec(30_i64..1_200, 60),
    ) {
        let with = calls(rule, &day, &handling_s);
        let without = calls(Discipline::Fcfs, &day, &handling_s);
        prop_assert_eq!(with.len(), day.len(), "everybody is called");
        prop_assert!(without.iter().map(|(v, _)| *v).eq(0..day.len()), "in the order of issue");
        let instants = |calls: &[(usize, i64)]| calls.iter().map(|(_, at)| *at).collect::<Vec<_>>();
        prop_assert_eq!(instants(&with), instants(&without));
        // Without classes every rule is first come, first served.
        let alike: Vec<_> = day.iter().map(|v| Visitor { class: 0, ..*v }).collect();
        prop_assert_eq!(calls(rule, &alike, &handling_s), without);
    }

    #[test]
    fn a_better_class_never_delays_the_one_who_has_it(
        rule in rule(),
        day in visitors(),
        handling_s in prop::collection::vec(30_i64..1_200, 60),
        who in any::<prop::sample::Index>(),
    ) {
        let who = who.index(day.len());
        let called = |class: usize| {
            let mut day = day.clone();
            day[who].class = class;
            let calls = calls(rule, &day, &handling_s);
            let at = calls.into_iter().find(|(v, _)| *v == who).map(|(_, at)| at);
            at.expect("everybody is called")
        };
        prop_assert!(called(1) <= called(0));
        prop_assert!(called(2) <= called(1));
    }
}
