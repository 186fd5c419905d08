//! The page of the staff at the entrance: give out a number, check identities, help with a number.

mod act;
mod form;
mod page;

use axum::extract::{Query, State};
use maud::Markup;
use queue_core::{OnePerPerson, ServiceId};

use super::fields::fresh_key;
use super::look::Look;
use crate::access::Permission;
use crate::app::{App, Station};
use crate::http::Route;
use act::act;
use form::Came;
use page::Greeter;

/// Its address.
const HERE: &str = "/greeter";
/// How often the page comes anew where there is no script, seconds.
const NOSCRIPT_S: u32 = 30;

/// Its routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get(HERE, Permission::Greet, show),
        Route::post(HERE, Permission::Greet, act),
    ]
}

async fn show(State(app): State<App>, look: Look, Query(came): Query<Came>) -> Markup {
    let key = fresh_key();
    Greeter {
        app: &app,
        look,
        key: &key,
    }
    .page(&came)
}

fn asks_for_person(app: &Station, service: &ServiceId) -> OnePerPerson {
    let engine = app.live.engine();
    let limits = engine.plan().limits.services.get(service);
    limits.map_or(OnePerPerson::Off, |limits| limits.one_per_person)
}
