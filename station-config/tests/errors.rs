//! What people are told about a broken station file, word for word.

use station_config::StationFile;

/// A small station; each test breaks it somewhere.
const GOOD: &str = include_str!("small.toml");

fn errors(text: &str) -> String {
    match StationFile::parse("s.toml", text) {
        Ok(_) => "none".to_owned(),
        Err(errors) => errors.to_string(),
    }
}

fn warnings(text: &str) -> String {
    let (_, warnings) = StationFile::parse_with_warnings("s.toml", text)
        .unwrap_or_else(|errors| panic!("{errors}"));
    let lines: Vec<_> = warnings.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// The small station with replacements, each of which must apply.
fn broken(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(GOOD.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "`{from}` is not in the small station");
        text.replacen(from, to, 1)
    })
}

fn lines(expected: &str) -> Vec<&str> {
    let lines = expected.lines().map(str::trim);
    lines.filter(|line| !line.is_empty()).collect()
}

macro_rules! told {
    ($name:ident, $changes:expr, $expected:literal) => {
        #[test]
        fn $name() {
            let told = errors(&broken(&$changes));
            assert_eq!(told.lines().collect::<Vec<_>>(), lines($expected), "{told}");
        }
    };
}

#[test]
fn a_station_that_nobody_can_administer_is_unwise() {
    let told = warnings(&broken(&[("role = \"administrator\"", "role = \"chief\"")]));
    assert_eq!(
        told,
        "s.toml:1:1: nobody can administer this station: no [[staff]] with the role `administrator` and a \
         `password_hash`, and no [[access.token]] with that role"
    );
}

#[test]
fn a_placeholder_of_the_demo_is_no_device() {
    let told = warnings(&broken(&[("/dev/ttyS0", "demo:panels")]));
    assert_eq!(
        told,
        "s.toml:64:19: a placeholder of the demo: write the path of the real device, or leave the device out"
    );
}

#[test]
fn a_port_of_a_printer_and_of_a_display_is_unwise() {
    let printer = (
        "{ tcp = \"192.168.1.50:9100\" }",
        "{ serial = \"/dev/ttyS0\", baud_bps = 19200 }",
    );
    let expected = "s.toml:64:8: the port `/dev/ttyS0` is also that of the printer in line 57: right only where the two are \
                    on different machines";
    assert_eq!(warnings(&broken(&[printer])), expected);
    let pad = "[[display.pad]]\nlink = { serial = \"/dev/ttyS1\" }\ncounter = \"2\"\nprofile = \"byte-keypad\"\n\n[[access";
    let spare = "printer = { link = { serial = \"/dev/ttyS7\" }, profile = \"escpos-80mm\" }\n\
                 spare_printer = { link = { serial = \"/dev/ttyS1\" }, profile = \"escpos-80mm\" }\nscreen";
    let told = warnings(&broken(&[
        (
            "printer = { link = { tcp = \"192.168.1.50:9100\" }, profile = \"escpos-80mm\" }\nscreen",
            spare,
        ),
        ("[[access", pad),
    ]));
    let expected = "s.toml:73:8: the port `/dev/ttyS1` is also that of the printer in line 58: right only where the two are \
                    on different machines";
    assert_eq!(told, expected);
}

#[test]
fn a_second_panel_of_a_counter_is_unwise() {
    let second = "panels = [\n    { address = 9, counter = \"1\" },";
    let told = warnings(&broken(&[("panels = [", second)]));
    let expected = "s.toml:67:30: a second panel of counter `1` beside that in line 66: what is wrong with one is told as of both";
    assert_eq!(told, expected);
}

#[test]
fn the_small_station_is_right() {
    assert_eq!(errors(GOOD), "none");
    assert_eq!(warnings(GOOD), "");
}

told!(
    voices_that_cannot_be,
    [(
        "[[access.token]]",
        r#"[voice]
languages = ["vi", "fr", "vi"]
always = ["nan"]
volume = 0
packs = " "
quiet = [
    { hours = "12:00-13:00", volume = 101 },
    { hours = "12:30-14:00" },
    { hours = "14:00-13:00" },
]

[[access.token]]"#
    )],
    r#"
        s.toml:72:20: unknown voice language `fr`, expected one of `zh-TW`, `nan-TW`, `hak-TW`, `en`, `vi`, `id`, `th`, `ja`, `ko`, `my`
        s.toml:72:26: voice language `vi` is used twice, expected another one than in line 72
        s.toml:73:11: unknown voice language `nan` (did you mean `nan-TW`?), expected one of `zh-TW`, `nan-TW`, `hak-TW`, `en`, `vi`, `id`, `th`, `ja`, `ko`, `my`
        s.toml:74:10: invalid volume 0, expected 1 to 100
        s.toml:75:9: empty text, expected something to read
        s.toml:77:39: invalid volume 101, expected 0 to 100
        s.toml:78:15: overlaps the quiet time 12:00-13:00, expected times apart
        s.toml:79:15: `14:00-13:00` is not a span of a day, expected HH:MM-HH:MM such as 08:00-12:00, 23:59 at the latest
    "#
);

#[test]
fn a_voice_that_only_a_pack_has_is_looked_for() {
    let voice = |text: &str| {
        let voice = format!("[voice]\n{text}\n\n[[access.token]]");
        warnings(&broken(&[("[[access.token]]", &voice)]))
    };
    assert_eq!(
        voice("always = [\"nan-TW\"]"),
        "s.toml:72:11: `nan-TW` needs a voice pack, and there is no `packs`"
    );
    assert_eq!(
        voice("packs = \"no-such-voices\""),
        "s.toml:72:9: there is no folder `no-such-voices` on this machine"
    );
    assert_eq!(voice("packs = \"tests\"\nalways = [\"nan-TW\"]"), "");
}

told!(
    every_syntax_mistake,
    [
        ("\"Asia/Taipei\"", ""),
        ("listen = \"127.0.0.1:8081\"", "listen \"127.0.0.1:8081\""),
    ],
    r#"
        s.toml:3:12: string values must be quoted, expected a text in quotes
        s.toml:56:8: key with no value, expected `=`
    "#
);

