//! An open line to a device.

use std::fs::OpenOptions;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::OFlag;
use serialport::{ClearBuffer, SerialPort, TTYPort};
use tokio::net::TcpStream;

use super::device_fd::DeviceFd;
use super::link::{DataBits, Flow, Link, Parity, StopBits};

/// How long a network device may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// An open line: bytes out and bytes in, at the same time, through a shared reference.
///
/// Reads and writes may be cancelled at any await point and lose nothing: a byte has either been
/// counted in a result or has not left the program. A line that jams on output can still be read,
/// which is how a printer without paper says so. Nothing ever waits for the output to drain; pace
/// by bytes x 10 / speed instead.
///
/// The device is gone when `read` gives 0 or an error other than a retry.
#[derive(Debug)]
pub struct Port(Line);

#[derive(Debug)]
enum Line {
    Serial(Tty),
    Tcp(TcpStream),
    CharDevice(DeviceFd),
}

impl Port {
    /// Opens and configures the line. Serial ports are taken exclusively, and what they had
    /// received before is thrown away.
    ///
    /// # Errors
    /// The message names the link and the cause: no such device, in use by another program, no
    /// permission, refused, timed out.
    pub async fn open(link: &Link) -> io::Result<Self> {
        let line = match link {
            Link::Serial { .. } => open_serial(link).map(Line::Serial),
            Link::Tcp { address } => connect(address).await.map(Line::Tcp),
            Link::CharDevice { path } => open_char_device(path).map(Line::CharDevice),
        };
        line.map(Self).map_err(|error| explain(link, &error))
    }

    /// Changes the speed of a serial line, in bits per second; other lines have none. What has not left yet is spoilt.
    ///
    /// # Errors
    /// The port does not know the speed, or is gone.
    pub fn set_baud_bps(&mut self, baud_bps: u32) -> io::Result<()> {
        match &mut self.0 {
            Line::Serial(tty) => Ok(tty.hold.set_baud_rate(baud_bps)?),
            Line::Tcp(_) | Line::CharDevice(_) => Ok(()),
        }
    }

    /// Keeps the events of the input device that `link` names from everybody else, until the port is closed. Gives whether
    /// it is one.
    ///
    /// # Errors
    /// Another program keeps them, or the device is gone.
    pub(crate) fn keep_input(&self, link: &Link) -> io::Result<bool> {
        match &self.0 {
            Line::CharDevice(fd) => fd.keep_events().map_err(|error| explain(link, &error)),
            Line::Serial(_) | Line::Tcp(_) => Ok(false),
        }
    }

    /// The device's side of a pseudo-terminal, for simulators.
    pub(crate) fn from_fd(fd: DeviceFd) -> Self {
        Self(Line::CharDevice(fd))
    }

    /// An accepted connection, for simulators.
    pub(crate) fn from_tcp(stream: TcpStream) -> Self {
        Self(Line::Tcp(stream))
    }

    /// Reads what has arrived, waiting for at least one byte. 0 means that the device is gone.
    ///
    /// # Errors
    /// The device is gone or broken.
    pub async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        match &self.0 {
            Line::Serial(tty) => tty.fd.read(buffer).await,
            Line::CharDevice(fd) => fd.read(buffer).await,
            Line::Tcp(stream) => loop {
                stream.readable().await?;
                match stream.try_read(buffer) {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    result => return result,
                }
            },
        }
    }

    /// Hands over as many bytes as the line takes now, waiting until it takes at least one.
    ///
    /// # Errors
    /// The device is gone or broken.
    pub async fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        match &self.0 {
            Line::Serial(tty) => tty.fd.write(bytes).await,
            Line::CharDevice(fd) => fd.write(bytes).await,
            Line::Tcp(stream) => loop {
                stream.writable().await?;
                match stream.try_write(bytes) {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    result => return result,
                }
            },
        }
    }

    /// Hands over all bytes. Not cancel-safe: a caller that may stop in the middle counts with
    /// [`Port::write`].
    ///
    /// # Errors
    /// The device is gone or broken; how much was handed over is unknown.
    pub async fn write_all(&self, bytes: &[u8]) -> io::Result<()> {
        let mut sent = 0;
        while sent < bytes.len() {
            match self.write(&bytes[sent..]).await? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                count => sent += count,
            }
        }
        Ok(())
    }
}

