//! The command line of `firmware-config`.

mod settings;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Parser, Subcommand};
use tokio::sync::watch;

use crate::modbus::Address;
use crate::panel::PanelProtocol;
use crate::profile::{DeviceProfile, Protocol};
use crate::simulate::{
    PadView, PrinterConfig, VirtualCard, VirtualDisplay, VirtualLine, VirtualPrinter,
};

/// Device profiles, settings inside devices, and simulated devices.
///
/// Exit codes: 0 done, or as desired; 2 not as desired; 3 unreadable, unverifiable, or unknown after
/// a write; 1 any other failure; 64 wrong usage.
#[derive(Debug, Parser)]
#[command(name = "firmware-config", version)]
struct Args {
    #[command(subcommand)]
    command: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Check a device profile.
    Check {
        /// The profile's TOML file.
        #[arg(long)]
        config: PathBuf,
    },
    /// Print the JSON Schema of device profiles.
    Schema,
    #[command(flatten)]
    Settings(settings::SettingsTask),
    /// Run a simulated device on a pseudo-terminal until Ctrl-C, printing what it shows.
    Simulate {
        /// Id of a built-in profile, such as led-485, ff68-pad or escpos-80mm.
        #[arg(long)]
        profile: String,
        /// Name to give the host's end of the line.
        #[arg(long)]
        pty: PathBuf,
        /// Address on the line, for panels and pads.
        #[arg(long, default_value_t = 1)]
        address: u8,
    },
}

/// Exit code for arguments that make no sense, as `sysexits.h` has it.
const WRONG_USAGE: u8 = 64;

/// Prints a line. A reader that has gone is an error to [`is_closed_pipe`], not a panic.
///
/// # Errors
/// The standard output's own.
pub fn say(line: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}

/// Whether the command ended because nobody reads on, as with `| head`: no fault of anybody.
#[must_use]
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let mut causes = error.chain().filter_map(|e| e.downcast_ref::<io::Error>());
    causes.any(|e| e.kind() == io::ErrorKind::BrokenPipe)
}

