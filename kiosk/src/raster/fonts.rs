//! The system's Noto fonts, found by name, one closed set per language.
//!
//! A set holds the Latin family and the family of the language's script and nothing else, so that no fallback can ever
//! choose another language's Han forms.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cosmic_text::fontdb::{Database, Source, Weight};
use cosmic_text::{FontSystem, Style, SwashCache};
use screens::Language;

/// Folders below which fonts are looked for; `~` is the home folder.
const FOLDERS: [&str; 4] = [
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
];
/// Glyph pictures kept per script between tickets; about 1 kB each.
const GLYPHS_KEPT: usize = 600;
/// How deep below a folder.
const DEPTH_MAX: usize = 4;

/// Latin letters and digits in every language.
const LATIN: &[Family] = &[Family {
    name: "Noto Sans",
    stems: &["NotoSans"],
}];

/// A font family and the beginnings of the names of files that hold it.
struct Family {
    name: &'static str,
    stems: &'static [&'static str],
}

const fn family(name: &'static str, stems: &'static [&'static str]) -> Family {
    Family { name, stems }
}

const CHINESE: &[Family] = &[
    family("Noto Sans CJK TC", &["NotoSansCJK", "NotoSansCJKtc"]),
    family("Noto Sans TC", &["NotoSansTC"]),
];
const JAPANESE: &[Family] = &[
    family("Noto Sans CJK JP", &["NotoSansCJK", "NotoSansCJKjp"]),
    family("Noto Sans JP", &["NotoSansJP"]),
];
const KOREAN: &[Family] = &[
    family("Noto Sans CJK KR", &["NotoSansCJK", "NotoSansCJKkr"]),
    family("Noto Sans KR", &["NotoSansKR"]),
];
// Looped letters first: all age groups judge them more legible. Not "Noto Looped Thai", as the family was called at
// first: its fonts (Debian has those of 2020) put the tone of a syllable upon the vowel below it, so that one is lost.
const THAI: &[Family] = &[
    family("Noto Sans Thai Looped", &["NotoSansThaiLooped"]),
    family("Noto Sans Thai", &["NotoSansThai"]),
];
const KHMER: &[Family] = &[family("Noto Sans Khmer", &["NotoSansKhmer"])];
const MYANMAR: &[Family] = &[family("Noto Sans Myanmar", &["NotoSansMyanmar"])];

/// What a language is written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Script {
    Latin,
    Chinese,
    Japanese,
    Korean,
    Thai,
    Khmer,
    Myanmar,
}

impl Script {
    pub(crate) fn of(language: Language) -> Self {
        match language {
            Language::En | Language::Vi | Language::Id | Language::Fil => Self::Latin,
            Language::ZhHantTw => Self::Chinese,
            Language::Ja => Self::Japanese,
            Language::Ko => Self::Korean,
            Language::Th => Self::Thai,
            Language::Km => Self::Khmer,
            Language::My => Self::Myanmar,
        }
    }

    /// Families of the script, the best first. Text is set in the first that is installed.
    fn families(self) -> &'static [Family] {
        match self {
            Self::Latin => LATIN,
            Self::Chinese => CHINESE,
            Self::Japanese => JAPANESE,
            Self::Korean => KOREAN,
            Self::Thai => THAI,
            Self::Khmer => KHMER,
            Self::Myanmar => MYANMAR,
        }
    }

    /// Height of a line, in em.
    pub(crate) fn line_height(self) -> f32 {
        match self {
            Self::Latin | Self::Chinese | Self::Japanese | Self::Korean => 1.3,
            Self::Thai => 1.5,
            Self::Khmer => 1.7,
            Self::Myanmar => 1.85,
        }
    }

    /// Whether the embedded bitmap font can write it without shaping: one glyph after the other, marks over the glyph
    /// before them.
    pub(crate) fn needs_no_shaping(self) -> bool {
        !matches!(self, Self::Khmer | Self::Myanmar)
    }

    fn locale(self) -> &'static str {
        match self {
            Self::Latin => "en",
            Self::Chinese => "zh-Hant-TW",
            Self::Japanese => "ja",
            Self::Korean => "ko",
            Self::Thai => "th",
            Self::Khmer => "km",
            Self::Myanmar => "my",
        }
    }
}

