//! The icons, drawn once in `assets/icons.svg` on a 24-unit grid with strokes in the text colour.
//!
//! Server-rendered pages use [`icon`], which puts the drawing inline; modules in the browser use
//! `icon()` of `assets/icons.js`, which refers to the same sprite.

use maud::{Markup, PreEscaped, html};

/// The sprite: one `<symbol>` per icon, each on a line of its own.
const SPRITE: &str = include_str!("../assets/icons.svg");

macro_rules! icons {
    ($($variant:ident => $name:literal,)*) => {
        /// One of the product's icons. Its name in configuration is [`Icon::name`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Icon {
            $(#[doc = concat!("The icon `", $name, "`.")] $variant,)*
        }

        impl Icon {
            /// Every icon, in the order of the sprite.
            pub const ALL: &[Icon] = &[$(Icon::$variant),*];

            /// The stable name, as written in configuration and as the sprite's symbol id.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Icon::$variant => $name,)*
                }
            }
        }
    };
}

icons! {
    Licence => "licence",
    Car => "car",
    Receipt => "receipt",
    Plate => "plate",
    Globe => "globe",
    Ask => "ask",
    Priority => "priority",
    Calendar => "calendar",
    Hand => "hand",
    Contrast => "contrast",
    Lower => "lower",
    Raise => "raise",
    Audio => "audio",
    Text => "text",
    Users => "users",
    Clock => "clock",
    Printer => "printer",
    Phone => "phone",
    Check => "check",
    Cross => "x",
    Back => "back",
    Right => "right",
    Left => "left",
    Up => "up",
    Down => "down",
    Chevron => "chev",
    ChevronDown => "chevd",
    Repeat => "repeat",
    Transfer => "transfer",
    Pause => "pause",
    Hold => "hold",
    NoShow => "noshow",
    Star => "star",
    Bell => "bell",
    Megaphone => "megaphone",
    Document => "doc",
    Gear => "gear",
    Chart => "chart",
    Grid => "grid",
    Warning => "warn",
    NoNetwork => "wifioff",
    Stairs => "stairs",
    Seat => "seat",
    Desk => "desk",
    Pin => "pin",
    Undo => "undo",
    Keyboard => "key",
    Menu => "menu",
    Swap => "swap",
    Passport => "passport",
    Plane => "plane",
    Extend => "extend",
    PickUp => "pickup",
}

impl Icon {
    /// The icon with this name, if there is one.
    pub fn from_name(name: &str) -> Option<Icon> {
        Icon::ALL.iter().copied().find(|icon| icon.name() == name)
    }

    /// The shapes inside the icon's symbol.
    fn shapes(self) -> &'static str {
        let opening = format!("<symbol id=\"{}\" viewBox=\"0 0 24 24\">", self.name());
        SPRITE
            .lines()
            .find_map(|line| line.strip_prefix(&opening)?.strip_suffix("</symbol>"))
            .unwrap_or_default()
    }
}

/// The icon inline. It is decoration: the words beside it carry the meaning.
pub fn icon(icon: Icon) -> Markup {
    html! {
        svg class="i" viewBox="0 0 24 24" aria-hidden="true" focusable="false" {
            (PreEscaped(icon.shapes()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sprite_and_the_enum_hold_the_same_icons() {
        let drawn: Vec<&str> = SPRITE
            .lines()
            .filter_map(|line| line.strip_prefix("<symbol id=\"")?.split('"').next())
            .collect();
        let named: Vec<&str> = Icon::ALL.iter().map(|icon| icon.name()).collect();
        assert_eq!(drawn, named);
    }

    #[test]
    fn every_icon_has_shapes_and_is_found_by_its_name() {
        for &one in Icon::ALL {
            assert!(one.shapes().ends_with("/>"), "{one:?} is empty");
            assert_eq!(Icon::from_name(one.name()), Some(one));
        }
        assert_eq!(Icon::from_name("logo"), None);
    }

    #[test]
    fn an_icon_is_hidden_from_assistive_technology() {
        let markup = icon(Icon::Check).into_string();
        assert!(markup.starts_with(r#"<svg class="i" viewBox="0 0 24 24" aria-hidden="true""#));
        assert!(markup.contains("M4.5 12.5 10 18 19.5 6.5"));
    }
}
