//! The words of findings in every language.

use yagura_model::{Change, Detector, Finding, FindingKind, Lang, RecordState, RuleInfo, Workflow};

use crate::words::{Word, word};

pub(crate) fn workflow(it: Workflow) -> Word {
    match it {
        Workflow::New => word("New", "新規"),
        Workflow::Notified => word("Notified", "通知済み"),
        Workflow::Suppressed => word("Suppressed", "抑制"),
        Workflow::Resolved => word("Resolved", "対応済み"),
    }
}

pub(crate) fn record_state(it: RecordState) -> Word {
    match it {
        RecordState::Active => word("Active", "継続中"),
        RecordState::Archived => word("Ended", "終了"),
    }
}

pub(crate) fn kind(it: FindingKind) -> Word {
    match it {
        FindingKind::Configuration => word("Configuration (prevention)", "設定不備（予防）"),
        FindingKind::Threat => word("Threat (detection)", "脅威（検知）"),
        FindingKind::Access => word("Access", "アクセス権"),
        FindingKind::Vulnerability => word("Vulnerability", "脆弱性"),
        FindingKind::SensitiveData => word("Sensitive data", "機密データ"),
        FindingKind::Other => word("Other", "その他"),
    }
}

pub(crate) fn change(it: Change) -> Word {
    match it {
        Change::Opened => word("opened", "検出"),
        Change::Reopened => word("came back", "再発"),
        Change::Ended => word("ended", "終了"),
        Change::SeverityChanged => word("severity changed", "重大度の変更"),
        Change::WorkflowChanged => word("state changed", "状態の変更"),
        Change::Assigned => word("assigned", "担当者の変更"),
        Change::Commented => word("comment", "コメント"),
        Change::DetectorsChanged => word("detectors changed", "検出元の変更"),
        Change::Overdue => word("overdue", "期限超過"),
        Change::Joined => word("part of an incident", "インシデントへの統合"),
    }
}

/// Who reports a finding, by the products' own names.
pub(crate) fn detectors(finding: &Finding, lang: Lang) -> String {
    let names = finding.detectors.iter().map(|it| match it {
        Detector::Other => word("another product", "その他の製品").get(lang),
        known => known.product(),
    });
    names.collect::<Vec<_>>().join(", ")
}

/// What is wrong, in one line: as our rule says it, or else the detector; the rule's name where neither does.
#[must_use]
pub fn finding_title<'t>(finding: &'t Finding, rule: Option<&'t RuleInfo>, lang: Lang) -> &'t str {
    let ours = rule.map(|it| it.text.get(lang).title.as_str()).filter(|it| !it.is_empty());
    let theirs = finding.text.as_ref().map(|it| it.title.as_str()).filter(|it| !it.is_empty());
    ours.or(theirs).unwrap_or(finding.rule.as_str())
}
