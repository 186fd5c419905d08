//! The kiosk itself: gives out tickets, has them printed, tells the server what became of them.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use protocol::{AgentCommand, DeviceHealth, Names, SheetLine, StationInfo, TakenTicket};
use queue_core::{CommandId, PrintOutcome, ServiceId, StationTime, TicketId, TicketNumber};
use screens::Language;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;

use crate::issuing::Issuing;
use crate::link::{Answer, Link, Order, StationView, fresh_id};
use crate::lists::{List, Lists};
use crate::printer::{
    JobResult, Post, Printer, PrinterEvent, PrinterHealth, PrinterState, Printers,
};
use crate::settings::KioskSettings;
use crate::shelf::{Held, Paper, Shelf};
use crate::ticket::{Document, SheetPaper, TestPaper, TicketPaper};

/// How long a visitor waits for the server to add to a ticket.
const PATIENCE: Duration = Duration::from_secs(3);

/// What a visitor asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// One press, however often it arrives.
    pub key: CommandId,
    /// What for.
    pub asked: Asked,
    /// The visitor's language.
    pub language: Language,
}

/// What the visitor comes for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A service.
    Service {
        /// Which.
        service: ServiceId,
        /// The visitor may go first.
        priority: bool,
        /// The session and the size of the party, where the service has sessions.
        party: Option<Party>,
    },
    /// An appointment: the code typed, or what a scanner read.
    Appointment(String),
}

/// Who comes to which session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Party {
    /// When it begins; none: the next with a free seat.
    pub session: Option<StationTime>,
    /// People of the party.
    pub persons: u16,
}

/// What the visitor says behind the issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// Further services, in order: the whole list.
    pub then: Vec<ServiceId>,
    /// Persons the ticket stands for.
    pub persons: u16,
}

impl Asked {
    fn has_priority(&self) -> bool {
        matches!(self, Self::Service { priority: true, .. })
    }
}

/// Why there is no ticket.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTicket {
    /// The server does not answer.
    #[error("the station server does not answer")]
    Unavailable,
    /// The server refuses; its stable code.
    #[error("the station server refuses: {0}")]
    Refused(String),
    /// The press gave a ticket long ago: the page is stale.
    #[error("this press has been used")]
    Used,
}

/// One kiosk at work.
pub struct Kiosk {
    settings: KioskSettings,
    link: Link,
    issuing: Arc<Issuing>,
    /// Held while a ticket is given out.
    one_at_a_time: tokio::sync::Mutex<()>,
    printers: Printers,
    shelf: watch::Sender<Shelf>,
    /// Sheets that the server has ordered and not been told of.
    ordered: Mutex<BTreeSet<CommandId>>,
    /// Lists of papers that visitors have printed.
    lists: Lists,
    /// Held by whoever tells the server how the printers are, so that the last word is the newest.
    telling: Mutex<()>,
}

impl Kiosk {
    /// A kiosk with its link, and the printers of its settings.
    pub fn new(settings: KioskSettings, link: Link, printers: Vec<Printer>) -> Arc<Self> {
        let posts = printers.into_iter().zip(&settings.printers);
        let posts = posts.enumerate().map(|(nth, (printer, of))| Post {
            printer,
            name: station_config::printer_device(&settings.id, nth),
            place: of.place.clone(),
            copies: of.copies,
        });
        let printers = Printers::new(posts.collect());
        let issuing = Arc::new(Issuing::new(&settings, link.clone()));
        Arc::new(Self {
            settings,
            link,
            issuing,
            one_at_a_time: tokio::sync::Mutex::default(),
            printers,
            shelf: watch::Sender::new(Shelf::default()),
            ordered: Mutex::default(),
            lists: Lists::new(),
            telling: Mutex::default(),
        })
    }

    /// Its settings.
    pub fn settings(&self) -> &KioskSettings {
        &self.settings
    }

    /// What is known of the station.
    pub fn station(&self) -> StationView {
        self.link.view()
    }

    /// What is known of the station, as it changes.
    pub fn watch_station(&self) -> watch::Receiver<StationView> {
        self.link.watch()
    }

    /// The tickets given out here, as they change.
    pub fn watch_shelf(&self) -> watch::Receiver<Shelf> {
        self.shelf.subscribe()
    }

    /// A ticket given out here.
    pub fn held(&self, ticket: TicketId) -> Option<Held> {
        self.shelf.borrow().get(ticket).cloned()
    }

    /// How the printer is that would print now; `None`: there is none.
    pub fn printer_health(&self) -> Option<PrinterHealth> {
        self.printers.health()
    }

