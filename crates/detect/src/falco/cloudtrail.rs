//! Fields of CloudTrail events that are made of several parts.
//!
//! They say what Falco's plugin for CloudTrail says, since rules were written against it: <https://falco.org/docs/reference/plugins/>.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::value::{Value, as_number, as_text};
use crate::event::{Event, Found, PathId, Paths};

/// One such field.
#[derive(Debug, Clone)]
pub(crate) enum Made {
    /// `ct.shortsrc`: the service without `.amazonaws.com`.
    ShortSource(PathId),
    /// `ct.user`
    User(User),
    /// `ct.originaluser`
    OriginalUser(User),
    /// `ct.user.accountid`: the caller's, else the account that the event was sent to.
    AccountId { caller: PathId, recipient: PathId },
    /// `ct.info`: who, from where, what.
    Info(Box<Info>),
    /// `ct.resources`
    Resources(PathId),
    /// `s3.uri`
    Uri { bucket: PathId, key: PathId },
    /// `s3.bytes`, `s3.bytes.in`, `s3.bytes.out`: the sum of what is there.
    Bytes(Vec<PathId>),
    /// `s3.cnt.get` and its like: 1 for the events that are counted.
    Count { name: PathId, of: &'static [&'static str], others: bool },
    /// `ec2.name`: the tag `Name` of an instance that is started.
    InstanceName(PathId),
    /// `ec2.imageid` and `ec2.imageids`.
    Images { list: PathId, single: Vec<PathId>, index: Option<usize>, many: bool },
}

/// Who calls.
#[derive(Debug, Clone)]
pub(crate) struct User {
    kind: PathId,
    name: PathId,
    invoked_by: PathId,
    role: PathId,
    arn: PathId,
    principal: PathId,
}

/// What `ct.info` is made of.
#[derive(Debug, Clone)]
pub(crate) struct Info {
    user: User,
    address: PathId,
    name: PathId,
    error: PathId,
    read_only: PathId,
    bytes: Vec<PathId>,
    bucket: PathId,
    key: PathId,
    host: PathId,
}

impl User {
    fn new(paths: &mut Paths) -> Self {
        let mut of = |keys: &[&str]| paths.add(["userIdentity"].iter().chain(keys).copied());
        Self {
            kind: of(&["type"]),
            name: of(&["userName"]),
            invoked_by: of(&["invokedBy"]),
            role: of(&["sessionContext", "sessionIssuer", "userName"]),
            arn: of(&["arn"]),
            principal: of(&["principalId"]),
        }
    }

    /// The user, or the role that a session is of.
    fn of<'v>(&self, event: &'v Event<'_>) -> Option<&'v str> {
        let text = |path: PathId| event.get(path).map(|it| as_text(&it).unwrap_or_default());
        match event.text(self.kind)? {
            "Root" | "IAMUser" => text(self.name),
            "AWSService" => text(self.invoked_by),
            "AssumedRole" => text(self.role).or(Some("AssumedRole")),
            "AWSAccount" => Some("AWSAccount"),
            "FederatedUser" => Some("FederatedUser"),
            _ => None,
        }
    }

    /// The user as CloudTrail writes it: of a role's session its name.
    fn original<'v>(&self, event: &'v Event<'_>) -> Option<&'v str> {
        if event.text(self.kind) != Some("AssumedRole") {
            return event.get(self.name).map(|it| as_text(&it).unwrap_or_default());
        }
        let parts = |path: PathId, separator: char, count: usize| {
            let parts: Vec<_> = event.text(path)?.split(separator).collect();
            (parts.len() == count).then(|| parts[count - 1])
        };
        parts(self.arn, '/', 3).or_else(|| parts(self.principal, ':', 2))
    }
}

