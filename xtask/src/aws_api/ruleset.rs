//! Evaluates botocore's endpoint rules for one region, with every parameter but region, FIPS and dual-stack left out.
//!
//! Only what rules ask of those parameters is known here; a rule that gets as far as asking for more is an error, so
//! that no wrong host is written.

use std::collections::HashMap;

use serde_json::{Value, json};

/// What is asked: where, and over which kind of endpoint.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    pub region: &'a str,
    pub fips: bool,
    pub dual_stack: bool,
    /// `aws.partition(region)`: the partition's outputs.
    pub partition: &'a Value,
}

/// An endpoint as the rules give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub host: String,
    pub signing_name: Option<String>,
    pub signing_region: Option<String>,
}

type Variables = HashMap<String, Value>;

/// The endpoint, or `None` when the rules say that there is none of this kind.
pub fn evaluate(rules: &Value, question: Question<'_>) -> Result<Option<Endpoint>, String> {
    let mut variables = Variables::new();
    for (name, parameter) in rules["parameters"].as_object().into_iter().flatten() {
        if !parameter["default"].is_null() {
            variables.insert(name.clone(), parameter["default"].clone());
        }
    }
    variables.insert("Region".into(), json!(question.region));
    variables.insert("UseFIPS".into(), json!(question.fips));
    variables.insert("UseDualStack".into(), json!(question.dual_stack));
    variables.insert("UseGlobalEndpoint".into(), json!(false));
    // Reading what there is belongs to the control plane.
    variables.insert("ApiType".into(), json!("ControlPlane"));
    match first_match(&rules["rules"], &variables, question)? {
        Some(Found::Endpoint(endpoint)) => Ok(Some(endpoint)),
        Some(Found::Refused) => Ok(None),
        None => Err("no rule matches".to_owned()),
    }
}

enum Found {
    Endpoint(Endpoint),
    Refused,
}

