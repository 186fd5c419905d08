//! What the kiosk asks of the station server, and what it is told.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use protocol::agent_link::LinkEvent;
use protocol::{
    AgentCommand, CommandResult, DeviceHealth, DeviceOrder, Envelope, Problem, Role, SheetOrder,
    StationInfo, TicketIssued,
};
use queue_core::{Board, CommandId, Lease, StationTime};
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;

use crate::book::Book;
use crate::clock::Clock;
use crate::presses::Presses;
use crate::printer::Spool;
use crate::settings::KioskSettings;

pub(crate) use agent::link::{NoAnswer, fresh_id};

/// A server that has been out of reach for so long is away.
const AWAY_AFTER: Duration = Duration::from_secs(3);

/// What the kiosk knows of the station.
#[derive(Clone, Debug, Default)]
pub struct StationView {
    /// The server is reached and has said who it is.
    pub connected: bool,
    /// The station; none until it was told once.
    pub station: Option<Arc<StationInfo>>,
    /// The waits; stale while not connected.
    pub board: Option<Arc<Board>>,
    /// The server has been out of reach for so long that visitors are told.
    pub away: bool,
    /// Counts the connections.
    pub connection: u64,
    /// Which history the server's data are.
    pub epoch: Option<Arc<str>>,
}

/// What the server said to a command.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Done; the ticket where one was given out.
    Done(Option<Box<TicketIssued>>),
    /// Refused.
    Refused(Box<Problem>),
}

/// What the server wants of one of the printers, which it calls by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// A page with which it shows that it works.
    Test(DeviceOrder),
    /// A sheet.
    Sheet(SheetOrder),
}

/// Takes commands for the server and shows what is known of the station.
#[derive(Clone)]
pub struct Link {
    link: agent::link::Link,
    view: watch::Receiver<StationView>,
    presses: Presses,
    clock: Arc<Clock>,
}

impl Link {
    /// What is known of the station now.
    pub fn view(&self) -> StationView {
        self.view.borrow().clone()
    }

    /// What is known of the station, as it changes.
    pub fn watch(&self) -> watch::Receiver<StationView> {
        self.view.clone()
    }

    /// What is in the book of presses.
    pub(crate) fn presses(&self) -> &Presses {
        &self.presses
    }

    /// The server's time.
    pub(crate) fn clock(&self) -> &Arc<Clock> {
        &self.clock
    }

    /// Asks for numbers of the kiosk's own.
    pub(crate) async fn ask_for_lease(
        &self,
        id: CommandId,
        command: AgentCommand,
        patience: Duration,
    ) -> Option<Lease> {
        let result = self.link.ask(id, command, patience).await.ok()?;
        if let Some(problem) = result.problem {
            tracing::warn!(code = problem.code, "the server grants no numbers");
        }
        result.lease
    }

    /// Asks and waits for the answer at most so long.
    pub async fn ask(
        &self,
        id: CommandId,
        command: AgentCommand,
        patience: Duration,
    ) -> Result<Answer, NoAnswer> {
        self.link.ask(id, command, patience).await.map(Answer::of)
    }

    /// Tells the server something, however long that takes.
    pub fn tell(&self, id: CommandId, command: AgentCommand) {
        self.link.submit(id, command, None);
    }

    /// Tells the server how the kiosk's devices are, now and after each reconnection.
    pub fn set_health(&self, devices: Vec<DeviceHealth>) {
        self.link.set_health(devices);
    }
}

impl Answer {
    fn of(result: CommandResult) -> Self {
        match result.problem {
            Some(problem) => Self::Refused(Box::new(problem)),
            None => Self::Done(result.issued.map(Box::new)),
        }
    }
}

