//! What the comments at the top of a Guard file say about the rule: the language itself has no place for it.
//!
//! ```text
//! # title: Tables can be restored to any point in time
//! # title.ja: テーブルが任意の時点に復元できる
//! # severity: high
//! # function: recover
//! # resource: AWS::DynamoDB::Table
//! ```
//!
//! All of it may be left out. The headers of the public Guard rules registry (`Description:`, `Reports on:`) are
//! understood as well.

use yagura_model::{Function, ResourceType, Severity};

use super::Wrong;

/// What the comments say.
#[derive(Debug, Default)]
pub(crate) struct Head {
    pub(crate) title: Option<String>,
    pub(crate) title_ja: Option<String>,
    pub(crate) why: Option<String>,
    pub(crate) why_ja: Option<String>,
    pub(crate) severity: Option<Severity>,
    pub(crate) function: Option<Function>,
    pub(crate) resource: Option<ResourceType>,
}

impl Head {
    /// Reads the comments before the first line of the policy.
    ///
    /// # Errors
    ///
    /// A severity, function or type that is none.
    pub(crate) fn read(text: &str) -> Result<Self, Wrong> {
        let mut head = Self::default();
        let mut described = String::new();
        let mut describing = false;
        let comments =
            text.lines().map(str::trim).take_while(|line| line.is_empty() || line.starts_with('#'));
        for (n, line) in comments.enumerate() {
            let said = line.trim_start_matches('#').trim_end_matches('#').trim();
            let (key, value) =
                said.split_once(':').map_or((said, ""), |(key, value)| (key.trim(), value.trim()));
            let at = |message: String, help: &str| Wrong {
                line: u32::try_from(n + 1).unwrap_or(u32::MAX),
                column: 1,
                code: "guard/header",
                message,
                help: Some(help.to_owned()),
            };
            let is_key = !value.is_empty() && !value.starts_with(':');
            match key.to_ascii_lowercase().as_str() {
                "title" if is_key => head.title = Some(value.to_owned()),
                "title.ja" if is_key => head.title_ja = Some(value.to_owned()),
                "why" if is_key => head.why = Some(value.to_owned()),
                "why.ja" if is_key => head.why_ja = Some(value.to_owned()),
                "severity" if is_key => {
                    let word = value.to_ascii_uppercase().parse().or_else(|_| value.parse());
                    let help = "critical, high, medium, low or informational";
                    head.severity = Some(word.map_err(|_| at(format!("`{value}` is not a severity"), help))?);
                }
                "function" if is_key => {
                    let help = "identify, protect, detect, respond or recover";
                    let word = value.parse().map_err(|_| at(format!("`{value}` is not a function"), help))?;
                    head.function = Some(word);
                }
                "resource" if is_key => {
                    let whole = said.split_once(':').map_or("", |(_, value)| value.trim());
                    if whole.split("::").count() < 3 {
                        let help = "a type is written as AWS Config writes it: `AWS::EC2::SecurityGroup`";
                        return Err(at(format!("`{whole}` is not a resource type"), help));
                    }
                    head.resource = Some(ResourceType::from(whole));
                }
                // The registry writes `Description:` and the text in the lines below it.
                "description" => {
                    describing = true;
                    described.push_str(value);
                    continue;
                }
                _ if describing && !said.is_empty() && !said.ends_with(':') => {
                    if !described.is_empty() {
                        described.push(' ');
                    }
                    described.push_str(said);
                    continue;
                }
                _ => {}
            }
            describing = false;
        }
        if head.title.is_none() && !described.is_empty() {
            head.title = Some(described);
        }
        Ok(head)
    }
}
