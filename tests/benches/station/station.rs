//! The real program, built for release.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::http::Connection;

/// How long a start may take.
const START: Duration = Duration::from_secs(120);

/// The server's program, built with this benchmark and for release as it is: `station-server` by another name, because
/// cargo tells a package the places of its own programs only. `STATION_SERVER` names another one.
pub(crate) fn program() -> PathBuf {
    let built = || env!("CARGO_BIN_EXE_station-server-under-test").into();
    std::env::var_os("STATION_SERVER").map_or_else(built, PathBuf::from)
}

/// A program that listens; killed when dropped.
pub(crate) struct Running {
    child: Child,
    /// `127.0.0.1:40123`
    pub(crate) address: String,
    /// From start to the first healthy answer.
    pub(crate) ready_in: Duration,
}

impl Running {
    /// The demo's server without agents.
    pub(crate) async fn demo(program: &Path, data: &Path) -> anyhow::Result<Self> {
        let listen = station_tests::free_address().to_string();
        let arguments = ["demo", "--no-agents", "--listen", &listen, "--data"].map(OsString::from);
        let arguments = arguments.into_iter().chain([data.into()]);
        Self::start(program, arguments.collect(), listen).await
    }

    /// Starts something that will answer `/healthz` at `address`.
    pub(crate) async fn start(
        program: &Path,
        arguments: Vec<OsString>,
        address: String,
    ) -> anyhow::Result<Self> {
        let started = Instant::now();
        let child = Command::new(program)
            .args(arguments)
            .env("STATION_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| program.display().to_string())?;
        let mut running = Self {
            child,
            address,
            ready_in: Duration::ZERO,
        };
        loop {
            if let Ok(mut connection) = Connection::open(&running.address).await
                && connection.expect("/healthz", "", None).await.is_ok()
            {
                running.ready_in = started.elapsed();
                return Ok(running);
            }
            if let Some(status) = running.child.try_wait()? {
                bail!("{} ended: {status}", program.display());
            }
            if started.elapsed() > START {
                bail!("{} is not ready after {START:?}", program.display());
            }
            tokio::time::sleep(Duration::from_micros(500)).await;
        }
    }

    /// A fresh connection.
    pub(crate) async fn connect(&self) -> anyhow::Result<Connection> {
        Connection::open(&self.address).await
    }

    /// A figure of the process in megabytes: `VmRSS` resident now, `VmHWM` at most so far.
    pub(crate) fn memory_mb(&self, name: &str) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find_map(|l| l.strip_prefix(name))
            .context("no such figure")?;
        let kilobytes = line.trim_start_matches(':').trim().trim_end_matches(" kB");
        Ok(kilobytes.parse::<f64>()? / 1_000.0)
    }

    /// Ends it as a supervisor does.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        let process = nix::unistd::Pid::from_raw(i32::try_from(self.child.id())?);
        nix::sys::signal::kill(process, nix::sys::signal::Signal::SIGTERM)?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command of the program to its end and returns how long it took.
pub(crate) fn run(program: &Path, arguments: &[OsString]) -> anyhow::Result<Duration> {
    let started = Instant::now();
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()?;
    if !output.status.success() {
        bail!("{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(started.elapsed())
}

/// Size of a stopped station's database with everything in it, bytes.
pub(crate) fn database_bytes(data: &Path) -> anyhow::Result<u64> {
    let file = data.join(station_server::journal::FILE_NAME);
    let db = rusqlite::Connection::open(&file)?;
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    drop(db);
    Ok(std::fs::metadata(file)?.len())
}
