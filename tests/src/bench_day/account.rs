//! The account: the event log, the kiosk's book and the records of the simulated devices, held against one another.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::clerks::Press;
use super::faults::Fault;
use super::hall::{PADS_LINE, Told};
use super::papers::Slip;
use super::report::{Frames, Report};
use crate::LoggedEvent;

/// So long after a call every panel of its counter shows it, where no fault and no later event at the counter is in the way,
/// in milliseconds. The line is shared: another panel may have to be asked three times before.
const SHOWN_WITHIN_MS: i64 = 2_500;
/// The clocks of log and devices are one, but neither is written at the very moment, in milliseconds.
const SLACK_MS: i64 = 250;
/// A press that was acknowledged acts so soon, in milliseconds.
const ACTS_WITHIN_MS: i64 = 6_000;

/// What comes of a fault may begin in the log so long after the fault is over, in milliseconds: it has to stand for a second.
const WRITTEN_WITHIN_MS: i64 = 5_000;
/// What happened so soon before or after something may explain it, in milliseconds.
const NEAR_MS: i64 = 10_000;

/// One entry of the kiosk's book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BookEntry {
    ticket: String,
    phase: String,
    is_reported: bool,
}

/// All that is known of a day.
pub(super) struct Diary {
    /// Ids of the tickets that visitors were shown.
    pub(super) issued: Vec<String>,
    pub(super) presses: Vec<Press>,
    pub(super) faults: Vec<Fault>,
    pub(super) papers: Vec<Slip>,
    pub(super) panels: Vec<Told>,
    pub(super) events: Vec<LoggedEvent>,
    pub(super) book: Vec<BookEntry>,
}

/// The book of the only kiosk.
pub(super) fn book(data: &Path) -> Vec<BookEntry> {
    let path = data.join("kiosk-K1.db");
    let db = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut query = db
        .prepare("SELECT lower(hex(ticket)), phase, reported FROM print_job ORDER BY nth")
        .expect("there is a book");
    let rows = query.query_map([], |row| {
        Ok(BookEntry {
            ticket: row.get(0)?,
            phase: row.get(1)?,
            is_reported: row.get(2)?,
        })
    });
    rows.and_then(Iterator::collect)
        .expect("the book can be read")
}

/// Somebody at a counter: from the call to the next event that takes the number off its panels.
struct Visit<'a> {
    counter: &'a str,
    number: u32,
    from_ms: i64,
    until_ms: i64,
}

impl Diary {
    pub(super) fn account(self, seed: u64, frames: Frames) -> Report {
        let mut report = Report {
            seed,
            tickets: self.issued.len(),
            prints: [0; 3],
            unknown_with_paper: 0,
            papers: [0; 2],
            calls: 0,
            calls_shown: 0,
            calls_excused: 0,
            shown_after_ms: [0; 2],
            presses: self.presses.len(),
            presses_acted: 0,
            frames,
            faults_logged: 0,
            faults: self.faults.iter().map(|fault| fault.told.clone()).collect(),
            events: self.events.len(),
        };
        self.tickets_and_papers(&mut report);
        self.calls_and_panels(&mut report);
        self.faults_and_log(&mut report);
        self.presses_and_acts(&mut report);
        report
    }

    fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a LoggedEvent> {
        self.events.iter().filter(move |event| event.kind == kind)
    }

