//! The parsers, each with frames it understands and a way to see whether it still does.

use std::num::NonZeroU8;

use firmware_config::bus::{BusConfig, BusMachine, Output, PanelConfig};
use firmware_config::caller_pad::{self, Key, KeyFrame, PadAction, PadEvent, Score, ack_for};
use firmware_config::escpos_settings;
use firmware_config::escpos_wire::{
    BUFFER_CLEARED, CLEAR_BUFFERS, DleEot, INITIALIZE, ProcessId, RECOVER_AND_CLEAR, Return,
    ReturnDemux,
};
use firmware_config::key_pad::{
    Code, Event, Function, InputRecord, KeyMap, KeyPadConfig, KeyPadMachine, Meaning,
};
use firmware_config::modbus::{Action, Address, Exception, Request};
use firmware_config::panel::{Expected, Heard, Listener, PanelProtocol};
use firmware_config::profile::{DeviceProfile, RomText};
use firmware_config::simulate::{
    PrinterConfig, PrinterView, VirtualCard, VirtualDisplay, VirtualLine, VirtualPrinter,
};
use firmware_config::{alpha, led485};
use tokio::sync::watch;

/// A parser of bytes from a wire.
pub(super) struct Parser {
    pub(super) name: &'static str,
    /// Most bytes it may hold while it is fed, answers included.
    pub(super) heap_max_bytes: usize,
    /// Length of a stream that is long for it.
    pub(super) stream_bytes: usize,
    pub(super) start: Box<dyn Fn() -> Box<dyn Wire>>,
}

pub(super) trait Wire {
    /// Frames it understands.
    fn frames(&self) -> Vec<Vec<u8>>;
    /// Bytes arrive.
    fn feed(&mut self, bytes: &[u8]);
    /// A frame arrives that may be lost, and then another: whether that was understood.
    fn recovers(&mut self) -> bool;
}

/// For parsers that hold little more than a frame, and give what they found at once.
const SMALL: usize = 16 * 1024;
/// For a printer: two papers of 3 m, one that is being printed, and the longest feed.
const PAPERS: usize = 24 * 1024 * 1024;
/// Many times [`SMALL`].
const LONG: usize = 200_000;
/// Three bytes feed a metre of paper.
const LONG_FOR_A_PRINTER: usize = 3_000;

/// All parsers; the panels and their answers are those of the built-in profiles.
pub(super) fn all() -> Vec<Parser> {
    let small = |name, start: fn() -> Box<dyn Wire>| Parser {
        name,
        heap_max_bytes: SMALL,
        stream_bytes: LONG,
        start: Box::new(start),
    };
    let mut parsers = vec![
        small("caller-pad", || Box::new(Pads::default())),
        small("printer-returns", || Box::new(Returns::default())),
        small("printer-settings", || Box::new(Settings::default())),
        small("simulated-line", || Box::new(Line::new())),
        small("line-master", || Box::new(Master::new())),
        small("key-pad-bytes", || Box::new(KeyPad::new("byte-keypad"))),
        small("key-pad-records", || Box::new(KeyPad::new("usb-keypad"))),
        Parser {
            name: "simulated-printer",
            heap_max_bytes: PAPERS,
            stream_bytes: LONG_FOR_A_PRINTER,
            start: Box::new(|| Box::new(Printer::new())),
        },
    ];
    for (panel, answer, id) in [
        ("panel-led-485", "answer-led-485", "led-485"),
        ("panel-dm36", "answer-dm36", "dm36"),
        ("panel-dm56", "answer-dm56", "dm56"),
        ("panel-alpha", "answer-alpha", "alpha"),
        ("panel-am03127", "answer-am03127", "am03127"),
        ("panel-cd5220", "", "cd5220"),
        ("panel-kanban", "", "kanban"),
        ("panel-ed400d", "", "ed400d"),
        ("panel-parking-3a", "", "parking-3a"),
        ("panel-led-card-fe", "answer-led-card-fe", "led-card-fe"),
        ("panel-led-aa55", "", "led-aa55"),
    ] {
        parsers.push(Parser {
            name: panel,
            heap_max_bytes: SMALL,
            stream_bytes: LONG,
            start: Box::new(move || Box::new(Panel::new(id))),
        });
        if !answer.is_empty() {
            parsers.push(Parser {
                name: answer,
                heap_max_bytes: SMALL,
                stream_bytes: LONG,
                start: Box::new(move || Box::new(Answer::new(id))),
            });
        }
    }
    parsers
}

fn slave(address: u8) -> Address {
    Address::new(address).unwrap()
}

fn press(key: Key) -> caller_pad::Frame {
    let digits = vec![0, 4, 7];
    PadEvent::Key(KeyFrame { digits, key }).to_frame(2)
}

