//! JSON Web Tokens. The work is in the crate `jwt`, which the in-process addon uses too.

use std::fmt;

use jwt::{Claims, JwtError};

/// How a token is signed, by its name in RFC 7518, section 3.1, and RFC 8037.
#[cfg_attr(feature = "port", portreeve::term)]
#[cfg_attr(not(feature = "port"), derive(serde::Deserialize, serde::Serialize))]
#[derive(Clone, Copy)]
pub enum Algorithm {
    #[serde(rename = "HS256")]
    Hs256,
    #[serde(rename = "RS256")]
    Rs256,
    #[serde(rename = "ES256")]
    Es256,
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl From<Algorithm> for jwt::Algorithm {
    fn from(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Hs256 => jwt::Algorithm::HS256,
            Algorithm::Rs256 => jwt::Algorithm::RS256,
            Algorithm::Es256 => jwt::Algorithm::ES256,
            Algorithm::EdDsa => jwt::Algorithm::EdDSA,
        }
    }
}

/// Why a token was not made or not believed: an atom for the caller's code, beside the sentence for people.
#[cfg_attr(feature = "port", portreeve::term)]
#[cfg_attr(not(feature = "port"), derive(serde::Deserialize, serde::Serialize))]
#[derive(Debug, PartialEq)]
pub enum TokenError {
    /// The key does not fit the algorithm.
    Key(String),
    /// The claims cannot be written as JSON.
    Claims(String),
    /// It is no token of this algorithm.
    Malformed(String),
    /// The signature is not one of this key.
    Signature,
    /// It is past its `exp`.
    Expired,
    /// It is before its `nbf`.
    NotYetValid,
}

impl From<JwtError> for TokenError {
    fn from(error: JwtError) -> Self {
        let text = error.to_string();
        match error {
            JwtError::Key(..) => TokenError::Key(text),
            JwtError::Claims(_) => TokenError::Claims(text),
            JwtError::Signature => TokenError::Signature,
            JwtError::Expired => TokenError::Expired,
            JwtError::NotYetValid => TokenError::NotYetValid,
            JwtError::Malformed(_) | JwtError::OtherAlgorithm(_) | JwtError::Algorithm(_) => {
                TokenError::Malformed(text)
            }
        }
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TokenError::Key(text) | TokenError::Claims(text) | TokenError::Malformed(text) => {
                out.write_str(text)
            }
            TokenError::Signature => JwtError::Signature.fmt(out),
            TokenError::Expired => JwtError::Expired.fmt(out),
            TokenError::NotYetValid => JwtError::NotYetValid.fmt(out),
        }
    }
}

impl std::error::Error for TokenError {}

/// Signs claims as a JSON Web Token (RFC 7519).
///
/// `claims` is a map from names to anything that JSON can hold; nothing is added to it. `algorithm` is HS256, RS256,
/// ES256 or EdDSA. `key` is the secret for HS256 (32 bytes or more) and a private key in PEM for the others; it is
/// parsed once and remembered.
#[cfg_attr(feature = "port", portreeve::function(idempotent))]
pub fn sign(claims: Claims, algorithm: Algorithm, key: &[u8]) -> Result<String, TokenError> {
    Ok(jwt::sign(&claims, algorithm.into(), key)?)
}

/// The claims of a token whose signature is right.
///
/// `algorithm` must be the one in the token's header. `key` is the secret for HS256 and a public key in PEM for the
/// others. `exp` and `nbf` are checked where they are present, give or take a minute; `iss` and `aud` are for the
/// caller to compare.
#[cfg_attr(feature = "port", portreeve::function(idempotent))]
pub fn verify(token: &str, algorithm: Algorithm, key: &[u8]) -> Result<Claims, TokenError> {
    Ok(jwt::verify(token, algorithm.into(), key)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"a secret of forty bytes, no more no less";

    #[test]
    fn there_and_back() {
        let claims = Claims::from_iter([
            ("sub".to_owned(), "42".into()),
            ("admin".to_owned(), true.into()),
        ]);
        let token = sign(claims.clone(), Algorithm::Hs256, SECRET).expect("a good key");
        assert_eq!(verify(&token, Algorithm::Hs256, SECRET), Ok(claims));
        assert_eq!(
            verify(&token[..token.len() - 3], Algorithm::Hs256, SECRET),
            Err(TokenError::Signature)
        );
    }
}
