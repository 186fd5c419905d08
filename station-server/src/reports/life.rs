//! The life of one ticket, from the log itself: every event of it, with the reason of each call.

use queue_core::{BusinessDay, CallId, Event, SessionRef, StationTime, TicketId};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row};

use super::lists::{LINE_COLUMNS, read_day, ticket_line};
use super::{ReportError, Reports, TicketLine};

/// A ticket with everything that happened to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketLife {
    /// Its business day.
    pub day: BusinessDay,
    /// What became of it.
    pub ticket: TicketLine,
    /// What happened, in the order of the log.
    pub steps: Vec<LifeStep>,
}

/// One event of a ticket's life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifeStep {
    /// Entry in the log.
    pub seq: u64,
    /// When.
    pub at: StationTime,
    /// By whom, `role/name`.
    pub actor: String,
    /// A counter took it back later.
    pub taken_back: bool,
    /// What.
    pub event: Event,
    command: Option<[u8; 16]>,
}

/// From the ticket's issue on: events that name it, and those that may concern it without its name.
const ENTRIES: &str = "SELECT seq, at_ms, actor, command_id, body FROM event
    WHERE seq >= ?1 AND (instr(body, ?2) > 0 OR kind IN ('undone', 'call_announced', 'day_opened', 'day_closed',
        'session_started', 'session_ended', 'session_undone'))
    ORDER BY seq";

impl Reports {
    /// The life of a ticket of any day; none for an id that the log does not have.
    ///
    /// # Errors
    /// [`ReportError`].
    pub fn ticket_life(&self, id: TicketId) -> Result<Option<TicketLife>, ReportError> {
        Ok(self.read(|db| {
            let found = db
                .prepare_cached(&format!(
                    "SELECT {LINE_COLUMNS}, day, seq FROM ticket WHERE id = ?1"
                ))?
                .query_row([id.0.to_be_bytes()], |row| {
                    let seq: i64 = row.get("seq")?;
                    let day = read_day(row, row.as_ref().column_index("day")?)?;
                    Ok((ticket_line(row)?, day, seq))
                })
                .optional()?;
            let Some((ticket, day, issued_seq)) = found else {
                return Ok(None);
            };
            let steps = steps(db, id, day, issued_seq)?;
            Ok(Some(TicketLife { day, ticket, steps }))
        })?)
    }
}

fn steps(
    db: &Connection,
    id: TicketId,
    day: BusinessDay,
    issued_seq: i64,
) -> rusqlite::Result<Vec<LifeStep>> {
    let mut statement = db.prepare_cached(ENTRIES)?;
    let mut rows = statement.query((issued_seq, id.to_string()))?;
    let mut steps: Vec<LifeStep> = Vec::new();
    while let Some(row) = rows.next()? {
        let mut step = read(row)?;
        let concerns = match &step.event {
            // The numbers of another day begin; this one may have been opened again before.
            Event::DayOpened { day: other, .. } if *other != day => break,
            Event::Undone { undone_seq, .. } => take_back(db, &mut steps, *undone_seq)?,
            Event::CallAnnounced { call, .. } => is_call_of(&steps, *call),
            Event::DayClosed { .. } => is_open(&steps, id),
            Event::SessionCalled { seats, .. } => seats.iter().any(|seat| seat.ticket == id),
            Event::SessionStarted {
                session,
                missed,
                moved,
            } => {
                missed.contains(&id)
                    || moved.iter().any(|moved| moved.ticket == id)
                    || is_called_with(&steps, session, id)
            }
            Event::SessionEnded { session } => is_called_with(&steps, session, id),
            Event::SessionUndone { undone_seq, .. } => take_back(db, &mut steps, *undone_seq)?,
            event => event.ticket() == Some(id),
        };
        if concerns {
            step.taken_back = false;
            steps.push(step);
        }
    }
    Ok(steps)
}

fn read(row: &Row<'_>) -> rusqlite::Result<LifeStep> {
    let body = row.get_ref(4)?.as_str()?;
    let event = serde_json::from_str(body)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(4, Type::Text, e.into()))?;
    Ok(LifeStep {
        seq: row.get::<_, i64>(0)? as u64,
        at: StationTime(row.get(1)?),
        actor: row.get(2)?,
        taken_back: false,
        event,
        command: row.get(3)?,
    })
}

/// Marks what an undo takes back: the event it names, and those of the same command. Whether any was this ticket's.
fn take_back(db: &Connection, steps: &mut [LifeStep], undone_seq: u64) -> rusqlite::Result<bool> {
    let command: Option<[u8; 16]> = db
        .prepare_cached("SELECT command_id FROM event WHERE seq = ?1")?
        .query_row([undone_seq as i64], |row| row.get(0))
        .optional()?
        .flatten();
    let mut any = false;
    for step in steps.iter_mut().filter(|step| step.seq >= undone_seq) {
        if step.seq == undone_seq || command.is_some() && step.command == command {
            step.taken_back = true;
            any = true;
        }
    }
    Ok(any)
}

fn is_call_of(steps: &[LifeStep], call: CallId) -> bool {
    steps.iter().any(|step| step.seq == call.0)
}

/// Whether the ticket was called with a session, and its visitor has not been found missing.
fn is_called_with(steps: &[LifeStep], session: &SessionRef, id: TicketId) -> bool {
    let of_session = |step: &&LifeStep| !step.taken_back && step.event.session() == Some(session);
    let last = steps.iter().rev().find(of_session);
    last.is_some_and(|last| match &last.event {
        Event::SessionCalled { .. } => true,
        Event::SessionStarted { missed, moved, .. } => {
            !missed.contains(&id) && moved.iter().all(|moved| moved.ticket != id)
        }
        _ => false,
    })
}

/// Whether the ticket has not ended by these steps, so that the close of the day ends it.
fn is_open(steps: &[LifeStep], id: TicketId) -> bool {
    let standing = |step: &&LifeStep| !step.taken_back && event_moves(&step.event);
    steps.iter().rev().find(standing).is_some_and(|last| {
        if let Event::SessionStarted { missed, moved, .. } = &last.event {
            let left = moved.iter().find(|moved| moved.ticket == id);
            return !missed.contains(&id) && left.is_none_or(|left| left.to.is_some());
        }
        !matches!(
            last.event,
            Event::ServiceFinished { .. }
                | Event::TicketNoShow { .. }
                | Event::TicketCancelled { .. }
                | Event::IdentityRefused { .. }
                | Event::SessionMissed { .. }
                | Event::SessionEnded { .. }
                | Event::DayClosed { .. }
        )
    })
}

/// Whether an event changes where a ticket is in its life.
fn event_moves(event: &Event) -> bool {
    !matches!(
        event,
        Event::RatingInvited { .. }
            | Event::RatingGiven { .. }
            | Event::RatingCompleted { .. }
            | Event::TicketCorrected { .. }
            | Event::PrintReported { .. }
            | Event::CallAnnounced { .. }
            | Event::Undone { .. }
    )
}
