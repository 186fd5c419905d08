//! What has to hold after every command of a random day, and for the station as a whole.

use std::collections::{BTreeMap, BTreeSet};

use queue_core::policy::{LineId, Place, SortKey, Standing};
use queue_core::{
    AppointmentState, CallReason, Command, CutOff, Discipline, Engine, Estimate, Event,
    Explanation, Precedence, Side, StationTime, Terms, Ticket, TicketId, TicketState,
};

use crate::checks::{conserved, legs_add_up, listed, no_negative_time, one_to_one, same};
use crate::model::{Booking, Did, Paper};
use crate::trace::Race;

/// The largest head start of any plan here: nobody who came later than this may pass.
const LARGEST_CREDIT_MS: i64 = 1_200_000;

/// Since when a ticket's seniority counted as it was given out.
fn came_at(ticket: &Ticket) -> i64 {
    let slot = ticket.attends.map(|attends| attends.base);
    slot.unwrap_or(ticket.issued_at).0
}

impl Race {
    pub(crate) fn check_touched(&mut self, command: &Command, did: &Did) {
        let undone = matches!(command, Command::Undo { .. });
        let day_closed = matches!(command, Command::CloseDay);
        if undone {
            self.check_passed();
        }
        for id in &did.touched {
            let ticket = self.station.ticket(*id);
            let paper = self.model.paper(*id).expect("the model has it");
            same(ticket, paper);
            no_negative_time(ticket);
            legs_add_up(ticket);
            match self.states.insert(*id, ticket.state) {
                None => {
                    let begins = match self.outside.contains(id) {
                        true => TicketState::Unverified,
                        false => TicketState::Waiting,
                    };
                    assert_eq!(
                        ticket.state, begins,
                        "a ticket begins in line or before the gate"
                    );
                    let number = ticket.number.to_string();
                    assert!(self.numbers.insert(number), "a number is given out once");
                }
                Some(was) if was != ticket.state => assert!(
                    listed(was, ticket.state, day_closed)
                        || undone && listed(ticket.state, was, false),
                    "{was:?} to {:?} by {command:?}",
                    ticket.state
                ),
                Some(_) => {}
            }
            // The place in line is kept over transfer, hold, no-show and undo: only who asks for another one gets it, and
            // it is never an earlier one.
            let key = self.keys.entry(*id).or_insert(ticket.key);
            match command {
                Command::ReturnTicket { .. } | Command::Defer { .. } => {
                    assert!(ticket.key > *key);
                    *key = ticket.key;
                }
                _ => assert_eq!(*key, ticket.key),
            }
        }
    }

    /// Who stands before the gate is in no line and at no counter, and the list of them forgets nobody.
    pub(crate) fn check_gate(&mut self, events: usize) {
        let new = self.station.log.len() - events;
        for recorded in &self.station.log[new..] {
            match &recorded.event {
                Event::TicketIssued(issued) if issued.unverified => {
                    self.outside.insert(issued.ticket);
                }
                Event::TicketRerouted {
                    ticket, unverified, ..
                }
                | Event::TicketAmended {
                    ticket, unverified, ..
                } => {
                    self.outside.remove(ticket);
                    self.outside.extend(unverified.then_some(*ticket));
                }
                Event::IdentityVerified { ticket, .. }
                | Event::IdentityRefused { ticket, .. }
                | Event::TicketCancelled { ticket } => {
                    self.outside.remove(ticket);
                }
                Event::TicketCalled { ticket, .. } | Event::TicketPrecalled { ticket, .. } => {
                    assert!(!self.outside.contains(ticket), "called before the check");
                }
                Event::DayClosed { .. } => self.outside.clear(),
                _ => {}
            }
        }
        let listed: Vec<_> = self.station.engine.unverified();
        assert!(listed.is_sorted_by_key(|t| t.issued_seq));
        let listed: std::collections::BTreeSet<_> = listed.iter().map(|t| t.id).collect();
        assert_eq!(listed, self.outside);
    }