told!(
    an_open_text,
    [("phone = \"02-0000-0000\"", "phone = \"02-0000-0000"),],
    r#"
        s.toml:5:22: invalid basic string, expected `"`
    "#
);

told!(
    a_key_set_twice,
    [("letter = \"A\"", "letter = \"A\"\nletter = \"B\""),],
    r#"
        s.toml:24:1: duplicate key `letter`
    "#
);

told!(
    every_misspelt_key,
    [
        ("timezone", "timezoen"),
        ("[[service]]", "[[service]]\nhurry = 3"),
        ("px_per_mm", "px_pre_mm"),
        ("[rules]", "[rule]"),
    ],
    r#"
        s.toml:3:1: unknown field `timezoen` (did you mean `timezone`?), expected one of `name`, `timezone`, `hours`, `phone`, `public_url`, `server_url`, `listen`
        s.toml:8:2: unknown field `rule` (did you mean `rules`?), expected one of `station`, `class`, `service`, `counter`, `profile`, `zone`, `identity_desk`, `rules`, `discipline`, `no_show`, `calendar`, `appointments`, `guide`, `staff`, `announcement`, `kiosk`, `display`, `voice`, `ticket`, `access`
        s.toml:22:1: unknown field `hurry`, expected one of `id`, `letter`, `name`, `short_name`, `icon`, `wait_standard_min`, `expected_handling_min`, `hours`, `quotas`, `cut_off`, `one_open_ticket`, `quotas_count_persons`, `max_persons`, `steps`, `only_step`, `together`, `identity_check`, `zone`, `sessions`, `documents`
        s.toml:59:12: unknown field `px_pre_mm` (did you mean `px_per_mm`?), expected one of `px_per_mm`, `width_px`, `height_px`
    "#
);

told!(
    steps_that_are_none,
    [(
        "letter = \"A\"",
        "letter = \"A\"\nsteps = [\"photo\", \"renewal\"]\nmax_persons = 100"
    )],
    r#"
        s.toml:24:10: unknown service `photo`, expected the id of another service
        s.toml:24:19: the step `renewal` has steps itself, expected a service without steps
        s.toml:25:15: invalid max_persons 100, expected 1 to 99
    "#
);

told!(
    sessions_that_cannot_be,
    [(
        "letter = \"A\"",
        "letter = \"A\"\nsessions = { hours = [], every_min = 30, lasts_min = 40, reserved = 3, reserved_for_classes = [\"far\"], room = [{ name = \"A\", windows = 2 }, { name = \"A\", windows = 0 }] }"
    )],
    r#"
        s.toml:24:22: no hours, expected at least one span
        s.toml:24:54: a session lasts 40 minutes and the next begins after 30, expected at most 30
        s.toml:24:69: 3 seats are kept of 2, expected at most 2
        s.toml:24:96: unknown class `far`, expected one of `regular`, `priority`
        s.toml:24:150: a second room `A`, expected another name
        s.toml:24:165: invalid windows 0, expected 1 to 200
        s.toml:41:11: `renewal` has sessions: its visitors are seated and not called to a counter, expected another service
    "#
);

told!(
    a_step_of_nothing,
    [("letter = \"A\"", "letter = \"A\"\nonly_step = true")],
    r#"
        s.toml:24:13: only a step, and a step of no service, expected its id among the `steps` of another service
    "#
);

told!(
    every_wrong_type,
    [
        ("wait_standard_min = 15", "wait_standard_min = \"15\""),
        ("default = true", "default = 1"),
        ("address = 1", "address = -1"),
        (
            "name = { zh-Hant-TW = \"一般\", en = \"Regular\" }",
            "name = \"一般\""
        ),
        ("undo_window_s = 8", "undo_window_s = 8.5"),
        (
            "skills = [\"renewal\", \"pick-up\"]",
            "skills = \"renewal\""
        ),
    ],
    r#"
        s.toml:9:17: invalid type: floating point `8.5`, expected a whole number, not negative
        s.toml:13:8: invalid type: string "一般", expected texts by language, such as { zh-Hant-TW = "...", en = "..." }
        s.toml:14:11: invalid type: integer `1`, expected true or false
        s.toml:26:21: invalid type: string "15", expected a whole number, not negative
        s.toml:40:10: invalid type: string "renewal", expected a list
        s.toml:66:17: invalid value: integer `-1`, expected a whole number from 0 to 255
    "#
);

told!(
    mistakes_of_every_kind_at_once,
    [
        ("timezone = \"Asia/Taipei\"", "timezoen = \"Asia/Taipei\""),
        ("close = \"17:00\"", "close = \"07:00\""),
        ("undo_window_s = 8", "undo_window_s = \"8\""),
        ("id = \"priority\"", "id = \"regular\""),
        ("wait_standard_min = 15\n", ""),
        ("zh-Hant-TW = \"領件\"", "zh-TW = \"領件\""),
        (
            "skills = [\"renewal\", \"pick-up\"]",
            "skills = [\"renewl\", 7]"
        ),
        ("px_per_mm = 4.03", "px_per_mm = 400"),
        ("counter = \"2\"", "counter = \"9\""),
        ("role = \"kiosk\"", "role = \"kioks\""),
    ],
    r#"
        s.toml:3:1: unknown field `timezoen` (did you mean `timezone`?), expected one of `name`, `timezone`, `hours`, `phone`, `public_url`, `server_url`, `listen`
        s.toml:4:35: the station closes at 07:00, expected a time after 08:00
        s.toml:9:17: invalid type: string "8", expected a whole number, not negative
        s.toml:17:6: class `regular` is used twice, expected another one than in line 12
        s.toml:21:1: missing field `wait_standard_min`
        s.toml:32:8: the Chinese text is missing, expected the key `zh-Hant-TW`
        s.toml:32:18: unknown language tag `zh-TW` (did you mean `zh-Hant-TW`?), expected one of `zh-Hant-TW`, `en`, `vi`, `id`, `th`, `fil`, `my`, `km`, `ja`, `ko`
        s.toml:39:11: unknown service `renewl` (did you mean `renewal`?), expected one of `renewal`, `pick-up`
        s.toml:39:21: invalid type: integer `7`, expected a text in quotes
        s.toml:57:24: invalid px_per_mm 400, expected 1 to 40
        s.toml:66:30: unknown counter `9`, expected one of `1`, `2`
        s.toml:72:8: unknown value `kioks` (did you mean `kiosk`?), expected one of `kiosk`, `display`, `counter`, `greeter`, `chief`, `administrator`
    "#
);

