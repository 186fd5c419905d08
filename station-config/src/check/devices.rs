//! Kiosks and displays with what hangs on them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

use firmware_config::key_pad::{
    ByteSequence, Clash, Distinct, KeyCode, KeyMap, KeyPadConfig, clashes,
};
use firmware_config::led485::seven_segment_shape;
use firmware_config::panel::PanelProtocol;
use firmware_config::port::Link;
use firmware_config::profile::{DeviceProfile, toml_error_position};
use queue_core::Series;

use super::{Checker, Ids};
use crate::device_profiles::DeviceProfiles;
use crate::devices::kiosk_number;
use crate::places::Place;

/// Longest name of a device, in characters.
const NAME_MAX: usize = 60;

/// Each kiosk has a number of its own, so that no two give out one ticket number.
fn kiosk_numbers(checker: &mut Checker<'_>, kiosks: Place<'_>) {
    let mut taken = BTreeMap::new();
    for (place, kiosk) in kiosks.items().enumerate() {
        let written = kiosk.get("number");
        let said = written.read::<u8>();
        let Some(id) = kiosk.get("id").read::<String>() else {
            continue;
        };
        let at = if said.is_some() {
            written
        } else {
            kiosk.get("id")
        };
        let expected = "a `number` of 1 to 99 that no other kiosk has";
        let Some(number) = kiosk_number(said, &id, place) else {
            checker.wrong(
                at,
                "this kiosk has no number for the tickets it gives out by itself",
                expected,
            );
            continue;
        };
        match taken.get(&number) {
            // Two with one id are told of where ids are looked at.
            Some(other) if *other == id => {}
            Some(other) => checker.wrong(
                at,
                format!("kiosk `{other}` has the number {number} too"),
                expected,
            ),
            None => drop(taken.insert(number, id)),
        }
    }
}

/// Gives the profiles that devices may have; those of the station's own are looked for in `folder`.
pub(super) fn check(
    checker: &mut Checker<'_>,
    file: Place<'_>,
    counters: &Ids,
    folder: &Path,
) -> DeviceProfiles {
    for kiosk in file.get("kiosk").items() {
        device_id(checker, kiosk.get("id"));
        let screen = kiosk.get("screen");
        checker.in_range(screen.get("px_per_mm"), 1.0..=40.0);
        checker.in_range(screen.get("width_px"), 320_u32..=8192);
        checker.in_range(screen.get("height_px"), 320_u32..=8192);
        let (first, spare) = (kiosk.get("printer"), kiosk.get("spare_printer"));
        for printer in [first, spare] {
            real(checker, printer.get("link"));
            checker.texts(printer.get("place"));
            name(checker, printer.get("name"));
        }
        if spare.is_table() && !first.is_table() {
            checker.wrong(
                spare,
                "a spare printer stands in for nobody",
                "`printer` beside it",
            );
        }
        let links = [first, spare].map(|printer| printer.get("link"));
        checker.unique::<Link>("port", links);
    }
    kiosk_numbers(checker, file.get("kiosk"));
    // Only where it is written: those on machines of their own share the address that is left out.
    let devices = ["kiosk", "display"].map(|section| file.get(section));
    let listens: Vec<_> = devices
        .iter()
        .flat_map(|list| list.items())
        .map(|device| device.get("listen"))
        .collect();
    checker.unique::<SocketAddr>("listen", listens);
    let (profiles, mistakes) = DeviceProfiles::beside(folder);
    let all = profiles.all();
    let all_read = mistakes.is_empty();
    checker.found.mistakes.extend(mistakes);
    let with = |is_one: fn(&DeviceProfile) -> bool| {
        let those = all.iter().filter(|profile| is_one(profile));
        let ids = those.map(|profile| profile.profile.id.clone());
        Ids(all_read.then(|| ids.collect()))
    };
    let panel_profiles = with(|profile| PanelProtocol::of_profile(profile).is_some());
    let pad_profiles = with(|profile| KeyPadConfig::of_profile(profile).is_some());
    for display in file.get("display").items() {
        device_id(checker, display.get("id"));
        let lines = display.get("line");
        let pads = display.get("pad");
        let on_ports = lines.items().chain(pads.items());
        checker.unique::<Link>("port", on_ports.map(|device| device.get("link")));
        for pad in pads.items() {
            real(checker, pad.get("link"));
            key_pad(checker, pad, counters, (&profiles, &pad_profiles));
        }
        for line in lines.items() {
            real(checker, line.get("link"));
            self::line(checker, line, counters, &panel_profiles);
        }
        namesakes(checker, "panel", lines, "panels");
        namesakes(checker, "pad", lines, "pads");
    }
    shared_ports(checker, file);
    let displays = file.get("display");
    let mut lines = displays
        .items()
        .flat_map(|display| display.get("line").items());
    if lines.any(|line| line.get("panels").count().is_some_and(|n| n > 0)) {
        letters_on_panels(checker, file);
    }
    profiles
}

