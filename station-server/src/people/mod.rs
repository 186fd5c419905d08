//! Simulated visitors and staff for the demo.
//!
//! They use only what real people and devices have: the kiosk's page, the HTTP interface, the keypads on the serial
//! line, and the WebSocket of board and console. Nothing here touches the engine or the writer.

mod booked;
mod clerk;
mod custom;
mod demand;
mod desk;
mod door;
mod follow;
mod greeter;
mod hands;
mod pace;
mod random;
mod sessions;
mod visitors;

use std::collections::BTreeSet;
use std::time::Duration;

use protocol::{CounterInfo, Role};
use queue_core::{CounterId, ServiceId, StaffId};
use reqwest::Client;
use station_config::DemoProfile;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::access;
use crate::app::App;
use crate::demo::{STAFF, TOKENS};
use clerk::{Clerk, Post};
use custom::Customs;
use demand::Demand;
use door::Door;
use follow::Following;
use greeter::Greeter;
use hands::Hands;
use pace::Pace;
use random::Random;
use sessions::Officer;
use visitors::Visitors;

/// The story the demo tells.
const SEED: u64 = 20_260_801;
/// A request that is not answered by then has failed.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// Lets simulated people visit and work in the demo `app`, `speed` times as fast as in life (1 to 1000), for ever;
/// they stop when this future is dropped.
pub async fn run(app: App, profile: DemoProfile, speed: u32) {
    let customs = match Customs::of(profile) {
        Ok(customs) => customs,
        Err(error) => {
            tracing::error!("no simulated people: {error}");
            return;
        }
    };
    let http = match Client::builder()
        .timeout(ANSWER_WITHIN)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
    {
        Ok(http) => http,
        Err(error) => {
            tracing::error!("no simulated people: {error}");
            return;
        }
    };
    let town = Town {
        server: app.info.public_url.trim_end_matches('/').to_owned(),
        pace: Pace::new(speed),
        start: Instant::now(),
        app,
        http,
        customs,
    };
    let mut tasks = JoinSet::new();
    town.send_visitors(&mut tasks);
    town.staff_entrance(&mut tasks);
    town.staff_visiting_room(&mut tasks);
    let staff = STAFF
        .iter()
        .filter(|(_, _, role)| *role == access::Role::Counter);
    for (place, (counter, (id, ..))) in town.app.info.counters.iter().zip(staff).enumerate() {
        match StaffId::new(id) {
            Ok(staff) => town.staff_counter(&mut tasks, place, counter, staff),
            Err(error) => tracing::error!("nobody works at counter {}: {error}", counter.id),
        }
    }
    while tasks.join_next().await.is_some() {}
}

/// Where the people come from, and what they all know.
struct Town {
    app: App,
    server: String,
    http: Client,
    customs: Customs,
    pace: Pace,
    start: Instant,
}

impl Town {
    fn send_visitors(&self, tasks: &mut JoinSet<()>) {
        let (latest, board) = watch::channel(None);
        let following = Following {
            server: self.server.clone(),
            role: Role::Display,
            device: None,
            token: None,
            topic: "board".into(),
        };
        tasks.spawn(following.run(latest));
        let visitors = Visitors {
            door: Door {
                http: self.http.clone(),
                app: self.app.clone(),
                server: self.server.clone(),
                token: token(access::Role::Kiosk),
            },
            demand: Demand::new(Random::new(SEED), self.customs.mean_occupation_s()),
            customs: self.customs.clone(),
            pace: self.pace,
            random: Random::new(SEED + 1),
            booked: booked::Booked::default(),
            board,
        };
        tasks.spawn(visitors.run(self.start));
    }

    fn staff_entrance(&self, tasks: &mut JoinSet<()>) {
        if self.app.info.services.iter().any(|s| s.identity_check) {
            let greeter = Greeter {
                http: self.http.clone(),
                server: self.server.clone(),
                token: token(access::Role::Greeter),
                pace: self.pace,
                random: Random::new(SEED + 100),
            };
            tasks.spawn(greeter.run());
        }
    }

    fn staff_visiting_room(&self, tasks: &mut JoinSet<()>) {
        if self.app.info.services.iter().any(|s| s.sessions) {
            let officer = Officer {
                http: self.http.clone(),
                server: self.server.clone(),
                token: token(access::Role::Greeter),
                random: Random::new(SEED + 200),
            };
            tasks.spawn(officer.run());
        }
    }

    fn staff_counter(
        &self,
        tasks: &mut JoinSet<()>,
        place: usize,
        counter: &CounterInfo,
        staff: StaffId,
    ) {
        let (latest, console) = watch::channel(None);
        let following = Following {
            server: self.server.clone(),
            role: Role::Counter,
            device: Some(counter.id.to_string()),
            token: Some(token(access::Role::Counter).to_owned()),
            topic: format!("counter/{}", counter.id),
        };
        tasks.spawn(following.run(latest));
        // Every other counter works with its keypad, the rest with the console.
        let bench = self.app.demo.as_ref().and_then(|demo| demo.bench.as_ref());
        let devices = bench.and_then(|bench| bench.counter(counter.id.as_str()));
        let pad = devices
            .map(|devices| devices.pad.clone())
            .filter(|_| place.is_multiple_of(2));
        let is_recalled_for = {
            let engine = self.app.live.engine();
            engine.plan().rules.no_show.automatic_recalls
        };
        let post = Post {
            staff,
            place,
            // A keypad has no key for it; where the station itself calls again until somebody is there, it must be said.
            starts: pad.is_none() || is_recalled_for,
            colleagues: self.colleagues(&counter.id),
            is_recalled_for,
            customs: self.customs.clone(),
            pace: self.pace,
        };
        let hands = Hands {
            http: self.http.clone(),
            server: self.server.clone(),
            token: token(access::Role::Counter),
            counter: counter.id.clone(),
            pad,
        };
        let seed = SEED + 2 + place as u64;
        let clerk = Clerk::new(post, Random::new(seed));
        tasks.spawn(desk::work(clerk, hands, console, self.start));
    }

    fn colleagues(&self, counter: &CounterId) -> Vec<(CounterId, BTreeSet<ServiceId>)> {
        let others = self
            .app
            .info
            .counters
            .iter()
            .filter(|other| other.id != *counter);
        others
            .map(|other| (other.id.clone(), other.skills.iter().cloned().collect()))
            .collect()
    }
}

/// The token the demo publishes for a role.
fn token(role: access::Role) -> &'static str {
    TOKENS
        .iter()
        .find(|t| t.role == role)
        .map_or("", |t| t.token)
}