fn pad_frames() -> Vec<Vec<u8>> {
    let rating = PadEvent::Rating(Score::new(4).unwrap()).to_frame(2);
    let shown = PadAction::ShowTicket(47).to_frame(2);
    let longest = caller_pad::Frame {
        address: 2,
        command: 1,
        data: vec![9; caller_pad::DATA_MAX],
    };
    let frames = [
        longest,
        press(Key::CallNext),
        press(Key::Recall),
        ack_for(&rating),
        rating,
        shown,
    ];
    frames.map(|frame| frame.encode()).to_vec()
}

#[derive(Default)]
struct Pads(caller_pad::Decoder);

impl Wire for Pads {
    fn frames(&self) -> Vec<Vec<u8>> {
        pad_frames()
    }

    fn feed(&mut self, bytes: &[u8]) {
        self.0.feed(bytes);
    }

    fn recovers(&mut self) -> bool {
        let frame = press(Key::Confirm);
        let mut found = self.0.feed(&frame.encode());
        found.extend(self.0.feed(&frame.encode()));
        found.extend(self.0.silence());
        found.contains(&frame)
    }
}

#[derive(Default)]
struct Returns(ReturnDemux);

impl Wire for Returns {
    fn frames(&self) -> Vec<Vec<u8>> {
        vec![
            vec![0x1c, 0x00, 0x0c, 0x0f],
            ProcessId::from_number(7).response().to_vec(),
            BUFFER_CLEARED.to_vec(),
            vec![0x10, 0x0f, 0x20, 0x00, 0x00, 0x00],
            vec![0x12],
            b"_VIRTUAL PRINTER\0".to_vec(),
            b"\x37\x2100000010\0".to_vec(),
        ]
    }

    fn feed(&mut self, bytes: &[u8]) {
        self.0.feed(bytes);
    }

    fn recovers(&mut self) -> bool {
        let [lost, found] = [1, 2].map(ProcessId::from_number);
        self.0.feed(&lost.response());
        let returns = self.0.feed(&found.response());
        returns.contains(&Return::Printed(found))
    }
}

#[derive(Default)]
struct Settings(escpos_settings::Decoder);

impl Wire for Settings {
    fn frames(&self) -> Vec<Vec<u8>> {
        [
            escpos_settings::Answer::Entered,
            escpos_settings::Answer::Switches([true, false, true, false, true, false, true, false]),
            escpos_settings::Answer::Value {
                number: 116,
                value: 65_533,
            },
        ]
        .map(|answer| answer.encode())
        .to_vec()
    }

    fn feed(&mut self, bytes: &[u8]) {
        self.0.feed(bytes);
    }

    fn recovers(&mut self) -> bool {
        let answer = escpos_settings::Answer::Switches([true; 8]);
        self.0.feed(&answer.encode());
        self.0.feed(&answer.encode()).contains(&answer)
    }
}

/// A line with a panel, a pad and a card on it.
struct Line {
    line: VirtualLine,
    now_ms: u64,
}

impl Line {
    fn new() -> Self {
        let line = VirtualLine::new([slave(1)], [2]).with_card(VirtualCard::new(slave(3)));
        Self { line, now_ms: 0 }
    }
}

impl Wire for Line {
    fn frames(&self) -> Vec<Vec<u8>> {
        let read = Action::Read {
            register: 41,
            count: 1,
        };
        let request = |address, action| Request {
            address: slave(address),
            action,
        };
        let mut frames = pad_frames();
        frames.extend([
            led485::show_text(slave(1), "A012").unwrap().encode(),
            led485::show_number(slave(1), -7).encode(),
            request(1, read.clone()).encode(),
            request(3, read).encode(),
        ]);
        frames
    }

    fn feed(&mut self, bytes: &[u8]) {
        self.now_ms += 10;
        self.line.hear(self.now_ms, bytes);
    }

    fn recovers(&mut self) -> bool {
        let request = led485::show_text(slave(1), "B034").unwrap();
        self.feed(&request.encode());
        let said = self.line.hear(self.now_ms, &request.encode());
        request.find_reply(&said).is_some()
    }
}

/// The master of a line with a panel and a pad.
struct Master {
    machine: BusMachine,
    now_ms: u64,
    written: Vec<Vec<u8>>,
}

impl Master {
    fn new() -> Self {
        let panel = PanelConfig::from(PanelProtocol::Led485);
        let mut machine = BusMachine::new(BusConfig::new([(1, panel)], [2]));
        machine.handle_line_up(0);
        let mut master = Self {
            machine,
            now_ms: 0,
            written: Vec::new(),
        };
        master.pass(1_000);
        master
    }

