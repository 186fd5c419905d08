//! What was written into devices: a line of JSON each, beside the targets file. It bounds how
//! often a device's memory is written, and tells after a power cut what was under way.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::files::sync_directory_of;
use super::value::SettingValue;

/// Most writes into one device in 24 hours, unless told otherwise: Epson's advice for the memory
/// of its printers (TM-U220A specification, page 65).
pub const WRITES_A_DAY: usize = 10;

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// The device.
    pub target: String,
    /// The setting.
    pub setting: String,
    /// Its value before, where known.
    pub from: Option<SettingValue>,
    /// Its value afterwards.
    pub to: SettingValue,
    /// How far the write has come.
    pub phase: Phase,
}

/// How far a write has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// It begins now.
    Writing,
    /// It ended, and the device has the value or answers in the new way.
    Confirmed,
    /// It ended; the device cannot tell.
    Unverifiable,
    /// It ended, and the device has another value.
    NotTaken,
    /// It ended, and the device has the value but goes by the old one until it is switched off and
    /// on.
    AwaitsRestart,
    /// Nobody knows.
    Unknown,
    /// The device is told now to keep what was written: a write of its memory that changes no setting.
    Saving,
}

impl Phase {
    /// Whether a device's memory is written in it.
    fn wears(self) -> bool {
        matches!(self, Self::Writing | Self::Saving)
    }
}

/// The journal of one targets file.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    entries: Vec<Entry>,
    /// Lines nobody can read, by when the next line was written. Each may have been a write, so each
    /// counts as one of every device.
    unreadable: Vec<Option<Timestamp>>,
    ends_in_a_line: bool,
}

impl Journal {
    /// Opens the journal beside a targets file; `targets.toml` has `targets.journal.jsonl`.
    ///
    /// # Errors
    /// It is there but cannot be read.
    pub fn beside(targets: &Path) -> anyhow::Result<Self> {
        let path = targets.with_extension("journal.jsonl");
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            result => result.with_context(|| format!("cannot read {}", path.display()))?,
        };
        let lines: Vec<Option<Entry>> = text
            .lines()
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_str(line).ok())
            .collect();
        Ok(Self {
            path,
            unreadable: unreadable(&lines),
            ends_in_a_line: !text.is_empty() && !text.ends_with('\n'),
            entries: lines.into_iter().flatten().collect(),
        })
    }

    /// Adds a line; when this returns it is on the disk.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn add(&mut self, entry: Entry) -> anyhow::Result<()> {
        let mut line = serde_json::to_string(&entry).context("an entry becomes JSON")?;
        line.push('\n');
        if self.ends_in_a_line {
            // The last line was torn by a power cut.
            line.insert(0, '\n');
        }
        let add = || -> io::Result<()> {
            let mut file = OpenOptions::new()
                .create(true)
                .append(true)
                .open(&self.path)?;
            file.write_all(line.as_bytes())?;
            file.sync_all()?;
            sync_directory_of(&self.path)
        };
        add().with_context(|| format!("cannot write {}", self.path.display()))?;
        self.ends_in_a_line = false;
        self.entries.push(entry);
        Ok(())
    }

    /// How often a device was written in the 24 hours before `now`.
    pub fn writes_in_a_day(&self, target: &str, now: Timestamp) -> usize {
        let day = SignedDuration::from_hours(24);
        let writes = self.entries.iter().filter(|entry| {
            entry.target == target && entry.phase.wears() && now.duration_since(entry.at) < day
        });
        let unreadable = self.unreadable.iter();
        let perhaps = unreadable.filter(|next| next.is_none_or(|at| now.duration_since(at) < day));
        writes.count() + perhaps.count()
    }

    /// Refuses writes beyond `most` in 24 hours.
    ///
    /// # Errors
    /// The device would be written too often.
    pub fn guard(
        &self,
        target: &str,
        writes: usize,
        most: usize,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let done = self.writes_in_a_day(target, now);
        if done + writes > most {
            bail!(
                "{target}: {writes} more writes after {done} in the last 24 hours are more than \
                 {most}, and its memory wears out; wait, or raise --max-writes"
            );
        }
        Ok(())
    }

    /// Writes that began and of whose end nothing is known, newest last.
    pub fn unfinished(&self, target: &str) -> Vec<&Entry> {
        let mut open: Vec<&Entry> = Vec::new();
        let of_settings = |entry: &&Entry| entry.target == target && entry.phase != Phase::Saving;
        for entry in self.entries.iter().filter(of_settings) {
            open.retain(|other| other.setting != entry.setting);
            if matches!(
                entry.phase,
                Phase::Writing | Phase::Unknown | Phase::AwaitsRestart
            ) {
                open.push(entry);
            }
        }
        open
    }
}

