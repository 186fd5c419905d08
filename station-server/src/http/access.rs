//! Logging in and enrolling over the interface for programs; the login page posts here through its own handler.

use axum::Extension;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Body;
use crate::access::{AccessError, DEVICE_COOKIE, PinError, Principal, Role, cookie};
use crate::app::{App, Station};
use crate::problem::ApiProblem;

/// `POST /api/v1/login`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Login {
    staff: String,
    pin: String,
}

pub(crate) async fn login(
    State(app): State<App>,
    headers: HeaderMap,
    Body { value, .. }: Body<Login>,
) -> Result<Json<Value>, ApiProblem> {
    let enrolled = app.is_enrolled(&headers);
    let token = app.log_in(&value.staff, value.pin, enrolled).await?;
    Ok(Json(json!({"token": token})))
}

pub(crate) async fn logout(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiProblem> {
    let bearer = headers.get("authorization").and_then(|v| v.to_str().ok());
    if let Some(token) = bearer.and_then(|v| v.strip_prefix("Bearer ")) {
        app.access.end_session(token)?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/devices/codes`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeRequest {
    role: Role,
    device: String,
}

pub(crate) async fn mint_code(
    State(app): State<App>,
    Extension(_): Extension<Principal>,
    Body { value, .. }: Body<CodeRequest>,
) -> Result<(StatusCode, Json<Value>), ApiProblem> {
    let code = app.mint_code(Some(value.role), &value.device)?;
    Ok((
        StatusCode::CREATED,
        Json(json!({"code": code, "valid_s": 900})),
    ))
}

/// `POST /api/v1/enrol`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Enrolment {
    code: String,
}

pub(crate) async fn enrol(
    State(app): State<App>,
    Body { value, .. }: Body<Enrolment>,
) -> Result<(StatusCode, Json<Value>), ApiProblem> {
    let (role, device, token) = app.access.enrol(&value.code, app.live.now().0)?;
    Ok((
        StatusCode::CREATED,
        Json(json!({"role": role, "device": device, "token": token})),
    ))
}

impl Station {
    /// A one-time code with which a device joins.
    ///
    /// # Errors
    /// 400 for a role that devices do not have, or a name of no or over 32 bytes.
    pub fn mint_code(&self, role: Option<Role>, device: &str) -> Result<String, ApiProblem> {
        let role = role
            .filter(|r| {
                matches!(
                    r,
                    Role::Kiosk | Role::Display | Role::Counter | Role::Greeter
                )
            })
            .ok_or_else(|| {
                ApiProblem::invalid("only kiosk, display, counter and greeter devices are enrolled")
            })?;
        if !(1..=32).contains(&device.len()) {
            return Err(ApiProblem::invalid("a device name has 1 to 32 bytes"));
        }
        Ok(self.access.mint_code(role, device, self.live.now().0)?)
    }

    /// Whether the request comes from a device that was enrolled, or this is the demo, where every device counts as one.
    pub fn is_enrolled(&self, headers: &HeaderMap) -> bool {
        let device = cookie(headers, DEVICE_COOKIE);
        let known = device.and_then(|token| self.access.principal(token, self.live.now().0));
        self.demo.is_some() || known.is_some_and(|p| p.staff.is_none())
    }

    /// Checks a PIN (on an enrolled device) or password (elsewhere, or for staff without a PIN) and starts a session;
    /// the answer is its token.
    ///
    /// # Errors
    /// 401 for a wrong one, 429 after too many.
    pub async fn log_in(
        &self,
        staff: &str,
        secret: String,
        enrolled: bool,
    ) -> Result<String, ApiProblem> {
        let member = self.access.staff_member(staff);
        let now_ms = self.live.now().0;
        let pin = member.filter(|_| enrolled).and_then(|m| m.pin_phc.clone());
        let phc = pin.or_else(|| member.and_then(|m| m.password_phc.clone()));
        self.pins
            .check(staff, phc, secret, now_ms)
            .await
            .map_err(|e| match e {
                PinError::Wrong => {
                    ApiProblem::new(StatusCode::UNAUTHORIZED, "wrong_pin", e.to_string())
                }
                PinError::Locked => {
                    ApiProblem::new(StatusCode::TOO_MANY_REQUESTS, "pin_locked", e.to_string())
                }
                PinError::Unavailable => ApiProblem::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "unavailable",
                    e.to_string(),
                ),
            })?;
        let member = member.ok_or_else(ApiProblem::unauthorized)?;
        Ok(self.access.start_session(member, now_ms)?)
    }
}

impl From<AccessError> for ApiProblem {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::BadCode => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "bad_code",
                error.to_string(),
            ),
            AccessError::Database(_) | AccessError::Randomness => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "storage_fault",
                error.to_string(),
            ),
        }
    }
}
