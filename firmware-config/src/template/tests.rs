use super::*;
use crate::panel::{Heard, Listener, Refusal};
use crate::profile::{DeviceProfile, parse_toml};

#[derive(Debug, serde::Deserialize)]
struct File {
    frame: Vec<FrameSpec>,
}

fn read(text: &str) -> Result<Template, FrameMistake> {
    let file: File = parse_toml("t.toml", text).unwrap_or_else(|e| panic!("{e}"));
    Template::new(&file.frame)
}

fn built_in(id: &str) -> Template {
    let profile = DeviceProfile::built_in(id).unwrap();
    Template::new(&profile.frame).unwrap()
}

fn bytes(template: &Template, address: u8, text: &str) -> Vec<u8> {
    template.show(address, text).unwrap().bytes()
}

#[test]
fn published_vectors() {
    for (id, address, text, expected) in [
        ("kanban", 5, "999", &[0x05, 0x03, 0xe7, 0xef][..]),
        (
            "ed400d",
            1,
            "1234",
            &[0x02, 0x30, 0x31, 0x31, 0x32, 0x33, 0x34, 0x03],
        ),
        (
            "parking-3a",
            1,
            "888",
            &[0x3a, 0x00, 0x78, 0x03, 0x01, 0xb6, 0x0a],
        ),
    ] {
        assert_eq!(bytes(&built_in(id), address, text), expected, "{id}");
    }
}

#[test]
fn frames_without_a_published_vector_are_built_as_described() {
    // By hand: 0c + 02 + 01, then d4 for `A012` and 80 for four blanks, is 163h.
    let card = bytes(&built_in("led-card-fe"), 2, "A012");
    assert_eq!(card[..6], [0xfe, 0xff, 0x0c, 0x02, 0x01, b'A']);
    assert_eq!(card[card.len() - 2..], [0x63, 0xae]);
    let counted = card.len() - 3;
    assert_eq!(usize::from(card[2]), counted, "length, id, data and sum");
    let long = bytes(&built_in("led-aa55"), 3, "A012");
    let head = [0xaa, 0x55, 0, 3, 0, 1, 0, 0, 0, 6, b'A'];
    assert_eq!(long[..11], head);
    assert_eq!(long.len(), 18);
}

#[test]
fn both_answers_of_the_parking_display_are_taken() {
    let shown = built_in("parking-3a").show(1, "888").unwrap();
    let hear = |bytes: &[u8]| Listener::new(shown.answer.clone()).feed(bytes);
    let example = [0x2a, 0x00, 0x78, 0x03, 0x01, 0xa6, 0x0a];
    assert_eq!(hear(&example), Heard::Acknowledged);
    assert_eq!(hear(&[0x3a, 0x01, 0x3b, 0x0a]), Heard::Acknowledged);
    assert_eq!(hear(&[0x3a, 0x01, 0x3c, 0x0a]), Heard::Noise);
    // An adapter's echo of what was sent is no answer.
    assert_eq!(hear(&shown.bytes()), Heard::Noise);
}

/// A frame of one text part, and what it makes of texts.
fn text_part(part: &str) -> Template {
    read(&format!("[[frame]]\nparts = [{{ text = {part} }}]\n")).unwrap()
}

