//! The guide in the station file: what it leads to, and what people are told about a wrong one.

use std::fmt::Write;

use proptest::prelude::*;
use protocol::{GUIDE_QUESTIONS_MAX, GuideInfo, GuideStop, GuideWay};
use station_config::{DemoProfile, LANGUAGES, StationFile};

const SMALL: &str = include_str!("small.toml");

/// A right guide for the small station; each test of mistakes breaks it somewhere.
const GUIDE: &str = r#"
[[guide.paper]]
id = "photo"
name = { zh-Hant-TW = "照片", en = "Photograph", vi = "Ảnh" }

[[guide.matter]]
id = "lost"
service = "renewal"
case = { zh-Hant-TW = "遺失", en = "Lost" }
papers = ["photo"]
fee_ntd = 0
working_days = 10
remarks = [{ zh-Hant-TW = "先報案", en = "Report it first" }]

[[guide.matter]]
id = "renew"
service = "renewal"

[[guide.question]]
id = "what"
text = { zh-Hant-TW = "辦什麼", en = "What" }
answers = [
    { text = { zh-Hant-TW = "執照", en = "Licence" }, question = "licence" },
    { text = { zh-Hant-TW = "續辦", en = "Renew" }, matter = "renew" },
]

[[guide.question]]
id = "licence"
text = { zh-Hant-TW = "在嗎", en = "Have it?" }
answers = [
    { text = { zh-Hant-TW = "不見了", en = "Lost" }, matter = "lost" },
    { text = { zh-Hant-TW = "在", en = "Yes" }, matter = "renew" },
]
"#;

fn read(guide: &str) -> Result<StationFile, String> {
    StationFile::parse("s.toml", &format!("{SMALL}{guide}")).map_err(|errors| errors.to_string())
}

/// What is told of the guide with a replacement that must apply; lines are counted from that of the first text replaced.
fn told(from: &str, to: &str) -> String {
    assert_eq!(GUIDE.matches(from).count(), 1, "`{from}`");
    let at = SMALL.len() + GUIDE.find(from).expect("it is there");
    let whole = format!("{SMALL}{GUIDE}");
    let line = whole[..at].matches('\n').count() + 1;
    match read(&GUIDE.replacen(from, to, 1)) {
        Ok(_) => "nothing".to_owned(),
        Err(errors) => errors.replace(&format!("s.toml:{line}:"), "HERE:"),
    }
}

fn info(guide: &str) -> GuideInfo {
    let file = read(guide).unwrap_or_else(|errors| panic!("{errors}"));
    file.info().guide.expect("it has a guide")
}

fn stop<'a>(guide: &'a GuideInfo, way: &str) -> &'a str {
    match guide.stop(&way.parse().expect("a way")) {
        Some(GuideStop::Question(question)) => question.id.as_str(),
        Some(GuideStop::Matter(matter)) => matter.id.as_str(),
        None => "nowhere",
    }
}

#[test]
fn answers_lead_to_a_service_and_its_case_with_their_papers() {
    let guide = info(GUIDE);
    for (way, found) in [
        ("", "what"),
        ("1", "licence"),
        ("11", "lost"),
        ("12", "renew"),
        ("2", "renew"),
        ("3", "nowhere"),
        ("21", "nowhere"),
    ] {
        assert_eq!(stop(&guide, way), found, "{way}");
    }
    let lost = guide.matter(&"lost".parse().unwrap()).unwrap();
    assert_eq!((lost.fee_ntd, lost.working_days), (Some(0), Some(10)));
    assert_eq!(lost.papers[0].get("vi"), "Ảnh");
    // A language that is missing is read in English.
    assert_eq!(lost.papers[0].get("ko"), "Photograph");
    // Without a list of its own a matter has that of its service.
    let renew = guide.matter(&"renew".parse().unwrap()).unwrap();
    assert_eq!(renew.papers[0].get("en"), "Passport");
    assert_eq!(guide.cases(&renew.service).count(), 2);
}

#[test]
fn the_guide_is_written_back_as_it_was_read() {
    let file = read(GUIDE).unwrap();
    let again = StationFile::parse("s.toml", &file.to_toml().unwrap()).unwrap();
    assert_eq!(again.guide, file.guide);
    assert_eq!(read("").unwrap().info().guide, None);
}

macro_rules! mistake {
    ($name:ident, $from:expr, $to:expr, $expected:expr) => {
        #[test]
        fn $name() {
            assert_eq!(told($from, $to), $expected);
        }
    };
}

