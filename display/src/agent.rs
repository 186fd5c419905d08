//! The agent itself: what comes in changes its state, and what has to go out follows from it.
//! No I/O and no clock in here; the shell passes both.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use firmware_config::bus::{Command, Event as LineEvent};
use firmware_config::caller_pad::PadAction;
use firmware_config::key_pad::Event as KeyPadEvent;
use protocol::agent_link::LinkEvent;
use protocol::{
    AgentCommand, CallPulse, CommandResult, CounterKey, DeviceHealth, DeviceOrder, Envelope,
    StationInfo,
};
use queue_core::{Board, BoardCall, CallId, CommandId, CounterId, StationTime, ZoneId};
use serde::de::DeserializeOwned;
use serde_json::Value;
use voice::VoiceRules;

use crate::board::{of_zone, overlay};
use crate::feed::{Feed, Freshness};
use crate::key_pads::KeyPads;
use crate::lines::Lines;
use crate::pads::{self, Press};
use crate::pages::{self, View};
use crate::settings::{KeyPadSettings, LineSettings};
use crate::slot::Slot;
use crate::speaker::{HALL_VOICE, Speaker, StudioEvent, StudioOrder};
use crate::time::{Moment, StationClock, local};

/// Each announcement at the foot of the board stays for so many milliseconds.
const NOTICE_MS: u64 = 10_000;
/// A key or a rating is worth its moment only: after so many milliseconds without an answer it is
/// given up, so that a reconnect calls nobody whom nobody called.
const PRESS_MS: u64 = 5_000;
/// So long a panel that is tested shows eights.
const TEST_MS: u64 = 4_000;
/// Panels of a line on which none answers are looked for on the other lines every so many milliseconds.
const SEEK_MS: u64 = 5_000;
/// Fresh calls whose showing is still told to the server.
const REPORTABLE: usize = 256;

/// What a page of this agent says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PageEvent {
    /// It has shown a call.
    Shown {
        /// Which.
        call: CallId,
    },
    /// A hall board tried its loudspeaker.
    Sound {
        /// Which page.
        page: u64,
        /// It works.
        ok: bool,
    },
    /// It is gone.
    Gone {
        /// Which page.
        page: u64,
    },
}

/// What has to go out.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Output {
    /// Ask the station server.
    Ask {
        /// Kept over every repetition.
        id: CommandId,
        /// What.
        command: AgentCommand,
        /// After so many milliseconds without an answer it is worth nothing.
        patience_ms: Option<u64>,
    },
    /// Tell the station server how the devices are.
    Health(Vec<DeviceHealth>),
    /// To a line, by its place in the settings.
    Line(usize, Command),
    /// The studio is to make a sound.
    Studio(StudioOrder),
}

/// The pages as they should look now.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Screens {
    /// The hall board.
    pub hall: View,
    /// The displays over counters.
    pub counters: BTreeMap<CounterId, View>,
}

/// The display agent.
pub(crate) struct Agent {
    station: Option<StationInfo>,
    board: Option<Board>,
    /// The zone whose calls its hall board shows; none: all.
    zone: Option<ZoneId>,
    slot: Slot,
    /// None: the hall board has its chime only.
    speaker: Option<Speaker>,
    history: Option<String>,
    feed: Feed,
    clock: StationClock,
    heard_at: Option<StationTime>,
    lines: Lines,
    key_pads: KeyPads,
    mint: fn() -> CommandId,
    /// Fresh calls, and whether their showing has been told.
    calls: BTreeMap<CallId, bool>,
    /// The hall board's pages, and whether each plays sound.
    speakers: BTreeMap<u64, bool>,
    /// A page of the hall board was open: from then on one is missed.
    had_board: bool,
    told_health: Option<Vec<DeviceHealth>>,
    /// When the panels that are tested show again what they should.
    test_ends_ms: Option<u64>,
    seek_ms: u64,
    outputs: Vec<Output>,
}

