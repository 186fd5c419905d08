//! Tickets as pictures, dot by dot, for every kind of print head, in the built-in bitmap font: no font of the machine takes
//! part. `UPDATE_GOLDEN=1 cargo test -p kiosk --test golden` draws them anew; look at them before they are committed.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::path::PathBuf;
use std::sync::Arc;

use firmware_config::profile::PrinterHead;
use kiosk::raster::{Bitmap, Rasteriser};
use kiosk::ticket::{Document, PaperSeat, TicketPaper};
use protocol::Names;
use queue_core::{Estimate, SeatPlace, SeatView, SessionPhase, StationTime};
use screens::Language;
use station_config::ticket::{
    Align, LayoutBlock, LogoBlock, Millimetres, Papers, Picture, TicketLayout,
};

const WIDE: PrinterHead = PrinterHead {
    width_dots: 576,
    dots_per_mm: 8,
};
const NARROW: PrinterHead = PrinterHead {
    width_dots: 384,
    dots_per_mm: 8,
};
const WIDE_180: PrinterHead = PrinterHead {
    width_dots: 512,
    dots_per_mm: 7,
};
const NARROW_180: PrinterHead = PrinterHead {
    width_dots: 360,
    dots_per_mm: 7,
};

fn names(pairs: &[(&str, &str)]) -> Names {
    let pairs = pairs.iter();
    Names(
        pairs
            .map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned()))
            .collect(),
    )
}

fn plain(language: Language) -> TicketPaper {
    TicketPaper {
        language,
        station: names(&[("zh-Hant-TW", "示範服務站"), ("en", "Demo Service Station")]),
        number: "A047".to_owned(),
        service: names(&[
            ("zh-Hant-TW", "居留證申請、展延"),
            ("en", "Resident certificate: apply, extend"),
            ("vi", "Thẻ cư trú: cấp mới, gia hạn"),
            ("th", "บัตรถิ่นที่อยู่: ขอใหม่ ต่ออายุ"),
        ]),
        others: vec![],
        persons: 1,
        priority: false,
        issued_at: jiff::civil::date(2026, 11, 20).at(10, 3, 40, 0),
        zone: Names::default(),
        identity_desk: None,
        appointment: None,
        seat: None,
        ahead: 6,
        estimate: Estimate::Range {
            p50_s: 700,
            p80_s: 880,
            low_min: 10,
            high_min: 15,
        },
        page_url: "http://192.168.1.10:8080/t/0123456789abcdef0123456789abcdef".to_owned(),
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
        missed: names(&[
            (
                "zh-Hant-TW",
                "過號 30 分鐘內回來，排在 3 位之後，最多 2 次。",
            ),
            (
                "en",
                "Missed your number? Come back within 30 minutes: you stand behind 3 people, at most 2 times.",
            ),
        ]),
        phone: "02-0000-0000".to_owned(),
        copy: 1,
        offline: false,
    }
}

/// One more of everything: other matters, persons, a zone, an identity check, and all marks.
fn crowded(language: Language) -> TicketPaper {
    TicketPaper {
        others: vec![
            names(&[("zh-Hant-TW", "領件"), ("en", "Document pick-up")]),
            names(&[("zh-Hant-TW", "停留延期"), ("en", "Extension of stay")]),
        ],
        persons: 4,
        priority: true,
        zone: names(&[("zh-Hant-TW", "2 樓 B 區"), ("en", "2F zone B")]),
        identity_desk: Some(names(&[
            ("zh-Hant-TW", "入口服務台"),
            ("en", "information desk at the entrance"),
        ])),
        number: "W1234".to_owned(),
        copy: 2,
        offline: true,
        ..plain(language)
    }
}

fn session(language: Language) -> TicketPaper {
    TicketPaper {
        number: "V012".to_owned(),
        service: names(&[("zh-Hant-TW", "接見"), ("en", "Visit")]),
        seat: Some(PaperSeat {
            seat: SeatView {
                nth: 3,
                begins: StationTime(0),
                ends: StationTime(1_800_000),
                check_in_until: StationTime(0),
                phase: SessionPhase::Planned,
                place: SeatPlace::List { nth: 2 },
                checked_in: false,
                window: None,
            },
            begins: "10:30".to_owned(),
            check_in_until: "10:25".to_owned(),
        }),
        ..plain(language)
    }
}

