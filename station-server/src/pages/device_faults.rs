//! The faults that devices had today, in words: from when to when, how long, how often, and what to do.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use maud::{Markup, html};
use protocol::{DeviceHealth, Names};
use queue_core::{DeviceId, StationTime};
use screens::{Icon, Texts, icon, t};

use super::device_words::{Tone, advice_of, called, status_of};
use super::fields::{hh_mm, hh_mm_ss};
use crate::reports::DeviceFault;

/// So many faults of a device are shown, the last ones.
const TIMES_SHOWN: usize = 3;
/// So many more can be opened.
const TIMES_LISTED: usize = 50;
/// Faults of two devices that began and ended within so long of each other are one event.
const AT_ONCE_MS: u64 = 2_000;

/// The faults of today.
pub(super) struct FaultsToday {
    /// The station's time zone.
    pub(super) timezone: TimeZone,
    /// The first instant of today.
    pub(super) since: StationTime,
    /// The present.
    pub(super) now: StationTime,
    /// What stood at some moment in between, in the order in which it began.
    pub(super) faults: Vec<DeviceFault>,
    /// What people call devices.
    pub(super) names: BTreeMap<DeviceId, Names>,
}

/// What devices of one agent had today, all at the same times.
struct Day<'a> {
    devices: Vec<&'a DeviceId>,
    /// Those of the first device, newest first.
    faults: Vec<&'a DeviceFault>,
}

impl Day<'_> {
    fn is_also_of(&self, device: &DeviceId, faults: &[&DeviceFault]) -> bool {
        let is_near = |a: StationTime, b: StationTime| a.0.abs_diff(b.0) <= AT_ONCE_MS;
        let is_same = |(a, b): (&&DeviceFault, &&DeviceFault)| {
            let ends = match (a.to, b.to) {
                (Some(a), Some(b)) => is_near(a, b),
                (a, b) => a == b,
            };
            a.fault == b.fault && is_near(a.from, b.from) && ends
        };
        // An agent's own link is a matter of its own.
        let is_neighbour = |one: &&DeviceId| {
            one.agent() == device.agent() && one.device().is_some() && device.device().is_some()
        };
        self.devices.first().is_some_and(is_neighbour)
            && self.faults.len() == faults.len()
            && self.faults.iter().zip(faults).all(is_same)
    }
}

impl FaultsToday {
    pub(super) fn list(&self, texts: &'static Texts) -> Markup {
        let days = self.days();
        if days.is_empty() {
            return html! { p class="hint" { (t!(texts, "admin-faults-none")) } };
        }
        html! {
            ul class="lg-agents" {
                @for day in &days {
                    li {
                        h3 {
                            @for device in &day.devices { span class="device" { (self.name(texts, device)) } }
                            small { (self.sum(texts, &day.faults)) }
                        }
                        (self.times(texts, day))
                    }
                }
            }
        }
    }

