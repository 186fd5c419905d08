//! The station file's data: the demo station, what others take from it, its schema, arbitrary texts.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU8;

use firmware_config::port::Link;
use firmware_config::profile::RomText;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use queue_core::{
    ClassId, ClassPlan, CounterId, CutOff, Discipline, OnePerPerson, ServiceId, StationPlan,
};
use station_config::{DemoProfile, Direction, LANGUAGES, StationFile, TimeSpan, demo};

fn demo_station() -> StationFile {
    StationFile::parse("demo.toml", demo()).unwrap_or_else(|errors| panic!("{errors}"))
}

#[test]
fn the_demo_station_is_right_and_no_station_to_run_as_it_is() {
    let (_, warnings) = StationFile::parse_with_warnings("demo.toml", demo()).unwrap();
    let told: Vec<_> = warnings.iter().map(ToString::to_string).collect();
    assert!(told[0].contains("nobody can administer"), "{told:?}");
    // Printer, panels, pads.
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(
        told[1..].iter().all(|one| one.contains("placeholder")),
        "{told:?}"
    );
}

#[test]
fn every_demo_is_a_station_that_the_engine_accepts() {
    for profile in DemoProfile::ALL {
        let file = StationFile::parse(profile.name(), profile.station())
            .unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(file.plan().check(), Ok(()));
        assert_eq!(profile.name().parse(), Ok(profile));
        let again = StationFile::parse(profile.name(), &file.to_toml().unwrap()).unwrap();
        assert_eq!(again, file, "{profile}");
    }
    assert!("visiting".parse::<DemoProfile>().is_err());
}

#[test]
fn the_household_office_has_zones_and_an_identity_check() {
    let profile = DemoProfile::Household;
    let file = StationFile::parse(profile.name(), profile.station()).unwrap();
    let (plan, info) = (file.plan(), file.info());
    let service = |id: &str| ServiceId::new(id).unwrap();
    let counter = |id: &str| CounterId::new(id).unwrap();
    assert!(plan.services[&service("seal")].identity_check);
    assert_eq!(plan.zones.zones.len(), 2);
    let up = info.waiting_zone(&service("nationality"));
    assert_eq!(up.map(|zone| zone.name.get("en")), Some("2F zone B"));
    let other = info.other_zone(&service("nationality"), &counter("3"));
    assert_eq!(other.map(|zone| zone.name.get("en")), Some("1F zone A"));
    assert_eq!(info.other_zone(&service("marriage"), &counter("4")), None);
}

#[test]
fn the_demo_station_speaks_ten_languages() {
    let info = demo_station().info();
    for tag in LANGUAGES {
        assert!(info.name.0.contains_key(tag), "{tag}");
        for service in &info.services {
            assert!(service.name.0.contains_key(tag), "{} {tag}", service.id);
            assert!(
                service.short_name.0.contains_key(tag),
                "{} {tag}",
                service.id
            );
        }
    }
}

#[test]
fn the_demo_station_says_in_every_language_what_to_bring() {
    let file = demo_station();
    // What the station is called in, it speaks.
    let languages: Vec<_> = file.station.name.0.keys().collect();
    assert_eq!(languages.len(), LANGUAGES.len());
    for service in &file.services {
        for document in &service.documents {
            let missing: Vec<_> = languages
                .iter()
                .filter(|tag| !document.0.contains_key(**tag))
                .collect();
            assert!(
                missing.is_empty(),
                "{}: {document:?} lacks {missing:?}",
                service.id
            );
        }
    }
    let with_documents = file.services.iter().filter(|s| !s.documents.is_empty());
    assert_eq!(with_documents.count(), 5, "enquiries need nothing");
}

#[test]
fn the_screens_get_services_and_counters_in_order() {
    let file = demo_station();
    let info = file.info();
    let letters: String = info.services.iter().map(|s| s.series.as_str()).collect();
    assert_eq!(letters, "ACFHPL");
    let counters: Vec<_> = info.counters.iter().map(|c| c.id.as_str()).collect();
    assert_eq!(counters, ["1", "2", "3", "4", "5", "6"]);
    assert_eq!(info.counters[0].direction, "left");
    assert_eq!(info.hours, ("08:00".to_owned(), "17:00".to_owned()));
    assert_eq!(info.name.zh(), "示範服務站");
    assert_eq!(info.announcements.len(), 4);
    let stay = info
        .service(&ServiceId::new("stay-extension").unwrap())
        .unwrap();
    assert_eq!(stay.short_name, stay.name);
    assert_eq!(stay.wait_standard_s, 900);
}

