//! Visitors: they look in, take a ticket if the line is bearable, and sometimes give it back.

use std::time::Duration;

use queue_core::{Board, TicketId};
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use super::booked::Booked;
use super::custom::{Customs, Wish};
use super::demand::{Demand, Hall};
use super::door::Door;
use super::pace::Pace;
use super::random::Random;

/// How often somebody may come in.
const STEP: Duration = Duration::from_millis(200);
/// After a setback nobody comes for this long.
const BACKOFF: Duration = Duration::from_secs(2);
/// Visitors whose patience is watched.
const WATCHED: usize = 64;

/// The stream of visitors.
pub(super) struct Visitors {
    /// Where they take tickets.
    pub(super) door: Door,
    /// How many come.
    pub(super) demand: Demand,
    /// What they want.
    pub(super) customs: Customs,
    /// Speed.
    pub(super) pace: Pace,
    /// Chance.
    pub(super) random: Random,
    /// Those with an appointment.
    pub(super) booked: Booked,
    /// The board on the wall.
    pub(super) board: watch::Receiver<Option<Board>>,
}

impl Visitors {
    /// Comes and goes for ever. `start` is when the demo's people began.
    pub(super) async fn run(mut self, start: Instant) {
        let mut impatient: Vec<(Instant, TicketId)> = Vec::new();
        let mut tick = interval(STEP);
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut before = Instant::now();
        loop {
            tick.tick().await;
            let now = Instant::now();
            // A pause of this machine is not a crowd in front of the door.
            let real_s = (now - before).min(5 * STEP).as_secs_f64();
            before = now;
            let hall = self.board.borrow().as_ref().and_then(Hall::of);
            if let Some(hall) = hall {
                let at_ms = u64::try_from((now - start).as_millis()).unwrap_or(u64::MAX);
                let life_s = self.pace.life_s(real_s * 1000.0);
                let minute = self.pace.minute(at_ms);
                for _ in 0..self.demand.step(real_s, life_s, minute, &hall) {
                    self.come(&hall, &mut impatient).await;
                }
            }
            let at = self.door.app.live.now();
            if let Err(setback) = self.booked.arrive(&self.door, at).await {
                tracing::debug!(%setback, "a visitor with an appointment could not check in");
            }
            let due = impatient.iter().position(|(at, _)| *at <= now);
            if let Some((_, ticket)) = due.map(|i| impatient.swap_remove(i))
                && let Err(setback) = self.door.give_up(ticket).await
            {
                tracing::debug!(%setback, "a visitor could not give up");
            }
        }
    }

    async fn come(&mut self, hall: &Hall, impatient: &mut Vec<(Instant, TicketId)>) {
        // Whoever finds the line too long goes home; somebody else may want another service.
        let Some(wish) = self.customs.wish(&mut self.random) else {
            return;
        };
        let booked = self
            .booked
            .book(&self.door, &wish.service, &mut self.random);
        match booked.await {
            Ok(true) => return,
            Ok(false) => {}
            Err(setback) => tracing::debug!(%setback, "a visitor could not book"),
        }
        if !hall.is_bearable(&wish.service) {
            return;
        }
        match self.door.take_ticket(&wish).await {
            Ok(ticket) => {
                let Wish { patience_s, .. } = wish;
                if let (Some(ticket), Some(patience_s)) = (ticket, patience_s)
                    && impatient.len() < WATCHED
                {
                    let patience = Duration::from_millis(self.pace.real_ms(patience_s));
                    impatient.push((Instant::now() + patience, ticket));
                }
            }
            Err(setback) => {
                tracing::debug!(%setback, "a visitor got no ticket");
                sleep(BACKOFF).await;
            }
        }
    }
}
