//! The command line.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use firmware_config::say;

use crate::all_in_one;
use crate::import::counted;
use crate::paper::PreviewArgs;
use crate::voice_test::VoiceArgs;

/// Shortest PIN whose hash is made; whoever stands at the device can try them.
const PIN_LENGTH_MIN: usize = 4;

/// The queue and kiosk system of a public service station.
#[derive(Debug, Parser)]
#[command(name = "station-server", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Verb,
}

/// An agent that this program can run beside the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Agent {
    /// Ticket kiosk.
    Kiosk,
    /// Hall board, counter displays, panels and pads.
    Display,
}

/// What the demo is to do.
#[derive(Debug, Clone, clap::Args)]
pub struct DemoArgs {
    /// Address to listen on; only loopback addresses are taken, because the demo publishes its credentials.
    #[arg(long, default_value = "127.0.0.1:8080", value_parser = address)]
    pub listen: SocketAddr,
    /// Which station: `service-station`, `household` or `visiting-room`.
    #[arg(long, default_value_t)]
    pub profile: station_config::DemoProfile,
    /// Where the demo keeps its data; one directory per profile.
    #[arg(long, default_value = "demo-data")]
    pub data: PathBuf,
    /// IANA time zone of a new demo's days, instead of its own; data that is there keeps the one it was written in.
    #[arg(long)]
    pub timezone: Option<String>,
    /// Simulated visitors and staff.
    #[arg(long)]
    pub people: bool,
    /// How much faster than life the simulated people act (1 to 1000).
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub speed: u32,
    /// Only the server: no kiosk, no display, no simulated devices.
    #[arg(long)]
    pub no_agents: bool,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run a whole demo station without hardware or configuration.
    Demo(DemoArgs),
    /// Run a station.
    Serve {
        /// The station file.
        #[arg(long)]
        config: PathBuf,
        /// Where the journal is.
        #[arg(long)]
        data: PathBuf,
        /// Agents to run on this machine.
        #[arg(long, value_delimiter = ',')]
        with: Vec<Agent>,
    },
    /// Check a station file.
    Check {
        /// The station file.
        #[arg(long)]
        config: PathBuf,
    },
    /// Print the JSON Schema of the station file.
    Schema,
    /// Print the layout of tickets that stations have without one of their own, to be put into a station file and changed.
    TicketLayout,
    /// Draw the tickets of a station file as PNG files.
    TicketPreview(PreviewArgs),
    /// Try spoken calls: say what each language is spoken with, and write a sentence as a WAV file.
    Voice(VoiceArgs),
    /// Import tickets of another system.
    Import {
        /// Where the journal is.
        #[arg(long)]
        data: PathBuf,
        /// CSV file, plain or gzip.
        #[arg(long)]
        tickets: PathBuf,
        /// The station file: its time zone, and its services, classes and counters.
        #[arg(long)]
        config: Option<PathBuf>,
        /// Time zone of the file's local times, such as Europe/Berlin; without it and --config the data directory's own,
        /// and Asia/Taipei in a new one.
        #[arg(long, conflicts_with = "config")]
        timezone: Option<String>,
        /// Add services, classes and counters that the station does not know; staff and languages are taken as they are.
        #[arg(long)]
        create_missing: bool,
        /// Import the good rows and write the others to FILE.rejected.csv.
        #[arg(long)]
        skip_bad: bool,
    },
    /// Print figures of a range of days.
    Stats {
        /// Where the journal is.
        #[arg(long)]
        data: PathBuf,
        /// First day, YYYY-MM-DD.
        #[arg(long)]
        from: queue_core::BusinessDay,
        /// Last day, YYYY-MM-DD.
        #[arg(long)]
        to: queue_core::BusinessDay,
        /// One row for each.
        #[arg(long)]
        by: Option<crate::reports::By>,
        /// What is counted: `visit`, each ticket once; `leg`, each of its matters and stations by itself.
        #[arg(long, default_value = "visit")]
        level: crate::reports::Level,
        /// Output.
        #[arg(long, default_value = "json")]
        format: StatsFormat,
    },
    /// Recompute every table from the log.
    Rebuild {
        /// Where the journal is.
        #[arg(long)]
        data: PathBuf,
    },
    /// Take back what was written under a date to come, after a wrong clock or a wrong day; the log as it was is kept.
    Rewind {
        /// Where the journal is.
        #[arg(long)]
        data: PathBuf,
        /// The last day that counts, YYYY-MM-DD; today when left out.
        #[arg(long)]
        to: Option<queue_core::BusinessDay>,
    },
    /// Copy the journal while the station runs.
    Backup {
        /// Where the journal is.
        #[arg(long)]
        data: PathBuf,
        /// The copy; must not exist.
        #[arg(long)]
        to: PathBuf,
    },
    /// Make the hash of a PIN for the station file; the PIN is read from standard input.
    HashPin,
    /// Run the kiosk agent of a station file.
    #[command(hide = true)]
    AgentKiosk(AgentArgs),
    /// Run the display agent of a station file.
    #[command(hide = true)]
    AgentDisplay(AgentArgs),
}

/// Which agent this program is to be.
#[derive(Debug, clap::Args)]
pub struct AgentArgs {
    /// The station file.
    #[arg(long)]
    pub config: PathBuf,
    /// Its name there.
    #[arg(long)]
    pub id: String,
    /// Where it keeps what must survive a power cut.
    #[arg(long)]
    pub data: PathBuf,
}

/// How figures are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StatsFormat {
    /// As the HTTP interface answers.
    Json,
    /// One line per row.
    Csv,
}

