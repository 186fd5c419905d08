//! From ticket facts to figures.

use super::durations::{Durations, MS_PER_S};
use super::facts::{Moment, Outcome, TicketFacts};
use super::figures::{CensoredWait, Figures, Ratings, Wait};
use super::proportion::Proportion;

const MS_PER_HOUR: f64 = 3_600_000.0;

/// Collects the facts of one group's tickets, in any order, and turns them into [`Figures`].
///
/// Holds four bytes per known duration, about 20 bytes per ticket.
#[derive(Clone, Debug, Default)]
pub struct Accumulator {
    counts: Counts,
    wait: Durations,
    wait_last: Durations,
    /// Waits of tickets that left uncalled.
    left_uncalled: Durations,
    walk: Durations,
    handling: Durations,
    stay: Durations,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    issued: u64,
    called: u64,
    open: u64,
    served: u64,
    issued_persons: u64,
    served_persons: u64,
    /// Of the served, those whom no counter served, and the persons they stand for.
    served_elsewhere: u64,
    served_elsewhere_persons: u64,
    no_show: u64,
    /// No-shows with a call on record, so that their share of the called cannot pass 1.
    no_show_called: u64,
    cancelled: u64,
    abandoned: u64,
    closed_by_day_end: u64,
    with_standard: u64,
    within_standard: u64,
    started_inferred: u64,
    invited: u64,
    invited_rated: u64,
    scores: [u64; 5],
    anomalies: u64,
}

impl Accumulator {
    /// An empty group.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one ticket.
    pub fn add(&mut self, ticket: &TicketFacts) {
        self.counts.issued += 1;
        self.counts.issued_persons += u64::from(ticket.persons);
        self.counts.closed_by_day_end += u64::from(ticket.closed_by_day_end);
        self.counts.anomalies += u64::from(ticket.session_clamped);
        self.add_outcome(ticket);
        self.add_waits(ticket);
        self.add_service(ticket);
        self.add_rating(ticket);
    }

    /// Adds the handling of a ticket that is counted in another group: what one of several counters did.
    pub fn add_handling(&mut self, handling_ms: u32) {
        self.handling.push(handling_ms);
    }

    /// Adds all tickets of another group, as if each had been added here.
    pub fn merge(&mut self, other: Self) {
        self.counts.merge(&other.counts);
        self.wait.append(other.wait);
        self.wait_last.append(other.wait_last);
        self.left_uncalled.append(other.left_uncalled);
        self.walk.append(other.walk);
        self.handling.append(other.handling);
        self.stay.append(other.stay);
    }

    /// The figures of the group.
    ///
    /// `counter_open_ms` is the time counters were open, summed over counters; `None` where the group has none of
    /// its own (a class of visitors, say). A negative time counts as 0 and as an anomaly.
    pub fn finish(mut self, counter_open_ms: Option<i64>) -> Figures {
        let open_ms = counter_open_ms.map(|open_ms| {
            self.counts.anomalies += u64::from(open_ms < 0);
            open_ms.max(0) as f64
        });
        let ever_open_ms = open_ms.filter(|open_ms| *open_ms > 0.0);
        let counts = self.counts;
        let per_open_hour =
            |count: u64| ever_open_ms.map(|open_ms| count as f64 / (open_ms / MS_PER_HOUR));
        Figures {
            issued_persons: counts.issued_persons,
            served_persons: counts.served_persons,
            issued: counts.issued,
            called: counts.called,
            served: counts.served,
            no_show: counts.no_show,
            abandoned: counts.abandoned,
            cancelled: counts.cancelled,
            open: counts.open,
            closed_by_day_end: counts.closed_by_day_end,
            wait: Wait {
                waits: self.wait.summary(),
                with_standard: counts.with_standard,
                within_standard: share(counts.within_standard, counts.with_standard),
            },
            wait_last: self.wait_last.summary(),
            walk: self.walk.summary(),
            started_inferred: counts.started_inferred,
            handling: self.handling.summary(),
            stay: self.stay.summary(),
            counter_open_s: open_ms.map(|open_ms| open_ms / MS_PER_S),
            throughput_per_open_hour: per_open_hour(counts.served - counts.served_elsewhere),
            persons_per_open_hour: per_open_hour(
                counts.served_persons - counts.served_elsewhere_persons,
            ),
            occupancy: ever_open_ms.map(|open_ms| self.handling.total_ms() as f64 / open_ms),
            no_show_rate: share(counts.no_show_called, counts.called),
            abandoned_rate: share(counts.abandoned, counts.issued),
            rating: counts.ratings(),
            anomalies: counts.anomalies,
            wait_including_abandoned: censored(self.wait, self.left_uncalled),
        }
    }

