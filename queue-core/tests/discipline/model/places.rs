//! Places in line that are changed: coming back, letting others go first, being put before all, being told in advance.

use queue_core::TicketState::{NoShow, Waiting};
use queue_core::{CounterId, Discipline, NumberOrTicket, TicketId};

use super::{Did, First, Model, Paper, Refused};

impl Model {
    /// The others of the line in which a ticket stands or would stand, in the order in which all of them are called; who is
    /// too early for an appointment is behind everybody anyway.
    fn others_of(&self, paper: &Paper, now: i64) -> Vec<&Paper> {
        let beside = |p: &&Paper| {
            p.state == Waiting
                && p.directed_to == paper.directed_to
                && (p.directed_to.is_some() || p.service == paper.service)
        };
        let line = self.in_order(self.papers.iter().filter(beside).collect(), now);
        let others = line.into_iter().filter(|p| p.id != paper.id);
        others.filter(|p| self.has_a_turn(p, now)).collect()
    }

    /// The earliest time, to the millisecond, since when a ticket may count and yet stand behind another; none where
    /// time does not decide between the two.
    fn since_behind(&self, paper: &Paper, other: &Paper, now: i64) -> Option<i64> {
        if paper.first.is_some() || other.first.is_some() {
            return None;
        }
        // Of equals who came first goes first, and of those at one moment the one who asked later.
        let behind = |since: i64| match since >= other.since {
            true => since,
            false => since + 1,
        };
        match self.rule_for(paper) {
            Discipline::HeadStart => {
                let head_start = paper.since - self.counts_from(paper);
                Some(behind(self.counts_from(other) + head_start))
            }
            Discipline::Fcfs => Some(other.since),
            Discipline::Strict => (self.rank(paper) == self.rank(other)).then_some(other.since),
            Discipline::Ratio { .. } => {
                (self.has_priority(paper) == self.has_priority(other)).then_some(other.since)
            }
            Discipline::Accumulating if now <= other.since => Some(other.since),
            Discipline::Accumulating => {
                // The longest wait with no more points than the other has.
                let points = (now - other.since) * i64::from(self.rate(other));
                let rate = i64::from(self.rate(paper));
                let mut waited = points / rate + 1;
                while waited * rate > points {
                    waited -= 1;
                }
                match waited * rate == points {
                    true => Some(behind(now - waited)),
                    false => Some(now - waited),
                }
            }
        }
    }

    pub(super) fn come_back(&mut self, now: i64, target: &NumberOrTicket) -> Result<Did, Refused> {
        self.day_runs()?;
        let paper = self.named(target)?;
        if paper.state == Waiting && paper.returns > 0 {
            return Ok(Did::default());
        }
        if paper.state != NoShow {
            return Err("wrong_state");
        }
        let rule = &self.plan.rules.no_show;
        let missed = paper.finished.expect("a missed visit has ended");
        if now - missed > i64::from(rule.return_within_s) * 1000 {
            return Err("return_too_late");
        }
        if paper.returns >= rule.returns {
            return Err("returns_used_up");
        }
        let others = self.others_of(paper, now);
        let front = others.iter().take(rule.return_behind.into());
        let behind = front.filter_map(|o| self.since_behind(paper, o, now)).max();
        let since = behind.map_or(paper.since, |since| since.max(paper.since));
        let (id, stamp) = (paper.id, self.action);
        self.edit(id, |p| {
            p.state = Waiting;
            (p.since, p.stamp) = (since, stamp);
            p.returns += 1;
            p.finished = None;
            p.precalled = false;
            p.calls = 0;
        });
        Ok(Did::to(id))
    }

    pub(super) fn defer(&mut self, now: i64, id: TicketId, count: u8) -> Result<Did, Refused> {
        if count == 0 || count > 10 {
            return Err("bad_count");
        }
        self.day_runs()?;
        let paper = self.paper(id).ok_or("unknown_ticket")?;
        if paper.state != Waiting {
            return Err("wrong_state");
        }
        if !self.has_a_turn(paper, now) {
            return Err("nobody_behind");
        }
        let others = self.others_of(paper, now);
        let mut line = others.clone();
        line.push(paper);
        let line = self.in_order(line, now);
        let ahead = line.iter().position(|p| p.id == id).expect("it waits");
        let front = others.iter().skip(ahead).take(count.into());
        let behind = front.filter_map(|o| self.since_behind(paper, o, now)).max();
        let (since, stamp) = (behind.ok_or("nobody_behind")?, self.action);
        self.edit(id, |p| {
            (p.since, p.stamp) = (since, stamp);
            p.precalled = false;
        });
        Ok(Did::to(id))
    }

    pub(super) fn put_first(&mut self, target: &NumberOrTicket) -> Result<Did, Refused> {
        self.day_runs()?;
        let paper = self.named(target)?;
        if paper.state != Waiting {
            return Err("wrong_state");
        }
        let id = paper.id;
        if paper.first == Some(First::Urgent) {
            return Ok(Did::default());
        }
        self.edit(id, |p| p.first = Some(First::Urgent));
        Ok(Did::to(id))
    }

    pub(super) fn tell(&mut self, now: i64, desk: &CounterId, count: u8) -> Result<Did, Refused> {
        if count == 0 || count > 9 {
            return Err("bad_count");
        }
        self.staffed(desk)?;
        let next = self.callable(desk, now).into_iter().take(count.into());
        let told: Vec<_> = next.filter(|p| !p.precalled).map(|p| p.id).collect();
        if told.is_empty() {
            return Err("nobody_waiting");
        }
        for id in &told {
            self.edit(*id, |p| p.precalled = true);
        }
        Ok(Did {
            events: told.len(),
            chosen: None,
            touched: told,
        })
    }
}
