//! Sums and statistics over lists.

/// Adds up a list of integers. Fails when the sum does not fit into 64 bits.
#[cfg_attr(feature = "port", portreeve::function(idempotent))]
pub fn sum(values: Vec<i64>) -> Result<i64, String> {
    let sum: i128 = values.iter().copied().map(i128::from).sum();
    i64::try_from(sum).map_err(|_| format!("the sum, {sum}, does not fit into 64 bits"))
}

/// What can be said about a list of numbers.
#[cfg_attr(feature = "port", portreeve::term)]
#[cfg_attr(not(feature = "port"), derive(serde::Deserialize, serde::Serialize))]
#[derive(Debug, PartialEq)]
pub struct Statistics {
    count: u64,
    sum: f64,
    mean: f64,
    minimum: f64,
    maximum: f64,
    /// Half of the numbers are no larger; of an even count the mean of the two in the middle.
    median: f64,
    /// The variance of the sample (divided by count − 1); 0 for a single number.
    variance: f64,
    /// The square root of the variance.
    deviation: f64,
}

/// Count, sum, mean, minimum, maximum, median, variance and standard deviation of a list of numbers, which must not
/// be empty.
#[cfg_attr(feature = "port", portreeve::function(idempotent))]
pub fn statistics(values: Vec<f64>) -> Result<Statistics, String> {
    let mut sorted = values;
    sorted.sort_unstable_by(f64::total_cmp);
    let (Some(&minimum), Some(&maximum)) = (sorted.first(), sorted.last()) else {
        return Err("the list is empty: it has neither mean nor median".into());
    };
    let sum = compensated(sorted.iter().copied());
    let mean = sum / sorted.len() as f64;
    let squares = compensated(sorted.iter().map(|value| (value - mean).powi(2)));
    let variance = squares / sorted.len().saturating_sub(1).max(1) as f64;
    Ok(Statistics {
        count: sorted.len() as u64,
        sum,
        mean,
        minimum,
        maximum,
        median: median(&sorted),
        variance,
        deviation: variance.sqrt(),
    })
}

fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    match sorted.len() % 2 {
        1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

/// Neumaier's sum: what rounding took away is added up beside the sum, so that 1e100 + 1 − 1e100 is 1.
fn compensated(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0);
    for value in values {
        let next = sum + value;
        lost += if sum.abs() >= value.abs() {
            (sum - next) + value
        } else {
            (value - next) + sum
        };
        sum = next;
    }
    sum + lost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums() {
        assert_eq!(sum(vec![]), Ok(0));
        assert_eq!(sum(vec![i64::MAX, 1, -2]), Ok(i64::MAX - 1));
        assert!(sum(vec![i64::MAX, 1]).is_err_and(|error| error.contains("9223372036854775808")));
    }

    #[test]
    fn of_a_known_list() {
        let known = statistics(vec![9.0, 2.0, 5.0, 4.0, 4.0, 5.0, 7.0, 4.0]).expect("not empty");
        assert_eq!(
            (known.count, known.sum, known.mean, known.median),
            (8, 40.0, 5.0, 4.5)
        );
        assert_eq!((known.minimum, known.maximum), (2.0, 9.0));
        assert!((known.variance - 32.0 / 7.0).abs() < 1e-12);
        assert!((known.deviation - (32.0_f64 / 7.0).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn of_one_number_and_of_none() {
        let one = statistics(vec![3.5]).expect("not empty");
        assert_eq!((one.median, one.variance), (3.5, 0.0));
        assert!(statistics(vec![]).is_err_and(|error| error.contains("empty")));
    }

    #[test]
    fn loses_no_small_numbers_beside_large_ones() {
        assert_eq!(compensated([1e100, 1.0, -1e100].into_iter()), 1.0);
    }
}
