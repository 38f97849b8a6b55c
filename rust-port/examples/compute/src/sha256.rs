//! SHA-256 over bytes.

use ring::digest;

/// The SHA-256 digest (FIPS 180-4) of some bytes: 32 bytes.
#[cfg_attr(feature = "port", portreeve::function(idempotent))]
pub fn sha256(data: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, data).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of NIST, "SHA-256", for no bytes and for "abc"; first and last four bytes.
    #[test]
    fn known_digests() {
        let ends = |data: &[u8]| {
            let digest = sha256(data);
            assert_eq!(digest.len(), 32);
            [digest[..4].to_vec(), digest[28..].to_vec()].concat()
        };
        assert_eq!(ends(b""), [0xe3, 0xb0, 0xc4, 0x42, 0x78, 0x52, 0xb8, 0x55]);
        assert_eq!(
            ends(b"abc"),
            [0xba, 0x78, 0x16, 0xbf, 0xf2, 0x00, 0x15, 0xad]
        );
    }
}
