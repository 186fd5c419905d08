//! Moments in JSON answers: RFC 3339 in the station's time zone, as on tickets. The live feeds carry the same views with
//! milliseconds, which their modules reckon with.

use queue_core::StationTime;
use serde::Serialize;
use serde_json::Value;

use crate::app::Station;
use crate::problem::ApiProblem;

/// Every field of the views that is a moment.
const MOMENTS: [&str; 16] = [
    "begins",
    "ends",
    "check_in_until",
    "at",
    "since",
    "from",
    "until",
    "opens",
    "oldest_waiting_since",
    "busy_since",
    "issued_at",
    "slot",
    "first_called_at",
    "called_at",
    "started_at",
    "last_seen",
];

/// A view as an answer over HTTP.
///
/// # Errors
/// 500 for a view that is no JSON, which is a fault of ours.
pub(super) fn with_times(app: &Station, view: &impl Serialize) -> Result<Value, ApiProblem> {
    let mut value = serde_json::to_value(view).map_err(|e| {
        let status = axum::http::StatusCode::INTERNAL_SERVER_ERROR;
        ApiProblem::new(status, "internal", e.to_string())
    })?;
    // What has never been is no moment of 1970.
    write_times(&mut value, &|ms| match ms {
        0 => Value::Null,
        ms => app.local_time(StationTime(ms)).into(),
    });
    Ok(value)
}

fn write_times(value: &mut Value, written: &impl Fn(i64) -> Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member.as_i64() {
                    Some(ms) if MOMENTS.contains(&name.as_str()) => *member = written(ms),
                    _ => write_times(member, written),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| write_times(item, written)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn moments_are_written_wherever_they_stand_and_other_numbers_are_left() {
        let mut view = json!({
            "at": 1, "seq": 2, "busy_since": null, "mean_handling_s": 3,
            "current": {"called_at": 4, "trail": [{"at": 5, "calls": 6}]},
            "state": {"state": "paused", "until": 7},
            "hours": {"open_now": true, "opens": 8, "today": [{"from": 9, "until": 10}]},
        });
        write_times(&mut view, &|ms| format!("t{ms}").into());
        let expected = json!({
            "at": "t1", "seq": 2, "busy_since": null, "mean_handling_s": 3,
            "current": {"called_at": "t4", "trail": [{"at": "t5", "calls": 6}]},
            "state": {"state": "paused", "until": "t7"},
            "hours": {"open_now": true, "opens": "t8", "today": [{"from": "t9", "until": "t10"}]},
        });
        assert_eq!(view, expected);
    }
}
