//! How much paper a printer has left: what it has used of its roll since a new one was put in, and what its near-end
//! sensor says. Tickets are counted, not measured: a printer tells neither the length of its roll nor of what it cut off.

use station_config::PaperSupply;

use super::PrinterHealth;

/// The average ticket follows this share of the difference with every ticket.
const FOLLOWS: u32 = 16;

/// What was last seen of the roll.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Seen {
    /// Paper.
    #[default]
    Paper,
    /// The end is near.
    Low,
    /// The end is near, and somebody opened the cover since.
    LowOpened,
    /// No paper.
    Out,
}

/// The roll in a printer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Roll {
    /// Used since it was put in, millimetres.
    pub(super) used_mm: u32,
    /// How much was used when its end came near.
    pub(super) low_at_mm: Option<u32>,
    /// What was last seen of it.
    pub(super) seen: Seen,
    /// Paper of an average ticket, millimetres; 0: none was printed yet.
    pub(super) ticket_mm: u32,
}

impl Roll {
    /// Takes note of how the printer is. `true`: that says something new of the roll.
    ///
    /// A new roll is known by paper after none, or by no near end after one with the cover open in between: near-end
    /// sensors flicker.
    pub(super) fn hear(&mut self, health: &PrinterHealth) -> bool {
        let before = self.clone();
        match (self.seen, health) {
            (_, PrinterHealth::PaperOut) => self.seen = Seen::Out,
            (Seen::Low, PrinterHealth::CoverOpen) => self.seen = Seen::LowOpened,
            (Seen::Out | Seen::LowOpened, PrinterHealth::Ok) => self.renew(),
            (Seen::Out, PrinterHealth::NearEnd) => {
                self.renew();
                self.is_low();
            }
            (_, PrinterHealth::NearEnd) => self.is_low(),
            _ => {}
        }
        *self != before
    }

    fn renew(&mut self) {
        *self = Self {
            ticket_mm: self.ticket_mm,
            ..Self::default()
        };
    }

    fn is_low(&mut self) {
        self.seen = Seen::Low;
        self.low_at_mm.get_or_insert(self.used_mm);
    }

    /// A job of so much paper begins. One whose end is not known is taken for printed; one that is no ticket says nothing of
    /// how long tickets are.
    pub(super) fn take(&mut self, paper_mm: u32, is_ticket: bool) {
        self.used_mm = self.used_mm.saturating_add(paper_mm);
        if !is_ticket {
            return;
        }
        self.ticket_mm = match self.ticket_mm {
            0 => paper_mm,
            mean => (mean * (FOLLOWS - 1) + paper_mm + FOLLOWS / 2) / FOLLOWS,
        };
    }

    /// About how many tickets can still be printed; none where nothing tells: neither the length of the roll nor what is
    /// left at the near end, or no ticket was printed yet. Above 20 in tens.
    pub(super) fn tickets_left(&self, supply: PaperSupply) -> Option<u32> {
        let of_roll = supply.roll_m.map(|m| left(m, self.used_mm));
        let since_low = self
            .low_at_mm
            .map(|at_mm| self.used_mm.saturating_sub(at_mm));
        let at_end = supply.low_left_m.zip(since_low);
        let at_end = at_end.map(|(m, used_mm)| left(m, used_mm));
        let left_mm = match self.seen {
            Seen::Out => Some(0),
            _ => of_roll.into_iter().chain(at_end).min(),
        };
        // Paper where there should be none any more: the roll was changed while nobody could see it.
        if left_mm == Some(0) && self.seen == Seen::Paper {
            return None;
        }
        let tickets = left_mm?.checked_div(self.ticket_mm)?;
        Some(match tickets {
            0..=20 => tickets,
            more => more - more % 10,
        })
    }
}

