//! The words of the vocabulary in every language. A new variant without its words does not compile.

use yagura_model::{Function, Lang, Outcome, Severity, Text};

/// The same word in every language.
pub(crate) type Word = Text<&'static str>;

pub(crate) const fn word(en: &'static str, ja: &'static str) -> Word {
    Text { en, ja }
}

/// What an answer is called.
#[must_use]
pub fn outcome_text(it: Outcome, lang: Lang) -> &'static str {
    outcome(it).get(lang)
}

pub(crate) fn outcome(it: Outcome) -> Word {
    match it {
        Outcome::Compliant => word("Compliant", "準拠"),
        Outcome::NonCompliant => word("Non-compliant", "非準拠"),
        Outcome::NotApplicable => word("Not applicable", "対象外"),
        Outcome::InsufficientData => word("Insufficient data", "データ不足"),
    }
}

pub(crate) fn severity(it: Severity) -> Word {
    match it {
        Severity::Informational => word("Informational", "情報"),
        Severity::Low => word("Low", "低"),
        Severity::Medium => word("Medium", "中"),
        Severity::High => word("High", "高"),
        Severity::Critical => word("Critical", "重大"),
    }
}

pub(crate) fn function(it: Function) -> Word {
    match it {
        Function::Identify => word("Identify", "識別"),
        Function::Protect => word("Protect", "防御"),
        Function::Detect => word("Detect", "検知"),
        Function::Respond => word("Respond", "対応"),
        Function::Recover => word("Recover", "復旧"),
    }
}

/// Picks by language where no table is worth it.
pub(crate) fn pick<T>(lang: Lang, en: T, ja: T) -> T {
    match lang {
        Lang::En => en,
        Lang::Ja => ja,
    }
}
