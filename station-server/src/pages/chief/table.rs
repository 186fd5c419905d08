//! The figures of the history page: one list of columns, from which both the table and the download are made, so that
//! they cannot disagree.

use std::borrow::Cow;

use maud::{Markup, html};
use queue_core::statistics::{Figure, Figures, Summary};
use screens::format::{count, mm_ss, percent};
use screens::{Texts, t};

use super::definitions::name_of;
use super::period::name_of_grouping;
use crate::reports::By;

/// Fewer than this are too few to compare.
pub(super) const FEW: u64 = 10;

/// One group of tickets with its name on the page.
pub(super) struct Row {
    /// Key as published.
    pub(super) key: String,
    /// As shown.
    pub(super) name: String,
    /// Where a press on the name leads.
    pub(super) href: Option<String>,
    /// The figures.
    pub(super) figures: Figures,
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Value {
    Count(u64),
    Seconds(Option<f64>),
    Share(Option<f64>),
    /// Share with the ends of its interval.
    Interval(Option<(f64, f64, f64)>),
    Number(Option<f64>),
}

/// A column of the table.
struct Column {
    /// Name on the page.
    name: fn(&'static Texts) -> Cow<'static, str>,
    /// Its meaning, and its key in the download.
    figure: Figure,
    /// Name in the download.
    key: &'static str,
    /// How many the value rests on, where fewer than [`FEW`] make it grey.
    basis: fn(&Figures) -> u64,
    value: fn(&Figures) -> Value,
}

/// A group of columns under one heading.
struct Heading {
    name: fn(&'static Texts) -> Cow<'static, str>,
    figure: Option<Figure>,
    columns: &'static [Column],
}

macro_rules! column {
    ($text:literal, $figure:ident, $key:literal, $basis:expr, $value:expr) => {
        Column {
            name: |texts| t!(texts, $text),
            figure: Figure::$figure,
            key: $key,
            basis: $basis,
            value: $value,
        }
    };
}

/// A count stands for itself.
const ENOUGH: fn(&Figures) -> u64 = |_| FEW;

static HEADINGS: [Heading; 5] = [
    Heading {
        name: |texts| t!(texts, "number"),
        figure: None,
        columns: &[
            column!("figure-issued", Issued, "issued", ENOUGH, |f| Value::Count(
                f.issued
            )),
            column!("figure-called", Called, "called", ENOUGH, |f| Value::Count(
                f.called
            )),
            column!("figure-served", Served, "served", ENOUGH, |f| Value::Count(
                f.served
            )),
            column!(
                "figure-no-show-rate",
                NoShowRate,
                "no_show_rate",
                |f| f.called,
                |f| Value::Share(f.no_show_rate)
            ),
            column!(
                "figure-abandoned-rate",
                AbandonedRate,
                "abandoned_rate",
                |f| f.issued,
                |f| Value::Share(f.abandoned_rate)
            ),
        ],
    },
    Heading {
        name: |texts| t!(texts, "figure-wait"),
        figure: Some(Figure::Wait),
        columns: &[
            column!("figure-n", Count, "wait.n", ENOUGH, |f| Value::Count(
                f.wait.waits.n
            )),
            column!(
                "figure-median",
                Median,
                "wait.median_s",
                |f| f.wait.waits.n,
                |f| Value::Seconds(f.wait.waits.median_s)
            ),
            column!("figure-p80", P80, "wait.p80_s", |f| f.wait.waits.n, |f| {
                Value::Seconds(f.wait.waits.p80_s)
            }),
            column!("figure-p90", P90, "wait.p90_s", |f| f.wait.waits.n, |f| {
                Value::Seconds(f.wait.waits.p90_s)
            }),
            column!("figure-p95", P95, "wait.p95_s", |f| f.wait.waits.n, |f| {
                Value::Seconds(f.wait.waits.p95_s)
            }),
            column!("figure-max", Max, "wait.max_s", |f| f.wait.waits.n, |f| {
                Value::Seconds(f.wait.waits.max_s)
            }),
            column!(
                "figure-share-within",
                WithinStandard,
                "wait.within_standard",
                |f| f.wait.with_standard,
                |f| { Value::Share(f.wait.within_standard) }
            ),
        ],
    },
    Heading {
        name: |texts| t!(texts, "figure-median"),
        figure: Some(Figure::Median),
        columns: &[
            column!("figure-walk", Walk, "walk.median_s", |f| f.walk.n, |f| {
                median(&f.walk)
            }),
            column!(
                "figure-handling",
                Handling,
                "handling.median_s",
                |f| f.handling.n,
                |f| median(&f.handling)
            ),
            column!("figure-stay", Stay, "stay.median_s", |f| f.stay.n, |f| {
                median(&f.stay)
            }),
        ],
    },
    Heading {
        name: |texts| t!(texts, "chief-counters"),
        figure: Some(Figure::CounterOpen),
        columns: &[
            column!(
                "figure-throughput",
                Throughput,
                "throughput_per_open_hour",
                |f| f.served,
                |f| Value::Number(f.throughput_per_open_hour)
            ),
            column!(
                "figure-occupancy",
                Occupancy,
                "occupancy",
                |f| f.handling.n,
                |f| Value::Share(f.occupancy)
            ),
        ],
    },
    Heading {
        name: |texts| t!(texts, "figure-ratings"),
        figure: Some(Figure::RatingCounts),
        columns: &[
            column!("figure-n", RatingCount, "rating.n", ENOUGH, |f| {
                Value::Count(f.rating.n)
            }),
            column!(
                "figure-response-rate",
                ResponseRate,
                "rating.response_rate",
                |f| f.rating.invited,
                |f| { Value::Share(f.rating.response_rate) }
            ),
            column!(
                "figure-top2",
                TopTwo,
                "rating.top2.share",
                |f| f.rating.n,
                |f| Value::Interval(satisfied(f))
            ),
        ],
    },
];

fn median(summary: &Summary) -> Value {
    Value::Seconds(summary.median_s)
}

fn satisfied(figures: &Figures) -> Option<(f64, f64, f64)> {
    let top2 = &figures.rating.top2;
    Some((top2.share?, top2.low?, top2.high?))
}

/// Ratings of one member of staff are shown only where there are enough of them that nobody's own answer stands out.
fn is_withheld(column: &Column, by: By, figures: &Figures) -> bool {
    by == By::Staff
        && column.key.starts_with("rating.")
        && column.key != "rating.n"
        && figures.rating.n < FEW
}

/// The figures that the table's heads explain.
pub(super) fn figures() -> Vec<Figure> {
    let mut figures: Vec<Figure> = HEADINGS
        .iter()
        .flat_map(|heading| {
            heading
                .figure
                .into_iter()
                .chain(heading.columns.iter().map(|c| c.figure))
        })
        .collect();
    figures.sort();
    figures.dedup();
    figures
}

/// The table with its total at the foot.
pub(super) fn table(rows: &[Row], total: &Row, by: By, texts: &'static Texts) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-label=(t!(texts, "chief-table")) {
            table class="st wide" {
                thead {
                    tr {
                        td class="l" {}
                        @for heading in &HEADINGS {
                            th class="over" scope="colgroup" colspan=(heading.columns.len()) {
                                @match heading.figure {
                                    Some(figure) => (name_of(figure, &(heading.name)(texts))),
                                    None => ((heading.name)(texts)),
                                }
                            }
                        }
                    }
                    tr {
                        th class="l" scope="col" { (name_of_grouping(by, texts)) }
                        @for column in columns() {
                            th scope="col" { (name_of(column.figure, &(column.name)(texts))) }
                        }
                    }
                }
                tbody { @for row in rows { (cells(row, by, texts)) } }
                tfoot { (cells(total, by, texts)) }
            }
        }
    }
}

fn columns() -> impl Iterator<Item = &'static Column> {
    HEADINGS.iter().flat_map(|heading| heading.columns)
}

