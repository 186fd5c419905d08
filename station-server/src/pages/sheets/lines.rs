//! What stands on a sheet.

use protocol::{SheetLine, SheetSize, StationInfo};
use queue_core::LanguageTag;
use queue_core::statistics::{Figures, Summary};
use screens::{Language, Texts, t};

use crate::reports::StatsReport;

/// A sheet as it grows.
#[derive(Default)]
struct Lines(Vec<SheetLine>);

impl Lines {
    fn say(&mut self, language: Language, size: SheetSize, text: impl Into<String>) {
        let text = text.into();
        let tag = LanguageTag::new(language.tag()).ok();
        if let Some(language) = tag.filter(|_| !text.is_empty()) {
            self.0.push(SheetLine::Text {
                language,
                text,
                size,
            });
        }
    }

    fn rule(&mut self) {
        self.0.push(SheetLine::Rule);
    }
}

/// The figures of a day: of the station, its services and its counters.
pub(super) fn day(
    station: &StationInfo,
    language: Language,
    at: &str,
    [whole, by_service, by_counter]: &[StatsReport; 3],
) -> Vec<SheetLine> {
    let texts = Texts::of(language);
    let tag = language.tag();
    let mut lines = Lines::default();
    lines.say(
        language,
        SheetSize::Title,
        t!(texts, "sheets-day-title", day = whole.from.to_string()),
    );
    lines.rule();
    if let Some(row) = whole.rows.first() {
        for line in of_station(texts, &row.figures) {
            lines.say(language, SheetSize::Body, line);
        }
    }
    if !by_service.rows.is_empty() {
        lines.rule();
    }
    for row in &by_service.rows {
        let id = row.key.as_deref().unwrap_or_default();
        let service = station.services.iter().find(|s| s.id.as_str() == id);
        let name = service.map_or(id, |service| service.name.get(tag));
        lines.say(language, SheetSize::Body, name);
        let figures = [
            counted(texts, "figure-issued", row.figures.issued),
            counted(texts, "figure-served", row.figures.served),
            lasted(texts, "figure-wait", &row.figures.wait.waits),
        ];
        lines.say(language, SheetSize::Small, joined(figures));
    }
    lines.rule();
    let counters = by_counter.rows.iter().filter_map(|row| {
        let counter = row.key.as_deref().filter(|counter| !counter.is_empty())?;
        Some((counter, &row.figures))
    });
    for (counter, figures) in counters {
        let name = t!(texts, "counter-number", counter = counter);
        lines.say(language, SheetSize::Body, name);
        let figures = [
            counted(texts, "figure-served", figures.served),
            counted(texts, "figure-no-show", figures.no_show),
            lasted(texts, "figure-handling", &figures.handling),
        ];
        lines.say(language, SheetSize::Small, joined(figures));
    }
    lines.rule();
    foot(&mut lines, station, language, at);
    lines.0
}

fn of_station(texts: &'static Texts, figures: &Figures) -> [String; 3] {
    [
        joined([
            counted(texts, "figure-issued", figures.issued),
            counted(texts, "figure-served", figures.served),
            counted(texts, "figure-no-show", figures.no_show),
        ]),
        joined([
            lasted(texts, "figure-wait", &figures.wait.waits),
            lasted(texts, "figure-handling", &figures.handling),
        ]),
        joined([
            counted(texts, "figure-ratings", figures.rating.n),
            figures.wait.within_standard.and_then(|share| {
                let name = texts.find("figure-share-within", &[])?;
                Some(format!("{name} {}", screens::format::percent(share)))
            }),
        ]),
    ]
}

fn counted(texts: &'static Texts, name: &str, count: u64) -> Option<String> {
    Some(format!("{} {count}", texts.find(name, &[])?))
}

/// The median of what took time; none where nothing did.
fn lasted(texts: &'static Texts, name: &str, of: &Summary) -> Option<String> {
    let minutes = (of.median_s? / 60.0).round() as i64;
    let minutes = t!(texts, "chief-minutes", minutes = minutes);
    let (name, median) = (texts.find(name, &[])?, t!(texts, "figure-median"));
    Some(format!("{name} ({median}) {minutes}"))
}

fn joined<const N: usize>(figures: [Option<String>; N]) -> String {
    let figures: Vec<String> = figures.into_iter().flatten().collect();
    figures.join(" · ")
}

fn foot(lines: &mut Lines, station: &StationInfo, language: Language, at: &str) {
    let name = station.name.get(language.tag());
    let of_station = [name, station.phone.as_str(), at];
    let of_station = of_station.into_iter().filter(|part| !part.is_empty());
    let line = of_station.collect::<Vec<_>>().join(" · ");
    lines.say(language, SheetSize::Small, line);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::{Level, StatsRow};

    fn demo() -> StationInfo {
        let file = station_config::StationFile::parse("demo.toml", station_config::demo());
        file.expect("the demo").info()
    }

    fn texts(lines: &[SheetLine]) -> Vec<(&str, &str)> {
        let texts = lines.iter().filter_map(|line| match line {
            SheetLine::Text { language, text, .. } => Some((language.as_str(), text.as_str())),
            SheetLine::Rule => None,
        });
        texts.collect()
    }

    #[test]
    fn the_figures_of_the_day_are_those_of_the_reports() {
        let station = demo();
        let day_of = |key: Option<&str>, served| {
            let figures = Figures {
                issued: 20,
                served,
                handling: Summary {
                    median_s: Some(330.0),
                    ..Summary::default()
                },
                ..Figures::default()
            };
            let today = "2026-11-23".parse().expect("a day");
            StatsReport {
                from: today,
                to: today,
                timezone: "Asia/Taipei".to_owned(),
                by: None,
                level: Level::default(),
                rows: vec![StatsRow {
                    key: key.map(str::to_owned),
                    figures,
                }],
                balance: None,
            }
        };
        let service = station.services[0].id.to_string();
        let reports = [
            day_of(None, 17),
            day_of(Some(&service), 9),
            day_of(Some("3"), 4),
        ];
        let lines = day(&station, Language::En, "14:05", &reports);
        let texts: Vec<_> = texts(&lines).into_iter().map(|(_, text)| text).collect();
        for line in [
            "Figures of 2026-11-23",
            "Issued 20 · Served 17 · No-shows 0",
            "Handling time (Median) 6 min",
            "Issued 20 · Served 9",
            "Served 4 · No-shows 0 · Handling time (Median) 6 min",
        ] {
            assert!(texts.contains(&line), "{line} is missing in {texts:?}");
        }
        assert!(texts.contains(&station.services[0].name.get("en")));
    }
}
