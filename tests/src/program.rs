//! A program under test: its output while it runs, its end, and that nothing of it is left when the test is over.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::until;

/// The `station-server` command built for the tests, beside the test programs.
///
/// # Panics
/// When the test program does not know where it is.
#[must_use]
pub fn server_program() -> PathBuf {
    let this = std::env::current_exe().expect("a test program has a path");
    let here = this.parent().expect("a program is in a directory");
    // Test programs are one below, in `deps`.
    let built = match here.file_name() {
        Some(name) if name == "deps" => here.parent().expect("it is in a directory, too"),
        _ => here,
    };
    built.join("station-server-under-test")
}

/// A running program.
#[derive(Debug)]
pub struct Program {
    child: Child,
    output: Arc<Mutex<String>>,
    errors: Arc<Mutex<String>>,
    readers: Vec<JoinHandle<()>>,
}

/// How a program ended.
#[derive(Debug)]
pub struct Ended {
    /// Exit status.
    pub status: ExitStatus,
    /// Everything on standard output.
    pub output: String,
    /// Everything on standard error.
    pub errors: String,
}

impl Ended {
    /// The exit code; none when a signal ended it.
    #[must_use]
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// The standard output of a program that succeeded.
    ///
    /// # Panics
    /// When it did not.
    #[track_caller]
    #[must_use]
    pub fn succeeded(self) -> String {
        assert!(
            self.status.success(),
            "the program failed with {}:\n{}",
            self.status,
            self.errors
        );
        self.output
    }

    /// What a program that failed said.
    ///
    /// # Panics
    /// When it succeeded, or was ended by a signal.
    #[track_caller]
    #[must_use]
    pub fn failed(self) -> String {
        let code = self.code();
        assert!(
            code.is_some_and(|c| c != 0),
            "the program ended with {}:\n{}",
            self.status,
            self.output
        );
        self.errors
    }
}

impl Program {
    /// Starts the `station-server` command.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn server<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Self {
        Self::start(server_program().as_os_str(), arguments)
    }

    /// Starts a program.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn start<S: AsRef<OsStr>>(program: &OsStr, arguments: impl IntoIterator<Item = S>) -> Self {
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|e| panic!("{} does not start: {e}", program.display()));
        let output = Arc::new(Mutex::new(String::new()));
        let errors = Arc::new(Mutex::new(String::new()));
        let readers = vec![
            collect(
                child.stdout.take().expect("was asked for"),
                Arc::clone(&output),
            ),
            collect(
                child.stderr.take().expect("was asked for"),
                Arc::clone(&errors),
            ),
        ];
        Self {
            child,
            output,
            errors,
            readers,
        }
    }

    /// Runs the `station-server` command to its end.
    pub async fn run<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Ended {
        let arguments: Vec<OsString> = arguments
            .into_iter()
            .map(|a| a.as_ref().to_owned())
            .collect();
        let what = format!(
            "the end of `station-server {}`",
            arguments.join(OsStr::new(" ")).display()
        );
        Self::server(arguments).end(&what).await
    }

    /// Process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Standard output so far.
    #[must_use]
    pub fn output(&self) -> String {
        lock(&self.output).clone()
    }

    /// Standard error so far.
    #[must_use]
    pub fn errors(&self) -> String {
        lock(&self.errors).clone()
    }

    /// Whether it is still there.
    ///
    /// # Panics
    /// When the system cannot tell.
    pub fn is_running(&mut self) -> bool {
        self.child
            .try_wait()
            .expect("a child can be waited for")
            .is_none()
    }

    /// Asks it to end, as a supervisor does.
    ///
    /// # Panics
    /// When it is gone already.
    pub fn terminate(&self) {
        kill(self.pid(), Signal::SIGTERM).expect("the program is there");
    }

    /// `kill -9`; returns when the process is gone.
    pub fn kill(&mut self) {
        // Gone already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn end(mut self, what: &str) -> Ended {
        let status = until(what, async || {
            self.child.try_wait().expect("a child can be waited for")
        })
        .await;
        for reader in self.readers.drain(..) {
            reader
                .join()
                .expect("the reader of the output does not panic");
        }
        Ended {
            status,
            output: self.output(),
            errors: self.errors(),
        }
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.child.id()).expect("process ids are positive"))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            eprintln!(
                "--- standard error of the program under test ---\n{}",
                self.errors()
            );
        }
    }
}

fn collect(pipe: impl Read + Send + 'static, into: Arc<Mutex<String>>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut lines = BufReader::new(pipe);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
            lock(&into).push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
    })
}

fn lock(text: &Mutex<String>) -> MutexGuard<'_, String> {
    text.lock().unwrap_or_else(PoisonError::into_inner)
}