/// Mistakes of every kind that have nothing to do with each other and leave all lines where they are.
const INDEPENDENT: [(&str, &str); 14] = [
    ("timezone = \"Asia/Taipei\"", "timezoen = \"Asia/Taipei\""),
    ("close = \"17:00\"", "close = \"07:00\""),
    ("public_url = \"http://", "public_url = \"gopher://"),
    ("undo_window_s = 8", "undo_window_s = 8.5"),
    ("default = true", "default = \"yes\""),
    ("credit_min = 20", "credit_min = 200"),
    ("letter = \"A\"", "letter = \"a\""),
    ("icon = \"licence\"", "# no icon"),
    ("en = \"Passport\"", "en = \"\""),
    ("direction = \"left\"", "direction = \"lefd\""),
    (
        "skills = [\"pick-up\"]",
        "skills = [\"pick-up\", \"pick-up\"]",
    ),
    ("px_per_mm = 4.03", "px_per_mm = true"),
    ("counter = \"2\"", "counter = \"9\""),
    ("device = \"K1\"", "device = \"K2\""),
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig {
        cases: 32,
        failure_persistence: None,
        ..Default::default()
    })]

    #[test]
    fn one_mistake_hides_no_other(
        chosen in proptest::sample::subsequence(INDEPENDENT.to_vec(), 1..=INDEPENDENT.len())
    ) {
        let place = |line: &String| -> (usize, usize) {
            let mut numbers = line.split(':').skip(1).map_while(|n| n.parse().ok());
            (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
        };
        let mut each: Vec<String> = chosen
            .iter()
            .flat_map(|change| {
                let told = errors(&broken(&[*change]));
                assert_ne!(told, "none", "{change:?}");
                told.lines().map(str::to_owned).collect::<Vec<_>>()
            })
            .collect();
        each.sort_by_key(place);
        let together = errors(&broken(&chosen));
        proptest::prop_assert_eq!(together.lines().collect::<Vec<_>>(), each);
    }
}

// Which services there are is not known then, so no skill is wrong.
told!(
    no_follow_up_of_an_id_that_cannot_be_read,
    [("id = \"renewal\"", "id = 5")],
    r#"
        s.toml:22:6: invalid type: integer `5`, expected a text in quotes
    "#
);

told!(
    no_follow_up_of_a_misspelt_section,
    [
        ("[[kiosk]]", "[[kiosks]]"),
        ("id = \"pick-up\"", "idd = \"pick-up\""),
    ],
    r#"
        s.toml:31:1: unknown field `idd` (did you mean `id`?), expected one of `id`, `letter`, `name`, `short_name`, `icon`, `wait_standard_min`, `expected_handling_min`, `hours`, `quotas`, `cut_off`, `one_open_ticket`, `quotas_count_persons`, `max_persons`, `steps`, `only_step`, `together`, `identity_check`, `zone`, `sessions`, `documents`
        s.toml:54:3: unknown field `kiosks` (did you mean `kiosk`?), expected one of `station`, `class`, `service`, `counter`, `profile`, `zone`, `identity_desk`, `rules`, `discipline`, `no_show`, `calendar`, `appointments`, `guide`, `staff`, `announcement`, `kiosk`, `display`, `voice`, `ticket`, `access`
    "#
);

told!(
    missing_keys,
    [
        (
            "screen = { px_per_mm = 4.03, width_px = 1080, height_px = 1920 }",
            "screen = {}"
        ),
        ("timezone = \"Asia/Taipei\"\n", ""),
        ("letter = \"A\"\n", ""),
    ],
    r#"
        s.toml:1:1: missing field `timezone`
        s.toml:20:1: missing field `letter`
        s.toml:56:10: missing field `px_per_mm`
        s.toml:56:10: missing field `width_px`
        s.toml:56:10: missing field `height_px`
    "#
);

told!(
    missing_beside_misspelt,
    [
        ("letter = \"A\"\n", "leter = \"A\"\n"),
        ("wait_standard_min = 15\n", ""),
        ("icon = \"doc\"", "icon = 7"),
        ("expected_handling_min = 3\n", ""),
    ],
    r#"
        s.toml:21:1: missing field `wait_standard_min`
        s.toml:23:1: unknown field `leter` (did you mean `letter`?), expected one of `id`, `letter`, `name`, `short_name`, `icon`, `wait_standard_min`, `expected_handling_min`, `hours`, `quotas`, `cut_off`, `one_open_ticket`, `quotas_count_persons`, `max_persons`, `steps`, `only_step`, `together`, `identity_check`, `zone`, `sessions`, `documents`
        s.toml:29:1: missing field `expected_handling_min`
        s.toml:33:8: invalid type: integer `7`, expected a text in quotes
    "#
);

told!(
    missing_sections,
    [("[station]", "[[announcement]]"),],
    r#"
        s.toml:1:1: missing field `text`
        s.toml:1:1: missing field `station`
        s.toml:2:1: unknown field `name`, expected `text`
        s.toml:3:1: unknown field `timezone`, expected `text`
        s.toml:4:1: unknown field `hours`, expected `text`
        s.toml:5:1: unknown field `phone`, expected `text`
        s.toml:6:1: unknown field `public_url`, expected `text`
    "#
);

