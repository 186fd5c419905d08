//! An agent that a station server started ends with it: one whose server was killed must not hold its ports.

use anyhow::Context;
use nix::unistd::{Pid, getppid};

/// The environment variable in which a child finds the process id of the server that started it.
pub const PARENT_VARIABLE: &str = "STATION_PARENT_PID";

/// What to put into [`PARENT_VARIABLE`] of a child.
#[must_use]
pub fn own_pid() -> String {
    Pid::this().to_string()
}

/// Has the kernel end this process when its parent ends.
///
/// The kernel only tells of deaths after the request (prctl(2), `PR_SET_PDEATHSIG`): a parent that was gone before it is
/// told apart by its process id, which is then no longer that of this process's parent.
///
/// # Errors
/// The parent is gone already, [`PARENT_VARIABLE`] is not set to a process id, or the kernel refuses.
pub fn end_with_parent() -> anyhow::Result<()> {
    let expected = std::env::var(PARENT_VARIABLE)
        .ok()
        .and_then(|pid| pid.parse().ok())
        .map(Pid::from_raw)
        .with_context(|| format!("{PARENT_VARIABLE} does not name the server's process"))?;
    #[cfg(target_os = "linux")]
    nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGKILL).context("prctl")?;
    still_child_of(expected, getppid())
}

/// Only after the request: a parent that dies now is told by the kernel.
fn still_child_of(expected: Pid, parent: Pid) -> anyhow::Result<()> {
    anyhow::ensure!(
        expected == parent,
        "the server {expected} that started this agent is gone"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_orphan_does_not_go_on() {
        let (server, reaper) = (Pid::from_raw(4_321), Pid::from_raw(1));
        assert!(still_child_of(server, server).is_ok());
        let error = still_child_of(server, reaper).unwrap_err().to_string();
        assert_eq!(error, "the server 4321 that started this agent is gone");
    }
}
