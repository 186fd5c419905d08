//! Panels on RS-485: from the command to the last byte of the called counter's frame, and what many idle panels cost. The
//! line masters are the real ones, the panels simulators on pseudo-terminals, and bytes take their time on the wire.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use firmware_config::bus::{
    self, BusConfig, Command, Event, PanelCommand, PanelConfig, PanelHealth,
};
use firmware_config::panel::PanelProtocol;
use firmware_config::port::Link;
use firmware_config::simulate::{LineHandle, VirtualDisplay, VirtualLine};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::table::{Table, quantile};

const BAUD_BPS: u32 = 9_600;
const PANELS: u8 = 16;
const CALLS: u16 = 100;
/// Lines of 16 panels each.
const IDLE_LINES: usize = 4;
/// As long as panels are told again what they show.
const IDLE: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(20);

/// A line of panels, and its master.
struct Bus {
    line: LineHandle,
    commands: mpsc::Sender<Command>,
    events: mpsc::Receiver<Event>,
}

pub(crate) async fn measure(scratch: &Path, table: &mut Table) -> anyhow::Result<()> {
    table.section("LED panels on RS-485 (limit: the frame's own bytes)");
    let own_ms = f64::from(15 * 10 * 1_000) / f64::from(BAUD_BPS);
    let mut bus = Bus::start(&scratch.join("bus"))?;
    bus.until_all_answer().await?;
    for (what, others, aim) in [
        ("16 panels, idle", 0, "p50 <= 30 ms"),
        ("16 panels, all others to be told", PANELS - 1, ""),
    ] {
        let mut took = Vec::new();
        let mut behind = 0;
        for nth in 0..CALLS {
            let (ms, others_first) = bus.call(nth, others).await?;
            took.push(ms);
            behind += u32::from(others_first > 1);
        }
        for (name, q) in [("p50", 0.5), ("p99", 0.99)] {
            let figure = quantile(&mut took, q);
            table.row(&format!("{what}, {name}"), figure, "ms", Some(own_ms), aim);
        }
        let what = format!("{what}: calls behind more than the frame under way");
        table.row(&what, f64::from(behind), "", None, "0");
    }
    drop(bus);
    let used = idle(scratch).await?;
    let what = "64 panels that show what they should, CPU";
    table.row(what, used * 100.0, "%", None, "< 2 %");
    Ok(())
}

impl Bus {
    fn start(path: &Path) -> anyhow::Result<Self> {
        let line = panels(path)?;
        let (commands, events) = master(path);
        Ok(Self {
            line,
            commands,
            events,
        })
    }

    async fn until_all_answer(&mut self) -> anyhow::Result<()> {
        let mut left = PANELS;
        let all = async {
            while left > 0 {
                let event = self.events.recv().await.context("the master runs")?;
                let answers = PanelHealth::Answers;
                if matches!(event, Event::PanelHealth { health, .. } if health == answers) {
                    left -= 1;
                }
            }
            anyhow::Ok(())
        };
        timeout(PATIENCE, all).await.context("a panel is missing")?
    }

    /// Milliseconds from a call to its text on the panel, and how many other panels showed a new text before.
    async fn call(&mut self, nth: u16, others: u8) -> anyhow::Result<(f64, usize)> {
        let called = u8::try_from(nth % u16::from(PANELS))?;
        let show = |index: u8, urgent| {
            let address = index + 1;
            let text = format!("A{nth:03}");
            Command::from(PanelCommand {
                address,
                text,
                urgent,
            })
        };
        for other in (0..PANELS)
            .filter(|index| *index != called)
            .take(usize::from(others))
        {
            self.commands.send(show(other, false)).await?;
        }
        let started = Instant::now();
        self.commands.send(show(called, true)).await?;
        let panel = |index: u8| {
            self.line
                .display(usize::from(index))
                .context("it hangs there")
        };
        let text = format!("A{nth:03}");
        let mut seen = panel(called)?.watch();
        timeout(PATIENCE, seen.wait_for(|view| view.text == text))
            .await
            .context("the call was not shown")??;
        let ms = started.elapsed().as_secs_f64() * 1_000.0;
        let mut before = 0;
        for other in (0..PANELS).filter(|index| *index != called) {
            before += usize::from(panel(other)?.view().text == text);
        }
        for other in (0..PANELS)
            .filter(|index| *index != called)
            .take(usize::from(others))
        {
            let mut seen = panel(other)?.watch();
            timeout(PATIENCE, seen.wait_for(|view| view.text == text))
                .await
                .context("a text was not shown")??;
        }
        // The last answer is over, and the line is quiet.
        tokio::time::sleep(Duration::from_millis(30)).await;
        Ok((ms, before))
    }
}

fn led(address: u8) -> (u8, PanelConfig) {
    (address, PanelProtocol::Led485.into())
}

fn panels(path: &Path) -> anyhow::Result<LineHandle> {
    let mut line = VirtualLine::default().with_wire_pace(BAUD_BPS);
    for address in 1..=PANELS {
        let panel = VirtualDisplay::new(&PanelProtocol::Led485, address);
        line = line.with_display(panel.context("an address of its kind")?);
    }
    Ok(line.start(path)?)
}

fn master(path: &Path) -> (mpsc::Sender<Command>, mpsc::Receiver<Event>) {
    let (commands, command_queue) = mpsc::channel(64);
    let (event_queue, events) = mpsc::channel(256);
    let link = Link::serial(path.display().to_string(), BAUD_BPS);
    let config = BusConfig::new((1..=PANELS).map(led), []);
    tokio::spawn(bus::run(link, config, command_queue, event_queue));
    (commands, events)
}

/// Processor time that the masters use, of the time that passes. They have a thread of their own.
async fn idle(scratch: &Path) -> anyhow::Result<f64> {
    let paths: Vec<_> = (0..IDLE_LINES)
        .map(|nth| scratch.join(format!("idle-{nth}")))
        .collect();
    let _lines: Vec<_> = paths
        .iter()
        .map(|path| panels(path))
        .collect::<Result<_, _>>()?;
    let masters = tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let mut masters: Vec<_> = paths.iter().map(|path| master(path)).collect();
            for (_, events) in &mut masters {
                let mut left = PANELS;
                while left > 0 {
                    let event = events.recv().await.context("the master runs")?;
                    left -= u8::from(matches!(event, Event::PanelHealth { .. }));
                }
            }
            let (from, used) = (Instant::now(), own_cpu_time()?);
            tokio::time::sleep(IDLE).await;
            let used = own_cpu_time()?.saturating_sub(used);
            anyhow::Ok(used.as_secs_f64() / from.elapsed().as_secs_f64())
        })
    });
    masters.await?
}

/// Processor time of this thread.
fn own_cpu_time() -> anyhow::Result<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = text.split_whitespace().next().context("no figure")?;
    Ok(Duration::from_nanos(nanoseconds.parse()?))
}
