//! Changing a device: backup, plan, write, read back.

use std::io;
use std::path::PathBuf;

use anyhow::Context as _;
use jiff::Timestamp;

use super::{Workshop, conclude};
use crate::profile::DeviceProfile;
use crate::tool::catalog::SettingSpec;
use crate::tool::device::{ConnectError, Device, Reach, ReadBack, Search, Written};
use crate::tool::journal::{Entry, Phase};
use crate::tool::plan::{PlanError, Settings, Step, compare, plan};
use crate::tool::report::{DeviceReport, Outcome, StepReport};
use crate::tool::snapshot::{DeviceState, Snapshot};
use crate::tool::targets::Target;
use crate::tool::value::SettingValue;

/// A device that is being changed.
pub(super) struct Job<'a> {
    pub(super) target: &'a Target,
    /// `None` while it starts again, or is lost.
    pub(super) device: Option<Device>,
    pub(super) reach: Reach,
    pub(super) report: &'a mut DeviceReport,
}

impl Workshop {
    /// Makes a device as desired, or says what would have to be written.
    pub async fn apply(&mut self, name: &str, desired: &Settings) -> DeviceReport {
        let mut report = DeviceReport::new(name);
        let applied = self.try_apply(name, desired, &mut report).await;
        conclude(&mut report, applied);
        report
    }

    async fn try_apply(
        &mut self,
        name: &str,
        desired: &Settings,
        report: &mut DeviceReport,
    ) -> anyhow::Result<Outcome> {
        let target = self.targets.require(name)?.clone();
        let unfinished = self.journal.unfinished(name);
        report.interrupted = unfinished.iter().map(|e| e.setting.clone()).collect();
        let (mut device, contact, reach) = self.find(&target, report).await?;
        report.contact = Some(contact);
        let state = device.read_all(&target, &reach).await?;
        self.settle_interrupted(&target, &state, &reach)?;
        let readings = state.readings();
        report.settings = compare(&target.catalog, &readings, desired);
        let steps = match plan(&target.catalog, &readings, desired) {
            Ok(steps) => steps,
            Err(errors) => {
                report
                    .messages
                    .extend(errors.iter().map(ToString::to_string));
                let is_unread = |error: &PlanError| matches!(error, PlanError::Unread { .. });
                return Ok(if errors.iter().all(is_unread) {
                    Outcome::Unreadable
                } else {
                    Outcome::Failed
                });
            }
        };
        report.steps = steps.iter().map(StepReport::from).collect();
        if steps.is_empty() {
            return Ok(Outcome::Same);
        }
        let most = self.options.most_writes;
        let writes = writes_of(&steps, &target.profile);
        self.journal.guard(name, writes, most, Timestamp::now())?;
        if !self.options.writes {
            return Ok(Outcome::Planned);
        }
        report.backup = Some(self.back_up(state)?);
        let mut job = Job {
            target: &target,
            device: Some(device),
            reach,
            report,
        };
        self.carry_out(&mut job, &steps).await?;
        if let Some(device) = &mut job.device {
            let readings = device.read_all(&target, &job.reach).await?.readings();
            report.settings = compare(&target.catalog, &readings, desired);
        }
        let phases: Vec<Phase> = report.steps.iter().filter_map(|s| s.result).collect();
        Ok(match Outcome::of_writes(&phases) {
            Outcome::Done if phases.len() < steps.len() => Outcome::Failed,
            outcome => outcome,
        })
    }

    async fn carry_out(&mut self, job: &mut Job<'_>, steps: &[Step]) -> anyhow::Result<()> {
        let ordinary = steps.partition_point(|step| step.changes.is_none());
        let (ordinary, moving) = steps.split_at(ordinary);
        let mut phases = self.write_ordinary(job, ordinary).await?;
        for (step, phase) in job.report.steps.iter_mut().zip(&phases) {
            step.result = Some(*phase);
        }
        for step in moving {
            // Behind a doubt nothing more is changed.
            if phases.iter().any(|phase| *phase != Phase::Confirmed) {
                job.report
                    .messages
                    .push(format!("{} was not written after that", step.setting));
                break;
            }
            let Some(phase) = self.relocate(job, step).await? else {
                break;
            };
            job.report.steps[phases.len()].result = Some(phase);
            phases.push(phase);
        }
        Ok(())
    }

