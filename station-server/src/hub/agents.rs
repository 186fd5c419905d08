//! What agents ask: a kiosk issues and reports its paper, a display passes on keys, ratings and announcements.

use protocol::{AgentCommand, CommandResult, TakenTicket, TicketIssued};
use queue_core::policy::LineId;
use queue_core::{
    Command, CommandId, KioskNumber, Lease, LeaseWish, NewTicket, OfflineTicket, Rejected, Reply,
    ServiceId, TicketId, TicketState,
};
use screens::Language;

use super::keypad;
use crate::access::{Permission, Principal};
use crate::app::{App, RequestKey, Station, new_ticket_id};
use crate::appointments::{WantedCheckIn, read_reference};
use crate::http::known_language;
use crate::problem::ApiProblem;
use crate::why::Rule;

/// Carries out a command of `agent`; the answer always comes.
pub(super) async fn carry_out(
    app: &App,
    principal: &Principal,
    agent: Option<&str>,
    command_id: CommandId,
    command: AgentCommand,
) -> CommandResult {
    let pressed_at = match &command {
        AgentCommand::Key { counter, .. } | AgentCommand::PadRating { counter, .. } => {
            Some(counter.clone())
        }
        _ => None,
    };
    let outcome = try_command(app, principal, agent, command_id, command).await;
    if let Some(counter) = pressed_at {
        let code = outcome.as_ref().err().map(|problem| problem.code);
        app.hub.note_press(counter, app.live.now(), code);
    }
    let (done, problem) = match outcome {
        Ok(done) => (done, None),
        Err(problem) => (Done::default(), Some(problem.to_wire())),
    };
    CommandResult {
        command_id,
        issued: done.issued,
        lease: done.lease,
        problem,
    }
}

/// What is said of a command that was carried out.
#[derive(Default)]
struct Done {
    issued: Option<TicketIssued>,
    lease: Option<Lease>,
}

impl Done {
    fn ticket(issued: Option<TicketIssued>) -> Self {
        Self {
            issued,
            lease: None,
        }
    }
}

async fn try_command(
    app: &App,
    principal: &Principal,
    agent: Option<&str>,
    command_id: CommandId,
    command: AgentCommand,
) -> Result<Done, ApiProblem> {
    let needed = match command {
        AgentCommand::Issue { .. }
        | AgentCommand::CheckIn { .. }
        | AgentCommand::LeaseNumbers { .. }
        | AgentCommand::TakeIn(_)
        | AgentCommand::Amend { .. }
        | AgentCommand::ReportPrint { .. }
        | AgentCommand::ReportSheet { .. }
        | AgentCommand::Cancel { .. } => Permission::ActAsKiosk,
        AgentCommand::ReportAnnounced { .. }
        | AgentCommand::Key { .. }
        | AgentCommand::PadRating { .. } => Permission::ActAsDisplay,
    };
    if !principal.may(needed) {
        return Err(ApiProblem::forbidden("this agent may not do that"));
    }
    let bytes = serde_json::to_vec(&command).unwrap_or_default();
    let key = RequestKey::of_command(command_id, &[&bytes]);
    let own = principal.device.as_deref().unwrap_or(&principal.name);
    let device = agent.unwrap_or(own).to_owned();
    let command = match command {
        AgentCommand::LeaseNumbers { holds, used } => {
            let kiosk = app.kiosk_number(&device)?;
            let wish = LeaseWish { kiosk, holds, used };
            app.submit(principal, &key, Command::LeaseNumbers(wish))
                .await?;
            return Ok(Done {
                issued: None,
                lease: app.live.engine().lease(kiosk),
            });
        }
        AgentCommand::TakeIn(taken) => {
            if taken.number.kiosk != Some(app.kiosk_number(&device)?) {
                return Err(Rejected::NotAKiosksNumber.into());
            }
            let told = offline_ticket(taken)?;
            app.submit(principal, &key, Command::TakeIn(Box::new(told)))
                .await?;
            return Ok(Done::default());
        }
        AgentCommand::Issue {
            ticket,
            service,
            class,
            language,
            then,
            persons,
            session,
        } => {
            app.may_ask_for(&service, &then, persons)?;
            let wanted = NewTicket {
                ticket: ticket.unwrap_or_else(new_ticket_id),
                service,
                class,
                language: known_language(language)?,
                channel: ServiceId::new("kiosk")?,
                persons,
                then,
                terms: queue_core::Terms::default(),
            };
            match session {
                Some(_) => Command::Enrol { wanted, session },
                None => Command::IssueTicket(wanted),
            }
        }
        AgentCommand::Amend {
            ticket,
            then,
            persons,
        } => {
            // Without the ticket in the answer: one that comes too late must not take the ticket back.
            app.amendment(ticket, then, persons)?
        }
        AgentCommand::CheckIn {
            ticket,
            appointment,
            language,
        } => {
            let wanted = WantedCheckIn {
                ticket: ticket.unwrap_or_else(new_ticket_id),
                appointment: read_reference(&appointment).ok_or(Rejected::UnknownAppointment)?,
                language: known_language(language)?,
                channel: ServiceId::new("kiosk")?,
            };
            let ticket = app.check_in(principal, &key, wanted).await?;
            return Ok(Done::ticket(app.ticket_issued(ticket)));
        }
        AgentCommand::ReportPrint {
            ticket,
            job,
            outcome,
        } => Command::ReportPrint {
            ticket,
            job,
            outcome,
        },
        // Nobody's ticket: the log has nothing of it.
        AgentCommand::ReportSheet { sheet, outcome } => {
            app.hub.sheet_reported(sheet, outcome);
            return Ok(Done::default());
        }
        AgentCommand::Cancel { ticket } => Command::CancelTicket { ticket },
        AgentCommand::ReportAnnounced { call } => Command::ReportAnnounced {
            call,
            display: device,
        },
        AgentCommand::Key {
            counter,
            key,
            digits,
        } => {
            let now = app.live.now();
            keypad::command(&app.live.engine(), now, counter, key, digits.as_deref())?
        }
        AgentCommand::PadRating { counter, score } => {
            let now = app.live.now();
            let asked = app.live.engine().asked_at(&counter, now).map(|t| t.id);
            let ticket = asked.ok_or(Rejected::TicketNotRateable)?;
            Command::Rate {
                ticket,
                score,
                reasons: Vec::new(),
                comment: None,
            }
        }
    };
    let answer = app.submit(principal, &key, command).await?;
    match answer.reply {
        Reply::Issued { ticket } => Ok(Done::ticket(app.ticket_issued(ticket))),
        Reply::Called { .. } | Reply::Done { .. } | Reply::Booked { .. } => Ok(Done::default()),
    }
}

