//! What outlives a restart of access: device tokens, enrolment codes and staff sessions, in `access.db` beside the
//! journal. Only hashes are kept. The station file's own tokens are held in memory.
//!
//! The station file decides who may come in: a session whose member of staff is not in it any more, or has another role
//! or another PIN or password, is over at the next start. A session that was begun on an enrolled device ends with it.

use std::collections::BTreeMap;
use std::fs::{OpenOptions, Permissions};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use queue_core::StaffId;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use thiserror::Error;
use tokio::sync::watch;

use super::{Principal, Role};
use crate::journal::JournalError;

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
    /// Opens or creates `access.db` in the data directory; only its owner may read it. Ends the sessions of people whom
    /// `staff` does not let in like that any more.
    ///
    /// # Errors
    /// [`JournalError`], as of the database beside it.
    pub fn open(
        data_dir: &Path,
        credentials: &[Credential],
        staff: Vec<StaffMember>,
    ) -> Result<Self, JournalError> {
        let path = data_dir.join(FILE_NAME);
        create_private(&path).map_err(|e| JournalError::from_io(&path, &e))?;
        let connection = Connection::open(&path)
            .and_then(|connection| {
                set_up(&connection)?;
                end_outdated_sessions(&connection, &staff)?;
                Ok(connection)
            })
            .map_err(|e| JournalError::from_sqlite(&path, &e))?;
        let mut known = BTreeMap::new();
        for c in credentials {
            let principal = Principal {
                role: c.role,
                name: c.name.clone(),
                staff: None,
                device: c.device.clone(),
                token: None,
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
                    token: Some(token_id(&hash)),
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

    /// A new session of a member whose PIN or password has the hash `phc`, on the enrolled device with the token id
    /// `device` if on one; the answer is the cookie's value.
    ///
    /// # Errors
    /// [`AccessError`].
    pub fn start_session(
        &self,
        member: &StaffMember,
        phc: &str,
        device: Option<&str>,
        now_ms: i64,
    ) -> Result<String, AccessError> {
        let session = random_text(32)?;
        self.connection()
            .execute("DELETE FROM token WHERE expires_ms < ?1", [now_ms])?;
        let expires_ms = now_ms + SESSION_MS;
        self.connection().execute(
            "INSERT INTO token (hash, role, name, staff, expires_ms, opened_by, device)
             VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6)",
            params![
                digest(&session).as_slice(),
                member.role.word(),
                member.id.as_str(),
                expires_ms,
                digest(phc).as_slice(),
                device
            ],
        )?;
        Ok(session)
    }

    /// Ends a session; its open connections end.
    ///
    /// # Errors
    /// [`AccessError::Database`].
    pub fn end_session(&self, session: &str) -> Result<(), AccessError> {
        let hash = digest(session);
        self.connection()
            .execute("DELETE FROM token WHERE hash = ?1", [hash.as_slice()])?;
        self.withdrawn.send_replace(());
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
            let id: Option<String> = transaction
                .query_row(
                    "SELECT lower(hex(substr(hash, 1, 8))) FROM token
                     WHERE staff IS NULL AND role = ?1 AND name = ?2",
                    (role.word(), &device),
                    |row| row.get(0),
                )
                .optional()?;
            if let Some(id) = id {
                forget_device(&transaction, &id)?;
            }
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

    /// Takes a device's token away, and with it the sessions that were begun on the device; their open connections end.
    /// Tells whether there was one.
    ///
    /// # Errors
    /// [`AccessError::Database`].
    pub fn withdraw(&self, id: &str) -> Result<bool, AccessError> {
        let gone = {
            let mut connection = self.connection();
            let transaction = connection.transaction()?;
            let gone = forget_device(&transaction, id)?;
            transaction.commit()?;
            gone
        };
        self.withdrawn.send_replace(());
        Ok(gone)
    }

    /// Whether the token of a device or session with this id is still one. What cannot be looked up counts as gone.
    pub fn is_valid(&self, id: &str) -> bool {
        let found = self.connection().query_row(
            "SELECT EXISTS (SELECT 1 FROM token WHERE lower(hex(substr(hash, 1, 8))) = ?1)",
            [id],
            |row| row.get(0),
        );
        found.unwrap_or(false)
    }

    /// Changes whenever the token of a device or session may have been withdrawn.
    pub fn withdrawals(&self) -> watch::Receiver<()> {
        self.withdrawn.subscribe()
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes the file where there is none. SQLite gives its journal the same permissions.
fn create_private(path: &Path) -> std::io::Result<()> {
    let file = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)?;
    file.set_permissions(Permissions::from_mode(0o600))
}

fn set_up(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE IF NOT EXISTS token (
             hash BLOB PRIMARY KEY, role TEXT NOT NULL, name TEXT NOT NULL, staff TEXT,
             expires_ms INTEGER) STRICT;
         CREATE TABLE IF NOT EXISTS code (
             hash BLOB PRIMARY KEY, role TEXT NOT NULL, device TEXT NOT NULL,
             expires_ms INTEGER NOT NULL) STRICT;",
    )?;
    // Added one by one: databases of earlier versions have the first ones only.
    for (column, kind) in [
        ("enrolled_ms", "INTEGER"),
        ("opened_by", "BLOB"),
        ("device", "TEXT"),
    ] {
        let told = "SELECT EXISTS (SELECT 1 FROM pragma_table_info('token') WHERE name = ?1)";
        if !connection.query_row(told, [column], |row| row.get::<_, bool>(0))? {
            connection.execute_batch(&format!("ALTER TABLE token ADD COLUMN {column} {kind}"))?;
        }
    }
    Ok(())
}

/// Ends the sessions of those who are not among the staff any more, have another role, or have changed the PIN or
/// password that opened the session.
fn end_outdated_sessions(connection: &Connection, staff: &[StaffMember]) -> rusqlite::Result<()> {
    let mut sessions = connection
        .prepare("SELECT hash, staff, role, opened_by FROM token WHERE staff IS NOT NULL")?;
    let mut rows = sessions.query([])?;
    while let Some(row) = rows.next()? {
        let (hash, id, role): (Vec<u8>, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let opened_by: Option<Vec<u8>> = row.get(3)?;
        let holds = staff
            .iter()
            .filter(|member| member.id.as_str() == id && member.role.word() == role)
            .flat_map(|member| member.pin_phc.iter().chain(&member.password_phc))
            .any(|phc| Some(digest(phc).as_slice()) == opened_by.as_deref());
        if !holds {
            connection.execute("DELETE FROM token WHERE hash = ?1", [hash])?;
        }
    }
    Ok(())
}

/// Deletes a device's token and the sessions begun on it; tells whether there was one.
fn forget_device(connection: &Connection, id: &str) -> rusqlite::Result<bool> {
    connection.execute("DELETE FROM token WHERE device = ?1", [id])?;
    let gone = connection.execute(
        "DELETE FROM token WHERE staff IS NULL AND lower(hex(substr(hash, 1, 8))) = ?1",
        [id],
    )?;
    Ok(gone > 0)
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

        let id = store.principal(&second, 13).unwrap().token.unwrap();
        assert_eq!(id, devices[0].id);
        assert!(store.is_valid(&id) && store.withdraw(&id).unwrap());
        assert!(!store.is_valid(&id) && !store.withdraw(&id).unwrap());
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

    fn lin(role: Role, pin: &str, password: Option<&str>) -> StaffMember {
        StaffMember {
            id: StaffId::new("lin").unwrap(),
            name: "林".into(),
            role,
            pin_phc: Some(pin.to_owned()),
            password_phc: password.map(str::to_owned),
        }
    }

    #[test]
    fn a_session_lasts_as_long_as_the_station_file_lets_its_owner_in() {
        let now = lin(Role::Counter, "pin", Some("word"));
        let held = |opened_by: &str, then: Vec<StaffMember>| {
            let dir = tempfile::tempdir().unwrap();
            let first = AccessStore::open(dir.path(), &[], vec![now.clone()]).unwrap();
            let session = first.start_session(&now, opened_by, None, 0).unwrap();
            drop(first);
            let again = AccessStore::open(dir.path(), &[], then).unwrap();
            again.principal(&session, 1).is_some()
        };
        assert!(held("pin", vec![now.clone()]));
        assert!(held("word", vec![now.clone()]));
        assert!(!held("pin", vec![]), "not among the staff");
        let promoted = lin(Role::Chief, "pin", Some("word"));
        assert!(!held("pin", vec![promoted]), "another role");
        let changed = lin(Role::Counter, "new", Some("word"));
        assert!(!held("pin", vec![changed.clone()]), "another PIN");
        assert!(held("word", vec![changed]), "the password still stands");
    }

    #[test]
    fn sessions_of_a_device_end_with_it() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(dir.path());
        let lin = lin(Role::Counter, "pin", None);
        let enrol = |at| {
            let code = store.mint_code(Role::Counter, "2", at).unwrap();
            let token = store.enrol(&code, at).unwrap().2;
            store.principal(&token, at).unwrap().token.unwrap()
        };
        let begin = |device: Option<&str>| store.start_session(&lin, "pin", device, 5).unwrap();
        let device = enrol(1);
        let (here, elsewhere) = (begin(Some(&device)), begin(None));
        let is_in = |session: &str| store.principal(session, 6).is_some();
        assert!(is_in(&here) && is_in(&elsewhere));
        assert!(store.withdraw(&device).unwrap());
        assert!(!is_in(&here) && is_in(&elsewhere));

        let again = begin(Some(&enrol(7)));
        enrol(8);
        assert!(!is_in(&again), "the device has joined anew");
        let id = store.principal(&elsewhere, 9).unwrap().token.unwrap();
        store.end_session(&elsewhere).unwrap();
        assert!(!store.is_valid(&id));
    }

    #[test]
    fn nobody_else_may_read_it() {
        let dir = tempfile::tempdir().unwrap();
        drop(store(dir.path()));
        let mode = std::fs::metadata(dir.path().join(FILE_NAME)).unwrap();
        assert_eq!(mode.permissions().mode() & 0o777, 0o600);
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
        let lin = lin(Role::Counter, "pin", None);
        let session = store.start_session(&lin, "pin", None, 0).unwrap();
        let person = store.principal(&session, SESSION_MS - 1).unwrap();
        assert_eq!(person.device, None, "people work at any counter");
        assert!(store.principal(&session, SESSION_MS).is_none());
        assert!(store.principal("demo-kiosk", 0).is_some());
        assert!(store.principal("demo-kioskk", 0).is_none());
    }
}
