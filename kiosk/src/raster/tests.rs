use super::*;
use crate::ticket::tests::paper;
use station_config::ticket::TicketLayout;

const HEAD: PrinterHead = PrinterHead {
    width_dots: 576,
    dots_per_mm: 8,
};
const NARROW: PrinterHead = PrinterHead {
    width_dots: 384,
    dots_per_mm: 8,
};

fn number(text: &str) -> Block {
    Block::Number {
        text: text.to_owned(),
        height: Millimetres::tenths(150),
        align: Align::Centre,
    }
}

fn words(language: Language, text: &str, tenths_mm: u16) -> Block {
    Block::Text {
        language,
        text: text.to_owned(),
        style: TextStyle {
            size_mm: Millimetres::tenths(tenths_mm),
            bold: true,
        },
        align: Align::Centre,
    }
}

/// 80 and 58 mm of paper, at 203 and at 180 dpi.
const HEADS: [PrinterHead; 4] = [
    HEAD,
    NARROW,
    PrinterHead {
        width_dots: 512,
        dots_per_mm: 7,
    },
    PrinterHead {
        width_dots: 360,
        dots_per_mm: 7,
    },
];

/// Rows of the picture that have a black dot, first and last.
fn ink_rows(bitmap: &Bitmap) -> (usize, usize) {
    let inked: Vec<_> = (0..bitmap.height_dots())
        .filter(|y| bitmap.row(*y).iter().any(|byte| *byte != 0))
        .collect();
    (*inked.first().unwrap(), *inked.last().unwrap())
}

fn ink(bitmap: &Bitmap) -> u32 {
    (0..bitmap.height_dots())
        .flat_map(|y| bitmap.row(y))
        .map(|byte| byte.count_ones())
        .sum()
}

/// Both kinds of machine; the first equals the second where no Noto font is installed.
fn machines(head: PrinterHead) -> [Rasteriser; 2] {
    [Rasteriser::new(head), Rasteriser::without_fonts(head)]
}

#[test]
fn the_number_is_at_least_15_mm_high() {
    for head in HEADS {
        for mut machine in machines(head) {
            for text in ["A047", "A1234", "W1234"] {
                let bitmap = machine.draw_blocks(&[number(text)]);
                let (first, last) = ink_rows(&bitmap);
                let least = 15 * usize::from(head.dots_per_mm);
                assert!(last + 1 - first >= least, "{text}: {first}..={last}");
                let columns = bitmap.ink_columns();
                let width = bitmap.width_dots();
                let margin = NUMBER_MARGIN.dots(head);
                assert!(
                    columns.start >= margin && columns.end + margin <= width,
                    "{columns:?}"
                );
                assert!(columns.start.abs_diff(width - columns.end) <= 1, "centred");
            }
        }
    }
}

#[test]
fn a_narrow_paper_holds_the_whole_number() {
    for mut machine in machines(NARROW) {
        let bitmap = machine.draw_blocks(&[number("W1234567")]);
        let (first, last) = ink_rows(&bitmap);
        assert!(last - first > 60);
        // Nothing is cut off: the outermost columns are white.
        assert!((0..bitmap.height_dots()).all(|y| !bitmap.get(383, y)));
    }
}

#[test]
fn wrapped_text_keeps_two_millimetres_free_on_both_sides() {
    let names = [
        (
            Language::Vi,
            "Giấy chứng nhận cư trú và đăng ký thường trú ",
        ),
        (Language::My, "နေထိုင်ခွင့်လက်မှတ်နှင့်မှတ်ပုံတင်ခြင်း "),
        (Language::ZhHantTw, "外國人居留證延期及資料變更"),
    ];
    for head in HEADS {
        let margin = 2 * usize::from(head.dots_per_mm);
        let width = usize::from(head.width_dots);
        for mut machine in machines(head) {
            for (language, name) in names {
                if !machine.can_write(language) {
                    continue;
                }
                let bitmap = machine.draw_blocks(&[words(language, &name.repeat(4), 52)]);
                let inked: Vec<_> = (0..width)
                    .filter(|x| (0..bitmap.height_dots()).any(|y| bitmap.get(*x, y)))
                    .collect();
                // A letter may lean a dot out of its advance.
                assert!(*inked.first().unwrap() + 1 >= margin, "{language:?}");
                assert!(*inked.last().unwrap() <= width - margin, "{language:?}");
            }
        }
    }
}

#[test]
fn a_thai_tone_stands_above_the_vowel_it_belongs_to() {
    let mut machine = Rasteriser::new(HEAD);
    if machine.fonts.set(Script::Thai).is_none() {
        return;
    }
    let mut top = |text: &str| {
        let bitmap = machine.draw_blocks(&[words(Language::Th, text, 31)]);
        ink_rows(&bitmap).0
    };
    for (vowel, with_tone) in [("ที", "ที่"), ("พือ", "พื่อ"), ("กั", "กั้")]
    {
        assert!(top(with_tone) + 2 < top(vowel), "{with_tone}");
    }
}

