//! How a visitor wants the pages: language, large text, contrast, low controls, priority. All of it is in the address,
//! so that the bare address is always the kiosk as the next visitor should find it.

use std::fmt::Write;

use maud::{Markup, html};
use screens::Language;
use screens::shell::Theme;

/// The modes of one page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Modes {
    /// Language.
    pub language: Language,
    /// Black, white and yellow.
    pub contrast: bool,
    /// Enlarged text.
    pub big: bool,
    /// All controls in the lower half.
    pub low: bool,
    /// The next ticket is a priority ticket.
    pub priority: bool,
    /// Which part of a long list of services is shown, from 0.
    pub part: u8,
}

/// Name of the part in the address.
const PART: &str = "part";

/// One of the modes that a button switches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Switch {
    Contrast,
    Big,
    Low,
    Priority,
}

impl Switch {
    const ALL: [Self; 4] = [Self::Contrast, Self::Big, Self::Low, Self::Priority];

    /// Name in the address.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Contrast => "theme",
            Self::Big => "text",
            Self::Low => "reach",
            Self::Priority => "class",
        }
    }

    /// Value in the address when it is on.
    pub(crate) fn on(self) -> &'static str {
        match self {
            Self::Contrast => "hc",
            Self::Big => "big",
            Self::Low => "low",
            Self::Priority => "priority",
        }
    }
}

impl Modes {
    /// The kiosk as it greets.
    pub fn greeting(language: Language) -> Self {
        Self {
            language,
            contrast: false,
            big: false,
            low: false,
            priority: false,
            part: 0,
        }
    }

    /// The modes of an address's query, of which the last of each name counts. What is not understood is as at the
    /// greeting.
    pub fn parse(query: &str, greeting: Language) -> Self {
        let mut modes = Self::greeting(greeting);
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            if name == "lang" {
                modes.language = Language::parse(value).unwrap_or(greeting);
            }
            if name == PART {
                modes.part = value.parse().unwrap_or(0);
            }
            for switch in Switch::ALL {
                if name == switch.name() {
                    *modes.switch_mut(switch) = value == switch.on();
                }
            }
        }
        modes
    }

    /// Whether a switch is on.
    pub(crate) fn is_on(mut self, switch: Switch) -> bool {
        *self.switch_mut(switch)
    }

    fn switch_mut(&mut self, switch: Switch) -> &mut bool {
        match switch {
            Switch::Contrast => &mut self.contrast,
            Switch::Big => &mut self.big,
            Switch::Low => &mut self.low,
            Switch::Priority => &mut self.priority,
        }
    }

    /// The same for the next ticket: priority and the place in the list are one visitor's.
    pub(crate) fn for_next_ticket(self) -> Self {
        Self {
            priority: false,
            part: 0,
            ..self
        }
    }

    /// The same page with another part of the services.
    pub(crate) fn with_part(self, part: u8) -> Self {
        Self { part, ..self }
    }

    /// The query that gives these modes, with its question mark.
    pub fn query(self) -> String {
        let mut query = format!("?lang={}", self.language.tag());
        for switch in Switch::ALL {
            if self.is_on(switch) {
                // Writing to a String cannot fail.
                let _ = write!(query, "&{}={}", switch.name(), switch.on());
            }
        }
        if self.part > 0 {
            let _ = write!(query, "&{PART}={}", self.part);
        }
        query
    }

    /// These modes as hidden fields of a form, but for the one that the form's own buttons give.
    pub(crate) fn fields(self, without: &str) -> Markup {
        html! {
            @if without != "lang" {
                input type="hidden" name="lang" value=(self.language.tag());
            }
            @for switch in Switch::ALL {
                @if self.is_on(switch) && switch.name() != without {
                    input type="hidden" name=(switch.name()) value=(switch.on());
                }
            }
            @if self.part > 0 {
                input type="hidden" name=(PART) value=(self.part);
            }
        }
    }

    /// Colours of the page.
    pub(crate) fn theme(self) -> Theme {
        match self.contrast {
            true => Theme::HighContrast,
            false => Theme::Light,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_modes() -> impl Strategy<Value = Modes> {
        (
            prop::sample::select(&Language::ALL[..]),
            any::<[bool; 4]>(),
            any::<u8>(),
        )
            .prop_map(|(language, on, part)| Modes {
                language,
                contrast: on[0],
                big: on[1],
                low: on[2],
                priority: on[3],
                part,
            })
    }

    #[test]
    fn the_last_of_a_name_counts() {
        let modes = Modes::parse("text=big&lang=vi&text=", Language::ZhHantTw);
        assert_eq!(modes, Modes::greeting(Language::Vi));
    }

    proptest! {
        #[test]
        fn an_address_gives_its_modes_back(modes in any_modes()) {
            let query = modes.query();
            prop_assert_eq!(Modes::parse(&query[1..], Language::ZhHantTw), modes);
        }

        #[test]
        fn any_query_is_read(query in "\\PC{0,80}") {
            Modes::parse(&query, Language::En);
        }
    }
}
