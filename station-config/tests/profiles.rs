//! Device profiles of a station's own, in `profiles/` beside its file.
#![allow(clippy::unwrap_used, reason = "in a test the panic is the message")]

use std::path::Path;

use firmware_config::panel::PanelProtocol;
use firmware_config::simulate::VirtualDisplay;
use station_config::StationFile;

const SMALL: &str = include_str!("small.toml");
const KANBAN: &str = include_str!("../../firmware-config/profiles/kanban.toml");
const BYTE_KEYPAD: &str = include_str!("../../firmware-config/profiles/byte-keypad.toml");

/// A station whose first panel has this profile, with these files in its folder of profiles.
fn station(
    profile: &str,
    files: &[(&str, &str)],
) -> (tempfile::TempDir, Result<StationFile, String>) {
    let folder = tempfile::tempdir().unwrap();
    let profiles = folder.path().join("profiles");
    std::fs::create_dir(&profiles).unwrap();
    for (name, text) in files {
        std::fs::write(profiles.join(name), text).unwrap();
    }
    let text = SMALL.replacen("led-485", profile, 1);
    let file = folder.path().join("station.toml");
    std::fs::write(&file, text).unwrap();
    let told = StationFile::load(&file).map_err(|errors| told(folder.path(), &errors.to_string()));
    (folder, told)
}

/// Messages with the names of files as they are in the folder.
fn told(folder: &Path, errors: &str) -> String {
    errors.replace(&format!("{}/", folder.display()), "")
}

fn kanban(id: &str) -> String {
    KANBAN.replacen("id = \"kanban\"", &format!("id = \"{id}\""), 1)
}

#[test]
fn a_panel_may_have_a_profile_of_the_stations_own() {
    let (_folder, file) = station(
        "mykanban",
        &[("any-name.toml", &kanban("mykanban")), ("notes.txt", "[")],
    );
    let file = file.unwrap();
    let profile = &file.displays[0].lines[0].panels[0].profile;
    let profile = file.device_profiles.get(profile).unwrap();
    let protocol = PanelProtocol::of_profile(&profile).unwrap();
    let mut panel = VirtualDisplay::new(&protocol, 1).unwrap();
    panel.hear(&protocol.show(1, "112").unwrap().bytes());
    assert_eq!(panel.shown(), "112");
    assert!(file.device_profiles.get("led-485").is_some());
}

#[test]
fn a_copy_of_the_file_has_the_profiles_beside_it_and_no_others() {
    let kanbans = [kanban("mykanban"), kanban("yours")];
    let (_folder, file) = station(
        "mykanban",
        &[("a.toml", &kanbans[0]), ("b.toml", &kanbans[1])],
    );
    let file = file.unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("station.toml");
    std::fs::write(&copy, file.to_toml().unwrap()).unwrap();
    std::fs::create_dir(elsewhere.path().join("profiles")).unwrap();
    std::fs::write(elsewhere.path().join("profiles/old.toml"), "[").unwrap();
    for _ in 0..2 {
        file.device_profiles.put_beside(elsewhere.path()).unwrap();
        let read = StationFile::load(&copy).unwrap();
        assert_eq!(read.device_profiles, file.device_profiles);
    }
}

#[test]
fn a_keypad_may_have_one_too_and_its_map_is_of_the_right_kind() {
    let mypad = BYTE_KEYPAD.replacen("id = \"byte-keypad\"", "id = \"mypad\"", 1);
    let pad = |map: &str| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("profiles")).unwrap();
        std::fs::write(folder.path().join("profiles/mypad.toml"), &mypad).unwrap();
        let name = folder.path().join("station.toml");
        let pad = format!(
            "[[display.pad]]\nlink = {{ serial = \"/dev/ttyS9\" }}\ncounter = \"2\"\nprofile = \"mypad\"\n{map}\n\n\
             [[access.token]]"
        );
        let text = SMALL.replacen("[[access.token]]", &pad, 1);
        let parsed = StationFile::parse(name.to_str().unwrap(), &text);
        parsed.map_err(|errors| errors.to_string())
    };
    let file = pad("").unwrap();
    let key_pad = &file.displays[0].key_pads[0];
    assert!(key_pad.device(&file.device_profiles).is_some());
    let told = pad("codes = { \"183\" = \"recall\" }").unwrap_err();
    assert!(
        told.contains("`codes` of a pad with the profile `mypad`"),
        "{told}"
    );
}

#[test]
fn mistakes_in_profiles_are_told_at_their_place() {
    let broken = kanban("mykanban").replacen("baud = 9600", "baud = 96", 1);
    let (_folder, told) = station("mykanban", &[("mine.toml", &broken)]);
    assert_eq!(
        told.unwrap_err(),
        "profiles/mine.toml:9:1: invalid baud 96, expected 300 to 4000000"
    );
}

#[test]
fn no_profile_takes_the_id_of_another() {
    let (_folder, told) = station(
        "mykanban",
        &[
            ("a.toml", KANBAN),
            ("b.toml", &kanban("mykanban")),
            ("c.toml", &kanban("mykanban")),
        ],
    );
    let errors = told.unwrap_err();
    let lines: Vec<&str> = errors.lines().collect();
    assert_eq!(lines.len(), 2, "{errors}");
    assert!(
        lines[0]
            == "profiles/a.toml:3:1: the profile `kanban` comes with the program, expected an id of its own",
        "{errors}"
    );
    assert!(
        lines[1]
            == "profiles/c.toml:3:1: the profile `mykanban` is also in profiles/b.toml, expected an id of its own",
        "{errors}"
    );
}

#[test]
fn an_unknown_name_is_told_with_the_stations_own() {
    let (_folder, told) = station("mykanbam", &[("mine.toml", &kanban("mykanban"))]);
    let told = told.unwrap_err();
    assert!(
        told.contains("unknown panel profile `mykanbam` (did you mean `mykanban`?)"),
        "{told}"
    );
}
