//! Roles and what each may do: one table.

use queue_core::{Actor, StaffId};
use serde::{Deserialize, Serialize};

/// Who somebody is to the station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Anybody: a visitor's phone, the open data feed.
    Public,
    /// A ticket kiosk.
    Kiosk,
    /// A display agent.
    Display,
    /// A counter: console, keypad, rating tablet.
    Counter,
    /// Walk-around staff.
    Greeter,
    /// Station chief.
    Chief,
    /// Administrator.
    Administrator,
}

impl Role {
    /// Every role, least first.
    pub const ALL: [Role; 7] = [
        Role::Public,
        Role::Kiosk,
        Role::Display,
        Role::Counter,
        Role::Greeter,
        Role::Chief,
        Role::Administrator,
    ];

    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Role::Public => "public",
            Role::Kiosk => "kiosk",
            Role::Display => "display",
            Role::Counter => "counter",
            Role::Greeter => "greeter",
            Role::Chief => "chief",
            Role::Administrator => "administrator",
        }
    }

    /// The role of a word.
    pub fn parse(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.word() == word)
    }

    /// What the role may do.
    pub fn permissions(self) -> &'static [Permission] {
        use Permission::*;
        match self {
            Role::Public => &[See, Visit, LogIn, Book],
            Role::Kiosk => &[See, Visit, LogIn, Book, IssueTicket, ActAsKiosk],
            Role::Display => &[See, Visit, LogIn, Book, ActAsDisplay],
            Role::Counter => &[
                See,
                Visit,
                LogIn,
                Book,
                IssueTicket,
                SeeAppointments,
                Greet,
                ServeAtCounter,
            ],
            Role::Greeter => &[See, Visit, LogIn, Book, IssueTicket, SeeAppointments, Greet],
            Role::Chief => &[
                See,
                Visit,
                LogIn,
                Book,
                IssueTicket,
                SeeAppointments,
                Greet,
                ServeAtCounter,
                ReadFigures,
                RunDay,
                Supervise,
            ],
            Role::Administrator => &[
                See,
                Visit,
                LogIn,
                Book,
                IssueTicket,
                SeeAppointments,
                Greet,
                ServeAtCounter,
                ReadFigures,
                RunDay,
                Supervise,
                Administer,
            ],
        }
    }

    /// Whether the role may.
    pub fn may(self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
    }
}

/// Something a route lets one do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// See what hangs on the wall anyway: board, services, counters.
    See,
    /// Follow, cancel and rate a ticket, or follow and give up an appointment, whose unguessable id one holds.
    Visit,
    /// Book an appointment; visitors only where the station file lets them.
    Book,
    /// Log in, log out, enrol.
    LogIn,
    /// Give out tickets, check appointments in.
    IssueTicket,
    /// See everybody's appointments with their codes.
    SeeAppointments,
    /// Check identities, and put tickets that wait to another service.
    Greet,
    /// Act as a kiosk agent.
    ActAsKiosk,
    /// Act as a display agent.
    ActAsDisplay,
    /// Call, serve, and read the queue with its tickets.
    ServeAtCounter,
    /// Read figures.
    ReadFigures,
    /// Open and close the business day.
    RunDay,
    /// Put a ticket before all others; correct what the log says of a visit.
    Supervise,
    /// Enrol devices.
    Administer,
}

/// Somebody who sent a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Role.
    pub role: Role,
    /// Name of the token, device or staff member.
    pub name: String,
    /// Staff id, where a person logged in.
    pub staff: Option<StaffId>,
    /// The kiosk, display or counter of the station file that a device's token stands for: it is that one only. People
    /// and tokens without a device are bound to none.
    pub device: Option<String>,
    /// Id of the stored token of an enrolled device or of a session, which can be withdrawn while it is connected.
    pub token: Option<String>,
}

impl Principal {
    /// Nobody in particular.
    pub fn public() -> Self {
        Self {
            role: Role::Public,
            name: "anybody".into(),
            staff: None,
            device: None,
            token: None,
        }
    }

    /// As written into events.
    pub fn actor(&self) -> Actor {
        Actor(format!("{}/{}", self.role.word(), self.name))
    }

    /// Whether it may.
    pub fn may(&self, permission: Permission) -> bool {
        self.role.may(permission)
    }

    /// Whether it may be the device of this name.
    ///
    /// # Errors
    /// What to say to a token that is bound to another one.
    pub fn may_be(&self, device: &str) -> Result<(), String> {
        match &self.device {
            Some(own) if own != device => Err(format!(
                "this token is for {} `{own}` only, not for `{device}`",
                self.role.word()
            )),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_may_neither_call_nor_read_figures() {
        assert!(!Role::Public.may(Permission::ServeAtCounter));
        assert!(!Role::Public.may(Permission::ReadFigures));
        assert!(!Role::Public.may(Permission::IssueTicket));
    }

    #[test]
    fn a_device_is_itself_only_and_who_is_no_device_may_be_any() {
        let bound = Principal {
            role: Role::Counter,
            device: Some("3".into()),
            ..Principal::public()
        };
        assert_eq!(bound.may_be("3"), Ok(()));
        assert_eq!(
            bound.may_be("4").unwrap_err(),
            "this token is for counter `3` only, not for `4`"
        );
        assert_eq!(Principal::public().may_be("4"), Ok(()));
    }

    #[test]
    fn every_role_may_what_everybody_may() {
        for role in Role::ALL {
            for permission in Role::Public.permissions() {
                assert!(role.may(*permission), "{role:?} lacks {permission:?}");
            }
        }
    }
}
