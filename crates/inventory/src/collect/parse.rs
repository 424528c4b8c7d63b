//! Documents inside texts: JSON policies, and IAM's credential report.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::path::Path;

/// Reads every JSON document at these paths. A text that is none stays as it is: rules tell that they cannot read it.
pub(super) fn parse_documents(paths: &[Path], item: &mut Value) {
    for path in paths {
        path.update(item, &mut |it| {
            if let Some(document) = json(it) {
                *it = document;
            }
        });
    }
}

/// The JSON object or list in a text.
pub(super) fn json(value: &Value) -> Option<Value> {
    let text = value.as_str()?;
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    serde_json::from_str(text).ok()
}

/// The rows of a table whose first line names the fields: plain, or in base64 as AWS sends the credential report.
pub(super) fn csv(value: &Value) -> Option<Value> {
    let text = value.as_str()?;
    let decoded = STANDARD.decode(text.trim()).ok();
    let bytes = decoded.as_deref().unwrap_or(text.as_bytes());
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().ok()?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.ok()?;
        let fields = header.iter().zip(&record).map(|(name, value)| (name.to_owned(), value.into()));
        rows.push(Value::Object(fields.collect::<Map<_, _>>()));
    }
    Some(Value::Array(rows))
}

#[cfg(test)]
mod tests {
    use serde_json::json as value;

    use super::*;

    #[test]
    fn a_credential_report_becomes_rows() {
        let report = "user,arn,mfa_active\n<root_account>,arn:aws:iam::111122223333:root,true\n";
        let rows = value!([{"user": "<root_account>", "arn": "arn:aws:iam::111122223333:root", "mfa_active": "true"}]);
        assert_eq!(csv(&value!(STANDARD.encode(report))), Some(rows.clone()));
        assert_eq!(csv(&value!(report)), Some(rows));
        assert_eq!(csv(&value!("a,b\n1\n")), None, "a row that lacks a field is no table");
    }

    #[test]
    fn only_documents_are_read_from_texts() {
        let mut item = value!({"Policy": "{\"Version\": \"2012-10-17\"}", "Broken": "{", "Number": "5", "List": ["[1]"]});
        let paths: Vec<_> =
            ["Policy", "Broken", "Number", "List[]"].map(|it| Path::parse(it).unwrap()).into();
        parse_documents(&paths, &mut item);
        assert_eq!(
            item,
            value!({"Policy": {"Version": "2012-10-17"}, "Broken": "{", "Number": "5", "List": [[1]]})
        );
    }
}
