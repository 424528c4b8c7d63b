//! A rule from a CloudFormation Guard file.

use std::sync::OnceLock;

use serde_json::Map;
use yagura_model::{
    Aliases, Diagnostic, Fix, Function, Level, Place, ResourceType, RuleId, RuleInfo, RuleText, Severity,
    Text,
};

use super::{Body, Conditions, Rule, Source, Written};
use crate::guard;

impl Rule {
    /// Reads a Guard file: one rule for each type of resource that it is about. A rule has the file's name; where there are
    /// several, each adds that of its type.
    ///
    /// # Errors
    ///
    /// What keeps the file from being used.
    pub(crate) fn read_guard(path: &str, shown: &str, text: &str) -> Result<Vec<Self>, Vec<Diagnostic>> {
        let name = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".guard");
        let Some(id) = kebab_case(name) else {
            return Err(vec![Diagnostic {
                file: shown.to_owned(),
                place: Some(Place { line: 1, column: 1 }),
                level: Level::Error,
                code: "rule/id",
                message: format!("`{name}` cannot be the id of a rule"),
                help: Some("call the file by small letters, digits, `-` and `_`: my-rule.guard".to_owned()),
            }]);
        };
        let guard::Read { policy, head, types } = guard::read(shown, text)?;
        let one = types.len() == 1;
        let rules = types.into_iter().map(|resource| {
            let id = if one { id.clone() } else { format!("{id}-{}", type_name(&resource)) };
            Self::guarded(RuleId::new(id), resource, path, shown, policy.clone(), &head)
        });
        Ok(rules.collect())
    }

    fn guarded(
        id: RuleId,
        resource: ResourceType,
        path: &str,
        shown: &str,
        policy: guard::Policy,
        head: &guard::Head,
    ) -> Self {
        let severity = head.severity.unwrap_or(Severity::Medium);
        let function = head.function.unwrap_or(Function::Protect);
        let info = RuleInfo {
            aliases: Aliases::default(),
            resource: resource.clone(),
            severity,
            function,
            text: texts(&id, head),
            fix: Fix::default(),
            references: Vec::new(),
            id: id.clone(),
        };
        let body = Body { examples: Vec::new(), diagnostics: Vec::new() };
        let text = policy.text().to_owned();
        Self {
            id,
            aliases: Aliases::default(),
            resource,
            severity,
            function,
            on_by_default: true,
            params: Map::new(),
            // What is shown where other rules show their conditions.
            conditions: Conditions {
                when: None,
                compliant: Written { text: text.clone(), start: Place { line: 1, column: 1 } },
                evidence: None,
            },
            guard: Some(policy),
            shown: shown.to_owned(),
            folder: path.split('/').nth_back(1).unwrap_or_default().to_owned(),
            source: Source::Held(text),
            info: OnceLock::from(info),
            body: OnceLock::from(body),
            compiled: OnceLock::new(),
        }
    }
}

/// What the comments say; a language that they leave out takes the other's words, and the id stands for a title.
fn texts(id: &RuleId, head: &guard::Head) -> Text<RuleText> {
    let either = |one: &Option<String>, other: &Option<String>| {
        one.clone().or_else(|| other.clone()).unwrap_or_default()
    };
    let said = |title: String, why: String| RuleText {
        title: if title.is_empty() { id.to_string() } else { title },
        why,
        impact_of_fix: String::new(),
    };
    Text {
        en: said(either(&head.title, &head.title_ja), either(&head.why, &head.why_ja)),
        ja: said(either(&head.title_ja, &head.title), either(&head.why_ja, &head.why)),
    }
}

/// `S3_bucket_logging` as the id of a rule: `s3-bucket-logging`.
fn kebab_case(name: &str) -> Option<String> {
    let id = name.to_ascii_lowercase().replace('_', "-");
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
    };
    id.split('-').all(part).then_some(id)
}

/// `AWS::S3::Bucket` within an id: `s3-bucket`.
fn type_name(resource: &ResourceType) -> String {
    let name = resource.as_str().to_ascii_lowercase();
    name.trim_start_matches("aws").split("::").filter(|it| !it.is_empty()).collect::<Vec<_>>().join("-")
}
