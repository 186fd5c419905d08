//! Makes a sample ticket and says how long it took: `cargo run -p kiosk --example ticket -- vi out.png`; with a third
//! argument `bare` as a machine without fonts draws it, with `narrow` on 58 mm paper, with `text` in the letters of a ROM with
//! Big5.
//!
//! The file's ending says what it gets: `.png` the picture, `.escpos` the printer's bytes, `.json` what stands on it.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use firmware_config::profile::{PrinterHead, RomText};
use kiosk::encode::{Encoding, print};
use kiosk::preview;
use kiosk::raster::Rasteriser;
use kiosk::ticket::{Block, Document, TicketPaper};
use protocol::Names;
use queue_core::Estimate;
use screens::Language;
use serde_json::{Value, json};

fn names(zh: &str, en: &str) -> Names {
    let pairs = [("zh-Hant-TW", zh), ("en", en)];
    Names(BTreeMap::from(
        pairs.map(|(tag, text)| (tag.to_owned(), text.to_owned())),
    ))
}

fn with<const N: usize>(mut names: Names, more: [(&str, &str); N]) -> Names {
    let more = more.map(|(tag, text)| (tag.to_owned(), text.to_owned()));
    names.0.extend(more);
    names
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let language = args
        .next()
        .and_then(|tag| Language::parse(&tag))
        .unwrap_or_default();
    let file = PathBuf::from(args.next().unwrap_or_else(|| "ticket.png".to_owned()));
    let way = args.next().unwrap_or_default();
    let head = PrinterHead {
        width_dots: if way == "narrow" { 384 } else { 576 },
        dots_per_mm: 8,
    };
    let paper = TicketPaper {
        seat: None,
        identity_desk: None,
        appointment: None,
        zone: Default::default(),
        language,
        station: with(
            names("示範服務站", "Demo Service Station"),
            [("vi", "Trạm dịch vụ mẫu"), ("th", "ศูนย์บริการตัวอย่าง")],
        ),
        number: "A047".to_owned(),
        service: with(
            names("居留證", "Resident certificate"),
            [("vi", "Thẻ cư trú"), ("th", "ใบสำคัญถิ่นที่อยู่")],
        ),
        others: vec![],
        persons: 1,
        priority: true,
        issued_at: jiff::civil::date(2026, 11, 20).at(10, 3, 0, 0),
        ahead: 6,
        estimate: Estimate::Range {
            p50_s: 700,
            p80_s: 880,
            low_min: 10,
            high_min: 15,
        },
        page_url: "http://127.0.0.1:8080/t/0123456789abcdef0123456789abcdef".to_owned(),
        rule: names(
            "本站叫號規則：依取號先後；優先號視同提早 20 分鐘取號。",
            "How we call: in the order tickets were taken; Priority counts as taken 20 minutes earlier.",
        ),
        missed: names(
            "過號 30 分鐘內回來，排在 3 位之後，最多 2 次。",
            "Missed your number? Come back within 30 minutes: you stand behind 3 people, at most 2 times.",
        ),
        phone: "02-2388-9393".to_owned(),
        copy: 1,
        offline: false,
    };
    let mut rasteriser = match way.as_str() {
        "bare" => Rasteriser::without_fonts(head),
        _ => Rasteriser::new(head),
    };
    let start = Instant::now();
    let paper: Document = paper.into();
    let bitmap = rasteriser.draw(&paper);
    let cold = start.elapsed();
    let start = Instant::now();
    let text_mode = (way == "text").then_some(RomText::Big5);
    let encoding = Encoding::for_head(head).with_text_mode(text_mode);
    let stream = print(&mut rasteriser, &paper, encoding)?.stream;
    let warm = start.elapsed();
    println!(
        "{} x {} dots, {} bytes of ESC/POS, cold {cold:.1?}, warm {warm:.1?}",
        bitmap.width_dots(),
        bitmap.height_dots(),
        stream.len()
    );
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("png") => std::fs::write(&file, preview::png(&bitmap, head)?)?,
        Some("escpos") => std::fs::write(&file, stream)?,
        Some("json") => {
            let blocks: Vec<Value> = paper.blocks().iter().filter_map(described).collect();
            std::fs::write(&file, serde_json::to_vec_pretty(&blocks)?)?;
        }
        _ => return Err("expected a file that ends in .png, .escpos or .json".into()),
    }
    Ok(())
}

/// What can be read from a block.
fn described(block: &Block) -> Option<Value> {
    match block {
        Block::Text { language, text, .. } if !text.is_empty() => {
            Some(json!({ "language": language.tag(), "text": text }))
        }
        Block::Number { text, .. } => Some(json!({ "number": text })),
        Block::Qr { text, .. } => Some(json!({ "qr": text })),
        Block::Text { .. } | Block::Logo { .. } | Block::Rule(_) | Block::Space(_) => None,
    }
}
