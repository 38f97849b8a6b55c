//! JSON Web Tokens (RFC 7519) in their compact form. The port program (`compute`) and the in-process addon
//! both sign with this code, so that what differs between them is only where it runs.
//!
//! Keys are arguments: the secret's bytes for HS256, PEM text for the others. A key is parsed once and
//! remembered, so that a call costs one signature, and a worker that was restarted needs no set-up.

mod cache;
mod error;
mod signing;
mod token;
mod verifying;

pub use error::JwtError;
pub use token::{Claims, sign, verify};

use serde::{Deserialize, Serialize};

/// How a token is signed, by its name in RFC 7518, section 3.1, and RFC 8037.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub enum Algorithm {
    /// HMAC with SHA-256. One secret, of at least 32 bytes, signs and verifies.
    HS256,
    /// RSA PKCS #1 v1.5 with SHA-256, 2048 to 4096 bits.
    RS256,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// Ed25519.
    EdDSA,
}

impl Algorithm {
    /// Its name, as it stands in the header of a token.
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::HS256 => "HS256",
            Algorithm::RS256 => "RS256",
            Algorithm::ES256 => "ES256",
            Algorithm::EdDSA => "EdDSA",
        }
    }
}

impl std::str::FromStr for Algorithm {
    type Err = JwtError;

    fn from_str(name: &str) -> Result<Self, JwtError> {
        [
            Algorithm::HS256,
            Algorithm::RS256,
            Algorithm::ES256,
            Algorithm::EdDSA,
        ]
        .into_iter()
        .find(|algorithm| algorithm.name() == name)
        .ok_or_else(|| JwtError::Algorithm(name.to_owned()))
    }
}

impl From<Algorithm> for jsonwebtoken::Algorithm {
    fn from(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::HS256 => jsonwebtoken::Algorithm::HS256,
            Algorithm::RS256 => jsonwebtoken::Algorithm::RS256,
            Algorithm::ES256 => jsonwebtoken::Algorithm::ES256,
            Algorithm::EdDSA => jsonwebtoken::Algorithm::EdDSA,
        }
    }
}
