//! The printer's firmware, without its line.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use tokio::sync::watch;

use super::command::{Op, parse};
use super::midway::{Midway, Mishap};
use super::page::Page;
use super::qr::QrMemory;
use super::user_settings::{PrinterMemory, UserSettings};
use super::{PrinterConfig, PrinterView, Switch};
use crate::escpos_wire::{
    BUFFER_CLEARED, CLEAR_BUFFERS, DleEot, FULL_STATUS, FullStatus, PaperStatus, PrinterStatus,
    RECOVER_AND_CLEAR,
};
use crate::simulate::shell::WireDevice;

/// Longest real-time command, in bytes.
const REAL_TIME_MAX: usize = 10;

/// A printer that can be driven byte by byte.
#[derive(Debug)]
pub struct VirtualPrinter {
    config: PrinterConfig,
    switches: BTreeSet<Switch>,
    paper_left_dots: Option<usize>,
    waiting: VecDeque<u8>,
    last_received: VecDeque<u8>,
    mode: Mode,
    page: Page,
    qr: QrMemory,
    /// Rows developed but not on paper yet, because it ended.
    undone: VecDeque<Vec<u8>>,
    asb_enabled: bool,
    status_told: PrinterStatus,
    output: Vec<u8>,
    shown: watch::Sender<PrinterView>,
    view: PrinterView,
    papers_made: u64,
    user_settings: UserSettings,
    speaks_at_its_speed: bool,
    now_ms: u64,
    /// Since when a ticket is in the output of the presenter.
    presented_at_ms: Option<u64>,
    /// What a dot row takes, in milliseconds.
    row_ms: u64,
    /// The next row is not printed before.
    row_free_ms: u64,
    midway: Option<Midway>,
    /// The power goes after so many more dot rows.
    power_left_dots: Option<usize>,
}

/// What the next waiting byte is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Commands,
    Image {
        double_width: bool,
        double_height: bool,
        row_bytes: usize,
        rows_left: usize,
    },
    Skip(usize),
    /// Bytes of what a QR code says.
    QrStore(usize),
    /// None: the cutter falls once everything before is on paper.
    Cut,
}

impl VirtualPrinter {
    /// A printer with power, paper and nothing printed.
    pub fn new(config: PrinterConfig) -> Self {
        Self {
            config,
            switches: BTreeSet::new(),
            paper_left_dots: None,
            waiting: VecDeque::new(),
            last_received: VecDeque::new(),
            mode: Mode::Commands,
            page: Page::new(config.width_dots, config.rom_text),
            qr: QrMemory::default(),
            undone: VecDeque::new(),
            asb_enabled: false,
            status_told: PrinterStatus::default(),
            output: Vec::new(),
            shown: watch::Sender::default(),
            view: PrinterView::default(),
            papers_made: 0,
            user_settings: UserSettings::default(),
            speaks_at_its_speed: false,
            now_ms: 0,
            presented_at_ms: None,
            row_ms: 0,
            row_free_ms: 0,
            midway: None,
            power_left_dots: None,
        }
    }

    /// Gives it settings, and makes it understand only a host that speaks at the speed in them.
    pub fn with_memory(self, memory: PrinterMemory) -> Self {
        Self {
            user_settings: UserSettings::new(memory),
            speaks_at_its_speed: true,
            ..self
        }
    }

    /// Takes its power away after so many more changes of its settings, before it has kept them.
    pub fn set_power_cut_after_settings(&mut self, changes: u32) {
        self.user_settings.set_power_cut_after(changes);
    }

    /// What can be seen, as it changes.
    pub fn watch(&self) -> watch::Receiver<PrinterView> {
        self.shown.subscribe()
    }

