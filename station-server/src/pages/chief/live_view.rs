//! How the live page looks: six figures, the day as a chart, services, counters, what needs attention.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use protocol::{ChiefView, StationInfo};
use queue_core::statistics::Figure;
use queue_core::{BoardCounter, BoardService, CounterId, CounterState, Estimate, StationTime};
use screens::format::{Wait, hh_mm, percent};
use screens::{Icon, Texts, icon, t};

use super::advice::{advice, oldest_wait_s, over_standard_s};
use super::definitions::name_of;
use super::past::{Past, Range};
use super::{live_chart, svg};
use crate::pages::look::Look;

/// Figures of the live page that have a published definition.
pub(super) const FIGURES: [Figure; 4] = [
    Figure::WithinStandard,
    Figure::Served,
    Figure::TopTwo,
    Figure::Median,
];

/// Length of the longest bar of people waiting, drawing units.
const BAR_WIDTH: usize = 92;
/// How many times the expected handling makes a visit stand out.
const LONG_VISIT: i64 = 2;

/// Everything the live page shows.
pub(super) struct Live {
    pub(super) view: ChiefView,
    pub(super) info: StationInfo,
    pub(super) timezone: TimeZone,
    pub(super) expected_handling_s: BTreeMap<CounterId, u32>,
    pub(super) past: Past,
    pub(super) look: Look,
}

/// One of the six figures on top.
struct Tile {
    name: Markup,
    value: String,
    unit: String,
    bullet: Option<Markup>,
    note: String,
    tone: &'static str,
}

impl Live {
    /// When the page was made and whether it is connected.
    pub(super) fn updated(&self) -> Markup {
        let time = self
            .civil(self.view.board.at)
            .strftime("%H:%M:%S")
            .to_string();
        html! {
            p class="now" id="updated" data-live="" {
                i class="dot" aria-hidden="true" {}
                span class="when-live" { (t!(self.texts(), "chief-updated", time = time)) }
                span class="when-stale" { (t!(self.texts(), "chief-stale")) }
            }
        }
    }

    /// The rest.
    pub(super) fn body(&self) -> Markup {
        html! {
            main class="body live" {
                (self.advice_line())
                section class="cardd kpis" {
                    @for (index, tile) in self.tiles().into_iter().enumerate() {
                        div class="kpi" id={ "kpi-" (index) } data-live="" {
                            h2 { (tile.name) }
                            p class="v" { (tile.value) small { (tile.unit) } }
                            @if let Some(bullet) = tile.bullet { (bullet) }
                            p class={ "x " (tile.tone) } { (tile.note) }
                        }
                    }
                }
                div class="g2" {
                    div class="col" {
                        (live_chart::figure(self))
                        (self.services())
                    }
                    div class="col" {
                        (self.counters())
                        (self.attention())
                    }
                }
            }
        }
    }

