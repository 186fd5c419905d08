//! What a visitor's page shows in each state of the ticket.

use std::borrow::Cow;

use jiff::tz::TimeZone;
use maud::{Markup, html};
use protocol::{Names, Pause, StationInfo, TicketPage};
use queue_core::{Estimate, IdentityRefusal, LegState, TicketState};
use screens::format::Wait;
use screens::{Icon, Language, PageHead, Texts, bi, bt, icon, page, t};

use super::Look;
use crate::pages::asset;
use crate::pages::fields::hh_mm;
use crate::pages::papers::checklist;
use crate::pages::rating::{face, score_words};
use crate::why::Rule;

/// Dots of people in front drawn at most.
const DOTS_MAX: usize = 6;
/// How many a visitor may let go first at once.
const DEFERRED: [u8; 3] = [1, 3, 5];
/// So many people in front remind the visitor.
const REMIND_AHEAD: usize = 2;
/// Without script the page comes again after so many seconds.
const REFRESH_S: u32 = 15;

/// Everything one rendering of the page shows.
pub(super) struct Phone<'a> {
    pub(super) info: &'a StationInfo,
    pub(super) page: &'a TicketPage,
    /// Where the station's log stood when the page was made.
    pub(super) seq: u64,
    pub(super) zone: &'a TimeZone,
    pub(super) look: &'a Look,
    /// The visitor's.
    pub(super) language: Language,
    /// Makes this rendering's forms act once each.
    pub(super) key: &'a str,
    /// The rule in force.
    pub(super) rule: &'a Rule,
    /// How often the visitor came back after having been missed.
    pub(super) returns: u8,
}

/// A name in a language and its companion, each marked with the language it is really in; once where both are the same.
pub(in crate::pages) fn names(names: &Names, language: Language) -> Markup {
    let in_language = |wanted: Language| {
        let found = [wanted, Language::En]
            .into_iter()
            .find(|l| names.0.contains_key(l.tag()))
            .unwrap_or_default();
        (found, names.get(found.tag()))
    };
    let (first, second) = (in_language(language), in_language(language.companion()));
    if first.0 == second.0 {
        html! { span lang=(first.0.tag()) { (first.1) } }
    } else {
        bi(first, second)
    }
}

/// An estimate as it is told.
pub(in crate::pages) fn wait_of(estimate: Option<&Estimate>) -> Wait {
    match estimate {
        Some(Estimate::NoWait) => Wait::AlmostNone,
        Some(Estimate::Range {
            low_min: 0,
            high_min,
            ..
        }) => Wait::Within(*high_min),
        Some(Estimate::Range {
            low_min, high_min, ..
        }) => Wait::Between(*low_min, *high_min),
        Some(Estimate::NoCounterOpen | Estimate::CountOnly) | None => Wait::Unknown,
    }
}

/// The page of an address that leads to no ticket.
pub(super) fn not_found(info: &StationInfo, look: &Look, language: Language) -> Markup {
    let texts = Texts::of(language);
    let title = t!(texts, "phone-not-found");
    let css = [asset("phone.css")];
    let head = PageHead {
        css: &css,
        theme: look.theme(),
        big_text: look.big_text(),
        body_class: "ph",
        ..PageHead::new(language, &title)
    };
    page(
        &head,
        html! {
            header class="p-top" { span { (info.name.get(language.tag())) } }
            main class="p-main" {
                section class="pc end" {
                    (icon(Icon::Ask))
                    h1 { (bt!(language, "phone-not-found")) }
                    p { (bt!(language, "phone-not-found-hint")) }
                    @if !info.phone.is_empty() { p { (bt!(language, "ticket-phone", phone = info.phone.as_str())) } }
                }
            }
        },
    )
}

