//! Which days and which grouping the history page is asked for.

use jiff::Span;
use jiff::civil::Date;
use maud::{Markup, html};
use screens::{Texts, t};
use serde::Deserialize;

use crate::pages::look::Look;
use crate::reports::{By, Level};

/// Longest period, days: three years and a leap day.
const DAYS_MAX: i32 = 1_096;

/// What the address says, as it says it.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct PeriodQuery {
    from: Option<String>,
    to: Option<String>,
    by: Option<String>,
    level: Option<String>,
    page: Option<String>,
}

/// Days from `from` to `to`, both included, in groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) from: Date,
    pub(super) to: Date,
    pub(super) by: By,
    /// Whether visits are counted, or each matter and station by itself.
    pub(super) level: Level,
}

/// The groupings in the order in which they are offered.
const GROUPINGS: [By; 6] = [
    By::Service,
    By::Class,
    By::Counter,
    By::Staff,
    By::Hour,
    By::Day,
];

/// The name of a grouping on the page.
pub(super) fn name_of_grouping(by: By, texts: &'static Texts) -> String {
    texts.get(&format!("chief-by-{by}"), &[]).into_owned()
}

/// Why an address asks for nothing that can be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum BadPeriod {
    Date(String),
    Order,
    By(String),
    TooLong,
}

impl BadPeriod {
    /// In words, for the page.
    pub(super) fn say(&self, texts: &'static Texts) -> String {
        match self {
            BadPeriod::Date(text) => t!(texts, "chief-bad-date", text = shortened(text)),
            BadPeriod::Order => t!(texts, "chief-bad-order"),
            BadPeriod::By(text) => t!(texts, "chief-bad-by", text = shortened(text)),
            BadPeriod::TooLong => t!(texts, "chief-too-long", days = DAYS_MAX),
        }
        .into_owned()
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

impl PeriodQuery {
    /// What is asked for; `fallback` is the day for an address that names none. One end alone means that day.
    pub(super) fn period(&self, fallback: Date) -> Result<Period, BadPeriod> {
        let from = parse_date(self.from.as_deref())?;
        let to = parse_date(self.to.as_deref())?;
        let (from, to) = match (from, to) {
            (Some(from), Some(to)) => (from, to),
            (Some(day), None) | (None, Some(day)) => (day, day),
            (None, None) => (fallback, fallback),
        };
        if from > to {
            return Err(BadPeriod::Order);
        }
        if from
            .until(to)
            .map_or(true, |span| span.get_days() >= DAYS_MAX)
        {
            return Err(BadPeriod::TooLong);
        }
        let by = match self.by.as_deref().map(str::trim) {
            None | Some("") => {
                if from == to {
                    By::Hour
                } else {
                    By::Day
                }
            }
            Some(word) => word.parse().map_err(|_| BadPeriod::By(word.to_owned()))?,
        };
        // A word that is no level counts what is usual: the page says which that is.
        let level = self.level.as_deref().and_then(|word| word.parse().ok());
        Ok(Period {
            from,
            to,
            by,
            level: level.unwrap_or_default(),
        })
    }

    /// The page of the ticket list, from 0; what is no number is the first.
    pub(super) fn page(&self) -> u32 {
        let page = self
            .page
            .as_deref()
            .and_then(|text| text.trim().parse::<u32>().ok());
        page.map_or(0, |page| page.saturating_sub(1))
    }

    /// The dates as typed, to be shown again beside the message.
    pub(super) fn typed(&self) -> (&str, &str) {
        (
            self.from.as_deref().unwrap_or(""),
            self.to.as_deref().unwrap_or(""),
        )
    }
}

/// An ISO date and nothing else; an empty field counts as absent.
fn parse_date(text: Option<&str>) -> Result<Option<Date>, BadPeriod> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let bad = || BadPeriod::Date(text.to_owned());
    let is_plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let date: Date = if is_plain {
        text.parse().map_err(|_| bad())?
    } else {
        return Err(bad());
    };
    if date.year() < 1 {
        Err(bad())
    } else {
        Ok(Some(date))
    }
}

impl Period {
    /// Its address on `path`, without the look.
    pub(super) fn address(&self, path: &str) -> String {
        let level = match self.level {
            Level::Visit => "",
            Level::Leg => "&level=leg",
        };
        format!(
            "{path}?from={}&to={}&by={}{level}",
            self.from, self.to, self.by
        )
    }

