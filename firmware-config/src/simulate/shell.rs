//! The loop between a simulated device and its line.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, sleep_until};

use super::faults::{LineFaults, Way};
use super::pty::Pty;
use crate::port::Port;

/// Most bytes a device holds for a host that does not read; what comes after is lost, as it would
/// be on a wire.
const UNREAD_MAX: usize = 64 * 1024;
/// Wait before another try when no terminal can be had.
const RETRY: Duration = Duration::from_millis(500);

/// A device without its line.
pub(super) trait WireDevice: Send + 'static {
    /// Bytes from the host.
    fn handle_bytes(&mut self, now_ms: u64, bytes: &[u8]);
    /// The time of [`WireDevice::deadline_ms`] has come.
    fn handle_timeout(&mut self, now_ms: u64);
    /// Bytes for the host.
    fn take_output(&mut self) -> Vec<u8>;
    /// When something happens by itself.
    fn deadline_ms(&self) -> Option<u64>;
    /// Whether there is room for more bytes.
    fn wants_input(&self) -> bool;
    /// The only speed it understands, in bits per second; `None`: any.
    fn baud_bps(&self) -> Option<u32>;
    /// The speed the host speaks at from now on, in bits per second; `None`: it cannot be told.
    fn host_speaks_at(&mut self, _baud_bps: Option<u32>) {}
    /// Shows the state to whoever watches.
    fn publish(&self);
}

/// A device in operation. Clones are the same device.
pub(super) struct Running<D>(Arc<Core<D>>);

impl<D> Clone for Running<D> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

struct Core<D> {
    device: Mutex<D>,
    /// What lies between it and its host.
    way: Mutex<Way>,
    changed: Arc<Notify>,
    /// Where the plug is; `None`: pulled.
    plugged: watch::Sender<Option<Socket>>,
    /// Where it belongs.
    home: Socket,
    start: Instant,
}

/// Where a device can be plugged in: the name of a host's port. A network device has but one place, without a name.
type Socket = PathBuf;

impl<D: WireDevice> Running<D> {
    /// Starts the device on a pseudo-terminal named by `link`.
    ///
    /// # Errors
    /// No terminal can be had, or the link cannot be written.
    pub(super) fn on_pty(device: D, link: PathBuf) -> io::Result<Self> {
        let first = Pty::plug_in(&link)?;
        let running = Self::new(device, link);
        let line = Line::of(&running);
        tokio::spawn(line.serve_pty(first));
        Ok(running)
    }

    /// Starts the device behind a listening socket. It serves one connection at a time, as
    /// printers do.
    pub(super) fn on_tcp(device: D, listener: TcpListener) -> Self {
        let running = Self::new(device, Socket::new());
        let line = Line::of(&running);
        tokio::spawn(line.serve_tcp(listener));
        running
    }

    fn new(device: D, home: Socket) -> Self {
        device.publish();
        Self(Arc::new(Core {
            device: Mutex::new(device),
            way: Mutex::default(),
            changed: Arc::default(),
            plugged: watch::Sender::new(Some(home.clone())),
            home,
            start: Instant::now(),
        }))
    }

    /// Does something to the device, as a person would.
    pub(super) fn act<R>(&self, action: impl FnOnce(&mut D, u64) -> R) -> R {
        let result = self.0.act(action);
        self.0.changed.notify_one();
        result
    }

    /// Makes something wrong between the device and its host, or right again.
    pub(super) fn set_faults(&self, faults: LineFaults) {
        lock(&self.0.way).set_faults(faults);
        self.0.changed.notify_one();
    }

    /// Pulls the plug, or puts it where it belongs.
    pub(super) fn set_plugged(&self, plugged: bool) {
        let socket = plugged.then(|| self.0.home.clone());
        self.0.plugged.send_replace(socket);
    }

    /// Whether the plug is in.
    pub(super) fn is_plugged(&self) -> bool {
        self.0.plugged.borrow().is_some()
    }

    /// Puts two plugs where the other one is, or belongs.
    pub(super) fn swap_plugs<E: WireDevice>(&self, other: &Running<E>) {
        let place =
            |plugged: Option<Socket>, home: &Socket| plugged.unwrap_or_else(|| home.clone());
        let ours = place(self.0.plugged.send_replace(None), &self.0.home);
        let theirs = place(other.0.plugged.send_replace(None), &other.0.home);
        self.0.plugged.send_replace(Some(theirs));
        other.0.plugged.send_replace(Some(ours));
    }
}

