//! Reads a correlation with the place of everything in it.

use std::collections::HashMap;

use rsigma_parser::{
    ConditionExpr, ConditionOperator, CorrelationCondition, CorrelationRule, CorrelationType, FieldAlias,
    Timespan, WindowMode, parse_condition,
};
use yagura_model::{Diagnostic, Place};

use super::super::load::{entries, told};
use crate::yaml::{Kind, Node};

pub(super) const CODE: &str = "sigma/correlation";

/// A correlation as it stands in a file.
#[derive(Debug)]
pub(in super::super) struct Draft {
    /// As pipelines change it.
    pub(super) rule: CorrelationRule,
    pub(super) file: String,
    pub(super) at: Place,
    /// The rules that it names, with their places.
    pub(super) rules: Vec<(String, Place)>,
    /// Of an ordered or temporal one `None` means: all of them.
    pub(super) bounds: Option<Vec<(ConditionOperator, f64)>>,
    pub(super) percentile: f64,
    pub(super) expression: Option<(ConditionExpr, Place)>,
}

const KEYS: [&str; 9] =
    ["type", "rules", "group-by", "timespan", "timeframe", "condition", "aliases", "generate", "window"];

struct Reader<'f> {
    file: &'f str,
    wrong: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn wrong(&mut self, at: Place, message: impl Into<String>) {
        self.wrong.push(told(self.file, Some(at), CODE, message.into()));
    }
}

fn text(node: &Node) -> Option<&str> {
    match &node.kind {
        Kind::Scalar(scalar) => Some(&scalar.text),
        _ => None,
    }
}

/// Reads a document.
pub(in super::super) fn read(file: &str, document: &Node) -> Result<Draft, Vec<Diagnostic>> {
    let mut reader = Reader { file, wrong: Vec::new() };
    let draft = reader.document(document);
    match draft {
        Some(draft) if reader.wrong.is_empty() => Ok(draft),
        _ => Err(reader.wrong),
    }
}

