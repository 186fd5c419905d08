//! HTTP: every route of the station in one table, each with the permission it needs.

mod access;
mod appointments;
mod body;
mod counters;
mod identity;
mod json;
mod life;
mod openapi;
mod places;
mod ratings;
mod sessions;
pub(crate) use sessions::step_of;
mod station;
mod stats;
mod tickets;
mod times;
mod words;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};

use crate::access::{Permission, admit};
use crate::app::App;
use crate::problem::ApiProblem;
use crate::{hub, pages};

use body::Replayed;
pub use body::{Body, IdempotencyKey};
pub use counters::{ActionRequest, counter_command};
pub(crate) use json::read_json;
pub use openapi::document as openapi_document;
pub(crate) use words::{known_device, known_language};

/// Largest request body, bytes.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// One line of the route table.
pub struct Route {
    /// Method in capitals.
    pub method: &'static str,
    /// Path pattern.
    pub path: &'static str,
    /// What one needs.
    pub permission: Permission,
    handler: MethodRouter<App>,
}

impl Route {
    /// A GET route.
    pub fn get<H, T>(path: &'static str, permission: Permission, handler: H) -> Self
    where
        H: axum::handler::Handler<T, App>,
        T: 'static,
    {
        Self {
            method: "GET",
            path,
            permission,
            handler: get(handler),
        }
    }

    /// A POST route.
    pub fn post<H, T>(path: &'static str, permission: Permission, handler: H) -> Self
    where
        H: axum::handler::Handler<T, App>,
        T: 'static,
    {
        Self {
            method: "POST",
            path,
            permission,
            handler: post(handler),
        }
    }
}

/// The whole interface for programs.
fn api_routes() -> Vec<Route> {
    use Permission::*;
    vec![
        Route::get("/healthz", See, station::healthz),
        Route::get("/api/v1/station", See, station::station),
        Route::get("/api/v1/services", See, station::services),
        Route::get("/api/v1/counters", See, station::counters),
        Route::get("/api/v1/board", See, station::board),
        Route::post("/api/v1/tickets", IssueTicket, tickets::issue),
        Route::get("/api/v1/slots", See, appointments::slots),
        Route::get("/api/v1/appointments", SeeAppointments, appointments::list),
        Route::post("/api/v1/appointments", Book, appointments::book),
        Route::post(
            "/api/v1/appointments/check-in",
            IssueTicket,
            appointments::check_in,
        ),
        Route::get("/api/v1/appointments/{id}", Visit, appointments::get),
        Route::post(
            "/api/v1/appointments/{id}/cancel",
            Visit,
            appointments::cancel,
        ),
        Route::get("/api/v1/tickets/{id}", Visit, tickets::get),
        Route::post("/api/v1/tickets/{id}/cancel", Visit, tickets::cancel),
        Route::post("/api/v1/tickets/{id}/return", Visit, places::come_back),
        Route::post("/api/v1/tickets/{id}/defer", Visit, places::defer),
        Route::post("/api/v1/tickets/{id}/matters", Visit, places::amend),
        Route::post(
            "/api/v1/tickets/{id}/prioritise",
            Supervise,
            places::prioritise,
        ),
        Route::post("/api/v1/tickets/{id}/correct", Supervise, places::correct),
        Route::get("/api/v1/identity-checks", Greet, identity::unverified),
        Route::post(
            "/api/v1/tickets/{id}/verify-identity",
            Greet,
            identity::verify,
        ),
        Route::post(
            "/api/v1/tickets/{id}/refuse-identity",
            Greet,
            identity::refuse,
        ),
        Route::post("/api/v1/tickets/{id}/reroute", Greet, identity::reroute),
        Route::get("/api/v1/sessions", See, sessions::list),
        Route::get("/api/v1/sessions/{service}/{begins}", Greet, sessions::get),
        Route::post(
            "/api/v1/sessions/{service}/{begins}/{step}",
            Greet,
            sessions::step,
        ),
        Route::post(
            "/api/v1/tickets/{id}/session-check-in",
            Greet,
            sessions::check_in,
        ),
        Route::post(
            "/api/v1/tickets/{id}/session-no-show",
            Greet,
            sessions::no_show,
        ),
        Route::get("/api/v1/stats/sessions", ReadFigures, sessions::stats),
        Route::post("/api/v1/discipline", Supervise, identity::set_discipline),
        Route::post("/api/v1/returns", IssueTicket, places::return_by_number),
        Route::get("/api/v1/tickets/{id}/history", ReadFigures, life::history),
        Route::get("/api/v1/counters/{counter}", ServeAtCounter, counters::view),
        Route::post(
            "/api/v1/counters/{counter}/{action}",
            ServeAtCounter,
            counters::act,
        ),
        Route::post("/api/v1/ratings", Visit, ratings::rate),
        Route::post("/api/v1/ratings/{ticket}/reasons", Visit, ratings::complete),
        Route::get("/api/v1/openapi.json", See, openapi::get),
        Route::get("/api/v1/stats", ReadFigures, stats::stats),
        Route::get(
            "/api/v1/stats/appointments",
            ReadFigures,
            stats::appointments,
        ),
        Route::get(
            "/api/v1/stats/device-faults",
            ReadFigures,
            stats::device_faults,
        ),
        Route::get("/api/v1/stats/definitions", See, stats::definitions),
        Route::get("/api/v1/stats/days", ReadFigures, stats::days),
        Route::post("/api/v1/day/open", RunDay, station::open_day),
        Route::post("/api/v1/day/close", RunDay, station::close_day),
        Route::post("/api/v1/devices/codes", Administer, access::mint_code),
        Route::get("/api/v1/devices", ReadFigures, station::devices),
        Route::get("/api/v1/devices/tokens", Administer, access::enrolled),
        Route::post(
            "/api/v1/devices/tokens/{id}/revoke",
            Administer,
            access::revoke,
        ),
        Route::post("/api/v1/enrol", LogIn, access::enrol),
        Route::post("/api/v1/login", LogIn, access::login),
        Route::post("/api/v1/logout", LogIn, access::logout),
        Route::get("/ws/v1/{role}", See, hub::upgrade),
    ]
}

/// Every route there is.
pub fn routes() -> Vec<Route> {
    let mut all = api_routes();
    all.extend(pages::routes());
    all
}

/// The router of a station.
pub fn router(app: App) -> Router {
    let gated = |routes: Vec<Route>| {
        routes.into_iter().fold(Router::new(), |router, route| {
            let gate = from_fn_with_state((app.clone(), route.permission), admit);
            router.route(route.path, route.handler.route_layer(gate))
        })
    };
    // Pages go to phones; answers to programs are short, and many.
    let pages = gated(pages::routes())
        .with_state(app.clone())
        .merge(screens::assets::router())
        .merge(pages::assets());
    gated(api_routes())
        .with_state(app.clone())
        .merge(screens::shell::compressed(pages))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn(in_unicode))
        .layer(from_fn(pages::in_words))
        .layer(map_response(screens::shell::add_security_headers))
}

/// Refuses an address whose percent-encoding is no text, which no handler could read.
async fn in_unicode(request: Request, next: Next) -> Response {
    if is_text(request.uri().path()) {
        next.run(request).await
    } else {
        ApiProblem::invalid("the address is not UTF-8 behind its percent-encoding").into_response()
    }
}

/// Whether the bytes that a path stands for are UTF-8. A `%` that begins no byte stands for itself.
fn is_text(path: &str) -> bool {
    let (mut bytes, mut rest) = (Vec::with_capacity(path.len()), path.as_bytes());
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let escaped = hex
            .filter(|two| *first == b'%' && two.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() {
            &after[2..]
        } else {
            after
        };
    }
    std::str::from_utf8(&bytes).is_ok()
}

async fn not_found() -> impl IntoResponse {
    ApiProblem::not_found("not_found", "there is nothing at this address")
}

async fn method_not_allowed() -> impl IntoResponse {
    ApiProblem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "this address does not take that method",
    )
}

#[cfg(test)]
mod tests {
    use super::is_text;

    #[test]
    fn an_address_is_text_when_its_bytes_are() {
        for path in ["/", "/t/%E5%8F%B0", "/a%20b", "/100%", "/%zz", "/%4", "/台"] {
            assert!(is_text(path), "{path}");
        }
        for path in ["/%ff", "/api/v1/tickets/%ff", "/%e5%8f", "/a%C0%80"] {
            assert!(!is_text(path), "{path}");
        }
    }
}
