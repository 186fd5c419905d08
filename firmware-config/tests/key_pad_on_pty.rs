//! Pads without a protocol over real pseudo-terminals: the driver against simulated pads.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::time::Duration;

use firmware_config::key_pad::{self, Event, Function, KeyPadConfig, KeyPress, Meaning};
use firmware_config::port::Link;
use firmware_config::profile::DeviceProfile;
use firmware_config::simulate::{KeyPadFault, KeyPadHandle, VirtualKeyPad};
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Far longer than anything here takes; only a failing test waits for it.
const PATIENCE: Duration = Duration::from_secs(30);

struct Rig {
    pad: KeyPadHandle,
    events: mpsc::Receiver<Event>,
    _directory: TempDir,
}

impl Rig {
    /// A pad of a profile and its driver.
    async fn start(profile: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("pad");
        let profile = DeviceProfile::built_in(profile).unwrap();
        let config = KeyPadConfig::of_profile(&profile).unwrap();
        let path_text = path.to_str().unwrap();
        let link = match config.keys {
            key_pad::KeyMap::Bytes(_) => Link::serial(path_text, 9_600),
            key_pad::KeyMap::Codes(_) => Link::char_device(path_text),
        };
        let pad = VirtualKeyPad::new(config.keys.clone())
            .start(&path)
            .unwrap();
        let (told, events) = mpsc::channel(16);
        tokio::spawn(key_pad::run(link, config, told));
        let mut rig = Self {
            pad,
            events,
            _directory: directory,
        };
        assert_eq!(rig.next().await, Event::Up);
        rig
    }

    async fn next(&mut self) -> Event {
        let next = timeout(PATIENCE, self.events.recv()).await;
        next.expect("something happens").expect("the driver runs")
    }

    fn press(&self, words: &str) {
        for word in words.split(' ') {
            assert!(self.pad.press(word.parse().unwrap()), "no key {word}");
        }
    }
}

fn pressed(key: Function, digits: &[u8]) -> Event {
    let digits = digits.to_vec();
    Event::Press(KeyPress::Function { key, digits })
}

const KEYPADS: [&str; 2] = ["byte-keypad", "usb-keypad"];

#[tokio::test]
async fn digits_and_functions_come_through_in_their_order() {
    for profile in KEYPADS {
        let mut rig = Rig::start(profile).await;
        rig.press("digit-0 digit-4 digit-7 call-next recall digit-3 transfer");
        assert_eq!(rig.next().await, pressed(Function::CallNext, &[0, 4, 7]));
        assert_eq!(rig.next().await, pressed(Function::Recall, &[]));
        assert_eq!(rig.next().await, pressed(Function::Transfer, &[3]));
    }
}

#[tokio::test]
async fn ratings_come_through() {
    for profile in ["byte-rating", "usb-rating"] {
        let mut rig = Rig::start(profile).await;
        rig.press("score-4 score-1");
        for score in [4, 1] {
            let score = score.try_into().unwrap();
            assert_eq!(rig.next().await, Event::Press(KeyPress::Rating(score)));
        }
    }
}

#[tokio::test]
async fn a_pad_that_was_unplugged_comes_back() {
    for profile in KEYPADS {
        let mut rig = Rig::start(profile).await;
        rig.press("digit-5");
        rig.press("recall");
        assert_eq!(rig.next().await, pressed(Function::Recall, &[5]));
        rig.pad.unplug();
        let down = rig.next().await;
        assert!(matches!(down, Event::Down { .. }), "{down:?}");
        rig.pad.plug_in();
        // It may be told once more that the port is missing, before it is back.
        while rig.next().await != Event::Up {}
        rig.press("call-next");
        assert_eq!(rig.next().await, pressed(Function::CallNext, &[]));
    }
}

#[tokio::test]
async fn a_pad_that_is_not_there_is_told_and_waited_for() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("pad");
    let profile = DeviceProfile::built_in("usb-keypad").unwrap();
    let config = KeyPadConfig::of_profile(&profile).unwrap();
    let keys = config.keys.clone();
    let (told, mut events) = mpsc::channel(16);
    let link = Link::char_device(path.to_str().unwrap());
    tokio::spawn(key_pad::run(link, config, told));
    let first = timeout(PATIENCE, events.recv()).await.unwrap().unwrap();
    let Event::Down { reason } = first else {
        panic!("{first:?}");
    };
    assert!(reason.contains("no such device"), "{reason}");
    let _pad = VirtualKeyPad::new(keys).start(&path).unwrap();
    let next = timeout(PATIENCE, events.recv()).await.unwrap().unwrap();
    assert_eq!(next, Event::Up);
}

#[tokio::test]
async fn a_bouncing_key_is_one_press() {
    for profile in KEYPADS {
        let mut rig = Rig::start(profile).await;
        rig.pad.set_fault(Some(KeyPadFault::Bounce));
        rig.press("recall call-next");
        assert_eq!(rig.next().await, pressed(Function::Recall, &[]));
        assert_eq!(rig.next().await, pressed(Function::CallNext, &[]));
    }
}

#[tokio::test]
async fn what_no_key_sends_is_named_and_not_obeyed() {
    for (profile, bytes) in [("byte-keypad", &b"\xfe"[..]), ("usb-keypad", &[1; 40])] {
        let mut rig = Rig::start(profile).await;
        rig.pad.send(bytes);
        let Event::Oddness(odd) = rig.next().await else {
            panic!("nothing is odd");
        };
        assert_eq!(odd.unknown.unwrap().count, 1, "{profile}");
    }
}

#[tokio::test]
async fn noise_presses_nothing() {
    let mut rig = Rig::start("byte-keypad").await;
    rig.pad.set_fault(Some(KeyPadFault::Noise));
    let mut count = 0;
    while count < 30 {
        match rig.next().await {
            Event::Oddness(odd) => count = odd.unknown.map_or(0, |codes| codes.count),
            other => panic!("noise is not {other:?}"),
        }
    }
    rig.pad.set_fault(None);
    // A person presses again when nothing happens.
    let recall = Meaning::Function(Function::Recall);
    let again = async {
        loop {
            rig.pad.press(recall);
            match rig.events.recv().await {
                Some(Event::Press(press)) => return press,
                Some(_) => {}
                None => panic!("the driver runs"),
            }
        }
    };
    let press = timeout(PATIENCE, again)
        .await
        .expect("a press gets through");
    assert_eq!(Event::Press(press), pressed(Function::Recall, &[]));
}