told!(
    words_out_of_a_list,
    [
        ("direction = \"left\"", "direction = \"lefd\""),
        ("role = \"kiosk\"", "role = \"admin\""),
    ],
    r#"
        s.toml:41:13: unknown value `lefd` (did you mean `left`?), expected one of `left`, `right`, `up`
        s.toml:73:8: unknown value `admin` (did you mean `administrator`?), expected one of `kiosk`, `display`, `counter`, `greeter`, `chief`, `administrator`
    "#
);

told!(
    values_in_a_text,
    [
        ("open = \"08:00\"", "open = \"8:00\""),
        ("id = \"renewal\"", "id = \"re newal\""),
        ("letter = \"K\"", "letter = \"k\""),
        ("listen = \"127.0.0.1:8081\"", "listen = \"localhost\""),
    ],
    r#"
        s.toml:4:18: `8:00` is not a time of day, expected HH:MM such as 08:00, 23:59 at the latest
        s.toml:22:6: `re newal` is not a valid service id, expected 1 to 32 letters, digits, `-` or `_`
        s.toml:32:10: `k` is not a valid series, expected one letter A-Z
        s.toml:56:10: invalid address, expected address and port such as 127.0.0.1:8080
    "#
);

told!(
    printers_and_links,
    [
        ("profile = \"escpos-80mm\"", "profile = \"escpos-81mm\""),
        (
            "link = { serial = \"/dev/ttyS0\" }",
            "link = { serail = \"/dev/ttyS0\" }"
        ),
    ],
    r#"
        s.toml:57:11: unknown printer profile `escpos-81mm` (did you mean `escpos-80mm`?), expected a printer's name that `firmware-config profiles` lists
        s.toml:64:10: unknown field `serail` (did you mean `serial`?), expected one of `serial`, `tcp`, `char_device`, `baud_bps`, `parity`, `data_bits`, `stop_bits`, `flow`
    "#
);

told!(
    a_printer_with_two_heads,
    [(
        "profile = \"escpos-80mm\"",
        "profile = \"escpos-80mm\", width_dots = 576"
    ),],
    r#"
        s.toml:57:11: a printer's print head is not given once, expected `profile`, or `width_dots` and `dots_per_mm`
    "#
);

told!(
    a_printer_without_whole_bytes,
    [(
        "profile = \"escpos-80mm\"",
        "width_dots = 577, dots_per_mm = 8"
    ),],
    r#"
        s.toml:57:11: invalid width_dots 577, expected a multiple of 8 from 8 to 2048
    "#
);

told!(
    spare_printers,
    [
        (
            "profile = \"escpos-80mm\"",
            "profile = \"escpos-80mm\", place = { en = \"left\" }"
        ),
        (
            "screen = {",
            "spare_printer = { link = { tcp = \"192.168.1.50:9100\" }, profile = \"escpos-58mm\" }\nscreen = {"
        ),
    ],
    r#"
        s.toml:57:84: the Chinese text is missing, expected the key `zh-Hant-TW`
        s.toml:58:26: port `192.168.1.50:9100` is used twice, expected another one than in line 57
    "#
);

told!(
    a_spare_printer_alone,
    [("printer = {", "spare_printer = {")],
    r#"
        s.toml:57:17: a spare printer stands in for nobody, expected `printer` beside it
    "#
);

told!(
    a_printer_whose_tickets_are_left_too_soon,
    [(
        "profile = \"escpos-80mm\"",
        "profile = \"escpos-80mm\", not_taken_after_s = 4"
    ),],
    r#"
        s.toml:57:11: invalid not_taken_after_s 4, expected 5 to 600
    "#
);

told!(
    a_printer_of_whose_own_letters_nobody_knows,
    [(
        "profile = \"escpos-80mm\"",
        "profile = \"epson-tm-t70ii-ch\", text_mode = true"
    ),],
    r#"
        s.toml:57:11: text_mode without known characters in the printer's ROM, expected `rom_text = "big5"` or a profile that has it, such as `epson-tm-t70ii-tc`
    "#
);

told!(
    a_printer_whose_own_letters_are_too_small,
    [(
        "profile = \"escpos-80mm\"",
        "width_dots = 832, dots_per_mm = 12, rom_text = \"big5\", text_mode = true"
    ),],
    r#"
        s.toml:57:11: text_mode with dots_per_mm 12, expected 10 or fewer
    "#
);

told!(
    a_printer_with_letters_that_are_not_known_here,
    [(
        "profile = \"escpos-80mm\"",
        "profile = \"escpos-80mm\", rom_text = \"gb18030\""
    ),],
    r#"
        s.toml:57:87: unknown value `gb18030`, expected `big5`
    "#
);

told!(
    ids_and_letters_used_twice,
    [
        ("id = \"pick-up\"", "id = \"renewal\""),
        ("letter = \"K\"", "letter = \"A\""),
        ("id = \"2\"", "id = \"1\""),
        ("id = \"priority\"", "id = \"regular\""),
    ],
    r#"
        s.toml:17:6: class `regular` is used twice, expected another one than in line 12
        s.toml:31:6: service `renewal` is used twice, expected another one than in line 22
        s.toml:32:10: letter `A` is used twice, expected another one than in line 23
        s.toml:40:22: unknown service `pick-up`, expected `renewal`
        s.toml:44:6: counter `1` is used twice, expected another one than in line 39
        s.toml:45:11: unknown service `pick-up`, expected `renewal`
        s.toml:67:30: unknown counter `2`, expected `1`
    "#
);

told!(
    two_kiosks_with_one_id,
    [(
        "[[display]]",
        "[[kiosk]]\nid = \"K1\"\nscreen = { px_per_mm = 4, width_px = 1080, height_px = 1920 }\n[[display]]"
    ),],
    r#"
        s.toml:61:6: kiosk `K1` is used twice, expected another one than in line 55
    "#
);

told!(
    devices_that_listen_at_one_address,
    [(
        "[[display]]",
        "[[display]]\nid = \"D2\"\nlisten = \"127.0.0.1:8081\"\n[[display]]"
    ),],
    r#"
        s.toml:62:10: listen `127.0.0.1:8081` is used twice, expected another one than in line 56
    "#
);

