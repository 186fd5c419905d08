//! The chief's live page.

use std::collections::BTreeMap;

use protocol::{ChiefView, DayFigures, ServiceDay};
use queue_core::statistics::type7_quantiles_us;
use queue_core::{Engine, ServiceId, StationTime, Ticket, TicketState};

use crate::app::Station;

const QUARTER_MS: i64 = 15 * 60 * 1000;
/// Quarters of an hour shown at most: a whole day.
const QUARTERS_MAX: usize = 96;

/// The chief's live page now.
pub fn chief_view(app: &Station) -> ChiefView {
    let now = app.live.now();
    let engine = app.live.engine();
    ChiefView {
        board: engine.board(now),
        today: day_figures(&engine, now),
        services: service_days(&engine),
        devices: app.hub.devices(),
        device_faults: engine.device_faults().clone(),
        alarms: engine.alarms().to_vec(),
        storage_fault: app.live.storage_fault(),
    }
}

fn wait_ms(t: &Ticket) -> Option<u32> {
    let called = t.first_called_at?;
    u32::try_from(called.since_ms(t.visit_waits_from())).ok()
}

fn within(engine: &Engine, t: &Ticket) -> Option<bool> {
    let standard_s = engine
        .plan()
        .services
        .get(t.visit_service())?
        .wait_standard_s?;
    Some(wait_ms(t)? <= standard_s.saturating_mul(1000))
}

fn share(of: impl Iterator<Item = bool>) -> Option<f64> {
    let (mut yes, mut n) = (0_u32, 0_u32);
    for hit in of {
        n += 1;
        yes += u32::from(hit);
    }
    (n > 0).then(|| f64::from(yes) / f64::from(n))
}

fn seconds<const N: usize>(waits_ms: &mut [u32], percents: [u8; N]) -> Option<[u32; N]> {
    let quantiles_us = type7_quantiles_us(waits_ms, percents)?;
    Some(quantiles_us.map(|us| u32::try_from(us / 1_000_000).unwrap_or(u32::MAX)))
}

fn count(engine: &Engine, hit: impl Fn(&Ticket) -> bool) -> u32 {
    u32::try_from(engine.tickets().filter(|t| hit(t)).count()).unwrap_or(u32::MAX)
}

fn day_figures(engine: &Engine, now: StationTime) -> DayFigures {
    let mut waits_ms: Vec<u32> = engine.tickets().filter_map(wait_ms).collect();
    let quantiles = seconds(&mut waits_ms, [50, 90]);
    let scores = || {
        engine
            .tickets()
            .filter_map(|t| t.rating.as_ref())
            .map(|r| r.score)
    };
    DayFigures {
        waiting: u32::try_from(engine.waiting()).unwrap_or(u32::MAX),
        issued: count(engine, |_| true),
        called: count(engine, |t| t.first_called_at.is_some()),
        // Who was being served when the day was closed has been served, here as in the statistics.
        served: count(engine, |t| t.state == TicketState::Done),
        no_show: count(engine, |t| t.state == TicketState::NoShow),
        median_wait_s: quantiles.map(|[median, _]| median),
        p90_wait_s: quantiles.map(|[_, p90]| p90),
        within_standard: share(engine.tickets().filter_map(|t| within(engine, t))),
        ratings: u32::try_from(scores().count()).unwrap_or(u32::MAX),
        invited: count(engine, |t| t.rating_invited),
        top2: share(scores().map(|s| s >= 4)),
        quarters: quarters(engine, now),
    }
}

/// Per quarter of an hour since the first ticket: its start, the most that waited in it, median wait of its calls.
fn quarters(engine: &Engine, now: StationTime) -> Vec<(StationTime, u32, Option<u32>)> {
    let Some(first) = engine.tickets().map(|t| t.issued_at.0).min() else {
        return Vec::new();
    };
    let start = first - first.rem_euclid(QUARTER_MS);
    let n = usize::try_from((now.0 - start) / QUARTER_MS + 1)
        .unwrap_or(1)
        .min(QUARTERS_MAX);
    let mut waits_ms: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
    for t in engine.tickets() {
        if let (Some(called), Some(wait)) = (t.first_called_at, wait_ms(t)) {
            let quarter = called.0 - called.0.rem_euclid(QUARTER_MS);
            waits_ms.entry(quarter).or_default().push(wait);
        }
    }
    let crowd: BTreeMap<StationTime, u32> = engine.crowd(now).into_iter().collect();
    let starts = (0_i64..).map(|i| StationTime(start + QUARTER_MS * i));
    starts
        .take(n)
        .map(|at| {
            let median = waits_ms.get_mut(&at.0).and_then(|w| seconds(w, [50]));
            let most = crowd.get(&at).copied().unwrap_or(0);
            (at, most, median.map(|[m]| m))
        })
        .collect()
}

/// A visit counts under the service it belongs to, as in the statistics: of several matters the first one.
fn service_days(engine: &Engine) -> Vec<ServiceDay> {
    let mut waits_ms: BTreeMap<&ServiceId, Vec<u32>> = BTreeMap::new();
    for t in engine.tickets() {
        if let Some(wait) = wait_ms(t) {
            waits_ms.entry(t.visit_service()).or_default().push(wait);
        }
    }
    engine
        .plan()
        .services
        .keys()
        .map(|service| {
            let waits = waits_ms.get_mut(service);
            let of_service = engine.tickets().filter(|t| t.visit_service() == service);
            ServiceDay {
                service: service.clone(),
                called: waits
                    .as_ref()
                    .map_or(0, |w| u32::try_from(w.len()).unwrap_or(u32::MAX)),
                median_wait_s: waits.and_then(|w| seconds(w, [50])).map(|[m]| m),
                within_standard: share(of_service.filter_map(|t| within(engine, t))),
            }
        })
        .collect()
}
