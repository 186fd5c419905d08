//! How the live page looks: six figures, the day as a chart, services, counters, what needs attention.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use protocol::{ChiefView, ServiceInfo, StationInfo};
use queue_core::statistics::Figure;
use queue_core::{
    BoardCounter, BoardService, CounterId, CounterState, Estimate, NextSession, StationTime,
};
use screens::format::{Wait, hh_mm, percent};
use screens::{Icon, Texts, icon, t};

use super::advice::{advice, oldest_wait_s, over_standard_s};
use super::definitions::name_of;
use super::past::Past;
use super::tiles::tiles;
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
    /// How many times faster than in life the demo's people are, where they are faster.
    pub(super) hurry: Option<u32>,
    pub(super) look: Look,
}

impl Live {
    /// When the page was made and whether it is connected.
    pub(super) fn updated(&self) -> Markup {
        let time = self
            .civil(self.view.board.at)
            .strftime("%H:%M:%S")
            .to_string();
        html! {
            p class="now" id="updated" data-part {
                i class="dot" aria-hidden="true" {}
                span class="when-live" { (t!(self.texts(), "chief-updated", time = time.as_str())) }
                span class="when-stale" { (t!(self.texts(), "chief-stale", time = time)) }
            }
        }
    }

    /// The rest.
    pub(super) fn body(&self) -> Markup {
        html! {
            main class="body live" {
                (self.advice_line())
                @if let Some(times) = self.hurry {
                    p class="hurry" { (icon(Icon::Clock)) (t!(self.texts(), "demo-hurry", times = times)) }
                }
                section class="cardd kpis" {
                    @for (index, tile) in tiles(self).into_iter().enumerate() {
                        div class="kpi" id={ "kpi-" (index) } data-part {
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

    pub(super) fn short_name<'a>(&'a self, service: &'a BoardService) -> &'a str {
        let info = self.info.service(&service.id);
        info.map_or(service.id.as_str(), |i| {
            i.short_name.get(self.look.language.tag())
        })
    }

    fn advice_line(&self) -> Markup {
        let advice = advice(&self.view, &self.info, self.look.language);
        html! {
            div id="advice" data-part role="status" {
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
            section class="cardd blk" id="services" data-part {
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
                                    @if info.identity_check || live.unverified > 0 {
                                        small class="unchecked" { (t!(texts, "unchecked-count", count = live.unverified)) }
                                    }
                                }
                                td class="l bar" { (self.waiting_cell(info, live, most)) }
                                (self.longest_cell(live))
                                td class="words" { (self.if_now(info, live)) }
                                td { @if info.sessions { "–" } @else { (live.open_counters) } }
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

    /// Who waits for a service: in its line, in the line of its first station, where they are counted, or in its sessions.
    fn waiting_cell(&self, info: &ServiceInfo, live: &BoardService, most: usize) -> Markup {
        let texts = self.texts();
        let first = live.first_step.as_ref();
        let first = first.and_then(|id| self.info.service(id));
        html! {
            @if let Some(first) = first {
                small { (t!(texts, "chief-first-step", service = first.short_name.get(texts.language().tag()))) }
            } @else if info.sessions {
                b { (live.enrolled) } " " small { (t!(texts, "chief-enrolled")) }
            } @else {
                @if live.waiting > 0 {
                    (svg::bar(1.0, 1.0, (live.waiting * BAR_WIDTH / most) as f64, 10.0))
                }
                b { (live.waiting) }
            }
        }
    }

    /// The wait of somebody who takes a ticket now, or the session they would get.
    fn if_now(&self, info: &ServiceInfo, live: &BoardService) -> Cow<'static, str> {
        if !info.sessions {
            return self.estimate(&live.estimate);
        }
        let texts = self.texts();
        match self.view.board.next_session(&info.id) {
            NextSession::Seat(begins) => self.time(begins).into(),
            NextSession::List => t!(texts, "session-list"),
            NextSession::Full => t!(texts, "session-full"),
            NextSession::None => t!(texts, "session-none"),
        }
    }

    fn longest_cell(&self, service: &BoardService) -> Markup {
        let counted_elsewhere = service.first_step.is_some();
        let over = over_standard_s(&self.view, &self.info, service).is_some() && !counted_elsewhere;
        html! {
            td class=[over.then_some("bad")] {
                @if over { "▲ " }
                @if counted_elsewhere { "–" } @else { (minutes(self.texts(), oldest_wait_s(&self.view, service))) }
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
            section class="cardd blk" id="counters" data-part {
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
}

/// A duration in whole minutes, below one minute in seconds.
fn minutes(texts: &'static Texts, seconds: Option<u32>) -> Cow<'static, str> {
    match seconds {
        Some(seconds) if seconds < 60 => t!(texts, "chief-seconds", seconds = seconds),
        Some(seconds) => t!(texts, "chief-minutes", minutes = seconds / 60),
        None => Cow::Borrowed("–"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{chief_view, live};
    use super::*;

    #[test]
    fn six_figures_without_invented_comparisons() {
        let html = live(chief_view(), Past::default()).body().into_string();
        assert_eq!(html.matches("class=\"kpi\"").count(), 6);
        for said in [
            "今日取號 40 張",
            "81.0<small>%",
            "已叫號 30 張",
            "1<small>/ 2",
            "12 份，回收 50.0%",
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
    fn who_is_not_yet_checked_is_counted_where_the_station_checks() {
        let html = live(chief_view(), Past::default()).body().into_string();
        assert!(!html.contains("身分未核對"), "{html}");
        let mut checks = live(chief_view(), Past::default());
        checks.info.services[1].identity_check = true;
        checks.view.board.services[1].unverified = 3;
        let html = checks.body().into_string();
        assert!(html.contains("今日取號 40 張、身分未核對\u{a0}3"), "{html}");
        assert_eq!(
            html.matches("身分未核對").count(),
            2,
            "once more at its service: {html}"
        );
    }

    #[test]
    fn a_day_that_has_ended_is_not_one_that_has_not_begun() {
        let mut view = chief_view();
        view.board.day = None;
        let html = live(view.clone(), Past::default()).body().into_string();
        assert!(html.contains("今日已結束營業，取號 40 張"), "{html}");
        view.today.issued = 0;
        let html = live(view, Past::default()).body().into_string();
        assert!(html.contains("今日尚未開始營業"), "{html}");
    }

    #[test]
    fn people_who_are_faster_than_the_clock_are_owned_up_to() {
        let mut live = live(chief_view(), Past::default());
        assert!(!live.body().into_string().contains("倍速度"));
        live.hurry = Some(20);
        let html = live.body().into_string();
        assert!(html.contains("示範：人以 20 倍速度走動"), "{html}");
    }

    #[test]
    fn less_than_a_minute_is_told_in_seconds() {
        let texts = Look::default().texts();
        assert_eq!(minutes(texts, Some(59)), "59 秒");
        assert_eq!(minutes(texts, Some(60)), "1 分");
        assert_eq!(minutes(texts, None), "–");
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
        assert!(html.contains("前 5 個營業日 76.0–88.0%"), "{html}");
        assert!(html.contains("前 5 個營業日 402–438"), "{html}");
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
