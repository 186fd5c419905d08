use super::*;
use crate::escpos_wire::{ENABLE_ASB, INITIALIZE, PAPER_FENCE, ProcessId};
use crate::profile::RomText;
use proptest::prelude::*;

const NOTHING: [u8; 0] = [];

fn printer() -> VirtualPrinter {
    VirtualPrinter::new(PrinterConfig {
        width_dots: 64,
        ..PrinterConfig::default()
    })
}

fn send(printer: &mut VirtualPrinter, bytes: &[u8]) -> Vec<u8> {
    printer.handle_bytes(0, bytes);
    printer.publish();
    printer.take_output()
}

fn image(rows: u8, fill: u8) -> Vec<u8> {
    let mut bytes = vec![0x1d, b'v', b'0', 0, 8, 0, rows, 0];
    bytes.extend(vec![fill; usize::from(rows) * 8]);
    bytes
}

/// Initialise, an image of 10 rows, feed of 5 dots, cut, and the report of `number`.
fn job(number: u32) -> Vec<u8> {
    let mut bytes = INITIALIZE.to_vec();
    bytes.extend(image(10, 0xaa));
    bytes.extend([0x1b, b'J', 5, 0x1d, b'V', 66, 0]);
    bytes.extend(ProcessId::from_number(number).request());
    bytes
}

fn papers(printer: &VirtualPrinter) -> VecDeque<Arc<super::super::Paper>> {
    printer.shown.borrow().papers.clone()
}

#[test]
fn a_job_becomes_a_paper_and_is_reported() {
    let mut printer = printer();
    assert_eq!(
        send(&mut printer, &job(7)),
        ProcessId::from_number(7).response()
    );
    let papers = papers(&printer);
    assert_eq!(papers.len(), 1);
    let paper = &papers[0];
    assert_eq!((paper.seq, paper.width_dots, paper.complete), (1, 64, true));
    assert_eq!(paper.rows.len(), 15);
    assert!(paper.rows[..10].iter().all(|row| *row == [0xaa; 8]));
    assert!(paper.rows[10..].iter().all(|row| *row == [0; 8]));
    assert_eq!(
        paper.raw,
        job(7)[..job(7).len() - 11],
        "the report is not part of the paper"
    );
}

#[test]
fn images_stand_where_they_are_put() {
    let mut printer = printer();
    let dot = [0x1d, b'v', b'0', 0, 1, 0, 1, 0, 0x80];
    let wide = [0x1d, b'v', b'0', 3, 1, 0, 1, 0, 0x81];
    let mut bytes = vec![0x1b, b'$', 3, 0];
    bytes.extend(dot);
    bytes.extend(dot);
    bytes.extend([0x1b, b'a', 1]);
    bytes.extend(dot);
    bytes.extend([0x1b, b'a', 2]);
    bytes.extend(wide);
    bytes.extend([0x1d, b'V', 0]);
    send(&mut printer, &bytes);
    let rows = papers(&printer)[0].rows.clone();
    let row = |at: usize, byte: u8| {
        let mut row = vec![0; 8];
        row[at] = byte;
        row
    };
    let mut last = vec![0; 8];
    last[6..].copy_from_slice(&[0xc0, 0x03]);
    assert_eq!(
        rows,
        [row(0, 0x10), row(0, 0x80), row(3, 0x08), last.clone(), last]
    );
}

#[test]
fn text_lines_are_kept() {
    let mut printer = printer();
    send(&mut printer, b"A012\nC 3\n\x1dVB\x00");
    let paper = papers(&printer)[0].clone();
    assert_eq!(paper.text(), ["A012", "C 3"]);
    assert_eq!(paper.rows.len(), 60);
    assert!(paper.rows.iter().flatten().any(|byte| *byte != 0));
}

#[test]
fn status_is_told_on_change() {
    let mut printer = printer();
    assert_eq!(send(&mut printer, &ENABLE_ASB), [0x10, 0, 0, 0x0f]);
    printer.set(Switch::PaperNearEnd, true);
    assert_eq!(printer.take_output(), [0x10, 0, 3, 0x0f]);
    printer.set(Switch::CoverOpen, true);
    assert_eq!(printer.take_output(), [0x38, 0, 3, 0x0f]);
    printer.set(Switch::CoverOpen, true);
    assert_eq!(printer.take_output(), NOTHING);
    assert_eq!(
        send(&mut printer, &[0x10, 4, 2]),
        [0x16],
        "answered although offline"
    );
    printer.set(Switch::CoverOpen, false);
    printer.set(Switch::CutterError, true);
    assert_eq!(printer.take_output(), [0x10, 0, 3, 0x0f, 0x18, 8, 3, 0x0f]);
}

