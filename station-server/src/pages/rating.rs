//! The rating tablet of a counter: asks the visitor just served, in the visitor's language and Chinese. Without script
//! it is links and forms; `rating.js` adds the live connection and the times after which a page moves on.

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, PreEscaped, html};
use protocol::{RatingView, StationInfo};
use queue_core::{Command, CounterId, CounterState, TicketId};
use screens::shell::Theme;
use screens::{Icon, Language, PageHead, Texts, bt, icon, page, t};
use serde::Deserialize;

use super::fields::{Fields, fresh_key, see_other};
use crate::access::{Permission, Principal, encode};
use crate::app::App;
use crate::http::Route;
use crate::problem::ApiProblem;
use crate::views::rating_view;

/// How long the question stands, seconds; then it counts as not answered.
const ASK_S: u32 = 20;
/// How long reasons can be chosen, seconds; then the answer is sent as it is.
const WHY_S: u32 = 30;
/// How long the thanks stand, seconds.
const THANKS_S: u32 = 5;
/// Scores up to this one are asked for reasons.
const WHY_UP_TO: u8 = 2;
/// The reasons offered; the last asks for a talk and is marked.
const REASONS: [&str; 6] = [
    "waiting",
    "explanation",
    "attitude",
    "place",
    "process",
    "manager",
];

/// Its routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/rating/{counter}", Permission::See, show),
        Route::post("/rating/{counter}", Permission::Visit, rate),
    ]
}

/// What the address says beside the counter.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Ask {
    /// A language chosen on the tablet.
    lang: String,
    /// The visitor who does not want to answer.
    skipped: String,
    /// The visitor who is giving reasons, and the score.
    why: String,
    score: String,
    /// An answer has just been given.
    thanks: String,
    theme: String,
}

/// What the tablet shows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stage {
    /// Nobody to ask.
    Idle,
    /// The question.
    Question { ticket: TicketId, number: String },
    /// The reasons behind a low score.
    Why { ticket: TicketId, score: u8 },
    /// Thanks.
    Thanks,
}

fn stage(view: &RatingView, ask: &Ask) -> Stage {
    if let (Ok(ticket), Some(score)) = (ask.why.parse(), low_score(&ask.score)) {
        return Stage::Why { ticket, score };
    }
    if !ask.thanks.is_empty() {
        return Stage::Thanks;
    }
    match view.asking {
        Some(ticket) if ask.skipped != ticket.to_string() => Stage::Question {
            ticket,
            number: view
                .number
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        },
        _ => Stage::Idle,
    }
}

fn low_score(text: &str) -> Option<u8> {
    text.parse()
        .ok()
        .filter(|score| (1..=WHY_UP_TO).contains(score))
}

async fn show(
    State(app): State<App>,
    Path(counter): Path<String>,
    Query(ask): Query<Ask>,
) -> Response {
    let view = CounterId::new(&counter)
        .ok()
        .and_then(|id| rating_view(&app, &id));
    match view {
        Some(view) => render(&app.info, &view, &ask, &fresh_key()).into_response(),
        None => (StatusCode::NOT_FOUND, unknown_counter()).into_response(),
    }
}

async fn rate(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(counter): Path<String>,
    Query(ask): Query<Ask>,
    fields: Fields,
) -> Result<Response, ApiProblem> {
    let ticket: TicketId = fields
        .parse("ticket")?
        .ok_or(queue_core::Rejected::UnknownTicket)?;
    let score: u8 = fields
        .parse("score")?
        .ok_or(queue_core::Rejected::BadScore)?;
    let ask = Ask {
        lang: language_of(&app, &ask, ticket),
        ..ask
    };
    if score <= WHY_UP_TO && fields.get("whole").is_none() {
        let what = [("why", ticket.to_string()), ("score", score.to_string())];
        return Ok(see_other(&address(&counter, &ask, &what)));
    }
    let reasons = fields
        .all("reason")
        .filter(|code| REASONS.contains(code))
        .map(str::to_owned)
        .collect();
    let command = Command::Rate {
        ticket,
        score,
        reasons,
        comment: None,
    };
    let key = fields.request_key(&principal, &format!("/rating/{counter}"));
    // The first answer counts. Whoever gives a second one, or one too late, is thanked as well: nothing is to be done.
    match app.submit(&principal, &key, command).await {
        Ok(_) => {}
        Err(problem) if problem.status.is_client_error() => {
            tracing::info!(code = problem.code, %ticket, "rating not taken");
        }
        Err(problem) => return Err(problem),
    }
    Ok(see_other(&address(
        &counter,
        &ask,
        &[("thanks", "1".to_owned())],
    )))
}

