//! "Did you mean": the name that somebody most likely wanted to write.

/// A sentence with the nearest of `known`; `None` when nothing is near.
pub(crate) fn did_you_mean<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    nearest(written, known, 1).first().map(|name| format!("did you mean `{name}`?"))
}

/// The nearest of `known`, best first, at most `count`.
pub(crate) fn nearest<'k>(
    written: &str,
    known: impl IntoIterator<Item = &'k str>,
    count: usize,
) -> Vec<&'k str> {
    let lower = written.to_lowercase();
    let mut near: Vec<(f64, &str)> = known
        .into_iter()
        .map(|name| (strsim::normalized_damerau_levenshtein(&lower, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness > 0.6)
        .collect();
    near.sort_by(|(a, a_name), (b, b_name)| b.total_cmp(a).then(a_name.cmp(b_name)));
    near.dedup();
    near.into_iter().take(count).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_found() {
        let known = ["severity", "resource", "references"];
        assert_eq!(did_you_mean("severty", known).as_deref(), Some("did you mean `severity`?"));
        assert_eq!(did_you_mean("colour", known), None);
    }
}
