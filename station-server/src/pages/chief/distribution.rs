//! How the waits of each service are spread: the share called within so many minutes, with the service's standard.

use std::collections::BTreeMap;

use maud::{Markup, html};
use protocol::StationInfo;
use queue_core::statistics::{ecdf, type7_quantiles_us};
use screens::format::percent;
use screens::t;

use super::svg::{Scale, axis, grid_line, line, ticks};
use super::table::FEW;
use crate::pages::look::Look;
use crate::reports::ServiceWaits;

const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 168.0;
const LEFT: f64 = 42.0;
const RIGHT: f64 = 346.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 142.0;
/// Points of a curve.
const POINTS: u32 = 60;
/// Columns of the table, minutes.
const BOUNDS_MIN: [u32; 6] = [5, 10, 15, 20, 30, 60];
const MS_PER_MIN: u32 = 60_000;

/// One service with its curve.
struct Curve<'a> {
    name: &'a str,
    n: u64,
    standard_min: Option<f64>,
    /// Share within the standard.
    within: Option<f64>,
    /// At [`POINTS`] steps from 0 to the end of the axis.
    shares: Vec<f64>,
    /// At [`BOUNDS_MIN`].
    table: Vec<f64>,
}

/// The curves of all services anybody of which was called; nothing where nobody was.
pub(super) fn figure(
    waits: &BTreeMap<String, ServiceWaits>,
    info: &StationInfo,
    look: Look,
) -> Option<Markup> {
    let texts = look.texts();
    let (end_min, step_min) = axis(longest_min(waits)?);
    let curves: Vec<Curve<'_>> = waits
        .iter()
        .filter_map(|(id, waits)| curve(id, waits, end_min, info, look))
        .collect();
    let compared: Vec<_> = curves
        .iter()
        .filter(|curve| curve.n >= FEW)
        .filter_map(|curve| Some((curve, curve.within?, curve.standard_min?)))
        .collect();
    let worst = compared
        .iter()
        .min_by(|(_, one, _), (_, other, _)| one.total_cmp(other))
        .copied();
    let title = match worst {
        // Where all are within, or there is one only, the least is no finding.
        Some((_, within, _)) if within >= 1.0 => t!(texts, "chief-ecdf-all"),
        Some(_) if compared.len() < 2 => t!(texts, "chief-ecdf-plain"),
        Some((curve, within, standard_min)) => t!(
            texts,
            "chief-ecdf-title",
            key = curve.name,
            minutes = standard_min,
            share = percent(within)
        ),
        None => t!(texts, "chief-ecdf-plain"),
    };
    Some(html! {
        figure class="cardd" {
            h2 { (title) }
            p class="sub" { (t!(texts, "chief-ecdf-sub")) }
            div class="many" {
                @for curve in &curves { (plot(curve, (end_min, step_min), look)) }
            }
            details id="ecdf-table" {
                summary { (t!(texts, "chief-table")) }
                (table(&curves, look))
            }
        }
    })
}

/// How long the axis has to be: every standard and nearly every wait, minutes.
fn longest_min(waits: &BTreeMap<String, ServiceWaits>) -> Option<f64> {
    let of_service = |service: &ServiceWaits| {
        let [p95_us] = type7_quantiles_us(&mut service.waits_ms.clone(), [95])?;
        let standard_min = f64::from(service.standard_ms.unwrap_or(0)) / f64::from(MS_PER_MIN);
        Some((p95_us as f64 / 60e6).max(standard_min * 1.2))
    };
    waits.values().filter_map(of_service).reduce(f64::max)
}

fn curve<'a>(
    id: &'a str,
    waits: &ServiceWaits,
    end_min: f64,
    info: &'a StationInfo,
    look: Look,
) -> Option<Curve<'a>> {
    let mut waits_ms = waits.waits_ms.clone();
    let end_ms = end_min * f64::from(MS_PER_MIN);
    let steps: Vec<u32> = (0..=POINTS)
        .map(|step| (end_ms * f64::from(step) / f64::from(POINTS)) as u32)
        .collect();
    let within = |bound_ms: u32| Some(*ecdf(&mut waits.waits_ms.clone(), &[bound_ms])?.first()?);
    Some(Curve {
        name: info
            .services
            .iter()
            .find(|service| service.id.as_str() == id)
            .map_or(id, |service| service.short_name.get(look.language.tag())),
        n: waits_ms.len() as u64,
        standard_min: waits
            .standard_ms
            .map(|ms| f64::from(ms) / f64::from(MS_PER_MIN)),
        within: waits.standard_ms.and_then(within),
        shares: ecdf(&mut waits_ms, &steps)?,
        table: ecdf(
            &mut waits_ms,
            &BOUNDS_MIN.map(|minutes| minutes * MS_PER_MIN),
        )?,
    })
}

