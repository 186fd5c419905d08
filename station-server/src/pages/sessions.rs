//! The page of the visiting room: the sessions of the day, who is in each, one key to call the next.

use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use queue_core::{
    Command, Engine, NumberOrTicket, Rejected, SeatPlace, ServiceId, SessionFigures, SessionPhase,
    SessionRef, SessionStep, SessionView, StationTime, Ticket, TicketId, TicketState,
};
use screens::{Icon, PageHead, Texts, icon, page, t};
use serde::Deserialize;

use super::fields::{Fields, fresh_key, hh_mm, refusal, see_other};
use super::look::Look;
use crate::access::{Permission, Principal};
use crate::app::{App, Station};
use crate::http::{Route, step_of};
use crate::problem::ApiProblem;

/// Its address.
const HERE: &str = "/sessions";
/// How often the page comes anew where there is no script, seconds.
const NOSCRIPT_S: u32 = 10;
/// Ended sessions that still stand in the list.
const ENDED_SHOWN: usize = 2;

/// Its routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get(HERE, Permission::Greet, show),
        Route::post(HERE, Permission::Greet, act),
    ]
}

/// What the address says.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    /// The service of the session that is shown.
    service: Option<String>,
    /// When it begins.
    begins: Option<i64>,
    /// Why the last form was refused.
    refused: Option<String>,
}

impl Asked {
    fn session(&self) -> Option<SessionRef> {
        Some(SessionRef {
            service: ServiceId::new(self.service.as_deref()?).ok()?,
            begins: StationTime(self.begins?),
        })
    }
}

fn address(of: &SessionRef) -> String {
    format!("{HERE}?service={}&begins={}", of.service, of.begins.0)
}

async fn show(State(app): State<App>, look: Look, Query(asked): Query<Asked>) -> Markup {
    let key = fresh_key();
    Room {
        app: &app,
        look,
        key: &key,
        now: app.live.now(),
    }
    .page(&asked)
}

async fn act(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    look: Look,
    fields: Fields,
) -> Response {
    let refused = match carry_out(&app, &who, &fields).await {
        Ok(()) => String::new(),
        Err(problem) => format!("&refused={}", problem.code),
    };
    let there = session_of(&fields).map_or_else(|_| format!("{HERE}?"), |of| address(&of));
    see_other(&look.href(&format!("{there}{refused}"))).into_response()
}

fn session_of(fields: &Fields) -> Result<SessionRef, ApiProblem> {
    let service = fields.parse::<ServiceId>("service")?;
    let begins = fields.parse::<i64>("begins")?.map(StationTime);
    let (service, begins) = service.zip(begins).ok_or(Rejected::UnknownSession)?;
    Ok(SessionRef { service, begins })
}

async fn carry_out(app: &Station, who: &Principal, fields: &Fields) -> Result<(), ApiProblem> {
    let ticket = fields.parse::<TicketId>("ticket")?;
    let target = || -> Result<NumberOrTicket, ApiProblem> {
        Ok(NumberOrTicket::Ticket(
            ticket.ok_or(Rejected::UnknownTicket)?,
        ))
    };
    let word = fields.get("act").unwrap_or_default();
    let command = match (word, step_of(word)) {
        (_, Some(step)) => Command::StepSession {
            session: session_of(fields)?,
            step,
        },
        ("check-in", _) => Command::CheckInToSession { target: target()? },
        ("no-show", _) => Command::MissSession { target: target()? },
        ("give-up", _) => Command::CancelTicket {
            ticket: ticket.ok_or(Rejected::UnknownTicket)?,
        },
        _ => return Err(ApiProblem::invalid("`act` says what to do")),
    };
    let key = fields.request_key(who, HERE);
    app.submit(who, &key, command).await.map(drop)
}

struct Room<'a> {
    app: &'a Station,
    look: Look,
    key: &'a str,
    now: StationTime,
}