    /// Time passes, and what the machine says is heard.
    fn pass(&mut self, ms: u64) {
        let until = self.now_ms + ms;
        self.written.clear();
        loop {
            match self.machine.poll_output() {
                Output::Write(bytes) => self.written.push(bytes),
                Output::Event(_) | Output::Speed(_) => {}
                Output::Wait { until_ms, .. } => match until_ms {
                    Some(at) if at <= until => {
                        self.now_ms = self.now_ms.max(at);
                        self.machine.handle_timeout(self.now_ms);
                    }
                    _ => break,
                },
            }
        }
        self.now_ms = until;
    }
}

impl Wire for Master {
    fn frames(&self) -> Vec<Vec<u8>> {
        let request = led485::show_text(slave(1), "A012").unwrap();
        let mut frames = pad_frames();
        frames.extend([
            request.encode(),
            request.reply(&[]),
            request.refuse(Exception::ILLEGAL_ADDRESS),
        ]);
        frames
    }

    fn feed(&mut self, bytes: &[u8]) {
        self.machine.handle_bytes(self.now_ms, bytes);
        self.pass(7);
    }

    fn recovers(&mut self) -> bool {
        let frame = press(Key::Pause);
        self.machine.handle_bytes(self.now_ms, &frame.encode());
        self.pass(5_000);
        let ack = ack_for(&frame).encode();
        let first = self.written.contains(&ack);
        self.machine.handle_bytes(self.now_ms, &frame.encode());
        self.pass(5_000);
        first || self.written.contains(&ack)
    }
}

/// The host's side of a pad without a protocol.
struct KeyPad {
    machine: KeyPadMachine,
    keys: KeyMap,
    now_ms: u64,
    presses: usize,
}

impl KeyPad {
    fn new(id: &str) -> Self {
        let profile = DeviceProfile::built_in(id).unwrap();
        let config = KeyPadConfig::of_profile(&profile).unwrap();
        let keys = config.keys.clone();
        let mut machine = KeyPadMachine::new(config);
        machine.handle_up(0);
        Self {
            machine,
            keys,
            now_ms: 0,
            presses: 0,
        }
    }

    fn press(&self, key: Function) -> Vec<u8> {
        match self.keys.code_of(Meaning::Function(key)).unwrap() {
            Code::Bytes(sequence) => sequence.bytes().to_vec(),
            Code::Key(key) => {
                let records = [InputRecord::pressed(7, key), InputRecord::report(7)];
                records.map(|record| record.encode()).concat()
            }
        }
    }

    fn pass(&mut self, ms: u64) {
        let until_ms = self.now_ms + ms;
        while let Some(at_ms) = self
            .machine
            .deadline_ms()
            .filter(|at_ms| *at_ms <= until_ms)
        {
            self.machine.handle_timeout(at_ms);
        }
        self.now_ms = until_ms;
        while let Some(event) = self.machine.poll_event() {
            self.presses += usize::from(matches!(event, Event::Press(_)));
        }
    }
}

impl Wire for KeyPad {
    fn frames(&self) -> Vec<Vec<u8>> {
        Function::ALL.map(|(_, key)| self.press(key)).to_vec()
    }

    fn feed(&mut self, bytes: &[u8]) {
        self.machine.handle_bytes(self.now_ms, bytes);
        self.pass(7);
    }

    /// A person presses again when nothing happens.
    fn recovers(&mut self) -> bool {
        let bytes = self.press(Function::Recall);
        let presses = [(); 2].map(|()| {
            self.presses = 0;
            self.machine.handle_bytes(self.now_ms, &bytes);
            self.pass(1_000);
            self.presses
        });
        presses[1] == 1
    }
}

struct Printer {
    printer: VirtualPrinter,
    view: watch::Receiver<PrinterView>,
}

impl Printer {
    fn new() -> Self {
        let printer = VirtualPrinter::new(PrinterConfig {
            papers_kept: 2,
            taken_after_ms: Some(2_000),
            rom_text: Some(RomText::Big5),
            ..PrinterConfig::default()
        });
        let view = printer.watch();
        Self { printer, view }
    }
}

/// A picture of three rows, cut, with a word when it is printed.
fn ticket(id: ProcessId) -> Vec<u8> {
    let picture = [0x1d, b'v', b'0', 0, 2, 0, 3, 0, 1, 2, 3, 4, 5, 6];
    let mut bytes = INITIALIZE.to_vec();
    bytes.extend(picture);
    bytes.extend([0x1d, b'V', 66, 0]);
    bytes.extend(id.request());
    bytes
}

