//! The self-test of spoken calls: what each language would be said with, and a sentence as a WAV file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use firmware_config::say;
use queue_core::{CounterId, LanguageTag, TicketNumber};
use screens::assets::Shared;
use serde::Serialize;
use station_config::StationFile;
use voice::{
    Clip, Instead, Plan, Source, Studio, StudioSettings, Token, VoiceLanguage, VoiceRules,
};

/// What is tried.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct VoiceArgs {
    /// The station file.
    #[arg(long, required_unless_present = "clips")]
    config: Option<PathBuf>,
    /// List the clips of a voice pack for this language, with the words of each, and do nothing else.
    #[arg(long, value_name = "LANGUAGE", value_parser = voice_language)]
    clips: Option<VoiceLanguage>,
    /// The number that is called; 47 of the first service when left out.
    #[arg(long)]
    number: Option<TicketNumber>,
    /// Where to; the first counter when left out.
    #[arg(long)]
    counter: Option<CounterId>,
    /// The ticket's language.
    #[arg(long, default_value = "en")]
    language: LanguageTag,
    /// Where the sentence is written.
    #[arg(long, default_value = "voice-test.wav")]
    output: PathBuf,
    /// Where clips of espeak-ng are kept, as an agent keeps them.
    #[arg(long, default_value = "agent-data")]
    data: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What was found.
#[derive(Debug, Serialize)]
struct Report {
    /// Whether the station file has spoken calls at all.
    in_station_file: bool,
    espeak_ng: bool,
    languages: Vec<LanguageReport>,
    /// What is wrong with voice packs.
    mistakes: Vec<String>,
    sentence: SentenceReport,
}

#[derive(Debug, Serialize)]
struct LanguageReport {
    language: &'static str,
    /// Whether the station has it said.
    used: bool,
    /// `pack` or `espeak-ng`; none: no voice.
    voice: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    speaker: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    licence: Option<String>,
    /// It has no voice and can only be had from recordings.
    needs_pack: bool,
}

#[derive(Debug, Serialize)]
struct SentenceReport {
    number: String,
    counter: String,
    /// What is said, language by language.
    said: Vec<String>,
    /// The ticket's language has no voice: what is said in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    instead: Option<InsteadReport>,
    file: String,
    length_ms: u64,
}

#[derive(Debug, Serialize)]
struct InsteadReport {
    wanted: String,
    said: Option<&'static str>,
}

