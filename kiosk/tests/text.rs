//! Tickets as text in the letters of a printer's ROM, as a printer that has them reads the bytes.
//! `UPDATE_GOLDEN=1 cargo test -p kiosk --test text` writes the golden text anew; look at it before it is committed.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::path::PathBuf;
use std::sync::Arc;

use firmware_config::profile::{DeviceProfile, PrinterHead, RomText};
use firmware_config::simulate::{Paper, PrinterConfig, VirtualPrinter};
use kiosk::encode::{Encoding, Printable, print, real_time_at};
use kiosk::preview::Sample;
use kiosk::raster::Rasteriser;
use kiosk::ticket::{Block, Document, TicketPaper};
use proptest::prelude::*;
use protocol::{Names, StationInfo};
use screens::Language;
use station_config::StationFile;
use station_config::ticket::{
    Align, LayoutBlock, Millimetres, NumberBlock, QrBlock, TextStyle, TicketLayout, WordsBlock,
};

const WIDE: &str = "epson-tm-t70ii-tc";
const NARROW: &str = "epson-tm-t70ii-ch-58mm";

fn head(profile: &str) -> PrinterHead {
    let profile = DeviceProfile::built_in(profile).unwrap();
    profile.printer.unwrap().head()
}

fn names(zh: &str, en: &str) -> Names {
    let pairs = [("zh-Hant-TW", zh), ("en", en)];
    Names(
        pairs
            .map(|(tag, text)| (tag.to_owned(), text.to_owned()))
            .into(),
    )
}

fn station() -> StationInfo {
    let file = StationFile::parse("demo.toml", station_config::demo());
    file.unwrap().info()
}

fn ticket(language: Language) -> TicketPaper {
    let missed = names(
        "過號 30 分鐘內回來，排在 3 位之後，最多 2 次。",
        "Missed your number? Come back within 30 minutes.",
    );
    let rule = names(
        "本站叫號規則：依取號先後；優先號視同提早 20 分鐘取號。",
        "How we call: in the order tickets were taken; Priority counts as taken 20 minutes earlier.",
    );
    let paper = Sample::Appointment.paper(&station(), language, rule, missed);
    paper.unwrap()
}

/// In the built-in bitmap font, so that no font of the machine takes part.
fn printed(paper: &Document, head: PrinterHead) -> Printable {
    let encoding = Encoding::for_head(head).with_text_mode(Some(RomText::Big5));
    print(&mut Rasteriser::without_fonts(head), paper, encoding).unwrap()
}

/// What a printer makes of it.
fn seen(printable: &Printable, head: PrinterHead) -> Arc<Paper> {
    assert_eq!(real_time_at(&printable.stream), None);
    let mut printer = VirtualPrinter::new(PrinterConfig {
        width_dots: head.width_dots,
        rom_text: Some(RomText::Big5),
        ..PrinterConfig::default()
    });
    let view = printer.watch();
    printer.hear(&printable.stream);
    let view = view.borrow().clone();
    assert_eq!(
        (view.unknown_commands, view.not_drawn, view.uncut_dots),
        (0, 0, 0)
    );
    assert_eq!(view.papers.len(), 1);
    let paper = Arc::clone(&view.papers[0]);
    // Nothing that the printer had to wrap, and as much paper as was told.
    let most = usize::from(head.width_dots);
    assert!(paper.lines.iter().all(|line| line.dots.1 <= most));
    let fed_dots = 3 * usize::from(head.dots_per_mm);
    let tall = (paper.rows.len() - fed_dots).div_ceil(head.dots_per_mm.into()) as u32;
    assert_eq!(printable.paper_mm, tall + 18);
    paper
}

fn has_picture(paper: &Paper) -> bool {
    paper.raw.windows(4).any(|bytes| bytes == b"\x1dv0\0")
}

fn without_blanks(text: &str) -> String {
    text.replace(' ', "")
}

/// All of its text, as one line.
fn text_of(paper: &Paper) -> String {
    without_blanks(&paper.text().concat())
}

/// The lines as they stand on the paper, with how large and bold they are, and what the codes say.
fn described(paper: &Paper) -> String {
    let lines = paper.lines.iter().map(|line| {
        let (wide, high) = line.size;
        let bold = if line.bold { "bold" } else { "" };
        let left = line.dots.0;
        format!("{wide} x {high} {bold:<4} {left:>3} |{}\n", line.text)
    });
    let codes = paper.codes.iter().map(|code| format!("code |{code}\n"));
    lines.chain(codes).collect()
}

