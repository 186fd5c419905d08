//! Arguments that several commands share, and those that need reading.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::modbus::Address;
use crate::tool::journal::WRITES_A_DAY;
use crate::tool::targets::Targets;
use crate::tool::workshop::{Options, Workshop};

#[derive(Debug, Args)]
pub(in crate::cli) struct ScanArgs {
    /// Ports on which to ask. Left out: what is plugged in is told, and nobody is asked.
    #[arg(long, num_args = 1..)]
    pub(super) port: Vec<String>,
    /// Where the machine's /sys and /dev are: a copy of another machine's, perhaps.
    #[arg(long, default_value = "/")]
    pub(super) root: PathBuf,
    /// Speeds in bits per second.
    #[arg(long, value_delimiter = ',', default_value = "9600,19200,115200", value_parser = clap::value_parser!(u32).range(300..))]
    pub(super) baud: Vec<u32>,
    /// Modbus addresses, such as 1-31 or 1,5,9-12.
    #[arg(long, default_value = "1-31", value_parser = parse_addresses)]
    pub(super) addr: Addresses,
    /// Stop after so many seconds.
    #[arg(long, default_value_t = 120)]
    pub(super) seconds: u64,
    /// One JSON document.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Addresses(pub(super) Vec<Address>);

#[derive(Debug, Args)]
pub(in crate::cli) struct Common {
    /// Where this machine's devices are.
    #[arg(long, default_value = "targets.toml")]
    pub(super) targets: PathBuf,
    /// One JSON document.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Writing {
    /// Only say what would be written. So it is without --yes, too.
    #[arg(long, conflicts_with = "yes")]
    pub(super) plan: bool,
    /// Write.
    #[arg(long)]
    pub(super) yes: bool,
    #[command(flatten)]
    pub(super) limits: Limits,
}

#[derive(Clone, Copy, Debug, Args)]
pub(in crate::cli) struct Limits {
    /// Most writes into one device in 24 hours; its memory wears out.
    #[arg(long, default_value_t = WRITES_A_DAY)]
    pub(super) max_writes: usize,
    /// How long a device may take to start again after a change, in seconds.
    #[arg(long, default_value_t = 10)]
    pub(super) restart_s: u64,
}

impl Common {
    pub(super) fn workshop(&self, writes: bool, limits: Limits) -> anyhow::Result<Workshop> {
        let options = Options {
            writes,
            most_writes: limits.max_writes,
            restart_patience: Duration::from_secs(limits.restart_s),
        };
        Workshop::new(Targets::load(&self.targets)?, options)
    }

    pub(super) fn look_only(&self) -> anyhow::Result<Workshop> {
        let limits = Limits {
            max_writes: WRITES_A_DAY,
            restart_s: 0,
        };
        self.workshop(false, limits)
    }
}

impl Writing {
    pub(super) fn workshop(&self, common: &Common) -> anyhow::Result<Workshop> {
        common.workshop(self.yes && !self.plan, self.limits)
    }
}

pub(super) fn parse_address(text: &str) -> Result<Address, String> {
    let number = text.parse::<u8>().ok();
    number
        .and_then(Address::new)
        .ok_or_else(|| "expected 1 to 247".to_owned())
}

fn parse_addresses(text: &str) -> Result<Addresses, String> {
    let mut addresses = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (parse_address(first)?, parse_address(last)?);
        if first > last {
            return Err(format!(
                "expected the smaller address first, {last}-{first}"
            ));
        }
        addresses.extend((first.get()..=last.get()).filter_map(Address::new));
    }
    Ok(Addresses(addresses))
}
