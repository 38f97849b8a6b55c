//! Private keys, and signatures by them. *ring* keeps a parsed key ready; `jsonwebtoken`'s own signers parse it
//! again for each token, which doubles the price of an Ed25519 signature. PEM is read by `jsonwebtoken`.

use std::sync::Arc;

use jsonwebtoken::EncodingKey;
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};

use crate::cache::Cache;
use crate::{Algorithm, JwtError};

/// A private key (or an HS256 secret), ready to sign.
pub(crate) enum SigningKey {
    Hmac(hmac::Key),
    Rsa(Box<RsaKeyPair>),
    Ecdsa(Box<EcdsaKeyPair>),
    Ed25519(Box<Ed25519KeyPair>),
}

/// RFC 7518, section 3.2: a key of the same size as the hash output or larger.
pub(crate) const SHORTEST_SECRET: usize = 32;

/// The key that `text` stands for: an HS256 secret, or a private key in PEM (PKCS #8; RSA in PKCS #1 too).
pub(crate) fn signing_key(algorithm: Algorithm, text: &[u8]) -> Result<Arc<SigningKey>, JwtError> {
    static KEYS: Cache<SigningKey> = Cache::new();
    KEYS.get(algorithm, text, parse)
}

fn parse(algorithm: Algorithm, text: &[u8]) -> Result<SigningKey, JwtError> {
    let private = |error: jsonwebtoken::errors::Error| {
        JwtError::Key(
            algorithm,
            format!("{error}; expected a private key in PEM (PKCS #8)"),
        )
    };
    let rejected = |error: ring::error::KeyRejected| JwtError::Key(algorithm, error.to_string());
    Ok(match algorithm {
        Algorithm::HS256 => SigningKey::Hmac(hmac::Key::new(hmac::HMAC_SHA256, secret(text)?)),
        Algorithm::RS256 => {
            let key = EncodingKey::from_rsa_pem(text).map_err(private)?;
            SigningKey::Rsa(Box::new(
                RsaKeyPair::from_der(key.as_bytes()).map_err(rejected)?,
            ))
        }
        Algorithm::ES256 => {
            let key = EncodingKey::from_ec_pem(text).map_err(private)?;
            let random = SystemRandom::new();
            let pair =
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_bytes(), &random);
            SigningKey::Ecdsa(Box::new(pair.map_err(rejected)?))
        }
        Algorithm::EdDSA => {
            let key = EncodingKey::from_ed_pem(text).map_err(private)?;
            // "maybe unchecked": OpenSSL and Node write no public key into an Ed25519 PKCS #8 file to check against.
            let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(key.as_bytes());
            SigningKey::Ed25519(Box::new(pair.map_err(rejected)?))
        }
    })
}

/// The bytes of an HS256 secret, when there are enough of them.
pub(crate) fn secret(text: &[u8]) -> Result<&[u8], JwtError> {
    if text.len() < SHORTEST_SECRET {
        let why = format!(
            "a secret has at least {SHORTEST_SECRET} bytes, this one has {}",
            text.len()
        );
        return Err(JwtError::Key(Algorithm::HS256, why));
    }
    Ok(text)
}

impl SigningKey {
    /// The signature over `message`, as RFC 7518, section 3, wants its bytes.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, JwtError> {
        match self {
            SigningKey::Hmac(key) => Ok(hmac::sign(key, message).as_ref().to_vec()),
            SigningKey::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            SigningKey::Ecdsa(pair) => match pair.sign(&SystemRandom::new(), message) {
                Ok(signature) => Ok(signature.as_ref().to_vec()),
                Err(_) => Err(no_random(Algorithm::ES256)),
            },
            SigningKey::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                match pair.sign(
                    &RSA_PKCS1_SHA256,
                    &SystemRandom::new(),
                    message,
                    &mut signature,
                ) {
                    Ok(()) => Ok(signature),
                    Err(_) => Err(no_random(Algorithm::RS256)),
                }
            }
        }
    }
}

/// *ring* says only that it failed; with a key that it accepted, only the source of randomness can.
fn no_random(algorithm: Algorithm) -> JwtError {
    JwtError::Key(
        algorithm,
        "signing failed: the system gave no random bytes".into(),
    )
}
