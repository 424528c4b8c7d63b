//! The sentences about scores, in every language. A missing one does not compile.

use yagura_model::Lang;

/// Sentences without numbers.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) score: &'static str,
    pub(super) scan: &'static str,
    pub(super) date: &'static str,
    pub(super) change: &'static str,
    pub(super) violations: &'static str,
    pub(super) unknown: &'static str,
    pub(super) known: &'static str,
    pub(super) accounts: &'static str,
    pub(super) rules: &'static str,
    pub(super) points: &'static str,
    pub(super) rule: &'static str,
    pub(super) function: &'static str,
    pub(super) account: &'static str,
    pub(super) project: &'static str,
    pub(super) framework: &'static str,
    pub(super) by_function: &'static str,
    pub(super) by_account: &'static str,
    pub(super) by_project: &'static str,
    pub(super) by_framework: &'static str,
    pub(super) alone: &'static str,
    pub(super) unchanged: &'static str,
}

const EN: Words = Words {
    score: "SCORE",
    scan: "SCAN",
    date: "DATE",
    change: "CHANGE",
    violations: "VIOLATIONS",
    unknown: "UNKNOWN",
    known: "KNOWN",
    accounts: "ACCOUNTS",
    rules: "RULES",
    points: "POINTS",
    rule: "RULE",
    function: "FUNCTION",
    account: "ACCOUNT",
    project: "PROJECT",
    framework: "FRAMEWORK",
    by_function: "Score by function (NIST CSF)",
    by_account: "Score by account",
    by_project: "Score by project",
    by_framework: "Score by framework",
    alone: "There is no earlier scan of the same scope to compare with.",
    unchanged: "no rule made a difference",
};

const JA: Words = Words {
    score: "スコア",
    scan: "スキャン",
    date: "日時",
    change: "増減",
    violations: "違反",
    unknown: "データ不足",
    known: "判定率",
    accounts: "アカウント",
    rules: "ルール",
    points: "影響",
    rule: "ルール",
    function: "機能",
    account: "アカウント",
    project: "プロジェクト",
    framework: "フレームワーク",
    by_function: "機能別スコア (NIST CSF)",
    by_account: "アカウント別スコア",
    by_project: "プロジェクト別スコア",
    by_framework: "フレームワーク別スコア",
    alone: "比較できる同じ範囲の過去のスキャンはありません。",
    unchanged: "スコアを変えたルールはありません",
};

impl Words {
    pub(super) fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::En => &EN,
            Lang::Ja => &JA,
        }
    }
}
