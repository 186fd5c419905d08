//! What a ticket says of itself, in one language.

use jiff::civil::DateTime;
use protocol::Names;
use queue_core::{Estimate, SeatPlace};
use screens::{Language, Texts, format, t};
use station_config::ticket::TicketField;

use super::{PaperSeat, TicketPaper};
use crate::page::sessions::place;

impl TicketPaper {
    /// What a field says in a language, line by line; nothing where it does not apply. `other` is the service that a
    /// block for another service is about.
    pub(super) fn lines(
        &self,
        field: TicketField,
        language: Language,
        other: Option<&Names>,
    ) -> Vec<String> {
        let (texts, tag) = (Texts::of(language), language.tag());
        let one = |line: String| if line.is_empty() { vec![] } else { vec![line] };
        let when = |applies: bool, line: &dyn Fn() -> String| {
            if applies { one(line()) } else { vec![] }
        };
        // Those of a session are not called one by one.
        let is_called_alone = self.seat.is_none();
        match field {
            TicketField::Station => one(self.station.get(tag).to_owned()),
            TicketField::NumberLabel => one(t!(texts, "ticket-number").into_owned()),
            TicketField::Number => one(self.number.clone()),
            TicketField::Service => one(self.service.get(tag).to_owned()),
            TicketField::Other => match other {
                Some(other) => one(format!("+ {}", other.get(tag))),
                None => vec![],
            },
            TicketField::Persons => when(self.persons > 1, &|| {
                let people = t!(texts, "label-people", count = self.persons);
                format!("{} {people}", self.persons)
            }),
            TicketField::Priority => {
                when(self.priority, &|| t!(texts, "ticket-priority").into_owned())
            }
            TicketField::Reprint => when(self.copy > 1, &|| {
                format!("{} {}", t!(texts, "ticket-reprint"), self.copy)
            }),
            TicketField::Offline => {
                when(self.offline, &|| t!(texts, "ticket-offline").into_owned())
            }
            TicketField::Appointment => match &self.appointment {
                Some(time) => one(format!("{} {time}", t!(texts, "appointment-title"))),
                None => vec![],
            },
            TicketField::IdentityDesk => match &self.identity_desk {
                Some(place) => {
                    one(t!(texts, "identity-first", place = place.get(tag)).into_owned())
                }
                None => vec![],
            },
            TicketField::Zone => match self.zone.get(tag) {
                "" => vec![],
                zone => one(t!(texts, "zone-wait-in", zone = zone).into_owned()),
            },
            TicketField::Session => match &self.seat {
                Some(seat) => session(texts, seat),
                None => vec![],
            },
            TicketField::Ahead => when(self.says_how_long(), &|| {
                t!(texts, "ticket-ahead", count = self.ahead).into_owned()
            }),
            TicketField::Wait if self.says_how_long() => self.wait(texts, language),
            TicketField::Wait => vec![],
            TicketField::Scan => when(!self.page_url.is_empty(), &|| {
                t!(texts, "ticket-scan").into_owned()
            }),
            TicketField::Missed => when(is_called_alone, &|| match self.missed.get(tag) {
                "" => t!(texts, "ticket-missed").into_owned(),
                told => told.to_owned(),
            }),
            TicketField::CallingRule => when(is_called_alone, &|| self.rule.get(tag).to_owned()),
            TicketField::Issued => one(self.issue_line(texts)),
            TicketField::Phone => when(!self.phone.is_empty(), &|| {
                t!(texts, "ticket-phone", phone = self.phone.as_str()).into_owned()
            }),
        }
    }

    /// How long it takes depends on when the identity is checked: nobody is called before. A session says when it
    /// begins.
    fn says_how_long(&self) -> bool {
        self.seat.is_none() && self.identity_desk.is_none()
    }

    /// The range and the time by which it ends, on one line where its script is short; nothing where no range is known.
    fn wait(&self, texts: &'static Texts, language: Language) -> Vec<String> {
        match self.estimate {
            Estimate::NoWait => vec![t!(texts, "wait-none").into_owned()],
            Estimate::NoCounterOpen => vec![t!(texts, "wait-unknown").into_owned()],
            Estimate::CountOnly => vec![],
            Estimate::Range {
                low_min, high_min, ..
            } => {
                let range = if low_min == 0 {
                    t!(texts, "ticket-wait-within", high = high_min)
                } else {
                    t!(texts, "ticket-wait", low = low_min, high = high_min)
                };
                let latest = latest(self.issued_at, high_min);
                let latest = t!(texts, "ticket-latest", time = latest);
                match language {
                    Language::ZhHantTw | Language::Ja | Language::Ko => {
                        vec![format!("{range} · {latest}")]
                    }
                    _ => vec![range.into_owned(), latest.into_owned()],
                }
            }
        }
    }

    fn issue_line(&self, texts: &'static Texts) -> String {
        format!(
            "{} {} {}",
            t!(texts, "ticket-time"),
            format::day(texts, self.issued_at.date()),
            format::hh_mm(self.issued_at.time())
        )
    }
}

fn session(texts: &'static Texts, seat: &PaperSeat) -> Vec<String> {
    let nth = t!(texts, "session-nth", nth = seat.seat.nth);
    let mut lines = vec![
        format!("{nth} · {}", seat.begins),
        place(texts, &seat.seat).into_owned(),
    ];
    if !seat.seat.checked_in {
        let until = seat.check_in_until.as_str();
        lines.push(t!(texts, "session-check-in-until", time = until).into_owned());
    }
    if let SeatPlace::List { .. } = seat.seat.place {
        lines.push(t!(texts, "session-moves").into_owned());
    }
    lines.push(t!(texts, "session-wait", time = seat.begins.as_str()).into_owned());
    lines
}

/// The time of day `high_min` minutes after the issue, in whole minutes as both stand on the paper: whoever adds the
/// range to the time of issue gets the same.
fn latest(issued_at: DateTime, high_min: u32) -> String {
    let minute = i64::from(issued_at.hour()) * 60 + i64::from(issued_at.minute());
    let end = minute + i64::from(high_min);
    format!("{:02}:{:02}", end / 60 % 24, end % 60)
}

#[cfg(test)]
mod tests {
    use super::super::tests::paper;
    use super::*;

    #[test]
    fn the_latest_time_is_the_printed_issue_and_the_end_of_the_range() {
        let at = |hour, minute, second| jiff::civil::date(2026, 1, 1).at(hour, minute, second, 0);
        assert_eq!(latest(at(10, 0, 0), 15), "10:15");
        assert_eq!(latest(at(10, 4, 59), 15), "10:19");
        assert_eq!(latest(at(23, 50, 0), 30), "00:20");
        let soon = TicketPaper {
            estimate: Estimate::Range {
                p50_s: 100,
                p80_s: 200,
                low_min: 0,
                high_min: 5,
            },
            ..paper(Language::En)
        };
        assert_eq!(
            soon.lines(TicketField::Wait, Language::En, None),
            ["Expected wait under 5 min", "Latest about 10:08"]
        );
        let closed = TicketPaper {
            estimate: Estimate::NoCounterOpen,
            ..soon
        };
        assert_eq!(
            closed.lines(TicketField::Wait, Language::En, None),
            ["Cannot be estimated"]
        );
    }
}
