//! Finds the rules that correlations refer to, and works out what must be known of their events.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rsigma_eval::Pipeline;
use rsigma_eval::pipeline::apply_pipelines_to_correlation;
use rsigma_parser::{ConditionExpr, ConditionOperator, CorrelationCondition, CorrelationType};
use yagura_model::{Diagnostic, Place};

use super::super::load::{Rule, told};
use super::Correlation;
use super::definition::{Definition, Expression, Reference};
use super::read::{CODE, Draft};

/// The id and the name that something can be referred to by.
type Names = (Option<String>, Option<String>);

/// What a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Target {
    /// What its matches are called: an id, else a title.
    called: String,
    /// Which correlation it is, if it is one.
    correlation: Option<usize>,
    names: Vec<String>,
}

/// A draft whose rules were found.
struct Found {
    targets: Vec<Target>,
    order: Vec<usize>,
    expression: Option<Expression>,
}

/// Makes correlations ready; says of rules whether they are shown, and what correlations read of their events.
pub(in super::super) fn resolve(
    drafts: Vec<Draft>,
    names: &[Names],
    rules: &mut [Rule],
    pipelines: &[Pipeline],
    mistakes: &mut Vec<Diagnostic>,
) -> Vec<Correlation> {
    let mut ready = Vec::new();
    for mut draft in drafts {
        match apply_pipelines_to_correlation(pipelines, &mut draft.rule) {
            Ok(_) => ready.push(draft),
            Err(error) => {
                let message = format!("a pipeline refuses the correlation: {error}");
                mistakes.push(told(&draft.file, Some(draft.at), "sigma/pipeline", message));
            }
        }
    }
    let known = known(&ready, names, rules);
    let mut found = Vec::new();
    for draft in &ready {
        match find(draft, &known) {
            Ok(it) => found.push(Some(it)),
            Err(mut wrong) => {
                mistakes.append(&mut wrong);
                found.push(None);
            }
        }
    }
    let order = order(&ready, &found, mistakes);
    let mut wanted = Wanted::default();
    let mut correlations = Vec::new();
    // From those that nobody asks to those that are asked: what is asked of them is known then.
    for index in order.into_iter().rev() {
        if let Some(Some(found)) = found.get(index) {
            correlations.push(wanted.correlation(&ready[index], found));
        }
    }
    for correlation in &mut correlations {
        correlation.shown = !wanted.hidden.contains(&correlation.name);
    }
    for rule in rules {
        rule.shown = !wanted.hidden.contains(&rule.name);
        rule.fed =
            wanted.fields.get(&rule.name).map(|it| it.iter().map(|it| Arc::from(it.as_str())).collect());
    }
    correlations.reverse();
    correlations
}

/// What a correlation's matches are called.
fn called(draft: &Draft) -> String {
    draft.rule.id.clone().unwrap_or_else(|| draft.rule.title.clone())
}

/// Everything that can be referred to.
fn known(drafts: &[Draft], names: &[Names], rules: &[Rule]) -> HashMap<String, Vec<Target>> {
    let rules = names.iter().zip(rules).map(|(names, rule)| (names.clone(), rule.name.clone(), None));
    let drafts = drafts
        .iter()
        .enumerate()
        .map(|(index, draft)| ((draft.rule.id.clone(), draft.rule.name.clone()), called(draft), Some(index)));
    let mut known: HashMap<String, Vec<Target>> = HashMap::new();
    for ((id, name), called, correlation) in rules.chain(drafts) {
        let names: Vec<String> = id.into_iter().chain(name).collect();
        for it in &names {
            let target = Target { called: called.clone(), correlation, names: names.clone() };
            let all = known.entry(it.clone()).or_default();
            if !all.contains(&target) {
                all.push(target);
            }
        }
    }
    known
}

