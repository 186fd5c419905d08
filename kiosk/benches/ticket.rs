//! What a ticket costs: drawing and encoding, memory, bytes on the line.
//!
//! `cargo bench -p kiosk --bench ticket`

use std::error::Error;
use std::time::{Duration, Instant};

use firmware_config::profile::RomText;
use kiosk::encode::{Encoding, encode, print};
use kiosk::preview::Sample;
use kiosk::raster::Rasteriser;
use kiosk::ticket::Document;
use protocol::{Names, StationInfo};
use screens::Language;
use station_config::StationFile;

const RUNS: usize = 100;
const AIM_MS: f64 = 10.0;
const AIM_MB: f64 = 20.0;
/// Bits on a serial line for one byte.
const LINE_BITS: f64 = 10.0;

fn main() -> Result<(), Box<dyn Error>> {
    println!("Tickets in two languages with QR code, {RUNS} times each, median");
    println!(
        "{:<22} {:<12} {:>5} {:>9} {:>9} {:>8} {:>8} {:>8} {:>8}  aim",
        "paper", "languages", "mm", "draw ms", "code ms", "dots B", "sent B", "38400 s", "115200 s"
    );
    let before_mb = resident_mb()?;
    let mut worst_ms: f64 = 0.0;
    let mut after_two_mb = before_mb;
    for profile in [
        "escpos-80mm",
        "escpos-58mm",
        "escpos-80mm-180dpi",
        "escpos-58mm-180dpi",
    ] {
        let text = station_config::demo().replace("escpos-80mm", profile);
        let station = StationFile::parse("demo.toml", &text)?;
        let papers = station.papers();
        let (_, head) = papers.heads().next().ok_or("no printer")?;
        let info = station.info();
        let mut rasteriser = Rasteriser::new(head);
        rasteriser.warm_up();
        for language in [
            Language::ZhHantTw,
            Language::En,
            Language::Vi,
            Language::Th,
            Language::My,
        ] {
            let document = ticket(&info, language)?;
            // The first one reads fonts.
            let bitmap = rasteriser.draw(&document);
            let (mut drawing, mut encoding) = (Vec::new(), Vec::new());
            let mut sent = 0;
            for _ in 0..RUNS {
                let start = Instant::now();
                let bitmap = rasteriser.draw(&document);
                drawing.push(start.elapsed());
                let start = Instant::now();
                sent = encode(&bitmap, Encoding::for_head(head))?.len();
                encoding.push(start.elapsed());
            }
            let (draw_ms, encode_ms) = (median_ms(drawing), median_ms(encoding));
            let both_ms = draw_ms + encode_ms;
            worst_ms = worst_ms.max(both_ms);
            let seconds = |baud: f64| sent as f64 * LINE_BITS / baud;
            println!(
                "{profile:<22} {:<12} {:>5} {draw_ms:>9.2} {encode_ms:>9.2} {:>8} {sent:>8} {:>8.1} {:>8.1}  {}",
                format!("{} + {}", language.tag(), language.companion().tag())
                    .replace("-Hant-TW", ""),
                bitmap.height_dots() / usize::from(head.dots_per_mm),
                bitmap.row_bytes() * bitmap.height_dots(),
                seconds(38_400.0),
                seconds(115_200.0),
                met(both_ms, AIM_MS, "ms"),
            );
            if after_two_mb <= before_mb {
                after_two_mb = resident_mb()?;
            }
        }
    }
    println!("worst: {}", met(worst_ms, AIM_MS, "ms"));
    text_mode()?;
    println!(
        "memory for the fonts and glyphs of Chinese and English: {}",
        met(after_two_mb - before_mb, AIM_MB, "MB")
    );
    Ok(())
}

/// The same tickets as text in the letters of a printer's ROM; what these cannot say is pictures among it.
fn text_mode() -> Result<(), Box<dyn Error>> {
    println!("The same as text in Big5, and as a picture");
    println!(
        "{:<22} {:<12} {:>5} {:>9} {:>8} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "paper",
        "languages",
        "mm",
        "both ms",
        "sent B",
        "9600 s",
        "38400 s",
        "picture B",
        "9600 s",
        "38400 s"
    );
    for profile in ["epson-tm-t70ii-tc", "epson-tm-t70ii-ch-58mm"] {
        let text = station_config::demo().replace("escpos-80mm", profile);
        let station = StationFile::parse("demo.toml", &text)?;
        let (_, head) = station.papers().heads().next().ok_or("no printer")?;
        let info = station.info();
        let mut rasteriser = Rasteriser::new(head);
        rasteriser.warm_up();
        for language in [Language::ZhHantTw, Language::En, Language::Vi, Language::My] {
            let document = ticket(&info, language)?;
            let as_picture = Encoding::for_head(head);
            let picture = print(&mut rasteriser, &document, as_picture)?.stream;
            let as_text = as_picture.with_text_mode(Some(RomText::Big5));
            let mut took = Vec::new();
            let mut printed = print(&mut rasteriser, &document, as_text)?;
            for _ in 0..RUNS {
                let start = Instant::now();
                printed = print(&mut rasteriser, &document, as_text)?;
                took.push(start.elapsed());
            }
            let (text, picture) = (printed.stream.len(), picture.len());
            let seconds = |bytes: usize, baud: f64| bytes as f64 * LINE_BITS / baud;
            println!(
                "{profile:<22} {:<12} {:>5} {:>9.2} {text:>8} {:>9.1} {:>9.1} {picture:>9} {:>9.1} {:>9.1}",
                format!("{} + {}", language.tag(), language.companion().tag())
                    .replace("-Hant-TW", ""),
                printed.paper_mm,
                median_ms(took),
                seconds(text, 9_600.0),
                seconds(text, 38_400.0),
                seconds(picture, 9_600.0),
                seconds(picture, 38_400.0),
            );
        }
    }
    Ok(())
}

/// An appointment's ticket with all sentences.
fn ticket(info: &StationInfo, language: Language) -> Result<Document, Box<dyn Error>> {
    let missed = sentence(
        "過號 30 分鐘內回來，排在 3 位之後，最多 2 次。",
        "Missed your number? Come back within 30 minutes: you stand behind 3 people, at most 2 times.",
    );
    let rule = sentence(
        "本站叫號規則：依取號先後；優先號視同提早 20 分鐘取號。",
        "How we call: in the order tickets were taken; Priority counts as taken 20 minutes earlier.",
    );
    let paper = Sample::Appointment.paper(info, language, rule, missed);
    Ok(paper.ok_or("no services")?.into())
}

fn sentence(zh: &str, en: &str) -> Names {
    let pairs = [("zh-Hant-TW", zh), ("en", en)];
    Names(
        pairs
            .map(|(tag, text)| (tag.to_owned(), text.to_owned()))
            .into(),
    )
}

fn median_ms(mut took: Vec<Duration>) -> f64 {
    took.sort();
    took[took.len() / 2].as_secs_f64() * 1_000.0
}

fn met(value: f64, aim: f64, unit: &str) -> String {
    let word = if value <= aim { "met" } else { "MISSED" };
    format!("{value:.1} {unit}, aim <= {aim} {unit}: {word}")
}

/// Memory of this process that is in the machine's, as Linux counts it.
fn resident_mb() -> Result<f64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix("kB"));
    Ok(kilobytes.ok_or("no VmRSS")?.trim().parse::<f64>()? / 1_024.0)
}
