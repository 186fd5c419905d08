//! What stands on the paper, as a document without sizes in dots.

use jiff::civil::DateTime;
use protocol::{Names, StationInfo, TicketIssued};
use queue_core::{Estimate, SeatPlace, SeatView};
use screens::{Language, Texts, format, t};

use crate::agent::local;
use crate::page::sessions::place;

/// A ticket as it is handed to a visitor.
#[derive(Clone, Debug, PartialEq)]
pub struct TicketPaper {
    /// The visitor's language. The paper speaks it and its companion: Chinese, or English beside Chinese.
    pub language: Language,
    /// Name of the station.
    pub station: Names,
    /// The number, as called.
    pub number: String,
    /// Name of the service.
    pub service: Names,
    /// Names of what else the visitor comes for.
    pub others: Vec<Names>,
    /// Persons it stands for.
    pub persons: u16,
    /// The ticket is of the priority class.
    pub priority: bool,
    /// When it was given out, in the station's time zone.
    pub issued_at: DateTime,
    /// The zone in which the visitor waits; empty: the station is one.
    pub zone: Names,
    /// Where the identity is checked first; none: it is not.
    pub identity_desk: Option<Names>,
    /// Its session, where its service has sessions.
    pub seat: Option<PaperSeat>,
    /// Tickets of the service in front.
    pub ahead: usize,
    /// What may be said about the wait.
    pub estimate: Estimate,
    /// Address in the QR code; empty: no QR code.
    pub page_url: String,
    /// The rule by which tickets are called, one sentence; empty: not told.
    pub rule: Names,
    /// What a visitor who misses the call may do; empty: to ask.
    pub missed: Names,
    /// The station's telephone number; empty: none.
    pub phone: String,
    /// 1 for the first paper of a ticket, 2 for its first reprint.
    pub copy: u32,
    /// Given out without the server.
    pub offline: bool,
}

/// What is printed.
#[derive(Clone, Debug, PartialEq)]
pub enum Document {
    /// A visitor's ticket.
    Ticket(Box<TicketPaper>),
    /// A page with which a printer shows that it works.
    Test(TestPaper),
}

impl Document {
    /// The language in which it is wanted.
    pub fn language(&self) -> Language {
        match self {
            Self::Ticket(paper) => paper.language,
            Self::Test(_) => Language::ZhHantTw,
        }
    }

    /// The same in another language.
    #[must_use]
    pub fn in_language(self, language: Language) -> Self {
        match self {
            Self::Ticket(paper) => Self::Ticket(Box::new(TicketPaper { language, ..*paper })),
            Self::Test(paper) => Self::Test(paper),
        }
    }

    /// Its pieces, from top to bottom.
    pub fn blocks(&self) -> Vec<Block> {
        match self {
            Self::Ticket(paper) => paper.blocks(),
            Self::Test(paper) => paper.blocks(),
        }
    }
}

impl From<TicketPaper> for Document {
    fn from(paper: TicketPaper) -> Self {
        Self::Ticket(Box::new(paper))
    }
}

/// A page with which a printer shows that it works: nobody's ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestPaper {
    /// Name of the station; empty where the server has not told it.
    pub station: Names,
    /// Name of the kiosk.
    pub kiosk: String,
    /// When it was asked for, in the station's time zone.
    pub at: DateTime,
}

impl TestPaper {
    fn blocks(&self) -> Vec<Block> {
        let text = |language, text: String, size, bold| Block::Text {
            language,
            text,
            size,
            bold,
        };
        let line = |language: Language, size, bold| {
            let words = t!(
                Texts::of(language),
                "paper-test",
                kiosk = self.kiosk.as_str()
            );
            text(language, words.into_owned(), size, bold)
        };
        let station = self.station.zh().to_owned();
        let at = format!("{} {}", self.at.date(), format::hh_mm(self.at.time()));
        vec![
            text(Language::ZhHantTw, station, TextSize::Body, false),
            line(Language::ZhHantTw, TextSize::Large, true),
            line(Language::En, TextSize::Body, false),
            Block::Rule,
            Block::Number("8888".to_owned()),
            Block::Rule,
            text(Language::En, at, TextSize::Small, false),
            Block::Space(40),
        ]
    }
}

