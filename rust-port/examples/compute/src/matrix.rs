//! Matrices: lists of rows.

/// Multiplies two matrices, each a list of rows of equal length. The first has as many columns as the second has rows.
#[cfg_attr(feature = "port", portreeve::function(idempotent))]
pub fn multiply_matrices(
    left: Vec<Vec<f64>>,
    right: Vec<Vec<f64>>,
) -> Result<Vec<Vec<f64>>, String> {
    let inner = columns("left", &left)?;
    let width = columns("right", &right)?;
    if inner != right.len() {
        return Err(format!(
            "`left` has {inner} columns and `right` has {} rows: they must be as many",
            right.len()
        ));
    }
    Ok(left.iter().map(|row| times(row, &right, width)).collect())
}

/// The length that all rows share.
fn columns(name: &str, matrix: &[Vec<f64>]) -> Result<usize, String> {
    let first = matrix
        .first()
        .ok_or_else(|| format!("`{name}` has no rows"))?
        .len();
    match matrix.iter().position(|row| row.len() != first) {
        None => Ok(first),
        Some(at) => Err(format!(
            "`{name}[{at}]` has {} numbers and the rows before it {first}",
            matrix[at].len()
        )),
    }
}

/// One row of the product. Row by row through `right`, so that memory is read in order and the loop is vectorized.
fn times(row: &[f64], right: &[Vec<f64>], width: usize) -> Vec<f64> {
    let mut product = vec![0.0; width];
    for (factor, line) in row.iter().zip(right) {
        for (sum, value) in product.iter_mut().zip(line) {
            *sum += factor * value;
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_product() {
        let left = vec![vec![1.0, 2.0, 3.0], vec![4.0, 5.0, 6.0]];
        let right = vec![vec![7.0, 8.0], vec![9.0, 10.0], vec![11.0, 12.0]];
        assert_eq!(
            multiply_matrices(left, right),
            Ok(vec![vec![58.0, 64.0], vec![139.0, 154.0]])
        );
    }

    #[test]
    fn says_which_shape_is_wrong() {
        let error =
            |left, right| multiply_matrices(left, right).expect_err("shapes that do not fit");
        assert_eq!(error(vec![], vec![vec![1.0]]), "`left` has no rows");
        assert!(
            error(vec![vec![1.0], vec![]], vec![vec![1.0]]).starts_with("`left[1]` has 0 numbers")
        );
        assert!(
            error(vec![vec![1.0]], vec![vec![1.0], vec![2.0]])
                .contains("1 columns and `right` has 2 rows")
        );
    }
}
