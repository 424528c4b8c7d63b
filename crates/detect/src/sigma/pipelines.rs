//! Processing pipelines: files of pySigma that change rules before they are used, above all the names of fields.
//!
//! Source: <https://sigmahq.io/docs/digging-deeper/pipelines.html>

use rsigma_eval::{Pipeline, parse_pipeline};
use yagura_model::{Diagnostic, Level};

use super::load::told;
use crate::yaml::{self, Kind, Node};

const CODE: &str = "sigma/pipeline";

/// What a pipeline may have at its top. What concerns queries is passed over: rules are not turned into any.
const KEYS: [&str; 10] = [
    "name",
    "id",
    "description",
    "priority",
    "vars",
    "transformations",
    "postprocessing",
    "finalizers",
    "allowed_backends",
    "author",
];

/// Whether a document of YAML is a pipeline.
pub(crate) fn is_pipeline(document: &Node) -> bool {
    let has = |key: &str| document.get(key).is_some();
    (has("transformations") || has("postprocessing") || has("finalizers")) && !has("detection")
}

/// Reads a file. Without a pipeline, the mistakes say why.
pub(super) fn read(file: &str, text: &str) -> (Option<Pipeline>, Vec<Diagnostic>) {
    let documents = match yaml::read(text) {
        Ok(documents) => documents,
        Err(wrong) => return (None, vec![told(file, Some(wrong.at), CODE, wrong.message)]),
    };
    let [document] = documents.as_slice() else {
        let message = format!("a pipeline is one document, but there are {}", documents.len());
        return (None, vec![told(file, documents.get(1).map(|it| it.at), CODE, message)]);
    };
    if !is_pipeline(document) {
        let message = "this is no pipeline: there are no `transformations`".to_owned();
        return (None, vec![told(file, Some(document.at), CODE, message)]);
    }
    let mut odd = Vec::new();
    if let Kind::Mapping(keys) = &document.kind {
        for (key, at, _) in keys.iter().filter(|(key, ..)| !KEYS.contains(&key.as_str())) {
            let message = format!("a pipeline has no key `{key}`");
            odd.push(Diagnostic { level: Level::Warning, ..told(file, Some(*at), CODE, message) });
        }
    }
    let wrong = match parse_pipeline(text) {
        Ok(pipeline) if pipeline.is_dynamic() => {
            "values out of other sources (`${source...}`) are not supported: write them under `vars`"
                .to_owned()
        }
        Ok(pipeline) => return (Some(pipeline), odd),
        Err(error) => error.to_string(),
    };
    odd.push(told(file, Some(culprit(document, text).unwrap_or(document).at), CODE, wrong));
    (None, odd)
}

/// The first transformation with which the file cannot be read any more, where each begins on a line of its own.
fn culprit<'d>(document: &'d Node, text: &str) -> Option<&'d Node> {
    let Kind::Sequence(items) = &document.get("transformations")?.kind else {
        return document.get("transformations");
    };
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let before = |line: u32| lines.get(..line.saturating_sub(1) as usize).unwrap_or(&lines).concat();
    // A part of the file that holds a mistake is wrong with everything behind it, too.
    let ends: Vec<u32> = items.iter().skip(1).map(|it| it.at.line).collect();
    items.get(ends.partition_point(|line| parse_pipeline(&before(*line)).is_ok()))
}
