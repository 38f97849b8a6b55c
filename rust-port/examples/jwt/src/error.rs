//! Why a token was not made or not believed.

use std::fmt;

use crate::Algorithm;

/// Why a token was not made or not believed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum JwtError {
    /// The name of an algorithm that is not offered.
    Algorithm(String),
    /// The key does not fit the algorithm, and why.
    Key(Algorithm, String),
    /// The claims cannot be written as JSON.
    Claims(String),
    /// Not three parts of base64url, or not JSON inside.
    Malformed(String),
    /// The header names another algorithm than the caller asked for. The caller's word counts, never the token's.
    OtherAlgorithm(Algorithm),
    /// The signature is not one of this key over these claims.
    Signature,
    /// `exp` lies more than a minute back.
    Expired,
    /// `nbf` lies more than a minute ahead.
    NotYetValid,
}

impl fmt::Display for JwtError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JwtError::Algorithm(name) => {
                write!(
                    out,
                    "the algorithm {name:?} is not offered: it is one of HS256, RS256, ES256, EdDSA"
                )
            }
            JwtError::Key(algorithm, why) => {
                write!(out, "not a key for {}: {why}", algorithm.name())
            }
            JwtError::Claims(why) => write!(out, "the claims cannot be written as JSON: {why}"),
            JwtError::Malformed(why) => write!(out, "this is no token: {why}"),
            JwtError::OtherAlgorithm(asked) => {
                write!(
                    out,
                    "the token's header does not say {}, the algorithm it was to be verified with",
                    asked.name()
                )
            }
            JwtError::Signature => out.write_str("the signature does not match"),
            JwtError::Expired => out.write_str("the token has expired"),
            JwtError::NotYetValid => out.write_str("the token is not valid yet"),
        }
    }
}

impl std::error::Error for JwtError {}
