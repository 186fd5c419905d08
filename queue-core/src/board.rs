//! What everybody may see of the station right now: the board, and one ticket as its visitor sees it.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::calendar::Window;
use crate::counter::{Counter, CounterState};
use crate::engine::{Day, Engine};
use crate::forecast::{DisplayRange, Forecast, ForecastInput, forecast, wait_p80_s};
use crate::identity::{IdentityRefusal, IdentityResult};
use crate::ids::{
    CallId, ClassId, CounterId, LanguageTag, Series, ServiceId, TicketId, TicketNumber,
};
use crate::limits::Limit;
use crate::passing::PassedBy;
use crate::plan::ServicePlan;
use crate::policy::{LineId, Place, SortKey, Standing, Waiter};
use crate::sessions::{SeatView, SeatWindow, SessionPhase, SessionView};
use crate::ticket::{LegState, Ticket, TicketState};
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
    /// The business day that has ended, while no other is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<BusinessDay>,
    /// Tickets in all lines. Not the sum over the services: a service with stations in a row waits where its first one
    /// does.
    #[serde(default)]
    pub waiting: usize,
    /// Services in the order of their ids.
    pub services: Vec<BoardService>,
    /// Counters in the order of their ids.
    pub counters: Vec<BoardCounter>,
    /// Visitors called or being served, newest call first.
    pub calls: Vec<BoardCall>,
    /// Sessions called and under way, and those that can be asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<BoardSession>,
    /// Hours of the business day, where it has any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<BoardHours>,
}

/// When the station is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardHours {
    /// Whether it is open now: a business day, within its hours.
    pub open_now: bool,
    /// When it opens next, today or later.
    pub opens: Option<StationTime>,
    /// Spans of the business day.
    pub today: Vec<Window>,
}

fn is_nobody(count: &usize) -> bool {
    *count == 0
}

impl BoardService {
    /// Visitors of the service who are there and were not called, in line or enrolled.
    #[must_use]
    pub fn present(&self) -> usize {
        self.waiting + self.enrolled
    }
}

/// What somebody who asks for a session of a service now gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextSession {
    /// A seat in the one that begins then.
    Seat(StationTime),
    /// A place on a waiting list.
    List,
    /// Nothing: those on offer are full.
    Full,
    /// Nothing: none is on offer.
    None,
}

impl Board {
    /// What somebody who asks for a session of a service now gets.
    #[must_use]
    pub fn next_session(&self, service: &ServiceId) -> NextSession {
        let sessions = self.sessions.iter().map(|s| &s.session);
        let offered = sessions.filter(|s| s.service == *service && s.offered);
        let mut best = NextSession::None;
        for session in offered {
            if session.free > 0 {
                return NextSession::Seat(session.begins);
            }
            match best {
                NextSession::List => {}
                _ if session.waiting_left > 0 => best = NextSession::List,
                _ => best = NextSession::Full,
            }
        }
        best
    }

    /// Visitors in the station who were not called, in line or enrolled in a session.
    #[must_use]
    pub fn present(&self) -> usize {
        let enrolled: usize = self.services.iter().map(|service| service.enrolled).sum();
        self.waiting + enrolled
    }

    /// The station is outside its hours.
    #[must_use]
    pub fn is_outside_hours(&self) -> bool {
        self.hours.as_ref().is_some_and(|hours| !hours.open_now)
    }
}

