//! Kiosks and displays with what hangs on them.

use std::collections::BTreeMap;

use firmware_config::led485::seven_segment_shape;
use firmware_config::profile::{DeviceProfile, Protocol};

use super::{Checker, way};
use crate::model::{Display, DisplayLine, Kiosk, StationFile};
use crate::places::Step;

pub(super) fn check(checker: &mut Checker<'_>, file: &StationFile) {
    let ids = file.kiosks.iter().map(|kiosk| kiosk.id.clone());
    checker.unique("kiosk", ids, |index| way!["kiosk", index, "id"]);
    for (index, kiosk) in file.kiosks.iter().enumerate() {
        self::kiosk(checker, index, kiosk);
    }

    let ids = file.displays.iter().map(|display| display.id.clone());
    checker.unique("display", ids, |index| way!["display", index, "id"]);
    let counters: Vec<_> = file.counters.iter().map(|c| c.id.as_str()).collect();
    let panel_profiles: Vec<_> = DeviceProfile::all_built_in()
        .into_iter()
        .filter(|profile| profile.profile.protocol == Protocol::ModbusRtu)
        .map(|profile| profile.profile.id)
        .collect();
    let panel_profiles: Vec<_> = panel_profiles.iter().map(String::as_str).collect();
    for (index, display) in file.displays.iter().enumerate() {
        self::display(checker, index, display, &counters, &panel_profiles);
    }
    let mut lines = file.displays.iter().flat_map(|display| &display.lines);
    if lines.any(|line| !line.panels.is_empty()) {
        letters_on_panels(checker, file);
    }
}

/// Two series that a seven-segment panel shows alike call the wrong visitor.
fn letters_on_panels(checker: &mut Checker<'_>, file: &StationFile) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (index, service) in file.services.iter().enumerate() {
        let letter = service.letter.as_str();
        let shape: String = letter.chars().map(seven_segment_shape).collect();
        let first = *seen.entry(shape).or_insert(letter);
        if first != letter {
            checker.unwise(
                &way!["service", index, "letter"],
                format!("on the counters' seven-segment panels `{letter}` looks like `{first}`"),
            );
        }
    }
}

fn kiosk(checker: &mut Checker<'_>, index: usize, kiosk: &Kiosk) {
    device_id(checker, &way!["kiosk", index, "id"], &kiosk.id);
    let at = |key| way!["kiosk", index, "screen", key];
    let screen = kiosk.screen;
    checker.in_range(&at("px_per_mm"), screen.px_per_mm, 1.0..=40.0);
    checker.in_range(&at("width_px"), screen.width_px, 320..=8192);
    checker.in_range(&at("height_px"), screen.height_px, 320..=8192);
}

fn display(
    checker: &mut Checker<'_>,
    index: usize,
    display: &Display,
    counters: &[&str],
    panel_profiles: &[&str],
) {
    device_id(checker, &way!["display", index, "id"], &display.id);
    let links = display.lines.iter().map(|line| line.link.to_string());
    checker.unique("port", links, |nth| {
        way!["display", index, "line", nth, "link"]
    });
    for (nth, line) in display.lines.iter().enumerate() {
        self::line(checker, index, nth, line, counters, panel_profiles);
    }
}

/// Panels and pads have address spaces of their own: they speak different languages.
fn line(
    checker: &mut Checker<'_>,
    display: usize,
    nth: usize,
    line: &DisplayLine,
    counters: &[&str],
    panel_profiles: &[&str],
) {
    let at = |kind, device: usize, key| way!["display", display, "line", nth, kind, device, key];

    let addresses = line.panels.iter().map(|panel| panel.address.to_string());
    checker.unique("panel address", addresses, |device| {
        at("panels", device, "address")
    });
    for (device, panel) in line.panels.iter().enumerate() {
        checker.in_range(&at("panels", device, "address"), panel.address, 1..=247);
        let counter = panel.counter.as_str();
        checker.known(
            &at("panels", device, "counter"),
            "counter",
            counter,
            counters,
        );
        let profile = &panel.profile;
        checker.known(
            &at("panels", device, "profile"),
            "panel profile",
            profile,
            panel_profiles,
        );
    }

    let addresses = line.pads.iter().map(|pad| pad.address.to_string());
    checker.unique("pad address", addresses, |device| {
        at("pads", device, "address")
    });
    for (device, pad) in line.pads.iter().enumerate() {
        checker.in_range(&at("pads", device, "address"), pad.address, 1..=254);
        let counter = pad.counter.as_str();
        checker.known(&at("pads", device, "counter"), "counter", counter, counters);
    }
}

/// Ids of devices stand in addresses and file names.
fn device_id(checker: &mut Checker<'_>, path: &[Step<'_>], id: &str) {
    let usable = (1..=32).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if !usable {
        checker.wrong(
            path,
            format!(
                "`{}` is not a device id",
                id.chars().take(40).collect::<String>()
            ),
            "1 to 32 letters, digits, `-` or `_`",
        );
    }
}
