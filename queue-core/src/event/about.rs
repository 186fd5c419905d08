//! What an event is about, and the name under which it is stored.

use super::Event;
use crate::ids::{AppointmentId, TicketId};
use crate::sessions::SessionRef;

impl Event {
    /// The one ticket this is about; none for events about the station, a counter, several tickets or another log's.
    #[must_use]
    pub fn ticket(&self) -> Option<TicketId> {
        match self {
            Event::TicketIssued(issued) => Some(issued.ticket),
            Event::TicketCancelled { ticket }
            | Event::IdentityVerified { ticket, .. }
            | Event::IdentityRefused { ticket, .. }
            | Event::TicketRerouted { ticket, .. }
            | Event::TicketAmended { ticket, .. }
            | Event::TicketRenumbered { ticket, .. }
            | Event::TicketCalled { ticket, .. }
            | Event::TicketRecalled { ticket, .. }
            | Event::ServiceStarted { ticket, .. }
            | Event::ServiceFinished { ticket, .. }
            | Event::LegFinished { ticket, .. }
            | Event::MattersChanged { ticket, .. }
            | Event::TicketNoShow { ticket, .. }
            | Event::TicketHeld { ticket, .. }
            | Event::TicketResumed { ticket, .. }
            | Event::TicketTransferred { ticket, .. }
            | Event::TicketHandedOver { ticket, .. }
            | Event::TicketReturned { ticket, .. }
            | Event::TicketDeferred { ticket, .. }
            | Event::TicketPrioritised { ticket, .. }
            | Event::TicketPrecalled { ticket, .. }
            | Event::TicketCorrected { ticket, .. }
            | Event::RatingInvited { ticket, .. }
            | Event::RatingGiven { ticket, .. }
            | Event::RatingCompleted { ticket, .. }
            | Event::SessionCheckedIn { ticket }
            | Event::SessionMissed { ticket, .. }
            | Event::PrintReported { ticket, .. } => Some(*ticket),
            Event::Configured { .. }
            | Event::DayOpened { .. }
            | Event::HoursChanged { .. }
            | Event::DisciplineChanged { .. }
            | Event::AlarmRaised(_)
            | Event::AlarmCleared(_)
            | Event::DayClosed { .. }
            | Event::NumbersLeased { .. }
            | Event::CounterOpened { .. }
            | Event::CounterPaused { .. }
            | Event::CounterClosed { .. }
            | Event::CounterProfileChanged { .. }
            | Event::CounterAutoCallSet { .. }
            | Event::CounterNextStored { .. }
            | Event::Undone { .. }
            | Event::CallAnnounced { .. }
            | Event::ClockStepped { .. }
            | Event::ImportBegan { .. }
            | Event::TicketImported(_)
            | Event::AppointmentBooked(_)
            | Event::AppointmentCancelled { .. }
            | Event::SessionsSet { .. }
            | Event::SessionCalled { .. }
            | Event::SessionStarted { .. }
            | Event::SessionEnded { .. }
            | Event::SessionUndone { .. }
            | Event::DeviceFaultBegan { .. }
            | Event::DeviceFaultEnded { .. } => None,
        }
    }

    /// The session this is about, if it is about a whole one.
    #[must_use]
    pub fn session(&self) -> Option<&SessionRef> {
        match self {
            Event::SessionCalled { session, .. }
            | Event::SessionStarted { session, .. }
            | Event::SessionEnded { session }
            | Event::SessionMissed { session, .. }
            | Event::SessionUndone { session, .. } => Some(session),
            _ => None,
        }
    }

    /// The appointment this is about, if it is about one.
    #[must_use]
    pub fn appointment(&self) -> Option<AppointmentId> {
        match self {
            Event::AppointmentBooked(booked) => Some(booked.appointment),
            Event::AppointmentCancelled { appointment } => Some(*appointment),
            Event::TicketIssued(issued) => issued.attends.map(|a| a.appointment),
            _ => None,
        }
    }

    /// The stored name of the kind.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Event::Configured { .. } => "configured",
            Event::DayOpened { .. } => "day_opened",
            Event::DayClosed { .. } => "day_closed",
            Event::HoursChanged { .. } => "hours_changed",
            Event::DisciplineChanged { .. } => "discipline_changed",
            Event::AlarmRaised(_) => "alarm_raised",
            Event::AlarmCleared(_) => "alarm_cleared",
            Event::TicketIssued(_) => "ticket_issued",
            Event::NumbersLeased { .. } => "numbers_leased",
            Event::TicketRenumbered { .. } => "ticket_renumbered",
            Event::TicketCancelled { .. } => "ticket_cancelled",
            Event::IdentityVerified { .. } => "identity_verified",
            Event::IdentityRefused { .. } => "identity_refused",
            Event::TicketRerouted { .. } => "ticket_rerouted",
            Event::TicketAmended { .. } => "ticket_amended",
            Event::CounterOpened { .. } => "counter_opened",
            Event::CounterPaused { .. } => "counter_paused",
            Event::CounterClosed { .. } => "counter_closed",
            Event::CounterProfileChanged { .. } => "counter_profile_changed",
            Event::CounterAutoCallSet { .. } => "counter_auto_call_set",
            Event::CounterNextStored { .. } => "counter_next_stored",
            Event::TicketCalled { .. } => "ticket_called",
            Event::TicketRecalled { .. } => "ticket_recalled",
            Event::ServiceStarted { .. } => "service_started",
            Event::ServiceFinished { .. } => "service_finished",
            Event::LegFinished { .. } => "leg_finished",
            Event::MattersChanged { .. } => "matters_changed",
            Event::TicketNoShow { .. } => "ticket_no_show",
            Event::TicketHeld { .. } => "ticket_held",
            Event::TicketResumed { .. } => "ticket_resumed",
            Event::TicketTransferred { .. } => "ticket_transferred",
            Event::TicketHandedOver { .. } => "ticket_handed_over",
            Event::TicketReturned { .. } => "ticket_returned",
            Event::TicketDeferred { .. } => "ticket_deferred",
            Event::TicketPrioritised { .. } => "ticket_prioritised",
            Event::TicketPrecalled { .. } => "ticket_precalled",
            Event::TicketCorrected { .. } => "ticket_corrected",
            Event::Undone { .. } => "undone",
            Event::RatingInvited { .. } => "rating_invited",
            Event::RatingGiven { .. } => "rating_given",
            Event::RatingCompleted { .. } => "rating_completed",
            Event::PrintReported { .. } => "print_reported",
            Event::CallAnnounced { .. } => "call_announced",
            Event::ClockStepped { .. } => "clock_stepped",
            Event::ImportBegan { .. } => "import_began",
            Event::TicketImported(_) => "ticket_imported",
            Event::AppointmentBooked(_) => "appointment_booked",
            Event::AppointmentCancelled { .. } => "appointment_cancelled",
            Event::SessionsSet { .. } => "sessions_set",
            Event::SessionCheckedIn { .. } => "session_checked_in",
            Event::SessionCalled { .. } => "session_called",
            Event::SessionStarted { .. } => "session_started",
            Event::SessionEnded { .. } => "session_ended",
            Event::SessionMissed { .. } => "session_missed",
            Event::SessionUndone { .. } => "session_undone",
            Event::DeviceFaultBegan { .. } => "device_fault_began",
            Event::DeviceFaultEnded { .. } => "device_fault_ended",
        }
    }
}
