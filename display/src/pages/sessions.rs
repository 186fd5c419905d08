//! A session that is called, on the hall board: which one, where to go, and the window of every number.

use std::borrow::Cow;
use std::collections::BTreeSet;

use maud::{Markup, html};
use protocol::StationInfo;
use queue_core::{Board, BoardSession, NextSession, ServiceId, SessionPhase};
use screens::{Texts, t};

use super::{Announce, State, en, zh};
use crate::time::local;

/// Sessions shown at once: one that is called beside one that is under way.
const SHOWN: usize = 2;
/// Numbers of one session in large type; of larger ones each is smaller, and none is left out.
const LARGE: usize = 8;

/// Those that are called or under way, the newest call first.
pub(super) fn shown(board: &Board) -> Vec<&BoardSession> {
    let live = |s: &&BoardSession| {
        matches!(
            s.session.phase,
            SessionPhase::Called | SessionPhase::Running
        ) && !s.called.is_empty()
    };
    let mut sessions: Vec<_> = board.sessions.iter().filter(live).collect();
    sessions.sort_by_key(|s| std::cmp::Reverse(s.call));
    sessions.truncate(SHOWN);
    sessions
}

/// "Session 3: please go to A" in one language.
fn sentence(session: &BoardSession, texts: &'static Texts) -> Cow<'static, str> {
    let rooms: BTreeSet<&str> = session.called.iter().map(|s| s.at.room.as_str()).collect();
    let rooms = Vec::from_iter(rooms).join(texts.language().comma());
    t!(
        texts,
        "session-go",
        nth = session.session.nth,
        room = rooms.as_str()
    )
}

/// The place in the day of the session that was called last, in place of a number.
pub(super) fn now(board: &Board, service: &ServiceId) -> Markup {
    let of = |s: &&BoardSession| s.session.service == *service;
    let latest = board
        .sessions
        .iter()
        .filter(of)
        .filter(|s| s.call.is_some())
        .max_by_key(|s| s.session.nth);
    html! {
        @match latest {
            // "第173梯" is as wide as a number of six letters.
            Some(of) => {
                @let size = if of.session.nth < 100 { "n5" } else { "n6" };
                span class=(size) { (t!(zh(), "session-short", nth = of.session.nth)) }
            },
            None => "–",
        }
    }
}

/// When the next session begins that somebody can ask for and has a seat, in place of a wait.
pub(super) fn next(station: Option<&StationInfo>, board: &Board, service: &ServiceId) -> Markup {
    let zone = station.map_or("UTC", |s| s.timezone.as_str());
    html! {
        span class="w" {
            @match board.next_session(service) {
                NextSession::Seat(begins) => (screens::format::hh_mm(local(zone, begins).1)),
                NextSession::List => (t!(zh(), "session-list")),
                NextSession::Full => (t!(zh(), "session-full")),
                NextSession::None => "–",
            }
        }
    }
}

/// The call of a session, as long as it is fresh.
pub(super) fn announce(state: &State<'_>) -> Option<Announce> {
    let board = state.board?;
    let fresh = |s: &&BoardSession| {
        s.session.phase == SessionPhase::Called
            && s.called_at
                .is_some_and(|at| state.now.since_ms(at) <= protocol::CALL_FRESH_MS)
    };
    let session = shown(board).into_iter().find(fresh)?;
    let say = html! {
        span { (sentence(session, zh())) } " "
        span lang="en" { (sentence(session, en())) }
    };
    Some(Announce {
        history: state.history.map(str::to_owned),
        call: session.call?,
        say: say.into(),
        // Sessions are not spoken.
        chime: true,
    })
}

/// The sessions with the window of every number.
pub(super) fn panel(sessions: &[&BoardSession]) -> Markup {
    html! {
            @for session in sessions {
                @let is_called = session.session.phase == SessionPhase::Called;
                article class={ "ses" @if is_called { " on" } @if session.called.len() > LARGE { " many" } } {
                    h2 {
                        @if is_called { (sentence(session, zh())) } @else {
                            (t!(zh(), "session-nth", nth = session.session.nth)) " · " (t!(zh(), "session-running"))
                        }
                        small lang="en" {
                            @if is_called { (sentence(session, en())) } @else {
                                (t!(en(), "session-nth", nth = session.session.nth)) " · " (t!(en(), "session-running"))
                            }
                        }
                    }
                    ul {
                        @for seat in &session.called {
                            li { span class="n" { (seat.number) } " " span class="to" { (seat.at.room) "-" (seat.at.window) } }
                        }
                    }
                }
            }
    }
}
