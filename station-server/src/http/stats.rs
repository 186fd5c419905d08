//! Figures over a range.

use axum::Json;
use axum::extract::{RawQuery, State};
use queue_core::BusinessDay;
use queue_core::statistics::{Figure, ShowUp, definition};
use serde_json::{Value, json};

use crate::app::App;
use crate::problem::ApiProblem;
use crate::reports::{By, Level, Reports, StatsQuery, UnknownLevel};

pub(crate) async fn stats(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<crate::reports::StatsReport>, ApiProblem> {
    let query = parse(
        query.as_deref().unwrap_or_default(),
        app.live.zone().date(app.live.now()),
    )?;
    Ok(Json(app.figures(query).await?))
}

pub(crate) async fn appointments(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<crate::reports::ShowUpReport>, ApiProblem> {
    let query = parse(
        query.as_deref().unwrap_or_default(),
        app.live.zone().date(app.live.now()),
    )?;
    if !matches!(query.by, None | Some(By::Service | By::Day)) {
        return Err(ApiProblem::invalid(
            "appointments are grouped by service or day",
        ));
    }
    let range = (query.from, query.to);
    let now = app.live.now();
    let report = app.report(move |reports| reports.show_up(range, query.by, now));
    Ok(Json(report.await?))
}

/// The faults of devices that stood in a range of days: when, and how long within the range.
pub(crate) async fn device_faults(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, ApiProblem> {
    let (zone, now) = (app.live.zone(), app.live.now());
    let query = parse(query.as_deref().unwrap_or_default(), zone.date(now))?;
    if query.by.is_some() {
        return Err(ApiProblem::invalid("faults of devices are not grouped"));
    }
    let (since, until) = (zone.start_of(query.from), zone.end_of(query.to));
    let faults = app.report(move |reports| reports.device_faults(since, until));
    let faults = faults.await?.into_iter().map(|fault| {
        let end = fault.to.unwrap_or(now).min(until);
        let lasted_ms = end.since_ms(fault.from.max(since)).max(0);
        json!({
            "agent": fault.device.agent(),
            "device": fault.device.device(),
            "fault": fault.fault,
            "from": app.local_time(fault.from),
            "to": fault.to.map(|to| app.local_time(to)),
            "lasted_s": lasted_ms / 1_000,
        })
    });
    Ok(Json(json!({
        "from": query.from,
        "to": query.to,
        "timezone": zone.name(),
        "faults": faults.collect::<Vec<_>>(),
    })))
}

pub(crate) async fn definitions() -> Json<Value> {
    let of_tickets = Figure::ALL.iter().map(|figure| definition(*figure));
    let all: Vec<Value> = of_tickets
        .chain(ShowUp::DEFINITIONS)
        .map(|d| json!({"key": d.key, "zh-Hant-TW": d.zh, "en": d.en}))
        .collect();
    Json(json!({"definitions": all}))
}

pub(crate) async fn days(State(app): State<App>) -> Result<Json<Value>, ApiProblem> {
    let days = app.report(Reports::days).await?;
    Ok(Json(json!({"days": days})))
}

/// Reads `from`, `to`, `by` and `level`; a day left out is today.
pub(crate) fn parse(query: &str, today: BusinessDay) -> Result<StatsQuery, ApiProblem> {
    let (mut from, mut to, mut by) = (None, None, None);
    let mut level = Level::default();
    for pair in query.split('&').filter(|p| !p.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        match key {
            "from" => from = Some(value.parse::<BusinessDay>()?),
            "to" => to = Some(value.parse::<BusinessDay>()?),
            "by" if value.is_empty() => {}
            "by" => {
                by = Some(
                    value
                        .parse::<By>()
                        .map_err(|e| ApiProblem::invalid(e.to_string()))?,
                );
            }
            "level" if value.is_empty() => {}
            "level" => {
                level = value
                    .parse()
                    .map_err(|e: UnknownLevel| ApiProblem::invalid(e.to_string()))?;
            }
            other => {
                return Err(ApiProblem::invalid(format!(
                    "unknown parameter `{other}`: expected from, to, by, level"
                )));
            }
        }
    }
    let from = from.or(to).unwrap_or(today);
    let to = to.unwrap_or(from);
    if from > to {
        return Err(ApiProblem::invalid(format!(
            "from {from} lies after to {to}"
        )));
    }
    Ok(StatsQuery {
        from,
        to,
        by,
        level,
    })
}
