//! Waiting times of the groups as bars: the median dark, the 90th percentile behind it.

use jiff::civil::Date;
use maud::{Markup, html};
use screens::{Texts, t};

use super::svg::{Scale, axis, grid_line, ticks};
use super::table::{FEW, Row, in_minutes};
use crate::reports::By;

const PLOT_TOP: f64 = 14.0;
/// Below the plot stand a name and a number.
const FOOT: f64 = 46.0;
const LEFT: f64 = 44.0;
/// Groups drawn at most; the table has them all.
const BARS_MAX: usize = 31;

/// How much room the chart has, so that its type keeps its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// The whole page.
    Wide,
    /// Half of it, beside another chart.
    Half,
}

impl Room {
    /// Width and height, drawing units.
    fn size(self) -> (f64, f64) {
        match self {
            Room::Wide => (1160.0, 260.0),
            Room::Half => (580.0, 420.0),
        }
    }
}

/// The chart of the first [`BARS_MAX`] groups. Its title names the longest wait, but never a member of staff.
pub(super) fn figure(rows: &[Row], by: By, room: Room, texts: &'static Texts) -> Markup {
    let shown: Vec<&Row> = rows
        .iter()
        .filter(|row| row.figures.wait.waits.n > 0)
        .take(BARS_MAX)
        .collect();
    let enough = shown.iter().filter(|row| row.figures.wait.waits.n >= FEW);
    let medians: Vec<_> = enough
        .filter_map(|row| Some((row, row.figures.wait.waits.median_s?)))
        .collect();
    // The longest of one is no finding.
    let longest = medians
        .iter()
        .max_by(|(_, one), (_, other)| one.total_cmp(other))
        .filter(|_| medians.len() > 1);
    let title = match longest {
        Some((row, median_s)) if by != By::Staff => {
            t!(
                texts,
                "chief-bars-title-wait",
                key = row.name.as_str(),
                median = in_minutes(*median_s)
            )
        }
        None if shown.is_empty() => t!(texts, "chief-bars-empty"),
        _ => t!(texts, "figure-wait"),
    };
    html! {
        figure class="cardd" {
            h2 { (title) }
            p class="sub" { (t!(texts, "chief-bars-sub")) }
            @if !shown.is_empty() { (plot(&shown, by, room, (&title, texts))) }
        }
    }
}

fn plot(rows: &[&Row], by: By, room: Room, (title, texts): (&str, &'static Texts)) -> Markup {
    let labels: Vec<String> = rows.iter().map(|row| label(row, by, texts)).collect();
    let (width, height) = room.size();
    let bottom = height - FOOT;
    let minutes = |seconds: Option<f64>| seconds.unwrap_or(0.0) / 60.0;
    let top = rows
        .iter()
        .map(|row| minutes(row.figures.wait.waits.p90_s))
        .fold(1.0, f64::max);
    let axis = axis(top);
    let y = Scale::new((0.0, axis.0), (bottom, PLOT_TOP));
    let slot = (width - LEFT) / rows.len() as f64;
    let wide = (slot * 0.62).min(46.0);
    // Every name where there is room for it, else every second, third, ...
    let widest = labels
        .iter()
        .map(|label| label_width(label))
        .fold(24.0, f64::max);
    let every = (widest / slot).ceil().max(1.0) as usize;
    html! {
        svg class="ch" viewBox=(format!("0 0 {width} {height}")) role="img" aria-label=(title) {
            @for tick in ticks(axis) { (grid_line(LEFT, width, y.at(tick), &tick.to_string())) }
            @for (index, (row, label)) in rows.iter().zip(&labels).enumerate() {
                @let waits = &row.figures.wait.waits;
                @let middle = tenth(LEFT + (index as f64 + 0.5) * slot);
                @let left = tenth(middle - wide / 2.0);
                @let few = waits.n < FEW;
                @let (p90, median) = (y.at(minutes(waits.p90_s)), y.at(minutes(waits.median_s)));
                g class=[few.then_some("few")] {
                    rect class="p90" x=(left) y=(p90) width=(tenth(wide)) height=(tenth(bottom - p90)) {}
                    rect class="median" x=(left) y=(median) width=(tenth(wide)) height=(tenth(bottom - median)) {}
                }
                @if index % every == 0 {
                    text class="ax" x=(middle) y=(bottom + 18.0) text-anchor="middle" { (label) }
                    text class="ax dim" x=(middle) y=(bottom + 36.0) text-anchor="middle" { "n " (waits.n) }
                }
            }
        }
    }
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// What stands under a bar: a day with its date in figures, anything else by its name.
fn label(row: &Row, by: By, texts: &'static Texts) -> String {
    match row.key.parse::<Date>() {
        Ok(date) if by == By::Day => screens::format::short_day(texts, date),
        _ => short(&row.name),
    }
}

/// A name that fits under a bar.
fn short(name: &str) -> String {
    const CHARS_MAX: usize = 12;
    if name.chars().count() <= CHARS_MAX {
        return name.to_owned();
    }
    let mut cut: String = name.chars().take(CHARS_MAX - 1).collect();
    cut.push('…');
    cut
}

/// About how wide a label is in drawing units at 12 units of type, with a gap.
fn label_width(label: &str) -> f64 {
    label
        .chars()
        .map(|c| if c.is_ascii() { 7.0 } else { 12.5 })
        .sum::<f64>()
        + 8.0
}

#[cfg(test)]
mod tests {
    use screens::Language;

    use super::super::table::tests::{row, served};
    use super::*;

    #[test]
    fn a_group_with_few_tickets_is_drawn_but_not_the_finding() {
        let mut slow = served(9);
        slow.wait.waits.median_s = Some(6_000.0);
        slow.wait.waits.p90_s = Some(6_000.0);
        let mut faster = served(20);
        faster.wait.waits.median_s = Some(60.0);
        let alone = [row("fast", served(20)), row("slow", slow.clone())];
        let html = figure(&alone, By::Service, Room::Wide, Texts::of(Language::En)).into_string();
        assert!(
            !html.contains("Longest wait"),
            "of one group nothing is the longest: {html}"
        );
        let rows = [
            row("faster", faster),
            row("fast", served(20)),
            row("slow", slow),
        ];
        let html = figure(&rows, By::Service, Room::Wide, Texts::of(Language::En)).into_string();
        let of_staff = figure(&rows, By::Staff, Room::Wide, Texts::of(Language::En)).into_string();
        assert!(!of_staff.contains("Longest wait"), "{of_staff}");
        assert!(
            html.contains("Longest wait at fast: half waited over 05:00"),
            "{html}"
        );
        assert_eq!(html.matches("class=\"median\"").count(), 3);
        assert_eq!(html.matches("<g class=\"few\">").count(), 1);
        assert!(!html.contains("style="));
    }

    #[test]
    fn a_day_under_a_bar_is_not_cut() {
        let day = Row {
            key: "2027-08-10".into(),
            ..row("Tue 10 August", served(20))
        };
        let html = figure(&[day], By::Day, Room::Wide, Texts::of(Language::En)).into_string();
        assert!(
            html.contains(">Tue 10 Aug<") && !html.contains('…'),
            "{html}"
        );
    }

    #[test]
    fn nobody_called_is_said() {
        let rows = [row("none", queue_core::statistics::Figures::default())];
        let html = figure(&rows, By::Hour, Room::Half, Texts::of(Language::En)).into_string();
        assert!(
            html.contains("Nobody was called") && !html.contains("<svg"),
            "{html}"
        );
    }
}
