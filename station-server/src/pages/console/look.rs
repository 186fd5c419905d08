//! What the address of a console says beside the counter: list, width, colours, a refusal to show.

use maud::Markup;
use queue_core::TicketId;
use screens::Language;
use serde::Deserialize;

use crate::pages::look::Look as PageLook;

/// The lists beside the visitor, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Tab {
    /// Whom this counter may call.
    #[default]
    Waiting,
    /// Put aside.
    Held,
    /// Called and did not come.
    NoShow,
    /// The services of the whole station.
    Station,
}

impl Tab {
    /// All, in their order.
    pub(super) const ALL: [Tab; 4] = [Tab::Waiting, Tab::Held, Tab::NoShow, Tab::Station];

    /// As in the address.
    pub(super) fn word(self) -> &'static str {
        match self {
            Tab::Waiting => "waiting",
            Tab::Held => "held",
            Tab::NoShow => "no-show",
            Tab::Station => "station",
        }
    }
}

/// `?tab=&mode=&lang=&theme=&pick=&refused=`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Look {
    /// List shown.
    pub(super) tab: Tab,
    /// `dock`: a strip of 380 px beside another program.
    pub(super) mode: String,
    /// `zh-Hant-TW`, `en`.
    pub(super) lang: String,
    /// `light`, `dark`, `hc`.
    pub(super) theme: String,
    /// The ticket somebody wants to call out of turn.
    pub(super) pick: String,
    /// Code of the refusal to show.
    pub(super) refused: String,
}

impl Look {
    /// A strip beside another program.
    pub(super) fn is_dock(&self) -> bool {
        self.mode == "dock"
    }

    /// Language and colours, as on every staff page.
    pub(super) fn page(&self) -> PageLook {
        PageLook::from_words(Some(&self.lang), Some(&self.theme))
    }

    /// The language of its words.
    pub(super) fn language(&self) -> Language {
        self.page().language
    }

    /// The same look with another list.
    pub(super) fn with_tab(&self, tab: Tab) -> Look {
        Look {
            tab,
            ..self.clone()
        }
    }

    /// The same look with the question why this visitor is called.
    pub(super) fn with_pick(&self, ticket: TicketId) -> Look {
        Look {
            pick: ticket.to_string(),
            ..self.clone()
        }
    }

    /// The same look without a question.
    pub(super) fn without_pick(&self) -> Look {
        Look {
            pick: String::new(),
            ..self.clone()
        }
    }

    /// `path` with the list, the width, a question and a refusal, without language and colours.
    fn plain(&self, path: &str, refused: Option<&str>) -> String {
        let tab = Some(self.tab.word()).filter(|_| self.tab != Tab::default());
        let parts = [
            ("tab", tab),
            ("mode", self.is_dock().then_some("dock")),
            ("pick", Some(&*self.pick).filter(|pick| !pick.is_empty())),
            ("refused", refused),
        ];
        let query: Vec<String> = parts
            .iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", (*value)?)))
            .collect();
        if query.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{}", query.join("&"))
        }
    }

    /// The page of a counter with this look.
    pub(super) fn address(&self, counter: &str, refused: Option<&str>) -> String {
        self.page().href(&self.plain(&page_of(counter), refused))
    }

    /// Where a form of a counter goes; the answer has this look.
    pub(super) fn form_address(&self, counter: &str, action: &str) -> String {
        let path = format!("{}/{action}", page_of(counter));
        self.page().href(&self.plain(&path, None))
    }

    /// Links to the page of a counter in the other languages and colours.
    pub(super) fn switches(&self, counter: &str) -> Markup {
        self.page().switches(&self.plain(&page_of(counter), None))
    }
}

fn page_of(counter: &str) -> String {
    format!("/console/{}", crate::access::encode(counter))
}
