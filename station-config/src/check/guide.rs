//! The guide: every way through its questions ends, soon, at a matter of a service that visitors choose.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{GUIDE_ANSWERS_MAX, GUIDE_QUESTIONS_MAX, GuideId};
use queue_core::ServiceId;

use super::{Checker, Ids};
use crate::places::Place;

/// Most papers of a matter: what fits the kiosk's page.
const PAPERS_MAX: usize = 12;
/// Most remarks on a matter.
const REMARKS_MAX: usize = 4;

pub(super) fn check(checker: &mut Checker<'_>, file: Place<'_>, services: &Ids) {
    let guide = file.get("guide");
    if !guide.is_table() {
        return;
    }
    let questions = checker.ids::<GuideId>(guide, "question");
    let matters = checker.ids::<GuideId>(guide, "matter");
    let papers = checker.ids::<GuideId>(guide, "paper");
    for (list, what) in [("question", "question"), ("matter", "matter")] {
        if guide.get(list).count() == Some(0) {
            let expected = format!("at least one `[[guide.{list}]]`");
            checker.wrong(guide.get(list), format!("no {what}"), expected);
        }
    }
    for paper in guide.get("paper").items() {
        texts(checker, paper.get("name"));
    }
    for matter in guide.get("matter").items() {
        self::matter(checker, file, matter, services, &papers);
    }
    for question in guide.get("question").items() {
        self::question(checker, question, &questions, &matters);
    }
    ways(checker, guide);
}

/// Visitors who do not know what they need understand what they read: English is no extra here.
fn texts(checker: &mut Checker<'_>, at: Place<'_>) {
    checker.staff_texts(at);
    if at.is_table() && at.get("en").is_absent() {
        checker.wrong(at, "the English text is missing", "the key `en`");
    }
}

fn matter(
    checker: &mut Checker<'_>,
    file: Place<'_>,
    matter: Place<'_>,
    services: &Ids,
    papers: &Ids,
) {
    texts(checker, matter.get("case"));
    let service = matter.get("service");
    if let Some(id) = service.read::<ServiceId>() {
        checker.known(service, "service", id.as_str(), services);
        let mut all = file.get("service").items();
        let named = all.find(|entry| entry.get("id").read().as_ref() == Some(&id));
        if named.is_some_and(|entry| entry.get("only_step").read() == Some(true)) {
            checker.wrong(
                service,
                format!("the guide leads to `{id}`, which is only a step"),
                "a service that visitors choose",
            );
        }
    }
    let listed = matter.get("papers");
    at_most(checker, listed, "papers", PAPERS_MAX);
    for paper in listed.items() {
        if let Some(id) = paper.read::<GuideId>() {
            checker.known(paper, "paper", id.as_str(), papers);
        }
    }
    checker.unique::<GuideId>("paper", listed.items());
    checker.in_range(matter.get("fee_ntd"), 0_u32..=1_000_000);
    checker.in_range(matter.get("working_days"), 0_u32..=365);
    let remarks = matter.get("remarks");
    at_most(checker, remarks, "remarks", REMARKS_MAX);
    for remark in remarks.items() {
        texts(checker, remark);
    }
}

fn question(checker: &mut Checker<'_>, question: Place<'_>, questions: &Ids, matters: &Ids) {
    texts(checker, question.get("text"));
    let answers = question.get("answers");
    if answers.count() == Some(0) {
        let expected = format!("1 to {GUIDE_ANSWERS_MAX}");
        checker.wrong(answers, "a question without answers", expected);
    }
    at_most(checker, answers, "answers", GUIDE_ANSWERS_MAX);
    for answer in answers.items() {
        texts(checker, answer.get("text"));
        let leads = [("question", questions), ("matter", matters)];
        let given = leads.map(|(what, _)| !answer.get(what).is_absent());
        match given {
            [false, false] => checker.wrong(
                answer,
                "an answer that leads nowhere",
                "`question` or `matter` with the id of what follows",
            ),
            [true, true] => checker.wrong(
                answer,
                "an answer that leads to a question and to a matter",
                "one of the two",
            ),
            _ => {}
        }
        for (what, known) in leads {
            let at = answer.get(what);
            if let Some(id) = at.read::<GuideId>() {
                checker.known(at, what, id.as_str(), known);
            }
        }
    }
}