impl Wire for Printer {
    fn frames(&self) -> Vec<Vec<u8>> {
        vec![
            ticket(ProcessId::from_number(3)),
            b"\x1b@Counter 3\n\x1bJ\x40\x1bd\x03\x1b$\x10\x00\x1ba\x01text\n\x1dV\x00".to_vec(),
            b"\x1da\xff\x1dr\x01\x1dI\x43".to_vec(),
            DleEot::Paper.request().to_vec(),
            CLEAR_BUFFERS.to_vec(),
            RECOVER_AND_CLEAR.to_vec(),
            b"\x1d(E\x03\x00\x01IN\x1d(E\x04\x00\x05\x05\xfd\xff\x1d(E\x04\x00\x02OUT".to_vec(),
            b"\x1d(k\x03\x00\x31\x43\x05\x1dk\x49\x03123\x1b*\x21\x04\x00abcdefghijkl".to_vec(),
            b"\x1bd\xff".to_vec(),
            b"\x1d8L\x00\x00\x01\x00".to_vec(),
        ]
    }

    fn feed(&mut self, bytes: &[u8]) {
        self.printer.hear(bytes);
    }

    /// What a kiosk does with a printer of which it knows nothing: clear it, and print.
    fn recovers(&mut self) -> bool {
        let is_clear = self.printer.hear(&CLEAR_BUFFERS).ends_with(&BUFFER_CLEARED);
        let id = ProcessId::from_number(42);
        let is_told = self.printer.hear(&ticket(id)).ends_with(&id.response());
        let papers = &self.view.borrow().papers;
        let is_whole = papers.back().is_some_and(|paper| {
            let mut rows = paper.rows.iter().rev().skip_while(|row| row[..2] == [0, 0]);
            let last = [[5, 6], [3, 4], [1, 2]];
            paper.complete
                && last
                    .iter()
                    .all(|dots| rows.next().is_some_and(|row| row[..2] == *dots))
        });
        is_clear && is_told && is_whole
    }
}

/// A simulated panel of a built-in profile.
struct Panel {
    protocol: PanelProtocol,
    device: VirtualDisplay,
}

fn protocol(id: &str) -> PanelProtocol {
    PanelProtocol::of_profile(&DeviceProfile::built_in(id).unwrap()).unwrap()
}

impl Panel {
    fn new(id: &str) -> Self {
        let protocol = protocol(id);
        let device = VirtualDisplay::new(&protocol, 1).unwrap();
        Self { protocol, device }
    }

    fn show(&self, text: &str) -> Vec<u8> {
        self.protocol.show(1, text).unwrap().bytes()
    }
}

impl Wire for Panel {
    fn frames(&self) -> Vec<Vec<u8>> {
        let mut frames = vec![self.show("123"), self.show("8")];
        frames.extend(self.protocol.blank(1).map(|blank| blank.bytes()));
        let prepare = self.protocol.prepare(1).unwrap();
        frames.extend(prepare.iter().map(|message| message.bytes()));
        let question = self.protocol.read_back(1, "123").unwrap();
        frames.extend(question.map(|question| question.bytes()));
        if let PanelProtocol::Alpha { .. } = self.protocol {
            let sign = alpha::Target::One(NonZeroU8::MIN);
            frames.push(alpha::beep(sign).bytes());
        }
        frames
    }

    fn feed(&mut self, bytes: &[u8]) {
        self.device.hear(bytes);
    }

    fn recovers(&mut self) -> bool {
        for outgoing in self.protocol.prepare(1).unwrap() {
            self.device.hear(&outgoing.bytes());
            self.device.hear(&outgoing.bytes());
        }
        self.device.hear(&self.show("135"));
        self.device.hear(&self.show("135"));
        self.device.shown() == "135"
    }
}

/// What a host makes of a panel's answer.
struct Answer {
    listener: Listener,
    answers: Vec<Vec<u8>>,
}

impl Answer {
    fn new(id: &str) -> Self {
        let mut panel = Panel::new(id);
        for outgoing in panel.protocol.prepare(1).unwrap() {
            panel.device.hear(&outgoing.bytes());
        }
        let shown = panel.protocol.show(1, "135").unwrap();
        let said = panel.device.hear(&shown.bytes());
        let question = panel.protocol.read_back(1, "135").unwrap();
        let (expected, answer) = match question {
            Some(question) => {
                let answer = panel.device.hear(&question.bytes());
                (question.answer, answer)
            }
            None => (shown.answer, said),
        };
        assert_ne!(expected, Expected::Nothing, "{id} does not answer");
        let mut answers = vec![answer];
        match &expected {
            Expected::Written(request) | Expected::Registers { request, .. } => {
                answers.push(request.refuse(Exception::ILLEGAL_ADDRESS));
            }
            _ => answers.push(b"NACK".to_vec()),
        }
        Self {
            listener: Listener::new(expected),
            answers,
        }
    }
}

impl Wire for Answer {
    fn frames(&self) -> Vec<Vec<u8>> {
        self.answers.clone()
    }

    fn feed(&mut self, bytes: &[u8]) {
        self.listener.feed(bytes);
    }

    fn recovers(&mut self) -> bool {
        self.listener.feed(&self.answers[0]);
        self.listener.feed(&self.answers[0]) == Heard::Acknowledged
    }
}
