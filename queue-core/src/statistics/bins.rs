//! The hour and the day a moment belongs to.
//!
//! Both take *local civil* seconds: seconds since 1970-01-01T00:00 on the station's own wall calendar, that is, UTC
//! seconds plus the station's offset at that moment. A day or an hour of UTC is nothing a visitor in Taiwan knows:
//! it would turn at eight in the morning, when the doors open.
//!
//! Bins are half-open, `[h:00, h+1:00)`: a ticket issued at ten sharp belongs to ten o'clock and to nothing else.

const SECONDS_PER_HOUR: i64 = 3_600;
const SECONDS_PER_DAY: i64 = 86_400;

/// The hour of the local day, 0 to 23.
pub const fn hour_bin(local_s: i64) -> u8 {
    (local_s.rem_euclid(SECONDS_PER_DAY) / SECONDS_PER_HOUR) as u8
}

/// The local calendar day, as whole days since 1970-01-01 (negative before).
pub const fn day_bin(local_s: i64) -> i64 {
    local_s.div_euclid(SECONDS_PER_DAY)
}