#[test]
fn no_word_stands_alone_on_the_last_line() {
    let mut machine = Rasteriser::new(HEAD);
    if machine.fonts.set(Script::Latin).is_none() {
        return;
    }
    let missed = "Missed your number? Go to the information desk";
    let bitmap = machine.draw_blocks(&[words(Language::En, missed, 31)]);
    // Two lines with empty rows between them; their ink is about equally wide.
    let widths: Vec<usize> = lines_of_ink(&bitmap);
    assert_eq!(widths.len(), 2, "{widths:?}");
    assert!(widths[1] * 10 >= widths[0] * 6, "{widths:?}");

    // No word is broken for it.
    let mut widths_of =
        |text: &str| lines_of_ink(&machine.draw_blocks(&[words(Language::En, text, 52)]));
    let alone = widths_of("Naturalisations");
    let widths = widths_of("Naturalisations on Mondays");
    assert_eq!((alone.len(), widths.len()), (1, 2), "{alone:?} {widths:?}");
    assert!(widths[0].abs_diff(alone[0]) <= 1, "{alone:?} {widths:?}");
}

/// How wide the ink of each line of text is; accents and dots of a line touch it or are a few rows away.
fn lines_of_ink(bitmap: &Bitmap) -> Vec<usize> {
    let inked = |y: usize| (0..bitmap.width_dots()).any(|x| bitmap.get(x, y));
    let rows: Vec<usize> = (0..bitmap.height_dots()).filter(|y| inked(*y)).collect();
    let lines = rows.chunk_by(|above, below| below - above <= 4);
    let width = |rows: &[usize]| {
        let columns = (0..bitmap.width_dots()).filter(|x| rows.iter().any(|y| bitmap.get(*x, *y)));
        let columns: Vec<usize> = columns.collect();
        columns.last().unwrap() - columns.first().unwrap()
    };
    lines.map(width).collect()
}

/// Reads the modules of a drawn code back from the dots.
#[test]
fn the_qr_code_is_at_least_25_mm_wide_and_right() {
    let text = paper(Language::En).page_url;
    let code = QrCode::encode_text(&text, QrCodeEcc::Medium).unwrap();
    for head in HEADS {
        let mut machine = Rasteriser::without_fonts(head);
        let bitmap = machine.draw_blocks(&[Block::Qr {
            text: text.clone(),
            width: Millimetres::tenths(250),
            align: Align::Centre,
        }]);
        let (top, bottom) = ink_rows(&bitmap);
        let side = bottom + 1 - top;
        assert!(side >= 25 * usize::from(head.dots_per_mm));
        let module = side / code.size() as usize;
        assert_eq!(module * code.size() as usize, side);
        let left = (0..bitmap.width_dots())
            .find(|x| bitmap.get(*x, top))
            .unwrap();
        for y in 0..code.size() {
            for x in 0..code.size() {
                let (dot_x, dot_y) = (left + x as usize * module, top + y as usize * module);
                assert_eq!(bitmap.get(dot_x + 1, dot_y + 1), code.get_module(x, y));
            }
        }
    }
}

#[test]
fn a_paper_is_the_same_every_time() {
    for language in Language::ALL {
        let mut machine = Rasteriser::new(HEAD);
        let first = machine.draw(&paper(language).into());
        assert_eq!(
            machine.draw(&paper(language).into()),
            first,
            "{language:?} warm"
        );
        let other = Rasteriser::new(HEAD).draw(&paper(language).into());
        assert_eq!(other, first, "{language:?} cold");
    }
}

#[test]
fn a_paper_does_not_depend_on_the_papers_before_it() {
    let mut used = Rasteriser::new(HEAD);
    for language in Language::ALL {
        let after_others = used.draw(&paper(language).into());
        let alone = Rasteriser::new(HEAD).draw(&paper(language).into());
        assert_eq!(after_others, alone, "{language:?}");
    }
}

#[test]
fn a_bare_machine_prints_chinese() {
    let mut machine = Rasteriser::without_fonts(HEAD);
    let text = |text: &str| [words(Language::ZhHantTw, text, 52)];
    let one = machine.draw_blocks(&text("居留證"));
    let other = machine.draw_blocks(&text("領件處"));
    assert!(ink(&one) > 500);
    assert_ne!(one, other);
    let long = machine.draw_blocks(&text(&"過號請洽服務台".repeat(6)));
    assert!(long.height_dots() > 2 * one.height_dots());
}