mistake!(
    a_service_that_the_station_does_not_have,
    "service = \"renewal\"\ncase",
    "service = \"renewall\"\ncase",
    "HERE:11: unknown service `renewall` (did you mean `renewal`?), expected one of `renewal`, `pick-up`"
);
mistake!(
    an_answer_to_a_question_that_is_not_there,
    "question = \"licence\"",
    "question = \"licences\"",
    "HERE:64: unknown question `licences` (did you mean `licence`?), expected one of `what`, `licence`\n\
     s.toml:108:6: no answer leads to the question `licence`, expected an answer that does, or not this question"
);
mistake!(
    an_answer_to_a_matter_that_is_not_there,
    "matter = \"lost\"",
    "matter = \"stolen\"",
    "HERE:60: unknown matter `stolen`, expected one of `lost`, `renew`"
);
mistake!(
    a_paper_that_is_not_there,
    "papers = [\"photo\"]",
    "papers = [\"photos\"]",
    "HERE:11: unknown paper `photos` (did you mean `photo`?), expected `photo`"
);
mistake!(
    a_circle,
    "matter = \"lost\" }",
    "question = \"what\" }",
    "HERE:62: this leads back to the question `what`, expected a question that has not been asked before it, or a matter"
);
mistake!(
    an_answer_that_leads_nowhere,
    ", matter = \"lost\" }",
    " }",
    "HERE:5: an answer that leads nowhere, expected `question` or `matter` with the id of what follows"
);
mistake!(
    an_answer_that_leads_to_two,
    "matter = \"lost\" }",
    "matter = \"lost\", question = \"licence\" }",
    "HERE:5: an answer that leads to a question and to a matter, expected one of the two\n\
     HERE:79: this leads back to the question `licence`, expected a question that has not been asked before it, or a matter"
);
mistake!(
    no_english,
    ", en = \"Have it?\"",
    "",
    "HERE:8: the English text is missing, expected the key `en`"
);
mistake!(
    no_chinese,
    "zh-Hant-TW = \"先報案\", ",
    "",
    "HERE:12: the Chinese text is missing, expected the key `zh-Hant-TW`"
);
mistake!(
    a_fee_out_of_reach,
    "fee_ntd = 0",
    "fee_ntd = 1000001",
    "HERE:11: invalid fee_ntd 1000001, expected 0 to 1000000"
);

/// A guide that asks `count` questions in a row; the answers beside the way lead to the matter at once.
fn row(count: usize) -> String {
    let text = "{ zh-Hant-TW = \"甲\", en = \"A\" }";
    let mut guide = "[[guide.matter]]\nid = \"m\"\nservice = \"renewal\"\n".to_owned();
    for n in 1..=count {
        let leads = match n == count {
            true => "matter = \"m\"".to_owned(),
            false => format!("question = \"q{}\"", n + 1),
        };
        let _ = write!(
            guide,
            "[[guide.question]]\nid = \"q{n}\"\ntext = {text}\nanswers = [{{ text = {text}, {leads} }}]\n"
        );
    }
    guide
}

#[test]
fn nobody_is_asked_more_than_five_questions() {
    assert!(read(&row(GUIDE_QUESTIONS_MAX)).is_ok());
    let told = read(&row(GUIDE_QUESTIONS_MAX + 1)).unwrap_err();
    assert!(
        told.contains("the question `q6` would be number 6 on its way, expected at most 5 questions to a matter"),
        "{told}"
    );
    assert_eq!(told.lines().count(), 1, "{told}");
}

#[test]
fn a_question_has_at_most_six_answers() {
    let answer = "    { text = { zh-Hant-TW = \"在\", en = \"Yes\" }, matter = \"renew\" },\n";
    let told = told(answer, &answer.repeat(6));
    assert!(told.contains("7 answers, expected at most 6"), "{told}");
}

#[test]
fn a_matter_to_which_no_answer_leads_is_only_unwise() {
    let more = "[[guide.matter]]\nid = \"other\"\nservice = \"pick-up\"\n";
    let text = format!("{SMALL}{GUIDE}{more}");
    let (_, warnings) = StationFile::parse_with_warnings("s.toml", &text).unwrap();
    let told: Vec<_> = warnings.iter().map(ToString::to_string).collect();
    let expected = "no answer leads to the matter `other`: only staff find it";
    assert!(told.iter().any(|one| one.ends_with(expected)), "{told:?}");
}

/// Every way through the guide, and what it ends at.
fn ends(guide: &GuideInfo, way: &GuideWay, found: &mut Vec<(GuideWay, String)>) {
    match guide.stop(way) {
        Some(GuideStop::Matter(matter)) => found.push((way.clone(), matter.id.to_string())),
        Some(GuideStop::Question(question)) => {
            for answer in 0..question.answers.len() {
                ends(guide, &way.then(answer), found);
            }
        }
        None => found.push((way.clone(), "nowhere".to_owned())),
    }
}

#[test]
fn every_way_through_the_guides_of_the_demos_ends_at_a_service_that_visitors_choose() {
    let mut guides = 0;
    for profile in DemoProfile::ALL {
        let station = StationFile::parse(profile.name(), profile.station()).unwrap();
        let station = station.info();
        let Some(guide) = &station.guide else {
            continue;
        };
        guides += 1;
        let mut found = Vec::new();
        ends(guide, &GuideWay::default(), &mut found);
        for (way, id) in found {
            let matter = guide.matter(&id.parse().unwrap());
            let matter = matter.unwrap_or_else(|| panic!("{profile}: {way} ends {id}"));
            let service = station.service(&matter.service).unwrap();
            assert!(!service.only_step, "{profile}: {way}");
        }
    }
    assert!(guides > 0);
}

