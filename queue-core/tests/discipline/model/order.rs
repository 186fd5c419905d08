//! Who is called first of a list: looked for from end to end, rule by rule.

use queue_core::{CounterId, Discipline};

use super::{Model, Paper};
use queue_core::TicketState::Waiting;

impl Model {
    /// Tickets this counter calls one after another, if nobody else comes and the clock stands still.
    pub(crate) fn callable(&self, id: &CounterId, now: i64) -> Vec<&Paper> {
        let mut waiting = self.waiting();
        let mut counted = 0;
        let mut called = vec![];
        loop {
            let line = self.line_of(id, &waiting, now);
            if line.is_empty() {
                return called;
            }
            let before = self.counted_for(line[0]);
            let (first, counts) = self.first_of(&line, now, before + counted);
            counted += usize::from(counts);
            waiting.retain(|p| p.id != line[first].id);
            called.push(line[first]);
        }
    }

    /// Everybody in line, in the order of coming.
    pub(crate) fn waiting(&self) -> Vec<&Paper> {
        let waiting = self.papers.iter().filter(|p| p.state == Waiting);
        let mut waiting: Vec<_> = waiting.collect();
        waiting.sort_by_key(|p| p.coming());
        waiting
    }

    /// Those of a list whom this counter may call at this moment, if nobody else waits; in the order of coming.
    pub(crate) fn line_of<'a>(
        &self,
        id: &CounterId,
        list: &[&'a Paper],
        now: i64,
    ) -> Vec<&'a Paper> {
        let Some(desk) = self.plan.counters.get(id) else {
            return vec![];
        };
        let (_, others) = self.services_of(id);
        // Who is too early for an appointment is nobody to wait for.
        let alone = !list
            .iter()
            .any(|p| self.is_own(id, p) && self.has_a_turn(p, now));
        let late = |p: &Paper| now - p.since >= i64::from(desk.overflow_delay_s) * 1_000;
        let may_help = |p: &Paper| {
            let of_its_line = |o: &&&Paper| o.directed_to.is_none() && o.service == p.service;
            p.directed_to.is_none()
                && others.contains(&p.service)
                && (alone
                    || list
                        .iter()
                        .filter(of_its_line)
                        .any(|o| late(o) || o.first.is_some()))
        };
        let may_call = |p: &&&Paper| self.is_own(id, p) || may_help(p);
        let mut line: Vec<_> = list.iter().filter(may_call).copied().collect();
        line.sort_by_key(|p| p.coming());
        line
    }

    /// Whether somebody is this counter's own visitor, and not one it only helps out with.
    pub(crate) fn is_own(&self, id: &CounterId, paper: &Paper) -> bool {
        match &paper.directed_to {
            Some(to) => to == id,
            None => self.services_of(id).0.contains(&paper.service),
        }
    }

    /// These in the order of the calls.
    pub(crate) fn in_order<'a>(&self, mut list: Vec<&'a Paper>, now: i64) -> Vec<&'a Paper> {
        list.sort_by_key(|p| p.coming());
        let mut counted = list.first().map_or(0, |p| self.counted_for(p));
        let mut ordered = vec![];
        while !list.is_empty() {
            let (first, counts) = self.first_of(&list, now, counted);
            counted += usize::from(counts);
            ordered.push(list.remove(first));
        }
        ordered
    }

    /// Which of the list is called first when so many calls of a ratio were counted, and whether this one is.
    pub(super) fn first_of(&self, list: &[&Paper], now: i64, counted: usize) -> (usize, bool) {
        // Who came too early for an appointment stands aside while there is anybody else.
        let anybody = list.iter().any(|p| self.has_a_turn(p, now));
        let here = (0..list.len()).filter(|at| !anybody || self.has_a_turn(list[*at], now));
        let here: Vec<usize> = here.collect();
        let those: Vec<&Paper> = here.iter().map(|at| list[*at]).collect();
        let (first, counts) = self.first_by_rule(&those, now, counted);
        (here[first], counts)
    }

    /// Not too early for an appointment: the slot is near, or the ticket has had its turn, or comes before all.
    pub(crate) fn has_a_turn(&self, paper: &Paper, now: i64) -> bool {
        let by_slot = self.plan.appointments.as_ref();
        let early_ms = by_slot.map_or(0, |a| i64::from(a.callable_before_s) * 1000);
        let counts_from_slot = paper.slot == Some(paper.since) && paper.ended.is_empty();
        !counts_from_slot || paper.first.is_some() || paper.since - early_ms <= now
    }

    fn first_by_rule(&self, list: &[&Paper], now: i64, counted: usize) -> (usize, bool) {
        if let Some(at) = list.iter().position(|p| p.first.is_some()) {
            return (at, false);
        }
        // Of equals the one further in front, who came first.
        let best = |better: &dyn Fn(&Paper, &Paper) -> bool| {
            let mut best = 0;
            for (at, paper) in list.iter().enumerate() {
                if better(paper, list[best]) {
                    best = at;
                }
            }
            best
        };
        match self.rule_for(list[0]) {
            Discipline::HeadStart => (
                best(&|p, than| self.counts_from(p) < self.counts_from(than)),
                false,
            ),
            Discipline::Fcfs => (0, false),
            Discipline::Strict => (best(&|p, than| self.rank(p) < self.rank(than)), false),
            Discipline::Accumulating => {
                let points = |p: &Paper| (now - p.since).max(0) * i64::from(self.rate(p));
                (best(&|p, than| points(p) > points(than)), false)
            }
            Discipline::Ratio { priority, regular } => {
                let priorities = usize::from(priority.get());
                let round = priorities + usize::from(regular.get());
                let for_priority = counted % round < priorities;
                let preferred = list.iter().position(|p| self.has_priority(p));
                let plain = list.iter().position(|p| !self.has_priority(p));
                match (preferred, plain) {
                    (Some(at), None) => (at, for_priority),
                    (None, Some(at)) => (at, !for_priority),
                    (Some(at), Some(_)) if for_priority => (at, true),
                    // The guard: whoever came first, and it counts if it is whose turn it is.
                    (Some(at), Some(other)) if at < other => (at, false),
                    (_, other) => (other.expect("somebody waits"), true),
                }
            }
        }
    }

    /// The time a ticket counts as taken at.
    pub(crate) fn counts_from(&self, paper: &Paper) -> i64 {
        let class = self.plan.classes.get(&paper.class);
        paper.since - class.map_or(0, |c| i64::from(c.credit_s) * 1000)
    }

    pub(crate) fn rank(&self, paper: &Paper) -> u8 {
        let class = self.plan.classes.get(&paper.class);
        class.map_or(255, |c| c.rank)
    }

    pub(crate) fn rate(&self, paper: &Paper) -> u32 {
        let class = self.plan.classes.get(&paper.class);
        class.map_or(1_000, |c| c.rate_permille)
    }

    pub(crate) fn has_priority(&self, paper: &Paper) -> bool {
        self.plan.classes.contains_key(&paper.class)
            && self.plan.default_class.as_ref() != Some(&paper.class)
    }
}
