//! The house keeps its shape: who may use whom, what is brought in from outside, and what no file may say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// The arrows that may be drawn, and no other.
const ARROWS: [(&str, &[&str]); 10] = [
    ("queue-core", &[]),
    ("protocol", &["queue-core"]),
    ("firmware-config", &["queue-core"]),
    (
        "station-config",
        &["queue-core", "protocol", "firmware-config"],
    ),
    ("screens", &["queue-core"]),
    ("voice", &["queue-core", "station-config"]),
    (
        "agent",
        &[
            "protocol",
            "firmware-config",
            "queue-core",
            "station-config",
        ],
    ),
    (
        "kiosk",
        &[
            "agent",
            "protocol",
            "firmware-config",
            "queue-core",
            "station-config",
            "screens",
        ],
    ),
    (
        "display",
        &[
            "agent",
            "protocol",
            "firmware-config",
            "queue-core",
            "station-config",
            "screens",
            "voice",
        ],
    ),
    (
        "station-server",
        &[
            "queue-core",
            "protocol",
            "firmware-config",
            "station-config",
            "screens",
            "voice",
            "agent",
            "kiosk",
            "display",
        ],
    ),
];

/// The tests may use every room.
const TESTS: &str = "station-tests";

/// Licences that allow what a public body does with this program. Others are looked at before they come in.
const LICENCES: [&str; 13] = [
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "Unlicense",
    "CC0-1.0",
    "BSL-1.0",
    // Asks for changes to its own files only, and none are made.
    "MPL-2.0",
];

fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests
        .parent()
        .expect("the tests are in a room of the house")
        .to_owned()
}

/// What is built on this kind of machine. Nothing is fetched for it.
fn metadata() -> Metadata {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let said = Command::new(rustc)
        .arg("-vV")
        .output()
        .expect("the compiler is there");
    let said = String::from_utf8(said.stdout).expect("the compiler speaks UTF-8");
    let host = said
        .lines()
        .find_map(|l| l.strip_prefix("host: "))
        .expect("the compiler knows its host");
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .other_options([
            "--locked".to_owned(),
            "--offline".to_owned(),
            format!("--filter-platform={host}"),
        ])
        .exec()
        .expect("cargo can describe the workspace")
}

fn workspace(metadata: &Metadata) -> BTreeMap<&str, &Package> {
    metadata
        .workspace_packages()
        .into_iter()
        .map(|p| (p.name.as_str(), p))
        .collect()
}

/// Every tracked file with its text; files that are not text are left out.
fn tracked_texts() -> Vec<(String, String)> {
    let root = root();
    let listed = Command::new("git")
        .arg("-C")
        .arg(&root)
        .args(["ls-files", "-z"])
        .output()
        .expect("git is there");
    assert!(listed.status.success(), "this is not a git repository");
    let names = String::from_utf8(listed.stdout).expect("file names are UTF-8");
    let texts: Vec<_> = names
        .split_terminator('\0')
        // A file may have been removed and not committed yet.
        .filter_map(|name| {
            Some((
                name.to_owned(),
                std::fs::read_to_string(root.join(name)).ok()?,
            ))
        })
        .collect();
    assert!(
        texts.len() > 50,
        "only {} tracked files were found",
        texts.len()
    );
    texts
}

#[test]
fn rooms_use_only_the_rooms_they_may() {
    let metadata = metadata();
    let rooms = workspace(&metadata);
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.into_iter().collect();
    let expected: BTreeSet<&str> = allowed.keys().copied().chain([TESTS]).collect();
    assert_eq!(
        rooms.keys().copied().collect::<BTreeSet<_>>(),
        expected,
        "the rooms of the house"
    );
    let mut forbidden = Vec::new();
    for (name, room) in rooms.iter().filter(|(name, _)| **name != TESTS) {
        for used in room
            .dependencies
            .iter()
            .filter(|d| rooms.contains_key(d.name.as_str()))
        {
            // A room's own tests may not draw other arrows either.
            if !allowed[name].contains(&used.name.as_str()) {
                forbidden.push(format!("{name} -> {} ({})", used.name, used.kind));
            }
        }
    }
    assert!(
        forbidden.is_empty(),
        "arrows that may not be drawn: {forbidden:#?}"
    );
}

#[test]
fn two_modules_of_the_server_know_the_agents() {
    // One runs them, the other has the kiosk draw tickets for those who arrange them.
    let may = [
        "station-server/src/all_in_one.rs",
        "station-server/src/paper.rs",
    ];
    let mut offenders = Vec::new();
    for (name, text) in tracked_texts() {
        let of_server = name.starts_with("station-server/src/") && name.ends_with(".rs");
        if !of_server || may.contains(&name.as_str()) {
            continue;
        }
        for (line, code) in text
            .lines()
            .enumerate()
            .filter(|(_, l)| !l.trim_start().starts_with("//"))
        {
            let names_agent = ["agent", "kiosk", "display"].iter().any(|agent| {
                code.match_indices(&format!("{agent}::")).any(|(at, _)| {
                    // `Agent::Kiosk::`, `self.display::` and the like are other names.
                    !code[..at].ends_with(|c: char| c.is_alphanumeric() || "_:.".contains(c))
                })
            });
            if names_agent {
                offenders.push(format!("{name}:{}: {}", line + 1, code.trim()));
            }
        }
    }
    assert!(offenders.is_empty(), "{offenders:#?}");
}

