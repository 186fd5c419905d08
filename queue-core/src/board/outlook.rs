//! What may be said about a wait: the state of the queue as somebody in it sees it, handed to the forecast.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::counter::Counter;
use crate::engine::{Day, Engine};
use crate::forecast::{DisplayRange, Forecast, ForecastInput, forecast, wait_p80_s};
use crate::ids::{CounterId, ServiceId};
use crate::plan::ServicePlan;
use crate::policy::{LineId, Waiter};
use crate::time::StationTime;

/// What may be said about a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Estimate {
    /// A counter is free.
    NoWait,
    /// No counter that may serve it is open.
    NoCounterOpen,
    /// Too little is known, or too long for minutes: say how many wait.
    CountOnly,
    /// A range.
    Range {
        /// Median, whole seconds.
        p50_s: u32,
        /// 80th percentile, whole seconds.
        p80_s: u32,
        /// Lower end shown, minutes, multiple of 5.
        low_min: u32,
        /// Upper end shown, minutes, multiple of 5.
        high_min: u32,
    },
}

impl From<Forecast> for Estimate {
    fn from(forecast: Forecast) -> Self {
        match forecast {
            Forecast::NoWait => Self::NoWait,
            Forecast::NoCounterOpen => Self::NoCounterOpen,
            Forecast::CountOnly => Self::CountOnly,
            Forecast::Wait(wait) => {
                let range = DisplayRange::outward(wait.p50_s, wait.p80_s);
                // At most 90 minutes, so the casts lose nothing.
                Self::Range {
                    p50_s: libm::round(wait.p50_s) as u32,
                    p80_s: libm::round(wait.p80_s) as u32,
                    low_min: range.low_min(),
                    high_min: range.high_min(),
                }
            }
        }
    }
}

