//! One ticket as its visitor may see it: where it stands, who comes before, what may still be done.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::Estimate;
use crate::engine::{Day, Engine};
use crate::identity::{IdentityRefusal, IdentityResult};
use crate::ids::{CallId, ClassId, CounterId, LanguageTag, ServiceId, TicketId, TicketNumber};
use crate::passing::PassedBy;
use crate::policy::{LineId, SortKey, Standing, Waiter};
use crate::sessions::SeatView;
use crate::ticket::{LegState, Ticket, TicketState};
use crate::time::StationTime;

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

/// Numbers a visitor is shown in front of the own one.
const NUMBERS_SHOWN: usize = 8;

/// Who will be called before a ticket.
#[derive(Default)]
struct Before {
    count: usize,
    numbers: Vec<TicketNumber>,
}

impl Engine {
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
}