/// Agents call panels and pads by their counters: of two of one counter the faults are told as those of one.
fn namesakes(checker: &mut Checker<'_>, what: &str, lines: Place<'_>, list: &str) {
    let mut seen = BTreeMap::new();
    for one in lines.items().flat_map(|line| line.get(list).items()) {
        let at = one.get("counter");
        let Some(counter) = at.read::<String>() else {
            continue;
        };
        let (line, _) = toml_error_position(checker.text, at.offset);
        if let Some(first) = seen.get(&counter) {
            checker.unwise(
                at,
                format!("a second {what} of counter `{counter}` beside that in line {first}: what is wrong with one is told as of both"),
            );
        } else {
            seen.insert(counter, line);
        }
    }
}

/// A kiosk and a display may be on machines of their own, so that a serial port of both is only unwise.
fn shared_ports(checker: &mut Checker<'_>, file: Place<'_>) {
    let serial = |at: Place<'_>| match at.get("link").read::<Link>() {
        Some(Link::Serial { path, .. }) => Some(path),
        Some(Link::Tcp { .. } | Link::CharDevice { .. }) | None => None,
    };
    let kiosks = file.get("kiosk");
    let printers = kiosks
        .items()
        .flat_map(|kiosk| ["printer", "spare_printer"].map(|key| kiosk.get(key)));
    let mut printer_lines: BTreeMap<String, usize> = BTreeMap::new();
    for printer in printers {
        if let Some(path) = serial(printer) {
            let (line, _) = toml_error_position(checker.text, printer.get("link").offset);
            printer_lines.entry(path).or_insert(line);
        }
    }
    let displays = file.get("display");
    let on_ports = displays.items().flat_map(|display| {
        let (lines, pads) = (display.get("line"), display.get("pad"));
        lines.items().chain(pads.items())
    });
    for device in on_ports {
        let Some(path) = serial(device) else { continue };
        if let Some(line) = printer_lines.get(&path) {
            let message = format!(
                "the port `{path}` is also that of the printer in line {line}: right only where the two are on different machines"
            );
            checker.unwise(device.get("link"), message);
        }
    }
}

/// The demo's placeholders are no devices.
fn real(checker: &mut Checker<'_>, link: Place<'_>) {
    let at = link.get("serial");
    if at
        .read::<String>()
        .is_some_and(|path| path.starts_with(crate::demo::PLACEHOLDER))
    {
        checker.unwise(
            at,
            "a placeholder of the demo: write the path of the real device, or leave the device out",
        );
    }
}

/// Two series that a seven-segment panel shows alike call the wrong visitor.
fn letters_on_panels(checker: &mut Checker<'_>, file: Place<'_>) {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for service in file.get("service").items() {
        let at = service.get("letter");
        let Some(letter) = at.read::<Series>() else {
            continue;
        };
        let shape: String = letter.as_str().chars().map(seven_segment_shape).collect();
        let first = seen.entry(shape).or_insert_with(|| letter.to_string());
        if first != letter.as_str() {
            checker.unwise(
                at,
                format!("on the counters' seven-segment panels `{letter}` looks like `{first}`"),
            );
        }
    }
}