told!(
    unknown_names,
    [
        (
            "skills = [\"renewal\", \"pick-up\"]",
            "skills = [\"renewl\", \"pick-up\", \"pick-up\"]"
        ),
        ("counter = \"2\"", "counter = \"9\""),
        ("device = \"K1\"", "device = \"K2\""),
        ("profile = \"led-485\"", "profile = \"led485\""),
    ],
    r#"
        s.toml:40:11: unknown service `renewl` (did you mean `renewal`?), expected one of `renewal`, `pick-up`
        s.toml:40:32: skill `pick-up` is used twice, expected another one than in line 40
        s.toml:66:45: unknown panel profile `led485` (did you mean `led-485`?), expected one of `led-485`, `dm36`, `dm56`, `alpha`, `am03127`, `cd5220`, `kanban`, `ed400d`, `parking-3a`, `led-card-fe`, `led-aa55`
        s.toml:67:30: unknown counter `9`, expected one of `1`, `2`
        s.toml:74:10: unknown kiosk `K2`, expected `K1`
    "#
);

told!(
    the_default_class,
    [("default = true\n", ""),],
    r#"
        s.toml:11:1: no class is the default, expected `default = true` in one class
    "#
);

told!(
    two_default_classes,
    [("credit_min = 20", "credit_min = 61\ndefault = true"),],
    r#"
        s.toml:19:14: invalid credit_min 61, expected 0 to 60
        s.toml:20:11: a second default class beside `regular`, expected `default = true` in one class only
    "#
);

told!(
    a_ratio_without_its_numbers,
    [(
        "[[class]]",
        "[discipline]\nrule = \"ratio\"\nregular = 0\n\n[[class]]"
    ),],
    r#"
        s.toml:11:1: the ratio has no `priority`, expected a number of calls in a row, 1 to 20
        s.toml:13:11: invalid regular 0, expected 1 to 20
    "#
);

told!(
    numbers_of_a_ratio_under_another_rule,
    [(
        "[[class]]",
        "[discipline]\nrule = \"fcfs\"\npriority = 1\nguard = false\n\n[[class]]"
    ),],
    r#"
        s.toml:13:12: `priority` says nothing under this rule, expected `rule = "ratio"` with it
        s.toml:14:1: unknown field `guard`, expected one of `rule`, `priority`, `regular`
    "#
);

told!(
    an_unknown_rule,
    [("[[class]]", "[discipline]\nrule = \"strickt\"\n\n[[class]]"),],
    r#"
        s.toml:12:8: unknown value `strickt` (did you mean `strict`?), expected one of `head_start`, `fcfs`, `strict`, `accumulating`, `ratio`
    "#
);

told!(
    a_rank_for_every_class_and_every_class_for_itself,
    [
        ("[[class]]", "[discipline]\nrule = \"strict\"\n\n[[class]]"),
        ("default = true", "default = true\nrank = 21"),
        (
            "[[service]]",
            "[[class]]\nid = \"appointment\"\nname = { zh-Hant-TW = \"預約\", en = \"Appointment\" }\nrank = 21\n\n[[service]]"
        ),
    ],
    r#"
        s.toml:18:8: invalid rank 21, expected 1 to 20
        s.toml:20:1: the class has no rank, expected `rank` in every class under the rule `strict`
        s.toml:28:8: invalid rank 21, expected 1 to 20
        s.toml:28:8: rank `21` is used twice, expected another one than in line 18
    "#
);

told!(
    a_rate_is_more_than_nothing,
    [
        ("default = true", "default = true\nrate = 0"),
        ("credit_min = 20", "rate = nan"),
    ],
    r#"
        s.toml:15:8: invalid rate 0, expected 0.001 to 100
        s.toml:20:8: invalid rate NaN, expected 0.001 to 100
    "#
);

told!(
    languages,
    [
        ("zh-Hant-TW = \"換照\"", "zh-TW = \"換照\""),
        ("en = \"Renewal\"", "en = \" \""),
        ("en = \"Passport\"", "ne = \"Passport\""),
    ],
    r#"
        s.toml:24:8: the Chinese text is missing, expected the key `zh-Hant-TW`
        s.toml:24:18: unknown language tag `zh-TW` (did you mean `zh-Hant-TW`?), expected one of `zh-Hant-TW`, `en`, `vi`, `id`, `th`, `fil`, `my`, `km`, `ja`, `ko`
        s.toml:24:29: empty text, expected something to read
        s.toml:28:40: unknown language tag `ne`, expected one of `zh-Hant-TW`, `en`, `vi`, `id`, `th`, `fil`, `my`, `km`, `ja`, `ko`
    "#
);

told!(
    places_and_times,
    [
        ("Asia/Taipei", "Asia/Taipeh"),
        ("close = \"17:00\"", "close = \"07:00\""),
        ("http://192.168.1.10:8080", "192.168.1.10:8080"),
    ],
    r#"
        s.toml:3:12: unknown time zone `Asia/Taipeh` (did you mean `Asia/Taipei`?), expected an IANA name such as `Asia/Taipei`
        s.toml:4:35: the station closes at 07:00, expected a time after 08:00
        s.toml:6:14: `192.168.1.10:8080` is not an address of pages, expected one such as http://192.168.1.10:8080
    "#
);

told!(
    numbers_out_of_range,
    [
        ("wait_standard_min = 15", "wait_standard_min = 0"),
        ("expected_handling_min = 9", "expected_handling_min = 241"),
        ("undo_window_s = 8", "undo_window_s = 61"),
        ("px_per_mm = 4.03", "px_per_mm = nan"),
        ("letter = \"K\"", "letter = \"KK\""),
    ],
    r#"
        s.toml:9:17: invalid undo_window_s 61, expected 0 to 60
        s.toml:26:21: invalid wait_standard_min 0, expected 1 to 480
        s.toml:27:25: invalid expected_handling_min 241, expected 1 to 240
        s.toml:32:10: invalid letter `KK`, expected one letter A-Z
        s.toml:58:24: invalid px_per_mm NaN, expected 1 to 40
    "#
);

