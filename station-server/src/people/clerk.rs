//! A clerk at a counter: a state machine that is shown the counter's console and says what to do next.
//!
//! It never acts on a counter that somebody else is using: when the counter changes in a way that no act of its own
//! explains, it steps back for [`AWAY_MS`].

use std::collections::BTreeSet;

use protocol::CounterView;
use queue_core::{
    BusinessDay, CounterId, CounterState, ServiceId, StaffId, TicketId, TicketNumber, TicketState,
};

use super::custom::{Customs, Ending, Visit, score};
use super::pace::Pace;
use super::random::Random;

/// How long a clerk leaves a counter to somebody else who works there, milliseconds; real, because people are.
pub(super) const AWAY_MS: u64 = 120_000;
/// An act whose effect is not seen by then is taken as lost, milliseconds.
const EFFECT_MS: u64 = 4_000;
/// Shortest and longest wait after a failure, milliseconds.
const BACKOFF_MS: (u64, u64) = (500, 15_000);
/// A clerk with nothing to do thinks again after this time, life seconds, and no sooner than that, milliseconds.
const IDLE_S: f64 = 20.0;
const IDLE_LEAST_MS: u64 = 500;
/// Calls of a visitor who does not come.
const CALLS: u32 = 2;
/// Visitors a clerk remembers to have put aside or to have asked for a rating.
const REMEMBERED: usize = 8;

/// Something to do at the counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Act {
    /// Log in and open the counter.
    Open(StaffId),
    /// Go to lunch for so many minutes.
    Pause(u32),
    /// Come back from lunch.
    Return,
    /// Call the next visitor.
    CallNext,
    /// Call a visitor who was put aside.
    CallBack(TicketId, TicketNumber),
    /// Call the visitor again.
    Recall(TicketId),
    /// The visitor is there.
    Start(TicketId),
    /// Done.
    Finish(TicketId),
    /// Done, and the next one.
    FinishAndNext(TicketId),
    /// The visitor did not come.
    NoShow(TicketId),
    /// Put aside, by the code of the reason.
    Hold(TicketId, &'static str),
    /// To this counter.
    Transfer(TicketId, CounterId),
    /// The visitor rates; `true` on the counter's pad, which asks.
    Rate(TicketId, u8, bool),
}

/// What became of an act, as far as the one who did it can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Taken.
    Taken,
    /// Refused: nothing has changed.
    Refused,
    /// No answer: it may have happened.
    Unknown,
}

/// What does not change about a clerk.
pub(super) struct Post {
    /// The clerk.
    pub(super) staff: StaffId,
    /// Place among the counters, from 0; the turn at lunch.
    pub(super) place: usize,
    /// Says when the visitor is there; a keypad has no key for it.
    pub(super) starts: bool,
    /// The other counters and what they serve.
    pub(super) colleagues: Vec<(CounterId, BTreeSet<ServiceId>)>,
    /// The station recalls by itself.
    pub(super) is_recalled_for: bool,
    /// What visits are like.
    pub(super) customs: Customs,
    /// Speed.
    pub(super) pace: Pace,
}

/// The part of a console that only acts at the counter change.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Standing {
    day: Option<BusinessDay>,
    staff: Option<StaffId>,
    situation: Situation,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Situation {
    Closed,
    Paused,
    Free,
    Called(TicketId, u32),
    /// With so many matters to come after it.
    Serving(TicketId, usize),
}

impl Situation {
    fn visitor(&self) -> Option<TicketId> {
        match self {
            Self::Called(ticket, _) | Self::Serving(ticket, _) => Some(*ticket),
            Self::Closed | Self::Paused | Self::Free => None,
        }
    }
}

impl Standing {
    fn of(view: &CounterView) -> Self {
        let situation = match (&view.state, &view.current) {
            (CounterState::Closed, _) => Situation::Closed,
            (CounterState::Paused { .. }, _) => Situation::Paused,
            (CounterState::Open, None) => Situation::Free,
            (CounterState::Open, Some(v)) if v.state == TicketState::Serving => {
                Situation::Serving(v.ticket, v.then.len())
            }
            (CounterState::Open, Some(v)) => Situation::Called(v.ticket, v.calls),
        };
        Self {
            day: view.day,
            staff: view.staff.clone(),
            situation,
        }
    }
}

