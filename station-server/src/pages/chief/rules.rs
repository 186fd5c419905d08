//! The order of the calls: the rule in force, of the station and of each zone with a rule of its own, and another one for
//! the rest of the day.

use std::num::NonZeroU8;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use queue_core::{Command, Discipline, Engine, PlanError, Rejected, ZoneId};
use screens::{Icon, icon, t};

use super::{Chrome, Place};
use crate::access::Principal;
use crate::app::{App, Station};
use crate::pages::fields::{Fields, fresh_key, refusal, see_other};
use crate::pages::look::Look;
use crate::problem::ApiProblem;
use crate::why::Rule;

/// Its address.
const HERE: &str = "/chief/rules";
/// The rules by their stable names, in the order in which they are offered.
const RULES: [&str; 5] = ["head_start", "fcfs", "strict", "accumulating", "ratio"];
/// Calls of the other classes, then of the default class, where a ratio is first chosen.
const RATIO: (u8, u8) = (2, 3);

/// `GET /chief/rules`.
pub(super) async fn ask(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    look: Look,
) -> Markup {
    document(&app, &who, look, None)
}

/// `POST /chief/rules`.
pub(super) async fn act(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    look: Look,
    fields: Fields,
) -> Response {
    match carry_out(&app, &who, &fields).await {
        Ok(()) => see_other(&look.href(HERE)),
        Err(problem) => {
            (problem.status, document(&app, &who, look, Some(&problem))).into_response()
        }
    }
}

async fn carry_out(app: &Station, who: &Principal, fields: &Fields) -> Result<(), ApiProblem> {
    let zone = match fields.get("zone") {
        None => None,
        Some(word) => Some(ZoneId::new(word).map_err(|_| Rejected::UnknownZone)?),
    };
    let discipline = match fields.get("act") {
        Some("change") => Some(wanted(fields)?),
        Some("plan") => None,
        _ => return Err(ApiProblem::invalid("`act` is change or plan")),
    };
    let command = Command::SetDiscipline { zone, discipline };
    let key = fields.request_key(who, HERE);
    app.submit(who, &key, command).await.map(|_| ())
}

fn wanted(fields: &Fields) -> Result<Discipline, ApiProblem> {
    let number = |name: &str| -> Result<NonZeroU8, ApiProblem> {
        let number = fields.parse(name)?;
        number.ok_or_else(|| ApiProblem::invalid(format!("the field `{name}`")))
    };
    match fields.get("rule") {
        Some("head_start") => Ok(Discipline::HeadStart),
        Some("fcfs") => Ok(Discipline::Fcfs),
        Some("strict") => Ok(Discipline::Strict),
        Some("accumulating") => Ok(Discipline::Accumulating),
        Some("ratio") => Ok(Discipline::Ratio {
            priority: number("priority")?,
            regular: number("regular")?,
        }),
        _ => Err(ApiProblem::invalid("`rule` is not one of the rules")),
    }
}

/// Its stable name.
fn word(discipline: Discipline) -> &'static str {
    match discipline {
        Discipline::HeadStart => "head_start",
        Discipline::Fcfs => "fcfs",
        Discipline::Strict => "strict",
        Discipline::Accumulating => "accumulating",
        Discipline::Ratio { .. } => "ratio",
    }
}

/// Whose rules there are: the station's, and those of zones that have, or by the stored plan would have, one of their own.
pub(super) fn places(engine: &Engine) -> Vec<Option<ZoneId>> {
    let zones = engine.plan().zones.zones.keys();
    let with_own = zones.filter(|id| has_own(engine, id)).cloned().map(Some);
    std::iter::once(None).chain(with_own).collect()
}

fn has_own(engine: &Engine, zone: &ZoneId) -> bool {
    let zones = &engine.plan().zones.zones;
    zones.get(zone).is_some_and(|z| z.discipline.is_some()) || engine.rule_is_changed(Some(zone))
}

/// Why a zone goes by the rule of another one, in words.
fn why_shared(app: &Station, look: Look, zone: &ZoneId, why: &PlanError) -> Option<String> {
    let PlanError::ZoneNotApart { counter, service } = why else {
        return None;
    };
    let service = app.info.service(service)?;
    let words = t!(
        look.texts(),
        "chief-rules-shared",
        zone = place_name(app, look, Some(zone)),
        counter = counter.as_str(),
        service = service.short_name.get(look.language.tag())
    );
    Some(words.into_owned())
}

/// The name of a zone in the language of the page; of the station where none is named.
pub(super) fn place_name(app: &Station, look: Look, zone: Option<&ZoneId>) -> String {
    match zone {
        None => t!(look.texts(), "chief-rules-station").into_owned(),
        Some(id) => app.info.zone(id).map_or_else(
            || id.to_string(),
            |zone| zone.name.get(look.language.tag()).to_owned(),
        ),
    }
}

/// The rule of a place in one sentence.
pub(super) fn sentence(
    app: &Station,
    engine: &Engine,
    look: Look,
    zone: Option<&ZoneId>,
) -> String {
    let rule = Rule::in_zone(engine.plan(), &app.info, zone);
    rule.say(look.language)
}

