//! The life of one ticket: every event of it, and why it was called each time.

use axum::Extension;
use axum::extract::{Path, State};
use maud::{Markup, html};
use queue_core::{
    Correction, CounterId, Event, PrintOutcome, Rejected, ServiceId, TicketId, TicketNumber,
};
use screens::{Icon, icon, t};

use super::supervise::said;
use super::{Chrome, Place, supervise};
use crate::access::Principal;
use crate::app::{App, Station};
use crate::pages::look::Look;
use crate::problem::ApiProblem;
use crate::reports::{LifeStep, TicketLife};
use crate::why::reason_for_staff;

/// The address of a ticket's page.
pub(super) fn address(ticket: TicketId) -> String {
    format!("/chief/tickets/{ticket}")
}

/// `GET /chief/tickets/{id}`.
pub(super) async fn page(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    look: Look,
    Path(id): Path<String>,
) -> Result<Markup, ApiProblem> {
    let id: TicketId = id.parse().map_err(|_| Rejected::UnknownTicket)?;
    let life = app.report(move |reports| reports.ticket_life(id)).await?;
    let life = life.ok_or(Rejected::UnknownTicket)?;
    let teller = Teller {
        app: &app,
        look,
        life: &life,
    };
    let title = t!(
        look.texts(),
        "chief-life",
        number = life.ticket.number.as_str()
    );
    let chrome = Chrome {
        place: Place::History,
        title: &title,
        here: &address(id),
        is_live: false,
    };
    let forms = supervise::forms(&app, &who, look, id);
    Ok(chrome.document(&app, &who, look, &teller.content(&title, &forms)))
}

/// Says what happened in the language of the page.
struct Teller<'a> {
    app: &'a Station,
    look: Look,
    life: &'a TicketLife,
}

