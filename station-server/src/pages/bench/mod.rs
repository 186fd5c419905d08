//! The device bench of the demo: what printer, panels and keypads really receive, with their switches and keys.

mod act;
mod frames;
mod paper;
mod segments;
mod view;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::Markup;

use self::act::Act;
use self::view::View;
use super::fields::{Fields, see_other};
use super::look::Look;
use crate::access::Permission;
use crate::app::{App, Station};
use crate::demo::Bench;
use crate::http::Route;
use crate::problem::ApiProblem;

/// Its routes; all answer 404 outside the demo.
pub(super) fn routes() -> Vec<Route> {
    use Permission::See;
    vec![
        Route::get("/bench", See, page),
        Route::get("/bench/paper/{file}", See, paper),
        Route::post("/bench/act", See, act),
    ]
}

async fn page(State(app): State<App>, look: Look) -> Result<Markup, ApiProblem> {
    demo(&app)?;
    Ok(match bench(&app) {
        Some(bench) => View::of(bench, &app, look).page(),
        None => view::without_devices(look),
    })
}

/// `GET /bench/paper/{seq}.png`.
async fn paper(State(app): State<App>, Path(file): Path<String>) -> Result<Response, ApiProblem> {
    let bench = bench(&app).ok_or_else(no_bench)?;
    let gone = || ApiProblem::not_found("not_found", "this paper is not kept (any more)");
    let seq: u64 = file
        .strip_suffix(".png")
        .and_then(|seq| seq.parse().ok())
        .ok_or_else(gone)?;
    let printer = bench.printer.view();
    let paper = printer
        .papers
        .iter()
        .find(|paper| paper.seq == seq)
        .ok_or_else(gone)?;
    let picture = paper::png(paper).map_err(|e| {
        ApiProblem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", e.to_string())
    })?;
    // Numbers start anew with the demo, so the same address may mean another paper tomorrow.
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, picture).into_response())
}

/// Somebody flips a switch or presses a key.
async fn act(
    State(app): State<App>,
    look: Look,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, ApiProblem> {
    let bench = bench(&app).ok_or_else(no_bench)?;
    let act = Act::read(&fields)?;
    act.carry_out(bench)?;
    // Plugs have no watch of their own, so the bench says itself that it changed.
    app.hub.pulse_bench();
    Ok(if crate::access::wants_page(&headers) {
        see_other(&look.href("/bench"))
    } else {
        StatusCode::NO_CONTENT.into_response()
    })
}

fn demo(app: &Station) -> Result<&crate::demo::Demo, ApiProblem> {
    app.demo.as_ref().ok_or_else(no_bench)
}

fn bench(app: &Station) -> Option<&Bench> {
    app.demo.as_ref()?.bench.as_ref()
}

fn no_bench() -> ApiProblem {
    ApiProblem::not_found("not_found", "there are no simulated devices here")
}
