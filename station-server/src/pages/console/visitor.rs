//! The middle of the console: the visitor called or served, or why there is none.

use maud::{Markup, html};
use protocol::{CurrentVisitor, TrailStep};
use queue_core::{CounterState, TicketState};
use screens::format::mm_ss;
use screens::{Icon, icon, t};

use super::look::Tab;
use super::render::{Desk, PRIORITY, minutes, seconds};

/// Circumference of the ring round the clock, radius 76.
const RING: f64 = 477.5;
/// Time for which a called visitor is expected, milliseconds.
const CALLED_MS: i64 = 60_000;

impl Desk<'_> {
    /// The visitor, or the way to the next one.
    pub(super) fn middle(&self) -> Markup {
        let texts = self.texts();
        match (&self.view.current, &self.view.state) {
            (Some(visitor), _) => html! {
                (self.card(visitor))
                (self.actions(visitor))
                (self.notes(visitor))
            },
            (None, _) if self.view.day.is_none() => {
                self.resting(Icon::Clock, &t!(texts, "error-day_closed"), html! {})
            }
            (None, CounterState::Open) => match self.picked {
                Some(picked) => self.why_picked(picked),
                None => self.idle(),
            },
            (None, CounterState::Paused { reason, until }) => {
                let back = match until {
                    Some(at) => t!(texts, "counter-back-at", time = self.hh_mm(*at)),
                    None => t!(texts, "counter-paused"),
                };
                let main = self.open_button(
                    &t!(texts, "action-resume-counter"),
                    "F2　Shift+F4",
                    "F2 NumpadEnter Shift+F4",
                );
                self.resting(
                    Icon::Pause,
                    &back,
                    html! { p { (self.pause_reason(reason)) } (main) },
                )
            }
            (None, CounterState::Closed) => {
                let main = self.open_button(&t!(texts, "action-open"), "F2", "F2 NumpadEnter");
                self.resting(
                    Icon::Desk,
                    &t!(texts, "counter-closed"),
                    html! { p { (t!(texts, "console-open-first")) } (main) },
                )
            }
        }
    }

    fn resting(&self, sign: Icon, headline: &str, rest: Markup) -> Markup {
        html! { section class="card idle" { div { p class="rest" { (icon(sign)) (headline) } (rest) } } }
    }

    fn open_button(&self, words: &str, hint: &str, keys: &str) -> Markup {
        self.form(
            "open",
            "",
            html! {
                button type="submit" id="do-open" class="bt pri" data-keys=(keys) {
                    (icon(Icon::Check)) span { (words) } kbd { (hint) }
                }
            },
        )
    }

    /// With nobody to be called: whoever comes next is.
    fn store_next(&self) -> Markup {
        let texts = self.texts();
        let routing = &self.view.routing;
        html! {
            @if routing.next_stored {
                p class="auto" role="status" { (t!(texts, "console-next-stored")) }
                div class="alt" {
                    (self.form("store-next", "", html! {
                        button type="submit" id="do-forget-next" class="bt" name="on" value="false" {
                            (icon(Icon::Cross)) span { (t!(texts, "console-forget-next")) }
                        }
                    }))
                }
            } @else if routing.auto_call_at.is_none() {
                (self.form("store-next", "", html! {
                    button type="submit" id="do-store-next" class="bt pri" name="on" value="true" data-keys="F2 NumpadEnter" {
                        (icon(Icon::Megaphone))
                        span { (t!(texts, "console-store-next")) }
                        kbd { "F2　" (t!(texts, "console-key-numpad")) " Enter" }
                    }
                }))
            }
        }
    }

    /// When the counter calls by itself, or why it does not.
    fn auto_call(&self) -> Markup {
        let texts = self.texts();
        let routing = &self.view.routing;
        html! {
            @if let Some(at) = routing.auto_call_at.filter(|_| routing.auto_call && !routing.next_stored) {
                @let left_s = at.since_ms(self.view.at).div_euclid(1000).max(0);
                @if self.view.next.is_some() && left_s > 0 {
                    p class="auto" { (t!(texts, "console-auto-in")) " " b data-clock="until" data-ms=(at.0) { (left_s) } " " (t!(texts, "console-seconds-unit")) }
                } @else {
                    p class="auto" { (t!(texts, "console-auto-on")) }
                }
            } @else if routing.auto_call {
                p class="auto" { (t!(texts, "console-auto-held")) }
            }
        }
    }

    fn idle(&self) -> Markup {
        let texts = self.texts();
        let view = self.view;
        html! {
            section class="card idle" {
                div {
                    @if let Some(next) = &view.next {
                        (self.form("call-next", "", html! {
                            button type="submit" id="do-call-next" class="bt pri" data-keys="F2 NumpadEnter" {
                                (icon(Icon::Megaphone))
                                span { (t!(texts, "action-call-next-number", number = next.number.to_string())) }
                                kbd { "F2　" (t!(texts, "console-key-numpad")) " Enter" }
                            }
                        }))
                        p {
                            (self.short_name(&next.service)) "　"
                            b {
                                (t!(texts, "console-waited")) " "
                                span data-since-min data-ms=(next.issued_at.0) { (minutes(view.at, next.issued_at)) } " "
                                (t!(texts, "console-minutes-unit"))
                            } "　"
                            (t!(texts, "console-in-queue", count = view.waiting_count))
                        }
                    } @else {
                        p class="rest" { (icon(Icon::Users)) (t!(texts, "console-nobody")) }
                        p { (t!(texts, "console-station-waiting")) " " b { (view.station_waiting) } }
                        (self.unverified())
                        (self.store_next())
                    }
                    (self.auto_call())
                    div class="alt" {
                        label class="bt" for="call-number" { (icon(Icon::Keyboard)) span { (t!(texts, "action-call")) } }
                        (self.alternative(Tab::Held, Icon::Hold, &t!(texts, "console-held"), view.held.len()))
                        (self.alternative(Tab::NoShow, Icon::NoShow, &t!(texts, "console-no-show"), view.no_show.len()))
                        @if view.next.is_none() {
                            (self.alternative(Tab::Station, Icon::Grid, &t!(texts, "console-station"), view.station_waiting))
                        }
                    }
                }
            }
        }
    }

    fn alternative(&self, tab: Tab, sign: Icon, words: &str, count: usize) -> Markup {
        html! {
            a class="bt" id={ "alt-" (tab.word()) } data-swap href=(self.tab_address(tab)) {
                (icon(sign)) span { (words) " " b { (count) } }
            }
        }
    }

    fn card(&self, visitor: &CurrentVisitor) -> Markup {
        let texts = self.texts();
        let serving = visitor.state == TicketState::Serving;
        let waited = visitor
            .first_called_at
            .unwrap_or(self.view.at)
            .since_ms(visitor.issued_at);
        html! {
            section class="card cur" aria-label=(t!(texts, "console-current")) {
                div {
                    p class=(if serving { "lab" } else { "lab calling" }) {
                        i {} @if serving { (t!(texts, "counter-serving")) } @else { (t!(texts, "counter-called")) }
                    }
                    p class="n" { (visitor.number) }
                }
                div {
                    p class="svc" { (self.name(&visitor.service)) }
                    div class="tags" {
                        @if let Some(tag) = &visitor.language {
                            span class="tag lang" { (icon(Icon::Globe)) (self.language(tag.as_str())) }
                        }
                        @if visitor.class.as_str() == PRIORITY {
                            span class="tag pri" { (icon(Icon::Priority)) (t!(texts, "console-priority")) }
                        }
                        @if let Some(slot) = visitor.slot {
                            span class="tag booked" { (icon(Icon::Clock)) (self.booked(slot)) }
                        }
                        @if !serving && visitor.call.is_some() {
                            span class=(if visitor.announced_by.is_empty() { "tag" } else { "tag told" }) {
                                @if visitor.announced_by.is_empty() { (t!(texts, "console-announcing")) }
                                @else { (icon(Icon::Check)) (t!(texts, "console-announced", count = visitor.announced_by.len())) }
                            }
                        }
                        @if visitor.persons > 1 {
                            span class="tag" { (icon(Icon::Users)) (t!(texts, "console-persons", count = visitor.persons)) }
                        }
                        (self.what_follows(visitor))
                        @if visitor.rating_invited {
                            span class="tag" { (icon(Icon::Star)) (t!(texts, "toast-rating-asked")) }
                        }
                    }
                    dl {
                        dt { (t!(texts, "console-issued")) }
                        dd { (self.hh_mm(visitor.issued_at)) "　" (self.channel(visitor.channel.as_str())) }
                        dt { (t!(texts, "console-waited")) }
                        dd { (t!(texts, "console-minutes", count = waited / 60_000)) }
                    }
                }
                (self.timer(visitor, serving))
            }
        }
    }

    fn timer(&self, visitor: &CurrentVisitor, serving: bool) -> Markup {
        let texts = self.texts();
        let since = if serving {
            visitor.started_at
        } else {
            visitor.called_at
        }
        .unwrap_or(self.view.at);
        let usual = visitor.usual_handling_s.filter(|_| serving);
        let full_ms = usual
            .map_or(CALLED_MS, |(_, high_s)| i64::from(high_s) * 1000)
            .max(1);
        let share = (self.view.at.since_ms(since) as f64 / full_ms as f64).min(1.0);
        let ring = !serving || usual.is_some();
        html! {
            div class="clock" role="timer" {
                svg class="g" viewBox="0 0 168 168" aria-hidden="true" {
                    circle class="all" cx="84" cy="84" r="76" {}
                    @if ring {
                        circle class="part" data-ring cx="84" cy="84" r="76" data-ms=(since.0) data-full-ms=(full_ms)
                            stroke-dasharray=(format!("{:.1} {RING}", share * RING)) {}
                    }
                }
                div {
                    b data-clock="since" data-ms=(since.0) { (mm_ss(seconds(self.view.at, since))) }
                    @if !serving {
                        span { (t!(texts, "console-called-times", count = visitor.calls)) }
                    } @else if let Some((low_s, high_s)) = usual {
                        span { (t!(texts, "console-usual")) }
                        span { (t!(texts, "console-usual-range", low = low_s / 60, high = high_s.div_ceil(60))) }
                    }
                }
            }
        }
    }

    fn notes(&self, visitor: &CurrentVisitor) -> Markup {
        let texts = self.texts();
        let documents = self
            .info
            .service(&visitor.service)
            .map(|s| s.documents.as_slice())
            .unwrap_or_default();
        let last = visitor.trail.len().saturating_sub(1);
        html! {
            section class="card notes" {
                section aria-labelledby=(if documents.is_empty() { "matters" } else { "papers" }) {
                    @if !documents.is_empty() {
                        h2 id="papers" { (icon(Icon::Document)) (t!(texts, "console-documents")) }
                        ul class="ck" { @for paper in documents { li { (icon(Icon::Document)) span { (paper.get(self.tag())) } } } }
                    }
                    (self.matters(visitor))
                }
                section aria-labelledby="trail" {
                    h2 id="trail" { (icon(Icon::Clock)) (t!(texts, "console-trail")) }
                    ol class="tl" {
                        @for (index, step) in visitor.trail.iter().enumerate() {
                            li class=[(index == last).then_some("now")] {
                                time { (self.hh_mm(step.at)) } i {} span { (self.step(step, visitor)) }
                            }
                        }
                    }
                    (self.why(visitor))
                }
            }
        }
    }

    fn step(&self, step: &TrailStep, visitor: &CurrentVisitor) -> Markup {
        let texts = self.texts();
        html! {
            @match step.what.as_str() {
                "issued" => { (t!(texts, "console-issued")) (self.clause()) (self.channel(visitor.channel.as_str())) }
                "verified" => (t!(texts, "console-verified")),
                "leg" => {
                    @if let Some(leg) = &step.leg {
                        @let service = self.short_name(&leg.service);
                        @match &leg.counter {
                            Some(counter) => (t!(texts, "console-leg", service = service, counter = counter.as_str())),
                            None => (service),
                        }
                    }
                }
                "resumed" => (t!(texts, "console-resumed")),
                "called" | "recalled" => (t!(texts, "console-called-times", count = step.count)),
                _ => {
                    @match visitor.called_at.filter(|called| *called <= step.at) {
                        Some(called) => (t!(texts, "console-walked", seconds = seconds(step.at, called))),
                        None => (t!(texts, "console-started")),
                    }
                }
            }
        }
    }
}
