//! The pages' own WebSocket: on every change the whole of what may change on the page.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use protocol::{Envelope, GuideStop, GuideWay};
use queue_core::{CommandId, TicketId};
use serde::Serialize;
use tokio::time::{Instant, sleep_until};

use super::home::{Home, live_parts, paper_notice};
use super::matter;
use super::modes::Modes;
use super::ticket::{STATE, paper_state};
use crate::agent::Kiosk;

/// Less than the 10 s after which a page doubts its connection.
const PING_EVERY: Duration = Duration::from_secs(5);

/// Which page it is.
pub(super) enum Of {
    /// The first one.
    Home,
    /// That of a ticket.
    Ticket(TicketId),
    /// That of what the guide has led to, and of a list printed there.
    Matter {
        way: GuideWay,
        list: Option<CommandId>,
    },
}

#[derive(Serialize, PartialEq, Clone)]
struct Picture {
    /// Name of the page's state.
    page: String,
    /// Elements by id.
    parts: BTreeMap<String, String>,
}

/// Serves one page until it is left. `run` names this run of the program: a page of an earlier one loads itself again.
pub(super) async fn serve(
    mut socket: WebSocket,
    kiosk: Arc<Kiosk>,
    modes: Modes,
    of: Of,
    run: Arc<str>,
) {
    let mut station = kiosk.watch_station();
    let mut shelf = kiosk.watch_shelf();
    let mut printer = kiosk.watch_printers();
    let mut lists = kiosk.watch_lists();
    let mut seq = 0;
    let mut shown: Option<Picture> = None;
    let mut ping_at = Instant::now() + PING_EVERY;
    let welcome = serde_json::json!({ "epoch": &*run });
    if send(&mut socket, "link", "welcome", 0, &welcome)
        .await
        .is_err()
    {
        return;
    }
    loop {
        station.mark_unchanged();
        shelf.mark_unchanged();
        printer.mark_unchanged();
        lists.mark_unchanged();
        let picture = picture(&kiosk, modes, &of);
        if shown.as_ref() != Some(&picture) {
            seq += 1;
            if send(&mut socket, "kiosk", "state", seq, &picture)
                .await
                .is_err()
            {
                return;
            }
            shown = Some(picture);
        }
        tokio::select! {
            changed = station.changed() => if changed.is_err() { return },
            changed = shelf.changed() => if changed.is_err() { return },
            changed = printer.changed() => if changed.is_err() { return },
            changed = lists.changed() => if changed.is_err() { return },
            () = sleep_until(ping_at) => {
                ping_at = Instant::now() + PING_EVERY;
                if send(&mut socket, "link", "ping", 0, &()).await.is_err() {
                    return;
                }
            }
            // The page says hello and pong; neither changes what it is shown.
            message = socket.recv() => match message {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => {}
            },
        }
    }
}

fn picture(kiosk: &Kiosk, modes: Modes, of: &Of) -> Picture {
    match of {
        Of::Home => of_home(kiosk, modes),
        Of::Ticket(ticket) => {
            let parts = kiosk.held(*ticket).map(|held| {
                let markup = paper_state(kiosk, &held, modes).into_string();
                ("paper".to_owned(), markup)
            });
            Picture {
                page: STATE.to_owned(),
                parts: parts.into_iter().collect(),
            }
        }
        // A way that leads to no matter any more is another page.
        Of::Matter { way, list } => of_matter(kiosk, modes, way, *list).unwrap_or(Picture {
            page: String::new(),
            parts: BTreeMap::new(),
        }),
    }
}

fn of_matter(
    kiosk: &Kiosk,
    modes: Modes,
    way: &GuideWay,
    list: Option<CommandId>,
) -> Option<Picture> {
    let view = kiosk.station();
    let station = view.station.as_deref()?;
    let GuideStop::Matter(found) = station.guide.as_ref()?.stop(way)? else {
        return None;
    };
    let service = station.service(&found.service)?;
    let list = list.and_then(|key| kiosk.list(key));
    let wait = matter::wait(kiosk, &view, service, modes.language);
    Some(Picture {
        page: matter::state(kiosk, &view, service, list.as_ref()),
        parts: wait
            .map(|wait| (matter::NOW.to_owned(), wait.into_string()))
            .into_iter()
            .collect(),
    })
}

fn of_home(kiosk: &Kiosk, modes: Modes) -> Picture {
    let view = kiosk.station();
    let home = Home::of(kiosk, &view);
    let parts = match home {
        Home::Open(station, board) => {
            let mut parts = live_parts(station, board, modes.language);
            let printer = kiosk.printer_health();
            let notice = paper_notice(printer.as_ref(), modes.language).into_string();
            parts.push(("printer".to_owned(), notice));
            parts
        }
        Home::Alone(_) => {
            let printer = kiosk.printer_health();
            let notice = paper_notice(printer.as_ref(), modes.language).into_string();
            vec![("printer".to_owned(), notice)]
        }
        Home::Unreachable | Home::Closed(..) => Vec::new(),
    };
    Picture {
        page: home.state(),
        parts: parts.into_iter().collect(),
    }
}

async fn send<T: Serialize>(
    socket: &mut WebSocket,
    topic: &str,
    kind: &str,
    seq: u64,
    data: &T,
) -> Result<(), axum::Error> {
    let envelope = Envelope {
        v: 1,
        topic: topic.to_owned(),
        prev: 0,
        seq,
        kind: kind.to_owned(),
        data,
    };
    let text = serde_json::to_string(&envelope).map_err(axum::Error::new)?;
    socket.send(Message::text(text)).await
}
