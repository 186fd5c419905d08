//! Asking over an open line and hearing the answer out.

use std::io;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::port::{Link, Port};
use crate::profile::Line;

/// Most bytes of an answer that are kept; a device that talks on and on is not heard out.
const HEARD_MAX: usize = 4_096;

/// An open line and its pace.
#[derive(Debug)]
pub(crate) struct Conversation {
    port: Port,
    timeout: Duration,
    gap: Duration,
}

/// What was heard after a question.
#[derive(Debug)]
pub(crate) struct Heard<T> {
    /// The answer, if one came in time.
    pub(crate) found: Option<T>,
    /// All bytes.
    pub(crate) bytes: Vec<u8>,
}

impl Conversation {
    /// Opens the line.
    ///
    /// # Errors
    /// As [`Port::open`].
    pub(crate) async fn open(link: &Link, line: &Line) -> io::Result<Self> {
        Ok(Self {
            port: Port::open(link).await?,
            timeout: Duration::from_millis(line.timeout_ms),
            gap: Duration::from_millis(line.gap_ms),
        })
    }

    /// Sends a question and hears until `find` sees the answer in all that was heard, or the time
    /// for an answer is over.
    ///
    /// # Errors
    /// The device is gone.
    pub(crate) async fn ask<T>(
        &self,
        question: &[u8],
        mut find: impl FnMut(&[u8]) -> Option<T>,
    ) -> io::Result<Heard<T>> {
        self.forget_late_answers().await?;
        self.say(question).await?;
        let deadline = Instant::now() + self.timeout;
        let mut bytes = Vec::new();
        let mut buffer = [0; 256];
        while bytes.len() < HEARD_MAX {
            let Ok(read) = timeout_at(deadline, self.port.read(&mut buffer)).await else {
                break;
            };
            bytes.extend_from_slice(&buffer[..some(read?)?]);
            if let Some(found) = find(&bytes) {
                sleep(self.gap).await;
                let found = Some(found);
                return Ok(Heard { found, bytes });
            }
        }
        Ok(Heard { found: None, bytes })
    }

    /// Sends without waiting for an answer.
    ///
    /// # Errors
    /// The device is gone, or takes nothing for as long as an answer may take.
    pub(crate) async fn say(&self, bytes: &[u8]) -> io::Result<()> {
        timeout(self.timeout, self.port.write_all(bytes))
            .await
            .map_err(|_| io::Error::new(io::ErrorKind::TimedOut, "the device takes no bytes"))?
    }

    /// Gives every question so much time for its answer from now on.
    pub(crate) fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }

    /// Hears out what is still said, until nothing came for as long as an answer may take, or for five times as long in all.
    ///
    /// # Errors
    /// The device is gone.
    pub(crate) async fn wait_until_quiet(&self) -> io::Result<()> {
        let end = Instant::now() + self.timeout * 5;
        let mut buffer = [0; 256];
        while let Ok(read) = timeout(self.timeout, self.port.read(&mut buffer)).await {
            some(read?)?;
            if Instant::now() >= end {
                break;
            }
        }
        Ok(())
    }

    async fn forget_late_answers(&self) -> io::Result<()> {
        let mut buffer = [0; 256];
        while let Ok(read) = timeout(Duration::ZERO, self.port.read(&mut buffer)).await {
            some(read?)?;
        }
        Ok(())
    }
}

fn some(count: usize) -> io::Result<usize> {
    if count == 0 {
        return Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "the device is gone",
        ));
    }
    Ok(count)
}
