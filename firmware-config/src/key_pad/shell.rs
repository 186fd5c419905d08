//! The short loop that owns the port of a pad.

use std::io;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};

use super::{Event, KeyMap, KeyPadConfig, KeyPadMachine, RECORD_BYTES};
use crate::port::{Backoff, Link, Port};

/// Records that are read at once; the kernel hands out whole ones only.
const RECORDS_AT_ONCE: usize = 32;

/// Runs a pad until `events` is closed. Opens the port, and reconnects with backoff for ever. An input device of the kernel
/// is taken for this program alone, so that its keys do not type into a desktop, too.
pub async fn run(link: Link, config: KeyPadConfig, events: mpsc::Sender<Event>) {
    let shell = Shell {
        is_keyboard: matches!(config.keys, KeyMap::Codes(_)),
        machine: KeyPadMachine::new(config),
        backoff: Backoff::for_name(&link.to_string()),
        link,
        events,
        start: Instant::now(),
    };
    let Stop = shell.run().await;
}

/// The application is gone.
struct Stop;

struct Shell {
    is_keyboard: bool,
    machine: KeyPadMachine,
    backoff: Backoff,
    link: Link,
    events: mpsc::Sender<Event>,
    start: Instant,
}

impl Shell {
    async fn run(mut self) -> Stop {
        let mut told = None;
        loop {
            let reason = match self.open().await {
                Err(error) => error.to_string(),
                Ok(port) => {
                    self.backoff.reset();
                    told = None;
                    self.machine.handle_up(self.now_ms());
                    match self.listen(&port).await {
                        Ok(stop) => return stop,
                        Err(error) => format!("{} was lost: {error}", self.link),
                    }
                }
            };
            if told.as_ref() != Some(&reason) {
                tracing::warn!(link = %self.link, %reason, "pad down");
                self.machine.handle_down(self.now_ms(), reason.clone());
                told = Some(reason);
            }
            if let Err(stop) = self.tell().await {
                return stop;
            }
            tokio::select! {
                () = sleep(self.backoff.next_delay()) => {}
                () = self.events.closed() => return Stop,
            }
        }
    }

    async fn open(&self) -> io::Result<Port> {
        let port = Port::open(&self.link).await?;
        if self.is_keyboard && !port.keep_input(&self.link)? {
            tracing::info!(link = %self.link, "no input device of the kernel: others may read its keys, too");
        }
        Ok(port)
    }

    /// Reads while the port is good.
    async fn listen(&mut self, port: &Port) -> io::Result<Stop> {
        let mut buffer = [0; RECORD_BYTES * RECORDS_AT_ONCE];
        loop {
            if let Err(stop) = self.tell().await {
                return Ok(stop);
            }
            let deadline = self.machine.deadline_ms();
            let until = self.start + Duration::from_millis(deadline.unwrap_or(0));
            tokio::select! {
                read = port.read(&mut buffer) => match read? {
                    0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                    count => self.machine.handle_bytes(self.now_ms(), &buffer[..count]),
                },
                () = sleep_until(until), if deadline.is_some() => {
                    self.machine.handle_timeout(self.now_ms());
                }
                () = self.events.closed() => return Ok(Stop),
            }
        }
    }

    /// Hands over what happened. While the application has no room the pad's bytes wait in the kernel.
    async fn tell(&mut self) -> Result<(), Stop> {
        while let Some(event) = self.machine.poll_event() {
            self.events.send(event).await.map_err(|_| Stop)?;
        }
        Ok(())
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}