    /// Writes settings that leave the link as it is, and reads them back.
    async fn write_ordinary(
        &mut self,
        job: &mut Job<'_>,
        steps: &[Step],
    ) -> anyhow::Result<Vec<Phase>> {
        let changes: Vec<(&SettingSpec, &SettingValue)> = steps
            .iter()
            .filter_map(|step| Some((job.target.catalog.get(&step.setting)?, &step.to)))
            .collect();
        if steps.is_empty() {
            return Ok(Vec::new());
        }
        let Some(mut device) = job.device.take() else {
            return Ok(Vec::new());
        };
        for step in steps {
            self.note(job, step, Phase::Writing)?;
        }
        let written = device.write(&changes).await;
        let is_kept = match &written {
            Ok(Written::Acknowledged | Written::Unanswered) => self.keep(job, &mut device).await?,
            Ok(Written::Refused(_)) | Err(_) => true,
        };
        job.note_refusal(&written);
        // A printer starts again; a lost line is opened again.
        let mut device = match (device, &written) {
            (device @ (Device::Registers(_) | Device::Sign(_)), Ok(_)) => Some(device),
            (device, _) => {
                drop(device);
                let reach = job.reach.clone();
                self.wait_for(job.target, &reach).await.ok()
            }
        };
        let acknowledged = matches!(written, Ok(Written::Acknowledged));
        let mut phases = Vec::new();
        for (step, (spec, value)) in steps.iter().zip(&changes) {
            let mut phase = read_back(&mut device, spec, value, acknowledged).await;
            if phase == Phase::Unknown && device.take().is_some() {
                // It answered before it began to start again, or the line was lost.
                device = self.wait_for(job.target, &job.reach).await.ok();
                phase = read_back(&mut device, spec, value, acknowledged).await;
            }
            if phase == Phase::Confirmed && !is_kept {
                phase = Phase::Unknown;
            }
            self.note(job, step, phase)?;
            phases.push(phase);
        }
        job.device = device;
        Ok(phases)
    }

    /// Waits for a device to answer after a change.
    pub(super) async fn wait_for(
        &self,
        target: &Target,
        reach: &Reach,
    ) -> Result<Device, ConnectError> {
        let search = Search {
            patience: self.options.restart_patience,
            ..self.search(target)
        };
        Ok(search.connect(reach).await?.0)
    }

    /// Has a device keep what was changed, where it needs to be told; this wears its memory, too. `false`: it may be lost
    /// with the power, and that is said.
    pub(super) async fn keep(
        &mut self,
        job: &mut Job<'_>,
        device: &mut Device,
    ) -> anyhow::Result<bool> {
        let Some(save) = &job.target.profile.save else {
            return Ok(true);
        };
        self.journal.add(Entry {
            at: Timestamp::now(),
            target: job.target.name.clone(),
            setting: "save".to_owned(),
            from: None,
            to: SettingValue::Number(save.value.into()),
            phase: Phase::Saving,
        })?;
        let why = match device.save(save).await {
            Ok(Written::Acknowledged) => return Ok(true),
            Ok(Written::Unanswered) => "no answer".to_owned(),
            Ok(Written::Refused(why)) => why,
            Err(error) => error.to_string(),
        };
        let message = format!("the device did not say that it keeps the change ({why})");
        job.report.messages.push(message);
        Ok(false)
    }