#[test]
fn a_chinese_ticket_reads_as_it_did() {
    for (profile, file) in [(WIDE, "text-zh-80mm.txt"), (NARROW, "text-zh-58mm.txt")] {
        let head = head(profile);
        let paper = seen(&printed(&ticket(Language::ZhHantTw).into(), head), head);
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("tests/golden")
            .join(file);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, described(&paper)).unwrap();
        }
        assert_eq!(
            described(&paper),
            std::fs::read_to_string(path).unwrap(),
            "{file}"
        );
    }
}

#[test]
fn a_ticket_says_as_text_what_it_says_as_a_picture() {
    for profile in [WIDE, NARROW] {
        let head = head(profile);
        for sample in Sample::ALL {
            let paper = sample.paper(
                &station(),
                Language::ZhHantTw,
                Names::default(),
                Names::default(),
            );
            let document: Document = paper.unwrap().into();
            let paper = seen(&printed(&document, head), head);
            assert!(
                !has_picture(&paper),
                "{sample:?} is text from top to bottom"
            );
            let text = text_of(&paper);
            for block in document.blocks() {
                match block {
                    Block::Text { text: said, .. } => {
                        assert!(text.contains(&without_blanks(&said)), "{said} in {text}");
                    }
                    Block::Number { text: number, .. } => {
                        let line = paper.lines.iter().find(|line| line.text == number).unwrap();
                        // Capitals of 15 mm, 18 of 24 dots high.
                        assert!(
                            u32::from(line.size.1) * 18 >= 15 * 8 && line.bold,
                            "{line:?}"
                        );
                    }
                    Block::Qr { text, .. } => assert_eq!(paper.codes, [text]),
                    Block::Logo { .. } | Block::Rule(_) | Block::Space(_) => {}
                }
            }
        }
    }
}

/// A ticket of one text in one language.
fn words(language: Language, say: &str, style: TextStyle, align: Align) -> Document {
    let words = LayoutBlock::Words(WordsBlock {
        say: Names([(language.tag().to_owned(), say.to_owned())].into()),
        first: Some(style),
        second: None,
        align,
    });
    let layout = TicketLayout {
        blocks: vec![words],
    };
    Document::ticket(ticket(language), Arc::new(layout))
}

const BODY: TextStyle = TextStyle {
    size_mm: Millimetres::tenths(38),
    bold: false,
};

#[test]
fn what_the_rom_cannot_say_is_the_picture_it_would_be() {
    let head = head(WIDE);
    for (language, say) in [
        (Language::Vi, "Thẻ cư trú"),
        (Language::Th, "ใบสำคัญถิ่นที่อยู่"),
        (Language::ZhHantTw, "王堃先生"),
        // The same characters, but in the Japanese form.
        (Language::Ja, "直接"),
    ] {
        let document = words(language, say, BODY, Align::Centre);
        let paper = seen(&printed(&document, head), head);
        assert!(paper.lines.is_empty(), "{say}");
        let picture = Rasteriser::without_fonts(head).draw(&document);
        // A picture alone has a millimetre above it.
        let above = usize::from(head.dots_per_mm);
        let wanted = (above..picture.height_dots()).map(|y| picture.row(y));
        assert!(
            paper
                .rows
                .iter()
                .map(Vec::as_slice)
                .zip(wanted)
                .all(|(a, b)| a == b),
            "{say}"
        );
        assert!(paper.rows.len() > picture.height_dots());
    }
}

#[test]
fn a_vietnamese_ticket_has_pictures_for_its_own_words_and_text_for_the_rest() {
    let head = head(WIDE);
    let document: Document = ticket(Language::Vi).into();
    let paper = seen(&printed(&document, head), head);
    assert!(has_picture(&paper));
    assert!(!paper.raw.windows(2).any(|bytes| bytes == b"&#"));
    let text = text_of(&paper);
    let mut pictured = 0;
    for block in document.blocks() {
        if let Block::Text {
            language,
            text: said,
            ..
        } = block
        {
            let is_text = text.contains(&without_blanks(&said));
            assert!(is_text || language == Language::Vi, "{said}");
            pictured += usize::from(!is_text);
        }
    }
    assert!(pictured > 5, "{pictured}");
    assert!(paper.text().contains(&"A047"));
    assert_eq!(paper.codes.len(), 1);
}

/// A ticket with one QR code.
fn code(say: &str, width: Millimetres, align: Align) -> Document {
    let block = LayoutBlock::Qr(QrBlock {
        width_mm: width,
        align,
    });
    let layout = TicketLayout {
        blocks: vec![block],
    };
    let ticket = TicketPaper {
        page_url: say.to_owned(),
        ..ticket(Language::En)
    };
    Document::ticket(ticket, Arc::new(layout))
}

