//! What the tablet shows at each stage.

use maud::{Markup, PreEscaped, html};
use protocol::{RatingView, StationInfo};
use queue_core::{CounterState, TicketId};
use screens::shell::Theme;
use screens::{Icon, Language, PageHead, Texts, bt, icon, page, t};

use super::{Ask, REASONS, Stage, address, stage};
use crate::pages::asset;
use crate::views::THANKS_S;

/// How long the question stands, seconds; then it counts as not answered.
const ASK_S: u32 = 20;
/// How long reasons can be chosen, seconds; then the answer is sent as it is.
const WHY_S: u32 = 30;

/// The page of a counter that does not exist.
pub(super) fn unknown_counter() -> Markup {
    let words = t!(Texts::of(Language::ZhHantTw), "error-unknown_counter");
    let css = [asset("rating.css")];
    let head = PageHead {
        css: &css,
        body_class: "rt",
        ..PageHead::new(Language::ZhHantTw, &words)
    };
    page(&head, html! { main class="r-main" { h1 { (words) } } })
}

/// The page.
pub(super) fn render(info: &StationInfo, view: &RatingView, ask: &Ask, key: &str) -> Markup {
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
    let css = [asset("rating.css")];
    let js = [asset("rating.js")];
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
                p id="lost" class="r-lost" role="status" data-part {
                    (icon(Icon::NoNetwork))
                    span { (bt!(language, "rating-lost")) }
                    @if matches!(stage, Stage::Question { .. } | Stage::Why { .. }) {
                        span class="kept" { (bt!(language, "rating-kept")) }
                    }
                }
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
                                div role="status" { h1 { (bt!(language, "rating-thanks")) } }
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
                input type="hidden" name="given" value="1";
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
pub(in crate::pages) fn score_words(language: Language, score: u8) -> Markup {
    match score {
        5 => bt!(language, "rating-5"),
        4 => bt!(language, "rating-4"),
        3 => bt!(language, "rating-3"),
        2 => bt!(language, "rating-2"),
        _ => bt!(language, "rating-1"),
    }
}

/// The words of a reason, in two languages.
pub(super) fn reason_words(language: Language, reason: &str) -> Markup {
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
pub(in crate::pages) fn face(score: u8) -> Markup {
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
