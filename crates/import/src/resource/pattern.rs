//! How the ARNs of one type are built, read backwards: from an ARN to the id.

/// ARNs are at most so long. Source: IAM User Guide, "IAM identifiers"; what is longer is not looked through.
const LONGEST: usize = 2_048;

/// A template of an ARN and of the id that stands in it.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    resource: Vec<Part>,
    id: Vec<Part>,
    /// How many letters are fixed: of two patterns that fit, the one with more says more.
    pub(super) fixed: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Fixed(String),
    Slot(String),
}

/// What stands around the last part of an ARN.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) arn: &'a str,
    pub(super) account: &'a str,
    pub(super) region: &'a str,
}

impl Pattern {
    /// From the last part of an ARN's template and the template of the id.
    pub(super) fn new(resource: &str, id: &str) -> Self {
        let resource = parts(resource);
        let fixed =
            resource.iter().map(|part| if let Part::Fixed(text) = part { text.len() } else { 0 }).sum();
        Self { resource, id: parts(id), fixed }
    }

    /// Whether the id can be told from the ARN at all.
    pub(super) fn tells_the_id(&self) -> bool {
        self.id.iter().all(|part| match part {
            Part::Fixed(_) => true,
            Part::Slot(name) => is_around(name) || self.resource.contains(part),
        })
    }

    /// The id, when the last part of an ARN is as this pattern says.
    pub(super) fn id(&self, resource: &str, around: Around<'_>) -> Option<String> {
        let mut found = Vec::new();
        if resource.len() > LONGEST || !fits(&self.resource, resource, around, &mut found) {
            return None;
        }
        let mut id = String::new();
        for part in &self.id {
            match part {
                Part::Fixed(text) => id.push_str(text),
                Part::Slot(name) => match known(name, around) {
                    Some(text) => id.push_str(text),
                    None => id.push_str(found.iter().find(|(slot, _)| slot == name)?.1),
                },
            }
        }
        Some(id)
    }

    /// The ARN's last part and the id with these texts in their slots: for tests that go the other way.
    #[cfg(test)]
    pub(super) fn filled(&self, around: Around<'_>, value: impl Fn(&str) -> String) -> (String, String) {
        let fill = |parts: &[Part]| -> String {
            let text = |part: &Part| match part {
                Part::Fixed(text) => text.clone(),
                Part::Slot(name) => known(name, around).map_or_else(|| value(name), str::to_owned),
            };
            parts.iter().map(text).collect()
        };
        (fill(&self.resource), fill(&self.id))
    }
}

/// Slots that the ARN's other parts fill.
fn is_around(name: &str) -> bool {
    matches!(name, "arn" | "account" | "region" | "dns")
}

fn known<'a>(name: &str, around: Around<'a>) -> Option<&'a str> {
    match name {
        "arn" => Some(around.arn),
        "account" => Some(around.account),
        "region" => Some(around.region),
        "dns" if around.region.starts_with("cn-") => Some("amazonaws.com.cn"),
        "dns" => Some("amazonaws.com"),
        _ => None,
    }
}

/// Splits `text/{Slot}`.
fn parts(template: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((fixed, behind)) = rest.split_once('{') {
        if !fixed.is_empty() {
            parts.push(Part::Fixed(fixed.to_owned()));
        }
        let Some((slot, behind)) = behind.split_once('}') else { return parts };
        parts.push(Part::Slot(slot.to_owned()));
        rest = behind;
    }
    if !rest.is_empty() {
        parts.push(Part::Fixed(rest.to_owned()));
    }
    parts
}

/// Slots take as little as they can, so that what is fixed is found where it stands first.
fn fits<'p, 't>(
    parts: &'p [Part],
    text: &'t str,
    around: Around<'_>,
    found: &mut Vec<(&'p str, &'t str)>,
) -> bool {
    let Some((part, rest)) = parts.split_first() else { return text.is_empty() };
    let name = match part {
        Part::Fixed(fixed) => {
            return text.strip_prefix(fixed.as_str()).is_some_and(|behind| fits(rest, behind, around, found));
        }
        Part::Slot(name) => name.as_str(),
    };
    if let Some(expected) = known(name, around) {
        return text.strip_prefix(expected).is_some_and(|behind| fits(rest, behind, around, found));
    }
    // Nothing stands behind the last slot: it takes the rest or nothing.
    if rest.is_empty() {
        let taken = may_take(name, text);
        if taken {
            found.push((name, text));
        }
        return taken;
    }
    for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
        let (taken, behind) = text.split_at(end);
        if !may_take(name, taken) {
            if taken.is_empty() {
                continue;
            }
            return false;
        }
        found.push((name, taken));
        if fits(rest, behind, around, found) {
            return true;
        }
        found.pop();
    }
    false
}

fn may_take(slot: &str, text: &str) -> bool {
    match slot {
        "_path" => true,
        "_" => !text.is_empty() && !text.contains(['/', ':']),
        "_six" => text.len() == 6 && text.bytes().all(|it| it.is_ascii_alphanumeric()),
        _ if slot.ends_with("|last") => !text.is_empty() && !text.contains('/'),
        _ => !text.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AROUND: Around<'_> = Around { arn: "arn:x", account: "111122223333", region: "eu-west-1" };

    #[test]
    fn a_slot_takes_what_stands_in_its_place() {
        let role = Pattern::new("role/{_path}{RoleName|last}", "{RoleName|last}");
        assert_eq!(role.id("role/a/b/admin", AROUND).as_deref(), Some("admin"));
        assert_eq!(role.id("role/admin", AROUND).as_deref(), Some("admin"));
        assert_eq!(role.id("role/", AROUND), None);
        assert_eq!(role.id("user/admin", AROUND), None);
        let queue = Pattern::new("{Name|last}", "https://sqs.{region}.{dns}/{account}/{Name|last}");
        assert_eq!(
            queue.id("jobs", AROUND).as_deref(),
            Some("https://sqs.eu-west-1.amazonaws.com/111122223333/jobs")
        );
    }

    #[test]
    fn a_pattern_knows_whether_its_id_stands_in_the_arn() {
        assert!(Pattern::new("vpc/{VpcId}", "{VpcId}").tells_the_id());
        assert!(!Pattern::new("key-pair/{KeyPairId}", "{KeyName}").tells_the_id());
    }

    #[test]
    fn hostile_text_costs_no_more_than_any_other() {
        let pattern = Pattern::new("a/{One}/{Two}/{Three}/end", "{One}");
        assert_eq!(pattern.id(&"a/".repeat(400), AROUND), None);
    }
}
