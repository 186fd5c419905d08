//! The settings of Epson-family printers.

use super::{LinkPart, Place, SettingSpec, Values};
use crate::escpos_settings::SerialItem;
use crate::tool::value::SettingValue;

/// What Epson-family printers keep: the numbers of `GS ( E` that most models share. Customised
/// values 1 and 2 are left out for good: they wipe stored pictures.
///
/// Density and speed: TM-T88III programming guide 10.01, pages 586 to 590; paper width in
/// millimetres, same place, rounded (57.5, 59.5, 79.5); serial conditions: page 611.
pub(super) fn settings(is_serial: bool) -> Vec<SettingSpec> {
    let spec = |name: &str, place, values, changes: Option<LinkPart>| SettingSpec {
        name: name.to_owned(),
        place,
        values,
        // The serial interface's conditions change nothing for a printer on another one.
        changes: changes.filter(|_| is_serial),
    };
    let numbers = |codes: &[(u32, i64)]| {
        Values::Codes(
            codes
                .iter()
                .map(|(code, value)| (*code, SettingValue::Number(*value)))
                .collect(),
        )
    };
    let words = |codes: &[(u32, &str)]| {
        Values::Codes(
            codes
                .iter()
                .map(|(code, value)| (*code, SettingValue::word(value)))
                .collect(),
        )
    };
    let speeds = [1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200];
    let speeds = speeds.map(|baud_bps: u32| (baud_bps, i64::from(baud_bps)));
    let percent: Vec<(u32, i64)> = (-6..=8_i64)
        .map(|step| (u32::from(step as u16), 100 + 5 * step))
        .collect();
    let mut specs: Vec<SettingSpec> = [1, 2, 8]
        .map(|n| {
            let name = format!("memory-switch-{n}");
            spec(&name, Place::MemorySwitch(n), Values::Switches, None)
        })
        .into();
    specs.extend([
        spec(
            "paper-width",
            Place::Customized(3),
            numbers(&[(2, 58), (3, 60), (6, 80)]),
            None,
        ),
        spec("density", Place::Customized(5), numbers(&percent), None),
        spec("speed", Place::Customized(6), Values::Range(1, 14), None),
        spec(
            "flow",
            Place::Serial(SerialItem::Flow),
            words(&[(0, "dtr-dsr"), (1, "xon-xoff")]),
            Some(LinkPart::Flow),
        ),
        spec(
            "parity",
            Place::Serial(SerialItem::Parity),
            words(&[(0, "none"), (1, "odd"), (2, "even")]),
            Some(LinkPart::Parity),
        ),
        spec(
            "data-bits",
            Place::Serial(SerialItem::DataBits),
            numbers(&[(7, 7), (8, 8)]),
            Some(LinkPart::DataBits),
        ),
        spec(
            "baud",
            Place::Serial(SerialItem::Baud),
            numbers(&speeds),
            Some(LinkPart::Baud),
        ),
    ]);
    specs
}