impl Phone<'_> {
    /// The page.
    pub(super) fn page(&self) -> Markup {
        let ticket = &self.page.ticket;
        let number = ticket.number.to_string();
        let called = ticket.state == TicketState::Called;
        let over = matches!(
            ticket.state,
            TicketState::Cancelled | TicketState::Abandoned
        ) || (ticket.state == TicketState::NoShow && ticket.comeback.is_none());
        let settled = over || (ticket.state == TicketState::Done && ticket.rated);
        let title = t!(self.texts(), "phone-title", number = number.as_str());
        let css = [asset("phone.css")];
        let js = [asset("phone.js")];
        let data = [
            ("data-ticket", ticket.id.to_string()),
            ("data-zone", self.info.timezone.clone()),
        ];
        let head = PageHead {
            css: &css,
            js: &js,
            theme: self.look.theme(),
            big_text: self.look.big_text(),
            body_class: if called { "ph called" } else { "ph" },
            noscript_refresh_s: (!settled).then_some(REFRESH_S),
            data: &data,
            ..PageHead::new(self.language, &title)
        };
        let waiting = ticket.state == TicketState::Waiting;
        // Where it stands above the way to cancel.
        let before_call = matches!(
            ticket.state,
            TicketState::Waiting | TicketState::Unverified | TicketState::Enrolled
        );
        page(
            &head,
            html! {
                div id="app" data-seq=(self.seq) data-call=[ticket.call.filter(|_| called).map(|c| c.0)]
                    data-ahead=[waiting.then_some(ticket.ahead)] data-remind=(REMIND_AHEAD) {
                    header id="top" class="p-top" data-part { (self.top()) }
                    div id="notice" role="alert" { @if !self.look.refused.is_empty() { (self.refusal()) } @else if waiting { (self.deferred()) } }
                    main id="main" class=(if called { "cl" } else { "p-main" }) data-part {
                        @match ticket.state {
                            TicketState::Called if ticket.seat.is_some() => (self.session_called()),
                            TicketState::Called => (self.called()),
                            TicketState::Enrolled => (self.session()),
                            TicketState::Unverified if ticket.seat.is_some() => (self.session()),
                            TicketState::Waiting | TicketState::Unverified => (self.waiting()),
                            TicketState::Serving if ticket.seat.is_some() => (self.simple(Icon::Seat, bt!(self.language, "session-running"), self.window_line())),
                            TicketState::Serving => (self.simple(Icon::Desk, bt!(self.language, "phone-serving"), html! { (self.counter_line()) })),
                            TicketState::Held => (self.simple(Icon::Hold, bt!(self.language, "phone-held"), self.room())),
                            TicketState::Done => (self.done()),
                            TicketState::NoShow => (self.simple(Icon::NoShow, bt!(self.language, "phone-no-show"), self.come_back())),
                            TicketState::Cancelled => (self.simple(Icon::Cross, bt!(self.language, "phone-cancelled"), html! {
                                @if let Some(reason) = ticket.refused { p id="refused" { (self.refused(reason)) } }
                                p { (bt!(self.language, "phone-new-ticket")) }
                            })),
                            TicketState::Abandoned => (self.simple(Icon::Clock, bt!(self.language, "phone-ended"), self.hours())),
                        }
                        @if !called && !before_call { (self.matters()) }
                    }
                    @if waiting { (self.reminder()) }
                }
            },
        )
    }

    pub(super) fn texts(&self) -> &'static Texts {
        Texts::of(self.language)
    }

    fn refusal(&self) -> Markup {
        match self.look.refused.as_str() {
            "already_rated" => bt!(self.language, "rating-already"),
            "ticket_not_rateable" => bt!(self.language, "rating-closed"),
            "return_too_late" | "returns_used_up" => bt!(self.language, "phone-too-late"),
            "nobody_behind" => bt!(self.language, "phone-nobody-behind"),
            "day_closed" => bt!(self.language, "phone-ended"),
            _ => bt!(self.language, "page-unavailable"),
        }
    }

    /// That others have been let go first, just after it was asked for.
    fn deferred(&self) -> Markup {
        match self.look.deferred.parse::<u8>() {
            Ok(count) if count > 0 => bt!(self.language, "phone-let-go-done", count = count),
            _ => html! {},
        }
    }

    fn hours(&self) -> Markup {
        let (open, close) = &self.info.hours;
        html! { p { (bt!(self.language, "station-hours", open = open.as_str(), close = close.as_str())) } }
    }

    /// Station, big text, languages.
    fn top(&self) -> Markup {
        let texts = self.texts();
        let here = format!("/t/{}", self.page.ticket.id);
        let with = |look: Look| format!("{here}{}", look.alone());
        let other_size = Look {
            text: if self.look.big_text() {
                String::new()
            } else {
                "big".into()
            },
            ..self.look.clone()
        };
        html! {
            span class="st" { (self.info.name.get(self.language.tag())) }
            span class="b" {
                a id="big" href=(with(other_size)) aria-label=(t!(texts, "kiosk-big-text")) { (icon(Icon::Text)) }
                details id="languages" {
                    summary aria-label={ (t!(texts, "language")) "：" (self.language.own_name()) } {
                        (icon(Icon::Globe)) span { (self.language.own_name()) }
                    }
                    nav aria-label=(t!(texts, "language")) {
                        @for other in Language::ALL {
                            a href=(with(Look { lang: other.tag().into(), ..self.look.clone() })) lang=(other.tag())
                                aria-current=[(other == self.language).then_some("true")] { (other.own_name()) }
                        }
                    }
                }
            }
        }
    }

    /// How fresh the page is; the module changes it while the network is away.
    pub(super) fn freshness(&self) -> Markup {
        let texts = self.texts();
        let time = hh_mm(self.zone, self.page.at);
        html! {
            span class="live" role="status" data-live data-lost=(t!(texts, "phone-lost", time = time.as_str())) {
                i {} span data-state { (t!(texts, "live")) } " " span data-at data-ms=(self.page.at.0) { (time) }
            }
        }
    }

    /// Number and service, in every state but the call.
    pub(super) fn head(&self) -> Markup {
        let ticket = &self.page.ticket;
        html! {
            div class="t" {
                div {
                    p { (bt!(self.language, "issued-number")) }
                    h1 class="n" { (ticket.number) }
                    @if let Some(service) = self.info.service(&ticket.service) { p class="s" { (names(&service.name, self.language)) } }
                }
                (self.freshness())
            }
        }
    }

    fn waiting(&self) -> Markup {
        let ticket = &self.page.ticket;
        let texts = self.texts();
        let language = self.language;
        let documents = self
            .info
            .service(&ticket.service)
            .map(|s| s.documents.as_slice())
            .unwrap_or_default();
        let number = ticket.number.to_string();
        // Not called before the check: neither who is ahead nor how long it takes is known.
        let unverified = ticket.state == TicketState::Unverified;
        html! {
            section class="pc hero-p" aria-label=(t!(texts, "phone-title", number = number.as_str())) {
                (self.head())
                @if !unverified {
                    div class="nums" {
                        @if ticket.ahead == 0 {
                            div class="one" { b class="words" { (bt!(language, "wait-next")) } }
                        } @else {
                            div { p { (bt!(language, "phone-ahead")) } b { (ticket.ahead) " " small { (t!(texts, "label-people", count = ticket.ahead)) } } }
                        }
                        div { p { (bt!(language, "phone-wait")) } (self.estimate()) }
                    }
                }
                @if let Some(zone) = self.info.waiting_zone(&ticket.service) {
                    p id="zone" class="z" { (icon(Icon::Pin)) (self.in_both(|texts, tag| t!(texts, "zone-wait-in", zone = zone.name.get(tag)))) }
                }
                @if !unverified { (strip(ticket.in_front.len().min(DOTS_MAX), ticket.ahead, &t!(texts, "phone-you"))) }
                (self.passed_by())
            }
            @if unverified {
                section id="identity" class="pc note" role="status" { (icon(Icon::Passport)) p { (self.identity_desk()) } }
            }
            @if ticket.get_ready {
                section id="get-ready" class="pc note" role="status" { (icon(Icon::Bell)) p { (self.get_ready()) } }
            }
            @if ticket.estimate == Some(Estimate::NoCounterOpen) && !unverified {
                section class="pc note" { (icon(Icon::Clock)) p { (self.nobody_calls()) } }
            }
            section class="pc" data-reminder-place {}
            (self.matters())
            @if !documents.is_empty() {
                section class="pc" aria-labelledby="papers" {
                    h2 id="papers" { (bt!(language, "phone-prepare")) }
                    (checklist(documents, language))
                    (self.cases())
                }
            }
            (self.defer())
            (self.missed_rule())
            (self.rule())
            (self.give_up())
        }
    }

    /// The way to the papers of each case of the service, where they differ.
    fn cases(&self) -> Markup {
        let service = &self.page.ticket.service;
        let guide = self.info.guide.as_ref();
        let has_cases = guide.is_some_and(|guide| guide.cases(service).next().is_some());
        html! {
            @if has_cases {
                p class="to-cases" { a class="pl" href={ "/guide?service=" (service) "&lang=" (self.language.tag()) } { (bt!(self.language, "guide-cases")) } }
            }
        }
    }

    pub(super) fn give_up(&self) -> Markup {
        let ticket = &self.page.ticket;
        let language = self.language;
        html! {
            details id="cancel" class="cancel" {
                summary class="pl" { (bt!(language, "phone-cancel")) }
                form method="post" action={ "/t/" (ticket.id) "/cancel" (self.look.alone()) } class="pc" {
                    p { (bt!(language, "phone-cancel-sure")) }
                    input type="hidden" name="key" value=(self.key);
                    button type="submit" class="pb" { (bt!(language, "phone-cancel")) }
                    a class="pl" href={ "/t/" (ticket.id) (self.look.alone()) } { (bt!(language, "no")) }
                }
            }
        }
    }

    /// The services of the visit, where there are several: which is done, which is now, which come later.
    pub(super) fn matters(&self) -> Markup {
        let legs = &self.page.ticket.legs;
        let persons = self.page.ticket.persons;
        if legs.len() < 2 && persons < 2 {
            return html! {};
        }
        let texts = self.texts();
        let name = |service| self.info.service(service).map(|s| &s.name);
        html! {
            section id="matters" class="pc" aria-labelledby="matters-what" {
                h2 id="matters-what" { (bt!(self.language, "phone-matters")) }
                @if persons > 1 {
                    p id="persons" { (icon(Icon::Users)) " " (persons) " " (t!(texts, "label-people", count = persons)) }
                }
                ol class="docs" {
                    @for leg in legs {
                        li class=[(leg.state == LegState::Now).then_some("now")] {
                            @match leg.state {
                                LegState::Done => (icon(Icon::Check)),
                                LegState::Now => (icon(Icon::Right)),
                                LegState::ToCome => (icon(Icon::Clock)),
                            }
                            @if let Some(name) = name(&leg.service) { (names(name, self.language)) }
                            small {
                                @match leg.state {
                                    LegState::Done => (t!(texts, "phone-leg-done")),
                                    LegState::Now => (t!(texts, "phone-leg-now")),
                                    LegState::ToCome => (t!(texts, "phone-leg-to-come")),
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Where to go before the ticket can be called.
    pub(super) fn identity_desk(&self) -> Markup {
        let place = |tag: &str| {
            let place = self.info.identity_desk.as_ref();
            place.map_or("", |place| place.get(tag))
        };
        self.in_both(|texts, tag| t!(texts, "identity-first", place = place(tag)))
    }

    /// Words with a name in them, in the visitor's language and its companion.
    fn in_both(&self, say: impl Fn(&'static Texts, &str) -> Cow<'static, str>) -> Markup {
        let in_language = |language: Language| say(Texts::of(language), language.tag());
        let companion = self.language.companion();
        bi(
            (self.language, &in_language(self.language)),
            (companion, &in_language(companion)),
        )
    }

    fn refused(&self, reason: IdentityRefusal) -> Markup {
        match reason {
            IdentityRefusal::DocumentMissing => bt!(self.language, "identity-document_missing"),
            IdentityRefusal::DocumentExpired => bt!(self.language, "identity-document_expired"),
            IdentityRefusal::NotTheHolder => bt!(self.language, "identity-not_the_holder"),
            IdentityRefusal::NotEntitled => bt!(self.language, "identity-not_entitled"),
            IdentityRefusal::Other => bt!(self.language, "identity-other"),
        }
    }

    /// Nearly called, and in which zone, where it is another one than that in which the visitor waits.
    fn get_ready(&self) -> Markup {
        let ticket = &self.page.ticket;
        let counter = ticket.ready_for.as_ref();
        match counter.and_then(|counter| self.info.other_zone(&ticket.service, counter)) {
            Some(zone) => self
                .in_both(|texts, tag| t!(texts, "phone-get-ready-in", zone = zone.name.get(tag))),
            None => bt!(self.language, "phone-get-ready"),
        }
    }

    /// Lets others go first.
    fn defer(&self) -> Markup {
        let ticket = &self.page.ticket;
        let offered = |count: &u8| usize::from(*count) <= ticket.behind;
        if ticket.behind == 0 {
            return html! {};
        }
        html! {
            form id="defer" method="post" action={ "/t/" (ticket.id) "/defer" (self.look.alone()) } {
                input type="hidden" name="key" value=(self.key);
                @for count in DEFERRED.into_iter().filter(offered) {
                    button type="submit" class="pb" name="count" value=(count) { (bt!(self.language, "phone-let-go", count = count)) }
                }
            }
        }
    }

    /// How a missed visitor gets back into the line.
    fn come_back(&self) -> Markup {
        let ticket = &self.page.ticket;
        let Some(back) = &ticket.comeback else {
            let too_late = self.rule.lets_come_back();
            return html! {
                p {
                    @if too_late { (bt!(self.language, "phone-too-late")) }
                    @else { (bt!(self.language, "phone-no-show-hint")) }
                }
            };
        };
        let time = hh_mm(self.zone, back.until);
        html! {
            p { (bt!(self.language, "phone-come-back-until", time = time.as_str(), place = back.ahead + 1)) }
            form id="come-back" method="post" action={ "/t/" (ticket.id) "/return" (self.look.alone()) } {
                input type="hidden" name="key" value=(self.key);
                button type="submit" class="pb" { (bt!(self.language, "phone-come-back")) }
            }
        }
    }

    /// Where a visitor on hold was asked to wait.
    fn room(&self) -> Markup {
        html! {
            @if let Some(room) = &self.page.ticket.room {
                p { (bt!(self.language, "phone-room", room = room.as_str())) }
            }
        }
    }

    fn estimate(&self) -> Markup {
        let wait = wait_of(self.page.ticket.estimate.as_ref());
        match wait.digits() {
            Some(digits) => {
                html! { b { (digits) " " small { (t!(self.texts(), "label-minutes")) } } }
            }
            None => html! { b class="words" { (wait.text(self.texts())) } },
        }
    }

    /// Why nobody is called, to somebody who has a number.
    fn nobody_calls(&self) -> Markup {
        match self.page.pause {
            None => bt!(self.language, "phone-no-counter"),
            Some(Pause { until: None }) => bt!(self.language, "phone-paused"),
            Some(Pause { until: Some(at) }) => {
                let time = hh_mm(self.zone, at);
                bt!(self.language, "phone-paused-until", time = time.as_str())
            }
        }
    }

    /// The reminder needs script; the module takes it out of its template.
    fn reminder(&self) -> Markup {
        let texts = self.texts();
        html! {
            template id="reminder" {
                button type="button" id="remind" class="tg" role="switch" aria-checked="false" {
                    (icon(Icon::Bell))
                    span { b { (t!(texts, "phone-remind")) } small { (t!(texts, "phone-remind-hint", count = REMIND_AHEAD)) } small { (t!(texts, "phone-keep-open")) } }
                    span class="sw" {}
                }
            }
        }
    }

    fn called(&self) -> Markup {
        let ticket = &self.page.ticket;
        let language = self.language;
        let counter = ticket
            .counter
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        let second = Texts::of(language.companion());
        html! {
            div role="alert" class="alarm" {
                h1 class="a" { (bt!(language, "phone-turn")) }
                @if ticket.calls > 1 { p class="again" { (bt!(language, "hall-again", count = ticket.calls)) } }
                p class="tk" {
                    b { (ticket.number) } "　"
                    @if let Some(service) = self.info.service(&ticket.service) { (service.short_name.get(language.tag())) }
                }
                div class="k" {
                    p { (t!(self.texts(), "phone-go-to")) }
                    b { (counter) }
                    p lang=(language.companion().tag()) { (t!(second, "counter-number", counter = counter.as_str())) }
                }
                (self.zone_of_counter())
                (self.direction())
            }
            (self.freshness())
        }
    }

    /// In which zone the counter is.
    fn zone_of_counter(&self) -> Markup {
        let counter = self.page.ticket.counter.as_ref();
        match counter.and_then(|counter| self.info.counter_zone(counter)) {
            Some(zone) => html! { p class="w" { (names(&zone.name, self.language)) } },
            None => html! {},
        }
    }

    /// Which way to walk, where the station says so.
    fn direction(&self) -> Markup {
        let counter = self.page.ticket.counter.as_ref();
        let info = counter.and_then(|id| self.info.counters.iter().find(|c| c.id == *id));
        let way = match info.map(|c| c.direction.as_str()) {
            Some("left") => (Icon::Left, bt!(self.language, "phone-direction-left")),
            Some("right") => (Icon::Right, bt!(self.language, "phone-direction-right")),
            Some("up") => (Icon::Up, bt!(self.language, "phone-direction-up")),
            _ => return html! {},
        };
        html! { p class="w" { (icon(way.0)) (way.1) } }
    }

    fn counter_line(&self) -> Markup {
        match &self.page.ticket.counter {
            Some(counter) => {
                html! { p { (bt!(self.language, "counter-number", counter = counter.as_str())) } }
            }
            None => html! {},
        }
    }

    fn simple(&self, sign: Icon, words: Markup, more: Markup) -> Markup {
        html! {
            section class="pc hero-p" { (self.head()) }
            section class="pc end" { (icon(sign)) h2 { (words) } (more) }
        }
    }

    fn done(&self) -> Markup {
        let ticket = &self.page.ticket;
        let language = self.language;
        html! {
            section class="pc hero-p" { (self.head()) }
            section class="pc end" {
                (icon(Icon::Check))
                h2 { (bt!(language, "phone-served")) }
                p { @if ticket.rated { (bt!(language, "rating-thanks")) } @else { (bt!(language, "phone-thanks")) } }
            }
            @if !ticket.rated && self.page.open {
                section class="pc" aria-labelledby="rate" {
                    h2 id="rate" { (bt!(language, "rating-title")) }
                    form method="post" action={ "/t/" (ticket.id) "/rate" (self.look.alone()) } class="rate" {
                        input type="hidden" name="key" value=(self.key);
                        @for score in (1..=5_u8).rev() {
                            button type="submit" name="score" value=(score) id={ "score-" (score) } { (face(score)) (score_words(language, score)) }
                        }
                    }
                    p class="rule" { (bt!(language, "rating-anonymous")) }
                }
            }
        }
    }
}

/// The way to the counter, one dot per person in front.
fn strip(dots: usize, ahead: usize, you: &str) -> Markup {
    html! {
        div class="strip" aria-hidden="true" {
            span class="ct" { (icon(Icon::Desk)) }
            @for _ in 0..dots { span class="d" {} }
            @if ahead > dots { span class="more" { "+" (ahead - dots) } }
            span class="you" { (you) }
        }
    }
}
