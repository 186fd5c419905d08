//! One device at the other end of an open line: finding that it is there, reading and writing its
//! settings.

pub(crate) mod conversation;
pub(crate) mod printer;
mod reach;
pub(crate) mod registers;
mod sign;

use std::fmt;
use std::io;
use std::time::Duration;

use serde::Serialize;
use tokio::time::{Instant, sleep};

pub use reach::Reach;

use self::conversation::Conversation;
use self::printer::Printer;
use self::registers::Registers;
use self::sign::{Language, Sign};
use super::catalog::SettingSpec;
use super::snapshot::{DeviceState, SettingState, Source};
use super::targets::Target;
use super::value::SettingValue;
use crate::modbus::Address;
use crate::profile::{DeviceProfile, Protocol, Save};

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
    /// It refused a message that was wrong on purpose.
    Refused,
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
            Self::Refused => f.write_str("a wrong message was refused"),
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
    #[error(transparent)]
    Line(#[from] io::Error),
    /// Nobody answers, or nothing that can be understood.
    #[error("{0}")]
    Silent(String),
}

/// An open line to a device that has answered.
#[derive(Debug)]
pub(crate) enum Device {
    Registers(Registers),
    Sign(Sign),
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
        let retries = self.profile.line.retries;
        let mut device = match (reach.address, Language::of(self.profile.profile.protocol)) {
            (Some(address), Some(language)) => {
                Device::Sign(Sign::new(talk, language, address, retries))
            }
            (Some(address), None) => Device::Registers(Registers::new(talk, address, retries)),
            (None, _) if self.profile.printer.is_some() => Device::Printer(Printer::new(talk)),
            (None, _) => {
                let id = &self.profile.profile.id;
                let why = format!("no settings are known of the profile `{id}`");
                return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
            }
        };
        let contact = self.look(&mut device).await?;
        Ok((device, contact))
    }

    /// Looks for a device at the address that is spoken to.
    pub(crate) async fn look(&self, device: &mut Device) -> io::Result<Option<Contact>> {
        match device {
            Device::Sign(sign) => sign.contact().await,
            Device::Printer(printer) => Ok(printer.answers().await?.then_some(Contact::Status)),
            Device::Registers(registers) => match registers.contact().await? {
                Some(contact) => Ok(Some(contact)),
                None if self.may_blank => registers.contact_by_blanking(self.profile).await,
                None => Ok(None),
            },
        }
    }
}

impl Language {
    fn of(protocol: Protocol) -> Option<Self> {
        match protocol {
            Protocol::Alpha => Some(Self::Alpha),
            Protocol::Am03127 => Some(Self::Am03127),
            _ => None,
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
    /// Speaks to another address from now on. A printer has none.
    pub(crate) fn address(&mut self, address: Address) {
        match self {
            Self::Registers(registers) => registers.address(address),
            Self::Sign(sign) => sign.address(address),
            Self::Printer(_) => {}
        }
    }

    /// Whether a new address goes to every device of its kind on the line.
    pub(crate) fn tells_all(&self) -> bool {
        matches!(self, Self::Sign(sign) if sign.tells_all())
    }

    /// Reads one setting.
    pub(crate) async fn read(&mut self, spec: &SettingSpec) -> io::Result<ReadBack> {
        match self {
            Self::Registers(registers) => registers.read(spec).await,
            Self::Sign(sign) => Ok(sign.read()),
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
            Self::Sign(sign) => {
                let mut written = Written::Acknowledged;
                for (spec, value) in changes {
                    written = sign.write(spec, value).await?;
                }
                Ok(written)
            }
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
