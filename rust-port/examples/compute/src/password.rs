//! Passwords: Argon2id (RFC 9106). Slow and large on purpose: 19 MiB and some tens of milliseconds a call.

use argon2::Argon2;
#[cfg(not(target_family = "wasm"))]
use argon2::password_hash::PasswordHasher;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordVerifier};

/// Longer passwords are refused: nobody types them, and hashing them is work that a stranger asks for.
const LONGEST: usize = 4096;

/// Hashes a password with Argon2id and a fresh random salt, as a PHC string (`$argon2id$v=19$…`).
#[cfg(not(target_family = "wasm"))]
#[cfg_attr(feature = "port", portreeve::function)]
pub fn hash_password(password: &str) -> Result<String, String> {
    let hash = Argon2::default().hash_password(checked(password)?.as_bytes());
    hash.map(|hash| hash.to_string())
        .map_err(|error| format!("hashing failed: {error}"))
}

/// Whether a password is the one that a PHC string was made from. Fails when the string is none of Argon2.
#[cfg_attr(feature = "port", portreeve::function(idempotent))]
pub fn verify_password(password: &str, hash: &str) -> Result<bool, String> {
    let hash =
        PasswordHash::new(hash).map_err(|error| format!("`hash` is no PHC string: {error}"))?;
    match Argon2::default().verify_password(checked(password)?.as_bytes(), &hash) {
        Ok(()) => Ok(true),
        Err(Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(format!("`hash` cannot be checked: {error}")),
    }
}

fn checked(password: &str) -> Result<&str, String> {
    match password.len() {
        0 => Err("the password is empty".into()),
        length if length > LONGEST => Err(format!(
            "the password has {length} bytes; {LONGEST} are the limit"
        )),
        _ => Ok(password),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let hash = hash_password("correct horse").expect("a password");
        assert!(hash.starts_with("$argon2id$v=19$"), "{hash}");
        assert_ne!(
            hash_password("correct horse"),
            Ok(hash.clone()),
            "each salt is new"
        );
        assert_eq!(verify_password("correct horse", &hash), Ok(true));
        assert_eq!(verify_password("correct house", &hash), Ok(false));
    }

    #[test]
    fn says_what_is_wrong() {
        assert!(hash_password("").is_err_and(|error| error.contains("empty")));
        assert!(hash_password(&"a".repeat(5000)).is_err_and(|error| error.contains("5000")));
        assert!(verify_password("a", "plain").is_err_and(|error| error.contains("PHC")));
    }
}
