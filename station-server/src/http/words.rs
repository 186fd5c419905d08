//! Words in requests that name something the log itself takes as it comes: languages, channels, staff. An import may
//! bring others from another system's log; new tickets and shifts have only known ones.

use axum::http::StatusCode;
use queue_core::{LanguageTag, ServiceId, StaffId};
use screens::Language;

use crate::access::{AccessStore, Role};
use crate::pages::REASONS;
use crate::problem::ApiProblem;

/// Ways to take a ticket.
pub(crate) const CHANNELS: [&str; 5] = ["kiosk", "greeter", "phone", "web", "counter"];

fn unknown(code: &'static str, what: &str, word: &str, known: &[&str]) -> ApiProblem {
    let known: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
    let detail = if known.is_empty() {
        format!("unknown {what} `{word}`: the station file has none")
    } else {
        let expected = known.join(", ");
        format!("unknown {what} `{word}`, expected one of {expected}")
    };
    ApiProblem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
}

/// A language the product speaks, of whatever region: `en-GB` is shown in English.
///
/// # Errors
/// 422 for another one.
pub(crate) fn known_language(tag: Option<LanguageTag>) -> Result<Option<LanguageTag>, ApiProblem> {
    match tag {
        Some(tag) if Language::parse(tag.as_str()).is_none() => {
            let known = Language::ALL.map(Language::tag);
            Err(unknown(
                "unknown_language",
                "language",
                tag.as_str(),
                &known,
            ))
        }
        other => Ok(other),
    }
}

/// A known channel; left out, the one that whoever asks stands for.
///
/// # Errors
/// 422 for another one.
pub(crate) fn known_channel(
    channel: Option<ServiceId>,
    asking: Role,
) -> Result<ServiceId, ApiProblem> {
    let Some(channel) = channel else {
        let own = match asking {
            Role::Kiosk => "kiosk",
            Role::Greeter => "greeter",
            Role::Public | Role::Display => "web",
            Role::Counter | Role::Chief | Role::Administrator => "counter",
        };
        return Ok(ServiceId::new(own)?);
    };
    if CHANNELS.contains(&channel.as_str()) {
        Ok(channel)
    } else {
        Err(unknown(
            "unknown_channel",
            "channel",
            channel.as_str(),
            &CHANNELS,
        ))
    }
}

/// Somebody of the station file's staff. Who else there is, is not told.
///
/// # Errors
/// 422 for anybody else.
pub(crate) fn known_staff(access: &AccessStore, staff: StaffId) -> Result<StaffId, ApiProblem> {
    if access.staff_member(staff.as_str()).is_some() {
        return Ok(staff);
    }
    Err(ApiProblem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "unknown_staff",
        format!("no member of this station's staff has the id `{staff}`"),
    ))
}

/// A device of the station file.
///
/// # Errors
/// 422 for another one.
pub(crate) fn known_device<'a>(
    what: &str,
    device: &str,
    known: impl Iterator<Item = &'a str>,
) -> Result<(), ApiProblem> {
    let known: Vec<&str> = known.collect();
    if known.contains(&device) {
        Ok(())
    } else {
        Err(unknown("unknown_device", what, device, &known))
    }
}

/// Reasons of a rating, by the codes the tablet offers.
///
/// # Errors
/// 422 for another one.
pub(crate) fn known_reasons(reasons: Vec<String>) -> Result<Vec<String>, ApiProblem> {
    match reasons.iter().find(|r| !REASONS.contains(&r.as_str())) {
        Some(word) => {
            let word: String = word.chars().take(40).collect();
            Err(unknown("unknown_reason", "reason", &word, &REASONS))
        }
        None => Ok(reasons),
    }
}

#[cfg(test)]
mod tests {
    use screens::Texts;

    use super::*;

    #[test]
    fn a_region_of_a_spoken_language_is_taken_and_another_language_told_apart() {
        let known = |tag: &str| known_language(Some(LanguageTag::new(tag).unwrap()));
        for tag in ["vi", "zh-Hant-TW", "zh-TW", "en-GB", "tl"] {
            assert_eq!(known(tag).unwrap().unwrap().as_str(), tag);
        }
        assert_eq!(known_language(None), Ok(None));
        let problem = known("xx").unwrap_err();
        assert_eq!(
            (problem.status.as_u16(), problem.code),
            (422, "unknown_language")
        );
        assert!(
            problem.detail.ends_with(
                "`xx`, expected one of `zh-Hant-TW`, `en`, `vi`, `id`, `th`, `fil`, `my`, `km`, `ja`, `ko`"
            ),
            "{}",
            problem.detail
        );
    }

    #[test]
    fn every_channel_has_words_and_every_role_a_channel() {
        for language in Language::STAFF {
            for channel in CHANNELS {
                let key = format!("channel-{channel}");
                assert!(Texts::of(language).find(&key, &[]).is_some(), "{key}");
            }
        }
        for role in Role::ALL {
            let own = known_channel(None, role).unwrap();
            assert!(known_channel(Some(own), role).is_ok());
        }
        let reasons = vec!["waiting".to_owned(), "staff".to_owned()];
        let problem = known_reasons(reasons).unwrap_err();
        assert_eq!(
            (problem.status.as_u16(), problem.code),
            (422, "unknown_reason")
        );
        assert!(
            problem
                .detail
                .contains("`staff`, expected one of `waiting`")
        );
        let mail = ServiceId::new("mail").unwrap();
        let problem = known_channel(Some(mail), Role::Kiosk).unwrap_err();
        assert_eq!(
            (problem.status.as_u16(), problem.code),
            (422, "unknown_channel")
        );
    }
}
