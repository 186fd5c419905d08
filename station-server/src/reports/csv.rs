//! A report as CSV: one line per row, one column per figure, named by its path in the JSON.

use std::io::{self, Write};

use queue_core::statistics::{Figures, Summary};

use super::StatsReport;

/// Writes a report as CSV (RFC 4180) in UTF-8. A figure that is absent is an empty cell.
///
/// # Errors
/// What `out` says.
pub fn write_csv(report: &StatsReport, out: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    let header = cells(&Figures::default()).into_iter().map(|(name, _)| name);
    csv.write_record(std::iter::once("key".to_owned()).chain(header))?;
    for row in &report.rows {
        let key = row.key.clone().unwrap_or_default();
        let values = cells(&row.figures).into_iter().map(|(_, value)| value);
        csv.write_record(std::iter::once(key).chain(values))?;
    }
    csv.flush()
}

type Cells = Vec<(String, String)>;

fn cells(figures: &Figures) -> Cells {
    let mut cells = Cells::new();
    let f = figures;
    put(&mut cells, "issued", f.issued);
    put(&mut cells, "called", f.called);
    put(&mut cells, "served", f.served);
    put(&mut cells, "issued_persons", f.issued_persons);
    put(&mut cells, "served_persons", f.served_persons);
    put(&mut cells, "no_show", f.no_show);
    put(&mut cells, "abandoned", f.abandoned);
    put(&mut cells, "cancelled", f.cancelled);
    put(&mut cells, "open", f.open);
    put(&mut cells, "closed_by_day_end", f.closed_by_day_end);
    put_summary(&mut cells, "wait", &f.wait.waits);
    put(&mut cells, "wait.with_standard", f.wait.with_standard);
    put_some(&mut cells, "wait.within_standard", f.wait.within_standard);
    put_summary(&mut cells, "wait_last", &f.wait_last);
    let censored = &f.wait_including_abandoned;
    put(&mut cells, "wait_including_abandoned.n", censored.n);
    put(
        &mut cells,
        "wait_including_abandoned.censored",
        censored.censored,
    );
    put_some(
        &mut cells,
        "wait_including_abandoned.mean_s",
        censored.mean_s,
    );
    put_some(
        &mut cells,
        "wait_including_abandoned.median_s",
        censored.median_s,
    );
    put_summary(&mut cells, "walk", &f.walk);
    put(&mut cells, "started_inferred", f.started_inferred);
    put_summary(&mut cells, "handling", &f.handling);
    put_summary(&mut cells, "stay", &f.stay);
    put_some(&mut cells, "counter_open_s", f.counter_open_s);
    put_some(
        &mut cells,
        "throughput_per_open_hour",
        f.throughput_per_open_hour,
    );
    put_some(&mut cells, "persons_per_open_hour", f.persons_per_open_hour);
    put_some(&mut cells, "occupancy", f.occupancy);
    put_some(&mut cells, "no_show_rate", f.no_show_rate);
    put_some(&mut cells, "abandoned_rate", f.abandoned_rate);
    put(&mut cells, "rating.n", f.rating.n);
    put(&mut cells, "rating.invited", f.rating.invited);
    put(&mut cells, "rating.uninvited", f.rating.uninvited);
    put_some(&mut cells, "rating.response_rate", f.rating.response_rate);
    put_some(&mut cells, "rating.mean", f.rating.mean);
    put_some(&mut cells, "rating.top2.share", f.rating.top2.share);
    put_some(&mut cells, "rating.top2.low", f.rating.top2.low);
    put_some(&mut cells, "rating.top2.high", f.rating.top2.high);
    for (score, count) in (1..).zip(f.rating.counts) {
        put(&mut cells, &format!("rating.counts.{score}"), count);
    }
    put(&mut cells, "anomalies", f.anomalies);
    cells
}

fn put_summary(cells: &mut Cells, name: &str, summary: &Summary) {
    put(cells, &format!("{name}.n"), summary.n);
    for (part, value) in [
        ("mean_s", summary.mean_s),
        ("median_s", summary.median_s),
        ("p80_s", summary.p80_s),
        ("p90_s", summary.p90_s),
        ("p95_s", summary.p95_s),
        ("max_s", summary.max_s),
    ] {
        put_some(cells, &format!("{name}.{part}"), value);
    }
}

fn put(cells: &mut Cells, name: &str, value: u64) {
    cells.push((name.to_owned(), value.to_string()));
}

fn put_some(cells: &mut Cells, name: &str, value: Option<f64>) {
    let value = value.map_or_else(String::new, |value| value.to_string());
    cells.push((name.to_owned(), value));
}