/// The font files of this machine and the sets made of them so far.
pub(crate) struct Fonts {
    files: Vec<PathBuf>,
    sets: BTreeMap<Script, Option<FontSet>>,
}

/// The fonts of one script.
pub(crate) struct FontSet {
    pub(crate) system: FontSystem,
    /// Drawn glyphs. Font ids are numbered per system, so no two systems may share a cache.
    pub(crate) glyphs: SwashCache,
    /// Family in which text starts; what it lacks comes from the other family of the set.
    pub(crate) family: &'static str,
}

impl Fonts {
    /// Looks for font files on this machine.
    pub(crate) fn of_system() -> Self {
        let home = std::env::var_os("HOME").map(PathBuf::from);
        let folders =
            FOLDERS
                .iter()
                .filter_map(|folder| match (folder.strip_prefix("~/"), &home) {
                    (Some(rest), Some(home)) => Some(home.join(rest)),
                    (Some(_), None) => None,
                    (None, _) => Some(PathBuf::from(folder)),
                });
        let mut files = Vec::new();
        for folder in folders {
            find_files(&folder, DEPTH_MAX, &mut files);
        }
        // The order of a folder is chance; the same fonts must give the same paper.
        files.sort();
        Self::of_files(files)
    }

    /// Only these files.
    pub(crate) fn of_files(files: Vec<PathBuf>) -> Self {
        Self {
            files,
            sets: BTreeMap::new(),
        }
    }

    /// The fonts for a script, or `None` when its family is not installed.
    pub(crate) fn set(&mut self, script: Script) -> Option<&mut FontSet> {
        if !self.sets.contains_key(&script) {
            let set = self.load(script);
            if set.is_none() {
                tracing::warn!(
                    ?script,
                    "no Noto font is installed: the built-in bitmap font is used"
                );
            }
            self.sets.insert(script, set);
        }
        let set = self.sets.get_mut(&script)?.as_mut()?;
        if set.glyphs.image_cache.len() > GLYPHS_KEPT {
            set.glyphs.image_cache.clear();
        }
        Some(set)
    }

    fn load(&self, script: Script) -> Option<FontSet> {
        let mut db = Database::new();
        let family = script
            .families()
            .iter()
            .find(|family| self.add(&mut db, family))?
            .name;
        let has_latin = script != Script::Latin && self.add(&mut db, &LATIN[0]);
        // The usual fallback lists may stay: nothing that they name is in this database but the two families.
        let system = FontSystem::new_with_locale_and_db(script.locale().to_owned(), db);
        Some(FontSet {
            system,
            glyphs: SwashCache::new(),
            family: if has_latin { LATIN[0].name } else { family },
        })
    }

    /// Adds the faces of a family and no others; `false` when there are none.
    fn add(&self, db: &mut Database, family: &Family) -> bool {
        let is_named = |path: &Path| {
            path.file_stem()
                .and_then(|stem| stem.to_str())
                .and_then(|stem| stem.split(['-', '[', '_']).next())
                .is_some_and(|stem| family.stems.contains(&stem))
        };
        let mut found = false;
        for path in self.files.iter().filter(|path| is_named(path)) {
            let ids = db.load_font_source(Source::File(path.clone()));
            for id in ids {
                let wanted = db.face(id).is_some_and(|face| {
                    face.families.iter().any(|(name, _)| name == family.name)
                        && face.style == Style::Normal
                        && matches!(face.weight, Weight::NORMAL | Weight::BOLD)
                });
                if wanted {
                    found = true;
                } else {
                    db.remove_face(id);
                }
            }
        }
        found
    }
}

fn find_files(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            if depth > 0 {
                find_files(&path, depth - 1, files);
            }
            continue;
        }
        let is_font = path
            .extension()
            .is_some_and(|ending| ["ttf", "otf", "ttc"].iter().any(|known| ending == *known));
        if is_font {
            files.push(path);
        }
    }
}