/// The small station with a section for the discipline, and more lines for the two classes.
fn plan_with(discipline: &str, regular: &str, priority: &str) -> StationPlan {
    let text = include_str!("small.toml")
        .replacen("[[class]]", &format!("{discipline}\n[[class]]"), 1)
        .replacen("default = true", &format!("default = true\n{regular}"), 1)
        .replacen(
            "credit_min = 20",
            &format!("credit_min = 20\n{priority}"),
            1,
        );
    let file = StationFile::parse("s.toml", &text).unwrap_or_else(|errors| panic!("{errors}"));
    let again = toml::to_string(&file).expect("a file is written");
    assert_eq!(
        StationFile::parse("s.toml", &again).expect("as before"),
        file
    );
    let plan = file.plan();
    assert_eq!(plan.check(), Ok(()));
    plan
}

#[test]
fn the_engine_gets_the_rule_of_the_file() {
    let rule = |name: &str| format!("[discipline]\nrule = \"{name}\"");
    let plain = |name| plan_with(&rule(name), "", "").rules.discipline;
    assert_eq!(plain("head_start"), Discipline::HeadStart);
    assert_eq!(plain("fcfs"), Discipline::Fcfs);
    let priority = ClassId::new("priority").unwrap();
    let strict = plan_with(&rule("strict"), "rank = 2", "rank = 1");
    assert_eq!(strict.rules.discipline, Discipline::Strict);
    assert_eq!(strict.classes[&priority].rank, 1);
    let accumulating = plan_with(&rule("accumulating"), "rate = 1", "rate = 2.345");
    assert_eq!(accumulating.rules.discipline, Discipline::Accumulating);
    assert_eq!(accumulating.classes[&priority].rate_permille, 2_345);
    let ratio = plan_with(&(rule("ratio") + "\npriority = 2\nregular = 3"), "", "");
    let calls = |n| NonZeroU8::new(n).unwrap();
    assert_eq!(
        ratio.rules.discipline,
        Discipline::Ratio {
            priority: calls(2),
            regular: calls(3),
        }
    );
}

