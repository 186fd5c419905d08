use super::jobs::unknown;
use super::*;
use firmware_config::escpos_wire::CLEAR_BUFFERS;
use proptest::prelude::*;
use queue_core::{CommandId, PrintOutcome, TicketId};

const GOOD: [u8; 4] = [0x12, 0x12, 0x12, 0x12];
const PAPER_OUT: [u8; 4] = [0x1a, 0x32, 0x12, 0x72];
const EMPTY: [u8; 6] = [0x10, 0x0f, 0, 0, 0, 0];
const HOLDS_TICKET: [u8; 6] = [0x10, 0x0f, 0x20, 0, 0, 0];
const FLUSH: usize = 20;
const CUT: &[u8] = b"cut";

fn machine() -> Machine {
    on_line(None, false)
}

fn on_line(bytes_per_second: Option<u32>, one_way: bool) -> Machine {
    Machine::new(MachineConfig {
        bytes_per_second,
        flush_bytes: FLUSH,
        cut: CUT.to_vec(),
        one_way,
        not_taken_ms: 30_000,
        first_id: 0,
        has_rest: false,
    })
}

#[test]
fn the_rest_of_a_broken_job_is_cleared_before_all_else() {
    let is_cleared = |machine: &mut Machine, now_ms| {
        let mut expected = CLEAR_BUFFERS.to_vec();
        expected.extend(questions());
        take(machine, now_ms) == expected
    };
    let mut restarted = Machine::new(MachineConfig {
        has_rest: true,
        ..machine().config
    });
    restarted.handle_connected(0);
    assert!(is_cleared(&mut restarted, 0));
    // What it had begun is cut off before the first ticket of this run.
    restarted.handle_bytes(1, &[0x37, 0x25, 0]);
    restarted.handle_bytes(1, &GOOD);
    let woken = take(&mut restarted, 1);
    let stub = [&[0; FLUSH], &INITIALIZE[..], CUT, &INITIALIZE].concat();
    assert!(woken.starts_with(&stub), "{woken:?}");

    // Again and again, until the cut has left.
    let mut machine = ready();
    sent(&mut machine);
    for now_ms in [20, 40] {
        machine.handle_disconnected(now_ms, "gone");
        machine.handle_connected(now_ms + 10);
        assert!(is_cleared(&mut machine, now_ms + 10));
        machine.handle_bytes(now_ms + 11, &[0x37, 0x25, 0]);
        machine.handle_bytes(now_ms + 11, &GOOD);
        assert!(machine.pending_write().starts_with(&[0; FLUSH]));
    }
    let rests = |machine: &mut Machine| -> Vec<bool> {
        let rest = |event| match event {
            PrinterEvent::Rest(may_have) => Some(may_have),
            _ => None,
        };
        events(machine).into_iter().filter_map(rest).collect()
    };
    assert!(rests(&mut machine).iter().all(|may_have| *may_have));
    take(&mut machine, 60);
    assert_eq!(rests(&mut machine), [false]);
    machine.handle_disconnected(70, "gone");
    machine.handle_connected(80);
    assert_eq!(take(&mut machine, 80), questions());
}

fn job(name: u32) -> PrintJob {
    PrintJob {
        id: CommandId(u128::from(name)),
        ticket: Some(TicketId(u128::from(name))),
        job: name.to_string(),
        stream: vec![0xaa; 100],
        paper_mm: 110,
    }
}

/// All the machine wants to write, taken at once.
fn take(machine: &mut Machine, now_ms: u64) -> Vec<u8> {
    let mut taken = Vec::new();
    while !machine.pending_write().is_empty() {
        let chunk = machine.pending_write().to_vec();
        machine.handle_written(now_ms, chunk.len());
        taken.extend(chunk);
    }
    taken
}

fn results(machine: &mut Machine) -> Vec<(String, PrintOutcome)> {
    std::iter::from_fn(|| machine.poll_event())
        .filter_map(|event| match event {
            PrinterEvent::Done(result) => Some((result.job, result.outcome)),
            PrinterEvent::Health(_)
            | PrinterEvent::Started(_)
            | PrinterEvent::Rest(_)
            | PrinterEvent::Held(..)
            | PrinterEvent::Taken(_)
            | PrinterEvent::TicketsLeft(_) => None,
        })
        .collect()
}