    /// How the printers are, as they change.
    pub fn watch_printers(&self) -> watch::Receiver<Vec<PrinterState>> {
        self.printers.watch()
    }

    /// Where the papers of a printer come out; empty: not said.
    pub fn place(&self, printer: usize) -> Names {
        let post = self.printers.get(printer);
        post.map(|post| post.place.clone()).unwrap_or_default()
    }

    /// Gives out a ticket, or the same again for a press repeated, and has it printed.
    ///
    /// # Errors
    /// No ticket can be had, and none is left behind.
    pub async fn issue(self: &Arc<Self>, wish: Wish) -> Result<TicketId, NoTicket> {
        // To its end, also where the page that asks is left.
        let kiosk = Arc::clone(self);
        let issued = tokio::spawn(async move { kiosk.issue_one(wish).await }).await;
        issued.unwrap_or(Err(NoTicket::Unavailable))
    }

    async fn issue_one(&self, wish: Wish) -> Result<TicketId, NoTicket> {
        // One visitor stands before it: a press repeated finds what the first one gave.
        let _one = self.one_at_a_time.lock().await;
        let given = self.shelf.borrow().by_key(wish.key).cloned();
        if let Some(held) = given {
            return match held.may_repeat() {
                true => Ok(held.issued.id),
                false => Err(NoTicket::Used),
            };
        }
        let issued = self.issuing.give_out(&wish).await?;
        let ticket = issued.id;
        let station = self.link.view().station;
        let issued_at = local(station.as_deref(), issued.issued_at);
        let printer = self.printers.best().filter(|_| station.is_some());
        let paper = match printer {
            Some(nth) => Paper::Printing(nth),
            None => Paper::None,
        };
        self.shelf.send_modify(|shelf| {
            shelf.put(
                wish.key,
                issued,
                wish.language,
                wish.asked.has_priority(),
                issued_at,
                paper,
            );
        });
        if let Some((held, station)) = self.held(ticket).zip(station) {
            self.print(&held, &station, None);
        }
        Ok(ticket)
    }

    /// Prints a ticket where the shelf says that it is printed, in the place of a job that failed elsewhere if there is one.
    fn print(&self, held: &Held, station: &StationInfo, failed: Option<CommandId>) {
        let post = held.paper.printer().and_then(|nth| self.printers.get(nth));
        let Some(Post { printer, .. }) = post else {
            return;
        };
        let ticket = held.issued.id;
        let job = self.job_name(&held.issued.number, held.copies);
        let paper = self.paper(held, station);
        match failed {
            Some(failed) => printer.print_instead(failed, ticket, job, paper),
            None => printer.print(Some(ticket), job, paper),
        }
    }

    /// The paper of a ticket in the station's layout.
    fn paper(&self, held: &Held, station: &StationInfo) -> Document {
        let paper = TicketPaper::new(
            station,
            &held.issued,
            held.language,
            held.priority,
            held.issued_at,
        );
        let paper = TicketPaper {
            copy: held.copies,
            ..paper
        };
        Document::ticket(paper, self.settings.ticket.clone())
    }

    /// Has another printer print a ticket that one could not print at all. `false`: nothing is done about it.
    fn hand_over(&self, nth: usize, result: &JobResult) -> bool {
        let (Some(ticket), PrintOutcome::Failed { .. }) = (result.ticket, &result.outcome) else {
            return false;
        };
        let other = self.printers.instead_of(nth);
        let Some((other, station)) = other.zip(self.link.view().station) else {
            return false;
        };
        let mut moved = None;
        self.shelf.send_if_modified(|shelf| {
            moved = shelf.moved(ticket, nth, other);
            moved.is_some()
        });
        if let Some(held) = &moved {
            tracing::warn!(%ticket, outcome = ?result.outcome, "another printer prints the ticket");
            self.print(held, &station, Some(result.id));
        }
        moved.is_some()
    }

    /// Says for the visitor of a ticket what else it is to be.
    ///
    /// # Errors
    /// The ticket stays as it was.
    pub async fn amend(&self, ticket: TicketId, wanted: Amendment) -> Result<(), NoTicket> {
        let Amendment { then, persons } = wanted;
        let command = AgentCommand::Amend {
            ticket,
            then: then.clone(),
            persons,
        };
        match self.link.ask(fresh_id(), command, PATIENCE).await {
            Ok(Answer::Done(_)) => {
                let station = self.link.view().station;
                let is_checked = |service: &ServiceId| {
                    let service = station.as_deref().and_then(|s| s.service(service));
                    service.is_some_and(|service| service.identity_check)
                };
                let unverified = then.iter().any(is_checked);
                self.shelf
                    .send_if_modified(|shelf| shelf.amended(ticket, then, persons, unverified));
                Ok(())
            }
            Ok(Answer::Refused(problem)) => Err(NoTicket::Refused(problem.code)),
            Err(_) => Err(NoTicket::Unavailable),
        }
    }

