//! Where the devices of this machine are: `targets.toml`, which is not shared between machines.
//!
//! ```toml
//! [[target]]
//! name = "counter-3"
//! link = { serial = "/dev/serial/by-path/...", baud_bps = 9600 }
//! profile = "led-485"        # built in, or a profile's file beside this one
//! address = 3
//! ```

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use super::catalog::Catalog;
use super::files::replace_file;
use crate::modbus::Address;
use crate::port::{Link, LinkText};
use crate::profile::{DeviceProfile, TomlError, parse_toml};

/// All devices of this machine.
#[derive(Clone, Debug)]
pub struct Targets {
    path: PathBuf,
    text: String,
    targets: Vec<Target>,
}

/// One device.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its name in the files of a station.
    pub name: String,
    /// How it is reached.
    pub link: Link,
    /// Its address, for devices that share a line.
    pub address: Option<Address>,
    /// What it is.
    pub profile: DeviceProfile,
    /// Its settings.
    pub catalog: Catalog,
    link_span: Range<usize>,
    address_span: Option<Range<usize>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetsText {
    #[serde(default)]
    target: Vec<TargetText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetText {
    name: Spanned<String>,
    link: Spanned<Link>,
    profile: Spanned<String>,
    address: Option<Spanned<Address>>,
}

impl Targets {
    /// Reads the file and the profiles it names.
    ///
    /// # Errors
    /// Names the file, line, column and what was expected.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| anyhow::anyhow!("cannot read {name}: {error}"))?;
        let targets = parse(&name, &text, path.parent().unwrap_or(Path::new("")))?;
        Ok(Self {
            path: path.to_owned(),
            text,
            targets,
        })
    }

    /// The device of a name.
    pub fn get(&self, name: &str) -> Option<&Target> {
        self.targets.iter().find(|target| target.name == name)
    }

    /// The device of a name.
    ///
    /// # Errors
    /// There is none; the message names those there are.
    pub fn require(&self, name: &str) -> anyhow::Result<&Target> {
        self.get(name).ok_or_else(|| {
            let path = self.path.display();
            anyhow::anyhow!("no target `{name}` in {path}, expected {}", self.names())
        })
    }

    /// All names, for messages.
    pub fn names(&self) -> String {
        let names: Vec<&str> = self.targets.iter().map(|t| t.name.as_str()).collect();
        if names.is_empty() {
            "at least one [[target]]".to_owned()
        } else {
            format!("one of {}", names.join(", "))
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes into the file that a device is now reached in another way, leaving everything else
    /// in it as it is.
    ///
    /// # Errors
    /// The file cannot be written, or is not written so that the change can be put in its place.
    pub fn moved(&mut self, name: &str, link: &Link, address: Option<Address>) -> io::Result<()> {
        let by_hand = || io::Error::other("put it in by hand: it is written in an unusual way");
        let target = self.get(name).ok_or_else(by_hand)?;
        let mut changes = Vec::new();
        if target.link != *link {
            let is_inline = self.text[target.link_span.clone()].starts_with('{');
            let written = inline(link).filter(|_| is_inline).ok_or_else(by_hand)?;
            changes.push((target.link_span.clone(), written));
        }
        if let (Some(address), Some(span)) = (address, target.address_span.clone()) {
            changes.push((span, address.to_string()));
        }
        // From the back, so that the places before stay where they are.
        changes.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
        let mut text = self.text.clone();
        for (span, written) in changes {
            text.replace_range(span, &written);
        }
        let directory = self.path.parent().unwrap_or(Path::new(""));
        let targets =
            parse(&self.path.display().to_string(), &text, directory).map_err(io::Error::other)?;
        replace_file(&self.path, text.as_bytes())?;
        (self.text, self.targets) = (text, targets);
        Ok(())
    }
}

/// A link as an inline table.
fn inline(link: &Link) -> Option<String> {
    let text = toml::to_string(&LinkText::from(link.clone())).ok()?;
    let pairs: Vec<&str> = text.lines().collect();
    Some(format!("{{ {} }}", pairs.join(", ")))
}

fn parse(file: &str, text: &str, directory: &Path) -> Result<Vec<Target>, TomlError> {
    let read: TargetsText = parse_toml(file, text)?;
    let at = |span: Range<usize>, message: String, expected: &str| {
        TomlError::at_offset(file, text, span.start, message, Some(expected.to_owned()))
    };
    let mut targets: Vec<Target> = Vec::new();
    for entry in read.target {
        let name = entry.name.get_ref();
        if name.is_empty() || targets.iter().any(|other| other.name == *name) {
            let message = format!("invalid name `{name}`");
            return Err(at(entry.name.span(), message, "a name no other target has"));
        }
        let wrong_profile =
            |message: String, expected: &str| at(entry.profile.span(), message, expected);
        let profile = load_profile(entry.profile.get_ref(), directory, wrong_profile)?;
        let is_addressed = profile.settings.contains_key("address") || profile.is_sign();
        if let (Some(address), false) = (&entry.address, is_addressed) {
            let message = format!(
                "devices of the profile `{}` have no address",
                profile.profile.id
            );
            return Err(at(address.span(), message, "no `address`"));
        }
        if entry.address.is_none() && is_addressed {
            let message = format!("no address of `{name}`");
            return Err(at(entry.name.span(), message, "an `address` of 1 to 247"));
        }
        let catalog = Catalog::of(&profile, entry.link.get_ref())
            .map_err(|message| at(entry.profile.span(), message, "another profile"))?;
        let address_span = entry.address.as_ref().map(Spanned::span);
        let target = Target {
            name: name.clone(),
            link_span: entry.link.span(),
            address_span,
            address: entry.address.map(Spanned::into_inner),
            link: entry.link.into_inner(),
            profile,
            catalog,
        };
        let same = targets.iter().find(|other| {
            other.link.to_string() == target.link.to_string() && other.address == target.address
        });
        if let Some(same) = same {
            let message = format!("`{name}` is where `{}` is", same.name);
            return Err(at(entry.name.span(), message, "another link or address"));
        }
        targets.push(target);
    }
    Ok(targets)
}

fn load_profile(
    id: &str,
    directory: &Path,
    wrong: impl Fn(String, &str) -> TomlError,
) -> Result<DeviceProfile, TomlError> {
    if let Some(profile) = DeviceProfile::built_in(id) {
        return Ok(profile);
    }
    if !id.ends_with(".toml") {
        let message = format!("unknown profile `{id}`{}", DeviceProfile::hint(id));
        let expected = "a name that `firmware-config profiles` lists, or a file .toml";
        return Err(wrong(message, expected));
    }
    let path = directory.join(id);
    let text = std::fs::read_to_string(&path).map_err(|error| {
        let message = format!("cannot read {}: {error}", path.display());
        wrong(message, "a profile's file beside this one")
    })?;
    DeviceProfile::parse(&path.display().to_string(), &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "# Ground floor.\n[[target]]\nname = \"counter-3\"\nlink = { serial = \
        \"/dev/a\", baud_bps = 9600 } # left\nprofile = \"led-485\"\naddress = 3 # by hand\n\n\
        [[target]]\nname = \"kiosk\"\nlink = { tcp = \"printer:9100\" }\nprofile = \"escpos-80mm\"\n";

    fn load(text: &str) -> (tempfile::TempDir, anyhow::Result<Targets>) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("targets.toml");
        std::fs::write(&path, text).unwrap();
        let targets = Targets::load(&path);
        (directory, targets)
    }

    #[test]
    fn mistakes_name_their_place() {
        for (from, to, expected) in [
            (
                "\"led-485\"",
                "\"led-484\"",
                "5:11: unknown profile `led-484` (did you mean `led-485`?), expected a name that",
            ),
            (
                "address = 3",
                "address = 0",
                "6:11: invalid address 0, expected 1 to 247",
            ),
            (
                "address = 3",
                "",
                "3:8: no address of `counter-3`, expected an `address`",
            ),
            (
                "\"kiosk\"",
                "\"counter-3\"",
                "9:8: invalid name `counter-3`, expected a name",
            ),
            (
                "9600",
                "9601",
                "4:8: invalid baud_bps 9601, expected one of 300",
            ),
            ("\"escpos-80mm\"", "\"x.toml\"", "11:11: cannot read"),
            (
                "name = \"kiosk\"",
                "nam = \"kiosk\"",
                "9:1: unknown field `nam`, expected",
            ),
        ] {
            let text = GOOD.replace(from, to);
            let error = load(&text).1.unwrap_err().to_string();
            assert!(
                error.contains(&format!("targets.toml:{expected}")),
                "{error}"
            );
        }
    }

    #[test]
    fn a_moved_device_is_found_again_and_comments_stay() {
        let (_directory, targets) = load(GOOD);
        let mut targets = targets.unwrap();
        let link = Link::serial("/dev/a", 19_200);
        targets.moved("counter-3", &link, Address::new(12)).unwrap();
        let written = std::fs::read_to_string(targets.path()).unwrap();
        assert!(written.starts_with("# Ground floor.\n"), "{written}");
        assert!(written.contains("address = 12 # by hand\n"), "{written}");
        let again = Targets::load(targets.path()).unwrap();
        let target = again.require("counter-3").unwrap();
        assert_eq!((&target.link, target.address), (&link, Address::new(12)));
        assert_eq!(
            again.require("kiosk").unwrap().link,
            Link::tcp("printer:9100")
        );
        let error = again.require("x").unwrap_err().to_string();
        assert!(
            error.ends_with("expected one of counter-3, kiosk"),
            "{error}"
        );
    }
}