#[test]
fn a_language_that_cannot_be_written_gives_way_to_english() {
    let mut machine = Rasteriser::without_fonts(HEAD);
    assert!(!machine.can_write(Language::My) && !machine.can_write(Language::Km));
    assert!(machine.can_write(Language::Th) && machine.can_write(Language::ZhHantTw));
    assert_eq!(
        machine.draw(&paper(Language::My).into()),
        machine.draw(&paper(Language::En).into())
    );
}

#[test]
fn a_rare_character_does_not_stop_the_ticket() {
    for mut machine in machines(HEAD) {
        let mut odd = paper(Language::ZhHantTw);
        odd.service
            .0
            .insert("zh-Hant-TW".to_owned(), "𠮷野\u{10ffff}\u{0}".to_owned());
        assert!(ink(&machine.draw(&odd.into())) > 10_000);
    }
}

/// Where the fonts of the design are installed, they are used and no glyph is missing.
#[test]
fn installed_fonts_cover_every_language() {
    let mut machine = Rasteriser::new(HEAD);
    for language in Language::ALL {
        let Some(set) = machine.fonts.set(Script::of(language)) else {
            continue;
        };
        for block in paper(language).blocks(&TicketLayout::default()) {
            if let Block::Text {
                language: of,
                text,
                style,
                ..
            } = block
                && of == language
            {
                let shaped = Shaped::new(set, &text, 30.0, 40.0, 576, style.bold, Align::Centre);
                assert!(
                    shaped.is_complete(),
                    "{text:?} has a character without glyph"
                );
            }
        }
    }
}

/// The sentence of the rule wraps; nothing of it is cut, and it takes a few lines of paper.
#[test]
fn the_rule_fits_both_widths() {
    for head in HEADS {
        let margin = 2 * usize::from(head.dots_per_mm);
        for mut machine in machines(head) {
            for language in [Language::ZhHantTw, Language::En] {
                let paper = paper(language);
                let rule = paper.rule.get(language.tag());
                let is_rule = |b: &Block| matches!(b, Block::Text { text, .. } if text == rule);
                let blocks = paper.blocks(&TicketLayout::default());
                let blocks: Vec<_> = blocks.into_iter().filter(is_rule).collect();
                assert_eq!(blocks.len(), 1, "in the visitor's language alone");
                let bitmap = machine.draw_blocks(&blocks);
                let columns = bitmap.ink_columns();
                // A letter may lean a dot out of its advance.
                assert!(columns.start + 1 >= margin, "{language:?} {columns:?}");
                assert!(columns.end <= bitmap.width_dots() - margin, "{columns:?}");
                let (first, last) = ink_rows(&bitmap);
                let height_mm = (last + 1 - first) / usize::from(head.dots_per_mm);
                // The letters of the bitmap font are large at 180 dpi.
                assert!((5..=26).contains(&height_mm), "{language:?} {height_mm} mm");
            }
        }
    }
}

/// The station file is read on machines without fonts: what it takes for the width of letters must be that of the font.
#[test]
fn letters_are_as_wide_as_the_station_file_takes_them_for() {
    use station_config::ticket::width_em;
    let mut machine = Rasteriser::new(PrinterHead {
        width_dots: 2048,
        dots_per_mm: 8,
    });
    if machine.fonts.set(Script::Latin).is_none() {
        return;
    }
    for text in ["WNAHMQOH", "H4711092H", "Hillbillies-jigH", "HĐăâêôñH"] {
        for bold in [false, true] {
            let style = TextStyle {
                size_mm: Millimetres::tenths(200),
                bold,
            };
            let bitmap = machine.draw_blocks(&[Block::Text {
                language: Language::En,
                text: text.to_owned(),
                style,
                align: Align::Centre,
            }]);
            let drawn_em = bitmap.ink_columns().len() as f32 / 160.0;
            // The ink of the outermost letters begins and ends a little inside their widths.
            let spare = width_em(text, bold) - drawn_em;
            assert!((0.0..0.9).contains(&spare), "{text} {bold}: {spare} em");
        }
    }
}

/// All of the number stands at the edge where the layout wants it, and nothing beside the paper.
#[test]
fn pieces_stand_where_the_layout_says() {
    for head in HEADS {
        let margin = usize::from(head.dots_per_mm) * 2;
        for mut machine in machines(head) {
            let mut ink_of = |align| {
                let style = TextStyle {
                    size_mm: Millimetres::tenths(38),
                    bold: false,
                };
                let text = "Hall".to_owned();
                let language = Language::En;
                let bitmap = machine.draw_blocks(&[Block::Text {
                    language,
                    text,
                    style,
                    align,
                }]);
                bitmap.ink_columns()
            };
            let (left, right) = (ink_of(Align::Left), ink_of(Align::Right));
            let width = usize::from(head.width_dots);
            assert!(left.start.abs_diff(margin) <= 6, "{left:?}");
            assert!(right.end.abs_diff(width - margin) <= 6, "{right:?}");
        }
    }
}
