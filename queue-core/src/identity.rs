//! The identity check: a gate before a ticket becomes callable.
//!
//! A ticket of a service that asks for it is given out with its number and its place, and nobody calls it until staff
//! have seen who it is for. What is stored says when and by which kind of document; never a number or a name.

use alloc::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::ids::ServiceId;
use crate::policy::Place;
use crate::ticket::{Ticket, TicketState};
use crate::time::StationTime;

/// By which kind of document somebody was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityDocument {
    /// National identity card.
    NationalId,
    /// National health insurance card.
    HealthCard,
    /// Resident certificate of somebody from abroad.
    ResidentCertificate,
    /// Passport.
    Passport,
    /// Driving licence.
    DrivingLicence,
    /// Another one that the station accepts.
    Other,
}

impl IdentityDocument {
    /// All of them, the most frequent first.
    pub const ALL: [Self; 6] = [
        Self::NationalId,
        Self::HealthCard,
        Self::ResidentCertificate,
        Self::Passport,
        Self::DrivingLicence,
        Self::Other,
    ];

    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NationalId => "national_id",
            Self::HealthCard => "health_card",
            Self::ResidentCertificate => "resident_certificate",
            Self::Passport => "passport",
            Self::DrivingLicence => "driving_licence",
            Self::Other => "other",
        }
    }
}

/// Why somebody did not pass the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityRefusal {
    /// There was no document.
    DocumentMissing,
    /// It is not valid any more.
    DocumentExpired,
    /// It is somebody else's, and there is no authorisation.
    NotTheHolder,
    /// The person may not have this done.
    NotEntitled,
    /// Something else.
    Other,
}

impl IdentityRefusal {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::DocumentMissing,
        Self::DocumentExpired,
        Self::NotTheHolder,
        Self::NotEntitled,
        Self::Other,
    ];

    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::DocumentMissing => "document_missing",
            Self::DocumentExpired => "document_expired",
            Self::NotTheHolder => "not_the_holder",
            Self::NotEntitled => "not_entitled",
            Self::Other => "other",
        }
    }
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityResult {
    /// Passed, by this kind of document.
    Verified(IdentityDocument),
    /// Not passed.
    Refused(IdentityRefusal),
}

/// A check that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct IdentityCheck {
    /// When.
    pub at: StationTime,
    /// How it ended.
    pub result: IdentityResult,
}

/// The tickets that wait for their check, per service in the order of coming.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Unverified(BTreeMap<ServiceId, BTreeSet<Place>>);

impl Unverified {
    pub(crate) fn insert(&mut self, ticket: &Ticket) {
        let theirs = self.0.entry(ticket.service.clone()).or_default();
        theirs.insert(ticket.place());
    }

    pub(crate) fn remove(&mut self, ticket: &Ticket) {
        if let Some(theirs) = self.0.get_mut(&ticket.service) {
            theirs.remove(&ticket.place());
            if theirs.is_empty() {
                self.0.remove(&ticket.service);
            }
        }
    }

    /// How many of a service.
    pub(crate) fn count(&self, service: &ServiceId) -> usize {
        self.0.get(service).map_or(0, BTreeSet::len)
    }

    /// How many of a service came before a place.
    pub(crate) fn before(&self, service: &ServiceId, place: Place) -> usize {
        let theirs = self.0.get(service);
        theirs.map_or(0, |theirs| theirs.range(..place).count())
    }

    /// Those of a service, in the order of their places.
    pub(crate) fn of(&self, service: &ServiceId) -> impl Iterator<Item = Place> + '_ {
        self.0.get(service).into_iter().flatten().copied()
    }
}

impl Ticket {
    /// Whether the identity check was passed.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        let result = self.identity.map(|check| check.result);
        matches!(result, Some(IdentityResult::Verified(_)))
    }

    /// From the issue to the identity check, milliseconds; none where there was none.
    #[must_use]
    pub fn check_wait_ms(&self) -> Option<i64> {
        Some(self.identity?.at.since_ms(self.issued_at))
    }
}

impl Engine {
    /// Whether a ticket of a service has to be checked before it becomes callable.
    #[must_use]
    pub fn needs_identity_check(&self, service: &ServiceId) -> bool {
        let plan = self.plan.services.get(service);
        plan.is_some_and(|plan| plan.identity_check)
    }

    /// The same of any of these.
    pub(crate) fn any_needs_identity_check<'a>(
        &self,
        mut services: impl Iterator<Item = &'a ServiceId>,
    ) -> bool {
        services.any(|service| self.needs_identity_check(service))
    }

    /// Tickets that wait for their identity check, in the order of coming to the station: who counts from the slot of an
    /// appointment can be checked before it.
    #[must_use]
    pub fn unverified(&self) -> alloc::vec::Vec<&Ticket> {
        let rows = self.day.iter().flat_map(|day| day.unverified.0.0.values());
        let mut waiting: alloc::vec::Vec<_> = rows
            .flatten()
            .filter_map(|place| self.ticket(place.ticket))
            .filter(|ticket| ticket.state == TicketState::Unverified)
            .collect();
        waiting.sort_by_key(|ticket| (ticket.issued_at, ticket.issued_seq));
        waiting
    }
}
