//! The figures of one group of tickets, in the shape in which they are published.
//!
//! The meaning of each is in [`super::definition`]; here are units and ranges.

use serde::{Deserialize, Serialize};

use super::proportion::Proportion;

/// All figures of a group. Serialised, the field names are those of the public interface.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Tickets issued.
    pub issued: u64,
    /// Tickets ever called.
    pub called: u64,
    /// Tickets that ended served.
    pub served: u64,
    /// Persons the issued tickets stand for.
    #[serde(default)]
    pub issued_persons: u64,
    /// Persons the served tickets stand for.
    #[serde(default)]
    pub served_persons: u64,
    /// Tickets that ended as no-show.
    pub no_show: u64,
    /// Tickets that ended unserved.
    pub abandoned: u64,
    /// Tickets cancelled.
    pub cancelled: u64,
    /// Tickets not ended yet.
    pub open: u64,
    /// Tickets ended only by the close of the business day.
    pub closed_by_day_end: u64,
    /// Issue to first call.
    pub wait: Wait,
    /// Issue to the last call before the service.
    pub wait_last: Summary,
    /// First-call waits joined with the waits of those who left uncalled.
    pub wait_including_abandoned: CensoredWait,
    /// Last call to start.
    pub walk: Summary,
    /// Tickets left out of `walk` because their start was not observed.
    pub started_inferred: u64,
    /// Time at counters.
    pub handling: Summary,
    /// Issue to finish of served tickets.
    pub stay: Summary,
    /// Time counters were open, seconds; absent where it has no meaning for the group.
    pub counter_open_s: Option<f64>,
    /// Served tickets per hour of open counter; absent where no counter was open.
    pub throughput_per_open_hour: Option<f64>,
    /// Served persons per hour of open counter; absent where no counter was open.
    #[serde(default)]
    pub persons_per_open_hour: Option<f64>,
    /// Handling time per open counter time, 0 upwards; absent where no counter was open.
    pub occupancy: Option<f64>,
    /// Share of the called that did not come, 0 to 1.
    pub no_show_rate: Option<f64>,
    /// Share of the issued that ended unserved, 0 to 1.
    pub abandoned_rate: Option<f64>,
    /// Ratings.
    pub rating: Ratings,
    /// Recorded durations that cannot be true and were clamped.
    pub anomalies: u64,
}

/// A distribution of durations, in seconds. All but `n` are absent where `n` is 0.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// How many durations.
    pub n: u64,
    /// Arithmetic mean.
    pub mean_s: Option<f64>,
    /// Median.
    pub median_s: Option<f64>,
    /// 80th percentile.
    pub p80_s: Option<f64>,
    /// 90th percentile.
    pub p90_s: Option<f64>,
    /// 95th percentile.
    pub p95_s: Option<f64>,
    /// Longest single duration.
    pub max_s: Option<f64>,
}

/// First-call waits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Wait {
    /// The distribution, over every ticket ever called.
    #[serde(flatten)]
    pub waits: Summary,
    /// Called tickets whose service has a waiting standard.
    pub with_standard: u64,
    /// Share of those called within it, 0 to 1.
    pub within_standard: Option<f64>,
}

/// Waits of which some are known only to have lasted at least so long.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CensoredWait {
    /// How many waits.
    pub n: u64,
    /// How many of them ended by leaving instead of by a call.
    pub censored: u64,
    /// Arithmetic mean, seconds: a lower bound of the wait a call would have ended.
    pub mean_s: Option<f64>,
    /// Median, seconds: likewise.
    pub median_s: Option<f64>,
}

/// Ratings of a group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ratings {
    /// Ratings given.
    pub n: u64,
    /// Tickets whose visitor was asked.
    pub invited: u64,
    /// Ratings of those never asked, part of `n`.
    pub uninvited: u64,
    /// Share of the asked who rated, 0 to 1.
    pub response_rate: Option<f64>,
    /// Mean score, 1 to 5.
    pub mean: Option<f64>,
    /// Share of scores 4 and 5, with its 95 % interval.
    pub top2: Proportion,
    /// How many of each score, 1 first.
    pub counts: [u64; 5],
}
