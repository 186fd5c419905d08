//! Which keys exist, known while compiling, so that a misspelt key is a compile error.

/// The files that define the keys; every other language is tested against them.
const FILES: [&str; 2] = [
    include_str!("../../texts/en.ftl"),
    include_str!("../../texts/staff.en.ftl"),
];

/// Where a key stands: file, first byte, length.
type Place = (usize, usize, usize);

/// How many messages the files define.
const COUNT: usize = scan::<0>().1;

/// Every key's place, in the order of the files.
static PLACES: [Place; COUNT] = scan::<COUNT>().0;

/// Whether a text with this key exists.
pub const fn is_key(key: &str) -> bool {
    let key = key.as_bytes();
    let mut index = 0;
    while index < COUNT {
        let (file, start, length) = PLACES[index];
        if length == key.len() && is_at(FILES[file].as_bytes(), start, key) {
            return true;
        }
        index += 1;
    }
    false
}

const fn is_at(text: &[u8], start: usize, key: &[u8]) -> bool {
    let mut offset = 0;
    while offset < key.len() {
        if text[start + offset] != key[offset] {
            return false;
        }
        offset += 1;
    }
    true
}

/// Finds the identifiers at the start of lines, of which a message has exactly one; keeps the
/// first `N` and counts all.
const fn scan<const N: usize>() -> ([Place; N], usize) {
    let mut places = [(0, 0, 0); N];
    let mut count = 0;
    let mut file = 0;
    while file < FILES.len() {
        let text = FILES[file].as_bytes();
        let mut at = 0;
        while at < text.len() {
            let start = at;
            while at < text.len() && is_identifier(text[at]) {
                at += 1;
            }
            if at > start && text[start].is_ascii_alphabetic() {
                if count < N {
                    places[count] = (file, start, at - start);
                }
                count += 1;
            }
            while at < text.len() && text[at] != b'\n' {
                at += 1;
            }
            at += 1;
        }
        file += 1;
    }
    (places, count)
}

const fn is_identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_by_its_whole_name() {
        assert!(is_key("kiosk-title"));
        assert!(is_key("error-unknown_service"));
        for other in ["kiosk-titl", "kiosk-titles", "", "title", "#"] {
            assert!(!is_key(other), "{other}");
        }
    }
}