fn find(draft: &Draft, known: &HashMap<String, Vec<Target>>) -> Result<Found, Vec<Diagnostic>> {
    let mut wrong = Vec::new();
    let mut mistake = |at: Place, message: String, help: Option<String>| {
        wrong.push(Diagnostic { help, ..told(&draft.file, Some(at), CODE, message) });
    };
    let mut named: Vec<(String, Place)> = draft.rules.clone();
    if let Some((expression, at)) = &draft.expression {
        let mut inside = Vec::new();
        let mut selector = false;
        mentioned(expression, &mut inside, &mut selector);
        if selector {
            mistake(*at, "the condition names rules one by one: `of` has no meaning here".to_owned(), None);
        }
        if named.is_empty() {
            named = inside.iter().map(|it| (it.clone(), *at)).collect();
        }
        for it in inside.iter().filter(|it| !named.iter().any(|(name, _)| name == *it)) {
            mistake(*at, format!("the condition names `{it}`, which is not among the `rules`"), None);
        }
        for (it, at) in named.iter().filter(|(name, _)| !inside.contains(name)) {
            mistake(*at, format!("the condition does not name `{it}`"), None);
        }
    }
    let mut targets: Vec<Target> = Vec::new();
    let mut places = HashMap::new();
    let mut order = Vec::new();
    for (name, at) in &named {
        let target = match known.get(name).map(Vec::as_slice) {
            Some([target]) => target,
            Some(_) => {
                let help = "write its id".to_owned();
                mistake(*at, format!("more than one rule is called `{name}`"), Some(help));
                continue;
            }
            None => {
                // Long names take long to compare, and are seldom mistyped.
                let alike = known.keys().filter(|it| name.len() <= 64 && it.len().abs_diff(name.len()) <= 3);
                let near = alike.map(|it| (strsim::levenshtein(it, name), it)).min();
                let help = match near {
                    Some((distance, it)) if distance <= 3 => format!("did you mean `{it}`?"),
                    _ => "the file with the rule must be loaded, too, and the rule be without mistakes"
                        .to_owned(),
                };
                mistake(*at, format!("no rule or correlation has the id or name `{name}`"), Some(help));
                continue;
            }
        };
        let index = targets.iter().position(|it| it == target).unwrap_or_else(|| {
            targets.push(target.clone());
            targets.len() - 1
        });
        places.insert(name.as_str(), index);
        order.push(index);
    }
    let expression = draft.expression.as_ref().and_then(|(it, _)| compiled(it, &places));
    if let Some((it, _)) = &draft.expression {
        // What must not be there is in no order.
        let mut must = Vec::new();
        wanted_by(it, &mut must);
        order.retain(|index| must.iter().any(|name| places.get(name.as_str()) == Some(index)));
    }
    if wrong.is_empty() { Ok(Found { targets, order, expression }) } else { Err(wrong) }
}

