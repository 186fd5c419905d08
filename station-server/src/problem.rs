//! Errors as people and programs get them: RFC 9457 problem details with a stable `code`.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::Problem;
use queue_core::{BadId, Limit, Rejected};

use crate::reports::ReportError;
use crate::writer::SubmitError;

/// A problem on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiProblem {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable code.
    pub code: &'static str,
    /// This case in words.
    pub detail: String,
    /// The limit that stands against a ticket.
    pub limit: Option<Box<Limit>>,
    /// When to ask again, seconds from now, where that is known.
    pub retry_after_s: Option<u32>,
}

impl ApiProblem {
    /// A problem with its status, stable code and words.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            limit: None,
            retry_after_s: None,
        }
    }

    /// 429: too many failures.
    pub fn too_many(code: &'static str, detail: impl Into<String>, retry_after_s: u32) -> Self {
        Self {
            retry_after_s: Some(retry_after_s),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, code, detail)
        }
    }

    /// 400: the request cannot be understood.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", detail)
    }

    /// 404.
    pub fn not_found(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, detail)
    }

    /// 401: nobody is logged in.
    pub fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "log in, or send a bearer token",
        )
    }

    /// 403: somebody is, and may not.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// The wire form.
    pub fn to_wire(&self) -> Problem {
        Problem {
            kind: "about:blank".into(),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            code: self.code.to_owned(),
            limit: self.limit.clone(),
        }
    }
}

impl IntoResponse for ApiProblem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.to_wire())).into_response();
        let kind = header::HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = header::HeaderValue::from_static("Bearer");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, scheme);
        }
        if let Some(seconds) = self.retry_after_s {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, seconds.into());
        }
        // For whoever puts a page in its place.
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Rejected> for ApiProblem {
    fn from(rejected: Rejected) -> Self {
        let problem = Self::new(status_of(&rejected), rejected.code(), rejected.to_string());
        match rejected {
            Rejected::Limited(limit) => Self {
                limit: Some(limit.into()),
                ..problem
            },
            _ => problem,
        }
    }
}

impl From<BadId> for ApiProblem {
    fn from(bad: BadId) -> Self {
        Self::invalid(bad.to_string())
    }
}

impl From<SubmitError> for ApiProblem {
    fn from(error: SubmitError) -> Self {
        let unavailable =
            |code, detail: String| Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail);
        match error {
            SubmitError::Rejected(rejected) => rejected.into(),
            SubmitError::StorageFault(_) => unavailable("storage_fault", error.to_string()),
            SubmitError::Busy | SubmitError::Stopped => {
                unavailable(error.code(), error.to_string())
            }
        }
    }
}

impl From<ReportError> for ApiProblem {
    fn from(error: ReportError) -> Self {
        let status = match error {
            ReportError::BadRange { .. } => StatusCode::BAD_REQUEST,
            ReportError::Journal(_) | ReportError::Output(_) => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, error.code(), error.to_string())
    }
}

fn status_of(rejected: &Rejected) -> StatusCode {
    match rejected {
        Rejected::UnknownService
        | Rejected::UnknownClass
        | Rejected::UnknownCounter
        | Rejected::UnknownProfile
        | Rejected::UnknownZone
        | Rejected::UnknownTicket
        | Rejected::UnknownAppointment
        | Rejected::UnknownSession => StatusCode::NOT_FOUND,
        Rejected::BadScore
        | Rejected::TextTooLong
        | Rejected::TransferNowhere
        | Rejected::ReasonMissing
        | Rejected::BadCount
        | Rejected::BadPersons
        | Rejected::BadMatters
        | Rejected::BadPlan(_)
        | Rejected::ClassesAlike
        | Rejected::PartyTooLarge(_)
        | Rejected::NotAKiosksNumber
        | Rejected::IdempotencyKeyReused => StatusCode::UNPROCESSABLE_ENTITY,
        Rejected::NumberTaken
        | Rejected::DayClosed
        | Rejected::DayAlreadyOpen
        | Rejected::DayInPast
        | Rejected::CounterClosed
        | Rejected::CounterPaused
        | Rejected::CounterBusy
        | Rejected::CounterIdle
        | Rejected::StaffElsewhere(_)
        | Rejected::NobodyWaiting
        | Rejected::NobodyHeld
        | Rejected::WrongState(_)
        | Rejected::NotCalled
        | Rejected::StaleView
        | Rejected::SkillMissing
        | Rejected::ProfileElsewhere
        | Rejected::ReturnTooLate
        | Rejected::ReturnsUsedUp
        | Rejected::NobodyBehind
        | Rejected::NotSent
        | Rejected::UndoExpired
        | Rejected::UndoOvertaken
        | Rejected::UndoNothing
        | Rejected::AlreadyRated
        | Rejected::TicketNotRateable
        | Rejected::NoAppointments
        | Rejected::SlotFull
        | Rejected::SlotTooSoon
        | Rejected::SlotTooFar
        | Rejected::CheckInTooEarly
        | Rejected::AppointmentMissed
        | Rejected::AlreadyCheckedIn
        | Rejected::AppointmentCancelled
        | Rejected::NotRated
        | Rejected::RatingClosed
        | Rejected::CounterInUse(_)
        | Rejected::ServiceInUse(_)
        | Rejected::NoSessions
        | Rejected::SessionClosed
        | Rejected::SessionTooFar
        | Rejected::SessionFull
        | Rejected::SessionTicket
        | Rejected::SessionEarlierWaits
        | Rejected::SessionNobodyToCall
        | Rejected::SessionNotCalled
        | Rejected::SessionCheckInOpen
        | Rejected::SessionRunning
        | Rejected::SessionStarted
        | Rejected::SessionNotStarted
        | Rejected::SessionOver => StatusCode::CONFLICT,
        Rejected::Limited(Limit::PersonUnknown) => StatusCode::UNPROCESSABLE_ENTITY,
        Rejected::Limited(_) => StatusCode::CONFLICT,
    }
}