/// The language chosen on the tablet, else the visitor's: the counter may be asking somebody else by now.
fn language_of(app: &App, ask: &Ask, ticket: TicketId) -> String {
    let visitors = || {
        app.ticket_view(ticket)
            .and_then(|t| t.language)
            .map(|tag| tag.to_string())
    };
    Some(ask.lang.clone())
        .filter(|lang| !lang.is_empty())
        .or_else(visitors)
        .unwrap_or_default()
}

/// The tablet's address with what lasts (language, colours) and what is next.
fn address(counter: &str, ask: &Ask, next: &[(&str, String)]) -> String {
    let lang = Language::parse(&ask.lang).map(|l| ("lang", l.tag().to_owned()));
    let theme = Theme::parse(&ask.theme).map(|t| ("theme", t.name().to_owned()));
    let parts = lang.into_iter().chain(theme).chain(next.iter().cloned());
    let query: Vec<String> = parts
        .map(|(name, value)| format!("{name}={}", encode(&value)))
        .collect();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/rating/{}{mark}{}", encode(counter), query.join("&"))
}

fn unknown_counter() -> Markup {
    let words = t!(Texts::of(Language::ZhHantTw), "error-unknown_counter");
    let css = [super::asset("rating.css")];
    let head = PageHead {
        css: &css,
        body_class: "rt",
        ..PageHead::new(Language::ZhHantTw, &words)
    };
    page(&head, html! { main class="r-main" { h1 { (words) } } })
}

fn render(info: &StationInfo, view: &RatingView, ask: &Ask, key: &str) -> Markup {
    let stage = stage(view, ask);
    let chosen = Language::parse(&ask.lang);
    let language = chosen
        .or_else(|| {
            view.language
                .as_ref()
                .and_then(|tag| Language::parse(tag.as_str()))
        })
        .unwrap_or_default();
    let counter = view.counter.as_str();
    let home = address(
        counter,
        &Ask {
            lang: String::new(),
            ..ask.clone()
        },
        &[],
    );
    let (name, after_s) = match stage {
        Stage::Idle => ("idle", None),
        Stage::Question { .. } => ("question", Some(ASK_S)),
        Stage::Why { .. } => ("why", Some(WHY_S)),
        Stage::Thanks => ("thanks", Some(THANKS_S)),
    };
    let title = t!(Texts::of(Language::ZhHantTw), "rating-title");
    let css = [super::asset("rating.css")];
    let js = [super::asset("rating.js")];
    let data = [("data-counter", counter.to_owned())];
    let moves_on = html! {
        noscript { meta http-equiv="refresh" content={ (THANKS_S) ";url=" (home) }; }
    };
    let head = PageHead {
        css: &css,
        js: &js,
        theme: Theme::parse(&ask.theme).unwrap_or_default(),
        body_class: "rt",
        data: &data,
        extra: if matches!(stage, Stage::Idle | Stage::Thanks) {
            moves_on
        } else {
            PreEscaped(String::new())
        },
        ..PageHead::new(Language::ZhHantTw, &title)
    };
    let asked = view.asking.map(|id| id.to_string());
    page(
        &head,
        html! {
            div id="app" data-stage=(name) data-asked=[asked] data-home=(home) data-after-s=[after_s] {
                div id="tablet" class=(name) data-part {
                    @match &stage {
                        Stage::Idle => (idle(info, view)),
                        Stage::Question { ticket, number } => {
                            (top(view, Some(number), language, ask))
                            (question(counter, *ticket, language, ask, key))
                        }
                        Stage::Why { ticket, score } => {
                            (top(view, None, language, ask))
                            (why(counter, *ticket, *score, language, ask, key))
                        }
                        Stage::Thanks => {
                            (top(view, None, language, ask))
                            main class="r-main" {
                                p class="done" { (icon(Icon::Check)) }
                                h1 role="status" { (bt!(language, "rating-thanks")) }
                            }
                        }
                    }
                }
            }
        },
    )
}

/// Counter, number, and a choice of languages.
fn top(view: &RatingView, number: Option<&String>, language: Language, ask: &Ask) -> Markup {
    let texts = Texts::of(Language::ZhHantTw);
    html! {
        header class="r-top" {
            p class="c" aria-label=(t!(texts, "counter-number", counter = view.counter.as_str())) {
                b { (view.counter) } (t!(texts, "console-after-number"))
                @if let Some(number) = number { span { (number) } }
            }
            @if number.is_some() {
                details id="languages" {
                    summary { (icon(Icon::Globe)) span lang=(language.tag()) { (language.own_name()) } }
                    nav aria-label=(t!(texts, "language")) {
                        @for other in Language::ALL {
                            a href=(address(view.counter.as_str(), &Ask { lang: other.tag().to_owned(), ..ask.clone() }, &[]))
                                data-swap lang=(other.tag()) aria-current=[(other == language).then_some("true")] { (other.own_name()) }
                        }
                    }
                }
            }
        }
    }
}

