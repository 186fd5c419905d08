//! The loop around the agent: owns the connection, the lines, the pages and the clocks.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use agent::link::{LinkSettings, fresh_id};
use anyhow::{Context, bail};
use firmware_config::{bus, key_pad};
use protocol::Role;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::agent::{Agent, Output, Screens};
use crate::lines::bus_config;
use crate::settings::DisplaySettings;
use crate::speaker::StudioEvent;
use crate::studio::{self, Sounds};
use crate::time::{Moment, wall_ms};
use crate::web::{self, Published, Web};

/// Commands and events that may wait at each channel.
const QUEUE: usize = 256;

/// A display agent with its address taken.
pub struct Display {
    settings: DisplaySettings,
    listener: TcpListener,
    address: SocketAddr,
}

impl Display {
    /// Takes the agent's address.
    ///
    /// # Errors
    /// The address is in use or not this machine's, or the server's address makes no sense.
    pub async fn bind(settings: DisplaySettings) -> anyhow::Result<Self> {
        agent::link::endpoint(&settings.server, Role::Display)
            .with_context(|| format!("display {}", settings.id))?;
        let listener = agent::listen(settings.listen)
            .await
            .with_context(|| format!("display {}", settings.id))?;
        let address = listener.local_addr()?;
        Ok(Self {
            settings,
            listener,
            address,
        })
    }

    /// Where the agent's pages are.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Runs the agent until the future is dropped.
    ///
    /// # Errors
    /// A part of the agent ended, which none does by itself.
    pub async fn run(self) -> anyhow::Result<()> {
        let Self {
            settings,
            listener,
            address,
        } = self;
        tracing::info!(display = settings.id, "pages at http://{address}/");
        let mut parts = JoinSet::new();
        let (server, mut from_server) = agent::link::spawn(LinkSettings {
            server: settings.server.clone(),
            token: settings.token.clone(),
            role: Role::Display,
            device: settings.id.clone(),
            pages: address,
        })?;

        server.tell_ports(settings.uses());

        let (line_events, mut from_lines) = mpsc::channel(QUEUE);
        let mut to_lines = Vec::new();
        for (index, line) in settings.lines.iter().enumerate() {
            let (commands, taken) = mpsc::channel(QUEUE);
            let (events, mut told) = mpsc::channel(QUEUE);
            to_lines.push(commands);
            parts.spawn(bus::run(line.link.clone(), bus_config(line), taken, events));
            let line_events = line_events.clone();
            parts.spawn(async move {
                while let Some(event) = told.recv().await {
                    if line_events.send((index, event)).await.is_err() {
                        return;
                    }
                }
            });
        }

        let (key_pad_events, mut from_key_pads) = mpsc::channel(QUEUE);
        for (index, pad) in settings.key_pads.iter().enumerate() {
            let (events, mut told) = mpsc::channel(QUEUE);
            parts.spawn(key_pad::run(pad.link.clone(), pad.device.clone(), events));
            let key_pad_events = key_pad_events.clone();
            parts.spawn(async move {
                while let Some(event) = told.recv().await {
                    if key_pad_events.send((index, event)).await.is_err() {
                        return;
                    }
                }
            });
        }

        let sounds = Sounds::default();
        let (studio_orders, ordered) = mpsc::channel(QUEUE);
        let (studio_events, mut from_studio) = mpsc::channel(QUEUE);
        if let Some(voice) = &settings.voice {
            parts.spawn(studio::run(
                voice.studio.clone(),
                sounds.clone(),
                ordered,
                studio_events,
            ));
        }

        let (publish, published) = watch::channel(Arc::new(Published::default()));
        let (page_events, mut from_pages) = mpsc::channel(QUEUE);
        let pages = web::router(Web {
            published,
            events: page_events,
            epoch: uuid::Uuid::now_v7().to_string().into(),
            pages: Arc::new(AtomicU64::new(1)),
            sounds,
        });
        let clock = Clock(Instant::now());
        let mut agent = Agent::new(clock.now(), &settings.lines, fresh_id)
            .in_zone(settings.zone.clone())
            .with_key_pads(&settings.key_pads)
            .speaking(
                settings.voice.map(|voice| voice.rules),
                wall_ms().to_string(),
            );
        let mut shown = Shown::default();
        // Before the first visitor of a page there is a picture.
        shown.show(&agent, clock.now(), &publish);
        parts.spawn(async move {
            if let Err(error) = axum::serve(listener, pages).await {
                tracing::error!(%error, "the pages have ended");
            }
        });

        loop {
            for output in agent.take_outputs() {
                match output {
                    Output::Ask {
                        id,
                        command,
                        patience_ms,
                    } => server.submit(id, command, patience_ms.map(Duration::from_millis)),
                    Output::Health(devices) => server.set_health(devices),
                    Output::Studio(order) => {
                        let turn = order.turn;
                        if studio_orders.try_send(order).is_err() {
                            tracing::warn!("the studio takes no orders");
                            let made = None;
                            agent.handle_studio(clock.now(), StudioEvent::Made { turn, made });
                        }
                    }
                    Output::Line(line, command) => {
                        let taken = to_lines.get(line).map(|to| to.try_send(command));
                        if !matches!(taken, Some(Ok(()))) {
                            tracing::warn!(line, "a command for a line was dropped");
                            agent.line_was_full(line);
                        }
                    }
                }
            }
            let now = clock.now();
            shown.show(&agent, now, &publish);
            tokio::select! {
                Some(event) = from_server.recv() => agent.handle_link(clock.now(), event),
                Some((line, event)) = from_lines.recv() => {
                    agent.handle_line(clock.now(), line, event);
                }
                Some((pad, event)) = from_key_pads.recv() => {
                    agent.handle_key_pad(clock.now(), pad, event);
                }
                Some(event) = from_studio.recv() => agent.handle_studio(clock.now(), event),
                Some(event) = from_pages.recv() => agent.handle_page(clock.now(), event),
                () = sleep_until(clock.instant(agent.deadline_ms(now))) => {
                    agent.handle_timeout(clock.now());
                }
                Some(_) = parts.join_next() => bail!("a part of the display agent has ended"),
            }
        }
    }
}

/// What was shown last.
#[derive(Default)]
struct Shown {
    screens: Option<Screens>,
    seq: u64,
}

impl Shown {
    fn show(&mut self, agent: &Agent, now: Moment, publish: &watch::Sender<Arc<Published>>) {
        let screens = agent.screens(now);
        if self.screens.as_ref() == Some(&screens) {
            return;
        }
        self.seq += 1;
        let ahead_ms = agent.station_now(now).0.saturating_sub(now.wall_ms);
        let next = publish.borrow().next(self.seq, screens.clone(), ahead_ms);
        publish.send_replace(Arc::new(next));
        self.screens = Some(screens);
    }
}

#[derive(Clone, Copy)]
struct Clock(Instant);

impl Clock {
    fn now(self) -> Moment {
        Moment {
            mono_ms: u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX),
            wall_ms: wall_ms(),
        }
    }

    fn instant(self, mono_ms: u64) -> Instant {
        // The agent always names a time within ten seconds.
        self.0 + Duration::from_millis(mono_ms)
    }
}
