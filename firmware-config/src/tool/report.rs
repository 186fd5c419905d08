//! What a command found and did, for people and for programs.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

use super::device::Contact;
use super::journal::Phase;
use super::plan::{Compared, Comparison, Step};
use super::value::SettingValue;

/// What came of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is as desired, and nothing was written.
    Same,
    /// It was changed and is as desired now.
    Done,
    /// It would have to be changed; nothing was written.
    Planned,
    /// It is not as desired.
    Differs,
    /// Nobody can tell without looking at it.
    Unverifiable,
    /// It should tell and did not.
    Unreadable,
    /// It was written, and what it has now is not known.
    Unknown,
    /// Something else failed.
    Failed,
}

impl Outcome {
    /// The exit code of a command that ended so: 0 done or same, 2 differs, 3 unreadable or unknown
    /// after a write, 1 any other failure.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Same | Self::Done => 0,
            Self::Planned | Self::Differs => 2,
            Self::Unverifiable | Self::Unreadable | Self::Unknown => 3,
            Self::Failed => 1,
        }
    }

    /// The outcome of a comparison.
    pub fn of(compared: &[Compared]) -> Self {
        let has = |comparison| compared.iter().any(|c| c.comparison == comparison);
        if has(Comparison::Unreadable) {
            Self::Unreadable
        } else if has(Comparison::Differs) {
            Self::Differs
        } else if has(Comparison::Unverifiable) {
            Self::Unverifiable
        } else {
            Self::Same
        }
    }

    /// The outcome of writes.
    pub fn of_writes(phases: &[Phase]) -> Self {
        if phases
            .iter()
            .any(|phase| matches!(phase, Phase::Unknown | Phase::Writing))
        {
            Self::Unknown
        } else if phases
            .iter()
            .any(|phase| matches!(phase, Phase::NotTaken | Phase::AwaitsRestart))
        {
            Self::Differs
        } else if phases.contains(&Phase::Unverifiable) {
            Self::Unverifiable
        } else {
            Self::Done
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Same => "as desired",
            Self::Done => "changed, and as desired now",
            Self::Planned => "to be changed; nothing was written",
            Self::Differs => "not as desired",
            Self::Unverifiable => "unverifiable: the device cannot tell",
            Self::Unreadable => "unreadable",
            Self::Unknown => "unknown after a write",
            Self::Failed => "failed",
        })
    }
}

/// One write, planned or done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepReport {
    /// The setting.
    pub setting: String,
    /// Its value before, where known.
    pub from: Option<SettingValue>,
    /// Its value afterwards.
    pub to: SettingValue,
    /// What came of it; `None`: not written.
    pub result: Option<Phase>,
}

impl From<&Step> for StepReport {
    fn from(step: &Step) -> Self {
        Self {
            setting: step.setting.clone(),
            from: step.from.clone(),
            to: step.to.clone(),
            result: None,
        }
    }
}

/// What was found and done at one device.
#[derive(Clone, Debug, Serialize)]
pub struct DeviceReport {
    /// The device.
    pub target: String,
    /// What came of it.
    pub outcome: Outcome,
    /// How it showed that it is there.
    pub contact: Option<Contact>,
    /// The desired settings beside what it has.
    pub settings: Vec<Compared>,
    /// Writes.
    pub steps: Vec<StepReport>,
    /// Where its settings before the writes were put.
    pub backup: Option<PathBuf>,
    /// Settings whose last write was interrupted; they were read again.
    pub interrupted: Vec<String>,
    /// Remarks for a person.
    pub messages: Vec<String>,
}

impl DeviceReport {
    /// A report with nothing in it yet.
    pub fn new(target: &str) -> Self {
        Self {
            target: target.to_owned(),
            outcome: Outcome::Failed,
            contact: None,
            settings: Vec::new(),
            steps: Vec::new(),
            backup: None,
            interrupted: Vec::new(),
            messages: Vec::new(),
        }
    }
}

impl fmt::Display for DeviceReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = |value: &Option<SettingValue>| {
            value
                .as_ref()
                .map_or_else(|| "?".to_owned(), ToString::to_string)
        };
        write!(f, "{}: {}", self.target, self.outcome)?;
        for message in &self.messages {
            write!(f, "\n  {message}")?;
        }
        for interrupted in &self.interrupted {
            write!(
                f,
                "\n  {interrupted}: its last write was interrupted; read again"
            )?;
        }
        if self.steps.is_empty() {
            for compared in &self.settings {
                if compared.comparison != Comparison::Same {
                    let (has, wanted) = (known(&compared.current), &compared.desired);
                    let how = compared.comparison;
                    write!(
                        f,
                        "\n  {}: {has}, desired {wanted} ({how:?})",
                        compared.setting
                    )?;
                }
            }
        }
        for step in &self.steps {
            write!(
                f,
                "\n  {}: {} -> {}",
                step.setting,
                known(&step.from),
                step.to
            )?;
            if let Some(result) = step.result {
                write!(f, " ({result:?})")?;
            }
        }
        if let Some(backup) = &self.backup {
            write!(f, "\n  backup: {}", backup.display())?;
        }
        Ok(())
    }
}

/// What a command found and did.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Program and version.
    pub tool: &'static str,
    /// The command.
    pub command: &'static str,
    /// Each device.
    pub devices: Vec<DeviceReport>,
}

impl Report {
    /// A report of a command.
    pub fn new(command: &'static str, devices: Vec<DeviceReport>) -> Self {
        Self {
            tool: concat!("firmware-config ", env!("CARGO_PKG_VERSION")),
            command,
            devices,
        }
    }

    /// The exit code: the gravest of all devices, of which 3 is graver than 1, and 1 than 2.
    pub fn exit_code(&self) -> u8 {
        let codes = self.devices.iter().map(|device| device.outcome.exit_code());
        let grave = |code: &u8| [0, 2, 1, 3].iter().position(|other| other == code);
        codes.max_by_key(grave).unwrap_or(0)
    }
}
