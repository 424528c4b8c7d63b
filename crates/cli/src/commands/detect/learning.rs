//! Rules that ask for what was never seen before, and where addresses are: what a run does without.

use yagura_detect::Engines;
use yagura_detect::rule_files::RuleSet;

use super::places::is_queue;
use crate::arguments::DetectArguments;
use crate::failure::{Failure, Told};
use crate::terminal;

/// Leaves only rules that learn.
///
/// # Errors
///
/// There is none, or events would be lost for those who look for more.
pub(super) fn only_new(set: &mut RuleSet, arguments: &DetectArguments) -> Result<(), Failure> {
    if let Some(queue) = arguments.sources.iter().find(|it| is_queue(it)) {
        return Err(Told::new(format!("`--prime` would take the messages of `{queue}` away from detection"))
            .help("name the bucket, with `--since` and `--until`")
            .usage());
    }
    set.falco.clear();
    set.correlations.clear();
    set.sigma.retain(|it| it.new.is_some());
    if set.sigma.is_empty() {
        return Err(Told::new("no rule asks for anything new, so there is nothing to learn")
            .help("leave `--only-rules` away, or give rules with `new`: docs/detections.md")
            .usage());
    }
    Ok(())
}

/// Says which rules match nothing in this run, and why.
pub(super) fn tell_left_out(engines: &Engines, matches: bool) {
    let lacking: Vec<_> = engines.detections().filter_map(|it| it.lacks()).collect();
    let any = |what: bool, word: &'static str| what.then_some(word);
    let what = [
        any(lacking.iter().any(|it| it.countries), "countries"),
        any(lacking.iter().any(|it| it.systems), "networks"),
        any(lacking.iter().any(|it| it.lists), "lists of addresses"),
    ];
    let what: Vec<_> = what.into_iter().flatten().collect();
    if !what.is_empty() {
        terminal::say(&format!(
            "{} about {}: `[detections]` in yagura.toml names no data for them (docs/detections.md, \"Places\")",
            left_out(lacking.len()),
            what.join(", ")
        ));
    }
    let new = engines.detections().filter(|it| it.new_of().is_some() && it.lacks().is_none()).count();
    if matches && new > 0 {
        terminal::say(&format!("{} about what was never seen before: that needs a store", left_out(new)));
    }
}

fn left_out(rules: usize) -> String {
    if rules == 1 { "1 rule is left out".to_owned() } else { format!("{rules} rules are left out") }
}
