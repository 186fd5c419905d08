//! What stands on the paper, as a document without sizes in dots: what is known of a ticket ([`TicketPaper`]), put in the
//! order and the sizes of the station's layout.

mod fields;

use std::sync::Arc;

use jiff::civil::DateTime;
use protocol::{Names, SheetLine, SheetSize, StationInfo, TicketIssued};
use queue_core::{Estimate, SeatView};
use screens::{Language, Texts, format, t};
use station_config::ticket::{
    Align, LayoutBlock, Millimetres, Picture, TextBlock, TextStyle, TicketField, TicketLayout,
};

use crate::agent::local;

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
    /// The time of its appointment, as `10:30`; none: it has none.
    pub appointment: Option<String>,
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
    Ticket {
        /// What is known of it.
        paper: Box<TicketPaper>,
        /// What of it is said, and how.
        layout: Arc<TicketLayout>,
    },
    /// A page with which a printer shows that it works.
    Test(TestPaper),
    /// What staff have printed: nobody's ticket.
    Sheet(SheetPaper),
}

impl Document {
    /// A ticket in the layout of its station.
    pub fn ticket(paper: TicketPaper, layout: Arc<TicketLayout>) -> Self {
        let paper = Box::new(paper);
        Self::Ticket { paper, layout }
    }

    /// The language in which it is wanted.
    pub fn language(&self) -> Language {
        match self {
            Self::Ticket { paper, .. } => paper.language,
            Self::Test(_) | Self::Sheet(_) => Language::ZhHantTw,
        }
    }

    /// The same in another language.
    #[must_use]
    pub fn in_language(self, language: Language) -> Self {
        match self {
            Self::Ticket { mut paper, layout } => {
                paper.language = language;
                Self::Ticket { paper, layout }
            }
            other @ (Self::Test(_) | Self::Sheet(_)) => other,
        }
    }

    /// Its pieces, from top to bottom.
    pub fn blocks(&self) -> Vec<Block> {
        match self {
            Self::Ticket { paper, layout } => paper.blocks(layout),
            Self::Test(paper) => paper.blocks(),
            Self::Sheet(paper) => paper.blocks(),
        }
    }
}

/// A ticket in the built-in layout.
impl From<TicketPaper> for Document {
    fn from(paper: TicketPaper) -> Self {
        Self::ticket(paper, Arc::new(TicketLayout::default()))
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
    const SMALL: TextStyle = style(31, false);
    const BODY: TextStyle = style(38, false);
    const LARGE: TextStyle = style(52, true);

    fn blocks(&self) -> Vec<Block> {
        let words = |language: Language, style| {
            let words = t!(
                Texts::of(language),
                "paper-test",
                kiosk = self.kiosk.as_str()
            );
            Block::text(language, &words, style, Align::Centre)
        };
        let at = format!("{} {}", self.at.date(), format::hh_mm(self.at.time()));
        let rule = Block::Rule(Millimetres::tenths(3));
        let number = Block::Number {
            text: "8888".to_owned(),
            height: Millimetres::tenths(150),
            align: Align::Centre,
        };
        vec![
            Block::text(
                Language::ZhHantTw,
                self.station.zh(),
                Self::BODY,
                Align::Centre,
            ),
            words(Language::ZhHantTw, Self::LARGE),
            words(Language::En, Self::BODY),
            rule.clone(),
            number,
            rule,
            Block::text(Language::En, &at, Self::SMALL, Align::Centre),
            Block::Space(Millimetres::tenths(40)),
        ]
    }
}

/// A sheet as it was ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetPaper {
    /// What it says, from top to bottom.
    pub lines: Vec<SheetLine>,
}

