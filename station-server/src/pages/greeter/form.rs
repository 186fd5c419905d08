//! What the forms of the page do, and what is kept of one that was refused.

use serde::Deserialize;

use super::HERE;
use crate::access::encode;
use crate::pages::fields::Fields;

/// The field of the number of a document.
pub(super) const PERSON: &str = "person";
/// The field of the services whose seat is reserved by telephone.
pub(super) const BY_PHONE: &str = "phone";

/// What came of the last form; behind a refusal what had been typed and chosen in it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Came {
    /// What was to be done.
    pub did: Option<Act>,
    /// The ticket it was about.
    pub ticket: Option<String>,
    /// Why it was refused.
    pub refused: Option<String>,
    pub service: String,
    /// Ids with commas between them.
    pub then: String,
    pub class: String,
    pub language: String,
    pub persons: String,
    /// When the chosen session begins.
    pub session: String,
    /// The service whose seat is reserved by telephone.
    pub phone: String,
    pub overrule: String,
    pub number: String,
}

/// What of a form is kept behind a refusal: everything but whom the ticket is for.
const KEPT: [&str; 6] = [
    "service", "class", "language", "persons", "overrule", "number",
];
/// Longest value that is kept, characters.
const KEPT_CHARS_MAX: usize = 64;

impl Came {
    pub(super) fn refusal(fields: &Fields, code: &str) -> String {
        let kept = KEPT.map(|name| (name, fields.get(name).unwrap_or_default().to_owned()));
        let then: Vec<_> = fields.all("then").collect();
        let did = fields.get("act").and_then(Act::parse);
        let did = did.map_or("", Act::word).to_owned();
        let service = fields.get("service").unwrap_or_default();
        let session = fields.get(&session_field(service)).unwrap_or_default();
        let by_phone = fields.all(BY_PHONE).find(|id| *id == service);
        let values = kept.into_iter().chain([
            (BY_PHONE, by_phone.unwrap_or_default().to_owned()),
            ("then", then.join(",")),
            ("session", session.to_owned()),
            ("did", did),
        ]);
        let values = values
            .filter(|(_, value)| !value.is_empty() && value.chars().count() <= KEPT_CHARS_MAX)
            .map(|(name, value)| format!("&{name}={}", encode(&value)));
        format!("{HERE}?refused={code}{}", values.collect::<String>())
    }

    /// What was refused of a number to be given out.
    pub(super) fn issue(&self) -> Option<&Self> {
        (self.refused.is_some() && self.did == Some(Act::Issue)).then_some(self)
    }

    /// What was refused for somebody who has a number.
    pub(super) fn number(&self) -> Option<&Self> {
        let is_it = matches!(self.did, Some(Act::Return | Act::Reroute));
        (self.refused.is_some() && is_it).then_some(self)
    }
}

/// What the forms of the page do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Act {
    Issue,
    Verify,
    Refuse,
    Return,
    Reroute,
}

impl Act {
    const ALL: [Self; 5] = [
        Self::Issue,
        Self::Verify,
        Self::Refuse,
        Self::Return,
        Self::Reroute,
    ];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::Verify => "verify",
            Self::Refuse => "refuse",
            Self::Return => "return",
            Self::Reroute => "reroute",
        }
    }

    pub(super) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.word() == word)
    }
}

/// The field of the session of a service: each service has its own list.
pub(super) fn session_field(service: &str) -> String {
    format!("session-{service}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_keeps_the_chosen_session_and_that_it_was_by_telephone() {
        let fields = Fields::of(&[
            ("act", "issue"),
            ("service", "visit"),
            ("session-visit", "1795314240000"),
            ("session-other", "1"),
            (BY_PHONE, "visit"),
        ]);
        let address = Came::refusal(&fields, "session_full");
        for kept in [
            "&session=1795314240000",
            "&phone=visit",
            "&did=issue",
            "refused=session_full",
        ] {
            assert!(address.contains(kept), "no {kept} in {address}");
        }
        assert!(!address.contains("other"));
    }
}
