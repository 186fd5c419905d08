//! The layout of the ticket: what is read, and what people are told about one that is wrong or does not fit.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::path::Path;

use firmware_config::profile::DeviceProfile;
use station_config::StationFile;
use station_config::ticket::{
    BUILT_IN, LayoutBlock, Millimetres, Papers, TicketField, TicketLayout,
};

const STATION: &str = include_str!("small.toml");
const NUMBER: &str = "\n[[ticket.block]]\nnumber = {}\n";

/// The small station with a number and a layout behind it.
fn text(layout: &str) -> String {
    format!("{}\n{NUMBER}{layout}", STATION.trim_end())
}

fn station(layout: &str) -> Result<StationFile, String> {
    StationFile::parse("s.toml", &text(layout)).map_err(|mistakes| mistakes.to_string())
}

/// What is said about one block on 58 mm paper; lines are counted from that of `[[ticket.block]]`, which is 0.
fn told(block: &str) -> Vec<String> {
    let before = text("").replace("escpos-80mm", "escpos-58mm");
    let text = format!("{before}[[ticket.block]]\n{block}\n");
    let mistakes = StationFile::parse("s.toml", &text)
        .expect_err("a mistake")
        .to_string();
    let told = mistakes.lines().map(|told| {
        let place = told
            .strip_prefix("s.toml:")
            .and_then(|told| told.split_once(':'));
        let (line, told) = place.expect("a place");
        let line = line.parse::<usize>().expect("a line") - before.lines().count() - 1;
        let folder = std::env::current_dir().expect("a folder");
        format!("{line}:{told}").replace(&folder.display().to_string(), "FOLDER")
    });
    told.collect()
}

#[test]
fn a_station_without_a_layout_has_the_built_in_one() {
    let file = StationFile::parse("s.toml", STATION).unwrap();
    assert_eq!(file.ticket, TicketLayout::default());
    assert!(!file.to_toml().unwrap().contains("ticket.block"));
    // Written into the file it is the same.
    let text = format!("{STATION}\n{BUILT_IN}");
    let (file, warnings) = StationFile::parse_with_warnings("s.toml", &text).unwrap();
    assert_eq!(file.ticket, TicketLayout::default());
    assert!(warnings.is_empty());
}

/// Those that come with the program, of every model.
fn printer_profiles() -> Vec<String> {
    let profiles = DeviceProfile::all_built_in().into_iter();
    let printers = profiles.filter(|profile| profile.printer.is_some());
    let ids: Vec<String> = printers.map(|profile| profile.profile.id).collect();
    assert!(ids.contains(&"epson-tm-t88v".to_owned()), "{ids:?}");
    ids
}

#[test]
fn the_built_in_layout_fits_every_printer_profile() {
    for profile in printer_profiles() {
        // The widest letter, and an address as long as they come.
        let text = STATION
            .replace("escpos-80mm", &profile)
            .replace("letter = \"A\"", "letter = \"W\"")
            .replace(
                "http://192.168.1.10:8080",
                "https://queue.immigration-service-station.example.gov.tw",
            );
        let text = format!("{text}\n{BUILT_IN}");
        StationFile::parse("s.toml", &text).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    }
}

#[test]
fn what_is_wider_than_the_paper_is_refused_for_every_printer_profile() {
    let block = "[[ticket.block]]\nnumber = { height_mm = 40 }\n";
    for profile in printer_profiles() {
        let text = text(block).replace("escpos-80mm", &profile);
        let mistakes = StationFile::parse("s.toml", &text).unwrap_err().to_string();
        let refused = "a number such as A9999 is wider than the ";
        assert!(mistakes.contains(refused), "{profile}: {mistakes}");
    }
}

#[test]
fn a_layout_is_read_and_written() {
    let layout = r#"
[[ticket.block]]
words = { say = { zh-Hant-TW = "請勿離開", en = "Please stay" }, second = { size_mm = 4 }, align = "right" }
[[ticket.block]]
text = { lines = ["number", "issued"], on_one_line = true, first = { size_mm = 3.1, bold = true } }
[[ticket.block]]
qr = { width_mm = 30.5 }
[[ticket.block]]
rule_mm = 0.5
[[ticket.block]]
space_mm = 0
"#;
    let file = station(layout).unwrap();
    assert_eq!(file.ticket.blocks.len(), 6);
    let LayoutBlock::Text(text) = &file.ticket.blocks[2] else {
        panic!("{:?}", file.ticket);
    };
    assert_eq!(text.lines, [TicketField::Number, TicketField::Issued]);
    assert_eq!(text.first.unwrap().size_mm, Millimetres::tenths(31));
    let written = file.to_toml().unwrap();
    assert_eq!(StationFile::parse("w.toml", &written).unwrap(), file);
    let alone = file.ticket.to_toml().unwrap();
    let read = TicketLayout::parse("t.toml", &alone, &file.papers()).unwrap();
    assert_eq!(read, file.ticket);
}