impl<D: WireDevice> Core<D> {
    fn act<R>(&self, action: impl FnOnce(&mut D, u64) -> R) -> R {
        let now_ms = self.now_ms();
        let mut device = lock(&self.device);
        let result = action(&mut device, now_ms);
        device.publish();
        result
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// What is to be sent now, and what is waited for.
    fn next(&self) -> Next {
        let mut device = lock(&self.device);
        let mut way = lock(&self.way);
        let output = way.carry_out(self.now_ms(), device.take_output());
        let deadlines = device.deadline_ms().into_iter().chain(way.deadline_ms());
        Next {
            output,
            echo: way.take_echo(),
            deadline_ms: deadlines.min(),
            wants_input: device.wants_input(),
            baud_bps: way.baud_bps().or_else(|| device.baud_bps()),
        }
    }

    /// Bytes from a host that speaks at a speed, as they are and as they arrive at the device.
    fn hear(&self, sent: &[u8], heard: &[u8], host_bps: Option<u32>) {
        let (is_heard, wrong_bps) = {
            let mut way = lock(&self.way);
            (way.carry_in(sent), way.baud_bps())
        };
        if is_heard {
            self.act(|device, now_ms| {
                // Who speaks at a wrong speed understands that one, whatever its own is.
                device.host_speaks_at(host_bps.filter(|_| wrong_bps.is_none()));
                device.handle_bytes(now_ms, heard);
            });
        }
    }
}

/// What a device does next.
struct Next {
    output: Vec<u8>,
    echo: Vec<u8>,
    deadline_ms: Option<u64>,
    wants_input: bool,
    baud_bps: Option<u32>,
}

/// A device whose code panicked is still there to be looked at.
fn lock<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The line's view of a device, which does not keep it alive.
struct Line<D> {
    core: Weak<Core<D>>,
    changed: Arc<Notify>,
    plugged: watch::Receiver<Option<Socket>>,
}

/// The last handle was dropped.
struct Gone;

impl<D: WireDevice> Line<D> {
    fn of(running: &Running<D>) -> Self {
        Self {
            core: Arc::downgrade(&running.0),
            changed: Arc::clone(&running.0.changed),
            plugged: running.0.plugged.subscribe(),
        }
    }

    async fn serve_pty(mut self, first: Pty) -> Gone {
        let mut next = Some(first);
        loop {
            let here = self.plugged.borrow().clone();
            // Pulled, or put elsewhere, before anybody was served.
            next = next.filter(|pty| here.as_deref() == Some(pty.link()));
            let Ok(socket) = self.live_unplugged().await else {
                return Gone;
            };
            let pty = match next.take().map_or_else(|| Pty::plug_in(&socket), Ok) {
                Ok(pty) => pty,
                Err(error) => {
                    tracing::warn!(link = %socket.display(), %error, "no pseudo-terminal");
                    sleep(RETRY).await;
                    continue;
                }
            };
            if self.serve_until_unplugged(&Wire::Pty(&pty)).await.is_err() {
                return Gone;
            }
            if self.plugged.borrow().as_deref() == Some(pty.link()) {
                // The host closed its end: the next one finds a fresh terminal under the name.
                next = Pty::plug_in(pty.link()).ok();
            }
        }
    }

    /// Lets the device live without a host until it is plugged in somewhere: what it says is lost.
    async fn live_unplugged(&mut self) -> Result<Socket, Gone> {
        loop {
            if let Some(socket) = self.plugged.borrow_and_update().clone() {
                return Ok(socket);
            }
            let core = self.core.upgrade().ok_or(Gone)?;
            let deadline_ms = core.act(|device, _| {
                drop(device.take_output());
                device.deadline_ms()
            });
            let deadline = deadline_ms.map(|ms| core.start + Duration::from_millis(ms));
            drop(core);
            tokio::select! {
                plugged = self.plugged.changed() => plugged.map_err(|_| Gone)?,
                () = self.changed.notified() => {}
                () = until(deadline), if deadline.is_some() => {
                    let core = self.core.upgrade().ok_or(Gone)?;
                    core.act(|device, now_ms| device.handle_timeout(now_ms));
                }
            }
        }
    }