fn question(counter: &str, ticket: TicketId, language: Language, ask: &Ask, key: &str) -> Markup {
    let skip = address(
        counter,
        &Ask {
            lang: String::new(),
            ..ask.clone()
        },
        &[("skipped", ticket.to_string())],
    );
    html! {
        main class="r-main" {
            h1 { (bt!(language, "rating-title")) }
            form method="post" action=(address(counter, ask, &[])) class="faces" {
                input type="hidden" name="key" value=(key);
                input type="hidden" name="ticket" value=(ticket);
                @for score in (1..=5_u8).rev() {
                    button type="submit" name="score" value=(score) class="face" id={ "score-" (score) } {
                        (face(score)) (score_words(language, score))
                    }
                }
            }
        }
        footer class="r-foot" {
            p { (icon(Icon::Check)) (bt!(language, "rating-anonymous")) }
            a class="b" id="skip" href=(skip) data-swap { (bt!(language, "rating-none")) }
        }
    }
}

fn why(
    counter: &str,
    ticket: TicketId,
    score: u8,
    language: Language,
    ask: &Ask,
    key: &str,
) -> Markup {
    html! {
        main class="r-main" {
            h1 { (bt!(language, "rating-why")) }
            form method="post" action=(address(counter, ask, &[])) class="chips" id="reasons" {
                input type="hidden" name="key" value=(key);
                input type="hidden" name="ticket" value=(ticket);
                input type="hidden" name="score" value=(score);
                input type="hidden" name="whole" value="1";
                @for (index, reason) in REASONS.into_iter().enumerate() {
                    label class=(if index + 1 == REASONS.len() { "chip h" } else { "chip" }) {
                        input type="checkbox" name="reason" value=(reason);
                        (reason_words(language, reason))
                    }
                }
            }
        }
        footer class="r-foot" {
            p { (icon(Icon::Clock)) (bt!(language, "rating-auto-send", seconds = WHY_S)) }
            button type="submit" form="reasons" class="b pri" { (bt!(language, "rating-send")) }
        }
    }
}

fn idle(info: &StationInfo, view: &RatingView) -> Markup {
    let zh = Language::ZhHantTw;
    let skills = info
        .counters
        .iter()
        .find(|c| c.id == view.counter)
        .map(|c| c.skills.as_slice())
        .unwrap_or_default();
    let names: Vec<&str> = skills
        .iter()
        .filter_map(|id| Some(info.service(id)?.short_name.zh()))
        .collect();
    html! {
        main class="r-idle" {
            div {
                h1 {
                    @match view.state {
                        CounterState::Open => (bt!(zh, "display-welcome")),
                        CounterState::Paused { .. } => (bt!(zh, "display-paused")),
                        CounterState::Closed => (bt!(zh, "display-closed")),
                    }
                }
                p { (names.join("、")) }
            }
            p class="no" aria-label=(t!(Texts::of(zh), "counter-number", counter = view.counter.as_str())) { (view.counter) }
        }
    }
}

/// The words of a score, in two languages.
pub(super) fn score_words(language: Language, score: u8) -> Markup {
    match score {
        5 => bt!(language, "rating-5"),
        4 => bt!(language, "rating-4"),
        3 => bt!(language, "rating-3"),
        2 => bt!(language, "rating-2"),
        _ => bt!(language, "rating-1"),
    }
}

fn reason_words(language: Language, reason: &str) -> Markup {
    match reason {
        "waiting" => bt!(language, "rating-reason-waiting"),
        "explanation" => bt!(language, "rating-reason-explanation"),
        "attitude" => bt!(language, "rating-reason-attitude"),
        "place" => bt!(language, "rating-reason-place"),
        "process" => bt!(language, "rating-reason-process"),
        _ => bt!(language, "rating-reason-manager"),
    }
}

