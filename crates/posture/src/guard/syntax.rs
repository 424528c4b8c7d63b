//! What a policy is about, from its syntax tree.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use cfn_guard::commands::Executable as _;
use cfn_guard::utils::reader::{ReadBuffer, Reader};
use cfn_guard::utils::writer::{WriteBuffer, Writer};
use cfn_guard::{CommandBuilder as _, ParseTreeBuilder};
use serde_json::Value as Json;

use super::Wrong;
use super::item::TOP;
use crate::nearest::did_you_mean;

/// What a policy looks at.
#[derive(Debug, Default)]
pub(super) struct Used {
    /// The types that `resourceType` is compared with.
    pub(super) types: BTreeSet<String>,
    /// Every key, however deep.
    pub(super) keys: BTreeSet<String>,
}

/// Parses a policy.
///
/// # Errors
///
/// It is not Guard, is about templates, or looks at what no configuration item has.
pub(super) fn parse(text: &str) -> Result<Used, Wrong> {
    let tree = tree(text)?;
    let mut walk = Walk { text, used: Used::default(), variables: variables(&tree), wrong: None };
    for part in ["assignments", "guard_rules", "parameterized_rules"] {
        walk.value(&tree[part], true);
    }
    match walk.wrong {
        Some(wrong) => Err(wrong),
        None => Ok(walk.used),
    }
}

/// The syntax tree, as the library tells it.
fn tree(text: &str) -> Result<Json, Wrong> {
    let broken = |error: &str| {
        let (line, column) = place(error).unwrap_or((1, 1));
        let near = text.lines().nth(line.saturating_sub(1) as usize).unwrap_or_default().trim();
        let near: String = near.chars().take(80).collect();
        let message = if near.is_empty() {
            "this is not a Guard policy".to_owned()
        } else {
            format!("this is not a Guard policy: the parser stopped at `{near}`")
        };
        let help = Some("`cfn-guard parse-tree --rules FILE` tells the same; AWS CloudFormation Guard User Guide, \"Writing Guard rules\"".to_owned());
        Wrong { line, column, code: "guard/syntax", message, help }
    };
    let mut writer = Writer::new(WriteBuffer::Vec(Vec::new())).map_err(|error| broken(&error.to_string()))?;
    let mut reader = Reader::new(ReadBuffer::Cursor(Cursor::new(text.as_bytes().to_vec())));
    let command = ParseTreeBuilder::default().print_json(true).try_build();
    let command = command.map_err(|error| broken(&error.to_string()))?;
    command.execute(&mut writer, &mut reader).map_err(|error| broken(&error.to_string()))?;
    let tree = writer.into_string().map_err(|error| broken(&error.to_string()))?;
    match serde_json::from_str(&tree) {
        Ok(tree @ Json::Object(_)) => Ok(tree),
        // Nothing but comments.
        _ => Err(Wrong {
            line: 1,
            column: 1,
            code: "guard/empty",
            message: "there is no rule in the policy".to_owned(),
            help: None,
        }),
    }
}

/// Line and column in the library's sentence: "... at line 3 at column 5, when ...".
fn place(error: &str) -> Option<(u32, u32)> {
    let number = |after: &str| {
        let rest = &error[error.find(after)? + after.len()..];
        let end = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
        rest[..end].parse().ok()
    };
    Some((number("at line ")?, number("at column ")?))
}

/// The words that variables of the file stand for: `let types = ["AWS::S3::Bucket"]`.
fn variables(tree: &Json) -> BTreeMap<String, Vec<String>> {
    let assignments = tree["assignments"].as_array().map(Vec::as_slice).unwrap_or_default();
    let named =
        assignments.iter().filter_map(|it| Some((it["var"].as_str()?.to_owned(), words(&it["value"]))));
    named.collect()
}

