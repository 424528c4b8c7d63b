//! The sentences about frameworks, in every language. A missing one does not compile.

use yagura_model::{Answer, Doubt, Lang, RequirementKind};

use super::FrameworkHead;
use crate::table::words::{count, number};
use crate::words::{Word, pick, word};

/// Sentences without numbers.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) framework: &'static str,
    pub(crate) requirements: &'static str,
    pub(crate) chapter: &'static str,
    pub(crate) requirement: &'static str,
    pub(crate) answer: &'static str,
    pub(crate) account: &'static str,
    pub(crate) project: &'static str,
    pub(crate) pass: &'static str,
    pub(crate) fail: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) not_applicable: &'static str,
    pub(crate) manual: &'static str,
    pub(crate) passed: &'static str,
    pub(crate) by_project: &'static str,
    pub(crate) by_account: &'static str,
    pub(crate) failing: &'static str,
    pub(crate) not_known: &'static str,
    pub(crate) not_read: &'static str,
    pub(crate) skipped: &'static str,
    pub(crate) publisher: &'static str,
    pub(crate) version: &'static str,
    pub(crate) source: &'static str,
    pub(crate) aliases: &'static str,
    pub(crate) level: &'static str,
    pub(crate) by_hand: &'static str,
}

const EN: Words = Words {
    framework: "FRAMEWORK",
    requirements: "REQUIREMENTS",
    chapter: "CHAPTER",
    requirement: "REQUIREMENT",
    answer: "ANSWER",
    account: "ACCOUNT",
    project: "PROJECT",
    pass: "PASS",
    fail: "FAIL",
    unknown: "UNKNOWN",
    not_applicable: "N/A",
    manual: "MANUAL",
    passed: "PASSED",
    by_project: "By project",
    by_account: "By account",
    failing: "Requirements that are not met",
    not_known: "Requirements whose answer is not known",
    not_read: "not read",
    skipped: "skipped",
    publisher: "Publisher",
    version: "Version",
    source: "The text itself",
    aliases: "Also known as",
    level: "level",
    by_hand: "By hand",
};

const JA: Words = Words {
    framework: "フレームワーク",
    requirements: "要件",
    chapter: "章",
    requirement: "要件",
    answer: "判定",
    account: "アカウント",
    project: "プロジェクト",
    pass: "準拠",
    fail: "非準拠",
    unknown: "データ不足",
    not_applicable: "対象外",
    manual: "手動",
    passed: "準拠率",
    by_project: "プロジェクト別",
    by_account: "アカウント別",
    failing: "満たしていない要件",
    not_known: "データ不足で判定できない要件",
    not_read: "取得不可",
    skipped: "スキップ",
    publisher: "発行元",
    version: "版",
    source: "原文",
    aliases: "別名",
    level: "レベル",
    by_hand: "手動確認",
};

impl Words {
    pub(crate) fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::En => &EN,
            Lang::Ja => &JA,
        }
    }
}

/// That the scan is not the newest, or did not look at all of the framework's rules.
pub(super) fn scan_note(head: &FrameworkHead<'_>) -> Option<String> {
    let all = head.framework.rules().len();
    let (of, this) = (number(all as u64), number(head.rules as u64));
    let Some(newer) = head.newer else {
        let id = &head.framework.id;
        return (head.rules < all).then(|| {
            pick(
                head.lang,
                format!("This scan looked at {this} of the framework's {of} rules; `yagura scan --framework {id}` looks at all of them."),
                format!("このスキャンが評価したのは、フレームワークの {of} ルール中 {this} ルールです。`yagura scan --framework {id}` はすべてを評価します。"),
            )
        });
    };
    let (id, theirs) = (newer.id, number(newer.rules as u64));
    Some(if newer.rules < head.rules {
        pick(
            head.lang,
            format!(
                "Scan {id} is newer, but looked at only {theirs} of the framework's {of} rules; this one looked at {this}."
            ),
            format!(
                "より新しいスキャン {id} は、フレームワークの {of} ルール中 {theirs} ルールしか評価していません。このスキャンは {this} ルールを評価しています。"
            ),
        )
    } else {
        pick(
            head.lang,
            format!(
                "This is not the newest scan: scan {id} is newer, and looked at {theirs} of the framework's {of} rules, this one at {this}."
            ),
            format!(
                "最新のスキャンではありません。より新しいスキャン {id} はフレームワークの {of} ルール中 {theirs} ルール、このスキャンは {this} ルールを評価しています。"
            ),
        )
    })
}

/// The word for an answer.
pub(crate) fn answer(it: Answer) -> Word {
    match it {
        Answer::Compliant => word("Compliant", "準拠"),
        Answer::NonCompliant => word("Non-compliant", "非準拠"),
        Answer::NotApplicable => word("Not applicable", "対象外"),
        Answer::InsufficientData => word("Insufficient data", "データ不足"),
        Answer::Manual => word("Manual", "手動確認"),
    }
}

/// The word for how much of a requirement rules can answer.
pub(crate) fn kind(it: RequirementKind) -> Word {
    match it {
        RequirementKind::Automated => word("automated", "自動"),
        RequirementKind::Partly => word("partly", "一部自動"),
        RequirementKind::Manual => word("manual", "手動"),
    }
}

/// Why an answer is not known in some accounts.
pub(crate) fn doubt(it: &Doubt, accounts: u64, lang: Lang) -> String {
    let n = count(accounts, lang, "account", "accounts", "アカウント");
    match it {
        Doubt::AccountNotRead => pick(lang, format!("{n} could not be read"), format!("{n}を取得できません")),
        Doubt::RuleNotUsed { rule } => pick(
            lang,
            format!("the scan did not use {rule}"),
            format!("スキャンがルール {rule} を使っていません"),
        ),
        Doubt::RuleSwitchedOff { rule } => {
            pick(lang, format!("{rule} is switched off in {n}"), format!("ルール {rule} が {n}で無効です"))
        }
        Doubt::NotKnown { rule } => {
            pick(lang, format!("{rule} lacks data in {n}"), format!("ルール {rule} は {n}でデータ不足です"))
        }
    }
}

/// Why an answer is not known in one account.
pub(crate) fn doubt_here(it: &Doubt, lang: Lang) -> String {
    match it {
        Doubt::AccountNotRead => {
            pick(lang, "the account could not be read".to_owned(), "アカウントを取得できません".to_owned())
        }
        Doubt::RuleSwitchedOff { rule } => {
            pick(lang, format!("{rule} is switched off"), format!("ルール {rule} が無効です"))
        }
        Doubt::NotKnown { rule } => {
            pick(lang, format!("{rule} lacks data"), format!("ルール {rule} はデータ不足です"))
        }
        Doubt::RuleNotUsed { .. } => doubt(it, 1, lang),
    }
}

/// How many violations of a rule in how many accounts.
pub(crate) fn violations(violations: u64, accounts: u64, lang: Lang) -> String {
    let of = count(accounts, lang, "account", "accounts", "アカウント");
    match lang {
        Lang::En => format!("{} in {of}", count(violations, lang, "violation", "violations", "")),
        Lang::Ja => format!("違反 {} 件 ({of})", number(violations)),
    }
}