impl Agent {
    /// An agent that knows nothing yet. `mint` makes command ids.
    pub(crate) fn new(now: Moment, lines: &[LineSettings], mint: fn() -> CommandId) -> Self {
        Self {
            station: None,
            board: None,
            zone: None,
            slot: Slot::default(),
            speaker: None,
            history: None,
            feed: Feed::new(now.mono_ms),
            clock: StationClock::default(),
            heard_at: None,
            lines: Lines::new(lines),
            key_pads: KeyPads::default(),
            mint,
            calls: BTreeMap::new(),
            speakers: BTreeMap::new(),
            had_board: false,
            told_health: None,
            test_ends_ms: None,
            seek_ms: now.mono_ms + SEEK_MS,
            outputs: Vec::new(),
        }
    }

    /// The same, with a hall board for one zone.
    pub(crate) fn in_zone(self, zone: Option<ZoneId>) -> Self {
        Self { zone, ..self }
    }

    /// The same, with pads that have no protocol.
    pub(crate) fn with_key_pads(self, pads: &[KeyPadSettings]) -> Self {
        Self {
            key_pads: KeyPads::new(pads),
            ..self
        }
    }

    /// The same, with a hall board that speaks. `run` is another one at every start.
    pub(crate) fn speaking(self, rules: Option<VoiceRules>, run: String) -> Self {
        Self {
            speaker: rules.map(|rules| Speaker::new(rules, run)),
            ..self
        }
    }

