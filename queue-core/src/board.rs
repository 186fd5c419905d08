//! What everybody may see of the station right now: the board, and one ticket as its visitor sees it.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::counter::{Counter, CounterState};
use crate::engine::{Day, Engine};
use crate::forecast::{DisplayRange, Forecast, ForecastInput, forecast};
use crate::ids::{
    CallId, ClassId, CounterId, LanguageTag, Series, ServiceId, TicketId, TicketNumber,
};
use crate::policy::{Place, SortKey, Standing};
use crate::ticket::{Ticket, TicketState};
use crate::time::{BusinessDay, StationTime};

/// The whole live state for public screens; small enough to be sent whole on every change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Board {
    /// Last event it shows.
    pub seq: u64,
    /// Time of the picture.
    pub at: StationTime,
    /// Open business day; none: the station is closed.
    pub day: Option<BusinessDay>,
    /// Services in the order of their ids.
    pub services: Vec<BoardService>,
    /// Counters in the order of their ids.
    pub counters: Vec<BoardCounter>,
    /// Visitors called or being served, newest call first.
    pub calls: Vec<BoardCall>,
}

/// One service on the board.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoardService {
    /// Id.
    pub id: ServiceId,
    /// Letter of its numbers.
    pub series: Series,
    /// Tickets in line.
    pub waiting: usize,
    /// Number called last.
    pub now_at: Option<TicketNumber>,
    /// Counters open now that may serve it.
    pub open_counters: usize,
    /// Since when the one waits who came first.
    pub oldest_waiting_since: Option<StationTime>,
    /// Wait of somebody who takes a ticket now.
    pub estimate: Estimate,
}

/// One counter on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardCounter {
    /// Id, as visitors read it.
    pub id: CounterId,
    /// Whether it works.
    pub state: CounterState,
    /// Since when.
    pub since: StationTime,
    /// The visitor's number, if it has one.
    pub number: Option<TicketNumber>,
    /// That visitor's state: called or serving.
    pub ticket_state: Option<TicketState>,
    /// That visitor's language.
    pub language: Option<LanguageTag>,
    /// Since when the counter has the visitor, or has had none.
    pub busy_since: Option<StationTime>,
}

/// One call on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardCall {
    /// The call; a recall has a new one.
    pub call: CallId,
    /// Who.
    pub number: TicketNumber,
    /// Where to.
    pub counter: CounterId,
    /// When.
    pub at: StationTime,
    /// 1 for the first call, 2 for the first recall.
    pub calls: u32,
    /// The visitor's language.
    pub language: Option<LanguageTag>,
    /// Already at the counter.
    pub serving: bool,
}

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

/// One ticket as its visitor may see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TicketView {
    /// Id.
    pub id: TicketId,
    /// Number.
    pub number: TicketNumber,
    /// Service now.
    pub service: ServiceId,
    /// Class.
    pub class: ClassId,
    /// Language.
    pub language: Option<LanguageTag>,
    /// State.
    pub state: TicketState,
    /// Issue.
    pub issued_at: StationTime,
    /// When the slot of its appointment begins, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<StationTime>,
    /// Tickets of the same service in front, the same people whom the kiosk counts as waiting; 0 when not waiting. What
    /// else its counters have to do first is in the estimate.
    pub ahead: usize,
    /// The first of them in the order of their calls, at most 8.
    pub in_front: Vec<TicketNumber>,
    /// Wait still to come; none when not waiting.
    pub estimate: Option<Estimate>,
    /// Counter, once called.
    pub counter: Option<CounterId>,
    /// Last call.
    pub call: Option<CallId>,
    /// When that was.
    pub called_at: Option<StationTime>,
    /// Calls and recalls.
    pub calls: u32,
    /// Rated already.
    pub rated: bool,
    /// Last print result, as a word: `printed`, `failed`, `unknown`.
    pub print: Option<String>,
}

/// Numbers a visitor is shown in front of the own one.
const NUMBERS_SHOWN: usize = 8;

/// Who will be called before a ticket.
#[derive(Default)]
struct Before {
    count: usize,
    numbers: Vec<TicketNumber>,
}

impl Engine {
    /// The board at `now`.
    #[must_use]
    pub fn board(&self, now: StationTime) -> Board {
        let mut calls: Vec<&Ticket> = self
            .counters()
            .filter_map(|c| c.current)
            .filter_map(|id| self.ticket(id))
            .filter(|t| t.last_call.is_some())
            .collect();
        calls.sort_by_key(|t| core::cmp::Reverse(t.last_call));
        Board {
            seq: self.seq(),
            at: now,
            day: self.open_day(),
            services: self
                .plan
                .services
                .iter()
                .map(|(id, s)| self.board_service(now, id, &s.series))
                .collect(),
            counters: self.counters().map(|c| self.board_counter(c)).collect(),
            calls: calls.into_iter().filter_map(board_call).collect(),
        }
    }

