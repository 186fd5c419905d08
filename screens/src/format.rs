//! Numbers, times and dates as pages and paper show them.
//!
//! Everything here is a pure function of local civil values; whoever calls has already turned
//! an instant into the station's local time.

use crate::language::Language;
use crate::t;
use crate::texts::Texts;
use jiff::civil::{Date, DateTime, Time};
use std::borrow::Cow;

/// Ranges are rounded outward to multiples of this.
const STEP_MIN: u32 = 5;

/// Up to this many seconds a wait counts as almost none.
const ALMOST_NONE_S: u32 = 60;

/// A waiting time as it may be told to a visitor: a range, never a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Nothing is known.
    Unknown,
    /// At most a minute.
    AlmostNone,
    /// Less than so many minutes.
    Within(u32),
    /// Between two different numbers of minutes, both multiples of five, both over zero.
    Between(u32, u32),
}

impl Wait {
    /// The range for an estimate from `low_s` to `high_s` seconds (the order does not matter),
    /// rounded outward to five minutes.
    pub fn from_estimate(estimate: Option<(u32, u32)>) -> Wait {
        let Some((one, other)) = estimate else {
            return Wait::Unknown;
        };
        let (low_s, high_s) = (one.min(other), one.max(other));
        if high_s <= ALMOST_NONE_S {
            return Wait::AlmostNone;
        }
        let step_s = STEP_MIN * 60;
        let low = low_s / step_s * STEP_MIN;
        let high = (high_s.div_ceil(step_s) * STEP_MIN).max(low + STEP_MIN);
        if low == 0 {
            Wait::Within(high)
        } else {
            Wait::Between(low, high)
        }
    }

