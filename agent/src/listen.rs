//! The address at which a program can be reached.

use std::io::ErrorKind;
use std::net::SocketAddr;

use anyhow::anyhow;
use tokio::net::TcpListener;

/// Listens on an address.
///
/// # Errors
/// A sentence that says why it cannot be had, and where to choose another.
pub async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let why = match error.kind() {
            ErrorKind::AddrInUse => "another program uses it".to_owned(),
            ErrorKind::AddrNotAvailable => "this machine has no such address".to_owned(),
            _ => error.to_string(),
        };
        anyhow!(
            "cannot listen on {address}: {why}; choose another address (`--listen` of the demo, `listen` in the \
             station file)"
        )
    })
}