impl Engine {
    /// Open counters that handle a line, as their own or to help out.
    pub(super) fn handlers<'a>(
        &'a self,
        line: LineId<'a>,
    ) -> impl Iterator<Item = &'a Counter> + 'a {
        self.counters_of(line).filter(|c| c.is_open())
    }

    /// Open counters that work for a line: those who may call it now, if `also` waited too. Where there is none, those who
    /// handle it come to it later.
    fn able_counters<'a>(
        &'a self,
        now: StationTime,
        day: &Day,
        line: LineId<'a>,
        also: Option<&Waiter<'_>>,
    ) -> Vec<&'a Counter> {
        let handlers: Vec<_> = self.handlers(line).collect();
        let may_call = |c: &&&Counter| {
            let duties = self.duties(&c.id);
            duties.is_some_and(|duties| day.lines.may_call(&self.plan, duties, line, also, now))
        };
        let able: Vec<_> = handlers.iter().filter(may_call).copied().collect();
        if able.is_empty() { handlers } else { able }
    }

    /// The wait of somebody for `service`.
    pub(super) fn forecast_for(
        &self,
        now: StationTime,
        service: &ServiceId,
        waiter: &Waiter<'_>,
    ) -> Forecast {
        self.outlook(now, service, waiter)
            .map_or(Forecast::NoCounterOpen, |input| forecast(&input))
    }

    /// Wait and handling of somebody for `service`, seconds: the 80 % forecast of the wait and a mean handling, also where
    /// a wait is too long or too little is known to tell it to visitors.
    pub(crate) fn expected_visit_s(
        &self,
        now: StationTime,
        service: &ServiceId,
        waiter: &Waiter<'_>,
    ) -> Option<f64> {
        let input = self.outlook(now, service, waiter)?;
        let guess_s = self.plan.services.get(service)?.expected_handling_s;
        let handling_s = self
            .pace
            .cycles()
            .mean_s(service, Some(f64::from(guess_s)))?;
        Some(wait_p80_s(&input)? + handling_s)
    }

    /// The state of the queue as somebody for `service` sees it; none where no open counter handles that line.
    ///
    /// Whichever of its counters is first takes it, so the wait is no longer than for any group of them alone: the groups
    /// looked at are the counter with the fewest services, that one and the next, and so on to all of them. A counter for
    /// one service is not late because one for everything has a long line.
    fn outlook(
        &self,
        now: StationTime,
        service: &ServiceId,
        waiter: &Waiter<'_>,
    ) -> Option<ForecastInput> {
        let day = self.day.as_ref().filter(|d| !d.closed)?;
        let standing = &waiter.standing;
        let mut able = self.able_counters(now, day, waiter.line, Some(waiter));
        able.sort_by_key(|c| self.duties(&c.id).map_or(0, |duties| duties.breadth()));
        let own_guess_s = self
            .plan
            .services
            .get(service)
            .map(|s| f64::from(s.expected_handling_s));
        let mean_cycle_s = self.pace.cycles().overall_mean_s(own_guess_s);
        let work = self.work_ahead(now, day, waiter);
        let groups = (1..=able.len()).filter_map(|size| able.get(..size));
        let work_of_each = groups.map(|group| {
            let directed: usize = group
                .iter()
                .map(|c| {
                    let line = LineId::Directed(&c.id);
                    day.lines.ahead_of(&self.plan, line, standing, now)
                })
                .sum();
            let directed_s = directed as f64 * mean_cycle_s.unwrap_or(0.0);
            let shares = work.iter().map(|of_service| of_service.share_s(group));
            (group, shares.sum::<f64>() + directed_s)
        });
        // Of equal groups the larger one: more is known of it.
        let (group, work_ahead_s) = work_of_each.reduce(|best, other| {
            let per_counter = |(group, work_s): &(&[&Counter], f64)| work_s / group.len() as f64;
            if per_counter(&other) <= per_counter(&best) {
                other
            } else {
                best
            }
        })?;
        // A free counter that would call this ticket first is there for it at once, whatever waits for others; and so is
        // one of several that are free while fewer people come before.
        let free = able.iter().filter(|c| c.is_free());
        let free = free.filter_map(|c| self.duties(&c.id));
        let lines = &day.lines;
        let (ahead, counters) = lines.called_before(&self.plan, free.clone(), waiter, now);
        let is_next = |duties| lines.is_next(&self.plan, duties, waiter, now);
        let at_once = ahead < counters || free.clone().any(is_next);
        Some(ForecastInput {
            work_ahead_s: if at_once { 0.0 } else { work_ahead_s },
            mean_cycle_s,
            observations: self.pace.cycles().observations(),
            eligible_open_counters: u32::try_from(group.len()).unwrap_or(u32::MAX),
            idle_eligible_counter: at_once,
            calls_recent: self.pace.recent_calls(now, group),
            open_counter_s_recent: self.pace.recent_open_s(now, group),
        })
    }

    /// What is to be done before somebody, by service. Lines under another rule have counters of their own.
    fn work_ahead<'a>(&'a self, now: StationTime, day: &Day, waiter: &Waiter<'_>) -> Vec<Work<'a>> {
        let standing = &waiter.standing;
        let rule = self.plan.rule_of(waiter.line);
        let work_of = |(service, plan): (&'a ServiceId, &ServicePlan)| {
            let line = LineId::Service(service);
            if self.plan.rule_of(line) != rule {
                return None;
            }
            // Who came earlier and is not checked yet will probably be called before, too.
            let ahead = day.lines.ahead_of(&self.plan, line, standing, now)
                + day.unverified.before(service, standing.place);
            if ahead == 0 {
                return None;
            }
            let guess_s = f64::from(plan.expected_handling_s);
            let learned_s = self.pace.cycles().mean_s(service, Some(guess_s));
            let counters = self.able_counters(now, day, line, None);
            Some(Work {
                work_s: ahead as f64 * learned_s.unwrap_or(guess_s),
                counters: counters.into_iter().map(|c| &c.id).collect(),
            })
        };
        self.plan.services.iter().filter_map(work_of).collect()
    }
}

/// Work of one service that lies ahead, and the open counters that may do it.
struct Work<'a> {
    work_s: f64,
    counters: Vec<&'a CounterId>,
}

impl Work<'_> {
    /// What falls to a group of counters: their share among those who may do it. What can be taken by others does not
    /// stand in the way in full.
    fn share_s(&self, group: &[&Counter]) -> f64 {
        let in_group = |id: &&&CounterId| group.iter().any(|c| c.id == ***id);
        let shared = self.counters.iter().filter(in_group).count();
        match self.counters.len() {
            0 => 0.0,
            all => self.work_s * shared as f64 / all as f64,
        }
    }
}
