//! The layout of the ticket: what it says, and that it fits the paper of every kiosk.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use protocol::Names;

use super::Checker;
use crate::places::Place;
use crate::printer::Printer;
use crate::ticket::{
    Align, BLOCKS_MAX, CAP_HEIGHT_EM, Millimetres, NUMBER_MARGIN, NUMBER_NARROWEST, Paper, Papers,
    Picture, QUIET_ZONE_MODULES, SIDE_MARGIN, TicketField, number_height, qr_width, read_logo,
    room_dots, widest_word, width_em,
};

/// Most characters of words of the station's own, in one language.
const WORDS_MAX: usize = 400;
/// Most lines of a block.
const LINES_MAX: usize = 20;

/// The pictures of the logos, by the place of their block in the layout, and where they were found.
pub(crate) type Logos = BTreeMap<usize, (PathBuf, Picture)>;

/// What the layout of a station file has to fit.
fn papers(file: Place<'_>) -> Papers {
    let papers = file.get("kiosk").items().flat_map(|kiosk| {
        let id: String = kiosk.get("id").read().unwrap_or_default();
        let head = |printer| Some(kiosk.get(printer).read::<Printer>()?.head);
        Paper::of_kiosk(&id, head("printer"), head("spare_printer"))
    });
    let services = file.get("service").items();
    let letters = services.filter_map(|service| service.get("letter").read::<String>());
    let url: Option<String> = file.get("station").get("public_url").read();
    Papers::new(papers.collect(), letters, url.as_deref())
}

/// Highest logo, millimetres of paper.
const LOGO_HEIGHT_MM_MAX: f64 = 100.0;

/// Checks the layout of a station file, if it has one. Logos are looked for in `folder`.
pub(super) fn check(checker: &mut Checker<'_>, file: Place<'_>, folder: &Path) -> Logos {
    layout(checker, file.get("ticket"), folder, &papers(file))
}

/// Checks a layout.
pub(super) fn layout(
    checker: &mut Checker<'_>,
    ticket: Place<'_>,
    folder: &Path,
    papers: &Papers,
) -> Logos {
    let blocks = ticket.get("block");
    let mut logos = Logos::new();
    let Some(count) = blocks.count() else {
        return logos;
    };
    if count > BLOCKS_MAX {
        checker.wrong(
            blocks,
            format!("{count} blocks"),
            format!("at most {BLOCKS_MAX}"),
        );
    }
    let is_number = |block: Place<'_>| !block.get("number").is_absent();
    if !blocks.items().any(is_number) {
        checker.wrong(blocks, "a ticket without its number", "a block `number`");
    }
    // Who writes more is told so already; the rest is not read.
    for (at, block) in blocks.items().enumerate().take(BLOCKS_MAX) {
        text(checker, block.get("text"));
        words(checker, block.get("words"), papers);
        number(checker, block.get("number"), papers);
        qr(checker, block.get("qr"), papers);
        if let Some(found) = logo(checker, block.get("logo"), folder, papers) {
            logos.insert(at, found);
        }
        checker.in_range(block.get("rule_mm"), 0.1..=3.0);
        checker.in_range(block.get("space_mm"), 0.0..=50.0);
    }
    logos
}

fn text(checker: &mut Checker<'_>, text: Place<'_>) {
    let lines = text.get("lines");
    match lines.count() {
        Some(0) => checker.wrong(lines, "no lines", "at least one"),
        Some(count) if count > LINES_MAX => {
            checker.wrong(
                lines,
                format!("{count} lines"),
                format!("at most {LINES_MAX}"),
            );
        }
        _ => {}
    }
    let is_other = |line: &Place<'_>| line.read() == Some(TicketField::Other);
    if let Some(other) = lines.items().find(is_other)
        && lines.count() != Some(1)
    {
        checker.wrong(
            other,
            "`other` with other lines: its block stands once for each other service",
            "a block of its own",
        );
    }
    styles(checker, text);
}

/// A length within its range, or `usual` where none is written; none where it is told already that it is wrong.
fn length(
    checker: &mut Checker<'_>,
    at: Place<'_>,
    range: RangeInclusive<f64>,
    usual: Option<Millimetres>,
) -> Option<Millimetres> {
    checker.in_range(at, range.clone());
    if at.is_absent() {
        return usual;
    }
    at.read()
        .filter(|length: &Millimetres| range.contains(&f64::from(*length)))
}

/// In which languages something is written, and how.
fn styles(checker: &mut Checker<'_>, block: Place<'_>) {
    let styles = ["first", "second"].map(|key| block.get(key));
    if block.is_table() && styles.iter().all(|style| style.is_absent()) {
        checker.wrong(block, "written in no language", "`first`, `second` or both");
    }
    for style in styles {
        checker.in_range(style.get("size_mm"), 2.0..=20.0);
    }
}