fn left(of_m: u16, used_mm: u32) -> u32 {
    (u32::from(of_m) * 1_000).saturating_sub(used_mm)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SUPPLY: PaperSupply = PaperSupply {
        roll_m: Some(60),
        low_left_m: Some(4),
    };

    fn used(tickets: u32) -> Roll {
        let mut roll = Roll::default();
        for _ in 0..tickets {
            roll.take(100, true);
        }
        roll
    }

    #[test]
    fn a_roll_lasts_for_its_length_and_its_end_is_known_better_when_it_is_near() {
        assert_eq!(Roll::default().tickets_left(SUPPLY), None);
        assert_eq!(used(1).tickets_left(SUPPLY), Some(590));
        let mut tested = used(500);
        tested.take(20, false);
        assert_eq!(tested.ticket_mm, 100, "a short page is no ticket");
        assert_eq!(tested.used_mm, 50_020);
        let mut roll = used(500);
        assert_eq!(roll.tickets_left(SUPPLY), Some(100));
        // The roll was not full when the counting began.
        assert!(roll.hear(&PrinterHealth::NearEnd));
        assert_eq!(roll.tickets_left(SUPPLY), Some(40));
        for _ in 0..25 {
            roll.take(100, true);
        }
        assert_eq!(roll.tickets_left(SUPPLY), Some(15));
        roll.hear(&PrinterHealth::PaperOut);
        assert_eq!(roll.tickets_left(SUPPLY), Some(0));
        assert!(roll.hear(&PrinterHealth::Ok));
        assert_eq!(roll.tickets_left(SUPPLY), Some(600));
    }

    #[test]
    fn a_roll_that_should_have_ended_foretells_nothing() {
        assert_eq!(used(599).tickets_left(SUPPLY), Some(1));
        assert_eq!(used(601).tickets_left(SUPPLY), None);
    }

    #[test]
    fn what_nobody_told_is_not_foretold() {
        let unknown = PaperSupply::default();
        let mut roll = used(10);
        assert_eq!(roll.tickets_left(unknown), None);
        roll.hear(&PrinterHealth::NearEnd);
        assert_eq!(roll.tickets_left(unknown), None);
        let at_end = PaperSupply {
            low_left_m: Some(4),
            ..unknown
        };
        assert_eq!(roll.tickets_left(at_end), Some(40));
    }

    #[test]
    fn a_sensor_that_flickers_is_no_new_roll_but_one_put_in_early_is() {
        let mut roll = used(500);
        for health in [PrinterHealth::NearEnd, PrinterHealth::Ok] {
            roll.hear(&health);
        }
        assert_eq!(roll.tickets_left(SUPPLY), Some(40));
        for health in [PrinterHealth::NearEnd, PrinterHealth::CoverOpen] {
            roll.hear(&health);
        }
        assert_eq!(roll.tickets_left(SUPPLY), Some(40));
        assert!(roll.hear(&PrinterHealth::Ok));
        assert_eq!(roll.tickets_left(SUPPLY), Some(600));
        // A cover opened for a jam changes nothing.
        let mut roll = used(100);
        roll.hear(&PrinterHealth::CoverOpen);
        assert!(!roll.hear(&PrinterHealth::Ok));
        assert_eq!(roll.tickets_left(SUPPLY), Some(500));
    }

    fn any_health() -> impl Strategy<Value = PrinterHealth> {
        prop::sample::select(vec![
            PrinterHealth::Starting,
            PrinterHealth::Ok,
            PrinterHealth::NearEnd,
            PrinterHealth::PaperOut,
            PrinterHealth::CoverOpen,
            PrinterHealth::Silent,
        ])
    }

    proptest! {
        #[test]
        fn a_ticket_never_makes_the_paper_more(
            steps in prop::collection::vec((any_health(), 1..400_u32), 1..80),
        ) {
            let mut roll = Roll::default();
            for (health, paper_mm) in steps {
                roll.hear(&health);
                let before = left(60, roll.used_mm);
                roll.take(paper_mm, true);
                prop_assert!(left(60, roll.used_mm) <= before);
                prop_assert!(roll.ticket_mm > 0 && roll.ticket_mm < 400);
                prop_assert!(roll.tickets_left(SUPPLY) <= Some(before / roll.ticket_mm));
            }
        }
    }
}
