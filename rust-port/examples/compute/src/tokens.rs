//! JSON Web Tokens. The work is in the crate `jwt`, which the in-process addon uses too.

use jwt::{Algorithm, Claims, JwtError};

/// Signs claims as a JSON Web Token (RFC 7519).
///
/// `claims` is a map from names to anything that JSON can hold; nothing is added to it. `algorithm` is HS256, RS256,
/// ES256 or EdDSA. `key` is the secret for HS256 (32 bytes or more) and a private key in PEM for the others; it is
/// parsed once and remembered.
#[portreeve::function(idempotent)]
fn sign(claims: Claims, algorithm: Algorithm, key: &[u8]) -> Result<String, JwtError> {
    jwt::sign(&claims, algorithm, key)
}

/// The claims of a token whose signature is right.
///
/// `algorithm` must be the one in the token's header. `key` is the secret for HS256 and a public key in PEM for the
/// others. `exp` and `nbf` are checked where they are present, give or take a minute; `iss` and `aud` are for the
/// caller to compare.
#[portreeve::function(idempotent)]
fn verify(token: &str, algorithm: Algorithm, key: &[u8]) -> Result<Claims, JwtError> {
    jwt::verify(token, algorithm, key)
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
        let token = sign(claims.clone(), Algorithm::HS256, SECRET).expect("a good key");
        assert_eq!(verify(&token, Algorithm::HS256, SECRET), Ok(claims));
        assert_eq!(
            verify(&token[..token.len() - 3], Algorithm::HS256, SECRET),
            Err(JwtError::Signature)
        );
    }
}
