//! Many numbers at once, as bytes: eight for each, little-endian, as a Float64Array has them.

/// Each of the doubles times `by`.
///
/// `doubles` has eight bytes for each, little-endian (IEEE 754), and so has the answer.
#[cfg_attr(feature = "port", portreeve::function(idempotent))]
pub fn scale(doubles: &[u8], by: f64) -> Result<Vec<u8>, String> {
    let (numbers, []) = doubles.as_chunks::<8>() else {
        return Err(format!(
            "`doubles` has {} bytes, which is no multiple of 8",
            doubles.len()
        ));
    };
    let mut scaled = vec![0; doubles.len()];
    for (out, number) in scaled.as_chunks_mut::<8>().0.iter_mut().zip(numbers) {
        *out = (f64::from_le_bytes(*number) * by).to_le_bytes();
    }
    Ok(scaled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_of_them() {
        let bytes = [1.5_f64, -2.0].map(f64::to_le_bytes).concat();
        let twice = [3.0_f64, -4.0].map(f64::to_le_bytes).concat();
        assert_eq!(scale(&bytes, 2.0), Ok(twice));
        assert_eq!(scale(&[], 2.0), Ok(vec![]));
    }

    #[test]
    fn says_what_is_wrong() {
        assert!(scale(&[0; 9], 2.0).is_err_and(|error| error.contains("has 9 bytes")));
    }
}
