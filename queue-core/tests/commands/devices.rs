//! Faults of devices: each begins once and ends once, and what is open is what was reported last.

use std::collections::BTreeMap;

use proptest::prelude::*;
use queue_core::{Command, DeviceId, Event, FaultWord};

use crate::common::*;

fn led(n: u8) -> DeviceId {
    DeviceId::of("D1", Some(&format!("LED {n}"))).expect("a device id")
}

fn word(text: &str) -> FaultWord {
    FaultWord::new(text).expect("a fault word")
}

fn report(device: &DeviceId, fault: Option<&str>) -> Command {
    Command::ReportDevice {
        device: device.clone(),
        fault: fault.map(word),
    }
}

#[test]
fn a_fault_is_written_when_it_changes() {
    let mut s = Station::new();
    let device = led(3);
    assert_eq!(s.send(report(&device, None)).map(|sent| sent.1), Ok(0));
    s.must(report(&device, Some("silent")));
    let since = s.now;
    s.must(report(&device, Some("silent")));
    assert_eq!(s.last_kinds(1), ["device_fault_began"]);
    let open = s.engine.device_fault(&device).expect("an open fault");
    assert_eq!((open.fault.as_str(), open.since), ("silent", since));
    s.must(report(&device, Some("garbled")));
    assert_eq!(
        s.last_kinds(2),
        ["device_fault_ended", "device_fault_began"]
    );
    s.must(report(&device, None));
    assert_eq!(s.last_kinds(1), ["device_fault_ended"]);
    assert_eq!(s.engine.device_fault(&device), None);
    assert_eq!(s.log.len(), 4);
}

#[test]
fn a_fault_outlasts_the_day() {
    let mut s = Station::with_open_day();
    s.must(report(&led(3), Some("silent")));
    s.must(Command::CloseDay);
    s.must(open_day("2026-11-17"));
    assert!(s.engine.device_fault(&led(3)).is_some());
}

#[test]
fn a_device_is_named_after_its_agent() {
    assert_eq!((led(3).agent(), led(3).device()), ("D1", Some("LED 3")));
    let agent = DeviceId::of("D1", None).expect("a device id");
    assert_eq!((agent.agent(), agent.device()), ("D1", None));
    for (agent, device) in [
        ("", None),
        ("", Some("LED 3")),
        ("D/1", None),
        ("D/1", Some("x")),
    ] {
        assert!(DeviceId::of(agent, device).is_err(), "{agent:?} {device:?}");
    }
    assert_eq!(FaultWord::reported("on fire").as_str(), "error");
}

proptest! {
    #[test]
    fn faults_alternate_and_the_last_report_stands(
        reports in prop::collection::vec((0_u8..4, 0_usize..4, 0_i64..5_000), 0..80),
    ) {
        const WORDS: [Option<&str>; 4] = [None, Some("silent"), Some("garbled"), Some("port_missing")];
        let mut s = Station::new();
        let mut last: BTreeMap<DeviceId, FaultWord> = BTreeMap::new();
        for (n, index, pause_ms) in reports {
            s.wait_ms(pause_ms);
            let device = led(n);
            let before = last.get(&device).cloned();
            match WORDS[index] {
                Some(text) => last.insert(device.clone(), word(text)),
                None => last.remove(&device),
            };
            let (_, made) = s.send(report(&device, WORDS[index])).expect("a report is never refused");
            let after = last.get(&device).cloned();
            let expected = if before == after { 0 } else { usize::from(before.is_some()) + usize::from(after.is_some()) };
            prop_assert_eq!(made, expected);
            let open: BTreeMap<_, _> = s.engine.device_faults().iter().map(|(d, open)| (d.clone(), open.fault.clone())).collect();
            prop_assert_eq!(&open, &last);
        }
        // The log alone says the same: what begins is not open, what ends is, and nothing else is left.
        let mut open: BTreeMap<DeviceId, FaultWord> = BTreeMap::new();
        for recorded in &s.log {
            match &recorded.event {
                Event::DeviceFaultBegan { device, fault } => {
                    prop_assert_eq!(open.insert(device.clone(), fault.clone()), None);
                }
                Event::DeviceFaultEnded { device, fault } => {
                    prop_assert_eq!(open.remove(device), Some(fault.clone()));
                }
                other => prop_assert!(false, "{:?}", other),
            }
        }
        prop_assert_eq!(open, last);
        prop_assert_eq!(replay(&s.log).fingerprint(), s.engine.fingerprint());
    }
}