fn plot(curve: &Curve<'_>, (end_min, step_min): (f64, f64), look: Look) -> Markup {
    let texts = look.texts();
    let x = Scale::new((0.0, end_min), (LEFT, RIGHT));
    let y = Scale::new((0.0, 1.0), (BOTTOM, TOP));
    let points = curve.shares.iter().enumerate().map(|(step, share)| {
        let minutes = end_min * step as f64 / f64::from(POINTS);
        Some((x.at(minutes), y.at(*share)))
    });
    let said = match (curve.standard_min, curve.within) {
        (Some(minutes), Some(share)) => t!(
            texts,
            "chief-ecdf-said",
            share = percent(share),
            minutes = minutes
        ),
        _ => t!(texts, "chief-ecdf-no-standard"),
    };
    html! {
        div class=(if curve.n < FEW { "one few" } else { "one" }) {
            h3 { (curve.name) " " small { "n = " (screens::format::count(curve.n)) } }
            p class="sub" { (said) }
            svg class="ch" viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img"
                aria-label=(format!("{}: {said}", curve.name)) {
                @for share in [0.0, 0.5, 1.0] {
                    (grid_line(LEFT, RIGHT, y.at(share), &format!("{}%", share * 100.0)))
                }
                @for tick in ticks((end_min, step_min)) {
                    text class="ax" x=(x.at(tick)) y=(HEIGHT - 8.0) text-anchor="middle" { (tick) }
                }
                @if let Some(minutes) = curve.standard_min {
                    line class="target" x1=(x.at(minutes)) x2=(x.at(minutes)) y1=(TOP) y2=(BOTTOM) {}
                }
                path class="s1" d=(line(points)) {}
                @if let (Some(minutes), Some(share)) = (curve.standard_min, curve.within) {
                    circle class="dot" cx=(x.at(minutes)) cy=(y.at(share)) r="5" {}
                }
            }
        }
    }
}

fn table(curves: &[Curve<'_>], look: Look) -> Markup {
    let texts = look.texts();
    html! {
        div class="scroll" tabindex="0" role="region" aria-label=(t!(texts, "chief-ecdf-plain")) {
            table class="st" {
                thead { tr {
                    th class="l" scope="col" { (t!(texts, "chief-by-service")) }
                    th scope="col" { "n" }
                    th scope="col" { (t!(texts, "figure-share-within")) }
                    @for minutes in BOUNDS_MIN {
                        th scope="col" { (t!(texts, "chief-ecdf-within", minutes = minutes)) }
                    }
                } }
                tbody { @for curve in curves {
                    tr {
                        th class="l" scope="row" { (curve.name) }
                        td { (curve.n) }
                        td { @match curve.within { Some(share) => { (percent(share)) "%" }, None => "–" } }
                        @for share in &curve.table {
                            td class=[(curve.n < FEW).then_some("few")] { (percent(*share)) "%" }
                        }
                    }
                } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use screens::Texts;

    use super::super::samples::station_info;
    use super::*;

    fn waits(standard_ms: Option<u32>, minutes: impl IntoIterator<Item = u32>) -> ServiceWaits {
        ServiceWaits {
            standard_ms,
            waits_ms: minutes.into_iter().map(|m| m * MS_PER_MIN).collect(),
        }
    }

    #[test]
    fn the_title_names_the_service_with_the_lowest_share_within_its_standard() {
        let services = BTreeMap::from([
            ("residence".to_owned(), waits(Some(15 * MS_PER_MIN), 1..=20)),
            ("pick-up".to_owned(), waits(Some(10 * MS_PER_MIN), 1..=20)),
            // Worse, but too few to say so.
            ("rare".to_owned(), waits(Some(MS_PER_MIN), [30])),
        ]);
        let look = Look::from_words(Some("en"), None);
        let html = figure(&services, &station_info(), look)
            .unwrap()
            .into_string();
        assert!(
            html.contains("<h2>Pick-up is called within its 10 min least often: 50.0%</h2>"),
            "{html}"
        );
        assert!(
            html.contains("75.0% called within the standard of 15 min"),
            "{html}"
        );
        assert_eq!(html.matches("class=\"target\"").count(), 3);
        assert_eq!(html.matches("class=\"one few\"").count(), 1);
        assert!(
            html.contains("<td>25.0%</td>") && !html.contains("style="),
            "{html}"
        );
    }

    #[test]
    fn the_least_is_no_finding_where_all_are_within_or_nothing_is_compared() {
        let title = |services: &[(&str, u32)]| {
            let of = |(id, longest): &(&str, u32)| {
                ((*id).to_owned(), waits(Some(15 * MS_PER_MIN), 1..=*longest))
            };
            let services = services.iter().map(of).collect();
            let look = Look::from_words(Some("en"), None);
            let html = figure(&services, &station_info(), look).unwrap();
            let html = html.into_string();
            let (_, rest) = html.split_once("<h2>").unwrap();
            rest.split_once("</h2>").unwrap().0.to_owned()
        };
        let texts = Texts::of(screens::Language::En);
        let all = t!(texts, "chief-ecdf-all");
        assert_eq!(title(&[("residence", 12), ("pick-up", 14)]), all);
        let plain = t!(texts, "chief-ecdf-plain");
        assert_eq!(title(&[("residence", 20)]), plain);
        assert!(title(&[("residence", 20), ("pick-up", 14)]).contains("least often"));
    }

    #[test]
    fn a_service_without_a_standard_has_a_curve_and_no_line() {
        let services = BTreeMap::from([("imported".to_owned(), waits(None, 1..=20))]);
        let html = figure(&services, &station_info(), Look::default())
            .unwrap()
            .into_string();
        assert!(
            !html.contains("class=\"target\"") && html.contains("class=\"s1\""),
            "{html}"
        );
        assert!(figure(&BTreeMap::new(), &station_info(), Look::default()).is_none());
    }
}