/// Whether `act` leads from one situation to the other.
fn explains(act: &Act, before: &Situation, after: &Situation) -> bool {
    use Situation::{Called, Closed, Free, Paused, Serving};
    match (act, before, after) {
        (Act::Open(_), Closed | Paused | Free, Free) => true,
        (Act::Pause(_), Free, Paused) | (Act::Return, Paused, Free) => true,
        (Act::CallNext | Act::CallBack(..), Free, Called(..)) => true,
        (Act::CallBack(..), Free, Serving(..)) => true,
        (Act::Recall(of), Called(a, n), Called(b, m)) => a == of && b == of && *m == n + 1,
        (Act::Start(of), Called(a, _), Serving(b, _)) => a == of && b == of,
        (
            Act::Finish(of) | Act::Hold(of, _) | Act::Transfer(of, _),
            Called(a, _) | Serving(a, _),
            Free,
        ) => a == of,
        (Act::NoShow(of), Called(a, _), Free) => a == of,
        // The counter keeps the visitor for the next matter.
        (Act::Finish(of) | Act::FinishAndNext(of), Serving(a, n), Serving(b, left)) => {
            a == of && b == of && *n == left + 1
        }
        (Act::Finish(of) | Act::FinishAndNext(of), Called(a, _), Serving(b, _)) => {
            a == of && b == of
        }
        (Act::FinishAndNext(of), Called(a, _) | Serving(a, _), Free) => a == of,
        (Act::FinishAndNext(of), Called(a, _) | Serving(a, _), Called(b, _)) => a == of && b != of,
        _ => false,
    }
}

/// What a station does at a counter by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unasked {
    /// A free counter calls.
    Call,
    /// The visitor called is recalled.
    Recall,
}

struct Pending {
    act: Act,
    /// Its effect is awaited until then; later it only explains a change.
    awaited_until_ms: Option<u64>,
}

struct Aside {
    ticket: TicketId,
    back_ms: u64,
    left_s: f64,
}

struct Opinion {
    ticket: TicketId,
    at_ms: u64,
    score: u8,
}

/// A clerk. All times are milliseconds since the start of the demo's people.
pub(super) struct Clerk {
    post: Post,
    random: Random,
    view: Option<CounterView>,
    next: Option<(u64, Act)>,
    /// With nothing to do now, when to think again.
    again_ms: Option<u64>,
    pending: Option<Pending>,
    visit: Option<(TicketId, Visit)>,
    aside: Vec<Aside>,
    opinions: Vec<Opinion>,
    away_until_ms: Option<u64>,
    failures: u32,
}

impl Clerk {
    pub(super) fn new(post: Post, random: Random) -> Self {
        Self {
            post,
            random,
            view: None,
            next: None,
            again_ms: None,
            pending: None,
            visit: None,
            aside: Vec::new(),
            opinions: Vec::new(),
            away_until_ms: None,
            failures: 0,
        }
    }

    /// The console went dark: whatever it shows next is news.
    pub(super) fn lose_sight(&mut self) {
        self.view = None;
        self.next = None;
        self.again_ms = None;
        self.pending = None;
    }

    /// Looks at the console.
    pub(super) fn see(&mut self, now_ms: u64, view: CounterView) {
        let after = Standing::of(&view);
        let before = self.view.as_ref().map(Standing::of);
        let calls_itself = self
            .view
            .as_ref()
            .is_some_and(|view| view.routing.auto_call || view.routing.next_stored);
        let waited_s = before.as_ref().and_then(|_| self.waited_s());
        self.view = Some(view);
        let Some(before) = before else {
            return self.plan(now_ms, 0);
        };
        if before == after {
            // A free clerk looks up when somebody comes in.
            if self.next.is_none() && self.pending.is_none() {
                self.plan(now_ms, 0);
            }
            return;
        }
        if before.day != after.day {
            self.forget();
            self.aside.clear();
            return self.plan(now_ms, 0);
        }
        let own = self.pending.take_if(|p| {
            let same_staff = before.staff == after.staff || matches!(p.act, Act::Open(_));
            same_staff && explains(&p.act, &before.situation, &after.situation)
        });
        let same_staff = before.staff == after.staff;
        let unasked = self.unasked(calls_itself, &before.situation, &after.situation);
        match own {
            None if same_staff && unasked == Some(Unasked::Recall) => {}
            None if same_staff && unasked == Some(Unasked::Call) => {
                self.next = None;
                if self.pending.is_none() {
                    self.plan(now_ms, 0);
                }
            }
            Some(pending) => {
                self.failures = 0;
                let act = match pending.act {
                    // A keypad has no letters: of two numbers with these digits it called the other one.
                    Act::CallBack(of, _) if after.situation.visitor() != Some(of) => Act::CallNext,
                    act => act,
                };
                self.note(now_ms, &act, waited_s);
                self.plan(now_ms, 0);
            }
            None => {
                self.forget();
                self.away_until_ms = Some(now_ms + AWAY_MS);
            }
        }
    }

    /// What the station itself may have done there: no colleague is at the counter.
    fn unasked(
        &self,
        calls_itself: bool,
        before: &Situation,
        after: &Situation,
    ) -> Option<Unasked> {
        match (before, after) {
            (Situation::Free, Situation::Called(..)) if calls_itself => Some(Unasked::Call),
            (Situation::Called(a, n), Situation::Called(b, m))
                if self.post.is_recalled_for && a == b && m > n =>
            {
                Some(Unasked::Recall)
            }
            _ => None,
        }
    }