#[test]
fn paper_that_ends_in_a_job_stops_it_and_a_new_roll_goes_on() {
    let mut printer = printer();
    send(&mut printer, &ENABLE_ASB);
    printer.set_paper_left_dots(Some(4));
    assert_eq!(send(&mut printer, &job(1)), [0x18, 0, 0x0c, 0x0f]);
    assert_eq!(
        send(&mut printer, &PAPER_FENCE),
        NOTHING,
        "no answer without paper"
    );
    assert_eq!(send(&mut printer, &[0x10, 4, 4]), [0x72]);
    assert_eq!(printer.shown.borrow().uncut_dots, 4);
    printer.set(Switch::PaperOut, false);
    printer.publish();
    let mut expected = ProcessId::from_number(1).response().to_vec();
    expected.push(0);
    expected.extend([0x10, 0, 0, 0x0f]);
    assert_eq!(printer.take_output(), expected);
    assert_eq!(papers(&printer)[0].rows.len(), 15);
}

#[test]
fn paper_that_ends_in_the_feed_before_the_cut_stops_the_cut() {
    let mut printer = printer();
    printer.set_paper_left_dots(Some(12));
    assert_eq!(send(&mut printer, &job(1)), NOTHING);
    assert_eq!(papers(&printer).len(), 0);
    printer.set(Switch::PaperOut, false);
    printer.publish();
    assert_eq!(printer.take_output(), ProcessId::from_number(1).response());
    assert_eq!(papers(&printer)[0].rows.len(), 15);
}

#[test]
fn cleared_buffers_are_never_reported() {
    let mut printer = printer();
    printer.set(Switch::PaperOut, true);
    assert_eq!(send(&mut printer, &job(1)), NOTHING);
    assert!(printer.shown.borrow().buffered_bytes > 0);
    assert_eq!(send(&mut printer, &CLEAR_BUFFERS), BUFFER_CLEARED);
    printer.set(Switch::PaperOut, false);
    assert_eq!(send(&mut printer, &[]), NOTHING);
    assert_eq!(papers(&printer).len(), 0);
}

#[test]
fn without_power_everything_is_lost() {
    let mut printer = printer();
    send(&mut printer, &image(10, 0xff));
    printer.set(Switch::PowerOff, true);
    assert_eq!(send(&mut printer, &[0x10, 4, 1]), NOTHING);
    assert!(!printer.wants_input() || printer.waiting.is_empty());
    let torn = papers(&printer)[0].clone();
    assert_eq!((torn.rows.len(), torn.complete), (10, false));
    printer.set(Switch::PowerOff, false);
    assert_eq!(
        send(&mut printer, &job(2)),
        ProcessId::from_number(2).response()
    );
}

#[test]
fn a_presenter_holds_the_ticket_until_it_is_taken_and_pushes_a_left_one_out() {
    let mut printer = VirtualPrinter::new(PrinterConfig {
        width_dots: 64,
        taken_after_ms: Some(2_000),
        ..PrinterConfig::default()
    });
    let says = |printer: &mut VirtualPrinter| send(printer, &FULL_STATUS);
    assert_eq!(says(&mut printer), [0x10, 0x0f, 0, 0, 0, 0]);
    send(&mut printer, &job(1));
    assert_eq!(says(&mut printer), [0x10, 0x0f, 0x20, 0, 0, 0]);
    assert_eq!(printer.deadline_ms(), Some(2_000));
    printer.handle_timeout(1_999);
    assert_eq!(says(&mut printer), [0x10, 0x0f, 0x20, 0, 0, 0]);
    printer.handle_timeout(2_000);
    assert_eq!(says(&mut printer), [0x10, 0x0f, 0, 0, 0, 0]);
    printer.set(Switch::NotTaken, true);
    send(&mut printer, &job(2));
    assert_eq!(printer.deadline_ms(), None);
    send(&mut printer, &job(3));
    let view = printer.shown.borrow().clone();
    assert_eq!((view.tickets_taken, view.tickets_pushed_out), (1, 1));
    assert!(view.holds_ticket);
}

#[test]
fn a_printer_without_a_presenter_does_not_answer_for_one() {
    let mut printer = printer();
    send(&mut printer, &job(1));
    assert_eq!(send(&mut printer, &FULL_STATUS), NOTHING);
    assert_eq!(printer.deadline_ms(), None);
}

#[test]
fn half_an_image_swallows_the_next_job_until_filled() {
    let mut printer = printer();
    let half = image(20, 0xff);
    send(&mut printer, &half[..half.len() / 2]);
    // The rest of the image and more: zeros, which are nothing between commands.
    send(&mut printer, &[0; 200]);
    assert_eq!(
        send(&mut printer, &job(3)),
        ProcessId::from_number(3).response()
    );
}

#[test]
fn a_full_buffer_takes_no_more_and_only_the_last_papers_are_kept() {
    let mut printer = VirtualPrinter::new(PrinterConfig {
        width_dots: 64,
        buffer_bytes: 100,
        papers_kept: 2,
        ..PrinterConfig::default()
    });
    printer.set(Switch::CoverOpen, true);
    send(&mut printer, &job(1));
    assert!(!printer.wants_input());
    printer.set(Switch::CoverOpen, false);
    assert!(printer.wants_input());
    send(&mut printer, &job(2));
    send(&mut printer, &job(3));
    let seqs: Vec<u64> = papers(&printer).iter().map(|paper| paper.seq).collect();
    assert_eq!(seqs, [2, 3]);
}

