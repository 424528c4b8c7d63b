//! Why something is not known, in the reader's language.

use yagura_model::{AccountState, AccountStatus, Gap, Lang, ReadStatus, Reason};

use crate::words::pick;

/// How a read ended, as a part of a sentence.
#[must_use]
pub fn status_text(status: &ReadStatus, lang: Lang) -> String {
    match (lang, status) {
        (Lang::En, _) => status.to_string(),
        (Lang::Ja, ReadStatus::Read) => "取得済み".to_owned(),
        (Lang::Ja, ReadStatus::Absent) => "設定なし".to_owned(),
        (Lang::Ja, ReadStatus::Unavailable) => "このリージョンでは提供されていません".to_owned(),
        (Lang::Ja, ReadStatus::RegionOff) => "リージョンが有効化されていません".to_owned(),
        (Lang::Ja, ReadStatus::Excluded) => "設定により対象から除外されています".to_owned(),
        (Lang::Ja, ReadStatus::Denied { permission }) => format!("権限 {permission} がありません"),
        (Lang::Ja, ReadStatus::Throttled) => "再試行してもスロットリングが解消しませんでした".to_owned(),
        (Lang::Ja, ReadStatus::NotSupported) => "エンドポイントが対応していません".to_owned(),
        (Lang::Ja, ReadStatus::Failed { code }) => format!("失敗しました ({code})"),
    }
}

/// Why nothing is known of an account, as a part of a sentence; `None` when it was read.
#[must_use]
pub fn state_text(state: &AccountState, lang: Lang) -> Option<String> {
    match state {
        AccountState::Scanned => None,
        AccountState::Skipped { reason } => Some(account_status_text(*reason, lang).to_owned()),
        AccountState::Unreachable { role: Some(role), error } => Some(pick(
            lang,
            format!("the role {role} cannot be assumed: {error}"),
            format!("ロール {role} を引き受けられません: {error}"),
        )),
        AccountState::Unreachable { role: None, error } => Some(error.clone()),
    }
}

/// What Organizations says of an account.
fn account_status_text(status: AccountStatus, lang: Lang) -> &'static str {
    match status {
        AccountStatus::Active => pick(lang, "the account is active", "アカウントは有効です"),
        AccountStatus::Suspended => pick(lang, "the account is suspended", "アカウントは停止されています"),
        AccountStatus::PendingClosure => {
            pick(lang, "the account is being closed", "アカウントは閉鎖処理中です")
        }
        AccountStatus::PendingActivation => {
            pick(lang, "the account is not activated yet", "アカウントの有効化が完了していません")
        }
    }
}

/// Why there is no plain answer, as a sentence without a full stop.
#[must_use]
pub fn reason_text(reason: &Reason, lang: Lang) -> String {
    match (lang, reason) {
        (Lang::En, _) => reason.to_string(),
        (Lang::Ja, Reason::Unread { gaps }) => {
            let gaps: Vec<_> = gaps.iter().map(gap_in_japanese).collect();
            format!("取得できなかった情報があります: {}", gaps.join("、"))
        }
        (Lang::Ja, Reason::MissingField { field }) => format!("AWS の応答に `{field}` が含まれていません"),
        (Lang::Ja, Reason::Undecidable { what }) => format!("設定だけでは判断できません: {what}"),
        (Lang::Ja, Reason::RuleFailed { error }) => format!("ルールを評価できませんでした: {error}"),
        (Lang::Ja, Reason::NotConcerned) => "このルールの対象ではありません".to_owned(),
        (Lang::Ja, Reason::Excepted { by, because }) if because.is_empty() => {
            format!("例外設定により除外 ({by})")
        }
        (Lang::Ja, Reason::Excepted { by, because }) => format!("例外設定により除外 ({by}): {because}"),
    }
}

fn gap_in_japanese(gap: &Gap) -> String {
    let Gap { call, region, status } = gap;
    let place = if region.is_global() { "グローバル" } else { region.as_str() };
    format!("{call} ({place}) {}", status_text(status, Lang::Ja))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_told_in_both_languages() {
        let reason = Reason::Unread {
            gaps: vec![Gap {
                call: "s3.GetBucketPolicy".to_owned(),
                region: "ap-northeast-1".into(),
                status: ReadStatus::Denied { permission: "s3:GetBucketPolicy".to_owned() },
            }],
        };
        assert_eq!(
            reason_text(&reason, Lang::En),
            "not read: s3.GetBucketPolicy in ap-northeast-1: denied: s3:GetBucketPolicy is missing"
        );
        assert_eq!(
            reason_text(&reason, Lang::Ja),
            "取得できなかった情報があります: s3.GetBucketPolicy (ap-northeast-1) 権限 s3:GetBucketPolicy がありません"
        );
    }
}
