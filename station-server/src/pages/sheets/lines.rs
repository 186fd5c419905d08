//! What stands on a sheet.

use protocol::{Names, ServiceInfo, SheetLine, SheetSize, StationInfo};
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

/// What to bring for a service, in Chinese and in another language; none where the station file has no list for it.
pub(super) fn papers(
    station: &StationInfo,
    service: &ServiceInfo,
    language: Language,
    at: &str,
) -> Option<Vec<SheetLine>> {
    if service.documents.is_empty() {
        return None;
    }
    let zh = Language::ZhHantTw;
    let other = match language {
        Language::ZhHantTw => language.companion(),
        other => other,
    };
    let mut lines = Lines::default();
    let mut both = |size, zh_text: &str, other_text: &str| {
        lines.say(zh, size, zh_text);
        if other_text != zh_text {
            lines.say(other, SheetSize::Small, other_text);
        }
    };
    let title = |language| t!(Texts::of(language), "notice-title");
    let in_both = |names: &Names| (names.zh().to_owned(), names.get(other.tag()).to_owned());
    both(SheetSize::Title, &title(zh), &title(other));
    let (name, other_name) = in_both(&service.name);
    both(SheetSize::Body, &name, &other_name);
    lines.rule();
    for (nth, document) in service.documents.iter().enumerate() {
        let (text, other_text) = in_both(document);
        lines.say(zh, SheetSize::Body, format!("{}. {text}", nth + 1));
        if other_text != text {
            lines.say(other, SheetSize::Small, other_text);
        }
    }
    lines.rule();
    foot(&mut lines, station, zh, at);
    Some(lines.0)
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
    lines.rule();
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
