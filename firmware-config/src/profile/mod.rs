//! Device profiles: what a kind of device is, in a TOML file that stations share.
//!
//! A profile says nothing about where a device is plugged in; that is a [`crate::port::Link`].

mod built_in;
mod families;
mod frames;
mod keys;
mod likeness;
mod toml_text;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::key_pad::{ByteSequence, KeyCode, Meaning};
use crate::template::FrameSpec;
use crate::{alpha, am03127};
use built_in::BUILT_IN;

pub use likeness::{DID_YOU_MEAN, did_you_mean};
pub(crate) use toml_text::WITHOUT_QUOTES;
pub use toml_text::{TomlError, parse_toml, toml_error_position};

/// One kind of device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceProfile {
    /// What it is.
    pub profile: Identity,
    /// How its line is set up when new; only what has no serial line leaves it out.
    #[serde(default)]
    pub line: Line,
    /// Settings stored inside the device, by name.
    #[serde(default)]
    pub settings: BTreeMap<String, Setting>,
    /// How text and numbers are shown, for displays.
    pub display: Option<Display>,
    /// Frames of a panel whose protocol is `template`.
    #[serde(default)]
    pub frame: Vec<FrameSpec>,
    /// What the keys of a pad without a protocol mean.
    pub keys: Option<Keys>,
    /// What it is built of, for printers.
    pub printer: Option<PrinterBuild>,
    /// How a change is checked.
    pub verify: Option<Verify>,
    /// What makes changes last, for devices that forget them otherwise.
    pub save: Option<Save>,
}

/// What is written after changes so that they last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Save {
    /// Where.
    pub write: Register,
    /// What.
    pub value: u16,
}

/// What a device is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Short name used in station files.
    pub id: String,
    /// Language on the wire.
    pub protocol: Protocol,
    /// How well the facts are known, in words.
    pub provenance: String,
    /// Where the facts are from.
    #[serde(default)]
    pub source: Option<String>,
    /// The maker's name, where the profile is of one model.
    #[serde(default)]
    pub maker: Option<String>,
    /// The model's name; left out where the profile is of a kind.
    #[serde(default)]
    pub model: Option<String>,
    /// What tells it from others of this model.
    #[serde(default)]
    pub variant: Option<String>,
}

/// Language on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// Modbus RTU registers of the LED-485 family.
    ModbusRtu,
    /// Modbus RTU registers of a DM36B06 panel with 6 digits.
    Dm36,
    /// Modbus RTU registers of a DM56A04 panel with 4 digits.
    Dm56,
    /// Modbus RTU registers of a device of which only the settings are known here.
    ModbusSettings,
    /// Alpha signs, M-Protocol.
    Alpha,
    /// LED boards with an AM03127 or AM03128 controller.
    Am03127,
    /// Customer displays with two lines and the CD5220 command set.
    Cd5220,
    /// Panels whose frames stand in the profile.
    Template,
    /// Caller pad frames `FF 68 ... 16`.
    Ff68,
    /// A serial pad that sends a byte or a few for each key, and nothing else.
    ByteMap,
    /// A pad that is a keyboard to the system.
    HidKey,
    /// ESC/POS.
    EscPos,
}

/// What the keys of a pad without a protocol mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// A code that comes again within so many milliseconds is the same press, 0 to 2000.
    #[serde(default = "default_debounce_ms")]
    #[schemars(range(max = 2000))]
    pub debounce_ms: u64,
    /// The same for functions and scores, which nobody presses twice at once, 0 to 2000.
    #[serde(default = "default_function_debounce_ms")]
    #[schemars(range(max = 2000))]
    pub function_debounce_ms: u64,
    /// Meaning of the bytes of each key, for `byte-map`.
    #[serde(default)]
    pub bytes: BTreeMap<ByteSequence, Meaning>,
    /// Meaning of the kernel's key codes, for `hid-key`.
    #[serde(default)]
    pub codes: BTreeMap<KeyCode, Meaning>,
}

fn default_debounce_ms() -> u64 {
    80
}

fn default_function_debounce_ms() -> u64 {
    700
}

