//! The front page: what this station is, the way to every screen, and in the demo the keys to all of them.

mod agents;
mod enter;
mod view;

use axum::extract::State;
use maud::Markup;
use queue_core::{Ticket, TicketState};

use self::agents::pages_of;
use self::view::Front;
use crate::access::Permission;
use crate::app::{App, Station};
use crate::http::Route;

/// Its routes, and the addresses that lead on to the pages of the agents.
pub(super) fn routes() -> Vec<Route> {
    use Permission::{LogIn, See};
    vec![
        Route::get("/", See, page),
        Route::get("/kiosk", See, agents::kiosk),
        Route::get("/hall", See, agents::hall),
        Route::get("/counter-display/{counter}", See, agents::counter_display),
        Route::post("/demo/enter", LogIn, enter::enter),
    ]
}

async fn page(State(app): State<App>) -> Markup {
    gather(&app).page()
}

fn gather(app: &Station) -> Front<'_> {
    Front {
        info: &app.info,
        board: app.board(),
        agents: pages_of(app),
        demo: app.demo.as_ref(),
        staff: app.access.staff(),
        // Whoever holds the link may cancel the ticket, so only the demo shows one.
        newest: app.demo.is_some().then(|| newest_ticket(app)).flatten(),
    }
}

/// The last ticket taken, rather one that still waits.
fn newest_ticket(app: &Station) -> Option<view::NewestTicket> {
    let engine = app.live.engine();
    let rank = |ticket: &&Ticket| {
        (
            ticket.state == TicketState::Waiting,
            ticket.issued_at,
            ticket.id,
        )
    };
    let ticket = engine.tickets().max_by_key(rank)?;
    Some(view::NewestTicket {
        number: ticket.number.to_string(),
        href: format!("/t/{}", ticket.id),
    })
}
