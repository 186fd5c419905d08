//! The sessions of a business day, and who is in each.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Asked, SessionPhase, SessionRef};
use crate::calendar::Window;
use crate::ids::{ServiceId, TicketId};
use crate::ticket::Ticket;
use crate::time::StationTime;

/// The timetable of a day: when each session of a service begins and ends.
pub type Timetable = BTreeMap<ServiceId, Vec<Window>>;

/// One session of the day.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Session {
    /// When it ends by the timetable.
    pub ends: StationTime,
    /// First call.
    pub called_at: Option<StationTime>,
    /// Its visits began.
    pub started_at: Option<StationTime>,
    /// Its visits ended.
    pub ended_at: Option<StationTime>,
    /// Open tickets in it, in the order of asking.
    members: BTreeSet<(Asked, TicketId)>,
}

impl Session {
    fn planned(ends: StationTime) -> Self {
        Self {
            ends,
            called_at: None,
            started_at: None,
            ended_at: None,
            members: BTreeSet::new(),
        }
    }

    /// How far it has come.
    #[must_use]
    pub fn phase(&self) -> SessionPhase {
        match (self.called_at, self.started_at, self.ended_at) {
            (_, _, Some(_)) => SessionPhase::Ended,
            (_, Some(_), None) => SessionPhase::Running,
            (Some(_), None, None) => SessionPhase::Called,
            (None, None, None) => SessionPhase::Planned,
        }
    }

    /// Open tickets in it, in the order of asking.
    pub fn members(&self) -> impl Iterator<Item = TicketId> + '_ {
        self.members.iter().map(|(_, ticket)| *ticket)
    }

    fn is_untouched(&self) -> bool {
        self.phase() == SessionPhase::Planned && self.members.is_empty()
    }
}

/// What taking the last step of a service's sessions back restores.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct SessionUndo {
    /// When the step was taken.
    pub(crate) at: StationTime,
    /// By which entry of the log.
    pub(crate) seq: u64,
    /// Which session.
    pub(crate) begins: StationTime,
    /// How far it had come: first call, begin, end.
    pub(crate) phase: [Option<StationTime>; 3],
    /// The tickets, as they were.
    pub(crate) tickets: Vec<Ticket>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
struct OfService {
    sessions: BTreeMap<StationTime, Session>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    undo: Option<SessionUndo>,
}

/// All of a day.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub(crate) struct DaySessions {
    /// As it was set last.
    timetable: Timetable,
    services: BTreeMap<ServiceId, OfService>,
}

impl DaySessions {
    pub(crate) fn timetable(&self) -> &Timetable {
        &self.timetable
    }

    pub(crate) fn services(&self) -> impl Iterator<Item = &ServiceId> {
        self.services.keys()
    }

    pub(crate) fn of(
        &self,
        service: &ServiceId,
    ) -> impl DoubleEndedIterator<Item = (StationTime, &Session)> {
        let of = self.services.get(service);
        let sessions = of.into_iter().flat_map(|of| &of.sessions);
        sessions.map(|(begins, session)| (*begins, session))
    }

    pub(crate) fn get(&self, of: &SessionRef) -> Option<&Session> {
        self.services.get(&of.service)?.sessions.get(&of.begins)
    }

    pub(crate) fn get_mut(&mut self, of: &SessionRef) -> Option<&mut Session> {
        let sessions = &mut self.services.get_mut(&of.service)?.sessions;
        sessions.get_mut(&of.begins)
    }

    pub(crate) fn undo(&self, service: &ServiceId) -> Option<&SessionUndo> {
        self.services.get(service)?.undo.as_ref()
    }

    pub(crate) fn keep_undo(&mut self, service: &ServiceId, undo: SessionUndo) {
        if let Some(of) = self.services.get_mut(service) {
            of.undo = Some(undo);
        }
    }

    pub(crate) fn take_undo(&mut self, service: &ServiceId) -> Option<SessionUndo> {
        self.services.get_mut(service)?.undo.take()
    }

    /// Takes another timetable over. A session that somebody was in stays, whatever the timetable says.
    pub(crate) fn set(&mut self, timetable: &Timetable) {
        self.timetable = timetable.clone();
        for of in self.services.values_mut() {
            of.sessions.retain(|_, session| !session.is_untouched());
        }
        for (service, windows) in timetable {
            let of = self.services.entry(service.clone()).or_default();
            for window in windows {
                let session = Session::planned(window.until);
                of.sessions.entry(window.from).or_insert(session);
            }
        }
        self.services.retain(|_, of| !of.sessions.is_empty());
    }

    /// Whoever is in a session is open.
    pub(crate) fn join(&mut self, ticket: &Ticket) {
        let Some((of, asked)) = membership(ticket) else {
            return;
        };
        let sessions = &mut self.services.entry(of.service).or_default().sessions;
        let session = sessions.entry(of.begins);
        let session = session.or_insert_with(|| Session::planned(of.begins));
        session.members.insert((asked, ticket.id));
    }

    pub(crate) fn leave(&mut self, ticket: &Ticket) {
        let Some((of, asked)) = membership(ticket) else {
            return;
        };
        if let Some(session) = self.get_mut(&of) {
            session.members.remove(&(asked, ticket.id));
        }
    }
}

fn membership(ticket: &Ticket) -> Option<(SessionRef, Asked)> {
    let enrolment = ticket.enrolment()?;
    ticket
        .state
        .is_open()
        .then(|| ticket.session().map(|of| (of, enrolment.asked)))
        .flatten()
}
