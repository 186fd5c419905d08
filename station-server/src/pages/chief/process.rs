//! Whether the wait of a day is one of the usual ones: the median of each day on an XmR chart.

use jiff::civil::Date;
use maud::{Markup, html};
use queue_core::statistics::{XMR_LIMITS_MIN, Xmr, XmrSignal};
use screens::format::day as named_day;
use screens::{Texts, t};

use super::svg::{Scale, axis, grid_line, line, ticks};
use super::table::in_minutes;

const WIDTH: f64 = 1160.0;
const HEIGHT: f64 = 250.0;
const LEFT: f64 = 42.0;
const RIGHT: f64 = 1040.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 214.0;
/// Room of a date below the plot, drawing units.
const LABEL: f64 = 52.0;
/// Days drawn at most, the latest.
const DAYS_MAX: usize = 120;

/// The median wait of one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct DayMedian {
    pub(super) day: Date,
    /// Tickets called.
    pub(super) n: u64,
    pub(super) median_s: f64,
}

/// The chart of `days`, oldest first; nothing for fewer than two.
pub(super) fn figure(days: &[DayMedian], texts: &'static Texts) -> Option<Markup> {
    let days = &days[days.len().saturating_sub(DAYS_MAX)..];
    if days.len() < 2 {
        return None;
    }
    let minutes: Vec<f64> = days.iter().map(|day| day.median_s / 60.0).collect();
    let xmr = Xmr::of(&minutes)?;
    let signals: Vec<Option<XmrSignal>> = xmr.signals(&minutes).collect();
    let unusual = signals.iter().filter(|signal| signal.is_some()).count();
    let mean = in_minutes(xmr.mean * 60.0);
    let title = match (xmr.limits, signals.iter().rposition(Option::is_some)) {
        (Some(_), Some(last)) => t!(
            texts,
            "chief-xmr-title-unusual",
            count = unusual,
            day = named_day(texts, days[last].day)
        ),
        (Some(_), None) => t!(texts, "chief-xmr-title-usual", mean = mean.as_str()),
        (None, _) => t!(texts, "chief-xmr-title-few", mean = mean.as_str()),
    };
    let sub = match xmr.limits {
        Some((low, high)) => t!(
            texts,
            "chief-xmr-sub",
            count = days.len(),
            low = in_minutes(low.max(0.0) * 60.0),
            high = in_minutes(high * 60.0)
        ),
        None => t!(
            texts,
            "chief-xmr-sub-few",
            count = days.len(),
            least = XMR_LIMITS_MIN
        ),
    };
    Some(html! {
        figure class="cardd" {
            h2 { (title) }
            p class="sub" { (sub) }
            (plot(days, &minutes, xmr, &signals, &title, texts))
            details id="xmr-table" {
                summary { (t!(texts, "chief-table")) }
                table class="st" {
                    thead { tr {
                        th class="l" scope="col" { (t!(texts, "chief-by-day")) }
                        th scope="col" { (t!(texts, "chief-column-median")) }
                        th scope="col" { "n" }
                        th class="l" scope="col" { (t!(texts, "chief-xmr-mark")) }
                    } }
                    tbody { @for (day, signal) in days.iter().zip(&signals) {
                        tr {
                            th class="l" scope="row" { (named_day(texts, day.day)) }
                            td { (in_minutes(day.median_s)) }
                            td { (day.n) }
                            td class="l" { @if let Some(signal) = signal { (words(*signal, texts)) } }
                        }
                    } }
                }
            }
        }
    })
}