#[test]
fn mistakes_are_told_with_their_places() {
    for (block, expected) in [
        (
            "txt = {}",
            vec![
                "1:1: unknown value `txt` (did you mean `text`?), expected one of `text`, `words`, `number`, `qr`, `logo`, `rule_mm`, `space_mm`",
            ],
        ),
        (
            "rule_mm = 0.3\nspace_mm = 1",
            vec!["0:1: more than one key, expected only one"],
        ),
        (
            "rule_mm = 5",
            vec!["1:11: invalid rule_mm 5, expected 0.1 to 3"],
        ),
        (
            "space_mm = 1.25",
            vec!["0:1: invalid length 1.25, expected millimetres with at most one decimal"],
        ),
        (
            "space_mm = \"wide\"",
            vec!["1:12: invalid type: string \"wide\", expected a number"],
        ),
        (
            "text = { lines = [], first = { size_mm = 3 } }",
            vec!["1:18: no lines, expected at least one"],
        ),
        (
            "text = { lines = [\"names\"], first = { size_mm = 3 } }",
            vec![
                "1:19: unknown value `names`, expected one of `station`, `number-label`, `number`, `service`, `other`, `persons`, `priority`, `reprint`, `offline`, `appointment`, `identity-desk`, `zone`, `session`, `ahead`, `wait`, `scan`, `missed`, `calling-rule`, `issued`, `phone`",
            ],
        ),
        (
            "text = { lines = [\"station\"] }",
            vec!["1:8: written in no language, expected `first`, `second` or both"],
        ),
        (
            "text = { lines = [\"station\", \"other\"], second = { size_mm = 1 } }",
            vec![
                "1:30: `other` with other lines: its block stands once for each other service, expected a block of its own",
                "1:61: invalid size_mm 1, expected 2 to 20",
            ],
        ),
        (
            "text = { lines = [\"station\"], second = { bold = true }, align = \"center\" }",
            vec![
                "1:40: missing field `size_mm`",
                "1:65: unknown value `center` (did you mean `centre`?), expected one of `left`, `centre`, `right`",
            ],
        ),
        (
            "words = { say = { en = \"Stay\" }, first = { size_mm = 3 } }",
            vec!["1:17: the Chinese text is missing, expected the key `zh-Hant-TW`"],
        ),
        (
            "words = { say = { zh-Hant-TW = \"請\", en = \"Extraordinarily\" }, first = { size_mm = 8, bold = true } }",
            vec![
                "1:83: the word `Extraordinarily` is wider than the 44 mm of paper at kiosk `K1`, expected a smaller `size_mm` or a shorter word",
            ],
        ),
        (
            "number = { height_mm = 19 }",
            vec![
                "1:24: a number such as A9999 is wider than the 47 mm of paper at kiosk `K1`, as narrow as it may be written, expected at most 18.7",
            ],
        ),
        (
            "number = { height_mm = 50 }",
            vec!["1:24: invalid height_mm 50, expected 5 to 40"],
        ),
        (
            "qr = { width_mm = 45 }",
            vec![
                "1:19: a code of 33 modules and its light edge are wider than the 48 mm of paper at kiosk `K1`, expected at most 37",
            ],
        ),
        (
            "logo = { file = \"no-such-logo.png\", width_mm = 60 }",
            vec![
                "1:17: the logo `FOLDER/no-such-logo.png` cannot be read: No such file or directory (os error 2), expected a PNG file",
                "1:48: the logo is wider than the paper at kiosk `K1`, expected at most 48",
            ],
        ),
    ] {
        assert_eq!(told(block), expected, "{block}");
    }
}

#[test]
fn a_block_that_says_nothing_and_a_layout_without_a_number_are_mistakes() {
    assert_eq!(
        station("[[ticket.block]]\n").unwrap_err(),
        "s.toml:84:1: nothing in it, expected one key"
    );
    let text = format!("{STATION}\n[[ticket.block]]\nrule_mm = 1\n");
    let told = StationFile::parse("s.toml", &text).unwrap_err().to_string();
    assert_eq!(
        told,
        "s.toml:82:1: a ticket without its number, expected a block `number`"
    );
}

#[test]
fn a_layout_alone_fits_the_papers_it_is_read_for() {
    let tall = "[[ticket.block]]\nnumber = { height_mm = 30 }\n";
    assert!(TicketLayout::parse("t.toml", tall, &Papers::default()).is_ok());
    let station =
        StationFile::parse("s.toml", &STATION.replace("escpos-80mm", "escpos-58mm")).unwrap();
    let mistakes = TicketLayout::parse("t.toml", tall, &station.papers()).unwrap_err();
    assert_eq!(
        mistakes.to_string(),
        "t.toml:2:24: a number such as A9999 is wider than the 47 mm of paper at kiosk `K1`, as narrow as it may be written, expected at most 18.7"
    );
    let no_blocks = TicketLayout::parse("t.toml", "", &station.papers()).unwrap_err();
    assert_eq!(no_blocks.to_string(), "t.toml:1:1: missing field `ticket`");
}

fn write_logo(path: &Path, width: u32, height: u32) {
    let file = std::fs::File::create(path).unwrap();
    let mut encoder = png::Encoder::new(file, width, height);
    encoder.set_depth(png::BitDepth::One);
    encoder.set_color(png::ColorType::Grayscale);
    let rows = vec![0; width.div_ceil(8) as usize * height as usize];
    encoder
        .write_header()
        .unwrap()
        .write_image_data(&rows)
        .unwrap();
}

#[test]
fn a_logo_is_read_beside_the_file_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    write_logo(&folder.path().join("logo.png"), 16, 8);
    let layout = "[[ticket.block]]\nlogo = { file = \"logo.png\", width_mm = 20 }\n";
    let path = folder.path().join("station.toml");
    std::fs::write(&path, format!("{STATION}\n{NUMBER}{layout}")).unwrap();
    let file = StationFile::load(&path).unwrap();
    let LayoutBlock::Logo(logo) = &file.ticket.blocks[1] else {
        panic!("{:?}", file.ticket);
    };
    assert_eq!((logo.picture.width(), logo.picture.height()), (16, 8));
    assert!(logo.picture.is_black(15, 7) && !logo.picture.is_black(16, 7));
    // Written elsewhere it still finds its logo.
    let written = file.to_toml().unwrap();
    assert_eq!(
        StationFile::parse("elsewhere/w.toml", &written).unwrap(),
        file
    );
}