/// Runs the command with the process's arguments, program name first.
///
/// # Errors
/// What went wrong, for a person to read. Wrong arguments are told by the exit code instead, after
/// their message was printed.
pub fn run(args: impl IntoIterator<Item = OsString>) -> anyhow::Result<ExitCode> {
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) => {
            error.print().context("cannot print the usage")?;
            return Ok(if error.use_stderr() {
                ExitCode::from(WRONG_USAGE)
            } else {
                ExitCode::SUCCESS
            });
        }
    };
    match args.command {
        Task::Check { config } => {
            let name = config.display().to_string();
            let text =
                std::fs::read_to_string(&config).with_context(|| format!("cannot read {name}"))?;
            match DeviceProfile::parse(&name, &text) {
                Ok(profile) => say(&format!(
                    "{name}: ok, device profile `{}`",
                    profile.profile.id
                ))?,
                Err(error) => {
                    eprintln!("{error}");
                    return Ok(ExitCode::FAILURE);
                }
            }
        }
        Task::Settings(task) => return settings::run(task),
        Task::Schema => say(&format!("{:#}", DeviceProfile::json_schema()))?,
        Task::Simulate {
            profile,
            pty,
            address,
        } => {
            let Some(profile) = DeviceProfile::built_in(&profile) else {
                let known: Vec<String> = DeviceProfile::all_built_in()
                    .into_iter()
                    .map(|p| p.profile.id)
                    .collect();
                bail!(
                    "no profile `{profile}`, expected one of {}",
                    known.join(", ")
                );
            };
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?
                .block_on(simulate(&profile, pty, address))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What a simulated pad shows and does, in one line.
fn pad_in_words(view: &PadView) -> String {
    let shown = |value: Option<u16>| value.map_or_else(|| "nothing".to_owned(), |v| v.to_string());
    let asking = match (view.asks_rating, view.is_sending) {
        (true, _) => ", asks for a rating",
        (false, true) => ", a press waits for its answer",
        (false, false) => "",
    };
    format!(
        "pad {} shows ticket {}, waiting {}; {} beeps, {} presses answered, {} lost{asking}",
        view.address,
        shown(view.ticket),
        shown(view.waiting),
        view.beeps,
        view.acknowledged,
        view.lost,
    )
}

/// Runs one device until Ctrl-C.
async fn simulate(profile: &DeviceProfile, pty: PathBuf, address: u8) -> anyhow::Result<()> {
    let id = &profile.profile.id;
    let started = || say(&format!("{id} on {}, Ctrl-C ends it", pty.display()));
    let cannot = || format!("cannot simulate on {}", pty.display());
    match (profile.profile.protocol, &profile.printer) {
        (Protocol::ModbusRtu, _) => {
            let address = Address::try_from(address).map_err(anyhow::Error::msg)?;
            let line = VirtualLine::new([address], [])
                .start(&pty)
                .with_context(cannot)?;
            started()?;
            let panel = line.panel(address).context("the panel is on the line")?;
            print_changes(panel.watch(), |view| {
                format!(
                    "panel {} shows {:?}, {} requests",
                    view.address, view.text, view.answered
                )
            })
            .await
        }
        (Protocol::ModbusSettings, _) => {
            let address = Address::try_from(address).map_err(anyhow::Error::msg)?;
            let line = VirtualLine::default()
                .with_card(VirtualCard::new(address))
                .start(&pty)
                .with_context(cannot)?;
            started()?;
            print_changes(line.watch_frames(), |count| {
                format!("{count} frames on the line")
            })
            .await
        }
        (Protocol::Ff68, _) => {
            let line = VirtualLine::new([], [address])
                .start(&pty)
                .with_context(cannot)?;
            started()?;
            let pad = line.pad(address).context("the pad is on the line")?;
            print_changes(pad.watch(), pad_in_words).await
        }
        (
            Protocol::Dm36
            | Protocol::Dm56
            | Protocol::Alpha
            | Protocol::Am03127
            | Protocol::Cd5220
            | Protocol::Template,
            _,
        ) => {
            let protocol = PanelProtocol::of_profile(profile).context("a panel's profile")?;
            let panel = VirtualDisplay::new(&protocol, address)
                .with_context(|| format!("no such panel has the address {address}"))?
                .start(&pty)
                .with_context(cannot)?;
            started()?;
            print_changes(panel.watch(), |text| {
                format!("panel {address} shows {text:?}")
            })
            .await
        }
        (Protocol::EscPos, head) => {
            let mut config = PrinterConfig::default();
            if let Some(head) = head {
                config.width_dots = head.width_dots;
            }
            let printer = VirtualPrinter::new(config)
                .start(&pty)
                .with_context(cannot)?;
            started()?;
            print_changes(printer.watch(), |view| {
                let last = view.papers.back().map_or_else(
                    || "no paper yet".to_owned(),
                    |p| {
                        format!(
                            "last paper {}: {} rows, complete {}",
                            p.seq,
                            p.rows.len(),
                            p.complete
                        )
                    },
                );
                let unknown = view.unknown_commands;
                format!(
                    "{} rows uncut, {unknown} unknown commands, {last}",
                    view.uncut_dots
                )
            })
            .await
        }
    }
}

/// Prints a device's state and each change of it until Ctrl-C.
async fn print_changes<V>(
    mut view: watch::Receiver<V>,
    describe: impl Fn(&V) -> String,
) -> anyhow::Result<()> {
    let ended = tokio::signal::ctrl_c();
    tokio::pin!(ended);
    loop {
        let line = describe(&view.borrow_and_update());
        say(&line)?;
        tokio::select! {
            result = &mut ended => return result.context("cannot wait for Ctrl-C"),
            changed = view.changed() => changed.context("the device stopped")?,
        }
    }
}