    /// Every visitor has one ticket, every ticket one print result, the book has the same, and so has the paper.
    fn tickets_and_papers(&self, report: &mut Report) {
        let logged: Vec<&str> = self
            .of_kind("ticket_issued")
            .map(|event| event.text("ticket"))
            .collect();
        let shown: BTreeSet<&str> = self.issued.iter().map(String::as_str).collect();
        assert_eq!(
            (
                logged.len(),
                logged.iter().copied().collect::<BTreeSet<_>>()
            ),
            (self.issued.len(), shown),
            "tickets in the log and tickets that visitors were shown"
        );
        let mut results: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for event in self.of_kind("print_reported") {
            let outcome = event.body["outcome"]["result"].as_str();
            results
                .entry(event.text("ticket"))
                .or_default()
                .push(outcome.expect("a result"));
        }
        let mut booked: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for entry in &self.book {
            assert!(entry.is_reported, "the server was not told of {entry:?}");
            booked.entry(&entry.ticket).or_default().push(&entry.phase);
        }
        let mut came_out: BTreeMap<&str, Vec<&Slip>> = BTreeMap::new();
        for slip in &self.papers {
            report.papers[usize::from(!slip.complete)] += 1;
            for ticket in &slip.tickets {
                came_out.entry(ticket).or_default().push(slip);
            }
        }
        for ticket in logged {
            let result = results.remove(ticket).unwrap_or_default();
            let entry = booked.remove(ticket).unwrap_or_default();
            let [result] = result[..] else {
                panic!("ticket {ticket} has the print results {result:?}; the book says {entry:?}");
            };
            assert_eq!(
                entry,
                [result],
                "the book and the log about ticket {ticket}"
            );
            let slips = came_out.remove(ticket).unwrap_or_default();
            assert!(
                slips.len() <= 1,
                "ticket {ticket} came out {} times",
                slips.len()
            );
            match result {
                "printed" => {
                    report.prints[0] += 1;
                    let is_whole = slips.iter().any(|slip| slip.complete);
                    assert!(is_whole, "ticket {ticket} is said to be printed: {slips:?}");
                }
                "failed" => {
                    report.prints[1] += 1;
                    assert!(
                        slips.is_empty(),
                        "ticket {ticket} is said to have failed: {slips:?}"
                    );
                }
                _ => {
                    report.prints[2] += 1;
                    report.unknown_with_paper += slips.len();
                }
            }
        }
        assert!(came_out.is_empty(), "papers of nobody: {came_out:?}");
        assert!(results.is_empty() && booked.is_empty());
    }

