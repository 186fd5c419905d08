//! Logging in and enrolling over the interface for programs; the login page posts here through its own handler.

use axum::Extension;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use queue_core::StationTime;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Body;
use super::words::known_device;
use crate::access::{
    AccessError, DEVICE_COOKIE, Origin, Peer, PinError, Principal, Role, bearer, cookie,
    device_cookie,
};
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
    peer: Peer,
    headers: HeaderMap,
    Body { value, .. }: Body<Login>,
) -> Result<Json<Value>, ApiProblem> {
    let origin = app.origin(&headers, peer);
    let token = app.log_in(&value.staff, value.pin, &origin).await?;
    Ok(Json(json!({"token": token})))
}

pub(crate) async fn logout(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiProblem> {
    if let Some(token) = bearer(&headers) {
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

/// `GET /api/v1/devices/tokens`.
pub(crate) async fn enrolled(State(app): State<App>) -> Result<Json<Value>, ApiProblem> {
    let devices = app.access.enrolled_devices()?;
    let tokens: Vec<Value> = devices
        .into_iter()
        .map(|device| {
            let at = device.enrolled_ms.map(StationTime);
            json!({
                "id": device.id,
                "role": device.role,
                "device": device.device,
                "enrolled_at": at.map(|at| app.local_time(at)),
            })
        })
        .collect();
    Ok(Json(json!({"tokens": tokens})))
}

/// `POST /api/v1/devices/tokens/{id}/revoke`.
pub(crate) async fn revoke(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiProblem> {
    app.revoke(&id)?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/enrol`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Enrolment {
    code: String,
}

pub(crate) async fn enrol(
    State(app): State<App>,
    peer: Peer,
    Body { value, .. }: Body<Enrolment>,
) -> Result<impl IntoResponse, ApiProblem> {
    let (role, device, token) = app.enrol(&value.code, peer)?;
    Ok((
        StatusCode::CREATED,
        AppendHeaders([(header::SET_COOKIE, device_cookie(&token))]),
        Json(json!({"role": role, "device": device, "token": token})),
    ))
}

impl Station {
    /// A one-time code with which a device joins.
    ///
    /// # Errors
    /// 400 for a role that devices do not have, or a name of no or over 32 bytes; 422 for a kiosk, display or counter
    /// that the station file does not have.
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
        let counters = || self.info.counters.iter().map(|c| c.id.as_str());
        match role {
            Role::Kiosk => known_device("kiosk", device, self.kiosks.keys().map(String::as_str))?,
            Role::Display => {
                known_device("display", device, self.displays.iter().map(String::as_str))?;
            }
            Role::Counter => known_device("counter", device, counters())?,
            // Those who walk around name their devices as they like.
            _ => {}
        }
        Ok(self.access.mint_code(role, device, self.live.now().0)?)
    }

    /// Withdraws the token of an enrolled device.
    ///
    /// # Errors
    /// 404 where no device has it (any more).
    pub fn revoke(&self, id: &str) -> Result<(), ApiProblem> {
        if self.access.withdraw(id)? {
            return Ok(());
        }
        let detail = "no enrolled device has a token with this id (any more)";
        Err(ApiProblem::not_found("unknown_token", detail))
    }

    /// Lets a device join with a code; the answer is its role, name and token.
    ///
    /// # Errors
    /// 422 for a code that is not valid, 429 after ten of them from one address.
    pub fn enrol(&self, code: &str, peer: Peer) -> Result<(Role, String, String), ApiProblem> {
        let (who, now_ms) = (peer.name(), self.live.now().0);
        self.enrolments.begin(&who, now_ms).map_err(|paused| {
            let detail = "too many wrong enrolment codes; wait a minute";
            ApiProblem::too_many("enrol_locked", detail, paused.retry_after_s)
        })?;
        let joined = self.access.enrol(code, now_ms)?;
        self.enrolments.succeeded(&who);
        Ok(joined)
    }

    /// From where a request comes: a device that was enrolled, by its cookie or bearer token, or an address. In the demo
    /// every address counts as a device.
    pub fn origin(&self, headers: &HeaderMap, peer: Peer) -> Origin {
        let now_ms = self.live.now().0;
        let device = |token: &str| {
            let principal = self.access.principal(token, now_ms);
            principal.filter(|p| p.staff.is_none())
        };
        let device = cookie(headers, DEVICE_COOKIE)
            .and_then(device)
            .or_else(|| bearer(headers).and_then(device));
        Origin {
            enrolled: self.demo.is_some() || device.is_some(),
            device: device.as_ref().and_then(|p| p.token.clone()),
            name: device.map_or_else(|| peer.name(), |p| p.actor().0),
        }
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
        origin: &Origin,
    ) -> Result<String, ApiProblem> {
        let member = self.access.staff_member(staff);
        let now_ms = self.live.now().0;
        let pin = member
            .filter(|_| origin.enrolled)
            .and_then(|m| m.pin_phc.clone());
        let phc = pin.or_else(|| member.and_then(|m| m.password_phc.clone()));
        self.pins
            .check(staff, origin, phc.clone(), secret, now_ms)
            .await
            .map_err(|e| match e {
                PinError::Wrong => {
                    let detail = if origin.enrolled {
                        e.to_string()
                    } else {
                        "wrong name or password; a PIN is taken on enrolled devices only".to_owned()
                    };
                    ApiProblem::new(StatusCode::UNAUTHORIZED, "wrong_pin", detail)
                }
                PinError::Locked { retry_after_s } => {
                    ApiProblem::too_many("pin_locked", e.to_string(), retry_after_s)
                }
                PinError::Unavailable => ApiProblem::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "unavailable",
                    e.to_string(),
                ),
            })?;
        let (member, phc) = member.zip(phc).ok_or_else(ApiProblem::unauthorized)?;
        let device = origin.device.as_deref();
        Ok(self.access.start_session(member, &phc, device, now_ms)?)
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
