//! Numbers that kiosks give out by themselves while the server is away, and what becomes of these tickets when it is back.
//!
//! Each kiosk has series of its own (`A2-001` from kiosk 2), so that two kiosks, or a kiosk and the server, never give out
//! one number twice. A *lease* says from where to where in them it may go on a business day; one that has forgotten its
//! lease gets the numbers behind it. A press is one ticket whoever gave it a number: its id is minted by the kiosk
//! before anybody is asked, and where the server has given that ticket another number, the one on the paper holds.

use alloc::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::command::NewTicket;
use crate::engine::{Day, Engine};
use crate::ids::{KioskNumber, TicketNumber};
use crate::policy::SortKey;
use crate::ticket::Ticket;
use crate::time::{BusinessDay, StationTime};

/// How many numbers a lease has in each series of its kiosk: three digits, more than anybody gives out in a day.
pub const LEASE_NUMBERS: u32 = 999;

/// A lease is renewed when fewer numbers than these are left of it.
const RENEWED_BELOW: u32 = LEASE_NUMBERS / 2;

/// Which numbers a kiosk may give out by itself, in each series of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Lease {
    /// The event that granted it.
    pub id: u64,
    /// Whose.
    pub kiosk: KioskNumber,
    /// The business day it was granted for.
    pub day: BusinessDay,
    /// First number.
    pub first: u32,
    /// Last number.
    pub last: u32,
}

/// What a kiosk says when it asks for a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseWish {
    /// Which kiosk.
    pub kiosk: KioskNumber,
    /// The lease it has.
    #[serde(default)]
    pub holds: Option<u64>,
    /// Highest number it has given out by itself in any of its series today.
    #[serde(default)]
    pub used: u32,
}

/// A ticket that a kiosk gave out by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfflineTicket {
    /// What was wanted, under the id that the kiosk minted for the press.
    pub wanted: NewTicket,
    /// The number on the paper; one of the kiosk's own.
    pub number: TicketNumber,
    /// The lease it is of.
    pub lease: u64,
    /// The business day the kiosk gave it out for.
    pub day: BusinessDay,
    /// When, by the server's clock as the kiosk knew it last.
    pub taken_at: StationTime,
    /// The visitor took it back at the kiosk before the server knew of it.
    pub taken_back: bool,
}

/// What is stored with a ticket that a kiosk gave out by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TakenOffline {
    /// The lease of its number.
    pub lease: u64,
    /// When the visitor came: what the kiosk said, within what can have been.
    pub at: StationTime,
    /// The place in line that follows. It is the same in whichever order kiosks tell of their tickets: of the same
    /// instant goes first whose kiosk has the older lease, and within a lease the order of the numbers holds.
    pub key: SortKey,
}

impl TakenOffline {
    /// The same, and not later than the server's own issue of the ticket.
    pub(crate) fn not_after(self, known: &Ticket) -> Self {
        let issued_ms = known.issued_at.0;
        Self {
            at: self.at.min(known.issued_at),
            key: SortKey {
                base_ms: self.key.base_ms.min(issued_ms),
                ..self.key
            },
            ..self
        }
    }
}

/// A lease with what is known of its use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct LeaseInUse {
    pub(crate) lease: Lease,
    granted_at: StationTime,
    /// Highest number that the server has been told of.
    highest: u32,
    /// Place of the last ticket of it.
    last_base_ms: i64,
}

/// The last lease of each kiosk on a business day.
pub(crate) type Leases = BTreeMap<KioskNumber, LeaseInUse>;

impl Day {
    /// The lease that a kiosk would be given; none: the one it holds is good.
    pub(crate) fn lease_for(&self, wish: LeaseWish) -> Option<(u32, u32)> {
        let known = self.leases.get(&wish.kiosk);
        let first = match known {
            Some(of) if wish.holds == Some(of.lease.id) => {
                let used = wish.used.max(of.highest);
                if of.lease.last.saturating_sub(used) >= RENEWED_BELOW {
                    return None;
                }
                used.max(of.lease.first - 1) + 1
            }
            // It has forgotten: any number of that lease may be on a paper.
            Some(of) => of.lease.last.max(wish.used) + 1,
            None => wish.used.saturating_add(1),
        };
        Some((first, first.saturating_add(LEASE_NUMBERS - 1)))
    }

    /// Notes that a lease was granted.
    pub(crate) fn grant(
        &mut self,
        id: u64,
        at: StationTime,
        kiosk: KioskNumber,
        first: u32,
        last: u32,
    ) {
        let lease = Lease {
            id,
            kiosk,
            day: self.date,
            first,
            last,
        };
        let of = LeaseInUse {
            lease,
            granted_at: at,
            highest: first.saturating_sub(1),
            last_base_ms: i64::MIN,
        };
        self.leases.insert(kiosk, of);
    }

    /// When a visitor came and where that puts the ticket. What a kiosk says is held between the grant of its lease and
    /// now, because its clock may be wrong; when a lease that is not its present one was granted is not kept.
    pub(crate) fn arrival(
        &self,
        now: StationTime,
        kiosk: KioskNumber,
        ticket: &OfflineTicket,
    ) -> TakenOffline {
        let of = self.leases.get(&kiosk);
        let earliest = of.filter(|of| of.lease.id == ticket.lease);
        let earliest = earliest.map_or(StationTime(i64::MIN), |of| of.granted_at);
        let at = ticket.taken_at.max(earliest).min(now);
        let after_ms = of.map_or(i64::MIN, |of| of.last_base_ms);
        TakenOffline {
            lease: ticket.lease,
            at,
            key: SortKey {
                base_ms: at.0.max(after_ms.saturating_add(1)),
                seq: ticket.lease,
            },
        }
    }

    /// Notes the use of a number of a kiosk.
    pub(crate) fn note_offline(&mut self, number: &TicketNumber, taken: TakenOffline) {
        let of = number.kiosk.and_then(|kiosk| self.leases.get_mut(&kiosk));
        if let Some(of) = of {
            of.highest = of.highest.max(number.number);
            of.last_base_ms = of.last_base_ms.max(taken.key.base_ms);
        }
    }
}

impl Engine {
    /// The lease that a kiosk has today.
    #[must_use]
    pub fn lease(&self, kiosk: KioskNumber) -> Option<Lease> {
        let day = self.day.as_ref()?;
        day.leases.get(&kiosk).map(|of| of.lease)
    }
}
