//! The simulated officer of a visiting room: takes calls on the telephone, checks in who reserved a seat, and calls,
//! begins and ends the sessions by the clock on the wall.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use queue_core::{SessionPhase, TicketId, TicketState};
use reqwest::Client;
use serde::Deserialize;
use serde_json::{Value, json};

use super::random::Random;

/// How often the officer looks at the clock. Sessions keep real time at any speed of life.
const LOOK: Duration = Duration::from_secs(2);
/// Share of the sessions for which somebody telephones.
const TELEPHONES: f64 = 0.7;
/// Chance that a family comes to the kiosk between two looks, for the next session: some eight for each, more than there
/// are seats.
const FAMILY_COMES: f64 = 0.05;
/// Families beyond the seats who still take a place on the waiting list.
const LIST: usize = 2;
/// Share of those who telephoned and come in time.
const COMES: f64 = 0.7;
/// Share of those called who do not come.
const STAYS_AWAY: f64 = 0.04;

/// Somebody in charge of the room.
pub(super) struct Officer {
    /// For requests.
    pub(super) http: Client,
    /// `http://host:port` of the station.
    pub(super) server: String,
    /// Bearer token of a greeter.
    pub(super) token: &'static str,
    /// Chance.
    pub(super) random: Random,
}

#[derive(Deserialize)]
struct Session {
    service: String,
    begins_ms: i64,
    begins: Timestamp,
    ends: Timestamp,
    check_in_until: Timestamp,
    phase: SessionPhase,
    offered: bool,
    seats: usize,
    taken: usize,
    waiting: usize,
    missed: usize,
}

#[derive(Deserialize)]
struct Roster {
    visitors: Vec<Visitor>,
}

#[derive(Deserialize)]
struct Visitor {
    id: TicketId,
    state: TicketState,
    checked_in: bool,
}

impl Officer {
    /// Looks after the sessions, for ever.
    pub(super) async fn run(mut self) {
        let mut telephoned = BTreeSet::new();
        let mut looked_for = BTreeSet::new();
        loop {
            tokio::time::sleep(LOOK).await;
            let Some(sessions) = self.sessions().await else {
                continue;
            };
            // Whoever telephones wants the last session on offer.
            if let Some(last) = sessions.iter().rfind(|session| session.offered)
                && telephoned.insert(last.begins_ms)
                && self.random.chance(TELEPHONES)
            {
                let wish = json!({"service": last.service, "session": last.begins_ms, "channel": "phone", "persons": 2});
                self.post("/api/v1/tickets", &wish).await;
            }
            if let Some(next) = sessions.iter().find(|session| session.offered)
                && next.taken + next.waiting < next.seats + LIST
                && self.random.chance(FAMILY_COMES)
            {
                let persons = self.random.between(1.0, 4.0) as u16;
                let wish = json!({"service": next.service, "session": next.begins_ms, "channel": "kiosk", "persons": persons});
                self.post("/api/v1/tickets", &wish).await;
            }
            for session in &sessions {
                self.look_after(session, &mut looked_for).await;
            }
        }
    }

    async fn look_after(&mut self, session: &Session, looked_for: &mut BTreeSet<TicketId>) {
        let now = Timestamp::now();
        let anybody = session.taken + session.waiting + session.missed > 0;
        match session.phase {
            SessionPhase::Planned if session.offered && anybody => {
                self.check_in(session, looked_for).await;
            }
            SessionPhase::Planned if now > session.check_in_until && session.taken > 0 => {
                self.step(session, "call").await;
            }
            SessionPhase::Planned if now > session.begins && anybody => {
                self.step(session, "start").await;
            }
            SessionPhase::Called if now >= session.begins => {
                self.miss_some(session).await;
                // A seat that has become free is the next one's.
                self.step(session, "call").await;
                self.step(session, "start").await;
            }
            SessionPhase::Running if now >= session.ends => self.step(session, "end").await,
            _ => {}
        }
    }

    /// Most of those who reserved a seat come.
    async fn check_in(&mut self, session: &Session, looked_for: &mut BTreeSet<TicketId>) {
        for visitor in self.roster(session).await {
            let is_expected = visitor.state == TicketState::Enrolled && !visitor.checked_in;
            if is_expected && looked_for.insert(visitor.id) && self.random.chance(COMES) {
                let address = format!("/api/v1/tickets/{}/session-check-in", visitor.id);
                self.post(&address, &Value::Null).await;
            }
        }
    }

    async fn miss_some(&mut self, session: &Session) {
        for visitor in self.roster(session).await {
            if visitor.state == TicketState::Called && self.random.chance(STAYS_AWAY) {
                let address = format!("/api/v1/tickets/{}/session-no-show", visitor.id);
                self.post(&address, &Value::Null).await;
            }
        }
    }

    async fn sessions(&self) -> Option<Vec<Session>> {
        let address = format!("{}/api/v1/sessions", self.server);
        let answer = self.http.get(address).bearer_auth(self.token).send().await;
        answer.ok()?.json().await.ok()
    }

    async fn roster(&self, session: &Session) -> Vec<Visitor> {
        let (service, begins) = (&session.service, session.begins_ms);
        let address = format!("{}/api/v1/sessions/{service}/{begins}", self.server);
        let answer = self.http.get(address).bearer_auth(self.token).send().await;
        let Ok(answer) = answer else { return vec![] };
        let roster = answer.json::<Roster>().await;
        roster.map(|roster| roster.visitors).unwrap_or_default()
    }

    async fn step(&self, session: &Session, step: &str) {
        let (service, begins) = (&session.service, session.begins_ms);
        let address = format!("/api/v1/sessions/{service}/{begins}/{step}");
        self.post(&address, &Value::Null).await;
    }

    /// Refused where there is nothing to do, as when nobody is left to call.
    async fn post(&self, address: &str, body: &Value) {
        let request = self.http.post(format!("{}{address}", self.server));
        let request = match body {
            Value::Null => request,
            body => request.json(body),
        };
        if let Err(error) = request.bearer_auth(self.token).send().await {
            tracing::debug!(address, %error, "no answer");
        }
    }
}
