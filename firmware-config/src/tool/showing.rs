//! Showing a text on one panel, to see that it works.

use std::fmt;
use std::io;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use crate::panel::{Expected, Heard, Listener, Outgoing, PanelProtocol, Refusal};
use crate::port::{Link, Port};

/// How long a panel may take to take the bytes of a message.
const WRITE_TIMEOUT: Duration = Duration::from_secs(2);

/// Where a panel is and how it is spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Showing {
    /// The line.
    pub link: Link,
    /// Its address.
    pub address: u8,
    /// Tell it first what it needs once before its first text.
    pub prepare: bool,
    /// How long it may take to answer.
    pub timeout: Duration,
    /// Silence between messages.
    pub gap: Duration,
    /// How often a message is repeated that it did not answer.
    pub retries: u32,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The panel says that it shows the text.
    Acknowledged,
    /// It was told; panels of its kind do not answer.
    Unheard,
    /// It says that it does not.
    Refused(Refusal),
    /// It should answer, and did not.
    Silent,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Acknowledged => f.write_str("shown, as the panel says"),
            Self::Unheard => f.write_str("told; panels of this kind do not answer"),
            Self::Refused(why) => write!(f, "not shown: {why}"),
            Self::Silent => f.write_str("no answer"),
        }
    }
}

impl Showing {
    /// Shows a text, nothing where it is empty, and asks for it where the panel can be asked.
    ///
    /// # Errors
    /// The text or the address does not fit the panel; the line cannot be opened, or was lost.
    pub async fn show(&self, protocol: &PanelProtocol, text: &str) -> anyhow::Result<Shown> {
        let mut messages = Vec::new();
        if self.prepare {
            messages.extend(protocol.prepare(self.address)?);
        }
        messages.push(match text {
            "" => protocol.blank(self.address)?,
            text => protocol.show(self.address, text)?,
        });
        messages.extend(protocol.read_back(self.address, text)?);
        let port = Port::open(&self.link).await?;
        let mut shown = Shown::Unheard;
        for message in &messages {
            sleep(self.gap).await;
            shown = match self.tell(&port, message).await? {
                Shown::Unheard => shown,
                Shown::Acknowledged => Shown::Acknowledged,
                failed => return Ok(failed),
            };
        }
        Ok(shown)
    }

    async fn tell(&self, port: &Port, message: &Outgoing) -> io::Result<Shown> {
        if message.answer == Expected::Nothing {
            send(port, message).await?;
            return Ok(Shown::Unheard);
        }
        let mut refused = None;
        for _ in 0..=self.retries {
            send(port, message).await?;
            match self.hear(port, message).await? {
                Some(Heard::Acknowledged) => return Ok(Shown::Acknowledged),
                Some(Heard::Refused(why)) => refused = Some(why),
                _ => {}
            }
        }
        Ok(refused.map_or(Shown::Silent, Shown::Refused))
    }

    /// The panel's answer, if it comes in time.
    async fn hear(&self, port: &Port, message: &Outgoing) -> io::Result<Option<Heard>> {
        let mut listener = Listener::new(message.answer.clone());
        let deadline = Instant::now() + self.timeout;
        let mut buffer = [0; 256];
        while let Ok(read) = timeout_at(deadline, port.read(&mut buffer)).await {
            let count = read?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            match listener.feed(&buffer[..count]) {
                Heard::Nothing | Heard::Noise => {}
                answer => return Ok(Some(answer)),
            }
        }
        Ok(None)
    }
}

async fn send(port: &Port, message: &Outgoing) -> io::Result<()> {
    for chunk in &message.chunks {
        tokio::time::timeout(WRITE_TIMEOUT, port.write_all(&chunk.bytes)).await??;
        sleep(Duration::from_millis(chunk.pause_ms)).await;
    }
    Ok(())
}