/// One service on the board.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoardService {
    /// Id.
    pub id: ServiceId,
    /// Letter of its numbers.
    pub series: Series,
    /// Tickets in line. Of a service with stations in a row, those in the line of the first.
    pub waiting: usize,
    /// That line, where it is another service's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_step: Option<ServiceId>,
    /// Of a service with sessions, tickets that are in one and were not called; they stand in no line.
    #[serde(default, skip_serializing_if = "is_nobody")]
    pub enrolled: usize,
    /// Tickets that wait for their identity check and are in no line yet.
    #[serde(default, skip_serializing_if = "is_nobody")]
    pub unverified: usize,
    /// Number called last.
    pub now_at: Option<TicketNumber>,
    /// Counters open now that may serve it.
    pub open_counters: usize,
    /// Since when the one waits who came first.
    pub oldest_waiting_since: Option<StationTime>,
    /// Wait of somebody who takes a ticket now.
    pub estimate: Estimate,
    /// Why nobody may take a ticket of it now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// When handling would end, rounded up to five minutes, where that is after closing time and the station only warns
    /// of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_end: Option<StationTime>,
}

/// One session on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardSession {
    /// The session.
    #[serde(flatten)]
    pub session: SessionView,
    /// Its last call, while it is called or under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<CallId>,
    /// When that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called_at: Option<StationTime>,
    /// Who was called, in the order of the windows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub called: Vec<BoardSeat>,
}

/// Somebody called with a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardSeat {
    /// Who.
    pub number: TicketNumber,
    /// Where to.
    pub at: SeatWindow,
    /// The visitor's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageTag>,
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
    /// What was asked for, in order; at least one.
    pub matters: Vec<ServiceId>,
    /// The legs of the visit in order: those behind, the present one, those to come.
    pub legs: Vec<LegView>,
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
    /// Persons it stands for.
    pub persons: u16,
    /// The visitor was told to get ready, and waits.
    pub get_ready: bool,
    /// The counter that will probably call then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready_for: Option<CounterId>,
    /// Where a held visitor was asked to wait.
    pub room: Option<String>,
    /// What a missed visitor may still do.
    pub comeback: Option<Comeback>,
    /// Others in the same line who could be let go first; 0 when not waiting.
    pub behind: usize,
    /// Where it stands in its session, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<SeatView>,
    /// Why the identity check was not passed, where that ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<IdentityRefusal>,
    /// Who came later and was called before it, the latest of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_by: Option<PassedBy>,
}

/// One leg of a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegView {
    /// For which service.
    pub service: ServiceId,
    /// Behind the visitor, under way, or to come.
    pub state: LegState,
}

/// How a missed visitor may come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comeback {
    /// Until when.
    pub until: StationTime,
    /// How often, this time included.
    pub left: u8,
    /// How many of the service would then be called first.
    pub ahead: usize,
}

