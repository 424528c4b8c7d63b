//! Fields of Kubernetes' audit events.
//!
//! They say what Falco's plugin for the audit log says, since rules were written against it: <https://falco.org/docs/reference/plugins/>.

mod each;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde_json::Value as Json;

use super::value::Value;
use crate::event::{Event, Found, PathId, Paths, Scalar};

pub(crate) use each::Each;
use each::How;

/// How a field is made.
#[derive(Debug, Clone)]
pub(crate) enum Field {
    /// Whatever stands there, as a text.
    Value(PathId),
    /// The items of a list, as texts.
    List(PathId),
    /// Something of each item of a list.
    Each(Each),
    /// Of the rules of a role: all items of their lists.
    Rules { rules: PathId, key: &'static str, index: Option<usize> },
    /// The name of a pod that is asked for itself.
    PodName { resource: PathId, subresource: PathId, name: PathId },
    /// A parameter of the request's address.
    Parameter { uri: PathId, name: String },
    /// Names of those that a role is bound to.
    Subjects { subjects: PathId, kind: &'static str, with_namespace: bool },
    /// Whether any container is privileged.
    Privileged(PathId),
    /// Whether a volume is a path of the host.
    HostPath { volumes: PathId, path: String },
    /// What kinds of volumes there are.
    VolumeTypes { volumes: PathId, index: Option<usize> },
    /// Always `true`: documented to say nothing, but it has always been so.
    True,
}

impl Field {
    /// The field of a name.
    pub(super) fn new(name: &str, argument: Option<&str>, paths: &mut Paths) -> Option<Self> {
        let index = argument.and_then(|it| it.parse().ok());
        if let Some(field) = name.strip_prefix("ka.req.pod.") {
            for list in ["containers", "initContainers", "ephemeralContainers"] {
                if let Some(field) = field.strip_prefix(list).and_then(|it| it.strip_prefix('.')) {
                    return Each::of_containers(list, field, index, paths).map(Self::Each);
                }
            }
        }
        let annotation = |paths: &mut Paths, key: &str| Self::Value(paths.add(["annotations", key]));
        let mut at = |keys: &[&str]| paths.add(keys.iter().copied());
        Some(match name {
            "ka.auditid" => Self::Value(at(&["auditID"])),
            "ka.stage" => Self::Value(at(&["stage"])),
            "ka.user.name" => Self::Value(at(&["user", "username"])),
            "ka.user.groups" => Self::List(at(&["user", "groups"])),
            "ka.impuser.name" => Self::Value(at(&["impersonatedUser", "username"])),
            "ka.verb" => Self::Value(at(&["verb"])),
            "ka.uri" => Self::Value(at(&["requestURI"])),
            "ka.uri.param" => Self::Parameter { uri: at(&["requestURI"]), name: argument?.to_owned() },
            "ka.target.name" | "ka.req.configmap.name" => Self::Value(at(&["objectRef", "name"])),
            "ka.target.namespace" => Self::Value(at(&["objectRef", "namespace"])),
            "ka.target.resource" => Self::Value(at(&["objectRef", "resource"])),
            "ka.target.subresource" => Self::Value(at(&["objectRef", "subresource"])),
            "ka.target.pod.name" => Self::PodName {
                resource: at(&["objectRef", "resource"]),
                subresource: at(&["objectRef", "subresource"]),
                name: at(&["responseObject", "metadata", "name"]),
            },
            "ka.req.binding.subjects" => Self::List(at(&["requestObject", "subjects"])),
            "ka.req.binding.subjects.user_names" => {
                Self::subjects(at(&["requestObject", "subjects"]), "User")
            }
            "ka.req.binding.subjects.group_names" => {
                Self::subjects(at(&["requestObject", "subjects"]), "Group")
            }
            "ka.req.binding.subjects.serviceaccount_names" => {
                Self::subjects(at(&["requestObject", "subjects"]), "ServiceAccount")
            }
            "ka.req.binding.subjects.serviceaccount_ns_names" => Self::Subjects {
                subjects: at(&["requestObject", "subjects"]),
                kind: "ServiceAccount",
                with_namespace: true,
            },
            "ka.req.binding.subject.has_name" => Self::True,
            "ka.req.binding.role" => Self::Value(at(&["requestObject", "roleRef", "name"])),
            "ka.req.configmap.obj" => Self::Value(at(&["requestObject", "data"])),
            "ka.req.container.image" => {
                Self::Each(Each::of_containers("containers", "image", Some(0), paths)?)
            }
            "ka.req.container.image.repository" => {
                Self::Each(Each::of_containers("containers", "image.repository", Some(0), paths)?)
            }
            "ka.req.pod.host_ipc" => Self::Value(at(&["requestObject", "spec", "hostIPC"])),
            "ka.req.pod.host_network" | "ka.req.container.host_network" => {
                Self::Value(at(&["requestObject", "spec", "hostNetwork"]))
            }
            "ka.req.pod.host_pid" => Self::Value(at(&["requestObject", "spec", "hostPID"])),
            "ka.req.container.privileged" => Self::Privileged(at(&["requestObject", "spec", "containers"])),
            "ka.req.pod.run_as_user" => {
                Self::Value(at(&["requestObject", "spec", "securityContext", "runAsUser"]))
            }
            "ka.req.pod.run_as_group" => {
                Self::Value(at(&["requestObject", "spec", "securityContext", "runAsGroup"]))
            }
            "ka.req.pod.fs_group" => {
                Self::Value(at(&["requestObject", "spec", "securityContext", "fsGroup"]))
            }
            "ka.req.pod.supplemental_groups" => {
                Self::List(at(&["requestObject", "spec", "securityContext", "supplementalGroups"]))
            }
            "ka.req.role.rules" => Self::List(at(&["requestObject", "rules"])),
            "ka.req.role.rules.verbs" => {
                Self::Rules { rules: at(&["requestObject", "rules"]), key: "verbs", index }
            }
            "ka.req.role.rules.resources" => {
                Self::Rules { rules: at(&["requestObject", "rules"]), key: "resources", index }
            }
            "ka.req.role.rules.apiGroups" => {
                Self::Rules { rules: at(&["requestObject", "rules"]), key: "apiGroups", index }
            }
            "ka.req.role.rules.nonResourceURLs" => {
                Self::Rules { rules: at(&["requestObject", "rules"]), key: "nonResourceURLs", index }
            }
            "ka.req.service.type" => Self::Value(at(&["requestObject", "spec", "type"])),
            "ka.req.service.ports" => {
                Self::Each(Each::of_list(at(&["requestObject", "spec", "ports"]), &[], index, How::Text))
            }
            "ka.req.volume.hostpath" => Self::HostPath {
                volumes: at(&["requestObject", "spec", "volumes"]),
                path: argument?.to_owned(),
            },
            "ka.req.pod.volumes.hostpath" => Self::Each(Each::of_list(
                at(&["requestObject", "spec", "volumes"]),
                &["hostPath", "path"],
                index,
                How::Text,
            )),
            "ka.req.pod.volumes.flexvolume_driver" => Self::Each(Each::of_list(
                at(&["requestObject", "spec", "volumes"]),
                &["flexVolume", "driver"],
                index,
                How::Text,
            )),
            "ka.req.pod.volumes.volume_type" => {
                Self::VolumeTypes { volumes: at(&["requestObject", "spec", "volumes"]), index }
            }
            "ka.resp.name" => Self::Value(at(&["responseObject", "metadata", "name"])),
            "ka.response.code" => Self::Value(at(&["responseStatus", "code"])),
            "ka.response.reason" => Self::Value(at(&["responseStatus", "reason"])),
            "ka.useragent" => Self::Value(at(&["userAgent"])),
            "ka.sourceips" => Self::List(at(&["sourceIPs"])),
            "ka.auth.decision" => annotation(paths, "authorization.k8s.io/decision"),
            "ka.auth.reason" => annotation(paths, "authorization.k8s.io/reason"),
            "ka.auth.openshift.decision" => annotation(paths, "authentication.openshift.io/decision"),
            "ka.auth.openshift.username" => annotation(paths, "authentication.openshift.io/username"),
            "ka.validations.admission.policy.failure" => {
                annotation(paths, "validation.policy.admission.k8s.io/validation_failure")
            }
            "ka.security.pod.violations" => annotation(paths, "pod-security.kubernetes.io/audit-violations"),
            "ka.cluster.name" => annotation(paths, "cluster_name"),
            _ => return None,
        })
    }

    fn subjects(subjects: PathId, kind: &'static str) -> Self {
        Self::Subjects { subjects, kind, with_namespace: false }
    }

    pub(super) fn of<'v>(&self, event: &'v Event<'_>) -> Option<Value<'v>> {
        match self {
            Self::Value(path) => found_text(&event.get(*path)?).map(Value::Text),
            Self::List(path) => Some(Value::Texts(items(event, *path)?.iter().filter_map(text).collect())),
            Self::Each(each) => each.of(event),
            Self::Rules { rules, key, index } => {
                let rules = chosen(items(event, *rules)?, *index);
                let lists = rules.filter_map(|rule| rule.get(key)?.as_array());
                Some(Value::Texts(lists.flatten().filter_map(text).collect()))
            }
            Self::PodName { resource, subresource, name } => {
                let itself = event.text(*resource) == Some("pods")
                    && event.text(*subresource).unwrap_or_default().is_empty();
                itself.then(|| event.text(*name)).flatten().map(Value::text)
            }
            Self::Parameter { uri, name } => {
                let (_, query) = event.text(*uri)?.split_once('?')?;
                let mut pairs = query.split('&').map(|it| it.split_once('=').unwrap_or((it, "")));
                let (_, value) = pairs.find(|(key, _)| decoded(key) == *name)?;
                Some(Value::Text(Cow::Owned(decoded(value))))
            }
            Self::Subjects { subjects, kind, with_namespace } => {
                let all = items(event, *subjects).unwrap_or_default();
                let of_kind = all.iter().filter(|it| it["kind"].as_str() == Some(kind));
                let names = of_kind.filter_map(|it| {
                    let name = it["name"].as_str()?;
                    match with_namespace {
                        true => Some(Cow::Owned(format!("{}:{name}", it["namespace"].as_str()?))),
                        false => Some(Cow::Borrowed(name)),
                    }
                });
                Some(Value::Texts(names.collect()))
            }
            Self::Privileged(containers) => {
                let any =
                    items(event, *containers)?.iter().any(|it| it["securityContext"]["privileged"] == true);
                Some(Value::text(if any { "true" } else { "false" }))
            }
            Self::HostPath { volumes, path } => {
                let any =
                    items(event, *volumes)?.iter().filter_map(|it| it["hostPath"]["path"].as_str()).any(
                        |it| path.strip_suffix('*').map_or(it == path, |beginning| it.starts_with(beginning)),
                    );
                Some(Value::text(if any { "true" } else { "false" }))
            }
            Self::VolumeTypes { volumes, index } => {
                let volumes = chosen(items(event, *volumes)?, *index).filter_map(Json::as_object);
                let kinds = volumes.flat_map(|it| it.keys()).filter(|key| *key != "name");
                Some(Value::Texts(kinds.map(|it| Cow::Borrowed(it.as_str())).collect()))
            }
            Self::True => Some(Value::text("true")),
        }
    }
}

/// The items of a list.
fn items<'v>(event: &'v Event<'_>, path: PathId) -> Option<&'v [Json]> {
    match event.get(path)? {
        Found::Tree(Json::Array(items)) => Some(items),
        _ => None,
    }
}

/// All items, or one.
fn chosen(items: &[Json], index: Option<usize>) -> impl Iterator<Item = &Json> {
    items.iter().enumerate().filter(move |(n, _)| index.is_none_or(|index| index == *n)).map(|(_, item)| item)
}

/// A value as a text; of nothing there is none.
fn text(value: &Json) -> Option<Cow<'_, str>> {
    match value {
        Json::Null => None,
        Json::String(text) => Some(Cow::Borrowed(text)),
        other => Some(Cow::Owned(other.to_string())),
    }
}

fn found_text<'v>(found: &Found<'v>) -> Option<Cow<'v, str>> {
    match found {
        Found::Tree(tree) => text(tree),
        Found::Scalar(Scalar::Null) => None,
        Found::Scalar(Scalar::Text(text)) => Some(Cow::Borrowed(text)),
        Found::Scalar(Scalar::Bool(value)) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
        Found::Scalar(Scalar::Integer(number)) => Some(Cow::Owned(number.to_string())),
        Found::Scalar(Scalar::Float(number)) => Some(Cow::Owned(Json::from(*number).to_string())),
    }
}

/// A part of an address with `%41` and `+` undone.
fn decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}
