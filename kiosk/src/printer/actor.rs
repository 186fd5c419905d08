//! The printer's thread and task: one draws the papers, the other owns the line.

use std::io;
use std::time::{Duration, Instant};

use firmware_config::port::{Backoff, Link, Port};
use firmware_config::profile::{PrinterHead, RomText};
use protocol::Names;
use queue_core::{CommandId, PrintOutcome, TicketId};
use station_config::PaperSupply;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::machine::{Machine, MachineConfig};
use super::paper::Roll;
use super::{JobResult, PrintJob, PrinterEvent, Spool};
use crate::encode::{Encoding, Printable, print};
use crate::link::fresh_id;
use crate::raster::Rasteriser;
use crate::ticket::Document;

/// Bytes handed to the line at once, so that what the printer says is heard in between.
const CHUNK_BYTES: usize = 1_024;

/// How often a printer that stays away for one reason is mentioned in the log, milliseconds: once an hour.
const REMIND_MS: u64 = 3_600_000;

/// Where the printer is and how fine it prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrinterSettings {
    /// How it is reached.
    pub link: Link,
    /// Its print head.
    pub head: PrinterHead,
    /// Whether it cuts the paper.
    pub cutter: bool,
    /// Letters of its ROM in which it prints; none: it prints pictures.
    pub text_mode: Option<RomText>,
    /// Nothing is ever heard from it.
    pub one_way: bool,
    /// Its paper.
    pub supply: PaperSupply,
    /// Where its papers come out; empty: not said.
    pub place: Names,
    /// How many papers each ticket is printed on.
    pub copies: u8,
    /// A ticket that is in its output for so long is left there, where it tells.
    pub not_taken_after: Duration,
}

/// A paper to be printed.
struct Request {
    id: CommandId,
    ticket: Option<TicketId>,
    job: String,
    paper: Document,
}

/// Takes tickets for one printer. The printer stops when the last clone is dropped.
#[derive(Clone)]
pub struct Printer {
    requests: std::sync::mpsc::Sender<Request>,
    spool: Spool,
}

impl Printer {
    /// Prints a ticket, or a page that nobody waits for. Its result comes as [`PrinterEvent::Done`].
    pub fn print(&self, ticket: Option<TicketId>, job: String, paper: impl Into<Document>) {
        let id = fresh_id();
        self.spool.reserve(id, ticket, &job);
        self.draw(id, ticket, job, paper.into());
    }

    /// Prints a sheet that is nobody's ticket under an id of its own.
    pub fn print_sheet(&self, id: CommandId, job: String, paper: impl Into<Document>) {
        self.spool.reserve(id, None, &job);
        self.draw(id, None, job, paper.into());
    }

    /// Prints a ticket of which another printer has said that it could not. Nobody is told of `failed` any more.
    pub fn print_instead(
        &self,
        failed: CommandId,
        ticket: TicketId,
        job: String,
        paper: impl Into<Document>,
    ) {
        let id = fresh_id();
        self.spool.take_over(failed, id, ticket, &job);
        self.draw(id, Some(ticket), job, paper.into());
    }

    fn draw(&self, id: CommandId, ticket: Option<TicketId>, job: String, paper: Document) {
        let request = Request {
            id,
            ticket,
            job,
            paper,
        };
        // The thread ends only after the last sender.
        if self.requests.send(request).is_err() {
            tracing::error!(?ticket, "the ticket thread has ended");
        }
    }
}

/// Starts a printer. What happens to it is told on `events`, what became of the jobs of an earlier run before all else.
/// Needs a tokio runtime.
///
/// # Errors
/// The system refuses a thread.
pub fn spawn(
    settings: PrinterSettings,
    spool: Spool,
    events: UnboundedSender<PrinterEvent>,
) -> io::Result<Printer> {
    let earlier = spool.recover();
    for result in earlier.results {
        // Whoever listens has not begun; the channel keeps it.
        drop(events.send(PrinterEvent::Done(result)));
    }
    let (requests, to_draw) = std::sync::mpsc::channel();
    let (drawn, jobs) = unbounded_channel();
    let head = settings.head;
    let encoding = Encoding::for_head(head)
        .with_cutter(settings.cutter)
        .with_text_mode(settings.text_mode);
    let draw_events = events.clone();
    let draw_spool = spool.clone();
    let shell_spool = spool.clone();
    std::thread::Builder::new()
        .name("ticket".to_owned())
        .spawn(move || draw_all(head, encoding, &to_draw, &drawn, &draw_spool, &draw_events))?;
    tokio::spawn(async move {
        Shell::new(&settings, earlier.has_rest, jobs, shell_spool, events)
            .run(&settings.link)
            .await;
    });
    Ok(Printer { requests, spool })
}

