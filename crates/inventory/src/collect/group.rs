//! Completes the items of one list: further calls stage by stage, then resources, then the resources below them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures::future::{BoxFuture, join};
use serde_json::Value;
use yagura_model::{Gap, ReadStatus, Resource};

use super::also::{elements, fits, picked};
use super::draft::{Draft, Env, Got};
use super::parse::parse_documents;
use super::{ITEMS_AT_ONCE, Place, Reader, bounded};
use crate::collector::{Also, Asks};
use crate::path::{Path, scalar_text};
use crate::plan::Step;
use crate::template::Template;

/// Why an item is not in the answer that should tell of it.
const NOT_ANSWERED: &str = "not-in-answer";

/// One call for many items, and how they are found in its answer.
#[derive(Clone, Copy)]
struct Batch<'a> {
    input: &'a str,
    size: usize,
    key: &'a Template,
    theirs: &'a Path,
}

impl Reader<'_> {
    /// Completes items of one type in one place, and reads the types below.
    pub(super) fn finish<'f>(
        &'f self,
        step: &'f Step,
        place: &'f Place,
        mut drafts: Vec<Draft>,
        parent: Option<&'f Resource>,
    ) -> BoxFuture<'f, Vec<Resource>> {
        Box::pin(async move {
            if drafts.is_empty() {
                return Vec::new();
            }
            self.exclude(step, place, &mut drafts);
            for stage in &step.stages {
                self.run_stage(step, stage, place, parent, &mut drafts).await;
            }
            let env = self.env(step, place, parent);
            let mut resources: Vec<_> =
                drafts.into_iter().map(|draft| self.build(place, env, draft)).collect();
            let below = self.children(step, place, &resources).await;
            resources.extend(below);
            resources
        })
    }

    /// Marks what would be asked of services that are left out.
    fn exclude(&self, step: &Step, place: &Place, drafts: &mut [Draft]) {
        for also in step.excluded.iter().map(|n| &step.collector.also[*n]) {
            let call = self.plan.calls.get(also.call.id).name.to_string();
            let gap = Gap { call, region: place.filed.clone(), status: ReadStatus::Excluded };
            for draft in drafts.iter_mut() {
                draft.apply(&also.gives, None, Got::Unread(gap.clone()));
            }
        }
    }

    async fn children(&self, step: &Step, place: &Place, parents: &[Resource]) -> Vec<Resource> {
        let steps = step.children.iter().map(|n| &self.plan.steps[*n]).filter(|it| self.concerns(it));
        let pairs = steps.flat_map(|child| parents.iter().map(move |parent| (child, parent)));
        let below = pairs.map(|(child, parent)| -> BoxFuture<'_, Vec<Resource>> {
            Box::pin(async move {
                let drafts = self.list(child, place, Some(parent)).await;
                self.finish(child, place, drafts, Some(parent)).await
            })
        });
        bounded(ITEMS_AT_ONCE, below).await.into_iter().flatten().collect()
    }

    /// Makes the calls of one stage at the same time, then stores what they told.
    async fn run_stage(
        &self,
        step: &Step,
        stage: &[usize],
        place: &Place,
        parent: Option<&Resource>,
        drafts: &mut [Draft],
    ) {
        let collector = &step.collector;
        let env = self.env(step, place, parent);
        let (alone, together): (Vec<&Also>, Vec<&Also>) = stage
            .iter()
            .map(|n| &collector.also[*n])
            .partition(|also| matches!(also.asks, Asks::Item | Asks::Each(_)));
        let (by_item, by_call) = {
            let items = &*drafts;
            let alone = &alone;
            let each = items.iter().map(|draft| -> BoxFuture<'_, Vec<Got>> {
                let asked = alone.iter().map(move |also| -> BoxFuture<'_, Got> {
                    Box::pin(self.ask_item(also, place, env.of(draft)))
                });
                Box::pin(bounded(alone.len(), asked))
            });
            let groups = together
                .iter()
                .map(|also| -> BoxFuture<'_, Vec<Got>> { Box::pin(self.ask_group(also, place, env, items)) });
            join(bounded(ITEMS_AT_ONCE, each), bounded(together.len(), groups)).await
        };
        for (draft, told) in drafts.iter_mut().zip(by_item) {
            for (also, got) in alone.iter().zip(told) {
                draft.apply(&also.gives, also.item_empty(), got);
            }
        }
        for (also, told) in together.iter().zip(by_call) {
            for (draft, got) in drafts.iter_mut().zip(told) {
                draft.apply(&also.gives, also.empty.as_ref(), got);
            }
        }
        for draft in drafts {
            parse_documents(&collector.json, &mut draft.item);
        }
    }

    /// What an `also` that is asked for many items at once tells about each.
    async fn ask_group(&self, also: &Also, place: &Place, env: Env<'_>, drafts: &[Draft]) -> Vec<Got> {
        if !self.is_asked(also) {
            return vec![Got::Missing; drafts.len()];
        }
        match &also.asks {
            Asks::Batch { input, size, key, theirs } => {
                let batch = Batch { input, size: *size, key, theirs };
                self.ask_batch(also, batch, place, env, drafts).await
            }
            Asks::Once | Asks::Item | Asks::Each(_) => self.ask_once(also, place, env, drafts).await,
        }
    }

    async fn ask_once(&self, also: &Also, place: &Place, env: Env<'_>, drafts: &[Draft]) -> Vec<Got> {
        let concerned: Vec<_> = drafts.iter().map(|draft| env.of(draft).holds(&also.when)).collect();
        let answer =
            if concerned.contains(&Ok(true)) { self.ask_whole(also, place, env).await } else { Ok(None) };
        let joined = answer.map(|taken| taken.map(|taken| Joined::new(also, taken)));
        let told = drafts.iter().zip(concerned).map(|(draft, concerned)| {
            if !concerned? {
                return Ok(Got::Missing);
            }
            match &joined {
                Ok(Some(joined)) => joined.pick(also, &env.of(draft)),
                Ok(None) => Ok(Got::Missing),
                Err(gap) => Err(gap.clone()),
            }
        });
        told.map(|it: Result<Got, Gap>| it.unwrap_or_else(Got::Unread)).collect()
    }

    async fn ask_whole(&self, also: &Also, place: &Place, env: Env<'_>) -> Result<Option<Value>, Gap> {
        let filled = also.call.input.fill(&env)?;
        if !filled.complete {
            return Ok(None);
        }
        let asked = self.ask(also.call.id, place, &filled.value, also.preparation()).await;
        self.taken(also, place, asked)
    }

    async fn ask_batch(
        &self,
        also: &Also,
        batch: Batch<'_>,
        place: &Place,
        env: Env<'_>,
        drafts: &[Draft],
    ) -> Vec<Got> {
        let base = match also.call.input.fill(&env) {
            Ok(filled) if filled.complete => filled.value,
            Ok(_) => return vec![Got::Missing; drafts.len()],
            Err(gap) => return vec![Got::Unread(gap); drafts.len()],
        };
        let keys: Vec<Result<Option<String>, Gap>> = drafts
            .iter()
            .map(|draft| {
                let env = env.of(draft);
                if env.holds(&also.when)? { batch.key.text(&env) } else { Ok(None) }
            })
            .collect();
        let asked: BTreeSet<&str> = keys.iter().flatten().flatten().map(String::as_str).collect();
        let asked: Vec<&str> = asked.into_iter().collect();
        let chunks = asked.chunks(batch.size).map(|chunk| -> BoxFuture<'_, BTreeMap<String, Got>> {
            Box::pin(self.ask_chunk(also, batch, place, &base, chunk))
        });
        let told: BTreeMap<String, Got> =
            bounded(ITEMS_AT_ONCE, chunks).await.into_iter().flatten().collect();
        keys.into_iter()
            .map(|key| match key {
                Err(gap) => Got::Unread(gap),
                Ok(None) => Got::Missing,
                Ok(Some(key)) => told.get(&key).cloned().unwrap_or(Got::Missing),
            })
            .collect()
    }

    async fn ask_chunk(
        &self,
        also: &Also,
        batch: Batch<'_>,
        place: &Place,
        base: &Value,
        keys: &[&str],
    ) -> BTreeMap<String, Got> {
        let mut input = base.clone();
        if let Value::Object(fields) = &mut input {
            fields.insert(batch.input.to_owned(), keys.iter().copied().collect());
        }
        let asked = self.ask(also.call.id, place, &input, also.preparation()).await;
        let otherwise = match self.taken(also, place, asked) {
            Err(gap) => Got::Unread(gap),
            Ok(None) => Got::Missing,
            Ok(Some(taken)) => {
                let mut told: BTreeMap<String, Got> = BTreeMap::new();
                for element in elements(taken) {
                    let key = batch.theirs.first(&element).and_then(scalar_text).map(Cow::into_owned);
                    if let Some(key) = key {
                        told.entry(key).or_insert(Got::Value(element));
                    }
                }
                for key in keys {
                    told.entry((*key).to_owned()).or_insert_with(|| match also.empty {
                        Some(_) => Got::Missing,
                        None => Got::Unread(self.gap(also, place, NOT_ANSWERED)),
                    });
                }
                return told;
            }
        };
        keys.iter().map(|key| ((*key).to_owned(), otherwise.clone())).collect()
    }
}