#[test]
fn the_engine_gets_the_tiers_and_the_profiles_of_the_file() {
    let plan = demo_station().plan();
    let counter = |id: &str| &plan.counters[&CounterId::new(id).unwrap()];
    let ids = |services: &BTreeSet<ServiceId>| {
        let ids = services.iter().map(ServiceId::as_str);
        ids.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(ids(&counter("5").skills), ["enquiries", "pick-up"]);
    assert_eq!(
        ids(&counter("5").overflow_skills),
        ["entry-exit-certificate"]
    );
    assert_eq!(counter("5").overflow_delay_s, 600);
    assert!(counter("1").overflow_skills.is_empty());
    assert_eq!(counter("1").overflow_delay_s, 300);
    assert!(!counter("1").auto_call);
    assert_eq!(counter("1").auto_after_s, 10);
    let [profile] = &demo_station().profile_names()[..] else {
        panic!("one profile");
    };
    assert_eq!(profile.name.zh(), "領件尖峰");
    assert_eq!(ids(&plan.profiles[&profile.id].skills), ["pick-up"]);
    assert_eq!(
        ids(&plan.profiles[&profile.id].overflow_skills),
        ["enquiries"]
    );
}

#[test]
fn the_engine_gets_a_plan_it_accepts() {
    let file = demo_station();
    let plan = file.plan();
    assert_eq!(plan.check(), Ok(()));
    assert_eq!(plan.default_class.as_ref().unwrap().as_str(), "regular");
    let class = |id| &plan.classes[&ClassId::new(id).unwrap()];
    assert_eq!(class("priority").credit_s, 1_200);
    let regular = ClassPlan {
        rank: 3,
        ..ClassPlan::default()
    };
    assert_eq!(*class("regular"), regular);
    // A chief may try every rule.
    assert!(plan.distinguishes(Discipline::Strict));
    assert!(plan.distinguishes(Discipline::Accumulating));
    assert_eq!(plan.rules.discipline, Discipline::HeadStart);
    assert_eq!(plan.rules.undo_window_ms, 8_000);
    let pick_up = ServiceId::new("pick-up").unwrap();
    assert_eq!(plan.services[&pick_up].expected_handling_s, 180);
    assert_eq!(plan.services[&pick_up].series.as_str(), "P");
    let five = &plan.counters[&CounterId::new("5").unwrap()];
    assert!(five.asks_rating && five.skills.contains(&pick_up));
    assert!(plan.services.keys().all(|s| {
        plan.counters
            .values()
            .filter(|c| c.skills.contains(s))
            .count()
            >= 2
    }));
    let skills: BTreeMap<_, _> = plan.counters.values().map(|c| (&c.skills, ())).collect();
    assert_eq!(skills.len(), 6, "every counter has skills of its own");
}

#[test]
fn devices_are_found_by_id_and_can_be_replaced() {
    let mut file = demo_station();
    assert!(file.kiosk("K2").is_none() && file.display("K1").is_none());
    let printer = file.kiosk("K1").unwrap().printer.clone().unwrap();
    assert_eq!(
        (printer.head.width_dots, printer.head.dots_per_mm),
        (576, 8)
    );
    assert_eq!(printer.link, Link::serial("demo:printer", 115_200));
    let lines = &file.display("D1").unwrap().lines;
    assert_eq!((lines[0].panels.len(), lines[1].pads.len()), (6, 6));

    file.kiosks[0].printer.as_mut().unwrap().link = Link::serial("/dev/pts/7", 115_200);
    file.counters[0].direction = Some(Direction::Right);
    let written = file.to_toml().unwrap();
    assert_eq!(StationFile::parse("written.toml", &written).unwrap(), file);
}

#[test]
fn a_printer_cuts_unless_its_profile_or_the_file_says_that_it_cannot() {
    let small = include_str!("small.toml");
    let own = "profile = \"escpos-80mm\"";
    for (printer, cutter) in [
        (own, true),
        ("profile = \"zjiang-pos-5890\"", false),
        ("profile = \"zjiang-pos-5890\", cutter = true", true),
        ("profile = \"escpos-80mm\", cutter = false", false),
        ("width_dots = 432, dots_per_mm = 8", true),
        ("width_dots = 432, dots_per_mm = 8, cutter = false", false),
    ] {
        let file = StationFile::parse("s.toml", &small.replace(own, printer)).unwrap();
        let read = file.kiosks[0].printer.as_ref().unwrap();
        assert_eq!(read.cutter, cutter, "{printer}");
        let written = file.to_toml().unwrap();
        assert_eq!(StationFile::parse("written.toml", &written).unwrap(), file);
    }
}

#[test]
fn text_mode_is_for_printers_whose_characters_are_known() {
    let small = include_str!("small.toml");
    let own = "profile = \"escpos-80mm\"";
    let big5 = Some(RomText::Big5);
    for (printer, text_mode) in [
        (own, None),
        ("profile = \"epson-tm-t70ii-tc\"", None),
        ("profile = \"epson-tm-t70ii-tc\", text_mode = true", big5),
        ("profile = \"epson-tm-t70ii-tc\", text_mode = false", None),
        ("profile = \"escpos-80mm\", rom_text = \"big5\"", None),
        (
            "profile = \"escpos-80mm\", rom_text = \"big5\", text_mode = true",
            big5,
        ),
        (
            "width_dots = 432, dots_per_mm = 8, rom_text = \"big5\", text_mode = true",
            big5,
        ),
    ] {
        let file = StationFile::parse("s.toml", &small.replace(own, printer)).unwrap();
        let read = file.kiosks[0].printer.as_ref().unwrap();
        assert_eq!(read.text_mode, text_mode, "{printer}");
        let written = file.to_toml().unwrap();
        assert_eq!(StationFile::parse("written.toml", &written).unwrap(), file);
    }
}

#[test]
fn agents_reach_the_server_where_the_file_says() {
    let mut file = demo_station();
    assert_eq!(file.server_url(), "http://127.0.0.1:8080");
    file.station.listen = "0.0.0.0:80".parse().unwrap();
    assert_eq!(file.server_url(), "http://127.0.0.1:80");
    file.station.server_url = Some("http://station.lan:8080/".to_owned());
    assert_eq!(file.server_url(), "http://station.lan:8080");
    file.station.public_url = "https://queue.example/".to_owned();
    assert_eq!(file.info().public_url, "https://queue.example");
}

/// `examples/schema.rs` says how to write the file anew.
#[test]
fn the_schema_file_is_the_schema() {
    assert_eq!(
        include_str!("../station.schema.json"),
        StationFile::schema()
    );
}

#[test]
fn the_schema_describes_every_key() {
    let schema: serde_json::Value = serde_json::from_str(&StationFile::schema()).unwrap();
    let mut objects = vec![("file".to_owned(), &schema)];
    objects.extend(
        schema["$defs"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, def)| (name.clone(), def)),
    );
    for (name, object) in objects {
        if object["type"] == "object" {
            assert_eq!(object["additionalProperties"], false, "{name}");
            for (key, property) in object["properties"].as_object().unwrap() {
                assert!(property["description"].is_string(), "{name}.{key}");
            }
        }
    }
}

