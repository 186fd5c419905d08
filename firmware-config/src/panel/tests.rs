use proptest::prelude::*;

use super::*;
use crate::simulate::VirtualDisplay;
use crate::template::{Piece, TextForm, segments};

/// Every panel that a built-in profile describes.
fn all_kinds() -> Vec<PanelProtocol> {
    let profiles = DeviceProfile::all_built_in();
    profiles
        .iter()
        .filter_map(PanelProtocol::of_profile)
        .collect()
}

fn any_kind() -> impl Strategy<Value = PanelProtocol> {
    prop::sample::select(all_kinds())
}

fn with_checksums() -> Vec<PanelProtocol> {
    let has_checksum = |kind: &PanelProtocol| match kind {
        PanelProtocol::Cd5220 => false,
        PanelProtocol::Template(template) => template.frames().any(|frame| {
            let mut pieces = frame.layout.pieces().iter();
            pieces.any(|piece| matches!(piece, Piece::Checksum(..)))
        }),
        _ => true,
    };
    all_kinds().into_iter().filter(has_checksum).collect()
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9]{0,6}",
        "[A-Z][0-9]{3}",
        "[ -~]{0,20}",
        "[A-Za-z0-9 -]{0,8}",
    ]
}

/// What people see when a panel shows a text.
fn seen(kind: &PanelProtocol, text: &str) -> String {
    match kind {
        PanelProtocol::Alpha { .. } => text.to_owned(),
        PanelProtocol::Template(template) => {
            let part = template.frames().find_map(|frame| frame.layout.text());
            let part = part.unwrap().1;
            let kept = |c: &char| !part.drop_letters || c.is_ascii_digit();
            let text: String = text.chars().filter(kept).collect();
            match part.form {
                TextForm::U8 | TextForm::U16Be | TextForm::U16Le => {
                    text.parse::<u32>().unwrap().to_string()
                }
                _ => text.trim().to_owned(),
            }
        }
        _ => text.trim_end().to_owned(),
    }
}

/// A panel that has been told what it must know before its first text.
fn panel(kind: &PanelProtocol, address: u8) -> VirtualDisplay {
    let mut panel = VirtualDisplay::new(kind, address).unwrap();
    for outgoing in kind.prepare(address).unwrap() {
        panel.hear(&outgoing.bytes());
    }
    panel
}

#[test]
fn every_family_has_a_built_in_profile() {
    let kinds = all_kinds();
    assert_eq!(kinds.len(), 11);
    for kind in [
        PanelProtocol::Led485,
        PanelProtocol::Dm36(Digits::Six),
        PanelProtocol::Dm36(Digits::Four),
        PanelProtocol::Alpha { columns: 12 },
        PanelProtocol::Am03127 { columns: 13 },
        PanelProtocol::Cd5220,
    ] {
        assert!(kinds.contains(&kind), "{kind:?}");
    }
    let pad = DeviceProfile::built_in("ff68-pad").unwrap();
    assert_eq!(PanelProtocol::of_profile(&pad), None);
}

#[test]
fn every_panel_shows_a_number_and_nothing() {
    for kind in all_kinds() {
        let mut device = panel(&kind, 7);
        let shown = kind.show(7, "123").unwrap();
        let answer = device.hear(&shown.bytes());
        assert_eq!(device.shown(), "123", "{kind:?}");
        assert_eq!(answer.is_empty(), shown.answer == Expected::Nothing);
        match kind.blank(7) {
            Ok(blank) => {
                device.hear(&blank.bytes());
                assert_eq!(device.shown(), "", "{kind:?}");
            }
            Err(error) => assert_eq!(error, ShowError::NoBlank, "{kind:?}"),
        }
    }
}

#[test]
fn addresses_no_panel_has_are_refused() {
    for (kind, address) in [
        (PanelProtocol::Led485, 0),
        (PanelProtocol::Led485, 248),
        (PanelProtocol::Dm36(Digits::Four), 248),
        (PanelProtocol::Alpha { columns: 12 }, 0),
        (PanelProtocol::Am03127 { columns: 12 }, 0),
    ] {
        let error = kind.show(address, "1").unwrap_err();
        assert!(matches!(error, ShowError::Address { .. }), "{error}");
        assert_eq!(kind.blank(address), Err(error.clone()));
        assert_eq!(kind.prepare(address), Err(error));
    }
}

#[test]
fn texts_are_cut_nowhere() {
    for kind in all_kinds() {
        let text = "1".repeat(kind.text_max() + 1);
        let error = kind.show(1, &text).unwrap_err();
        let message = error.to_string();
        assert!(message.contains(&text), "{message}");
        let error = kind.show(1, "號\n");
        // A board without letters leaves them out, and then no number is left.
        assert!(error.is_err() || matches!(kind, PanelProtocol::Template(_)));
    }
    let error = PanelProtocol::Led485.show(1, "1234567").unwrap_err();
    assert_eq!(
        error.to_string(),
        "`1234567` is too long, expected at most 6 characters"
    );
}