/// Steps in which an expected end is told.
const TOLD_STEP_MS: i64 = 5 * 60_000;
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
            ended: self.day().filter(|_| self.open_day().is_none()),
            waiting: self.waiting(),
            services: self
                .plan
                .services
                .iter()
                .map(|(id, s)| self.board_service(now, id, &s.series))
                .collect(),
            counters: self.counters().map(|c| self.board_counter(c)).collect(),
            calls: calls.into_iter().filter_map(board_call).collect(),
            sessions: self.board_sessions(now),
            hours: self.hours().map(|hours| BoardHours {
                open_now: self.open_day().is_some() && hours.is_open(now),
                opens: hours.opens(now),
                today: hours.station.clone(),
            }),
        }
    }

    fn board_sessions(&self, now: StationTime) -> Vec<BoardSession> {
        let shown = |view: &SessionView| {
            view.offered
                || view.is_late(now)
                || matches!(view.phase, SessionPhase::Called | SessionPhase::Running)
        };
        let views = self.sessions(now).into_iter().filter(shown);
        views.map(|view| self.board_session(view)).collect()
    }

    /// A session with those of it who were called.
    #[must_use]
    pub fn board_session(&self, session: SessionView) -> BoardSession {
        let of = session.of();
        let members = self.session(&of).into_iter().flat_map(|s| s.members());
        let called: Vec<_> = members
            .filter_map(|id| self.ticket(id))
            .filter_map(|t| Some((t, t.enrolment()?.window.clone()?)))
            .collect();
        let mut seats: Vec<_> = called
            .iter()
            .map(|(t, at)| BoardSeat {
                number: t.number.clone(),
                at: at.clone(),
                language: t.language.clone(),
            })
            .collect();
        let order = |at: &SeatWindow| {
            let mut windows = self
                .session_plan(&of.service)
                .into_iter()
                .flat_map(|p| p.windows());
            windows.position(|window| window == *at)
        };
        seats.sort_by_key(|seat| order(&seat.at));
        BoardSession {
            call: called.iter().filter_map(|(t, _)| t.last_call).max(),
            called_at: called.iter().filter_map(|(t, _)| t.last_called_at).max(),
            called: seats,
            session,
        }
    }

    fn board_service(&self, now: StationTime, id: &ServiceId, series: &Series) -> BoardService {
        let day = self.day.as_ref();
        // Who asks for a service of several stations waits for the first of them.
        let first = self.plan.first_station(id);
        let oldest = day
            .and_then(|d| d.lines.oldest(first))
            .and_then(|place| self.ticket(place.ticket));
        let place = Place {
            key: SortKey {
                base_ms: now.0,
                seq: u64::MAX,
            },
            ticket: TicketId(u128::MAX),
        };
        let newcomer = Waiter {
            line: LineId::Service(first),
            standing: Standing::new(
                &self.plan,
                LineId::Service(first),
                self.plan.default_class(),
                place,
            ),
        };
        let limit = match self.limit_on(now, id, None) {
            Some(Limit::PastCutOff { end }) => Some(Limit::PastCutOff { end: told(end) }),
            limit => limit,
        };
        let late_end = self.late_end(now, id, None).filter(|_| limit.is_none());
        BoardService {
            id: id.clone(),
            series: series.clone(),
            waiting: day.map_or(0, |d| d.lines.waiting(LineId::Service(first))),
            first_step: Some(first).filter(|first| *first != id).cloned(),
            enrolled: self.enrolled_in_service(id, now),
            unverified: day.map_or(0, |d| d.unverified.count(first)),
            now_at: day.and_then(|d| d.last_called.get(first)).cloned(),
            open_counters: self.handlers(LineId::Service(first)).count(),
            oldest_waiting_since: oldest.map(|t| t.waits_from().min(now)),
            estimate: self.forecast_for(now, first, &newcomer).into(),
            limit,
            late_end: late_end.map(told),
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
        let in_line = t.state == TicketState::Waiting;
        // Who waits for the check is told what would hold if it were done now.
        let waiting = in_line || t.state == TicketState::Unverified && t.enrolment().is_none();
        let standing = Standing::of(&self.plan, t);
        let before = if waiting {
            self.before(now, day, t, &standing)
        } else {
            Before::default()
        };
        Some(TicketView {
            id,
            number: t.number.clone(),
            service: t.service.clone(),
            matters: t.asked().cloned().collect(),
            legs: t
                .course_told()
                .into_iter()
                .map(|(service, state)| LegView {
                    service: service.clone(),
                    state,
                })
                .collect(),
            class: t.class.clone(),
            language: t.language.clone(),
            state: t.state,
            issued_at: t.issued_at,
            slot: t.attends.map(|a| a.slot),
            ahead: before.count,
            in_front: before.numbers,
            estimate: waiting.then(|| {
                let line = t.line();
                let waiter = Waiter { line, standing };
                self.forecast_for(now, &t.service, &waiter)
                    .not_before(self.turn_comes_in_s(now, t))
                    .into()
            }),
            counter: t.counter.clone().filter(|_| !waiting),
            call: t.last_call.filter(|_| !waiting),
            called_at: t.last_called_at.filter(|_| !waiting),
            calls: t.calls,
            rated: t.rating.is_some(),
            print: t.print.as_ref().map(|p| p.word().into()),
            persons: t.persons,
            get_ready: in_line && t.precalled_at.is_some(),
            ready_for: t
                .precalled_by
                .clone()
                .filter(|_| in_line && t.precalled_at.is_some()),
            room: t.hold_room.clone(),
            comeback: self.comeback(now, day, t),
            behind: self.behind(now, day, t, &standing),
            seat: self.seat(t, now),
            refused: t.identity.and_then(|check| match check.result {
                IdentityResult::Refused(reason) => Some(reason),
                IdentityResult::Verified(_) => None,
            }),
            passed_by: self.passed_by(day, t),
        })
    }

    /// How many of a waiting ticket's line could be let go first.
    fn behind(&self, now: StationTime, day: &Day, t: &Ticket, standing: &Standing) -> usize {
        // Who goes before all has nobody to let go first; who is before the time is behind all others already.
        if t.state != TicketState::Waiting || t.precedence.is_some() {
            return 0;
        }
        let ahead = day.lines.ahead_of(&self.plan, t.line(), standing, now);
        let in_turn = day.lines.waiting_in_turn(&self.plan, t.line(), now);
        in_turn.saturating_sub(ahead + 1)
    }

    /// How many are called before this standing: of the same service, or, for one who waits for one counter only, all
    /// whom that counter calls first.
    fn ahead(&self, now: StationTime, day: &Day, line: LineId<'_>, standing: &Standing) -> usize {
        let of = |line| day.lines.ahead_of(&self.plan, line, standing, now);
        let others = match line {
            LineId::Service(_) => 0,
            LineId::Directed(counter) => {
                let duties = self.duties(counter).into_iter();
                let own = duties.flat_map(|duties| duties.skills);
                own.map(|service| of(LineId::Service(service))).sum()
            }
        };
        of(line) + others
    }

    fn comeback(&self, now: StationTime, day: &Day, t: &Ticket) -> Option<Comeback> {
        let back = self.return_of(now, t).ok()?;
        let key = SortKey {
            base_ms: back.base.0,
            seq: u64::MAX,
        };
        let back_in_line = Ticket { key, ..t.clone() };
        let standing = Standing::of(&self.plan, &back_in_line);
        Some(Comeback {
            until: back.until,
            left: back.left,
            ahead: self.ahead(now, day, t.line(), &standing),
        })
    }

    /// How long until somebody who checked in early for an appointment has a turn; 0 for everybody else.
    fn turn_comes_in_s(&self, now: StationTime, t: &Ticket) -> f64 {
        if !Standing::of(&self.plan, t).by_slot {
            return 0.0;
        }
        let ripe_until = self.plan.ripe_until(now);
        StationTime(t.key.base_ms).since_ms(ripe_until) as f64 / 1_000.0
    }

    /// Who stands in the same line in front of a waiting ticket.
    fn before(&self, now: StationTime, day: &Day, t: &Ticket, standing: &Standing) -> Before {
        let (plan, lines) = (&self.plan, &day.lines);
        let count = self.ahead(now, day, t.line(), standing);
        // Nobody's numbers stand before one who waits for one counter only: the hall does not see that line.
        let shown = match t.line() {
            LineId::Service(_) => count.min(NUMBERS_SHOWN),
            LineId::Directed(_) => 0,
        };
        let first = lines.line(plan, t.line(), now).take(shown);
        Before {
            count,
            numbers: first
                .filter_map(|place| day.tickets.get(&place.ticket))
                .map(|t| t.number.clone())
                .collect(),
        }
    }

    /// Open counters that handle a line, as their own or to help out.
    fn handlers<'a>(&'a self, line: LineId<'a>) -> impl Iterator<Item = &'a Counter> + 'a {
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
    fn forecast_for(&self, now: StationTime, service: &ServiceId, waiter: &Waiter<'_>) -> Forecast {
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

/// An expected end as people read it: rounded up to five minutes, so that it neither promises too much nor changes with
/// every look.
fn told(end: StationTime) -> StationTime {
    let over_ms = end.0.rem_euclid(TOLD_STEP_MS);
    end.plus_ms((TOLD_STEP_MS - over_ms) % TOLD_STEP_MS)
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
