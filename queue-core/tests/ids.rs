//! Identifiers, numbers and dates come from outside: whatever is read is either refused or written back the same.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use proptest::prelude::*;
use queue_core::{
    BadId, BusinessDay, CommandId, CounterId, DeviceId, FaultWord, KioskNumber, Series, ServiceId,
    StaffId, TicketId, TicketNumber,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Reads a text as an id. What is taken is written as it was read, also as JSON; what is refused is refused there too.
fn exact<T>(text: &str)
where
    T: FromStr<Err = BadId> + Display + Debug + PartialEq + Serialize + DeserializeOwned,
{
    let json = serde_json::to_string(text).expect("a text");
    match text.parse::<T>() {
        Ok(id) => {
            assert_eq!(id.to_string(), text);
            assert_eq!(serde_json::to_string(&id).expect("an id"), json);
            assert_eq!(serde_json::from_str::<T>(&json).expect("the same id"), id);
        }
        Err(bad) => {
            assert!(
                bad.text.chars().count() <= 40,
                "a refusal does not repeat a megabyte"
            );
            assert!(serde_json::from_str::<T>(&json).is_err());
        }
    }
}

/// Texts close enough to what is valid that both sides are met.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[A-Ca-c]{0,4}[0-9]{0,11}",
        "[A-Za-z0-9_-]{0,40}",
        "[A-Z/]{0,3}/[A-Z 0-9/]{0,6}",
        "[0-9]{3,5}-[0-9]{2}-[0-9]{2}",
        "[0-9a-fA-F+]{30,34}",
        " ?[林a]{0,30} ?",
    ]
}

proptest! {
    #[test]
    fn ids_are_refused_or_kept_exactly(text in text()) {
        exact::<ServiceId>(&text);
        exact::<CounterId>(&text);
        exact::<StaffId>(&text);
        exact::<Series>(&text);
        exact::<DeviceId>(&text);
        exact::<FaultWord>(&text);
        exact::<TicketId>(&text);
        exact::<CommandId>(&text);
        exact::<BusinessDay>(&text);
    }

    #[test]
    fn a_ticket_number_is_read_as_people_type_it(text in text()) {
        if let Ok(number) = text.parse::<TicketNumber>() {
            let written = number.to_string();
            prop_assert_eq!(written.parse::<TicketNumber>(), Ok(number));
            let typed = text.trim().to_ascii_uppercase();
            prop_assert_eq!(written.replace('0', ""), typed.replace('0', ""));
        }
    }

    #[test]
    fn every_number_is_written_and_read(
        series in "[A-Z]{1,3}",
        kiosk in prop::option::of(1_u8..=KioskNumber::MAX),
        number in 0_u32..1_000_000_000,
    ) {
        let series = Series::new(&series).expect("letters");
        let kiosk = kiosk.map(|kiosk| KioskNumber::new(kiosk).expect("1 to 99"));
        let number = TicketNumber { series, kiosk, number };
        let written = number.to_string();
        prop_assert_eq!(written.to_ascii_lowercase().parse::<TicketNumber>(), Ok(number.clone()));
        let letters = number.series.to_string();
        prop_assert_eq!(number.digits(), written.replace('-', "").replacen(&letters, "", 1));
        let digits = number.digits().parse::<u32>();
        prop_assert!(digits.map_or(true, |digits| number.has_digits(digits)));
    }

    #[test]
    fn random_ids_are_written_as_32_digits(id in any::<u128>()) {
        let written = TicketId(id).to_string();
        prop_assert_eq!(written.len(), 32);
        prop_assert_eq!(written.parse::<TicketId>(), Ok(TicketId(id)));
        prop_assert_eq!(written.parse::<CommandId>(), Ok(CommandId(id)));
    }
}

#[test]
fn a_date_is_a_day_of_the_calendar() {
    for good in [
        "2026-11-16",
        "2024-02-29",
        "2000-02-29",
        "0001-01-01",
        "9999-12-31",
    ] {
        let day: BusinessDay = good.parse().expect("a date");
        assert_eq!(day.to_string(), good);
        assert_eq!(
            day.as_yyyymmdd().to_string(),
            good.replace('-', "").trim_start_matches('0')
        );
    }
    for bad in [
        "2026-02-29",
        "1900-02-29",
        "2026-04-31",
        "2026-13-01",
        "2026-00-10",
        "2026-01-00",
        "0000-01-01",
        "2026-1-01",
        "2026/01/01",
        "20260101",
        "",
        "二〇二六",
        "2026-01-0１",
    ] {
        assert!(bad.parse::<BusinessDay>().is_err(), "{bad}");
    }
}

#[test]
fn dates_sort_as_the_calendar_does() {
    let days = [
        "2025-12-31",
        "2026-01-01",
        "2026-01-31",
        "2026-02-01",
        "2026-11-16",
    ];
    let days = days.map(|d| d.parse::<BusinessDay>().expect("a date"));
    assert!(days.is_sorted());
    assert!(days.map(BusinessDay::as_yyyymmdd).is_sorted());
}

#[test]
fn ticket_numbers_have_three_digits_and_then_four() {
    for (typed, written) in [
        ("a1", "A001"),
        (" B047 ", "B047"),
        ("A0999", "A999"),
        ("A1000", "A1000"),
    ] {
        let number: TicketNumber = typed.parse().expect("a number");
        assert_eq!(number.to_string(), written);
    }
    for bad in [
        "",
        "A",
        "7",
        "A-7",
        "A7B",
        "ABCD1",
        "A1234567890",
        "Ａ001",
        "A 7",
    ] {
        assert!(bad.parse::<TicketNumber>().is_err(), "{bad}");
    }
}
