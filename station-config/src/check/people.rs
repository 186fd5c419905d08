//! Staff and access tokens.

use argon2::password_hash::PasswordHash;

use super::{Checker, way};
use crate::model::{AccessRole, AccessToken, Staff, StationFile};

pub(super) fn check(checker: &mut Checker<'_>, file: &StationFile) {
    let ids = file.staff.iter().map(|person| person.id.to_string());
    checker.unique("staff id", ids, |index| way!["staff", index, "id"]);
    for (index, person) in file.staff.iter().enumerate() {
        staff(checker, index, person);
    }
    let names = file.access.tokens.iter().map(|token| token.name.clone());
    checker.unique("token name", names, |index| {
        way!["access", "token", index, "name"]
    });
    for (index, token) in file.access.tokens.iter().enumerate() {
        access_token(checker, index, token, file);
    }
}

fn staff(checker: &mut Checker<'_>, index: usize, person: &Staff) {
    checker.not_blank(&way!["staff", index, "name"], &person.name);
    if matches!(person.role, AccessRole::Kiosk | AccessRole::Display) {
        checker.wrong(
            &way!["staff", index, "role"],
            format!("staff `{}` has the role of a device", person.id),
            "`counter`, `greeter`, `chief` or `administrator`",
        );
    }
    for (key, hash) in [
        ("pin_hash", &person.pin_hash),
        ("password_hash", &person.password_hash),
    ] {
        if let Some(hash) = hash
            && !is_argon2id(hash)
        {
            // The text is not repeated: it may be the secret itself, written here by mistake.
            checker.wrong(
                &way!["staff", index, key],
                format!("invalid {key}"),
                "an argon2id hash in PHC form, `$argon2id$v=19$m=...,t=...,p=...$salt$hash`",
            );
        }
    }
}

fn is_argon2id(text: &str) -> bool {
    PasswordHash::new(text).is_ok_and(|hash| {
        hash.algorithm == argon2::Algorithm::Argon2id.ident()
            && argon2::Params::try_from(&hash).is_ok()
            && hash.salt.is_some()
            && hash.hash.is_some()
    })
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn access_token(checker: &mut Checker<'_>, index: usize, token: &AccessToken, file: &StationFile) {
    let at = |key| way!["access", "token", index, key];
    checker.not_blank(&at("name"), &token.name);
    if !is_sha256(&token.token_sha256) {
        checker.wrong(
            &at("token_sha256"),
            "invalid token_sha256",
            "64 hexadecimal digits in lower case",
        );
    } else if let Some(same) = file.access.tokens[..index]
        .iter()
        .find(|other| other.token_sha256 == token.token_sha256)
    {
        checker.wrong(
            &at("token_sha256"),
            format!("the token of `{}` once more", same.name),
            "a token of its own",
        );
    }
    let Some(device) = &token.device else {
        return;
    };
    let (what, known): (_, Vec<&str>) = match token.role {
        AccessRole::Kiosk => ("kiosk", file.kiosks.iter().map(|k| k.id.as_str()).collect()),
        AccessRole::Display => (
            "display",
            file.displays.iter().map(|d| d.id.as_str()).collect(),
        ),
        AccessRole::Counter => (
            "counter",
            file.counters.iter().map(|c| c.id.as_str()).collect(),
        ),
        AccessRole::Greeter | AccessRole::Chief | AccessRole::Administrator => {
            checker.wrong(
                &at("device"),
                "a device for a role that has none",
                "`device` with the roles `kiosk`, `display` and `counter` only",
            );
            return;
        }
    };
    checker.known(&at("device"), what, device, &known);
}