    /// Writes a line of the journal.
    pub(super) fn note(&mut self, job: &Job<'_>, step: &Step, phase: Phase) -> anyhow::Result<()> {
        self.journal.add(Entry {
            at: Timestamp::now(),
            target: job.target.name.clone(),
            setting: step.setting.clone(),
            from: step.from.clone(),
            to: step.to.clone(),
            phase,
        })
    }

    /// Ends interrupted writes in the journal whose settings have been read again.
    fn settle_interrupted(
        &mut self,
        target: &Target,
        state: &DeviceState,
        reach: &Reach,
    ) -> anyhow::Result<()> {
        if !self.options.writes {
            return Ok(());
        }
        let unfinished = self.journal.unfinished(&target.name);
        let unfinished: Vec<Entry> = unfinished.into_iter().cloned().collect();
        for entry in unfinished {
            let found = state.setting.iter().find(|s| s.name == entry.setting);
            let Some(value) = found.and_then(|setting| setting.value.as_ref()) else {
                continue;
            };
            let spec = target.catalog.get(&entry.setting);
            let part = spec.and_then(|spec| spec.changes);
            let there = part.and_then(|part| reach.after(part, &entry.to).ok());
            if entry.phase == Phase::AwaitsRestart && there.is_some_and(|there| there != *reach) {
                // It was not switched off and on yet.
                continue;
            }
            let phase = if spec.is_some_and(|spec| spec.agrees(value, &entry.to)) {
                Phase::Confirmed
            } else {
                Phase::NotTaken
            };
            self.journal.add(Entry {
                at: Timestamp::now(),
                phase,
                ..entry
            })?;
        }
        Ok(())
    }

    /// Puts a device's settings aside, beside the targets file.
    fn back_up(&self, state: DeviceState) -> anyhow::Result<PathBuf> {
        let now = Timestamp::now();
        let directory = self.targets.path().with_file_name("backups");
        std::fs::create_dir_all(&directory)
            .with_context(|| format!("no backup, nothing written: {}", directory.display()))?;
        let stem = format!("{}-{}", state.target, now.strftime("%Y%m%dT%H%M%SZ"));
        let mut path = directory.join(format!("{stem}.toml"));
        let mut count = 1;
        while path.exists() {
            count += 1;
            path = directory.join(format!("{stem}-{count}.toml"));
        }
        Snapshot::new(now, vec![state])?
            .save(&path)
            .context("no backup, nothing written")?;
        Ok(path)
    }
}

impl Job<'_> {
    /// Tells why a write was not done, where that is known.
    pub(super) fn note_refusal(&mut self, written: &io::Result<Written>) {
        match written {
            Ok(Written::Refused(why)) => self.report.messages.push(why.clone()),
            Err(error) => self.report.messages.push(error.to_string()),
            Ok(Written::Acknowledged | Written::Unanswered) => {}
        }
    }
}

/// How often a device's memory is written for so many steps: once for each, and where changes have to be saved once
/// more for all ordinary ones together and for each that changes the link.
fn writes_of(steps: &[Step], profile: &DeviceProfile) -> usize {
    let moving = steps.iter().filter(|step| step.changes.is_some()).count();
    let saves = match &profile.save {
        Some(_) => moving + usize::from(moving < steps.len()),
        None => 0,
    };
    steps.len() + saves
}

/// What a device has after a write; never assumed.
async fn read_back(
    device: &mut Option<Device>,
    spec: &SettingSpec,
    value: &SettingValue,
    acknowledged: bool,
) -> Phase {
    let Some(device) = device else {
        return Phase::Unknown;
    };
    match device.read(spec).await {
        Ok(ReadBack::Value { value: now, .. }) if spec.agrees(&now, value) => Phase::Confirmed,
        Ok(ReadBack::Value { .. }) => Phase::NotTaken,
        Ok(ReadBack::CannotTell) if acknowledged => Phase::Unverifiable,
        Ok(ReadBack::CannotTell | ReadBack::Failed(_)) | Err(_) => Phase::Unknown,
    }
}
