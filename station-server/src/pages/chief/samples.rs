//! A small station and its state at noon, for the tests of the chief's pages.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use protocol::{
    ChiefView, CounterInfo, DayFigures, DeviceHealth, DeviceView, Names, Role, ServiceInfo,
    StationInfo,
};
use queue_core::{
    Board, BoardCounter, BoardService, CounterId, CounterState, Estimate, Series, ServiceId,
    StationTime,
};

use super::live_view::Live;
use super::past::Past;
use crate::pages::look::Look;

const NOON_MS: i64 = 1_795_320_000_000; // 2026-11-22 12:00 in Taipei

fn names(zh: &str, en: &str) -> Names {
    Names(
        [("zh-Hant-TW", zh), ("en", en)]
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .into(),
    )
}

fn service(id: &str, series: &str, zh: &str, en: &str) -> ServiceInfo {
    ServiceInfo {
        identity_check: false,
        sessions: false,
        zone: None,
        id: ServiceId::new(id).unwrap(),
        series: Series::new(series).unwrap(),
        name: names(zh, en),
        short_name: names(zh, en),
        icon: "ask".into(),
        max_persons: 1,
        only_step: false,
        together: false,
        wait_standard_s: 900,
        documents: vec![],
    }
}

/// A station with two services; counter 1 serves the first, counter 2 both.
pub(super) fn station_info() -> StationInfo {
    let services = vec![
        service("residence", "A", "居留證", "Residence"),
        service("pick-up", "P", "領件", "Pick-up"),
    ];
    let counter = |id: &str, skills: &[ServiceInfo]| CounterInfo {
        zone: None,
        id: CounterId::new(id).unwrap(),
        skills: skills.iter().map(|s| s.id.clone()).collect(),
        direction: String::new(),
    };
    StationInfo {
        identity_desk: None,
        guide: None,
        zones: vec![],
        name: names("示範站", "Demo"),
        timezone: "Asia/Taipei".into(),
        hours: ("08:00".into(), "17:00".into()),
        phone: String::new(),
        public_url: String::new(),
        counters: vec![counter("1", &services[..1]), counter("2", &services)],
        services,
        announcements: vec![],
        appointments: None,
        classes: vec![],
    }
}

/// Noon: seven wait for the first service, counter 1 is open and free, counter 2 closed, all is well.
pub(super) fn chief_view() -> ChiefView {
    let at = StationTime(NOON_MS);
    let info = station_info();
    let services = info.services.iter().enumerate().map(|(i, s)| BoardService {
        unverified: 0,
        first_step: None,
        enrolled: 0,
        id: s.id.clone(),
        series: s.series.clone(),
        waiting: if i == 0 { 7 } else { 0 },
        now_at: None,
        open_counters: 1,
        oldest_waiting_since: (i == 0).then(|| at.plus_ms(-11 * 60_000)),
        estimate: Estimate::Range {
            p50_s: 620,
            p80_s: 890,
            low_min: 10,
            high_min: 15,
        },
        limit: None,
        late_end: None,
    });
    let counters = info.counters.iter().enumerate().map(|(i, c)| BoardCounter {
        id: c.id.clone(),
        state: if i == 0 {
            CounterState::Open
        } else {
            CounterState::Closed
        },
        since: at,
        number: None,
        ticket_state: None,
        language: None,
        busy_since: (i == 0).then_some(at.plus_ms(-72_000)),
    });
    ChiefView {
        board: Board {
            waiting: 0,
            seq: 1,
            at,
            day: "2026-11-22".parse().ok(),
            ended: None,
            services: services.collect(),
            counters: counters.collect(),
            sessions: vec![],
            calls: vec![],
            hours: None,
        },
        today: DayFigures {
            waiting: 7,
            issued: 40,
            called: 30,
            served: 26,
            no_show: 0,
            median_wait_s: Some(400),
            p90_wait_s: Some(1000),
            within_standard: Some(0.81),
            ratings: 12,
            invited: 24,
            top2: Some(0.93),
            quarters: vec![
                (at.plus_ms(-1_800_000), 4, Some(120)),
                (at.plus_ms(-900_000), 9, None),
                (at, 7, Some(400)),
            ],
        },
        services: vec![],
        devices: vec![DeviceView {
            agent: "K1".into(),
            role: Role::Kiosk,
            connected: true,
            last_seen: at,
            page_url: None,
            devices: vec![DeviceHealth {
                device: "K1 printer".into(),
                ok: true,
                status: "ok".into(),
                ..DeviceHealth::default()
            }],
        }],
        device_faults: BTreeMap::new(),
        storage_fault: None,
        alarms: vec![],
    }
}

/// The live page of a view.
pub(super) fn live(view: ChiefView, past: Past) -> Live {
    Live {
        view,
        info: station_info(),
        timezone: TimeZone::get("Asia/Taipei").unwrap(),
        expected_handling_s: BTreeMap::new(),
        past,
        hurry: None,
        look: Look::default(),
    }
}