fn first_match(
    rules: &Value,
    variables: &Variables,
    question: Question<'_>,
) -> Result<Option<Found>, String> {
    for rule in rules.as_array().into_iter().flatten() {
        let mut scope = variables.clone();
        if !conditions_hold(&rule["conditions"], &mut scope, question)? {
            continue;
        }
        let found = match rule["type"].as_str() {
            Some("endpoint") => Some(Found::Endpoint(endpoint(&rule["endpoint"], &scope)?)),
            Some("error") => Some(Found::Refused),
            _ => first_match(&rule["rules"], &scope, question)?,
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn conditions_hold(
    conditions: &Value,
    scope: &mut Variables,
    question: Question<'_>,
) -> Result<bool, String> {
    for condition in conditions.as_array().into_iter().flatten() {
        let value = call(condition, scope, question)?;
        if value.is_null() || value == false {
            return Ok(false);
        }
        if let Some(name) = condition["assign"].as_str() {
            scope.insert(name.to_owned(), value);
        }
    }
    Ok(true)
}

fn call(function: &Value, scope: &Variables, question: Question<'_>) -> Result<Value, String> {
    let argument = |index: usize| value(&function["argv"][index], scope, question);
    let name = function["fn"].as_str().unwrap_or_default();
    Ok(match name {
        "isSet" => json!(!argument(0)?.is_null()),
        "not" => json!(argument(0)? != true),
        "booleanEquals" | "stringEquals" => json!(argument(0)? == argument(1)?),
        "aws.partition" => question.partition.clone(),
        "isValidHostLabel" => json!(argument(0)?.as_str().is_some_and(|it| !it.is_empty())),
        "getAttr" => attribute(&argument(0)?, function["argv"][1].as_str().unwrap_or_default()),
        "parseURL" | "aws.parseArn" | "substring" if argument(0)?.is_null() => Value::Null,
        other => return Err(format!("the endpoint rules ask for `{other}`, which is not known here")),
    })
}

fn attribute(of: &Value, path: &str) -> Value {
    let mut here = of;
    for step in path.split('.') {
        let (name, index) = step.split_once('[').unwrap_or((step, ""));
        if !name.is_empty() {
            here = &here[name];
        }
        if let Ok(index) = index.trim_end_matches(']').parse::<usize>() {
            here = &here[index];
        }
    }
    here.clone()
}

fn value(argument: &Value, scope: &Variables, question: Question<'_>) -> Result<Value, String> {
    if let Some(name) = argument["ref"].as_str() {
        return Ok(scope.get(name).cloned().unwrap_or_default());
    }
    if argument["fn"].is_string() {
        return call(argument, scope, question);
    }
    match argument.as_str() {
        Some(text) => fill(text, scope).map(Value::String),
        None => Ok(argument.clone()),
    }
}

/// Fills `{Name}` and `{Name#attribute}`.
fn fill(template: &str, scope: &Variables) -> Result<String, String> {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        let (name, after) = behind.split_once('}').ok_or_else(|| format!("`{template}` lacks a brace"))?;
        let (name, path) = name.split_once('#').unwrap_or((name, ""));
        let found = scope.get(name).cloned().unwrap_or_default();
        let found = if path.is_empty() { found } else { attribute(&found, path) };
        text.push_str(before);
        text.push_str(found.as_str().ok_or_else(|| format!("`{template}` names what is not known"))?);
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}

fn endpoint(endpoint: &Value, scope: &Variables) -> Result<Endpoint, String> {
    let url = fill(endpoint["url"].as_str().unwrap_or_default(), scope)?;
    let host = url.strip_prefix("https://").unwrap_or(&url);
    if host.is_empty() || host.contains('/') {
        return Err(format!("the endpoint `{url}` is not a host over HTTPS"));
    }
    let schemes = endpoint["properties"]["authSchemes"].as_array();
    let scheme = schemes.and_then(|all| all.iter().find(|scheme| scheme["name"] == "sigv4"));
    let part = |key: &str| -> Result<Option<String>, String> {
        scheme.and_then(|scheme| scheme[key].as_str()).map(|text| fill(text, scope)).transpose()
    };
    Ok(Endpoint {
        host: host.to_owned(),
        signing_name: part("signingName")?,
        signing_region: part("signingRegion")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(rules: &Value, fips: bool) -> Result<Option<Endpoint>, String> {
        let partition = json!({ "dnsSuffix": "amazonaws.com", "supportsFIPS": true });
        evaluate(rules, Question { region: "eu-west-1", fips, dual_stack: false, partition: &partition })
    }

    #[test]
    fn the_first_rule_whose_conditions_hold_gives_the_endpoint() {
        let rules = json!({
            "parameters": { "UseFIPS": { "type": "Boolean", "default": false } },
            "rules": [
                { "type": "error", "conditions": [{ "fn": "isSet", "argv": [{ "ref": "Endpoint" }] }] },
                {
                    "type": "tree",
                    "conditions": [{ "fn": "aws.partition", "argv": [{ "ref": "Region" }], "assign": "P" }],
                    "rules": [
                        {
                            "type": "error",
                            "conditions": [{ "fn": "booleanEquals", "argv": [{ "ref": "UseFIPS" }, true] }],
                        },
                        {
                            "type": "endpoint",
                            "conditions": [],
                            "endpoint": {
                                "url": "https://thing.{Region}.{P#dnsSuffix}",
                                "properties": { "authSchemes": [{ "name": "sigv4", "signingRegion": "us-east-1" }] },
                            },
                        },
                    ],
                },
            ],
        });
        let endpoint = asked(&rules, false).unwrap().unwrap();
        assert_eq!(endpoint.host, "thing.eu-west-1.amazonaws.com");
        assert_eq!(endpoint.signing_region.as_deref(), Some("us-east-1"));
        assert_eq!(asked(&rules, true), Ok(None));
    }

    #[test]
    fn a_rule_that_asks_for_more_than_is_known_is_refused() {
        let rules =
            json!({ "rules": [{ "type": "endpoint", "conditions": [{ "fn": "aws.isMoon", "argv": [] }] }] });
        assert_eq!(
            asked(&rules, false).unwrap_err(),
            "the endpoint rules ask for `aws.isMoon`, which is not known here"
        );
    }
}
