//! Whom a ticket is for, as a keyed hash: enough to know the same person again, and nothing to know him by.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use queue_core::PersonKey;
use sha2::{Digest, Sha256};

/// Bytes of the secret: as many as the hash has.
const SECRET_BYTES: usize = 32;
/// Bytes of a block of SHA-256.
const BLOCK_BYTES: usize = 64;
/// Longest number that is taken, characters.
const NUMBER_CHARS_MAX: usize = 64;

/// Hashes with the secret of this station. The secret lies beside the journal, not in it, and not in its backups: who has
/// the log alone cannot try numbers out.
pub struct PersonKeys {
    secret: [u8; SECRET_BYTES],
}

/// The secret cannot be read or made.
#[derive(Debug, thiserror::Error)]
#[error("cannot read or make the secret {path}: {cause}", path = path.display())]
pub struct NoSecret {
    path: PathBuf,
    cause: io::Error,
}

impl PersonKeys {
    /// Reads the station's secret; makes one where there is none.
    ///
    /// # Errors
    /// [`NoSecret`].
    pub fn open(data_dir: &Path) -> Result<Self, NoSecret> {
        let path = data_dir.join("person.key");
        let secret = match fs::read(&path) {
            Ok(bytes) => <[u8; SECRET_BYTES]>::try_from(bytes)
                .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not 32 bytes")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => make(&path),
            Err(error) => Err(error),
        };
        secret
            .map(|secret| Self { secret })
            .map_err(|cause| NoSecret { path, cause })
    }

    /// The key of a person; letters count without their case, blanks and hyphens not at all. None for a text that is
    /// no number: empty, or longer than 64 characters.
    #[must_use]
    pub fn key(&self, number: &str) -> Option<PersonKey> {
        let canonical: String = number
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .flat_map(char::to_uppercase)
            .collect();
        if canonical.is_empty() || number.chars().count() > NUMBER_CHARS_MAX {
            return None;
        }
        let mac = hmac_sha256(&self.secret, canonical.as_bytes());
        let mut first = [0_u8; 16];
        first.copy_from_slice(&mac[..16]);
        Some(PersonKey(u128::from_be_bytes(first)))
    }
}

/// Written whole before it has its name, so that no half secret is ever read.
fn make(path: &Path) -> io::Result<[u8; SECRET_BYTES]> {
    let mut secret = [0_u8; SECRET_BYTES];
    getrandom::fill(&mut secret).map_err(|error| io::Error::other(error.to_string()))?;
    let unfinished = path.with_extension("new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)?;
    file.write_all(&secret)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)?;
    Ok(secret)
}

/// HMAC-SHA-256 (RFC 2104) under a key no longer than a block.
fn hmac_sha256(key: &[u8], text: &[u8]) -> [u8; 32] {
    let pad = |byte: u8| {
        let mut block = [byte; BLOCK_BYTES];
        for (at, key) in block.iter_mut().zip(key) {
            *at ^= key;
        }
        block
    };
    let inner = Sha256::new()
        .chain_update(pad(0x36))
        .chain_update(text)
        .finalize();
    Sha256::new()
        .chain_update(pad(0x5c))
        .chain_update(inner)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }

    /// RFC 4231, test cases 1 and 2.
    #[test]
    fn the_hash_is_hmac_sha_256() {
        assert_eq!(
            hex(&hmac_sha256(&[0x0b; 20], b"Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
        assert_eq!(
            hex(&hmac_sha256(b"Jefe", b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn a_station_keeps_its_secret_and_has_one_of_its_own() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let keys = |dir: &tempfile::TempDir| PersonKeys::open(dir.path()).unwrap();
        let key = keys(&here).key("A123456789");
        assert_eq!(keys(&here).key(" a1234-56789"), key);
        assert_ne!(keys(&here).key("A123456780"), key);
        assert_ne!(keys(&there).key("A123456789"), key);
        std::fs::write(here.path().join("person.key"), b"short").unwrap();
        let told = PersonKeys::open(here.path()).err().unwrap().to_string();
        assert!(told.contains("person.key: it is not 32 bytes"), "{told}");
    }

    proptest! {
        #[test]
        fn any_text_has_a_key_or_none(number in "\\PC{0,80}") {
            let keys = PersonKeys { secret: [7; SECRET_BYTES] };
            let key = keys.key(&number);
            let is_long = number.chars().count() > 64;
            let says_something = number.chars().any(|c| !c.is_whitespace() && c != '-');
            prop_assert_eq!(key.is_some(), says_something && !is_long);
        }
    }
}
