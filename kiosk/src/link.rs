//! What the kiosk asks of the station server, and what it is told.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use protocol::agent_link::LinkEvent;
use protocol::{
    AgentCommand, CommandResult, DeviceHealth, DeviceOrder, Envelope, Problem, Role, SheetOrder,
    StationInfo, TicketIssued,
};
use queue_core::{Board, CommandId};
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;

use crate::printer::Spool;
use crate::settings::KioskSettings;

pub(crate) use agent::link::fresh_id;

/// What the kiosk knows of the station.
#[derive(Clone, Debug, Default)]
pub struct StationView {
    /// The server is reached and has said who it is.
    pub connected: bool,
    /// The station; none until it was told once.
    pub station: Option<Arc<StationInfo>>,
    /// The waits; stale while not connected.
    pub board: Option<Arc<Board>>,
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

    /// Asks and waits for the answer at most so long; none means that the visitor is told so and whatever the server
    /// does after all is taken back.
    pub async fn ask(
        &self,
        id: CommandId,
        command: AgentCommand,
        patience: Duration,
    ) -> Option<Answer> {
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
/// runtime. What the server has been told of print jobs is ticked off in `spool`. Beside the link come the server's orders.
///
/// # Errors
/// The server's address or the token can never work.
pub fn spawn(
    settings: &KioskSettings,
    pages: SocketAddr,
    spool: Spool,
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
    let (shown, view) = watch::channel(StationView::default());
    let (ordered, orders) = unbounded_channel();
    let told = Told {
        shown,
        ordered,
        spool,
    };
    tokio::spawn(told.follow(events));
    Ok((Link { link, view }, orders))
}

/// Where what the server tells goes.
struct Told {
    shown: watch::Sender<StationView>,
    ordered: UnboundedSender<Order>,
    spool: Spool,
}

impl Told {
    async fn follow(self, mut events: UnboundedReceiver<LinkEvent>) {
        while let Some(event) = events.recv().await {
            match event {
                LinkEvent::Welcome {
                    is_other_history, ..
                } => self.shown.send_modify(|view| {
                    if is_other_history {
                        *view = StationView::default();
                    }
                    view.connected = true;
                }),
                LinkEvent::Down { .. } => self.shown.send_modify(|view| view.connected = false),
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