fn failed(cause: &str) -> PrintOutcome {
    PrintOutcome::Failed {
        cause: cause.to_owned(),
    }
}

fn questions() -> Vec<u8> {
    QUESTIONS.iter().flat_map(|kind| kind.request()).collect()
}

/// A connected printer that answers process ids.
fn ready() -> Machine {
    ready_on(None)
}

fn ready_on(bytes_per_second: Option<u32>) -> Machine {
    let mut machine = on_line(bytes_per_second, false);
    machine.handle_connected(0);
    assert_eq!(take(&mut machine, 0), questions());
    machine.handle_bytes(1, &GOOD);
    let id = ProcessId::from_number(1);
    let mut woken = vec![0; FLUSH];
    woken.extend(INITIALIZE);
    woken.extend(ENABLE_ASB);
    woken.extend(id.request());
    woken.extend(PAPER_FENCE);
    woken.extend(FULL_STATUS);
    assert_eq!(take(&mut machine, 1), woken);
    machine.handle_bytes(2, &[0x10, 0, 0, 0x0f]);
    machine.handle_bytes(2, &id.response());
    machine.handle_bytes(2, &[0]);
    assert_eq!(machine.health(), PrinterHealth::Ok);
    machine
}

/// A job whose bytes have all left, with the id that will confirm it.
fn sent(machine: &mut Machine) -> ProcessId {
    machine.submit(10, job(7));
    assert_eq!(machine.phase(), Some(Phase::Preflight));
    assert_eq!(take(machine, 10), questions());
    machine.handle_bytes(11, &GOOD);
    assert_eq!(machine.phase(), Some(Phase::Sending { sent: 0, of: 100 }));
    let id = ProcessId::from_number(2);
    let mut expected = vec![0xaa; 100];
    expected.extend(id.request());
    assert_eq!(take(machine, 12), expected);
    assert_eq!(machine.phase(), Some(Phase::AwaitConfirm));
    id
}

#[test]
fn a_ticket_is_printed_when_its_own_id_comes_back() {
    let mut machine = ready();
    let id = sent(&mut machine);
    machine.handle_bytes(13, &ProcessId::from_number(1).response());
    assert_eq!(results(&mut machine), []);
    machine.handle_bytes(14, &id.response());
    assert_eq!(
        results(&mut machine),
        [("7".to_owned(), PrintOutcome::Printed)]
    );
    assert_eq!(machine.phase(), None);
}

#[test]
fn no_byte_is_sent_to_a_printer_that_cannot_print() {
    for (answers, cause) in [
        (PAPER_OUT, "paper_out"),
        ([0x1a, 0x16, 0x12, 0x12], "cover_open"),
        ([0x1a, 0x52, 0x1a, 0x12], "cutter"),
        ([0x1a, 0x52, 0x32, 0x12], "error"),
        ([0x1a, 0x12, 0x12, 0x12], "offline"),
    ] {
        let mut machine = ready();
        machine.submit(10, job(7));
        take(&mut machine, 10);
        machine.handle_bytes(11, &answers);
        assert_eq!(results(&mut machine), [("7".to_owned(), failed(cause))]);
        assert!(!take(&mut machine, 11).contains(&0xaa));
    }
}

#[test]
fn a_silent_printer_fails_the_job_before_its_first_byte() {
    let mut machine = ready();
    machine.submit(10, job(7));
    let mut now_ms = 10;
    while machine.phase().is_some() {
        assert!(!take(&mut machine, now_ms).contains(&0xaa));
        let (at_ms, _) = machine.deadline().unwrap();
        now_ms = at_ms;
        machine.handle_timeout(now_ms);
    }
    assert_eq!(results(&mut machine), [("7".to_owned(), failed("silent"))]);
    assert_eq!(machine.health(), PrinterHealth::Silent);
    assert!(now_ms < 5_000);
    // Power is back: it is woken like a new one, without another probe.
    machine.handle_timeout(now_ms + 1_000);
    take(&mut machine, now_ms + 1_000);
    machine.handle_bytes(now_ms + 1_001, &GOOD);
    assert_eq!(machine.health(), PrinterHealth::Ok);
    let woken = take(&mut machine, now_ms + 1_001);
    assert!(woken.ends_with(&ENABLE_ASB));
}