/// Panels and pads have address spaces of their own: they speak different languages.
fn line(checker: &mut Checker<'_>, line: Place<'_>, counters: &Ids, panel_profiles: &Ids) {
    let panels = line.get("panels");
    let addresses = panels.items().map(|panel| panel.get("address"));
    checker.unique::<u8>("panel address", addresses);
    for panel in panels.items() {
        checker.in_range(panel.get("address"), 1_u8..=247);
        checker.in_range(panel.get("digits"), 1_u8..=20);
        name(checker, panel.get("name"));
        counter(checker, panel.get("counter"), counters);
        let at = panel.get("profile");
        if let Some(profile) = at.read::<String>() {
            checker.known(at, "panel profile", &profile, panel_profiles);
        }
    }

    let pads = line.get("pads");
    let addresses = pads.items().map(|pad| pad.get("address"));
    checker.unique::<u8>("pad address", addresses);
    for pad in pads.items() {
        checker.in_range(pad.get("address"), 1_u8..=254);
        name(checker, pad.get("name"));
        counter(checker, pad.get("counter"), counters);
    }
}

/// A pad without a protocol: its port and its map are of the kind of its profile, and its codes can be told apart.
fn key_pad(
    checker: &mut Checker<'_>,
    pad: Place<'_>,
    counters: &Ids,
    (profiles, pad_profiles): (&DeviceProfiles, &Ids),
) {
    counter(checker, pad.get("counter"), counters);
    name(checker, pad.get("name"));
    checker.in_range(pad.get("debounce_ms"), 0_u64..=2_000);
    let (bytes, codes) = (pad.get("bytes"), pad.get("codes"));
    distinct::<ByteSequence>(checker, bytes);
    distinct::<KeyCode>(checker, codes);
    let at = pad.get("profile");
    let Some(profile) = at.read::<String>() else {
        return;
    };
    checker.known(at, "pad profile", &profile, pad_profiles);
    let device = profiles.get(&profile);
    let Some(device) = device.and_then(|profile| KeyPadConfig::of_profile(&profile)) else {
        return;
    };
    let link = pad.get("link");
    let (is_input, other_map, own_map) = match device.keys {
        KeyMap::Bytes(_) => (false, codes, "`bytes`"),
        KeyMap::Codes(_) => (true, bytes, "`codes`"),
    };
    if !other_map.is_absent() {
        let message = format!("`{}` of a pad with the profile `{profile}`", other_map.key);
        checker.wrong(other_map, message, own_map);
    }
    let is_device = matches!(link.read::<Link>(), Some(Link::CharDevice { .. }));
    if link.read::<Link>().is_some() && is_device != is_input {
        let (kind, expected) = match is_input {
            true => (
                "a keyboard",
                "`char_device` with a path such as /dev/input/by-id/...-event-kbd",
            ),
            false => ("a serial pad", "`serial` or `tcp`"),
        };
        checker.wrong(
            link,
            format!("not the port of {kind}, as `{profile}` is"),
            expected,
        );
    }
}

/// Codes of a map that cannot be told apart.
fn distinct<C: Distinct>(checker: &mut Checker<'_>, map: Place<'_>) {
    for Clash { offset, message } in clashes::<C>(map.keys()) {
        checker.wrong(map.at(offset), message, "codes that differ");
    }
}

/// What people call a device: short, as it stands in lists.
fn name(checker: &mut Checker<'_>, at: Place<'_>) {
    checker.staff_texts(at);
    checker.not_blank(at);
    for text in at.entries().chain([at]) {
        let length = text.read::<String>().map_or(0, |text| text.chars().count());
        if length > NAME_MAX {
            checker.wrong(
                text,
                format!("a name of {length} characters"),
                format!("at most {NAME_MAX}"),
            );
        }
    }
}

fn counter(checker: &mut Checker<'_>, at: Place<'_>, counters: &Ids) {
    if let Some(counter) = at.read::<queue_core::CounterId>() {
        checker.known(at, "counter", counter.as_str(), counters);
    }
}

/// Ids of devices stand in addresses and file names.
fn device_id(checker: &mut Checker<'_>, at: Place<'_>) {
    let Some(id) = at.read::<String>() else {
        return;
    };
    let usable = (1..=32).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if !usable {
        let shown: String = id.chars().take(40).collect();
        checker.wrong(
            at,
            format!("`{shown}` is not a device id"),
            "1 to 32 letters, digits, `-` or `_`",
        );
    }
}
