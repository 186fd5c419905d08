//! Sheets of paper that staff have printed by a kiosk: which were ordered lately, and what became of them. They are nobody's
//! ticket, so nothing of them is kept beyond the program.

use std::collections::VecDeque;

use protocol::{DeviceHealth, SheetLine, SheetOrder};
use queue_core::{CommandId, PrintOutcome, ServiceId, StationTime};
use station_config::is_printer_device;

use super::topics::{Frame, Hub, lock};

/// So many of the last sheets are known.
const KEPT: usize = 20;

/// A sheet that was ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Which.
    pub id: CommandId,
    /// What it says.
    pub about: SheetAbout,
    /// The printer, as its agent calls it.
    pub printer: String,
    /// When it was ordered.
    pub at: StationTime,
    /// What became of it; none: nobody has said.
    pub outcome: Option<PrintOutcome>,
}

/// What a sheet is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetAbout {
    /// What to bring for a service.
    Papers(ServiceId),
    /// The figures of the day.
    Day,
}

/// The sheets ordered lately, the newest first.
#[derive(Debug, Default)]
pub(super) struct Sheets(VecDeque<Sheet>);

impl Hub {
    /// The printers of all kiosks that are connected, in the order of their names, each with its kiosk and whether it can
    /// print.
    pub fn printers(&self) -> Vec<(String, String, bool)> {
        let mut printers = Vec::new();
        for agent in self.devices().into_iter().filter(|agent| agent.connected) {
            for device in agent.devices {
                if is_printer_device(&device.device) {
                    let can_print = !device.is_trouble();
                    printers.push((agent.agent.clone(), device.device, can_print));
                }
            }
        }
        printers
    }

    /// Has a printer print a sheet. `false`: there is no such printer now.
    pub fn print_sheet(&self, sheet: Sheet, lines: Vec<SheetLine>) -> bool {
        let printers = self.printers();
        let mut printers = printers.iter();
        let Some((agent, ..)) = printers.find(|(_, printer, _)| *printer == sheet.printer) else {
            return false;
        };
        let order = SheetOrder {
            device: sheet.printer.clone(),
            sheet: sheet.id,
            lines,
        };
        let mut sheets = lock(&self.sheets);
        sheets.0.push_front(sheet);
        sheets.0.truncate(KEPT);
        drop(sheets);
        let frame = Frame::new("devices", "sheet", 0, 0, &order);
        // A kiosk that has left in this moment never says what became of it.
        let _ = self.device_orders.send((agent.clone(), frame));
        true
    }

    /// A kiosk says what became of a sheet.
    pub(super) fn sheet_reported(&self, id: CommandId, outcome: PrintOutcome) {
        let mut sheets = lock(&self.sheets);
        if let Some(sheet) = sheets.0.iter_mut().find(|sheet| sheet.id == id) {
            sheet.outcome = Some(outcome);
        }
    }

    /// The kiosk of these printers has left: what becomes of their sheets may never be told.
    pub(super) fn sheets_left(&self, printers: &[DeviceHealth]) {
        for sheet in &mut lock(&self.sheets).0 {
            let is_theirs = printers.iter().any(|one| one.device == sheet.printer);
            if sheet.outcome.is_none() && is_theirs {
                let cause = "disconnected".to_owned();
                sheet.outcome = Some(PrintOutcome::Unknown { cause });
            }
        }
    }

    /// The last sheets, the newest first.
    pub fn sheets(&self) -> Vec<Sheet> {
        lock(&self.sheets).0.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use protocol::Role;

    use super::*;

    #[test]
    fn what_became_of_a_sheet_is_told_or_unknown() {
        let hub = Hub::default();
        let printer = |hub: &Hub, at| {
            hub.agent_joined(1, "K1", Role::Kiosk, None, StationTime(at));
            let health = DeviceHealth {
                device: "K1 printer".to_owned(),
                ok: true,
                status: "ok".to_owned(),
                ..DeviceHealth::default()
            };
            hub.agent_health("K1", vec![health], StationTime(at));
        };
        printer(&hub, 1);
        let sheet = |id, printer: &str| Sheet {
            id: CommandId(id),
            about: SheetAbout::Day,
            printer: printer.to_owned(),
            at: StationTime(2),
            outcome: None,
        };
        assert!(hub.print_sheet(sheet(1, "K1 printer"), vec![]));
        assert!(hub.print_sheet(sheet(2, "K1 printer"), vec![]));
        assert!(!hub.print_sheet(sheet(3, "LED 1"), vec![]), "no printer");
        hub.sheet_reported(CommandId(1), PrintOutcome::Printed);
        hub.agent_left(1, "K1", StationTime(3));
        let outcomes = |hub: &Hub| -> Vec<_> {
            let sheets = hub.sheets().into_iter();
            sheets.map(|sheet| (sheet.id.0, sheet.outcome)).collect()
        };
        let lost = PrintOutcome::Unknown {
            cause: "disconnected".to_owned(),
        };
        let printed = Some(PrintOutcome::Printed);
        assert_eq!(outcomes(&hub), [(2, Some(lost)), (1, printed.clone())]);
        // It was only away, and has the last word.
        printer(&hub, 4);
        hub.sheet_reported(CommandId(2), PrintOutcome::Printed);
        assert_eq!(outcomes(&hub), [(2, printed.clone()), (1, printed)]);
    }
}
