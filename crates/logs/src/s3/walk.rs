//! Goes through the planned folders: a few listings at once, files in the order of their keys.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::stream::{self, BoxStream, StreamExt};
use jiff::Timestamp;
use yagura_aws::{ListedObject, ObjectPage};

use super::filter::LogFilter;
use super::layout;
use super::list::{List, Pages};
use super::plan::{self, Branch, Leaf};
use super::{ListError, LogObject};

/// Listings under way at once: of accounts' folders, and of files.
const AT_ONCE: usize = 8;

/// One walk.
pub(super) struct Walk {
    pub(super) list: Arc<dyn List>,
    pub(super) prefix: String,
    pub(super) filter: LogFilter,
    /// The last key that is known, by partition.
    pub(super) known: BTreeMap<String, String>,
}

type Found = Result<LogObject, ListError>;

impl Walk {
    /// All files that are wanted. A folder that cannot be listed is told in its place, and the next ones are gone through.
    pub(super) fn objects(self) -> BoxStream<'static, Found> {
        let walk = Arc::new(self);
        let planning = walk.clone();
        let branches = async move {
            match plan::branches(&*planning.list, &planning.prefix, &planning.filter).await {
                Ok(branches) => branches.into_iter().map(Ok).collect(),
                Err(error) => vec![Err(error)],
            }
        };
        let expanding = walk.clone();
        let listing = walk.clone();
        stream::once(branches)
            .flat_map(stream::iter)
            .map(move |branch: Result<Branch, ListError>| {
                let walk = expanding.clone();
                async move {
                    match plan::leaves(&*walk.list, branch?, &walk.filter).await {
                        Ok(leaves) => Ok(leaves),
                        Err(error) => Err(error),
                    }
                }
            })
            .buffered(AT_ONCE)
            .flat_map(|leaves: Result<Vec<Leaf>, ListError>| {
                stream::iter(match leaves {
                    Ok(leaves) => leaves.into_iter().map(Ok).collect(),
                    Err(error) => vec![Err(error)],
                })
            })
            .map(move |leaf| {
                let walk = listing.clone();
                async move {
                    let mut files = Files::begin(&walk, leaf?);
                    let first = files.next_page().await;
                    Ok((files, first))
                }
            })
            .buffered(AT_ONCE)
            .flat_map(|begun: Result<(Files, Option<Vec<Found>>), ListError>| match begun {
                Ok((files, first)) => files.all(first),
                Err(error) => stream::iter([Err(error)]).boxed(),
            })
            .boxed()
    }
}

/// The files of one leaf.
struct Files {
    walk: Arc<Walk>,
    leaf: Leaf,
    pages: Box<dyn Pages>,
    /// Keys from here on are behind the last day.
    end: Option<String>,
    done: bool,
}

impl Files {
    fn begin(walk: &Arc<Walk>, leaf: Leaf) -> Self {
        let bound = |day| {
            let named = leaf.days?;
            Some(format!("{}{}", leaf.partition, layout::day_folder(day, named.0)))
        };
        let since = walk.filter.since.and_then(bound);
        let known = walk.known.get(&*leaf.partition).cloned();
        // Nothing is between `2026/01/02/` and `2026/01/020` but that day.
        let end = walk.filter.until.and_then(bound).map(|day| format!("{day}0"));
        let pages = walk.list.pages(&leaf.prefix, since.max(known).as_deref(), false);
        Self { walk: walk.clone(), leaf, pages, end, done: false }
    }

    fn all(self, first: Option<Vec<Found>>) -> BoxStream<'static, Found> {
        let rest = stream::unfold(self, |mut files| async move {
            let page = files.next_page().await?;
            Some((page, files))
        });
        stream::iter(first).chain(rest).flat_map(stream::iter).boxed()
    }

    async fn next_page(&mut self) -> Option<Vec<Found>> {
        if self.done {
            return None;
        }
        match self.pages.next().await {
            Ok(Some(page)) => Some(self.chosen(page)),
            Ok(None) => None,
            Err(error) => {
                self.done = true;
                Some(vec![Err(ListError::of(self.walk.list.bucket(), &self.leaf.prefix, error))])
            }
        }
    }

    fn chosen(&mut self, page: ObjectPage) -> Vec<Found> {
        let mut chosen = Vec::new();
        for object in page.objects {
            if self.end.as_ref().is_some_and(|end| object.key >= *end) {
                self.done = true;
                break;
            }
            chosen.extend(self.choose(object).map(Ok));
        }
        chosen
    }

    fn choose(&self, object: ListedObject) -> Option<LogObject> {
        // What some tools make so that a folder exists.
        if object.key.ends_with('/') {
            return None;
        }
        let modified: Option<Timestamp> = object.modified.and_then(|it| it.parse().ok());
        let day = modified.map(|it| it.to_zoned(jiff::tz::TimeZone::UTC).date());
        let place = layout::log_place(&object.key);
        let taken = match &place {
            Some(place) => self.walk.filter.takes(place),
            None => !self.leaf.only_layout && self.walk.filter.takes_modified(day),
        };
        let archived = matches!(object.storage_class.as_deref(), Some("GLACIER" | "DEEP_ARCHIVE"));
        taken.then(|| LogObject {
            key: object.key,
            size: object.size,
            modified,
            archived,
            place,
            partition: self.leaf.partition.clone(),
        })
    }
}
