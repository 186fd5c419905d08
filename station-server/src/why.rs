//! The queue discipline in words: why a ticket was called, and the rule in force. Both come from what is stored and from
//! the plan, so that no sentence says another rule than the one that chose.

use std::cmp::Reverse;

use jiff::tz::TimeZone;
use protocol::{Names, StationInfo};
use queue_core::policy::LineId;
use queue_core::{
    ClassId, ClassPlan, Discipline, Explanation, NoShowRule, StationPlan, TicketNumber, ZoneId,
};
use screens::{Language, Texts, t};

use crate::pages::hh_mm;

/// The same sentence for staff, who also read why somebody was called out of turn: a code of the console's in words, what
/// came from elsewhere as it is.
pub(crate) fn reason_for_staff(
    texts: &'static Texts,
    info: &StationInfo,
    zone: &TimeZone,
    number: &TicketNumber,
    why: &Explanation,
) -> String {
    let said = reason(texts, info, zone, number, why);
    let Explanation::Picked { reason: Some(code) } = why else {
        return said;
    };
    let words = texts.find(&format!("pick-reason-{code}"), &[]);
    said + &t!(
        texts,
        "pick-because",
        reason = words.as_deref().unwrap_or(code)
    )
}

/// Why `number` was called, in one sentence.
pub(crate) fn reason(
    texts: &'static Texts,
    info: &StationInfo,
    zone: &TimeZone,
    number: &TicketNumber,
    why: &Explanation,
) -> String {
    let tag = texts.language().tag();
    let class = |id: &ClassId| info.class_name(id, tag).to_owned();
    let number = number.to_string();
    let words = match why {
        // Why staff did so is theirs to know.
        Explanation::Picked { .. } => t!(texts, "why-picked", number = number),
        Explanation::Urgent { .. } => t!(texts, "why-urgent", number = number),
        Explanation::SentBack { from } => t!(
            texts,
            "why-sent-back",
            number = number,
            counter = from.to_string()
        ),
        Explanation::CameFirst => t!(texts, "why-came-first", number = number),
        Explanation::CountedEarliest { counts_from } => t!(
            texts,
            "why-counted-earliest",
            number = number,
            time = hh_mm(zone, *counts_from)
        ),
        Explanation::HeadStart {
            class: id,
            credit_s,
            ..
        } => t!(
            texts,
            "why-head-start",
            number = number,
            class = class(id),
            minutes = minutes(*credit_s)
        ),
        Explanation::Rank {
            class: id,
            passed_class,
        } => t!(
            texts,
            "why-rank",
            number = number,
            class = class(id),
            passed = class(passed_class)
        ),
        Explanation::Points {
            class: id,
            points,
            passed_points,
        } => t!(
            texts,
            "why-points",
            number = number,
            class = class(id),
            points = *points,
            passed = *passed_points
        ),
        Explanation::Turn { class: id, .. } => {
            t!(texts, "why-turn", number = number, class = class(id))
        }
    };
    words.into_owned()
}

/// The rule in force with the names of its classes.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    discipline: Discipline,
    /// In the order of the station file.
    classes: Vec<RuleClass>,
    no_show: NoShowRule,
}

#[derive(Debug, Clone)]
struct RuleClass {
    name: Names,
    plan: ClassPlan,
    is_default: bool,
}

impl Rule {
    /// The rule of a line: of the zone that has one for itself, or the station's.
    pub(crate) fn of_line(plan: &StationPlan, info: &StationInfo, line: LineId<'_>) -> Self {
        Self {
            discipline: plan.rule_of(line).discipline,
            ..Self::of(plan, info)
        }
    }

    /// The rule in a zone; the station's where none is named.
    pub(crate) fn in_zone(plan: &StationPlan, info: &StationInfo, zone: Option<&ZoneId>) -> Self {
        Self {
            discipline: plan.rule_in(zone).discipline,
            ..Self::of(plan, info)
        }
    }

    /// The station's rule of a plan.
    pub(crate) fn of(plan: &StationPlan, info: &StationInfo) -> Self {
        let named = info.classes.iter().filter_map(|class| {
            Some(RuleClass {
                name: class.name.clone(),
                plan: plan.classes.get(&class.id)?.clone(),
                is_default: plan.default_class() == Some(&class.id),
            })
        });
        Self {
            discipline: plan.rules.discipline,
            classes: named.collect(),
            no_show: plan.rules.no_show.clone(),
        }
    }

