//! The station file: services, counters, classes, texts and devices in one TOML model