    /// The visitor says that the paper is there, though the printer does not know.
    pub fn paper_seen(&self, ticket: TicketId) {
        self.shelf.send_if_modified(|shelf| shelf.seen(ticket));
    }

    /// The visitor says that no paper came after `copies` were tried: the same number is printed again, marked as a
    /// reprint. Its result is reported like the first one's.
    pub fn reprint(&self, ticket: TicketId, copies: u32) {
        let printer = self.printers.best();
        let Some((printer, station)) = printer.zip(self.link.view().station) else {
            return;
        };
        let mut again = None;
        self.shelf.send_if_modified(|shelf| {
            again = shelf.again(ticket, copies, printer);
            again.is_some()
        });
        if let Some(held) = again {
            self.print(&held, &station, None);
        }
    }

    /// The name in the records of a ticket's first paper, or of a further one.
    fn job_name(&self, number: &TicketNumber, copy: u32) -> String {
        match copy {
            ..=1 => format!("{}-{number}", self.settings.id),
            _ => format!("{}-{number}-{copy}", self.settings.id),
        }
    }

    /// A ticket was taken from the output: where the printer could not say that it was printed, that is known now.
    fn note_taken(&self, ticket: TicketId) {
        let mut before = None;
        self.shelf.send_if_modified(|shelf| {
            before = shelf.taken(ticket);
            before.is_some()
        });
        if let Some(held) = before.filter(Held::is_unknown) {
            let report = AgentCommand::ReportPrint {
                ticket,
                job: self.job_name(&held.issued.number, held.copies),
                outcome: PrintOutcome::Printed,
            };
            self.issuing.tell_of(ticket, fresh_id(), report);
        }
    }

    /// Prints what staff ask for, as long as the link lives.
    pub async fn follow_orders(self: Arc<Self>, mut orders: UnboundedReceiver<Order>) {
        while let Some(order) = orders.recv().await {
            let device = match &order {
                Order::Test(test) => &test.device,
                Order::Sheet(sheet) => &sheet.device,
            };
            let mut posts = self.printers.posts().iter();
            let Some(Post { printer, .. }) = posts.find(|post| post.name == *device) else {
                continue;
            };
            match order {
                Order::Test(_) => {
                    let job = format!("{}-test", self.settings.id);
                    printer.print(None, job, Document::Test(self.test_paper()));
                }
                Order::Sheet(order) => {
                    let job = format!("{}-sheet", self.settings.id);
                    let paper = SheetPaper { lines: order.lines };
                    lock(&self.ordered).insert(order.sheet);
                    printer.print_sheet(order.sheet, job, Document::Sheet(paper));
                }
            }
        }
    }

    /// Prints a list of papers for a visitor; a press repeated prints nothing. `false`: no printer can print now.
    pub fn print_list(&self, key: CommandId, lines: Vec<SheetLine>) -> bool {
        let can_print = self
            .printer_health()
            .is_some_and(|health| health.can_print());
        let best = self.printers.best().filter(|_| can_print);
        let Some((nth, post)) = best.and_then(|nth| Some((nth, self.printers.get(nth)?))) else {
            return false;
        };
        if self.lists.begin(key, nth) {
            let job = format!("{}-list", self.settings.id);
            let paper = Document::Sheet(SheetPaper { lines });
            post.printer.print_sheet(key, job, paper);
        }
        true
    }

    /// A list of papers that a visitor has had printed.
    pub fn list(&self, key: CommandId) -> Option<List> {
        self.lists.get(key)
    }

    /// The lists of papers that visitors have printed, as they change.
    pub fn watch_lists(&self) -> watch::Receiver<VecDeque<List>> {
        self.lists.watch()
    }

    fn test_paper(&self) -> TestPaper {
        let station = self.link.view().station;
        TestPaper {
            station: station.as_ref().map(|s| s.name.clone()).unwrap_or_default(),
            kiosk: self.settings.id.clone(),
            at: local(
                station.as_deref(),
                StationTime(jiff::Timestamp::now().as_millisecond()),
            ),
        }
    }

    /// Tells the server what it does not know, as long as the link lives.
    pub async fn follow_server(self: Arc<Self>) {
        Arc::clone(&self.issuing).follow_server().await;
    }