impl Reader<'_> {
    fn document(&mut self, document: &Node) -> Option<Draft> {
        let at = document.at;
        let own = |key: &str| document.get(key).and_then(text).map(str::to_owned);
        let title = own("title");
        if title.is_none() {
            self.wrong(at, "a correlation needs a `title`");
        }
        let correlation = document.get("correlation")?;
        let Kind::Mapping(keys) = &correlation.kind else {
            self.wrong(correlation.at, format!("`correlation` is a mapping, not {}", correlation.describe()));
            return None;
        };
        for (key, at, _) in keys.iter().filter(|(key, ..)| !KEYS.contains(&key.as_str())) {
            self.unknown_key(key, *at);
        }
        for key in ["rsigma.window", "rsigma.gap"] {
            if let Some(node) = document.get(key) {
                self.wrong(node.at, format!("`{key}` is not supported: windows go back from each event"));
            }
        }
        if let Some(node) = correlation.get("window").filter(|it| text(it) != Some("sliding")) {
            self.wrong(node.at, "only windows that go back from each event (`sliding`) are supported");
        }
        let kind = self.kind(correlation);
        let rules = self.rules(correlation);
        let timespan = self.timespan(correlation);
        let group_by = self.group_by(correlation);
        let aliases = self.aliases(correlation);
        let generate = self.generate(document, correlation);
        let (kind, timespan, title) = (kind?, timespan?, title?);
        let mut draft = Draft {
            rule: CorrelationRule {
                title,
                sigma_version: None,
                id: own("id"),
                name: own("name"),
                status: None,
                description: None,
                author: None,
                date: None,
                modified: None,
                related: Vec::new(),
                references: Vec::new(),
                taxonomy: None,
                license: None,
                tags: document
                    .get("tags")
                    .map(|it| entries(it).into_iter().map(|it| it.0).collect())
                    .unwrap_or_default(),
                fields: Vec::new(),
                falsepositives: Vec::new(),
                level: own("level").and_then(|it| it.parse().ok()),
                scope: Vec::new(),
                correlation_type: kind,
                rules: Vec::new(),
                group_by,
                timespan,
                window: WindowMode::Sliding,
                gap: None,
                // What pipelines change of it is filled in below.
                condition: CorrelationCondition::Threshold {
                    predicates: Vec::new(),
                    field: None,
                    percentile: None,
                },
                aliases,
                generate,
                custom_attributes: HashMap::new(),
            },
            file: self.file.to_owned(),
            at,
            rules,
            bounds: None,
            percentile: 50.0,
            expression: None,
        };
        self.condition(correlation, &mut draft);
        draft.rule.rules = draft.rules.iter().map(|(it, _)| it.clone()).collect();
        Some(draft)
    }

    fn unknown_key(&mut self, key: &str, at: Place) {
        let nearest = KEYS.iter().filter(|_| key.len() < 20).min_by_key(|it| strsim::levenshtein(it, key));
        let help =
            nearest.filter(|it| strsim::levenshtein(it, key) <= 3).map(|it| format!("did you mean `{it}`?"));
        let message = format!("a correlation has no key `{key}`");
        self.wrong.push(Diagnostic { help, ..told(self.file, Some(at), CODE, message) });
    }

    fn kind(&mut self, correlation: &Node) -> Option<CorrelationType> {
        let Some(node) = correlation.get("type") else {
            self.wrong(
                correlation.at,
                "a correlation needs a `type`: `event_count`, `value_count`, `temporal`...",
            );
            return None;
        };
        let kind = text(node).and_then(|it| it.parse().ok());
        if kind.is_none() {
            let given = text(node).unwrap_or(node.describe());
            self.wrong(
                node.at,
                format!("there is no type of correlations `{given}`: `event_count`, `value_count`, `temporal`, `temporal_ordered`, `value_sum`, `value_avg`, `value_percentile` or `value_median`"),
            );
        }
        kind
    }

    fn rules(&mut self, correlation: &Node) -> Vec<(String, Place)> {
        let Some(node) = correlation.get("rules") else { return Vec::new() };
        let rules = entries(node);
        let expected = if let Kind::Sequence(items) = &node.kind { items.len() } else { 1 };
        if rules.len() != expected {
            self.wrong(node.at, "`rules` lists ids or names of rules");
        }
        rules
    }

    fn timespan(&mut self, correlation: &Node) -> Option<Timespan> {
        let Some(node) = correlation.get("timespan").or_else(|| correlation.get("timeframe")) else {
            self.wrong(correlation.at, "a correlation needs a `timespan`, as `10m`");
            return None;
        };
        let given = text(node).unwrap_or(node.describe());
        let Ok(timespan) = Timespan::parse(given) else {
            self.wrong(
                node.at,
                format!("`{given}` is no timespan: a number and one of `s`, `m`, `h`, `d`, as `10m`"),
            );
            return None;
        };
        Some(timespan)
    }

    fn group_by(&mut self, correlation: &Node) -> Vec<String> {
        let Some(node) = correlation.get("group-by") else { return Vec::new() };
        if matches!(node.kind, Kind::Mapping(_)) {
            self.wrong(node.at, "`group-by` lists fields");
        }
        entries(node).into_iter().map(|(field, _)| field).collect()
    }

    fn aliases(&mut self, correlation: &Node) -> Vec<FieldAlias> {
        let Some(node) = correlation.get("aliases") else { return Vec::new() };
        let Kind::Mapping(aliases) = &node.kind else {
            if !matches!(node.kind, Kind::Null) {
                self.wrong(node.at, "`aliases` maps each alias to rules and their fields");
            }
            return Vec::new();
        };
        let mut read = Vec::new();
        for (alias, _, node) in aliases {
            let mut mapping = HashMap::new();
            let Kind::Mapping(rules) = &node.kind else {
                self.wrong(node.at, format!("the alias `{alias}` maps rules to their fields"));
                continue;
            };
            for (rule, at, field) in rules {
                match text(field) {
                    Some(field) => drop(mapping.insert(rule.clone(), field.to_owned())),
                    None => {
                        self.wrong(*at, format!("the alias `{alias}` needs a field of the rule `{rule}`"))
                    }
                }
            }
            read.push(FieldAlias { alias: alias.clone(), mapping });
        }
        read
    }

    fn generate(&mut self, document: &Node, correlation: &Node) -> bool {
        let Some(node) = document.get("generate").or_else(|| correlation.get("generate")) else {
            return false;
        };
        match text(node).map(str::to_ascii_lowercase).as_deref() {
            Some("true") => true,
            Some("false") => false,
            _ => {
                self.wrong(node.at, "`generate` is `true` or `false`");
                false
            }
        }
    }

    fn condition(&mut self, correlation: &Node, draft: &mut Draft) {
        let temporal = matches!(
            draft.rule.correlation_type,
            CorrelationType::Temporal | CorrelationType::TemporalOrdered
        );
        let condition = correlation.get("condition").filter(|it| !matches!(it.kind, Kind::Null));
        match condition.map(|it| (it, &it.kind)) {
            None if temporal => {}
            None => self.wrong(correlation.at, "a correlation that counts needs a `condition`, as `gte: 10`"),
            Some((node, Kind::Mapping(keys))) => self.bounds(node, keys, draft),
            Some((node, Kind::Scalar(scalar))) if temporal => match parse_condition(&scalar.text) {
                Ok(expression) => draft.expression = Some((expression, node.at)),
                Err(error) => {
                    let offset = error.location().map(|it| it.col.saturating_sub(1) as usize);
                    self.wrong(
                        offset.map_or(node.at, |it| scalar.place(it)),
                        "the condition is names of rules with `and`, `or`, `not` and parentheses between them",
                    );
                }
            },
            Some((node, _)) => {
                let which = if temporal { " or names of rules" } else { "" };
                self.wrong(node.at, format!("the `condition` is bounds, as `gte: 10`{which}"));
            }
        }
        if draft.rules.is_empty() && draft.expression.is_none() {
            self.wrong(correlation.at, "a correlation needs `rules`: ids or names of those it is about");
        }
    }

    fn bounds(&mut self, node: &Node, keys: &[(String, Place, Node)], draft: &mut Draft) {
        let mut bounds = Vec::new();
        let mut fields: Option<Vec<String>> = None;
        for (key, at, value) in keys {
            let number = text(value).and_then(|it| it.parse::<f64>().ok()).filter(|it| it.is_finite());
            match (key.as_str(), key.parse::<ConditionOperator>(), number) {
                ("field", ..) => fields = Some(entries(value).into_iter().map(|(it, _)| it).collect()),
                ("percentile", _, Some(it)) if (0.0..=100.0).contains(&it) => draft.percentile = it,
                ("percentile", ..) => self.wrong(value.at, "a percentile is a number from 0 to 100"),
                (_, Ok(operator), Some(bound)) => bounds.push((operator, bound)),
                (_, Ok(_), None) => self.wrong(value.at, format!("`{key}` needs a number")),
                (_, Err(()), _) => {
                    self.wrong(*at, format!("a condition has no key `{key}`: `gt`, `gte`, `lt`, `lte`, `eq`, `neq`, `field` or `percentile`"));
                }
            }
        }
        let is_bound = |it: &(String, Place, Node)| it.0.parse::<ConditionOperator>().is_ok();
        if !keys.iter().any(is_bound) {
            self.wrong(node.at, "the condition needs a bound: `gt`, `gte`, `lt`, `lte`, `eq` or `neq`");
        }
        let fields = fields.filter(|it| !it.is_empty());
        let kind = draft.rule.correlation_type;
        let counted = fields.as_ref().map_or(0, Vec::len);
        match kind {
            CorrelationType::EventCount | CorrelationType::Temporal | CorrelationType::TemporalOrdered => {}
            _ if counted == 0 => {
                self.wrong(
                    node.at,
                    format!("a correlation of type `{}` needs a `field` in its condition", kind.as_str()),
                );
            }
            CorrelationType::ValueCount => {}
            _ if counted > 1 => {
                self.wrong(
                    node.at,
                    format!("a correlation of type `{}` is about one `field`", kind.as_str()),
                );
            }
            _ => {}
        }
        draft.bounds = Some(bounds);
        draft.rule.condition =
            CorrelationCondition::Threshold { predicates: Vec::new(), field: fields, percentile: None };
    }
}