fn draw_all(
    head: PrinterHead,
    encoding: Encoding,
    requests: &std::sync::mpsc::Receiver<Request>,
    drawn: &UnboundedSender<PrintJob>,
    spool: &Spool,
    events: &UnboundedSender<PrinterEvent>,
) {
    let mut rasteriser = Rasteriser::new(head);
    rasteriser.warm_up();
    while let Ok(request) = requests.recv() {
        let Request {
            id,
            ticket,
            job,
            paper,
        } = request;
        match print(&mut rasteriser, &paper, encoding) {
            // The task ends only after this thread's sender.
            Ok(Printable { stream, paper_mm }) => drop(drawn.send(PrintJob {
                id,
                ticket,
                job,
                stream,
                paper_mm,
            })),
            Err(error) => {
                tracing::error!(?ticket, %error, "the paper could not be encoded");
                let outcome = PrintOutcome::Failed {
                    cause: "encoding".to_owned(),
                };
                let result = JobResult {
                    id,
                    ticket,
                    job,
                    outcome,
                };
                spool.end(&result);
                drop(events.send(PrinterEvent::Done(result)));
            }
        }
    }
}

/// Why the line is left.
enum End {
    /// Nobody prints any more.
    Closed,
    /// The device is gone.
    Lost(String),
}

/// What keeps the printer away is written into the log when it changes, and then rarely: it is tried every few seconds.
#[derive(Debug, Default)]
struct Remarks {
    last: Option<(String, u64)>,
}

impl Remarks {
    fn is_new(&mut self, why: &str, now_ms: u64) -> bool {
        let known = self
            .last
            .as_ref()
            .is_some_and(|(said, at_ms)| said == why && now_ms < at_ms + REMIND_MS);
        if !known {
            self.last = Some((why.to_owned(), now_ms));
        }
        !known
    }
}

struct Shell {
    machine: Machine,
    jobs: UnboundedReceiver<PrintJob>,
    spool: Spool,
    events: UnboundedSender<PrinterEvent>,
    started: Instant,
    supply: PaperSupply,
    /// Papers of one ticket.
    copies: u8,
    roll: Roll,
    /// What was last told of it.
    tickets_left: Option<u32>,
}

impl Shell {
    fn new(
        settings: &PrinterSettings,
        has_rest: bool,
        jobs: UnboundedReceiver<PrintJob>,
        spool: Spool,
        events: UnboundedSender<PrinterEvent>,
    ) -> Self {
        let row_bytes = usize::from(settings.head.width_dots).div_ceil(8);
        let machine = Machine::new(MachineConfig {
            bytes_per_second: settings.link.bytes_per_second(),
            flush_bytes: Encoding::longest_band_bytes(row_bytes),
            cut: Encoding::for_head(settings.head)
                .with_cutter(settings.cutter)
                .cut(),
            one_way: settings.one_way,
            not_taken_ms: settings.not_taken_after.as_millis() as u64,
            // The last four digits become the process id.
            first_id: spool
                .last_process_id()
                .unwrap_or_else(|| (uuid::Uuid::new_v4().as_u128() % 10_000) as u32),
            has_rest,
        });
        let roll = spool.roll();
        Self {
            machine,
            jobs,
            spool,
            events,
            started: Instant::now(),
            supply: settings.supply,
            copies: settings.copies,
            roll,
            tickets_left: None,
        }
    }

    async fn run(mut self, link: &Link) {
        let mut backoff = Backoff::for_name(&link.to_string());
        let mut remarks = Remarks::default();
        loop {
            let why = match Port::open(link).await {
                Ok(port) => {
                    backoff.reset();
                    remarks = Remarks::default();
                    self.machine.handle_connected(self.now_ms());
                    match self.serve(&port).await {
                        End::Closed => return,
                        End::Lost(why) => why,
                    }
                }
                Err(error) => error.to_string(),
            };
            if remarks.is_new(&why, self.now_ms()) {
                tracing::warn!(%link, %why, "the printer is not reached");
            }
            self.machine.handle_disconnected(self.now_ms(), &why);
            self.tell();
            if !self.wait(backoff.next_delay()).await {
                return;
            }
        }
    }