told!(
    addresses_on_a_line,
    [
        (
            "address = 2, counter = \"2\"",
            "address = 1, counter = \"2\""
        ),
        ("address = 4", "address = 0"),
    ],
    r#"
        s.toml:67:17: panel address `1` is used twice, expected another one than in line 66
        s.toml:69:21: invalid address 0, expected 1 to 254
    "#
);

told!(
    a_counter_without_skills,
    [("skills = [\"pick-up\"]", "skills = []"),],
    r#"
        s.toml:45:10: counter `2` has no skills, expected at least one service id
    "#
);

told!(
    services_to_help_out_with,
    [
        (
            "skills = [\"renewal\", \"pick-up\"]",
            "skills = [\"renewal\"]\noverflow_skills = [\"renewal\", \"pickup\"]\noverflow_delay_s = 7201"
        ),
        (
            "skills = [\"pick-up\"]",
            "skills = [\"pick-up\"]\noverflow_delay_s = 60\nauto_after_s = 601"
        ),
    ],
    r#"
        s.toml:41:20: skill `renewal` is used twice, expected another one than in line 40
        s.toml:41:31: unknown service `pickup` (did you mean `pick-up`?), expected one of `renewal`, `pick-up`
        s.toml:42:20: invalid overflow_delay_s 7201, expected 0 to 7200
        s.toml:48:20: `overflow_delay_s` says nothing without services to help out with, expected `overflow_skills` with it
        s.toml:49:16: invalid auto_after_s 601, expected 0 to 600
    "#
);

told!(
    profiles,
    [(
        "[[staff]]",
        "[[profile]]\nid = \"pm\"\nname = { en = \"Afternoon\" }\nskills = []\n\n[[profile]]\nid = \"pm\"\nname = { zh-Hant-TW = \"下午\", en = \"Afternoon\" }\nskills = [\"renewl\"]\n\n[[staff]]"
    )],
    r#"
        s.toml:50:8: the Chinese text is missing, expected the key `zh-Hant-TW`
        s.toml:51:10: profile `pm` has no skills, expected at least one service id
        s.toml:54:6: profile `pm` is used twice, expected another one than in line 49
        s.toml:56:11: unknown service `renewl` (did you mean `renewal`?), expected one of `renewal`, `pick-up`
    "#
);

told!(
    zones,
    [
        (
            "[[staff]]",
            "[[zone]]\nid = \"up\"\nname = { zh-Hant-TW = \"樓上\" }\ndiscipline = { rule = \"fcfs\" }\n\n[[staff]]"
        ),
        (
            "letter = \"K\"",
            "letter = \"K\"\nzone = \"up\"\nidentity_check = true"
        ),
        ("asks_rating = false", "asks_rating = false\nzone = \"upp\""),
    ],
    r#"
        s.toml:21:1: no zone, where the station has zones, expected `zone` with the id of one
        s.toml:34:18: nobody is told where identities are checked, expected `[identity_desk]` with its `place`
        s.toml:40:1: no zone, where the station has zones, expected `zone` with the id of one
        s.toml:42:22: `pick-up` and this counter are under different rules, expected services of one rule only: the zone `up` has a rule of its own
        s.toml:47:11: `pick-up` and this counter are under different rules, expected services of one rule only: the zone `up` has a rule of its own
        s.toml:49:8: unknown zone `upp` (did you mean `up`?), expected `up`
    "#
);

told!(
    people,
    [
        ("role = \"chief\"", "role = \"display\""),
        ("pin_hash = \"$argon2id", "pin_hash = \"$argon2i"),
        ("token_sha256 = \"8", "token_sha256 = \"X"),
    ],
    r#"
        s.toml:51:8: staff `s01` has the role of a device, expected `counter`, `greeter`, `chief` or `administrator`
        s.toml:52:12: invalid pin_hash, expected an argon2id hash in PHC form, `$argon2id$v=19$m=...,t=...,p=...$salt$hash`
        s.toml:75:16: invalid token_sha256, expected 64 hexadecimal digits in lower case
    "#
);

told!(
    tokens,
    [(
        "device = \"K1\"",
        "device = \"K1\"\ntoken_sha256 = \"0f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4\"\n\n[[access.token]]\nname = \"chief\"\nrole = \"chief\"\ndevice = \"K1\"\ntoken_sha256 = \"8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4\"\n\n[[access.token]]\nname = \"chief\"\nrole = \"greeter\""
    ),],
    r#"
        s.toml:80:10: a device for a role that has none, expected `device` with the roles `kiosk`, `display` and `counter` only
        s.toml:84:8: token name `chief` is used twice, expected another one than in line 78
        s.toml:86:16: the token of `chief` once more, expected a token of its own
    "#
);

told!(
    device_ids_and_ports,
    [
        ("id = \"D1\"", "id = \"D 1\""),
        (
            "[[access.token]]",
            "[[display.line]]\nlink = { serial = \"/dev/ttyS0\" }\n\n[[access.token]]"
        ),
    ],
    r#"
        s.toml:61:6: `D 1` is not a device id, expected 1 to 32 letters, digits, `-` or `_`
        s.toml:72:8: port `/dev/ttyS0` is used twice, expected another one than in line 64
    "#
);

const PAD: &str = r#"[[display.pad]]
link = { serial = "/dev/ttyUSB0" }
counter = "1"
profile = "byte-keypad"
bytes = { "41" = "call-next", "42 0D" = "recall" }
debounce_ms = 90

[[access.token]]"#;

const USB_PAD: &str = r#"[[display.pad]]
link = { char_device = "/dev/input/by-id/usb-pad-event-kbd" }
counter = "1"
profile = "usb-rating"
codes = { KEY_F1 = "score-1", "183" = "score-5" }

[[access.token]]"#;

#[test]
fn pads_without_a_protocol_are_read() {
    for pad in [PAD, USB_PAD] {
        assert_eq!(errors(&broken(&[("[[access.token]]", pad)])), "none");
    }
}