    /// What it says about itself.
    pub fn status(&self) -> PrinterStatus {
        let has = |switch: Switch| self.switches.contains(&switch);
        let paper = PaperStatus {
            near_end: has(Switch::PaperNearEnd),
            out: has(Switch::PaperOut),
        };
        let cover_open = has(Switch::CoverOpen);
        let cutter_error = has(Switch::CutterError);
        PrinterStatus {
            offline: paper.out || cover_open || cutter_error,
            cover_open,
            cutter_error,
            paper,
            ..PrinterStatus::default()
        }
    }

    /// Makes something wrong, or right again. A printer that can print again goes on with what it
    /// has kept.
    pub fn set(&mut self, switch: Switch, on: bool) {
        let changed = if on {
            self.switches.insert(switch)
        } else {
            self.switches.remove(&switch)
        };
        match (switch, on) {
            (Switch::PowerOff, true) if changed => self.lose_power(),
            (Switch::PaperOut, false) => self.paper_left_dots = None,
            _ => {}
        }
        self.work();
    }

    /// Sets how much paper is left, in dot rows; `None`: it never ends.
    pub fn set_paper_left_dots(&mut self, dots: Option<usize>) {
        self.paper_left_dots = dots;
        self.work();
    }

    /// Makes every dot row take so many milliseconds.
    pub fn set_row_ms(&mut self, row_ms: u64) {
        self.row_ms = row_ms;
    }

    /// Makes something go wrong so many percent, 0 to 99, into the first ticket.
    pub fn set_mishap(&mut self, mishap: Mishap, percent: u8) {
        let config = self.config;
        self.midway
            .get_or_insert_with(|| Midway::new(config))
            .add(mishap, percent.min(99));
    }

    /// The dot rows of the first ticket so far, and whether it is whole; `None`: nothing is printed yet.
    pub(super) fn first_ticket(&self) -> Option<(usize, bool)> {
        match self.view.papers.front() {
            Some(paper) => Some((paper.rows.len(), true)),
            None => (!self.page.is_blank()).then(|| (self.page.height_dots(), false)),
        }
    }

    /// Lets go wrong what was to go wrong in a ticket that has come whole.
    fn meet_mishaps(&mut self) {
        let mishaps = self.midway.as_ref().and_then(|m| m.mishaps(self.now_ms));
        for (mishap, dots) in mishaps.into_iter().flatten() {
            match mishap {
                Mishap::PaperOut => self.paper_left_dots = Some(dots),
                Mishap::PowerOff => self.power_left_dots = Some(dots),
            }
            self.midway = None;
        }
    }

    fn has_power(&self) -> bool {
        !self.switches.contains(&Switch::PowerOff)
    }

    fn lose_power(&mut self) {
        self.clear_buffers();
        self.user_settings.lose_power();
        self.output.clear();
        self.last_received.clear();
        self.asb_enabled = false;
        if !self.page.is_blank() {
            self.tear_off(false);
        }
        self.page = Page::new(self.config.width_dots, self.config.rom_text);
    }

    fn clear_buffers(&mut self) {
        self.waiting.clear();
        self.undone.clear();
        self.mode = Mode::Commands;
        self.initialize();
    }

    fn initialize(&mut self) {
        self.page.initialize();
        self.qr = QrMemory::default();
    }

    /// Obeys a real-time command that ends with this byte, wherever it stands.
    fn obey_real_time(&mut self, byte: u8) {
        self.last_received.push_back(byte);
        if self.last_received.len() > REAL_TIME_MAX {
            self.last_received.pop_front();
        }
        let received = self.last_received.make_contiguous();
        if let [.., 0x10, 0x04, n] = received
            && let Some(kind) = DleEot::from_number(*n)
        {
            let answer = self.status().to_dle_eot(kind);
            self.output.push(answer);
        } else if received.ends_with(&FULL_STATUS) && self.config.taken_after_ms.is_some() {
            let status = FullStatus::new(&self.status(), self.presented_at_ms.is_some());
            self.output.extend(status.response());
        } else if received.ends_with(&RECOVER_AND_CLEAR) {
            self.clear_buffers();
        } else if received.ends_with(&CLEAR_BUFFERS) {
            self.clear_buffers();
            self.output.extend(BUFFER_CLEARED);
        }
    }

