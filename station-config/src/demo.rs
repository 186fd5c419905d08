//! The demo station.

/// How the path of a device begins that only the demo has.
pub const PLACEHOLDER: &str = "demo:";

/// Text of the demo's station file. Its devices have placeholder paths such as `demo:printer`; the demo puts the
/// paths of its simulators in their place.
#[must_use]
pub fn demo() -> &'static str {
    include_str!("../demo.toml")
}
