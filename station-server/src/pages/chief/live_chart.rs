//! The day so far: people waiting and the median wait at the call, per quarter of an hour.

use jiff::civil::Time;
use maud::{Markup, html};
use queue_core::StationTime;
use screens::t;

use super::live_view::Live;
use super::svg::{Scale, axis, grid_line, line, ticks};

const WIDTH: f64 = 772.0;
const HEIGHT: f64 = 250.0;
const LEFT: f64 = 40.0;
const RIGHT: f64 = 640.0;
/// Top and bottom of the two plots.
const WAITING: (f64, f64) = (34.0, 138.0);
const MEDIAN: (f64, f64) = (176.0, 226.0);
/// Base line of the title above the upper plot, and the highest of a label below it.
const TITLE_Y: f64 = 12.0;
const LABEL_TOP: f64 = TITLE_Y + 20.0;
const QUARTER_H: f64 = 0.25;
/// Hours shown at least.
const HOURS_MIN: f64 = 2.0;
const DAY_H: f64 = 24.0;

/// One quarter: hours since midnight at its ends, people waiting then, median wait of its calls in minutes.
struct Quarter {
    start_h: f64,
    end_h: f64,
    waiting: f64,
    median_min: Option<f64>,
}

/// The chart with its numbers beside it.
pub(super) fn figure(live: &Live) -> Markup {
    let texts = live.texts();
    let quarters = &live.view.today.quarters;
    let waiting_now = live.view.today.waiting;
    let Some((peak_at, peak, _)) = quarters.iter().max_by_key(|(_, waiting, _)| *waiting) else {
        return html! {
            figure class="cardd" id="chart" data-part {
                h2 { (t!(texts, "chief-chart-empty")) }
                p class="sub" { (t!(texts, "chief-chart-sub")) }
            }
        };
    };
    let title = t!(
        texts,
        "chief-chart-title",
        now = waiting_now,
        peak = *peak,
        time = live.time(*peak_at)
    );
    html! {
        figure class="cardd" id="chart" data-part {
            h2 { (title) }
            p class="sub" { (t!(texts, "chief-chart-sub")) }
            (plot(live, &title, waiting_now))
            details id="chart-table" {
                summary { (t!(texts, "chief-table")) }
                table class="st" {
                    thead { tr {
                        th class="l" scope="col" { (t!(texts, "chief-by-hour")) }
                        th scope="col" { (t!(texts, "chief-chart-waiting")) }
                        th scope="col" { (t!(texts, "chief-chart-median")) }
                    } }
                    tbody { @for (at, waiting, median_s) in quarters {
                        tr {
                            th class="l" scope="row" { (live.time(*at)) }
                            td { (waiting) }
                            td { @match median_s { Some(s) => (screens::format::mm_ss(*s)), None => "–" } }
                        }
                    } }
                }
            }
        }
    }
}

fn plot(live: &Live, title: &str, waiting_now: u32) -> Markup {
    let texts = live.texts();
    let now_h = hours(live, live.view.board.at);
    let quarters: Vec<Quarter> = live
        .view
        .today
        .quarters
        .iter()
        .map(|(at, waiting, median_s)| Quarter {
            start_h: hours(live, *at),
            end_h: (hours(live, *at) + QUARTER_H).min(now_h.max(hours(live, *at))),
            waiting: f64::from(*waiting),
            median_min: median_s.map(|s| f64::from(s) / 60.0),
        })
        .collect();
    let x = time_scale(live, &quarters, now_h);
    let most = quarters
        .iter()
        .map(|q| q.waiting)
        .fold(f64::from(waiting_now), f64::max);
    let standard_min = live
        .info
        .services
        .iter()
        .map(|s| s.wait_standard_s)
        .max()
        .unwrap_or(0)
        / 60;
    let longest = quarters
        .iter()
        .filter_map(|q| q.median_min)
        .fold(f64::from(standard_min), f64::max);
    let (waiting_axis, median_axis) = (axis(most), two_lines(axis(longest)));
    let y_waiting = Scale::new((0.0, waiting_axis.0), (WAITING.1, WAITING.0));
    let y_median = Scale::new((0.0, median_axis.0), (MEDIAN.1, MEDIAN.0));
    let now = (x.at(now_h), y_waiting.at(f64::from(waiting_now)));
    // Nobody waited before the first ticket. When the most waited in a quarter is not known; its middle stands for
    // that, so that the line does not go straight up and down at its end.
    let begin = quarters
        .first()
        .map(|q| (x.at(q.start_h), y_waiting.at(0.0)));
    let waiting_line = quarters.iter().map(|q| {
        let middle_h = f64::midpoint(q.start_h, q.end_h);
        Some((x.at(middle_h), y_waiting.at(q.waiting)))
    });
    let waiting_line = [begin].into_iter().chain(waiting_line);
    let median_points: Vec<(f64, f64)> = quarters
        .iter()
        .filter_map(|q| Some((x.at(q.end_h), y_median.at(q.median_min?))))
        .collect();
    let at_left = now.0 < (LEFT + RIGHT) / 2.0;
    html! {
        svg class="ch" viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(title) {
            line class="now" x1=(now.0) x2=(now.0) y1="10" y2=(MEDIAN.1) {}
            text class="lb" x="0" y=(TITLE_Y) { (t!(texts, "chief-chart-waiting")) }
            @for tick in ticks(waiting_axis) { (grid_line(LEFT, RIGHT, y_waiting.at(tick), &tick.to_string())) }
            text class="lb" x="0" y=(MEDIAN.0 - 14.0) { (t!(texts, "chief-chart-median")) }
            @for tick in ticks(median_axis) { (grid_line(LEFT, RIGHT, y_median.at(tick), &tick.to_string())) }
            @if standard_min > 0 {
                @let y = y_median.at(f64::from(standard_min));
                line class="target" x1=(LEFT) x2=(RIGHT) y1=(y) y2=(y) {}
                text class="ax bad" x=(RIGHT + 8.0) y=(y + 4.0) {
                    (t!(texts, "chief-chart-longest-standard", minutes = standard_min))
                }
            }
            @for hour in full_hours(&x) {
                text class="ax" x=(x.at(f64::from(hour))) y=(HEIGHT - 4.0) text-anchor="middle" { (hour) ":00" }
            }
            path class="s1" d=(line(waiting_line.chain([Some(now)]))) {}
            circle class="dot" cx=(now.0) cy=(now.1) r="5" {}
            text class="lb" x=(if at_left { now.0 + 10.0 } else { now.0 - 10.0 }) y=(label_y(now.1))
                text-anchor=(if at_left { "start" } else { "end" }) {
                (t!(texts, "chief-now-people", count = waiting_now))
            }
            path class="s2" d=(line(median_points.iter().copied().map(Some))) {}
            @for (cx, cy) in median_points { circle class="d2" cx=(cx) cy=(cy) r="2.5" {} }
        }
    }
}

