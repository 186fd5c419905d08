//! Changing how a device is reached: one setting at a time, and found again before the next.

use anyhow::bail;

use super::Workshop;
use super::change::Job;
use crate::tool::catalog::{LinkPart, SettingSpec};
use crate::tool::device::{Device, Reach, ReadBack};
use crate::tool::journal::Phase;
use crate::tool::plan::Step;

impl Workshop {
    /// Writes a setting that changes the link and looks for the device where it should be then, or
    /// else where it was. `None`: it was not written.
    pub(super) async fn relocate(
        &mut self,
        job: &mut Job<'_>,
        step: &Step,
    ) -> anyhow::Result<Option<Phase>> {
        let (Some(spec), Some(part)) = (job.target.catalog.get(&step.setting), step.changes) else {
            return Ok(None);
        };
        let Some(mut device) = job.device.take() else {
            return Ok(None);
        };
        let old = job.reach.clone();
        let new = old.after(part, &step.to).map_err(anyhow::Error::msg)?;
        if part == LinkPart::Address {
            self.refuse_if_taken(job, &mut device, &old, &new).await?;
        }
        if part == LinkPart::Address && device.tells_all() {
            job.report.messages.push(
                "every board of its kind on the line takes this address: only one may be connected"
                    .to_owned(),
            );
        }
        self.note(job, step, Phase::Writing)?;
        let written = device.write(&[(spec, &step.to)]).await;
        job.note_refusal(&written);
        // The port must be free to be opened at another speed.
        drop(device);
        let phase = self.find_again(job, spec, step, [new, old]).await?;
        self.note(job, step, phase)?;
        Ok(Some(phase))
    }

    async fn refuse_if_taken(
        &self,
        job: &Job<'_>,
        device: &mut Device,
        old: &Reach,
        new: &Reach,
    ) -> anyhow::Result<()> {
        let (Some(from), Some(to)) = (old.address, new.address) else {
            return Ok(());
        };
        device.address(to);
        let answer = self.search(job.target).look(device).await?;
        device.address(from);
        if let Some(contact) = answer {
            bail!("address {to} is taken ({contact}); nothing was written to it");
        }
        Ok(())
    }

    async fn find_again(
        &mut self,
        job: &mut Job<'_>,
        spec: &SettingSpec,
        step: &Step,
        [new, old]: [Reach; 2],
    ) -> anyhow::Result<Phase> {
        if let Ok(mut device) = self.wait_for(job.target, &new).await {
            let is_kept = self.keep(job, &mut device).await?;
            let phase = match device.read(spec).await {
                Ok(ReadBack::Value { value, .. }) if !spec.agrees(&value, &step.to) => {
                    Phase::NotTaken
                }
                // It answers in the new way, whatever it can tell.
                _ if is_kept => Phase::Confirmed,
                _ => Phase::Unknown,
            };
            if phase != Phase::NotTaken {
                self.note_move(job.target, &new, job.report);
                job.reach = new;
            }
            job.device = Some(device);
            return Ok(phase);
        }
        let Ok(mut device) = self.wait_for(job.target, &old).await else {
            job.report.messages.push(format!(
                "{}: it answers neither in the new way nor in the old",
                step.setting
            ));
            return Ok(Phase::Unknown);
        };
        let is_kept = self.keep(job, &mut device).await?;
        let phase = match device.read(spec).await {
            Ok(ReadBack::Value { value, .. }) if spec.agrees(&value, &step.to) && is_kept => {
                job.report.messages.push(format!(
                    "{}: it goes by the old one until it is switched off and on; apply again then",
                    step.setting
                ));
                Phase::AwaitsRestart
            }
            Ok(ReadBack::Failed(_)) | Err(_) => Phase::Unknown,
            Ok(ReadBack::Value { .. } | ReadBack::CannotTell) => Phase::NotTaken,
        };
        job.device = Some(device);
        Ok(phase)
    }
}