#[test]
fn a_code_that_the_printer_would_get_wrong_is_a_picture() {
    let head = head(WIDE);
    let width = Millimetres::tenths(250);
    let native = |say: &str, align| {
        let paper = seen(&printed(&code(say, width, align), head), head);
        assert_ne!(has_picture(&paper), !paper.codes.is_empty());
        paper.codes == [say]
    };
    assert!(native("https://example.org/t/0123", Align::Centre));
    assert!(
        !native("https://example.org/t/0123", Align::Left),
        "no quiet zone"
    );
    assert!(
        !native("https://example.org/號", Align::Centre),
        "not ASCII"
    );
    assert!(
        !native("https://\u{10}\u{4}", Align::Centre),
        "a real-time command"
    );
    // Their lengths are written 10 04 and 0F 04.
    assert!(!native(&"a".repeat(0x410 - 3), Align::Centre));
    assert!(native(&"a".repeat(0x40f - 3), Align::Centre));
}

#[test]
fn a_number_is_narrowed_and_then_lower_where_the_paper_is_narrow() {
    let on = |width_dots, number: &str| {
        let head = PrinterHead {
            width_dots,
            dots_per_mm: 8,
        };
        let block = LayoutBlock::Number(NumberBlock {
            height_mm: Millimetres::tenths(150),
            align: Align::Centre,
        });
        let layout = TicketLayout {
            blocks: vec![block],
        };
        let ticket = TicketPaper {
            number: number.to_owned(),
            ..ticket(Language::En)
        };
        let paper = seen(
            &printed(&Document::ticket(ticket, Arc::new(layout)), head),
            head,
        );
        assert_eq!(paper.text(), [number]);
        paper.lines[0].size
    };
    assert_eq!(on(576, "A047"), (7, 7));
    assert_eq!(on(416, "A1234"), (6, 7));
    assert_eq!(on(200, "A1234"), (3, 5));
}

/// Texts of what tickets say, and of what they hardly ever do.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[A-Za-z0-9]{1,12}",
        3 => "[0-9]{1,2}[:–/-][0-9]{2}",
        6 => "[請至號櫃檯等候分鐘居留證、。「」（）]{1,12}",
        4 => " {1,3}",
        1 => "\u{3000}{1,3}",
        2 => "[!-~]{1,6}",
        1 => "\\PC{1,3}",
        1 => "[ạộกမ堃恒𠮷\u{10}\u{4}\u{5}\u{14}\n\t]",
    ];
    prop::collection::vec(piece, 1..10).prop_map(|pieces| pieces.concat())
}

/// By another road than the program's: what every reading of Big5 has.
fn rom_has(text: &str) -> bool {
    let known = |c: char| {
        matches!(c, ' '..='~') || "請至號櫃檯等候分鐘居留證、。「」（）–\u{3000}".contains(c)
    };
    text.chars().all(known)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_comes_back_or_is_a_picture(
        say in any_text(),
        tenths_mm in 15..250_u16,
        bold: bool,
        align in prop::sample::select(vec![Align::Left, Align::Centre, Align::Right]),
        head in prop::sample::select(vec![head(WIDE), head(NARROW), PrinterHead { width_dots: 360, dots_per_mm: 7 }]),
        language in prop::sample::select(vec![Language::ZhHantTw, Language::En, Language::Fil]),
    ) {
        let style = TextStyle { size_mm: Millimetres::tenths(tenths_mm), bold };
        let paper = seen(&printed(&words(language, &say, style, align), head), head);
        if rom_has(&say) {
            prop_assert!(!has_picture(&paper));
            prop_assert_eq!(text_of(&paper), without_blanks(&say));
        }
        // Whatever is printed as text is the text, all of it.
        if !paper.lines.is_empty() {
            prop_assert_eq!(text_of(&paper), without_blanks(&say));
        }
        let has_mark = text_of(&paper).contains('\u{fffd}');
        prop_assert!(!has_mark);
    }

    #[test]
    fn any_code_says_what_it_should_or_is_a_picture(
        say in prop_oneof!["[ -~]{1,300}", "\\PC{1,40}", "[\u{10}\u{4}\u{5}\u{14}a]{1,20}"],
        tenths_mm in 150..600_u16,
    ) {
        let head = head(NARROW);
        let paper = seen(&printed(&code(&say, Millimetres::tenths(tenths_mm), Align::Centre), head), head);
        if paper.codes.is_empty() {
            prop_assert!(has_picture(&paper));
        } else {
            prop_assert_eq!(&paper.codes, &[say]);
        }
    }
}