told!(
    pads_without_a_protocol,
    [
        ("[[access.token]]", PAD),
        (
            "\"42 0D\" = \"recall\"",
            "\"42 0d\" = \"recall\", \"42\" = \"pause\", \"42 0D\" = \"hold\""
        ),
        ("serial = \"/dev/ttyUSB0\"", "serial = \"/dev/ttyS0\""),
        (
            "counter = \"1\"\nprofile = \"byte-keypad\"",
            "counter = \"9\"\nprofile = \"byte-kepad\""
        ),
        ("debounce_ms = 90", "debounce_ms = 9000"),
    ],
    r#"
        s.toml:72:8: port `/dev/ttyS0` is used twice, expected another one than in line 64
        s.toml:73:11: unknown counter `9`, expected one of `1`, `2`
        s.toml:74:11: unknown pad profile `byte-kepad` (did you mean `byte-keypad`?), expected one of `byte-keypad`, `byte-rating`, `usb-keypad`, `usb-rating`
        s.toml:75:51: `42` and `42 0D` begin alike, expected codes that differ
        s.toml:75:67: `42 0D` is in the map twice, expected codes that differ
        s.toml:76:15: invalid debounce_ms 9000, expected 0 to 2000
    "#
);

told!(
    a_map_of_keys_that_is_none,
    [
        ("[[access.token]]", PAD),
        (
            "bytes = { \"41\" = \"call-next\", \"42 0D\" = \"recall\" }",
            "bytes = \"41\""
        ),
    ],
    r#"
        s.toml:75:9: invalid type: string "41", expected meanings by code, such as { "41" = "call-next" }
    "#
);

told!(
    keys_of_pads_that_do_not_exist,
    [
        ("[[access.token]]", PAD),
        (
            "\"41\" = \"call-next\"",
            "\"41\" = \"call-nxt\", \"4\" = \"recall\", \"43\" = \"score-6\""
        ),
    ],
    r#"
        s.toml:75:18: unknown key `call-nxt` (did you mean `call-next`?), expected one of `call-next`, `recall`, `transfer`, `finish`, `no-show`, `hold`, `pause`, `undo`, `ask-rating`, `digit-0` to `digit-9`, `score-1` to `score-5`, `nothing`
        s.toml:75:30: invalid bytes `4`, expected pairs of hexadecimal digits such as `02 41`
        s.toml:75:53: invalid score `score-6`, expected `score-1` to `score-5`
    "#
);

told!(
    key_codes_that_do_not_exist,
    [
        ("[[access.token]]", USB_PAD),
        (
            "KEY_F1 = \"score-1\"",
            "KEY_F99 = \"score-1\", \"KEY_F2\" = \"score-2\", 60 = \"score-3\""
        ),
    ],
    r#"
        s.toml:75:11: invalid key code `KEY_F99`, expected a name such as `KEY_KP1` or `KEY_ENTER`, or a number from 1 to 767
        s.toml:75:54: `KEY_F2` is in the map twice, expected codes that differ
    "#
);

told!(
    the_port_and_the_map_of_another_kind_of_pad,
    [("[[access.token]]", USB_PAD), ("usb-rating", "byte-rating"),],
    r#"
        s.toml:72:8: not the port of a serial pad, as `byte-rating` is, expected `serial` or `tcp`
        s.toml:75:9: `codes` of a pad with the profile `byte-rating`, expected `bytes`
    "#
);

told!(
    too_many_documents,
    [(
        "documents = [{ zh-Hant-TW = \"護照\", en = \"Passport\" }]",
        "documents = [{ zh-Hant-TW = \"一\" }, { zh-Hant-TW = \"二\" }, { zh-Hant-TW = \"三\" }, { en = \"four\" }]"
    ),],
    r#"
        s.toml:28:13: 4 documents, expected at most 3
        s.toml:28:80: the Chinese text is missing, expected the key `zh-Hant-TW`
    "#
);

told!(
    nothing_at_all,
    [(GOOD, ""),],
    r#"
        s.toml:1:1: missing field `station`
        s.toml:1:1: missing field `class`
        s.toml:1:1: missing field `service`
        s.toml:1:1: missing field `counter`
    "#
);

#[test]
fn what_is_unwise() {
    let text = broken(&[
        ("letter = \"A\"", "letter = \"O\""),
        (
            "zh-Hant-TW = \"領件\", en = \"Pick-up\"",
            "zh-Hant-TW = \"領件\"",
        ),
        (
            "skills = [\"renewal\", \"pick-up\"]",
            "skills = [\"pick-up\"]",
        ),
    ]);
    assert_eq!(
        warnings(&text).lines().collect::<Vec<_>>(),
        lines(
            r#"
    s.toml:22:6: no counter has the skill `renewal`: its visitors are never called
    s.toml:23:10: the letter `O` is easily read as `0`
    s.toml:33:8: the English text is missing: visitors will see Chinese
    "#
        )
    );
}

#[test]
fn points_under_which_nobody_has_priority_are_unwise() {
    let text = format!("{GOOD}\n[discipline]\nrule = \"accumulating\"\n");
    let told = warnings(&text);
    assert!(
        told.contains("nobody has priority under `accumulating`"),
        "{told}"
    );
    let first = GOOD.find("[[class]]").expect("a class") + "[[class]]\n".len();
    let faster = format!("{}rate = 2.0\n{}", &text[..first], &text[first..]);
    assert_eq!(warnings(&faster), warnings(GOOD));
}

#[test]
fn a_file_that_is_not_there() {
    let error = StationFile::load(std::path::Path::new("no/such.toml")).unwrap_err();
    assert!(error.mistakes().is_empty());
    assert!(
        error
            .to_string()
            .starts_with("no/such.toml: cannot be read: "),
        "{error}"
    );
}

#[test]
fn a_file_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("station.toml");
    std::fs::write(&path, GOOD).unwrap();
    assert_eq!(
        StationFile::load(&path).unwrap(),
        StationFile::parse("s.toml", GOOD).unwrap()
    );
}

