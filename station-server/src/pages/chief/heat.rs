//! Median waits by day and hour as a table whose cells are coloured by their length.

use std::collections::BTreeSet;

use jiff::civil::Date;
use maud::{Markup, html};
use queue_core::statistics::Figures;
use screens::{Texts, t};

use super::table::FEW;

/// Upper ends of the colours, minutes; what is longer has the last colour.
const STEPS_MIN: [f64; 7] = [4.0, 8.0, 12.0, 15.0, 20.0, 25.0, 30.0];
/// Days shown at most.
pub(super) const DAYS_MAX: usize = 14;

/// The hours of one day with their figures.
pub(super) struct DayRow {
    pub(super) day: Date,
    pub(super) hours: Vec<(u8, Figures)>,
}

/// The map; nothing where no hour has enough tickets.
pub(super) fn figure(days: &[DayRow], texts: &'static Texts) -> Option<Markup> {
    let cells = || {
        days.iter().flat_map(|d| {
            d.hours
                .iter()
                .map(move |(hour, figures)| (d.day, *hour, figures))
        })
    };
    let (worst_day, worst_hour, worst_min) = cells()
        .filter(|(_, _, figures)| figures.wait.waits.n >= FEW)
        .filter_map(|(day, hour, figures)| Some((day, hour, figures.wait.waits.median_s? / 60.0)))
        .max_by(|one, other| one.2.total_cmp(&other.2))?;
    let called = || {
        cells()
            .filter(|(_, _, figures)| figures.wait.waits.n > 0)
            .map(|(_, hour, _)| hour)
    };
    // An hour in which nobody was ever called has no column.
    let hours: BTreeSet<u8> = called().collect();
    let title = t!(
        texts,
        "chief-heat-title",
        day = screens::format::day(texts, worst_day),
        hour = t!(texts, "chief-hour", hour = worst_hour),
        minutes = worst_min.round()
    );
    Some(html! {
        figure class="cardd" {
            h2 { (title) }
            p class="sub" { (t!(texts, "chief-heat-sub")) }
            div class="scroll" tabindex="0" role="region" aria-label=(title) {
                table class="heat" {
                    thead { tr {
                        td { (t!(texts, "chief-by-hour")) }
                        @for hour in &hours { th scope="col" { (hour) } }
                    } }
                    tbody { @for row in days.iter().filter(|row| !row.hours.is_empty()) {
                        tr {
                            th scope="row" { (screens::format::day(texts, row.day)) }
                            @for hour in &hours { (cell(row.hours.iter().find(|(h, _)| h == hour))) }
                        }
                    } }
                }
            }
        }
    })
}

fn cell(found: Option<&(u8, Figures)>) -> Markup {
    let Some((n, median_s)) =
        found.and_then(|(_, figures)| Some((figures.wait.waits.n, figures.wait.waits.median_s?)))
    else {
        return html! { td {} };
    };
    let minutes = median_s / 60.0;
    let step = STEPS_MIN
        .iter()
        .position(|end| minutes < *end)
        .unwrap_or(STEPS_MIN.len());
    html! {
        @if n < FEW {
            td class="few" title={ "n = " (n) } { (minutes.round()) }
        } @else {
            td class={ "h" (step) } title={ "n = " (n) } { (minutes.round()) }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use screens::Language;

    use super::super::table::tests::served;
    use super::*;

    #[test]
    fn the_longest_hour_with_enough_tickets_is_the_finding() {
        let mut slow = served(9);
        slow.wait.waits.median_s = Some(3_000.0);
        let days = [DayRow {
            day: date(2026, 11, 20),
            hours: vec![(9, served(10)), (11, slow)],
        }];
        let html = figure(&days, Texts::of(Language::En))
            .unwrap()
            .into_string();
        assert!(html.contains("at 9:00, median 5 min"), "{html}");
        assert!(
            html.contains("<td class=\"h1\" title=\"n = 10\">5</td><td class=\"few\""),
            "{html}"
        );
    }

    #[test]
    fn without_enough_tickets_there_is_no_map() {
        let days = [DayRow {
            day: date(2026, 11, 20),
            hours: vec![(9, served(3))],
        }];
        assert!(figure(&days, Texts::of(Language::En)).is_none());
    }
}
