//! A simulated customer display: the display's side of [`crate::cd5220`].

const COLUMNS: usize = 20;

/// One display.
#[derive(Clone, Debug)]
pub struct VirtualCd5220 {
    lines: [[u8; COLUMNS]; 2],
    cursor: usize,
    brightness: u8,
    is_in_string_mode: bool,
    command: Command,
}

/// How far a command has come.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Command {
    None,
    Escape,
    Brightness,
    LineName,
    /// Writing a line from its first column on; the number is the next column.
    Line(usize, usize),
    /// A line that the display does not have, up to its end.
    Skip,
}

impl Default for VirtualCd5220 {
    fn default() -> Self {
        Self {
            lines: [[b' '; COLUMNS]; 2],
            cursor: 0,
            brightness: 4,
            is_in_string_mode: false,
            command: Command::None,
        }
    }
}

impl VirtualCd5220 {
    /// Both lines, without trailing blanks.
    pub fn lines(&self) -> [String; 2] {
        self.lines.map(|line| {
            let text = String::from_utf8_lossy(&line).into_owned();
            text.trim_end().to_owned()
        })
    }

    /// Brightness, 1 to 4.
    pub fn brightness(&self) -> u8 {
        self.brightness
    }

    /// Hears bytes. It never answers.
    pub fn hear(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.command = self.step(*byte);
        }
    }

    fn step(&mut self, byte: u8) -> Command {
        match (self.command.clone(), byte) {
            (Command::Line(..) | Command::Skip, 0x0d) => Command::None,
            (Command::Skip, _) => Command::Skip,
            (Command::Line(row, column), b' '..=b'~') => {
                if let Some(cell) = self.lines[row].get_mut(column) {
                    *cell = byte;
                }
                Command::Line(row, column + 1)
            }
            (Command::Line(..), _) => self.plain(byte),
            (Command::LineName, b'A' | b'B') => {
                self.is_in_string_mode = true;
                let row = usize::from(byte - b'A');
                self.lines[row] = [b' '; COLUMNS];
                Command::Line(row, 0)
            }
            (Command::LineName, _) => Command::Skip,
            (Command::Brightness, 1..=4) if !self.is_in_string_mode => {
                self.brightness = byte;
                Command::None
            }
            (Command::Brightness, _) => Command::None,
            (Command::Escape, b'Q') => Command::LineName,
            (Command::Escape, b'*') => Command::Brightness,
            (Command::Escape, b'@') if !self.is_in_string_mode => {
                *self = Self::default();
                Command::None
            }
            (Command::Escape, _) => Command::None,
            (Command::None, _) => self.plain(byte),
        }
    }

    fn plain(&mut self, byte: u8) -> Command {
        match byte {
            0x1b => return Command::Escape,
            0x0c => {
                let brightness = self.brightness;
                *self = Self {
                    brightness,
                    ..Self::default()
                };
            }
            b' '..=b'~' if !self.is_in_string_mode => {
                self.lines[self.cursor / COLUMNS][self.cursor % COLUMNS] = byte;
                self.cursor = (self.cursor + 1) % (2 * COLUMNS);
            }
            _ => {}
        }
        Command::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cd5220;

    #[test]
    fn string_mode_takes_lines_and_clearing_only() {
        let mut display = VirtualCd5220::default();
        display.hear(&cd5220::init().bytes());
        display.hear(b"hello");
        assert_eq!(display.lines(), ["hello", ""]);
        display.hear(&cd5220::show("A012", "Counter 3").unwrap().bytes());
        display.hear(b"lost\x1b*\x02\x1b@");
        assert_eq!(display.lines(), ["A012", "Counter 3"]);
        assert_eq!(display.brightness(), 4);
        display.hear(&cd5220::set_brightness(2).bytes());
        assert_eq!(display.brightness(), 2);
        assert_eq!(display.lines(), ["", ""]);
        display.hear(b"\x1bQDscrolls\x0dB");
        assert_eq!(display.lines(), ["B", ""]);
    }
}
