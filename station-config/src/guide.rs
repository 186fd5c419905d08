//! The guide in the station file: plain questions that lead to a service and its case, with the papers, the fee and the
//! time of each. It stands in the station file itself, for its ids are those of the services.

use protocol::{GuideAnswer, GuideId, GuideInfo, GuideQuestion, GuideStep, Names};
use queue_core::ServiceId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::Service;
use crate::texts::TextsSchema;

/// Questions for those who do not know which service they need. Each answer leads to another question or to a matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// The questions; the first one is asked first, and on no way are there more than five.
    #[serde(rename = "question")]
    #[schemars(length(min = 1))]
    pub questions: Vec<Question>,
    /// What visitors come for: a service, and its case where the papers differ.
    #[serde(rename = "matter")]
    #[schemars(length(min = 1))]
    pub matters: Vec<Matter>,
    /// Papers that matters name, so that each is written once.
    #[serde(rename = "paper", default, skip_serializing_if = "Vec::is_empty")]
    pub papers: Vec<Paper>,
}

/// A question in plain words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Id: `card-what`.
    #[schemars(with = "String", extend("pattern" = "^[A-Za-z0-9_-]{1,32}$"))]
    pub id: GuideId,
    /// What is asked: `Is it about your resident certificate?`
    #[schemars(with = "TextsSchema")]
    pub text: Names,
    /// One to six answers, in the order in which they are shown.
    #[schemars(length(min = 1, max = 6))]
    pub answers: Vec<Answer>,
}

/// An answer; it leads to a question or to a matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// What the visitor says with it: `I have lost it`.
    #[schemars(with = "TextsSchema")]
    pub text: Names,
    /// Id of the question that follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub question: Option<GuideId>,
    /// Id of the matter that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub matter: Option<GuideId>,
}

/// What somebody comes for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Matter {
    /// Id: `card-lost`.
    #[schemars(with = "String", extend("pattern" = "^[A-Za-z0-9_-]{1,32}$"))]
    pub id: GuideId,
    /// Id of the service.
    #[schemars(with = "String", extend("pattern" = "^[A-Za-z0-9_-]{1,32}$"))]
    pub service: ServiceId,
    /// The case: `Replacement of a lost card`. Left out: the service has no cases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<TextsSchema>")]
    pub case: Option<Names>,
    /// Ids of the papers to bring, at most 12. Left out: the `documents` of the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Vec<String>>", length(max = 12))]
    pub papers: Option<Vec<GuideId>>,
    /// What it costs, NT$, 0 to 1000000; 0: nothing. Left out: not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 1_000_000))]
    pub fee_ntd: Option<u32>,
    /// How long it usually takes, in working days, 0 to 365; 0: done on the spot. Left out: not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 365))]
    pub working_days: Option<u32>,
    /// What else has to be known, at most four sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<TextsSchema>", length(max = 4))]
    pub remarks: Vec<Names>,
}

/// A paper to bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// Id: `passport`.
    #[schemars(with = "String", extend("pattern" = "^[A-Za-z0-9_-]{1,32}$"))]
    pub id: GuideId,
    /// What it is: `Passport and one copy`.
    #[schemars(with = "TextsSchema")]
    pub name: Names,
}

impl Guide {
    /// The part that screens show, with the papers of each matter.
    pub(crate) fn info(&self, services: &[Service]) -> GuideInfo {
        let question = |question: &Question| GuideQuestion {
            id: question.id.clone(),
            text: question.text.clone(),
            answers: question.answers.iter().filter_map(Answer::info).collect(),
        };
        let matter = |matter: &Matter| protocol::Matter {
            id: matter.id.clone(),
            service: matter.service.clone(),
            case: matter.case.clone(),
            papers: self.papers_of(matter, services),
            fee_ntd: matter.fee_ntd,
            working_days: matter.working_days,
            remarks: matter.remarks.clone(),
        };
        GuideInfo {
            questions: self.questions.iter().map(question).collect(),
            matters: self.matters.iter().map(matter).collect(),
        }
    }

    fn papers_of(&self, matter: &Matter, services: &[Service]) -> Vec<Names> {
        let Some(listed) = &matter.papers else {
            let service = services.iter().find(|service| service.id == matter.service);
            return service.map_or(vec![], |service| service.documents.clone());
        };
        let named = |id: &GuideId| self.papers.iter().find(|paper| paper.id == *id);
        let papers = listed.iter().filter_map(named);
        papers.map(|paper| paper.name.clone()).collect()
    }
}

impl Answer {
    /// A checked file has no answer that leads nowhere.
    fn info(&self) -> Option<GuideAnswer> {
        let question = self.question.clone().map(GuideStep::Question);
        let leads_to = question.or_else(|| self.matter.clone().map(GuideStep::Matter))?;
        Some(GuideAnswer {
            text: self.text.clone(),
            leads_to,
        })
    }
}
