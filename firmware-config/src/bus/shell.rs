//! The short loop that owns the port of a line.

use std::io;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep, sleep_until, timeout};

use super::machine::{BusMachine, Output};
use super::{BusConfig, Command, Event, LineCounts};
use crate::port::{Backoff, Link, Port};

/// A frame of a few bytes that does not leave within this time means that the adapter is stuck.
const WRITE_TIMEOUT: Duration = Duration::from_secs(2);

/// The speeds that panels are found at, the likeliest first, in bits per second.
const SPEEDS_BPS: [u32; 7] = [9_600, 19_200, 38_400, 115_200, 4_800, 57_600, 2_400];

/// Events that may wait for the application before its commands have to wait too.
const OUTPUTS_MAX: usize = 1_024;

/// Counts are told so often, where they have changed.
const TELL_COUNTS: Duration = Duration::from_secs(30);

/// Runs a line until `commands` or `events` is closed. Opens the port, reconnects with backoff for
/// ever, and shows everything again after a reconnect. The speed of a serial link replaces the one
/// in `config`.
///
/// When the application is slow to take events, the line waits: a press is not acknowledged to the
/// pad before it was handed over.
pub async fn run(
    link: Link,
    mut config: BusConfig,
    commands: mpsc::Receiver<Command>,
    events: mpsc::Sender<Event>,
) {
    if let Link::Serial { baud_bps, .. } = link {
        config.baud_bps = baud_bps;
        config.other_speeds_bps = SPEEDS_BPS.to_vec();
        config.other_speeds_bps.retain(|speed| *speed != baud_bps);
    }
    let shell = Shell {
        machine: BusMachine::new(config),
        backoff: Backoff::for_name(&link.to_string()),
        link,
        commands,
        events,
        start: Instant::now(),
        counts_told: LineCounts::default(),
        tell_counts: tell_counts(),
    };
    let Stop = shell.run().await;
}

/// The application is gone.
struct Stop;

struct Shell {
    machine: BusMachine,
    backoff: Backoff,
    link: Link,
    commands: mpsc::Receiver<Command>,
    events: mpsc::Sender<Event>,
    start: Instant,
    counts_told: LineCounts,
    tell_counts: Interval,
}

fn tell_counts() -> Interval {
    let mut interval = interval(TELL_COUNTS);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

impl Shell {
    async fn run(mut self) -> Stop {
        let mut told = None;
        loop {
            let reason = match Port::open(&self.link).await {
                Err(error) => error.to_string(),
                Ok(mut port) => {
                    self.backoff.reset();
                    told = None;
                    self.machine.handle_line_up(self.now_ms());
                    match self.talk(&mut port).await {
                        Ok(stop) => return stop,
                        Err(error) => format!("{} was lost: {error}", self.link),
                    }
                }
            };
            if told.as_ref() != Some(&reason) {
                tracing::warn!(link = %self.link, %reason, "line down");
                self.machine.handle_line_down(self.now_ms(), reason.clone());
                told = Some(reason);
            }
            if let Err(stop) = self.pause().await {
                return stop;
            }
        }
    }

    /// Carries bytes, commands and events while the port is good.
    async fn talk(&mut self, port: &mut Port) -> io::Result<Stop> {
        let mut buffer = [0; 512];
        loop {
            let until_ms = match self.machine.poll_output() {
                Output::Write(bytes) => {
                    timeout(WRITE_TIMEOUT, port.write_all(&bytes)).await??;
                    continue;
                }
                Output::Speed(baud_bps) => {
                    port.set_baud_bps(baud_bps)?;
                    continue;
                }
                Output::Event(event) => {
                    if let Err(stop) = self.tell(event).await {
                        return Ok(stop);
                    }
                    continue;
                }
                Output::Wait { until_ms, .. } => until_ms,
            };
            let until = self.instant(until_ms);
            tokio::select! {
                read = port.read(&mut buffer) => match read? {
                    0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                    count => self.machine.handle_bytes(self.now_ms(), &buffer[..count]),
                },
                command = self.commands.recv() => match command {
                    Some(command) => self.machine.handle_command(self.now_ms(), command),
                    None => return Ok(Stop),
                },
                () = sleep_until(until) => {
                    self.machine.handle_timeout(self.now_ms());
                }
                _ = self.tell_counts.tick() => {
                    if self.counts_told != *self.machine.counts() {
                        self.counts_told = self.machine.counts().clone();
                        let counts = Event::Frames(self.counts_told.clone());
                        if let Err(stop) = self.tell(counts).await {
                            return Ok(stop);
                        }
                    }
                }
            }
        }
    }

    /// Waits for the next attempt, taking commands meanwhile.
    async fn pause(&mut self) -> Result<(), Stop> {
        let delay = sleep(self.backoff.next_delay());
        tokio::pin!(delay);
        loop {
            while let Output::Event(event) = self.machine.poll_output() {
                self.tell(event).await?;
            }
            tokio::select! {
                () = &mut delay => return Ok(()),
                command = self.commands.recv() => {
                    let command = command.ok_or(Stop)?;
                    self.machine.handle_command(self.now_ms(), command);
                }
            }
        }
    }

    /// Hands an event over. Commands are taken meanwhile, so that an application that sends and
    /// receives in one task cannot lock up with this one.
    async fn tell(&mut self, event: Event) -> Result<(), Stop> {
        loop {
            tokio::select! {
                room = self.events.reserve() => {
                    room.map_err(|_| Stop)?.send(event);
                    return Ok(());
                }
                command = self.commands.recv(), if self.machine.outputs_waiting() < OUTPUTS_MAX => {
                    let command = command.ok_or(Stop)?;
                    let now_ms = self.now_ms();
                    self.machine.handle_command(now_ms, command);
                }
            }
        }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn instant(&self, until_ms: Option<u64>) -> Instant {
        // "Never" is far enough away that waking up then does no harm.
        let from_start = Duration::from_millis(until_ms.unwrap_or(u64::MAX).min(86_400_000_000));
        self.start + from_start
    }
}