    /// Whoever is said to have passed came later, and its call stands: an undo has left no trace.
    fn check_passed(&self) {
        let engine = &self.station.engine;
        let lines = engine.lines().expect("a day");
        let oldest = engine
            .plan()
            .services
            .keys()
            .filter_map(|s| lines.oldest(s));
        for place in oldest {
            let view = engine.ticket_view(self.station.now, place.ticket);
            let Some(by) = view.and_then(|view| view.passed_by) else {
                continue;
            };
            let passer = engine.ticket_by_number(&by.number).expect("known");
            assert!(passer.key > place.key, "{} came earlier", by.number);
            let called = passer.first_called_at.expect("its call was taken back");
            assert!(called <= by.at && by.at <= passer.last_called_at.expect("called"));
        }
    }

    /// The engine's count of who waited when is that of somebody who looks at all tickets whenever time goes on.
    pub(crate) fn check_crowd(&self) {
        const QUARTER_MS: i64 = 15 * 60 * 1_000;
        let mut engine = Engine::new();
        let mut seen: BTreeMap<i64, u32> = BTreeMap::new();
        for recorded in &self.station.log {
            let waiting = |t: &&queue_core::Ticket| t.state == TicketState::Waiting;
            let waiting = u32::try_from(engine.tickets().filter(waiting).count()).expect("few");
            // The last millisecond before the event, and every full quarter on the way to it.
            let mut moment = engine.now().0;
            while waiting > 0 && moment < recorded.at.0 {
                let most = seen
                    .entry(moment - moment.rem_euclid(QUARTER_MS))
                    .or_default();
                *most = waiting.max(*most);
                moment += QUARTER_MS - moment.rem_euclid(QUARTER_MS);
            }
            let day = engine.day();
            engine.apply(recorded);
            if engine.day() != day {
                seen.clear();
            }
        }
        let at = engine.now();
        let waiting = u32::try_from(engine.waiting()).expect("few");
        if waiting > 0 {
            let now = seen.entry(at.0 - at.0.rem_euclid(QUARTER_MS)).or_default();
            *now = waiting.max(*now);
        }
        let crowd = engine.crowd(at).into_iter();
        assert!(crowd.map(|(at, most)| (at.0, most)).eq(seen));
    }

    /// What the engine foresees for whoever takes a ticket now: nothing where no counter is open, and never the past.
    pub(crate) fn check_foreseen(
        &self,
        service: &queue_core::ServiceId,
        class: Option<&queue_core::ClassId>,
    ) -> Option<i64> {
        let engine = &self.station.engine;
        let end = engine.expected_end(self.station.now, service, class);
        let first = &self.model.way(service)[0];
        let open = engine.counters().filter(|c| c.is_open()).any(|c| {
            let (own, others) = self.model.services_of(&c.id);
            own.contains(first) || others.contains(first)
        });
        assert_eq!(end.is_some(), open && engine.open_day().is_some());
        assert!(end.is_none_or(|end| end > self.station.now));
        end.map(|end| end.0)
    }

    /// The alarms are those of the model, each once.
    pub(crate) fn check_alarms(&self) {
        let raised = self.station.engine.alarms();
        let codes = raised
            .iter()
            .map(|r| (r.alarm.code(), r.alarm.service().clone()));
        let codes: std::collections::BTreeSet<_> = codes.collect();
        assert_eq!(codes, self.model.alarms);
        assert_eq!(codes.len(), raised.len());
        assert!(raised.iter().all(|r| r.since <= self.station.now));
    }

    /// A ticket says which limit was overruled for it, and when it would be late.
    pub(crate) fn check_issued(&self, command: &Command) {
        let last = self.station.log.last().map(|recorded| &recorded.event);
        let Some(Event::TicketIssued(issued)) = last else {
            return;
        };
        let (terms, walks_in) = match command {
            Command::IssueTicket(wanted) => (wanted.terms.clone(), true),
            Command::CheckIn(_) => (Terms::default(), false),
            _ => return,
        };
        assert!(issued.overruled.is_none() || terms.overrule);
        assert_eq!(issued.person, terms.person);
        let plan = self.station.engine.plan();
        let limits = plan.limits.services.get(&issued.service);
        let looks = limits.is_some_and(|l| l.cut_off != CutOff::Off);
        let warned = walks_in && looks && self.model.is_late();
        assert_eq!(issued.late_end.is_some(), warned);
    }