#[test]
fn deep_texts_are_answered() {
    for text in [
        format!("{} = 1", vec!["a"; 20_000].join(".")),
        format!("[{}]", vec!["a"; 20_000].join(".")),
        format!("a = {}", "[".repeat(20_000)),
        format!("a = {}", "{ a = ".repeat(20_000)),
    ] {
        assert!(StationFile::parse("deep.toml", &text).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered(text in "\\PC{0,60}(\n\\PC{0,30}){0,5}") {
        let _ = StationFile::parse("any.toml", &text);
    }

    /// A good file with a piece cut out and another put in is read, or each mistake has a place in it.
    #[test]
    fn any_damage_is_answered(
        from in 0..demo().chars().count(),
        length in 0..200_usize,
        put in "[\\PC\n]{0,12}|\\[\\[(service|counter|display\\.line)\\]\\]\n|[a-z_]{1,8} = [0-9\"{}]{1,3}",
    ) {
        let mut chars: Vec<char> = demo().chars().collect();
        let to = (from + length).min(chars.len());
        chars.splice(from..to, put.chars());
        let text: String = chars.into_iter().collect();
        if let Err(errors) = StationFile::parse("damaged.toml", &text) {
            prop_assert!(!errors.mistakes().is_empty());
            let lines = text.split('\n').count();
            for mistake in errors.mistakes() {
                prop_assert!((1..=lines).contains(&mistake.line), "{mistake}");
            }
            let told: Vec<_> = errors.mistakes().iter().map(|m| m.line).collect();
            prop_assert!(told.is_sorted(), "{errors}");
        }
    }
}

/// The small station with a calendar, and more lines for its first service.
fn with_calendar(calendar: &str, service: &str) -> StationFile {
    let text = include_str!("small.toml")
        .replacen("[[class]]", &format!("{calendar}\n[[class]]"), 1)
        .replacen(
            "id = \"renewal\"",
            &format!("id = \"renewal\"\n{service}"),
            1,
        );
    let file = StationFile::parse("s.toml", &text).unwrap_or_else(|errors| panic!("{errors}"));
    let again = toml::to_string(&file).expect("a file is written");
    assert_eq!(
        StationFile::parse("s.toml", &again).expect("as before"),
        file
    );
    file
}

const WORKING_WEEK: &str = r#"
[calendar]
[[calendar.weekly]]
days = ["mon", "tue", "wed", "thu", "fri"]
hours = ["08:00-12:00", "13:00-17:00"]
[[calendar.date]]
date = "2026-10-09"
until = "2026-10-11"
note = "國慶日"
[[calendar.date]]
date = "2026-10-17"
hours = ["08:30-12:00"]
"#;

/// The hours of a day as written, `08:00-12:00 13:00-17:00 > 2026-10-12T08:00`.
fn written(file: &StationFile, day: &str, service: Option<&str>) -> String {
    let zone = TimeZone::get("Asia/Taipei").expect("valid");
    let schedule = file.schedule().expect("a calendar");
    let hours = schedule.hours(day.parse().expect("valid"), &zone);
    let local = |at: queue_core::StationTime| {
        let at = jiff::Timestamp::from_millisecond(at.0).expect("valid");
        at.to_zoned(zone.clone()).datetime()
    };
    let (windows, next) = match service {
        Some(id) => {
            let own = &hours.services[&ServiceId::new(id).expect("valid")];
            (own.windows.clone().unwrap_or_default(), own.next_opening)
        }
        None => (hours.station, hours.next_opening),
    };
    let mut text = String::new();
    for w in windows {
        let (from, until) = (local(w.from), local(w.until));
        text += &format!("{}-{} ", from.strftime("%H:%M"), until.strftime("%H:%M"));
    }
    match next {
        Some(next) => text + &format!("> {}", local(next).strftime("%m-%dT%H:%M")),
        None => text + ">",
    }
}

#[test]
fn a_date_has_the_hours_of_its_week_or_its_own() {
    let file = with_calendar(WORKING_WEEK, "");
    for (day, expected) in [
        ("2026-10-08", "08:00-12:00 13:00-17:00 > 10-12T08:00"),
        ("2026-10-09", "> 10-12T08:00"),
        ("2026-10-10", "> 10-12T08:00"),
        ("2026-10-11", "> 10-12T08:00"),
        ("2026-10-16", "08:00-12:00 13:00-17:00 > 10-17T08:30"),
        ("2026-10-17", "08:30-12:00 > 10-19T08:00"),
        ("2026-10-18", "> 10-19T08:00"),
    ] {
        assert_eq!(written(&file, day, None), expected, "{day}");
    }
    assert_eq!(with_calendar("", "").schedule(), None);
}

#[test]
fn a_service_is_open_within_the_hours_of_the_station() {
    let file = with_calendar(WORKING_WEEK, r#"hours = ["09:00-13:30", "16:00-18:00"]"#);
    let renewal = Some("renewal");
    for (day, expected) in [
        (
            "2026-10-08",
            "09:00-12:00 13:00-13:30 16:00-17:00 > 10-12T09:00",
        ),
        ("2026-10-17", "09:00-12:00 > 10-19T09:00"),
        ("2026-10-18", "> 10-19T09:00"),
    ] {
        assert_eq!(written(&file, day, renewal), expected, "{day}");
    }
}

#[test]
fn limits_of_services_reach_the_engine() {
    let file = with_calendar(
        WORKING_WEEK,
        "quotas = [{ hours = \"08:00-12:00\", tickets = 40 }]\ncut_off = \"refuse\"\none_open_ticket = \"always\"",
    );
    let plan = file.plan();
    let limits = &plan.limits.services;
    let renewal = limits[&ServiceId::new("renewal").expect("valid")];
    assert_eq!(renewal.cut_off, CutOff::Refuse);
    assert_eq!(renewal.one_per_person, OnePerPerson::Always);
    assert_eq!(limits.len(), 1, "a service without limits is not named");
    assert_eq!(plan.limits.alarm_after_s, Some(180));
    let zone = TimeZone::get("Asia/Taipei").expect("valid");
    let hours = file.schedule().expect("valid");
    let hours = hours.hours("2026-10-08".parse().expect("valid"), &zone);
    let own = &hours.services[&ServiceId::new("renewal").expect("valid")];
    assert_eq!(own.windows, None);
    assert_eq!(own.quotas[0].tickets, 40);
    assert_eq!(own.quotas[0].window, hours.station[0]);
}

#[test]
fn clocks_that_are_put_forward_shorten_a_span() {
    let text = WORKING_WEEK.replace("\"08:00-12:00\", \"13:00-17:00\"", "\"01:00-04:00\"");
    let file = with_calendar(&text.replace("\"fri\"", "\"fri\", \"sun\""), "");
    let berlin = TimeZone::get("Europe/Berlin").expect("valid");
    let hours = file.schedule().expect("valid");
    let hours = hours.hours("2026-03-29".parse().expect("valid"), &berlin);
    let span = hours.station[0];
    assert_eq!(span.until.since_ms(span.from), 2 * 3_600_000);
}

proptest! {
    #[test]
    fn a_span_that_is_read_is_written_back_the_same(text in "\\PC{0,12}|[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]") {
        if let Ok(span) = text.parse::<TimeSpan>() {
            prop_assert_eq!(span.to_string(), text);
            prop_assert!(span.from() < span.until());
        }
    }
}

#[test]
fn a_voice_has_sensible_numbers_and_its_packs_are_named_from_the_root_on() {
    let text = include_str!("small.toml");
    let file = StationFile::parse("s.toml", text).unwrap();
    assert_eq!(file.voice, None);
    assert!(file.displays[0].voice);
    let text =
        format!("{text}\n[voice]\npacks = \"voices\"\nquiet = [{{ hours = \"12:30-13:30\" }}]\n");
    let file = StationFile::parse("/srv/station/s.toml", &text).unwrap();
    let voice = file.voice.clone().unwrap();
    assert_eq!(voice.packs.as_deref(), Some("/srv/station/voices"));
    assert_eq!(
        voice.languages,
        ["zh-TW", "en", "vi", "id", "th", "ja", "ko", "my"]
    );
    let quiet = &voice.quiet[0];
    assert_eq!(
        (voice.volume, quiet.volume, quiet.chime, quiet.voice),
        (100, 30, true, true)
    );
    // The copy that agents read says the same.
    let copy = StationFile::parse("/srv/copy/s.toml", &file.to_toml().unwrap()).unwrap();
    assert_eq!(copy.voice, file.voice);
}
