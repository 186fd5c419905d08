//! Faults of simulated devices as they are written: `--fault no-ack`, `--fault paper-out@40%`.

use std::fmt;
use std::str::FromStr;

use anyhow::bail;

use crate::panel::{Expected, PanelProtocol};
use crate::profile::{DeviceProfile, Protocol};
use crate::simulate::{KeyPadFault, LineFaults, Mishap, Switch, VirtualPrinter};

/// What a dot row takes at a slow printer, in milliseconds: 12 mm a second.
const SLOW_ROW_MS: u64 = 10;

/// What can be wrong with a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    NoAck,
    BadChecksum,
    Echo,
    WrongBaud,
    Slow,
    Stuck,
    Noise,
    Bounce,
    /// At once, or so many percent into the first ticket.
    PowerOff(Option<u8>),
    PaperOut(Option<u8>),
    PaperNearEnd,
    CoverOpen,
    CutterError,
    NotTaken,
}

/// How faults are written, with one of each; a percentage stands for all.
const NAMES: [(&str, Fault); 16] = [
    ("no-ack", Fault::NoAck),
    ("bad-checksum", Fault::BadChecksum),
    ("echo", Fault::Echo),
    ("wrong-baud", Fault::WrongBaud),
    ("slow", Fault::Slow),
    ("stuck", Fault::Stuck),
    ("noise", Fault::Noise),
    ("power-off", Fault::PowerOff(None)),
    ("power-off@N%", Fault::PowerOff(Some(0))),
    ("paper-out", Fault::PaperOut(None)),
    ("paper-out@N%", Fault::PaperOut(Some(0))),
    ("paper-near-end", Fault::PaperNearEnd),
    ("cover-open", Fault::CoverOpen),
    ("cutter-error", Fault::CutterError),
    ("not-taken", Fault::NotTaken),
    ("bounce", Fault::Bounce),
];

impl Fault {
    /// The same for every percentage.
    fn kind(self) -> Self {
        match self {
            Self::PowerOff(Some(_)) => Self::PowerOff(Some(0)),
            Self::PaperOut(Some(_)) => Self::PaperOut(Some(0)),
            other => other,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = NAMES.iter().find(|(_, fault)| *fault == self.kind());
        f.write_str(named.map_or("", |(name, _)| name))
    }
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((name, percent)) = text.split_once('@') {
            let number = percent.trim_end_matches('%').parse().ok();
            let number = number.filter(|percent| *percent < 100);
            return match (name, number) {
                ("power-off", Some(_)) => Ok(Self::PowerOff(number)),
                ("paper-out", Some(_)) => Ok(Self::PaperOut(number)),
                ("power-off" | "paper-out", None) => {
                    Err(format!("expected {name}@0% to {name}@99%"))
                }
                _ => Err("only paper-out and power-off have a place in a ticket".to_owned()),
            };
        }
        let named = NAMES.iter().find(|(name, _)| *name == text);
        named.map(|(_, fault)| *fault).ok_or_else(|| {
            let names: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
            format!("expected one of {}", names.join(", "))
        })
    }
}

/// What the device of a profile can have.
fn possible(profile: &DeviceProfile, is_networked: bool) -> Vec<Fault> {
    use Fault::{
        BadChecksum, Bounce, CoverOpen, CutterError, Echo, NoAck, Noise, NotTaken, PaperNearEnd,
        PaperOut, PowerOff, Slow, Stuck, WrongBaud,
    };
    let on_line = [Echo, WrongBaud, Stuck, Noise, PowerOff(None)];
    let answering = [NoAck, BadChecksum, Slow];
    match profile.profile.protocol {
        Protocol::HidKey => vec![Stuck, Bounce, Noise, PowerOff(None)],
        Protocol::ByteMap => vec![Stuck, Bounce, Noise, WrongBaud, PowerOff(None)],
        Protocol::EscPos => {
            let serial: &[Fault] = if is_networked {
                &[]
            } else {
                &[Echo, WrongBaud]
            };
            let own = [
                NoAck,
                Slow,
                Stuck,
                Noise,
                PowerOff(None),
                PowerOff(Some(0)),
                PaperOut(None),
                PaperOut(Some(0)),
                PaperNearEnd,
                CoverOpen,
                CutterError,
                NotTaken,
            ];
            [serial, &own].concat()
        }
        _ if answers(profile) => [&answering[..], &on_line].concat(),
        _ => on_line.to_vec(),
    }
}

/// Whether anything is ever heard from the device. Pads and cards are no panels, and are heard.
fn answers(profile: &DeviceProfile) -> bool {
    let Some(protocol) = PanelProtocol::of_profile(profile) else {
        return true;
    };
    let shown = protocol.show(1, "1");
    !shown.is_ok_and(|outgoing| outgoing.answer == Expected::Nothing)
}

