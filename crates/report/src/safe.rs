//! What AWS returned, made harmless for the reader's program.
//!
//! Nothing here decides what to show; it only takes away what a terminal or a spreadsheet would obey.

use std::borrow::Cow;

/// Characters that command a terminal or reorder what people read.
fn commands(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// One line of text for people: control and bidirectional characters become visible escapes.
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.contains(commands) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            it if commands(it) => safe.extend(it.escape_unicode()),
            it => safe.push(it),
        }
    }
    Cow::Owned(safe)
}

/// Text of several lines for people: as [`line()`], but line breaks stay.
pub fn lines(text: &str) -> Cow<'_, str> {
    if !text.contains(|it| commands(it) && it != '\n') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.split('\n').map(line).collect::<Vec<_>>().join("\n"))
}

/// A spreadsheet's cell: never begins with what makes it a formula, and control characters are visible.
///
/// Source: OWASP, "CSV Injection".
pub fn cell(text: &str) -> Cow<'_, str> {
    let formula = |it: char| {
        matches!(
            it,
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'
        )
    };
    // Spreadsheets drop blanks in front of a formula.
    let suspicious = text.trim_start().starts_with(formula) || text.starts_with(formula);
    let hidden = |it: char| commands(it) && it != '\n';
    if !suspicious && !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    if suspicious {
        safe.push('\'');
    }
    for character in text.chars() {
        if hidden(character) { safe.push_str(&line(&character.to_string())) } else { safe.push(character) }
    }
    Cow::Owned(safe)
}

/// Text for XML 1.0, in an element or an attribute: markup is escaped, and characters that XML forbids are visible.
pub(crate) fn xml(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' => safe.push_str("&#10;"),
            '\t' => safe.push_str("&#9;"),
            '\u{fffe}' | '\u{ffff}' => safe.extend(character.escape_unicode()),
            it if commands(it) => safe.extend(it.escape_unicode()),
            it => safe.push(it),
        }
    }
    safe
}

/// Text for HTML, in an element or between the quotes of an attribute: markup is escaped, control and bidirectional
/// characters are visible, lines stay lines.
pub fn html(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' | '\t' => safe.push(character),
            it if commands(it) => safe.extend(it.escape_unicode()),
            it => safe.push(it),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_not_commanded() {
        assert_eq!(line("a\u{1b}[2Jb\u{9b}1mc\u{202e}d\ne"), r"a\u{1b}[2Jb\u{9b}1mc\u{202e}d\ne");
        assert_eq!(line("監査ログ"), "監査ログ");
    }

    #[test]
    fn a_page_is_not_given_markup() {
        assert_eq!(html("<b a='\"'>&\u{202e}\n"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;\\u{202e}\n");
    }

    #[test]
    fn a_cell_is_not_a_formula() {
        for formula in ["=1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1", "\u{feff}\n"] {
            assert!(
                !cell(formula).starts_with(['=', '+', '-', '@', '\t', '\r', '\n', ' ', '＝']),
                "{formula:?}"
            );
        }
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("1. Do\n2. Check"), "1. Do\n2. Check");
    }
}