fn words(checker: &mut Checker<'_>, words: Place<'_>, papers: &Papers) {
    let say = words.get("say");
    checker.texts(say);
    styles(checker, words);
    for one in say.entries() {
        let Some(text) = one.read::<String>() else {
            continue;
        };
        let count = text.chars().count();
        if count > WORDS_MAX {
            checker.wrong(
                one,
                format!("{count} characters"),
                format!("at most {WORDS_MAX}"),
            );
        }
    }
    let Some(said) = say.read::<Names>() else {
        return;
    };
    for style in ["first", "second"].map(|key| words.get(key)) {
        let bold = style.get("bold").read() == Some(true);
        let Some(size) = style.get("size_mm").read::<Millimetres>() else {
            continue;
        };
        let widest = said.0.values().map(|text| widest_word(text, bold));
        let widest = widest.max_by(|a, b| width_em(a, bold).total_cmp(&width_em(b, bold)));
        let word = widest.unwrap_or_default();
        let fits = |paper: &Paper| {
            let width = width_em(word, bold) * size.dots(paper.head) as f32;
            width <= room_dots(paper.head, SIDE_MARGIN) as f32
        };
        if let Some(paper) = papers.papers.iter().find(|paper| !fits(paper)) {
            let (room, kiosk) = (room_mm(paper, SIDE_MARGIN), &paper.kiosk);
            checker.wrong(
                style.get("size_mm"),
                format!(
                    "the word `{word}` is wider than the {room} mm of paper at kiosk `{kiosk}`"
                ),
                "a smaller `size_mm` or a shorter word",
            );
        }
    }
}

fn number(checker: &mut Checker<'_>, number: Place<'_>, papers: &Papers) {
    let height = number.get("height_mm");
    let usual = number.is_table().then(number_height);
    let Some(capitals) = length(checker, height, 5.0..=40.0, usual) else {
        return;
    };
    let narrowest_em = width_em(&papers.number, true) * NUMBER_NARROWEST;
    let width_mm = |height: f64| height / f64::from(CAP_HEIGHT_EM) * f64::from(narrowest_em);
    for paper in &papers.papers {
        let room = room_mm(paper, NUMBER_MARGIN);
        if width_mm(capitals.into()) <= room {
            continue;
        }
        let most = (room / width_mm(1.0) * 10.0).floor() / 10.0;
        checker.wrong(
            height,
            format!(
                "a number such as {} is wider than the {room} mm of paper at kiosk `{}`, as narrow as it may be written",
                papers.number, paper.kiosk
            ),
            format!("at most {most}"),
        );
        return;
    }
}

fn qr(checker: &mut Checker<'_>, qr: Place<'_>, papers: &Papers) {
    let width = qr.get("width_mm");
    let usual = qr.is_table().then(qr_width);
    let wanted = length(checker, width, 15.0..=60.0, usual);
    let (Some(wanted), Some(modules)) = (wanted, papers.modules) else {
        return;
    };
    let all = modules + 2 * QUIET_ZONE_MODULES;
    let fits = |paper: &Paper| {
        let module_dots = wanted.dots(paper.head).div_ceil(modules);
        module_dots * all <= usize::from(paper.head.width_dots)
    };
    if let Some(paper) = papers.papers.iter().find(|paper| !fits(paper)) {
        let room = room_mm(paper, Millimetres::tenths(0));
        let module_dots = usize::from(paper.head.width_dots) / all;
        let most = module_dots * modules / usize::from(paper.head.dots_per_mm);
        checker.wrong(
            width,
            format!(
                "a code of {modules} modules and its light edge are wider than the {room} mm of paper at kiosk `{}`",
                paper.kiosk
            ),
            format!("at most {most}"),
        );
    }
}

fn logo(
    checker: &mut Checker<'_>,
    logo: Place<'_>,
    folder: &Path,
    papers: &Papers,
) -> Option<(PathBuf, Picture)> {
    let width = logo.get("width_mm");
    if let Some(wanted) = length(checker, width, 3.0..=100.0, None) {
        let margin = match logo.get("align").read::<Align>() {
            None | Some(Align::Centre) => Millimetres::tenths(0),
            // Text beside the edge keeps as far from it, on the other side too.
            Some(Align::Left | Align::Right) => SIDE_MARGIN,
        };
        let fits = |paper: &Paper| wanted.dots(paper.head) <= room_dots(paper.head, margin);
        if let Some(paper) = papers.papers.iter().find(|paper| !fits(paper)) {
            let room = room_mm(paper, margin);
            checker.wrong(
                width,
                format!(
                    "the logo is wider than the paper at kiosk `{}`",
                    paper.kiosk
                ),
                format!("at most {room}"),
            );
        }
    }
    let file = logo.get("file");
    let name: String = file.read()?;
    let path = std::path::absolute(folder.join(&name)).ok()?;
    match read_logo(&path) {
        Ok(picture) => {
            let high_mm = |wide_mm: f64| wide_mm * picture.height() as f64 / picture.width() as f64;
            if let Some(high) = width.read().map(high_mm)
                && high > LOGO_HEIGHT_MM_MAX
            {
                checker.wrong(
                    width,
                    format!("the logo is {high:.0} mm high at this width"),
                    format!("at most {LOGO_HEIGHT_MM_MAX} mm of paper"),
                );
                return None;
            }
            Some((path, picture))
        }
        Err(why) => {
            let (what, expected) = why.in_words();
            checker.wrong(
                file,
                format!("the logo `{}` {what}", path.display()),
                expected,
            );
            None
        }
    }
}

/// Millimetres between the margins, rounded down to a tenth.
fn room_mm(paper: &Paper, margin: Millimetres) -> f64 {
    let dots = room_dots(paper.head, margin) as f64;
    (dots / f64::from(paper.head.dots_per_mm) * 10.0).floor() / 10.0
}
