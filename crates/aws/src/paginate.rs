//! Joins the pages of an answer into one.

use serde_json::{Map, Value};

use crate::tables::Pages;

/// AWS gave back the token that it had just been given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RepeatedToken;

/// The pages read so far, as one answer.
pub(crate) struct Joined<'a> {
    pages: &'a Pages,
    whole: Value,
    count: usize,
    tokens: Vec<Value>,
}

impl<'a> Joined<'a> {
    /// Begins with the first page.
    pub(crate) fn new(pages: &'a Pages, first: Value) -> Self {
        let mut joined = Self { pages, whole: first, count: 1, tokens: Vec::new() };
        joined.tokens = joined.next_tokens(&joined.whole);
        joined
    }

    /// The input of the next page, or `None` when there is none.
    pub(crate) fn next_input(&self, input: &Value) -> Option<Value> {
        if self.tokens.iter().all(Value::is_null) {
            return None;
        }
        let mut next = match input {
            Value::Object(input) => input.clone(),
            _ => Map::new(),
        };
        for (name, token) in self.pages.input_tokens.iter().zip(&self.tokens) {
            if token.is_null() {
                next.remove(&**name);
            } else {
                next.insert(name.to_string(), token.clone());
            }
        }
        Some(Value::Object(next))
    }

    /// Adds the next page.
    pub(crate) fn add(&mut self, mut page: Value) -> Result<(), RepeatedToken> {
        let tokens = self.next_tokens(&page);
        let repeated = tokens == self.tokens && !tokens.iter().all(Value::is_null);
        for path in &self.pages.items {
            if let Some(more) = find_mut(&mut page, path).map(Value::take) {
                append(&mut self.whole, path, more);
            }
        }
        self.count += 1;
        self.tokens = tokens;
        if repeated {
            self.tokens.clear();
            // An operation that botocore has no paginator for may say in this way that there is no more.
            return if self.pages.guessed { Ok(()) } else { Err(RepeatedToken) };
        }
        Ok(())
    }

    /// The whole answer, without what only led from page to page.
    pub(crate) fn finish(mut self) -> Value {
        for path in self.pages.output_tokens.iter().chain(&self.pages.more) {
            for path in path.split("||").map(str::trim).filter(|path| !path.contains('[')) {
                remove(&mut self.whole, path);
            }
        }
        if self.count > 1 {
            for path in &self.pages.items {
                correct_quantity(&mut self.whole, path);
            }
        }
        self.whole
    }

    fn next_tokens(&self, page: &Value) -> Vec<Value> {
        if self.pages.more.as_ref().is_some_and(|more| !find(page, more).is_some_and(is_truthy)) {
            return Vec::new();
        }
        let token = |path: &str| find(page, path).filter(|value| is_truthy(value)).cloned();
        self.pages.output_tokens.iter().map(|path| token(path).unwrap_or_default()).collect()
    }
}

fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
        Value::Bool(true) | Value::Number(_) => true,
    }
}

/// The value at the first path that has one: `NextMarker || Contents[-1].Key`.
fn find<'v>(page: &'v Value, paths: &str) -> Option<&'v Value> {
    paths.split("||").find_map(|path| {
        let mut here = page;
        for step in path.trim().split('.') {
            let (name, last) = match step.strip_suffix("[-1]") {
                Some(name) => (name, true),
                None => (step, false),
            };
            here = here.get(name)?;
            if last {
                here = here.as_array()?.last()?;
            }
        }
        (!here.is_null()).then_some(here)
    })
}

fn find_mut<'v>(page: &'v mut Value, path: &str) -> Option<&'v mut Value> {
    path.split('.').try_fold(page, |here, step| here.get_mut(step)).filter(|found| !found.is_null())
}

/// Lists grow, maps gain entries, numbers add up and texts follow each other, as in boto3's full result.
fn append(whole: &mut Value, path: &str, more: Value) {
    let Some(known) = find_mut(whole, path) else {
        set(whole, path, more);
        return;
    };
    match (known, more) {
        (Value::Array(known), Value::Array(more)) => known.extend(more),
        (Value::Object(known), Value::Object(more)) => known.extend(more),
        (Value::String(known), Value::String(more)) => known.push_str(&more),
        (Value::Number(known), Value::Number(more)) => {
            let sum = match (known.as_i64(), more.as_i64()) {
                (Some(one), Some(other)) => one.checked_add(other).map(Into::into),
                _ => known
                    .as_f64()
                    .zip(more.as_f64())
                    .and_then(|(one, other)| serde_json::Number::from_f64(one + other)),
            };
            if let Some(sum) = sum {
                *known = sum;
            }
        }
        _ => {}
    }
}

fn set(whole: &mut Value, path: &str, value: Value) {
    let (parents, name) = path.rsplit_once('.').unwrap_or(("", path));
    let mut here = whole;
    for step in parents.split('.').filter(|step| !step.is_empty()) {
        let Value::Object(members) = here else { return };
        here = members.entry(step).or_insert_with(|| Value::Object(Map::new()));
    }
    if let Value::Object(members) = here {
        members.insert(name.to_owned(), value);
    }
}

fn remove(whole: &mut Value, path: &str) {
    let (parents, name) = path.rsplit_once('.').unwrap_or(("", path));
    let parent = if parents.is_empty() { Some(whole) } else { find_mut(whole, parents) };
    if let Some(Value::Object(members)) = parent {
        members.remove(name);
    }
}