    fn visits(&self) -> Vec<Visit<'_>> {
        let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
        let mut visits: Vec<Visit<'_>> = Vec::new();
        for event in &self.events {
            let counter = event.body["counter"].as_str();
            match (event.kind.as_str(), counter) {
                ("ticket_issued", _) => {
                    let number = event.text("number");
                    let digits = number.trim_start_matches(|c: char| !c.is_ascii_digit());
                    let digits = digits.parse().expect("a number");
                    numbers.insert(event.text("ticket"), digits);
                }
                ("ticket_called", Some(counter)) => visits.push(Visit {
                    counter,
                    number: numbers[event.text("ticket")],
                    from_ms: event.at_ms,
                    until_ms: i64::MAX,
                }),
                ("service_finished" | "ticket_no_show" | "ticket_held", _) => {
                    let ticket = event.text("ticket");
                    let number = numbers[ticket];
                    let mut open = visits.iter_mut().rev();
                    if let Some(visit) = open.find(|visit| visit.number == number) {
                        visit.until_ms = visit.until_ms.min(event.at_ms);
                    }
                }
                _ => {}
            }
        }
        visits
    }

    /// Every call was on every panel of its counter, or a fault with a name kept it from there; and panels showed nothing
    /// but numbers that were called to their counters.
    fn calls_and_panels(&self, report: &mut Report) {
        let visits = self.visits();
        report.calls = visits.len();
        let mut took_ms = Vec::new();
        for panel in &self.panels {
            let here = || visits.iter().filter(|visit| visit.counter == panel.counter);
            for visit in here() {
                let by_ms = visit.until_ms.min(visit.from_ms + SHOWN_WITHIN_MS) + SLACK_MS;
                let during = |(at_ms, text): &&(i64, String)| {
                    (visit.from_ms - SLACK_MS..by_ms).contains(at_ms) && says(text, visit.number)
                };
                let disturbs = |fault: &&Fault| {
                    let is_during = fault.from_ms <= by_ms && visit.from_ms <= fault.until_ms;
                    is_during && fault.lines.contains(&panel.line)
                };
                if let Some((at_ms, _)) = panel.shown.iter().find(during) {
                    report.calls_shown += 1;
                    if !self.faults.iter().any(|fault| disturbs(&fault)) {
                        took_ms.push((at_ms - visit.from_ms).max(0));
                    }
                } else if self.faults.iter().any(|fault| disturbs(&fault)) {
                    report.calls_excused += 1;
                } else {
                    let near: Vec<_> = panel
                        .shown
                        .iter()
                        .filter(|(at_ms, _)| (at_ms - visit.from_ms).abs() < 20_000)
                        .map(|(at_ms, text)| (at_ms - visit.from_ms, text))
                        .collect();
                    panic!(
                        "{} of counter {} did not show {} (there for {} ms); around the call it showed {near:?}",
                        panel.profile,
                        panel.counter,
                        visit.number,
                        visit.until_ms.saturating_sub(visit.from_ms),
                    );
                }
            }
            for (at_ms, text) in &panel.shown {
                let was_called = here()
                    .any(|visit| visit.from_ms - SLACK_MS <= *at_ms && says(text, visit.number));
                assert!(
                    is_dark(text) || was_called,
                    "{} of counter {} showed {text:?}, which nobody had called there",
                    panel.profile,
                    panel.counter
                );
            }
        }
        took_ms.sort_unstable();
        let quantile = |percent: usize| {
            let at = (took_ms.len() * percent / 100).min(took_ms.len().saturating_sub(1));
            took_ms.get(at).copied().unwrap_or(0)
        };
        report.shown_after_ms = [quantile(50), quantile(99)];
    }

    /// What the display agent did came from a press each, no press did two things, and none that was taken did nothing and
    /// said nothing.
    fn presses_and_acts(&self, report: &mut Report) {
        let mut unused: Vec<&Press> = self.presses.iter().collect();
        let mut seen = BTreeSet::new();
        let mut counter_of: BTreeMap<&str, &str> = BTreeMap::new();
        for event in &self.events {
            if event.kind == "ticket_called" {
                counter_of.insert(event.text("ticket"), event.text("counter"));
            }
            let is_of_display =
                event.actor.starts_with("display/") && event.kind != "call_announced";
            let Some(command) = event.command.as_ref().filter(|_| is_of_display) else {
                continue;
            };
            // A press that finishes one visitor and calls the next is one command with two events.
            if !seen.insert(command) {
                continue;
            }
            let counter = event.body["counter"].as_str();
            let counter = counter.or_else(|| counter_of.get(event.text("ticket")).copied());
            let fitting = unused.iter().enumerate().filter(|(_, press)| {
                Some(press.counter.as_str()) == counter
                    && press.causes.contains(&event.kind.as_str())
                    && press.from_ms - SLACK_MS <= event.at_ms
                    && event.at_ms <= press.until_ms + ACTS_WITHIN_MS
            });
            // One that was refused a moment before would fit as well.
            let likely = fitting.max_by_key(|(_, press)| (!press.beeped, press.from_ms));
            match likely.map(|(place, _)| place) {
                Some(place) => drop(unused.remove(place)),
                None => panic!(
                    "event {} ({} at counter {counter:?}) came from no press of its own",
                    event.seq, event.kind
                ),
            }
            report.presses_acted += 1;
        }
        // What is left of them did nothing. A beep, or what was asked, may have been lost on a line in trouble only.
        for press in unused {
            let is_near = |fault: &&Fault| {
                fault.from_ms <= press.until_ms + ACTS_WITHIN_MS
                    && press.from_ms - SLACK_MS <= fault.until_ms
            };
            let mut faults = self.faults.iter().filter(is_near);
            assert!(
                !press.acknowledged
                    || press.beeped
                    || faults.any(|fault| fault.lines.contains(&PADS_LINE)),
                "{press:?} was taken and not refused, and did nothing; near it were {:?} and {:?}",
                self.presses_near(press),
                self.acts_near(press)
            );
        }
    }
}

