//! What the first page offers beside the services: going first, an appointment, the guide, other languages, another look.

use maud::{Markup, html};
use protocol::StationInfo;
use screens::{Icon, Texts, icon, t};

use super::guide;
use super::modes::{Modes, Switch};
use super::parts::both;
use crate::agent::Kiosk;

/// Beside taking a ticket: going first, checking in with an appointment, and questions for who does not know what to take.
/// Of appointments only the server knows: `is_alone`, there is no way to them.
pub(super) fn other_ways(
    kiosk: &Kiosk,
    station: &StationInfo,
    modes: Modes,
    is_alone: bool,
) -> Markup {
    let has_priority = kiosk.settings().priority_class.is_some();
    let has_appointments = station.appointments.is_some() && !is_alone;
    let ways = [
        has_priority.then(|| priority(modes)),
        has_appointments.then(|| appointment(modes)),
        // Beside what is said of being alone there is no room for it.
        guide::button(station.guide.as_ref().filter(|_| !is_alone), modes),
    ];
    let ways: Vec<_> = ways.into_iter().flatten().collect();
    match ways.as_slice() {
        [] => html! {},
        [only] => only.clone(),
        several => html! { div class="pair" { @for way in several { (way) } } },
    }
}

fn appointment(modes: Modes) -> Markup {
    html! {
        div class="trio" {
            a class="tb" href={ "/appointment" (modes.query()) } {
                (icon(Icon::Calendar))
                span { (both!(modes.language, "kiosk-appointment")) }
            }
        }
    }
}

fn priority(modes: Modes) -> Markup {
    let language = modes.language;
    let switch = Switch::Priority;
    html! {
        form class="trio" method="get" action="/" {
            (modes.fields(switch.name()))
            button class="tb" type="submit" name=(switch.name()) value=(toggled(modes, switch))
                aria-pressed=(modes.priority) {
                (icon(Icon::Priority))
                span {
                    (both!(language, "kiosk-priority"))
                }
                span class="who" lang=(language.tag()) { (t!(Texts::of(language), "kiosk-priority-who")) }
            }
        }
    }
}

/// What a switch's button sends: on when it is off.
fn toggled(modes: Modes, switch: Switch) -> &'static str {
    match modes.is_on(switch) {
        true => "",
        false => switch.on(),
    }
}

pub(super) fn languages(kiosk: &Kiosk, modes: Modes, class: &str) -> Markup {
    html! {
        form class=(class) method="get" action="/"
            aria-label=(t!(Texts::of(modes.language), "language")) {
            (modes.fields("lang"))
            @for language in &kiosk.settings().languages {
                button class="lg" type="submit" name="lang" value=(language.tag()) lang=(language.tag())
                    aria-pressed=(*language == modes.language) { (language.own_name()) }
            }
        }
    }
}

pub(super) fn accessibility(modes: Modes) -> Markup {
    let language = modes.language;
    html! {
        div class="k-a11y" role="group" aria-label=(t!(Texts::of(language), "kiosk-accessibility")) {
            form method="get" action="/languages" class="one" {
                (modes.fields(""))
                button class="lg one" type="submit" {
                    span class="gl" { (icon(Icon::Globe)) span lang="en" aria-hidden="true" { "ABC" } }
                    span lang=(language.tag()) { (t!(Texts::of(language), "language")) }
                }
            }
            (access(modes, Switch::Big, Icon::Text, &both!(language, "kiosk-big-text")))
            (access(modes, Switch::Contrast, Icon::Contrast, &both!(language, "kiosk-contrast")))
            @if modes.low {
                (access(modes, Switch::Low, Icon::Raise, &both!(language, "kiosk-raise")))
            } @else {
                (access(modes, Switch::Low, Icon::Lower, &both!(language, "kiosk-lower")))
            }
        }
    }
}

fn access(modes: Modes, switch: Switch, sign: Icon, words: &Markup) -> Markup {
    // The button that brings the controls up again says so itself; a pressed state beside it would say the opposite.
    let pressed = (switch != Switch::Low).then(|| modes.is_on(switch).to_string());
    html! {
        form method="get" action="/" {
            (modes.fields(switch.name()))
            button class={ "ab" @if modes.is_on(switch) { " on" } } type="submit" name=(switch.name())
                value=(toggled(modes, switch)) aria-pressed=[pressed] {
                (icon(sign))
                span { (words) }
            }
        }
    }
}
