//! A station: the real program on a free port, with a data directory of its own.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use tempfile::TempDir;

use crate::{Client, Ended, Program, Screen, until, zone_at_noon};

/// A data directory that outlives the stations started on it, and is gone after the test.
#[derive(Debug, Clone)]
pub struct DataDir(Arc<TempDir>);

impl DataDir {
    /// A fresh, empty one.
    ///
    /// # Panics
    /// When the system has no temporary directory.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(
            TempDir::with_prefix("station-").expect("a temporary directory"),
        ))
    }

    /// The data directory itself.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.0.path().join("data")
    }

    /// A place beside it, for other files of the test.
    #[must_use]
    pub fn beside(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

impl Default for DataDir {
    fn default() -> Self {
        Self::new()
    }
}

/// How a station is started: by default the demo without agents, on fresh data.
#[derive(Debug, Default, Clone)]
pub struct StartOptions {
    /// Where the data is.
    pub data: DataDir,
    /// `serve` with this station file, whose `listen` says port 0 or a free one, instead of `demo`.
    pub config: Option<PathBuf>,
    /// With kiosk and display agents and, in the demo, simulated devices.
    pub agents: bool,
    /// Further arguments.
    pub extra: Vec<OsString>,
}

impl StartOptions {
    /// The demo without agents on this data.
    #[must_use]
    pub fn on(data: &DataDir) -> Self {
        Self {
            data: data.clone(),
            ..Self::default()
        }
    }

    /// The arguments of the `station-server` command.
    #[must_use]
    pub fn arguments(&self) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = Vec::new();
        match &self.config {
            None => {
                arguments.extend(["demo", "--listen", "127.0.0.1:0"].map(OsString::from));
                arguments.extend(["--timezone".into(), zone_at_noon().into()]);
                if !self.agents {
                    arguments.push("--no-agents".into());
                }
            }
            Some(config) => {
                arguments.extend(["serve".into(), "--config".into(), config.into()]);
                if self.agents {
                    arguments.extend(["--with", "kiosk,display"].map(OsString::from));
                }
            }
        }
        arguments.extend(["--data".into(), self.data.path().into()]);
        arguments.extend(self.extra.iter().cloned());
        arguments
    }
}

/// A running station; killed when dropped.
#[derive(Debug)]
pub struct Station {
    program: Program,
    base: String,
    data: DataDir,
    anybody: Client,
}

impl Station {
    /// The demo without agents, on fresh data.
    pub async fn demo() -> Self {
        Self::start(StartOptions::default()).await
    }

    /// The demo without agents, on this data.
    pub async fn on(data: &DataDir) -> Self {
        Self::start(StartOptions::on(data)).await
    }

    /// Starts a station and waits until it is healthy.
    ///
    /// # Panics
    /// When it does not become so.
    pub async fn start(options: StartOptions) -> Self {
        Self::start_program(Program::server(options.arguments()), options.data).await
    }

    /// Waits until a station that has just been started is healthy.
    ///
    /// # Panics
    /// When it does not become so.
    pub async fn start_program(mut program: Program, data: DataDir) -> Self {
        let base = until("the station's address on standard output", async || {
            assert!(
                program.is_running(),
                "the station ended at once:\n{}",
                program.errors()
            );
            address_in(&program.output())
        })
        .await;
        let anybody = Client::new(&base);
        until("a healthy station", async || {
            assert!(
                program.is_running(),
                "the station ended:\n{}",
                program.errors()
            );
            let answer = anybody
                .try_send(reqwest::Method::GET, "/healthz", &[], None)
                .await;
            answer.ok().filter(|a| a.status == 200)
        })
        .await;
        Self {
            program,
            base,
            data,
            anybody,
        }
    }

    /// Its address: `http://127.0.0.1:40123`.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Where it listens.
    ///
    /// # Panics
    /// When its address is no IP address with a port.
    #[must_use]
    pub fn address(&self) -> std::net::SocketAddr {
        self.base
            .trim_start_matches("http://")
            .parse()
            .expect("the station prints an address")
    }

    /// Its process id.
    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.program.id()
    }

    /// Its data.
    #[must_use]
    pub fn data(&self) -> &DataDir {
        &self.data
    }

    /// What it has written to standard error.
    #[must_use]
    pub fn log(&self) -> String {
        self.program.errors()
    }

    /// Somebody without credentials.
    #[must_use]
    pub fn anybody(&self) -> Client {
        self.anybody.clone()
    }

    /// Somebody with a token: `demo-kiosk`, `demo-counter` ...
    #[must_use]
    pub fn client(&self, token: &str) -> Client {
        self.anybody.with_token(token)
    }

    /// The kiosk's client in the demo.
    #[must_use]
    pub fn kiosk(&self) -> Client {
        self.client("demo-kiosk")
    }

    /// A counter's client in the demo.
    #[must_use]
    pub fn counter(&self) -> Client {
        self.client("demo-counter")
    }

    /// The chief's client in the demo.
    #[must_use]
    pub fn chief(&self) -> Client {
        self.client("demo-chief")
    }

    /// Gives out a ticket at the demo's kiosk.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn issue(&self, service: &str) -> Value {
        self.kiosk()
            .post("/api/v1/tickets", serde_json::json!({"service": service}))
            .await
            .expect(201)
    }

    /// What `/healthz` says.
    ///
    /// # Panics
    /// When it is not healthy.
    pub async fn health(&self) -> Value {
        self.anybody.get("/healthz").await.expect(200)
    }

    /// The fingerprint of the live state.
    ///
    /// # Panics
    /// When it is not told.
    pub async fn fingerprint(&self) -> String {
        self.health().await["fingerprint"]
            .as_str()
            .expect("healthz tells the fingerprint")
            .to_owned()
    }

    /// A WebSocket that has said hello.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn screen(&self, role: &str, device: Option<&str>, token: Option<&str>) -> Screen {
        let mut screen = self.socket(role, token).await;
        screen.send(&Screen::hello(role, device)).await;
        screen.wait_for_kind("link", "welcome").await;
        screen
    }

    /// A WebSocket that has not said hello.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn socket(&self, role: &str, token: Option<&str>) -> Screen {
        Screen::open(&self.ws_base(), role, token, None)
            .await
            .unwrap_or_else(|e| panic!("the WebSocket /ws/v1/{role} does not open: {e}"))
    }

    /// Its WebSocket address: `ws://127.0.0.1:40123`.
    #[must_use]
    pub fn ws_base(&self) -> String {
        self.base.replacen("http", "ws", 1)
    }

    /// `kill -9`; returns when it is gone.
    pub fn kill(mut self) {
        self.program.kill();
    }

    /// Ends it as a supervisor does, and waits for the end.
    ///
    /// # Panics
    /// When it does not end, or not in order.
    pub async fn stop(self) -> Ended {
        self.program.terminate();
        let ended = self.program.end("the station's orderly end").await;
        assert!(
            ended.status.success(),
            "{}:\n{}",
            ended.status,
            ended.errors
        );
        ended
    }

    /// Waits for it to end by itself.
    ///
    /// # Panics
    /// When it does not.
    pub async fn end(self, why: &str) -> Ended {
        self.program
            .end(&format!("the station to end: {why}"))
            .await
    }
}

/// The station prints its address on a line of its own.
fn address_in(output: &str) -> Option<String> {
    let line = output
        .lines()
        .find(|l| l.starts_with("http://") && l.ends_with('/'))?;
    Some(line.trim_end_matches('/').to_owned())
}