/// The names in a condition, in their order.
fn mentioned(expression: &ConditionExpr, names: &mut Vec<String>, selector: &mut bool) {
    match expression {
        ConditionExpr::And(inner) | ConditionExpr::Or(inner) => {
            inner.iter().for_each(|it| mentioned(it, names, selector));
        }
        ConditionExpr::Not(inner) => mentioned(inner, names, selector),
        ConditionExpr::Identifier(name) => {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        ConditionExpr::Selector { .. } => *selector = true,
    }
}

/// The names that are not behind `not`.
fn wanted_by(expression: &ConditionExpr, names: &mut Vec<String>) {
    match expression {
        ConditionExpr::And(inner) | ConditionExpr::Or(inner) => {
            inner.iter().for_each(|it| wanted_by(it, names));
        }
        ConditionExpr::Identifier(name) => names.push(name.clone()),
        ConditionExpr::Not(_) | ConditionExpr::Selector { .. } => {}
    }
}

fn compiled(expression: &ConditionExpr, places: &HashMap<&str, usize>) -> Option<Expression> {
    let all = |inner: &[ConditionExpr]| inner.iter().map(|it| compiled(it, places)).collect::<Option<_>>();
    Some(match expression {
        ConditionExpr::And(inner) => Expression::All(all(inner)?),
        ConditionExpr::Or(inner) => Expression::Any(all(inner)?),
        ConditionExpr::Not(inner) => Expression::Not(Box::new(compiled(inner, places)?)),
        ConditionExpr::Identifier(name) => Expression::Matched(*places.get(name.as_str())?),
        ConditionExpr::Selector { .. } => return None,
    })
}

/// Correlations with those that they refer to before them. Those that cannot work are told.
fn order(drafts: &[Draft], found: &[Option<Found>], mistakes: &mut Vec<Diagnostic>) -> Vec<usize> {
    let below = |index: usize| {
        let targets = found.get(index).and_then(Option::as_ref).map_or(&[][..], |it| &it.targets);
        targets.iter().filter_map(|it| it.correlation)
    };
    let mut ordered: Vec<usize> = Vec::new();
    let mut done = HashSet::new();
    let mut broken: HashSet<usize> = (0..drafts.len()).filter(|it| found[*it].is_none()).collect();
    loop {
        let mut any = false;
        for index in 0..drafts.len() {
            if done.contains(&index) || broken.contains(&index) {
                continue;
            }
            if let Some(wrong) = below(index).find(|it| broken.contains(it)) {
                let message = format!(
                    "the correlation `{}`, to which this one refers, has a mistake",
                    called(&drafts[wrong])
                );
                mistakes.push(told(&drafts[index].file, Some(drafts[index].at), CODE, message));
                broken.insert(index);
                any = true;
            } else if below(index).all(|it| done.contains(&it)) {
                done.insert(index);
                ordered.push(index);
                any = true;
            }
        }
        if !any {
            break;
        }
    }
    for index in (0..drafts.len()).filter(|it| !done.contains(it) && !broken.contains(it)) {
        let draft = &drafts[index];
        let next =
            below(index).find(|it| !done.contains(it)).map(|it| called(&drafts[it])).unwrap_or_default();
        let message =
            format!("correlations refer to each other in a circle: `{}` to `{next}` and on", called(draft));
        let place = draft.rules.first().map_or(draft.at, |(_, at)| *at);
        mistakes.push(told(&draft.file, Some(place), CODE, message));
    }
    ordered
}

/// What correlations ask of rules and of each other.
#[derive(Default)]
struct Wanted {
    /// Fields, by rule or correlation.
    fields: HashMap<String, BTreeSet<String>>,
    /// Whose matches are not told.
    hidden: HashSet<String>,
}

impl Wanted {
    fn correlation(&mut self, draft: &Draft, found: &Found) -> Correlation {
        let (rule, name) = (&draft.rule, called(draft));
        let counted = match &rule.condition {
            CorrelationCondition::Threshold { field: Some(fields), .. } => fields.clone(),
            _ => Vec::new(),
        };
        let asked = self.fields.get(&name).cloned().unwrap_or_default();
        let carries: Vec<String> = asked.into_iter().filter(|it| !rule.group_by.contains(it)).collect();
        let mut references = Vec::new();
        for target in &found.targets {
            let field = |name: &String| -> String {
                let alias = rule.aliases.iter().find(|it| it.alias == *name);
                let of = |it: &String| alias.and_then(|alias| alias.mapping.get(it));
                target.names.iter().find_map(of).unwrap_or(name).clone()
            };
            let reference = Reference {
                name: target.called.clone(),
                group_by: rule.group_by.iter().map(field).collect(),
                counted: counted.iter().map(field).collect(),
                carries: carries.iter().map(field).collect(),
            };
            let fields = self.fields.entry(target.called.clone()).or_default();
            let all = [&reference.group_by, &reference.counted, &reference.carries];
            fields.extend(all.into_iter().flatten().cloned());
            if !rule.generate {
                self.hidden.insert(target.called.clone());
            }
            references.push(reference);
        }
        let ordered = rule.correlation_type == CorrelationType::TemporalOrdered;
        let all = if ordered { found.order.len() } else { references.len() };
        #[expect(clippy::cast_precision_loss, reason = "rules are far fewer than 2^52")]
        let all_of_them = vec![(ConditionOperator::Gte, all as f64)];
        let seconds = i64::try_from(rule.timespan.seconds).unwrap_or(i64::MAX);
        let definition = Definition {
            kind: rule.correlation_type,
            references,
            order: found.order.clone(),
            group_by: rule.group_by.clone(),
            span: seconds.saturating_mul(1_000_000),
            bounds: draft.bounds.clone().unwrap_or(all_of_them),
            percentile: draft.percentile,
            expression: found.expression.clone(),
            carries,
        };
        Correlation {
            name,
            title: rule.title.clone(),
            level: rule.level.map_or("informational", |it| it.as_str()).to_owned(),
            file: draft.file.clone(),
            at: draft.at,
            tags: rule.tags.clone(),
            shown: true,
            definition,
        }
    }
}