/// Factory line settings and the pace of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Speed in bits per second.
    pub baud: u32,
    /// Bits per character.
    #[serde(default)]
    pub data: crate::port::DataBits,
    /// Parity.
    #[serde(default)]
    pub parity: crate::port::Parity,
    /// Stop bits.
    #[serde(default)]
    pub stop: crate::port::StopBits,
    /// Only one side may speak at a time.
    #[serde(default)]
    pub half_duplex: bool,
    /// Nothing is ever heard from the device.
    #[serde(default)]
    pub one_way: bool,
    /// Silence between frames, in milliseconds.
    #[serde(default)]
    pub gap_ms: u64,
    /// How long an answer may take, in milliseconds.
    #[serde(default = "default_timeout_ms")]
    pub timeout_ms: u64,
    /// How often a request is repeated.
    #[serde(default)]
    pub retries: u32,
}

impl Default for Line {
    /// 9600 bit/s, 8N1.
    fn default() -> Self {
        Self {
            baud: 9_600,
            data: crate::port::DataBits::default(),
            parity: crate::port::Parity::default(),
            stop: crate::port::StopBits::default(),
            half_duplex: false,
            one_way: false,
            gap_ms: 0,
            timeout_ms: default_timeout_ms(),
            retries: 0,
        }
    }
}

fn default_timeout_ms() -> u64 {
    200
}

/// A setting stored inside the device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// How it is written.
    pub write: Register,
    /// How it is read back; left out where the device cannot.
    pub read: Option<Register>,
    /// Smallest and largest value.
    pub range: Option<(i64, i64)>,
    /// Meaning of each wire value, where values are codes.
    #[serde(rename = "enum", default)]
    pub codes: BTreeMap<String, i64>,
    /// The device is reached differently afterwards.
    #[serde(default)]
    pub changes_link: bool,
    /// Must never be sent to all devices at once.
    #[serde(default)]
    pub broadcast_forbidden: bool,
}

/// A Modbus register and the function that reaches it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// Modbus function: 3, 6 or 16.
    #[serde(rename = "fn")]
    pub function: u8,
    /// Register number.
    pub reg: u16,
    /// How the value is stored.
    #[serde(rename = "type")]
    pub kind: Option<ValueKind>,
    /// Characters per register, for texts.
    pub chars_per_reg: Option<u8>,
    /// Longest text, in characters.
    pub len: Option<u8>,
    /// Where shorter texts stand.
    pub pad: Option<Pad>,
}

/// How a number is stored in registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ValueKind {
    /// Signed, one register.
    I16,
    /// Unsigned, one register.
    U16,
}

/// Where a short text stands in its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Pad {
    /// At the left, blanks behind.
    Left,
    /// At the right, blanks before.
    Right,
}

/// How a display shows things.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Display {
    /// Register of a number.
    pub value: Option<Register>,
    /// Register of a text.
    pub text: Option<Register>,
    /// Characters seen at once, for signs and boards that are made in several widths.
    #[schemars(range(min = 1))]
    pub columns: Option<u8>,
}

/// What a ticket printer is built of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrinterBuild {
    /// Printable dots across the paper, a multiple of 8.
    pub width_dots: u16,
    /// Dots per millimetre, both ways.
    pub dots_per_mm: u8,
    /// Whether it cuts the paper; at one that does not, the visitor tears the ticket off.
    #[serde(default = "has_cutter")]
    pub cutter: bool,
    /// Characters that its ROM has beside ASCII, where every unit has the same; left out: not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rom_text: Option<RomText>,
}

/// Characters that a printer's ROM has beside ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RomText {
    /// Traditional Chinese in Big5, 24 dots wide and high, beside ASCII of 12 x 24 dots.
    Big5,
}

fn has_cutter() -> bool {
    true
}

impl PrinterBuild {
    /// Its print head.
    pub fn head(&self) -> PrinterHead {
        PrinterHead {
            width_dots: self.width_dots,
            dots_per_mm: self.dots_per_mm,
        }
    }
}

