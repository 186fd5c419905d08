//! Nine errors that queue systems in the field make in their figures, each with a case that would show it here.

use queue_core::statistics::{
    Accumulator, Figures, Moment, Outcome, TicketFacts, day_bin, hour_bin,
};

/// 2026-11-23 08:00 in Taipei, which is midnight in UTC; in seconds since the epoch.
const EIGHT_UTC_S: i64 = 1_795_392_000;
const TAIPEI_OFFSET_S: i64 = 8 * 3_600;
const MINUTE_MS: i64 = 60_000;

/// Issued at eight, called so many milliseconds later, and served for so long.
fn served(wait_ms: i64, handling_ms: u32) -> TicketFacts {
    let issued_ms = EIGHT_UTC_S * 1_000;
    let called = Some(Moment::from_ms(issued_ms + wait_ms));
    TicketFacts {
        first_called: called,
        last_called: called,
        started: called,
        finished: Some(Moment::from_ms(
            issued_ms + wait_ms + i64::from(handling_ms),
        )),
        handling_ms: Some(handling_ms),
        outcome: Outcome::Served,
        ..TicketFacts::issued_at(Moment::from_ms(issued_ms))
    }
}

fn group(tickets: &[TicketFacts]) -> Accumulator {
    let mut group = Accumulator::new();
    for ticket in tickets {
        group.add(ticket);
    }
    group
}

fn figures(tickets: &[TicketFacts]) -> Figures {
    group(tickets).finish(None)
}

/// The minutes field of a time difference was averaged: 75 minutes came out as 15.
#[test]
fn a_wait_over_an_hour_keeps_its_hour() {
    let wait = figures(&[served(75 * MINUTE_MS, 0)]).wait.waits;
    assert_eq!(wait.mean_s, Some(4_500.0));
    assert_eq!(wait.max_s, Some(4_500.0));
}

/// Every wait was rounded up to the next minute, or had one minute added.
#[test]
fn nothing_is_added_to_a_wait() {
    assert_eq!(figures(&[served(1, 0)]).wait.waits.mean_s, Some(0.001));
    assert_eq!(
        figures(&[served(59_999, 0)]).wait.waits.mean_s,
        Some(59.999)
    );
    assert_eq!(figures(&[served(60_000, 0)]).wait.waits.mean_s, Some(60.0));
}

/// Hours were selected with BETWEEN, closed at both ends: who came on the hour was counted twice.
#[test]
fn a_ticket_on_the_hour_is_in_one_hour() {
    let ten_s = 10 * 3_600;
    assert_eq!(hour_bin(ten_s - 1), 9);
    assert_eq!(hour_bin(ten_s), 10);
    assert_eq!(hour_bin(ten_s + 3_599), 10);
    assert_eq!(hour_bin(ten_s + 3_600), 11);
    assert_eq!((hour_bin(86_399), day_bin(86_399)), (23, 0));
    assert_eq!((hour_bin(86_400), day_bin(86_400)), (0, 1));
    assert_eq!((hour_bin(-1), day_bin(-1)), (23, -1));
}

/// Hours with a wait of 0 were dropped from the average of the day.
#[test]
fn a_zero_wait_is_a_wait() {
    let figures = figures(&[served(0, 0), served(0, 0), served(9 * MINUTE_MS, 60_000)]);
    assert_eq!(figures.wait.waits.n, 3);
    assert_eq!(figures.wait.waits.mean_s, Some(180.0));
    assert_eq!(figures.wait.waits.median_s, Some(0.0));
    assert_eq!(figures.handling.n, 3);
    assert_eq!(figures.handling.mean_s, Some(20.0));
    assert_eq!(figures.stay.n, 3);
}

/// The average of a day was the unweighted mean of its hours' averages, and its maximum the largest of them.
#[test]
fn a_total_weighs_people_not_hours() {
    let busy_hour = group(&[served(10 * MINUTE_MS, 0); 8]);
    let quiet_hour = group(&[served(20 * MINUTE_MS, 0), served(40 * MINUTE_MS, 0)]);
    let mut day = busy_hour;
    day.merge(quiet_hour);
    let wait = day.finish(None).wait.waits;
    assert_eq!(wait.n, 10);
    // A mean of means would be (10 + 30) / 2 = 20 minutes, a maximum of means 30.
    assert_eq!(wait.mean_s, Some(840.0));
    assert_eq!(wait.max_s, Some(2_400.0));
    assert_eq!(wait.median_s, Some(600.0));
}

/// The handling time of visitors with several services was stored as NULL and so left out of the average.
#[test]
fn a_visitor_with_two_services_counts_with_the_sum() {
    let two_services = served(0, 4 * 60_000 + 11 * 60_000);
    let handling = figures(&[served(0, 5 * 60_000), two_services]).handling;
    assert_eq!(handling.n, 2);
    assert_eq!(handling.mean_s, Some(600.0));
    assert_eq!(handling.max_s, Some(900.0));
}

/// The average over no ended visit was 0 / 0.
#[test]
fn figures_over_nothing_are_absent() {
    assert_eq!(figures(&[]), Figures::default());
    let never_open = Figures {
        counter_open_s: Some(0.0),
        ..Figures::default()
    };
    assert_eq!(Accumulator::new().finish(Some(0)), never_open);
    let json = serde_json::to_string(&never_open).expect("figures are plain data");
    let row: serde_json::Value = serde_json::from_str(&json).expect("own output");
    for figure in [
        "/wait/mean_s",
        "/wait/median_s",
        "/wait/p80_s",
        "/wait/max_s",
        "/wait/within_standard",
        "/throughput_per_open_hour",
        "/occupancy",
        "/no_show_rate",
        "/abandoned_rate",
        "/rating/mean",
        "/rating/response_rate",
        "/rating/top2/share",
        "/rating/top2/low",
        "/rating/top2/high",
    ] {
        assert_eq!(
            row.pointer(figure),
            Some(&serde_json::Value::Null),
            "{figure}"
        );
    }
    assert_eq!(row.pointer("/wait/n"), Some(&0.into()));
}

/// Hours and days were those of UTC, so that in Taiwan the day turned at eight in the morning.
#[test]
fn the_day_does_not_turn_when_the_doors_open() {
    let local_s = |utc_s: i64| utc_s + TAIPEI_OFFSET_S;
    let before_eight = local_s(EIGHT_UTC_S - 1);
    let after_eight = local_s(EIGHT_UTC_S);
    assert_eq!((hour_bin(before_eight), hour_bin(after_eight)), (7, 8));
    assert_eq!(day_bin(before_eight), day_bin(after_eight));
    let midnight = local_s(EIGHT_UTC_S + 16 * 3_600);
    assert_eq!(hour_bin(midnight), 0);
    assert_eq!(day_bin(midnight), day_bin(after_eight) + 1);
}

/// A recall overwrote the time of the call, so that the wait grew with every recall.
#[test]
fn a_recall_does_not_lengthen_the_wait() {
    let issued_ms = EIGHT_UTC_S * 1_000;
    let recalled = TicketFacts {
        last_called: Some(Moment::from_ms(issued_ms + 8 * MINUTE_MS)),
        started: Some(Moment::from_ms(issued_ms + 9 * MINUTE_MS)),
        ..served(5 * MINUTE_MS, 0)
    };
    let figures = figures(&[recalled]);
    assert_eq!(figures.called, 1);
    assert_eq!(figures.wait.waits.mean_s, Some(300.0));
    assert_eq!(figures.wait_last.mean_s, Some(480.0));
    assert_eq!(figures.walk.mean_s, Some(60.0));
}
