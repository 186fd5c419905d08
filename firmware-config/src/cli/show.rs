//! `firmware-config show`: a text on one panel.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;

use super::{profile_of, say};
use crate::panel::PanelProtocol;
use crate::port::{Flow, Link};
use crate::tool::report::Outcome;
use crate::tool::showing::{Showing, Shown};

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// Id of a built-in profile, such as led-485 or alpha, or a profile's file.
    #[arg(long)]
    profile: String,
    /// The serial port.
    #[arg(long)]
    port: String,
    /// Speed in bits per second; left out: as the profile says.
    #[arg(long, value_parser = clap::value_parser!(u32).range(300..))]
    baud: Option<u32>,
    /// Address on the line.
    #[arg(long, default_value_t = 1)]
    address: u8,
    /// First tell the panel what it needs once before its first text. An Alpha sign lays out its memory anew: what it
    /// held is lost.
    #[arg(long)]
    prepare: bool,
    /// What to show, such as 888; empty: nothing.
    text: String,
}

/// Shows the text and says what the panel answered.
///
/// # Errors
/// The device is no panel, the text does not fit, or the port cannot be opened.
pub(super) async fn run(args: ShowArgs) -> anyhow::Result<ExitCode> {
    let profile = profile_of(&args.profile)?;
    let protocol = PanelProtocol::of_profile(&profile)
        .with_context(|| format!("a {} is no panel", profile.profile.id))?;
    let line = &profile.line;
    let showing = Showing {
        link: Link::Serial {
            path: args.port,
            baud_bps: args.baud.unwrap_or(line.baud),
            parity: line.parity,
            data_bits: line.data,
            stop_bits: line.stop,
            flow: Flow::default(),
        },
        address: args.address,
        prepare: args.prepare,
        timeout: Duration::from_millis(line.timeout_ms),
        gap: Duration::from_millis(line.gap_ms),
        retries: line.retries,
    };
    let shown = showing.show(&protocol, &args.text).await?;
    say(&format!("address {}: {shown}", args.address))?;
    Ok(match shown {
        Shown::Acknowledged | Shown::Unheard => ExitCode::SUCCESS,
        Shown::Refused(_) => ExitCode::from(Outcome::Differs.exit_code()),
        Shown::Silent => ExitCode::from(Outcome::Unreadable.exit_code()),
    })
}