    /// The rule in one sentence.
    pub(crate) fn say(&self, language: Language) -> String {
        let texts = Texts::of(language);
        let tag = language.tag();
        let list = |parts: Vec<String>| parts.join(language.comma());
        let names = |chosen: &[&RuleClass]| {
            list(chosen.iter().map(|c| c.name.get(tag).to_owned()).collect())
        };
        let words = match self.discipline {
            Discipline::HeadStart => {
                let ahead = self.sorted(|c| c.credit_s > 0, |c| Reverse(c.credit_s));
                if ahead.is_empty() {
                    return t!(texts, "rule-fcfs").into_owned();
                }
                let one = |c: &&RuleClass| {
                    let minutes = minutes(c.plan.credit_s);
                    let class = c.name.get(tag);
                    t!(
                        texts,
                        "rule-head-start-class",
                        class = class,
                        minutes = minutes
                    )
                    .into_owned()
                };
                let classes = list(ahead.iter().map(one).collect());
                t!(texts, "rule-head-start", classes = classes)
            }
            Discipline::Fcfs => t!(texts, "rule-fcfs"),
            Discipline::Strict => {
                let order = names(&self.sorted(|_| true, |c| c.rank));
                t!(texts, "rule-strict", order = order)
            }
            Discipline::Accumulating => {
                let one = |c: &&RuleClass| {
                    let class = c.name.get(tag);
                    let points = points_a_minute(c.plan.rate_permille);
                    t!(texts, "rule-points-class", class = class, points = points).into_owned()
                };
                let fastest = self.sorted(|_| true, |c| Reverse(c.rate_permille));
                let classes = list(fastest.iter().map(one).collect());
                t!(texts, "rule-points", classes = classes)
            }
            Discipline::Ratio { priority, regular } => {
                let (regulars, others): (Vec<_>, Vec<_>) =
                    self.classes.iter().partition(|c| c.is_default);
                t!(
                    texts,
                    "rule-ratio",
                    priority = priority.get(),
                    others = names(&others),
                    regular = regular.get(),
                    class = names(&regulars)
                )
            }
        };
        words.into_owned()
    }

    /// Whether a visitor who missed the call may come back by himself.
    pub(crate) fn lets_come_back(&self) -> bool {
        self.no_show.returns > 0
    }

    /// What a visitor who missed the call may do.
    pub(crate) fn say_missed(&self, language: Language) -> String {
        self.say_missed_again(language, 0)
    }

    /// The same to somebody who has come back so many times already: what is left.
    pub(crate) fn say_missed_again(&self, language: Language, returns: u8) -> String {
        let texts = Texts::of(language);
        let rule = &self.no_show;
        let words = match rule.returns {
            0 => t!(texts, "ticket-missed"),
            times if times <= returns => t!(texts, "rule-missed-last"),
            times if returns > 0 => t!(
                texts,
                "rule-missed-again",
                minutes = rule.return_within_s / 60,
                behind = rule.return_behind,
                times = times - returns
            ),
            times => t!(
                texts,
                "rule-missed",
                minutes = rule.return_within_s / 60,
                behind = rule.return_behind,
                times = times
            ),
        };
        words.into_owned()
    }

    /// One of its sentences in the languages of a paper: the visitor's, its companion, and English for printers that
    /// cannot write it.
    pub(crate) fn for_paper(
        &self,
        language: Language,
        sentence: impl Fn(&Self, Language) -> String,
    ) -> Names {
        let spoken = [language, language.companion(), Language::En];
        let said = spoken.map(|l| (l.tag().to_owned(), sentence(self, l)));
        Names(said.into())
    }

    fn sorted<K: Ord>(
        &self,
        keep: impl Fn(&ClassPlan) -> bool,
        key: impl Fn(&ClassPlan) -> K,
    ) -> Vec<&RuleClass> {
        let mut chosen: Vec<_> = self.classes.iter().filter(|c| keep(&c.plan)).collect();
        chosen.sort_by_key(|c| key(&c.plan));
        chosen
    }
}

/// A head start in minutes, to the tenth.
fn minutes(credit_s: u32) -> f64 {
    (f64::from(credit_s) / 6.0).round() / 10.0
}

