//! The network cable between the demo's station and its agents: pulled out at the bench, it carries nothing.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::Duration;

use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;
use tokio::sync::watch;

/// Where no descriptor is free, connections are looked for again after so long.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// A cable, plugged in at first.
pub struct Cable {
    /// Where the agents find the station.
    address: SocketAddr,
    plugged: watch::Sender<bool>,
}

impl Cable {
    /// Lays a cable to the station. Needs a tokio runtime.
    ///
    /// # Errors
    /// There is no free port.
    pub fn lay(station: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let address = listener.local_addr()?;
        let plugged = watch::Sender::new(true);
        let seen = plugged.clone();
        tokio::spawn(async move {
            loop {
                match listener.accept().await {
                    Ok((agent, _)) => drop(tokio::spawn(carry(agent, station, seen.subscribe()))),
                    // No descriptor is free: those that are open end by themselves.
                    Err(_) => tokio::time::sleep(ACCEPT_AGAIN_AFTER).await,
                }
            }
        });
        Ok(Self { address, plugged })
    }

    /// Where the agents find the station.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether it carries anything.
    pub fn is_plugged(&self) -> bool {
        *self.plugged.borrow()
    }

    /// Pulls it out, or puts it back.
    pub fn set_plugged(&self, plugged: bool) {
        self.plugged.send_replace(plugged);
    }
}

async fn carry(mut agent: TcpStream, station: SocketAddr, mut plugged: watch::Receiver<bool>) {
    if !*plugged.borrow() {
        return;
    }
    let Ok(mut station) = TcpStream::connect(station).await else {
        return;
    };
    tokio::select! {
        // However it ends, both ends are told by the closing of their streams.
        _ = copy_bidirectional(&mut agent, &mut station) => {}
        _ = plugged.wait_for(|plugged| !plugged) => {}
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn a_pulled_cable_ends_what_runs_over_it_and_lets_nothing_new_through() {
        let station = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let cable = Cable::lay(station.local_addr().unwrap()).unwrap();
        let mut agent = TcpStream::connect(cable.address()).await.unwrap();
        let (mut there, _) = station.accept().await.unwrap();
        agent.write_all(b"hello").await.unwrap();
        let mut heard = [0; 5];
        there.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"hello");

        cable.set_plugged(false);
        assert!(!cable.is_plugged());
        assert_eq!(agent.read(&mut heard).await.unwrap_or(0), 0, "it ends");
        let mut again = TcpStream::connect(cable.address()).await.unwrap();
        assert_eq!(again.read(&mut heard).await.unwrap_or(0), 0);

        cable.set_plugged(true);
        let _agent = TcpStream::connect(cable.address()).await.unwrap();
        station.accept().await.unwrap();
    }
}