/// Languages in which nobody has written the demo's guide yet: its visitors read English.
const NOT_TRANSLATED: [&str; 2] = ["my", "km"];

#[test]
fn the_guide_of_the_demo_is_translated_and_says_where_it_is_not() {
    let file = StationFile::parse("demo.toml", station_config::demo()).unwrap();
    let guide = file.guide.expect("the demo has a guide");
    let asked = guide.questions.iter().flat_map(|question| {
        let answers = question.answers.iter().map(|answer| &answer.text);
        answers.chain([&question.text])
    });
    let of_matters = guide
        .matters
        .iter()
        .flat_map(|matter| matter.case.iter().chain(&matter.remarks));
    let papers = guide.papers.iter().map(|paper| &paper.name);
    for text in asked.chain(of_matters).chain(papers) {
        for tag in LANGUAGES {
            let is_there = text.0.contains_key(tag);
            assert_eq!(
                is_there,
                !NOT_TRANSLATED.contains(&tag),
                "{} {tag}",
                text.zh()
            );
        }
    }
}

/// Where answers lead to, by question: each number is one of the later questions or, beyond them, one of the matters.
fn any_guide() -> impl Strategy<Value = Vec<Vec<usize>>> {
    let answers = prop::collection::vec(any::<usize>(), 1..=6);
    prop::collection::vec(answers, 1..=GUIDE_QUESTIONS_MAX)
}

const MATTERS: usize = 3;

/// A guide whose questions each lead to the next one, so that all are reached, and else to later ones or to matters.
fn written(questions: &[Vec<usize>]) -> String {
    let text = "{ zh-Hant-TW = \"甲\", en = \"A\" }";
    let mut guide = String::new();
    for n in 0..MATTERS {
        let _ = write!(
            guide,
            "[[guide.matter]]\nid = \"m{n}\"\nservice = \"renewal\"\n"
        );
    }
    for (n, answers) in questions.iter().enumerate() {
        let later = questions.len() - n - 1;
        let _ = write!(
            guide,
            "[[guide.question]]\nid = \"q{n}\"\ntext = {text}\nanswers = [\n"
        );
        for (nth, answer) in answers.iter().enumerate() {
            let choice = if nth == 0 {
                0
            } else {
                answer % (later + MATTERS)
            };
            let leads = match choice.checked_sub(later) {
                Some(matter) => format!("matter = \"m{matter}\""),
                None => format!("question = \"q{}\"", n + 1 + choice),
            };
            let _ = writeln!(guide, "    {{ text = {text}, {leads} }},");
        }
        guide.push_str("]\n");
    }
    guide
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_way_ends_at_a_matter_after_at_most_five_questions(questions in any_guide()) {
        let guide = info(&written(&questions));
        let mut found = Vec::new();
        ends(&guide, &GuideWay::default(), &mut found);
        prop_assert!(!found.is_empty());
        for (way, matter) in found {
            prop_assert!(way.answered() <= GUIDE_QUESTIONS_MAX);
            prop_assert_ne!(matter, "nowhere");
        }
    }

    #[test]
    fn a_mistake_is_told_with_its_line(questions in any_guide(), at in any::<prop::sample::Index>()) {
        let right = written(&questions);
        let lines: Vec<_> = right.lines().collect();
        let answers: Vec<_> = (0..lines.len()).filter(|n| lines[*n].contains("{ text")).collect();
        let broken = answers[at.index(answers.len())];
        // Whatever it led to, now it leads to something that is not there.
        let (text, _) = lines[broken].split_once("},").unwrap();
        let wrong = format!("{text}}}, matter = \"nobody\" }},");
        let mut lines = lines.clone();
        lines[broken] = &wrong;
        let told = read(&lines.join("\n")).unwrap_err();
        let line = SMALL.lines().count() + broken + 1;
        let expected = format!("s.toml:{line}:");
        let first = told.lines().find(|one| one.contains("unknown matter `nobody`"));
        prop_assert!(first.is_some_and(|one| one.starts_with(&expected)), "{} is not in {}", expected, told);
    }

    #[test]
    fn a_way_back_is_refused(questions in any_guide(), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>()) {
        let from = from.index(questions.len());
        let to = to.index(from + 1);
        let text = "{ zh-Hant-TW = \"甲\", en = \"A\" }";
        let head = format!("id = \"q{from}\"\ntext = {text}\nanswers = [\n");
        let circle = format!("{head}    {{ text = {text}, question = \"q{to}\" }},\n");
        let told = read(&written(&questions).replacen(&head, &circle, 1)).unwrap_err();
        let expected = format!("this leads back to the question `q{to}`");
        prop_assert!(told.contains(&expected), "{}", told);
    }
}
