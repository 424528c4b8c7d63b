//! Something of each item of a list: of containers, volumes, ports.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::{chosen, found_text, items, text};
use crate::event::{Event, PathId, Paths};
use crate::falco::value::Value;

/// Something of each item of a list, or of one.
#[derive(Debug, Clone)]
pub(crate) struct Each {
    list: PathId,
    keys: &'static [&'static str],
    index: Option<usize>,
    how: How,
    /// Of the pod itself: what holds for containers that say nothing.
    otherwise: Option<PathId>,
}

/// What is made of what is found in an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// A text; of a list its items.
    Text,
    /// A list, with blanks between.
    Joined,
    /// The name of an image, without its tag and digest.
    Repository,
    /// Ports of the host, else of the container.
    Ports,
    /// The id of the user or group; of the pod where the container says nothing; else 0.
    Effective,
}

impl Each {
    pub(super) fn of_list(
        list: PathId,
        keys: &'static [&'static str],
        index: Option<usize>,
        how: How,
    ) -> Self {
        Self { list, keys, index, how, otherwise: None }
    }

    /// A field of the containers of a pod.
    pub(super) fn of_containers(
        list: &str,
        field: &str,
        index: Option<usize>,
        paths: &mut Paths,
    ) -> Option<Self> {
        let (keys, how): (&'static [&'static str], How) = match field {
            "name" => (&["name"], How::Text),
            "image" => (&["image"], How::Text),
            "image.repository" => (&["image"], How::Repository),
            "command" => (&["command"], How::Joined),
            "args" => (&["args"], How::Joined),
            "host_port" => (&["ports"], How::Ports),
            "privileged" => (&["securityContext", "privileged"], How::Text),
            "allow_privilege_escalation" => (&["securityContext", "allowPrivilegeEscalation"], How::Text),
            "read_only_fs" => (&["securityContext", "readOnlyRootFilesystem"], How::Text),
            "run_as_user" => (&["securityContext", "runAsUser"], How::Text),
            "run_as_group" => (&["securityContext", "runAsGroup"], How::Text),
            "eff_run_as_user" => (&["securityContext", "runAsUser"], How::Effective),
            "eff_run_as_group" => (&["securityContext", "runAsGroup"], How::Effective),
            "proc_mount" => (&["securityContext", "procMount"], How::Text),
            "add_capabilities" => (&["securityContext", "capabilities", "add"], How::Text),
            _ => return None,
        };
        let otherwise = (how == How::Effective)
            .then(|| keys.last().map(|key| paths.add(["requestObject", "spec", "securityContext", key])))
            .flatten();
        Some(Self { list: paths.add(["requestObject", "spec", list]), keys, index, how, otherwise })
    }

    pub(super) fn of<'v>(&self, event: &'v Event<'_>) -> Option<Value<'v>> {
        let items = items(event, self.list)?;
        if self.index.is_some_and(|index| index >= items.len()) {
            return None;
        }
        let mut texts = Vec::new();
        for item in chosen(items, self.index) {
            let found = self.keys.iter().try_fold(item, |at, key| at.get(*key)).filter(|it| !it.is_null());
            match (self.how, found) {
                (How::Effective, found) => {
                    let own = found.and_then(text);
                    let of_pod = || found_text(&event.get(self.otherwise?)?);
                    texts.push(own.or_else(of_pod).unwrap_or(Cow::Borrowed("0")));
                }
                (_, None) => {}
                (How::Text, Some(Json::Array(inner))) => texts.extend(inner.iter().filter_map(text)),
                (How::Text, Some(found)) => texts.extend(text(found)),
                (How::Joined, Some(found)) => {
                    let words: Vec<_> = found.as_array()?.iter().filter_map(Json::as_str).collect();
                    texts.push(Cow::Owned(words.join(" ")));
                }
                (How::Repository, Some(found)) => {
                    texts.extend(found.as_str().map(|it| Cow::Borrowed(repository(it))))
                }
                (How::Ports, Some(found)) => {
                    let ports = found.as_array()?.iter();
                    texts.extend(
                        ports.filter_map(|it| text(it.get("hostPort").or_else(|| it.get("containerPort"))?)),
                    );
                }
            }
        }
        let one = self.index.is_some() && texts.len() == 1 && self.how != How::Ports;
        Some(if one { Value::Text(texts.swap_remove(0)) } else { Value::Texts(texts) })
    }
}

/// The name of an image without its tag and digest. A port of its registry is no tag.
fn repository(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => image,
    }
}