/// The session of a ticket, as the paper says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperSeat {
    /// Its place in the timetable of the day, and where the ticket stands in it.
    pub seat: SeatView,
    /// When it begins, in the station's time zone.
    pub begins: String,
    /// Until when to check in.
    pub check_in_until: String,
}

impl PaperSeat {
    fn new(station: &StationInfo, seat: &SeatView) -> Self {
        let at = |at| format::hh_mm(local(Some(station), at).time());
        Self {
            begins: at(seat.begins),
            check_in_until: at(seat.check_in_until),
            seat: seat.clone(),
        }
    }

    fn lines(&self, texts: &'static Texts) -> Vec<String> {
        let nth = t!(texts, "session-nth", nth = self.seat.nth);
        let mut lines = vec![
            format!("{nth} · {}", self.begins),
            place(texts, &self.seat).into_owned(),
        ];
        if !self.seat.checked_in {
            let until = self.check_in_until.as_str();
            lines.push(t!(texts, "session-check-in-until", time = until).into_owned());
        }
        if let SeatPlace::List { .. } = self.seat.place {
            lines.push(t!(texts, "session-moves").into_owned());
        }
        lines.push(t!(texts, "session-wait", time = self.begins.as_str()).into_owned());
        lines
    }
}

/// One piece of the paper, from top to bottom, each centred.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Words in one language.
    Text {
        /// Decides font and Han variant.
        language: Language,
        /// The words.
        text: String,
        /// How large.
        size: TextSize,
        /// Bold.
        bold: bool,
    },
    /// The ticket's number, capitals at least 15 mm high; narrowed, then lower where the paper is too narrow.
    Number(String),
    /// A QR code at least 25 mm wide, without its quiet zone.
    Qr(String),
    /// A line across the paper.
    Rule,
    /// Empty paper, tenths of a millimetre.
    Space(u16),
}

/// Height of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextSize {
    /// For what need not be read at once.
    Small,
    /// For reading.
    Body,
    /// For the service.
    Large,
}

impl TextSize {
    /// Height of the em square, tenths of a millimetre.
    pub fn em_tenths_mm(self) -> u32 {
        match self {
            Self::Small => 31,
            Self::Body => 38,
            Self::Large => 52,
        }
    }
}

impl TicketPaper {
    /// The first paper of a ticket just given out.
    ///
    /// `priority` says whether its class is the priority class; `issued_at` is its issue time in the station's zone.
    pub fn new(
        station: &StationInfo,
        issued: &TicketIssued,
        language: Language,
        priority: bool,
        issued_at: DateTime,
    ) -> Self {
        let name_of = |id| {
            let service = station.service(id);
            service
                .map(|service| service.name.clone())
                .unwrap_or_default()
        };
        Self {
            language,
            station: station.name.clone(),
            number: issued.number.to_string(),
            service: name_of(issued.asked_first()),
            others: issued.others().iter().map(name_of).collect(),
            persons: issued.persons,
            priority,
            issued_at,
            zone: station
                .waiting_zone(&issued.service)
                .map(|zone| zone.name.clone())
                .unwrap_or_default(),
            identity_desk: issued
                .unverified
                .then(|| station.identity_desk.clone().unwrap_or_default()),
            seat: issued
                .seat
                .as_ref()
                .map(|seat| PaperSeat::new(station, seat)),
            ahead: issued.ahead,
            estimate: issued.estimate,
            page_url: issued.page_url.clone(),
            rule: issued.rule.clone(),
            missed: issued.missed.clone(),
            phone: station.phone.clone(),
            copy: 1,
            offline: false,
        }
    }

