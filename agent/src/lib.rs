//! What the kiosk agent and the display agent have in common: the connection to the station server ([`link`]), the
//! command line ([`command_line`]), the machine's ports ([`ports`]), the address of its pages ([`listen`]) and the bond to the process that started them
//! ([`parent`]).

pub mod command_line;
pub mod link;
mod listen;
pub mod parent;
pub mod ports;

pub use listen::listen;

/// The environment variable in which an agent finds its bearer token; command lines are public.
pub const TOKEN_VARIABLE: &str = "STATION_TOKEN";