impl Made {
    /// The field of a name, if it is one of these.
    pub(super) fn new(name: &str, argument: Option<&str>, paths: &mut Paths) -> Option<Self> {
        const IN: [&str; 2] = ["additionalEventData", "bytesTransferredIn"];
        const OUT: [&str; 2] = ["additionalEventData", "bytesTransferredOut"];
        let event_name = ["eventName"];
        let (bucket, key) = (["requestParameters", "bucketName"], ["requestParameters", "key"]);
        Some(match name {
            "ct.shortsrc" => Self::ShortSource(paths.add(["eventSource"])),
            "ct.user" => Self::User(User::new(paths)),
            "ct.originaluser" => Self::OriginalUser(User::new(paths)),
            "ct.user.accountid" => Self::AccountId {
                caller: paths.add(["userIdentity", "accountId"]),
                recipient: paths.add(["recipientAccountId"]),
            },
            "ct.info" => Self::Info(Box::new(Info {
                user: User::new(paths),
                address: paths.add(["sourceIPAddress"]),
                name: paths.add(event_name),
                error: paths.add(["errorCode"]),
                read_only: paths.add(["readOnly"]),
                bytes: vec![paths.add(IN), paths.add(OUT)],
                bucket: paths.add(bucket),
                key: paths.add(key),
                host: paths.add(["requestParameters", "Host"]),
            })),
            "ct.resources" => Self::Resources(paths.add(["resources"])),
            "s3.uri" => Self::Uri { bucket: paths.add(bucket), key: paths.add(key) },
            "s3.bytes" => Self::Bytes(vec![paths.add(IN), paths.add(OUT)]),
            "s3.bytes.in" => Self::Bytes(vec![paths.add(IN)]),
            "s3.bytes.out" => Self::Bytes(vec![paths.add(OUT)]),
            "s3.cnt.get" => Self::Count { name: paths.add(event_name), of: &["GetObject"], others: false },
            "s3.cnt.put" => Self::Count { name: paths.add(event_name), of: &["PutObject"], others: false },
            "s3.cnt.other" => {
                Self::Count { name: paths.add(event_name), of: &["GetObject", "PutObject"], others: true }
            }
            "ec2.name" => {
                Self::InstanceName(paths.add(["requestParameters", "tagSpecificationSet", "items"]))
            }
            "ec2.imageid" | "ec2.imageids" => Self::Images {
                list: paths.add(["responseElements", "instancesSet", "items"]),
                single: vec![
                    paths.add(["requestParameters", "imageId"]),
                    paths.add(["requestParameters", "DescribeFastLaunchImagesRequest", "ImageId", "content"]),
                    paths.add(["requestParameters", "launchSpecification", "imageId"]),
                ],
                index: if name == "ec2.imageid" { Some(0) } else { argument.and_then(|it| it.parse().ok()) },
                many: name == "ec2.imageids" && argument.is_none(),
            },
            _ => return None,
        })
    }

    pub(super) fn of<'v>(&self, event: &'v Event<'_>) -> Option<Value<'v>> {
        match self {
            Self::ShortSource(path) => {
                let source = event.text(*path)?;
                Some(Value::text(
                    source.strip_suffix(".amazonaws.com").filter(|it| !it.is_empty()).unwrap_or(source),
                ))
            }
            Self::User(user) => user.of(event).map(Value::text),
            Self::OriginalUser(user) => user.original(event).map(Value::text),
            Self::AccountId { caller, recipient } => {
                let found = event.get(*caller).or_else(|| event.get(*recipient))?;
                Some(Value::text(as_text(&found).unwrap_or_default()))
            }
            Self::Info(info) => info.of(event).map(|it| Value::Text(Cow::Owned(it))),
            Self::Resources(path) => match event.get(*path)? {
                Found::Tree(Json::Array(items)) if !items.is_empty() => {
                    let items: Vec<_> = items.iter().map(Json::to_string).collect();
                    Some(Value::Text(Cow::Owned(items.join(","))))
                }
                _ => None,
            },
            Self::Uri { bucket, key } => {
                Some(Value::Text(Cow::Owned(format!("s3://{}/{}", event.text(*bucket)?, event.text(*key)?))))
            }
            Self::Bytes(paths) => sum(event, paths).map(Value::Number),
            Self::Count { name, of, others } => {
                let counted = of.contains(&event.text(*name).unwrap_or_default());
                (counted != *others).then_some(Value::Number(1.0))
            }
            Self::InstanceName(path) => instance_name(event, *path).map(Value::text),
            Self::Images { list, single, index, many } => {
                let mut images = images(event, *list, single, *index)?;
                Some(if *many { Value::Texts(images) } else { Value::Text(images.swap_remove(0)) })
            }
        }
    }
}

