//! How the page looks.

use maud::{Markup, html};
use queue_core::{
    ClassId, IdentityDocument, IdentityRefusal, OnePerPerson, SeatPlace, SeatView, Series,
    ServiceId, SessionView, StationTime, TicketState, TicketView,
};
use screens::{Icon, Language, PageHead, Texts, icon, page, t};

use super::form::{BY_PHONE, Came, PERSON, session_field};
use super::{HERE, NOSCRIPT_S, asks_for_person};
use crate::app::Station;
use crate::pages::fields::{hh_mm, refusal};
use crate::pages::look::Look;

pub(super) struct Greeter<'a> {
    pub app: &'a Station,
    pub look: Look,
    pub key: &'a str,
}

impl Greeter<'_> {
    fn texts(&self) -> &'static Texts {
        self.look.texts()
    }

    pub(super) fn page(&self, came: &Came) -> Markup {
        let texts = self.texts();
        let css = [
            crate::pages::asset("login.css"),
            crate::pages::asset("greeter.css"),
        ];
        let js = [crate::pages::asset("greeter.js")];
        let title = t!(texts, "greeter-title");
        let head = PageHead {
            css: &css,
            js: &js,
            theme: self.look.theme,
            body_class: "lg gr",
            noscript_refresh_s: Some(NOSCRIPT_S),
            ..PageHead::new(self.look.language, &title)
        };
        page(
            &head,
            html! {
                header class="lg-top" {
                    (icon(Icon::Users)) h1 { (title) }
                    (self.waiting())
                    a href="/" { (icon(Icon::Back)) (t!(texts, "chief-home")) }
                }
                main id="app" class="gr-main" {
                    div class="gr-wide" { (self.came(came)) }
                    (self.closed())
                    (self.issue(came))
                    div class="gr-side" {
                        (self.unverified())
                        (self.number(came))
                        p { a href=(self.look.href("/sheets")) { (icon(Icon::Printer)) " " (t!(texts, "sheets-papers")) } }
                        (self.look.switches(HERE))
                    }
                }
            },
        )
    }

    fn waiting(&self) -> Markup {
        let waiting = self.app.board().present();
        html! { p id="all" class="gr-all" data-part { (t!(self.texts(), "greeter-waiting", count = waiting)) } }
    }

    fn service(&self, id: &ServiceId) -> String {
        let tag = self.look.language.tag();
        let info = self.app.info.service(id);
        info.map_or_else(
            || id.to_string(),
            |info| info.short_name.get(tag).to_owned(),
        )
    }

    /// What a visit is for, in order.
    fn services(&self, matters: &[ServiceId]) -> String {
        let names: Vec<_> = matters.iter().map(|id| self.service(id)).collect();
        names.join(" → ")
    }

    /// Why no number can be given out now.
    fn closed(&self) -> Markup {
        let is_closed = self.app.live.engine().open_day().is_none();
        html! {
            div id="closed" class="gr-wide" data-part {
                @if is_closed { p class="lg-no" role="status" { (icon(Icon::Clock)) (t!(self.texts(), "greeter-closed")) } }
            }
        }
    }

    /// What the last form did.
    fn came(&self, came: &Came) -> Markup {
        let texts = self.texts();
        if let Some(code) = &came.refused {
            return html! { p class="lg-no" role="alert" { (icon(Icon::Warning)) (refusal(texts, code)) } };
        }
        let id = came.ticket.as_ref().and_then(|id| id.parse().ok());
        let view = id.and_then(|id| self.app.ticket_view(id));
        let Some(ticket) = view else {
            return html! {};
        };
        let number = ticket.number.to_string();
        let place = self.app.info.identity_desk.as_ref();
        let place = place.map_or("", |place| place.get(self.look.language.tag()));
        html! {
            section class="lg-code gr-done" role="status" {
                b class="num" { (number) }
                p {
                    @if let Some(did) = came.did { strong { (said(texts, "greeter-did", did.word())) } " · " }
                    (self.services(&ticket.matters)) " · "
                    @if let Some(seat) = &ticket.seat { (self.seat(seat, &ticket)) }
                    @match ticket.state {
                        TicketState::Enrolled => {}
                        TicketState::Unverified => (t!(texts, "greeter-unverified", place = place)),
                        TicketState::Waiting => (t!(texts, "greeter-in-line", count = ticket.ahead)),
                        TicketState::Cancelled => (t!(texts, "greeter-cancelled")),
                        _ => (t!(texts, "greeter-changed")),
                    }
                }
                a href=(self.app.ticket_url(ticket.id)) { (icon(Icon::Phone)) (t!(texts, "greeter-page")) }
            }
        }
    }

    /// Session and time of a ticket, and its place there as long as the visitor has to know it.
    fn seat(&self, seat: &SeatView, ticket: &TicketView) -> Markup {
        let texts = self.texts();
        let at = |at: StationTime| hh_mm(&self.app.timezone, at);
        let is_open = matches!(
            ticket.state,
            TicketState::Enrolled | TicketState::Unverified
        );
        html! {
            strong { (t!(texts, "session-nth", nth = seat.nth)) " " (at(seat.begins)) }
            @if is_open {
                " · "
                @match seat.place {
                    SeatPlace::Seat => (t!(texts, "session-seat")),
                    SeatPlace::List { nth } => (t!(texts, "session-on-list", nth = nth)),
                    SeatPlace::None => (t!(texts, "session-lost")),
                }
                @if !seat.checked_in {
                    " · " (t!(texts, "session-check-in-until", time = at(seat.check_in_until)))
                }
            }
            @if ticket.state != TicketState::Enrolled { " · " }
        }
    }

    fn hidden(&self, act: &str) -> Markup {
        html! {
            input type="hidden" name="key" value=(self.key);
            input type="hidden" name="act" value=(act);
        }
    }

    fn issue(&self, came: &Came) -> Markup {
        let texts = self.texts();
        let info = &self.app.info;
        let tag = self.look.language.tag();
        let kept = came.issue();
        let plan = self.app.live.engine();
        let plan = plan.plan();
        // Who has an appointment checks in with it.
        let booked = plan.appointments.as_ref().and_then(|a| a.class.as_ref());
        let classes = info.classes.iter();
        let classes =
            classes.filter(|class| booked != Some(&class.id) || plan.default_class() == booked);
        let class = kept.map(|kept| kept.class.as_str());
        let class = class.or(plan.default_class().map(ClassId::as_str));
        let language = kept.map_or(Language::default().tag(), |kept| kept.language.as_str());
        let persons = kept.and_then(|kept| kept.persons.parse::<u16>().ok());
        html! {
            form id="issue" class="lg-form" method="post" action=(self.look.href(HERE)) {
                (self.hidden("issue"))
                (self.choice(kept))
                @for service in info.offered().filter(|service| service.sessions) { (self.sessions(&service.id, kept)) }
                (self.document_number())
                fieldset class="gr-classes" {
                    legend { (t!(texts, "greeter-class")) }
                    @for one in classes {
                        label {
                            input type="radio" name="class" value=(one.id) checked[class == Some(one.id.as_str())];
                            (one.name.get(tag))
                        }
                    }
                }
                div class="gr-row" {
                    div {
                        label for="language" { (t!(texts, "greeter-language")) }
                        select id="language" name="language" {
                            @for one in Language::ALL { option value=(one.tag()) lang=(one.tag()) selected[one.tag() == language] { (one.own_name()) } }
                        }
                    }
                    div {
                        label for="persons" { (t!(texts, "greeter-persons")) }
                        input id="persons" type="number" name="persons" min="1" max="99" value=(persons.unwrap_or(1)) required;
                    }
                }
                label class="gr-tick" {
                    input type="checkbox" name="overrule" value="1" checked[kept.is_some_and(|kept| !kept.overrule.is_empty())];
                    (t!(texts, "greeter-overrule"))
                }
                div id="give" data-part {
                    button class="lg-go" disabled[self.app.live.engine().open_day().is_none()] { (t!(texts, "greeter-give")) }
                }
            }
        }
    }

    /// The services among which visitors choose, and beside each what else may come with it.
    fn choice(&self, kept: Option<&Came>) -> Markup {
        let texts = self.texts();
        let info = &self.app.info;
        let tag = self.look.language.tag();
        let board = self.app.board();
        let kept_service = kept.map(|kept| kept.service.as_str());
        let chosen = info
            .offered()
            .find(|service| Some(service.id.as_str()) == kept_service);
        let chosen = chosen.or_else(|| info.offered().next());
        let ticked: Vec<_> = kept.map_or(vec![], |kept| kept.then.split(',').collect());
        html! {
            fieldset class="gr-services" {
                legend { (t!(texts, "greeter-issue")) }
                @for service in info.offered() {
                    @let live = board.services.iter().find(|s| s.id == service.id);
                    @let shares = info.together_with(&service.id).next().is_some();
                    @let asks = match asks_for_person(self.app, &service.id) {
                        OnePerPerson::Off => None,
                        OnePerPerson::WhenKnown => Some("when_known"),
                        OnePerPerson::Always => Some("always"),
                    };
                    div class="gr-service" {
                        label {
                            input type="radio" name="service" value=(service.id) required data-person=[asks] data-together[shares] data-sessions[service.sessions]
                                checked[chosen.is_some_and(|chosen| chosen.id == service.id)];
                            span class="k" { (service.series) }
                            span {
                                b { (service.short_name.get(tag)) }
                                small {
                                    span { (t!(texts, "greeter-waiting", count = live.map_or(0, |s| s.present()))) }
                                    @if let Some(zone) = info.waiting_zone(&service.id) { " " span { (zone.name.get(tag)) } }
                                    @if service.identity_check { " " span { (t!(texts, "greeter-checked")) } }
                                }
                            }
                        }
                        @if shares {
                            label class="gr-also" {
                                input type="checkbox" name="then" value=(service.id) data-person=[asks] checked[ticked.contains(&service.id.as_str())];
                                (t!(texts, "greeter-also")) span class="sr" { " " (service.short_name.get(tag)) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Which session, and whether the seat is reserved by telephone; shown with its service.
    fn sessions(&self, service: &ServiceId, kept: Option<&Came>) -> Markup {
        let texts = self.texts();
        let engine = self.app.live.engine();
        let all = engine.sessions_of(self.app.live.now(), service);
        let offered: Vec<_> = all.iter().filter(|view| view.offered).collect();
        let field = session_field(service.as_str());
        let chosen = kept.map(|kept| kept.session.as_str());
        let by_phone = kept.is_some_and(|kept| kept.phone == service.as_str());
        html! {
            div class="gr-sessions" data-of=(service) {
                div id={ "of-" (field) } data-part {
                    label for=(field) { (t!(texts, "greeter-session")) span class="sr" { " " (self.service(service)) } }
                    select id=(field) name=(field) {
                        option value="" { (t!(texts, "greeter-session-next")) }
                        @for view in offered {
                            @let begins = view.begins.0.to_string();
                            option value=(begins) selected[chosen == Some(begins.as_str())] { (self.session(view)) }
                        }
                    }
                }
                label class="gr-tick" {
                    input type="checkbox" name=(BY_PHONE) value=(service) checked[by_phone];
                    (t!(texts, "greeter-by-phone"))
                }
            }
        }
    }

    /// When a session begins, and its seats: those for anybody, and those kept.
    fn session(&self, view: &SessionView) -> String {
        let texts = self.texts();
        let mut words = vec![
            hh_mm(&self.app.timezone, view.begins),
            t!(texts, "session-nth", nth = view.nth).into_owned(),
            match (view.free, view.waiting_left) {
                (0, 0) => t!(texts, "session-full").into_owned(),
                (0, _) => t!(texts, "session-list").into_owned(),
                (free, _) => t!(texts, "session-free", count = free).into_owned(),
            },
        ];
        if view.kept > 0 {
            words.push(t!(texts, "greeter-session-kept", count = view.kept).into_owned());
        }
        words.join(" · ")
    }

    /// Whom the ticket is for; shown with the services that ask for it.
    fn document_number(&self) -> Markup {
        let texts = self.texts();
        let services = self.app.info.offered();
        let mut rules = services.map(|service| asks_for_person(self.app, &service.id));
        html! {
            @if rules.any(|rule| rule != OnePerPerson::Off) {
                div class="gr-person" {
                    label for=(PERSON) {
                        (t!(texts, "greeter-person"))
                        span class="must" { (t!(texts, "greeter-person-always")) }
                        span class="may" { (t!(texts, "greeter-person-when_known")) }
                    }
                    input id=(PERSON) name=(PERSON) maxlength="64" autocomplete="off" autocapitalize="characters" spellcheck="false" aria-describedby="person-hint";
                    p id="person-hint" class="hint" { (t!(texts, "greeter-person-hint")) }
                }
            }
        }
    }

    /// Who waits for the identity check, longest first; nothing where no service asks for it and nobody of an earlier plan
    /// is left.
    fn unverified(&self) -> Markup {
        let texts = self.texts();
        let engine = self.app.live.engine();
        let waiting = engine.unverified();
        let mut services = self.app.info.services.iter();
        if waiting.is_empty() && !services.any(|service| service.identity_check) {
            return html! {};
        }
        html! {
            section class="lg-card" id="unverified" data-part aria-labelledby="unverified-h" {
                h2 id="unverified-h" { (t!(texts, "greeter-identity", count = waiting.len())) }
                @if waiting.is_empty() { p class="hint" { (t!(texts, "greeter-identity-none")) } }
                ul {
                    @for ticket in waiting {
                        @let number = ticket.number.to_string();
                        li {
                            p { b class="num" { (number) } " " (self.service(&ticket.service)) " " small { (hh_mm(&self.app.timezone, ticket.issued_at)) } }
                            form class="gr-check" method="post" action=(self.look.href(HERE)) {
                                (self.hidden("verify"))
                                input type="hidden" name="ticket" value=(ticket.id);
                                select name="document" aria-label=(t!(texts, "greeter-document", number = number.as_str())) {
                                    @for document in IdentityDocument::ALL { option value=(document.code()) { (said(texts, "document", document.code())) } }
                                }
                                button class="yes" { (icon(Icon::Check)) (t!(texts, "greeter-verify")) }
                            }
                            details {
                                summary { (t!(texts, "greeter-refuse")) span class="sr" { " " (number) } }
                                form class="gr-check" method="post" action=(self.look.href(HERE)) {
                                    (self.hidden("refuse"))
                                    input type="hidden" name="ticket" value=(ticket.id);
                                    select name="reason" aria-label=(t!(texts, "greeter-reason", number = number.as_str())) {
                                        @for reason in IdentityRefusal::ALL { option value=(reason.code()) { (said(texts, "identity", reason.code())) } }
                                    }
                                    button { (icon(Icon::Cross)) (t!(texts, "greeter-refuse")) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// What is done for somebody who has a number.
    fn number(&self, came: &Came) -> Markup {
        let texts = self.texts();
        let kept = came.number();
        let to = kept.map_or("", |kept| kept.service.as_str());
        html! {
            form id="number-desk" class="lg-form" method="post" action=(self.look.href(HERE)) {
                h2 { (t!(texts, "greeter-number")) }
                input type="hidden" name="key" value=(self.key);
                label for="number" { (t!(texts, "greeter-number-label")) }
                input id="number" name="number" value=[kept.map(|kept| kept.number.as_str())] required maxlength="8" autocomplete="off" autocapitalize="characters" spellcheck="false";
                button class="gr-second" name="act" value="return" { (icon(Icon::Undo)) (t!(texts, "greeter-return")) }
                (self.reroute(to))
            }
        }
    }

    /// Another service for the number: of those with lines, for nobody changes between a line and a session.
    fn reroute(&self, to: &str) -> Markup {
        let texts = self.texts();
        let offered = self.app.info.offered();
        let (of_sessions, of_lines): (Vec<_>, Vec<_>) =
            offered.partition(|service| service.sessions);
        let in_lines = |series: &Series| of_lines.iter().any(|service| service.series == *series);
        let of_sessions = of_sessions.into_iter().map(|service| &service.series);
        let series: Vec<_> = of_sessions
            .filter(|series| !in_lines(series))
            .map(ToString::to_string)
            .collect();
        html! {
            @if !of_lines.is_empty() {
                fieldset class="gr-reroute" id="reroute" data-not-for=(series.join(" ")) {
                    label for="to" { (t!(texts, "greeter-reroute-to")) }
                    select id="to" name="service" {
                        @for service in of_lines { option value=(service.id) selected[service.id.as_str() == to] { (self.service(&service.id)) } }
                    }
                    button class="gr-second" name="act" value="reroute" { (icon(Icon::Transfer)) (t!(texts, "greeter-reroute")) }
                }
                p id="no-reroute" class="hint" role="status" data-words=(t!(texts, "greeter-no-reroute")) {}
            }
        }
    }
}

/// A code in words.
fn said(texts: &'static Texts, kind: &str, code: &str) -> String {
    let key = format!("{kind}-{code}");
    texts
        .find(&key, &[])
        .map_or_else(|| code.to_owned(), Into::into)
}
