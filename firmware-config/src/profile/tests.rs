use std::collections::BTreeSet;

use super::*;

#[test]
fn every_built_in_profile_reads() {
    for (file, text) in BUILT_IN {
        let profile = DeviceProfile::parse(file, text).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(format!("{}.toml", profile.profile.id), file);
    }
    let families = families::all().unwrap_or_else(|e| panic!("{e}"));
    let all = DeviceProfile::all_built_in();
    assert_eq!(all.len(), BUILT_IN.len() + families.len());
    let ids: BTreeSet<&str> = all.iter().map(|p| p.profile.id.as_str()).collect();
    assert_eq!(ids.len(), all.len(), "ids are used once");
    let head = DeviceProfile::built_in("escpos-80mm")
        .unwrap()
        .printer
        .unwrap();
    assert_eq!((head.width_dots, head.dots_per_mm), (576, 8));
    assert_eq!(DeviceProfile::built_in("none"), None);
}

/// Widths are as told by makers: of 80 mm and of 58 mm paper some 70 and 50 mm are printed on.
#[test]
fn every_ticket_printer_prints_on_paper_for_tickets() {
    let families = families::all().unwrap();
    for family in &families {
        let (identity, build) = (&family.profile, family.printer.unwrap());
        assert_eq!(build.width_dots % 8, 0, "{}", identity.id);
        let printed_mm = f32::from(build.width_dots) / f32::from(build.dots_per_mm);
        assert!(
            (48.0..=54.0).contains(&printed_mm) || (70.0..=74.0).contains(&printed_mm),
            "{} prints on {printed_mm} mm",
            identity.id
        );
        assert!(identity.maker.is_some() && identity.model.is_some());
        let start = identity
            .maker
            .as_ref()
            .unwrap()
            .replace(' ', "-")
            .to_lowercase();
        assert!(identity.id.starts_with(&start), "{}", identity.id);
    }
    let build = |id: &str| DeviceProfile::built_in(id).unwrap().printer.unwrap();
    assert_eq!(build("epson-tm-t88v").head().dots_per_mm, 7);
    assert!(build("epson-tm-t88v").cutter && !build("zjiang-pos-5890").cutter);
    let with_text = families
        .iter()
        .filter(|family| family.printer.unwrap().rom_text == Some(RomText::Big5));
    let with_text: Vec<&str> = with_text.map(|family| family.profile.id.as_str()).collect();
    assert_eq!(with_text, ["epson-tm-t70ii-tc", "epson-tm-t70ii-ch-58mm"]);
}

#[test]
fn a_mistake_in_the_list_of_printers_names_its_place() {
    let good = "provenance = \"p\"\nsource = \"s\"\n[line]\nbaud = 9600\n[[family]]\nid = \"a\"\nmaker = \"A\"\n\
        model = \"B\"\nwidth_dots = 576\ndots_per_mm = 8\n";
    assert_eq!(families::parse("f.toml", good).unwrap().len(), 1);
    for (from, to, expected) in [
        (
            "576",
            "577",
            "f.toml:9:1: invalid width_dots 577, expected a multiple of 8",
        ),
        ("maker", "makes", "f.toml:7:1: unknown field `makes`"),
        ("id = \"a\"", "id = \"\"", "f.toml:6:1: empty `id`"),
    ] {
        let error = families::parse("f.toml", &good.replace(from, to)).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
    }
}

#[test]
fn the_panel_profile_agrees_with_the_panel_codec() {
    use crate::led485;
    let profile = DeviceProfile::built_in("led-485").unwrap();
    let display = profile.display.unwrap();
    assert_eq!(display.value.unwrap().reg, led485::REGISTER_NUMBER);
    let text = display.text.unwrap();
    assert_eq!(
        (text.reg, text.len),
        (led485::REGISTER_TEXT, Some(led485::TEXT_MAX as u8))
    );
    assert_eq!(
        profile.settings["address"].write.reg,
        led485::REGISTER_ADDRESS
    );
    assert_eq!(profile.settings["baud"].write.reg, led485::REGISTER_BAUD);
}

