//! The figures of a day.

use std::fmt;
use std::time::Duration;

/// A fault and how soon the station said so.
#[derive(Debug, Clone)]
pub struct FaultTold {
    /// What it was.
    pub name: String,
    /// From its beginning to its name on the page of devices.
    pub reported_after: Duration,
    /// From its end to the word that all is well.
    pub over_after: Duration,
}

/// What went over the lines, as the simulated devices count it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Frames {
    /// Answers panels gave.
    pub answered: u64,
    /// Answers a fault kept back or spoilt.
    pub withheld: u64,
    /// Texts panels began to show.
    pub texts: usize,
    /// Presses at pads that were acknowledged.
    pub pad_acknowledged: u64,
    /// Presses that nobody acknowledged.
    pub pad_lost: u64,
}

/// A day that was accounted for.
#[derive(Debug, Clone)]
pub struct Report {
    /// What it was made from.
    pub seed: u64,
    /// Tickets given out.
    pub tickets: usize,
    /// Of those: papers confirmed, failed, and unknown.
    pub prints: [usize; 3],
    /// Papers of unknown ones that came out all the same.
    pub unknown_with_paper: usize,
    /// Papers that came out of the printer, whole and torn.
    pub papers: [usize; 2],
    /// Calls.
    pub calls: usize,
    /// Calls that each panel of the counter has shown.
    pub calls_shown: usize,
    /// Calls on a panel that a named fault kept from showing them.
    pub calls_excused: usize,
    /// From a call in the log to its text on a panel, in milliseconds: half of them, and 99 of 100.
    pub shown_after_ms: [i64; 2],
    /// Presses at keypads and rating pads.
    pub presses: usize,
    /// Presses that caused something.
    pub presses_acted: usize,
    /// What went over the lines.
    pub frames: Frames,
    /// Faults of devices in the log; a fault of a line is one of each of its devices.
    pub faults_logged: usize,
    /// Every fault.
    pub faults: Vec<FaultTold>,
    /// Entries of the log.
    pub events: usize,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [printed, failed, unknown] = self.prints;
        let [whole, torn] = self.papers;
        let [half_ms, most_ms] = self.shown_after_ms;
        let Frames {
            answered,
            withheld,
            texts,
            pad_acknowledged,
            pad_lost,
        } = self.frames;
        writeln!(f, "bench day, seed {}: {} events", self.seed, self.events)?;
        writeln!(
            f,
            "tickets    {}: {printed} printed, {failed} failed, {unknown} unknown ({} with paper)",
            self.tickets, self.unknown_with_paper
        )?;
        writeln!(f, "papers     {whole} whole, {torn} torn; none twice")?;
        writeln!(
            f,
            "calls      {}: on panels {} times, kept from them by a named fault {} times; shown after {half_ms} ms (p50), {most_ms} ms (p99)",
            self.calls, self.calls_shown, self.calls_excused
        )?;
        writeln!(
            f,
            "frames     panels answered {answered}, {withheld} withheld or spoilt by faults, {texts} texts shown; pads: {pad_acknowledged} acknowledged, {pad_lost} lost"
        )?;
        writeln!(
            f,
            "presses    {}: {} acted, none twice, and none that was taken and not refused did nothing",
            self.presses, self.presses_acted
        )?;
        writeln!(
            f,
            "faults     {}, all reported by name and as over; in the log {} of devices, each begun and ended once",
            self.faults.len(),
            self.faults_logged
        )?;
        for fault in &self.faults {
            writeln!(
                f,
                "           {:<48} reported after {:>6.1} s, over after {:>6.1} s",
                fault.name,
                fault.reported_after.as_secs_f64(),
                fault.over_after.as_secs_f64()
            )?;
        }
        Ok(())
    }
}
