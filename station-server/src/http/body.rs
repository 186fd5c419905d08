//! Request bodies and idempotency keys, with problems instead of bare statuses.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::problem::ApiProblem;

/// Longest idempotency key, bytes.
const KEY_BYTES_MAX: usize = 200;

/// A JSON body with its bytes; an empty body counts as `{}`.
pub struct Body<T> {
    /// The content.
    pub value: T,
    /// As sent, for telling a repeat from another request.
    pub bytes: Bytes,
}

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = ApiProblem;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiProblem> {
        let bytes = Bytes::from_request(request, app).await.map_err(|e| {
            let status = e.status();
            if status == StatusCode::PAYLOAD_TOO_LARGE {
                ApiProblem::new(status, "body_too_large", "the request body is over 64 KiB")
            } else {
                ApiProblem::invalid(format!("the request body could not be read: {e}"))
            }
        })?;
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        let value = serde_json::from_slice(text)
            .map_err(|e| ApiProblem::invalid(format!("the request body: {e}")))?;
        Ok(Self { value, bytes })
    }
}

/// The `Idempotency-Key` header, if sent.
pub struct IdempotencyKey(pub Option<String>);

impl FromRequestParts<App> for IdempotencyKey {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiProblem> {
        let Some(value) = parts.headers.get("idempotency-key") else {
            return Ok(Self(None));
        };
        let key = value
            .to_str()
            .ok()
            .filter(|k| !k.is_empty() && k.len() <= KEY_BYTES_MAX);
        match key {
            Some(key) => Ok(Self(Some(key.to_owned()))),
            None => Err(ApiProblem::invalid(
                "Idempotency-Key must be 1 to 200 visible ASCII characters",
            )),
        }
    }
}
