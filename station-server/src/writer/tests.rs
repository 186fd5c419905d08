//! What happens when the disk fails under the writer: needs its connection, which nobody outside can have.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use queue_core::{
    Actor, ClassId, ClassPlan, Command, Envelope, NewTicket, Series, ServiceId, ServicePlan,
    StationPlan, TicketId,
};

use super::{Clock, Lane, Ledger, SubmitError, Writer, WriterConfig};
use crate::journal::{Access, Journal};
use crate::zone::Zone;

/// 2026-11-23 09:00 in Taipei, standing still; breaks on demand.
#[derive(Default)]
struct NineOClock {
    broken: AtomicBool,
}

impl Clock for NineOClock {
    fn now_ms(&self) -> i64 {
        assert!(!self.broken.load(Ordering::SeqCst), "a defect");
        1_795_395_600_000
    }
    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }
}

fn plan() -> StationPlan {
    let service = ServicePlan {
        identity_check: false,
        series: Series::new("A").unwrap(),
        wait_standard_s: Some(900),
        expected_handling_s: 300,
        steps: vec![],
    };
    let regular = ClassId::new("regular").unwrap();
    StationPlan {
        services: [(ServiceId::new("permit").unwrap(), service)].into(),
        classes: [(regular.clone(), ClassPlan::default())].into(),
        default_class: Some(regular),
        ..StationPlan::default()
    }
}

fn config(dir: &Path, clock: &Arc<NineOClock>, fatal: mpsc::Sender<String>) -> WriterConfig {
    WriterConfig {
        data_dir: dir.to_owned(),
        station: "test".to_owned(),
        plan: plan(),
        timezone: "Asia/Taipei".to_owned(),
        auto_day: true,
        schedule: None,
        sessions: Default::default(),
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        on_fatal: Box::new(move |fault| drop(fatal.send(fault.to_owned()))),
    }
}

fn issue(nth: u128) -> Envelope {
    Envelope {
        command_ref: None,
        actor: Actor("test/hand".to_owned()),
        command: Command::IssueTicket(NewTicket {
            ticket: TicketId(nth),
            service: ServiceId::new("permit").unwrap(),
            class: None,
            language: None,
            channel: ServiceId::new("kiosk").unwrap(),
            persons: 1,
            then: vec![],
            terms: queue_core::Terms::default(),
        }),
    }
}

#[test]
fn a_full_disk_answers_nobody_is_told_to_everybody_and_loses_nothing_confirmed() {
    let dir = tempfile::tempdir().unwrap();
    let (fatal, told) = mpsc::channel();
    let clock = Arc::new(NineOClock::default());
    let zone = Zone::named("Asia/Taipei").unwrap();
    let ledger = Ledger::open(dir.path(), None, Some(&zone)).unwrap();
    ledger
        .journal()
        .sql(|db| db.pragma_update(None, "max_page_count", 40))
        .unwrap();
    let (handle, live, thread) =
        Writer::start_on(ledger, config(dir.path(), &clock, fatal)).unwrap();
    let (mut confirmed, mut nth) = (0, 0);
    let fault = loop {
        nth += 1;
        match handle.submit_blocking(Lane::People, issue(nth)) {
            Ok(_) => confirmed = nth,
            Err(SubmitError::StorageFault(fault)) => break fault,
            Err(other) => panic!("{other}"),
        }
    };
    thread.join().unwrap();
    assert!(confirmed > 0);
    assert!(fault.contains("is full: free some space"), "{fault}");
    assert_eq!(live.storage_fault().as_ref(), Some(&fault));
    assert_eq!(told.try_recv().as_ref(), Ok(&fault));
    // Whoever comes later hears the same.
    let late = handle.submit_blocking(Lane::People, issue(nth + 1));
    assert_eq!(late, Err(SubmitError::StorageFault(fault)));
    assert_eq!(
        live.engine().tickets().count() as u128,
        confirmed,
        "nothing unconfirmed is shown"
    );
    let journal = Journal::open(dir.path(), Access::ReadWrite).unwrap();
    let engine = journal.load().unwrap();
    assert_eq!(engine.fingerprint(), live.engine().fingerprint());
    journal.verify_all().unwrap();
}

#[test]
fn a_defect_in_the_writer_ends_it_as_a_disk_failure_does() {
    let dir = tempfile::tempdir().unwrap();
    let (fatal, told) = mpsc::channel();
    let clock = Arc::new(NineOClock::default());
    let (handle, live, thread) = Writer::start(config(dir.path(), &clock, fatal)).unwrap();
    handle.submit_blocking(Lane::People, issue(1)).unwrap();
    clock.broken.store(true, Ordering::SeqCst);
    let unanswered = handle.submit_blocking(Lane::People, issue(2));
    assert!(
        matches!(unanswered, Err(SubmitError::StorageFault(_))),
        "{unanswered:?}"
    );
    thread.join().unwrap();
    assert!(told.try_recv().is_ok());
    assert!(live.storage_fault().is_some());
}
