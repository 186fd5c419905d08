//! The printed table: a figure, its limit of the same run, the ratio, and what is aimed at.

/// Prints rows as they are measured.
pub(crate) struct Table;

impl Table {
    pub(crate) fn new() -> Self {
        Self
    }

    /// A heading with the names of the columns.
    pub(crate) fn section(&mut self, title: &str) {
        println!(
            "\n{title:<52} {:>14} {:>14} {:>7}  aim",
            "station", "limit", "ratio"
        );
    }

    /// One figure. `limit` is in the same unit.
    pub(crate) fn row(
        &mut self,
        what: &str,
        figure: f64,
        unit: &str,
        limit: Option<f64>,
        aim: &str,
    ) {
        let limit_text = limit.map_or(String::new(), |l| number(l, unit));
        let ratio = limit.map_or(String::new(), |l| format!("{:.2}", figure / l));
        println!(
            "{what:<52} {:>14} {limit_text:>14} {ratio:>7}  {aim}",
            number(figure, unit)
        );
    }
}

fn number(value: f64, unit: &str) -> String {
    let digits = if value.abs() >= 100.0 { 0 } else { 2 };
    format!("{value:.digits$} {unit}")
}

/// A quantile of what was measured, 0 to 1; sorts it.
pub(crate) fn quantile(values: &mut [f64], q: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    let at = (q * last as f64).round() as usize;
    values.get(at).copied().unwrap_or(f64::NAN)
}