#[test]
fn real_time_commands_in_images_are_obeyed_and_counted() {
    let mut printer = printer();
    let mut bytes = image(1, 0);
    bytes[8..11].copy_from_slice(&[0x10, 4, 1]);
    assert_eq!(send(&mut printer, &bytes), [0x12]);
    assert_eq!(printer.shown.borrow().real_time_in_images, 1);
}

#[test]
fn a_text_longer_than_the_line_goes_on_in_the_next() {
    let mut printer = VirtualPrinter::new(PrinterConfig::default());
    printer.hear(&[b'A'; 100]);
    printer.hear(b"\n\x1dV\x00");
    let paper = Arc::clone(printer.watch().borrow().papers.back().unwrap());
    let lengths: Vec<usize> = paper.text().iter().map(|line| line.len()).collect();
    // 576 dots, 12 a letter.
    assert_eq!(lengths, [48, 48, 4]);
}

/// Bytes of Big5 as the standard has them: 號 is B8B9, 櫃 C264.
#[test]
fn big5_is_read_where_the_rom_has_it() {
    let with = |rom_text| {
        let config = PrinterConfig {
            rom_text,
            ..PrinterConfig::default()
        };
        let mut printer = VirtualPrinter::new(config);
        printer.hear(b"\x1c&\x1ba\x01\x1d!\x12\x1bE\x01A047\xb8\xb9\x1d!\x00\xc2\x64\n");
        // Half a character, one of Hong Kong's and one that is none.
        printer.hear(b"\x1bE\x00\x1ba\x00\xb8\n\x87\x41\xff\xff\x1c.\xb8\xb9\n\x1dV\x00");
        let shown = printer.watch();
        let paper = Arc::clone(shown.borrow().papers.back().unwrap());
        assert_eq!(shown.borrow().unknown_commands, 0);
        paper
    };
    let paper = with(Some(RomText::Big5));
    // Half a character is no line: it feeds only.
    assert_eq!(
        paper.text(),
        ["A047號櫃", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"]
    );
    let line = &paper.lines[0];
    assert_eq!((line.size, line.bold), ((2, 3), true));
    // Four of 24 dots, one of 48 and one of 24, in the middle of 576.
    assert_eq!(line.dots, (204, 372));
    assert_eq!(paper.rows.len(), 72 + 30 + 30);
    let without = with(None);
    assert!(without.text()[0].starts_with("A047\u{fffd}\u{fffd}"));
}

#[test]
fn a_qr_code_is_drawn_where_it_begins_a_line_and_fits() {
    let print = |width_dots, before: &[u8]| {
        let config = PrinterConfig {
            width_dots,
            ..PrinterConfig::default()
        };
        let mut printer = VirtualPrinter::new(config);
        // Model 2, modules of 5 dots, error correction M, what it says.
        printer.hear(b"\x1ba\x01\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x05\x1d(k\x03\x001E1");
        printer.hear(b"\x1d(k\x08\x001P0https");
        printer.hear(before);
        printer.hear(b"\x1d(k\x03\x001Q0\n\x1dV\x00");
        let view = printer.watch().borrow().clone();
        (view.papers.back().unwrap().clone(), view.not_drawn)
    };
    let (paper, not_drawn) = print(576, b"");
    assert_eq!((paper.codes.join(" ").as_str(), not_drawn), ("https", 0));
    // The smallest code has 21 modules; its upper left corner is black, in the middle of the paper.
    assert_eq!(paper.rows.len(), 21 * 5 + 30);
    let first = paper.rows[0].iter().position(|byte| *byte != 0);
    assert_eq!(first, Some((576 - 21 * 5) / 2 / 8));
    for (width_dots, before) in [(576, &b"A"[..]), (64, b"")] {
        let (paper, not_drawn) = print(width_dots, before);
        assert_eq!((paper.codes.len(), not_drawn), (0, 1));
    }
    let (paper, not_drawn) = print(576, b"\x1b@");
    assert_eq!((paper.codes.len(), not_drawn), (0, 1), "forgotten");
}

proptest! {
    #[test]
    fn chunks_do_not_matter(
        garbage in prop::collection::vec(any::<u8>(), 0..200),
        cuts in prop::collection::vec(1..50_usize, 1..20),
    ) {
        let mut stream = garbage;
        // Enough to end any image or list that the garbage began is not possible, so just a job.
        stream.extend(job(1));
        let mut whole = printer();
        let at_once = send(&mut whole, &stream);
        let mut parts = printer();
        let mut in_parts = Vec::new();
        let mut rest = stream.as_slice();
        for cut in cuts.iter().cycle() {
            if rest.is_empty() { break; }
            let (head, tail) = rest.split_at((*cut).min(rest.len()));
            in_parts.extend(send(&mut parts, head));
            rest = tail;
        }
        // Real-time answers come on arrival, ahead of what waits: compare without order.
        let sorted = |mut bytes: Vec<u8>| { bytes.sort_unstable(); bytes };
        prop_assert_eq!(sorted(at_once), sorted(in_parts));
        if !stream.windows(3).any(|w| w == RECOVER_AND_CLEAR) {
            prop_assert_eq!(papers(&whole), papers(&parts));
        }
    }
}
