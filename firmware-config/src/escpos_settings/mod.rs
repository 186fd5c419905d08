//! Settings stored inside Epson-family printers: `GS ( E`, both what a host sends and what a
//! printer answers.
//!
//! Sources: Epson ESC/POS reference, `GS ( E` functions 1 to 6, 11 and 12; Epson TM-T88III
//! programming guide 10.01, pages 574 to 613; Citizen CT-S2000 command reference, pages 119 and
//! 126; Bixolon SPP-R300 command manual, page 100.
//!
//! Changes are made between [`Command::Enter`] and [`Command::Leave`]; they take effect when the
//! printer restarts after leaving. Reading works at any time. Memory of this kind wears out: Epson
//! asks for at most ten writes a day, and for a printer that keeps its power while it writes.

mod decoder;

pub use decoder::{Answer, Decoder};

/// What a write does to one memory switch (function 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// Turns it off.
    Off,
    /// Turns it on.
    On,
    /// Leaves it as it is, as manuals ask for reserved switches.
    Keep,
}

impl Switch {
    fn byte(self) -> u8 {
        match self {
            Self::Off => b'0',
            Self::On => b'1',
            Self::Keep => b'2',
        }
    }
}

/// One condition of the serial interface (functions 11 and 12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SerialItem {
    /// Speed in bits per second.
    Baud,
    /// 0 none, 1 odd, 2 even.
    Parity,
    /// 0 DTR/DSR, 1 XON/XOFF.
    Flow,
    /// 7 or 8 bits a character.
    DataBits,
}

impl SerialItem {
    /// The `a` of the command.
    pub fn number(self) -> u8 {
        match self {
            Self::Baud => 1,
            Self::Parity => 2,
            Self::Flow => 3,
            Self::DataBits => 4,
        }
    }

    /// The item of an `a`, or `None` outside 1 to 4.
    pub fn from_number(number: u8) -> Option<Self> {
        [Self::Baud, Self::Parity, Self::Flow, Self::DataBits]
            .into_iter()
            .find(|item| item.number() == number)
    }
}

/// What a host asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Function 1: begin to change settings; answered by [`Answer::Entered`]. Send nothing before
    /// that answer.
    Enter,
    /// Function 2: end, restart, and let the changes take effect. Not answered.
    Leave,
    /// Function 3: set the eight switches of memory switch `switch`, number 8 first.
    WriteSwitches {
        /// Number of the memory switch.
        switch: u8,
        /// Its switches 8 to 1.
        switches: [Switch; 8],
    },
    /// Function 4: answered by [`Answer::Switches`].
    ReadSwitches(u8),
    /// Function 5: set a customised value. Numbers 1 and 2 resize the memory for the user's data
    /// and pictures, and wipe it.
    WriteValue {
        /// Number of the customised value.
        number: u8,
        /// Its new value.
        value: u16,
    },
    /// Function 6: answered by [`Answer::Value`].
    ReadValue(u8),
    /// Function 11: set a condition of the serial interface.
    WriteSerial {
        /// The condition.
        item: SerialItem,
        /// Its new value, at most 6 digits; higher digits are left out.
        value: u32,
    },
    /// Function 12: answered by [`Answer::Serial`].
    ReadSerial(SerialItem),
}

impl Command {
    /// The command's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let parameters = match *self {
            Self::Enter => vec![1, b'I', b'N'],
            Self::Leave => vec![2, b'O', b'U', b'T'],
            Self::WriteSwitches { switch, switches } => {
                let mut parameters = vec![3, switch];
                parameters.extend(switches.map(Switch::byte));
                parameters
            }
            Self::ReadSwitches(switch) => vec![4, switch],
            Self::WriteValue { number, value } => {
                let [low, high] = value.to_le_bytes();
                vec![5, number, low, high]
            }
            Self::ReadValue(number) => vec![6, number],
            Self::WriteSerial { item, value } => {
                let mut parameters = vec![11, item.number()];
                parameters.extend((value % 1_000_000).to_string().bytes());
                parameters
            }
            Self::ReadSerial(item) => vec![12, item.number()],
        };
        let mut bytes = vec![0x1d, b'(', b'E'];
        // At most ten parameters.
        bytes.extend([parameters.len() as u8, 0]);
        bytes.extend(parameters);
        bytes
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
