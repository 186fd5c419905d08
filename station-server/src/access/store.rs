//! What outlives a restart of access: device tokens, enrolment codes and staff sessions, in `access.db` beside the
//! journal. Only hashes are kept. The station file's own tokens are held in memory.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use queue_core::StaffId;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::{Principal, Role};

/// How long a staff session lives, milliseconds.
const SESSION_MS: i64 = 14 * 3_600_000;
/// How long an enrolment code lives, milliseconds.
const CODE_MS: i64 = 15 * 60_000;

type Hash = [u8; 32];

/// Why access data could not be used.
#[derive(Debug, Error)]
pub enum AccessError {
    /// The database.
    #[error("access.db: {0}")]
    Database(#[from] rusqlite::Error),
    /// No randomness.
    #[error("the system gave no random bytes")]
    Randomness,
    /// The code is unknown, used or too old.
    #[error("this enrolment code is not valid (any more)")]
    BadCode,
}

/// A token of the station file.
#[derive(Debug, Clone)]
pub struct Credential {
    /// Name written into events.
    pub name: String,
    /// Role.
    pub role: Role,
    /// The kiosk, display or counter it is bound to, if to one.
    pub device: Option<String>,
    /// SHA-256 of the token.
    pub token_sha256: Hash,
}

/// A member of staff of the station file.
#[derive(Debug, Clone)]
pub struct StaffMember {
    /// Id.
    pub id: StaffId,
    /// Name as shown.
    pub name: String,
    /// Role.
    pub role: Role,
    /// argon2 PHC string of the PIN, which is taken on enrolled devices only.
    pub pin_phc: Option<String>,
    /// argon2 PHC string of the password, which is taken everywhere.
    pub password_phc: Option<String>,
}

/// Tokens, sessions and codes.
#[derive(Debug)]
pub struct AccessStore {
    known: RwLock<BTreeMap<Hash, Principal>>,
    staff: Vec<StaffMember>,
    connection: Mutex<Connection>,
}

impl AccessStore {
    /// Opens or creates `access.db` in the data directory.
    ///
    /// # Errors
    /// [`AccessError::Database`].
    pub fn open(
        data_dir: &Path,
        credentials: &[Credential],
        staff: Vec<StaffMember>,
    ) -> Result<Self, AccessError> {
        let connection = Connection::open(data_dir.join("access.db"))?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE IF NOT EXISTS token (
                 hash BLOB PRIMARY KEY, role TEXT NOT NULL, name TEXT NOT NULL, staff TEXT,
                 expires_ms INTEGER) STRICT;
             CREATE TABLE IF NOT EXISTS code (
                 hash BLOB PRIMARY KEY, role TEXT NOT NULL, device TEXT NOT NULL,
                 expires_ms INTEGER NOT NULL) STRICT;",
        )?;
        let mut known = BTreeMap::new();
        for c in credentials {
            let principal = Principal {
                role: c.role,
                name: c.name.clone(),
                staff: None,
                device: c.device.clone(),
            };
            known.insert(c.token_sha256, principal);
        }
        Ok(Self {
            known: RwLock::new(known),
            staff,
            connection: Mutex::new(connection),
        })
    }

    /// Whoever holds this bearer token or session.
    pub fn principal(&self, token: &str, now_ms: i64) -> Option<Principal> {
        let hash = digest(token);
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(principal) = known.get(&hash) {
            return Some(principal.clone());
        }
        drop(known);
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached("SELECT role, name, staff, expires_ms FROM token WHERE hash = ?1")
            .ok()?;
        let row = statement
            .query_row([hash.as_slice()], |row| {
                let expires_ms: Option<i64> = row.get(3)?;
                let role: String = row.get(0)?;
                let staff: Option<String> = row.get(2)?;
                Ok((role, row.get::<_, String>(1)?, staff, expires_ms))
            })
            .optional();
        match row {
            Ok(Some((role, name, staff, expires_ms))) if expires_ms.is_none_or(|e| e > now_ms) => {
                let role = Role::parse(&role)?;
                // A row without staff is an enrolled device; greeters have devices of no particular name.
                let bound =
                    staff.is_none() && matches!(role, Role::Kiosk | Role::Display | Role::Counter);
                Some(Principal {
                    role,
                    device: bound.then(|| name.clone()),
                    name,
                    staff: staff.and_then(|s| StaffId::new(&s).ok()),
                })
            }
            _ => None,
        }
    }

    /// A member of staff.
    pub fn staff_member(&self, id: &str) -> Option<&StaffMember> {
        self.staff.iter().find(|s| s.id.as_str() == id)
    }

    /// Everybody who may log in.
    pub fn staff(&self) -> &[StaffMember] {
        &self.staff
    }

