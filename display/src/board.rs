//! The newest board, with the calls that came ahead of it.

use protocol::{CallPulse, StationInfo};
use queue_core::{Board, BoardCall, CounterId, CounterState, ServiceId, TicketState, ZoneId};

/// What of a board belongs to a zone: the services whose visitors wait there, and the calls to the counters there.
pub(crate) fn of_zone(board: &Board, station: Option<&StationInfo>, zone: &ZoneId) -> Board {
    let mut part = board.clone();
    let service = |id: &ServiceId| station.and_then(|s| s.service(id)?.zone.as_ref());
    let counter = |id: &CounterId| Some(&station?.counter_zone(id)?.id);
    part.services.retain(|s| service(&s.id) == Some(zone));
    part.counters.retain(|c| counter(&c.id) == Some(zone));
    part.calls.retain(|c| counter(&c.counter) == Some(zone));
    part.sessions
        .retain(|s| service(&s.session.service) == Some(zone));
    let lines = part.services.iter().filter(|s| s.first_step.is_none());
    part.waiting = lines.map(|s| s.waiting).sum();
    part
}

/// Puts a call on the board before the server's next board shows it. A board that is already
/// newer than the call is left alone.
pub(crate) fn overlay(board: &mut Board, pulse: &CallPulse) {
    if board.seq >= pulse.call_id.0 {
        return;
    }
    let call = BoardCall {
        call: pulse.call_id,
        number: pulse.number.clone(),
        counter: pulse.counter.clone(),
        at: pulse.at,
        calls: pulse.calls,
        language: pulse.language.clone(),
        serving: false,
    };
    if let Some(counter) = board.counters.iter_mut().find(|c| c.id == call.counter) {
        counter.state = CounterState::Open;
        counter.number = Some(call.number.clone());
        counter.ticket_state = Some(TicketState::Called);
        counter.language.clone_from(&call.language);
        counter.busy_since = Some(call.at);
    }
    board
        .calls
        .retain(|c| c.number != call.number && c.counter != call.counter && c.call < call.call);
    board.calls.insert(0, call);
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use queue_core::{BoardCounter, BoardService, BusinessDay, CallId, Estimate, StationTime};

    /// A call: id, number, counter, made at `at_ms`.
    pub(crate) fn call(id: u64, number: &str, counter: &str, at_ms: i64) -> BoardCall {
        BoardCall {
            call: CallId(id),
            number: number.parse().unwrap(),
            counter: counter.parse().unwrap(),
            at: StationTime(at_ms),
            calls: 1,
            language: None,
            serving: false,
        }
    }

    /// A board of services A and C and counters 1 to 3 that shows these calls, newest first.
    pub(crate) fn board(seq: u64, calls: &[BoardCall]) -> Board {
        let service = |id: &str, series: &str| BoardService {
            unverified: 0,
            first_step: None,
            enrolled: 0,
            id: id.parse().unwrap(),
            series: series.parse().unwrap(),
            waiting: 3,
            now_at: None,
            open_counters: 1,
            oldest_waiting_since: None,
            estimate: Estimate::CountOnly,
            limit: None,
            late_end: None,
        };
        let counter = |id: &str| {
            let called = calls.iter().find(|c| c.counter.as_str() == id);
            BoardCounter {
                id: id.parse().unwrap(),
                state: CounterState::Open,
                since: StationTime(0),
                number: called.map(|c| c.number.clone()),
                ticket_state: called.map(|c| {
                    if c.serving {
                        TicketState::Serving
                    } else {
                        TicketState::Called
                    }
                }),
                language: called.and_then(|c| c.language.clone()),
                busy_since: Some(StationTime(0)),
            }
        };
        Board {
            waiting: 0,
            seq,
            at: StationTime(1_000_000),
            day: Some("2026-11-20".parse::<BusinessDay>().unwrap()),
            ended: None,
            services: vec![service("card", "A"), service("stay", "C")],
            counters: vec![counter("1"), counter("2"), counter("3")],
            sessions: vec![],
            calls: calls.to_vec(),
            hours: None,
        }
    }

    /// The pulse of a call.
    pub(crate) fn pulse(call: &BoardCall) -> CallPulse {
        CallPulse {
            call_id: call.call,
            number: call.number.clone(),
            counter: call.counter.clone(),
            at: call.at,
            calls: call.calls,
            language: call.language.clone(),
        }
    }

    #[test]
    fn a_pulse_shows_before_the_board_and_not_after_it() {
        let (old, new) = (call(5, "A001", "1", 0), call(9, "A002", "1", 0));
        let mut shown = board(6, &[old.clone(), call(4, "C001", "2", 0)]);
        overlay(&mut shown, &pulse(&new));
        let numbers: Vec<_> = shown.calls.iter().map(|c| c.number.to_string()).collect();
        assert_eq!(numbers, ["A002", "C001"]);
        assert_eq!(shown.counters[0].number, Some(new.number.clone()));
        assert_eq!(shown.counters[0].ticket_state, Some(TicketState::Called));
        let mut later = board(9, &[]);
        overlay(&mut later, &pulse(&new));
        assert!(later.calls.is_empty(), "taken back in the meantime");
    }

    #[test]
    fn a_zone_shows_its_own_services_and_the_calls_to_its_counters() {
        let zone: ZoneId = "2f".parse().unwrap();
        let station: StationInfo = serde_json::from_value(serde_json::json!({
            "name": {}, "timezone": "Asia/Taipei", "hours": ["08:00", "17:00"], "phone": "", "public_url": "",
            "services": [
                {"id": "card", "series": "A", "name": {}, "short_name": {}, "icon": "ask", "wait_standard_s": 600, "documents": [], "zone": "1f"},
                {"id": "stay", "series": "C", "name": {}, "short_name": {}, "icon": "ask", "wait_standard_s": 600, "documents": [], "zone": "2f"},
            ],
            "counters": [
                {"id": "1", "skills": [], "direction": "", "zone": "1f"},
                {"id": "2", "skills": [], "direction": "", "zone": "2f"},
                {"id": "3", "skills": [], "direction": "", "zone": "2f"},
            ],
            "announcements": [],
            "zones": [{"id": "1f", "name": {}}, {"id": "2f", "name": {}}],
        }))
        .unwrap();
        let whole = board(9, &[call(5, "A001", "1", 0), call(4, "A007", "2", 0)]);
        let part = of_zone(&whole, Some(&station), &zone);
        let services: Vec<_> = part.services.iter().map(|s| s.id.as_str()).collect();
        assert_eq!(services, ["stay"]);
        assert_eq!(part.counters.len(), 2);
        let calls: Vec<_> = part.calls.iter().map(|c| c.counter.as_str()).collect();
        assert_eq!(
            calls,
            ["2"],
            "by where the visitor has to go, not by what for"
        );
        assert!(of_zone(&whole, None, &zone).calls.is_empty());
    }

    #[test]
    fn a_pulse_for_a_recall_replaces_the_call() {
        let first = call(5, "A001", "1", 0);
        let mut again = call(8, "A001", "1", 9);
        again.calls = 2;
        let mut shown = board(5, &[first]);
        overlay(&mut shown, &pulse(&again));
        overlay(&mut shown, &pulse(&again));
        assert_eq!(shown.calls, [again]);
    }
}
