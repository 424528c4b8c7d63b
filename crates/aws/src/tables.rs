//! The operations that can be called: the tables of `packs/aws-api`, read one service at a time when first asked for.

mod notation;
mod read;
mod shapes;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use thiserror::Error;
use yagura_packs::Packs;

pub(crate) use shapes::{
    Map, Member, Operation, Pages, PathPart, Place, Protocol, Service, Structure, StructureId, TimeFormat,
    Type,
};

/// A call is not in the tables, or its table is broken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TableError {
    /// Not `service.Operation`.
    #[error("`{0}` is not a call: `service.Operation` is expected")]
    NotACall(String),
    /// There is no table for the service.
    #[error("the service `{0}` is not in the tables")]
    UnknownService(String),
    /// The service's table lacks the operation.
    #[error("`{service}` has no operation `{operation}`{}", did_you_mean(.nearest.as_deref()))]
    UnknownOperation {
        /// The service.
        service: String,
        /// The operation asked for.
        operation: String,
        /// The operation that is spelled most alike.
        nearest: Option<String>,
    },
    /// The table cannot be read.
    #[error("`{file}` cannot be used: {why}")]
    Broken {
        /// The table's file.
        file: String,
        /// What is wrong with it.
        why: String,
    },
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

/// The tables of all services. Cheap to clone; clones share what was read.
#[derive(Clone)]
pub struct Tables {
    packs: Arc<Packs>,
    services: Arc<RwLock<HashMap<Box<str>, Arc<Service>>>>,
}

impl Tables {
    /// The tables of these packs. Nothing is read yet.
    #[must_use]
    pub fn new(packs: Arc<Packs>) -> Self {
        Self { packs, services: Arc::default() }
    }

    /// Looks a call up: `ec2.DescribeInstances`.
    ///
    /// # Errors
    ///
    /// [`TableError`] when the tables lack the service or the operation.
    pub fn operation(&self, call: &str) -> Result<OperationRef, TableError> {
        let (service, operation) =
            call.split_once('.').ok_or_else(|| TableError::NotACall(call.to_owned()))?;
        let service = self.service(service)?;
        let Some(operation) = service.operation(operation) else {
            return Err(TableError::UnknownOperation {
                service: service.name.to_string(),
                operation: operation.to_owned(),
                nearest: nearest(operation, service.operations.iter().map(|it| &*it.name)),
            });
        };
        Ok(OperationRef { service, index: operation })
    }

    fn service(&self, name: &str) -> Result<Arc<Service>, TableError> {
        let known = self.services.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        if let Some(service) = known {
            return Ok(service);
        }
        let service = Arc::new(read::service(&self.packs, name)?);
        let mut services = self.services.write().unwrap_or_else(PoisonError::into_inner);
        Ok(services.entry(name.into()).or_insert(service).clone())
    }
}

impl std::fmt::Debug for Tables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tables(..)")
    }
}

/// One operation of the tables.
#[derive(Clone)]
pub struct OperationRef {
    service: Arc<Service>,
    index: usize,
}

impl OperationRef {
    pub(crate) fn service(&self) -> &Service {
        &self.service
    }

    pub(crate) fn operation(&self) -> &Operation {
        &self.service.operations[self.index]
    }

    /// The names of its parameters, each with whether it is required.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, bool)> {
        let input = self.operation().input.map(|id| self.service.structure(id));
        input.into_iter().flat_map(|input| &input.members).map(|member| (&*member.name, member.required))
    }

    /// Whether its answer can have something at this path: `Reservations[].Instances[].InstanceId`. The `[]` may be
    /// left out, and what is behind a map or free JSON is never unknown.
    #[must_use]
    pub fn answers_with(&self, path: &str) -> bool {
        let Some(output) = self.operation().output else { return false };
        let mut here = Type::Structure(output);
        for step in path.split('.').map(|step| step.trim_end_matches("[]")).filter(|step| !step.is_empty()) {
            while let Type::List(list) = here {
                here = list.element.clone();
            }
            here = match here {
                Type::Structure(id) => match self.service.structure(id).by_name(step) {
                    Some(member) => member.shape.clone(),
                    None => return false,
                },
                Type::Map(map) => map.value.clone(),
                Type::Document | Type::Policy | Type::JsonHeader | Type::JsonOrText => return true,
                _ => return false,
            };
        }
        true
    }

    /// Whether the answer comes in pages, as botocore's own paginators tell.
    #[must_use]
    pub fn has_paginator(&self) -> bool {
        self.operation().pages.as_ref().is_some_and(|pages| !pages.guessed)
    }
}

impl std::fmt::Debug for OperationRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.service.name, self.operation().name)
    }
}

/// The name spelled most alike, if one is near enough to be what was meant.
pub(crate) fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let best = names.map(|name| (distance(word, name), name)).min()?;
    (best.0 <= word.len() / 3).then(|| best.1.to_owned())
}

/// How many letters must be added, removed or changed to get from one word to the other.
fn distance(one: &str, other: &str) -> usize {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let changed = diagonal + usize::from(!a.eq_ignore_ascii_case(b));
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables() -> Tables {
        Tables::new(Arc::new(Packs::embedded()))
    }

    #[test]
    fn every_embedded_table_can_be_read() {
        let tables = tables();
        let mut seen = 0;
        for file in
            tables.packs.below("aws-api", "json").filter(|file| !file.path.ends_with("/endpoints.json"))
        {
            let name = file.path.trim_start_matches("aws-api/").trim_end_matches(".json");
            let service = tables.service(name).unwrap();
            assert!(!service.operations.is_empty(), "{name}");
            seen += 1;
        }
        assert!(seen > 150, "{seen} tables");
    }

    #[test]
    fn a_misspelled_operation_is_told_with_the_nearest_one() {
        let error = tables().operation("ec2.DescribeInstance").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`ec2` has no operation `DescribeInstance`; did you mean `DescribeInstances`?"
        );
        assert_eq!(
            tables().operation("ec3.DescribeInstances").unwrap_err().to_string(),
            "the service `ec3` is not in the tables"
        );
        assert_eq!(
            tables().operation("DescribeInstances").unwrap_err().to_string(),
            "`DescribeInstances` is not a call: `service.Operation` is expected"
        );
    }

    #[test]
    fn an_operation_knows_its_parameters_and_what_it_answers() {
        let policy = tables().operation("s3.GetBucketPolicy").unwrap();
        assert!(policy.parameters().any(|(name, required)| name == "Bucket" && required));
        assert!(policy.answers_with("Policy"));
        let instances = tables().operation("ec2.DescribeInstances").unwrap();
        assert!(instances.answers_with("Reservations[].Instances[].MetadataOptions.HttpTokens"));
        assert!(!instances.answers_with("Reservations[].Instances[].MetadataOption"));
    }
}
