//! Request bodies and idempotency keys, with problems instead of bare statuses.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;

use super::BODY_BYTES_MAX;
use crate::app::App;
use crate::problem::ApiProblem;

/// A body that is too large is read on and thrown away up to here, bytes: a client cut off while it still sends never
/// sees the answer that says why.
const THROWN_AWAY_BYTES_MAX: usize = 8 * 1024 * 1024;
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

    async fn from_request(request: Request, _: &App) -> Result<Self, ApiProblem> {
        let bytes = read(request.into_body()).await?;
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        let value = serde_json::from_slice(text)
            .map_err(|e| ApiProblem::invalid(format!("the request body: {e}")))?;
        Ok(Self { value, bytes })
    }
}

async fn read(body: axum::body::Body) -> Result<Bytes, ApiProblem> {
    let mut chunks = body.into_data_stream();
    let mut bytes = BytesMut::new();
    let mut length = 0;
    while length <= THROWN_AWAY_BYTES_MAX
        && let Some(chunk) = chunks.next().await
    {
        let chunk = chunk
            .map_err(|e| ApiProblem::invalid(format!("the request body could not be read: {e}")))?;
        length += chunk.len();
        if length <= BODY_BYTES_MAX {
            bytes.extend_from_slice(&chunk);
        }
    }
    if length > BODY_BYTES_MAX {
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        return Err(ApiProblem::new(
            status,
            "body_too_large",
            "the request body is over 64 KiB",
        ));
    }
    Ok(bytes.freeze())
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
