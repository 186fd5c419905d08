//! The whole console: bar, middle, lists, foot, and the words and forms its parts share.

use std::borrow::Cow;

use jiff::tz::TimeZone;
use maud::{Markup, html};
use protocol::{CounterView, ProfileInfo, StationInfo};
use queue_core::{Board, CounterState, ServiceId, StationTime, TicketState};
use screens::format::mm_ss;
use screens::{Icon, Language, PageHead, Texts, icon, page, t};

use super::look::{Look, Tab};
use super::pick::Picked;
use crate::pages::asset;
use crate::pages::device_words::Trouble;
use crate::pages::fields::refusal;
use crate::pages::look::Look as PageLook;
use crate::why::Rule;

/// The class of visitors who are served sooner.
pub(super) const PRIORITY: &str = "priority";
/// Lengths of a pause that are offered, minutes.
const PAUSES_MIN: [u32; 5] = [5, 10, 15, 30, 60];

/// Everything one rendering of a console shows.
pub(super) struct Desk<'a> {
    /// Names and texts of the station.
    pub(super) info: &'a StationInfo,
    /// Sets of services that it may be switched to.
    pub(super) profiles: &'a [ProfileInfo],
    /// The counter.
    pub(super) view: &'a CounterView,
    /// The station.
    pub(super) board: &'a Board,
    /// The station's time zone.
    pub(super) zone: &'a TimeZone,
    /// List, width, colours.
    pub(super) look: &'a Look,
    /// Whom somebody wants to call out of turn.
    pub(super) picked: Option<&'a Picked>,
    /// Makes this rendering's forms act once each.
    pub(super) key: &'a str,
    /// Who works here.
    pub(super) staff_name: Option<&'a str>,
    /// Who is logged in.
    pub(super) own_name: Option<&'a str>,
    /// Somebody else is logged in than the counter was opened by.
    pub(super) may_take_over: bool,
    /// Devices in trouble that staff at a counter should know of.
    pub(super) troubles: &'a [Trouble],
    /// Nothing can be stored.
    pub(super) storage_fault: bool,
    /// The rule in force.
    pub(super) rule: &'a Rule,
}

/// The page of a counter that does not exist.
pub(super) fn unknown_counter(look: PageLook) -> Markup {
    let words = t!(look.texts(), "error-unknown_counter");
    let css = [asset("console.css")];
    let head = PageHead {
        css: &css,
        theme: look.theme,
        ..PageHead::new(look.language, &words)
    };
    page(
        &head,
        html! { main class="con-none" { h1 { (words) } p { a href="/" { (t!(look.texts(), "chief-home")) } } } },
    )
}

/// Whole minutes from one moment to a later one.
pub(super) fn minutes(now: StationTime, since: StationTime) -> i64 {
    now.since_ms(since) / 60_000
}

/// Whole seconds from one moment to a later one.
pub(super) fn seconds(now: StationTime, since: StationTime) -> u32 {
    u32::try_from(now.since_ms(since) / 1000).unwrap_or(u32::MAX)
}

