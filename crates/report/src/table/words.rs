//! The sentences of `table`, in every language. A missing one does not compile.

use yagura_model::{Lang, Outcome};

/// Sentences without numbers.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) account: &'static str,
    pub(crate) pass: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) function: &'static str,
    pub(crate) violations: &'static str,
    pub(crate) accounts: &'static str,
    pub(crate) severity: &'static str,
    pub(crate) score: &'static str,
    pub(crate) what: &'static str,
    pub(crate) rule: &'static str,
    pub(crate) total: &'static str,
    pub(crate) not_read: &'static str,
    pub(crate) skipped: &'static str,
    pub(crate) by_account: &'static str,
    pub(crate) by_function: &'static str,
    pub(crate) fix_first: &'static str,
    pub(crate) not_known: &'static str,
    pub(crate) gaps: &'static str,
    pub(crate) no_gaps: &'static str,
    pub(crate) no_violation: &'static str,
    pub(crate) unreachable: &'static str,
    pub(crate) left_out: &'static str,
    pub(crate) denied: &'static str,
    pub(crate) throttled: &'static str,
    pub(crate) failed: &'static str,
    pub(crate) not_supported: &'static str,
    pub(crate) region_off: &'static str,
    pub(crate) excluded: &'static str,
    pub(crate) interrupted: &'static str,
    pub(crate) whatever: &'static str,
    pub(crate) global: &'static str,
}

const EN: Words = Words {
    account: "ACCOUNT",
    pass: "PASS",
    unknown: "UNKNOWN",
    function: "FUNCTION",
    violations: "VIOLATIONS",
    accounts: "ACCOUNTS",
    severity: "SEVERITY",
    score: "SCORE",
    what: "WHAT IS WRONG",
    rule: "RULE",
    total: "all accounts",
    not_read: "not read",
    skipped: "skipped",
    by_account: "Violations by account",
    by_function: "Score by function (NIST CSF)",
    fix_first: "What to fix first",
    not_known: "What could not be judged",
    gaps: "What could not be read",
    no_gaps: "Everything that was asked for was read.",
    no_violation: "No violation was found.",
    unreachable: "Accounts that could not be read",
    left_out: "Accounts that were skipped",
    denied: "Missing permissions",
    throttled: "Throttled on every attempt",
    failed: "Failed",
    not_supported: "Not supported by the endpoint",
    region_off: "Regions that are not enabled",
    excluded: "Left out by configuration",
    interrupted: "interrupted: this is not the whole picture",
    whatever: "whatever is there",
    global: "global",
};

const JA: Words = Words {
    account: "アカウント",
    pass: "準拠",
    unknown: "データ不足",
    function: "機能",
    violations: "違反",
    accounts: "アカウント",
    severity: "重大度",
    score: "スコア",
    what: "問題",
    rule: "ルール",
    total: "全アカウント",
    not_read: "取得不可",
    skipped: "スキップ",
    by_account: "アカウント別の違反",
    by_function: "機能別スコア (NIST CSF)",
    fix_first: "優先して対処すべき問題",
    not_known: "データ不足で判定できなかったもの",
    gaps: "取得できなかった情報",
    no_gaps: "対象の情報はすべて取得できました。",
    no_violation: "違反は見つかりませんでした。",
    unreachable: "取得できなかったアカウント",
    left_out: "スキップしたアカウント",
    denied: "不足している権限",
    throttled: "再試行してもスロットリングされた API",
    failed: "失敗した API",
    not_supported: "エンドポイントが対応していない API",
    region_off: "有効化されていないリージョン",
    excluded: "設定により除外された API",
    interrupted: "中断されたスキャンのため、全体像ではありません",
    whatever: "存在しうるすべて",
    global: "グローバル",
};

impl Words {
    pub(crate) fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::En => &EN,
            Lang::Ja => &JA,
        }
    }

    /// The title of the list of an outcome.
    pub(crate) fn list(&self, outcome: Outcome, lang: Lang) -> &'static str {
        match outcome {
            Outcome::NonCompliant => self.fix_first,
            Outcome::InsufficientData => self.not_known,
            Outcome::Compliant | Outcome::NotApplicable => crate::words::outcome(outcome).get(lang),
        }
    }
}

/// `1,234`.
pub(crate) fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number of things: `1 account`, `2 accounts`, `2 アカウント`.
pub(crate) fn count(n: u64, lang: Lang, one: &str, many: &str, ja: &str) -> String {
    match lang {
        Lang::En if n == 1 => format!("{} {one}", number(n)),
        Lang::En => format!("{} {many}", number(n)),
        Lang::Ja => format!("{} {ja}", number(n)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([0, 999, 1000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
    }
}
