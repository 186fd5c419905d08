//! PINs and passwords: argon2id, one check at a time (each takes 19 MiB), and a pause after repeated failures.

use std::collections::BTreeMap;
use std::sync::Mutex;

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use thiserror::Error;
use tokio::sync::Semaphore;

/// Failures in a row after which a name has to wait.
const FAILURES_MAX: u32 = 5;
/// How long, milliseconds.
const LOCKED_MS: i64 = 30_000;
/// Names remembered; the oldest is forgotten beyond.
const NAMES_MAX: usize = 1_000;

/// Why a PIN was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PinError {
    /// Wrong name or PIN.
    #[error("wrong name or PIN")]
    Wrong,
    /// Too many failures.
    #[error("too many wrong PINs; wait half a minute")]
    Locked,
    /// It could not be checked.
    #[error("the PIN could not be checked")]
    Unavailable,
}

/// Checks PINs.
#[derive(Debug)]
pub struct PinGuard {
    one_at_a_time: Semaphore,
    failures: Mutex<BTreeMap<String, (u32, i64)>>,
}

impl Default for PinGuard {
    fn default() -> Self {
        Self {
            one_at_a_time: Semaphore::new(1),
            failures: Mutex::default(),
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
        phc: Option<String>,
        pin: String,
        now_ms: i64,
    ) -> Result<(), PinError> {
        if self.is_locked(name, now_ms) {
            return Err(PinError::Locked);
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
        if right && known {
            self.lock().remove(name);
            return Ok(());
        }
        let mut failures = self.lock();
        if failures.len() >= NAMES_MAX {
            failures.pop_first();
        }
        let entry = failures.entry(name.to_owned()).or_insert((0, now_ms));
        *entry = (entry.0 + 1, now_ms);
        Err(PinError::Wrong)
    }

    fn is_locked(&self, name: &str, now_ms: i64) -> bool {
        let mut failures = self.lock();
        match failures.get(name) {
            Some((count, last)) if *count >= FAILURES_MAX => {
                let locked = now_ms - last < LOCKED_MS;
                if !locked {
                    failures.remove(name);
                }
                locked
            }
            _ => false,
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, (u32, i64)>> {
        self.failures
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
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

    #[tokio::test]
    async fn a_right_pin_passes_and_five_wrong_ones_lock_for_half_a_minute() {
        let guard = PinGuard::default();
        let phc = hash_pin("4711").unwrap();
        assert_eq!(
            guard
                .check("lin", Some(phc.clone()), "4711".into(), 0)
                .await,
            Ok(())
        );
        for _ in 0..5 {
            let answer = guard
                .check("lin", Some(phc.clone()), "1".into(), 1_000)
                .await;
            assert_eq!(answer, Err(PinError::Wrong));
        }
        let locked = guard
            .check("lin", Some(phc.clone()), "4711".into(), 30_999)
            .await;
        assert_eq!(locked, Err(PinError::Locked));
        assert_eq!(
            guard.check("lin", Some(phc), "4711".into(), 31_000).await,
            Ok(())
        );
    }

    #[tokio::test]
    async fn an_unknown_name_is_refused_like_a_wrong_pin() {
        let answer = PinGuard::default()
            .check("nobody", None, "1".into(), 0)
            .await;
        assert_eq!(answer, Err(PinError::Wrong));
    }
}
