//! Staff and access tokens.

use argon2::password_hash::PasswordHash;
use queue_core::StaffId;

use super::{Checker, Ids};
use crate::model::AccessRole;
use crate::places::Place;

/// What a token may be bound to.
pub(super) struct Devices {
    pub(super) kiosks: Ids,
    pub(super) displays: Ids,
    pub(super) counters: Ids,
}

pub(super) fn check(checker: &mut Checker<'_>, file: Place<'_>, devices: &Devices) {
    let staff = file.get("staff");
    checker.unique::<StaffId>("staff id", staff.items().map(|person| person.get("id")));
    for person in staff.items() {
        self::person(checker, person);
    }
    let tokens = file.get("access").get("token");
    checker.unique::<String>("token name", tokens.items().map(|token| token.get("name")));
    for (index, token) in tokens.items().enumerate() {
        checker.not_blank(token.get("name"));
        hash(
            checker,
            token.get("token_sha256"),
            tokens.items().take(index),
        );
        device(checker, token, devices);
    }
    let is_administrator = |at: Place<'_>| at.get("role").read() == Some(AccessRole::Administrator);
    let can_log_in = |person: &Place<'_>| !person.get("password_hash").is_absent();
    let somebody = staff.items().filter(can_log_in).any(is_administrator);
    if !somebody && !tokens.items().any(is_administrator) {
        checker.unwise(
            file,
            "nobody can administer this station: no [[staff]] with the role `administrator` and a `password_hash`, \
             and no [[access.token]] with that role",
        );
    }
}

fn person(checker: &mut Checker<'_>, person: Place<'_>) {
    checker.not_blank(person.get("name"));
    let role = person.get("role");
    if let Some(AccessRole::Kiosk | AccessRole::Display) = role.read() {
        let id = person.get("id").read::<String>().unwrap_or_default();
        checker.wrong(
            role,
            format!("staff `{id}` has the role of a device"),
            "`counter`, `greeter`, `chief` or `administrator`",
        );
    }
    for at in [person.get("pin_hash"), person.get("password_hash")] {
        if at.read::<String>().is_some_and(|hash| !is_argon2id(&hash)) {
            // The text is not repeated: it may be the secret itself, written here by mistake.
            checker.wrong(
                at,
                format!("invalid {}", at.key),
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

fn hash<'a>(checker: &mut Checker<'_>, at: Place<'_>, mut before: impl Iterator<Item = Place<'a>>) {
    let Some(hash) = at.read::<String>() else {
        return;
    };
    if !is_sha256(&hash) {
        checker.wrong(
            at,
            "invalid token_sha256",
            "64 hexadecimal digits in lower case",
        );
    } else if let Some(same) =
        before.find(|other| other.get("token_sha256").read().as_ref() == Some(&hash))
    {
        let name = same.get("name").read::<String>().unwrap_or_default();
        checker.wrong(
            at,
            format!("the token of `{name}` once more"),
            "a token of its own",
        );
    }
}

fn device(checker: &mut Checker<'_>, token: Place<'_>, devices: &Devices) {
    let at = token.get("device");
    let (Some(device), Some(role)) = (at.read::<String>(), token.get("role").read()) else {
        return;
    };
    let (what, known) = match role {
        AccessRole::Kiosk => ("kiosk", &devices.kiosks),
        AccessRole::Display => ("display", &devices.displays),
        AccessRole::Counter => ("counter", &devices.counters),
        AccessRole::Greeter | AccessRole::Chief | AccessRole::Administrator => {
            checker.wrong(
                at,
                "a device for a role that has none",
                "`device` with the roles `kiosk`, `display` and `counter` only",
            );
            return;
        }
    };
    checker.known(at, what, &device, known);
}
