//! The publisher: follows the log and keeps every followed topic fresh.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use protocol::{CallPulse, ChiefView, CounterView, RatingView, TicketPage};
use queue_core::{Board, CallId, Event, Recorded, TicketId};
use serde::Serialize;
use tokio::sync::broadcast::error::TryRecvError;
use tokio::time::{Instant, MissedTickBehavior};

use super::topics::{Frame, RecentCall, Topic};
use crate::app::{App, Station};
use crate::views;

/// States follow a change after this long, so that bursts become one.
const STATE_DELAY: Duration = Duration::from_millis(15);
/// And this much later for every display that is told the call of the same moment first.
const STATE_DELAY_PER_DISPLAY: Duration = Duration::from_micros(50);
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
                due.get_or_insert_with(|| Instant::now() + state_delay(&app));
            }
            () = app.hub.nudge.notified() => {
                due.get_or_insert_with(|| Instant::now() + state_delay(&app));
            }
            () = wait => {
                due = None;
                publisher.publish_states(&app, false);
            }
            _ = tick.tick() => publisher.publish_states(&app, true),
        }
    }
}

fn state_delay(app: &Station) -> Duration {
    let displays = u32::try_from(app.hub.calls.receiver_count()).unwrap_or(u32::MAX);
    STATE_DELAY + STATE_DELAY_PER_DISPLAY.saturating_mul(displays.min(2_000))
}

/// What the publisher remembers between rounds.
#[derive(Default)]
struct Publisher {
    touched: BTreeSet<TicketId>,
    /// What each followed topic was last told.
    told: BTreeMap<Topic, Picture>,
}

impl Publisher {
    fn take(&mut self, app: &Station, recorded: &Recorded) {
        self.touched.extend(recorded.event.ticket());
        match &recorded.event {
            Event::TicketCalled { ticket, .. } | Event::TicketRecalled { ticket, .. } => {
                send_call(app, recorded, *ticket);
            }
            Event::CallAnnounced { call, display } => app.hub.note_announced(*call, display),
            Event::SessionCalled { seats, .. } => {
                self.touched.extend(seats.iter().map(|seat| seat.ticket));
            }
            _ => {}
        }
    }

    /// `all`: also what only time changes, and visitors' pages that moved up; once a second.
    fn publish_states(&mut self, app: &App, all: bool) {
        let followed = app.hub.followed();
        for topic in &followed {
            let due = match topic {
                Topic::Chief => all,
                Topic::Ticket(id) => all || self.touched.contains(id),
                Topic::Bench | Topic::Station => false,
                Topic::Board | Topic::Counter(_) | Topic::Rating(_) => true,
            };
            if let Some(picture) = due.then(|| Picture::of(app, topic)).flatten()
                && self
                    .told
                    .get(topic)
                    .is_none_or(|told| !told.looks_like(&picture))
            {
                app.hub.publish(topic, picture.frame(app, topic));
                self.told.insert(topic.clone(), picture);
            }
        }
        self.touched.clear();
        if all {
            let followed: BTreeSet<Topic> = followed.into_iter().collect();
            self.told.retain(|topic, _| followed.contains(topic));
        }
    }
}

/// The whole state of a topic.
enum Picture {
    Station,
    Board(Box<Board>),
    Counter(Box<CounterView>),
    Rating(RatingView),
    Ticket(Box<TicketPage>),
    Chief(Box<ChiefView>),
    Bench,
}

impl Picture {
    fn of(app: &App, topic: &Topic) -> Option<Self> {
        Some(match topic {
            Topic::Station => Self::Station,
            Topic::Board => Self::Board(Box::new(app.board())),
            Topic::Counter(id) => Self::Counter(Box::new(views::counter_view(app, id)?)),
            Topic::Rating(id) => Self::Rating(views::rating_view(app, id)?),
            Topic::Ticket(id) => Self::Ticket(Box::new(views::ticket_page(app, *id)?)),
            Topic::Chief => Self::Chief(Box::new(views::chief_view(app))),
            Topic::Bench => Self::Bench,
        })
    }

    fn frame(&self, app: &App, topic: &Topic) -> Frame {
        fn state<T: Serialize>(app: &App, topic: &Topic, data: &T) -> Frame {
            Frame::new(&topic.name(), "state", 0, app.live.engine().seq(), data)
        }
        match self {
            Self::Station => state(app, topic, &app.info),
            Self::Board(board) => state(app, topic, board),
            Self::Counter(view) => state(app, topic, view),
            Self::Rating(view) => state(app, topic, view),
            Self::Ticket(page) => state(app, topic, page),
            Self::Chief(view) => state(app, topic, view),
            Self::Bench => state(app, topic, &()),
        }
    }

    /// Equal but for the time of the picture: nothing to tell.
    fn looks_like(&self, other: &Self) -> bool {
        fn same_board(a: &Board, b: &Board) -> bool {
            let dated = Board {
                at: b.at,
                seq: b.seq,
                ..a.clone()
            };
            dated == *b
        }
        match (self, other) {
            (Self::Board(a), Self::Board(b)) => same_board(a, b),
            (Self::Counter(a), Self::Counter(b)) => {
                let dated = CounterView {
                    at: b.at,
                    seq: b.seq,
                    ..(**a).clone()
                };
                dated == **b
            }
            (Self::Rating(a), Self::Rating(b)) => {
                RatingView {
                    at: b.at,
                    ..a.clone()
                } == *b
            }
            (Self::Ticket(a), Self::Ticket(b)) => {
                (&a.ticket, a.open, a.pause) == (&b.ticket, b.open, b.pause)
            }
            (Self::Chief(a), Self::Chief(b)) => {
                same_board(&a.board, &b.board)
                    && (
                        &a.today,
                        &a.services,
                        &a.devices,
                        &a.device_faults,
                        &a.alarms,
                        &a.storage_fault,
                    ) == (
                        &b.today,
                        &b.services,
                        &b.devices,
                        &b.device_faults,
                        &b.alarms,
                        &b.storage_fault,
                    )
            }
            _ => false,
        }
    }
}

/// The whole state of a topic for a client that just came.
pub(super) fn state_frame(app: &App, topic: &Topic) -> Option<Frame> {
    Picture::of(app, topic).map(|picture| picture.frame(app, topic))
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
    app.hub.remember_call(RecentCall {
        at: recorded.at,
        pulse,
    });
    // No receiver is no error: no display is connected.
    let _ = app.hub.calls.send(frame);
}