#[test]
fn paper_that_ends_in_the_middle_leaves_the_result_unknown_and_no_ghost() {
    let mut machine = ready();
    machine.submit(10, job(7));
    take(&mut machine, 10);
    machine.handle_bytes(11, &GOOD);
    machine.handle_written(12, 40);
    machine.handle_bytes(13, &[0x18, 0, 0x0c, 0x0f]);
    assert_eq!(machine.pending_write(), [] as [u8; 0], "held back");
    assert_eq!(machine.deadline(), Some((13 + GRACE_MS, "trouble")));
    machine.handle_timeout(13 + GRACE_MS);
    assert_eq!(
        results(&mut machine),
        [("7".to_owned(), unknown("paper_out"))]
    );
    let after = take(&mut machine, 2_000);
    assert!(after.starts_with(&CLEAR_BUFFERS));
    assert!(!after.contains(&0xaa));
    // Cleared and refilled: flushed and woken before the next job.
    machine.handle_bytes(2_001, &[0x37, 0x25, 0]);
    let now_ms = machine.deadline().unwrap().0.max(2_001);
    machine.handle_timeout(now_ms);
    take(&mut machine, now_ms);
    machine.handle_bytes(now_ms, &GOOD);
    let woken = take(&mut machine, now_ms);
    // The stub is cut off, so that the next number does not stand on the same paper.
    let expected = [&[0; FLUSH], &INITIALIZE[..], CUT, &INITIALIZE, &ENABLE_ASB].concat();
    assert_eq!(woken, expected);
    machine.submit(now_ms, job(8));
    take(&mut machine, now_ms);
    machine.handle_bytes(now_ms, &GOOD);
    assert!(take(&mut machine, now_ms).starts_with(&[0xaa; 100]));
}

#[test]
fn a_ticket_that_used_the_last_paper_is_still_confirmed() {
    let mut machine = ready();
    let id = sent(&mut machine);
    machine.handle_bytes(13, &[0x18, 0, 0x0c, 0x0f]);
    machine.handle_bytes(14, &id.response());
    assert_eq!(
        results(&mut machine),
        [("7".to_owned(), PrintOutcome::Printed)]
    );
    assert_eq!(machine.health(), PrinterHealth::PaperOut);
}

#[test]
fn a_lost_line_is_unknown_after_the_first_byte_and_failed_before() {
    for (written, outcome) in [(0, failed("port_missing")), (1, unknown("link_lost"))] {
        let mut machine = ready();
        machine.submit(10, job(7));
        take(&mut machine, 10);
        machine.handle_bytes(11, &GOOD);
        if written > 0 {
            machine.handle_written(12, written);
        }
        machine.handle_disconnected(13, "gone");
        assert_eq!(results(&mut machine), [("7".to_owned(), outcome)]);
        assert_eq!(machine.deadline(), None);
        // A job now fails at once, and nothing is sent again after the replug.
        machine.submit(14, job(8));
        assert_eq!(
            results(&mut machine),
            [("8".to_owned(), failed("port_missing"))]
        );
        machine.handle_connected(20);
        let asked = take(&mut machine, 20);
        assert_eq!(asked.starts_with(&CLEAR_BUFFERS), written > 0);
        if written > 0 {
            machine.handle_bytes(21, &[0x37, 0x25, 0]);
        }
        machine.handle_bytes(21, &GOOD);
        let woken = take(&mut machine, 21);
        assert_eq!(woken.starts_with(&[0; FLUSH]), written > 0);
        // Another printer may have taken its place: what it answers is tried anew.
        assert!(woken.ends_with(&FULL_STATUS));
        assert!(!woken.contains(&0xaa));
    }
}

