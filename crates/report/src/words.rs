//! The words of the vocabulary in every language. A new variant without its words does not compile.

use yagura_model::{Function, Lang, Outcome, ReadStatus, Severity, Text};

/// The same word in every language.
pub(crate) type Word = Text<&'static str>;

pub(crate) const fn word(en: &'static str, ja: &'static str) -> Word {
    Text { en, ja }
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

pub(crate) fn status(it: &ReadStatus) -> Word {
    match it {
        ReadStatus::Read => word("Read", "取得済み"),
        ReadStatus::Absent => word("Absent", "設定なし"),
        ReadStatus::Unavailable => word("Not offered in this region", "このリージョンでは提供なし"),
        ReadStatus::RegionOff => word("Region not enabled", "リージョン無効"),
        ReadStatus::Excluded => word("Left out by configuration", "設定により除外"),
        ReadStatus::Denied { .. } => word("Denied", "権限不足"),
        ReadStatus::Throttled => word("Throttled", "スロットリング"),
        ReadStatus::NotSupported => word("Not supported", "未対応"),
        ReadStatus::Failed { .. } => word("Failed", "失敗"),
    }
}

/// Picks by language where no table is worth it.
pub(crate) fn pick<T>(lang: Lang, en: T, ja: T) -> T {
    match lang {
        Lang::En => en,
        Lang::Ja => ja,
    }
}