/// CloudFront says beside each list how long it is.
fn correct_quantity(whole: &mut Value, path: &str) {
    let Some((parents, name)) = path.rsplit_once('.') else { return };
    let Some(Value::Object(members)) = find_mut(whole, parents) else { return };
    let length = members.get(name).and_then(Value::as_array).map(Vec::len);
    if let (Some(length), Some(quantity)) = (length, members.get_mut("Quantity")) {
        *quantity = Value::from(length);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pages(tokens: &[(&str, &str)], items: &[&str], more: Option<&str>) -> Pages {
        Pages {
            input_tokens: tokens.iter().map(|(input, _)| (*input).into()).collect(),
            output_tokens: tokens.iter().map(|(_, output)| (*output).into()).collect(),
            items: items.iter().map(|item| (*item).into()).collect(),
            more: more.map(Into::into),
            guessed: false,
        }
    }

    /// Joins pages, and gives the inputs that asked for the second and later ones.
    fn join(pages: &Pages, answers: Vec<Value>) -> (Value, Vec<Value>) {
        let mut answers = answers.into_iter();
        let mut joined = Joined::new(pages, answers.next().unwrap());
        let mut inputs = Vec::new();
        while let Some(input) = joined.next_input(&json!({ "Size": 2 })) {
            inputs.push(input);
            joined.add(answers.next().unwrap()).unwrap();
        }
        assert_eq!(answers.next(), None, "a page was not asked for");
        (joined.finish(), inputs)
    }

    #[test]
    fn lists_grow_and_the_token_disappears() {
        let pages = pages(&[("NextToken", "NextToken")], &["Users"], None);
        let (whole, inputs) = join(
            &pages,
            vec![
                json!({ "Users": [1, 2], "NextToken": "t", "Owner": "o" }),
                json!({ "Users": [3], "NextToken": "" }),
            ],
        );
        assert_eq!(whole, json!({ "Users": [1, 2, 3], "Owner": "o" }));
        assert_eq!(inputs, [json!({ "Size": 2, "NextToken": "t" })]);
    }

    #[test]
    fn several_tokens_and_a_flag_lead_on() {
        let tokens = [("StartName", "NextName"), ("StartType", "NextType")];
        let pages = pages(&tokens, &["Records"], Some("IsTruncated"));
        let (whole, inputs) = join(
            &pages,
            vec![
                json!({ "Records": [1], "IsTruncated": true, "NextName": "n", "NextType": "A" }),
                json!({ "Records": [2], "IsTruncated": false, "NextName": "ignored" }),
            ],
        );
        assert_eq!(whole, json!({ "Records": [1, 2] }));
        assert_eq!(inputs, [json!({ "Size": 2, "StartName": "n", "StartType": "A" })]);
    }

    #[test]
    fn a_token_can_be_in_the_last_item() {
        let pages =
            pages(&[("Marker", "NextMarker || Contents[-1].Key")], &["Contents"], Some("IsTruncated"));
        let (whole, inputs) = join(
            &pages,
            vec![
                json!({ "Contents": [{ "Key": "a" }, { "Key": "b" }], "IsTruncated": true }),
                json!({ "Contents": [{ "Key": "c" }], "IsTruncated": false }),
            ],
        );
        assert_eq!(whole, json!({ "Contents": [{ "Key": "a" }, { "Key": "b" }, { "Key": "c" }] }));
        assert_eq!(inputs[0]["Marker"], "b");
    }

    #[test]
    fn lists_inside_others_grow_with_their_quantity() {
        let pages = pages(
            &[("Marker", "DistributionList.NextMarker")],
            &["DistributionList.Items"],
            Some("DistributionList.IsTruncated"),
        );
        let page = |items: Value, more: bool| json!({ "DistributionList": { "Items": items, "Quantity": 1, "IsTruncated": more, "NextMarker": "m" } });
        let (whole, _) = join(&pages, vec![page(json!([1]), true), page(json!([2]), false)]);
        assert_eq!(whole, json!({ "DistributionList": { "Items": [1, 2], "Quantity": 2 } }));
    }

    #[test]
    fn numbers_add_up_and_a_page_may_lack_its_list() {
        let pages = pages(&[("Key", "LastKey")], &["Items", "Count"], None);
        let (whole, _) = join(
            &pages,
            vec![
                json!({ "Count": 1, "Items": [1], "LastKey": { "id": 1 } }),
                json!({ "Count": 0, "LastKey": { "id": 2 } }),
                json!({ "Count": 2, "Items": [2, 3] }),
            ],
        );
        assert_eq!(whole, json!({ "Count": 3, "Items": [1, 2, 3] }));
    }

    #[test]
    fn a_token_that_comes_again_is_not_followed_for_ever() {
        let page = || json!({ "Users": [1], "NextToken": "t" });
        let told = pages(&[("NextToken", "NextToken")], &["Users"], None);
        let mut joined = Joined::new(&told, page());
        assert_eq!(joined.add(page()), Err(RepeatedToken));
        let guessed = Pages { guessed: true, ..told };
        let mut joined = Joined::new(&guessed, page());
        joined.add(page()).unwrap();
        assert_eq!(joined.next_input(&json!({})), None);
        assert_eq!(joined.finish(), json!({ "Users": [1, 1] }));
    }
}
