//! Public keys, and *ring* as the cryptography below `jsonwebtoken`, which checks the rest of a token.

use std::sync::{Arc, Once};

use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result as JwtResult};
use jsonwebtoken::signature::{Error, Verifier};
use jsonwebtoken::{DecodingKey, Validation};
use ring::hmac;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
    VerificationAlgorithm,
};

use crate::cache::Cache;
use crate::signing::secret;
use crate::{Algorithm, JwtError};

/// A public key (or an HS256 secret) and what is checked with it.
pub(crate) struct VerifyingKey {
    pub key: DecodingKey,
    pub validation: Validation,
}

/// The key that `text` stands for: an HS256 secret, or a public key in PEM.
pub(crate) fn verifying_key(
    algorithm: Algorithm,
    text: &[u8],
) -> Result<Arc<VerifyingKey>, JwtError> {
    static KEYS: Cache<VerifyingKey> = Cache::new();
    KEYS.get(algorithm, text, parse)
}

fn parse(algorithm: Algorithm, text: &[u8]) -> Result<VerifyingKey, JwtError> {
    install();
    let key = match algorithm {
        Algorithm::HS256 => Ok(DecodingKey::from_secret(secret(text)?)),
        Algorithm::RS256 => DecodingKey::from_rsa_pem(text),
        Algorithm::ES256 => DecodingKey::from_ec_pem(text),
        Algorithm::EdDSA => DecodingKey::from_ed_pem(text),
    };
    let key = key.map_err(|error| {
        JwtError::Key(
            algorithm,
            format!("{error}; expected a public key in PEM (SubjectPublicKeyInfo)"),
        )
    })?;
    Ok(VerifyingKey {
        key,
        validation: validation(algorithm),
    })
}

/// `exp` and `nbf` are checked where they are present; `iss` and `aud` mean something to the caller alone.
fn validation(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm.into());
    validation.required_spec_claims.clear();
    validation.validate_nbf = true;
    validation.validate_aud = false;
    validation
}

/// Makes *ring* the cryptography of `jsonwebtoken`, once a process.
fn install() {
    static PROVIDER: CryptoProvider = CryptoProvider {
        signer_factory: |_, _| {
            Err(ErrorKind::Provider("signing.rs signs, with keys parsed once".into()).into())
        },
        verifier_factory: verifier,
        key_utils: KeyUtils::new_unimplemented(),
    };
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        PROVIDER
            .install_default()
            .expect("nobody else installs a provider in this process")
    });
}

fn verifier(
    algorithm: &jsonwebtoken::Algorithm,
    key: &DecodingKey,
) -> JwtResult<Box<dyn JwtVerifier>> {
    let bytes = key.try_get_as_bytes()?;
    let public = |scheme: &'static dyn VerificationAlgorithm| {
        Check::Public(UnparsedPublicKey::new(scheme, bytes.to_vec()))
    };
    let check = match algorithm {
        jsonwebtoken::Algorithm::HS256 => Check::Hmac(hmac::Key::new(hmac::HMAC_SHA256, bytes)),
        jsonwebtoken::Algorithm::RS256 => public(&RSA_PKCS1_2048_8192_SHA256),
        jsonwebtoken::Algorithm::ES256 => public(&ECDSA_P256_SHA256_FIXED),
        jsonwebtoken::Algorithm::EdDSA => public(&ED25519),
        _ => return Err(ErrorKind::InvalidAlgorithm.into()),
    };
    Ok(Box::new(RingVerifier {
        algorithm: *algorithm,
        check,
    }))
}

enum Check {
    Hmac(hmac::Key),
    Public(UnparsedPublicKey<Vec<u8>>),
}

struct RingVerifier {
    algorithm: jsonwebtoken::Algorithm,
    check: Check,
}

impl Verifier<Vec<u8>> for RingVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), Error> {
        match &self.check {
            Check::Hmac(key) => hmac::verify(key, message, signature),
            Check::Public(key) => key.verify(message, signature),
        }
        .map_err(|_| Error::new())
    }
}

impl JwtVerifier for RingVerifier {
    fn algorithm(&self) -> jsonwebtoken::Algorithm {
        self.algorithm
    }
}
