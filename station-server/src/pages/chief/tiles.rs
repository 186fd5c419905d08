//! The six figures on top of the live page, each with what it is compared to.

use std::borrow::Cow;

use maud::{Markup, html};
use queue_core::CounterState;
use queue_core::statistics::Figure;
use screens::format::percent;
use screens::{Texts, t};

use super::advice::{oldest_wait_s, over_standard_s};
use super::definitions::name_of;
use super::live_view::Live;
use super::past::Range;
use super::svg;

/// One of the six figures on top.
pub(super) struct Tile {
    pub(super) name: Markup,
    pub(super) value: String,
    pub(super) unit: String,
    pub(super) bullet: Option<Markup>,
    pub(super) note: String,
    pub(super) tone: &'static str,
}

/// The six, in their order.
pub(super) fn tiles(live: &Live) -> [Tile; 6] {
    [
        live.waiting(),
        live.longest_wait(),
        live.within_standard(),
        live.open_counters(),
        live.served(),
        live.satisfaction(),
    ]
}

impl Live {
    fn tile(&self, name: &str, value: String, unit: &str, note: Cow<'_, str>) -> Tile {
        Tile {
            name: html! { (name) },
            value,
            unit: unit.to_owned(),
            bullet: None,
            note: note.into_owned(),
            tone: "",
        }
    }

    fn waiting(&self) -> Tile {
        let texts = self.texts();
        let note = match self.view.board.day {
            Some(_) => t!(texts, "chief-issued-today", count = self.view.today.issued),
            None if self.view.today.issued > 0 => {
                t!(texts, "chief-ended", count = self.view.today.issued)
            }
            None => t!(texts, "chief-closed"),
        };
        let board = &self.view.board;
        let note = if self.info.checks_identities(board) {
            let count: usize = board.services.iter().map(|s| s.unverified).sum();
            with_count(texts, &note, &t!(texts, "unchecked-count", count = count))
        } else {
            note
        };
        let enrolled = board.present() - board.waiting;
        let note = match enrolled {
            0 => note,
            count => with_count(
                texts,
                &note,
                &t!(texts, "chief-enrolled-count", count = count),
            ),
        };
        let name = t!(texts, "figure-waiting");
        self.tile(
            &name,
            self.view.today.waiting.to_string(),
            &t!(texts, "label-people", count = self.view.today.waiting),
            note,
        )
    }

    fn longest_wait(&self) -> Tile {
        let texts = self.texts();
        let name = t!(texts, "figure-longest-wait");
        let longest = self
            .view
            .board
            .services
            .iter()
            .filter_map(|s| Some((s, oldest_wait_s(&self.view, s)?)));
        let Some((service, wait_s)) = longest.max_by_key(|(_, wait_s)| *wait_s) else {
            return self.tile(&name, "–".into(), "", t!(texts, "chief-nobody-waiting"));
        };
        let standard_s = self
            .info
            .service(&service.id)
            .map_or(0, |i| i.wait_standard_s);
        let over = over_standard_s(&self.view, &self.info, service).is_some();
        let note = t!(
            texts,
            "chief-over-by-service",
            service = service.series.to_string(),
            number = self.short_name(service),
            minutes = standard_s / 60
        );
        let (value, unit) = if wait_s < 60 {
            (wait_s, t!(texts, "chief-unit-seconds"))
        } else {
            (wait_s / 60, t!(texts, "label-minutes"))
        };
        let tile = self.tile(&name, value.to_string(), &unit, note);
        let top = f64::from(standard_s.saturating_mul(2).max(wait_s).max(60));
        let bullet = svg::bullet(f64::from(wait_s), None, Some(f64::from(standard_s)), top);
        Tile {
            bullet: Some(bullet),
            tone: if over { "bad" } else { "" },
            ..tile
        }
    }