    /// Does whatever can be done now, and tells the host about changes.
    fn work(&mut self) {
        while self.can_go_on() && self.step() {}
        self.tell_changes();
    }

    fn can_go_on(&self) -> bool {
        self.is_ready() && (self.undone.is_empty() || self.now_ms >= self.row_free_ms)
    }

    /// Whether nothing but its slowness keeps it from printing.
    fn is_ready(&self) -> bool {
        let waits = self.midway.as_ref().is_some_and(Midway::has_begun);
        let is_stuck = self.switches.contains(&Switch::Stuck);
        self.has_power() && !waits && !is_stuck && !self.status().offline
    }

    /// When a ticket in the output of its presenter is taken.
    fn taken_ms(&self) -> Option<u64> {
        if self.switches.contains(&Switch::NotTaken) {
            return None;
        }
        Some(self.presented_at_ms? + self.config.taken_after_ms?)
    }

    /// One command, or one row of an image. `false`: more bytes are needed.
    fn step(&mut self) -> bool {
        if let Some(row) = self.undone.pop_front() {
            self.print_row(row);
            return true;
        }
        match self.mode {
            Mode::Commands => {
                let Some((length, op)) = parse(self.waiting.make_contiguous()) else {
                    return false;
                };
                let command: Vec<u8> = self.waiting.drain(..length).collect();
                self.page.remember(&command);
                self.obey(op);
                true
            }
            Mode::Image {
                double_width,
                double_height,
                row_bytes,
                rows_left,
            } => {
                if rows_left == 0 || row_bytes == 0 {
                    self.page.end_image();
                    self.mode = Mode::Commands;
                    return true;
                }
                if self.waiting.len() < row_bytes {
                    return false;
                }
                let image_row: Vec<u8> = self.waiting.drain(..row_bytes).collect();
                self.page.remember(&image_row);
                self.view.real_time_in_images += hidden_commands(&image_row);
                let row = self.page.place(&image_row, double_width);
                if double_height {
                    self.undone.push_back(row.clone());
                }
                self.undone.push_back(row);
                let rows_left = rows_left - 1;
                self.mode = Mode::Image {
                    double_width,
                    double_height,
                    row_bytes,
                    rows_left,
                };
                true
            }
            Mode::Cut => {
                if !self.page.is_blank() {
                    self.tear_off(true);
                    self.present();
                }
                self.mode = Mode::Commands;
                true
            }
            Mode::Skip(0) => {
                self.mode = Mode::Commands;
                true
            }
            Mode::Skip(bytes_left) => {
                let count = bytes_left.min(self.waiting.len());
                let skipped: Vec<u8> = self.waiting.drain(..count).collect();
                self.page.remember(&skipped);
                self.mode = Mode::Skip(bytes_left - count);
                count > 0
            }
            Mode::QrStore(0) => {
                self.mode = Mode::Commands;
                true
            }
            Mode::QrStore(bytes_left) => {
                let count = bytes_left.min(self.waiting.len());
                let stored: Vec<u8> = self.waiting.drain(..count).collect();
                self.page.remember(&stored);
                self.qr.store(&stored);
                self.mode = Mode::QrStore(bytes_left - count);
                count > 0
            }
        }
    }

