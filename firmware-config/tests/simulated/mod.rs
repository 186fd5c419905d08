//! The command `firmware-config simulate`, for tests of several programs.

use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

/// `simulate`, killed when it goes.
pub(crate) struct Simulated {
    pub(crate) child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Simulated {
    /// Starts it on a pseudo-terminal of this name.
    pub(crate) fn start(args: &[&str], pty: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_firmware-config"))
            .arg("simulate")
            .args(args)
            .arg("--pty")
            .arg(pty)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// The next line it prints.
    pub(crate) fn line(&mut self) -> String {
        self.lines.next().unwrap().unwrap()
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
