//! The history page: any days, in groups, with everything that can be said about them.

use std::borrow::Cow;

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use protocol::StationInfo;
use queue_core::statistics::{Figure, Figures};
use screens::format::{count, percent};
use screens::{Icon, Texts, icon, t};

use super::bars::Room;
use super::definitions::{name_of, popups};
use super::period::{BadPeriod, Period, PeriodQuery, name_of_grouping, offers, picker};
use super::reading::{Found, days_with_data, find, groups, read, today};
use super::table::{Row, in_minutes};
use super::{Chrome, Place, balance, bars, distribution, heat, process, table, tickets};
use crate::access::{Principal, StaffMember};
use crate::app::App;
use crate::pages::look::Look;
use crate::problem::ApiProblem;
use crate::reports::{By, Level, StatsRow};

/// Figures of the band above the charts, beyond those of the table.
const BAND: [Figure; 2] = [Figure::Issued, Figure::ResponseRate];

/// `GET /chief/history`.
pub(super) async fn page(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    look: Look,
    Query(query): Query<PeriodQuery>,
) -> Result<Response, ApiProblem> {
    let days = read(&app, days_with_data).await?;
    let today = today(&app);
    let period = query.period(fallback(today, &days));
    let body = Body {
        info: &app.info,
        app: &app,
        look,
        today,
        days: &days,
    };
    let (status, content) = match &period {
        Ok(period) => {
            let (asked, with_data, page) = (*period, days.clone(), query.page());
            let found = read(&app, move |reports| find(reports, &asked, &with_data, page)).await?;
            (StatusCode::OK, body.found(period, &found, page))
        }
        Err(bad) => (StatusCode::BAD_REQUEST, body.refused(bad, &query)),
    };
    let here = period.as_ref().map_or_else(
        |_| "/chief/history".to_owned(),
        |p| p.address("/chief/history"),
    );
    let title = t!(look.texts(), "chief-history");
    let chrome = Chrome {
        place: Place::History,
        title: &title,
        here: &here,
        is_live: false,
    };
    Ok((status, chrome.document(&app, &who, look, &content)).into_response())
}

/// `GET /chief/history.csv`.
pub(super) async fn csv(
    State(app): State<App>,
    look: Look,
    Query(query): Query<PeriodQuery>,
) -> Result<Response, ApiProblem> {
    let days = read(&app, days_with_data).await?;
    let period = query
        .period(fallback(today(&app), &days))
        .map_err(|bad| ApiProblem::invalid(bad.say(look.texts())))?;
    let (report, total) = read(&app, move |reports| groups(reports, &period)).await?;
    let rows: Vec<Row> = report
        .rows
        .into_iter()
        .map(|row| named(row, &period, &app.info, app.access.staff(), look))
        .collect();
    let file = table::csv(&rows, &total_row(total, look.texts()), period.by).map_err(|e| {
        ApiProblem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", e.to_string())
    })?;
    let name = format!(
        "attachment; filename=\"figures-{}-{}-{}.csv\"",
        period.from, period.to, period.by
    );
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, file).into_response())
}

/// The day shown when the address names none: the latest with data, not after today where there is one.
fn fallback(today: Date, days: &[Date]) -> Date {
    days.iter()
        .rev()
        .find(|day| **day <= today)
        .or(days.last())
        .copied()
        .unwrap_or(today)
}

/// The page's parts below its menu.
struct Body<'a> {
    info: &'a StationInfo,
    app: &'a App,
    look: Look,
    today: Date,
    days: &'a [Date],
}

