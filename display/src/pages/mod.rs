//! What the agent's pages show: pure functions from the station's state to marked-up regions.
//!
//! A page is a fixed frame with named regions. The server-rendered page and every live update
//! come from the same functions, so a page without script shows the same as one with it; the
//! script only puts regions in their places.

pub(crate) mod counter;
pub(crate) mod fit;
pub(crate) mod frame;
pub(crate) mod hall;
mod sessions;

use std::collections::BTreeMap;

use maud::Markup;
use protocol::{StationInfo, ZoneInfo};
use queue_core::{Board, CallId, StationTime};
use screens::{Icon, Language, Texts};
use serde::{Serialize, Serializer};

use crate::feed::Freshness;
use crate::slot::Slot;
use crate::speaker::Speech;

/// All that pages are made of.
pub(crate) struct State<'a> {
    /// Names and places; none until the server has sent them.
    pub station: Option<&'a StationInfo>,
    /// The zone that the board is for; none: the whole station.
    pub zone_shown: Option<&'a ZoneInfo>,
    /// Calls and waits; none until the server has sent them.
    pub board: Option<&'a Board>,
    /// What is announced.
    pub slot: &'a Slot,
    /// Whether calls are spoken: then the chime comes with the voice.
    pub speaks: bool,
    /// Which of the server's data that belongs to.
    pub history: Option<&'a str>,
    /// Whether the numbers may be believed.
    pub freshness: Freshness,
    /// The station's time.
    pub now: StationTime,
    /// When the server was heard last.
    pub heard_at: Option<StationTime>,
    /// Running number of the announcement at the foot of the board.
    pub notice: usize,
}

impl State<'_> {
    /// The station's time zone.
    fn zone(&self) -> &str {
        self.station.map_or("UTC", |s| s.timezone.as_str())
    }

    /// When the server was heard last, in both languages.
    fn last_update(&self) -> Option<Markup> {
        let (_, time) = crate::time::local(self.zone(), self.heard_at?);
        let time = screens::format::hh_mm(time);
        Some(screens::bt!(
            Language::ZhHantTw,
            "hall-last-update",
            time = time.as_str()
        ))
    }
}

/// What a page is told: all of it, every time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct View {
    /// Regions by the id of their place.
    pub regions: BTreeMap<&'static str, Html>,
    /// Whether the numbers may be believed.
    #[serde(serialize_with = "name")]
    pub freshness: Freshness,
    /// The call to announce now.
    pub announce: Option<Announce>,
    /// What is to be heard now.
    pub speech: Option<Speech>,
}

/// A call to announce, once.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Announce {
    /// The server's data that the call belongs to; ids of others mean nothing here.
    pub history: Option<String>,
    /// Which.
    pub call: CallId,
    /// The sentence for assistive technology.
    pub say: Html,
    /// Whether the page sounds its chime for it.
    pub chime: bool,
}

/// Markup that can be compared and sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Html(pub String);

impl From<Markup> for Html {
    fn from(markup: Markup) -> Self {
        Self(markup.into_string())
    }
}

fn name<S: Serializer>(freshness: &Freshness, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(freshness.name())
}

/// The visitor's language where it is one of the ten and not Chinese; else English.
fn second_language(tag: Option<&queue_core::LanguageTag>) -> Language {
    tag.and_then(|tag| Language::parse(tag.as_str()))
        .filter(|language| *language != Language::ZhHantTw)
        .unwrap_or(Language::En)
}

/// The walking direction to a counter, as the station file says it.
fn direction(station: Option<&StationInfo>, counter: &queue_core::CounterId) -> Option<Icon> {
    let info = station?.counters.iter().find(|c| c.id == *counter)?;
    match info.direction.as_str() {
        "left" => Some(Icon::Left),
        "right" => Some(Icon::Right),
        "up" => Some(Icon::Up),
        "down" => Some(Icon::Down),
        _ => None,
    }
}

fn zh() -> &'static Texts {
    Texts::of(Language::ZhHantTw)
}

fn en() -> &'static Texts {
    Texts::of(Language::En)
}