    /// What became of an act that [`Clerk::poll`] gave.
    pub(super) fn hear(&mut self, now_ms: u64, act: &Act, outcome: Outcome) {
        let refused = outcome == Outcome::Refused;
        if self.pending.take_if(|p| refused && p.act == *act).is_some() {
            self.fail(now_ms);
        }
    }

    /// What to do now, if anything.
    pub(super) fn poll(&mut self, now_ms: u64) -> Option<Act> {
        if let Some(until) = self.away_until_ms {
            if now_ms < until {
                return None;
            }
            self.away_until_ms = None;
            self.plan(now_ms, 0);
        }
        let view = self.view.as_ref()?;
        if let Some(due) = self.opinions.iter().position(|o| o.at_ms <= now_ms) {
            let opinion = self.opinions.remove(due);
            let at_pad = view.asking == Some(opinion.ticket);
            return Some(Act::Rate(opinion.ticket, opinion.score, at_pad));
        }
        if let Some(pending) = &mut self.pending
            && let Some(until) = pending.awaited_until_ms
        {
            if now_ms < until {
                return None;
            }
            pending.awaited_until_ms = None;
            self.fail(now_ms);
        }
        if self.again_ms.is_some_and(|at| at <= now_ms) {
            self.plan(now_ms, 0);
        }
        let (_, act) = self.next.take_if(|(at, _)| *at <= now_ms)?;
        let view = self.view.as_ref()?;
        if act == Act::CallNext && view.waiting_count == 0 {
            self.plan(now_ms, 0);
            return None;
        }
        self.pending = Some(Pending {
            act: act.clone(),
            awaited_until_ms: Some(now_ms + EFFECT_MS),
        });
        Some(act)
    }

    /// When [`Clerk::poll`] should be asked again.
    pub(super) fn deadline_ms(&self) -> Option<u64> {
        if self.away_until_ms.is_some() {
            return self.away_until_ms;
        }
        self.view.as_ref()?;
        let awaited = self.pending.as_ref().and_then(|p| p.awaited_until_ms);
        let next = awaited
            .or(self.next.as_ref().map(|(at, _)| *at))
            .or(self.again_ms);
        let opinion = self.opinions.iter().map(|o| o.at_ms).min();
        next.into_iter().chain(opinion).min()
    }

    /// Drops every plan. Whoever was put aside still waits to be called back.
    fn forget(&mut self) {
        self.next = None;
        self.again_ms = None;
        self.pending = None;
        self.visit = None;
        self.opinions.clear();
    }

    fn fail(&mut self, now_ms: u64) {
        let backoff_ms = (BACKOFF_MS.0 << self.failures.min(8)).min(BACKOFF_MS.1);
        self.failures = self.failures.saturating_add(1);
        self.plan(now_ms, backoff_ms);
    }

    /// Wait of the visitor at the counter until the first call, life seconds.
    fn waited_s(&self) -> Option<f64> {
        let visitor = self.view.as_ref()?.current.as_ref()?;
        let called = visitor.first_called_at?;
        Some(
            self.post
                .pace
                .life_s(called.since_ms(visitor.issued_at) as f64),
        )
    }

    /// Remembers what follows from an act that has had its effect.
    fn note(&mut self, now_ms: u64, act: &Act, waited_s: Option<f64>) {
        let pace = self.post.pace;
        match act {
            Act::Finish(ticket) | Act::FinishAndNext(ticket) => {
                let rates = self
                    .visit
                    .take_if(|(of, _)| of == ticket)
                    .is_some_and(|(_, v)| v.rates);
                if rates && self.opinions.len() < REMEMBERED {
                    let score = score(&mut self.random, waited_s.unwrap_or(0.0));
                    let at_ms = now_ms + pace.real_ms(self.random.between(2.0, 6.0));
                    self.opinions.push(Opinion {
                        ticket: *ticket,
                        at_ms,
                        score,
                    });
                }
            }
            Act::Hold(ticket, _) if self.aside.len() < REMEMBERED => {
                let back_ms = now_ms + pace.real_ms(self.random.between(180.0, 480.0));
                let left_s = self.visit.take().map_or(120.0, |(_, v)| v.handling_s);
                self.aside.push(Aside {
                    ticket: *ticket,
                    back_ms,
                    left_s,
                });
            }
            Act::CallBack(ticket, _) => {
                if let Some(i) = self.aside.iter().position(|a| a.ticket == *ticket) {
                    let aside = self.aside.swap_remove(i);
                    let rates = self.random.chance(0.5);
                    let visit = Visit {
                        comes: true,
                        walk_s: 10.0,
                        handling_s: aside.left_s,
                        ending: Ending::Finish,
                        rates,
                    };
                    self.visit = Some((*ticket, visit));
                }
            }
            _ => {}
        }
    }

