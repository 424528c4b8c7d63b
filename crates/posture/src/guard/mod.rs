//! CloudFormation Guard files as rules: the language of AWS Config's custom policy rules.
//!
//! A `.guard` file judges a configuration item, as AWS Config hands it to such a rule. AWS's own library parses and
//! evaluates it; what is here decides which resources it is about, what it is shown of them, and what its answer means.
//!
//! Source: AWS Config Developer Guide, "Creating AWS Config Custom Policy Rules"; AWS CloudFormation Guard User Guide.

mod head;
mod item;
mod record;
mod syntax;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use cfn_guard::{ValidateInput, run_checks};
use serde_json::Value as Json;
use yagura_model::{Diagnostic, Level, Place, Reason, Resource, ResourceType};

pub(crate) use head::Head;
pub(crate) use record::Verdict;

/// A policy that can be evaluated.
#[derive(Debug, Clone)]
pub(crate) struct Policy {
    /// The file, as a person can open it.
    shown: String,
    text: String,
    /// Every key that the policy writes, however deep.
    keys: BTreeSet<String>,
}

/// A policy, and the types of resources that it is about.
pub(crate) struct Read {
    pub(crate) policy: Policy,
    pub(crate) head: Head,
    pub(crate) types: BTreeSet<ResourceType>,
}

/// Reads a policy.
///
/// # Errors
///
/// It does not parse, is about templates, reads what a configuration item does not have, or does not say which
/// resources it is about.
pub(crate) fn read(shown: &str, text: &str) -> Result<Read, Vec<Diagnostic>> {
    let head = Head::read(text).map_err(|wrong| vec![told(shown, wrong)])?;
    let used = syntax::parse(text).map_err(|wrong| vec![told(shown, wrong)])?;
    let mut types: BTreeSet<ResourceType> = head.resource.iter().cloned().collect();
    if types.is_empty() {
        types.extend(used.types.iter().map(|it| ResourceType::from(it.as_str())));
    }
    if types.is_empty() {
        return Err(vec![told(
            shown,
            Wrong {
                line: 1,
                column: 1,
                code: "guard/resource",
                message: "the policy does not say which resources it is about".to_owned(),
                help: Some("write `rule NAME when resourceType == \"AWS::S3::Bucket\" { ... }`, or begin the file with `# resource: AWS::S3::Bucket`".to_owned()),
            },
        )]);
    }
    let policy = Policy { shown: shown.to_owned(), text: text.to_owned(), keys: used.keys };
    Ok(Read { policy, head, types })
}

impl Policy {
    /// The policy as it is written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What the policy says of a resource.
    ///
    /// # Errors
    ///
    /// What it would have to know and is not known, or the policy cannot be evaluated on this resource.
    pub(crate) fn judge(&self, resource: &Resource) -> Result<Verdict, Reason> {
        let failed = |error: String| Reason::RuleFailed { error };
        let item = item::of(resource, &self.keys);
        let data = item.to_string();
        // The library is AWS's, and its reporters hold `unimplemented!`: one odd policy must not end a whole scan.
        let done = catch_unwind(AssertUnwindSafe(|| {
            run_checks(
                ValidateInput { content: &data, file_name: "item" },
                ValidateInput { content: &self.text, file_name: &self.shown },
                true,
            )
        }));
        let record = match done {
            Ok(Ok(record)) => record,
            Ok(Err(error)) => return Err(failed(error.to_string())),
            Err(_) => return Err(failed("the Guard library gave up on this policy".to_owned())),
        };
        let record: Json = serde_json::from_str(&record).map_err(|error| failed(error.to_string()))?;
        let verdict = record::verdict(&record).ok_or_else(|| failed("Guard gave no answer".to_owned()))?;
        verdict.or_unknown(resource, &self.keys)
    }
}

/// What is wrong with a policy, and where.
#[derive(Debug)]
pub(crate) struct Wrong {
    line: u32,
    column: u32,
    code: &'static str,
    message: String,
    help: Option<String>,
}

fn told(shown: &str, wrong: Wrong) -> Diagnostic {
    Diagnostic {
        file: shown.to_owned(),
        place: Some(Place { line: wrong.line, column: wrong.column }),
        level: Level::Error,
        code: wrong.code,
        message: wrong.message,
        help: wrong.help,
    }
}

#[cfg(test)]
mod tests;