fn cells(row: &Row, by: By, texts: &'static Texts) -> Markup {
    html! {
        tr {
            th class="l" scope="row" {
                @match &row.href { Some(href) => a href=(href) { (row.name) }, None => (row.name) }
            }
            @for column in columns() {
                @let n = (column.basis)(&row.figures);
                @if is_withheld(column, by, &row.figures) {
                    td class="few" title=(t!(texts, "chief-too-few", n = row.figures.rating.n)) { "–" }
                } @else {
                    td class=[(n < FEW).then_some("few")] { (show((column.value)(&row.figures))) }
                }
            }
        }
    }
}

fn show(value: Value) -> Markup {
    match value {
        Value::Count(n) => html! { (count(n)) },
        Value::Seconds(Some(s)) => html! { (in_minutes(s)) },
        Value::Share(Some(share)) => html! { (in_percent(share)) },
        Value::Interval(Some((share, low, high))) => html! {
            (in_percent(share)) " "
            small { "(" (in_percent(low)) "–" (in_percent(high)) ")" }
        },
        Value::Number(Some(number)) => html! { (format!("{number:.1}")) },
        Value::Seconds(None) | Value::Share(None) | Value::Interval(None) | Value::Number(None) => {
            html! { "–" }
        }
    }
}

/// Seconds as minutes and seconds, rounded to the second.
pub(super) fn in_minutes(seconds: f64) -> String {
    mm_ss(seconds.round().clamp(0.0, f64::from(u32::MAX)) as u32)
}

/// A share as on every other page; the tables must agree with figures shown elsewhere.
fn in_percent(share: f64) -> String {
    format!("{}%", percent(share))
}

/// The same rows as a file: names as published, seconds and shares in full, empty where nothing is known.
///
/// # Errors
/// What the writer says; writing into memory does not fail.
pub(super) fn csv(rows: &[Row], total: &Row, by: By) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut head = vec![by.to_string()];
    for column in columns() {
        head.push(column.key.to_owned());
        if matches!((column.value)(&Figures::default()), Value::Interval(_)) {
            head.extend(["rating.top2.low".to_owned(), "rating.top2.high".to_owned()]);
        }
    }
    writer.write_record(&head)?;
    for row in rows.iter().chain([total]) {
        let mut record = vec![harmless(&row.key)];
        for column in columns() {
            let withheld = is_withheld(column, by, &row.figures);
            record.extend(fields((column.value)(&row.figures), withheld));
        }
        writer.write_record(&record)?;
    }
    writer.into_inner().map_err(|e| e.into_error().into())
}