    /// The paper from top to bottom. No name and no identity number ever stand on it.
    pub fn blocks(&self) -> Vec<Block> {
        let first = Speech {
            language: self.language,
            bold: true,
        };
        let second = Speech {
            language: self.language.companion(),
            bold: false,
        };
        let mut blocks = Vec::new();
        for speech in [first, second] {
            blocks.push(speech.say(self.station.get(speech.language.tag()), TextSize::Body));
        }
        self.push_marks(&mut blocks, [first, second]);
        blocks.push(Block::Space(15));
        let label = t!(first.texts(), "ticket-number");
        let other_label = t!(second.texts(), "ticket-number");
        blocks.push(
            second
                .in_language(first.language)
                .say(&label, TextSize::Body),
        );
        blocks.push(second.say(&other_label, TextSize::Small));
        blocks.push(Block::Number(self.number.clone()));
        blocks.push(first.say(self.service.get(first.language.tag()), TextSize::Large));
        blocks.push(second.say(self.service.get(second.language.tag()), TextSize::Body));
        for other in &self.others {
            for (speech, size) in [(first, TextSize::Body), (second, TextSize::Small)] {
                let words = format!("+ {}", other.get(speech.language.tag()));
                blocks.push(speech.say(&words, size));
            }
        }
        if self.persons > 1 {
            for (speech, size) in [(first, TextSize::Body), (second, TextSize::Small)] {
                let people = t!(speech.texts(), "label-people", count = self.persons);
                blocks.push(speech.say(&format!("{} {people}", self.persons), size));
            }
        }
        self.push_places(&mut blocks, [first, second]);
        blocks.push(Block::Rule);
        for (speech, size) in [(first, TextSize::Body), (second, TextSize::Small)] {
            let texts = speech.texts();
            if let Some(seat) = &self.seat {
                for line in seat.lines(texts) {
                    blocks.push(speech.say(&line, size));
                }
                continue;
            }
            // How long depends on when the identity is checked: nobody is called before.
            if self.identity_desk.is_some() {
                continue;
            }
            blocks.push(speech.say(&t!(texts, "ticket-ahead", count = self.ahead), size));
            for wait in self.wait(texts, speech.language) {
                blocks.push(speech.say(&wait, size));
            }
        }
        blocks.push(Block::Space(15));
        if !self.page_url.is_empty() {
            blocks.push(Block::Qr(self.page_url.clone()));
            for speech in [first, second] {
                let quiet = second.in_language(speech.language);
                blocks.push(quiet.say(&t!(speech.texts(), "ticket-scan"), TextSize::Small));
            }
        }
        blocks.push(Block::Rule);
        let called_alone = [first, second].into_iter().filter(|_| self.seat.is_none());
        for speech in called_alone {
            let words = match self.missed.get(speech.language.tag()) {
                "" => t!(speech.texts(), "ticket-missed"),
                told => told.into(),
            };
            blocks.push(speech.say(&words, TextSize::Small));
        }
        let quiet = second.in_language(first.language);
        let rule = match self.seat {
            // They are not called one by one.
            Some(_) => "",
            None => self.rule.get(first.language.tag()),
        };
        // In one language: a sentence takes as much paper as the number.
        if !rule.is_empty() {
            blocks.push(quiet.say(rule, TextSize::Small));
        }
        blocks.push(quiet.say(&self.issue_line(first.texts()), TextSize::Small));
        if !self.phone.is_empty() {
            let phone = t!(first.texts(), "ticket-phone", phone = self.phone.as_str());
            blocks.push(quiet.say(&phone, TextSize::Small));
        }
        blocks
    }

