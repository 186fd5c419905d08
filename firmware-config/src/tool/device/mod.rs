//! One device at the other end of an open line: finding that it is there, reading and writing its
//! settings.

pub(crate) mod conversation;
pub(crate) mod printer;
mod reach;
pub(crate) mod registers;

use std::fmt;
use std::io;
use std::time::Duration;

use serde::Serialize;
use tokio::time::{Instant, sleep};

pub use reach::Reach;

use self::conversation::Conversation;
use self::printer::Printer;
use self::registers::Registers;
use super::catalog::SettingSpec;
use super::snapshot::{DeviceState, SettingState, Source};
use super::targets::Target;
use super::value::SettingValue;
use crate::profile::{DeviceProfile, Save};

/// Pause between attempts to reach a device.
pub(crate) const PAUSE: Duration = Duration::from_millis(100);
/// How often a line that is lost at once is opened again.
pub(crate) const LOST_MAX: usize = 5;

/// How a device showed that it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contact {
    /// It let a register be read.
    Read,
    /// It refused a question, with the code of a Modbus exception.
    Refusal(u8),
    /// It gave two bytes back.
    Echo,
    /// It took a write that blanked what it shows; it does not answer questions.
    Write,
    /// It answered a status request.
    Status,
    /// Something spoke that could not be understood: two devices, or another speed.
    Noise,
}

impl fmt::Display for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read => f.write_str("a register was read"),
            Self::Refusal(code) => write!(f, "a question was refused with exception {code:02}"),
            Self::Echo => f.write_str("two bytes came back"),
            Self::Write => f.write_str("a write was taken; questions are not answered"),
            Self::Status => f.write_str("a status request was answered"),
            Self::Noise => f.write_str("something unintelligible was heard"),
        }
    }
}

/// What came of reading a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ReadBack {
    /// The value, and the answer in hexadecimal.
    Value { value: SettingValue, raw: String },
    /// The device has no way to tell it.
    CannotTell,
    /// It should, and did not.
    Failed(String),
}

/// What came of a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// The device says that it has done it.
    Acknowledged,
    /// The device said nothing.
    Unanswered,
    /// The device, or this program, will not do it.
    Refused(String),
}

/// Why a device was not reached.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The line cannot be opened, or is lost.
    #[error("{0}")]
    Line(#[from] io::Error),
    /// Nobody answers, or nothing that can be understood.
    #[error("{0}")]
    Silent(String),
}

/// An open line to a device that has answered.
#[derive(Debug)]
pub(crate) enum Device {
    Registers(Registers),
    Printer(Printer),
}

/// Who is looked for, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Search<'a> {
    pub(crate) profile: &'a DeviceProfile,
    /// How long the device may take to start; zero: one attempt.
    pub(crate) patience: Duration,
    /// A panel that answers no question may be blanked to find out that it is there.
    pub(crate) may_blank: bool,
}

impl Search<'_> {
    /// Opens the line and waits for a sign of the device.
    pub(crate) async fn connect(&self, reach: &Reach) -> Result<(Device, Contact), ConnectError> {
        let deadline = Instant::now() + self.patience;
        let mut lost = 0;
        loop {
            let is_late = Instant::now() >= deadline;
            match self.try_once(reach).await {
                Ok((device, Some(contact))) if contact != Contact::Noise => {
                    return Ok((device, contact));
                }
                Ok((_, contact)) if is_late => {
                    let place = reach.address.map_or_else(
                        || reach.link.to_string(),
                        |address| format!("address {address} on {}", reach.link),
                    );
                    return Err(ConnectError::Silent(match contact {
                        Some(_) => format!(
                            "nothing intelligible from {place}: another speed, or two devices at one address"
                        ),
                        None => format!("no answer from {place}"),
                    }));
                }
                Ok(_) => {}
                Err(error) if is_final(&error) || (is_late && lost >= LOST_MAX) => {
                    return Err(error.into());
                }
                Err(_) => lost += 1,
            }
            sleep(PAUSE).await;
        }
    }

    async fn try_once(&self, reach: &Reach) -> io::Result<(Device, Option<Contact>)> {
        let talk = Conversation::open(&reach.link, &self.profile.line).await?;
        match reach.address {
            Some(address) => {
                let mut registers = Registers::new(talk, address, self.profile.line.retries);
                let contact = self.look(&mut registers).await?;
                Ok((Device::Registers(registers), contact))
            }
            None if self.profile.printer.is_none() => Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("no settings are known of a {}", self.profile.profile.id),
            )),
            None => {
                let printer = Printer::new(talk);
                let contact = printer.answers().await?.then_some(Contact::Status);
                Ok((Device::Printer(printer), contact))
            }
        }
    }

    /// Looks for a device at the address the registers are set to.
    pub(crate) async fn look(&self, registers: &mut Registers) -> io::Result<Option<Contact>> {
        match registers.contact().await? {
            Some(contact) => Ok(Some(contact)),
            None if self.may_blank => registers.contact_by_blanking(self.profile).await,
            None => Ok(None),
        }
    }
}

/// Errors that do not pass by waiting.
pub(crate) fn is_final(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ResourceBusy
            | io::ErrorKind::PermissionDenied
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::ConnectionRefused
    )
}

impl Device {
    /// Reads one setting.
    pub(crate) async fn read(&mut self, spec: &SettingSpec) -> io::Result<ReadBack> {
        match self {
            Self::Registers(registers) => registers.read(spec).await,
            Self::Printer(printer) => printer.read(spec).await,
        }
    }

    /// Reads all settings, with what is proved by having reached the device.
    pub(crate) async fn read_all(
        &mut self,
        target: &Target,
        reach: &Reach,
    ) -> io::Result<DeviceState> {
        let mut setting = Vec::new();
        for spec in target.catalog.specs() {
            let proved = spec.changes.and_then(|part| reach.proves(part));
            let (source, value, raw, why) = match (self.read(spec).await?, proved) {
                (ReadBack::Value { value, raw }, _) => (Source::Read, Some(value), Some(raw), None),
                (ReadBack::CannotTell, Some(value)) => (Source::Reached, Some(value), None, None),
                (ReadBack::CannotTell, None) => (Source::Unverifiable, None, None, None),
                (ReadBack::Failed(why), _) => (Source::Unreadable, None, None, Some(why)),
            };
            setting.push(SettingState {
                name: spec.name.clone(),
                value,
                raw,
                source,
                why,
            });
        }
        Ok(DeviceState {
            target: target.name.clone(),
            profile: target.profile.profile.id.clone(),
            address: reach.address,
            link: reach.link.clone(),
            setting,
        })
    }

    /// Writes settings. A printer takes several at once and starts again afterwards.
    pub(crate) async fn write(
        &mut self,
        changes: &[(&SettingSpec, &SettingValue)],
    ) -> io::Result<Written> {
        match self {
            Self::Printer(printer) => printer.write(changes).await,
            Self::Registers(registers) => {
                let mut written = Written::Acknowledged;
                for (spec, value) in changes {
                    written = registers.write(spec, value).await?;
                    if written != Written::Acknowledged {
                        break;
                    }
                }
                Ok(written)
            }
        }
    }

    /// Makes changes last on a device that would lose them with the power. A printer needs no such write.
    pub(crate) async fn save(&mut self, save: &Save) -> io::Result<Written> {
        let Self::Registers(registers) = self else {
            return Ok(Written::Acknowledged);
        };
        let many = save.write.function == 16;
        registers
            .write_register(save.write.reg, save.value, many)
            .await
    }
}
