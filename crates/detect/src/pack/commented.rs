//! Files of Falco's rules with a comment at their end that holds what Sigma files have under `yagura`: Falco reads them without a word.
//!
//! The comment begins with a line `# yagura:`, and every line of it with `#`.

use serde::Deserialize;
use yagura_model::{Diagnostic, Level, Place};

use super::{Example, Extra, PackDetection, Response, Translated};
use crate::falco::rules::Priority;
use crate::places::FixedPlaces;
use crate::yaml::{Kind, Node};

const BEGINS: &str = "# yagura:";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Comment {
    yagura: Commented,
}

/// What the comment says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Commented {
    name: String,
    references: Vec<String>,
    en: English,
    ja: Translated,
    examples: Vec<Example>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct English {
    falsepositives: Vec<String>,
    response: Vec<String>,
}

/// Reads a file with one rule.
pub(super) fn read(shown: &str, text: &str, document: &Node) -> Result<PackDetection, Diagnostic> {
    let wrong = |place: Option<Place>, message: &str| Diagnostic {
        file: shown.to_owned(),
        place,
        level: Level::Error,
        code: "detections/comment",
        message: message.to_owned(),
        help: None,
    };
    let Kind::Sequence(items) = &document.kind else {
        return Err(wrong(Some(document.at), "a file of rules is a list of items"));
    };
    let rules: Vec<_> = items.iter().filter(|it| it.get("rule").is_some()).collect();
    let [rule] = rules.as_slice() else {
        return Err(wrong(Some(document.at), "a detection is a file with one rule"));
    };
    let yaml =
        comment(text).ok_or_else(|| wrong(None, "the comment that begins with `# yagura:` is missing"))?;
    let Comment { yagura: said } = yagura_packs::parse_text(shown, &yaml)?;
    let of = |key: &str| match rule.get(key).map(|it| &it.kind) {
        Some(Kind::Scalar(scalar)) => scalar.text.trim().to_owned(),
        _ => String::new(),
    };
    Ok(PackDetection {
        title: of("rule"),
        id: of("rule"),
        name: said.name,
        description: of("desc"),
        level: level(Priority::parse(&of("priority"))).to_owned(),
        tags: tags(rule.get("tags")),
        references: said.references,
        falsepositives: said.en.falsepositives,
        yagura: Extra {
            en: Response { response: said.en.response },
            ja: said.ja,
            examples: said.examples,
            new: None,
            places: FixedPlaces::default(),
        },
    })
}

/// The comment as YAML, with every line and column where it is in the file.
fn comment(text: &str) -> Option<String> {
    let start = text.lines().position(|line| line == BEGINS)?;
    let lines = text.lines().skip(start).map_while(|line| line.strip_prefix('#'));
    Some(lines.fold("\n".repeat(start), |yaml, line| yaml + " " + line + "\n"))
}

/// Falco's priority as one of the five levels.
fn level(priority: Option<Priority>) -> &'static str {
    match priority {
        Some(Priority::Emergency | Priority::Alert | Priority::Critical) => "critical",
        Some(Priority::Error) => "high",
        Some(Priority::Warning) => "medium",
        Some(Priority::Notice) => "low",
        Some(Priority::Informational | Priority::Debug) | None => "informational",
    }
}

/// ATT&CK's tactics and techniques as Sigma writes them.
fn tags(node: Option<&Node>) -> Vec<String> {
    let Some(Kind::Sequence(items)) = node.map(|it| &it.kind) else { return Vec::new() };
    let of = |it: &Node| {
        let Kind::Scalar(scalar) = &it.kind else { return None };
        let tag = scalar.text.as_str();
        match tag.strip_prefix("mitre_") {
            Some(tactic) => Some(format!("attack.{}", tactic.replace('_', "-"))),
            None if tag.starts_with('T') => Some(format!("attack.{}", tag.to_lowercase())),
            None => None,
        }
    };
    items.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use crate::falco::FieldTable;
    use crate::pack::{PackDetection, test};

    const FILE: &str = r#"- rule: Miner started
  desc: Somebody started it.
  condition: evt.type = execve and proc.name = xmrig
  output: o
  priority: CRITICAL
  tags: [container, mitre_command_and_control, T1496.001]
# yagura:
#   name: miner-started
#   references: [https://example.com]
#   en: { falsepositives: [None.], response: [Stop it.] }
#   ja: { title: 採掘, description: 開始されました。, response: [止めます。] }
#   examples:
#     - { name: miner, match: true, event: { output_fields: { evt.type: execve, proc.name: xmrig } } }
#     - { name: shell, match: false, event: { output_fields: { evt.type: execve, proc.name: sh } } }
"#;

    #[test]
    fn texts_and_examples_stand_in_a_comment() {
        let read = PackDetection::read("m.yaml", FILE).unwrap();
        assert_eq!(
            (read.name.as_str(), read.title.as_str(), read.level.as_str()),
            ("miner-started", "Miner started", "critical")
        );
        assert_eq!(read.tags, ["attack.command-and-control", "attack.t1496.001"]);
        let (fields, _) = FieldTable::load(&yagura_packs::Packs::embedded());
        let tested = test("m.yaml", FILE, &fields);
        assert_eq!((tested.right, tested.diagnostics), (2, vec![]));
    }

    #[test]
    fn mistakes_in_it_are_told_where_they_stand() {
        let wrong = PackDetection::read("m.yaml", &FILE.replace("#   name:", "#   nam:")).unwrap_err();
        let place = wrong.place.unwrap();
        assert_eq!((place.line, place.column), (8, 5), "{wrong}");
        let none = PackDetection::read("m.yaml", &FILE.replace("# yagura:", "# texts:")).unwrap_err();
        assert_eq!(none.message, "the comment that begins with `# yagura:` is missing");
    }
}