impl Body<'_> {
    fn texts(&self) -> &'static Texts {
        self.look.texts()
    }

    fn head(&self, chosen: Option<&Period>, typed: (&str, &str)) -> Markup {
        let texts = self.texts();
        let span = self.days.first().copied().zip(self.days.last().copied());
        let kept = chosen.map_or((By::Service, Level::Visit), |p| (p.by, p.level));
        let offered = offers(self.today, span, kept, texts);
        html! {
            header {
            div class="hd" {
                h1 { (t!(texts, "chief-history")) }
                span class="sp" {}
                @if let Some(period) = chosen {
                    a class="btn" href=(self.look.href(&period.address("/chief/history.csv"))) download {
                        (icon(Icon::Document)) (t!(texts, "chief-csv"))
                    }
                }
            }
            (picker(&offered, chosen, typed, self.look))
            @if let Some((first, last)) = span {
                p class="sub span" {
                    (t!(texts, "chief-data-span", first = first.to_string(), last = last.to_string(), count = self.days.len()))
                }
            }
            }
        }
    }

    fn refused(&self, bad: &BadPeriod, query: &PeriodQuery) -> Markup {
        html! {
            (self.head(None, query.typed()))
            main class="body" {
                p class="adv" role="alert" { (icon(Icon::Warning)) (bad.say(self.texts())) }
            }
        }
    }

    fn found(&self, period: &Period, found: &Found, page: u32) -> Markup {
        let texts = self.texts();
        let head = self.head(Some(period), ("", ""));
        if found.total.issued == 0 {
            return html! { (head) main class="body" { (self.empty(period)) } };
        }
        let rows: Vec<Row> = found
            .rows
            .iter()
            .map(|row| {
                named(
                    row.clone(),
                    period,
                    self.info,
                    self.app.access.staff(),
                    self.look,
                )
            })
            .collect();
        let total = total_row(found.total.clone(), texts);
        let heat = heat::figure(&found.heat, texts);
        let room = if heat.is_some() {
            Room::Half
        } else {
            Room::Wide
        };
        let mut explained = table::figures();
        explained.extend(BAND);
        explained.extend(balance::EXPLAINED);
        explained.sort();
        explained.dedup();
        html! {
            (head)
            main class="body" {
                (self.band(period, &found.total))
                div class=(if heat.is_some() { "h2c" } else { "h1c" }) {
                    (bars::figure(&rows, period.by, room, texts))
                    @if let Some(heat) = heat { (heat) }
                }
                @if let Some(chart) = distribution::figure(&found.waits, self.info, self.look) { (chart) }
                @if let Some(chart) = process::figure(&found.medians, texts) { (chart) }
                section class="cardd blk" {
                    h2 { (name_of_grouping(period.by, texts)) " · " (period.say(texts)) }
                    p class="sub" { (t!(texts, "chief-table-sub")) }
                    (table::table(&rows, &total, period.by, texts))
                }
                @if let Some(balance) = &found.balance { (balance::section(balance, texts)) }
                @if let Some(list) = &found.tickets { (tickets::section(list, period, page, self.app, self.look)) }
            }
            (popups(&explained, self.look.language))
        }
    }

    fn empty(&self, period: &Period) -> Markup {
        let texts = self.texts();
        let ends: Vec<Date> = match self.days {
            [] => vec![],
            [only] => vec![*only],
            [first, .., last] => vec![*first, *last],
        };
        html! {
            section class="cardd blk empty" {
                h2 { (t!(texts, "chief-empty-range", from = period.from.to_string(), to = period.to.to_string())) }
                @if !ends.is_empty() { p class="sub" { (t!(texts, "chief-empty-hint")) } }
                p class="row" {
                    @for day in ends {
                        @let there = Period { from: day, to: day, by: By::Service, level: period.level };
                        a class="btn" href=(self.look.href(&there.address("/chief/history"))) { (there.say(texts)) }
                    }
                }
            }
        }
    }

    fn band(&self, period: &Period, total: &Figures) -> Markup {
        let texts = self.texts();
        let (waits, rating) = (&total.wait.waits, &total.rating);
        let time = |seconds: Option<f64>| seconds.map_or("–".into(), in_minutes);
        let share = |share: Option<f64>| share.map_or("–".into(), |s| format!("{}%", percent(s)));
        let of = |n: u64| format!("n = {}", count(n));
        let ratings = match rating.response_rate.map(percent) {
            Some(rate) => t!(texts, "chief-ratings-n", count = rating.n, rate = rate),
            None => t!(texts, "chief-ratings-n-only", count = rating.n),
        };
        let tile = |figure: Figure, name: &str, value: String, note: String| {
            html! {
                div class="kpi" {
                    h2 { (name_of(figure, name)) }
                    p class="v" { (value) }
                    p class="x" { (note) }
                }
            }
        };
        let within = total.wait.within_standard;
        html! {
            section class="cardd kpis" {
                (tile(Figure::Issued, &t!(texts, "figure-issued"), count(total.issued), period.say(texts)))
                (tile(Figure::Served, &t!(texts, "figure-served"), count(total.served), of(total.issued)))
                (tile(Figure::Median, &t!(texts, "chief-column-median"), time(waits.median_s), of(waits.n)))
                (tile(Figure::P90, &t!(texts, "chief-p90-wait"), time(waits.p90_s), of(waits.n)))
                (tile(Figure::WithinStandard, &t!(texts, "figure-share-within"), share(within), of(total.wait.with_standard)))
                (tile(Figure::TopTwo, &t!(texts, "figure-top2"), share(rating.top2.share), ratings.into_owned()))
            }
        }
    }
}

