//! The tickets of one day, a page at a time.

use std::borrow::Cow;

use maud::{Markup, html};
use queue_core::StationTime;
use screens::format::{hh_mm, mm_ss};
use screens::{Texts, t};

use super::life;
use super::period::Period;
use super::reading::TICKETS_PER_PAGE;
use crate::app::Station;
use crate::pages::look::Look;
use crate::reports::{TicketLine, TicketList};

/// The list with its pages; `page` counts from 0.
pub(super) fn section(
    list: &TicketList,
    period: &Period,
    page: u32,
    station: &Station,
    look: Look,
) -> Markup {
    let texts = look.texts();
    let pages = list.total.div_ceil(u64::from(TICKETS_PER_PAGE)).max(1);
    let address = |page: u64| {
        let list = format!("{}&page={page}", period.address("/chief/history"));
        format!("{}#tickets", look.href(&list))
    };
    let shown = u64::from(page) + 1;
    html! {
        section class="cardd blk" id="tickets" {
            h2 { (t!(texts, "chief-tickets")) " · " (period.say(texts)) }
            p class="sub" { (t!(texts, "chief-tickets-sub", count = TICKETS_PER_PAGE)) }
            div class="scroll" tabindex="0" role="region" aria-label=(t!(texts, "chief-tickets")) {
                table class="st" {
                    thead { tr {
                        th class="l" scope="col" { (t!(texts, "number")) }
                        th class="l" scope="col" { (t!(texts, "service")) }
                        th class="l" scope="col" { (t!(texts, "chief-by-class")) }
                        th class="l" scope="col" { (t!(texts, "chief-state")) }
                        th scope="col" { (t!(texts, "counter")) }
                        th scope="col" { (t!(texts, "figure-issued")) }
                        th scope="col" { (t!(texts, "figure-called")) }
                        th scope="col" { (t!(texts, "figure-wait")) }
                        th scope="col" { (t!(texts, "figure-handling")) }
                        th scope="col" { (t!(texts, "figure-ratings")) }
                    } }
                    tbody { @for line in &list.tickets { (ticket(line, station, look)) } }
                }
            }
            nav class="row pages" aria-label=(t!(texts, "chief-tickets")) {
                @if page > 0 { a class="btn" href=(address(shown - 1)) { (t!(texts, "chief-previous")) } }
                span { (t!(texts, "chief-page-of", page = shown, pages = pages)) }
                @if shown < pages { a class="btn" href=(address(shown + 1)) { (t!(texts, "chief-next")) } }
            }
        }
    }
}

fn ticket(line: &TicketLine, station: &Station, look: Look) -> Markup {
    let texts = look.texts();
    let service = station
        .info
        .services
        .iter()
        .find(|s| s.id.as_str() == line.service);
    let time = |at: StationTime| hh_mm(station.civil(at).time());
    let wait_ms = line
        .first_called_at
        .map(|called| called.since_ms(line.issued_at));
    html! {
        tr {
            th class="l" scope="row" {
                @match line.id {
                    Some(id) => a href=(look.href(&life::address(id))) { (line.number) },
                    None => (line.number),
                }
            }
            td class="l" { (service.map_or(line.service.as_str(), |s| s.short_name.get(look.language.tag()))) }
            td class="l" { (words(texts, "chief-class-", &line.class)) }
            td class="l" { (words(texts, "state-", &line.state.replace('_', "-"))) }
            td { (line.counter.as_deref().unwrap_or("–")) }
            td { (time(line.issued_at)) }
            td { (line.first_called_at.map_or("–".into(), time)) }
            td { (minutes(wait_ms)) }
            td { (minutes(line.handling_ms)) }
            td { @match line.score { Some(score) => (score), None => "–" } }
        }
    }
}

/// The text of a word of the interface; the word where there is none.
fn words<'a>(texts: &'static Texts, prefix: &str, word: &'a str) -> Cow<'a, str> {
    texts
        .find(&format!("{prefix}{word}"), &[])
        .unwrap_or(Cow::Borrowed(word))
}

fn minutes(ms: Option<i64>) -> String {
    let seconds = ms.and_then(|ms| u32::try_from(ms / 1000).ok());
    seconds.map_or_else(|| "–".into(), mm_ss)
}

#[cfg(test)]
mod tests {
    use queue_core::TicketState;
    use screens::Language;

    use super::*;

    #[test]
    fn every_state_is_said_in_words() {
        let states = [
            TicketState::Unverified,
            TicketState::Enrolled,
            TicketState::Waiting,
            TicketState::Called,
            TicketState::Serving,
            TicketState::Held,
            TicketState::Done,
            TicketState::NoShow,
            TicketState::Cancelled,
            TicketState::Abandoned,
        ];
        for language in [Language::default(), Language::En] {
            let texts = Texts::of(language);
            for state in states {
                let word = serde_json::to_value(state).unwrap();
                let word = word.as_str().unwrap();
                let said = words(texts, "state-", &word.replace('_', "-")).into_owned();
                assert_ne!(said, word.replace('_', "-"), "{}", language.tag());
            }
        }
    }
}