    /// In words: one day or both ends.
    pub(super) fn say(&self, texts: &'static Texts) -> String {
        if self.from == self.to {
            let day = screens::format::day(texts, self.from);
            t!(
                texts,
                "chief-day-of-year",
                year = self.from.year().to_string(),
                day = day
            )
            .into_owned()
        } else {
            t!(
                texts,
                "chief-span",
                from = self.from.to_string(),
                to = self.to.to_string()
            )
            .into_owned()
        }
    }
}

/// The periods offered as one press: today and back from it, and the ends of the data.
pub(super) fn offers(
    today: Date,
    data: Option<(Date, Date)>,
    (by, level): (By, Level),
    texts: &'static Texts,
) -> Vec<(String, Period)> {
    let back = |days: i32| today.checked_sub(Span::new().days(days)).unwrap_or(today);
    let last = |days: i32| {
        let name = t!(texts, "chief-last-days", days = days).into_owned();
        (
            name,
            Period {
                from: back(days - 1),
                to: today,
                by,
                level,
            },
        )
    };
    let day = |name: &str, day: Date| {
        (
            name.to_owned(),
            Period {
                from: day,
                to: day,
                by,
                level,
            },
        )
    };
    let mut offers = vec![
        day(&t!(texts, "chief-today"), today),
        day(&t!(texts, "chief-yesterday"), back(1)),
        last(7),
        last(14),
        last(28),
        (
            t!(texts, "chief-this-month").into_owned(),
            Period {
                from: today.first_of_month(),
                to: today,
                by,
                level,
            },
        ),
    ];
    if let Some((first, latest)) = data {
        offers.push(day(&t!(texts, "chief-first-day"), first));
        offers.push(day(&t!(texts, "chief-last-day"), latest));
    }
    offers
}

/// The picker: links for the usual periods, fields for any other.
pub(super) fn picker(
    offers: &[(String, Period)],
    chosen: Option<&Period>,
    typed: (&str, &str),
    look: Look,
) -> Markup {
    let texts = look.texts();
    let by = chosen.map(|period| period.by);
    // Several offers may mean the same days; the first one is marked.
    let marked = offers
        .iter()
        .position(|(_, period)| chosen.is_some_and(|c| (c.from, c.to) == (period.from, period.to)));
    let (from, to) = match chosen {
        Some(period) => (period.from.to_string(), period.to.to_string()),
        None => (typed.0.to_owned(), typed.1.to_owned()),
    };
    html! {
        div class="flt" {
            nav class="seg" aria-label=(t!(texts, "chief-range")) {
                @for (index, (name, period)) in offers.iter().enumerate() {
                    a href=(look.href(&period.address("/chief/history")))
                        aria-current=[(marked == Some(index)).then_some("true")] { (name) }
                }
            }
            form class="row" method="get" action="/chief/history" aria-label=(t!(texts, "chief-range")) {
                (look.fields())
                @if chosen.is_some_and(|period| period.level == Level::Leg) {
                    input type="hidden" name="level" value="leg";
                }
                label { (t!(texts, "chief-from")) input type="date" name="from" value=(from) required; }
                label { (t!(texts, "chief-to")) input type="date" name="to" value=(to) required; }
                label {
                    (t!(texts, "chief-by"))
                    select name="by" {
                        @for one in GROUPINGS {
                            option value=(one) selected[by == Some(one)] { (name_of_grouping(one, texts)) }
                        }
                    }
                }
                button class="btn pri" { (t!(texts, "chief-show")) }
            }
            @if let Some(period) = chosen {
                nav class="seg level" aria-label=(t!(texts, "chief-level")) {
                    @for (level, name) in [
                        (Level::Visit, t!(texts, "chief-level-visit")),
                        (Level::Leg, t!(texts, "chief-level-leg")),
                    ] {
                        a href=(look.href(&Period { level, ..*period }.address("/chief/history")))
                            aria-current=[(period.level == level).then_some("true")] { (name) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;
    use screens::Language;

    fn query(from: &str, to: &str, by: &str) -> PeriodQuery {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        PeriodQuery {
            from: some(from),
            to: some(to),
            by: some(by),
            level: None,
            page: None,
        }
    }

    const TODAY: Date = date(2026, 11, 22);

    #[test]
    fn a_period_is_read_with_its_grouping() {
        let fortnight = query("1999-03-01", "1999-03-14", "counter")
            .period(TODAY)
            .unwrap();
        let expected = Period {
            from: date(1999, 3, 1),
            to: date(1999, 3, 14),
            by: By::Counter,
            level: Level::Visit,
        };
        assert_eq!(fortnight, expected);
        assert_eq!(
            fortnight.address("/x"),
            "/x?from=1999-03-01&to=1999-03-14&by=counter"
        );
    }

    #[test]
    fn what_is_counted_stays_from_page_to_page() {
        let legs = PeriodQuery {
            level: Some("leg".into()),
            ..query("2026-11-20", "", "service")
        };
        let legs = legs.period(TODAY).unwrap();
        assert_eq!(legs.level, Level::Leg);
        assert!(legs.address("/x").ends_with("&by=service&level=leg"));
        let texts = Texts::of(Language::En);
        let offered = offers(TODAY, None, (By::Hour, Level::Leg), texts);
        assert!(offered.iter().all(|(_, period)| period.level == Level::Leg));
        let page = picker(&offered, Some(&legs), ("", ""), Look::default()).into_string();
        assert!(
            page.contains("&amp;level=leg\" aria-current=\"true\""),
            "{page}"
        );
    }

    #[test]
    fn what_is_left_out_has_a_sensible_meaning() {
        let by_hour = Period {
            from: TODAY,
            to: TODAY,
            by: By::Hour,
            level: Level::Visit,
        };
        assert_eq!(query("", "", "").period(TODAY), Ok(by_hour));
        let one_day = query("2026-11-20", "", "").period(TODAY).unwrap();
        assert_eq!(
            (one_day.from, one_day.to, one_day.by),
            (date(2026, 11, 20), date(2026, 11, 20), By::Hour)
        );
        assert_eq!(
            query("2026-11-01", "2026-11-20", "")
                .period(TODAY)
                .unwrap()
                .by,
            By::Day
        );
    }

    #[test]
    fn what_is_no_period_is_named() {
        for bad in [
            "2026-02-30",
            "yesterday",
            "2026-11-22T10:00",
            "20261122",
            "26-11-22",
            "+002026-11-22",
            "0000-01-01",
        ] {
            let refused = query(bad, "2026-11-22", "").period(TODAY);
            assert_eq!(refused, Err(BadPeriod::Date(bad.to_owned())), "{bad}");
        }
        assert_eq!(
            query("2026-11-22", "2026-11-21", "").period(TODAY),
            Err(BadPeriod::Order)
        );
        assert_eq!(
            query("2020-01-01", "2026-11-21", "").period(TODAY),
            Err(BadPeriod::TooLong)
        );
        assert_eq!(
            query("", "", "mood").period(TODAY),
            Err(BadPeriod::By("mood".into()))
        );
    }

    #[test]
    fn a_message_does_not_repeat_a_novel() {
        let long = BadPeriod::Date("9".repeat(5_000)).say(Texts::of(Language::En));
        assert!(long.len() < 120, "{long}");
    }

    #[test]
    fn offers_end_today_and_reach_the_oldest_data() {
        let data = Some((date(1999, 3, 1), date(2026, 11, 20)));
        let offers = offers(
            TODAY,
            data,
            (By::Service, Level::Visit),
            Texts::of(Language::En),
        );
        let named = |name: &str| {
            offers
                .iter()
                .find(|(n, _)| n == name)
                .map(|(_, p)| (p.from, p.to))
                .unwrap()
        };
        assert_eq!(named("Last 7 days"), (date(2026, 11, 16), TODAY));
        assert_eq!(named("This month"), (date(2026, 11, 1), TODAY));
        assert_eq!(named("First day"), (date(1999, 3, 1), date(1999, 3, 1)));
        assert_eq!(
            named("Latest day"),
            (date(2026, 11, 20), date(2026, 11, 20))
        );
    }

    proptest! {
        #[test]
        fn any_address_gives_a_period_in_order_or_a_message(
            from in proptest::option::of(".{0,14}"), to in proptest::option::of(".{0,14}"),
            by in proptest::option::of(".{0,9}"), page in proptest::option::of(".{0,9}"),
        ) {
            let query = PeriodQuery { from, to, by, level: page.clone(), page };
            let _ = query.page();
            match query.period(TODAY) {
                Ok(period) => prop_assert!(period.from <= period.to),
                Err(bad) => prop_assert!(!bad.say(Texts::of(Language::ZhHantTw)).is_empty()),
            }
        }
    }
}