    /// Lets time pass without a line; jobs fail at once. `false`: nobody prints any more.
    async fn wait(&mut self, delay: Duration) -> bool {
        let over = tokio::time::sleep(delay);
        tokio::pin!(over);
        loop {
            tokio::select! {
                () = &mut over => return true,
                job = self.jobs.recv() => match job {
                    Some(job) => {
                        self.machine.submit(self.now_ms(), job);
                        self.tell();
                    }
                    None => return false,
                },
            }
        }
    }

    /// Talks with the printer until the line or the work ends.
    async fn serve(&mut self, port: &Port) -> End {
        let mut received = [0; 256];
        loop {
            self.tell();
            let pending = self.machine.pending_write();
            let chunk = pending[..pending.len().min(CHUNK_BYTES)].to_vec();
            let deadline = self.machine.deadline().map(|(at_ms, _)| at_ms);
            tokio::select! {
                // What the printer says comes first: it may say that there is no paper.
                biased;
                read = port.read(&mut received) => match read {
                    Ok(0) => return End::Lost("the device is gone".to_owned()),
                    Ok(count) => self.machine.handle_bytes(self.now_ms(), &received[..count]),
                    Err(error) => return End::Lost(error.to_string()),
                },
                written = port.write(&chunk), if !chunk.is_empty() => match written {
                    Ok(count) => self.machine.handle_written(self.now_ms(), count),
                    Err(error) => return End::Lost(error.to_string()),
                },
                job = self.jobs.recv() => match job {
                    Some(job) => self.machine.submit(self.now_ms(), job),
                    None => return End::Closed,
                },
                () = until(self.started, deadline), if deadline.is_some() => {
                    self.machine.handle_timeout(self.now_ms());
                }
            }
        }
    }

    fn now_ms(&self) -> u64 {
        self.started.elapsed().as_millis() as u64
    }

    fn tell(&mut self) {
        while let Some(event) = self.machine.poll_event() {
            match &event {
                PrinterEvent::Started(start) => {
                    self.roll.take(start.paper_mm, start.is_ticket);
                    self.spool.sending(start, &self.roll);
                }
                PrinterEvent::Rest(may_have) => self.spool.rest(*may_have),
                PrinterEvent::Done(result) => self.spool.end(result),
                PrinterEvent::Health(health) => {
                    if self.roll.hear(health) {
                        self.spool.keep(&self.roll);
                    }
                }
                PrinterEvent::Held(..) | PrinterEvent::Taken(_) => {}
                // The machine knows nothing of it.
                PrinterEvent::TicketsLeft(_) => {}
            }
            // Nobody listens while the program ends.
            drop(self.events.send(event));
        }
        let papers_left = self.roll.tickets_left(self.supply);
        let tickets_left = papers_left.map(|papers| papers / u32::from(self.copies.max(1)));
        if self.tickets_left != tickets_left {
            self.tickets_left = tickets_left;
            drop(self.events.send(PrinterEvent::TicketsLeft(tickets_left)));
        }
    }
}

async fn until(started: Instant, deadline_ms: Option<u64>) {
    if let Some(at_ms) = deadline_ms {
        tokio::time::sleep_until((started + Duration::from_millis(at_ms)).into()).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printer_that_stays_away_is_mentioned_when_the_reason_changes_and_once_an_hour() {
        let mut remarks = Remarks::default();
        // Tried every eight seconds for a day, its plug pulled after the first hour and a half.
        let mut said = Vec::new();
        for now_ms in (0..24 * 3_600_000).step_by(8_000) {
            let why = if now_ms < 5_400_000 { "busy" } else { "gone" };
            if remarks.is_new(why, now_ms) {
                said.push((why, now_ms / 3_600_000));
            }
        }
        assert_eq!(&said[..3], &[("busy", 0), ("busy", 1), ("gone", 1)]);
        assert_eq!(said.len(), 2 + 23);
    }
}
