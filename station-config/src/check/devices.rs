//! Kiosks and displays with what hangs on them.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use firmware_config::led485::seven_segment_shape;
use firmware_config::panel::PanelProtocol;
use firmware_config::port::Link;
use firmware_config::profile::DeviceProfile;
use queue_core::Series;

use super::{Checker, Ids};
use crate::places::Place;

pub(super) fn check(checker: &mut Checker<'_>, file: Place<'_>, counters: &Ids) {
    for kiosk in file.get("kiosk").items() {
        device_id(checker, kiosk.get("id"));
        let screen = kiosk.get("screen");
        checker.in_range(screen.get("px_per_mm"), 1.0..=40.0);
        checker.in_range(screen.get("width_px"), 320_u32..=8192);
        checker.in_range(screen.get("height_px"), 320_u32..=8192);
        real(checker, kiosk.get("printer").get("link"));
    }
    // Only where it is written: those on machines of their own share the address that is left out.
    let devices = ["kiosk", "display"].map(|section| file.get(section));
    let listens: Vec<_> = devices
        .iter()
        .flat_map(|list| list.items())
        .map(|device| device.get("listen"))
        .collect();
    checker.unique::<SocketAddr>("listen", listens);
    let profiles = DeviceProfile::all_built_in().into_iter();
    let panel_profiles = profiles
        .filter(|profile| PanelProtocol::of_profile(profile).is_some())
        .map(|profile| profile.profile.id);
    let panel_profiles = Ids::fixed(panel_profiles);
    for display in file.get("display").items() {
        device_id(checker, display.get("id"));
        let lines = display.get("line");
        checker.unique::<Link>("port", lines.items().map(|line| line.get("link")));
        for line in lines.items() {
            real(checker, line.get("link"));
            self::line(checker, line, counters, &panel_profiles);
        }
    }
    let displays = file.get("display");
    let mut lines = displays
        .items()
        .flat_map(|display| display.get("line").items());
    if lines.any(|line| line.get("panels").count().is_some_and(|n| n > 0)) {
        letters_on_panels(checker, file);
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
        counter(checker, pad.get("counter"), counters);
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
