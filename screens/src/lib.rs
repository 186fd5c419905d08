//! What every page shares: design tokens, icons, QR codes, texts in ten languages, the page shell
//! and the browser modules for the live connection, the chime and the clock.
//!
//! A page crate builds its own markup with [`maud`], takes its words from [`texts`], wraps the
//! whole in [`shell::page`] and merges [`assets::router`] into its own router.

pub mod assets;
pub mod format;
pub mod icons;
pub mod language;
pub mod qr;
pub mod shell;
pub mod texts;

pub use icons::{Icon, icon};
pub use language::Language;
pub use qr::qr_svg;
pub use shell::{PageHead, bi, page};
pub use texts::Texts;
