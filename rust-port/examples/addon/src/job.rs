//! What the addon can do: sign and verify, by the same crate as the port program.

use jwt::Claims;

pub(crate) enum Job {
    /// Claims as JSON text, algorithm, key.
    Sign([String; 3]),
    /// Token, algorithm, key.
    Verify([String; 3]),
}

impl Job {
    /// The token, or the claims as JSON text.
    pub(crate) fn run(&self) -> Result<String, String> {
        match self {
            Job::Sign([claims, algorithm, key]) => {
                let claims: Claims =
                    serde_json::from_str(claims).map_err(|error| error.to_string())?;
                jwt::sign(&claims, parse(algorithm)?, key.as_bytes())
                    .map_err(|error| error.to_string())
            }
            Job::Verify([token, algorithm, key]) => {
                let claims = jwt::verify(token, parse(algorithm)?, key.as_bytes())
                    .map_err(|error| error.to_string())?;
                serde_json::to_string(&claims).map_err(|error| error.to_string())
            }
        }
    }
}

fn parse(algorithm: &str) -> Result<jwt::Algorithm, String> {
    algorithm
        .parse()
        .map_err(|error: jwt::JwtError| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::Job;

    const SECRET: &str = "a secret of forty bytes, no more no less";

    fn texts(first: &str) -> [String; 3] {
        [first, "HS256", SECRET].map(str::to_owned)
    }

    #[test]
    fn signs_and_verifies() {
        let token = Job::Sign(texts(r#"{"sub":"42"}"#))
            .run()
            .expect("a good key");
        assert_eq!(
            Job::Verify(texts(&token)).run().as_deref(),
            Ok(r#"{"sub":"42"}"#)
        );
    }

    #[test]
    fn says_what_is_wrong() {
        assert!(
            Job::Sign(texts("[1]"))
                .run()
                .is_err_and(|error| error.contains("map"))
        );
        assert!(
            Job::Verify(texts("a.b"))
                .run()
                .is_err_and(|error| error.contains("no token"))
        );
    }
}