    pub(super) fn texts(&self) -> &'static Texts {
        self.look.texts()
    }

    pub(super) fn civil(&self, at: StationTime) -> DateTime {
        let stamp = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
        self.timezone.to_datetime(stamp)
    }

    pub(super) fn time(&self, at: StationTime) -> String {
        hh_mm(self.civil(at).time())
    }

    fn short_name<'a>(&'a self, service: &'a BoardService) -> &'a str {
        let info = self.info.service(&service.id);
        info.map_or(service.id.as_str(), |i| {
            i.short_name.get(self.look.language.tag())
        })
    }

    fn advice_line(&self) -> Markup {
        let advice = advice(&self.view, &self.info, self.look.language);
        html! {
            div id="advice" data-live="" role="status" {
                @if let Some(advice) = advice {
                    div class="adv" {
                        (icon(Icon::Warning))
                        span { b { (advice.what) } " " (advice.hint.unwrap_or_default()) }
                        span class="sp" {}
                        @if let Some(counter) = advice.counter {
                            a class="btn pri" href={ "/console/" (counter) } {
                                (t!(self.texts(), "chief-go-counter", counter = counter.as_str()))
                            }
                        }
                    }
                }
            }
        }
    }

    fn tiles(&self) -> [Tile; 6] {
        [
            self.waiting(),
            self.longest_wait(),
            self.within_standard(),
            self.open_counters(),
            self.served(),
            self.satisfaction(),
        ]
    }

    fn tile(&self, name: &str, value: String, unit: &str, note: Cow<'_, str>) -> Tile {
        Tile {
            name: html! { (name) },
            value,
            unit: unit.to_owned(),
            bullet: None,
            note: note.into_owned(),
            tone: "",
        }
    }

    fn people_waiting(&self) -> usize {
        self.view.board.services.iter().map(|s| s.waiting).sum()
    }

    fn waiting(&self) -> Tile {
        let texts = self.texts();
        let note = match self.view.board.day {
            Some(_) => t!(texts, "chief-issued-today", count = self.view.today.issued),
            None => t!(texts, "chief-closed"),
        };
        let name = t!(texts, "figure-waiting");
        self.tile(
            &name,
            self.people_waiting().to_string(),
            &t!(texts, "label-people"),
            note,
        )
    }

    fn longest_wait(&self) -> Tile {
        let texts = self.texts();
        let name = t!(texts, "figure-longest-wait");
        let longest = self
            .view
            .board
            .services
            .iter()
            .filter_map(|s| Some((s, oldest_wait_s(&self.view, s)?)));
        let Some((service, wait_s)) = longest.max_by_key(|(_, wait_s)| *wait_s) else {
            return self.tile(&name, "–".into(), "", t!(texts, "chief-nobody-waiting"));
        };
        let standard_s = self
            .info
            .service(&service.id)
            .map_or(0, |i| i.wait_standard_s);
        let over = over_standard_s(&self.view, &self.info, service).is_some();
        let note = t!(
            texts,
            "chief-over-by-service",
            service = service.series.to_string(),
            number = self.short_name(service),
            minutes = standard_s / 60
        );
        let tile = self.tile(
            &name,
            (wait_s / 60).to_string(),
            &t!(texts, "label-minutes"),
            note,
        );
        let top = f64::from(standard_s.saturating_mul(2).max(wait_s).max(60));
        let bullet = svg::bullet(f64::from(wait_s), None, Some(f64::from(standard_s)), top);
        Tile {
            bullet: Some(bullet),
            tone: if over { "bad" } else { "" },
            ..tile
        }
    }

    /// A share with the range of earlier days.
    fn share_tile(
        &self,
        name: Markup,
        share: Option<f64>,
        past: Option<Range>,
        note: Cow<'_, str>,
    ) -> Tile {
        let texts = self.texts();
        let tile = match share {
            Some(share) => self.tile("", percent(share).to_string(), "%", note),
            None => self.tile("", "–".into(), "", note),
        };
        let in_percent =
            past.map(|(low, high)| (percent(low).to_string(), percent(high).to_string()));
        let past_words = in_percent.map(|(low, high)| {
            t!(
                texts,
                "chief-past-range",
                days = self.past.days,
                low = low,
                high = format!("{high}%")
            )
        });
        let note = match past_words {
            Some(words) if share.is_some() => format!("{}・{words}", tile.note),
            _ => tile.note,
        };
        Tile {
            name,
            note,
            bullet: share.map(|share| svg::bullet(share, past, None, 1.0)),
            ..tile
        }
    }

    fn within_standard(&self) -> Tile {
        let texts = self.texts();
        let today = &self.view.today;
        let note = match today.called {
            0 => t!(texts, "chief-not-yet"),
            called => t!(texts, "chief-called-n", count = called),
        };
        let name = name_of(Figure::WithinStandard, &t!(texts, "figure-share-within"));
        self.share_tile(name, today.within_standard, self.past.within_standard, note)
    }

    fn open_counters(&self) -> Tile {
        let texts = self.texts();
        let counters = &self.view.board.counters;
        let open = counters
            .iter()
            .filter(|c| c.state == CounterState::Open)
            .count();
        let paused = counters
            .iter()
            .filter(|c| matches!(c.state, CounterState::Paused { .. }))
            .count();
        let note = if open == counters.len() {
            t!(texts, "chief-all-open")
        } else if paused > 0 {
            t!(texts, "chief-paused-n", count = paused)
        } else {
            Cow::Borrowed("")
        };
        let name = t!(texts, "figure-open-counters");
        let tile = self.tile(
            &name,
            open.to_string(),
            &format!("/ {}", counters.len()),
            note,
        );
        let bullet = svg::bullet(open as f64, None, None, counters.len().max(1) as f64);
        Tile {
            bullet: Some(bullet),
            ..tile
        }
    }

    fn served(&self) -> Tile {
        let texts = self.texts();
        let served = f64::from(self.view.today.served);
        let past = self.past.served;
        let note = past.map(|(low, high)| {
            t!(
                texts,
                "chief-past-range",
                days = self.past.days,
                low = low,
                high = high
            )
        });
        let value = self.view.today.served.to_string();
        let tile = self.tile(
            "",
            value,
            &t!(texts, "label-people"),
            note.unwrap_or_default(),
        );
        let bullet = past.map(|(low, high)| {
            svg::bullet(served, Some((low, high)), None, served.max(high) * 1.1)
        });
        let name = name_of(Figure::Served, &t!(texts, "figure-served-today"));
        Tile {
            name,
            bullet,
            ..tile
        }
    }

    fn satisfaction(&self) -> Tile {
        let texts = self.texts();
        let today = &self.view.today;
        let note = match (today.ratings, today.invited) {
            (0, _) => t!(texts, "chief-no-ratings"),
            (n, invited) if invited >= n => {
                let rate = percent(f64::from(n) / f64::from(invited));
                t!(texts, "chief-ratings-n", count = n, rate = rate)
            }
            (n, _) => t!(texts, "chief-ratings-n-only", count = n),
        };
        let name = name_of(Figure::TopTwo, &t!(texts, "figure-top2"));
        self.share_tile(name, today.top2, self.past.top2, note)
    }

    fn services(&self) -> Markup {
        let texts = self.texts();
        let most = self
            .view
            .board
            .services
            .iter()
            .map(|s| s.waiting)
            .max()
            .unwrap_or(0)
            .max(8);
        let in_station_order = self.info.services.iter().filter_map(|info| {
            let live = self.view.board.services.iter().find(|s| s.id == info.id)?;
            Some((
                info,
                live,
                self.view.services.iter().find(|s| s.service == info.id),
            ))
        });
        html! {
            section class="cardd blk" id="services" data-live="" {
                h2 { (t!(texts, "chief-services")) }
                div class="scroll" { table class="st" {
                    thead { tr {
                        th class="l" scope="col" { (t!(texts, "service")) }
                        th class="l" scope="col" { (t!(texts, "chief-column-waiting")) }
                        th scope="col" { (t!(texts, "chief-column-longest")) }
                        th scope="col" { (t!(texts, "chief-column-if-now")) }
                        th scope="col" { (t!(texts, "chief-column-counters")) }
                        th scope="col" { (t!(texts, "chief-column-called")) }
                        th scope="col" { (name_of(Figure::Median, &t!(texts, "chief-column-median"))) }
                        th scope="col" { (t!(texts, "figure-share-within")) }
                    } }
                    tbody {
                        @for (info, live, day) in in_station_order {
                            tr {
                                th class="l" scope="row" {
                                    span class="k" { (info.series) } (self.short_name(live))
                                }
                                td class="l bar" {
                                    @if live.waiting > 0 {
                                        (svg::bar(1.0, 1.0, (live.waiting * BAR_WIDTH / most) as f64, 10.0))
                                    }
                                    b { (live.waiting) }
                                }
                                (self.longest_cell(live))
                                td { (self.estimate(&live.estimate)) }
                                td { (live.open_counters) }
                                td { (day.map_or(0, |d| d.called)) }
                                td { (minutes(texts, day.and_then(|d| d.median_wait_s))) }
                                td {
                                    @match day.and_then(|d| d.within_standard) {
                                        Some(share) => { (percent(share)) "%" }
                                        None => "–",
                                    }
                                }
                            }
                        }
                    }
                } }
            }
        }
    }

    fn longest_cell(&self, service: &BoardService) -> Markup {
        let over = over_standard_s(&self.view, &self.info, service).is_some();
        html! {
            td class=[over.then_some("bad")] {
                @if over { "▲ " }
                (minutes(self.texts(), oldest_wait_s(&self.view, service)))
            }
        }
    }

    fn estimate(&self, estimate: &Estimate) -> Cow<'static, str> {
        let texts = self.texts();
        match estimate {
            Estimate::NoWait => Wait::AlmostNone.text(texts),
            Estimate::NoCounterOpen | Estimate::CountOnly => Wait::Unknown.text(texts),
            Estimate::Range {
                low_min: 0,
                high_min,
                ..
            } => Wait::Within(*high_min).text(texts),
            Estimate::Range {
                low_min, high_min, ..
            } => Wait::Between(*low_min, *high_min).text(texts),
        }
    }

    fn counters(&self) -> Markup {
        let texts = self.texts();
        let in_station_order = self
            .info
            .counters
            .iter()
            .filter_map(|info| self.view.board.counters.iter().find(|c| c.id == info.id));
        html! {
            section class="cardd blk" id="counters" data-live="" {
                h2 { (t!(texts, "chief-counters")) }
                p class="sub" { (t!(texts, "chief-counters-sub")) }
                ul class="cts" { @for counter in in_station_order { (self.counter(counter)) } }
            }
        }
    }

    fn counter(&self, counter: &BoardCounter) -> Markup {
        let texts = self.texts();
        let busy_ms = counter
            .busy_since
            .map_or(0, |since| self.view.board.at.since_ms(since));
        let expected_ms = self
            .expected_handling_s
            .get(&counter.id)
            .map_or(0, |s| i64::from(*s) * 1000);
        let over =
            counter.number.is_some() && expected_ms > 0 && busy_ms > LONG_VISIT * expected_ms;
        let timer = counter.busy_since.map(|since| {
            html! { small { (self.timer(since)) } }
        });
        let (class, words) = match &counter.state {
            CounterState::Closed => ("ct off", html! { (t!(texts, "counter-closed")) }),
            CounterState::Paused {
                until: Some(until), ..
            } => (
                "ct off",
                html! { (t!(texts, "counter-back-at", time = self.time(*until))) },
            ),
            CounterState::Paused { until: None, .. } => {
                ("ct off", html! { (t!(texts, "counter-paused")) })
            }
            CounterState::Open => match &counter.number {
                Some(number) => (
                    if over { "ct over" } else { "ct" },
                    html! { (number) @if let Some(t) = timer { (t) } },
                ),
                None => (
                    "ct idle",
                    html! { (t!(texts, "counter-idle")) @if let Some(t) = timer { (t) } },
                ),
            },
        };
        html! {
            li class=(class) {
                p class="h" { b { (counter.id) } @if over { span { (t!(texts, "chief-counter-over")) } } }
                p class="t" { (words) }
                @if counter.number.is_some() && expected_ms > 0 {
                    (svg::bar(busy_ms as f64, expected_ms as f64, 90.0, 5.0))
                }
            }
        }
    }

    fn timer(&self, since: StationTime) -> Markup {
        let elapsed_s =
            u32::try_from(self.view.board.at.since_ms(since) / 1000).unwrap_or(u32::MAX);
        html! {
            time data-clock="since" data-ms=(since.0) data-now-ms=(self.view.board.at.0) {
                (screens::format::mm_ss(elapsed_s))
            }
        }
    }

    fn attention(&self) -> Markup {
        let texts = self.texts();
        let matters = self.matters();
        let devices: usize = self
            .view
            .devices
            .iter()
            .map(|agent| agent.devices.len() + 1)
            .sum();
        html! {
            section class="cardd blk" id="attention" data-live="" {
                h2 { (t!(texts, "chief-attention")) }
                ul class="al" {
                    @for (symbol, what, detail) in &matters {
                        li { (icon(*symbol)) span { (what) @if !detail.is_empty() { br; small { (detail) } } } }
                    }
                    @if self.view.today.no_show > 0 {
                        li { (icon(Icon::NoShow)) span { (t!(texts, "chief-no-shows", count = self.view.today.no_show)) } }
                    }
                    @if devices == 0 {
                        li { (icon(Icon::NoNetwork)) span { (t!(texts, "chief-no-agents")) } }
                    } @else if matters.is_empty() {
                        li class="ok" { (icon(Icon::Check)) span { (t!(texts, "chief-devices-fine", count = devices)) } }
                    }
                }
            }
        }
    }

    /// What is in trouble: icon, what, more about it.
    fn matters(&self) -> Vec<(Icon, String, String)> {
        let texts = self.texts();
        let mut matters = Vec::new();
        if let Some(fault) = &self.view.storage_fault {
            matters.push((
                Icon::Warning,
                t!(texts, "chief-storage-fault").into_owned(),
                fault.clone(),
            ));
        }
        for agent in &self.view.devices {
            if !agent.connected {
                let what = t!(texts, "chief-agent-lost", agent = agent.agent.as_str());
                let seen = t!(texts, "chief-agent-seen", time = self.time(agent.last_seen));
                matters.push((Icon::NoNetwork, what.into_owned(), seen.into_owned()));
                continue;
            }
            for device in agent
                .devices
                .iter()
                .filter(|d| !d.ok || d.status == "paper_near_end")
            {
                let known = texts.find(&format!("device-{}", device.status), &[]);
                let words = known.unwrap_or_else(|| Cow::Owned(device.status.clone()));
                let symbol = if device.status.starts_with("paper") {
                    Icon::Printer
                } else {
                    Icon::Warning
                };
                matters.push((
                    symbol,
                    format!("{}：{words}", device.device),
                    device.detail.clone(),
                ));
            }
        }
        matters
    }
}