impl Also {
    /// What stands for a missing value of one item; that of an element is in the list already.
    fn item_empty(&self) -> Option<&Value> {
        match self.asks {
            Asks::Each(_) => None,
            _ => self.empty.as_ref(),
        }
    }
}

/// One answer for many items, indexed by the first key that they are matched by.
struct Joined {
    list: Vec<Value>,
    whole: bool,
    index: HashMap<String, Vec<usize>>,
}

impl Joined {
    fn new(also: &Also, taken: Value) -> Self {
        if also.pick.is_everything() {
            return Self { list: vec![taken], whole: true, index: HashMap::new() };
        }
        let list = elements(taken);
        let mut index: HashMap<String, Vec<usize>> = HashMap::new();
        if let Some((theirs, _)) = also.pick.keys.first() {
            for (n, element) in list.iter().enumerate() {
                theirs.each(element, &mut |it| {
                    if let Some(key) = scalar_text(it) {
                        index.entry(key.into_owned()).or_default().push(n);
                    }
                });
            }
        }
        Self { list, whole: false, index }
    }

    fn pick(&self, also: &Also, env: &Env<'_>) -> Result<Got, Gap> {
        if self.whole {
            return Ok(self.list.first().cloned().map_or(Got::Missing, Got::Value));
        }
        let candidates: Vec<&Value> = match also.pick.keys.first() {
            None => self.list.iter().collect(),
            Some((_, ours)) => {
                let found = ours.text(env)?.and_then(|key| self.index.get(&key));
                found.into_iter().flatten().map(|n| &self.list[*n]).collect()
            }
        };
        let mut fitting = Vec::new();
        for element in candidates {
            if fits(&also.pick, element, env)? {
                fitting.push(element.clone());
                if !also.pick.many {
                    break;
                }
            }
        }
        Ok(picked(&also.pick, fitting))
    }
}