    fn add_outcome(&mut self, ticket: &TicketFacts) {
        let counts = &mut self.counts;
        match ticket.outcome {
            Outcome::Open => counts.open += 1,
            Outcome::Served => {
                counts.served += 1;
                counts.served_persons += u64::from(ticket.persons);
                if !ticket.at_counter {
                    counts.served_elsewhere += 1;
                    counts.served_elsewhere_persons += u64::from(ticket.persons);
                }
            }
            Outcome::NoShow => {
                counts.no_show += 1;
                counts.no_show_called += u64::from(ticket.first_called.is_some());
            }
            Outcome::Cancelled => counts.cancelled += 1,
            Outcome::Abandoned => counts.abandoned += 1,
        }
    }

    fn add_waits(&mut self, ticket: &TicketFacts) {
        if let Some(first_called) = ticket.first_called {
            let wait_ms = self.elapsed_ms(ticket.issued, first_called);
            self.counts.called += 1;
            self.wait.push(wait_ms);
            if let Some(standard_ms) = ticket.standard_ms {
                self.counts.with_standard += 1;
                self.counts.within_standard += u64::from(wait_ms <= standard_ms);
            }
            let last_ms = match ticket.last_called {
                Some(last_called) if last_called != first_called => {
                    self.elapsed_ms(ticket.issued, last_called)
                }
                _ => wait_ms,
            };
            self.wait_last.push(last_ms);
        } else if ticket.outcome == Outcome::Abandoned
            && !ticket.closed_by_day_end
            && let Some(left) = ticket.finished
        {
            let left_after_ms = self.elapsed_ms(ticket.issued, left);
            self.left_uncalled.push(left_after_ms);
        }
    }

    fn add_service(&mut self, ticket: &TicketFacts) {
        if let Some(started) = ticket.started {
            if ticket.started_inferred {
                self.counts.started_inferred += 1;
            } else if let Some(called) = ticket.last_called.or(ticket.first_called) {
                let walk_ms = self.elapsed_ms(called, started);
                self.walk.push(walk_ms);
            }
        }
        if ticket.closed_by_day_end {
            return;
        }
        if let Some(handling_ms) = ticket.handling_ms.filter(|_| ticket.at_counter) {
            self.handling.push(handling_ms);
        }
        if ticket.outcome == Outcome::Served
            && let Some(finished) = ticket.finished
        {
            let stay_ms = self.elapsed_ms(ticket.issued, finished);
            self.stay.push(stay_ms);
        }
    }

    fn add_rating(&mut self, ticket: &TicketFacts) {
        let counts = &mut self.counts;
        counts.invited += u64::from(ticket.rating_invited);
        if let Some(score) = ticket.rating {
            counts.scores[usize::from(score.get() - 1)] += 1;
            counts.invited_rated += u64::from(ticket.rating_invited);
        }
    }

    /// The time from one moment to another. A time that runs backwards is 0, one beyond the 49.7 days that fit is
    /// that; both are counted as anomalies.
    fn elapsed_ms(&mut self, from: Moment, to: Moment) -> u32 {
        let elapsed_ms = i128::from(to.as_ms()) - i128::from(from.as_ms());
        u32::try_from(elapsed_ms).unwrap_or_else(|_| {
            self.counts.anomalies += 1;
            if elapsed_ms < 0 { 0 } else { u32::MAX }
        })
    }
}

impl Counts {
    fn merge(&mut self, other: &Self) {
        self.issued += other.issued;
        self.called += other.called;
        self.open += other.open;
        self.served += other.served;
        self.issued_persons += other.issued_persons;
        self.served_persons += other.served_persons;
        self.served_elsewhere += other.served_elsewhere;
        self.served_elsewhere_persons += other.served_elsewhere_persons;
        self.no_show += other.no_show;
        self.no_show_called += other.no_show_called;
        self.cancelled += other.cancelled;
        self.abandoned += other.abandoned;
        self.closed_by_day_end += other.closed_by_day_end;
        self.with_standard += other.with_standard;
        self.within_standard += other.within_standard;
        self.started_inferred += other.started_inferred;
        self.invited += other.invited;
        self.invited_rated += other.invited_rated;
        for (count, more) in self.scores.iter_mut().zip(other.scores) {
            *count += more;
        }
        self.anomalies += other.anomalies;
    }

    fn ratings(&self) -> Ratings {
        let n: u64 = self.scores.iter().sum();
        let score_sum: u64 = (1..)
            .zip(self.scores)
            .map(|(score, count)| score * count)
            .sum();
        let [.., fours, fives] = self.scores;
        Ratings {
            n,
            invited: self.invited,
            uninvited: n - self.invited_rated,
            response_rate: share(self.invited_rated, self.invited),
            mean: share(score_sum, n),
            top2: Proportion::wilson(fours + fives, n),
            counts: self.scores,
        }
    }
}

fn censored(mut waits: Durations, left_uncalled: Durations) -> CensoredWait {
    let censored = left_uncalled.count();
    waits.append(left_uncalled);
    CensoredWait {
        n: waits.count(),
        censored,
        mean_s: waits.mean_s(),
        median_s: waits.median_s(),
    }
}

/// `part / whole`, absent over nothing.
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
