//! Counters worked with pads that have no protocol, against the real programs: a serial keypad, a rating pad of each kind.
//!
//! The pads are simulators in the test process, on pseudo-terminals that the station file names.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use firmware_config::caller_pad::Key;
use firmware_config::key_pad::KeyPadConfig;
use firmware_config::modbus::Address;
use firmware_config::port::Link;
use firmware_config::profile::DeviceProfile;
use firmware_config::simulate::{
    KeyPadFault, KeyPadHandle, LineHandle, VirtualKeyPad, VirtualLine,
};
use serde_json::{Value, json};
use station_config::{DisplayLine, KeyPad, Pad, Panel};
use station_tests::{DataDir, Database, StartOptions, Station, station_file, until};

/// Address of the panel and of the `FF 68` pad of counter 5.
const ADDRESS: u8 = 5;
/// A clerk presses again when nothing has happened for so long.
const AGAIN: Duration = Duration::from_secs(1);

/// A station whose counters 4 and 5 have pads without a protocol. Over counter 5 hangs a panel, and on its desk stands an
/// `FF 68` pad, too.
struct Hall {
    station: Station,
    line: LineHandle,
    pads: BTreeMap<&'static str, KeyPadHandle>,
}

impl Hall {
    /// With these pads: profile and counter.
    async fn open(pads: &[(&'static str, &str)]) -> Self {
        let data = DataDir::new();
        let port = |name: &str| data.beside(name).display().to_string();
        let line = VirtualLine::new(Address::new(ADDRESS), [ADDRESS]);
        let line = line.start(data.beside("line")).expect("a pseudo-terminal");
        let mut handles = BTreeMap::new();
        let mut written = Vec::new();
        for (profile, counter) in pads {
            let device = DeviceProfile::built_in(profile).expect("a profile");
            let device = KeyPadConfig::of_profile(&device).expect("a pad");
            let pad = VirtualKeyPad::new(device.keys);
            let pad = pad.start(data.beside(profile)).expect("a pseudo-terminal");
            handles.insert(*profile, pad);
            let link = match profile.starts_with("usb") {
                true => Link::char_device(port(profile)),
                false => Link::serial(port(profile), 9_600),
            };
            written.push(KeyPad {
                link,
                counter: counter.parse().expect("a counter"),
                profile: (*profile).to_owned(),
                bytes: BTreeMap::new(),
                codes: BTreeMap::new(),
                debounce_ms: None,
                name: None,
            });
        }
        let text = station_file(|file| {
            file.no_show.recall_after_s = 10;
            let display = file.displays.first_mut().expect("the demo has a display");
            let counter = || "5".parse().expect("a counter");
            display.lines = vec![DisplayLine {
                link: Link::serial(port("line"), 9_600),
                echo: None,
                panels: vec![Panel {
                    address: ADDRESS,
                    counter: counter(),
                    profile: "led-485".to_owned(),
                    digits: None,
                    name: None,
                }],
                pads: vec![Pad {
                    address: ADDRESS,
                    counter: counter(),
                    name: None,
                }],
            }];
            display.key_pads = written;
        });
        let config = data.beside("station.toml");
        std::fs::write(&config, text).expect("a file");
        let options = StartOptions {
            config: Some(config),
            extra: ["--with", "display"].map(Into::into).to_vec(),
            ..StartOptions::on(&data)
        };
        let hall = Self {
            station: Station::start(options).await,
            line,
            pads: handles,
        };
        let count = pads.len() + 2;
        until("every device to be well", async || {
            let devices = hall.devices().await;
            let are_well = devices.iter().all(|device| device["ok"] == true);
            (devices.len() == count && are_well).then_some(())
        })
        .await;
        hall
    }

    async fn devices(&self) -> Vec<Value> {
        let all = self.station.chief().get("/api/v1/devices").await;
        let all = all.expect(200);
        let agents = all["devices"].as_array().into_iter().flatten();
        let devices = agents.filter_map(|agent| agent["devices"].as_array());
        devices.flatten().cloned().collect()
    }

    async fn until_device(&self, name: &str, status: &str) -> Value {
        until(&format!("{name} to be {status}"), async || {
            let mut devices = self.devices().await.into_iter();
            devices.find(|d| d["device"] == name && d["status"] == status)
        })
        .await
    }

    fn pad(&self, profile: &str) -> &KeyPadHandle {
        self.pads.get(profile).expect("such a pad")
    }

    fn press(&self, profile: &str, words: &str) {
        for word in words.split(' ') {
            let meaning = word.parse().expect("a key");
            assert!(self.pad(profile).press(meaning), "no key {word}");
        }
    }

    /// Tickets of a service, in the order of their issue.
    async fn issue(&self, service: &str, count: usize) -> Vec<String> {
        let mut ids = Vec::new();
        for _ in 0..count {
            let ticket = self.station.issue(service).await;
            ids.push(ticket["id"].as_str().expect("an id").to_owned());
        }
        ids
    }

    async fn ticket(&self, id: &str) -> Value {
        let path = format!("/api/v1/tickets/{id}");
        self.station.anybody().get(&path).await.expect(200)
    }

    async fn until_ticket(&self, id: &str, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        until(what, async || {
            Some(self.ticket(id).await).filter(|ticket| fits(ticket))
        })
        .await
    }

    async fn until_state(&self, id: &str, state: &str) {
        let what = format!("the state {state}");
        self.until_ticket(id, &what, |t| t["state"] == state).await;
    }

    /// Presses a key of the serial keypad, and again while nothing has come of it.
    async fn press_until(&self, word: &str, what: &str, mut is_so: impl AsyncFnMut() -> bool) {
        let mut pressed: Option<Instant> = None;
        until(&format!("{word} to make it {what}"), async || {
            if is_so().await {
                return Some(());
            }
            if pressed.is_none_or(|at| at.elapsed() >= AGAIN) {
                self.press("byte-keypad", word);
                pressed = Some(Instant::now());
            }
            None
        })
        .await;
    }

    /// Presses until the visitor has been served: one who has just been called cannot be finished yet.
    async fn press_until_done(&self, word: &str, id: &str) {
        let is_done = async || self.ticket(id).await["state"] == "done";
        self.press_until(word, "done", is_done).await;
    }

    fn panel_text(&self) -> String {
        let panel = self.line.panel(Address::new(ADDRESS).expect("1 to 247"));
        let shown = panel.expect("the panel hangs there").view().text;
        shown.trim().to_owned()
    }

    async fn until_panel(&self, text: &str) {
        until(&format!("`{text}` on the panel"), async || {
            (self.panel_text() == text).then_some(())
        })
        .await;
    }

    async fn ratings(&self) -> Value {
        let stats = self.station.chief().get("/api/v1/stats").await.expect(200);
        stats["rows"][0]["rating"]["counts"].clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_works_all_day_with_a_serial_keypad_and_a_panel_alone() {
    let hall = Hall::open(&[("byte-keypad", "5")]).await;
    let ids = hall.issue("pick-up", 12).await;
    let keys = |words: &str| hall.press("byte-keypad", words);
    let visitor = |number: usize| ids[number - 1].as_str();

    // The clerk opens the counter, calls the first, calls once more, and serves.
    keys("pause call-next");
    hall.until_panel("P001").await;
    keys("recall");
    hall.until_ticket(visitor(1), "the second call", |t| t["calls"] == 2)
        .await;
    hall.press_until_done("finish", visitor(1)).await;
    hall.until_panel("").await;

    // The second does not come; the third is put aside.
    keys("call-next");
    hall.until_panel("P002").await;
    keys("no-show");
    hall.until_state(visitor(2), "no_show").await;
    keys("call-next");
    hall.until_panel("P003").await;
    keys("hold");
    hall.until_state(visitor(3), "held").await;

    // A call is taken back, and made again; that visitor belongs at counter 6.
    keys("call-next");
    hall.until_panel("P004").await;
    keys("undo");
    hall.until_state(visitor(4), "waiting").await;
    hall.until_panel("").await;
    keys("call-next");
    hall.until_panel("P004").await;
    keys("digit-6 transfer");
    hall.until_ticket(visitor(4), "the transfer", |t| t["counter"] != "5")
        .await;
    hall.until_panel("").await;

    // One key finishes and calls the next.
    keys("call-next");
    hall.until_panel("P005").await;
    hall.press_until_done("call-next", visitor(5)).await;
    hall.until_panel("P006").await;
    keys("no-show");
    hall.until_state(visitor(6), "no_show").await;

    // By number, out of turn and from hold; what was typed by mistake is cleared.
    keys("digit-7 undo digit-0 digit-0 digit-8 call-next");
    hall.until_panel("P008").await;
    keys("no-show digit-3 call-next");
    hall.until_panel("P003").await;
    hall.press_until_done("finish", visitor(3)).await;

    // A break. Nobody presses one key twice in a moment, so the second press may not count.
    keys("pause");
    hall.until_panel("---").await;
    let is_over = async || hall.panel_text().is_empty();
    hall.press_until("pause", "dark", is_over).await;

    for (number, shown) in [(7, "P007"), (9, "P009"), (10, "P010"), (11, "P011")] {
        keys("call-next");
        hall.until_panel(shown).await;
        keys("no-show");
        hall.until_state(visitor(number), "no_show").await;
    }
    keys("call-next");
    hall.until_panel("P012").await;
    hall.press_until_done("finish", visitor(12)).await;
    hall.until_panel("").await;

    // Every frame that went to the panel is accounted for; the counts are told twice a minute.
    let frames = until("what went over the line", async || {
        let mut devices = hall.devices().await.into_iter();
        devices.find(|d| d["device"] == "LED 5" && d["frames"].is_object())
    })
    .await["frames"]
        .take();
    let count = |name: &str| frames[name].as_u64().expect("a count");
    let ended = count("heard") + count("spoilt") + count("unanswered");
    let on_its_way = count("sent") - ended;
    assert!(count("heard") > 0 && on_its_way <= 1, "{frames}");

    let mut states = Vec::new();
    for id in &ids {
        states.push(hall.ticket(id).await["state"].clone());
    }
    let [done, gone] = ["done", "no_show"];
    let expected = [
        done, gone, done, "waiting", done, gone, gone, gone, gone, gone, gone, done,
    ];
    assert_eq!(states, expected);
    // One press was one command: nobody was called once too often, or by another one's press.
    let events = Database::at(&hall.station.data().path()).events();
    let called = events.iter().filter(|event| event.kind == "ticket_called");
    let called: Vec<usize> = called
        .map(|event| {
            let place = ids.iter().position(|id| id == event.text("ticket"));
            place.expect("one of the twelve") + 1
        })
        .collect();
    assert_eq!(called, [1, 2, 3, 4, 4, 5, 6, 8, 3, 7, 9, 10, 11, 12]);
    let count = |kind: &str| events.iter().filter(|event| event.kind == kind).count();
    assert_eq!(
        [count("ticket_recalled"), count("undone")],
        [1, 1],
        "{events:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rating_pads_of_each_kind_rate_who_was_served_last() {
    let hall = Hall::open(&[("byte-rating", "5"), ("usb-rating", "4")]).await;
    for (pad, counter, service, score) in [
        ("byte-rating", "5", "pick-up", 4),
        ("usb-rating", "4", "mainland-hk-macao", 2),
    ] {
        let clerk = hall.station.counter();
        clerk.act(counter, "open", json!({})).await.expect(200);
        let ids = hall.issue(service, 2).await;
        for action in ["call-next", "start", "finish-and-next"] {
            clerk.act(counter, action, json!({})).await.expect(200);
        }
        hall.press(pad, &format!("score-{score}"));
        hall.until_ticket(&ids[0], "the rating to count", |t| t["rated"] == true)
            .await;
        // A second press rates neither the same visitor again nor the one who is here now.
        let token = Some("demo-counter");
        let mut console = hall.station.screen("counter", Some(counter), token).await;
        hall.press(pad, "score-1");
        console
            .wait_for("the word that it does nothing", |f| {
                f.data["refused_press"] == "ticket_not_rateable"
            })
            .await;
        clerk.act(counter, "start", json!({})).await.expect(200);
        clerk.act(counter, "finish", json!({})).await.expect(200);
    }
    assert_eq!(hall.ratings().await, json!([0, 1, 0, 1, 0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn console_and_pads_of_all_kinds_work_one_counter_together() {
    let hall = Hall::open(&[("byte-keypad", "5"), ("usb-keypad", "5")]).await;
    let ids = hall.issue("pick-up", 3).await;
    let clerk = hall.station.counter();
    let pad = hall.line.pad(ADDRESS).expect("the pad stands there");

    hall.press("usb-keypad", "pause call-next");
    hall.until_panel("P001").await;
    hall.press("byte-keypad", "recall");
    hall.until_ticket(&ids[0], "the second call", |t| t["calls"] == 2)
        .await;
    pad.press(&[], Key::Recall);
    hall.until_ticket(&ids[0], "the third call", |t| t["calls"] == 3)
        .await;
    clerk.act("5", "start", json!({})).await.expect(200);
    hall.press("usb-keypad", "finish");
    hall.until_state(&ids[0], "done").await;

    // A USB pad is pulled and put back; the others go on meanwhile.
    hall.pad("usb-keypad").unplug();
    hall.until_device("keypad 5", "port_missing").await;
    hall.press("byte-keypad", "call-next");
    hall.until_panel("P002").await;
    hall.pad("usb-keypad").plug_in();
    until("every device to be well again", async || {
        let devices = hall.devices().await;
        devices.iter().all(|d| d["status"] == "ok").then_some(())
    })
    .await;
    hall.press("usb-keypad", "no-show");
    hall.until_state(&ids[1], "no_show").await;
    hall.press("usb-keypad", "call-next");
    hall.until_panel("P003").await;

    // A code that no key has is named; a key that is stuck is one press, and named.
    hall.pad("byte-keypad").send(&[0xfe]);
    let odd = hall.until_device("keypad 5", "unknown_keys").await;
    assert_eq!(odd["ok"], true);
    let detail = odd["detail"].as_str().unwrap_or_default();
    assert!(detail.contains("FE"), "{detail}");
    // For a moment after it the pad is not listened to.
    let calls = async || hall.ticket(&ids[2]).await["calls"].as_u64();
    let is_recalled = async || calls().await >= Some(2);
    hall.press_until("recall", "a second call", is_recalled)
        .await;
    let before = calls().await.expect("a count");
    hall.pad("byte-keypad")
        .set_fault(Some(KeyPadFault::StuckKey));
    hall.until_device("keypad 5", "stuck_key").await;
    let after = calls().await.expect("a count");
    assert!((before..=before + 1).contains(&after), "{after} calls");
    hall.pad("byte-keypad").set_fault(None);
    hall.press("usb-keypad", "no-show");
    hall.until_state(&ids[2], "no_show").await;
}
