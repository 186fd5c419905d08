//! Device profiles, wire codecs, ports, simulators and provisioning of peripherals
