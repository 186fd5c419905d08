//! Layouts of any kind: whatever a station file may say is drawn, and nothing of it stands beside the paper.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::sync::Arc;

use kiosk::encode::{Encoding, encode, real_time_at};
use kiosk::preview::Sample;
use kiosk::raster::Rasteriser;
use kiosk::ticket::Document;
use proptest::prelude::*;
use protocol::{Names, StationInfo};
use screens::Language;
use station_config::StationFile;
use station_config::ticket::{
    Align, LayoutBlock, LogoBlock, Millimetres, NumberBlock, Picture, QrBlock, TextBlock,
    TextStyle, TicketField, TicketLayout, WordsBlock,
};

const PROFILES: [&str; 4] = [
    "escpos-80mm",
    "escpos-58mm",
    "escpos-80mm-180dpi",
    "escpos-58mm-180dpi",
];

/// The demo station with another printer.
fn station(profile: &str) -> StationFile {
    let text = station_config::demo().replace("escpos-80mm", profile);
    StationFile::parse("demo.toml", &text).unwrap()
}

fn length(tenths_mm: std::ops::RangeInclusive<u16>) -> impl Strategy<Value = Millimetres> {
    tenths_mm.prop_map(Millimetres::tenths)
}

fn align() -> impl Strategy<Value = Align> {
    prop::sample::select(vec![Align::Left, Align::Centre, Align::Right])
}

fn styles() -> impl Strategy<Value = (Option<TextStyle>, Option<TextStyle>)> {
    let style = || {
        let style = (length(20..=200), any::<bool>());
        prop::option::of(style.prop_map(|(size_mm, bold)| TextStyle { size_mm, bold }))
    };
    (style(), style()).prop_filter("some language", |(a, b)| a.is_some() || b.is_some())
}

fn field() -> impl Strategy<Value = TicketField> {
    prop::sample::select(vec![
        TicketField::Station,
        TicketField::NumberLabel,
        TicketField::Number,
        TicketField::Service,
        TicketField::Persons,
        TicketField::Priority,
        TicketField::Reprint,
        TicketField::Offline,
        TicketField::Appointment,
        TicketField::IdentityDesk,
        TicketField::Zone,
        TicketField::Session,
        TicketField::Ahead,
        TicketField::Wait,
        TicketField::Scan,
        TicketField::Missed,
        TicketField::CallingRule,
        TicketField::Issued,
        TicketField::Phone,
    ])
}

fn text() -> impl Strategy<Value = LayoutBlock> {
    let lines = prop_oneof![
        4 => prop::collection::vec(field(), 1..5),
        1 => Just(vec![TicketField::Other]),
    ];
    (lines, any::<bool>(), styles(), align()).prop_map(
        |(lines, on_one_line, (first, second), align)| {
            LayoutBlock::Text(TextBlock {
                lines,
                on_one_line,
                first,
                second,
                align,
            })
        },
    )
}

fn words() -> impl Strategy<Value = LayoutBlock> {
    let said = ("[请請勿離開A-z ]{0,30}號", "[A-Za-z' -]{0,40}x");
    (said, styles(), align()).prop_map(|((zh, en), (first, second), align)| {
        let pairs = [("zh-Hant-TW", zh), ("en", en)];
        LayoutBlock::Words(WordsBlock {
            say: Names(pairs.map(|(tag, text)| (tag.to_owned(), text)).into()),
            first,
            second,
            align,
        })
    })
}

fn block() -> impl Strategy<Value = LayoutBlock> {
    prop_oneof![
        4 => text(),
        2 => words(),
        1 => (length(50..=400), align()).prop_map(|(height_mm, align)| LayoutBlock::Number(NumberBlock { height_mm, align })),
        1 => (length(150..=600), align()).prop_map(|(width_mm, align)| LayoutBlock::Qr(QrBlock { width_mm, align })),
        1 => length(1..=30).prop_map(LayoutBlock::RuleMm),
        1 => length(0..=200).prop_map(LayoutBlock::SpaceMm),
    ]
}

fn layout() -> impl Strategy<Value = TicketLayout> {
    prop::collection::vec(block(), 1..8).prop_map(|mut blocks| {
        blocks.push(LayoutBlock::Number(NumberBlock {
            height_mm: Millimetres::tenths(150),
            align: Align::Centre,
        }));
        TicketLayout { blocks }
    })
}

fn document(
    layout: TicketLayout,
    info: &StationInfo,
    sample: Sample,
    language: Language,
) -> Document {
    let names = Names::default;
    let paper = sample.paper(info, language, names(), names()).unwrap();
    Document::ticket(paper, Arc::new(layout))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_accepted_stands_on_the_paper(
        layout in layout(),
        profile in prop::sample::select(&PROFILES[..]),
        sample in prop::sample::select(&Sample::ALL[..]),
        language in prop::sample::select(&Language::ALL[..]),
    ) {
        let station = station(profile);
        let papers = station.papers();
        let (_, head) = papers.heads().next().unwrap();
        let text = layout.to_toml().unwrap();
        let read = TicketLayout::parse("layout.toml", &text, &papers);
        if let Ok(read) = &read {
            prop_assert_eq!(read, &layout);
        }
        // What does not fit is drawn too, as well as it can be: a number must come out.
        let bitmap = Rasteriser::without_fonts(head).draw(&document(layout, &station.info(), sample, language));
        prop_assert_eq!(bitmap.width_dots(), usize::from(head.width_dots));
        let stream = encode(&bitmap, Encoding::for_head(head)).unwrap();
        prop_assert_eq!(real_time_at(&stream), None);
        if read.is_ok() {
            let ink = bitmap.ink_columns();
            let margin = usize::from(head.dots_per_mm) / 2;
            // A bold letter of the bitmap font leans out of its cell by half of what it is enlarged.
            prop_assert!(ink.start + 1 >= margin && ink.end < bitmap.width_dots(), "{:?}", ink);
        }
    }
}

/// A picture stands on the paper whole, in its shape, where the layout says.
#[test]
fn a_logo_is_as_wide_as_it_is_said_on_every_head() {
    // A frame twice as wide as high.
    let pixels = (0..50)
        .flat_map(|y| (0..100).map(move |x| !(4..=95).contains(&x) || !(4..=45).contains(&y)));
    let picture = Picture::new(100, pixels.collect()).unwrap();
    for profile in PROFILES {
        let station = station(profile);
        let papers = station.papers();
        let (_, head) = papers.heads().next().unwrap();
        for align in [Align::Left, Align::Centre, Align::Right] {
            let layout = TicketLayout {
                blocks: vec![LayoutBlock::Logo(LogoBlock {
                    file: String::new(),
                    width_mm: Millimetres::tenths(300),
                    align,
                    picture: picture.clone(),
                })],
            };
            let document = document(layout, &station.info(), Sample::Usual, Language::En);
            let bitmap = Rasteriser::without_fonts(head).draw(&document);
            let ink = bitmap.ink_columns();
            let width = 30 * usize::from(head.dots_per_mm);
            assert_eq!(ink.len(), width, "{profile}");
            let rows = (0..bitmap.height_dots()).filter(|y| bitmap.row(*y).iter().any(|b| *b != 0));
            assert_eq!(rows.count(), width / 2, "{profile}");
            let room = bitmap.width_dots();
            let margin = 2 * usize::from(head.dots_per_mm);
            let left = match align {
                Align::Left => margin,
                Align::Centre => (room - width) / 2,
                Align::Right => room - margin - width,
            };
            assert_eq!(ink.start, left, "{profile} {align:?}");
        }
    }
}
