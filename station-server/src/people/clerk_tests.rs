use std::sync::LazyLock;

use super::*;
use proptest::prelude::*;
use protocol::{CurrentVisitor, QueueItem};
use queue_core::StationTime;

const SERVICES: [&str; 2] = ["resident-certificate", "stay-extension"];

/// A counter as far as a console shows it, by the engine's rules.
#[derive(Clone)]
struct Counter {
    state: CounterState,
    staff: Option<StaffId>,
    current: Option<(TicketId, TicketState, u32)>,
    held: Vec<TicketId>,
    /// How often the next calls of somebody put aside call somebody else with the same digits.
    twins: u32,
    waiting: usize,
    asking: Option<TicketId>,
    last_ticket: u128,
    now_ms: u64,
}

impl Counter {
    fn new(waiting: usize) -> Self {
        Self {
            state: CounterState::Closed,
            staff: None,
            current: None,
            held: vec![],
            twins: 0,
            waiting,
            asking: None,
            last_ticket: 0,
            now_ms: 0,
        }
    }

    fn view(&self) -> CounterView {
        let at = StationTime(i64::try_from(self.now_ms).unwrap());
        let service = |t: TicketId| ServiceId::new(SERVICES[(t.0 % 2) as usize]).unwrap();
        let number = |t: TicketId| format!("A{:03}", t.0).parse().unwrap();
        let held = |t: &TicketId| QueueItem {
            ticket: *t,
            number: number(*t),
            service: service(*t),
            class: "regular".parse().unwrap(),
            language: None,
            issued_at: at,
            slot: None,
            directed: false,
            helping: false,
            get_ready: false,
            may_return: false,
            wait_standard_s: Some(900),
            note: String::new(),
            room: None,
            place: None,
            persons: 1,
        };
        CounterView {
            seq: 0,
            at,
            counter: "1".parse().unwrap(),
            day: Some("2026-03-02".parse().unwrap()),
            state: self.state.clone(),
            since: at,
            staff: self.staff.clone(),
            current: self.current.map(|(ticket, state, calls)| CurrentVisitor {
                ticket,
                number: number(ticket),
                service: service(ticket),
                class: "regular".parse().unwrap(),
                language: None,
                state,
                channel: "kiosk".parse().unwrap(),
                issued_at: at,
                slot: None,
                first_called_at: Some(at),
                called_at: Some(at),
                call: None,
                started_at: None,
                calls,
                announced_by: vec![],
                trail: vec![],
                why: None,
                sent_from: None,
                rating_invited: false,
                then: vec![],
                stays: false,
                persons: 1,
                usual_handling_s: None,
            }),
            next: None,
            waiting: vec![],
            waiting_count: self.waiting,
            unverified: None,
            held: self.held.iter().map(held).collect(),
            no_show: vec![],
            station_waiting: self.waiting,
            oldest_waiting_since: None,
            undo: None,
            asking: self.asking,
            asking_number: None,
            asking_language: None,
            served_today: 0,
            mean_handling_s: None,
            troubles: vec![],
            routing: Default::default(),
            refused_press: None,
        }
    }

    fn call(&mut self) {
        if self.waiting > 0 {
            self.waiting -= 1;
            self.last_ticket += 1;
            self.asking = None;
            self.current = Some((TicketId(self.last_ticket), TicketState::Called, 1));
        }
    }

    /// Carries out an act; false where the engine would refuse it.
    fn carry_out(&mut self, act: &Act) -> bool {
        let is_open = self.state == CounterState::Open;
        let current = self.current.filter(|_| is_open);
        let is = |of: &TicketId| current.is_some_and(|(ticket, ..)| ticket == *of);
        let called = current.is_some_and(|(_, state, _)| state == TicketState::Called);
        match act {
            Act::Open(staff) => {
                self.state = CounterState::Open;
                self.staff = Some(staff.clone());
            }
            Act::Return if !is_open => self.state = CounterState::Open,
            Act::Pause(_) if is_open && current.is_none() => {
                let reason = "lunch".to_owned();
                self.state = CounterState::Paused {
                    reason,
                    until: None,
                };
            }
            Act::CallNext if is_open && current.is_none() && self.waiting > 0 => self.call(),
            Act::CallBack(..) if is_open && current.is_none() && self.twins > 0 => {
                self.twins -= 1;
                self.call();
            }
            Act::CallBack(of, _) if is_open && current.is_none() && self.held.contains(of) => {
                self.held.retain(|t| t != of);
                self.current = Some((*of, TicketState::Serving, 1));
            }
            Act::Recall(of) if is(of) && called => {
                self.current = current.map(|(t, s, n)| (t, s, n + 1));
            }
            Act::Start(of) if is(of) && called => {
                self.current = current.map(|(t, _, n)| (t, TicketState::Serving, n));
            }
            Act::NoShow(of) if is(of) && called => self.current = None,
            Act::Finish(of) if is(of) => {
                self.current = None;
                self.asking = Some(*of);
            }
            Act::FinishAndNext(of) if is(of) => {
                self.current = None;
                self.call();
            }
            Act::Hold(of, _) if is(of) => {
                self.current = None;
                self.held.push(*of);
            }
            Act::Transfer(of, to) if is(of) && to.as_str() == "2" => self.current = None,
            Act::Rate(..) => self.asking = None,
            _ => return false,
        }
        true
    }
}