#[test]
fn mistakes_name_their_place() {
    let good = BUILT_IN[2].1;
    for (from, to, expected) in [
        (
            "[line]",
            "[lime]",
            "unknown field `lime`, expected one of `profile`, `line`",
        ),
        (
            "width_dots = 576",
            "width_dots = 577",
            "invalid width_dots 577, expected a multiple",
        ),
        (
            "baud = 115200",
            "baud = \"fast\"",
            "invalid type: string \"fast\", expected u32",
        ),
        ("\"esc-pos\"", "\"ff68\"", "belong together"),
    ] {
        let text = good.replace(from, to);
        assert_ne!(text, good, "{from}");
        let error = DeviceProfile::parse("p.toml", &text).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        let line = text.lines().nth(error.line - 1).unwrap();
        let key = to.split([' ', '"']).find(|part| !part.is_empty()).unwrap();
        assert!(line.contains(key), "{error} points at {line:?}");
    }
}

#[test]
fn the_schema_names_every_part() {
    let schema = DeviceProfile::json_schema();
    for part in [
        "profile", "line", "settings", "display", "frame", "printer", "verify",
    ] {
        assert!(schema["properties"][part].is_object(), "{part}");
    }
}

#[test]
fn the_schema_knows_the_frame_language() {
    let schema = DeviceProfile::json_schema().to_string();
    for word in [
        "template",
        "am03127",
        "columns",
        "const",
        "u16-be",
        "crc16-modbus",
        "segments",
        "hex2",
        "drop_letters",
        "answers",
        "refused",
        "prepare",
    ] {
        assert!(schema.contains(&format!("\"{word}\"")), "{word}");
    }
}

#[test]
fn mistakes_in_frames_name_their_place() {
    let good = include_str!("../../profiles/parking-3a.toml");
    for (from, to, expected) in [
        (
            "{ any = 3 }",
            "{ any = 0 }",
            "`any` of 0 bytes, expected 1 to 64",
        ),
        (
            "{ const = \"3A 00\" }",
            "{ const = \"3A 0\" }",
            "invalid bytes `3A 0`, expected pairs of hexadecimal digits",
        ),
        (
            "{ text = { as = \"u16-le\", max = 999, drop_letters = true } }",
            "{ text = { as = \"u16-le\", len = 2 } }",
            "`len` with a number, expected it only",
        ),
        (
            "as = \"u16-le\"",
            "as = \"u32\"",
            "unknown variant `u32`, expected one of `ascii`",
        ),
        (
            "{ const = \"3A 01\" }",
            "{ end = \"x\" }",
            "without its `begin`",
        ),
        (
            "use = \"show\"",
            "use = \"shown\"",
            "unknown variant `shown`, expected",
        ),
    ] {
        let text = good.replace(from, to);
        assert_ne!(text, good, "{from}");
        let error = DeviceProfile::parse("p.toml", &text).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        let line = text.lines().nth(error.line - 1).unwrap();
        assert!(line.contains(to), "{error} points at {line:?}");
        assert!(error.column > 1, "{error}");
    }
}