    fn board_service(&self, now: StationTime, id: &ServiceId, series: &Series) -> BoardService {
        let day = self.day.as_ref();
        let oldest = day
            .and_then(|d| d.lines.oldest(id))
            .and_then(|place| self.ticket(place.ticket));
        let place = Place {
            key: SortKey {
                base_ms: now.0,
                seq: u64::MAX,
            },
            ticket: TicketId(u128::MAX),
        };
        let newcomer = Standing::new(&self.plan, self.plan.default_class(), place);
        BoardService {
            id: id.clone(),
            series: series.clone(),
            waiting: day.map_or(0, |d| d.lines.waiting(id)),
            now_at: day.and_then(|d| d.last_called.get(id)).cloned(),
            open_counters: self.able_counters(id).count(),
            oldest_waiting_since: oldest.map(|t| t.waits_from().min(now)),
            estimate: self.forecast_for(now, id, None, &newcomer).into(),
        }
    }

    fn board_counter(&self, counter: &Counter) -> BoardCounter {
        let ticket = counter.current.and_then(|id| self.ticket(id));
        let open = counter.is_open();
        let since = if ticket.is_some() {
            counter.busy_since
        } else {
            counter.free_since
        };
        BoardCounter {
            id: counter.id.clone(),
            state: counter.state.clone(),
            since: counter.since,
            number: ticket.map(|t| t.number.clone()),
            ticket_state: ticket.map(|t| t.state),
            language: ticket.and_then(|t| t.language.clone()),
            busy_since: open.then_some(since),
        }
    }

    /// One ticket as its visitor may see it at `now`.
    #[must_use]
    pub fn ticket_view(&self, now: StationTime, id: TicketId) -> Option<TicketView> {
        let day = self.day.as_ref()?;
        let t = day.tickets.get(&id)?;
        let waiting = t.state == TicketState::Waiting;
        let standing = Standing::new(&self.plan, Some(&t.class), t.place());
        let before = if waiting {
            self.before(now, day, t, &standing)
        } else {
            Before::default()
        };
        Some(TicketView {
            id,
            number: t.number.clone(),
            service: t.service.clone(),
            class: t.class.clone(),
            language: t.language.clone(),
            state: t.state,
            issued_at: t.issued_at,
            slot: t.attends.map(|a| a.slot),
            ahead: before.count,
            in_front: before.numbers,
            estimate: waiting.then(|| {
                self.forecast_for(now, &t.service, t.directed_to.as_ref(), &standing)
                    .not_before(self.turn_comes_in_s(now, t))
                    .into()
            }),
            counter: t.counter.clone().filter(|_| !waiting),
            call: t.last_call.filter(|_| !waiting),
            called_at: t.last_called_at.filter(|_| !waiting),
            calls: t.calls,
            rated: t.rating.is_some(),
            print: t.print.as_ref().map(|p| p.word().into()),
        })
    }

    /// How long until somebody who checked in early for an appointment has a turn; 0 for everybody else.
    fn turn_comes_in_s(&self, now: StationTime, t: &Ticket) -> f64 {
        let plan = self.plan.appointments.as_ref();
        let ripe_until = plan.map_or(now, |plan| plan.ripe_until(now));
        StationTime(t.key.base_ms).since_ms(ripe_until) as f64 / 1_000.0
    }

    /// Who stands in the same line in front of a waiting ticket.
    fn before(&self, now: StationTime, day: &Day, t: &Ticket, standing: &Standing) -> Before {
        let (plan, lines) = (&self.plan, &day.lines);
        let (count, first): (_, Vec<_>) = match &t.directed_to {
            Some(counter) => (
                lines.directed_ahead_of(plan, counter, standing, now),
                Vec::new(),
            ),
            None => {
                let count = lines.ahead_of(plan, &t.service, standing, now);
                let first = lines
                    .line(plan, &t.service, now)
                    .take(count.min(NUMBERS_SHOWN));
                (count, first.collect())
            }
        };
        Before {
            count,
            numbers: first
                .into_iter()
                .filter_map(|place| day.tickets.get(&place.ticket))
                .map(|t| t.number.clone())
                .collect(),
        }
    }