#[test]
fn the_engine_stays_pure() {
    let metadata = metadata();
    let engine = workspace(&metadata)["queue-core"];
    let used: BTreeSet<&str> = engine
        .dependencies
        .iter()
        .filter(|d| d.kind == DependencyKind::Normal)
        .map(|d| d.name.as_str())
        .collect();
    assert_eq!(used, BTreeSet::from(["serde", "thiserror", "libm"]));
    let source = std::fs::read_to_string(root().join("queue-core/src/lib.rs"))
        .expect("the engine has a root");
    assert!(
        source.contains("no_std"),
        "the compiler no longer keeps clocks and files out of the engine"
    );
}

#[test]
fn one_of_each_heavy_thing_and_none_of_the_unwanted() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).expect("there is a lock file");
    let names: Vec<&str> = lock
        .lines()
        .filter_map(|l| l.strip_prefix("name = \""))
        .map(|l| l.trim_end_matches('"'))
        .collect();
    let count = |name: &str| names.iter().filter(|n| **n == name).count();
    for single in [
        "tungstenite",
        "tokio",
        "hyper",
        "axum",
        "rusqlite",
        "libsqlite3-sys",
        "serde",
        "jiff",
    ] {
        assert_eq!(
            count(single),
            1,
            "{single} is compiled {} times",
            count(single)
        );
    }
    // Other people's TLS, system libraries and a second runtime.
    for unwanted in [
        "openssl",
        "openssl-sys",
        "aws-lc-rs",
        "aws-lc-sys",
        "native-tls",
        "libudev-sys",
        "async-std",
    ] {
        assert_eq!(count(unwanted), 0, "{unwanted} has come in");
    }
}

#[test]
fn every_licence_is_one_we_know() {
    let metadata = metadata();
    let mut unknown = Vec::new();
    for package in metadata.packages.iter().filter(|p| p.source.is_some()) {
        let licence = package
            .license
            .clone()
            .unwrap_or_default()
            .replace('/', " OR ");
        // Enough for the expressions in use: one of the alternatives, all of its parts.
        let acceptable = licence
            .trim_matches(['(', ')'])
            .split(" OR ")
            .any(|alternative| {
                let parts = alternative.split(" AND ");
                parts
                    .map(|p| p.trim().trim_matches(['(', ')']))
                    .all(|p| LICENCES.contains(&p))
            });
        if !acceptable {
            unknown.push(format!("{} {}: {licence}", package.name, package.version));
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
}

#[test]
fn every_room_says_at_its_door_what_it_is_for() {
    let metadata = metadata();
    for (name, room) in workspace(&metadata) {
        assert!(
            room.description.as_ref().is_some_and(|d| !d.is_empty()),
            "{name} has no description"
        );
        for target in &room.targets {
            let source = std::fs::read_to_string(&target.src_path).expect("a target has a root");
            let first = source
                .lines()
                .find(|l| !l.trim().is_empty() && !l.starts_with("#!["));
            assert!(
                first.is_some_and(|l| l.starts_with("//!")),
                "{} does not begin with //!",
                target.src_path
            );
        }
    }
}

#[test]
fn no_file_names_a_machine_or_a_package_registry() {
    // Put together here, so that this file does not say them either.
    let words: Vec<String> = [
        ["/ho", "me/"],
        ["/ro", "ot/"],
        ["/Us", "ers/"],
        ["/wo", "rk/"],
        ["C:\\", "Users"],
        ["crates", ".io"],
        ["npmjs", ".org"],
        ["npmjs", ".com"],
        ["pypi", ".org"],
        ["deb.deb", "ian.org"],
        ["proxy.gol", "ang"],
    ]
    .map(|parts| parts.concat())
    .into();
    let mut found = Vec::new();
    for (name, text) in tracked_texts() {
        for (number, line) in text.lines().enumerate() {
            // Cargo's own word for "the usual place"; it is no address that is downloaded from.
            let line = line.replace(
                &[
                    "registry+https://github.com/rust-lang/",
                    "crates",
                    ".io-index",
                ]
                .concat(),
                "",
            );
            for word in words.iter().filter(|w| line.contains(w.as_str())) {
                found.push(format!("{name}:{}: {word}", number + 1));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn lock_files_hold_no_download_addresses() {
    let own = [
        "registry+https://github.com/rust-lang/",
        "crates",
        ".io-index",
    ]
    .concat();
    let mut found = Vec::new();
    for (name, text) in tracked_texts() {
        let is_lock = name.ends_with("Cargo.lock") || name.ends_with("package-lock.json");
        for (number, line) in text.lines().enumerate().filter(|_| is_lock) {
            let fetched = if name.ends_with(".json") {
                line.trim_start().starts_with("\"resolved\"")
            } else {
                line.replace(&own, "").contains("://")
            };
            if fetched {
                found.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
