//! Rules that ask for what was never seen before, and where addresses are: what a run does without.

use yagura_detect::rule_files::RuleSet;
use yagura_detect::{Detection, Engines};

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

/// Takes out the rules that ask for something new.
pub(super) fn take_new(set: &mut RuleSet) -> RuleSet {
    RuleSet { sigma: set.sigma.extract_if(.., |it| it.new.is_some()).collect(), ..RuleSet::default() }
}

/// Says which rules match nothing in this run, and why: those that lack something, and those that nobody is asked about.
pub(super) fn tell_left_out(engines: &Engines, unasked: &Engines) {
    let all = || engines.detections().chain(unasked.detections());
    let lacking: Vec<_> = all().filter_map(Detection::lacks).collect();
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
    let new = unasked.detections().filter(|it| it.lacks().is_none()).count();
    if new > 0 {
        terminal::say(&format!("{} about what was never seen before: that needs a store", left_out(new)));
    }
}

fn left_out(rules: usize) -> String {
    if rules == 1 { "1 rule is left out".to_owned() } else { format!("{rules} rules are left out") }
}