#[test]
fn frames_and_the_template_protocol_belong_together() {
    let good = include_str!("../../profiles/kanban.toml");
    for (from, to, expected) in [
        (
            "protocol = \"template\"",
            "protocol = \"alpha\"",
            "p.toml:4:1: frames without protocol `template`",
        ),
        (
            "use = \"show\"\n",
            "use = \"blank\"\n",
            "1 `text` parts, expected no `text` part",
        ),
    ] {
        let text = good.replace(from, to);
        let error = DeviceProfile::parse("p.toml", &text).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
    let (without, _) = good.split_once("[[frame]]").unwrap();
    let error = DeviceProfile::parse("p.toml", without).unwrap_err();
    assert!(error.to_string().contains("no frame to show a text"));
}

#[test]
fn mistakes_in_keys_name_their_place() {
    let bytes = include_str!("../../profiles/byte-rating.toml");
    let codes = include_str!("../../profiles/usb-keypad.toml");
    for (good, from, to, expected) in [
        (
            bytes,
            "\"32\" = \"score-2\"",
            "\"31\"  = \"score-2\"",
            "duplicate key",
        ),
        (
            bytes,
            "\"0A\" = \"nothing\"",
            "\"0d\" = \"nothing\"",
            "`0D` is in the map twice, expected codes that differ",
        ),
        (
            bytes,
            "\"32\" = \"score-2\"",
            "\"31 32\" = \"score-2\"",
            "`31 32` and `31` begin alike",
        ),
        (
            bytes,
            "\"33\" = \"score-3\"",
            "\"33\" = \"score-6\"",
            "invalid score `score-6`, expected `score-1` to `score-5`",
        ),
        (
            bytes,
            "\"33\" = \"score-3\"",
            "\"33\" = \"smile\"",
            "unknown key `smile`, expected one of `call-next`",
        ),
        (
            bytes,
            "\"33\" = \"score-3\"",
            "\"3\" = \"score-3\"",
            "invalid bytes `3`, expected pairs of hexadecimal digits",
        ),
        (
            codes,
            "KEY_KP1 = \"digit-1\"",
            "KEY_KP11 = \"digit-1\"",
            "invalid key code `KEY_KP11`, expected a name such as",
        ),
        (
            codes,
            "KEY_KP1 = \"digit-1\"",
            "82 = \"digit-1\"",
            "`KEY_KP0` is in the map twice",
        ),
        (
            codes,
            "debounce_ms = 30",
            "debounce_ms = 3000",
            "invalid debounce_ms 3000, expected 0 to 2000",
        ),
    ] {
        let text = good.replacen(from, to, 1);
        assert_ne!(text, good, "{from}");
        let error = DeviceProfile::parse("p.toml", &text).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        let line = text.lines().nth(error.line - 1).unwrap();
        assert!(line.contains(to), "{error} points at {line:?}");
    }
}

#[test]
fn a_pad_without_a_protocol_has_the_map_and_the_line_of_its_kind() {
    let bytes = include_str!("../../profiles/byte-rating.toml");
    let codes = include_str!("../../profiles/usb-rating.toml");
    let ff68 = include_str!("../../profiles/ff68-pad.toml");
    let (without, _) = codes.split_once("[keys]").unwrap();
    for (text, expected) in [
        (
            bytes.replace("byte-map", "hid-key"),
            "p.toml:4:1: a `[line]` with `hid-key`",
        ),
        (
            codes.replace("hid-key", "byte-map"),
            "p.toml:3:1: missing field `line`",
        ),
        (
            bytes
                .replace("keys.bytes", "keys.codes")
                .replace("0D", "13")
                .replace("0A", "10"),
            "the wrong map of keys, or none, expected `[keys.bytes]` with `byte-map`",
        ),
        (without.to_owned(), "a pad without `[keys]`"),
        (format!("{ff68}[keys]"), "keys of a device with a protocol"),
    ] {
        let error = DeviceProfile::parse("p.toml", &text).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn columns_are_for_panels_of_several_widths() {
    let alpha = include_str!("../../profiles/alpha.toml");
    let display = include_str!("../../profiles/cd5220.toml");
    for (text, from, to, expected) in [
        (
            alpha,
            "columns = 12",
            "columns = 0",
            "invalid columns 0, expected 1 to 125",
        ),
        (alpha, "columns = 12", "columns = 126", "expected 1 to 125"),
        (
            display,
            "[verify]",
            "[display]\ncolumns = 16\n[verify]",
            "whose width is known",
        ),
    ] {
        let error = DeviceProfile::parse("p.toml", &text.replace(from, to)).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn the_dm_profiles_agree_with_the_codec() {
    use crate::dm36::{self, Digits};
    for (id, digits) in [("dm36", Digits::Six), ("dm56", Digits::Four)] {
        let profile = DeviceProfile::built_in(id).unwrap();
        let text = profile.display.unwrap().text.unwrap();
        assert_eq!(
            (text.reg, text.len.map(usize::from)),
            (dm36::REGISTER_TEXT, Some(digits.count()))
        );
        let register = |name: &str| profile.settings[name].write.reg;
        assert_eq!(register("address"), dm36::REGISTER_ADDRESS);
        assert_eq!(register("brightness"), dm36::REGISTER_BRIGHTNESS);
    }
}