    /// The tickets given out here of which the server does not know, in the order of the presses.
    pub fn given_out_alone(&self) -> Vec<TakenTicket> {
        self.issuing.unknown_to_server()
    }

    /// Whether tickets are given out without the server, as far as it was told last when the station is open.
    pub fn goes_on_alone(&self, view: &StationView) -> bool {
        self.issuing.has_numbers() && self.issuing.is_open(view)
    }

    /// Takes a ticket back: the visitor chose the wrong service.
    pub fn take_back(&self, ticket: TicketId) {
        self.shelf.send_modify(|shelf| shelf.remove(ticket));
        self.issuing.take_back(ticket);
    }

    /// Notes what one of the printers, counted from 0, tells and passes it on to the server, until the printer ends.
    pub async fn follow_printer(
        self: Arc<Self>,
        nth: usize,
        mut events: UnboundedReceiver<PrinterEvent>,
    ) {
        self.tell_health();
        while let Some(event) = events.recv().await {
            match event {
                PrinterEvent::Health(health) => {
                    self.printers.set(nth, |state| state.health = health);
                    self.tell_health();
                }
                PrinterEvent::Done(result) => {
                    tracing::info!(ticket = ?result.ticket, job = result.job, outcome = ?result.outcome, "print job over");
                    if self.hand_over(nth, &result) {
                        continue;
                    }
                    let Some(ticket) = result.ticket else {
                        self.sheet_is_over(result);
                        continue;
                    };
                    self.print_for_the_office(nth, ticket, &result);
                    let outcome = result.outcome.clone();
                    self.shelf
                        .send_if_modified(|shelf| shelf.printed(ticket, outcome));
                    // Told under the job's own id until it is answered, so that a restart in between tells nothing twice.
                    let report = AgentCommand::ReportPrint {
                        ticket,
                        job: result.job,
                        outcome: result.outcome,
                    };
                    self.issuing.tell_of(ticket, result.id, report);
                }
                PrinterEvent::Held(ticket, is_held) => {
                    self.shelf
                        .send_if_modified(|shelf| shelf.held(ticket, is_held));
                }
                PrinterEvent::Taken(ticket) => self.note_taken(ticket),
                PrinterEvent::TicketsLeft(count) => {
                    self.printers.set(nth, |state| state.tickets_left = count);
                    self.tell_health();
                }
                PrinterEvent::Started(_) | PrinterEvent::Rest(_) => {}
            }
        }
    }

    fn sheet_is_over(&self, result: JobResult) {
        self.lists.over(result.id, &result.outcome);
        if lock(&self.ordered).remove(&result.id) {
            let report = AgentCommand::ReportSheet {
                sheet: result.id,
                outcome: result.outcome,
            };
            self.link.tell(fresh_id(), report);
        }
    }

    /// The office has papers of its own of each ticket, behind the visitor's first one and only where that is out.
    fn print_for_the_office(&self, nth: usize, ticket: TicketId, result: &JobResult) {
        let held = self.held(ticket).filter(|held| held.copies == 1);
        let first = held.filter(|_| result.outcome == PrintOutcome::Printed);
        let station = self.link.view().station;
        let (Some(held), Some(post), Some(station)) = (first, self.printers.get(nth), station)
        else {
            return;
        };
        for _ in 1..post.copies {
            let job = format!("{}-copy", result.job);
            let paper = self.paper(&held, &station);
            post.printer.print(None, job, paper);
        }
    }

    fn tell_health(&self) {
        let _one = lock(&self.telling);
        let states = self.printers.watch().borrow().clone();
        let told = self.printers.posts().iter().zip(states);
        let told = told.map(|(post, state)| {
            let detail = match &state.health {
                PrinterHealth::PortMissing(why) => why.clone(),
                _ => String::new(),
            };
            DeviceHealth {
                device: post.name.clone(),
                ok: state.health.is_proven(),
                status: state.health.word().to_owned(),
                detail,
                tickets_left: state.tickets_left,
                ..DeviceHealth::default()
            }
        });
        self.link.set_health(told.collect());
    }
}

/// Nothing is left half done by a task that panicked with it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An instant on the station's clocks; UTC where the zone is not known.
pub(crate) fn local(station: Option<&StationInfo>, at: StationTime) -> DateTime {
    let zone = station
        .and_then(|station| TimeZone::get(&station.timezone).ok())
        .unwrap_or(TimeZone::UTC);
    let instant = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
    zone.to_datetime(instant)
}