/// A print head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrinterHead {
    /// Printable dots across the paper.
    pub width_dots: u16,
    /// Dots per millimetre, both ways.
    pub dots_per_mm: u8,
}

/// How a change of settings is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Verify {
    /// The method.
    pub method: VerifyMethod,
}

/// How a change of settings is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VerifyMethod {
    /// The device answers at its new address and speed.
    Echo,
    /// The device's settings can be read.
    ReadBack,
    /// Nothing can be asked; somebody has to look.
    Unverifiable,
}

impl DeviceProfile {
    /// Reads a profile and checks what the types cannot.
    ///
    /// # Errors
    /// Names the file, line, column and what was expected.
    pub fn parse(file_name: &str, text: &str) -> Result<Self, TomlError> {
        let profile: Self = parse_toml(file_name, text)?;
        profile.check(file_name, text).map(|()| profile)
    }

    /// Whether it is a sign that can be given another address in its own language.
    #[must_use]
    pub fn is_sign(&self) -> bool {
        matches!(self.profile.protocol, Protocol::Alpha | Protocol::Am03127)
    }

    /// What the types cannot check.
    fn check(&self, file_name: &str, text: &str) -> Result<(), TomlError> {
        let at = |key: &str, message: String, expected: &str| {
            Err(TomlError::at_key(file_name, text, key, message, expected))
        };
        if self.profile.id.is_empty() {
            return at("id", "empty `id`".into(), "a short name");
        }
        if !(300..=4_000_000).contains(&self.line.baud) {
            let message = format!("invalid baud {}", self.line.baud);
            return at("baud", message, "300 to 4000000");
        }
        for (name, setting) in &self.settings {
            if let Some((least, most)) = setting.range
                && least > most
            {
                let heading = format!("[settings.{name}]");
                let message = format!("invalid range [{least}, {most}] of `{name}`");
                let expected = "the smallest value, then the largest";
                return Err(TomlError::at_key_below(
                    file_name, text, &heading, "range", message, expected,
                ));
            }
        }
        if let Some(head) = &self.printer
            && (head.width_dots == 0 || head.width_dots % 8 != 0 || head.dots_per_mm == 0)
        {
            let message = format!("invalid width_dots {}", head.width_dots);
            return at("width_dots", message, "a multiple of 8");
        }
        if (self.profile.protocol == Protocol::EscPos) != self.printer.is_some() {
            let message = "a print head and protocol `esc-pos` belong together".into();
            return at(
                "protocol",
                message,
                "`[printer]` with `esc-pos`, and only there",
            );
        }
        if let Some(columns) = self.display.as_ref().and_then(|d| d.columns) {
            let most = match self.profile.protocol {
                Protocol::Alpha => alpha::STRING_MAX,
                Protocol::Am03127 => am03127::TEXT_MAX,
                _ => {
                    let message = "`columns` for a device whose width is known".into();
                    return at("columns", message, "it only with `alpha` and `am03127`");
                }
            };
            if !(1..=most).contains(&usize::from(columns)) {
                let expected = format!("1 to {most}");
                return at("columns", format!("invalid columns {columns}"), &expected);
            }
        }
        keys::check(file_name, text, self)?;
        frames::check(file_name, text, self)
    }

    /// A profile that comes with the program, by its id.
    pub fn built_in(id: &str) -> Option<Self> {
        Self::all_built_in()
            .into_iter()
            .find(|profile| profile.profile.id == id)
    }

    /// All profiles that come with the program, those of printer families last.
    pub fn all_built_in() -> Vec<Self> {
        // Each of them is parsed by a test, so none is left out here.
        let files = BUILT_IN.iter();
        let profiles = files.filter_map(|(file, text)| Self::parse(file, text).ok());
        profiles
            .chain(families::all().unwrap_or_default())
            .collect()
    }

    /// A hint at the profile that somebody may have meant who wrote a name no profile that comes with the program has.
    pub fn hint(written: &str) -> String {
        let known = Self::all_built_in();
        did_you_mean(written, known.iter().map(|known| known.profile.id.as_str()))
    }

    /// JSON Schema of a profile file.
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
