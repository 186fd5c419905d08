//! Doing the work at devices: reading, comparing, and changing what differs.

mod change;
mod relocate;

use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;

use super::catalog::LinkPart;
use super::device::{ConnectError, Contact, Device, Reach, Search};
use super::identify::{Identity, identify};
use super::journal::Journal;
use super::plan::{Settings, compare};
use super::report::{DeviceReport, Outcome};
use super::snapshot::{DeviceState, Snapshot, Source};
use super::targets::{Target, Targets};

/// The devices of a machine and how to go about them.
#[derive(Debug)]
pub struct Workshop {
    targets: Targets,
    journal: Journal,
    options: Options,
}

/// How far to go.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Write; without it only a plan is made.
    pub writes: bool,
    /// Most writes into one device in 24 hours.
    pub most_writes: usize,
    /// How long a device may take to start again after a change.
    pub restart_patience: Duration,
}

impl Workshop {
    /// Opens the journal beside the targets.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn new(targets: Targets, options: Options) -> anyhow::Result<Self> {
        let journal = Journal::beside(targets.path())?;
        Ok(Self {
            targets,
            journal,
            options,
        })
    }

    /// The devices.
    pub fn targets(&self) -> &Targets {
        &self.targets
    }

    /// Reads every setting of a device.
    ///
    /// # Errors
    /// No such device, or it does not answer.
    pub async fn read(&self, name: &str) -> anyhow::Result<(Snapshot, Outcome)> {
        let target = self.targets.require(name)?;
        let reach = Reach::of(target);
        let connected = self.search(target).connect(&reach).await;
        let (mut device, _) = connected.map_err(|error| self.with_whereabouts(target, error))?;
        let state = device.read_all(target, &reach).await?;
        let has = |source| state.setting.iter().any(|s| s.source == source);
        let outcome = if has(Source::Unreadable) {
            Outcome::Unreadable
        } else {
            Outcome::Same
        };
        Ok((Snapshot::new(Timestamp::now(), vec![state])?, outcome))
    }

    /// Finds out what a printer is.
    ///
    /// # Errors
    /// No such device, it does not answer, or is no printer.
    pub async fn identify(&self, name: &str) -> anyhow::Result<Identity> {
        let target = self.targets.require(name)?;
        identify(target, self.search(target)).await
    }

    /// Compares a device, or what a snapshot says of it, with what is desired.
    pub async fn compare(
        &self,
        name: &str,
        desired: &Settings,
        snapshot: Option<&Snapshot>,
    ) -> DeviceReport {
        let mut report = DeviceReport::new(name);
        let compared = self.try_compare(name, desired, snapshot, &mut report).await;
        conclude(&mut report, compared);
        report
    }

    async fn try_compare(
        &self,
        name: &str,
        desired: &Settings,
        snapshot: Option<&Snapshot>,
        report: &mut DeviceReport,
    ) -> anyhow::Result<Outcome> {
        let target = self.targets.require(name)?;
        let readings = match snapshot {
            Some(snapshot) => snapshot
                .readings(name)
                .with_context(|| format!("{name} is not in the snapshot"))?,
            None => {
                let reach = Reach::of(target);
                let connected = self.search(target).connect(&reach).await;
                let (mut device, contact) =
                    connected.map_err(|error| self.with_whereabouts(target, error))?;
                report.contact = Some(contact);
                device.read_all(target, &reach).await?.readings()
            }
        };
        report.settings = compare(&target.catalog, &readings, desired);
        Ok(Outcome::of(&report.settings))
    }

    /// Restores what a snapshot says of a device.
    pub async fn restore(&mut self, state: &DeviceState) -> DeviceReport {
        let known = self.targets.get(&state.target);
        if known.is_some_and(|target| target.profile.profile.id != state.profile) {
            let mut report = DeviceReport::new(&state.target);
            let message = format!("the snapshot is of a {}", state.profile);
            conclude(&mut report, Err(anyhow::Error::msg(message)));
            return report;
        }
        self.apply(&state.target, &state.settings()).await
    }

    fn search<'a>(&self, target: &'a Target) -> Search<'a> {
        Search {
            profile: &target.profile,
            patience: Duration::ZERO,
            may_blank: self.options.writes,
        }
    }

    /// Says of a silent device where an interrupted change may have put it.
    fn with_whereabouts(&self, target: &Target, error: ConnectError) -> ConnectError {
        let ConnectError::Silent(mut why) = error else {
            return error;
        };
        for entry in self.journal.unfinished(&target.name) {
            let spec = target.catalog.get(&entry.setting);
            let Some(part) = spec.and_then(|spec| spec.changes) else {
                continue;
            };
            let place = match part {
                LinkPart::Address => format!("at address {}", entry.to),
                LinkPart::Baud => format!("at {} bit/s", entry.to),
                _ => format!("with {} {}", entry.setting, entry.to),
            };
            why += &format!(
                "; an interrupted change may have left it {place}: `apply` looks for it there"
            );
        }
        ConnectError::Silent(why)
    }

    /// Finds the device where the targets file says, or where an interrupted change has put it.
    async fn find(
        &mut self,
        target: &Target,
        report: &mut DeviceReport,
    ) -> anyhow::Result<(Device, Contact, Reach)> {
        let search = self.search(target);
        let reach = Reach::of(target);
        let silent = match search.connect(&reach).await {
            Ok((device, contact)) => return Ok((device, contact, reach)),
            Err(ConnectError::Silent(place)) => place,
            Err(error) => return Err(error.into()),
        };
        let unfinished = self.journal.unfinished(&target.name);
        let elsewhere: Vec<Reach> = unfinished
            .iter()
            .filter_map(|entry| {
                let part = target.catalog.get(&entry.setting)?.changes?;
                reach.after(part, &entry.to).ok()
            })
            .collect();
        for reach in elsewhere {
            if let Ok((device, contact)) = search.connect(&reach).await {
                report.messages.push(
                    "it was where an interrupted change had put it; the targets file follows"
                        .to_owned(),
                );
                if self.options.writes {
                    self.note_move(target, &reach, report);
                }
                return Ok((device, contact, reach));
            }
        }
        Err(ConnectError::Silent(silent).into())
    }

    /// Puts into the targets file how a device is reached now.
    fn note_move(&mut self, target: &Target, reach: &Reach, report: &mut DeviceReport) {
        let moved = self.targets.moved(&target.name, &reach.link, reach.address);
        if let Err(error) = moved {
            let path = self.targets.path().display();
            report.messages.push(format!(
                "{path} does not say yet how it is reached now: {error}"
            ));
        }
    }
}

/// Ends a report with an outcome or a failure.
fn conclude(report: &mut DeviceReport, result: anyhow::Result<Outcome>) {
    report.outcome = match result {
        Ok(outcome) => outcome,
        Err(error) => {
            report.messages.push(format!("{error:#}"));
            match error.downcast_ref::<ConnectError>() {
                Some(ConnectError::Silent(_)) => Outcome::Unreadable,
                _ => Outcome::Failed,
            }
        }
    };
}
