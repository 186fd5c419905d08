//! Every parser of bytes from a wire, fed with anything: it neither panics nor hoards, and after noise it loses at most
//! one frame.
//!
//! Noise is made of the parser's own frames, broken in every way, and of chance. Traps, and what once found a fault, are
//! kept in `corpus/<parser>/` and fed again each time. `PROPTEST_CASES=100000 cargo test -p firmware-config --test fuzz --release`
//! looks for more.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod noise;
mod wires;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use peak_alloc::PeakAlloc;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use self::noise::noise;
use self::wires::{Parser, all};

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// The heap is one for all tests: they measure one after the other.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Feeds a parser and tells why it fails.
fn check(parser: &Parser, bytes: &[u8], chunk: usize) -> Result<(), String> {
    let mut wire = (parser.start)();
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    for piece in bytes.chunks(chunk.max(1)) {
        wire.feed(piece);
    }
    let held = HEAP.peak_usage().saturating_sub(before);
    if held > parser.heap_max_bytes {
        return Err(format!("{}: holds {held} bytes", parser.name));
    }
    if !wire.recovers() {
        return Err(format!("{}: a second frame is lost, too", parser.name));
    }
    Ok(())
}

#[test]
fn anything_costs_one_frame_at_most() {
    let _turn = alone();
    for parser in all() {
        let mut runner = TestRunner::new(Config {
            failure_persistence: None,
            ..Config::default()
        });
        let frames = (parser.start)().frames();
        let stream = (noise(frames), 1..80_usize);
        let outcome = runner.run(&stream, |(bytes, chunk)| {
            check(&parser, &bytes, chunk).map_err(TestCaseError::fail)
        });
        if let Err(failed) = outcome {
            panic!("{failed}");
        }
    }
}

#[test]
fn a_long_stream_needs_no_more_memory_than_a_short_one() {
    let _turn = alone();
    for parser in all() {
        let frames = (parser.start)().frames();
        // Whole frames, starts of frames, printable text, zeros.
        let long = frames.iter().filter(|frame| frame.len() > 1);
        let starts = long.map(|frame| frame[..frame.len() - 1].to_vec());
        let plain = [b'A', b'7', 0x00, 0xff].map(|byte| vec![byte; 64]);
        for piece in starts.chain(frames.clone()).chain(plain) {
            let stream = piece.repeat(parser.stream_bytes.div_ceil(piece.len()));
            if let Err(why) = check(&parser, &stream, 61) {
                panic!("{why} of {:02x?}...", &piece[..piece.len().min(20)]);
            }
        }
    }
}

#[test]
fn the_corpus_finds_no_fault() {
    let _turn = alone();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    let mut names: Vec<String> = std::fs::read_dir(&corpus)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let parsers = all();
    let mut known: Vec<&str> = parsers.iter().map(|parser| parser.name).collect();
    known.sort_unstable();
    assert_eq!(names, known, "one directory for each parser");
    for parser in parsers {
        let files = std::fs::read_dir(corpus.join(parser.name)).unwrap();
        for file in files.map(|entry| entry.unwrap().path()) {
            let bytes = std::fs::read(&file).unwrap();
            for chunk in [1, 7, bytes.len()] {
                if let Err(why) = check(&parser, &bytes, chunk) {
                    panic!("{}: {why}", file.display());
                }
            }
        }
    }
}