    /// Open counters that may call such a ticket.
    fn able_for<'a>(
        &'a self,
        service: &'a ServiceId,
        directed_to: Option<&CounterId>,
    ) -> Vec<&'a Counter> {
        match directed_to {
            Some(id) => self
                .counter(id)
                .into_iter()
                .filter(|c| c.is_open())
                .collect(),
            None => self.able_counters(service).collect(),
        }
    }

    /// Open counters that may serve a service.
    fn able_counters<'a>(
        &'a self,
        service: &'a ServiceId,
    ) -> impl Iterator<Item = &'a Counter> + 'a {
        self.plan
            .counters_for(service)
            .filter_map(|id| self.counters.get(id))
            .filter(|c| c.is_open())
    }

    /// The wait of a ticket of `service` with this standing, or of one that waits for one counter only.
    ///
    /// Work of another service counts by the share of its counters that also serve this one: what can be taken by
    /// others does not stand in the way in full.
    fn forecast_for(
        &self,
        now: StationTime,
        service: &ServiceId,
        directed_to: Option<&CounterId>,
        standing: &Standing,
    ) -> Forecast {
        let Some(day) = self.day.as_ref().filter(|d| !d.closed) else {
            return Forecast::NoCounterOpen;
        };
        let able = self.able_for(service, directed_to);
        if able.is_empty() {
            return Forecast::NoCounterOpen;
        }
        let mut work_ahead_s = 0.0;
        for (other, plan) in &self.plan.services {
            let ahead = day.lines.ahead_of(&self.plan, other, standing, now);
            if ahead == 0 {
                continue;
            }
            let (mut theirs, mut shared) = (0_u32, 0_u32);
            for counter in self.able_counters(other) {
                theirs += 1;
                shared += u32::from(able.iter().any(|a| a.id == counter.id));
            }
            if theirs > 0 {
                let guess_s = f64::from(plan.expected_handling_s);
                let mean_s = self
                    .pace
                    .cycles()
                    .mean_s(other, Some(guess_s))
                    .unwrap_or(guess_s);
                work_ahead_s += ahead as f64 * mean_s * f64::from(shared) / f64::from(theirs);
            }
        }
        let own_guess_s = self
            .plan
            .services
            .get(service)
            .map(|s| f64::from(s.expected_handling_s));
        let mean_cycle_s = self.pace.cycles().overall_mean_s(own_guess_s);
        let directed: usize = able
            .iter()
            .map(|c| {
                day.lines
                    .directed_ahead_of(&self.plan, &c.id, standing, now)
            })
            .sum();
        work_ahead_s += directed as f64 * mean_cycle_s.unwrap_or(0.0);
        // A free counter that would call this ticket first is there for it at once, whatever waits for others; and so is
        // one of several that are free while fewer people come before.
        let free: Vec<_> = able.iter().copied().filter(|c| c.is_free()).collect();
        let at_once = free
            .iter()
            .any(|c| day.lines.is_next(&self.plan, &c.id, standing, now))
            || self.called_before(now, day, &free, standing) < free.len();
        if at_once {
            work_ahead_s = 0.0;
        }
        forecast(&ForecastInput {
            work_ahead_s,
            mean_cycle_s,
            observations: self.pace.cycles().observations(),
            eligible_open_counters: u32::try_from(able.len()).unwrap_or(u32::MAX),
            idle_eligible_counter: at_once,
            calls_recent: self.pace.recent_calls(now, &able),
            open_counter_s_recent: self.pace.recent_open_s(now, &able),
        })
    }

    /// How many waiting tickets any of these counters would call before one with this standing.
    fn called_before(
        &self,
        now: StationTime,
        day: &Day,
        counters: &[&Counter],
        standing: &Standing,
    ) -> usize {
        let plans = counters
            .iter()
            .filter_map(|c| self.plan.counters.get(&c.id));
        let skills: BTreeSet<_> = plans.flat_map(|plan| &plan.skills).collect();
        let open: usize = skills
            .into_iter()
            .map(|service| day.lines.ahead_of(&self.plan, service, standing, now))
            .sum();
        let directed: usize = counters
            .iter()
            .map(|c| {
                day.lines
                    .directed_ahead_of(&self.plan, &c.id, standing, now)
            })
            .sum();
        open + directed
    }
}

fn board_call(t: &Ticket) -> Option<BoardCall> {
    Some(BoardCall {
        call: t.last_call?,
        number: t.number.clone(),
        counter: t.counter.clone()?,
        at: t.last_called_at?,
        calls: t.calls,
        language: t.language.clone(),
        serving: t.state == TicketState::Serving,
    })
}