#[test]
fn forms_of_text() {
    for (part, text, expected) in [
        ("{ as = 'ascii', len = 5 }", "A12", &b"A12  "[..]),
        ("{ as = 'ascii', len = 5, pad = 'right' }", "A12", b"  A12"),
        (
            "{ as = 'ascii', len = 4, pad = 'right', fill = '0', drop_letters = true }",
            "A12",
            b"0012",
        ),
        ("{ as = 'bcd', len = 2 }", "123", &[0x01, 0x23]),
        ("{ as = 'bcd', len = 2, fill = 'F' }", "123", &[0xf1, 0x23]),
        (
            "{ as = 'bcd', len = 2, pad = 'left', fill = 'F' }",
            "1",
            &[0x1f, 0xff],
        ),
        ("{ as = 'u8' }", "200", &[200]),
        ("{ as = 'u16-be' }", "999", &[0x03, 0xe7]),
        ("{ as = 'u16-le' }", "999", &[0xe7, 0x03]),
        (
            "{ as = 'segments', len = 4 }",
            "A1x",
            &[0x77, 0x06, 0x76, 0],
        ),
    ] {
        assert_eq!(bytes(&text_part(part), 1, text), expected, "{part}");
    }
    for (part, text, expected) in [
        ("{ as = 'ascii', len = 3 }", "A123", "at most 3 characters"),
        (
            "{ as = 'bcd', len = 1 }",
            "A1",
            "character 'A', expected digits",
        ),
        ("{ as = 'u8' }", "256", "no number from 0 to 255"),
        ("{ as = 'u8' }", "+1", "no number"),
        ("{ as = 'u16-be', max = 999 }", "1000", "from 0 to 999"),
        ("{ as = 'u16-be', drop_letters = true }", "A", "no number"),
        ("{ as = 'segments', len = 3 }", "@", "seven segments"),
    ] {
        let error = text_part(part).show(1, text).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn forms_of_address() {
    for (form, address, expected) in [
        (AddressForm::U8, 200, &[200][..]),
        (AddressForm::U16Be, 200, &[0, 200]),
        (AddressForm::U16Le, 200, &[200, 0]),
        (AddressForm::Hex2, 0xab, b"AB"),
        (AddressForm::Dec2, 7, b"07"),
        (AddressForm::Bcd, 42, &[0x42]),
    ] {
        let bytes = form.bytes(address).unwrap();
        assert_eq!(bytes, expected, "{form:?}");
        assert_eq!(bytes.len(), form.length());
    }
    let error = AddressForm::Dec2.bytes(100).unwrap_err();
    assert_eq!(error.to_string(), "invalid address 100, expected 0 to 99");
}

#[test]
fn forms_of_checksum() {
    let covered = [0x01, 0x06, 0, 0, 0, 0xf2];
    assert_eq!(ChecksumKind::Sum8.bytes(&covered), [0xf9]);
    assert_eq!(ChecksumKind::Xor8.bytes(&covered), [0xf5]);
    let vector = [0x01, 0x06, 0, 0, 0, 0x32];
    assert_eq!(ChecksumKind::Crc16Modbus.bytes(&vector), [0x08, 0x1f]);
}

#[test]
fn frames_for_blanking_and_preparing() {
    let text = "
        [[frame]]
        use = 'prepare'
        parts = [{ const = '1B 40' }]
        [[frame]]
        parts = [{ address = 'u8' }, { text = { as = 'u8' } }, { checksum = { kind = 'xor8' } }]
        [[frame]]
        use = 'blank'
        parts = [{ address = 'u8' }, { const = 'FF' }]
        [[frame.answers]]
        parts = [{ const = '06' }]
        [[frame.answers]]
        means = 'refused'
        parts = [{ const = '15' }, { address = 'u8' }]
    ";
    let template = read(text).unwrap();
    assert_eq!(template.prepare(3).unwrap()[0].bytes(), [0x1b, 0x40]);
    assert_eq!(bytes(&template, 3, "5"), [3, 5, 6]);
    let blank = template.blank(3).unwrap();
    assert_eq!(blank.bytes(), [3, 0xff]);
    let hear = |bytes: &[u8]| Listener::new(blank.answer.clone()).feed(bytes);
    assert_eq!(hear(&[6]), Heard::Acknowledged);
    assert_eq!(hear(&[0x15, 3]), Heard::Refused(Refusal::Nack));
    let numbers = text_part("{ as = 'u8' }");
    assert_eq!(numbers.blank(1), Err(ShowError::NoBlank));
    let cells = text_part("{ as = 'segments', len = 2 }");
    assert_eq!(cells.blank(1).unwrap().bytes(), [0, 0]);
    let digits = text_part("{ as = 'bcd', len = 1, fill = 'f' }");
    assert_eq!(digits.blank(1).unwrap().bytes(), [0xff]);
}

#[test]
fn mistakes_are_told_with_their_place() {
    let place = |frame, answer, part| Place {
        frame,
        answer,
        part,
    };
    let text = "{ text = { as = 'u8' } }";
    for (parts, part, expected) in [
        ("", None, "a frame without bytes, expected parts"),
        ("{ const = '02' }", None, "0 `text` parts, expected one"),
        ("T, T", None, "2 `text` parts, expected one"),
        ("T, { any = 1 }", Some(1), "`any` in a frame that is sent"),
        ("T, { end = 'x' }", Some(1), "without its `begin`"),
        ("{ begin = 'x' }, T", Some(0), "without its `end`"),
        (
            "{ begin = 'x' }, { begin = 'x' }, T",
            Some(1),
            "a second `begin = \"x\"`, expected another name",
        ),
        (
            "T, { checksum = { kind = 'sum8', over = 'x' } }",
            Some(1),
            "no stretch `x`, expected the name of a `begin`",
        ),
        (
            "{ begin = 'x' }, { checksum = { kind = 'sum8', over = 'x' } }, T, { end = 'x' }",
            Some(1),
            "a checksum over bytes that come after it",
        ),
        ("{ text = { as = 'bcd' } }", Some(0), "without `len`"),
        (
            "{ text = { as = 'bcd', len = 0 } }",
            Some(0),
            "invalid len 0",
        ),
        (
            "{ text = { as = 'u8', len = 1 } }",
            Some(0),
            "with a number",
        ),
        (
            "{ text = { as = 'ascii', len = 1, max = 1 } }",
            Some(0),
            "`max`",
        ),
        (
            "{ text = { as = 'bcd', len = 1, fill = 'g' } }",
            Some(0),
            "invalid fill 'g', expected a hexadecimal digit",
        ),
    ] {
        let parts = parts.replace('T', text);
        let mistake = read(&format!("[[frame]]\nparts = [{parts}]\n")).unwrap_err();
        assert!(mistake.to_string().contains(expected), "{mistake}");
        assert_eq!(mistake.place, place(Some(0), None, part), "{mistake}");
    }
    let answer = format!("[[frame]]\nparts = [{text}]\n[[frame.answers]]\nparts = [{text}]\n");
    let mistake = read(&answer).unwrap_err();
    assert_eq!(mistake.place, place(Some(0), Some(0), Some(0)), "{mistake}");
    let any = answer.replace(
        "answers]]\nparts = [{ text = { as = 'u8' } }]",
        "answers]]\nparts = [{ any = 0 }]",
    );
    assert!(read(&any).unwrap_err().message.contains("`any` of 0 bytes"));
    let twice = format!("[[frame]]\nparts = [{text}]\n").repeat(2);
    let mistake = read(&twice).unwrap_err();
    assert_eq!(mistake.place, place(Some(1), None, None), "{mistake}");
    let none = Template::new(&[]).unwrap_err();
    assert_eq!(none.place, Place::default());
    let long = vec!["00"; 260].join(" ");
    let mistake = read(&format!(
        "[[frame]]\nparts = [{{ const = '{long}' }}, {text}]\n"
    ));
    assert!(mistake.unwrap_err().message.contains("more than 250 bytes"));
}

#[test]
fn profiles_are_written_as_they_are_read() {
    let profile = DeviceProfile::built_in("led-card-fe").unwrap();
    let written = serde_json::to_string(&profile).unwrap();
    let again: DeviceProfile = serde_json::from_str(&written).unwrap();
    assert_eq!(again, profile);
    assert!(written.contains(r#"{"const":"FE FF"}"#), "{written}");
}
