//! What agents ask: a kiosk issues and reports its paper, a display passes on keys, ratings and announcements.

use protocol::{AgentCommand, CommandResult, TicketIssued};
use queue_core::policy::LineId;
use queue_core::{
    Command, CommandId, NewTicket, Rejected, Reply, ServiceId, TicketId, TicketState,
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
    let (issued, problem) = match outcome {
        Ok(issued) => (issued, None),
        Err(problem) => (None, Some(problem.to_wire())),
    };
    CommandResult {
        command_id,
        issued,
        problem,
    }
}

async fn try_command(
    app: &App,
    principal: &Principal,
    agent: Option<&str>,
    command_id: CommandId,
    command: AgentCommand,
) -> Result<Option<TicketIssued>, ApiProblem> {
    let needed = match command {
        AgentCommand::Issue { .. }
        | AgentCommand::CheckIn { .. }
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
        AgentCommand::Issue {
            service,
            class,
            language,
            then,
            persons,
            session,
        } => {
            app.may_ask_for(&service, &then, persons)?;
            let wanted = NewTicket {
                ticket: new_ticket_id(),
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
            appointment,
            language,
        } => {
            let wanted = WantedCheckIn {
                appointment: read_reference(&appointment).ok_or(Rejected::UnknownAppointment)?,
                language: known_language(language)?,
                channel: ServiceId::new("kiosk")?,
            };
            let ticket = app.check_in(principal, &key, wanted).await?;
            return Ok(app.ticket_issued(ticket));
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
            return Ok(None);
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
        Reply::Issued { ticket } => Ok(app.ticket_issued(ticket)),
        Reply::Called { .. } | Reply::Done { .. } | Reply::Booked { .. } => Ok(None),
    }
}

impl Station {
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
