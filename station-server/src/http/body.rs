//! Request bodies and idempotency keys, with problems instead of bare statuses.

use std::convert::Infallible;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponseParts, ResponseParts};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;

use super::BODY_BYTES_MAX;
use super::json::read_json;
use crate::app::App;
use crate::problem::ApiProblem;

/// A body that is too large is read on and thrown away up to here, bytes: a client cut off while it still sends never
/// sees the answer that says why.
const THROWN_AWAY_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Longest idempotency key, bytes.
const KEY_BYTES_MAX: usize = 200;

/// A JSON body with its bytes; an empty body counts as `{}`, of whatever type it is said to be.
pub struct Body<T> {
    /// The content.
    pub value: T,
    /// As sent, for telling a repeat from another request.
    pub bytes: Bytes,
}

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = ApiProblem;

    async fn from_request(request: Request, _: &App) -> Result<Self, ApiProblem> {
        let is_json = is_json(request.headers());
        let bytes = read(request.into_body()).await?;
        if !bytes.is_empty() && !is_json {
            return Err(ApiProblem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "the request body must be JSON, with the header `Content-Type: application/json`",
            ));
        }
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        let value = read_json(text)
            .map_err(|why| ApiProblem::invalid(format!("the request body: {why}")))?;
        Ok(Self { value, bytes })
    }
}

/// Whether the body is said to be `application/json` or of a type built on it (RFC 6839, 3.1).
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let essence = kind.and_then(|kind| kind.split(';').next());
    let essence = essence.unwrap_or_default().trim().to_ascii_lowercase();
    let subtype = essence.strip_prefix("application/").unwrap_or_default();
    subtype == "json" || subtype.ends_with("+json")
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

/// Says on an answer that nothing happened now: the request had been carried out before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Replayed(pub(crate) bool);

impl IntoResponseParts for Replayed {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        if self.0 {
            let name = HeaderName::from_static("idempotent-replayed");
            parts
                .headers_mut()
                .insert(name, HeaderValue::from_static("true"));
        }
        Ok(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_told_by_its_type() {
        let said = |kind: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, axum::http::HeaderValue::from_static(kind));
            is_json(&headers)
        };
        for json in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "application/merge-patch+json",
        ] {
            assert!(said(json), "{json}");
        }
        for other in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "text/json",
            "application/jsonp",
            "",
        ] {
            assert!(!said(other), "{other}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