/// Points of a waited minute, at most two decimals.
fn points_a_minute(rate_permille: u32) -> String {
    let hundredths = (u64::from(rate_permille) * 60).div_ceil(10);
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    match rest {
        0 => whole.to_string(),
        _ => format!("{whole}.{rest:02}")
            .trim_end_matches('0')
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU8;

    use protocol::ClassInfo;
    use queue_core::{StationTime, ZonePlan};

    use super::*;

    const ZH: Language = Language::ZhHantTw;

    fn demo() -> (StationPlan, StationInfo) {
        let demo = station_config::StationFile::parse("demo.toml", station_config::demo());
        let mut file = demo.unwrap();
        // Two classes show every rule; a third one has its own test.
        file.appointments = None;
        file.classes
            .retain(|class| class.id.as_str() != "appointment");
        (file.plan(), file.info())
    }

    fn under(discipline: Discipline) -> Rule {
        let (mut plan, info) = demo();
        plan.rules.discipline = discipline;
        for (id, class) in &mut plan.classes {
            let favoured = id.as_str() == "priority";
            class.rank = if favoured { 1 } else { 2 };
            class.rate_permille = if favoured { 1_505 } else { 1_000 };
        }
        Rule::of(&plan, &info)
    }

    #[test]
    fn the_rule_is_said_from_the_plan() {
        let ratio = Discipline::Ratio {
            priority: NonZeroU8::new(3).unwrap(),
            regular: NonZeroU8::MIN,
        };
        for (discipline, zh) in [
            (
                Discipline::HeadStart,
                "叫號規則：依取號先後；優先號視同提早 20 分鐘取號。",
            ),
            (Discipline::Fcfs, "叫號規則：依取號先後。"),
            (
                Discipline::Strict,
                "叫號規則：依序為優先、一般；同一類依取號先後。",
            ),
            (
                Discipline::Accumulating,
                "叫號規則：等候越久點數越多，點數多的先叫；優先號每分鐘 90.3 點、一般號每分鐘 60 點。",
            ),
            (
                ratio,
                "叫號規則：每叫 3 位優先號，再叫 1 位一般號；同一類依取號先後。",
            ),
        ] {
            assert_eq!(under(discipline).say(ZH), zh);
        }
    }

    #[test]
    fn where_a_zone_has_a_rule_of_its_own_that_one_is_said() {
        let (mut plan, info) = demo();
        let (upstairs, service) = ("2f".parse::<ZoneId>().unwrap(), "pick-up".parse().unwrap());
        let own = Some(Discipline::Fcfs);
        plan.zones
            .0
            .zones
            .insert(upstairs.clone(), ZonePlan { discipline: own });
        plan.zones.0.services.insert(service, upstairs.clone());
        let said = |rule: Rule| rule.say(ZH);
        let line = |id: &str| {
            said(Rule::of_line(
                &plan,
                &info,
                LineId::Service(&id.parse().unwrap()),
            ))
        };
        assert_eq!(line("pick-up"), "叫號規則：依取號先後。");
        assert_eq!(line("enquiries"), said(Rule::of(&plan, &info)));
        assert_ne!(line("enquiries"), line("pick-up"));
        assert_eq!(
            said(Rule::in_zone(&plan, &info, Some(&upstairs))),
            line("pick-up")
        );
    }

    #[test]
    fn classes_are_said_by_their_head_start_and_none_without() {
        let (mut plan, mut info) = demo();
        let appointment = ClassId::new("appointment").unwrap();
        let name = Names([("zh-Hant-TW".to_owned(), "預約".to_owned())].into());
        info.classes.insert(
            0,
            ClassInfo {
                id: appointment.clone(),
                name,
            },
        );
        let credit_s = 600;
        plan.classes.insert(
            appointment,
            ClassPlan {
                credit_s,
                ..ClassPlan::default()
            },
        );
        assert_eq!(
            Rule::of(&plan, &info).say(ZH),
            "叫號規則：依取號先後；優先號視同提早 20 分鐘取號、預約號視同提早 10 分鐘取號。"
        );
        for class in plan.classes.values_mut() {
            class.credit_s = 0;
        }
        assert_eq!(Rule::of(&plan, &info).say(ZH), "叫號規則：依取號先後。");
    }

    #[test]
    fn a_paper_has_the_visitor_s_language_and_english() {
        let said = under(Discipline::Fcfs).for_paper(Language::Vi, Rule::say);
        let tags: Vec<_> = said.0.keys().map(String::as_str).collect();
        assert_eq!(tags, ["en", "vi", "zh-Hant-TW"]);
    }

    #[test]
    fn every_reason_is_one_whole_sentence_in_every_language() {
        let (_, info) = demo();
        let class = ClassId::new("priority").unwrap();
        let regular = ClassId::new("regular").unwrap();
        let zone = TimeZone::get("Asia/Taipei").unwrap();
        // 10:12 in Taipei.
        let at = StationTime(1_795_313_520_000);
        let said = |why: &Explanation, language| {
            reason(
                Texts::of(language),
                &info,
                &zone,
                &"A012".parse().unwrap(),
                why,
            )
        };
        let all = [
            (
                Explanation::Picked { reason: None },
                "A012 由櫃台人員指定先叫。",
            ),
            (Explanation::CameFirst, "A012 排在最前面，所以先叫。"),
            (
                Explanation::CountedEarliest { counts_from: at },
                "A012 視同 10:12 取號，是最早的，所以先叫。",
            ),
            (
                Explanation::HeadStart {
                    class: class.clone(),
                    credit_s: 1_200,
                    counts_from: at,
                    passed_counts_from: at,
                },
                "A012 是優先號，視同提早 20 分鐘取號，所以先叫。",
            ),
            (
                Explanation::Rank {
                    class: class.clone(),
                    passed_class: regular,
                },
                "A012 是優先號，排在一般號前面，所以先叫。",
            ),
            (
                Explanation::Points {
                    class: class.clone(),
                    points: 1_234,
                    passed_points: 999,
                },
                "A012 是優先號，等候點數 1234 點，比 999 點多，所以先叫。",
            ),
            (
                Explanation::Turn {
                    class,
                    priority: 2,
                    regular: 1,
                },
                "這次輪到優先號，所以先叫 A012。",
            ),
        ];
        for (why, zh) in &all {
            assert_eq!(said(why, ZH), *zh);
            for language in Language::ALL {
                let words = said(why, language);
                assert!(words.contains("A012") && !words.contains('{'), "{words}");
            }
        }
        // A class that has left the station file is called by its id.
        let gone = Explanation::Turn {
            class: ClassId::new("vip").unwrap(),
            priority: 1,
            regular: 1,
        };
        assert_eq!(said(&gone, ZH), "這次輪到vip號，所以先叫 A012。");
    }
}