    /// Decides on the next act from what the console shows, no earlier than in `backoff_ms`.
    fn plan(&mut self, now_ms: u64, backoff_ms: u64) {
        let decided = self.decide(now_ms);
        let is_open = self.view.as_ref().is_some_and(|view| view.day.is_some());
        let idle = decided.is_none() && is_open;
        self.again_ms = idle.then(|| now_ms + self.post.pace.real_ms(IDLE_S).max(IDLE_LEAST_MS));
        self.next = decided.map(|(in_ms, act)| (now_ms + in_ms.max(backoff_ms), act));
    }

    fn decide(&mut self, now_ms: u64) -> Option<(u64, Act)> {
        let view = self.view.as_ref()?;
        let standing = Standing::of(view);
        standing.day?;
        let pace = self.post.pace;
        let lunch = pace.lunch_until(self.post.place, now_ms);
        let breath_ms = pace.real_ms(self.random.between(3.0, 14.0));
        match standing.situation {
            Situation::Closed => Some((breath_ms, Act::Open(self.post.staff.clone()))),
            Situation::Paused => Some((lunch.map_or(breath_ms, |end| end - now_ms), Act::Return)),
            Situation::Free if standing.staff.as_ref() != Some(&self.post.staff) => {
                Some((pace.real_ms(1.0), Act::Open(self.post.staff.clone())))
            }
            Situation::Free => {
                if let Some(end) = lunch {
                    let minutes = (end - now_ms).div_ceil(60_000);
                    let minutes = u32::try_from(minutes).unwrap_or(1);
                    return Some((breath_ms, Act::Pause(minutes)));
                }
                let held = |a: &Aside| view.held.iter().find(|h| h.ticket == a.ticket);
                self.aside.retain(|a| held(a).is_some());
                let back = self.aside.iter().find(|a| a.back_ms <= now_ms);
                if let Some(item) = back.and_then(held) {
                    return Some((breath_ms, Act::CallBack(item.ticket, item.number.clone())));
                }
                (view.waiting_count > 0).then_some((breath_ms, Act::CallNext))
            }
            Situation::Called(ticket, calls) => {
                let visit = self.visit_of(ticket)?;
                let walk_ms = pace.real_ms(visit.walk_s);
                match (visit.comes, calls) {
                    (true, _) if self.post.starts => Some((walk_ms, Act::Start(ticket))),
                    (true, _) => {
                        let (in_ms, act) = self.ending(now_ms, ticket, &visit);
                        Some((walk_ms + in_ms, act))
                    }
                    (false, n) if n < CALLS => Some((walk_ms + breath_ms, Act::Recall(ticket))),
                    (false, _) => Some((walk_ms + breath_ms, Act::NoShow(ticket))),
                }
            }
            Situation::Serving(ticket, _) => {
                let visit = self.visit_of(ticket)?;
                Some(self.ending(now_ms, ticket, &visit))
            }
        }
    }

    /// The visit of the visitor at the counter, drawn when first looked at.
    fn visit_of(&mut self, ticket: TicketId) -> Option<Visit> {
        let visitor = self.view.as_ref()?.current.as_ref()?;
        if self.visit.as_ref().is_none_or(|(of, _)| *of != ticket) {
            let visit = self.post.customs.visit(&mut self.random, &visitor.service);
            self.visit = Some((ticket, visit));
        }
        self.visit.as_ref().map(|(_, visit)| visit.clone())
    }

    fn ending(&mut self, now_ms: u64, ticket: TicketId, visit: &Visit) -> (u64, Act) {
        let in_ms = self.post.pace.real_ms(visit.handling_s);
        let act = match visit.ending {
            Ending::Finish => Act::Finish(ticket),
            Ending::FinishAndNext => {
                let lunch = self.post.pace.lunch_until(self.post.place, now_ms + in_ms);
                if lunch.is_some() {
                    Act::Finish(ticket)
                } else {
                    Act::FinishAndNext(ticket)
                }
            }
            Ending::Hold(reason) => Act::Hold(ticket, reason),
            Ending::Transfer => match self.colleague_for_current() {
                Some(to) => Act::Transfer(ticket, to),
                None => Act::Finish(ticket),
            },
        };
        (in_ms, act)
    }

    fn colleague_for_current(&mut self) -> Option<CounterId> {
        let service = &self.view.as_ref()?.current.as_ref()?.service;
        let able = self
            .post
            .colleagues
            .iter()
            .filter(|(_, skills)| skills.contains(service));
        let able: Vec<&CounterId> = able.map(|(id, _)| id).collect();
        self.random.one(&able).map(|id| (*id).clone())
    }
}

#[cfg(test)]
#[path = "clerk_tests.rs"]
mod tests;
