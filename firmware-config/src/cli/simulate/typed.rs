//! Keys that a person types on standard input.

use serde::Deserialize as _;
use serde::de::IntoDeserializer as _;
use serde::de::value::{Error, StrDeserializer};

use crate::caller_pad::Key;
use crate::key_pad::Meaning;
use crate::simulate::PadHandle;

/// Presses the key of every word that is typed. `press` tells whether there is such a key.
pub(super) fn listen(mut press: impl FnMut(&str) -> Result<bool, String> + Send + 'static) {
    // A thread of its own: reading a terminal cannot be given up, and the program ends without it.
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            for word in line.split_whitespace() {
                match press(word) {
                    Ok(true) => {}
                    Ok(false) => eprintln!("this pad has no key `{word}`"),
                    Err(why) => eprintln!("{why}"),
                }
            }
        }
    });
}

/// Presses a key of every caller pad; digits wait for the key after them.
pub(super) fn press(pads: &[PadHandle], digits: &mut Vec<u8>, word: &str) -> Result<bool, String> {
    let key: StrDeserializer<'_, Error> = word.into_deserializer();
    if let Ok(key) = Key::deserialize(key) {
        let digits = std::mem::take(digits);
        for pad in pads {
            pad.press(&digits, key);
        }
        return Ok(true);
    }
    match word.parse()? {
        Meaning::Digit(digit) => digits.push(digit.get()),
        Meaning::Score(score) => {
            for pad in pads {
                pad.rate(score);
            }
        }
        Meaning::Function(_) | Meaning::Nothing => return Ok(false),
    }
    Ok(true)
}