static CUSTOMS: LazyLock<Customs> =
    LazyLock::new(|| Customs::of(station_config::DemoProfile::default()).unwrap());

fn clerk(seed: u64, speed: u32, starts: bool) -> Clerk {
    let skills = SERVICES
        .iter()
        .map(|s| ServiceId::new(s).unwrap())
        .collect();
    let post = Post {
        staff: "lin".parse().unwrap(),
        place: 0,
        starts,
        colleagues: vec![("2".parse().unwrap(), skills)],
        is_recalled_for: false,
        customs: CUSTOMS.clone(),
        pace: Pace::new(speed),
    };
    Clerk::new(post, Random::new(seed))
}

/// Lets the clerk work on `counter` until `until_ms`; the acts in order.
fn work(clerk: &mut Clerk, counter: &mut Counter, until_ms: u64) -> Vec<Act> {
    let mut acts = Vec::new();
    loop {
        while let Some(act) = clerk.poll(counter.now_ms) {
            assert!(
                counter.carry_out(&act),
                "{act:?} is against the rules, after {acts:?}"
            );
            clerk.hear(counter.now_ms, &act, Outcome::Taken);
            clerk.see(counter.now_ms, counter.view());
            acts.push(act);
        }
        match clerk.deadline_ms() {
            Some(at) if at <= until_ms => counter.now_ms = counter.now_ms.max(at),
            _ => break,
        }
    }
    counter.now_ms = counter.now_ms.max(until_ms);
    acts
}

/// A clerk in the middle of the work.
fn at_work(seed: u64, starts: bool) -> (Clerk, Counter) {
    let (mut clerk, mut counter) = (clerk(seed, 20, starts), Counter::new(10_000));
    clerk.see(0, counter.view());
    work(&mut clerk, &mut counter, 60_000);
    (clerk, counter)
}

#[test]
fn a_day_at_the_counter_has_everything_in_it() {
    for starts in [true, false] {
        let (mut clerk, mut counter) = (clerk(1, 20, starts), Counter::new(10_000));
        clerk.see(0, counter.view());
        // Ten days of nine hours at twenty times the pace.
        let acts = work(&mut clerk, &mut counter, 10 * 9 * 3_600_000 / 20);
        let count = |test: &dyn Fn(&Act) -> bool| acts.iter().filter(|a| test(a)).count();
        assert_eq!(count(&|a| matches!(a, Act::Open(_))), 1);
        // A visit as long as a lunch costs the clerk the lunch.
        let lunches = count(&|a| matches!(a, Act::Pause(_)));
        assert!((6..=10).contains(&lunches), "{lunches}");
        assert_eq!(count(&|a| matches!(a, Act::Return)), lunches);
        let visits = count(&|a| matches!(a, Act::Finish(_) | Act::FinishAndNext(_)));
        assert!((500..800).contains(&visits), "{visits}");
        let share = |test: &dyn Fn(&Act) -> bool| count(test) as f64 / visits as f64;
        assert!((0.01..0.08).contains(&share(&|a| matches!(a, Act::NoShow(_)))));
        assert!((0.01..0.06).contains(&share(&|a| matches!(a, Act::Hold(..)))));
        assert!((0.01..0.06).contains(&share(&|a| matches!(a, Act::CallBack(..)))));
        assert!((0.01..0.06).contains(&share(&|a| matches!(a, Act::Transfer(..)))));
        assert!((0.3..0.5).contains(&share(&|a| matches!(a, Act::FinishAndNext(_)))));
        assert!((0.48..0.62).contains(&share(&|a| matches!(a, Act::Rate(..)))));
        assert_eq!(count(&|a| matches!(a, Act::Start(_))) > 0, starts);
    }
}