/// Refuses faults that the device of a profile cannot have.
pub(super) fn check(
    faults: &[Fault],
    profile: &DeviceProfile,
    is_networked: bool,
) -> anyhow::Result<()> {
    let possible = possible(profile, is_networked);
    let Some(wrong) = faults
        .iter()
        .find(|fault| !possible.contains(&fault.kind()))
    else {
        return Ok(());
    };
    let names: Vec<String> = possible.iter().map(Fault::to_string).collect();
    let (id, place) = (
        &profile.profile.id,
        if is_networked { " on a network" } else { "" },
    );
    bail!(
        "a {id}{place} cannot have the fault {wrong}, only {}",
        names.join(", ")
    );
}

/// The speed at which a device of the profile speaks when it speaks at a wrong one, in bits per second.
pub(super) fn wrong_baud_bps(profile: &DeviceProfile) -> u32 {
    match profile.line.baud {
        9_600 => 19_200,
        _ => 9_600,
    }
}

/// What of the faults lies between the device of a profile and its host.
pub(super) fn on_the_way(faults: &[Fault], profile: &DeviceProfile) -> LineFaults {
    let has = |fault| faults.contains(&fault);
    let protocol = profile.profile.protocol;
    // A frame of these pads ends with one byte after its checksum.
    let checksum_from_end = if protocol == Protocol::Ff68 { 2 } else { 1 };
    let prints_late = protocol == Protocol::EscPos;
    let is_pad = protocol == Protocol::Ff68;
    let own_noise = matches!(protocol, Protocol::ByteMap | Protocol::HidKey);
    LineFaults {
        // A pad that nobody acknowledges speaks all the same.
        is_mute: has(Fault::NoAck) && !is_pad,
        spoilt_from_end: has(Fault::BadChecksum).then_some(checksum_from_end),
        echoes: has(Fault::Echo),
        baud_bps: has(Fault::WrongBaud).then(|| wrong_baud_bps(profile)),
        late_ms: match has(Fault::Slow) && !prints_late {
            true => profile.line.timeout_ms * 2,
            false => 0,
        },
        is_noisy: has(Fault::Noise) && !own_noise,
        has_no_power: has(Fault::PowerOff(None)),
    }
}

/// What of the faults a pad without a protocol has.
pub(super) fn of_key_pad(faults: &[Fault]) -> Option<KeyPadFault> {
    faults.iter().find_map(|fault| match fault {
        Fault::Stuck => Some(KeyPadFault::StuckKey),
        Fault::Bounce => Some(KeyPadFault::Bounce),
        Fault::Noise => Some(KeyPadFault::Noise),
        _ => None,
    })
}

/// Gives a printer its faults.
pub(super) fn set_printer(printer: &mut VirtualPrinter, faults: &[Fault]) {
    for fault in faults {
        let switch = match fault {
            Fault::PowerOff(Some(percent)) => {
                printer.set_mishap(Mishap::PowerOff, *percent);
                continue;
            }
            Fault::PaperOut(Some(percent)) => {
                printer.set_mishap(Mishap::PaperOut, *percent);
                continue;
            }
            Fault::Slow => {
                printer.set_row_ms(SLOW_ROW_MS);
                continue;
            }
            Fault::PowerOff(None) => Switch::PowerOff,
            Fault::PaperOut(None) => Switch::PaperOut,
            Fault::PaperNearEnd => Switch::PaperNearEnd,
            Fault::CoverOpen => Switch::CoverOpen,
            Fault::CutterError => Switch::CutterError,
            Fault::NotTaken => Switch::NotTaken,
            Fault::Stuck => Switch::Stuck,
            Fault::NoAck
            | Fault::BadChecksum
            | Fault::Echo
            | Fault::WrongBaud
            | Fault::Noise
            | Fault::Bounce => continue,
        };
        printer.set(switch, true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_as_it_is_written() {
        for (name, fault) in NAMES {
            assert_eq!(fault.to_string(), name);
            let read: Fault = name.replace('N', "0").parse().unwrap();
            assert_eq!(read, fault);
        }
        assert_eq!("paper-out@40%".parse(), Ok(Fault::PaperOut(Some(40))));
        assert_eq!("power-off@7".parse(), Ok(Fault::PowerOff(Some(7))));
        for wrong in ["paper-out@100%", "echo@3%", "no-akc"] {
            assert!(wrong.parse::<Fault>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_profile_can_have_faults() {
        for profile in DeviceProfile::all_built_in() {
            let faults = possible(&profile, false);
            assert!(faults.contains(&Fault::Stuck), "{}", profile.profile.id);
        }
        let kanban = DeviceProfile::built_in("kanban").unwrap();
        let refused = check(&[Fault::NoAck], &kanban, false).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "a kanban cannot have the fault no-ack, only echo, wrong-baud, stuck, noise, power-off"
        );
    }
}
