//! Pictures of tickets, for those who arrange what stands on them: drawn by the kiosk's own code, in the words of this
//! station; and the kiosk's notice of papers, which staff print too. Beside `all_in_one` the only module that knows the kiosk.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use firmware_config::profile::{DeviceProfile, PrinterHead};
use kiosk::preview::png;
use kiosk::raster::Rasteriser;
use kiosk::ticket::Document;
use protocol::StationInfo;
use queue_core::StationPlan;
use screens::Language;
use station_config::StationFile;
use station_config::ticket::{Papers, TicketLayout};

pub(crate) use kiosk::notice::Notice;
pub(crate) use kiosk::preview::Sample;

use crate::why::Rule;

/// What stands on the tickets of the station, and where it has to fit.
pub struct TicketPapers {
    /// The layout in use.
    pub layout: TicketLayout,
    /// The papers of the kiosks.
    pub papers: Papers,
    /// The station file, beside which logos are looked for; of a demo none.
    pub file_name: String,
}

impl TicketPapers {
    /// From the station file.
    pub fn of(file: &StationFile, file_name: &Path) -> Self {
        Self {
            layout: file.ticket.clone(),
            papers: file.papers(),
            file_name: file_name.display().to_string(),
        }
    }

    /// The papers a picture may be drawn for, by name: those of the kiosks, then those of printers of any model.
    pub(crate) fn heads(&self) -> Vec<(String, PrinterHead)> {
        let kiosks = self.papers.heads();
        let kiosks = kiosks.map(|(kiosk, head)| (kiosk.to_owned(), head));
        let profiles = DeviceProfile::all_built_in().into_iter();
        let kinds = profiles.filter(|known| known.profile.model.is_none());
        let profiles = kinds.filter_map(|known| Some((known.profile.id, known.printer?.head())));
        kiosks.chain(profiles).collect()
    }
}

/// The ticket of one case on one paper.
#[derive(Clone)]
pub(crate) struct Wanted {
    pub(crate) layout: Arc<TicketLayout>,
    pub(crate) head: PrinterHead,
    pub(crate) sample: Sample,
}

/// A ticket as PNG.
pub(crate) struct Picture {
    pub(crate) language: Language,
    pub(crate) png: Vec<u8>,
    pub(crate) width_dots: usize,
    pub(crate) height_dots: usize,
}

/// One at a time: visitors and staff go first, and the fonts of ten languages take memory.
static DRAWING: Mutex<()> = Mutex::new(());

/// The ticket in some languages, with the fonts of this machine. Takes time.
///
/// # Errors
/// A picture that cannot be written.
pub(crate) fn pictures(
    plan: &StationPlan,
    info: &StationInfo,
    wanted: &Wanted,
    languages: &[Language],
) -> anyhow::Result<Vec<Picture>> {
    let _one = DRAWING.lock().unwrap_or_else(PoisonError::into_inner);
    let rule = Rule::of(plan, info);
    let mut rasteriser = Rasteriser::new(wanted.head);
    let mut pictures = Vec::new();
    for language in languages {
        let (called, missed) = (
            rule.for_paper(*language, Rule::say),
            rule.for_paper(*language, Rule::say_missed),
        );
        let paper = wanted.sample.paper(info, *language, called, missed);
        let paper = paper.context("the station has no services")?;
        let bitmap = rasteriser.draw(&Document::ticket(paper, wanted.layout.clone()));
        pictures.push(Picture {
            language: *language,
            png: png(&bitmap, wanted.head)?,
            width_dots: bitmap.width_dots(),
            height_dots: bitmap.height_dots(),
        });
    }
    Ok(pictures)
}

/// What `ticket-preview` draws.
#[derive(Debug, clap::Args)]
pub struct PreviewArgs {
    /// The station file.
    #[arg(long)]
    config: PathBuf,
    /// Where the pictures are put; the folder is made.
    #[arg(long)]
    to: PathBuf,
    /// A kiosk of the file or a printer profile such as escpos-58mm; the first kiosk with a printer when left out.
    #[arg(long)]
    paper: Option<String>,
    /// One language only, such as vi.
    #[arg(long, value_parser = language)]
    language: Option<Language>,
    /// One case only: usual, priority, appointment, session, matters, identity, reprint.
    #[arg(long, value_parser = sample)]
    case: Option<Sample>,
}

fn language(tag: &str) -> Result<Language, String> {
    Language::parse(tag).ok_or_else(|| {
        let known = Language::ALL.map(Language::tag).join(", ");
        format!("no such language, expected one of {known}")
    })
}

fn sample(word: &str) -> Result<Sample, String> {
    Sample::parse(word).ok_or_else(|| {
        let known = Sample::ALL.map(Sample::word).join(", ");
        format!("no such case, expected one of {known}")
    })
}

/// Draws the tickets of a station file as PNG files; says each.
///
/// # Errors
/// Mistakes in the file, no such paper, and what cannot be written.
pub(crate) fn preview(
    arguments: &PreviewArgs,
    mut say: impl FnMut(&str) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let file = StationFile::load(&arguments.config)?;
    let papers = TicketPapers::of(&file, &arguments.config);
    let heads = papers.heads();
    let head = match &arguments.paper {
        Some(name) => heads.iter().find(|(known, _)| known == name),
        None => heads.first(),
    };
    let (_, head) = head.with_context(|| {
        let known: Vec<_> = heads.iter().map(|(name, _)| name.as_str()).collect();
        format!("no such paper, expected one of {}", known.join(", "))
    })?;
    let (plan, info) = (file.plan(), file.info());
    let samples: Vec<Sample> = match arguments.case {
        Some(sample) => vec![sample],
        None => Sample::of(&info).collect(),
    };
    let languages = match arguments.language {
        Some(language) => vec![language],
        None => Language::ALL.to_vec(),
    };
    std::fs::create_dir_all(&arguments.to)
        .with_context(|| format!("cannot make {}", arguments.to.display()))?;
    let layout = Arc::new(papers.layout);
    for sample in samples {
        let wanted = Wanted {
            layout: layout.clone(),
            head: *head,
            sample,
        };
        for picture in pictures(&plan, &info, &wanted, &languages)? {
            let name = format!("{}-{}.png", sample.word(), picture.language.tag());
            let path = arguments.to.join(name);
            write(&path, &picture.png)?;
            let (width, height) = (picture.width_dots, picture.height_dots);
            say(&format!("{}: {width} x {height} dots", path.display()))?;
        }
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}
