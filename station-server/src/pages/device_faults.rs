//! The faults that devices had today, in words: from when to when, how long, how often, and what to do.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use maud::{Markup, html};
use protocol::{DeviceHealth, Names};
use queue_core::{DeviceId, StationTime};
use screens::{Icon, Texts, icon, t};

use super::device_words::{advice_of, called, status_of};
use super::fields::hh_mm;
use crate::reports::DeviceFault;

/// So many times of one fault are listed, the last ones.
const TIMES_LISTED: usize = 10;

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

impl FaultsToday {
    pub(super) fn list(&self, texts: &'static Texts) -> Markup {
        let mut devices: BTreeMap<&DeviceId, BTreeMap<&str, Vec<&DeviceFault>>> = BTreeMap::new();
        for fault in &self.faults {
            let words = devices.entry(&fault.device).or_default();
            words.entry(&fault.fault).or_default().push(fault);
        }
        if devices.is_empty() {
            return html! { p class="hint" { (t!(texts, "admin-faults-none")) } };
        }
        html! {
            ul class="lg-agents" {
                @for (device, words) in &devices {
                    li {
                        h3 {
                            (match device.device() {
                                Some(name) => called(texts, name, self.names.get(device)),
                                None => device.agent().to_owned(),
                            })
                            small { (self.sum(texts, words.values().flatten())) }
                        }
                        @for (word, times) in words { (self.times(texts, word, times)) }
                    }
                }
            }
        }
    }

    /// One kind of fault with its times, and what to do while it stands.
    fn times(&self, texts: &'static Texts, word: &str, times: &[&DeviceFault]) -> Markup {
        let stands = times.iter().any(|fault| fault.to.is_none());
        let earlier = times.len().saturating_sub(TIMES_LISTED);
        html! {
            p class=[stands.then_some("bad")] {
                (icon(if stands { Icon::Warning } else { Icon::Check })) " " (status_of(texts, word)) " "
                @if times.len() > 1 { small { (self.sum(texts, times.iter())) } }
            }
            ul class="lg-hung" {
                @for fault in &times[earlier..] { li { small { (self.one(texts, fault)) } } }
                @if earlier > 0 { li { small { (t!(texts, "admin-faults-more", count = earlier)) } } }
            }
            @if let Some(advice) = to_do(texts, word).filter(|_| stands) { p { small { (advice) } } }
        }
    }

    /// From when to when, and how long.
    fn one(&self, texts: &'static Texts, fault: &DeviceFault) -> Cow<'static, str> {
        let from = match fault.from < self.since {
            true => t!(texts, "admin-fault-before").into_owned(),
            false => hh_mm(&self.timezone, fault.from),
        };
        let lasted = duration(texts, self.lasted_s(fault));
        match fault.to {
            Some(to) => {
                let to = hh_mm(&self.timezone, to);
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
    fn sum<'a>(
        &self,
        texts: &'static Texts,
        faults: impl Iterator<Item = &'a &'a DeviceFault> + Clone,
    ) -> Cow<'static, str> {
        let count = faults.clone().count();
        let lasted_s = faults.map(|fault| self.lasted_s(fault)).sum();
        let lasted = duration(texts, lasted_s);
        t!(texts, "admin-faults-sum", count = count, lasted = lasted)
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
            html.contains("50 times") && html.contains("40 earlier"),
            "{html}"
        );
        assert_eq!(html.matches(" to ").count(), TIMES_LISTED, "{html}");
    }

    #[test]
    fn a_good_day_says_so() {
        assert!(page(Language::En, vec![]).contains("No faults today"));
    }
}
