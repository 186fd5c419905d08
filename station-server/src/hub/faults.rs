//! From what agents report to faults in the log: a change is written once it has stood, so that a device that flaps does
//! not fill the log.
//!
//! [`FaultReports`] knows neither clock nor log; [`run`] is its shell.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use protocol::DeviceHealth;
use queue_core::{Actor, Command, DeviceId, Envelope, FaultWord, OpenFault};
use tokio::time::{Instant, sleep_until};

use super::topics::lock;
use crate::app::App;
use crate::writer::{Lane, SubmitError};

/// A change is written once it has stood for so long.
const STANDS: Duration = Duration::from_secs(1);
/// And for so long at a device with many changes behind it.
const STANDS_FLAPPING: Duration = Duration::from_secs(60);
/// So many changes in an hour are many.
const CHANGES_MANY: usize = 120;
const HOUR: Duration = Duration::from_secs(3_600);

/// What agents said last of their devices, and what of it is written.
#[derive(Debug, Default)]
pub(super) struct FaultReports {
    devices: BTreeMap<DeviceId, Reported>,
}

#[derive(Debug)]
struct Reported {
    /// What the log says; none: not known since the start.
    written: Option<Option<FaultWord>>,
    /// What the agent says.
    now: Option<FaultWord>,
    /// Since when what is to be written stands.
    since: Instant,
    /// When changes of the last hour were written.
    changes: VecDeque<Instant>,
}

impl Reported {
    fn first(now: Option<FaultWord>, since: Instant) -> Self {
        Self {
            written: None,
            now,
            since,
            changes: VecDeque::new(),
        }
    }

    fn report(&mut self, fault: Option<FaultWord>, at: Instant) {
        if fault == self.now {
            return;
        }
        // Trouble that has not begun in the log stands however often its word changes.
        let is_open = matches!(self.written, Some(Some(_)));
        if is_open || self.now.is_none() || fault.is_none() {
            self.since = at;
        }
        self.now = fault;
    }

    /// When it is to be written; none: it is.
    fn due(&self) -> Option<Instant> {
        if self.written.as_ref() == Some(&self.now) {
            return None;
        }
        let many = self.changes.len() >= CHANGES_MANY;
        Some(self.since + if many { STANDS_FLAPPING } else { STANDS })
    }

    fn wrote(&mut self, fault: Option<FaultWord>, at: Instant) {
        self.written = Some(fault);
        self.changes.push_back(at);
        self.changes
            .retain(|change| at.duration_since(*change) < HOUR);
    }
}

impl FaultReports {
    /// Goes on with the open faults of the log. Those of agents that the station file no longer has come to their end.
    pub(super) fn go_on<'a>(
        &mut self,
        open: impl IntoIterator<Item = (&'a DeviceId, &'a OpenFault)>,
        is_agent: impl Fn(&str) -> bool,
        at: Instant,
    ) {
        for (device, open) in open {
            let fault = Some(open.fault.clone());
            let now = fault.clone().filter(|_| is_agent(device.agent()));
            let reported = Reported {
                written: Some(fault),
                ..Reported::first(now, at)
            };
            // What an agent has said already is newer.
            self.devices.entry(device.clone()).or_insert(reported);
        }
    }

    /// An agent's link came up or went down.
    pub(super) fn link(&mut self, agent: &str, is_up: bool, at: Instant) {
        let fault = (!is_up).then(FaultWord::disconnected);
        self.report(agent, None, fault, at);
    }

    /// All that an agent says of its devices. A device that it no longer has is in no trouble.
    pub(super) fn health(&mut self, agent: &str, health: &[DeviceHealth], at: Instant) {
        for (device, reported) in &mut self.devices {
            let is_gone = |name| !health.iter().any(|one| one.device == name);
            if device.agent() == agent && device.device().is_some_and(is_gone) {
                reported.report(None, at);
            }
        }
        // A device of which nothing is known yet is as it was. Of those with one name, such as two keypads of a counter, the
        // first in trouble speaks for all.
        let mut faults: BTreeMap<&str, Option<FaultWord>> = BTreeMap::new();
        for one in health {
            if one.status != DeviceHealth::STARTING {
                let fault = faults.entry(&one.device).or_default();
                *fault = fault.take().or(one.fault().map(FaultWord::reported));
            }
        }
        for (device, fault) in faults {
            self.report(agent, Some(device), fault, at);
        }
    }

    fn report(&mut self, agent: &str, device: Option<&str>, fault: Option<FaultWord>, at: Instant) {
        match DeviceId::of(agent, device) {
            Ok(id) => self
                .devices
                .entry(id)
                .or_insert_with(|| Reported::first(fault.clone(), at))
                .report(fault, at),
            Err(bad) => tracing::warn!(agent, "the log cannot have faults of a device: {bad}"),
        }
    }

    /// What is to be written now.
    fn due(&self, now: Instant) -> Vec<(DeviceId, Option<FaultWord>)> {
        let due = self.devices.iter();
        let due = due.filter(|(_, reported)| reported.due().is_some_and(|at| at <= now));
        due.map(|(id, reported)| (id.clone(), reported.now.clone()))
            .collect()
    }

    /// When something is to be written next, if nothing changes.
    fn next_due(&self) -> Option<Instant> {
        self.devices.values().filter_map(Reported::due).min()
    }

    fn wrote(&mut self, device: &DeviceId, fault: Option<FaultWord>, at: Instant) {
        if let Some(reported) = self.devices.get_mut(device) {
            reported.wrote(fault, at);
        }
    }
}

