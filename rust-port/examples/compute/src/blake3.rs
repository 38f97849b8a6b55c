//! BLAKE3 over bytes.

/// The BLAKE3 digest of some bytes: 32 bytes.
#[cfg_attr(feature = "port", portreeve::function(idempotent))]
pub fn blake3(data: &[u8]) -> Vec<u8> {
    ::blake3::hash(data).as_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the test vectors of BLAKE3 for an empty input.
    #[test]
    fn known_digest() {
        let digest = blake3(b"");
        assert_eq!(digest.len(), 32);
        assert_eq!(
            digest[..8],
            [0xaf, 0x13, 0x49, 0xb9, 0xf5, 0xf9, 0xa1, 0xa6]
        );
        assert_ne!(blake3(b"a"), digest);
    }
}
