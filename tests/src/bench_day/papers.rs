//! What came out of the printer, and whose it was: read from the picture, as a visitor's phone would.

use std::sync::Arc;

use firmware_config::simulate::{Paper, PrinterHandle};
use tokio::task::JoinHandle;

/// One paper.
#[derive(Debug, Clone)]
pub(super) struct Slip {
    /// Ids of the tickets whose codes can be read on it.
    pub(super) tickets: Vec<String>,
    /// It was cut.
    pub(super) complete: bool,
}

/// Takes papers as they come.
pub(super) struct Papers {
    printer: PrinterHandle,
    taking: JoinHandle<()>,
    taken: Arc<std::sync::Mutex<Vec<Arc<Paper>>>>,
}

impl Papers {
    pub(super) fn collect(printer: &PrinterHandle) -> Self {
        let taken = Arc::default();
        let (mut view, into) = (printer.watch(), Arc::clone(&taken));
        let taking = tokio::spawn(async move {
            while view.changed().await.is_ok() {
                let papers = view.borrow_and_update().papers.clone();
                take(&into, papers);
            }
        });
        Self {
            printer: printer.clone(),
            taking,
            taken,
        }
    }

    /// All papers of the day.
    pub(super) fn end(self) -> Vec<Slip> {
        self.taking.abort();
        let view = self.printer.view();
        take(&self.taken, view.papers);
        assert_eq!(
            (view.unknown_commands, view.real_time_in_images),
            (0, 0),
            "the printer stumbled over what it was sent"
        );
        let taken = self.taken.lock().expect("nobody panicked with it");
        taken.iter().map(|paper| read(paper)).collect()
    }
}

fn take(into: &std::sync::Mutex<Vec<Arc<Paper>>>, papers: impl IntoIterator<Item = Arc<Paper>>) {
    let mut taken = into.lock().expect("nobody panicked with it");
    for paper in papers {
        let next = taken.len() as u64 + 1;
        if paper.seq >= next {
            assert_eq!(paper.seq, next, "a paper was missed");
            taken.push(paper);
        }
    }
}

fn read(paper: &Paper) -> Slip {
    let is_black = |x: usize, y: usize| paper.rows[y][x / 8] & (0x80 >> (x % 8)) != 0;
    let shade = |x: usize, y: usize| if is_black(x, y) { 0 } else { 255 };
    let (width, height) = (usize::from(paper.width_dots), paper.rows.len());
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, shade);
    let codes = picture.detect_grids();
    let contents = codes.iter().filter_map(|code| code.decode().ok());
    let tickets = contents.filter_map(|(_, text)| Some(text.rsplit_once("/t/")?.1.to_owned()));
    Slip {
        tickets: tickets.collect(),
        complete: paper.complete,
    }
}
