//! What everybody may see of the station right now: the board, and one ticket as its visitor sees it.

mod outlook;
mod visitor;

pub use outlook::Estimate;
pub use visitor::{Comeback, LegView, TicketView};

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::calendar::Window;
use crate::counter::{Counter, CounterState};
use crate::engine::Engine;
use crate::ids::{CallId, CounterId, LanguageTag, Series, ServiceId, TicketId, TicketNumber};
use crate::limits::Limit;
use crate::policy::{LineId, Place, SortKey, Standing, Waiter};
use crate::sessions::{SeatWindow, SessionPhase, SessionView};
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

/// Steps in which an expected end is told.
const TOLD_STEP_MS: i64 = 5 * 60_000;
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
