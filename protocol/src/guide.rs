//! The guide of those who do not know which service they need: plain questions, one after the other, that lead to what
//! they come for. Part of [`StationInfo`](crate::StationInfo), so that whoever holds that can ask them without the server.

use std::fmt;
use std::str::FromStr;

use queue_core::{BadId, ServiceId};
use serde::{Deserialize, Serialize};

use crate::Names;

/// Most questions on a way from the first one to a matter.
pub const GUIDE_QUESTIONS_MAX: usize = 5;
/// Most answers to a question: what fits a touch screen in large buttons.
pub const GUIDE_ANSWERS_MAX: usize = 6;

/// Id of a question, a matter or a paper of the guide: up to 32 letters, digits, `-` and `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GuideId(String);

impl GuideId {
    /// The id itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for GuideId {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        // The same letters as in every other id of the station file.
        ServiceId::new(text).map(|id| Self(id.as_str().to_owned()))
    }
}

impl TryFrom<String> for GuideId {
    type Error = BadId;

    fn try_from(text: String) -> Result<Self, BadId> {
        text.parse()
    }
}

impl From<GuideId> for String {
    fn from(id: GuideId) -> Self {
        id.0
    }
}

impl fmt::Display for GuideId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The questions, and what they lead to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct GuideInfo {
    /// The questions; the first one is asked first.
    pub questions: Vec<GuideQuestion>,
    /// What visitors come for, in the station's order.
    pub matters: Vec<Matter>,
}

/// A question in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuideQuestion {
    /// Id.
    pub id: GuideId,
    /// What is asked.
    pub text: Names,
    /// One to six answers.
    pub answers: Vec<GuideAnswer>,
}

/// An answer to a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuideAnswer {
    /// What the visitor says with it.
    pub text: Names,
    /// What follows.
    pub leads_to: GuideStep,
}

/// What follows from an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuideStep {
    /// Another question.
    Question(GuideId),
    /// It is known what the visitor comes for.
    Matter(GuideId),
}

/// What somebody comes for: a service and, where its papers differ, the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    /// Id.
    pub id: GuideId,
    /// The service.
    pub service: ServiceId,
    /// The case: first time, renewal, lost. None: the service has no cases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<Names>,
    /// Papers to bring.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub papers: Vec<Names>,
    /// What it costs, NT$; 0: nothing. None: not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_ntd: Option<u32>,
    /// How long it usually takes, working days; 0: done on the spot. None: not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_days: Option<u32>,
    /// What else has to be known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Names>,
}

/// The answers that a visitor has given so far, each by its number from 1. Written as digits: `132`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GuideWay(Vec<u8>);

/// It is no way through a guide.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected at most {GUIDE_QUESTIONS_MAX} digits from 1 to {GUIDE_ANSWERS_MAX}")]
pub struct BadWay;

impl GuideWay {
    /// How many questions were answered.
    #[must_use]
    pub fn answered(&self) -> usize {
        self.0.len()
    }

    /// The same way and one answer more, counted from 0.
    #[must_use]
    pub fn then(&self, answer: usize) -> Self {
        let number = u8::try_from(answer + 1).unwrap_or(u8::MAX);
        Self(self.0.iter().copied().chain([number]).collect())
    }

    /// The way without its last answer; none where nothing was answered.
    #[must_use]
    pub fn back(&self) -> Option<Self> {
        let (_, before) = self.0.split_last()?;
        Some(Self(before.to_vec()))
    }
}

impl FromStr for GuideWay {
    type Err = BadWay;

    fn from_str(text: &str) -> Result<Self, BadWay> {
        if text.len() > GUIDE_QUESTIONS_MAX {
            return Err(BadWay);
        }
        let number = |byte: u8| {
            let number = byte.wrapping_sub(b'0');
            let is_answer = (1..=GUIDE_ANSWERS_MAX).contains(&usize::from(number));
            is_answer.then_some(number).ok_or(BadWay)
        };
        text.bytes().map(number).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for GuideWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|number| write!(f, "{number}"))
    }
}

/// Where a way has led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuideStop<'a> {
    /// This is asked next.
    Question(&'a GuideQuestion),
    /// The visitor comes for this.
    Matter(&'a Matter),
}

impl GuideInfo {
    /// Where a way leads to; none where the guide has no such way, which is so when it was changed since.
    #[must_use]
    pub fn stop(&self, way: &GuideWay) -> Option<GuideStop<'_>> {
        let mut stop = GuideStop::Question(self.questions.first()?);
        for number in &way.0 {
            let GuideStop::Question(question) = stop else {
                return None;
            };
            let answer = question.answers.get(usize::from(*number).checked_sub(1)?)?;
            stop = match &answer.leads_to {
                GuideStep::Question(id) => GuideStop::Question(self.question(id)?),
                GuideStep::Matter(id) => GuideStop::Matter(self.matter(id)?),
            };
        }
        Some(stop)
    }

    /// A question by id.
    #[must_use]
    pub fn question(&self, id: &GuideId) -> Option<&GuideQuestion> {
        self.questions.iter().find(|question| question.id == *id)
    }

    /// A matter by id.
    #[must_use]
    pub fn matter(&self, id: &GuideId) -> Option<&Matter> {
        self.matters.iter().find(|matter| matter.id == *id)
    }

    /// The cases of a service, in the station's order.
    pub fn cases<'a>(&'a self, service: &'a ServiceId) -> impl Iterator<Item = &'a Matter> {
        let matters = self.matters.iter();
        matters.filter(move |matter| matter.service == *service)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_way_is_read_back(numbers in prop::collection::vec(0..GUIDE_ANSWERS_MAX, 0..=GUIDE_QUESTIONS_MAX)) {
            let way = numbers.iter().fold(GuideWay::default(), |way, answer| way.then(*answer));
            prop_assert_eq!(way.to_string().parse(), Ok(way.clone()));
            prop_assert_eq!(way.answered(), numbers.len());
            if let Some((last, _)) = numbers.split_last() {
                prop_assert_eq!(way.back().map(|back| back.then(*last)), Some(way));
            }
        }

        #[test]
        fn no_address_leads_outside_the_guide(text in "\\PC{0,12}") {
            if let Ok(way) = text.parse::<GuideWay>() {
                prop_assert_eq!(way.to_string(), text);
            }
            let empty = GuideInfo::default();
            prop_assert_eq!(empty.stop(&GuideWay::default()), None);
        }
    }
}