/// A ticket that a kiosk gave out by itself, as the engine takes it in.
fn offline_ticket(taken: TakenTicket) -> Result<OfflineTicket, ApiProblem> {
    Ok(OfflineTicket {
        wanted: NewTicket {
            ticket: taken.ticket,
            service: taken.service,
            then: vec![],
            class: taken.class,
            // A paper is out: what it is said in cannot be refused any more.
            language: known_language(taken.language).unwrap_or_default(),
            channel: ServiceId::new("kiosk")?,
            persons: 1,
            terms: queue_core::Terms::default(),
        },
        number: taken.number,
        lease: taken.lease,
        day: taken.day,
        taken_at: taken.taken_at,
        taken_back: taken.taken_back,
    })
}

impl Station {
    /// The number of a kiosk of the station file.
    fn kiosk_number(&self, device: &str) -> Result<KioskNumber, ApiProblem> {
        let number = self.kiosks.get(device).copied().flatten();
        number.ok_or_else(|| Rejected::NotAKiosksNumber.into())
    }

    /// A ticket just given out, as a kiosk prints it.
    pub fn ticket_issued(&self, id: TicketId) -> Option<TicketIssued> {
        let view = self.ticket_view(id)?;
        let tag = view.language.as_ref();
        let language = tag.and_then(|tag| Language::parse(tag.as_str()));
        let line = LineId::Service(&view.service);
        let rule = Rule::of_line(self.live.engine().plan(), &self.info, line);
        Some(TicketIssued {
            id,
            number: view.number,
            service: view.service,
            class: view.class,
            language: view.language,
            issued_at: view.issued_at,
            ahead: view.ahead,
            estimate: view.estimate.unwrap_or(queue_core::Estimate::CountOnly),
            page_url: self.ticket_url(id),
            rule: rule.for_paper(language.unwrap_or_default(), Rule::say),
            missed: rule.for_paper(language.unwrap_or_default(), Rule::say_missed),
            matters: view.matters,
            persons: view.persons,
            slot: view.slot,
            seat: view.seat,
            unverified: view.state == TicketState::Unverified,
        })
    }
}