/// A face of one hue; only the shape tells the score.
pub(super) fn face(score: u8) -> Markup {
    let mouth = match score {
        5 => "M18 38c4 9 24 9 28 0z",
        4 => "M19 39c5 7 21 7 26 0",
        3 => "M20 41.5h24",
        2 => "M19 45c5-7 21-7 26 0",
        _ => "M18 47c4-10 24-10 28 0",
    };
    html! {
        svg class="fc" viewBox="0 0 64 64" aria-hidden="true" {
            circle class="f" cx="32" cy="32" r="31" {}
            @if score == 5 {
                path d="M18 27c2-3.5 6-3.5 8 0M38 27c2-3.5 6-3.5 8 0" {}
            } @else {
                circle class="e" cx="22.5" cy="26" r="3.1" {}
                circle class="e" cx="41.5" cy="26" r="3.1" {}
            }
            @if score == 1 { path d="M17 19.5l8 3M47 19.5l-8 3" {} }
            path class=[(score == 5).then_some("e")] d=(mouth) {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Names;
    use queue_core::{LanguageTag, StationTime};

    fn view(asking: bool) -> RatingView {
        RatingView {
            at: StationTime(0),
            counter: CounterId::new("3").unwrap(),
            state: CounterState::Open,
            asking: asking.then_some(TicketId(7)),
            number: asking.then(|| "A047".parse().unwrap()),
            language: asking.then(|| LanguageTag::new("vi").unwrap()),
        }
    }

    fn info() -> StationInfo {
        StationInfo {
            name: Names::default(),
            timezone: "Asia/Taipei".into(),
            hours: ("08:00".into(), "17:00".into()),
            phone: String::new(),
            public_url: String::new(),
            services: vec![],
            counters: vec![],
            announcements: vec![],
        }
    }

    fn shown(asking: bool, ask: &Ask) -> String {
        render(&info(), &view(asking), ask, "k").into_string()
    }

    #[test]
    fn a_visitor_is_asked_in_the_visitors_language_and_chinese_with_five_equal_buttons() {
        let page = shown(true, &Ask::default());
        assert!(
            page.contains("data-stage=\"question\"") && page.contains("A047"),
            "{page}"
        );
        assert!(
            page.contains("<span lang=\"vi\">Rất hài lòng</span>"),
            "{page}"
        );
        assert!(
            page.contains("<span class=\"second\" lang=\"zh-Hant-TW\">非常滿意</span>"),
            "{page}"
        );
        let places: Vec<_> = (1..=5)
            .rev()
            .map(|s| page.find(&format!("value=\"{s}\"")).unwrap())
            .collect();
        assert!(places.is_sorted(), "best first");
        assert_eq!(page.matches("class=\"face\"").count(), 5);
        assert!(
            page.contains(&format!("name=\"ticket\" value=\"{}\"", TicketId(7))),
            "{page}"
        );
    }

    #[test]
    fn nobody_is_asked_twice_after_not_answering() {
        let skipped = Ask {
            skipped: TicketId(7).to_string(),
            ..Ask::default()
        };
        assert_eq!(stage(&view(true), &skipped), Stage::Idle);
        let other = Ask {
            skipped: TicketId(8).to_string(),
            ..Ask::default()
        };
        assert!(matches!(stage(&view(true), &other), Stage::Question { .. }));
        assert_eq!(stage(&view(false), &Ask::default()), Stage::Idle);
    }

    #[test]
    fn only_a_low_score_is_asked_for_reasons() {
        let why = |score: &str| {
            let ask = Ask {
                why: TicketId(7).to_string(),
                score: score.into(),
                ..Ask::default()
            };
            stage(&view(true), &ask)
        };
        assert_eq!(
            why("2"),
            Stage::Why {
                ticket: TicketId(7),
                score: 2
            }
        );
        for score in ["3", "0", "x", ""] {
            assert!(matches!(why(score), Stage::Question { .. }), "{score}");
        }
        let ask = Ask {
            why: TicketId(7).to_string(),
            score: "1".into(),
            ..Ask::default()
        };
        let page = shown(true, &ask);
        assert!(
            page.contains("我想找主管談") && page.contains("name=\"score\" value=\"1\""),
            "{page}"
        );
        assert_eq!(page.matches("type=\"checkbox\"").count(), REASONS.len());
    }

    #[test]
    fn idle_shows_the_counter_and_escapes_the_address() {
        let ask = Ask {
            theme: "\"><b>".into(),
            lang: "<i>".into(),
            ..Ask::default()
        };
        let page = shown(false, &ask);
        assert!(
            page.contains("歡迎，請坐") && page.contains("data-stage=\"idle\""),
            "{page}"
        );
        assert!(!page.contains("<i>") && !page.contains("\"><b>"), "{page}");
    }

    #[test]
    fn every_reason_and_score_has_its_own_words() {
        let words: std::collections::BTreeSet<String> = REASONS
            .iter()
            .map(|r| reason_words(Language::Ja, r).into_string())
            .collect();
        assert_eq!(words.len(), REASONS.len());
        let scores: std::collections::BTreeSet<String> = (1..=5)
            .map(|s| score_words(Language::Th, s).into_string())
            .collect();
        assert_eq!(scores.len(), 5);
    }
}