    /// A share with the range of earlier days.
    fn share_tile(
        &self,
        name: Markup,
        share: Option<f64>,
        past: Option<Range>,
        note: Cow<'_, str>,
    ) -> Tile {
        let texts = self.texts();
        let tile = match share {
            Some(share) => self.tile("", percent(share), "%", note),
            None => self.tile("", "–".into(), "", note),
        };
        let in_percent = past.map(|(low, high)| (percent(low), percent(high)));
        let past_words = in_percent.map(|(low, high)| {
            t!(
                texts,
                "chief-past-range",
                days = self.past.days,
                low = low,
                high = format!("{high}%")
            )
        });
        let note = match past_words {
            Some(words) if share.is_some() => format!("{}・{words}", tile.note),
            _ => tile.note,
        };
        Tile {
            name,
            note,
            bullet: share.map(|share| svg::bullet(share, past, None, 1.0)),
            ..tile
        }
    }

    fn within_standard(&self) -> Tile {
        let texts = self.texts();
        let today = &self.view.today;
        let note = match today.called {
            0 => t!(texts, "chief-not-yet"),
            called => t!(texts, "chief-called-n", count = called),
        };
        let name = name_of(Figure::WithinStandard, &t!(texts, "figure-share-within"));
        self.share_tile(name, today.within_standard, self.past.within_standard, note)
    }

    fn open_counters(&self) -> Tile {
        let texts = self.texts();
        let counters = &self.view.board.counters;
        let open = counters
            .iter()
            .filter(|c| c.state == CounterState::Open)
            .count();
        let paused = counters
            .iter()
            .filter(|c| matches!(c.state, CounterState::Paused { .. }))
            .count();
        let note = if open == counters.len() {
            t!(texts, "chief-all-open")
        } else if paused > 0 {
            t!(texts, "chief-paused-n", count = paused)
        } else {
            Cow::Borrowed("")
        };
        let name = t!(texts, "figure-open-counters");
        let tile = self.tile(
            &name,
            open.to_string(),
            &format!("/ {}", counters.len()),
            note,
        );
        let bullet = svg::bullet(open as f64, None, None, counters.len().max(1) as f64);
        Tile {
            bullet: Some(bullet),
            ..tile
        }
    }

    fn served(&self) -> Tile {
        let texts = self.texts();
        let served = f64::from(self.view.today.served);
        let past = self.past.served;
        let note = past.map(|(low, high)| {
            t!(
                texts,
                "chief-past-range",
                days = self.past.days,
                low = low,
                high = high
            )
        });
        let value = self.view.today.served.to_string();
        let tile = self.tile(
            "",
            value,
            &t!(texts, "label-people", count = self.view.today.served),
            note.unwrap_or_default(),
        );
        let bullet = past.map(|(low, high)| {
            svg::bullet(served, Some((low, high)), None, served.max(high) * 1.1)
        });
        let name = name_of(Figure::Served, &t!(texts, "figure-served-today"));
        Tile {
            name,
            bullet,
            ..tile
        }
    }

    fn satisfaction(&self) -> Tile {
        let texts = self.texts();
        let today = &self.view.today;
        let note = match (today.ratings, today.invited) {
            (0, _) => t!(texts, "chief-no-ratings"),
            (n, invited) if invited >= n => {
                let rate = percent(f64::from(n) / f64::from(invited));
                t!(texts, "chief-ratings-n", count = n, rate = rate)
            }
            (n, _) => t!(texts, "chief-ratings-n-only", count = n),
        };
        let name = name_of(Figure::TopTwo, &t!(texts, "figure-top2"));
        self.share_tile(name, today.top2, self.past.top2, note)
    }
}

/// A note and a count, whose number does not stand alone on the next line.
fn with_count(texts: &'static Texts, note: &str, count: &str) -> Cow<'static, str> {
    let (words, number) = count.rsplit_once(' ').unwrap_or(("", count));
    let comma = texts.language().comma();
    Cow::Owned(format!("{note}{comma}{words}\u{a0}{number}"))
}
