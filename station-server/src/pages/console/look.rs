//! What the address of a console says beside the counter: list, width, colours, a refusal to show.

use screens::shell::Theme;
use serde::Deserialize;

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

/// `?tab=&mode=&theme=&refused=`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Look {
    /// List shown.
    pub(super) tab: Tab,
    /// `dock`: a strip of 380 px beside another program.
    pub(super) mode: String,
    /// `light`, `dark`, `hc`.
    pub(super) theme: String,
    /// Code of the refusal to show.
    pub(super) refused: String,
}

impl Look {
    /// A strip beside another program.
    pub(super) fn is_dock(&self) -> bool {
        self.mode == "dock"
    }

    /// Colours.
    pub(super) fn theme(&self) -> Theme {
        Theme::parse(&self.theme).unwrap_or_default()
    }

    /// The same look with another list.
    pub(super) fn with_tab(&self, tab: Tab) -> Look {
        Look {
            tab,
            ..self.clone()
        }
    }

    /// The look as a query, with its question mark where there is one.
    pub(super) fn query(&self, refused: Option<&str>) -> String {
        let theme = Theme::parse(&self.theme).map(Theme::name);
        let parts = [
            (
                "tab",
                Some(self.tab.word()).filter(|_| self.tab != Tab::default()),
            ),
            ("mode", self.is_dock().then_some("dock")),
            ("theme", theme),
            ("refused", refused),
        ];
        let query: Vec<String> = parts
            .iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", (*value)?)))
            .collect();
        if query.is_empty() {
            String::new()
        } else {
            format!("?{}", query.join("&"))
        }
    }

    /// The page of a counter with this look.
    pub(super) fn address(&self, counter: &str, refused: Option<&str>) -> String {
        format!(
            "/console/{}{}",
            crate::access::encode(counter),
            self.query(refused)
        )
    }
}
