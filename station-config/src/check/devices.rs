//! Kiosks and displays with what hangs on them.

use firmware_config::port::Link;
use firmware_config::profile::{DeviceProfile, Protocol};

use super::{Checker, Ids};
use crate::places::Place;

pub(super) fn check(checker: &mut Checker<'_>, file: Place<'_>, counters: &Ids) {
    for kiosk in file.get("kiosk").items() {
        device_id(checker, kiosk.get("id"));
        let screen = kiosk.get("screen");
        checker.in_range(screen.get("px_per_mm"), 1.0..=40.0);
        checker.in_range(screen.get("width_px"), 320_u32..=8192);
        checker.in_range(screen.get("height_px"), 320_u32..=8192);
    }
    let profiles = DeviceProfile::all_built_in().into_iter();
    let panel_profiles = profiles
        .filter(|profile| profile.profile.protocol == Protocol::ModbusRtu)
        .map(|profile| profile.profile.id);
    let panel_profiles = Ids::fixed(panel_profiles);
    for display in file.get("display").items() {
        device_id(checker, display.get("id"));
        let lines = display.get("line");
        checker.unique::<Link>("port", lines.items().map(|line| line.get("link")));
        for line in lines.items() {
            self::line(checker, line, counters, &panel_profiles);
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