fn minutes(texts: &'static Texts, seconds: Option<u32>) -> Cow<'static, str> {
    match seconds {
        Some(seconds) => t!(texts, "chief-minutes", minutes = seconds / 60),
        None => Cow::Borrowed("–"),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use protocol::{CounterInfo, DayFigures, DeviceHealth, DeviceView, Names, Role, ServiceInfo};
    use queue_core::{Board, Series, ServiceId};

    use super::*;

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
            id: ServiceId::new(id).unwrap(),
            series: Series::new(series).unwrap(),
            name: names(zh, en),
            short_name: names(zh, en),
            icon: "ask".into(),
            wait_standard_s: 900,
            documents: vec![],
        }
    }

    /// A station with two services; counter 1 serves the first, counter 2 both.
    pub(in crate::pages::chief) fn station_info() -> StationInfo {
        let services = vec![
            service("residence", "A", "居留證", "Residence"),
            service("pick-up", "K", "領件", "Pick-up"),
        ];
        let counter = |id: &str, skills: &[ServiceInfo]| CounterInfo {
            id: CounterId::new(id).unwrap(),
            skills: skills.iter().map(|s| s.id.clone()).collect(),
            direction: String::new(),
        };
        StationInfo {
            name: names("示範站", "Demo"),
            timezone: "Asia/Taipei".into(),
            hours: ("08:00".into(), "17:00".into()),
            phone: String::new(),
            public_url: String::new(),
            counters: vec![counter("1", &services[..1]), counter("2", &services)],
            services,
            announcements: vec![],
        }
    }

    /// Noon: seven wait for the first service, counter 1 is open and free, counter 2 closed, all is well.
    pub(in crate::pages::chief) fn chief_view() -> ChiefView {
        let at = StationTime(NOON_MS);
        let info = station_info();
        let services = info.services.iter().enumerate().map(|(i, s)| BoardService {
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
                seq: 1,
                at,
                day: "2026-11-22".parse().ok(),
                services: services.collect(),
                counters: counters.collect(),
                calls: vec![],
            },
            today: DayFigures {
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
                    detail: String::new(),
                }],
            }],
            storage_fault: None,
        }
    }

    fn live(view: ChiefView, past: Past) -> Live {
        Live {
            view,
            info: station_info(),
            timezone: TimeZone::get("Asia/Taipei").unwrap(),
            expected_handling_s: BTreeMap::new(),
            past,
            look: Look::default(),
        }
    }

    #[test]
    fn six_figures_without_invented_comparisons() {
        let html = live(chief_view(), Past::default()).body().into_string();
        assert_eq!(html.matches("class=\"kpi\"").count(), 6);
        for said in [
            "今日取號 40 張",
            "81<small>%",
            "已叫號 30 張",
            "1<small>/ 2",
            "12 份，回收 50%",
            "2 台設備連線正常",
        ] {
            assert!(html.contains(said), "{said} in {html}");
        }
        assert!(
            !html.contains("個營業日"),
            "no earlier days, no range: {html}"
        );
        assert!(!html.contains("class=\"adv\""), "{html}");
        assert!(
            !html.contains("style="),
            "the content security policy refuses inline styles"
        );
    }

    #[test]
    fn earlier_days_are_named_with_their_range() {
        let past = Past {
            days: 5,
            within_standard: Some((0.76, 0.88)),
            served: Some((402.0, 438.0)),
            top2: None,
        };
        let html = live(chief_view(), past).body().into_string();
        assert!(html.contains("前 5 個營業日 76–88%"), "{html}");
        assert!(html.contains("前 5 個營業日 402–438"), "{html}");
    }

    #[test]
    fn a_device_in_trouble_is_named_in_words() {
        let mut view = chief_view();
        view.devices[0].devices[0].ok = false;
        view.devices[0].devices[0].status = "paper_out".into();
        view.today.no_show = 2;
        let html = live(view.clone(), Past::default()).body().into_string();
        assert!(html.contains("K1 printer：沒有紙"), "{html}");
        assert!(html.contains("今日未到 2 位"), "{html}");
        view.devices[0].connected = false;
        let html = live(view, Past::default()).body().into_string();
        assert!(
            html.contains("K1 沒有連線") && html.contains("最後連線 12:00"),
            "{html}"
        );
    }

    #[test]
    fn a_visit_of_more_than_twice_the_expected_time_stands_out() {
        let mut view = chief_view();
        view.board.counters[0].number = "A047".parse().ok();
        let mut live = live(view, Past::default());
        live.expected_handling_s
            .insert(CounterId::new("1").unwrap(), 36);
        assert!(!live.body().into_string().contains("ct over"));
        live.expected_handling_s
            .insert(CounterId::new("1").unwrap(), 35);
        assert!(live.body().into_string().contains("ct over"));
    }
}