#[test]
fn a_missing_confirmation_is_unknown() {
    let mut machine = ready();
    sent(&mut machine);
    let mut now_ms = 12;
    while machine.phase().is_some() {
        now_ms = machine.deadline().unwrap().0;
        machine.handle_timeout(now_ms);
        if take(&mut machine, now_ms) == questions() {
            machine.handle_bytes(now_ms, &GOOD);
        }
    }
    assert_eq!(now_ms, 12 + CONFIRM_MS);
    assert_eq!(
        results(&mut machine),
        [("7".to_owned(), unknown("no_answer"))]
    );
    // It says that all is well and may be stuck. That is known until it confirms a ticket.
    assert_eq!(machine.health(), PrinterHealth::Unconfirmed);
    machine.handle_bytes(now_ms, &[0x37, 0x25, 0]);
    take(&mut machine, now_ms);
    machine.handle_bytes(now_ms, &GOOD);
    take(&mut machine, now_ms);
    assert_eq!(machine.health(), PrinterHealth::Unconfirmed);
    machine.submit(now_ms, job(8));
    take(&mut machine, now_ms);
    machine.handle_bytes(now_ms, &GOOD);
    let asked = take(&mut machine, now_ms);
    let id = ProcessId::from_number(3);
    assert!(asked.ends_with(&id.request()));
    machine.handle_bytes(now_ms, &id.response());
    assert_eq!(
        results(&mut machine),
        [("8".to_owned(), PrintOutcome::Printed)]
    );
    assert_eq!(machine.health(), PrinterHealth::Ok);
}

#[test]
fn a_printer_that_says_what_cannot_be_read_is_not_believed() {
    let mut machine = ready();
    // Among it what looks like the end of the paper.
    let noise = [[0x9d, 0xe3, 0xff], [0x72, 0x81, 0xc0]].concat().repeat(6);
    machine.handle_bytes(100, &noise);
    assert_eq!(machine.health(), PrinterHealth::Garbled);
    let mut now_ms = 100;
    while now_ms < 100 + 3 * GARBLED_MS {
        now_ms = machine.deadline().unwrap().0.max(now_ms + 1);
        machine.handle_timeout(now_ms);
        if take(&mut machine, now_ms).ends_with(&questions()) {
            machine.handle_bytes(now_ms, &GOOD);
        }
    }
    assert_eq!(machine.health(), PrinterHealth::Ok);
}

/// A connected printer that answers a probe with no more than these bytes, and the time when that is known.
fn probed(answer: &[u8]) -> (Machine, u64) {
    let mut machine = machine();
    machine.handle_connected(0);
    take(&mut machine, 0);
    machine.handle_bytes(1, &GOOD);
    take(&mut machine, 1);
    machine.handle_bytes(2, answer);
    let mut now_ms = 2;
    while machine.confirmation.is_none() {
        now_ms = machine.deadline().unwrap().0;
        machine.handle_timeout(now_ms);
        if take(&mut machine, now_ms) == questions() {
            machine.handle_bytes(now_ms, &GOOD);
        }
    }
    (machine, now_ms)
}

/// A printer without process ids: the fence and then a good status.
#[test]
fn a_fence_confirms_only_with_a_good_status_after_it() {
    for (status, outcome) in [
        (GOOD, PrintOutcome::Printed),
        (PAPER_OUT, unknown("paper_out")),
    ] {
        let (mut machine, mut now_ms) = probed(&[0]);
        assert_eq!(machine.confirmation, Some(Confirmation::Fence));
        machine.submit(now_ms, job(7));
        let asked = take(&mut machine, now_ms);
        assert_eq!(asked, questions());
        machine.handle_bytes(now_ms, &GOOD);
        assert!(take(&mut machine, now_ms).ends_with(&PAPER_FENCE));
        machine.handle_bytes(now_ms, &[0]);
        assert_eq!(results(&mut machine), []);
        assert_eq!(take(&mut machine, now_ms), questions());
        machine.handle_bytes(now_ms, &status);
        while machine.phase().is_some() {
            now_ms = machine.deadline().unwrap().0.max(now_ms);
            machine.handle_timeout(now_ms);
        }
        assert_eq!(results(&mut machine), [("7".to_owned(), outcome)]);
    }
}

/// A printer that confirms nothing is left alone: the ticket must come out.
#[test]
fn without_any_confirmation_the_result_is_unknown_and_nothing_is_cleared() {
    let (mut machine, probe_ms) = probed(&[]);
    assert_eq!(machine.confirmation, Some(Confirmation::None));
    machine.submit(probe_ms, job(7));
    take(&mut machine, probe_ms);
    machine.handle_bytes(probe_ms, &GOOD);
    let written = take(&mut machine, probe_ms);
    assert_eq!(written, vec![0xaa; 100]);
    assert_eq!(
        results(&mut machine),
        [("7".to_owned(), unknown("no_confirmation"))]
    );
}