impl Diary {
    /// What else was pressed at the counter about that time.
    fn presses_near(&self, press: &Press) -> Vec<&Press> {
        let is_near = |other: &&Press| {
            other.counter == press.counter && (other.from_ms - press.from_ms).abs() < NEAR_MS
        };
        self.presses.iter().filter(is_near).collect()
    }

    /// What came from displays and consoles about that time.
    fn acts_near(&self, press: &Press) -> Vec<&LoggedEvent> {
        let is_near = |event: &&LoggedEvent| {
            (event.at_ms - press.from_ms).abs() < NEAR_MS && event.command.is_some()
        };
        self.events.iter().filter(is_near).collect()
    }
}

/// A fault as the log has it.
#[derive(Debug)]
struct LoggedFault<'a> {
    device: &'a str,
    word: &'a str,
    from_ms: i64,
    until_ms: i64,
}

impl Diary {
    /// The faults of the log: what begins was not there, what ends was, and in the end nothing is left.
    fn logged_faults(&self) -> Vec<LoggedFault<'_>> {
        let mut open: BTreeMap<&str, LoggedFault<'_>> = BTreeMap::new();
        let mut over = Vec::new();
        for event in &self.events {
            let is_begin = event.kind == "device_fault_began";
            if !is_begin && event.kind != "device_fault_ended" {
                continue;
            }
            let (device, word) = (event.text("device"), event.text("fault"));
            let before = open.remove(device);
            if is_begin {
                assert!(before.is_none(), "{device} {word} began while {before:?}");
                let fault = LoggedFault {
                    device,
                    word,
                    from_ms: event.at_ms,
                    until_ms: event.at_ms,
                };
                open.insert(device, fault);
            } else {
                let mut fault = before
                    .filter(|fault| fault.word == word)
                    .unwrap_or_else(|| {
                        panic!(
                            "event {}: {device} {word} ended and had not begun",
                            event.seq
                        )
                    });
                fault.until_ms = event.at_ms;
                over.push(fault);
            }
        }
        assert!(open.is_empty(), "faults without an end: {open:?}");
        over
    }

    /// Every fault that was made is in the log under its name, begun once in its time and ended once; and nothing is in the
    /// log that no fault explains.
    fn faults_and_log(&self, report: &mut Report) {
        let logged = self.logged_faults();
        report.faults_logged = logged.len();
        let begins_in = |fault: &Fault, logged: &LoggedFault<'_>, slack_ms: i64| {
            (fault.from_ms..=fault.until_ms + slack_ms).contains(&logged.from_ms)
        };
        for fault in &self.faults {
            for (device, words) in &fault.named {
                let of_device: Vec<_> = logged
                    .iter()
                    .filter(|logged| logged.device == device && begins_in(fault, logged, 0))
                    .collect();
                // Until it is known what is wrong it may have another word: where one follows the other at once, it is
                // one fault.
                let faults = of_device.chunk_by(|one, next| one.until_ms == next.from_ms);
                let named = faults.filter(|one| one.iter().any(|part| words.contains(&part.word)));
                assert_eq!(
                    named.count(),
                    1,
                    "{} ({} to {} ms): the log says of {device}, instead of one of {words:?}: {of_device:?}",
                    fault.told.name,
                    fault.from_ms,
                    fault.until_ms
                );
            }
        }
        for one in &logged {
            let explains = |fault: &Fault| {
                fault.disturbed.contains(one.device) && begins_in(fault, one, WRITTEN_WITHIN_MS)
            };
            assert!(
                self.faults.iter().any(explains),
                "no fault explains {one:?}"
            );
        }
    }
}

/// Whether a panel shows a number, with or without letter and zeros.
fn says(text: &str, number: u32) -> bool {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
    let last = &digits[digits.len().saturating_sub(3)..];
    let read: Option<u32> = std::str::from_utf8(last).ok().and_then(|d| d.parse().ok());
    read == Some(number % 1_000)
}

/// Nothing, or the 0 of a panel that cannot be dark.
fn is_dark(text: &str) -> bool {
    text.trim().chars().all(|c| c == '0')
}