/// Above the point at `y`, but never in the title.
fn label_y(y: f64) -> f64 {
    (y - 10.0).max(LABEL_TOP)
}

/// The lower plot is too flat for more lines than 0, the middle and the top.
fn two_lines((top, step): (f64, f64)) -> (f64, f64) {
    let top = if (top / step) % 2.0 == 0.0 {
        top
    } else {
        top + step
    };
    (top, top / 2.0)
}

fn time_scale(live: &Live, quarters: &[Quarter], now_h: f64) -> Scale {
    let first_h = quarters.first().map_or(now_h, |q| q.end_h - QUARTER_H);
    let close_h = hour_of(&live.info.hours.1).unwrap_or(now_h);
    Scale::new(span_h(first_h, close_h, now_h), (LEFT, RIGHT))
}

/// From the hour of the first ticket to the end of opening hours, or to now where that is later; into the next day only
/// where the day itself lasts so long.
fn span_h(first_h: f64, close_h: f64, now_h: f64) -> (f64, f64) {
    let from = first_h.floor();
    let to = close_h.max(now_h).max(from + HOURS_MIN).ceil();
    let to = to.min(DAY_H.max(now_h.ceil()));
    (from.min(to - HOURS_MIN), to)
}

fn hour_of(clock: &str) -> Option<f64> {
    let time: Time = clock.parse().ok()?;
    Some(f64::from(time.hour()) + f64::from(time.minute()) / 60.0)
}

/// Hours since the midnight of the page's day; a moment of the next day counts on.
fn hours(live: &Live, at: StationTime) -> f64 {
    let first = live
        .view
        .today
        .quarters
        .first()
        .map_or(at, |(first, ..)| *first);
    let base = live.civil(first).time();
    let base_h = f64::from(base.hour()) + f64::from(base.minute()) / 60.0;
    base_h + at.since_ms(first) as f64 / 3_600_000.0
}

fn full_hours(x: &Scale) -> impl Iterator<Item = i32> {
    (0..48).filter(move |hour| (LEFT..=RIGHT).contains(&x.at(f64::from(*hour))))
}

#[cfg(test)]
mod tests {
    use super::{TITLE_Y, WAITING, label_y, span_h};

    #[test]
    fn the_present_value_keeps_clear_of_the_title() {
        // Type of 12.5 units with a halo of 3 on each line.
        let line = 12.5 + 2.0 * 3.0;
        assert!(label_y(WAITING.0) - TITLE_Y > line);
        assert!((label_y(WAITING.1) - (WAITING.1 - 10.0)).abs() < f64::EPSILON);
    }

    #[test]
    fn the_axis_ends_with_the_day() {
        assert_eq!(span_h(8.1, 17.0, 9.5), (8.0, 17.0));
        assert_eq!(span_h(19.9, 17.0, 20.2), (19.0, 21.0));
        assert_eq!(span_h(23.4, 17.0, 23.6), (22.0, 24.0));
        assert_eq!(span_h(23.4, 17.0, 24.5), (23.0, 25.0));
    }
}