/// Runs an idle machine against a printer that answers `DLE EOT` after `delay_ms`, but for the questions numbered in
/// `lost`, for a minute. Gives how long after the last answer it counted as silent.
fn idle(machine: &mut Machine, delay_ms: u64, lost: &[usize]) -> Option<u64> {
    let (mut answers_at, mut asked) = (VecDeque::new(), 0);
    let (mut now_ms, mut answered_ms) = (3, 3);
    while now_ms < 60_000 {
        if take(machine, now_ms) == questions() {
            if !lost.contains(&asked) {
                answers_at.push_back(now_ms + delay_ms);
            }
            asked += 1;
        }
        if machine.health() == PrinterHealth::Silent {
            return Some(now_ms - answered_ms);
        }
        let deadline_ms = machine.deadline().unwrap().0;
        match answers_at.front().copied() {
            Some(at_ms) if at_ms <= deadline_ms => {
                answers_at.pop_front();
                (now_ms, answered_ms) = (at_ms, at_ms);
                machine.handle_bytes(now_ms, &GOOD);
            }
            _ => {
                now_ms = deadline_ms;
                machine.handle_timeout(now_ms);
            }
        }
    }
    None
}

/// The worst moment to lose power is just after an answer.
#[test]
fn an_idle_printer_without_power_is_missed_within_two_seconds() {
    for bytes_per_second in [None, Some(960)] {
        let mut machine = ready_on(bytes_per_second);
        let missed_ms = idle(&mut machine, 0, &[10, 11]).unwrap();
        assert!(missed_ms < 2_000, "{missed_ms}");
    }
}

#[test]
fn one_lost_answer_and_slow_ones_are_no_alarm() {
    // 960 bytes a second: 9600 baud.
    for (delay_ms, lost) in [(0, &[3, 5, 9][..]), (IDLE_ANSWER_MS - 20, &[][..])] {
        let mut machine = ready_on(Some(960));
        assert_eq!(idle(&mut machine, delay_ms, lost), None);
        assert_eq!(machine.health(), PrinterHealth::Ok);
    }
}

/// The ticket may stand in the line's buffers for long after the machine has handed it over.
#[test]
fn a_printer_that_is_still_busy_with_an_unconfirmed_ticket_is_not_hurried() {
    let (mut machine, probe_ms) = probed(&[]);
    machine.submit(probe_ms, job(7));
    take(&mut machine, probe_ms);
    machine.handle_bytes(probe_ms, &GOOD);
    take(&mut machine, probe_ms);
    assert!(!machine.is_idle(probe_ms + CONFIRM_MS - 1));
    assert!(machine.is_idle(probe_ms + CONFIRM_MS));
    let (asked_ms, why) = machine.deadline().unwrap();
    assert_eq!(why, "heartbeat");
    machine.handle_timeout(asked_ms);
    assert_eq!(machine.deadline(), Some((asked_ms + ANSWER_MS, "answer")));
}

#[test]
fn a_one_way_printer_gets_its_ticket_and_nobody_waits_for_a_word() {
    let mut machine = on_line(None, true);
    machine.handle_connected(0);
    assert_eq!(machine.health(), PrinterHealth::OneWay);
    assert_eq!(take(&mut machine, 0), [0; FLUSH], "no question");
    assert_eq!(machine.deadline(), None);
    machine.submit(10, job(7));
    assert_eq!(take(&mut machine, 10), vec![0xaa; 100]);
    assert_eq!(
        results(&mut machine),
        [("7".to_owned(), unknown("one_way"))]
    );
    assert_eq!(machine.deadline(), None);
    machine.handle_disconnected(20, "gone");
    machine.submit(21, job(8));
    assert_eq!(
        results(&mut machine),
        [("8".to_owned(), failed("port_missing"))]
    );
}

#[test]
fn jobs_are_printed_one_after_the_other() {
    let mut machine = ready();
    let id = sent(&mut machine);
    machine.submit(13, job(8));
    assert!(!take(&mut machine, 13).contains(&0xaa));
    machine.handle_bytes(14, &id.response());
    assert_eq!(machine.phase(), Some(Phase::Preflight));
}