fn words(signal: XmrSignal, texts: &'static Texts) -> std::borrow::Cow<'static, str> {
    match signal {
        XmrSignal::Beyond => t!(texts, "chief-xmr-beyond"),
        XmrSignal::Shift => t!(texts, "chief-xmr-shift"),
    }
}

fn plot(
    days: &[DayMedian],
    minutes: &[f64],
    xmr: Xmr,
    signals: &[Option<XmrSignal>],
    title: &str,
    texts: &'static Texts,
) -> Markup {
    let high = xmr.limits.map_or(0.0, |(_, high)| high);
    let axis = axis(minutes.iter().copied().fold(high.max(1.0), f64::max));
    let y = Scale::new((0.0, axis.0), (BOTTOM, TOP));
    let x = Scale::new((0.0, (days.len() - 1) as f64), (LEFT + 12.0, RIGHT - 12.0));
    let at = |index: usize| (x.at(index as f64), y.at(minutes[index]));
    let every = (LABEL * days.len() as f64 / (RIGHT - LEFT)).ceil().max(1.0) as usize;
    html! {
        svg class="ch" viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(title) {
            @if let Some((low, high)) = xmr.limits {
                @let (low, high) = (y.at(low.max(0.0)), y.at(high));
                rect class="band" x=(LEFT) y=(high) width=(RIGHT - LEFT) height=(((low - high) * 10.0).round() / 10.0) {}
                text class="ax" x=(RIGHT + 8.0) y=(high + 4.0) { (t!(texts, "chief-xmr-limit")) }
            }
            @for tick in ticks(axis) { (grid_line(LEFT, RIGHT, y.at(tick), &tick.to_string())) }
            line class="mean" x1=(LEFT) x2=(RIGHT) y1=(y.at(xmr.mean)) y2=(y.at(xmr.mean)) {}
            text class="lb" x=(RIGHT + 8.0) y=(y.at(xmr.mean) + 4.0) {
                (t!(texts, "chief-xmr-mean", mean = in_minutes(xmr.mean * 60.0)))
            }
            path class="s1 thin" d=(line((0..days.len()).map(|index| Some(at(index))))) {}
            @for (index, signal) in signals.iter().enumerate() {
                @let (cx, cy) = at(index);
                @if signal.is_some() {
                    // Another shape, not only another colour.
                    path class="signal" d=(format!("M{cx} {}l7 7l-7 7l-7 -7z", cy - 7.0)) {}
                } @else {
                    circle class="dot" cx=(cx) cy=(cy) r="4.5" {}
                }
                @if index % every == 0 {
                    text class="ax" x=(cx) y=(HEIGHT - 14.0) text-anchor="middle" {
                        (days[index].day.month()) "/" (days[index].day.day())
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use screens::Language;

    use super::*;

    fn days(medians_min: &[f64]) -> Vec<DayMedian> {
        (1..)
            .zip(medians_min)
            .map(|(day, minutes)| DayMedian {
                day: date(2026, 11, day),
                n: 40,
                median_s: minutes * 60.0,
            })
            .collect()
    }

    fn drawn(medians_min: &[f64]) -> String {
        figure(&days(medians_min), Texts::of(Language::En))
            .unwrap()
            .into_string()
    }

    #[test]
    fn a_day_beyond_the_limits_is_named_and_has_its_own_shape() {
        let html = drawn(&[10., 12., 10., 12., 10., 60., 10., 12., 10., 12., 10., 12.]);
        assert!(
            html.contains("Days with an unusual wait: 1, last on"),
            "{html}"
        );
        assert_eq!(html.matches("class=\"signal\"").count(), 1);
        assert_eq!(html.matches("class=\"band\"").count(), 1);
        assert!(
            html.contains("Beyond the usual range") && !html.contains("style="),
            "{html}"
        );
    }

    #[test]
    fn nine_days_have_no_limits_and_the_page_says_so() {
        let html = drawn(&[10., 12., 10., 12., 10., 12., 10., 12., 90.]);
        assert!(
            !html.contains("class=\"band\"") && !html.contains("class=\"signal\""),
            "{html}"
        );
        assert!(html.contains("at least 10 days"), "{html}");
    }

    #[test]
    fn one_day_is_no_series() {
        assert!(figure(&days(&[10.0]), Texts::of(Language::En)).is_none());
    }
}
