//! The gate every request passes: who is it, may it, and does it come from one of our own pages.

use axum::RequestExt;
use axum::extract::{RawPathParams, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::{Permission, Principal};
use crate::app::App;
use crate::problem::ApiProblem;

/// Name of the session cookie.
pub(crate) const SESSION_COOKIE: &str = "station_session";

/// Name of the cookie that marks an enrolled device.
pub(crate) const DEVICE_COOKIE: &str = "station_device";

/// How long a browser stays enrolled, seconds: a year.
const ENROLLED_S: u32 = 365 * 24 * 3600;

/// Lets a request through to a route that needs `permission`, with its [`Principal`] among the extensions.
pub async fn admit(
    State((app, permission)): State<(App, Permission)>,
    mut request: Request,
    next: Next,
) -> Response {
    let principal = match principal_of(&app, request.headers()) {
        Ok(principal) => principal,
        Err(problem) => return problem.into_response(),
    };
    if is_unsafe(request.method()) && !same_origin(request.headers()) {
        return ApiProblem::forbidden("the request comes from another site").into_response();
    }
    if !principal.may(permission) {
        if wants_page(request.headers()) {
            let next = page_to_return_to(&request);
            return Redirect::to(&format!("/login?next={}", encode(&next))).into_response();
        }
        return if principal.role == super::Role::Public {
            ApiProblem::unauthorized().into_response()
        } else {
            ApiProblem::forbidden(format!(
                "the role {} may not do this",
                principal.role.word()
            ))
            .into_response()
        };
    }
    if permission == Permission::ServeAtCounter
        && principal.device.is_some()
        && let Err(why) = is_own_counter(&principal, &mut request).await
    {
        return ApiProblem::forbidden(why).into_response();
    }
    request.extensions_mut().insert(principal);
    next.run(request).await
}

/// Whether the counter in the address, if one is there, is one the principal may be at.
async fn is_own_counter(principal: &Principal, request: &mut Request) -> Result<(), String> {
    // An address that is no text is refused by the handler, which reads it the same way.
    let Ok(parameters) = request.extract_parts::<RawPathParams>().await else {
        return Ok(());
    };
    let counter = parameters.iter().find(|(name, _)| *name == "counter");
    counter.map_or(Ok(()), |(_, id)| principal.may_be(id))
}

/// Whoever sent these headers.
///
/// # Errors
/// 401 for a bearer token that is not known; a stale session cookie counts as nobody.
pub fn principal_of(app: &App, headers: &HeaderMap) -> Result<Principal, ApiProblem> {
    let now_ms = app.live.now().0;
    if headers.contains_key(header::AUTHORIZATION) {
        return bearer(headers)
            .and_then(|token| app.access.principal(token, now_ms))
            .ok_or_else(ApiProblem::unauthorized);
    }
    let session = cookie(headers, SESSION_COOKIE);
    let principal = session.and_then(|s| app.access.principal(s, now_ms));
    Ok(principal.unwrap_or_else(Principal::public))
}

/// The bearer token of a request.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(str::trim)
}

/// The `Set-Cookie` that marks a browser as the enrolled device of this token.
pub(crate) fn device_cookie(token: &str) -> String {
    format!("{DEVICE_COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={ENROLLED_S}")
}

/// The value of a cookie.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get(header::COOKIE)?.to_str().ok()?;
    all.split(';').find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then_some(value)
    })
}

/// A browser says where a request comes from; programs say nothing and carry no cookie of ours.
pub(crate) fn same_origin(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok());
    let origin = origin
        .to_str()
        .ok()
        .and_then(|o| o.split_once("://"))
        .map(|(_, rest)| rest);
    origin.is_some() && origin == host
}

/// The page itself, or, for a form whose session has ended, the page it was on.
fn page_to_return_to(request: &Request) -> String {
    if request.method() == Method::GET {
        return request
            .uri()
            .path_and_query()
            .map_or("/", |p| p.as_str())
            .to_owned();
    }
    let referer = request
        .headers()
        .get(header::REFERER)
        .and_then(|r| r.to_str().ok());
    let path = referer
        .and_then(|r| r.split_once("://"))
        .and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    path.unwrap_or("/").to_owned()
}

fn is_unsafe(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|a| a.to_str().ok());
    accept.is_some_and(|a| a.contains("text/html"))
}

/// Percent-encodes what may not stand in a query value.
pub(crate) fn encode(text: &str) -> String {
    let keep = |b: u8| b.is_ascii_alphanumeric() || b"-_.~/".contains(&b);
    text.bytes()
        .map(|b| {
            if keep(b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(k, v)| {
                (
                    header::HeaderName::from_static(k),
                    HeaderValue::from_static(v),
                )
            })
            .collect()
    }

    #[test]
    fn another_site_is_not_our_origin() {
        assert!(same_origin(&headers(&[("host", "127.0.0.1:8080")])));
        assert!(same_origin(&headers(&[
            ("host", "h:1"),
            ("origin", "http://h:1")
        ])));
        assert!(!same_origin(&headers(&[
            ("host", "h:1"),
            ("origin", "http://h:2")
        ])));
        assert!(!same_origin(&headers(&[
            ("host", "h:1"),
            ("origin", "null")
        ])));
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let map = headers(&[("cookie", "xstation_session=1; station_session=abc")]);
        assert_eq!(cookie(&map, SESSION_COOKIE), Some("abc"));
        assert_eq!(cookie(&map, "session"), None);
    }
}
