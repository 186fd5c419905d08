//! What the visitor's page shows of a session: when, seat or place on the list, and the room once it is called.

use maud::{Markup, html};
use queue_core::{SeatPlace, SeatView, SessionPhase, StationTime, TicketState};
use screens::{Icon, bt, icon, t};

use super::render::Phone;
use crate::pages::fields::hh_mm;

impl Phone<'_> {
    fn time(&self, at: StationTime) -> String {
        hh_mm(self.zone, at)
    }

    /// Before the call.
    pub(super) fn session(&self) -> Markup {
        let language = self.language;
        let Some(seat) = &self.page.ticket.seat else {
            return html! {};
        };
        let begins = self.time(seat.begins);
        html! {
            section class="pc hero-p" {
                (self.head())
                div class="nums" {
                    div { p { (bt!(language, "session-nth", nth = seat.nth)) } b { (begins) } }
                    div {
                        // Who has lost the seat is told no deadline any more.
                        @if seat.place != SeatPlace::None { p { (self.check_in(seat)) } }
                        b id="seat" class="words" { (self.place(seat)) }
                    }
                }
            }
            @if self.page.ticket.state == TicketState::Unverified {
                section id="identity" class="pc note" role="status" { (icon(Icon::Passport)) p { (self.identity_desk()) } }
            }
            @if seat.place != SeatPlace::None {
                section class="pc note" {
                    (icon(Icon::Clock))
                    p {
                        @match seat.place {
                            _ if seat.phase == SessionPhase::Planned && self.page.at > seat.begins => (bt!(language, "session-late", time = begins.as_str())),
                            SeatPlace::List { .. } => (bt!(language, "session-moves")),
                            SeatPlace::Seat | SeatPlace::None => (bt!(language, "session-wait", time = begins.as_str())),
                        }
                    }
                }
            }
            (self.matters())
            (self.give_up())
        }
    }

    fn check_in(&self, seat: &SeatView) -> Markup {
        let until = self.time(seat.check_in_until);
        match seat.checked_in {
            true => bt!(self.language, "session-checked-in"),
            false => bt!(
                self.language,
                "session-check-in-until",
                time = until.as_str()
            ),
        }
    }

    fn place(&self, seat: &SeatView) -> Markup {
        match seat.place {
            SeatPlace::Seat => bt!(self.language, "session-seat"),
            SeatPlace::List { nth } => bt!(self.language, "session-on-list", nth = nth),
            SeatPlace::None => bt!(self.language, "session-lost"),
        }
    }

    /// The session is called: which room, which window.
    pub(super) fn session_called(&self) -> Markup {
        let ticket = &self.page.ticket;
        let language = self.language;
        let window = ticket.seat.as_ref().and_then(|seat| seat.window.as_ref());
        html! {
            div role="alert" class="alarm" {
                h1 class="a" { (bt!(language, "phone-turn")) }
                p class="tk" {
                    b { (ticket.number) } "　"
                    @if let Some(service) = self.info.service(&ticket.service) { (service.short_name.get(language.tag())) }
                }
                @if let Some(at) = window {
                    div class="k" {
                        p { (t!(self.texts(), "phone-go-to")) }
                        b class="room" { (at.room) "-" (at.window) }
                        p { (bt!(language, "session-window", room = at.room.as_str(), window = at.window)) }
                    }
                }
            }
            (self.freshness())
        }
    }

    /// The window of a visit under way.
    pub(super) fn window_line(&self) -> Markup {
        let seat = self.page.ticket.seat.as_ref();
        match seat.and_then(|seat| seat.window.as_ref()) {
            Some(at) => html! {
                p { (bt!(self.language, "session-window", room = at.room.as_str(), window = at.window)) }
            },
            None => html! {},
        }
    }
}