/// Runs the program with these arguments.
///
/// # Errors
/// Whatever made it end.
pub fn run(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> anyhow::Result<ExitCode> {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(e) => {
            e.print()?;
            return Ok(ExitCode::from(if e.use_stderr() { 2 } else { 0 }));
        }
    };
    match cli.command {
        Verb::Demo(arguments) => all_in_one::demo(arguments),
        Verb::Serve { config, data, with } => all_in_one::serve(&config, &data, &with),
        Verb::Check { config } => check(&config),
        Verb::Schema => {
            say(&station_config::StationFile::schema())?;
            Ok(ExitCode::SUCCESS)
        }
        Verb::TicketLayout => {
            say(station_config::ticket::BUILT_IN)?;
            Ok(ExitCode::SUCCESS)
        }
        Verb::TicketPreview(arguments) => {
            crate::paper::preview(&arguments, |line| Ok(say(line)?))?;
            Ok(ExitCode::SUCCESS)
        }
        Verb::Voice(arguments) => crate::voice_test::run(&arguments),
        Verb::Import {
            data,
            tickets,
            config,
            timezone,
            create_missing,
            skip_bad,
        } => {
            let file = config.as_deref().map(station_config::StationFile::load);
            let file = file.transpose()?;
            import(&crate::import::ImportOptions {
                data_dir: data,
                tickets,
                create_missing,
                skip_bad,
                timezone: file
                    .as_ref()
                    .map(|f| f.station.timezone.clone())
                    .or(timezone),
                plan: file.map(|f| f.plan()),
            })
        }
        Verb::Stats {
            data,
            from,
            to,
            by,
            level,
            format,
        } => {
            let query = crate::reports::StatsQuery {
                from,
                to,
                by,
                level,
            };
            let format = match format {
                StatsFormat::Json => crate::reports::Format::Json,
                StatsFormat::Csv => crate::reports::Format::Csv,
            };
            crate::reports::run_stats(&data, &query, format, std::io::stdout().lock())?;
            Ok(ExitCode::SUCCESS)
        }
        Verb::Rebuild { data } => {
            let (engine, zone) = crate::backup::rebuild(&data)?;
            say(&format!(
                "rebuilt from {} events in {zone}, fingerprint {}",
                engine.seq(),
                engine.fingerprint()
            ))?;
            Ok(ExitCode::SUCCESS)
        }
        Verb::Rewind { data, to } => {
            let rewound = crate::rewind::rewind(&data, to)?;
            say(&format!(
                "took back {} entries after {}; the log as it was is kept in {}",
                rewound.entries,
                rewound.to,
                rewound.kept.display()
            ))?;
            Ok(ExitCode::SUCCESS)
        }
        Verb::Backup { data, to } => {
            let copied = crate::backup::backup(&data, &to)?;
            say(&format!("copied to {}", to.display()))?;
            if let Some(devices) = copied.devices {
                say(&format!(
                    "and the enrolled devices to {}: keep both, restore both",
                    devices.display()
                ))?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Verb::HashPin => {
            let mut pin = String::new();
            io::stdin().read_line(&mut pin)?;
            let pin = pin.trim_end();
            if pin.chars().count() < PIN_LENGTH_MIN {
                anyhow::bail!(
                    "a PIN has at least {PIN_LENGTH_MIN} digits; write it to standard input"
                );
            }
            say(&crate::access::hash_pin(pin)?)?;
            Ok(ExitCode::SUCCESS)
        }
        Verb::AgentKiosk(args) => all_in_one::agent_kiosk(args),
        Verb::AgentDisplay(args) => all_in_one::agent_display(args),
    }
}

/// An address with its port; `localhost` is what people call 127.0.0.1.
fn address(text: &str) -> Result<SocketAddr, String> {
    let numeric = match text.strip_prefix("localhost:") {
        Some(port) => format!("127.0.0.1:{port}"),
        None => text.to_owned(),
    };
    numeric
        .parse()
        .map_err(|_| format!("`{text}` is no address with a port, such as 127.0.0.1:8080"))
}

fn import(options: &crate::import::ImportOptions) -> anyhow::Result<ExitCode> {
    let report = crate::import::import(options)?;
    let (from, to) = report.days;
    let tickets = counted(report.tickets as usize, "ticket");
    let zone = &report.timezone;
    say(&format!(
        "imported {tickets}, {from} to {to}, times of {zone}"
    ))?;
    let created = &report.created;
    let services: Vec<_> = created.services.iter().map(|(id, _)| id.clone()).collect();
    for (one, many, ids) in [
        ("service", "services", &services),
        ("class", "classes", &created.classes),
        ("counter", "counters", &created.counters),
    ] {
        if !ids.is_empty() {
            let what = if ids.len() == 1 { one } else { many };
            say(&format!("added {what}: {}", ids.join(", ")))?;
        }
    }
    if let Some(file) = &report.rejected_file {
        let were = if report.rejected == 1 {
            "row was left out, with its reasons"
        } else {
            "rows were left out, with their reasons"
        };
        say(&format!("{} {were}: {}", report.rejected, file.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn check(config: &std::path::Path) -> anyhow::Result<ExitCode> {
    match station_config::StationFile::load_with_warnings(config) {
        Ok((file, warnings)) => {
            for warning in warnings {
                eprintln!("warning: {warning}");
            }
            let what = [
                counted(file.services.len(), "service"),
                counted(file.counters.len(), "counter"),
                counted(file.kiosks.len(), "kiosk"),
                counted(file.displays.len(), "display"),
            ];
            say(&format!("{}: {}", config.display(), what.join(", ")))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(errors) => {
            eprintln!("{errors}");
            Ok(ExitCode::FAILURE)
        }
    }
}