/// Writes faults until the station stops: links that break then are no faults.
pub async fn run(app: App) {
    let mut stopping = app.hub.stopping.subscribe();
    let is_agent = |agent: &str| app.kiosks.keys().chain(&app.displays).any(|id| id == agent);
    lock(&app.hub.faults).go_on(app.live.engine().device_faults(), is_agent, Instant::now());
    loop {
        let due = lock(&app.hub.faults).due(Instant::now());
        let mut again = None;
        for (device, fault) in due {
            match write(&app, &device, fault.clone()).await {
                Ok(()) => lock(&app.hub.faults).wrote(&device, fault, Instant::now()),
                Err(SubmitError::Busy) => again = Some(Instant::now() + STANDS),
                Err(SubmitError::Rejected(rejected)) => {
                    tracing::warn!(%device, %rejected, "a fault was refused");
                    lock(&app.hub.faults).wrote(&device, fault, Instant::now());
                }
                Err(SubmitError::Stopped | SubmitError::StorageFault(_)) => return,
            }
        }
        let next = again.or_else(|| lock(&app.hub.faults).next_due());
        let wait = async {
            match next {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => return,
            () = app.hub.fault_reported.notified() => {}
            () = wait => {}
        }
    }
}

async fn write(app: &App, device: &DeviceId, fault: Option<FaultWord>) -> Result<(), SubmitError> {
    let envelope = Envelope {
        command_ref: None,
        actor: Actor("system/devices".to_owned()),
        command: Command::ReportDevice {
            device: device.clone(),
            fault,
        },
    };
    app.writer.submit(Lane::Devices, envelope).await.map(drop)
}

#[cfg(test)]
mod tests {
    use queue_core::StationTime;

    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn said(device: &str, ok: bool, status: &str) -> DeviceHealth {
        DeviceHealth {
            device: device.into(),
            ok,
            status: status.into(),
            ..DeviceHealth::default()
        }
    }

    fn led() -> DeviceId {
        DeviceId::of("D1", Some("LED 3")).unwrap()
    }

    fn word(text: &str) -> Option<FaultWord> {
        Some(FaultWord::new(text).unwrap())
    }

    /// Reports with a log.
    struct Station {
        reports: FaultReports,
        now: Instant,
        log: Vec<(DeviceId, Option<FaultWord>)>,
    }

    impl Station {
        fn new() -> Self {
            Self {
                reports: FaultReports::default(),
                now: Instant::now(),
                log: vec![],
            }
        }

        /// Time goes on; what becomes due is written at its very moment.
        fn wait(&mut self, time: Duration) {
            let end = self.now + time;
            while let Some(at) = self.reports.next_due().filter(|at| *at <= end) {
                self.now = self.now.max(at);
                for (device, fault) in self.reports.due(self.now) {
                    self.reports.wrote(&device, fault.clone(), self.now);
                    self.log.push((device, fault));
                }
            }
            self.now = end;
        }

        fn led(&mut self, ok: bool, status: &str) {
            self.reports
                .health("D1", &[said("LED 3", ok, status)], self.now);
        }

        fn written(&mut self) -> Vec<Option<FaultWord>> {
            self.log.drain(..).map(|(_, fault)| fault).collect()
        }
    }

    #[test]
    fn a_change_is_written_once_it_has_stood() {
        let mut s = Station::new();
        s.led(true, "ok");
        s.wait(STANDS);
        assert_eq!(s.written(), [None]);
        s.led(false, "silent");
        s.wait(STANDS - MS);
        assert_eq!(s.written(), []);
        s.led(false, "silent");
        s.wait(MS);
        assert_eq!(s.written(), [word("silent")]);
        // Well for a moment only.
        s.led(true, "ok");
        s.wait(STANDS - MS);
        s.led(false, "silent");
        s.wait(HOUR);
        assert_eq!(s.written(), []);
        s.led(false, "garbled");
        s.wait(STANDS);
        s.led(true, "ok");
        s.wait(HOUR);
        assert_eq!(s.written(), [word("garbled"), None]);
    }

    #[test]
    fn trouble_of_changing_words_is_trouble() {
        let mut s = Station::new();
        for status in ["silent", "garbled", "silent"] {
            s.led(false, status);
            s.wait(STANDS / 2);
        }
        assert_eq!(s.written(), [word("garbled")]);
    }

    #[test]
    fn what_is_not_known_yet_changes_nothing_and_what_works_is_no_fault() {
        let mut s = Station::new();
        s.led(false, "silent");
        s.wait(STANDS);
        s.led(false, "starting");
        s.wait(HOUR);
        assert_eq!(s.written(), [word("silent")]);
        for status in ["ok", "paper_near_end", "unknown_keys"] {
            s.led(true, status);
            s.wait(STANDS);
        }
        s.led(false, "one_way");
        s.wait(STANDS);
        assert_eq!(s.written(), [None]);
        s.led(true, "noisy");
        s.wait(STANDS);
        assert_eq!(s.written(), [word("noisy")]);
    }

    #[test]
    fn a_device_that_flaps_is_written_less_often_but_no_long_fault_is_lost() {
        let mut s = Station::new();
        for round in 0..3_600 {
            s.led(round % 2 == 0, "silent");
            s.wait(STANDS);
        }
        let written = s.written().len();
        assert_eq!(written, CHANGES_MANY);
        s.led(false, "garbled");
        s.wait(STANDS_FLAPPING);
        assert_eq!(s.written().last(), Some(&word("garbled")));
        s.wait(HOUR * 2);
        s.led(true, "ok");
        s.wait(STANDS_FLAPPING);
        s.led(false, "silent");
        s.wait(STANDS);
        assert_eq!(s.written(), [None, word("silent")]);
    }

    #[test]
    fn a_link_that_breaks_leaves_the_faults_of_the_devices_as_they_are() {
        let mut s = Station::new();
        s.reports.link("D1", true, s.now);
        s.led(false, "silent");
        s.wait(STANDS);
        s.log.clear();
        s.reports.link("D1", false, s.now);
        s.wait(STANDS);
        let agent = DeviceId::of("D1", None).unwrap();
        assert_eq!(s.log, [(agent.clone(), word("disconnected"))]);
        s.log.clear();
        s.reports.link("D1", true, s.now);
        // It comes back without that panel.
        s.reports.health("D1", &[], s.now);
        s.wait(STANDS);
        assert_eq!(s.log, [(agent, None), (led(), None)]);
    }

    #[test]
    fn open_faults_of_the_log_go_on_or_end_with_the_first_report() {
        let mut s = Station::new();
        let open = |text| OpenFault {
            fault: word(text).unwrap(),
            since: StationTime(0),
        };
        let gone = DeviceId::of("K9", None).unwrap();
        let faults = BTreeMap::from([
            (led(), open("silent")),
            (gone.clone(), open("disconnected")),
        ]);
        s.reports.go_on(&faults, |agent| agent == "D1", s.now);
        s.wait(HOUR);
        assert_eq!(s.log, [(gone, None)]);
        s.log.clear();
        s.led(false, "silent");
        s.wait(HOUR);
        assert_eq!(s.written(), []);
        s.led(true, "ok");
        s.wait(STANDS);
        assert_eq!(s.written(), [None]);
    }
}