/// The port keeps the exclusive hold and gives it back when dropped; the bytes go through a second
/// descriptor of the same open device.
#[derive(Debug)]
struct Tty {
    fd: DeviceFd,
    hold: TTYPort,
}

fn open_serial(link: &Link) -> io::Result<Tty> {
    let Link::Serial {
        path,
        baud_bps,
        parity,
        data_bits,
        stop_bits,
        flow,
    } = link
    else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    expect_device(path)?;
    let port = serialport::new(path, *baud_bps)
        .parity(match parity {
            Parity::None => serialport::Parity::None,
            Parity::Odd => serialport::Parity::Odd,
            Parity::Even => serialport::Parity::Even,
        })
        .data_bits(match data_bits {
            DataBits::Seven => serialport::DataBits::Seven,
            DataBits::Eight => serialport::DataBits::Eight,
        })
        .stop_bits(match stop_bits {
            StopBits::One => serialport::StopBits::One,
            StopBits::Two => serialport::StopBits::Two,
        })
        .flow_control(match flow {
            Flow::None => serialport::FlowControl::None,
            Flow::XonXoff => serialport::FlowControl::Software,
            Flow::RtsCts => serialport::FlowControl::Hardware,
        })
        .exclusive(true);
    // `serialport` reports a port that somebody else holds as `NoDevice`.
    let port = TTYPort::open(&port).map_err(|error| match error.kind() {
        serialport::ErrorKind::NoDevice => {
            io::Error::new(io::ErrorKind::ResourceBusy, error.description)
        }
        serialport::ErrorKind::InvalidInput => {
            io::Error::new(io::ErrorKind::InvalidInput, error.description)
        }
        _ if error.description == Errno::ENOTTY.desc() => not_a("serial port"),
        serialport::ErrorKind::Io(kind) => io::Error::new(kind, error.description),
        serialport::ErrorKind::Unknown => io::Error::other(error.description),
    })?;
    port.clear(ClearBuffer::Input).map_err(io::Error::from)?;
    #[expect(
        unsafe_code,
        reason = "serialport lends its descriptor only as a number"
    )]
    // SAFETY: `port` owns the descriptor and outlives the borrow, which ends on this line.
    let fd = unsafe { BorrowedFd::borrow_raw(port.as_raw_fd()) }.try_clone_to_owned()?;
    Ok(Tty {
        fd: DeviceFd::new(fd)?,
        hold: port,
    })
}

fn open_char_device(path: &str) -> io::Result<DeviceFd> {
    expect_device(path)?;
    let flags = OFlag::O_NONBLOCK | OFlag::O_NOCTTY;
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags(flags.bits())
        .open(path)?;
    DeviceFd::new(file.into())
}

fn expect_device(path: &str) -> io::Result<()> {
    let is_device = std::fs::metadata(path)?.file_type().is_char_device();
    if is_device {
        Ok(())
    } else {
        Err(not_a("device"))
    }
}

fn not_a(kind: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, format!("it is not a {kind}"))
}

async fn connect(address: &str) -> io::Result<TcpStream> {
    let stream = tokio::time::timeout(CONNECT_TIMEOUT, TcpStream::connect(address))
        .await
        .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// The same error, naming the link and saying what a technician can do about it.
fn explain(link: &Link, error: &io::Error) -> io::Error {
    let cause = match error.kind() {
        io::ErrorKind::NotFound => "no such device; is it plugged in?".to_owned(),
        io::ErrorKind::ResourceBusy => "in use by another program".to_owned(),
        io::ErrorKind::PermissionDenied => {
            "no permission; add this user to the group that owns the device (often dialout, lp or input)"
                .to_owned()
        }
        io::ErrorKind::ConnectionRefused => {
            "connection refused; is the device switched on and the port right?".to_owned()
        }
        io::ErrorKind::TimedOut => "no answer in time".to_owned(),
        _ => error.to_string(),
    };
    io::Error::new(error.kind(), format!("cannot open {link}: {cause}"))
}