    /// The days of all devices; what happened to several of an agent at once, such as all of a line, is one.
    fn days(&self) -> Vec<Day<'_>> {
        let mut devices: BTreeMap<&DeviceId, Vec<&DeviceFault>> = BTreeMap::new();
        for fault in &self.faults {
            devices.entry(&fault.device).or_default().push(fault);
        }
        let mut days: Vec<Day<'_>> = Vec::new();
        for (device, mut faults) in devices {
            faults.sort_by_key(|fault| Reverse(fault.from));
            match days.iter_mut().find(|day| day.is_also_of(device, &faults)) {
                Some(day) => day.devices.push(device),
                None => days.push(Day {
                    devices: vec![device],
                    faults,
                }),
            }
        }
        days
    }

    fn name(&self, texts: &'static Texts, device: &DeviceId) -> String {
        match device.device() {
            Some(name) => called(texts, name, self.names.get(device)),
            None => device.agent().to_owned(),
        }
    }

    /// The faults, newest first. What to do about those that stand is said where the device is listed; of an agent without a
    /// link, nothing is listed there, so it is said here.
    fn times(&self, texts: &'static Texts, day: &Day<'_>) -> Markup {
        let (shown, earlier) = day.faults.split_at(day.faults.len().min(TIMES_SHOWN));
        let listed = &earlier[..earlier.len().min(TIMES_LISTED)];
        let more = earlier.len() - listed.len();
        let id = day.devices.first().map(|device| format!("faults-{device}"));
        let lost = day.faults.iter().find(|fault| fault.to.is_none());
        let lost = lost.filter(|fault| fault.device.device().is_none());
        html! {
            ul class="lg-times" { @for fault in shown { (self.one(texts, fault)) } }
            @if !earlier.is_empty() {
                details id=[id.map(|id| id.replace([' ', '/'], "-"))] {
                    summary { (t!(texts, "admin-faults-earlier", count = earlier.len())) }
                    ul class="lg-times" {
                        @for fault in listed { (self.one(texts, fault)) }
                        @if more > 0 { li { small { (t!(texts, "admin-faults-more", count = more)) } } }
                    }
                }
            }
            @if let Some(advice) = lost.and_then(|fault| to_do(texts, &fault.fault)) { p { small { (advice) } } }
        }
    }

    fn one(&self, texts: &'static Texts, fault: &DeviceFault) -> Markup {
        let stands = fault.to.is_none();
        let class = stands
            .then(|| Tone::of_fault(&fault.fault).class())
            .flatten();
        html! {
            li {
                span class=[class] {
                    (icon(if stands { Icon::Warning } else { Icon::Check })) (status_of(texts, &fault.fault))
                }
                " " small { (self.time(texts, fault)) }
            }
        }
    }

    /// From when to when, and how long.
    fn time(&self, texts: &'static Texts, fault: &DeviceFault) -> Cow<'static, str> {
        let zone = &self.timezone;
        let is_short = |to| hh_mm(zone, fault.from) == hh_mm(zone, to) && self.lasted_s(fault) < 60;
        let time = match fault.to.is_some_and(is_short) {
            true => hh_mm_ss,
            false => hh_mm,
        };
        let from = match fault.from < self.since {
            true => t!(texts, "admin-fault-before").into_owned(),
            false => time(zone, fault.from),
        };
        let lasted = duration(texts, self.lasted_s(fault));
        match fault.to {
            Some(to) => {
                let to = time(zone, to);
                t!(
                    texts,
                    "admin-fault-was",
                    from = from,
                    to = to,
                    lasted = lasted
                )
            }
            None => t!(texts, "admin-fault-is", from = from, lasted = lasted),
        }
    }

    /// How often, and how long in all.
    fn sum(&self, texts: &'static Texts, faults: &[&DeviceFault]) -> Cow<'static, str> {
        let lasted_s = faults.iter().map(|fault| self.lasted_s(fault)).sum();
        let lasted = duration(texts, lasted_s);
        t!(
            texts,
            "admin-faults-sum",
            count = faults.len(),
            lasted = lasted
        )
    }

    /// How long it stood today.
    fn lasted_s(&self, fault: &DeviceFault) -> i64 {
        let from = fault.from.max(self.since);
        fault.to.unwrap_or(self.now).since_ms(from).max(0) / 1_000
    }
}

fn duration(texts: &'static Texts, seconds: i64) -> Cow<'static, str> {
    match seconds {
        0..60 => t!(texts, "chief-seconds", seconds = seconds),
        _ => t!(texts, "chief-minutes", minutes = seconds / 60),
    }
}

fn to_do(texts: &'static Texts, word: &str) -> Option<Cow<'static, str>> {
    let device = DeviceHealth {
        status: word.to_owned(),
        ..DeviceHealth::default()
    };
    advice_of(texts, &device)
}

#[cfg(test)]
mod tests {
    use screens::Language;

    use super::*;

    const MINUTE_MS: i64 = 60_000;
    /// 2026-11-16 00:00 in Taipei.
    const MIDNIGHT: StationTime = StationTime(1_794_758_400_000);

    fn fault(device: Option<&str>, word: &str, from_min: i64, to_min: Option<i64>) -> DeviceFault {
        let at = |minutes: i64| MIDNIGHT.plus_ms(minutes * MINUTE_MS);
        DeviceFault {
            device: DeviceId::of("D1", device).unwrap(),
            fault: word.to_owned(),
            from: at(from_min),
            to: to_min.map(at),
        }
    }

    fn page(language: Language, faults: Vec<DeviceFault>) -> String {
        let today = FaultsToday {
            timezone: TimeZone::get("Asia/Taipei").unwrap(),
            since: MIDNIGHT,
            now: MIDNIGHT.plus_ms(12 * 60 * MINUTE_MS),
            faults,
            names: [(
                DeviceId::of("D1", Some("LED 3")).unwrap(),
                Names([("zh-Hant-TW".to_owned(), "大廳<左>".to_owned())].into()),
            )]
            .into(),
        };
        today.list(Texts::of(language)).into_string()
    }

    #[test]
    fn faults_have_times_sums_and_advice() {
        let led = Some("LED 3");
        let faults = || {
            vec![
                fault(led, "silent", -10, Some(5)),
                fault(led, "silent", 540, Some(545)),
                fault(None, "disconnected", 700, None),
            ]
        };
        let en = page(Language::En, faults());
        for said in [
            "大廳&lt;左&gt; (LED panel 3)",
            "2 times, 10 min in all",
            "before today",
            "09:00 to 09:05 (5 min)",
            "Look whether its computer is on",
            "since 11:40 (20 min)",
            "once, 20 min",
            "Not connected",
        ] {
            assert!(en.contains(said), "{said} in {en}");
        }
        assert!(!en.contains("Check its power"), "it answers again: {en}");
        let zh = page(Language::ZhHantTw, faults());
        for said in [
            "大廳&lt;左&gt;（LED 面板 3）",
            "2 次，共 10 分",
            "09:00 到 09:05（5 分）",
            "11:40 起",
        ] {
            assert!(zh.contains(said), "{said} in {zh}");
        }
    }

    #[test]
    fn a_device_that_flaps_does_not_fill_the_page() {
        let faults = (0..50).map(|n| fault(Some("LED 3"), "silent", n, Some(n + 1)));
        let html = page(Language::En, faults.collect());
        assert!(
            html.contains("50 times") && html.contains("47 earlier"),
            "{html}"
        );
        let (shown, earlier) = html.split_once("<details").unwrap();
        assert_eq!(shown.matches(" to ").count(), TIMES_SHOWN, "{html}");
        assert_eq!(earlier.matches(" to ").count(), 47, "{html}");
    }

    #[test]
    fn faults_of_a_device_are_in_the_order_of_time() {
        let led = Some("LED 3");
        let short = DeviceFault {
            from: MIDNIGHT.plus_ms(21 * 60 * MINUTE_MS + 33 * MINUTE_MS + 5_000),
            to: Some(MIDNIGHT.plus_ms(21 * 60 * MINUTE_MS + 33 * MINUTE_MS + 31_900)),
            ..fault(led, "silent", 0, None)
        };
        let zh = page(
            Language::ZhHantTw,
            vec![
                fault(led, "silent", 540, Some(545)),
                fault(led, "port_missing", 600, Some(601)),
                short,
            ],
        );
        let at = |words: &str| zh.find(words).unwrap_or_else(|| panic!("{words} in {zh}"));
        let (last, middle, first) = (
            at("21:33:05 到 21:33:31（26 秒）"),
            at("10:00 到 10:01"),
            at("09:00 到 09:05"),
        );
        assert!(last < middle && middle < first, "{zh}");
    }

    #[test]
    fn what_a_line_had_is_said_once_for_all_its_devices() {
        let of = |device, word, from| fault(Some(device), word, from, Some(from + 5));
        let late = DeviceFault {
            from: MIDNIGHT.plus_ms(10 * MINUTE_MS + 1_500),
            ..of("LED 3", "port_missing", 10)
        };
        let other = DeviceFault {
            device: DeviceId::of("D2", Some("LED 1")).unwrap(),
            ..of("LED 1", "port_missing", 10)
        };
        let html = page(
            Language::En,
            vec![
                of("LED 1", "port_missing", 10),
                late,
                of("pad 2", "port_missing", 30),
                other,
            ],
        );
        assert_eq!(html.matches("<h3>").count(), 3, "{html}");
        assert_eq!(html.matches("00:10 to 00:15").count(), 2, "{html}");
    }

    #[test]
    fn noise_on_a_line_is_a_warning_and_no_outage() {
        let noise = page(Language::En, vec![fault(Some("LED 3"), "noisy", 700, None)]);
        assert!(
            noise.contains("class=\"soon\"") && !noise.contains("bad"),
            "{noise}"
        );
        assert!(
            !noise.contains("terminating resistors"),
            "the list says it: {noise}"
        );
    }

    #[test]
    fn a_good_day_says_so() {
        assert!(page(Language::En, vec![]).contains("No faults today"));
    }
}
