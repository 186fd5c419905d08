//! The display over one counter: its number, always lit, and what happens there.

use std::collections::BTreeMap;

use maud::{Markup, html};
use queue_core::{CounterId, CounterState, LanguageTag, StationTime, TicketState};
use screens::{Language, Texts, t};

use super::{State, View, en, second_language, zh};
use crate::feed::Freshness;
use crate::time::local;

/// What the display says.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Says<'a> {
    /// A visitor is called.
    Call(String, Option<&'a LanguageTag>),
    /// A visitor is being served.
    Serving(String),
    /// Open and free.
    Free,
    /// Away, until when where that is known.
    Paused(Option<StationTime>),
    /// Not staffed.
    Closed,
}

impl<'a> Says<'a> {
    /// What the display of a counter says while its numbers may be believed.
    fn of(state: &State<'a>, counter: &CounterId) -> Self {
        let Some(board) = state.board else {
            return Self::Free;
        };
        let Some(counter) = board.counters.iter().find(|c| c.id == *counter) else {
            return Self::Closed;
        };
        match (&counter.state, &counter.number, counter.ticket_state) {
            (_, Some(number), Some(TicketState::Called)) => {
                Self::Call(number.to_string(), counter.language.as_ref())
            }
            (_, Some(number), _) => Self::Serving(number.to_string()),
            (CounterState::Open, None, _) => Self::Free,
            (CounterState::Paused { until, .. }, None, _) => Self::Paused(*until),
            (CounterState::Closed, None, _) => Self::Closed,
        }
    }
}

/// The whole display.
pub(crate) fn view(state: &State<'_>, counter: &CounterId) -> View {
    let html = if state.freshness == Freshness::Lost {
        // The page's frame says so in its place.
        html! {}
    } else {
        bar(state, counter, &Says::of(state, counter))
    };
    View {
        regions: BTreeMap::from([("view", html.into())]),
        freshness: state.freshness,
        announce: None,
        speech: None,
    }
}

fn bar(state: &State<'_>, counter: &CounterId, says: &Says<'_>) -> Markup {
    let class = match says {
        Says::Call(..) => "bar call",
        Says::Serving(_) => "bar",
        Says::Free => "bar free",
        Says::Paused(_) | Says::Closed => "bar dim",
    };
    html! {
        section class=(class) aria-label=(t!(zh(), "counter-number", counter = counter.to_string())) {
            (sign(counter))
            div class="m" { (message(state, says)) }
        }
    }
}

/// The counter's number; it stays when the display has lost its server.
pub(crate) fn sign(counter: &CounterId) -> Markup {
    let class = match counter.as_str().chars().count() {
        0 | 1 => "no",
        2 => "no c2",
        3 => "no c3",
        _ => "no c4",
    };
    html! { p class=(class) { span { (counter.as_str()) } } }
}

fn message(state: &State<'_>, says: &Says<'_>) -> Markup {
    match says {
        Says::Free => big(&t!(zh(), "display-open"), &t!(en(), "display-open")),
        Says::Call(number, language) => {
            let second = second_language(*language);
            html! {
                (digits(number))
                p class="s" {
                    (t!(zh(), "display-please-come"))
                    @if second != Language::En {
                        small lang=(second.tag()) { (t!(Texts::of(second), "display-please-come")) }
                    }
                    small lang="en" { (t!(en(), "display-please-come")) }
                }
            }
        }
        Says::Serving(number) => html! {
            (digits(number))
            p class="s" {
                (t!(zh(), "display-serving"))
                small lang="en" { (t!(en(), "display-serving")) }
            }
        },
        Says::Paused(until) => {
            let until = until.map(|at| screens::format::hh_mm(local(state.zone(), at).1));
            let say = |texts: &'static Texts| match &until {
                Some(time) => t!(texts, "display-back-at", time = time.as_str()),
                None => t!(texts, "display-paused"),
            };
            big(&say(zh()), &say(en()))
        }
        Says::Closed => big(&t!(zh(), "display-closed"), &t!(en(), "display-closed")),
    }
}

fn digits(number: &str) -> Markup {
    let class = match number.len() {
        0..=4 => "n",
        5 => "n n5",
        _ => "n n6",
    };
    html! { p class=(class) { (number) } }
}

fn big(first: &str, second: &str) -> Markup {
    html! { p class="big" { (first) small lang="en" { (second) } } }
}

#[cfg(test)]
#[path = "counter_tests.rs"]
mod tests;
