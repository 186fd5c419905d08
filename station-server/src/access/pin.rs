//! PINs and passwords: argon2id, one check at a time (each takes 19 MiB), and a pause after repeated failures.

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use thiserror::Error;
use tokio::sync::Semaphore;

use super::{Attempts, Origin, Paused};

/// Failures in a row after which a name has to wait, at that device or address.
const FAILURES_MAX: u32 = 5;
/// Failures in a row after which a name has to wait wherever no device is enrolled: so many addresses are not one person.
const FAILURES_ELSEWHERE_MAX: u32 = 50;
/// How long, milliseconds.
const LOCKED_MS: i64 = 30_000;

/// Why a PIN was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PinError {
    /// Wrong name or PIN.
    #[error("wrong name or PIN")]
    Wrong,
    /// Too many failures.
    #[error("too many wrong PINs; wait half a minute")]
    Locked {
        /// How long, seconds.
        retry_after_s: u32,
    },
    /// It could not be checked.
    #[error("the PIN could not be checked")]
    Unavailable,
}

impl From<Paused> for PinError {
    fn from(paused: Paused) -> Self {
        Self::Locked {
            retry_after_s: paused.retry_after_s,
        }
    }
}

/// Checks PINs. Whoever guesses locks the name for the own device or address only, so that nobody can lock staff out; many
/// addresses together lock it for all addresses, and never at an enrolled device.
#[derive(Debug)]
pub struct PinGuard {
    one_at_a_time: Semaphore,
    by_origin: Attempts,
    elsewhere: Attempts,
}

impl Default for PinGuard {
    fn default() -> Self {
        Self {
            one_at_a_time: Semaphore::new(1),
            by_origin: Attempts::new(FAILURES_MAX, LOCKED_MS),
            elsewhere: Attempts::new(FAILURES_ELSEWHERE_MAX, LOCKED_MS),
        }
    }
}

impl PinGuard {
    /// Checks `pin` against the PHC string of `name`; `None` for an unknown name, which takes as long to refuse.
    ///
    /// # Errors
    /// [`PinError`].
    pub async fn check(
        &self,
        name: &str,
        origin: &Origin,
        phc: Option<String>,
        pin: String,
        now_ms: i64,
    ) -> Result<(), PinError> {
        let at_origin = format!("{name}\0{}", origin.name);
        self.by_origin.begin(&at_origin, now_ms)?;
        if !origin.enrolled {
            self.elsewhere.begin(name, now_ms)?;
        }
        let _permit = self
            .one_at_a_time
            .acquire()
            .await
            .map_err(|_| PinError::Unavailable)?;
        let known = phc.is_some();
        let phc = phc.unwrap_or_else(|| DUMMY.to_owned());
        let right = tokio::task::spawn_blocking(move || verify(&phc, &pin))
            .await
            .map_err(|_| PinError::Unavailable)?;
        if !(right && known) {
            return Err(PinError::Wrong);
        }
        self.by_origin.succeeded(&at_origin);
        if !origin.enrolled {
            self.elsewhere.succeeded(name);
        }
        Ok(())
    }
}

/// A hash nobody knows the PIN of.
const DUMMY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c3RhdGlvbnF1ZXVl$Q0J2bXNqZ2hkZmtqc2hka2Zqc2hkZmtqc2hkZmtqc2g";

fn verify(phc: &str, pin: &str) -> bool {
    PasswordHash::new(phc).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(pin.as_bytes(), &hash)
            .is_ok()
    })
}

/// The PHC string of a PIN, as it stands in the station file.
///
/// # Errors
/// When the system has no randomness.
pub fn hash_pin(pin: &str) -> anyhow::Result<String> {
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt).map_err(|e| anyhow::anyhow!("no randomness: {e}"))?;
    let salt = SaltString::encode_b64(&salt).map_err(|e| anyhow::anyhow!("salt: {e}"))?;
    let hash = Argon2::default()
        .hash_password(pin.as_bytes(), &salt)
        .map_err(|e| anyhow::anyhow!("argon2: {e}"))?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(enrolled: bool, name: &str) -> Origin {
        Origin {
            enrolled,
            device: None,
            name: name.into(),
        }
    }

    const LOCKED: Result<(), PinError> = Err(PinError::Locked { retry_after_s: 1 });

    #[tokio::test]
    async fn a_right_pin_passes_and_five_wrong_ones_lock_for_half_a_minute() {
        let guard = PinGuard::default();
        let phc = hash_pin("4711").unwrap();
        let there = origin(false, "192.0.2.7");
        let check = async |at: &Origin, pin: &str, now_ms| {
            guard
                .check("lin", at, Some(phc.clone()), pin.into(), now_ms)
                .await
        };
        assert_eq!(check(&there, "4711", 0).await, Ok(()));
        for _ in 0..5 {
            assert_eq!(check(&there, "1", 1_000).await, Err(PinError::Wrong));
        }
        assert_eq!(check(&there, "4711", 30_999).await, LOCKED);
        // Guessing elsewhere does not lock staff out where they work.
        assert_eq!(
            check(&origin(true, "counter/3"), "4711", 30_999).await,
            Ok(())
        );
        assert_eq!(
            check(&origin(false, "192.0.2.8"), "4711", 30_999).await,
            Ok(())
        );
        assert_eq!(check(&there, "4711", 31_000).await, Ok(()));
    }

    #[tokio::test]
    async fn many_addresses_together_are_stopped_and_an_enrolled_device_is_not() {
        let guard = PinGuard::default();
        let phc = hash_pin("4711").unwrap();
        // As many as were wrong; looking each of them up would only take time.
        for n in 0..FAILURES_ELSEWHERE_MAX {
            guard.by_origin.begin(&format!("lin\0{n}"), 1_000).unwrap();
            guard.elsewhere.begin("lin", 1_000).unwrap();
        }
        let check = async |at: Origin| {
            guard
                .check("lin", &at, Some(phc.clone()), "4711".into(), 30_999)
                .await
        };
        assert_eq!(check(origin(false, "198.51.100.1")).await, LOCKED);
        assert_eq!(check(origin(true, "counter/3")).await, Ok(()));
    }

    #[tokio::test]
    async fn an_unknown_name_is_refused_like_a_wrong_pin() {
        let answer = PinGuard::default()
            .check("nobody", &origin(true, "counter/3"), None, "1".into(), 0)
            .await;
        assert_eq!(answer, Err(PinError::Wrong));
    }
}
