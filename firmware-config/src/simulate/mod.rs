//! Stand-ins for devices, on pseudo-terminals, that speak only the wire protocol.
