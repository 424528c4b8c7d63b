//! What other products call a type of resource, in our words: those of CloudFormation.

use std::collections::BTreeMap;

use yagura_model::ResourceType;
use yagura_report::asff_resource_type;

/// Container images in a registry of AWS: no collector lists them, several detectors speak of them.
pub(crate) const IMAGE: &str = "AWS::ECR::ContainerImage";

/// ASFF's names of what no collector reads.
const OTHERS: &[(&str, &str)] = &[
    ("AwsEcrContainerImage", IMAGE),
    ("AwsIamAccessKey", "AWS::IAM::AccessKey"),
    ("AwsEcsTask", "AWS::ECS::Task"),
    ("AwsS3Object", "AWS::S3::Object"),
    ("Container", "Container::Container"),
];

/// Other names of types, by the name without case.
#[derive(Debug, Default)]
pub(super) struct Types {
    ours: BTreeMap<String, ResourceType>,
}

impl Types {
    /// The other names of these types.
    pub(super) fn of<'a>(types: impl Iterator<Item = &'a ResourceType>) -> Self {
        let mut ours = BTreeMap::new();
        for resource in types {
            let joined: String = resource.as_str().split("::").collect();
            let names = [asff_resource_type(resource.as_str()).to_owned(), joined, resource.to_string()];
            for name in names.into_iter().filter(|name| name != "Other") {
                ours.entry(name.to_ascii_lowercase()).or_insert_with(|| resource.clone());
            }
        }
        for (theirs, resource) in OTHERS {
            ours.insert(theirs.to_ascii_lowercase(), ResourceType::from(*resource));
        }
        Self { ours }
    }

    /// Our name; a type that nobody here knows keeps its own.
    pub(super) fn ours(&self, theirs: &str) -> ResourceType {
        self.ours.get(&theirs.to_ascii_lowercase()).cloned().unwrap_or_else(|| ResourceType::from(theirs))
    }
}
