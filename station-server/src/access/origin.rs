//! Where a request comes from, as far as guessing is concerned.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

/// The address at the other end of the connection. Behind a proxy that is the proxy's, for everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(Option<IpAddr>);

impl Peer {
    /// A name that one household of addresses shares: whoever has one IPv6 address has the 2^64 of its network.
    pub(crate) fn name(self) -> String {
        match self.0.map(|address| address.to_canonical()) {
            Some(IpAddr::V6(address)) => {
                let network = u128::from(address) >> 64 << 64;
                format!("{}/64", Ipv6Addr::from(network))
            }
            Some(address) => address.to_string(),
            None => "unknown".to_owned(),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let connection = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(connection.map(|ConnectInfo(address)| address.ip())))
    }
}

/// From where somebody logs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// An enrolled device, where a PIN is enough.
    pub enrolled: bool,
    /// The id of that device's token; none elsewhere, and in the demo, where every address counts as a device.
    pub device: Option<String>,
    /// The device, or the address elsewhere.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_has_one_name() {
        let name = |text: &str| Peer(Some(text.parse().unwrap())).name();
        assert_eq!(name("192.0.2.7"), "192.0.2.7");
        assert_eq!(name("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(name("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(name("2001:db8:1:2::9"), "2001:db8:1:2::/64");
        assert_ne!(name("2001:db8:1:3::9"), name("2001:db8:1:2::9"));
    }
}