/// A connected printer that answers for its output, at 3 ms, and has just printed a ticket, at 14 ms.
fn printed_into_the_output() -> Machine {
    let mut machine = ready();
    machine.handle_bytes(3, &EMPTY);
    machine.submit(10, job(7));
    let mut asked = FULL_STATUS.to_vec();
    asked.extend(questions());
    assert_eq!(take(&mut machine, 10), asked);
    machine.handle_bytes(11, &EMPTY);
    machine.handle_bytes(11, &GOOD);
    take(&mut machine, 12);
    machine.handle_bytes(14, &ProcessId::from_number(2).response());
    assert_eq!(
        results(&mut machine),
        [("7".to_owned(), PrintOutcome::Printed)]
    );
    machine
}

/// Lets the time come at which the printer is asked next, and has it answer for its output.
fn answer(machine: &mut Machine, output: [u8; 6]) -> u64 {
    let (now_ms, why) = machine.deadline().unwrap();
    assert_eq!(why, "heartbeat");
    machine.handle_timeout(now_ms);
    assert!(take(machine, now_ms).starts_with(&FULL_STATUS));
    machine.handle_bytes(now_ms, &output);
    machine.handle_bytes(now_ms, &GOOD);
    now_ms
}

fn events(machine: &mut Machine) -> Vec<PrinterEvent> {
    std::iter::from_fn(|| machine.poll_event()).collect()
}

#[test]
fn a_ticket_is_taken_when_it_has_been_in_the_output_and_no_longer_is() {
    let mut machine = printed_into_the_output();
    // The hand is seen soon, also the first time.
    assert!(answer(&mut machine, EMPTY) <= 14 + WATCH_POLL_MS);
    let seen_ms = answer(&mut machine, HOLDS_TICKET);
    assert_eq!(events(&mut machine), []);
    assert_eq!(
        answer(&mut machine, EMPTY),
        seen_ms + WATCH_POLL_MS,
        "asked often"
    );
    assert_eq!(events(&mut machine), [PrinterEvent::Taken(TicketId(7))]);
    answer(&mut machine, EMPTY);
    assert_eq!(events(&mut machine), []);
}

#[test]
fn a_ticket_that_the_printer_moves_itself_is_not_taken() {
    let mut machine = printed_into_the_output();
    answer(&mut machine, HOLDS_TICKET);
    // Its motor runs.
    answer(&mut machine, [0x10, 0x0f, 0, 0x08, 0, 0]);
    answer(&mut machine, EMPTY);
    assert_eq!(events(&mut machine), []);
}

#[test]
fn a_bit_that_was_never_seen_to_come_means_no_ticket() {
    let mut machine = ready();
    machine.handle_bytes(3, &HOLDS_TICKET);
    machine.submit(10, job(7));
    take(&mut machine, 10);
    machine.handle_bytes(11, &HOLDS_TICKET);
    machine.handle_bytes(11, &GOOD);
    assert_eq!(machine.phase(), Some(Phase::Sending { sent: 0, of: 100 }));
}

#[test]
fn a_ticket_left_in_the_output_is_told_and_holds_the_next_until_it_is_taken() {
    let mut machine = printed_into_the_output();
    let seen_ms = answer(&mut machine, HOLDS_TICKET);
    let mut now_ms = seen_ms;
    while machine.health() == PrinterHealth::Ok {
        now_ms = machine.deadline().unwrap().0;
        machine.handle_timeout(now_ms);
        take(&mut machine, now_ms);
        machine.handle_bytes(now_ms, &HOLDS_TICKET);
        machine.handle_bytes(now_ms, &GOOD);
    }
    assert_eq!(now_ms, seen_ms + 30_000);
    assert_eq!(
        events(&mut machine),
        [PrinterEvent::Health(PrinterHealth::TicketNotTaken)]
    );
    machine.submit(now_ms, job(8));
    take(&mut machine, now_ms);
    machine.handle_bytes(now_ms, &HOLDS_TICKET);
    machine.handle_bytes(now_ms, &GOOD);
    answer(&mut machine, HOLDS_TICKET);
    assert_eq!(
        events(&mut machine),
        [PrinterEvent::Held(TicketId(8), true)]
    );
    answer(&mut machine, EMPTY);
    let told = events(&mut machine);
    assert!(told.contains(&PrinterEvent::Taken(TicketId(7))));
    assert!(told.contains(&PrinterEvent::Held(TicketId(8), false)));
    assert!(told.contains(&PrinterEvent::Health(PrinterHealth::Ok)));
    assert_eq!(machine.phase(), Some(Phase::Sending { sent: 0, of: 100 }));
}

