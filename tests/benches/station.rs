//! Figures of the whole station.

fn main() {}