#[test]
fn letters_that_a_panel_shows_alike_are_unwise() {
    let with_panels = [("letter = \"A\"", "letter = \"H\"")];
    assert_eq!(
        warnings(&broken(&with_panels)),
        "s.toml:32:10: on the counters' seven-segment panels `K` looks like `H`"
    );
    let (before, rest) = GOOD.split_once("panels = [").expect("it has panels");
    let (_, after) = rest.split_once("\n]").expect("the list ends");
    let without = format!("{before}panels = []{after}");
    let without = without.replace("letter = \"A\"", "letter = \"H\"");
    assert_eq!(warnings(&without), "", "on paper and screens they differ");
}

told!(
    every_mistake_of_appointments,
    [(
        "[[counter]]",
        "[appointments]
class = \"vip\"
grace_min = 61
check_in_before_min = 91

[[appointments.service]]
service = \"renewel\"
slot_min = 0
capacity = 51
hours = [{ open = \"09:00\", close = \"12:00\" }, { open = \"11:00\", close = \"11:00\" }]

[[appointments.service]]
service = \"pick-up\"
slot_min = 15
capacity = 1
hours = [{ open = \"16:50\", close = \"17:00\" }]

[[counter]]"
    )],
    r#"
        s.toml:39:9: unknown class `vip`, expected one of `regular`, `priority`
        s.toml:40:13: invalid grace_min 61, expected 0 to 60
        s.toml:41:23: invalid check_in_before_min 91, expected 0 to 90
        s.toml:44:11: unknown service `renewel` (did you mean `renewal`?), expected one of `renewal`, `pick-up`
        s.toml:45:12: invalid slot_min 0, expected 1 to 240
        s.toml:46:12: invalid capacity 51, expected 1 to 50
        s.toml:47:56: these hours begin at 11:00, expected 12:00 or later: the hours before them end then
        s.toml:53:36: no slot of 15 minutes fits between 16:50 and 17:00, expected a later time
    "#
);

told!(
    a_calendar_that_contradicts_itself,
    [(
        "[[class]]",
        "[calendar]\nopen_before_min = 300\n[[calendar.weekly]]\ndays = [\"mon\", \"mon\"]\nhours = [\"13:00-17:00\", \"08:00-14:00\"]\n[[calendar.weekly]]\ndays = [\"mon\"]\nhours = [\"16:00-18:00\"]\n[[calendar.date]]\ndate = \"2026-10-10\"\nuntil = \"2026-10-09\"\n[[calendar.date]]\ndate = \"2026-10-10\"\n\n[[class]]"
    )],
    r#"
        s.toml:12:19: invalid open_before_min 300, expected 0 to 240
        s.toml:14:16: day `mon` is used twice, expected another one than in line 14
        s.toml:15:25: `08:00-14:00` begins before `13:00-17:00` ends, expected spans in their order, apart from each other
        s.toml:17:9: the hours of this day overlap those given before, expected every hour once
        s.toml:21:9: the last date is 2026-10-09, expected 2026-10-10 or later
        s.toml:23:8: date `2026-10-10` is used twice, expected another one than in line 20
    "#
);

told!(
    appointments_for_nothing,
    [(
        "[[counter]]",
        "[appointments]\ngrace_min = 5\n\n[[counter]]"
    )],
    r#"
        s.toml:38:1: appointments for no service, expected at least one `[[appointments.service]]`
    "#
);

told!(
    hours_that_are_none,
    [(
        "[[class]]",
        "[calendar]\n[[calendar.weekly]]\ndays = [\"monday\"]\nhours = [\"12:00-08:00\"]\n\n[[class]]"
    )],
    r#"
        s.toml:13:9: unknown value `monday` (did you mean `mon`?), expected one of `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`
        s.toml:14:9: `12:00-08:00` is not a span of a day, expected HH:MM-HH:MM such as 08:00-12:00, 23:59 at the latest
    "#
);

told!(
    limits_that_need_a_calendar,
    [
        (
            "undo_window_s = 8",
            "undo_window_s = 8\ncut_off = \"warn\"\nalarm_after_s = 10"
        ),
        (
            "id = \"renewal\"",
            "id = \"renewal\"\nhours = [\"09:00-12:00\"]\nquotas = [{ hours = \"09:00-12:00\", tickets = 0 }]"
        )
    ],
    r#"
        s.toml:10:11: `cut_off` says nothing without a calendar, expected a section `[calendar]`
        s.toml:11:17: invalid alarm_after_s 10, expected 30 to 3600
        s.toml:25:9: `hours` says nothing without a calendar, expected a section `[calendar]`
        s.toml:26:10: `quotas` says nothing without a calendar, expected a section `[calendar]`
        s.toml:26:46: invalid tickets 0, expected 1 to 10000
    "#
);

#[test]
fn each_kiosk_has_a_number_of_its_own_for_the_tickets_it_gives_out_alone() {
    let second = |id: &str, number: &str| {
        let kiosk = format!(
            "\n[[kiosk]]\nid = \"{id}\"\nlisten = \"127.0.0.1:8089\"\n{number}screen = {{ px_per_mm = 4, width_px = 1080, height_px = 1920 }}\n"
        );
        let text = format!("{}{kiosk}", station_config::demo());
        let errors = StationFile::parse("s.toml", &text).map(|_| String::new());
        errors.unwrap_or_else(|errors| errors.to_string())
    };
    assert_eq!(second("K2", ""), "");
    assert_eq!(second("hall", ""), "", "the second of the file");
    assert_eq!(second("hall-1", "number = 7\n"), "");
    for (id, number) in [("hall-1", ""), ("K2", "number = 1\n")] {
        let said = second(id, number);
        assert!(said.contains("kiosk `K1` has the number 1 too"), "{said}");
    }
    for (id, number) in [
        ("K2", "number = 0\n"),
        ("K2", "number = 100\n"),
        ("K100", ""),
    ] {
        let said = second(id, number);
        assert!(said.contains("1 to 99"), "{said}");
    }
}