impl Teller<'_> {
    fn content(&self, title: &str, forms: &Markup) -> Markup {
        let texts = self.look.texts();
        let day = self.life.day.to_string();
        let back = format!("/chief/history?from={day}&to={day}&by=service");
        html! {
            header class="hd" {
                h1 { (title) }
                span class="sp" {}
                a class="btn" href={ (self.look.href(&back)) "#tickets" } { (icon(Icon::Back)) (t!(texts, "chief-tickets")) }
            }
            main class="body" {
                (forms)
                section class="cardd blk" {
                    h2 { (day) " · " (self.service(&self.life.ticket.service)) }
                    p class="sub" { (t!(texts, "chief-life-sub")) }
                    div class="scroll" tabindex="0" role="region" aria-label=(title) {
                        table class="st life" {
                            thead { tr {
                                th class="l" scope="col" { (t!(texts, "chief-life-time")) }
                                th class="l" scope="col" { (t!(texts, "chief-life-what")) }
                                th class="l" scope="col" { (t!(texts, "chief-life-who")) }
                            } }
                            tbody { @for step in &self.life.steps { (self.step(step)) } }
                        }
                    }
                }
            }
        }
    }

    fn step(&self, step: &LifeStep) -> Markup {
        let texts = self.look.texts();
        html! {
            tr class=[step.taken_back.then_some("back")] {
                td class="l" { time { (self.app.civil(step.at).strftime("%H:%M:%S")) } }
                td class="l" {
                    @if step.taken_back { s { (self.what(&step.event)) } " " b { (t!(texts, "chief-life-taken-back")) } }
                    @else { (self.what(&step.event)) }
                    @if let Some(why) = self.why(&step.event) { p class="why" { (why) } }
                }
                td class="l" { (self.who(&step.actor)) }
            }
        }
    }

    /// What is right, of what a correction speaks of.
    fn corrected(&self, correction: &Correction) -> String {
        let outcome = correction.outcome;
        let outcome = outcome.map(|outcome| said(self.look.texts(), outcome).into_owned());
        let service = correction.service.as_ref();
        let service = service.map(|service| self.service(service.as_str()));
        let tag = self.look.language.tag();
        let class = correction.class.as_ref();
        let class = class.map(|class| self.app.info.class_name(class, tag).to_owned());
        let parts: Vec<_> = [outcome, service, class].into_iter().flatten().collect();
        parts.join(" · ")
    }

    fn why(&self, event: &Event) -> Option<String> {
        let Event::TicketCalled { reason: why, .. } = event else {
            return None;
        };
        let number: TicketNumber = self.life.ticket.number.parse().ok()?;
        let (texts, info) = (self.look.texts(), &self.app.info);
        let zone = &self.app.timezone;
        Some(reason_for_staff(texts, info, zone, &number, &why.explain()))
    }

    fn what(&self, event: &Event) -> String {
        let texts = self.look.texts();
        let at = |counter: &CounterId| counter.to_string();
        let words = match event {
            Event::TicketIssued(issued) => {
                let service = self.services(&issued.matters().cloned().collect::<Vec<_>>());
                let tag = self.look.language.tag();
                let class = self.app.info.class_name(&issued.class, tag);
                match issued.offline {
                    None => t!(
                        texts,
                        "life-ticket_issued",
                        service = service,
                        class = class
                    ),
                    Some(_) => t!(
                        texts,
                        "life-ticket_issued-offline",
                        service = service,
                        class = class
                    ),
                }
            }
            Event::TicketRenumbered { number, .. } => {
                t!(texts, "life-ticket_renumbered", number = number.to_string())
            }
            Event::TicketCancelled { .. } => t!(texts, "life-ticket_cancelled"),
            Event::TicketCalled { counter, .. } => {
                t!(texts, "life-ticket_called", counter = at(counter))
            }
            Event::TicketRecalled { counter, .. } => {
                t!(texts, "life-ticket_recalled", counter = at(counter))
            }
            Event::ServiceStarted { counter, .. } => {
                t!(texts, "life-service_started", counter = at(counter))
            }
            Event::ServiceFinished { counter, .. } => {
                t!(texts, "life-service_finished", counter = at(counter))
            }
            Event::LegFinished {
                counter,
                to_service,
                stays,
                ..
            } => {
                let service = self.service(to_service.as_str());
                let counter = at(counter);
                if *stays {
                    t!(
                        texts,
                        "life-leg_finished-stays",
                        counter = counter,
                        service = service
                    )
                } else {
                    t!(
                        texts,
                        "life-leg_finished",
                        counter = counter,
                        service = service
                    )
                }
            }
            Event::MattersChanged { then, .. } if then.is_empty() => {
                t!(texts, "life-matters_changed-none")
            }
            Event::MattersChanged { then, .. } => {
                t!(
                    texts,
                    "life-matters_changed",
                    services = self.services(then)
                )
            }
            Event::TicketNoShow { counter, .. } => {
                t!(texts, "life-ticket_no_show", counter = at(counter))
            }
            Event::TicketHeld { reason, .. } => {
                let known = texts.find(&format!("hold-{reason}"), &[]);
                let reason = known.map_or_else(|| reason.clone(), |words| words.into_owned());
                t!(texts, "life-ticket_held", reason = reason)
            }
            Event::TicketResumed { counter, .. } => {
                t!(texts, "life-ticket_resumed", counter = at(counter))
            }
            Event::TicketTransferred {
                counter,
                to_service,
                sent_back: true,
                ..
            } => t!(
                texts,
                "life-ticket_sent_back",
                counter = at(counter),
                service = self.service(to_service.as_str())
            ),
            Event::TicketHandedOver {
                counter,
                to_counter,
                ..
            } => t!(
                texts,
                "life-ticket_handed_over",
                counter = at(counter),
                to = at(to_counter)
            ),
            Event::TicketReturned { .. } => t!(texts, "life-ticket_returned"),
            Event::TicketAmended { then, persons, .. } if then.is_empty() => {
                t!(texts, "life-ticket_amended-alone", count = *persons)
            }
            Event::TicketAmended { then, persons, .. } => t!(
                texts,
                "life-ticket_amended",
                count = *persons,
                services = self.services(then)
            ),
            Event::TicketDeferred { count, .. } => {
                t!(texts, "life-ticket_deferred", count = *count)
            }
            Event::TicketPrioritised { reason, .. } => {
                t!(texts, "life-ticket_prioritised", reason = reason.clone())
            }
            Event::TicketPrecalled { counter, .. } => {
                t!(texts, "life-ticket_precalled", counter = at(counter))
            }
            Event::TicketCorrected {
                correction, reason, ..
            } => t!(
                texts,
                "life-ticket_corrected",
                what = self.corrected(correction),
                reason = reason.clone()
            ),
            Event::TicketTransferred {
                counter,
                to_service,
                to_counter,
                ..
            } => {
                let service = self.service(to_service.as_str());
                match to_counter {
                    Some(to) => t!(
                        texts,
                        "life-ticket_transferred-counter",
                        counter = at(counter),
                        to = at(to),
                        service = service
                    ),
                    None => t!(
                        texts,
                        "life-ticket_transferred",
                        counter = at(counter),
                        service = service
                    ),
                }
            }
            Event::RatingInvited { .. } => t!(texts, "life-rating_invited"),
            Event::RatingGiven { score, .. } => t!(texts, "life-rating_given", score = *score),
            Event::PrintReported { outcome, .. } => match outcome {
                PrintOutcome::Printed => t!(texts, "life-print_reported-printed"),
                PrintOutcome::Failed { .. } => t!(texts, "life-print_reported-failed"),
                PrintOutcome::Unknown { .. } => t!(texts, "life-print_reported-unknown"),
            },
            Event::CallAnnounced { display, .. } => {
                t!(texts, "life-announced", display = display.as_str())
            }
            Event::Undone { counter, .. } => t!(texts, "life-undone", counter = at(counter)),
            Event::DayClosed { .. } => t!(texts, "life-day_closed"),
            Event::RatingCompleted { .. } => t!(texts, "life-rating_completed"),
            Event::IdentityVerified { .. } => t!(texts, "life-identity_verified"),
            Event::IdentityRefused { .. } => t!(texts, "life-identity_refused"),
            Event::TicketRerouted { to_service, .. } => t!(
                texts,
                "life-ticket_rerouted",
                service = self.service(to_service.as_str())
            ),
            Event::SessionCheckedIn { .. } => t!(texts, "life-session_checked_in"),
            Event::SessionCalled { seats, .. } => {
                let mut seats = seats.iter();
                let seat = seats.find(|seat| Some(seat.ticket) == self.life.ticket.id);
                let at = seat.map(|seat| format!("{}-{}", seat.at.room, seat.at.window));
                t!(texts, "life-session_called", at = at.unwrap_or_default())
            }
            Event::SessionStarted { missed, moved, .. } => {
                let id = self.life.ticket.id;
                if missed.iter().any(|ticket| Some(*ticket) == id) {
                    t!(texts, "life-session_started-missed")
                } else if moved.iter().any(|moved| Some(moved.ticket) == id) {
                    t!(texts, "life-session_started-moved")
                } else {
                    t!(texts, "life-session_started")
                }
            }
            Event::SessionEnded { .. } => t!(texts, "life-session_ended"),
            Event::SessionMissed { .. } => t!(texts, "life-session_missed"),
            Event::SessionUndone { .. } => t!(texts, "life-session_undone"),
            // Whatever else names the ticket is told by its name.
            other => return other.kind().to_owned(),
        };
        words.into_owned()
    }

    fn services(&self, ids: &[ServiceId]) -> String {
        let names: Vec<_> = ids.iter().map(|id| self.service(id.as_str())).collect();
        names.join(" → ")
    }

    /// A member of staff by name; anybody else by role and name.
    fn who(&self, actor: &str) -> String {
        let texts = self.look.texts();
        let (role, name) = actor.split_once('/').unwrap_or((actor, ""));
        if role == "system" {
            return t!(texts, "life-by-system").into_owned();
        }
        if let Some(member) = self.app.access.staff_member(name) {
            return member.name.clone();
        }
        match texts.find(&format!("role-{role}"), &[]) {
            Some(words) => format!("{words} {name}"),
            None => actor.to_owned(),
        }
    }

    fn service(&self, id: &str) -> String {
        let known = ServiceId::new(id).ok();
        let service = known.and_then(|id| self.app.info.service(&id));
        service.map_or_else(
            || id.to_owned(),
            |s| s.short_name.get(self.look.language.tag()).to_owned(),
        )
    }
}