    /// A new session; the answer is the cookie's value.
    ///
    /// # Errors
    /// [`AccessError`].
    pub fn start_session(&self, member: &StaffMember, now_ms: i64) -> Result<String, AccessError> {
        let session = random_text(32)?;
        self.connection()
            .execute("DELETE FROM token WHERE expires_ms < ?1", [now_ms])?;
        let expires_ms = now_ms + SESSION_MS;
        self.insert_token(
            &session,
            member.role,
            member.id.as_str(),
            Some(member.id.as_str()),
            Some(expires_ms),
        )?;
        Ok(session)
    }

    /// Ends a session or forgets a device.
    ///
    /// # Errors
    /// [`AccessError::Database`].
    pub fn end_session(&self, session: &str) -> Result<(), AccessError> {
        let hash = digest(session);
        self.connection()
            .execute("DELETE FROM token WHERE hash = ?1", [hash.as_slice()])?;
        Ok(())
    }

    /// A one-time code of eight digits with which a device joins.
    ///
    /// # Errors
    /// [`AccessError`].
    pub fn mint_code(&self, role: Role, device: &str, now_ms: i64) -> Result<String, AccessError> {
        let mut bytes = [0_u8; 8];
        getrandom::fill(&mut bytes).map_err(|_| AccessError::Randomness)?;
        let code = format!("{:08}", u64::from_le_bytes(bytes) % 100_000_000);
        self.connection().execute(
            "INSERT OR REPLACE INTO code (hash, role, device, expires_ms) VALUES (?1, ?2, ?3, ?4)",
            params![
                digest(&code).as_slice(),
                role.word(),
                device,
                now_ms + CODE_MS
            ],
        )?;
        Ok(code)
    }

    /// Uses a code up; the answer is the device's token.
    ///
    /// # Errors
    /// [`AccessError::BadCode`] and the rest.
    pub fn enrol(&self, code: &str, now_ms: i64) -> Result<(Role, String, String), AccessError> {
        let hash = digest(code.trim());
        let found = self
            .connection()
            .query_row(
                "DELETE FROM code WHERE hash = ?1 RETURNING role, device, expires_ms",
                [hash.as_slice()],
                |row| {
                    Ok((
                        row.get::<_, String>(0)?,
                        row.get::<_, String>(1)?,
                        row.get::<_, i64>(2)?,
                    ))
                },
            )
            .optional()?;
        let (role, device, expires_ms) = found.ok_or(AccessError::BadCode)?;
        let role = Role::parse(&role).ok_or(AccessError::BadCode)?;
        if expires_ms <= now_ms {
            return Err(AccessError::BadCode);
        }
        let token = random_text(32)?;
        self.insert_token(&token, role, &device, None, None)?;
        Ok((role, device, token))
    }

    fn insert_token(
        &self,
        token: &str,
        role: Role,
        name: &str,
        staff: Option<&str>,
        expires_ms: Option<i64>,
    ) -> Result<(), AccessError> {
        self.connection().execute(
            "INSERT INTO token (hash, role, name, staff, expires_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                digest(token).as_slice(),
                role.word(),
                name,
                staff,
                expires_ms
            ],
        )?;
        Ok(())
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// SHA-256 of a token.
pub(crate) fn digest(token: &str) -> Hash {
    Sha256::digest(token.as_bytes()).into()
}

/// `n` random bytes as hexadecimal.
fn random_text(n: usize) -> Result<String, AccessError> {
    let mut bytes = vec![0_u8; n];
    getrandom::fill(&mut bytes).map_err(|_| AccessError::Randomness)?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(dir: &Path) -> AccessStore {
        let credential = Credential {
            name: "k".into(),
            role: Role::Kiosk,
            device: None,
            token_sha256: digest("demo-kiosk"),
        };
        AccessStore::open(dir, &[credential], vec![]).unwrap()
    }

    #[test]
    fn a_code_works_once_and_its_token_outlives_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let first = store(dir.path());
        let code = first.mint_code(Role::Display, "D1", 0).unwrap();
        let (_, _, token) = first.enrol(&code, 1).unwrap();
        assert!(matches!(first.enrol(&code, 2), Err(AccessError::BadCode)));
        drop(first);
        let again = store(dir.path()).principal(&token, 5).unwrap();
        assert_eq!((again.role, again.name.as_str()), (Role::Display, "D1"));
        assert_eq!(again.device.as_deref(), Some("D1"));
    }

    #[test]
    fn codes_and_sessions_end() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(dir.path());
        let code = store.mint_code(Role::Kiosk, "K1", 0).unwrap();
        assert!(matches!(
            store.enrol(&code, CODE_MS),
            Err(AccessError::BadCode)
        ));
        let lin = StaffMember {
            id: StaffId::new("lin").unwrap(),
            name: "林".into(),
            role: Role::Counter,
            pin_phc: None,
            password_phc: None,
        };
        let session = store.start_session(&lin, 0).unwrap();
        let person = store.principal(&session, SESSION_MS - 1).unwrap();
        assert_eq!(person.device, None, "people work at any counter");
        assert!(store.principal(&session, SESSION_MS).is_none());
        assert!(store.principal("demo-kiosk", 0).is_some());
        assert!(store.principal("demo-kioskk", 0).is_none());
    }
}