    fn obey(&mut self, op: Op) {
        match op {
            Op::Character(byte) => {
                if let Some(letter) = self.page.read(byte) {
                    if !self.page.has_room(&letter) {
                        self.feed(self.page.line_feed_dots());
                    }
                    self.page.put(letter);
                }
            }
            Op::LineFeed => self.feed(self.page.line_feed_dots()),
            Op::Initialize => self.initialize(),
            Op::FeedDots(dots) => self.feed(usize::from(dots)),
            Op::FeedLines(lines) => self.feed(usize::from(lines) * self.page.line_feed_dots()),
            Op::LineSpacing(dots) => self.page.set_line_spacing(dots),
            Op::Align(n) => self.page.set_align(n),
            Op::Emphasis(on) => self.page.set_bold(on),
            Op::Size(n) => self.page.set_size(n),
            Op::TwoByte(on) => self.page.set_two_byte(on),
            Op::QrModule(dots) => self.qr.set_module(dots),
            Op::QrLevel(n) => self.qr.set_level(n),
            Op::QrStore(bytes) => {
                self.qr.clear();
                self.mode = Mode::QrStore(bytes);
            }
            Op::QrPrint => self.print_qr(),
            Op::MoveTo(x_dots) => self.page.move_to(x_dots),
            Op::Image {
                double_width,
                double_height,
                row_bytes,
                rows,
            } => {
                let rows_left = rows;
                self.mode = Mode::Image {
                    double_width,
                    double_height,
                    row_bytes,
                    rows_left,
                };
            }
            Op::NotDrawn(bytes) => {
                self.view.not_drawn += 1;
                self.mode = Mode::Skip(bytes);
            }
            Op::Skip(bytes) => self.mode = Mode::Skip(bytes),
            Op::Cut(feed_dots) => {
                self.feed(usize::from(feed_dots));
                self.mode = Mode::Cut;
            }
            Op::Asb(mask) => {
                self.asb_enabled = mask != 0;
                if self.asb_enabled {
                    self.tell_status();
                }
            }
            Op::SendStatus(1 | b'1') => self.output.push(self.status().paper.to_byte()),
            Op::SendStatus(_) => self.output.push(0),
            Op::SendIdentity(n) => self.send_identity(n),
            Op::ReportWhenPrinted(id) => self.output.extend(id.response()),
            Op::UserSetting(parameters) => self.change_settings(&parameters),
            Op::Nothing => {}
            Op::Unknown => self.view.unknown_commands += 1,
        }
    }

    /// Prints the text line and feeds so many dots, the line's own height among them.
    fn feed(&mut self, dots: usize) {
        let line = self.page.take_line();
        let blank = dots.saturating_sub(line.len());
        self.undone.extend(line);
        self.undone
            .extend(std::iter::repeat_n(self.page.blank_row(), blank));
    }

    /// A code that does not fit or does not begin a line is not printed.
    fn print_qr(&mut self) {
        let rows = self.qr.rows().filter(|_| self.page.is_line_empty());
        match rows.and_then(|rows| self.page.place_code(&rows, self.qr.data())) {
            Some(rows) => self.undone.extend(rows),
            None => self.view.not_drawn += 1,
        }
    }

    fn print_row(&mut self, row: Vec<u8>) {
        if self.paper_left_dots == Some(0) {
            self.undone.push_front(row);
            self.switches.insert(Switch::PaperOut);
            return;
        }
        if self.power_left_dots == Some(0) {
            self.power_left_dots = None;
            self.set(Switch::PowerOff, true);
            return;
        }
        for left in [&mut self.paper_left_dots, &mut self.power_left_dots] {
            *left = left.map(|dots| dots - 1);
        }
        self.row_free_ms = self.now_ms + self.row_ms;
        self.page.print_row(row);
        if self.page.is_too_long() {
            self.tear_off(false);
        }
    }

    fn tear_off(&mut self, complete: bool) {
        self.papers_made += 1;
        let paper = self.page.tear_off(self.papers_made, complete);
        self.view.papers.push_back(Arc::new(paper));
        while self.view.papers.len() > self.config.papers_kept {
            self.view.papers.pop_front();
        }
    }

    /// Puts a ticket just cut into the output. The one that was there is pushed out and falls.
    fn present(&mut self) {
        if self.config.taken_after_ms.is_none() {
            return;
        }
        if self.presented_at_ms.replace(self.now_ms).is_some() {
            self.view.tickets_pushed_out += 1;
        }
    }

