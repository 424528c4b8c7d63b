//! Which operations a collector may call, and what is known of them.

use yagura_aws::{TableError, Tables};

/// Whether an operation is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// It can be called.
    Yes,
    /// There is no such service.
    NoService,
    /// The service has no such operation; perhaps this one was meant.
    NoOperation(Option<String>),
}

/// What is known of AWS's operations, for checking collectors.
pub trait Operations {
    /// Whether `service` has `operation`.
    fn known(&self, service: &str, operation: &str) -> Known;

    /// The parameters of a call, each with whether it is required; `None` when that is not known.
    fn parameters(&self, call: &str) -> Option<Vec<(String, bool)>> {
        let _ = call;
        None
    }

    /// Whether the answer of a call can have something at this path.
    fn answers_with(&self, call: &str, path: &str) -> bool {
        let _ = (call, path);
        true
    }
}

/// Takes every operation for known: for packs that were checked when they were built, and for tests that answer
/// calls themselves.
#[derive(Debug, Clone, Copy, Default)]
pub struct AnyOperation;

impl Operations for AnyOperation {
    fn known(&self, _service: &str, _operation: &str) -> Known {
        Known::Yes
    }
}

impl Operations for Tables {
    fn known(&self, service: &str, operation: &str) -> Known {
        match self.operation(&format!("{service}.{operation}")) {
            Ok(_) => Known::Yes,
            Err(TableError::UnknownOperation { nearest, .. }) => Known::NoOperation(nearest),
            Err(_) => Known::NoService,
        }
    }

    fn parameters(&self, call: &str) -> Option<Vec<(String, bool)>> {
        let operation = self.operation(call).ok()?;
        Some(operation.parameters().map(|(name, required)| (name.to_owned(), required)).collect())
    }

    fn answers_with(&self, call: &str, path: &str) -> bool {
        self.operation(call).is_ok_and(|operation| operation.answers_with(path))
    }
}

const READING: [&str; 7] = ["Describe", "Get", "List", "BatchGet", "Search", "Lookup", "Head"];

/// Operations that read, but hand out what opens doors.
const SECRETS: [&str; 13] = [
    "BatchGetSecretValue",
    "GetAuthorizationToken",
    "GetClusterCredentials",
    "GetClusterCredentialsWithIAM",
    "GetConnectionToken",
    "GetCredentials",
    "GetCredentialsForIdentity",
    "GetFederationToken",
    "GetPasswordData",
    "GetRoleCredentials",
    "GetSecretValue",
    "GetSessionToken",
    "GetTemporaryCredentials",
];

/// Whether an operation only reads, and reads no secret.
pub(crate) fn is_read(service: &str, operation: &str) -> bool {
    let reads = READING.iter().any(|it| operation.starts_with(it));
    let report = service == "iam" && operation == "GenerateCredentialReport";
    (reads || report) && !SECRETS.contains(&operation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_reads_and_keeps_secrets_may_be_called() {
        for (service, operation) in [("ec2", "DescribeInstances"), ("iam", "GenerateCredentialReport")] {
            assert!(is_read(service, operation), "{service}.{operation}");
        }
        for (service, operation) in [
            ("ec2", "TerminateInstances"),
            ("secretsmanager", "GetSecretValue"),
            ("ecr", "GetAuthorizationToken"),
            ("sts", "GetSessionToken"),
            ("kms", "Decrypt"),
            ("other", "GenerateCredentialReport"),
        ] {
            assert!(!is_read(service, operation), "{service}.{operation}");
        }
    }
}