/// The words that a literal holds.
fn words(value: &Json) -> Vec<String> {
    match &value["Value"]["value"] {
        Json::String(word) => vec![word.clone()],
        Json::Array(words) => words.iter().filter_map(|it| it.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}

struct Walk<'t> {
    text: &'t str,
    used: Used,
    variables: BTreeMap<String, Vec<String>>,
    wrong: Option<Wrong>,
}

impl Walk<'_> {
    /// `at_top`: whether a query here begins at the item, and not inside of something that was chosen from it.
    fn value(&mut self, value: &Json, at_top: bool) {
        match value {
            Json::Array(items) => items.iter().for_each(|item| self.value(item, at_top)),
            Json::Object(object) => {
                if let Some(query) = object.get("query") {
                    self.query(query, at_top);
                    self.compared(value);
                }
                if object.contains_key("TypeBlock") {
                    self.template(value);
                }
                for (name, inner) in object {
                    let inside = match name.as_str() {
                        // A literal is no query, whatever it looks like.
                        "Value" => continue,
                        "Filter" | "MapKeyFilter" => false,
                        // Of a block that a query chose; that of a rule or a `when` stays where it is.
                        "block" => at_top && !is_chosen(object),
                        _ => at_top,
                    };
                    self.value(inner, inside);
                }
            }
            _ => {}
        }
    }

    fn query(&mut self, query: &Json, at_top: bool) {
        let Some(parts) = query.as_array() else { return };
        let keys = parts.iter().filter_map(|part| part["Key"].as_str());
        self.used.keys.extend(keys.filter(|key| !key.starts_with('%')).map(str::to_owned));
        let Some(first) = parts.first().and_then(|part| part["Key"].as_str()) else { return };
        if !at_top || first.starts_with('%') || TOP.contains(&first) {
            return;
        }
        let (line, column) = self.find(first);
        let wrong = if ["Resources", "Parameters", "Conditions", "Outputs", "Mappings", "Metadata"]
            .contains(&first)
        {
            of_templates(line, column, first)
        } else {
            Wrong {
                line,
                column,
                code: "guard/unknown-key",
                message: format!("a configuration item has no `{first}`"),
                help: did_you_mean(first, TOP)
                    .or_else(|| Some("the resource's own fields are below `configuration`".to_owned())),
            }
        };
        self.wrong.get_or_insert(wrong);
    }

    fn template(&mut self, block: &Json) {
        let name = block["TypeBlock"]["type_name"].as_str().unwrap_or_default();
        let (line, column) = self.find(name);
        self.wrong.get_or_insert(of_templates(line, column, name));
    }

    /// Notes what `resourceType` is compared with.
    fn compared(&mut self, clause: &Json) {
        let query = clause["query"]["query"].as_array().map(Vec::as_slice).unwrap_or_default();
        let [only] = query else { return };
        let is_positive = clause["comparator"][1] == Json::Bool(false)
            && matches!(clause["comparator"][0].as_str(), Some("Eq" | "In"));
        if only["Key"].as_str() != Some("resourceType") || !is_positive {
            return;
        }
        let with = &clause["compare_with"];
        let variable = with["AccessClause"]["query"][0]["Key"].as_str().and_then(|key| key.strip_prefix('%'));
        let named = variable.and_then(|name| self.variables.get(name)).cloned();
        let found = named.unwrap_or_else(|| words(with));
        self.used.types.extend(found.into_iter().filter(|it| it.split("::").count() == 3));
    }

    /// Where a word stands first in the file, outside of comments.
    fn find(&self, word: &str) -> (u32, u32) {
        let number = |n: usize| u32::try_from(n + 1).unwrap_or(u32::MAX);
        let code = self.text.lines().map(|line| line.split('#').next().unwrap_or_default());
        code.enumerate()
            .find_map(|(n, line)| Some((number(n), number(line[..line.find(word)?].chars().count()))))
            .unwrap_or((1, 1))
    }
}

/// Whether the block in this object is that of a query.
fn is_chosen(object: &serde_json::Map<String, Json>) -> bool {
    object.contains_key("query")
}

fn of_templates(line: u32, column: u32, what: &str) -> Wrong {
    Wrong {
        line,
        column,
        code: "guard/template",
        message: format!("the policy judges CloudFormation templates (`{what}`), not what is deployed"),
        help: Some(
            "write it over a configuration item, as AWS Config custom policy rules are: `rule NAME when resourceType == \"AWS::S3::Bucket\" { configuration... }`"
                .to_owned(),
        ),
    }
}
