//! Names near a mistyped one, for the answer to a call that no function fits. The host has the same in
//! TypeScript, for names that it refuses before it sends them.

/// Longest name that is compared; a longer one is no slip of the hand, and the table stays small.
const LONGEST: usize = 64;

/// Up to three of `names`, nearest first: at most a third of the letters differ.
pub(crate) fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    if wanted.chars().count() > LONGEST {
        return Vec::new();
    }
    let allowed = (wanted.chars().count() / 3).max(1);
    let mut near: Vec<(usize, &str)> = names
        .filter(|name| name.chars().count() <= LONGEST)
        .map(|name| (distance(wanted, name), name))
        .filter(|(distance, _)| *distance <= allowed)
        .collect();
    near.sort_unstable();
    near.into_iter().take(3).map(|(_, name)| name).collect()
}

/// Edits from one to the other: insert, delete, replace, swap two neighbours (optimal string alignment). Letters
/// that differ in case only, or `-` for `_`, are the same.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (folded(a), folded(b));
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

fn folded(name: &str) -> Vec<char> {
    name.chars()
        .flat_map(char::to_lowercase)
        .map(|letter| if letter == '-' { '_' } else { letter })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    const NAMES: [&str; 5] = ["sum", "sign", "verify", "sha256", "render_markdown"];

    fn near(wanted: &str) -> Vec<&'static str> {
        nearest(wanted, NAMES.into_iter())
    }

    #[test]
    fn one_slip_is_found() {
        assert_eq!(near("summ"), ["sum"]);
        assert_eq!(near("sing"), ["sign"]);
        assert_eq!(near("renderMarkdown"), ["render_markdown"]);
        assert_eq!(near("SUM"), ["sum"]);
    }

    #[test]
    fn another_word_is_not_offered() {
        assert!(near("fetch").is_empty());
        assert!(near("").is_empty());
        assert!(near(&"x".repeat(100_000)).is_empty());
    }
}
