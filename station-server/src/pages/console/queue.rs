//! The lists beside the visitor: waiting, held, no-shows, the whole station.

use maud::{Markup, html};
use protocol::{PlaceChange, QueueItem};
use queue_core::{BoardService, CounterState};
use screens::{Icon, icon, t};

use super::look::Tab;
use super::render::{Desk, PRIORITY, minutes};

impl Desk<'_> {
    /// Heading, lists' names, the list chosen.
    pub(super) fn queue(&self) -> Markup {
        let texts = self.texts();
        let view = self.view;
        let shown = self.look.tab;
        html! {
            div class="q-h" {
                h2 { (t!(texts, "console-my-queue")) }
                (self.order_hint())
                (self.form("call", "srch", html! {
                    label for="call-number" { (t!(texts, "action-call")) }
                    input id="call-number" name="number" required maxlength="8" autocomplete="off" autocapitalize="characters"
                        spellcheck="false" placeholder="A047" data-keys="Slash"
                        disabled[!self.can_call()] data-why=[(!self.can_call()).then(|| self.why_not_main())];
                    kbd { "/" }
                }))
            }
            nav class="tabs" aria-label=(t!(texts, "console-key-tabs")) {
                @for (index, tab) in Tab::ALL.into_iter().enumerate() {
                    @let (words, count) = match tab {
                        Tab::Waiting => (t!(texts, "state-waiting"), view.waiting_count),
                        Tab::Held => (t!(texts, "console-held"), view.held.len()),
                        Tab::NoShow => (t!(texts, "console-no-show"), view.no_show.len()),
                        Tab::Station => (t!(texts, "console-station"), view.station_waiting),
                    };
                    a id={ "tab-" (tab.word()) } href=(self.tab_address(tab)) data-swap
                        aria-current=[(tab == shown).then_some("page")]
                        data-keys={ "Alt+Digit" (index + 1) " Ctrl+Alt+Digit" (index + 1) } {
                        (words) " " b { (count) }
                    }
                }
            }
            @match shown {
                Tab::Waiting => { (self.precall()) (self.unverified()) (self.tickets(&view.waiting, shown)) },
                Tab::Held => (self.tickets(&view.held, shown)),
                Tab::NoShow => (self.tickets(&view.no_show, shown)),
                Tab::Station => (self.station()),
            }
        }
    }

    /// Only a free, open counter can call.
    fn can_call(&self) -> bool {
        self.view.state == CounterState::Open
            && self.view.current.is_none()
            && self.view.day.is_some()
    }

    /// Tells the next visitor to get ready while this counter is still busy.
    fn precall(&self) -> Markup {
        let texts = self.texts();
        let next = self.view.waiting.first();
        let untold = next.is_some_and(|next| !next.get_ready);
        html! {
            @if self.view.current.is_some() && untold {
                (self.form("precall", "precall", html! {
                    input type="hidden" name="count" value="1";
                    button type="submit" class="btn" id="precall" { (icon(Icon::Bell)) (t!(texts, "action-precall")) }
                }))
            }
        }
    }

    /// Who is in the house and cannot be called yet, where this counter has services with an identity check.
    pub(super) fn unverified(&self) -> Markup {
        html! {
            @if let Some(count) = self.view.unverified {
                p class="unchecked" { (icon(Icon::Passport)) (t!(self.texts(), "unchecked-count", count = count)) }
            }
        }
    }

    fn tickets(&self, items: &[QueueItem], tab: Tab) -> Markup {
        let texts = self.texts();
        html! {
            @if items.is_empty() {
                p class="none" {
                    @match tab {
                        Tab::Held => (t!(texts, "console-nobody-held")),
                        Tab::NoShow => (t!(texts, "console-nobody-missed")),
                        Tab::Waiting | Tab::Station => (t!(texts, "console-nobody")),
                    }
                }
            } @else {
                ol class="ql" tabindex="0" id={ "list-" (tab.word()) } aria-label=(t!(texts, "console-queue")) {
                    @for item in items { (self.ticket(item, tab)) }
                }
            }
        }
    }

    fn ticket(&self, item: &QueueItem, tab: Tab) -> Markup {
        let texts = self.texts();
        let next = tab == Tab::Waiting
            && self
                .view
                .next
                .as_ref()
                .is_some_and(|n| n.ticket == item.ticket);
        let waited = minutes(self.view.at, item.issued_at);
        let waited_ms = self.view.at.since_ms(item.issued_at);
        let over = tab == Tab::Waiting
            && item
                .wait_standard_s
                .is_some_and(|standard_s| waited_ms > i64::from(standard_s) * 1000);
        html! {
            li class=[next.then_some("next")] {
                span class="n" { (item.number) }
                span class="s" {
                    (self.short_name(&item.service))
                    small {
                        @if next { span { (t!(texts, "console-next")) } }
                        @if item.get_ready && tab == Tab::Waiting { span { (icon(Icon::Bell)) (t!(texts, "console-get-ready")) } }
                        @if item.class.as_str() == PRIORITY { span { (icon(Icon::Priority)) (t!(texts, "console-priority")) } }
                        @if let Some(slot) = item.slot { span class="booked" { (icon(Icon::Clock)) (self.booked(slot)) } }
                        @if let Some(tag) = item.language.as_ref().filter(|tag| !tag.as_str().starts_with("zh")) {
                            span { (icon(Icon::Globe)) (self.language(tag.as_str())) }
                        }
                        @if let Some(place) = item.place { (self.place(place)) }
                        @if item.persons > 1 { span { (icon(Icon::Users)) (t!(texts, "console-persons", count = item.persons)) } }
                        @if item.directed { span { (icon(Icon::Pin)) (t!(texts, "console-directed")) } }
                        @if item.helping && tab == Tab::Waiting { span { (t!(texts, "console-helping")) } }
                        @if tab == Tab::Held && !item.note.is_empty() { span { (self.hold_reason(&item.note)) } }
                        @if let Some(room) = &item.room { span class="room" { (icon(Icon::Pin)) (room) } }
                    }
                }
                span class=(if over { "w over" } else { "w" }) {
                    @if over { span class="sr" { (t!(texts, "console-over-limit")) " " } }
                    span data-since-min data-ms=(item.issued_at.0) { (waited) } " " (t!(texts, "console-minutes-unit"))
                    @if next { small { (t!(texts, "console-waited")) } }
                }
                (self.reach(item, tab))
            }
        }
    }

    /// What can be done with somebody in a list.
    fn reach(&self, item: &QueueItem, tab: Tab) -> Markup {
        let texts = self.texts();
        let number = item.number.to_string();
        let button = |action: &str, sign: Icon, words: &str| {
            self.form(action, "", html! {
                input type="hidden" name="ticket" value=(item.ticket);
                button type="submit" class="go-one" id={ (action) "-" (number) } disabled[!self.can_call()]
                    aria-label={ (words) " " (number) } title={ (words) " " (number) } { (icon(sign)) }
            })
        };
        html! {
            span class="r" {
                @if item.may_return {
                    (self.form("return", "", html! {
                        input type="hidden" name="ticket" value=(item.ticket);
                        button type="submit" class="go-one" id={ "return-" (number) }
                            aria-label={ (t!(texts, "action-return")) " " (number) } title={ (t!(texts, "action-return")) " " (number) } { (icon(Icon::Back)) }
                    }))
                }
                @if tab == Tab::Held { (button("resume", Icon::Undo, &t!(texts, "action-resume"))) }
                (button("call", Icon::Megaphone, &t!(texts, "action-call")))
            }
        }
    }

    /// Why somebody stands elsewhere than the time of the ticket says.
    fn place(&self, place: PlaceChange) -> Markup {
        let texts = self.texts();
        let (sign, words) = match place {
            PlaceChange::Urgent => (Icon::Warning, t!(texts, "console-place-urgent")),
            PlaceChange::SentBack => (Icon::Undo, t!(texts, "console-place-sent-back")),
            PlaceChange::CameBack => (Icon::Back, t!(texts, "console-place-came-back")),
            PlaceChange::GaveWay => (Icon::Users, t!(texts, "console-place-gave-way")),
        };
        html! { span { (icon(sign)) (words) } }
    }

    fn hold_reason(&self, note: &str) -> String {
        let words = self.texts().find(&format!("hold-{note}"), &[]);
        words.map_or_else(|| note.to_owned(), std::borrow::Cow::into_owned)
    }

    fn checks(&self, service: &BoardService) -> bool {
        let info = self.info.service(&service.id);
        info.is_some_and(|info| info.identity_check) || service.unverified > 0
    }

    /// In the order of the configuration, as on every other list of them.
    fn board_services(&self) -> impl Iterator<Item = &BoardService> {
        let rows = &self.board.services;
        let services = self.info.services.iter();
        services.filter_map(move |info| rows.iter().find(move |row| row.id == info.id))
    }

    fn station(&self) -> Markup {
        let texts = self.texts();
        html! {
            table class="all" {
                thead { tr {
                    th scope="col" { (t!(texts, "service")) }
                    th scope="col" { (t!(texts, "state-waiting")) }
                    th scope="col" { (t!(texts, "hall-now-at")) }
                    th scope="col" { (t!(texts, "counter")) }
                } }
                tbody {
                    @for service in self.board_services() {
                        tr {
                            th scope="row" {
                                (self.short_name(&service.id))
                                @if self.checks(service) {
                                    small { (t!(texts, "unchecked-count", count = service.unverified)) }
                                }
                            }
                            td { (service.present()) }
                            td { @if let Some(number) = &service.now_at { (number) } @else { "–" } }
                            td { (service.open_counters) }
                        }
                    }
                }
            }
        }
    }
}