impl SheetPaper {
    fn blocks(&self) -> Vec<Block> {
        let lines = self.lines.iter().map(|line| match line {
            SheetLine::Rule => Block::Rule(Millimetres::tenths(3)),
            SheetLine::Text {
                language,
                text,
                size,
            } => {
                let language = Language::parse(language.as_str()).unwrap_or_default();
                let (style, align) = match size {
                    SheetSize::Title => (style(52, true), Align::Centre),
                    SheetSize::Body => (style(38, false), Align::Left),
                    SheetSize::Small => (style(31, false), Align::Left),
                };
                Block::text(language, text, style, align)
            }
        });
        let foot = Block::Space(Millimetres::tenths(40));
        lines.chain([foot]).collect()
    }
}

const fn style(tenths_mm: u16, bold: bool) -> TextStyle {
    TextStyle {
        size_mm: Millimetres::tenths(tenths_mm),
        bold,
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
}

/// One piece of the paper, from top to bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Words in one language.
    Text {
        /// Decides font and Han variant.
        language: Language,
        /// The words.
        text: String,
        /// How large, and whether bold.
        style: TextStyle,
        /// Where.
        align: Align,
    },
    /// The ticket's number on one line; narrowed, then lower where the paper is too narrow.
    Number {
        /// The number.
        text: String,
        /// Height of its capitals.
        height: Millimetres,
        /// Where.
        align: Align,
    },
    /// A QR code.
    Qr {
        /// What it says.
        text: String,
        /// Least width, without its quiet zone.
        width: Millimetres,
        /// Where.
        align: Align,
    },
    /// A picture in black and white.
    Logo {
        /// The picture.
        picture: Picture,
        /// Its width on the paper.
        width: Millimetres,
        /// Where.
        align: Align,
    },
    /// A line across the paper, so thick.
    Rule(Millimetres),
    /// Empty paper.
    Space(Millimetres),
}

impl Block {
    fn text(language: Language, text: &str, style: TextStyle, align: Align) -> Self {
        Self::Text {
            language,
            text: text.to_owned(),
            style,
            align,
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
            appointment: issued
                .slot
                .map(|slot| format::hh_mm(local(Some(station), slot).time())),
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
            offline: issued.number.kiosk.is_some(),
        }
    }

    /// The paper from top to bottom. No name and no identity number ever stand on it.
    pub fn blocks(&self, layout: &TicketLayout) -> Vec<Block> {
        let blocks = layout.blocks.iter();
        blocks.flat_map(|block| self.laid_out(block)).collect()
    }

    /// What becomes of a block of the layout.
    fn laid_out(&self, block: &LayoutBlock) -> Vec<Block> {
        match block {
            LayoutBlock::Text(block) => self.said(block),
            LayoutBlock::Words(block) => {
                let spoken = self.spoken(block.first, block.second);
                let words = spoken.map(|(language, style)| {
                    Block::text(language, block.say.get(language.tag()), style, block.align)
                });
                words.collect()
            }
            LayoutBlock::Number(block) => vec![Block::Number {
                text: self.number.clone(),
                height: block.height_mm,
                align: block.align,
            }],
            LayoutBlock::Qr(_) if self.page_url.is_empty() => vec![],
            LayoutBlock::Qr(block) => vec![Block::Qr {
                text: self.page_url.clone(),
                width: block.width_mm,
                align: block.align,
            }],
            LayoutBlock::Logo(block) => vec![Block::Logo {
                picture: block.picture.clone(),
                width: block.width_mm,
                align: block.align,
            }],
            LayoutBlock::RuleMm(thickness) => vec![Block::Rule(*thickness)],
            LayoutBlock::SpaceMm(height) => vec![Block::Space(*height)],
        }
    }