/// Starts the connection of a kiosk whose pages are at `pages`. It ends when the last [`Link`] is dropped. Needs a tokio
/// runtime. What the server has been told of print jobs is ticked off in `book`. Beside the link come the server's orders.
///
/// # Errors
/// The server's address or the token can never work, or the book cannot be written.
pub fn spawn(
    settings: &KioskSettings,
    pages: SocketAddr,
    book: &Book,
) -> anyhow::Result<(Link, UnboundedReceiver<Order>)> {
    let (link, events) = agent::link::spawn(agent::link::LinkSettings {
        server: settings.server.clone(),
        token: settings.token.clone(),
        role: Role::Kiosk,
        device: settings.id.clone(),
        pages,
    })?;
    let uses = settings.printers.iter().enumerate().map(|(nth, printer)| {
        let device = station_config::printer_device(&settings.id, nth);
        (printer.link.clone(), vec![device])
    });
    link.tell_ports(uses.collect());
    // What stands in the station file is shown until the server says more.
    let known = StationView {
        station: Some(Arc::clone(&settings.station)),
        ..StationView::default()
    };
    let (shown, view) = watch::channel(known);
    let (ordered, orders) = unbounded_channel();
    let presses = Presses::of(book)?;
    let clock = Arc::new(Clock::new(presses.clone()));
    let told = Told {
        shown,
        ordered,
        spool: Spool::of(book)?,
        presses: presses.clone(),
        clock: Arc::clone(&clock),
    };
    tokio::spawn(told.follow(events));
    let link = Link {
        link,
        view,
        presses,
        clock,
    };
    Ok((link, orders))
}

/// Where what the server tells goes.
struct Told {
    shown: watch::Sender<StationView>,
    ordered: UnboundedSender<Order>,
    spool: Spool,
    presses: Presses,
    clock: Arc<Clock>,
}

impl Told {
    async fn follow(self, mut events: UnboundedReceiver<LinkEvent>) {
        while let Some(event) = events.recv().await {
            match event {
                LinkEvent::Welcome {
                    at,
                    epoch,
                    is_other_history,
                } => self.welcome(at, epoch.as_deref(), is_other_history),
                LinkEvent::Down { .. } => {
                    self.shown.send_modify(|view| view.connected = false);
                    self.tell_if_it_stays_away();
                }
                LinkEvent::Frame(frame) => self.take(frame),
                LinkEvent::Answered { command, result } => {
                    // What the rules refuse is answered too; what the server could not do now is told by the next run.
                    let is_final = result.problem.as_ref().is_none_or(|p| p.status < 500);
                    if let AgentCommand::ReportPrint { .. } = command
                        && is_final
                    {
                        self.spool.reported(result.command_id);
                    }
                    if let Some(problem) = result.problem {
                        tracing::warn!(code = problem.code, "the server refused a report");
                    }
                }
                LinkEvent::Alive | LinkEvent::Expired { .. } | LinkEvent::Remark(_) => {}
            }
        }
    }

    /// A server that is started again is back before anybody need know.
    fn tell_if_it_stays_away(&self) {
        let shown = self.shown.clone();
        let connection = shown.borrow().connection;
        tokio::spawn(async move {
            tokio::time::sleep(AWAY_AFTER).await;
            shown.send_if_modified(|view| {
                let stays_away = !view.connected && view.connection == connection && !view.away;
                view.away |= stays_away;
                stays_away
            });
        });
    }

    fn welcome(&self, at: Option<StationTime>, epoch: Option<&str>, is_other_history: bool) {
        if let Some(at) = at {
            self.clock.heard(at);
        }
        if let Err(error) = self.presses.keep_lease_of(epoch) {
            tracing::error!("the lease in the book cannot be ended: {error:#}");
        }
        self.shown.send_modify(|view| {
            if is_other_history {
                view.board = None;
            }
            view.connected = true;
            view.away = false;
            view.connection += 1;
            view.epoch = epoch.map(Arc::from);
        });
    }

    fn take(&self, frame: Envelope<Value>) {
        match (frame.topic.as_str(), frame.kind.as_str()) {
            ("station", "state") => {
                if let Some(station) = read(frame.data) {
                    self.shown
                        .send_modify(|view| view.station = Some(Arc::new(station)));
                }
            }
            ("board", "state") => {
                if let Some(board) = read(frame.data) {
                    self.shown
                        .send_modify(|view| view.board = Some(Arc::new(board)));
                }
            }
            ("devices", "test") => self.order(read(frame.data).map(Order::Test)),
            ("devices", "sheet") => self.order(read(frame.data).map(Order::Sheet)),
            _ => {}
        }
    }
}

impl Told {
    fn order(&self, order: Option<Order>) {
        // Nobody takes orders while the program ends.
        order.map(|order| self.ordered.send(order).ok());
    }
}

fn read<T: serde::de::DeserializeOwned>(data: Value) -> Option<T> {
    serde_json::from_value(data)
        .inspect_err(|error| tracing::error!(%error, "a frame's content is not understood"))
        .ok()
}
