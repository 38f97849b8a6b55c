//! Tokens of every algorithm, the examples of RFC 7515, and the ways in which a token must be refused.

use jwt::{Algorithm, Claims, JwtError, sign, verify};
use serde_json::json;

const SECRET: &[u8] = b"a secret of forty bytes, no more no less";

struct Pair {
    algorithm: Algorithm,
    private: &'static [u8],
    public: &'static [u8],
}

const PAIRS: [Pair; 4] = [
    Pair {
        algorithm: Algorithm::HS256,
        private: SECRET,
        public: SECRET,
    },
    Pair {
        algorithm: Algorithm::RS256,
        private: include_bytes!("keys/rs256-private.pem"),
        public: include_bytes!("keys/rs256-public.pem"),
    },
    Pair {
        algorithm: Algorithm::ES256,
        private: include_bytes!("keys/es256-private.pem"),
        public: include_bytes!("keys/es256-public.pem"),
    },
    Pair {
        algorithm: Algorithm::EdDSA,
        private: include_bytes!("keys/eddsa-private.pem"),
        public: include_bytes!("keys/eddsa-public.pem"),
    },
];

fn claims(value: serde_json::Value) -> Claims {
    value.as_object().expect("claims are an object").clone()
}

fn now() -> u64 {
    jsonwebtoken::get_current_timestamp()
}

#[test]
fn every_algorithm_there_and_back() {
    let said = claims(
        json!({"sub": "42", "name": "Zoë", "roles": ["admin"], "exp": now() + 60, "nested": {"n": 1.5}}),
    );
    for pair in &PAIRS {
        let token = sign(&said, pair.algorithm, pair.private).expect("a key that fits");
        assert_eq!(
            verify(&token, pair.algorithm, pair.public),
            Ok(said.clone()),
            "{}",
            pair.algorithm.name()
        );
    }
}

#[test]
fn one_changed_character_is_refused() {
    for pair in &PAIRS {
        let token = sign(&claims(json!({"sub": "42"})), pair.algorithm, pair.private)
            .expect("a key that fits");
        let (message, signature) = token.rsplit_once('.').expect("three parts");
        let forged = format!(
            "{}.{signature}",
            message.replace("eyJzdWIiOiI0MiJ9", "eyJzdWIiOiI0MyJ9")
        );
        assert_ne!(forged, token);
        assert_eq!(
            verify(&forged, pair.algorithm, pair.public),
            Err(JwtError::Signature),
            "{}",
            pair.algorithm.name()
        );
    }
}

/// RFC 7515, appendix A.1. Its `exp` is in 2011, and expiry is looked at only once the signature has matched.
#[test]
fn example_of_rfc_7515_a_1() {
    let key = base64(
        b"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
    );
    let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6\
                 Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    assert_eq!(
        verify(token, Algorithm::HS256, &key),
        Err(JwtError::Expired)
    );
    let last = token.replace("EjXk", "EjXg");
    assert_eq!(
        verify(&last, Algorithm::HS256, &key),
        Err(JwtError::Signature)
    );
}

/// RFC 7515, appendix A.3, its public key written as PEM.
#[test]
fn example_of_rfc_7515_a_3() {
    let key = include_bytes!("keys/rfc7515-a3-public.pem");
    let token = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9p\
                 c19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-\
                 Kg6NU1Q";
    assert_eq!(verify(token, Algorithm::ES256, key), Err(JwtError::Expired));
}

fn base64(text: &[u8]) -> Vec<u8> {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(text)
        .expect("base64url")
}

#[test]
fn times_are_checked_with_a_minute_to_spare() {
    let check = |value| {
        let token = sign(&claims(value), Algorithm::HS256, SECRET).expect("a key that fits");
        verify(&token, Algorithm::HS256, SECRET).map(drop)
    };
    assert_eq!(check(json!({"exp": now() - 50})), Ok(()));
    assert_eq!(check(json!({"exp": now() - 70})), Err(JwtError::Expired));
    assert_eq!(check(json!({"nbf": now() + 50})), Ok(()));
    assert_eq!(
        check(json!({"nbf": now() + 70})),
        Err(JwtError::NotYetValid)
    );
    assert!(matches!(
        check(json!({"exp": "tomorrow"})),
        Err(JwtError::Malformed(_))
    ));
}

/// The classic forgery: an HS256 token made with the *public* key of an RS256 service as its secret.
#[test]
fn the_algorithm_is_the_callers_word() {
    let forged = sign(
        &claims(json!({"sub": "root"})),
        Algorithm::HS256,
        PAIRS[1].public,
    )
    .expect("any bytes are a secret");
    assert_eq!(
        verify(&forged, Algorithm::RS256, PAIRS[1].public),
        Err(JwtError::OtherAlgorithm(Algorithm::RS256))
    );
    let none = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJyb290In0.";
    assert!(matches!(
        verify(none, Algorithm::RS256, PAIRS[1].public),
        Err(JwtError::Malformed(_))
    ));
}

#[test]
fn keys_that_do_not_fit_say_why() {
    let none = claims(json!({}));
    for pair in &PAIRS[1..] {
        assert!(
            matches!(
                sign(&none, pair.algorithm, pair.public),
                Err(JwtError::Key(_, _))
            ),
            "a public key signs nothing"
        );
        assert!(matches!(
            sign(&none, pair.algorithm, b"not PEM"),
            Err(JwtError::Key(_, _))
        ));
        assert!(matches!(
            verify("a.b.c", pair.algorithm, b"not PEM"),
            Err(JwtError::Key(_, _))
        ));
    }
    assert!(
        matches!(
            sign(&none, Algorithm::ES256, PAIRS[3].private),
            Err(JwtError::Key(_, _))
        ),
        "an Ed25519 key for ES256"
    );
    let short = sign(&none, Algorithm::HS256, b"short")
        .expect_err("RFC 7518, section 3.2")
        .to_string();
    assert_eq!(
        short,
        "not a key for HS256: a secret has at least 32 bytes, this one has 5"
    );
}

#[test]
fn what_is_no_token() {
    for text in ["", "a", "a.b", "a.b.c", "....", "é.é.é"] {
        assert!(
            matches!(
                verify(text, Algorithm::HS256, SECRET),
                Err(JwtError::Malformed(_))
            ),
            "{text:?}"
        );
    }
}

#[test]
fn names_of_algorithms() {
    assert_eq!("EdDSA".parse(), Ok(Algorithm::EdDSA));
    assert_eq!(
        "eddsa".parse::<Algorithm>(),
        Err(JwtError::Algorithm("eddsa".into()))
    );
}