    fn change_settings(&mut self, parameters: &[u8]) {
        let done = self.user_settings.obey(parameters);
        self.output.extend(done.answer);
        if done.restarts {
            self.clear_buffers();
            self.asb_enabled = false;
        }
        if done.cuts_power {
            self.set(Switch::PowerOff, true);
        }
    }

    fn send_identity(&mut self, n: u8) {
        match n {
            1 | b'1' => self.output.push(0x20),
            2 | b'2' => self.output.push(0x02),
            3 | b'3' => self.output.push(0x01),
            65 => self.send_block(b"1.00"),
            66 => self.send_block(b"SIMULATED"),
            67 => self.send_block(b"VIRTUAL PRINTER"),
            68 => self.send_block(b"0001"),
            _ => {}
        }
    }

    fn send_block(&mut self, text: &[u8]) {
        self.output.push(0x5f);
        self.output.extend(text);
        self.output.push(0);
    }

    fn tell_changes(&mut self) {
        if self.asb_enabled && self.has_power() && self.status() != self.status_told {
            self.tell_status();
        }
    }

    fn tell_status(&mut self) {
        self.status_told = self.status();
        self.output.extend(self.status_told.to_asb());
    }
}

impl WireDevice for VirtualPrinter {
    fn handle_bytes(&mut self, now_ms: u64, bytes: &[u8]) {
        self.now_ms = now_ms;
        if !self.has_power() {
            return;
        }
        for byte in bytes {
            self.waiting.push_back(*byte);
            self.obey_real_time(*byte);
        }
        if let Some(midway) = &mut self.midway {
            midway.hear(now_ms, bytes);
            self.meet_mishaps();
        }
        self.work();
    }

    fn handle_timeout(&mut self, now_ms: u64) {
        self.now_ms = now_ms;
        if self.taken_ms().is_some_and(|at_ms| now_ms >= at_ms) {
            self.presented_at_ms = None;
            self.view.tickets_taken += 1;
        }
        self.meet_mishaps();
        self.work();
    }

    fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }

    fn deadline_ms(&self) -> Option<u64> {
        let has_rows = self.is_ready() && !self.undone.is_empty();
        let next_row = has_rows.then_some(self.row_free_ms);
        let ticket = self.midway.as_ref().and_then(Midway::deadline_ms);
        let next = [self.taken_ms(), next_row, ticket];
        next.into_iter().flatten().min()
    }

    fn wants_input(&self) -> bool {
        // A ticket longer than the buffer is heard to its end, too, before its middle is known.
        let measures = self.midway.as_ref().is_some_and(Midway::has_begun);
        measures || self.waiting.len() < self.config.buffer_bytes
    }

    fn baud_bps(&self) -> Option<u32> {
        self.speaks_at_its_speed
            .then(|| self.user_settings.memory().baud_bps())
            .flatten()
    }

    fn publish(&self) {
        let view = PrinterView {
            switches: self.switches.clone(),
            status: self.status(),
            memory: self.user_settings.memory().clone(),
            uncut_dots: self.page.height_dots(),
            holds_ticket: self.presented_at_ms.is_some(),
            buffered_bytes: self.waiting.len(),
            ..self.view.clone()
        };
        self.shown.send_if_modified(|shown| {
            let changed = *shown != view;
            if changed {
                *shown = view;
            }
            changed
        });
    }
}

/// How many real-time commands stand in image data.
fn hidden_commands(image: &[u8]) -> u64 {
    let hidden = image.windows(3).filter(|window| {
        matches!(
            window,
            [0x10, 0x04, 1..=8 | 18 | 20] | [0x10, 0x05, 0..=2] | [0x10, 0x14, 1..=3 | 7 | 8]
        )
    });
    hidden.count() as u64
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