fn fields(value: Value, withheld: bool) -> Vec<String> {
    let number = |n: Option<f64>| {
        n.filter(|_| !withheld)
            .map(|n| n.to_string())
            .unwrap_or_default()
    };
    match value {
        Value::Count(n) => vec![n.to_string()],
        Value::Seconds(n) | Value::Share(n) | Value::Number(n) => vec![number(n)],
        Value::Interval(interval) => {
            let (share, low, high) = interval.map_or((None, None, None), |(share, low, high)| {
                (Some(share), Some(low), Some(high))
            });
            vec![number(share), number(low), number(high)]
        }
    }
}

/// A name that a spreadsheet would take for a formula is marked as text.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use queue_core::statistics::{Accumulator, Moment, Outcome, Score, TicketFacts};
    use screens::Language;

    use super::*;

    /// `n` served tickets, a minute apart, each waiting 5 minutes and served in 4; all rated 5.
    pub(in crate::pages::chief) fn served(n: i64) -> Figures {
        let mut all = Accumulator::new();
        for i in 0..n {
            let at = |s: i64| Moment::from_ms((i * 60 + s) * 1000);
            all.add(&TicketFacts {
                first_called: Some(at(300)),
                last_called: Some(at(300)),
                started: Some(at(315)),
                finished: Some(at(555)),
                handling_ms: Some(240_000),
                standard_ms: Some(300_000),
                outcome: Outcome::Served,
                rating_invited: true,
                rating: Score::new(5),
                ..TicketFacts::issued_at(at(0))
            });
        }
        all.finish(Some(3_600_000))
    }

    pub(in crate::pages::chief) fn row(key: &str, figures: Figures) -> Row {
        Row {
            key: key.into(),
            name: key.into(),
            href: None,
            figures,
        }
    }

    #[test]
    fn the_download_has_the_figures_of_the_table() {
        let rows = [row("A", served(12)), row("=B", served(2))];
        let file = csv(&rows, &row("total", served(14)), By::Service).unwrap();
        let text = String::from_utf8(file).unwrap();
        let expected = "service,issued,called,served,no_show_rate,abandoned_rate,wait.n,wait.median_s,wait.p80_s,wait.p90_s,wait.p95_s,\
            wait.max_s,wait.within_standard,walk.median_s,handling.median_s,stay.median_s,\
            throughput_per_open_hour,occupancy,rating.n,rating.response_rate,rating.top2.share,\
            rating.top2.low,rating.top2.high\n\
            A,12,12,12,0,0,12,300,300,300,300,300,1,15,240,555,12,0.8,12,1,1,0.7575";
        assert!(text.starts_with(expected), "{text}");
        let second = text.lines().nth(2).unwrap();
        assert!(second.starts_with("'=B,2,2,2,0,0,2,300,"), "{second}");
        assert_eq!(text.lines().count(), 4);
        let width = text.lines().next().unwrap().split(',').count();
        assert!(
            text.lines().all(|line| line.split(',').count() == width),
            "{text}"
        );
    }

    #[test]
    fn few_tickets_are_grey_and_nothing_known_is_a_dash() {
        let texts = Texts::of(Language::En);
        let rows = [
            row("many", served(10)),
            row("few", served(9)),
            row("none", Figures::default()),
        ];
        let html = table(&rows, &row("total", served(19)), By::Service, texts).into_string();
        let line = |name: &str| {
            let from = html.find(&format!("scope=\"row\">{name}<")).unwrap();
            html[from..].split("</tr>").next().unwrap().to_owned()
        };
        assert!(!line("many").contains("few\">"), "{}", line("many"));
        assert!(
            line("few").contains("<td class=\"few\">05:00</td>"),
            "{}",
            line("few")
        );
        assert!(
            line("none").contains("<td class=\"few\">–</td>"),
            "{}",
            line("none")
        );
        assert!(
            line("many").contains("100% <small>(72.2%–100%)</small>"),
            "{}",
            line("many")
        );
    }

    #[test]
    fn a_member_of_staff_with_few_ratings_is_not_shown_with_them() {
        let texts = Texts::of(Language::En);
        let rows = [row("lin", served(9))];
        let total = row("total", served(12));
        let html = table(&rows, &total, By::Staff, texts).into_string();
        assert!(html.contains("title=\"Too few (n = 9)\""), "{html}");
        assert!(!html.contains("70.1%"), "{html}");
        let text = String::from_utf8(csv(&rows, &total, By::Staff).unwrap()).unwrap();
        assert!(text.lines().nth(1).unwrap().ends_with(",9,,,,"), "{text}");
        let open = String::from_utf8(csv(&rows, &total, By::Counter).unwrap()).unwrap();
        assert!(!open.lines().nth(1).unwrap().ends_with(",9,,,,"), "{open}");
    }
}