#[test]
fn whoever_is_put_aside_is_called_back_though_others_have_the_same_digits() {
    let (mut clerk, mut counter) = at_work(3, false);
    while counter.held.is_empty() {
        let until_ms = counter.now_ms + 10_000;
        work(&mut clerk, &mut counter, until_ms);
    }
    let aside = counter.held[0];
    counter.twins = 3;
    let until_ms = counter.now_ms + 600_000;
    let acts = work(&mut clerk, &mut counter, until_ms);
    let back = |act: &&Act| matches!(act, Act::CallBack(of, _) if *of == aside);
    assert_eq!(acts.iter().filter(back).count(), 4);
    assert!(!counter.held.contains(&aside));
}

#[test]
fn a_free_clerk_looks_up_when_somebody_comes_in() {
    let (mut clerk, mut counter) = (clerk(1, 20, true), Counter::new(0));
    clerk.see(0, counter.view());
    let acts = work(&mut clerk, &mut counter, 60_000);
    assert_eq!(acts, [Act::Open("lin".parse().unwrap())]);
    counter.waiting = 1;
    clerk.see(60_000, counter.view());
    let acts = work(&mut clerk, &mut counter, 63_000);
    assert!(acts.contains(&Act::CallNext), "{acts:?}");
}

#[test]
fn a_refusal_is_met_calmly() {
    let (mut clerk, counter) = (clerk(1, 1000, true), Counter::new(5));
    clerk.see(0, counter.view());
    let mut tried = Vec::new();
    let mut now_ms = 0;
    while now_ms < 60_000 {
        now_ms = clerk.deadline_ms().unwrap();
        if let Some(act) = clerk.poll(now_ms) {
            clerk.hear(now_ms, &act, Outcome::Refused);
            tried.push(now_ms);
        }
    }
    assert!((5..12).contains(&tried.len()), "{tried:?}");
    assert!(
        tried.windows(2).skip(1).all(|t| t[1] - t[0] >= 900),
        "{tried:?}"
    );
}

#[test]
fn an_act_without_effect_is_tried_again_and_its_late_effect_is_no_surprise() {
    let (mut clerk, mut counter) = (clerk(1, 20, true), Counter::new(5));
    clerk.see(0, counter.view());
    let at_ms = clerk.deadline_ms().unwrap();
    let open = clerk.poll(at_ms).unwrap();
    clerk.hear(at_ms, &open, Outcome::Unknown);
    assert_eq!(clerk.poll(at_ms + EFFECT_MS - 1), None);
    assert_eq!(clerk.poll(at_ms + EFFECT_MS), None, "a breath first");
    assert!(counter.carry_out(&open));
    clerk.see(at_ms + EFFECT_MS, counter.view());
    counter.now_ms = at_ms + EFFECT_MS;
    let acts = work(&mut clerk, &mut counter, at_ms + EFFECT_MS + 5_000);
    assert!(acts.contains(&Act::CallNext), "{acts:?}");
}

#[test]
fn a_new_day_is_nobody_s_doing() {
    let (mut clerk, mut counter) = at_work(2, true);
    counter.current = None;
    counter.state = CounterState::Closed;
    counter.staff = None;
    let mut closed = counter.view();
    closed.day = None;
    clerk.see(counter.now_ms, closed);
    assert_eq!(
        clerk.deadline_ms(),
        None,
        "there is nothing to do in a closed station"
    );
    let mut opened = counter.view();
    opened.day = Some("2026-03-03".parse().unwrap());
    clerk.see(counter.now_ms, opened);
    let at_ms = clerk.deadline_ms().unwrap();
    assert!(matches!(clerk.poll(at_ms), Some(Act::Open(_))));
}