fn document(app: &Station, who: &Principal, look: Look, problem: Option<&ApiProblem>) -> Markup {
    let texts = look.texts();
    let engine = app.live.engine();
    let title = t!(texts, "chief-rules");
    let is_open = engine.open_day().is_some();
    let content = html! {
        header class="hd" {
            h1 { (title) }
            span class="sp" {}
            a class="btn" href=(look.href("/chief")) { (icon(Icon::Back)) (t!(texts, "chief-live")) }
        }
        main class="body rules" {
            @if let Some(problem) = problem {
                p class="adv" role="alert" { (icon(Icon::Warning)) (refusal(texts, problem.code)) }
            }
            p class="sub" { (t!(texts, "chief-rules-what")) }
            @if !RULES.iter().all(|rule| is_usable(&engine, rule)) {
                p class="sub" { (t!(texts, "chief-rules-alike")) }
            }
            (place(app, &engine, look, None, is_open))
            // In one order, whether a zone has a rule of its own at the moment or not.
            @for zone in engine.plan().zones.zones.keys() {
                @match engine.may_stand_apart(zone) {
                    Err(why) if !has_own(&engine, zone) => {
                        @if let Some(words) = why_shared(app, look, zone, &why) { p class="sub" { (words) } }
                    }
                    _ => (place(app, &engine, look, Some(zone), is_open)),
                }
            }
        }
    };
    let chrome = Chrome {
        place: Place::Live,
        title: &title,
        here: HERE,
        is_live: false,
    };
    chrome.document(app, who, look, &content)
}

fn place(
    app: &Station,
    engine: &Engine,
    look: Look,
    zone: Option<&ZoneId>,
    is_open: bool,
) -> Markup {
    let texts = look.texts();
    let name = place_name(app, look, zone);
    let now = engine.plan().rule_in(zone).discipline;
    let (priority, regular) = match now {
        Discipline::Ratio { priority, regular } => (priority.get(), regular.get()),
        _ => RATIO,
    };
    let suffix = zone.map_or("station", ZoneId::as_str);
    let id = |what: &str| format!("{what}-{suffix}");
    let is_changed = engine.rule_is_changed(zone);
    html! {
        section class="cardd blk ask" aria-labelledby=(id("rules")) {
            h2 id=(id("rules")) {
                (name)
                @if is_changed { " " small class="today" { (t!(texts, "chief-rules-changed")) } }
            }
            p class="in-force" { (sentence(app, engine, look, zone)) }
            @if is_open {
                form class="row" method="post" action=(look.href(HERE)) {
                    input type="hidden" name="key" value=(fresh_key());
                    @if let Some(zone) = zone { input type="hidden" name="zone" value=(zone); }
                    label for=(id("rule")) { (t!(texts, "chief-rules-other")) }
                    select id=(id("rule")) name="rule" {
                        @for rule in RULES {
                            option value=(rule) selected[rule == word(now)] disabled[!is_usable(engine, rule)] { (rule_name(look, rule)) }
                        }
                    }
                    label class="ratio" {
                        (t!(texts, "chief-rules-ratio-priority"))
                        input type="number" name="priority" min="1" max="20" value=(priority) required;
                    }
                    label class="ratio" {
                        (t!(texts, "chief-rules-ratio-regular"))
                        input type="number" name="regular" min="1" max="20" value=(regular) required;
                    }
                    button class="btn pri" name="act" value="change" { (t!(texts, "chief-rules-change")) }
                    @if is_changed {
                        button class="btn" name="act" value="plan" formnovalidate { (icon(Icon::Undo)) (t!(texts, "chief-rules-plan")) }
                    }
                }
            } @else {
                p class="sub" { (t!(texts, "chief-rules-closed")) }
            }
        }
    }
}

/// Whether the classes differ in what a rule goes by.
fn is_usable(engine: &Engine, rule: &str) -> bool {
    engine.plan().distinguishes(match rule {
        "strict" => Discipline::Strict,
        "accumulating" => Discipline::Accumulating,
        _ => return true,
    })
}

fn rule_name(look: Look, rule: &str) -> String {
    let key = format!("discipline-{rule}");
    let words = look.texts().find(&key, &[]);
    words.map_or_else(|| rule.to_owned(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use screens::{Language, Texts};

    use super::*;

    #[test]
    fn every_rule_that_is_offered_is_understood_and_has_a_name() {
        for rule in RULES {
            let fields = [("rule", rule), ("priority", "1"), ("regular", "4")];
            let discipline = wanted(&Fields::of(&fields)).unwrap();
            assert_eq!(word(discipline), rule);
            for language in [Language::ZhHantTw, Language::En] {
                let key = format!("discipline-{rule}");
                assert!(Texts::of(language).find(&key, &[]).is_some(), "{key}");
            }
        }
    }

    #[test]
    fn a_ratio_needs_both_numbers_and_none_is_nothing() {
        for bad in [
            &[("rule", "ratio")][..],
            &[("rule", "ratio"), ("priority", "0"), ("regular", "1")],
            &[("rule", "ratio"), ("priority", "1"), ("regular", "256")],
            &[("rule", "lottery")],
            &[],
        ] {
            assert!(wanted(&Fields::of(bad)).is_err(), "{bad:?}");
        }
    }
}