/// A ticket in a layout of a station's own: a logo, words, other sizes, left and right, and little else.
fn own_layout(language: Language) -> Document {
    let layout = r#"
        [[ticket.block]]
        words = { say = { zh-Hant-TW = "請保管好號碼牌", en = "Please keep this ticket" }, first = { size_mm = 3.1 }, align = "left" }
        [[ticket.block]]
        text = { lines = ["service"], second = { size_mm = 6, bold = true } }
        [[ticket.block]]
        number = { height_mm = 18 }
        [[ticket.block]]
        rule_mm = 1
        [[ticket.block]]
        qr = { width_mm = 20, align = "left" }
        [[ticket.block]]
        text = { lines = ["issued", "phone"], on_one_line = true, second = { size_mm = 3.1 }, align = "right" }
    "#;
    let layout = TicketLayout::parse("own.toml", layout, &Papers::default());
    let mut layout = layout.unwrap_or_else(|mistakes| panic!("{mistakes}"));
    // A ring.
    let pixels =
        (0..64_i32).flat_map(|y| (0..64_i32).map(move |x| (x - 32).pow(2) + (y - 32).pow(2)));
    let pixels = pixels.map(|square| (400..900).contains(&square)).collect();
    let logo = LayoutBlock::Logo(LogoBlock {
        file: "ring.png".to_owned(),
        width_mm: Millimetres::tenths(150),
        align: Align::Centre,
        picture: Picture::new(64, pixels).unwrap(),
    });
    layout.blocks.insert(0, logo);
    Document::ticket(plain(language), Arc::new(layout))
}

/// Every golden picture: its name, the head and the paper.
fn all() -> Vec<(&'static str, PrinterHead, Document)> {
    let no_wait = TicketPaper {
        estimate: Estimate::NoWait,
        page_url: String::new(),
        rule: Names::default(),
        missed: Names::default(),
        phone: String::new(),
        ..plain(Language::Ja)
    };
    let booked = |language| TicketPaper {
        appointment: Some("10:30".to_owned()),
        ..plain(language)
    };
    let own = [
        ("own-layout-en-58mm", NARROW, own_layout(Language::En)),
        (
            "own-layout-vi-80mm-180dpi",
            WIDE_180,
            own_layout(Language::Vi),
        ),
    ];
    let built_in = vec![
        ("appointment-zh-58mm", NARROW, booked(Language::ZhHantTw)),
        ("appointment-vi-80mm", WIDE, booked(Language::Vi)),
        ("plain-zh-80mm", WIDE, plain(Language::ZhHantTw)),
        ("plain-vi-58mm", NARROW, plain(Language::Vi)),
        ("plain-th-80mm-180dpi", WIDE_180, plain(Language::Th)),
        ("plain-en-58mm-180dpi", NARROW_180, plain(Language::En)),
        ("crowded-zh-58mm", NARROW, crowded(Language::ZhHantTw)),
        ("crowded-en-80mm-180dpi", WIDE_180, crowded(Language::En)),
        ("session-vi-80mm", WIDE, session(Language::Vi)),
        (
            "session-zh-58mm-180dpi",
            NARROW_180,
            session(Language::ZhHantTw),
        ),
        ("little-ja-80mm", WIDE, no_wait),
    ];
    let built_in = built_in.into_iter();
    let built_in = built_in.map(|(name, head, paper)| (name, head, Document::from(paper)));
    built_in.chain(own).collect()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn write(name: &str, bitmap: &Bitmap) {
    let file = std::fs::File::create(folder().join(name)).unwrap();
    let width = bitmap.width_dots() as u32;
    let mut png = png::Encoder::new(file, width, bitmap.height_dots() as u32);
    png.set_color(png::ColorType::Grayscale);
    png.set_depth(png::BitDepth::One);
    png.set_compression(png::Compression::High);
    let rows = (0..bitmap.height_dots()).flat_map(|y| bitmap.row(y));
    let white: Vec<u8> = rows.map(|byte| !byte).collect();
    let mut writer = png.write_header().unwrap();
    writer.write_image_data(&white).unwrap();
}

fn read(name: &str) -> Bitmap {
    let path = folder().join(name);
    let file = std::fs::File::open(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut reader = png::Decoder::new(std::io::BufReader::new(file))
        .read_info()
        .unwrap();
    let mut dots = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut dots).unwrap();
    let rows = dots.iter().map(|byte| !byte).collect();
    Bitmap::from_rows(info.width as usize / 8, rows).unwrap()
}

#[test]
fn tickets_look_as_they_did() {
    for (name, head, paper) in all() {
        let drawn = Rasteriser::without_fonts(head).draw(&paper);
        let file = format!("{name}.png");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::create_dir_all(folder()).unwrap();
            write(&file, &drawn);
        }
        let golden = read(&file);
        assert_eq!(
            (drawn.width_dots(), drawn.height_dots()),
            (golden.width_dots(), golden.height_dots()),
            "{name}"
        );
        let differs = (0..drawn.height_dots()).find(|y| drawn.row(*y) != golden.row(*y));
        assert_eq!(differs, None, "{name}: first row that differs");
    }
}
