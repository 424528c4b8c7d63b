//! `|windash`: a parameter's dash may be any of five characters.

use rsigma_parser::value::{SigmaString, StringPart};
use rsigma_parser::{Detection, DetectionItem, Modifier, SigmaRule, SigmaValue};

use super::meaning::MeaningError;

/// Every character that a parameter may begin with.
const DASHES: [char; 5] = ['-', '/', '\u{2013}', '\u{2014}', '\u{2015}'];
/// How many parameters a value may have: each multiplies the ways to write it by five.
const MOST: usize = 5;

/// The rule with every way to write its parameters; `None` when it has none.
///
/// The library knows `-` only, wherever it stands, and takes wildcards beside it for plain characters.
pub(super) fn spread(rule: &SigmaRule) -> Result<Option<SigmaRule>, MeaningError> {
    if !rule.detection.named.values().any(has) {
        return Ok(None);
    }
    let mut rule = rule.clone();
    for detection in rule.detection.named.values_mut() {
        change(detection)?;
    }
    Ok(Some(rule))
}

fn is_ours(item: &DetectionItem) -> bool {
    use Modifier::{Base64, Base64Offset, Utf16, Utf16be, Wide};
    // What is encoded besides is left to the library.
    let encoded = [Base64, Base64Offset, Utf16, Utf16be, Wide];
    item.field.has_modifier(Modifier::WindAsh) && !encoded.iter().any(|it| item.field.has_modifier(*it))
}

fn has(detection: &Detection) -> bool {
    match detection {
        Detection::AllOf(items) => items.iter().any(is_ours),
        Detection::AnyOf(inner) | Detection::And(inner) => inner.iter().any(has),
        Detection::ArrayMatch { body, .. } => has(body),
        Detection::Conditional { named, .. } => named.values().any(has),
        Detection::Keywords(_) => false,
    }
}

fn change(detection: &mut Detection) -> Result<(), MeaningError> {
    match detection {
        Detection::AllOf(items) => {
            let mut all = Vec::new();
            for item in items.drain(..) {
                if is_ours(&item) { all.append(&mut ways(item)?) } else { all.push(item) }
            }
            *items = all;
            Ok(())
        }
        Detection::AnyOf(inner) | Detection::And(inner) => inner.iter_mut().try_for_each(change),
        Detection::ArrayMatch { body, .. } => change(body),
        Detection::Conditional { named, .. } => named.values_mut().try_for_each(change),
        Detection::Keywords(_) => Ok(()),
    }
}

/// One item for each value that must match, with its ways.
fn ways(mut item: DetectionItem) -> Result<Vec<DetectionItem>, MeaningError> {
    let all = item.field.has_modifier(Modifier::All);
    item.field.modifiers.retain(|it| !matches!(it, Modifier::WindAsh | Modifier::All));
    let groups: Vec<Vec<SigmaValue>> = match all {
        true => item.values.into_iter().map(|it| vec![it]).collect(),
        false => vec![item.values],
    };
    groups
        .into_iter()
        .map(|values| {
            let mut spread = Vec::new();
            for value in values {
                match value {
                    SigmaValue::String(text) => {
                        spread.extend(texts(text)?.into_iter().map(SigmaValue::String));
                    }
                    other => spread.push(other),
                }
            }
            Ok(DetectionItem { field: item.field.clone(), values: spread })
        })
        .collect()
}

/// Every way to write a text. A dash begins a parameter where a word begins behind it and none ends before it.
fn texts(text: SigmaString) -> Result<Vec<SigmaString>, MeaningError> {
    let (mut found, mut all) = (0, vec![Vec::new()]);
    let original = text.original.clone();
    for part in text.parts {
        let StringPart::Plain(plain) = part else {
            all.iter_mut().for_each(|it| it.push(part.clone()));
            continue;
        };
        let mut written = vec![String::new()];
        let (mut before, mut characters) = (None, plain.chars().peekable());
        while let Some(character) = characters.next() {
            let word = |it: char| it.is_alphanumeric() || it == '_';
            let is_dash = matches!(character, '-' | '/')
                && characters.peek().is_some_and(|it| word(*it))
                && !before.is_some_and(word);
            if is_dash {
                found += 1;
                if found > MOST {
                    return Err(MeaningError::Dashes(original));
                }
                written = written.iter().flat_map(|it| DASHES.map(|dash| format!("{it}{dash}"))).collect();
            } else {
                written.iter_mut().for_each(|it| it.push(character));
            }
            before = Some(character);
        }
        let with = |it: &Vec<StringPart>, plain: &String| {
            let mut parts = it.clone();
            parts.push(StringPart::Plain(plain.clone()));
            parts
        };
        all = all.iter().flat_map(|it| written.iter().map(move |plain| with(it, plain))).collect();
    }
    let whole = |parts| SigmaString { parts, original: original.clone() };
    Ok(all.into_iter().map(whole).collect())
}