    /// The lines of a block of text: all in the first language, then all in the second; the whole for every other
    /// service that it is about.
    fn said(&self, block: &TextBlock) -> Vec<Block> {
        let others: Vec<Option<&Names>> = if block.lines.contains(&TicketField::Other) {
            self.others.iter().map(Some).collect()
        } else {
            vec![None]
        };
        let mut blocks = Vec::new();
        for other in others {
            for (language, style) in self.spoken(block.first, block.second) {
                let lines = block.lines.iter();
                let mut lines: Vec<String> = lines
                    .flat_map(|field| self.lines(*field, language, other))
                    .collect();
                if block.on_one_line && !lines.is_empty() {
                    lines = vec![lines.join(" · ")];
                }
                let lines = lines.iter();
                blocks.extend(lines.map(|line| Block::text(language, line, style, block.align)));
            }
        }
        blocks
    }

    /// The languages of a block, each with its style.
    fn spoken(
        &self,
        first: Option<TextStyle>,
        second: Option<TextStyle>,
    ) -> impl Iterator<Item = (Language, TextStyle)> {
        let languages = [(self.language, first), (self.language.companion(), second)];
        languages
            .into_iter()
            .filter_map(|(language, style)| Some((language, style?)))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::collections::BTreeMap;

    use station_config::ticket::Papers;

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
            appointment: None,
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
            .blocks(&TicketLayout::default())
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
        let blocks = paper.blocks(&TicketLayout::default());
        let is_number = |b: &Block| matches!(b, Block::Number { text, .. } if text == "A047");
        let is_code = |b: &Block| matches!(b, Block::Qr { text, .. } if *text == paper.page_url);
        assert!(blocks.iter().any(is_number) && blocks.iter().any(is_code));
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
        let blocks = plain.blocks(&TicketLayout::default());
        assert!(!blocks.iter().any(|b| matches!(b, Block::Qr { .. })));
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
    fn an_appointment_says_that_it_is_one_and_its_time() {
        let booked = TicketPaper {
            appointment: Some("10:30".to_owned()),
            ..paper(Language::Vi)
        };
        let texts = texts(&booked);
        assert!(texts.contains(&(Language::Vi, "Lịch hẹn của bạn 10:30".to_owned())));
        assert!(texts.contains(&(Language::ZhHantTw, "您的預約 10:30".to_owned())));
    }

    #[test]
    fn a_block_for_another_service_stands_once_for_each() {
        let matters = TicketPaper {
            others: vec![
                names(&[("zh-Hant-TW", "領件"), ("en", "Pick-up")]),
                names(&[("zh-Hant-TW", "諮詢"), ("en", "Enquiries")]),
            ],
            ..paper(Language::En)
        };
        let said: Vec<String> = texts(&matters)
            .into_iter()
            .filter_map(|(_, text)| text.strip_prefix("+ ").map(str::to_owned))
            .collect();
        assert_eq!(said, ["Pick-up", "領件", "Enquiries", "諮詢"]);
    }

    /// A layout of a station's own: its words, one language only, and where things stand.
    #[test]
    fn the_layout_says_what_stands_on_the_paper_and_where() {
        let layout = TicketLayout::parse(
            "t.toml",
            r#"
            [[ticket.block]]
            number = { height_mm = 20, align = "left" }
            [[ticket.block]]
            words = { say = { zh-Hant-TW = "請勿離開", en = "Please stay" }, second = { size_mm = 4, bold = true }, align = "right" }
            [[ticket.block]]
            text = { lines = ["number", "issued"], on_one_line = true, first = { size_mm = 3.1 } }
            "#,
            &Papers::default(),
        )
        .unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let blocks = paper(Language::En).blocks(&layout);
        let text = |language, text: &str, tenths_mm, bold, align| {
            Block::text(language, text, style(tenths_mm, bold), align)
        };
        assert_eq!(
            blocks,
            [
                Block::Number {
                    text: "A047".to_owned(),
                    height: Millimetres::tenths(200),
                    align: Align::Left,
                },
                text(Language::ZhHantTw, "請勿離開", 40, true, Align::Right),
                text(
                    Language::En,
                    "A047 · Issued Fri 20 November 10:03",
                    31,
                    false,
                    Align::Centre
                ),
            ]
        );
    }
}