/// A step that staff can take now, and how many it concerns.
fn steps(engine: &Engine, view: &SessionView, now: StationTime) -> (Option<SessionStep>, usize) {
    let to_call = engine.to_call(now, &view.of()).len();
    let next = match view.phase {
        SessionPhase::Ended => None,
        SessionPhase::Running => Some(SessionStep::End),
        SessionPhase::Planned | SessionPhase::Called if to_call > 0 => Some(SessionStep::Call),
        SessionPhase::Called => Some(SessionStep::Start),
        SessionPhase::Planned => (now > view.check_in_until).then_some(SessionStep::Start),
    };
    (next, to_call)
}

impl Room<'_> {
    fn texts(&self) -> &'static Texts {
        self.look.texts()
    }

    fn page(&self, asked: &Asked) -> Markup {
        let texts = self.texts();
        let css = [super::asset("login.css"), super::asset("sessions.css")];
        let js = [super::asset("sessions.js")];
        let title = t!(texts, "sessions-title");
        let head = PageHead {
            css: &css,
            js: &js,
            theme: self.look.theme,
            body_class: "lg se",
            noscript_refresh_s: Some(NOSCRIPT_S),
            ..PageHead::new(self.look.language, &title)
        };
        let engine = self.app.live.engine();
        let all = engine.sessions(self.now);
        let wanted = asked.session();
        let chosen = all
            .iter()
            .find(|view| Some(view.of()) == wanted)
            .or_else(|| current(&all));
        page(
            &head,
            html! {
                header class="lg-top" {
                    (icon(Icon::Seat)) h1 { (title) }
                    p id="clock" class="se-now" data-part { (hh_mm(&self.app.timezone, self.now)) }
                    a href="/" { (icon(Icon::Back)) (t!(texts, "chief-home")) }
                }
                main id="app" class="se-main" {
                    div class="se-wide" {
                        @if let Some(code) = &asked.refused { p class="lg-no" role="alert" { (icon(Icon::Warning)) (refusal(texts, code)) } }
                    }
                    @match chosen {
                        None => p id="none" class="lg-card se-wide" data-part { (t!(texts, "sessions-none")) },
                        Some(view) => {
                            (self.list(&all, view))
                            (self.session(&engine, view))
                        }
                    }
                    div class="se-wide" { (self.figures(&engine, &all)) (self.look.switches(HERE)) }
                }
            },
        )
    }

    fn time(&self, at: StationTime) -> String {
        hh_mm(&self.app.timezone, at)
    }

    fn service(&self, id: &ServiceId) -> String {
        let info = self.app.info.service(id);
        let name = info.map(|info| info.short_name.get(self.look.language.tag()));
        name.map_or_else(|| id.to_string(), ToOwned::to_owned)
    }

    /// The sessions of the day that are of interest now.
    fn list(&self, all: &[SessionView], chosen: &SessionView) -> Markup {
        let texts = self.texts();
        let ended: Vec<_> = all
            .iter()
            .filter(|view| view.phase == SessionPhase::Ended)
            .collect();
        let ended = &ended[ended.len().saturating_sub(ENDED_SHOWN)..];
        let shown = all.iter().filter(|view| {
            let is_ended = view.phase == SessionPhase::Ended;
            let is_live = view.phase != SessionPhase::Planned || view.taken + view.waiting > 0;
            view.of() == chosen.of()
                || ended.contains(view)
                || !is_ended && (view.offered || is_live)
        });
        let several = all.iter().any(|view| view.service != chosen.service);
        html! {
            nav id="list" class="lg-card se-list" data-part aria-label=(t!(texts, "sessions-all")) {
                h2 { (t!(texts, "sessions-all")) }
                @for view in shown {
                    a href=(self.look.href(&address(&view.of()))) class={ (phase(view)) @if view.is_late(self.now) { " late" } } aria-current=[(view.of() == chosen.of()).then_some("true")] {
                        b { (self.time(view.begins)) }
                        span {
                            (t!(texts, "session-nth", nth = view.nth))
                            @if several { " · " (self.service(&view.service)) }
                            // Who was in one that is over stands in its figures.
                            @if view.phase != SessionPhase::Ended {
                                small {
                                    (t!(texts, "sessions-seats", taken = view.taken, seats = view.seats))
                                    @if view.waiting > 0 { " · " (t!(texts, "sessions-waiting-count", count = view.waiting)) }
                                }
                            }
                        }
                        em { (self.phase_words(view)) }
                    }
                }
            }
        }
    }

    fn phase_words(&self, view: &SessionView) -> String {
        let word = match view.is_late(self.now) {
            true => "late",
            false => phase(view),
        };
        self.texts()
            .get(&format!("sessions-phase-{word}"), &[])
            .into_owned()
    }

    fn hidden(&self, of: &SessionRef) -> Markup {
        html! {
            input type="hidden" name="key" value=(self.key);
            input type="hidden" name="service" value=(of.service);
            input type="hidden" name="begins" value=(of.begins.0);
        }
    }

    fn session(&self, engine: &Engine, view: &SessionView) -> Markup {
        let texts = self.texts();
        let of = view.of();
        let (next, to_call) = steps(engine, view, self.now);
        let tickets = engine.roster(&of);
        let at = |place: fn(&Ticket, SeatPlace) -> bool| {
            tickets
                .iter()
                .filter_map(|t| Some((*t, engine.seat(t, self.now)?.place)))
                .filter(|(t, seat)| place(t, *seat))
                .map(|(t, _)| t)
                .collect::<Vec<_>>()
        };
        let is_missing = |t: &Ticket| t.is_open_before_session() && !t.has_checked_in();
        let groups = [
            (
                "sessions-in-room",
                at(|t, _| t.state == TicketState::Serving),
            ),
            (
                "sessions-called-now",
                at(|t, _| t.state == TicketState::Called),
            ),
            (
                "sessions-here",
                at(|t, seat| {
                    t.state == TicketState::Enrolled
                        && t.has_checked_in()
                        && seat == SeatPlace::Seat
                }),
            ),
            (
                "sessions-missing",
                tickets.iter().copied().filter(|t| is_missing(t)).collect(),
            ),
            (
                "sessions-list",
                at(|t, seat| t.has_checked_in() && matches!(seat, SeatPlace::List { .. })),
            ),
            (
                "sessions-no-show",
                at(|t, _| t.state == TicketState::NoShow),
            ),
            ("sessions-done", at(|t, _| t.state == TicketState::Done)),
        ];
        html! {
            section id="session" class="lg-card se-session" data-part aria-labelledby="session-h" {
                div class="se-head" {
                    h2 id="session-h" {
                        (t!(texts, "session-nth", nth = view.nth)) " "
                        span { (self.time(view.begins)) "–" (self.time(view.ends)) }
                    }
                    p { (self.service(&view.service)) " · " (self.phase_words(view)) " · " (t!(texts, "sessions-deadline", time = self.time(view.check_in_until).as_str())) }
                }
                form class="se-steps" method="post" action=(self.look.href(HERE)) {
                    (self.hidden(&of))
                    @if let Some(step) = next {
                        button class="se-go" name="act" value=(word(step)) data-next {
                            @match step {
                                SessionStep::Call if view.phase == SessionPhase::Called => (t!(texts, "sessions-call-more", count = to_call)),
                                SessionStep::Call => (t!(texts, "sessions-call-count", count = to_call)),
                                SessionStep::Start => (t!(texts, "sessions-start")),
                                SessionStep::End | SessionStep::Undo => (t!(texts, "sessions-end")),
                            }
                            kbd { "F2" }
                        }
                    }
                    @if engine.may_undo_session(self.now, &of) {
                        button class="se-undo" name="act" value="undo" { (icon(Icon::Undo)) (t!(texts, "sessions-undo")) }
                    }
                }
                @if tickets.is_empty() { p class="hint" { (t!(texts, "sessions-empty")) } }
                @for (key, tickets) in groups {
                    @if !tickets.is_empty() {
                        h3 { (texts.get(key, &[])) " " small { (tickets.len()) } }
                        ul class={ "se-rows " (key) } { @for ticket in tickets { (self.row(&of, ticket, self.now <= view.check_in_until)) } }
                    }
                }
            }
        }
    }

    /// A visitor, and what can be done: checking in while that is open.
    fn row(&self, of: &SessionRef, ticket: &Ticket, is_open: bool) -> Markup {
        let texts = self.texts();
        let window = ticket
            .enrolment()
            .and_then(|enrolment| enrolment.window.as_ref());
        let acts: &[(&str, &str)] = match ticket.state {
            TicketState::Enrolled if !ticket.has_checked_in() && is_open => &[
                ("check-in", "sessions-check-in"),
                ("give-up", "sessions-give-up"),
            ],
            TicketState::Enrolled => &[("give-up", "sessions-give-up")],
            TicketState::Called => &[("no-show", "sessions-no-show")],
            _ => &[],
        };
        html! {
            li {
                b class="num" { (ticket.number) }
                span {
                    @if let Some(at) = window { (t!(texts, "session-window", room = at.room.as_str(), window = at.window)) }
                    @else if ticket.state == TicketState::Unverified { (t!(texts, "sessions-unverified")) }
                }
                small { (ticket.persons) " " (t!(texts, "label-people", count = ticket.persons)) }
                form method="post" action=(self.look.href(HERE)) {
                    (self.hidden(of))
                    input type="hidden" name="ticket" value=(ticket.id);
                    @for (act, label) in acts {
                        @let number = ticket.number.to_string();
                        button name="act" value=(act) { (texts.get(label, &[])) span class="sr" { " " (number) } }
                    }
                }
            }
        }
    }

    /// How the sessions went that have begun.
    fn figures(&self, engine: &Engine, all: &[SessionView]) -> Markup {
        let texts = self.texts();
        let mut figures = engine.session_figures();
        let begun = all
            .iter()
            .filter(|view| matches!(view.phase, SessionPhase::Running | SessionPhase::Ended));
        let rows: Vec<(&SessionView, SessionFigures)> = begun
            .filter_map(|view| Some((view, figures.remove(&view.of())?)))
            .collect();
        html! {
            section id="figures" class="lg-card" data-part {
                h2 { (t!(texts, "sessions-figures")) }
                @if !rows.is_empty() {
                    table {
                        thead { tr {
                            td {}
                            th scope="col" { (t!(texts, "sessions-attended")) }
                            th scope="col" { (t!(texts, "sessions-persons")) }
                            th scope="col" { (t!(texts, "sessions-no-show-share")) }
                            th scope="col" { (t!(texts, "sessions-from-list")) }
                        } }
                        tbody { @for (view, figures) in rows.iter().rev().take(8) {
                            tr {
                                th scope="row" { (self.time(view.begins)) " " (t!(texts, "session-nth", nth = view.nth)) }
                                td { (figures.attended) " / " (view.seats) }
                                td { (figures.persons) }
                                td { @match figures.no_show_share() { Some(share) => (format!("{:.0} %", share * 100.0)), None => "–" } }
                                td { (figures.from_list) }
                            }
                        } }
                    }
                }
                p class="hint" { (t!(texts, "sessions-define")) }
            }
        }
    }
}

/// The session that needs somebody first: the earliest that is not over and has anybody in it, else the next one.
fn current(all: &[SessionView]) -> Option<&SessionView> {
    let open = |view: &&SessionView| {
        matches!(view.phase, SessionPhase::Called | SessionPhase::Running)
            || view.phase == SessionPhase::Planned && view.taken + view.waiting + view.missed > 0
    };
    let offered = |view: &&SessionView| view.offered;
    let found = all.iter().find(open);
    found
        .or_else(|| all.iter().find(offered))
        .or_else(|| all.last())
}

fn phase(view: &SessionView) -> &'static str {
    match view.phase {
        SessionPhase::Planned => "planned",
        SessionPhase::Called => "called",
        SessionPhase::Running => "running",
        SessionPhase::Ended => "ended",
    }
}

fn word(step: SessionStep) -> &'static str {
    match step {
        SessionStep::Call => "call",
        SessionStep::Start => "start",
        SessionStep::End => "end",
        SessionStep::Undo => "undo",
    }
}
