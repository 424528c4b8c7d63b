//! What is left after an attack, and what to do first.

use std::collections::BTreeSet;

use yagura_model::{EntityKind, Lang, Sample, ThreatFinding};

use super::story::IncidentStory;
use super::tables::some;
use super::text::{SOME, entities, plain};
use crate::words::pick;

/// So many steps of what to do are told.
const STEPS: usize = 12;

/// Calls that make something with which an attacker can come back.
fn lasting(what: &str, lang: Lang) -> Option<&'static str> {
    Some(match what {
        "iam:CreateAccessKey" => pick(lang, "access key", "アクセスキー"),
        "iam:CreateUser" => pick(lang, "IAM user", "IAM ユーザー"),
        "iam:CreateLoginProfile" | "iam:UpdateLoginProfile" => {
            pick(lang, "console password", "コンソールのパスワード")
        }
        "iam:CreateRole" => pick(lang, "role", "ロール"),
        "iam:UpdateAssumeRolePolicy" => pick(lang, "trust policy of a role", "ロールの信頼ポリシー"),
        "iam:AddUserToGroup" => pick(lang, "membership in a group", "グループへの所属"),
        "iam:AttachUserPolicy" | "iam:PutUserPolicy" => pick(lang, "policy of a user", "ユーザーのポリシー"),
        "iam:AttachRolePolicy" | "iam:PutRolePolicy" => pick(lang, "policy of a role", "ロールのポリシー"),
        "ec2:RunInstances" => pick(lang, "EC2 instances", "EC2 インスタンス"),
        "ec2:AuthorizeSecurityGroupIngress" => {
            pick(lang, "opened security group", "開放されたセキュリティグループ")
        }
        "lambda:CreateFunction20150331" => pick(lang, "Lambda function", "Lambda 関数"),
        "ecr:PutImage" => pick(lang, "container image", "コンテナイメージ"),
        "s3:PutBucketPolicy" | "s3:PutBucketAcl" => {
            pick(lang, "access to a bucket", "バケットへのアクセス許可")
        }
        _ => return None,
    })
}

/// What is there now and was not before.
pub(super) fn made(story: &IncidentStory<'_>, lang: Lang) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    let samples = story.findings.iter().flat_map(|it| &it.samples);
    for Sample { what, targets, error, time, .. } in samples {
        if let (Some(kind), None) = (lasting(what, lang), error)
            && seen.insert((kind, targets))
        {
            let targets = some(targets.iter().map(|it| plain(it)), SOME);
            lines.push((*time, format!("{kind}{}{targets}", pick(lang, ": ", "："))));
        }
    }
    lines.sort();
    lines.into_iter().map(|(_, it)| it).collect()
}

/// Cut off who acts, then what the worst findings ask for; and where the steps stand that are too many.
pub(super) fn first_steps(story: &IncidentStory<'_>, lang: Lang) -> (Vec<String>, Option<String>) {
    let mut steps: Vec<String> = Vec::new();
    for key in entities(story, EntityKind::AccessKey) {
        // What a session holds ends with the session; what stays has to be switched off.
        if key.starts_with("AKIA") {
            let user = user_of_key(story, key).unwrap_or("USER");
            let command = format!(
                "aws iam update-access-key --user-name {user} --access-key-id {key} --status Inactive"
            );
            steps.push(pick(
                lang,
                format!("Deactivate access key {key}: {command}"),
                format!("アクセスキー {key} を無効化します：{command}"),
            ));
        }
    }
    let roles: BTreeSet<_> = story
        .findings
        .iter()
        .map(|it| it.actor.principal.as_str())
        .filter(|it| it.contains(":role/"))
        .collect();
    for role in roles {
        steps.push(pick(
            lang,
            format!("Revoke the active sessions of {role} (policy AWSRevokeOlderSessions)."),
            format!("{role} のアクティブなセッションを取り消します（AWSRevokeOlderSessions ポリシー）。"),
        ));
    }
    let mut worst: Vec<&ThreatFinding> = story.findings.iter().collect();
    worst.sort_by_key(|it| (std::cmp::Reverse(it.severity), it.first_seen));
    let mut rules = BTreeSet::new();
    for it in worst {
        if let Some(words) = story.known.get(&it.rule)
            && rules.insert(&it.rule)
            && let Some(step) = words.response.get(lang).first()
        {
            let title = words.title.get(lang);
            steps.push(pick(lang, format!("{title}: {step}"), format!("{title}：{step}")));
        }
    }
    let more = steps.len().saturating_sub(STEPS);
    steps.truncate(STEPS);
    let rest = pick(
        lang,
        format!("{more} more: `yagura detections show NAME` for each detection above."),
        format!("ほかに {more} 件：各検知ルールの手順は `yagura detections show 名前` で確認できます。"),
    );
    (steps, (more > 0).then_some(rest))
}

/// Whose key it is: the user for whom it was made, else the one who uses it.
fn user_of_key<'s>(story: &IncidentStory<'s>, key: &str) -> Option<&'s str> {
    let samples = story.findings.iter().flat_map(|it| &it.samples);
    let made = samples
        .filter(|it| it.what == "iam:CreateAccessKey" && it.targets.len() > 1)
        .find(|it| it.targets.iter().any(|it| it == key));
    let uses = |it: &&ThreatFinding| {
        it.actor.principal.contains(":user/")
            && it.entities.iter().any(|it| it.kind == EntityKind::AccessKey && it.name == key)
    };
    made.and_then(|it| it.targets.first())
        .map(String::as_str)
        .or_else(|| story.findings.iter().find(uses).map(|it| it.actor.name.as_str()))
}
