//! `firmware-config profiles`: the profiles that come with the program, as a list.

use anyhow::Context as _;

use crate::profile::{DeviceProfile, PrinterBuild, RomText};

/// One profile in a line: its id, and the model and build of a printer or the language of another device. As JSON, all of it.
///
/// # Errors
/// A profile that does not become JSON; there is none.
pub(super) fn list(json: bool) -> anyhow::Result<String> {
    let profiles = DeviceProfile::all_built_in();
    if json {
        return serde_json::to_string_pretty(&profiles).context("the profiles become JSON");
    }
    let lines: Result<Vec<_>, _> = profiles.iter().map(line).collect();
    Ok(lines.context("a protocol has a name")?.join("\n"))
}

fn line(profile: &DeviceProfile) -> serde_json::Result<String> {
    let identity = &profile.profile;
    let of_model = [&identity.maker, &identity.model, &identity.variant];
    let of_model: Vec<&str> = of_model.into_iter().flatten().map(String::as_str).collect();
    let what = match &profile.printer {
        Some(build) if of_model.is_empty() => format!("any model, {}", in_words(build)),
        Some(build) => format!("{}, {}", of_model.join(" "), in_words(build)),
        None => serde_json::to_string(&identity.protocol)?.replace('"', ""),
    };
    Ok(format!("{:<26} {what}", identity.id))
}

fn in_words(build: &PrinterBuild) -> String {
    let cutter = if build.cutter { "" } else { ", no cutter" };
    let rom_text = match build.rom_text {
        Some(RomText::Big5) => ", Big5 in its ROM",
        None => "",
    };
    format!(
        "{} dots, {} per mm{cutter}{rom_text}",
        build.width_dots, build.dots_per_mm
    )
}
