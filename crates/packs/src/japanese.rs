//! Undoes what folding does to Japanese: YAML puts a space where a line of the file ended, and Japanese has none there.

/// Punctuation that never has a space behind it.
const CLOSING: [char; 6] = ['、', '。', '）', '」', '・', '：'];
/// Punctuation that never has a space before it.
const OPENING: [char; 5] = ['（', '「', '、', '。', '）'];

/// Takes out single spaces between two Japanese characters, behind closing and before opening punctuation. Spaces
/// between Japanese and Latin letters stay as they were written.
#[must_use]
pub fn unfold(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let is_fold = |at: usize| {
        let (Some(before), Some(after)) =
            (at.checked_sub(1).map(|it| characters[it]), characters.get(at + 1))
        else {
            return false;
        };
        characters[at] == ' '
            && ((!before.is_ascii() && !after.is_ascii())
                || CLOSING.contains(&before)
                || OPENING.contains(after))
    };
    (0..characters.len()).filter(|at| !is_fold(*at)).map(|at| characters[at]).collect()
}

#[cfg(test)]
mod tests {
    use super::unfold;

    #[test]
    fn a_line_end_inside_japanese_leaves_no_space() {
        assert_eq!(unfold("鍵の悪用、 未修正の脆弱性"), "鍵の悪用、未修正の脆弱性");
        assert_eq!(
            unfold("先に代わりの 経路（Session Manager、 EC2）を"),
            "先に代わりの経路（Session Manager、EC2）を"
        );
    }

    #[test]
    fn spaces_around_latin_letters_stay() {
        let text = "グループの SSH サーバーに、TCP 22 番ポート";
        assert_eq!(unfold(text), text);
    }
}