    /// The board as the hall shows it.
    fn hall_board(&self) -> Option<Cow<'_, Board>> {
        let board = self.board.as_ref()?;
        Some(match &self.zone {
            Some(zone) => Cow::Owned(of_zone(board, self.station.as_ref(), zone)),
            None => Cow::Borrowed(board),
        })
    }

    /// Something happened on the connection to the server.
    pub(crate) fn handle_link(&mut self, now: Moment, event: LinkEvent) {
        match event {
            LinkEvent::Welcome {
                at,
                epoch,
                is_other_history,
            } => {
                self.history = epoch;
                self.feed.reconnect();
                if let Some(at) = at {
                    self.clock.saw_fresh(now, at);
                }
                if is_other_history {
                    self.forget_history();
                }
            }
            LinkEvent::Down { .. } => self.feed.reconnect(),
            LinkEvent::Alive => self.alive(now),
            LinkEvent::Frame(envelope) => self.frame(now, envelope),
            LinkEvent::Answered { command, result } => {
                self.answered(&command, &result);
                self.alive(now);
            }
            LinkEvent::Expired { command, .. } => {
                if let Some(counter) = pressed_at(&command) {
                    self.tell_pads(counter, PadAction::Beep);
                }
            }
            LinkEvent::Remark(_) => {}
        }
        self.settle(now);
    }

    /// Something happened on a line.
    pub(crate) fn handle_line(&mut self, now: Moment, line: usize, event: LineEvent) {
        if let LineEvent::Pad { address, event } = &event
            && let Some(counter) = self.lines.pad_counter(line, *address)
        {
            self.press(&counter, pads::read(&counter, event));
        }
        self.lines.handle(line, event);
        self.settle(now);
    }

    /// Something happened at a pad without a protocol.
    pub(crate) fn handle_key_pad(&mut self, now: Moment, pad: usize, event: KeyPadEvent) {
        if let KeyPadEvent::Press(press) = &event
            && let Some(counter) = self.key_pads.counter(pad)
        {
            self.press(&counter, pads::read_key(&counter, press));
        }
        self.key_pads.handle(pad, event);
        self.settle(now);
    }

    fn press(&mut self, counter: &CounterId, press: Press) {
        match press {
            Press::Ask(command) => self.ask(command, Some(PRESS_MS)),
            Press::Nothing => {}
            Press::Mistake => self.tell_pads(counter, PadAction::Beep),
        }
    }

    /// A page said something.
    pub(crate) fn handle_page(&mut self, now: Moment, event: PageEvent) {
        match event {
            PageEvent::Shown { call } => self.shown(call),
            PageEvent::Sound { page, ok } => {
                self.speakers.insert(page, ok);
                self.had_board = true;
            }
            PageEvent::Gone { page } => {
                self.speakers.remove(&page);
            }
        }
        self.settle(now);
    }

    /// The studio said something.
    pub(crate) fn handle_studio(&mut self, now: Moment, event: StudioEvent) {
        if let Some(speaker) = &mut self.speaker {
            speaker.handle(now.mono_ms, event);
            if let Some((call, until_ms)) = speaker.saying() {
                self.slot.hold(call, until_ms);
            }
        }
        self.settle(now);
    }

    /// The time of [`Agent::deadline_ms`] has come.
    pub(crate) fn handle_timeout(&mut self, now: Moment) {
        if let Some(board) = self.hall_board().map(Cow::into_owned) {
            self.slot.advance(now.mono_ms, &board);
        }
        if self.test_ends_ms.take_if(|at| *at <= now.mono_ms).is_some() {
            self.lines.end_tests();
        }
        if self.seek_ms <= now.mono_ms {
            self.seek_ms = now.mono_ms + SEEK_MS;
            let commands = self.lines.seek();
            self.tell_lines(commands);
        }
        self.settle(now);
    }

    /// A line could not take a command; it will be told again.
    pub(crate) fn line_was_full(&mut self, line: usize) {
        self.lines.forget(line);
    }

    /// What has to go out now.
    pub(crate) fn take_outputs(&mut self) -> Vec<Output> {
        std::mem::take(&mut self.outputs)
    }

    /// When [`Agent::handle_timeout`] is due.
    pub(crate) fn deadline_ms(&self, now: Moment) -> u64 {
        let notice_ms = (now.mono_ms / NOTICE_MS + 1) * NOTICE_MS;
        [
            self.slot.deadline_ms(),
            self.feed.deadline_ms(now.mono_ms),
            self.test_ends_ms,
            Some(self.seek_ms),
            self.speaker.as_ref().and_then(Speaker::deadline_ms),
        ]
        .into_iter()
        .flatten()
        .fold(notice_ms, u64::min)
    }

    /// The station's time.
    pub(crate) fn station_now(&self, now: Moment) -> StationTime {
        self.clock.now(now)
    }

    /// What the pages show now.
    pub(crate) fn screens(&self, now: Moment) -> Screens {
        let hall_board = self.hall_board();
        let state = |board| pages::State {
            station: self.station.as_ref(),
            zone_shown: self
                .station
                .as_ref()
                .zip(self.zone.as_ref())
                .and_then(|(station, zone)| station.zone(zone)),
            board,
            slot: &self.slot,
            speaks: self.speaker.is_some(),
            history: self.history.as_deref(),
            freshness: self.feed.freshness(now.mono_ms),
            now: self.clock.now(now),
            heard_at: self.heard_at,
            notice: usize::try_from(now.mono_ms / NOTICE_MS).unwrap_or(0),
        };
        let counters: BTreeSet<&CounterId> = self
            .station
            .iter()
            .flat_map(|s| s.counters.iter().map(|c| &c.id))
            .chain(
                self.board
                    .iter()
                    .flat_map(|b| b.counters.iter().map(|c| &c.id)),
            )
            .chain(self.lines.counters())
            .chain(self.key_pads.counters())
            .collect();
        Screens {
            hall: View {
                speech: self.speaker.as_ref().and_then(Speaker::speech).cloned(),
                ..pages::hall::view(&state(hall_board.as_deref()))
            },
            counters: counters
                .into_iter()
                .map(|id| {
                    (
                        id.clone(),
                        pages::counter::view(&state(self.board.as_ref()), id),
                    )
                })
                .collect(),
        }
    }

    fn frame(&mut self, now: Moment, envelope: Envelope<Value>) {
        let Envelope {
            topic, kind, data, ..
        } = envelope;
        match (topic.as_str(), kind.as_str()) {
            (_, "ping") => self.tell_time(now, &data),
            ("station", "state") => {
                if let Some(station) = read(&topic, data) {
                    self.station = Some(station);
                }
            }
            ("board", "state") => {
                if let Some(board) = read(&topic, data) {
                    self.take_board(now, board);
                }
            }
            ("calls", "call") => {
                if let Some(pulse) = read(&topic, data) {
                    self.take_pulse(now, &pulse);
                }
            }
            ("devices", "test") => {
                if let Some(test) = read(&topic, data) {
                    self.test(now, &test);
                }
            }
            ("devices", "replace") => {
                if let Some(DeviceOrder { device }) = read(&topic, data) {
                    let commands = self.lines.replace(&device);
                    self.tell_lines(commands);
                }
            }
            _ => tracing::debug!(%topic, %kind, "a frame that is not for displays"),
        }
        self.alive(now);
    }

    /// The server says what time it is.
    fn tell_time(&mut self, now: Moment, at: &Value) {
        if let Some(at_ms) = at.as_i64() {
            self.clock.saw_fresh(now, StationTime(at_ms));
        }
    }

    fn test(&mut self, now: Moment, test: &DeviceOrder) {
        if test.device == HALL_VOICE
            && let Some(speaker) = &mut self.speaker
        {
            speaker.test();
        }
        let commands = self.lines.test(&test.device);
        if commands.is_empty() {
            return;
        }
        self.test_ends_ms = Some(now.mono_ms + TEST_MS);
        self.tell_lines(commands);
    }

    fn tell_lines(&mut self, commands: Vec<(usize, Command)>) {
        let outputs = commands.into_iter();
        self.outputs
            .extend(outputs.map(|(line, command)| Output::Line(line, command)));
    }

    fn alive(&mut self, now: Moment) {
        self.feed.alive(now.mono_ms);
        if self.feed.freshness(now.mono_ms) == Freshness::Live {
            self.heard_at = Some(self.clock.now(now));
        }
    }

    /// Numbers and calls of another history mean nothing.
    fn forget_history(&mut self) {
        tracing::warn!("the server has another database; everything is forgotten");
        self.board = None;
        self.slot = Slot::default();
        self.calls.clear();
        if let Some(speaker) = &mut self.speaker {
            speaker.forget();
        }
    }

    fn take_board(&mut self, now: Moment, board: Board) {
        // Answers to a second hello may cross newer boards.
        if self
            .board
            .as_ref()
            .is_some_and(|shown| shown.seq > board.seq)
            && self.feed.is_settled()
        {
            return;
        }
        self.clock.saw_old(now, board.at);
        self.feed.board(now.mono_ms);
        self.board = Some(board);
        self.take_calls(now);
    }

    fn take_pulse(&mut self, now: Moment, pulse: &CallPulse) {
        self.clock.saw_old(now, pulse.at);
        if let Some(board) = &mut self.board {
            overlay(board, pulse);
            self.take_calls(now);
        }
    }

    fn take_calls(&mut self, now: Moment) {
        let at = self.clock.now(now);
        let Some(board) = self.hall_board().map(Cow::into_owned) else {
            return;
        };
        let new = self.slot.board(now.mono_ms, at, &board);
        if let Some(speaker) = &mut self.speaker {
            speaker.keep(&board.calls);
            for call in &new {
                speaker.call(call);
            }
        }
        for call in &new {
            self.calls.insert(call.call, false);
            while self.calls.len() > REPORTABLE {
                self.calls.pop_first();
            }
            self.call_panels(call);
        }
    }

    /// A call goes to the panel over its counter before anything else on the line.
    fn call_panels(&mut self, call: &BoardCall) {
        let Some(board) = &self.board else { return };
        let told = self.lines.call(board, &call.counter);
        let answers = told.iter().any(|(_, _, answers)| *answers);
        for (line, command, _) in told {
            self.outputs.push(Output::Line(line, command));
        }
        if answers {
            self.shown(call.call);
        }
    }

    /// A call is on a screen or a panel: the server is told once.
    fn shown(&mut self, call: CallId) {
        if let Some(told) = self.calls.get_mut(&call)
            && !std::mem::replace(told, true)
        {
            self.ask(AgentCommand::ReportAnnounced { call }, None);
        }
    }

    fn ask(&mut self, command: AgentCommand, patience_ms: Option<u64>) {
        let id = (self.mint)();
        self.outputs.push(Output::Ask {
            id,
            command,
            patience_ms,
        });
    }

    fn answered(&mut self, command: &AgentCommand, result: &CommandResult) {
        let Some(counter) = pressed_at(command) else {
            return;
        };
        match (&result.problem, command) {
            (Some(problem), _) => {
                tracing::info!(%counter, code = problem.code, "a press was refused");
                self.tell_pads(counter, PadAction::Beep);
            }
            (
                None,
                AgentCommand::Key {
                    key: CounterKey::AskRating,
                    ..
                },
            ) => self.tell_pads(counter, PadAction::AskRating),
            (None, _) => {}
        }
    }

    fn tell_pads(&mut self, counter: &CounterId, action: PadAction) {
        for (line, command) in self.lines.to_pads(counter, action) {
            self.outputs.push(Output::Line(line, command));
        }
    }

    /// Lets the call that has its turn be spoken. Numbers that may not be shown are not spoken either.
    fn speak(&mut self, now: Moment) {
        if self.feed.freshness(now.mono_ms) == Freshness::Lost {
            return;
        }
        let zone = self.station.as_ref().map_or("UTC", |s| s.timezone.as_str());
        let (_, time) = local(zone, self.clock.now(now));
        let time = [time.hour(), time.minute()].map(i8::unsigned_abs);
        let order = self
            .speaker
            .as_mut()
            .and_then(|speaker| speaker.advance(now.mono_ms, time.into()));
        self.outputs.extend(order.map(Output::Studio));
    }

    /// Brings panels, pads and the server's picture of the devices up to date.
    fn settle(&mut self, now: Moment) {
        let trusted = self.feed.freshness(now.mono_ms) != Freshness::Lost;
        let board = self.board.as_ref().filter(|_| trusted);
        for (line, command) in self.lines.update(self.station.as_ref(), board) {
            self.outputs.push(Output::Line(line, command));
        }
        self.speak(now);
        let health = self.health();
        if self.told_health.as_ref() != Some(&health) {
            self.told_health = Some(health.clone());
            self.outputs.push(Output::Health(health));
        }
    }

    fn health(&self) -> Vec<DeviceHealth> {
        let mut health = self.lines.health();
        health.extend(self.key_pads.health());
        health.extend(self.speaker.as_ref().and_then(Speaker::health));
        if self.speakers.is_empty() && self.had_board {
            health.push(DeviceHealth {
                device: "hall board".to_owned(),
                ok: false,
                status: "closed".to_owned(),
                detail: "the last page of the hall board was closed".to_owned(),
                ..DeviceHealth::default()
            });
        }
        if !self.speakers.is_empty() {
            let ok = self.speakers.values().all(|ok| *ok);
            health.push(DeviceHealth {
                device: "hall sound".to_owned(),
                ok,
                status: if ok { "ok" } else { "muted" }.to_owned(),
                detail: if ok {
                    String::new()
                } else {
                    "the browser of a hall board plays no sound; allow autoplay or touch it once"
                        .to_owned()
                },
                ..DeviceHealth::default()
            });
        }
        health
    }
}

/// The counter on whose pad somebody pressed.
fn pressed_at(command: &AgentCommand) -> Option<&CounterId> {
    match command {
        AgentCommand::Key { counter, .. } | AgentCommand::PadRating { counter, .. } => {
            Some(counter)
        }
        _ => None,
    }
}

fn read<T: DeserializeOwned>(topic: &str, data: Value) -> Option<T> {
    serde_json::from_value(data)
        .inspect_err(|error| tracing::error!(topic, %error, "a frame of the server makes no sense"))
        .ok()
}

#[cfg(test)]
#[path = "agent_tests.rs"]
mod tests;
