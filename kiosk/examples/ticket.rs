//! Draws a sample ticket as PNG and says how long it took: `cargo run -p kiosk --example ticket -- vi out.png`; with a
//! third argument `bare` as a machine without fonts draws it, with `narrow` on 58 mm paper.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::time::Instant;

use firmware_config::profile::PrinterHead;
use kiosk::encode::{Encoding, encode};
use kiosk::raster::Rasteriser;
use kiosk::ticket::TicketPaper;
use protocol::Names;
use queue_core::Estimate;
use screens::Language;

fn names(zh: &str, en: &str) -> Names {
    let pairs = [("zh-Hant-TW", zh), ("en", en)];
    Names(BTreeMap::from(
        pairs.map(|(tag, text)| (tag.to_owned(), text.to_owned())),
    ))
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let language = args
        .next()
        .and_then(|tag| Language::parse(&tag))
        .unwrap_or_default();
    let file = args.next().unwrap_or_else(|| "ticket.png".to_owned());
    let way = args.next().unwrap_or_default();
    let head = PrinterHead {
        width_dots: if way == "narrow" { 384 } else { 576 },
        dots_per_mm: 8,
    };
    let paper = TicketPaper {
        seat: None,
        identity_desk: None,
        zone: Default::default(),
        language,
        station: names("示範服務站", "Demo Service Station"),
        number: "A047".to_owned(),
        service: names("居留證", "Resident certificate"),
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
    let paper = paper.into();
    let bitmap = rasteriser.draw(&paper);
    let cold = start.elapsed();
    let start = Instant::now();
    let stream = encode(&rasteriser.draw(&paper), Encoding::for_head(head))?;
    let warm = start.elapsed();
    println!(
        "{} x {} dots, {} bytes of ESC/POS, cold {cold:.1?}, warm {warm:.1?}",
        bitmap.width_dots(),
        bitmap.height_dots(),
        stream.len()
    );
    let mut png = png::Encoder::new(
        File::create(&file)?,
        u32::try_from(bitmap.width_dots())?,
        u32::try_from(bitmap.height_dots())?,
    );
    png.set_color(png::ColorType::Grayscale);
    png.set_depth(png::BitDepth::One);
    let white: Vec<u8> = (0..bitmap.height_dots())
        .flat_map(|y| bitmap.row(y))
        .map(|byte| !byte)
        .collect();
    png.write_header()?.write_image_data(&white)?;
    Ok(())
}
