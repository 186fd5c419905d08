//! What outlives a restart of access: device tokens, enrolment codes and staff sessions, in `access.db` beside the
//! journal. Only hashes are kept. The station file's own tokens are held in memory.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use queue_core::StaffId;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use thiserror::Error;
use tokio::sync::watch;

use super::{Principal, Role};

/// How long a staff session lives, milliseconds.
const SESSION_MS: i64 = 14 * 3_600_000;
/// How long an enrolment code lives, milliseconds.
const CODE_MS: i64 = 15 * 60_000;

/// Name of the database inside the data directory.
pub const FILE_NAME: &str = "access.db";

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

/// A device that has joined with a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolledDevice {
    /// Names its token without giving it away.
    pub id: String,
    /// Role.
    pub role: Role,
    /// Name: the id of a kiosk, display or counter, or what a greeter calls it.
    pub device: String,
    /// When it joined, milliseconds since 1970-01-01T00:00Z; none for those that joined under an earlier version.
    pub enrolled_ms: Option<i64>,
}

/// Tokens, sessions and codes.
#[derive(Debug)]
pub struct AccessStore {
    known: RwLock<BTreeMap<Hash, Principal>>,
    staff: Vec<StaffMember>,
    connection: Mutex<Connection>,
    withdrawn: watch::Sender<()>,
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
        let connection = Connection::open(data_dir.join(FILE_NAME))?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE IF NOT EXISTS token (
                 hash BLOB PRIMARY KEY, role TEXT NOT NULL, name TEXT NOT NULL, staff TEXT,
                 expires_ms INTEGER, enrolled_ms INTEGER) STRICT;
             CREATE TABLE IF NOT EXISTS code (
                 hash BLOB PRIMARY KEY, role TEXT NOT NULL, device TEXT NOT NULL,
                 expires_ms INTEGER NOT NULL) STRICT;",
        )?;
        // A database of an earlier version does not say when.
        let told = "SELECT count(*) > 0 FROM pragma_table_info('token') WHERE name = 'enrolled_ms'";
        if !connection.query_row(told, [], |row| row.get(0))? {
            connection.execute_batch("ALTER TABLE token ADD COLUMN enrolled_ms INTEGER")?;
        }
        let mut known = BTreeMap::new();
        for c in credentials {
            let principal = Principal {
                role: c.role,
                name: c.name.clone(),
                staff: None,
                device: c.device.clone(),
                enrolled: None,
            };
            known.insert(c.token_sha256, principal);
        }
        Ok(Self {
            known: RwLock::new(known),
            staff,
            connection: Mutex::new(connection),
            withdrawn: watch::Sender::new(()),
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
                    enrolled: staff.is_none().then(|| token_id(&hash)),
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
        self.connection().execute(
            "INSERT INTO token (hash, role, name, staff, expires_ms) VALUES (?1, ?2, ?3, ?3, ?4)",
            params![
                digest(&session).as_slice(),
                member.role.word(),
                member.id.as_str(),
                expires_ms
            ],
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
        {
            let mut connection = self.connection();
            let transaction = connection.transaction()?;
            transaction.execute(
                "DELETE FROM token WHERE staff IS NULL AND role = ?1 AND name = ?2",
                (role.word(), &device),
            )?;
            transaction.execute(
                "INSERT INTO token (hash, role, name, enrolled_ms) VALUES (?1, ?2, ?3, ?4)",
                params![digest(&token).as_slice(), role.word(), device, now_ms],
            )?;
            transaction.commit()?;
        }
        self.withdrawn.send_replace(());
        Ok((role, device, token))
    }

    /// Every device that has joined, by role and name.
    ///
    /// # Errors
    /// [`AccessError::Database`].
    pub fn enrolled_devices(&self) -> Result<Vec<EnrolledDevice>, AccessError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT hash, role, name, enrolled_ms FROM token WHERE staff IS NULL ORDER BY role, name",
        )?;
        let rows = statement.query_map([], |row| {
            let role: String = row.get(1)?;
            let hash: Vec<u8> = row.get(0)?;
            Ok((token_id(&hash), role, row.get(2)?, row.get(3)?))
        })?;
        let mut devices = Vec::new();
        for row in rows {
            let (id, role, device, enrolled_ms) = row?;
            devices.extend(Role::parse(&role).map(|role| EnrolledDevice {
                id,
                role,
                device,
                enrolled_ms,
            }));
        }
        Ok(devices)
    }

    /// Takes a device's token away; its open connections end. Tells whether there was one.
    ///
    /// # Errors
    /// [`AccessError::Database`].
    pub fn withdraw(&self, id: &str) -> Result<bool, AccessError> {
        let gone = self.connection().execute(
            "DELETE FROM token WHERE staff IS NULL AND lower(hex(substr(hash, 1, 8))) = ?1",
            [id],
        )?;
        self.withdrawn.send_replace(());
        Ok(gone > 0)
    }

    /// Whether the enrolled device with this token id still is one. What cannot be looked up counts as gone.
    pub fn is_enrolled(&self, id: &str) -> bool {
        let devices = self.enrolled_devices().unwrap_or_default();
        devices.iter().any(|device| device.id == id)
    }

    /// Changes whenever a device's token may have been withdrawn.
    pub fn withdrawals(&self) -> watch::Receiver<()> {
        self.withdrawn.subscribe()
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Names a token by the start of its hash, from which nobody finds the token.
fn token_id(hash: &[u8]) -> String {
    hash.iter().take(8).map(|b| format!("{b:02x}")).collect()
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
    fn a_device_is_enrolled_once_and_can_be_withdrawn() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(dir.path());
        let enrol = |role, device: &str, at| {
            let code = store.mint_code(role, device, at).unwrap();
            store.enrol(&code, at).unwrap().2
        };
        let first = enrol(Role::Counter, "2", 10);
        let other = enrol(Role::Kiosk, "2", 11);
        let seen = store.withdrawals();
        let second = enrol(Role::Counter, "2", 12);
        assert!(seen.has_changed().unwrap());
        assert_eq!(store.principal(&first, 13), None, "replaced");
        let devices = store.enrolled_devices().unwrap();
        let told: Vec<_> = devices.iter().map(|d| (d.role, d.enrolled_ms)).collect();
        assert_eq!(told, [(Role::Counter, Some(12)), (Role::Kiosk, Some(11))]);

        let id = store.principal(&second, 13).unwrap().enrolled.unwrap();
        assert_eq!(id, devices[0].id);
        assert!(store.is_enrolled(&id) && store.withdraw(&id).unwrap());
        assert!(!store.is_enrolled(&id) && !store.withdraw(&id).unwrap());
        assert_eq!(store.principal(&second, 13), None);
        assert!(store.principal(&other, 13).is_some());
    }

    #[test]
    fn a_database_of_before_is_taken_over() {
        let dir = tempfile::tempdir().unwrap();
        let old = Connection::open(dir.path().join("access.db")).unwrap();
        old.execute_batch(
            "CREATE TABLE token (hash BLOB PRIMARY KEY, role TEXT NOT NULL, name TEXT NOT NULL,
                 staff TEXT, expires_ms INTEGER) STRICT;
             INSERT INTO token (hash, role, name) VALUES (x'00112233445566778899', 'display', 'D1')",
        )
        .unwrap();
        drop(old);
        store(dir.path());
        let [device] = &store(dir.path()).enrolled_devices().unwrap()[..] else {
            panic!("one device");
        };
        assert_eq!(
            (device.id.as_str(), device.enrolled_ms),
            ("0011223344556677", None)
        );
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