#[test]
fn a_panel_that_can_be_asked_tells_what_it_holds() {
    let mut asked = 0;
    for kind in all_kinds() {
        let Some(question) = kind.read_back(1, "12").unwrap() else {
            continue;
        };
        asked += 1;
        let mut device = panel(&kind, 1);
        let mut hear =
            || Listener::new(question.answer.clone()).feed(&device.hear(&question.bytes()));
        assert!(matches!(hear(), Heard::Refused(Refusal::HoldsOther(_))));
        let mut device = panel(&kind, 1);
        device.hear(&kind.show(1, "12").unwrap().bytes());
        let answer = device.hear(&question.bytes());
        assert_eq!(
            Listener::new(question.answer).feed(&answer),
            Heard::Acknowledged
        );
    }
    assert_eq!(asked, 3);
}

#[test]
fn what_must_be_said_first_is_said_once() {
    let prepared = |id: &str| {
        let profile = DeviceProfile::built_in(id).unwrap();
        let kind = PanelProtocol::of_profile(&profile).unwrap();
        kind.prepare(1).unwrap()
    };
    assert!(prepared("led-485").is_empty());
    assert_eq!(prepared("cd5220")[0].bytes(), [0x1b, 0x40]);
    let [alpha] = prepared("alpha").try_into().unwrap();
    assert_eq!(
        alpha.pauses_ms(),
        alpha::LAYOUT_PAUSE_MS + 2 * alpha::NESTED_PAUSE_MS
    );
}

#[test]
fn signs_with_a_memory_are_spared() {
    let kinds = all_kinds();
    let spared = kinds.iter().filter(|kind| kind.remembers_text());
    assert_eq!(spared.count(), 2);
}

proptest! {
    #[test]
    fn a_panel_shows_every_permitted_text(
        kind in any_kind(),
        address in 1..=99_u8,
        text in any_text(),
        noise in prop::collection::vec(any::<u8>(), 0..40),
        cut in 0..40_usize,
    ) {
        let Ok(shown) = kind.show(address, &text) else {
            // Digits that fit are permitted everywhere.
            prop_assert!(
                text.is_empty() || text.len() > 3 || !text.bytes().all(|c| c.is_ascii_digit())
            );
            return Ok(());
        };
        let mut device = panel(&kind, address);
        let bytes = shown.bytes();
        // A disturbance costs one frame at most.
        device.hear(&noise);
        device.hear(&bytes[..cut.min(bytes.len())]);
        device.hear(&bytes);
        let mut answer = device.hear(&bytes);
        let sees = seen(&kind, &text);
        if let PanelProtocol::Template(_) = kind {
            prop_assert!(
                device.shown().chars().map(segments).eq(sees.chars().map(segments))
                    || device.shown() == sees
            );
        } else {
            prop_assert_eq!(device.shown(), sees);
        }
        let mut listener = Listener::new(shown.answer.clone());
        if shown.answer == Expected::Nothing {
            prop_assert!(answer.is_empty());
        } else {
            listener.feed(&noise);
            let last = answer.pop().unwrap();
            listener.feed(&answer);
            // A stray N before a board's ACK makes it a NACK, and the text is sent again.
            let heard = listener.feed(&[last]);
            let is_misread = heard == Heard::Refused(Refusal::Nack) && noise.ends_with(b"N");
            prop_assert!(heard == Heard::Acknowledged || is_misread, "{heard:?}");
        }
    }

    #[test]
    fn others_are_left_alone(kind in any_kind(), text in "[0-9]{1,3}") {
        // A customer display has no address, nor have parking displays of this kind.
        let mut device = panel(&kind, 9);
        let shown = kind.show(8, &text).unwrap();
        let answers = device.hear(&shown.bytes());
        let has_address = kind.show(9, &text).unwrap() != shown;
        prop_assert!(!has_address || (device.shown().is_empty() && answers.is_empty()));
    }

    #[test]
    fn a_broken_frame_shows_nothing_new(
        kind in prop::sample::select(with_checksums()),
        at in any::<prop::sample::Index>(),
        bit in 0..8_u8,
    ) {
        let shown = kind.show(1, "135").unwrap();
        let mut device = panel(&kind, 1);
        let mut bytes = shown.bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        device.hear(&bytes);
        let text = device.shown();
        prop_assert!(text.is_empty() || text == "135", "{}", text);
    }

    #[test]
    fn devices_survive_anything(
        kind in any_kind(),
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..4),
    ) {
        let mut device = panel(&kind, 1);
        for piece in pieces {
            device.hear(&piece);
        }
    }
}
