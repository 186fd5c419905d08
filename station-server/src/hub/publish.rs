//! The publisher: follows the log and keeps every followed topic fresh.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use protocol::CallPulse;
use queue_core::{CallId, Event, Recorded, TicketId, TicketView};
use tokio::sync::broadcast::error::TryRecvError;
use tokio::time::{Instant, MissedTickBehavior};

use super::topics::{Frame, RecentCall, Topic};
use crate::app::{App, Station};
use crate::views;

/// States follow a change after this long, so that the calls of the same moment are out first and bursts become one.
const STATE_DELAY: Duration = Duration::from_millis(15);
/// Waiting times move by themselves: boards, chief and visitors' pages are looked over this often.
const TICK: Duration = Duration::from_secs(1);

/// Runs until the writer is gone.
pub async fn run(app: App) {
    let mut events = app.live.events();
    let mut position = app.live.subscribe();
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut publisher = Publisher::default();
    let mut due: Option<Instant> = None;
    loop {
        let wait = async {
            match due {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            changed = position.changed() => {
                if changed.is_err() {
                    return;
                }
                loop {
                    match events.try_recv() {
                        Ok(event) => publisher.take(&app, &event),
                        // What was missed is in the states; a call nobody was told of in time stays untold.
                        Err(TryRecvError::Lagged(_)) => {}
                        Err(TryRecvError::Empty | TryRecvError::Closed) => break,
                    }
                }
                due.get_or_insert_with(|| Instant::now() + STATE_DELAY);
            }
            () = app.hub.nudge.notified() => {
                due.get_or_insert_with(|| Instant::now() + STATE_DELAY);
            }
            () = wait => {
                due = None;
                publisher.publish_states(&app, false);
            }
            _ = tick.tick() => publisher.publish_states(&app, true),
        }
    }
}

/// What the publisher remembers between rounds.
#[derive(Default)]
struct Publisher {
    touched: BTreeSet<TicketId>,
    last_views: BTreeMap<TicketId, TicketView>,
}

impl Publisher {
    fn take(&mut self, app: &Station, recorded: &Recorded) {
        match &recorded.event {
            Event::TicketCalled { ticket, .. } | Event::TicketRecalled { ticket, .. } => {
                self.touched.insert(*ticket);
                send_call(app, recorded, *ticket);
            }
            Event::CallAnnounced { call, display } => app.hub.note_announced(*call, display),
            Event::ServiceStarted { ticket, .. }
            | Event::ServiceFinished { ticket, .. }
            | Event::TicketNoShow { ticket, .. }
            | Event::TicketHeld { ticket, .. }
            | Event::TicketResumed { ticket, .. }
            | Event::TicketTransferred { ticket, .. }
            | Event::TicketCancelled { ticket }
            | Event::RatingGiven { ticket, .. } => {
                self.touched.insert(*ticket);
            }
            _ => {}
        }
    }

    /// `all`: also what only time changes.
    fn publish_states(&mut self, app: &App, all: bool) {
        for topic in app.hub.followed() {
            match &topic {
                Topic::Chief if !all => {}
                Topic::Ticket(id) => self.publish_ticket(app, &topic, *id, all),
                Topic::Bench | Topic::Station => {}
                _ => {
                    if let Some(frame) = state_frame(app, &topic) {
                        app.hub.publish(&topic, frame);
                    }
                }
            }
        }
        self.touched.clear();
        if all {
            let followed: BTreeSet<Topic> = app.hub.followed().into_iter().collect();
            self.last_views.retain(|id, _| followed.contains(&Topic::Ticket(*id)));
        }
    }

    /// A visitor's page is sent when it changes; only its own events are told at once, the rest once a second.
    fn publish_ticket(&mut self, app: &App, topic: &Topic, id: TicketId, all: bool) {
        if !all && !self.touched.contains(&id) {
            return;
        }
        let Some(page) = views::ticket_page(app, id) else {
            return;
        };
        if self.last_views.get(&id) == Some(&page.ticket) {
            return;
        }
        self.last_views.insert(id, page.ticket.clone());
        let seq = app.live.engine().seq();
        app.hub.publish(topic, Frame::new(&topic.name(), "state", 0, seq, &page));
    }
}

/// The whole state of a topic, for publishing and for a client that just came.
pub(super) fn state_frame(app: &App, topic: &Topic) -> Option<Frame> {
    let name = topic.name();
    let seq = app.live.engine().seq();
    let frame = match topic {
        Topic::Station => Frame::new(&name, "state", 0, seq, &app.info),
        Topic::Board => Frame::new(&name, "state", 0, seq, &app.board()),
        Topic::Counter(id) => Frame::new(&name, "state", 0, seq, &views::counter_view(app, id)?),
        Topic::Rating(id) => Frame::new(&name, "state", 0, seq, &views::rating_view(app, id)?),
        Topic::Ticket(id) => Frame::new(&name, "state", 0, seq, &views::ticket_page(app, *id)?),
        Topic::Chief => Frame::new(&name, "state", 0, seq, &views::chief_view(app)),
        Topic::Bench => Frame::new(&name, "state", 0, seq, &()),
    };
    Some(frame)
}

fn send_call(app: &Station, recorded: &Recorded, ticket: TicketId) {
    let engine = app.live.engine();
    let Some(t) = engine.ticket(ticket) else {
        return;
    };
    let Some(counter) = t.counter.clone() else {
        return;
    };
    let pulse = CallPulse {
        call_id: CallId(recorded.seq),
        number: t.number.clone(),
        counter,
        at: recorded.at,
        calls: t.calls,
        language: t.language.clone(),
    };
    drop(engine);
    let prev = app.hub.last_call();
    let frame = Frame::new("calls", "call", prev, recorded.seq, &pulse);
    app.hub.remember_call(RecentCall { at: recorded.at, pulse });
    // No receiver is no error: no display is connected.
    let _ = app.hub.calls.send(frame);
}