impl Desk<'_> {
    /// The words of its language.
    pub(super) fn texts(&self) -> &'static Texts {
        self.look.page().texts()
    }

    /// The language of names.
    pub(super) fn tag(&self) -> &'static str {
        self.look.language().tag()
    }

    fn is_chinese(&self) -> bool {
        self.look.language() == Language::ZhHantTw
    }

    /// Between the things of a list.
    pub(super) fn comma(&self) -> &'static str {
        if self.is_chinese() { "、" } else { ", " }
    }

    /// Between the clauses of a sentence.
    pub(super) fn clause(&self) -> &'static str {
        if self.is_chinese() { "，" } else { ", " }
    }

    fn colon(&self) -> &'static str {
        if self.is_chinese() { "：" } else { ": " }
    }

    fn troubles_in_short(&self) -> String {
        let words: Vec<String> = self
            .troubles
            .iter()
            .map(|trouble| trouble.in_short(self.look.language()))
            .collect();
        words.join(if self.is_chinese() { "；" } else { "; " })
    }

    /// The page.
    pub(super) fn page(&self) -> Markup {
        let texts = self.texts();
        let counter = self.view.counter.as_str();
        let title = t!(texts, "console-title", counter = counter);
        let css = [asset("console.css")];
        let js = [asset("console.js"), screens::assets::asset_url("clock.js")];
        let mut data = vec![("data-counter", counter.to_owned())];
        if self.look.is_dock() {
            data.push(("data-mode", "dock".to_owned()));
        }
        let head = PageHead {
            css: &css,
            js: &js,
            theme: self.look.page().theme,
            body_class: "con",
            noscript_refresh_s: Some(10),
            data: &data,
            ..PageHead::new(self.look.language(), &title)
        };
        page(
            &head,
            html! {
                div id="notice" role="status" data-failed=(t!(texts, "console-failed")) data-offline=(t!(texts, "reason-offline")) data-early=(t!(texts, "console-early")) {
                    @if !self.look.refused.is_empty() { p { (icon(Icon::Warning)) (refusal(texts, &self.look.refused)) } }
                }
                p id="say" class="sr" role="status" {}
                div id="app" data-why=(self.why_not_a_visitors()) data-why-main=(self.why_not_main()) {
                    header id="bar" class="c-top" data-part { (self.bar()) }
                    main id="middle" class="c-main" data-part { h1 class="sr" { (title) } (self.middle()) }
                    aside id="queue" class="q" data-part aria-label=(t!(texts, "console-queue")) { (self.queue()) }
                    footer id="foot" class="c-bot" data-part { (self.foot()) }
                    div id="pressed" role="status" data-part {
                        @if let Some(code) = &self.view.refused_press {
                            p { (icon(Icon::Warning)) (t!(texts, "console-pad-refused", why = refusal(texts, code).as_ref())) }
                        }
                    }
                    section id="undo" data-part aria-label=(t!(texts, "action-undo")) { (self.undo()) }
                }
            },
        )
    }

    /// A form of this counter that acts once.
    pub(super) fn form(&self, action: &str, class: &str, content: Markup) -> Markup {
        let address = self.look.form_address(self.view.counter.as_str(), action);
        html! {
            form method="post" action=(address)
                class=[(!class.is_empty()).then_some(class)] {
                input type="hidden" name="key" value=(self.key);
                (content)
            }
        }
    }

    /// Why what is done with a visitor cannot be done now, for keys without a button on the page.
    fn why_not_a_visitors(&self) -> Cow<'static, str> {
        let texts = self.texts();
        match (&self.view.current, &self.view.state) {
            (Some(visitor), _) if visitor.rating_invited => t!(texts, "toast-rating-asked"),
            (Some(_), _) => t!(texts, "error-not_serving"),
            (None, CounterState::Open) => t!(texts, "error-counter_idle"),
            (None, _) => self.why_not_main(),
        }
    }

    /// Why the main key does nothing where there is no main button, and why no number can be called.
    pub(super) fn why_not_main(&self) -> Cow<'static, str> {
        let texts = self.texts();
        if self.view.current.is_some() {
            return t!(texts, "error-counter_busy");
        }
        if self.view.day.is_none() {
            return t!(texts, "error-day_closed");
        }
        match self.view.state {
            CounterState::Closed => t!(texts, "error-counter_closed"),
            CounterState::Paused { .. } => t!(texts, "error-counter_paused"),
            CounterState::Open => t!(texts, "error-nobody_waiting"),
        }
    }

    fn bar(&self) -> Markup {
        let texts = self.texts();
        let view = self.view;
        html! {
            p class="ctr" aria-label=(t!(texts, "counter-number", counter = view.counter.as_str())) {
                b { (view.counter) } span { (t!(texts, "console-after-number")) }
            }
            p class="mt who" { (self.info.name.get(self.tag())) "　" (self.who()) }
            @if let Some(profile) = self.profile() { p class="mt" { (icon(Icon::Transfer)) (profile.name.get(self.tag())) } }
            span class="sp" {}
            @if self.storage_fault {
                p class="mt bad" role="alert" { (icon(Icon::Warning)) (t!(texts, "console-storage-fault")) }
            } @else if self.troubles.is_empty() {
                p class="mt known" { (icon(Icon::Check)) (t!(texts, "console-devices-ok")) }
            } @else {
                p class="mt bad known" { (icon(Icon::Warning)) (t!(texts, "console-troubles", devices = self.troubles_in_short())) }
            }
            p class="mt unknown" { (icon(Icon::Warning)) (t!(texts, "console-devices-unknown")) }
            p id="lost" class="mt lost" { (icon(Icon::NoNetwork)) (t!(texts, "console-lost", time = self.hh_mm(view.at))) }
            (self.menu())
            span class="tm" { (screens::shell::clock(&self.hh_mm(view.at), view.at.0, &self.info.timezone)) }
        }
    }

    /// Who works here, and who looks on where that is somebody else.
    fn who(&self) -> Cow<'static, str> {
        let texts = self.texts();
        match (self.staff_name, self.own_name) {
            (Some(works), Some(own)) if works != own => {
                t!(texts, "console-works-and-you", works = works, you = own)
            }
            (Some(works), _) => t!(texts, "console-works", works = works),
            (None, Some(own)) if self.view.state != CounterState::Closed => {
                t!(texts, "console-nobody-and-you", you = own)
            }
            (None, Some(own)) => t!(texts, "console-you", you = own),
            (None, None) => t!(texts, "console-unnamed"),
        }
    }

    /// The counter's state, and what can be made of it.
    fn menu(&self) -> Markup {
        let texts = self.texts();
        let (sign, state) = match (&self.view.state, &self.view.current) {
            (CounterState::Closed, _) => ("off", t!(texts, "counter-closed")),
            (CounterState::Paused { .. }, _) => ("rest", t!(texts, "counter-paused")),
            (CounterState::Open, Some(visitor)) if visitor.state == TicketState::Called => {
                ("on", t!(texts, "counter-called"))
            }
            (CounterState::Open, Some(_)) => ("on", t!(texts, "counter-serving")),
            (CounterState::Open, None) => ("on", t!(texts, "counter-idle")),
        };
        let open = self.view.state == CounterState::Open;
        let free = self.view.current.is_none();
        html! {
            details id="menu" class="pop" {
                summary id="menu-open" class="st" aria-label={ (t!(texts, "console-menu")) (self.colon()) (state) }
                    data-keys=[open.then_some("Shift+F4")] data-hold=[open.then_some("Numpad9")] {
                    i class={ "d " (sign) } {} span { (state) } (icon(Icon::ChevronDown))
                }
                div class="panel" {
                    (self.why_in_menu())
                    @if open && free { (self.pause()) }
                    @if open && !free { p class="why" { (t!(texts, "error-counter_busy")) } }
                    @if open && self.may_take_over { (self.small("open", &t!(texts, "console-take-over"))) }
                    @if !open { (self.small("open", &(if self.view.state == CounterState::Closed { t!(texts, "action-open") } else { t!(texts, "action-resume-counter") }))) }
                    @if self.view.state != CounterState::Closed && free { (self.small("close", &t!(texts, "action-close"))) }
                    @if self.view.day.is_some() { (self.routing()) }
                    (self.look.switches(self.view.counter.as_str()))
                    form method="post" action=(self.look.page().href("/logout")) { button type="submit" class="row" { (t!(texts, "logout")) } }
                }
            }
        }
    }

    /// The set of services the counter was switched to.
    fn profile(&self) -> Option<&ProfileInfo> {
        let chosen = self.view.routing.profile.as_ref()?;
        self.profiles.iter().find(|profile| profile.id == *chosen)
    }

    /// How visitors come to the counter: by itself or not, and of which services.
    fn routing(&self) -> Markup {
        let texts = self.texts();
        let routing = &self.view.routing;
        let pressed = |on: bool| if on { "true" } else { "false" };
        html! {
            (self.form("auto-call", "", html! {
                button type="submit" class="row" name="on" value=(pressed(!routing.auto_call)) aria-pressed=(pressed(routing.auto_call)) {
                    (t!(texts, "console-auto-call"))
                }
            }))
            @if !self.profiles.is_empty() {
                (self.form("profile", "pick", html! {
                    p id="profile-what" { (t!(texts, "console-profile")) }
                    div role="group" aria-labelledby="profile-what" {
                        button type="submit" class="row" name="profile" value="" aria-pressed=(pressed(routing.profile.is_none())) {
                            (t!(texts, "console-profile-own"))
                        }
                        @for profile in self.profiles {
                            button type="submit" class="row" name="profile" value=(profile.id)
                                aria-pressed=(pressed(routing.profile.as_ref() == Some(&profile.id))) {
                                (profile.name.get(self.tag()))
                            }
                        }
                    }
                }))
            }
        }
    }

    fn small(&self, action: &str, words: &str) -> Markup {
        self.form(
            action,
            "",
            html! { button type="submit" class="row" { (words) } },
        )
    }

    fn pause(&self) -> Markup {
        let texts = self.texts();
        self.form("pause", "pause", html! {
            label for="pause-why" { (t!(texts, "console-pause-why")) }
            select id="pause-why" name="reason" {
                @for code in ["break", "lunch", "meeting", "paperwork", "system", "other"] {
                    option value=(code) { (self.pause_reason(code)) }
                }
            }
            label for="pause-back" { (t!(texts, "console-back-at")) }
            select id="pause-back" name="minutes" {
                @for minutes in PAUSES_MIN {
                    option value=(minutes) selected[minutes == 10] {
                        (t!(texts, "console-minutes", count = minutes)) "　" (self.hh_mm(self.view.at.plus_ms(i64::from(minutes) * 60_000)))
                    }
                }
                option value="" { (t!(texts, "console-back-unknown")) }
            }
            button type="submit" class="row go" data-first { (icon(Icon::Pause)) (t!(texts, "action-pause")) }
        })
    }

    fn undo(&self) -> Markup {
        let texts = self.texts();
        let Some(undo) = &self.view.undo else {
            return html! {};
        };
        let number = undo.number.to_string();
        let done = match undo.what.as_str() {
            "finished" => t!(texts, "toast-finished", number = number),
            "no_show" => t!(texts, "toast-no-show", number = number),
            "held" => t!(texts, "toast-held", number = number),
            "resumed" => t!(texts, "toast-resumed", number = number),
            "transferred" => t!(texts, "toast-transferred", number = number),
            "leg_finished" => t!(texts, "toast-leg-finished", number = number),
            "matters_changed" => t!(texts, "toast-matters-changed", number = number),
            "started" => t!(texts, "toast-started", number = number),
            "handed_over" => t!(texts, "toast-handed-over", number = number),
            _ => t!(texts, "toast-called", number = number),
        };
        let left_s = undo.until.since_ms(self.view.at).div_euclid(1000);
        self.form("undo", "toast", html! {
            span data-say { (done) }
            button type="submit" id="do-undo" data-keys="Ctrl+KeyZ" data-until-ms=(undo.until.0) {
                (t!(texts, "action-undo")) " (" span data-clock="until" data-ms=(undo.until.0) { (left_s) } ")"
            }
        })
    }

    fn foot(&self) -> Markup {
        let texts = self.texts();
        let view = self.view;
        let asks = view
            .current
            .as_ref()
            .filter(|v| v.state == queue_core::TicketState::Serving && !v.rating_invited);
        html! {
            span class="x" { (t!(texts, "console-done-today")) " " b { (view.served_today) } }
            @if let Some(mean_s) = view.mean_handling_s {
                span class="x" { (t!(texts, "console-mean-handling")) " " b { (mm_ss(mean_s)) } }
            }
            span class="x" { (t!(texts, "console-station-waiting")) " " b { (view.station_waiting) } }
            @if let Some(oldest) = view.oldest_waiting_since {
                span class="x" { (t!(texts, "console-longest")) " " b data-since-min data-ms=(oldest.0) { (minutes(view.at, oldest)) } " " (t!(texts, "label-minutes")) }
            }
            span class="sp" {}
            @if let Some(visitor) = asks {
                (self.form("ask-rating", "x", html! {
                    input type="hidden" name="ticket" value=(visitor.ticket);
                    button type="submit" id="do-ask-rating" class="hint" data-keys="Shift+F9" data-hold="Numpad0" {
                        (icon(Icon::Star)) (t!(texts, "action-rate")) kbd { "Shift+F9" }
                    }
                }))
            }
            @if view.state == CounterState::Open {
                span class="x hint" { (t!(texts, "action-pause")) kbd { "Shift+F4" } }
            }
            (self.help())
        }
    }

    fn help(&self) -> Markup {
        let texts = self.texts();
        let held = |key: &'static str| t!(texts, "console-key-held", key = key);
        let rows = [
            (t!(texts, "console-key-main"), "F2", "Enter".into()),
            (t!(texts, "action-finish"), "Shift+F2", "+".into()),
            (t!(texts, "action-recall"), "F4", ".".into()),
            (t!(texts, "action-hold"), "F8", "/".into()),
            (t!(texts, "action-transfer"), "F9", "*".into()),
            (t!(texts, "action-no-show"), "Shift+F8", "−".into()),
            (t!(texts, "action-rate"), "Shift+F9", held("0")),
            (t!(texts, "action-pause"), "Shift+F4", held("9")),
            (
                t!(texts, "action-call"),
                "/",
                t!(texts, "console-key-digits"),
            ),
            (t!(texts, "action-undo"), "Ctrl+Z", "".into()),
            (t!(texts, "console-key-tabs"), "Alt+1 … Alt+4", "".into()),
            (t!(texts, "console-shortcuts"), "?", "".into()),
        ];
        html! {
            details id="help" class="pop up" {
                summary id="help-open" class="hint" data-keys="Shift+Slash" { (t!(texts, "console-shortcuts")) kbd { "?" } }
                div class="panel wide" {
                    table {
                        thead { tr { td {} th scope="col" { (t!(texts, "console-key-keyboard")) } th scope="col" { (t!(texts, "console-key-numpad")) } } }
                        tbody {
                            @for (what, keys, pad) in rows {
                                tr { th scope="row" { (what) } td { kbd { (keys) } } td { @if !pad.is_empty() { kbd { (pad) } } } }
                            }
                        }
                    }
                    button type="button" id="keys-off" class="row" aria-pressed="false" hidden { (t!(texts, "console-shortcuts-off")) }
                }
            }
        }
    }

    /// The time of day in the station.
    pub(super) fn hh_mm(&self, at: StationTime) -> String {
        crate::pages::fields::hh_mm(self.zone, at)
    }

    /// The time of an appointment.
    pub(super) fn booked(&self, slot: StationTime) -> Cow<'static, str> {
        t!(self.texts(), "console-booked", time = self.hh_mm(slot))
    }

    /// Full name of a service.
    pub(super) fn name(&self, id: &ServiceId) -> String {
        self.info
            .service(id)
            .map_or_else(|| id.to_string(), |s| s.name.get(self.tag()).to_owned())
    }

    /// Name of a service for lists.
    pub(super) fn short_name(&self, id: &ServiceId) -> String {
        self.info.service(id).map_or_else(
            || id.to_string(),
            |s| s.short_name.get(self.tag()).to_owned(),
        )
    }

    /// A visitor's language by its own name and by ours.
    pub(super) fn language(&self, tag: &str) -> Markup {
        match Language::parse(tag) {
            Some(language) if language == self.look.language() => html! { (language.own_name()) },
            Some(language) => {
                let ours = self
                    .texts()
                    .get(&format!("language-{}", language.tag()), &[]);
                // Some languages are called the same by everybody.
                let again = (ours != language.own_name()).then_some(ours);
                html! { span lang=(language.tag()) { (language.own_name()) } @if let Some(ours) = again { " " (ours) } }
            }
            None => html! { (tag) },
        }
    }

    /// Where a ticket was taken.
    pub(super) fn channel(&self, channel: &str) -> String {
        let words = self.texts().find(&format!("channel-{channel}"), &[]);
        words.map_or_else(|| channel.to_owned(), std::borrow::Cow::into_owned)
    }

    /// Why a counter is paused: one of our reasons, or what was typed elsewhere.
    pub(super) fn pause_reason(&self, reason: &str) -> String {
        let words = self.texts().find(&format!("pause-{reason}"), &[]);
        words.map_or_else(|| reason.to_owned(), std::borrow::Cow::into_owned)
    }

    /// The address of a list.
    pub(super) fn tab_address(&self, tab: Tab) -> String {
        self.look
            .with_tab(tab)
            .address(self.view.counter.as_str(), None)
    }
}