#[test]
fn a_job_does_not_wait_for_ever_for_the_ticket_before_it() {
    let mut machine = printed_into_the_output();
    let mut now_ms = answer(&mut machine, HOLDS_TICKET);
    machine.submit(now_ms, job(8));
    while machine.phase().is_some() {
        assert!(!take(&mut machine, now_ms).contains(&0xaa));
        machine.handle_bytes(now_ms, &HOLDS_TICKET);
        machine.handle_bytes(now_ms, &GOOD);
        now_ms = machine.deadline().unwrap().0;
        machine.handle_timeout(now_ms);
    }
    assert_eq!(
        results(&mut machine),
        [("8".to_owned(), failed("ticket_not_taken"))]
    );
}

#[test]
fn a_printer_that_stops_telling_of_its_output_is_not_waited_for() {
    let mut machine = printed_into_the_output();
    let now_ms = answer(&mut machine, HOLDS_TICKET);
    machine.submit(now_ms, job(8));
    take(&mut machine, now_ms);
    machine.handle_bytes(now_ms, &GOOD);
    assert_eq!(machine.phase(), Some(Phase::Preflight), "one may be lost");
    let now_ms = machine.deadline().unwrap().0;
    machine.handle_timeout(now_ms);
    take(&mut machine, now_ms);
    machine.handle_bytes(now_ms, &GOOD);
    assert_eq!(machine.phase(), Some(Phase::Sending { sent: 0, of: 100 }));
}

#[test]
fn a_job_waits_until_the_ticket_just_printed_has_come_into_the_output() {
    let mut machine = printed_into_the_output();
    answer(&mut machine, HOLDS_TICKET);
    let now_ms = answer(&mut machine, EMPTY);
    let whole = |machine: &mut Machine| {
        take(machine, now_ms);
        machine.handle_bytes(now_ms, &EMPTY);
        machine.handle_bytes(now_ms, &GOOD);
    };
    machine.submit(now_ms, job(8));
    machine.submit(now_ms, job(9));
    whole(&mut machine);
    take(&mut machine, now_ms);
    machine.handle_bytes(now_ms, &ProcessId::from_number(3).response());
    assert_eq!(
        results(&mut machine),
        [("8".to_owned(), PrintOutcome::Printed)]
    );
    // The paper has left the head, and is not in the output yet.
    whole(&mut machine);
    assert_eq!(machine.phase(), Some(Phase::Preflight));
    answer(&mut machine, HOLDS_TICKET);
    assert_eq!(machine.phase(), Some(Phase::Preflight));
    answer(&mut machine, EMPTY);
    assert_eq!(machine.phase(), Some(Phase::Sending { sent: 0, of: 100 }));
}

#[test]
fn a_full_queue_refuses() {
    let mut machine = ready();
    for name in 0..20 {
        machine.submit(10, job(name));
    }
    let refused = results(&mut machine);
    assert_eq!(refused.len(), 20 - QUEUE_MAX - 1);
    assert!(
        refused
            .iter()
            .all(|(_, outcome)| *outcome == failed("busy"))
    );
}