fn at_most(checker: &mut Checker<'_>, list: Place<'_>, what: &str, most: usize) {
    if let Some(count) = list.count().filter(|count| *count > most) {
        checker.wrong(list, format!("{count} {what}"), format!("at most {most}"));
    }
}

/// Follows every way from the first question.
fn ways(checker: &mut Checker<'_>, guide: Place<'_>) {
    let list: Vec<_> = guide.get("question").items().collect();
    let id = |question: &Place<'_>| question.get("id").read::<GuideId>();
    let by_id: BTreeMap<GuideId, Place<'_>> = list
        .iter()
        .filter_map(|question| Some((id(question)?, *question)))
        .collect();
    let Some(first) = list.first().and_then(id) else {
        return;
    };
    let reached = reached(&by_id, &first);
    for (id, question) in &by_id {
        if !reached.contains(id) {
            checker.wrong(
                question.get("id"),
                format!("no answer leads to the question `{id}`"),
                "an answer that does, or not this question",
            );
        }
    }
    let mut walk = Walk {
        questions: &by_id,
        told: BTreeSet::new(),
    };
    walk.follow(checker, &mut vec![first]);
    let answers = list
        .iter()
        .flat_map(|question| question.get("answers").items());
    let found: BTreeSet<GuideId> = answers
        .filter_map(|answer| answer.get("matter").read())
        .collect();
    for matter in guide.get("matter").items() {
        let at = matter.get("id");
        if let Some(id) = at.read::<GuideId>().filter(|id| !found.contains(id)) {
            checker.unwise(
                at,
                format!("no answer leads to the matter `{id}`: only staff find it"),
            );
        }
    }
}

fn next(question: Place<'_>) -> impl Iterator<Item = (Place<'_>, GuideId)> {
    let answers = question.get("answers").items();
    answers.filter_map(|answer| {
        let at = answer.get("question");
        Some((at, at.read()?))
    })
}

fn reached(questions: &BTreeMap<GuideId, Place<'_>>, first: &GuideId) -> BTreeSet<GuideId> {
    let mut reached = BTreeSet::from([first.clone()]);
    let mut open = vec![first.clone()];
    while let Some(question) = open.pop().and_then(|id| questions.get(&id)) {
        for (_, id) in next(*question) {
            if questions.contains_key(&id) && reached.insert(id.clone()) {
                open.push(id);
            }
        }
    }
    reached
}

/// All ways at once, none longer than one question too many.
struct Walk<'a> {
    questions: &'a BTreeMap<GuideId, Place<'a>>,
    /// Places of which something was told: many ways may lead there.
    told: BTreeSet<usize>,
}

impl Walk<'_> {
    fn follow(&mut self, checker: &mut Checker<'_>, way: &mut Vec<GuideId>) {
        let Some(question) = way.last().and_then(|id| self.questions.get(id)).copied() else {
            return;
        };
        for (at, id) in next(question) {
            if way.contains(&id) {
                self.tell(
                    checker,
                    at,
                    format!("this leads back to the question `{id}`"),
                    "a question that has not been asked before it, or a matter",
                );
            } else if way.len() == GUIDE_QUESTIONS_MAX {
                self.tell(
                    checker,
                    at,
                    format!(
                        "the question `{id}` would be number {} on its way",
                        way.len() + 1
                    ),
                    &format!("at most {GUIDE_QUESTIONS_MAX} questions to a matter"),
                );
            } else {
                way.push(id);
                self.follow(checker, way);
                way.pop();
            }
        }
    }

    fn tell(&mut self, checker: &mut Checker<'_>, at: Place<'_>, message: String, expected: &str) {
        if self.told.insert(at.offset) {
            checker.wrong(at, message, expected);
        }
    }
}