fn unreadable(lines: &[Option<Entry>]) -> Vec<Option<Timestamp>> {
    let mut next = None;
    let mut unreadable = Vec::new();
    for line in lines.iter().rev() {
        match line {
            Some(entry) => next = Some(entry.at),
            None => unreadable.push(next),
        }
    }
    unreadable
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(hour: i64, setting: &str, phase: Phase) -> Entry {
        Entry {
            at: at(hour),
            target: "led".into(),
            setting: setting.into(),
            from: None,
            to: SettingValue::Number(3),
            phase,
        }
    }

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(hour * 3_600).unwrap()
    }

    #[test]
    fn writes_are_counted_for_a_day_and_refused_beyond() {
        let directory = tempfile::tempdir().unwrap();
        let targets = directory.path().join("targets.toml");
        let mut journal = Journal::beside(&targets).unwrap();
        for hour in 0..4 {
            journal.add(entry(hour, "baud", Phase::Writing)).unwrap();
            journal.add(entry(hour, "baud", Phase::Confirmed)).unwrap();
        }
        journal.add(entry(3, "baud", Phase::Saving)).unwrap();
        let journal = Journal::beside(&targets).unwrap();
        assert_eq!(journal.writes_in_a_day("led", at(3)), 5);
        assert_eq!(journal.writes_in_a_day("led", at(25)), 3);
        assert_eq!(journal.writes_in_a_day("other", at(3)), 0);
        assert!(journal.guard("led", 5, WRITES_A_DAY, at(3)).is_ok());
        let error = journal.guard("led", 6, WRITES_A_DAY, at(3)).unwrap_err();
        assert!(
            error.to_string().contains("6 more writes after 5"),
            "{error}"
        );
    }

    #[test]
    fn a_torn_line_loses_nothing_and_counts_as_a_write() {
        let directory = tempfile::tempdir().unwrap();
        let targets = directory.path().join("targets.toml");
        let path = directory.path().join("targets.journal.jsonl");
        fs::write(&path, "{\"at\":\"2026").unwrap();
        let mut journal = Journal::beside(&targets).unwrap();
        journal.add(entry(1, "baud", Phase::Writing)).unwrap();
        let journal = Journal::beside(&targets).unwrap();
        assert_eq!(journal.writes_in_a_day("led", at(1)), 2);
        assert_eq!(journal.writes_in_a_day("led", at(26)), 0);
    }

    #[test]
    fn what_was_under_way_is_known_afterwards() {
        let directory = tempfile::tempdir().unwrap();
        let mut journal = Journal::beside(&directory.path().join("t.toml")).unwrap();
        for (setting, phase) in [
            ("baud", Phase::Writing),
            ("baud", Phase::Confirmed),
            ("address", Phase::Writing),
            ("density", Phase::Writing),
            ("density", Phase::Unknown),
            ("density", Phase::Saving),
        ] {
            journal.add(entry(0, setting, phase)).unwrap();
        }
        let open: Vec<&str> = journal
            .unfinished("led")
            .iter()
            .map(|entry| entry.setting.as_str())
            .collect();
        assert_eq!(open, ["address", "density"]);
    }
}