/// The sum of the numbers that are there; nothing when none is.
fn sum(event: &Event<'_>, paths: &[PathId]) -> Option<f64> {
    let there: Vec<_> = paths.iter().filter_map(|path| event.get(*path)).collect();
    (!there.is_empty()).then(|| there.iter().map(|it| as_number(it).unwrap_or_default()).sum())
}

fn instance_name<'v>(event: &'v Event<'_>, items: PathId) -> Option<&'v str> {
    let Found::Tree(items) = event.get(items)? else { return None };
    let of_instances = items.as_array()?.iter().filter(|it| it["resourceType"] == "instance");
    let tags = of_instances.filter_map(|it| it["tags"].as_array()).flatten();
    tags.filter(|tag| tag["key"] == "Name").find_map(|tag| tag["value"].as_str()).filter(|it| !it.is_empty())
}

/// At least one image, or nothing.
fn images<'v>(
    event: &'v Event<'_>,
    list: PathId,
    single: &[PathId],
    index: Option<usize>,
) -> Option<Vec<Cow<'v, str>>> {
    if let Some(found) = event.get(list) {
        let items = match found {
            Found::Tree(tree) => tree.as_array().map(Vec::as_slice).unwrap_or_default(),
            Found::Scalar(_) => &[],
        };
        let id = |item: &'v Json| item["imageId"].as_str().map(Cow::Borrowed);
        let images: Vec<_> = match index {
            Some(index) => items.get(index).and_then(id).into_iter().collect(),
            None => items.iter().filter_map(id).filter(|it| !it.is_empty()).collect(),
        };
        return (!images.is_empty()).then_some(images);
    }
    if index.is_some_and(|index| index > 0) {
        return None;
    }
    let found = single.iter().find_map(|path| event.get(*path))?;
    Some(vec![Cow::Borrowed(as_text(&found).unwrap_or_default())])
}

impl Info {
    fn of(&self, event: &Event<'_>) -> Option<String> {
        let user = self.user.of(event)?;
        let address = event.text(self.address).unwrap_or_default();
        let error = if event.get(self.error).is_some() { "!" } else { "" };
        let writes =
            matches!(event.get(self.read_only), Some(Found::Scalar(crate::event::Scalar::Bool(false))));
        let arrow = if writes { "→" } else { "←" };
        let via = if user == address { String::new() } else { format!(" via {address}") };
        let mut info = format!("{user}{via} {error}{arrow} {}", event.text(self.name).unwrap_or_default());
        if let Some(bytes) = sum(event, &self.bytes) {
            info.push_str(&format!(" Size={bytes}"));
        }
        let (bucket, key) = (event.text(self.bucket), event.text(self.key));
        match (bucket, key, event.text(self.host)) {
            (Some(bucket), Some(key), _) => info.push_str(&format!(" URI=s3://{bucket}/{key}")),
            (Some(bucket), None, _) => info.push_str(&format!(" Bucket={bucket}")),
            (None, Some(key), _) => info.push_str(&format!(" Key={key}")),
            (None, None, Some(host)) => info.push_str(&format!(" Host={host}")),
            (None, None, None) => {}
        }
        Some(info)
    }
}