/// What somebody else may do at the counter.
#[test]
fn what_the_station_does_by_itself_keeps_nobody_from_the_counter() {
    let (mut clerk, mut counter) = (clerk(3, 20, true), Counter::new(0));
    clerk.post.is_recalled_for = true;
    clerk.see(0, counter.view());
    work(&mut clerk, &mut counter, 10_000);
    assert_eq!(counter.current, None, "nobody to be called");
    // The counter calls by itself.
    let mut free = counter.view();
    free.routing.auto_call = true;
    clerk.see(counter.now_ms, free);
    let ticket = TicketId(4);
    counter.current = Some((ticket, TicketState::Called, 1));
    clerk.see(counter.now_ms, counter.view());
    // The station recalls.
    counter.current = Some((ticket, TicketState::Called, 2));
    clerk.see(counter.now_ms, counter.view());
    let until_ms = counter.now_ms + AWAY_MS / 2;
    let acts = work(&mut clerk, &mut counter, until_ms);
    assert!(!acts.is_empty(), "the clerk goes on");
}

fn meddle(counter: &mut Counter, what: u8) {
    match (what % 5, counter.current) {
        (0, _) => {
            counter.current = None;
            counter.state = CounterState::Closed;
        }
        (1, Some((ticket, state, calls))) => {
            counter.current = Some((ticket, state, calls + 1));
            if state == TicketState::Serving {
                counter.current = None;
            }
        }
        (2, _) => counter.staff = Some("wang".parse().unwrap()),
        (3, Some(_)) => counter.current = None,
        _ => {
            counter.current = Some((TicketId(77_777), TicketState::Serving, 1));
        }
    }
}

proptest! {
    #[test]
    fn a_clerk_leaves_the_counter_to_somebody_who_uses_it(
        seed: u64, after_ms in 0_u64..100_000, what: u8, starts: bool,
    ) {
        let (mut clerk, mut counter) = at_work(seed, starts);
        let until_ms = counter.now_ms + after_ms;
        work(&mut clerk, &mut counter, until_ms);
        let before = Standing::of(&counter.view());
        let meddled_ms = counter.now_ms;
        // A pending act explains its own effect; somebody who does the same is not noticed.
        prop_assume!(clerk.pending.is_none());
        meddle(&mut counter, what);
        prop_assume!(Standing::of(&counter.view()) != before);
        clerk.see(counter.now_ms, counter.view());
        let away = work(&mut clerk, &mut counter, meddled_ms + AWAY_MS - 1);
        prop_assert_eq!(away, []);
        let back = work(&mut clerk, &mut counter, meddled_ms + 4 * AWAY_MS);
        prop_assert!(!back.is_empty(), "the clerk comes back");
    }

    #[test]
    fn a_clerk_keeps_the_rules_at_any_speed(seed: u64, speed in 1_u32..=1000, starts: bool) {
        let (mut clerk, mut counter) = (clerk(seed, speed, starts), Counter::new(500));
        clerk.see(0, counter.view());
        // `work` checks each act against the rules.
        let acts = work(&mut clerk, &mut counter, 40 * 3_600_000 / u64::from(speed));
        prop_assert!(acts.len() > 100);
        prop_assert!(clerk.aside.len() <= REMEMBERED && clerk.opinions.len() <= REMEMBERED);
    }

    #[test]
    fn whatever_a_console_shows_the_clerk_rests_between_acts(
        seed: u64, steps in prop::collection::vec((0_u64..5_000, any::<u8>()), 1..200),
    ) {
        let (mut clerk, mut counter) = at_work(seed, seed % 2 == 0);
        for (gap_ms, what) in steps {
            counter.now_ms += gap_ms;
            match what % 9 {
                0..=4 => meddle(&mut counter, what),
                5 => clerk.lose_sight(),
                6 => counter.waiting = usize::from(what),
                _ => {}
            }
            clerk.see(counter.now_ms, counter.view());
            let mut polls = 0;
            while clerk.poll(counter.now_ms).is_some() {
                polls += 1;
                prop_assert!(polls <= REMEMBERED + 1);
            }
        }
    }
}

#[test]
fn a_visitor_who_stays_for_the_next_matter_is_the_clerk_s_own_doing() {
    use Situation::{Called, Serving};
    let visitor = TicketId(7);
    let finish = Act::Finish(visitor);
    assert!(explains(
        &finish,
        &Serving(visitor, 1),
        &Serving(visitor, 0)
    ));
    assert!(explains(&finish, &Called(visitor, 1), &Serving(visitor, 0)));
    assert!(!explains(
        &finish,
        &Serving(visitor, 1),
        &Serving(visitor, 1)
    ));
    assert!(!explains(
        &finish,
        &Serving(visitor, 1),
        &Serving(TicketId(8), 0)
    ));
}