    async fn serve_tcp(mut self, listener: TcpListener) -> Gone {
        loop {
            if self.plugged.wait_for(Option::is_some).await.is_err() {
                return Gone;
            }
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                changed = self.plugged.changed() => match changed {
                    Ok(()) => continue,
                    Err(_) => return Gone,
                },
            };
            let Ok((stream, _)) = accepted else {
                sleep(RETRY).await;
                continue;
            };
            if self
                .serve_until_unplugged(&Wire::Tcp(Port::from_tcp(stream)))
                .await
                .is_err()
            {
                return Gone;
            }
        }
    }

    /// Serves one host until it goes away or the plug is pulled.
    async fn serve_until_unplugged(&mut self, wire: &Wire<'_>) -> Result<(), Gone> {
        let mut plugged = self.plugged.clone();
        let here = wire.link();
        tokio::select! {
            served = self.serve(wire) => served,
            unplugged = plugged.wait_for(|plugged| plugged.as_deref() != Some(here)) => {
                unplugged.map(|_| ()).map_err(|_| Gone)
            }
        }
    }

    async fn serve(&self, wire: &Wire<'_>) -> Result<(), Gone> {
        let port = wire.port();
        let mut buffer = [0; 4096];
        let mut unread: Vec<u8> = Vec::new();
        loop {
            let core = self.core.upgrade().ok_or(Gone)?;
            let Next {
                mut output,
                echo,
                deadline_ms,
                wants_input,
                baud_bps,
            } = core.next();
            let start = core.start;
            drop(core);
            wire.garble(&mut output, baud_bps);
            let room = UNREAD_MAX - unread.len();
            unread.extend(echo.into_iter().chain(output).take(room));
            let deadline = deadline_ms.map(|ms| start + Duration::from_millis(ms));
            let step = tokio::select! {
                read = port.read(&mut buffer), if wants_input => Step::Read(read),
                written = port.write(&unread), if !unread.is_empty() => Step::Written(written),
                () = self.changed.notified() => Step::Nothing,
                () = until(deadline), if deadline.is_some() => Step::Time,
            };
            let core = self.core.upgrade().ok_or(Gone)?;
            match step {
                Step::Read(Ok(0) | Err(_)) | Step::Written(Err(_)) => return Ok(()),
                Step::Read(Ok(count)) => {
                    let sent = &buffer[..count];
                    let mut heard = sent.to_vec();
                    wire.garble(&mut heard, baud_bps);
                    core.hear(sent, &heard, wire.host_baud_bps());
                }
                Step::Written(Ok(count)) => {
                    unread.drain(..count);
                }
                Step::Time => core.act(|device, now_ms| device.handle_timeout(now_ms)),
                Step::Nothing => {}
            }
        }
    }
}

/// What the bytes go through.
enum Wire<'a> {
    Pty(&'a Pty),
    Tcp(Port),
}

impl Wire<'_> {
    fn port(&self) -> &Port {
        match self {
            Self::Pty(pty) => &pty.port,
            Self::Tcp(port) => port,
        }
    }

    /// Where it is plugged in.
    fn link(&self) -> &Path {
        match self {
            Self::Pty(pty) => pty.link(),
            Self::Tcp(_) => Path::new(""),
        }
    }

    fn host_baud_bps(&self) -> Option<u32> {
        match self {
            Self::Pty(pty) => pty.host_baud_bps(),
            Self::Tcp(_) => None,
        }
    }

    /// Turns bytes into others where host and device disagree about the speed.
    fn garble(&self, bytes: &mut [u8], baud_bps: Option<u32>) {
        if let (Some(host_bps), Some(baud_bps)) = (self.host_baud_bps(), baud_bps)
            && host_bps != baud_bps
        {
            for byte in bytes {
                *byte = byte.rotate_left(3) ^ 0x5a;
            }
        }
    }
}

enum Step {
    Read(io::Result<usize>),
    Written(io::Result<usize>),
    Time,
    Nothing,
}

async fn until(deadline: Option<Instant>) {
    if let Some(deadline) = deadline {
        sleep_until(deadline).await;
    }
}