    /// As on a kiosk button or a board: `約 10–15 分`.
    pub fn text(self, texts: &'static Texts) -> Cow<'static, str> {
        match self {
            Wait::Unknown => t!(texts, "wait-unknown"),
            Wait::AlmostNone => t!(texts, "wait-none"),
            Wait::Within(high) => t!(texts, "wait-within", high = high),
            Wait::Between(low, high) => t!(texts, "wait-range", low = low, high = high),
        }
    }

    /// The bare numbers, as beside a large unit (`10–15`, `0–5`); `None` where there are none.
    pub fn digits(self) -> Option<String> {
        match self {
            Wait::Unknown | Wait::AlmostNone => None,
            Wait::Within(high) => Some(format!("0–{high}")),
            Wait::Between(low, high) => Some(format!("{low}–{high}")),
        }
    }
}

/// A duration as minutes and seconds, `03:25`; minutes grow past 99.
pub fn mm_ss(duration_s: u32) -> String {
    format!("{:02}:{:02}", duration_s / 60, duration_s % 60)
}

/// A time of day on the 24-hour clock, `09:05`.
pub fn hh_mm(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// The day of the year with its weekday, without the year: `11 月 21 日 週五`.
pub fn day(texts: &'static Texts, date: Date) -> Cow<'static, str> {
    let weekdays = t!(texts, "date-weekdays");
    let months = t!(texts, "date-months");
    let weekday = nth(&weekdays, date.weekday().to_monday_zero_offset());
    let month = nth(&months, date.month() - 1);
    t!(
        texts,
        "date-day",
        weekday = weekday,
        month = month,
        day = date.day()
    )
}

/// A date for a narrow place: `週二 8/10`, `Tue 10 Aug`.
pub fn short_day(texts: &'static Texts, date: Date) -> String {
    let weekdays = t!(texts, "date-weekdays");
    let weekday = nth(&weekdays, date.weekday().to_monday_zero_offset());
    match texts.language() {
        Language::ZhHantTw | Language::Ja | Language::Ko => {
            format!("{weekday} {}/{}", date.month(), date.day())
        }
        Language::En => {
            let months = t!(texts, "date-months");
            let month: String = nth(&months, date.month() - 1).chars().take(3).collect();
            format!("{weekday} {} {month}", date.day())
        }
        _ => format!("{weekday} {}/{}", date.day(), date.month()),
    }
}

/// When something opens: `13:00 開始受理` today, with its date on another day, and that it is closed for today where
/// nobody knows.
pub fn opening(texts: &'static Texts, today: Date, opens: Option<DateTime>) -> Cow<'static, str> {
    match opens {
        None => t!(texts, "service-closed"),
        Some(opens) => {
            let time = hh_mm(opens.time());
            match opens.date() == today {
                true => t!(texts, "service-opens-at", time = time),
                false => t!(
                    texts,
                    "service-opens-on",
                    day = day(texts, opens.date()),
                    time = time
                ),
            }
        }
    }
}

/// The hours of a day, of one span or several: `服務時間 08:00–12:00, 13:00–17:00`; none of no span.
pub fn hours(texts: &'static Texts, spans: &[(Time, Time)]) -> Option<Cow<'static, str>> {
    let ((first, _), (_, last)) = (spans.first()?, spans.last()?);
    let mut open = hh_mm(*first);
    for pair in spans.windows(2) {
        open += &format!("–{}, {}", hh_mm(pair[0].1), hh_mm(pair[1].0));
    }
    Some(t!(
        texts,
        "station-hours",
        open = open,
        close = hh_mm(*last)
    ))
}

/// The entry of a list kept in one text, separated by bars.
fn nth(list: &str, index: i8) -> &str {
    usize::try_from(index)
        .ok()
        .and_then(|index| list.split('|').nth(index))
        .unwrap_or_default()
}

/// The year of the Republic of China era; the year before year 1 (1912) has none.
pub fn roc_year(year: i16) -> Option<i16> {
    (year >= 1912).then(|| year - 1911)
}

/// A date as on forms, `民國 115 年 11 月 21 日`; before 1912 in the common era.
pub fn roc_date(date: Date) -> String {
    let (era, year) = match roc_year(date.year()) {
        Some(year) => ("民國", year),
        None => ("西元", date.year()),
    };
    format!("{era} {year} 年 {} 月 {} 日", date.month(), date.day())
}

/// A count with its thousands apart, `20,005`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share from 0 to 1 as per cent with one decimal, without the sign; what is not a number gives 0.
///
/// Only a share of exactly 0 or 1 shows as 0 or 100, and without a decimal: 99.96 % is not all.
pub fn percent(share: f64) -> String {
    if share <= 0.0 || share.is_nan() {
        "0".into()
    } else if share >= 1.0 {
        "100".into()
    } else {
        format!("{:.1}", (share * 100.0).clamp(0.1, 99.9))
    }
}

/// What something costs: `NT$1,000`, or that it is free.
pub fn fee(texts: &'static Texts, ntd: u32) -> Cow<'static, str> {
    if ntd == 0 {
        return t!(texts, "guide-free");
    }
    let digits = ntd.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("NT${grouped}").into()
}

/// How long something usually takes, in working days; none: it is done on the spot.
pub fn working_days(texts: &'static Texts, days: u32) -> Cow<'static, str> {
    match days {
        0 => t!(texts, "guide-on-the-spot"),
        _ => t!(texts, "guide-days", count = days),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use jiff::civil::{date, time};
    use proptest::prelude::*;

    #[test]
    fn an_estimate_is_rounded_outward() {
        for (estimate, wait) in [
            (None, Wait::Unknown),
            (Some((0, 60)), Wait::AlmostNone),
            (Some((0, 61)), Wait::Within(5)),
            (Some((299, 301)), Wait::Within(10)),
            (Some((300, 301)), Wait::Between(5, 10)),
            (Some((600, 600)), Wait::Between(10, 15)),
            (Some((620, 890)), Wait::Between(10, 15)),
            (Some((890, 620)), Wait::Between(10, 15)),
            (Some((899, 901)), Wait::Between(10, 20)),
        ] {
            assert_eq!(Wait::from_estimate(estimate), wait, "{estimate:?}");
        }
    }

    #[test]
    fn a_wait_is_told_in_the_language_of_the_reader() {
        let zh = Texts::of(Language::ZhHantTw);
        let en = Texts::of(Language::En);
        assert_eq!(Wait::Between(10, 15).text(zh), "約 10–15 分");
        assert_eq!(Wait::Between(10, 15).text(en), "about 10–15 min");
        assert_eq!(Wait::Within(5).text(en), "under 5 min");
        assert_eq!(Wait::Unknown.text(zh), "無法預估");
        assert_eq!(Wait::AlmostNone.text(zh), "幾乎不用等");
        assert_eq!(Wait::Within(5).digits().as_deref(), Some("0–5"));
        assert_eq!(Wait::Unknown.digits(), None);
    }

    #[test]
    fn times_of_day_and_durations() {
        assert_eq!(hh_mm(time(9, 5, 59, 0)), "09:05");
        assert_eq!(hh_mm(time(17, 30, 0, 0)), "17:30");
        assert_eq!(mm_ss(205), "03:25");
        assert_eq!(mm_ss(0), "00:00");
        assert_eq!(mm_ss(6_005), "100:05");
    }

    #[test]
    fn a_day_is_written_as_the_language_does() {
        let day_in = |language| day(Texts::of(language), date(2025, 11, 21)).into_owned();
        assert_eq!(day_in(Language::ZhHantTw), "11 月 21 日 週五");
        assert_eq!(day_in(Language::En), "Fri 21 November");
        assert_eq!(day_in(Language::Vi), "Thứ Sáu, 21 tháng 11");
        assert_eq!(day_in(Language::Ja), "11月21日（金）");
        assert_eq!(day_in(Language::Ko), "11월 21일 금요일");
    }

    #[test]
    fn the_republic_counts_from_1912() {
        assert_eq!(roc_year(2026), Some(115));
        assert_eq!(roc_year(1912), Some(1));
        assert_eq!(roc_year(1911), None);
        assert_eq!(roc_date(date(2026, 11, 21)), "民國 115 年 11 月 21 日");
        assert_eq!(roc_date(date(1900, 1, 2)), "西元 1900 年 1 月 2 日");
    }

    #[test]
    fn an_opening_has_its_date_where_it_is_not_today() {
        let texts = Texts::of(Language::ZhHantTw);
        let today = date(2026, 11, 20);
        let at = |day: i8, hour| Some(date(2026, 11, day).at(hour, 30, 0, 0));
        assert_eq!(opening(texts, today, at(20, 13)), "13:30 開始受理");
        assert_eq!(
            opening(texts, today, at(23, 8)),
            "11 月 23 日 週一 08:30 開始受理"
        );
        assert_eq!(opening(texts, today, None), "今日已截止");
        let english = opening(Texts::of(Language::En), today, at(23, 8));
        assert!(english.ends_with("08:30"), "{english}");
    }

    #[test]
    fn hours_of_several_spans_are_one_line() {
        let texts = Texts::of(Language::ZhHantTw);
        let at = |hour| time(hour, 0, 0, 0);
        let said = |spans: &[(Time, Time)]| hours(texts, spans).map(Cow::into_owned);
        assert_eq!(said(&[]), None);
        assert_eq!(
            said(&[(at(8), at(17))]).as_deref(),
            Some("服務時間 08:00–17:00")
        );
        assert_eq!(
            said(&[(at(8), at(12)), (at(13), at(17)), (at(18), at(20))]).as_deref(),
            Some("服務時間 08:00–12:00, 13:00–17:00, 18:00–20:00")
        );
    }

    #[test]
    fn counts_have_their_thousands_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (20_005, "20,005")] {
            assert_eq!(count(number), text);
        }
        assert_eq!(count(1_234_567), "1,234,567");
    }

    #[test]
    fn only_all_is_a_hundred_per_cent_and_only_nothing_is_zero() {
        for (share, text) in [
            (0.0, "0"),
            (0.0001, "0.1"),
            (0.81, "81.0"),
            (0.814, "81.4"),
            (0.999, "99.9"),
            (0.9999, "99.9"),
            (1.0, "100"),
        ] {
            assert_eq!(percent(share), text, "{share}");
        }
        assert_eq!(percent(f64::NAN), "0");
    }

    proptest! {
        #[test]
        fn the_told_range_holds_the_estimate(low in 0u32..200_000, width in 0u32..50_000) {
            let high = low + width;
            match Wait::from_estimate(Some((low, high))) {
                Wait::Unknown => prop_assert!(false, "a known estimate is told"),
                Wait::AlmostNone => prop_assert!(high <= 60),
                Wait::Within(top) => prop_assert!(high <= top * 60 && top % 5 == 0),
                Wait::Between(bottom, top) => {
                    prop_assert!(bottom * 60 <= low && high <= top * 60);
                    prop_assert!(bottom > 0 && bottom < top);
                    prop_assert!(bottom % 5 == 0 && top % 5 == 0);
                }
            }
        }
    }

    #[test]
    fn a_fee_is_read_in_thousands_and_days_are_counted() {
        let en = Texts::of(Language::En);
        for (ntd, expected) in [
            (0, "Free"),
            (500, "NT$500"),
            (1_000, "NT$1,000"),
            (1_234_567, "NT$1,234,567"),
        ] {
            assert_eq!(fee(en, ntd), expected);
        }
        for (days, expected) in [
            (0, "Done while you wait"),
            (1, "1 working day"),
            (10, "10 working days"),
        ] {
            assert_eq!(working_days(en, days), expected);
        }
    }
}
