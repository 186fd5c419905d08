//! What a key means, and how that is written in a map: `call-next`, `digit-7`, `score-5`.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::caller_pad::Score;

/// A function of a keypad. Written `call-next` and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Function {
    /// Finish the present visitor, if any, and call the next; with digits before it: call that number.
    CallNext,
    /// Call the same visitor again.
    Recall,
    /// Send the visitor on to the counter whose digits precede.
    Transfer,
    /// Finish without calling.
    Finish,
    /// The visitor did not come.
    NoShow,
    /// Put the visitor aside.
    Hold,
    /// Pause the counter, or end the pause; opens a closed counter.
    Pause,
    /// Take back; with digits before it: clear these.
    Undo,
    /// Ask the visitor for a rating.
    AskRating,
}

impl Function {
    /// Every function with its name.
    pub const ALL: [(&str, Self); 9] = [
        ("call-next", Self::CallNext),
        ("recall", Self::Recall),
        ("transfer", Self::Transfer),
        ("finish", Self::Finish),
        ("no-show", Self::NoShow),
        ("hold", Self::Hold),
        ("pause", Self::Pause),
        ("undo", Self::Undo),
        ("ask-rating", Self::AskRating),
    ];

    fn name(self) -> &'static str {
        let named = Self::ALL.iter().find(|(_, function)| *function == self);
        named.map_or("", |(name, _)| name)
    }
}

/// What a key means. Written as the function's name, `digit-0` to `digit-9`, `score-1` to `score-5`, or `nothing`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(
    with = "String",
    extend("pattern" = "^(call-next|recall|transfer|finish|no-show|hold|pause|undo|ask-rating|digit-[0-9]|score-[1-5]|nothing)$")
)]
pub enum Meaning {
    /// A function of the keypad.
    Function(Function),
    /// A digit, 0 to 9, for the function that follows.
    Digit(Digit),
    /// A visitor's rating: 5 is very satisfied, 1 very dissatisfied.
    Score(Score),
    /// Nothing: the pad sends it, and it is neither obeyed nor odd.
    Nothing,
}

/// A digit, 0 to 9.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digit(u8);

impl Digit {
    /// The digit, or `None` above 9.
    pub fn new(digit: u8) -> Option<Self> {
        (digit <= 9).then_some(Self(digit))
    }

    /// The digit as a number.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl FromStr for Meaning {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((_, function)) = Function::ALL.iter().find(|(name, _)| *name == text) {
            return Ok(Self::Function(*function));
        }
        let number = |digits: &str| digits.parse().ok().filter(|_| digits.len() == 1);
        match text.split_once('-') {
            Some(("digit", digit)) => number(digit)
                .and_then(Digit::new)
                .map(Self::Digit)
                .ok_or_else(|| format!("invalid digit `{text}`, expected `digit-0` to `digit-9`")),
            Some(("score", score)) => number(score)
                .and_then(Score::new)
                .map(Self::Score)
                .ok_or_else(|| format!("invalid score `{text}`, expected `score-1` to `score-5`")),
            _ if text == "nothing" => Ok(Self::Nothing),
            _ => {
                let names = Function::ALL
                    .map(|(name, _)| format!("`{name}`"))
                    .join(", ");
                Err(format!(
                    "unknown key `{text}`, expected one of {names}, `digit-0` to `digit-9`, `score-1` to `score-5`, `nothing`"
                ))
            }
        }
    }
}

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Function(function) => f.write_str(function.name()),
            Self::Digit(Digit(digit)) => write!(f, "digit-{digit}"),
            Self::Score(score) => write!(f, "score-{}", score.get()),
            Self::Nothing => f.write_str("nothing"),
        }
    }
}

impl TryFrom<String> for Meaning {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Meaning> for String {
    fn from(meaning: Meaning) -> Self {
        meaning.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_meaning_is_read_as_it_is_written() {
        let functions = Function::ALL.map(|(_, function)| Meaning::Function(function));
        let digits = (0..=9).filter_map(Digit::new).map(Meaning::Digit);
        let scores = (1..=5).filter_map(Score::new).map(Meaning::Score);
        let all = functions.into_iter().chain(digits).chain(scores);
        let all: Vec<Meaning> = all.chain([Meaning::Nothing]).collect();
        assert_eq!(all.len(), 25);
        for meaning in all {
            assert_eq!(meaning.to_string().parse(), Ok(meaning));
        }
    }

    #[test]
    fn what_no_key_does_is_refused() {
        for (text, expected) in [
            (
                "cal-next",
                "unknown key `cal-next`, expected one of `call-next`, `recall`",
            ),
            (
                "score-6",
                "invalid score `score-6`, expected `score-1` to `score-5`",
            ),
            ("score-0", "invalid score"),
            ("score-05", "invalid score"),
            (
                "digit-10",
                "invalid digit `digit-10`, expected `digit-0` to `digit-9`",
            ),
            ("digit-+1", "invalid digit"),
            ("", "unknown key ``"),
        ] {
            let error = text.parse::<Meaning>().unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