/// A group with its name in the words of the station, and where a press on it leads.
fn named(
    row: StatsRow,
    period: &Period,
    info: &StationInfo,
    staff: &[StaffMember],
    look: Look,
) -> Row {
    let texts = look.texts();
    let key = row.key.unwrap_or_default();
    let day: Option<Date> = if period.by == By::Day {
        key.parse().ok()
    } else {
        None
    };
    let name = match period.by {
        By::Counter if key.is_empty() => t!(texts, "chief-at-no-counter").into_owned(),
        _ if key.is_empty() => t!(texts, "chief-unknown").into_owned(),
        By::Service => info
            .services
            .iter()
            .find(|service| service.id.as_str() == key)
            .map_or_else(
                || key.clone(),
                |service| service.short_name.get(look.language.tag()).to_owned(),
            ),
        By::Class => texts
            .find(&format!("chief-class-{key}"), &[])
            .map_or_else(|| key.clone(), Cow::into_owned),
        By::Counter => t!(texts, "counter-number", counter = key.as_str()).into_owned(),
        By::Staff => staff
            .iter()
            .find(|member| member.id.as_str() == key)
            .map_or_else(|| key.clone(), |member| member.name.clone()),
        By::Hour => t!(texts, "chief-hour", hour = key.as_str()).into_owned(),
        By::Day => day.map_or_else(
            || key.clone(),
            |day| screens::format::day(texts, day).into_owned(),
        ),
    };
    let href = day.map(|day| {
        look.href(
            &Period {
                from: day,
                to: day,
                by: By::Hour,
                level: period.level,
            }
            .address("/chief/history"),
        )
    });
    Row {
        key,
        name,
        href,
        figures: row.figures,
    }
}

fn total_row(figures: Figures, texts: &'static Texts) -> Row {
    Row {
        key: "total".into(),
        name: t!(texts, "chief-total").into_owned(),
        href: None,
        figures,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::samples::station_info;
    use super::super::table::tests::served;
    use super::*;

    fn name(by: By, key: &str) -> Row {
        let period = Period {
            from: date(2026, 11, 1),
            to: date(2026, 11, 20),
            by,
            level: Level::Visit,
        };
        let row = StatsRow {
            key: Some(key.into()),
            figures: served(1),
        };
        named(row, &period, &station_info(), &[], Look::default())
    }

    #[test]
    fn groups_have_the_station_s_names() {
        assert_eq!(name(By::Service, "residence").name, "居留證");
        assert_eq!(name(By::Service, "imported").name, "imported");
        assert_eq!(name(By::Class, "priority").name, "優先");
        assert_eq!(name(By::Class, "vip").name, "vip");
        assert_eq!(name(By::Counter, "3").name, "3 號櫃台");
        assert_eq!(name(By::Counter, "").name, "未經櫃台");
        assert_eq!(name(By::Staff, "").name, "未知");
        assert_eq!(name(By::Hour, "9").name, "9 時");
    }

    #[test]
    fn a_day_leads_to_its_own_page() {
        let day = name(By::Day, "2026-11-20");
        assert_eq!(day.name, "11 月 20 日 週五");
        assert_eq!(
            day.href.as_deref(),
            Some("/chief/history?from=2026-11-20&to=2026-11-20&by=hour")
        );
        assert_eq!(name(By::Hour, "9").href, None);
    }

    #[test]
    fn without_an_address_the_latest_day_with_data_is_shown() {
        let today = date(2026, 11, 22);
        let days = [date(1999, 3, 1), date(2026, 11, 20), date(2027, 1, 1)];
        assert_eq!(fallback(today, &days), date(2026, 11, 20));
        assert_eq!(fallback(today, &days[2..]), date(2027, 1, 1));
        assert_eq!(fallback(today, &[]), today);
    }
}