/// `voice`. It fails where a voice pack has mistakes.
pub(crate) fn run(arguments: &VoiceArgs) -> anyhow::Result<ExitCode> {
    let config = match (arguments.clips, &arguments.config) {
        (Some(language), _) => return clips(language),
        (None, Some(config)) => config,
        (None, None) => anyhow::bail!("no station file: give --config"),
    };
    let file = match StationFile::load(config) {
        Ok(file) => file,
        Err(errors) => {
            eprintln!("{errors}");
            return Ok(ExitCode::FAILURE);
        }
    };
    let section = file.voice.clone().unwrap_or_default();
    let rules = VoiceRules::of(&section);
    let chime = Shared::get("chime.wav").map(|file| file.data.into_owned());
    let studio = Studio::open(&StudioSettings::new(
        section.packs.map(PathBuf::from),
        &arguments.data,
        chime.unwrap_or_default(),
    ));
    let (number, counter) = whom(arguments, &file)?;
    let language = Some(&arguments.language);
    let plan = Plan::of(&number, &counter, language, &rules, &studio.voices());
    let rendered = studio.render(&plan)?;
    let output = &arguments.output;
    std::fs::write(output, &rendered.wav)
        .with_context(|| format!("cannot write {}", output.display()))?;
    let report = Report {
        in_station_file: file.voice.is_some(),
        espeak_ng: studio.has_espeak(),
        languages: languages(&studio, &rules),
        mistakes: studio.mistakes().iter().map(ToString::to_string).collect(),
        sentence: SentenceReport {
            number: number.to_string(),
            counter: counter.to_string(),
            said: sentences(&plan, &rendered.left_out),
            instead: plan.instead.as_ref().map(|instead| InsteadReport {
                wanted: instead.wanted.clone(),
                said: instead.said.map(VoiceLanguage::tag),
            }),
            file: output.display().to_string(),
            length_ms: rendered.length_ms,
        },
    };
    if arguments.json {
        say(&serde_json::to_string_pretty(&report)?)?;
    } else {
        tell(&report, plan.instead.as_ref(), output)?;
    }
    Ok(match report.mistakes.as_slice() {
        [] => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

fn voice_language(tag: &str) -> Result<VoiceLanguage, String> {
    VoiceLanguage::parse(tag).ok_or_else(|| {
        let tags = VoiceLanguage::ALL.map(VoiceLanguage::tag);
        format!("expected one of {}", tags.join(", "))
    })
}

/// What a speaker of a voice pack records: a line for each clip.
fn clips(language: VoiceLanguage) -> anyhow::Result<ExitCode> {
    for clip in Clip::all_of(language) {
        say(&format!("{:8} {}", clip.name(), clip.text(language)))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn whom(arguments: &VoiceArgs, file: &StationFile) -> anyhow::Result<(TicketNumber, CounterId)> {
    let service = file.services.first().map(|service| service.letter.clone());
    let number = service.map(|series| TicketNumber {
        series,
        kiosk: None,
        number: 47,
    });
    let counter = file.counters.first().map(|counter| counter.id.clone());
    let number = arguments.number.clone().or(number);
    let counter = arguments.counter.clone().or(counter);
    number
        .zip(counter)
        .context("the station has no service or no counter: give --number and --counter")
}

fn languages(studio: &Studio, rules: &VoiceRules) -> Vec<LanguageReport> {
    let report = |language: VoiceLanguage| {
        let source = studio.source(language);
        let pack = match source {
            Some(Source::Pack(pack)) => Some(pack),
            Some(Source::Espeak) | None => None,
        };
        LanguageReport {
            language: language.tag(),
            used: language == VoiceLanguage::ZhTw
                || rules.always.contains(&language)
                || rules.languages.contains(&language),
            voice: source.map(|source| match source {
                Source::Pack(_) => "pack",
                Source::Espeak => "espeak-ng",
            }),
            speaker: pack.map(|pack| pack.speaker.clone()),
            licence: pack.map(|pack| pack.licence.clone()),
            needs_pack: source.is_none() && language.is_recorded_only(),
        }
    };
    VoiceLanguage::ALL.map(report).into()
}

/// What is said in each language, its clips with spaces between them.
fn sentences(plan: &Plan, left_out: &[VoiceLanguage]) -> Vec<String> {
    let languages = plan.languages();
    let languages = languages.iter().filter(|one| !left_out.contains(one));
    languages
        .map(|language| {
            let clips = plan.tokens.iter().filter_map(|token| match token {
                Token::Say(of, clip) if of == language => Some(clip.text(*language)),
                _ => None,
            });
            format!("{language}: {}", clips.collect::<Vec<_>>().join(" "))
        })
        .collect()
}

fn tell(report: &Report, instead: Option<&Instead>, output: &Path) -> std::io::Result<()> {
    if !report.in_station_file {
        say(
            "the station file has no [voice]: boards have their chime only; this is what they could say",
        )?;
    }
    for one in &report.languages {
        let what = match (one.voice, &one.speaker, &one.licence) {
            (Some("pack"), Some(speaker), Some(licence)) => {
                format!("voice pack, spoken by {speaker} ({licence})")
            }
            (Some(voice), ..) => voice.to_owned(),
            (None, ..) if one.needs_pack => "no voice: it needs a voice pack".to_owned(),
            (None, ..) if report.espeak_ng => "no voice: this espeak-ng has none for it".to_owned(),
            (None, ..) => "no voice: espeak-ng is not installed here".to_owned(),
        };
        let used = if one.used { "" } else { ", not used" };
        say(&format!("{:7} {what}{used}", one.language))?;
    }
    for mistake in &report.mistakes {
        say(mistake)?;
    }
    if let Some(Instead { wanted, said }) = instead {
        let said = said.map_or("nothing else", VoiceLanguage::tag);
        say(&format!("{wanted} cannot be said: {said} in its place"))?;
    }
    for said in &report.sentence.said {
        say(said)?;
    }
    if report.sentence.said.is_empty() {
        say("chime only")?;
    }
    let seconds = report.sentence.length_ms as f64 / 1_000.0;
    say(&format!("{}: {seconds:.1} s", output.display()))
}
