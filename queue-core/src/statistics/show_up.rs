//! What became of appointments: the show-up figures, each with its sentence in Chinese and English.

use super::definitions::Definition;
use crate::time::StationTime;

/// The facts of one appointment that the figures need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppointmentFacts {
    /// When the slot begins.
    pub slot: StationTime,
    /// Checking in ends.
    pub check_in_until: StationTime,
    /// When the visitor checked in.
    pub checked_in: Option<StationTime>,
    /// After the slot and the grace time.
    pub late: bool,
    /// Given up before checking in.
    pub cancelled: bool,
}

/// Show-up figures of some appointments. `booked = cancelled + early + on_time + late + missed + expected`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ShowUp {
    /// Appointments made.
    pub booked: u64,
    /// Given up before checking in.
    pub cancelled: u64,
    /// Checked in before the slot began.
    pub early: u64,
    /// Checked in from the slot to the end of the grace time.
    pub on_time: u64,
    /// Checked in after the grace time.
    pub late: u64,
    /// Neither checked in nor given up when checking in ended.
    pub missed: u64,
    /// Checking in has not ended.
    pub expected: u64,
}

impl ShowUp {
    /// Counts one appointment as it stands at `now`.
    pub fn add(&mut self, facts: &AppointmentFacts, now: StationTime) {
        self.booked += 1;
        let place = match facts.checked_in {
            Some(_) if facts.late => &mut self.late,
            Some(at) if at < facts.slot => &mut self.early,
            Some(_) => &mut self.on_time,
            None if facts.cancelled => &mut self.cancelled,
            None if now > facts.check_in_until => &mut self.missed,
            None => &mut self.expected,
        };
        *place += 1;
    }

    /// Checked in, whenever.
    #[must_use]
    pub fn checked_in(&self) -> u64 {
        self.early + self.on_time + self.late
    }

    /// Share of those who checked in among those who did or missed; none where there are neither.
    #[must_use]
    pub fn show_up_rate(&self) -> Option<f64> {
        let due = self.checked_in() + self.missed;
        (due > 0).then(|| self.checked_in() as f64 / due as f64)
    }

    /// What each figure means.
    pub const DEFINITIONS: [Definition; 9] = [
        say(
            "appointments.booked",
            "時段在這段期間的預約數，含後來取消的。",
            "Appointments whose slot lies in the range, those given up later included.",
        ),
        say(
            "appointments.cancelled",
            "報到前取消的預約數。",
            "Appointments given up before checking in.",
        ),
        say(
            "appointments.checked_in",
            "已報到的預約數：提早、準時與遲到報到的合計。",
            "Appointments checked in: early, on time and late together.",
        ),
        say(
            "appointments.early",
            "在預約時段開始之前報到的預約數。",
            "Checked in before the slot began.",
        ),
        say(
            "appointments.on_time",
            "從預約時段開始到寬限時間結束之間報到的預約數。",
            "Checked in from the beginning of the slot to the end of the grace time.",
        ),
        say(
            "appointments.late",
            "寬限時間之後才報到的預約數；這些號碼從報到時起算。",
            "Checked in after the grace time; such tickets count from the check-in.",
        ),
        say(
            "appointments.missed",
            "報到時間結束時沒有報到、也沒有取消的預約數。",
            "Neither checked in nor given up when checking in ended.",
        ),
        say(
            "appointments.expected",
            "報到時間還沒結束、尚未報到的預約數。",
            "Not checked in, and checking in has not ended.",
        ),
        say(
            "appointments.show_up_rate",
            "已報到 ÷（已報到 + 未到）；取消與尚未到時間的不算。",
            "Checked in / (checked in + missed); those given up and those still expected are left out.",
        ),
    ];
}

const fn say(key: &'static str, zh: &'static str, en: &'static str) -> Definition {
    Definition { key, zh, en }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(checked_in: Option<i64>, late: bool, cancelled: bool) -> AppointmentFacts {
        AppointmentFacts {
            slot: StationTime(100),
            check_in_until: StationTime(200),
            checked_in: checked_in.map(StationTime),
            late,
            cancelled,
        }
    }

    #[test]
    fn every_appointment_is_counted_once() {
        let mut figures = ShowUp::default();
        let now = StationTime(200);
        let all = [
            at(Some(99), false, false),
            at(Some(100), false, false),
            at(Some(150), true, false),
            at(None, false, true),
            at(None, false, false),
        ];
        all.iter().for_each(|facts| figures.add(facts, now));
        figures.add(&at(None, false, false), StationTime(201));
        let expected = ShowUp {
            booked: 6,
            cancelled: 1,
            early: 1,
            on_time: 1,
            late: 1,
            missed: 1,
            expected: 1,
        };
        assert_eq!(figures, expected);
        assert_eq!(figures.show_up_rate(), Some(0.75));
        assert_eq!(ShowUp::default().show_up_rate(), None);
    }
}