#[test]
fn health_is_told_once_per_change() {
    let mut machine = ready();
    let health = |machine: &mut Machine| {
        std::iter::from_fn(|| machine.poll_event())
            .filter_map(|event| match event {
                PrinterEvent::Health(health) => Some(health),
                PrinterEvent::Started(_)
                | PrinterEvent::Rest(_)
                | PrinterEvent::Done(_)
                | PrinterEvent::Held(..)
                | PrinterEvent::Taken(_)
                | PrinterEvent::TicketsLeft(_) => None,
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(health(&mut machine), [PrinterHealth::Ok]);
    for (asb, expected) in [
        ([0x10, 0, 3, 0x0f], PrinterHealth::NearEnd),
        ([0x38, 0, 0, 0x0f], PrinterHealth::CoverOpen),
        ([0x10, 0, 0, 0x0f], PrinterHealth::Ok),
    ] {
        machine.handle_bytes(20, &asb);
        machine.handle_bytes(21, &asb);
        assert_eq!(health(&mut machine), [expected]);
    }
}

#[derive(Clone, Debug)]
enum Step {
    Connect,
    Disconnect,
    Submit,
    Bytes(Vec<u8>),
    Write(usize),
    Time(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let answers = prop_oneof![
        Just(GOOD.to_vec()),
        Just(PAPER_OUT.to_vec()),
        Just(vec![0x10, 0, 0, 0x0f]),
        Just(vec![0x37, 0x25, 0]),
        Just(EMPTY.to_vec()),
        Just(HOLDS_TICKET.to_vec()),
        (0..12_u32).prop_map(|n| ProcessId::from_number(n).response().to_vec()),
        prop::collection::vec(any::<u8>(), 0..12),
    ];
    prop_oneof![
        1 => Just(Step::Connect),
        1 => Just(Step::Disconnect),
        3 => Just(Step::Submit),
        6 => answers.prop_map(Step::Bytes),
        6 => (1..200_usize).prop_map(Step::Write),
        3 => (1..4_000_u64).prop_map(Step::Time),
    ]
}

proptest! {
    /// Whatever the printer says and whenever the line breaks: every job has exactly one result, one that failed has not
    /// had a byte sent, and of none a byte is sent before it was said that it begins.
    #[test]
    fn every_job_ends_once_and_truly(
        steps in prop::collection::vec(step(), 0..120),
        one_way: bool,
    ) {
        let mut machine = on_line(None, one_way);
        let mut now_ms = 0;
        let mut submitted = 0;
        let mut ended: Vec<(String, PrintOutcome)> = Vec::new();
        let mut started = Vec::new();
        let mut noted = Vec::new();
        let mut open = false;
        for step in steps {
            match step {
                Step::Connect if !open => { machine.handle_connected(now_ms); open = true; }
                Step::Disconnect if open => { machine.handle_disconnected(now_ms, "gone"); open = false; }
                Step::Submit => { machine.submit(now_ms, job(submitted)); submitted += 1; }
                Step::Bytes(bytes) if open => machine.handle_bytes(now_ms, &bytes),
                Step::Write(count) if open => {
                    let pending = machine.pending_write();
                    let count = count.min(pending.len());
                    if count > 0 {
                        if pending[..count].contains(&0xaa) && let Some(active) = &machine.active {
                            prop_assert!(noted.contains(&active.job.id), "{} has not begun", active.job.job);
                            started.push(active.job.job.clone());
                        }
                        machine.handle_written(now_ms, count);
                    }
                }
                Step::Time(ms) => { now_ms += ms; if open { machine.handle_timeout(now_ms); } }
                _ => {}
            }
            while let Some(event) = machine.poll_event() {
                match event {
                    PrinterEvent::Started(start) => noted.push(start.id),
                    PrinterEvent::Done(result) => ended.push((result.job, result.outcome)),
                    PrinterEvent::Health(_)
                    | PrinterEvent::Rest(_)
                    | PrinterEvent::Held(..)
                    | PrinterEvent::Taken(_)
                    | PrinterEvent::TicketsLeft(_) => {}
                }
            }
            if let Some((at_ms, why)) = machine.deadline() && at_ms <= now_ms {
                // Due work is done by the next call, never an endless loop.
                machine.handle_timeout(now_ms);
                ended.extend(results(&mut machine));
                prop_assert!(machine.deadline().is_none_or(|(at_ms, _)| at_ms > now_ms), "{why} stays due");
            }
        }
        machine.handle_disconnected(now_ms, "end");
        ended.extend(results(&mut machine));
        let mut names: Vec<_> = ended.iter().map(|(name, _)| name.clone()).collect();
        names.sort();
        let mut expected: Vec<_> = (0..submitted).map(|name| name.to_string()).collect();
        expected.sort();
        prop_assert_eq!(names, expected);
        for (name, outcome) in &ended {
            let has_started = started.contains(name);
            prop_assert_eq!(matches!(outcome, PrintOutcome::Failed { .. }), !has_started, "{} {:?}", name, outcome);
        }
    }
}
