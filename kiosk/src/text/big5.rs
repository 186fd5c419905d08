//! Which characters every ROM with Traditional Chinese has, and their bytes.

use encoding_rs::BIG5;

/// Codes that read as two different characters in the tables of Unicode and of code page 950, such as A145: a bullet or a
/// hyphenation point. What a ROM draws there is not known.
const DISPUTED: [u16; 11] = [
    0xa145, 0xa14e, 0xa1c2, 0xa1e3, 0xa1f2, 0xa1f3, 0xa241, 0xa242, 0xa244, 0xa246, 0xa247,
];

/// Bytes of a character in plain Big5: printable ASCII, symbols, and the two levels of Chinese characters. Not those that
/// makers and Hong Kong added later, which are not in every ROM.
pub(super) fn bytes(c: char) -> Option<Vec<u8>> {
    if matches!(c, ' '..='~') {
        return Some(vec![c as u8]);
    }
    let mut text = [0; 4];
    let (bytes, _, has_errors) = BIG5.encode(c.encode_utf8(&mut text));
    let code = u16::from_be_bytes(bytes.as_ref().try_into().ok()?);
    let is_plain = matches!(code, 0xa140..=0xa3bf | 0xa440..=0xc67e | 0xc940..=0xf9d5);
    (is_plain && !has_errors && !DISPUTED.contains(&code)).then(|| bytes.into_owned())
}

/// Bytes of a text, or nothing where one of its characters is not in every ROM.
pub(super) fn encode(text: &str) -> Option<Vec<u8>> {
    let mut encoded = Vec::new();
    for c in text.chars() {
        encoded.extend(bytes(c)?);
    }
    Some(encoded)
}

/// Columns of a text that the ROM has: one for each byte.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_have_the_bytes_of_the_standard() {
        for (text, expected) in [
            (
                "請至3號櫃台",
                &b"\xbd\xd0\xa6\xdc3\xb8\xb9\xc2\x64\xa5\x78"[..],
            ),
            ("一乙", b"\xa4\x40\xa4\x41"),
            ("籲", b"\xc6\x7e"),
            ("乂龘", b"\xc9\x40\xf9\xd5"),
            // Of several codes the one among the characters, not among the symbols.
            ("十卅", b"\xa4\x51\xa4\xca"),
            (
                "、。：；「」·–─",
                b"\xa1\x42\xa1\x43\xa1\x47\xa1\x46\xa1\x75\xa1\x76\xa1\x50\xa1\x56\xa2\x77",
            ),
            ("A 047~", b"A 047~"),
        ] {
            assert_eq!(encode(text).as_deref(), Some(expected), "{text}");
            assert_eq!(columns(text), expected.len());
        }
    }

    /// Added later, of Hong Kong, beyond the Basic Multilingual Plane, other languages, controls, disputed.
    #[test]
    fn what_is_not_in_every_rom_is_no_text() {
        for c in "裏恒碁①の€堃喆峯邨𠮷𡘙ạộกမា한é\n\t\u{7f}\u{a0}\u{200b}‧～￥".chars()
        {
            assert_eq!(bytes(c), None, "{c} {:x}", c as u32);
        }
        assert_eq!(encode("王小明"), Some(b"\xa4\xfd\xa4\x70\xa9\xfa".to_vec()));
        assert_eq!(encode("王\u{5803}"), None);
    }

    #[test]
    fn no_byte_is_a_control() {
        let all = (0..=0x10_ffff).filter_map(char::from_u32);
        let encoded: Vec<Vec<u8>> = all.filter_map(bytes).collect();
        assert!(encoded.iter().flatten().all(|byte| *byte >= 0x20));
        // All of both levels but 仝, for which the encoder takes its code among the additions.
        let chinese = encoded.iter().filter(|code| code[0] >= 0xa4).count();
        assert_eq!(chinese, 5_401 + 7_652 - 1);
        assert!(encoded.len() > chinese + 95 + 380, "{}", encoded.len());
    }
}