    /// Where to wait, and where to go first.
    fn push_places(&self, blocks: &mut Vec<Block>, speeches: [Speech; 2]) {
        for speech in speeches {
            let (texts, tag) = (speech.texts(), speech.language.tag());
            if let Some(place) = &self.identity_desk {
                let words = t!(texts, "identity-first", place = place.get(tag));
                blocks.push(speech.say(&words, TextSize::Body));
            }
            match self.zone.get(tag) {
                "" => {}
                zone => {
                    let words = t!(texts, "zone-wait-in", zone = zone);
                    blocks.push(speech.say(&words, TextSize::Body));
                }
            }
        }
    }

    /// Priority, reprint and offline, each in both languages on one line.
    fn push_marks(&self, blocks: &mut Vec<Block>, speeches: [Speech; 2]) {
        for speech in speeches {
            let texts = speech.texts();
            let mut marks = Vec::new();
            if self.priority {
                marks.push(t!(texts, "ticket-priority").into_owned());
            }
            if self.copy > 1 {
                marks.push(format!("{} {}", t!(texts, "ticket-reprint"), self.copy));
            }
            if self.offline {
                marks.push(t!(texts, "ticket-offline").into_owned());
            }
            if !marks.is_empty() {
                blocks.push(speech.say(&marks.join(" · "), TextSize::Body));
            }
        }
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

/// The time of day `high_min` minutes after the issue, in whole minutes as both stand on the paper: whoever adds the
/// range to the time of issue gets the same.
fn latest(issued_at: DateTime, high_min: u32) -> String {
    let minute = i64::from(issued_at.hour()) * 60 + i64::from(issued_at.minute());
    let end = minute + i64::from(high_min);
    format!("{:02}:{:02}", end / 60 % 24, end % 60)
}

/// One of the two voices of the paper.
#[derive(Clone, Copy)]
struct Speech {
    language: Language,
    bold: bool,
}

impl Speech {
    fn texts(self) -> &'static Texts {
        Texts::of(self.language)
    }

    fn in_language(self, language: Language) -> Self {
        Self { language, ..self }
    }

    fn say(self, text: &str, size: TextSize) -> Block {
        Block::Text {
            language: self.language,
            text: text.to_owned(),
            size,
            bold: self.bold,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn names(pairs: &[(&str, &str)]) -> Names {
        Names(
            pairs
                .iter()
                .map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned()))
                .collect::<BTreeMap<_, _>>(),
        )
    }

    /// A ticket with everything on it.
    pub(crate) fn paper(language: Language) -> TicketPaper {
        TicketPaper {
            seat: None,
            language,
            station: names(&[("zh-Hant-TW", "示範服務站"), ("en", "Demo Service Station")]),
            number: "A047".to_owned(),
            service: names(&[
                ("zh-Hant-TW", "居留證"),
                ("en", "Resident certificate"),
                ("vi", "Thẻ cư trú"),
            ]),
            others: vec![],
            persons: 1,
            priority: true,
            issued_at: jiff::civil::date(2026, 11, 20).at(10, 3, 40, 0),
            zone: Names::default(),
            identity_desk: None,
            ahead: 6,
            estimate: Estimate::Range {
                p50_s: 700,
                p80_s: 880,
                low_min: 10,
                high_min: 15,
            },
            page_url: "http://127.0.0.1:8080/t/0123456789abcdef0123456789abcdef".to_owned(),
            rule: names(&[
                (
                    "zh-Hant-TW",
                    "本站叫號規則：依取號先後；優先號視同提早 20 分鐘取號。",
                ),
                (
                    "en",
                    "How we call: in the order tickets were taken; Priority counts as taken 20 minutes earlier.",
                ),
            ]),
            missed: Names::default(),
            phone: "02-2389-9983".to_owned(),
            copy: 1,
            offline: false,
        }
    }

    fn texts(paper: &TicketPaper) -> Vec<(Language, String)> {
        paper
            .blocks()
            .into_iter()
            .filter_map(|block| match block {
                Block::Text { language, text, .. } => Some((language, text)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_chinese_paper_also_speaks_english_and_has_everything() {
        let paper = paper(Language::ZhHantTw);
        let texts = texts(&paper);
        for (language, text) in [
            (Language::ZhHantTw, "示範服務站"),
            (Language::En, "Demo Service Station"),
            (Language::ZhHantTw, "優先"),
            (Language::ZhHantTw, "居留證"),
            (Language::En, "Resident certificate"),
            (Language::ZhHantTw, "前面還有 6 人"),
            (Language::En, "Ahead of you: 6"),
            (Language::ZhHantTw, "大約等候 10–15 分鐘 · 最晚約 10:18"),
            (Language::ZhHantTw, "過號請洽服務台"),
            (
                Language::ZhHantTw,
                "本站叫號規則：依取號先後；優先號視同提早 20 分鐘取號。",
            ),
            (Language::ZhHantTw, "取號時間 11 月 20 日 週五 10:03"),
            (Language::ZhHantTw, "電話 02-2389-9983"),
        ] {
            assert!(
                texts.contains(&(language, text.to_owned())),
                "{text} is missing in {texts:?}"
            );
        }
        let blocks = paper.blocks();
        assert!(blocks.contains(&Block::Number("A047".to_owned())));
        assert!(blocks.contains(&Block::Qr(paper.page_url.clone())));
    }

    #[test]
    fn what_one_who_misses_the_call_may_do_is_said_once_in_each_language() {
        let paper = TicketPaper {
            missed: names(&[
                (
                    "zh-Hant-TW",
                    "過號 30 分鐘內回來，排在 3 位之後，最多 2 次。",
                ),
                ("en", "Missed your number? Come back within 30 minutes."),
            ]),
            ..paper(Language::ZhHantTw)
        };
        let texts = texts(&paper);
        for told in paper.missed.0.values() {
            let times = texts.iter().filter(|(_, text)| text == told).count();
            assert_eq!(times, 1, "{told} in {texts:?}");
        }
        assert!(texts.iter().all(|(_, text)| text != "過號請洽服務台"));
    }

    #[test]
    fn another_language_comes_with_chinese() {
        let texts = texts(&paper(Language::Vi));
        assert!(texts.contains(&(Language::Vi, "Thẻ cư trú".to_owned())));
        assert!(texts.contains(&(Language::ZhHantTw, "居留證".to_owned())));
        assert!(texts.iter().all(|(language, _)| *language != Language::En));
    }

    #[test]
    fn nothing_is_said_that_is_not_known() {
        let plain = TicketPaper {
            estimate: Estimate::CountOnly,
            priority: false,
            phone: String::new(),
            rule: Names::default(),
            page_url: String::new(),
            ..paper(Language::ZhHantTw)
        };
        let texts = texts(&plain);
        assert!(texts.iter().all(|(_, text)| !text.contains("等候")
            && !text.contains("電話")
            && !text.contains("規則")
            && !text.contains("優先")));
        assert!(!plain.blocks().iter().any(|b| matches!(b, Block::Qr(_))));
        let closed = TicketPaper {
            estimate: Estimate::NoCounterOpen,
            ..plain
        };
        assert_eq!(
            closed.wait(Texts::of(Language::En), Language::En),
            ["Cannot be estimated"]
        );
    }

    #[test]
    fn reprints_and_offline_tickets_say_so() {
        let marked = TicketPaper {
            copy: 2,
            offline: true,
            ..paper(Language::En)
        };
        let texts = texts(&marked);
        assert!(texts.contains(&(
            Language::En,
            "Priority · Reprint 2 · Issued offline".to_owned()
        )));
        assert!(texts.contains(&(Language::ZhHantTw, "優先 · 補印 2 · 離線取號".to_owned())));
    }

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
            soon.wait(Texts::of(Language::En), Language::En),
            ["Expected wait under 5 min", "Latest about 10:08"]
        );
    }
}
