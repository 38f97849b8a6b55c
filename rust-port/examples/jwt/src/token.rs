//! Claims to token and back.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::errors::{Error, ErrorKind};
use serde::Serialize;

use crate::signing::signing_key;
use crate::verifying::verifying_key;
use crate::{Algorithm, JwtError};

/// What a token says: names and values (RFC 7519, section 4).
pub type Claims = serde_json::Map<String, serde_json::Value>;

/// Signs `claims`. `key` is the secret of HS256, or a private key in PEM. Nothing is added to the claims.
pub fn sign(claims: &impl Serialize, algorithm: Algorithm, key: &[u8]) -> Result<String, JwtError> {
    let key = signing_key(algorithm, key)?;
    let claims = serde_json::to_vec(claims).map_err(|error| JwtError::Claims(error.to_string()))?;
    let mut token = URL_SAFE_NO_PAD.encode(header(algorithm));
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(claims, &mut token);
    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

fn header(algorithm: Algorithm) -> String {
    format!(r#"{{"typ":"JWT","alg":"{}"}}"#, algorithm.name())
}

/// The claims of `token`, when `key` (the secret, or a public key in PEM) signed it with `algorithm` and it is
/// neither past its `exp` nor before its `nbf`, give or take a minute. `iss` and `aud` are the caller's to compare.
pub fn verify(token: &str, algorithm: Algorithm, key: &[u8]) -> Result<Claims, JwtError> {
    let trusted = verifying_key(algorithm, key)?;
    let data = jsonwebtoken::decode::<Claims>(token, &trusted.key, &trusted.validation);
    data.map(|data| data.claims)
        .map_err(|error| refusal(algorithm, error))
}

fn refusal(algorithm: Algorithm, error: Error) -> JwtError {
    match error.kind() {
        ErrorKind::InvalidSignature => JwtError::Signature,
        ErrorKind::InvalidAlgorithm => JwtError::OtherAlgorithm(algorithm),
        ErrorKind::ExpiredSignature => JwtError::Expired,
        ErrorKind::ImmatureSignature => JwtError::NotYetValid,
        _ => JwtError::Malformed(error.to_string()),
    }
}
