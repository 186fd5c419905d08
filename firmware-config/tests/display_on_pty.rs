//! Simulated panels of every kind over a real pseudo-terminal.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::io;
use std::path::Path;
use std::time::Duration;

use firmware_config::panel::{Expected, Heard, Listener, Outgoing, PanelProtocol};
use firmware_config::port::{Link, Port};
use firmware_config::profile::DeviceProfile;
use firmware_config::simulate::{LineHandle, VirtualDisplay, VirtualLine};
use tokio::time::{sleep, timeout};

/// Far longer than anything here takes; only a failing test waits for it.
const PATIENCE: Duration = Duration::from_secs(30);

/// A line with one panel at address 3.
fn alone(kind: &PanelProtocol, path: &Path) -> LineHandle {
    let panel = VirtualDisplay::new(kind, 3).unwrap();
    VirtualLine::default()
        .with_display(panel)
        .start(path)
        .unwrap()
}

async fn open(path: &Path) -> Port {
    let link = Link::serial(path.to_str().unwrap(), 9_600);
    let open = async {
        loop {
            match Port::open(&link).await {
                Ok(port) => return port,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    tokio::task::yield_now().await;
                }
                Err(error) => panic!("{error}"),
            }
        }
    };
    timeout(PATIENCE, open).await.expect("the port opens")
}

/// Sends as a line master would, with the pauses, and waits for the answer.
async fn converse(port: &Port, outgoing: &Outgoing) -> Heard {
    for chunk in &outgoing.chunks {
        port.write_all(&chunk.bytes).await.unwrap();
        sleep(Duration::from_millis(chunk.pause_ms)).await;
    }
    if outgoing.answer == Expected::Nothing {
        return Heard::Nothing;
    }
    let mut listener = Listener::new(outgoing.answer.clone());
    let mut buffer = [0; 64];
    let listen = async {
        loop {
            let count = port.read(&mut buffer).await.unwrap();
            assert_ne!(count, 0, "the panel is there");
            match listener.feed(&buffer[..count]) {
                Heard::Nothing | Heard::Noise => {}
                heard => return heard,
            }
        }
    };
    timeout(PATIENCE, listen).await.expect("an answer")
}

#[tokio::test]
async fn every_kind_of_panel_is_driven_the_same_way() {
    let directory = tempfile::tempdir().unwrap();
    for profile in DeviceProfile::all_built_in() {
        let Some(kind) = PanelProtocol::of_profile(&profile) else {
            continue;
        };
        let id = &profile.profile.id;
        let path = directory.path().join(id);
        let line = alone(&kind, &path);
        let port = open(&path).await;
        for outgoing in kind.prepare(3).unwrap() {
            converse(&port, &outgoing).await;
        }
        let shown = kind.show(3, "107").unwrap();
        let heard = converse(&port, &shown).await;
        let is_silent = shown.answer == Expected::Nothing;
        assert_eq!(heard == Heard::Acknowledged, !is_silent, "{id}");
        let mut watch = line.display(0).unwrap().watch();
        let seen = watch.wait_for(|view| view.text == "107");
        timeout(PATIENCE, seen).await.expect("it shows").unwrap();
    }
}

#[tokio::test]
async fn a_panel_answers_again_after_it_was_unplugged() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("board");
    let kind = PanelProtocol::Am03127 { columns: 13 };
    let line = alone(&kind, &path);
    let shown = kind.show(3, "A012").unwrap();
    assert_eq!(
        converse(&open(&path).await, &shown).await,
        Heard::Acknowledged
    );
    line.unplug();
    while path.exists() {
        tokio::task::yield_now().await;
    }
    line.plug_in();
    assert_eq!(
        converse(&open(&path).await, &shown).await,
        Heard::Acknowledged
    );
}
