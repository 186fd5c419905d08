//! How evenly the work was spread over the counters.

use maud::{Markup, html};
use queue_core::statistics::Figure;
use screens::{Texts, t};

use super::definitions::name_of;
use crate::reports::{Balance, CounterLoad};

/// Figures that the section explains.
pub(super) const EXPLAINED: [Figure; 3] = [Figure::CounterOpen, Figure::ExpectedLoad, Figure::Gini];

/// The section: counters with what they did, and the one number over all.
pub(super) fn section(balance: &Balance, texts: &'static Texts) -> Markup {
    html! {
        section class="cardd blk" id="balance" {
            h2 { (t!(texts, "balance-title")) }
            p class="sub" {
                (name_of(Figure::Gini, &t!(texts, "balance-gini"))) " "
                b { (balance.gini.map_or_else(|| "–".to_owned(), |gini| format!("{gini:.2}"))) } " "
                (t!(texts, "balance-usual"))
            }
            div class="scroll" tabindex="0" role="region" aria-label=(t!(texts, "balance-title")) {
                table class="st" {
                    thead { tr {
                        th class="l" scope="col" { (t!(texts, "counter")) }
                        th scope="col" { (t!(texts, "balance-busy")) }
                        th scope="col" { (name_of(Figure::ExpectedLoad, &t!(texts, "balance-expected"))) }
                        th scope="col" { (name_of(Figure::CounterOpen, &t!(texts, "balance-open"))) }
                    } }
                    tbody { @for load in &balance.counters { (row(load, texts)) } }
                }
            }
        }
    }
}

fn row(load: &CounterLoad, texts: &'static Texts) -> Markup {
    html! {
        tr {
            th class="l" scope="row" { (t!(texts, "counter-number", counter = load.counter.as_str())) }
            td { (minutes(load.busy_s)) }
            td { (minutes(load.expected_s)) }
            td { @match load.open_s { Some(open_s) => (minutes(open_s)), None => "–" } }
        }
    }
}

fn minutes(seconds: f64) -> String {
    format!("{:.0}", seconds / 60.0)
}

#[cfg(test)]
mod tests {
    use screens::Language;

    use super::*;

    fn load(counter: &str, open_s: Option<f64>) -> CounterLoad {
        CounterLoad {
            counter: counter.into(),
            busy_s: 600.0,
            expected_s: 720.0,
            open_s,
        }
    }

    #[test]
    fn it_says_minutes_and_one_number() {
        let balance = Balance {
            counters: vec![load("1", Some(3_600.0)), load("2", None)],
            gini: Some(0.1234),
        };
        let html = section(&balance, Texts::of(Language::En)).into_string();
        for part in ["0.12", "<td>10</td><td>12</td><td>60</td>", "<td>–</td>"] {
            assert!(html.contains(part), "no {part} in {html}");
        }
        let unknown = Balance {
            gini: None,
            ..balance
        };
        let html = section(&unknown, Texts::of(Language::ZhHantTw)).into_string();
        assert!(html.contains("<b>–</b>"), "{html}");
    }
}
