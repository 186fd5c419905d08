//! The profiles that come with the program.

/// Each as `(file name, text)`.
pub(super) const BUILT_IN: [(&str, &str); 21] = [
    ("led-485.toml", include_str!("../../profiles/led-485.toml")),
    (
        "ff68-pad.toml",
        include_str!("../../profiles/ff68-pad.toml"),
    ),
    (
        "escpos-80mm.toml",
        include_str!("../../profiles/escpos-80mm.toml"),
    ),
    (
        "escpos-58mm.toml",
        include_str!("../../profiles/escpos-58mm.toml"),
    ),
    (
        "escpos-80mm-180dpi.toml",
        include_str!("../../profiles/escpos-80mm-180dpi.toml"),
    ),
    (
        "escpos-58mm-180dpi.toml",
        include_str!("../../profiles/escpos-58mm-180dpi.toml"),
    ),
    ("dm36.toml", include_str!("../../profiles/dm36.toml")),
    ("dm56.toml", include_str!("../../profiles/dm56.toml")),
    ("alpha.toml", include_str!("../../profiles/alpha.toml")),
    ("am03127.toml", include_str!("../../profiles/am03127.toml")),
    ("cd5220.toml", include_str!("../../profiles/cd5220.toml")),
    ("kanban.toml", include_str!("../../profiles/kanban.toml")),
    ("ed400d.toml", include_str!("../../profiles/ed400d.toml")),
    (
        "parking-3a.toml",
        include_str!("../../profiles/parking-3a.toml"),
    ),
    (
        "led-card-fe.toml",
        include_str!("../../profiles/led-card-fe.toml"),
    ),
    (
        "led-aa55.toml",
        include_str!("../../profiles/led-aa55.toml"),
    ),
    (
        "byte-keypad.toml",
        include_str!("../../profiles/byte-keypad.toml"),
    ),
    (
        "byte-rating.toml",
        include_str!("../../profiles/byte-rating.toml"),
    ),
    (
        "usb-keypad.toml",
        include_str!("../../profiles/usb-keypad.toml"),
    ),
    (
        "usb-rating.toml",
        include_str!("../../profiles/usb-rating.toml"),
    ),
    (
        "led-card.toml",
        include_str!("../../profiles/led-card.toml"),
    ),
];