    pub(crate) fn check_desks(&self) {
        for (id, desk) in &self.model.desks {
            let c = self.station.engine.counter(id).expect("the engine has it");
            assert_eq!(
                (&c.state, c.current, &c.staff),
                (&desk.state, desk.current, &desk.staff),
                "counter {id}"
            );
        }
        let mut names: Vec<_> = self
            .station
            .engine
            .counters()
            .filter_map(|c| c.staff.as_ref())
            .collect();
        let people = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), people, "nobody works at two counters");
    }

    /// Who was called was not called past somebody with a better right.
    pub(crate) fn check_order(&mut self, chosen: TicketId) {
        let winner = self.model.paper(chosen).expect("the model has it");
        let rule = self.model.rule_for(winner);
        let called_first = |reason: &CallReason| match reason {
            CallReason::Chosen(choice) => choice.precedence.is_some(),
            _ => false,
        };
        let because = &self.station.ticket(chosen).called_because;
        if because.as_deref().is_some_and(called_first) {
            return;
        }
        for other in self.model.others() {
            assert_eq!(other.first, None, "nobody passes one who comes before all");
            let has_a_turn = |p: &Paper| self.model.has_a_turn(p, self.station.now.0);
            if has_a_turn(winner) && !has_a_turn(other) {
                continue;
            }
            assert!(
                has_a_turn(winner) == has_a_turn(other),
                "called long before the slot although somebody else had a turn"
            );
            if other.service == winner.service && other.class == winner.class {
                assert!(
                    self.came_first(winner, other),
                    "first come, first served within class and service"
                );
            }
            if matches!(rule, Discipline::Ratio { .. }) && !self.model.has_priority(winner) {
                assert!(
                    !self.model.has_priority(other) || self.came_first(winner, other),
                    "regular before a priority ticket that came earlier"
                );
            }
            if rule == Discipline::HeadStart && other.since < winner.since {
                assert!(
                    self.model.counts_from(winner) < self.model.counts_from(other),
                    "overtaken without a head start"
                );
                assert!(winner.since <= other.since + LARGEST_CREDIT_MS);
                let unmoved = |p: &Paper| p.since == came_at(self.station.ticket(p.id));
                if unmoved(other) && unmoved(winner) {
                    self.overtaken_by
                        .entry(other.id)
                        .or_default()
                        .insert(chosen);
                }
            }
        }
    }

    /// Appointments are as the model has them; no slot is given away more often than it has places, no code twice.
    pub(crate) fn check_bookings(&self) {
        let engine = &self.station.engine;
        assert_eq!(engine.appointments().count(), self.model.bookings.len());
        let mut codes = BTreeSet::new();
        for a in engine.appointments() {
            let booking = self.model.bookings.iter().find(|b| b.id == a.id);
            let booking = booking.expect("the model has it");
            assert_eq!(a.code.get(), booking.code);
            assert_eq!(a.slot.0, booking.slot);
            assert_eq!(a.day.as_yyyymmdd(), booking.day);
            assert_eq!(a.holds_its_slot(), !booking.cancelled);
            let ticket = match a.state {
                AppointmentState::CheckedIn { ticket, .. } => Some(ticket),
                _ => None,
            };
            assert_eq!(ticket, booking.ticket);
            if !booking.cancelled {
                assert!(
                    codes.insert((booking.day, booking.code)),
                    "a code is one's own"
                );
            }
            let capacity = if a.service.as_str() == "card" { 2 } else { 1 };
            let holds = |b: &&Booking| !b.cancelled && b.service == a.service;
            let there = |b: &&Booking| {
                b.slot <= a.slot.0 && a.slot.0 < b.slot + a.slot_end.since_ms(a.slot)
            };
            let together = self.model.bookings.iter().filter(holds).filter(there);
            assert!(
                booking.cancelled || together.count() <= capacity,
                "a place too many"
            );
        }
    }

    fn came_first(&self, paper: &Paper, than: &Paper) -> bool {
        let key = |p: &Paper| self.station.ticket(p.id).key;
        key(paper) < key(than)
    }

    /// The stored reason says what was compared.
    pub(crate) fn check_reason(&self, chosen: TicketId) {
        let ticket = self.station.ticket(chosen);
        let reason = ticket.called_because.as_deref().expect("a reason");
        let CallReason::Chosen(choice) = reason else {
            panic!("{chosen} was not chosen: {reason:?}");
        };
        let winner = self.model.paper(chosen).expect("the model has it");
        let counter = winner.counter.clone().expect("it was called");
        // Who is before the time is not passed.
        let oldest = self
            .model
            .others()
            .filter(|p| self.model.has_a_turn(p, self.station.now.0))
            .min_by_key(|p| self.station.ticket(p.id).key);
        let passed = oldest.filter(|oldest| self.came_first(oldest, winner));
        let named = choice.passed.as_ref();
        assert_eq!(choice.called.ticket, chosen);
        assert_eq!(choice.helps_out, self.model.choice.helped);
        assert_eq!(choice.called.base.0, winner.since);
        assert_eq!(choice.called.class, winner.class);
        assert_eq!(choice.at, self.station.now);
        assert_eq!(
            choice.discipline,
            self.model
                .rule_in(self.model.own_rule_at(&counter).as_ref())
        );
        assert_eq!(named.map(|p| p.ticket), passed.map(|p| p.id));
        match &choice.precedence {
            Some(Precedence::Urgent { reason: why }) => {
                let reason_given = why.clone();
                let expected = Explanation::Urgent {
                    reason: reason_given,
                };
                return assert_eq!(reason.explain(), expected);
            }
            Some(Precedence::SentBack { from }) => {
                let expected = Explanation::SentBack { from: from.clone() };
                return assert_eq!(reason.explain(), expected);
            }
            None => {}
        }
        let Some(passed) = passed else {
            assert_eq!(reason.explain(), Explanation::CameFirst);
            return;
        };
        let points = |p: &Paper| {
            (self.station.now.0 - p.since).max(0) * i64::from(self.model.rate(p)) / 1_000_000
        };
        let expected = match choice.discipline {
            Discipline::HeadStart => Explanation::HeadStart {
                class: winner.class.clone(),
                credit_s: u32::try_from((winner.since - self.model.counts_from(winner)) / 1_000)
                    .expect("small"),
                counts_from: StationTime(self.model.counts_from(winner)),
                passed_counts_from: StationTime(self.model.counts_from(passed)),
            },
            Discipline::Fcfs => panic!("nobody passes"),
            Discipline::Strict => {
                assert!(self.model.rank(winner) < self.model.rank(passed));
                Explanation::Rank {
                    class: winner.class.clone(),
                    passed_class: passed.class.clone(),
                }
            }
            Discipline::Accumulating => Explanation::Points {
                class: winner.class.clone(),
                points: points(winner),
                passed_points: points(passed),
            },
            Discipline::Ratio { priority, regular } => {
                assert_eq!(choice.turn, Some(Side::Priority));
                assert!(self.model.has_priority(winner) && !self.model.has_priority(passed));
                Explanation::Turn {
                    class: winner.class.clone(),
                    priority: priority.get(),
                    regular: regular.get(),
                }
            }
        };
        assert_eq!(reason.explain(), expected);
        // And whoever was passed is told so, with that reason.
        let view = self.station.engine.ticket_view(self.station.now, passed.id);
        let by = view
            .and_then(|view| view.passed_by)
            .expect("somebody passed");
        assert_eq!(
            (by.number.to_string(), &by.counter, by.why),
            (winner.number.clone(), &counter, expected)
        );
    }

    /// Everything that holds for the station as a whole.
    pub(crate) fn check_whole(&self) {
        let engine = &self.station.engine;
        assert_eq!(engine.tickets().count(), self.model.papers.len());
        for paper in &self.model.papers {
            same(self.station.ticket(paper.id), paper);
        }
        conserved(engine);
        one_to_one(engine);
        let now = self.station.now;
        for id in self.model.desks.keys() {
            let expected: Vec<_> = self
                .model
                .callable(id, now.0)
                .iter()
                .map(|p| p.id)
                .collect();
            let got: Vec<_> = engine.callable_by(id, now).map(|t| t.id).collect();
            assert_eq!(got, expected, "the line of counter {id}");
            assert_eq!(engine.callable_count(id), expected.len());
            let next = engine
                .next_for(id, now)
                .map(|selected| selected.called.place.ticket);
            assert_eq!(next, expected.first().copied());
        }
        for (id, by) in &self.overtaken_by {
            // Who was given another place since has come when he came.
            let came = came_at(self.station.ticket(*id));
            let arrivals = engine
                .tickets()
                .filter(|t| came_at(t) > came && came_at(t) - came <= LARGEST_CREDIT_MS);
            assert!(by.len() <= arrivals.count());
        }
        self.check_views();
    }

    /// How many of a line the engine puts in front of somebody who need not stand in it.
    fn ahead_of(&self, paper: &Paper, line: &queue_core::ServiceId) -> usize {
        let engine = &self.station.engine;
        let newcomer = SortKey {
            base_ms: paper.since,
            seq: u64::MAX,
        };
        let place = Place {
            key: engine.ticket(paper.id).map_or(newcomer, |t| t.key),
            ticket: paper.id,
        };
        let standing = match engine.ticket(paper.id) {
            Some(ticket) => Standing::of(engine.plan(), ticket),
            None => {
                let line = LineId::Service(&paper.service);
                Standing::new(engine.plan(), line, Some(&paper.class), place)
            }
        };
        let lines = engine.lines().expect("a day");
        lines.ahead_of(
            engine.plan(),
            LineId::Service(line),
            &standing,
            self.station.now,
        )
    }

    /// How many of a service's line the model puts in front of somebody who stands elsewhere.
    fn would_be_ahead(&self, paper: &Paper, service: &queue_core::ServiceId) -> usize {
        let waits = |p: &&Paper| {
            p.state == TicketState::Waiting && p.service == *service && p.directed_to.is_none()
        };
        let among = |p: &&Paper| waits(p) || p.id == paper.id;
        let line = self.model.papers.iter().filter(among).collect();
        let line = self.model.in_order(line, self.station.now.0);
        let place = line.iter().position(|p| p.id == paper.id);
        place.expect("stands among them")
    }

    /// Whether a free counter is there for this one: it would be called there before all others, or more counters are
    /// free than people would be called before it.
    fn has_a_free_counter<'a>(&'a self, paper: &'a Paper) -> bool {
        let model = &self.model;
        let now = self.station.now.0;
        let mut waiting = model.waiting();
        if waiting.iter().all(|p| p.id != paper.id) {
            waiting.push(paper);
        }
        let place_in = |mut line: Vec<&'a Paper>| {
            if line.iter().all(|p| p.id != paper.id) {
                line.push(paper);
            }
            let line = model.in_order(line, now);
            line.iter().position(|p| p.id == paper.id)
        };
        let mut counters = 0;
        let mut lines: BTreeMap<_, Vec<&Paper>> = BTreeMap::new();
        for (id, desk) in &model.desks {
            if desk.state != queue_core::CounterState::Open || desk.current.is_some() {
                continue;
            }
            let line = model.line_of(id, &waiting, now);
            if line.iter().all(|p| p.id != paper.id) {
                continue;
            }
            if place_in(line.clone()) == Some(0) {
                return true;
            }
            // Whether it stays so when those in front of it in its line have gone.
            let own = |p: &&&Paper| model.is_own(id, p);
            let own_or_nothing: Vec<_> =
                waiting.iter().filter(own).copied().chain([paper]).collect();
            if model
                .line_of(id, &own_or_nothing, now)
                .iter()
                .all(|p| p.id != paper.id)
            {
                continue;
            }
            counters += 1;
            // Everybody it may call, each in the line in which he stands.
            for other in line {
                let service = other.directed_to.is_none().then_some(&other.service);
                let line = lines.entry((&other.directed_to, service)).or_default();
                if line.iter().all(|p| p.id != other.id) {
                    line.push(other);
                }
            }
        }
        let before: usize = lines.into_values().filter_map(place_in).sum();
        before < counters
    }

    /// What visitors are told agrees with the lines.
    fn check_views(&self) {
        let engine = &self.station.engine;
        for id in self.model.desks.keys() {
            let papers = self.model.papers.iter();
            let waits =
                |p: &&Paper| p.state == TicketState::Waiting && p.directed_to.as_ref() == Some(id);
            let line = papers.filter(waits).collect();
            let line = self.model.in_order(line, self.station.now.0);
            for (in_line, paper) in line.iter().enumerate() {
                let view = engine.ticket_view(self.station.now, paper.id);
                let (own, _) = self.model.services_of(id);
                let others: usize = own.iter().map(|s| self.would_be_ahead(paper, s)).sum();
                let ahead = in_line + others;
                assert_eq!(view.expect("known").ahead, ahead, "directed to {id}");
            }
        }
        let board = engine.board(self.station.now);
        for row in &board.services {
            // Visitors of a service with several stations wait at the first.
            let first = &self.model.way(&row.id)[0];
            let newcomer = self.model.newcomer(first, self.station.now.0);
            assert_eq!(
                row.estimate == Estimate::NoWait,
                self.has_a_free_counter(&newcomer),
                "a newcomer does not wait: {row:?}"
            );
            let waits = |p: &&Paper| {
                p.state == TicketState::Waiting && p.service == *first && p.directed_to.is_none()
            };
            // Somebody of another line, or who would come now, put among them.
            let rule = self.model.own_rule_of(&newcomer);
            let waiting = |p: &&Paper| {
                let same_rule = self.model.own_rule_of(p) == rule;
                p.state == TicketState::Waiting && !waits(p) && same_rule
            };
            let strangers = self.model.papers.iter().filter(waiting).take(5);
            for stranger in strangers.chain(std::iter::once(&newcomer)) {
                let among = |p: &&Paper| waits(p) || p.id == stranger.id;
                let mut line: Vec<&Paper> = self.model.papers.iter().filter(among).collect();
                if stranger.id == newcomer.id {
                    line.push(stranger);
                }
                let line = self.model.in_order(line, self.station.now.0);
                let expected = line.iter().position(|p| p.id == stranger.id);
                assert_eq!(Some(self.ahead_of(stranger, first)), expected);
            }
            let line: Vec<&Paper> = self.model.papers.iter().filter(waits).collect();
            let line = self.model.in_order(line, self.station.now.0);
            assert_eq!(row.waiting, line.len());
            let outside = |p: &&Paper| p.state == TicketState::Unverified && p.service == *first;
            assert_eq!(
                row.unverified,
                self.model.papers.iter().filter(outside).count()
            );
            assert_eq!(
                row.oldest_waiting_since.map(|t| t.0),
                line.iter()
                    .min_by_key(|p| p.coming())
                    .map(|p| p.waits_from().min(self.station.now.0))
            );
            for (ahead, paper) in line.iter().enumerate() {
                let view = engine
                    .ticket_view(self.station.now, paper.id)
                    .expect("known");
                assert_eq!(view.ahead, ahead);
                let shown: Vec<_> = view.in_front.iter().map(ToString::to_string).collect();
                let first = line[..ahead.min(8)].iter().map(|p| p.number.clone());
                assert!(first.eq(shown));
                assert_eq!(
                    view.estimate == Some(Estimate::NoWait),
                    self.has_a_free_counter(paper),
                    "{paper:?} does not wait"
                );
                let closed = view.estimate == Some(Estimate::NoCounterOpen);
                assert_eq!(
                    closed,
                    row.open_counters == 0,
                    "a number needs an open counter"
                );
            }
        }
    }
}
