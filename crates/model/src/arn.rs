//! Amazon resource names.

use thiserror::Error;

/// The six parts of an ARN, borrowed from its text.
///
/// Source: AWS General Reference, "Amazon Resource Names (ARNs)".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: &'a str,
    /// The service's namespace: `ec2`, `iam`, `s3`.
    pub service: &'a str,
    /// Empty for services without regions.
    pub region: &'a str,
    /// Empty for S3 buckets and objects.
    pub account: &'a str,
    /// Everything behind the fifth colon: `security-group/sg-1`.
    pub resource: &'a str,
}

/// A text was not an ARN.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not an ARN: `arn:partition:service:region:account:resource` is expected")]
pub struct ArnError(String);

impl<'a> Arn<'a> {
    /// Splits an ARN into its parts.
    ///
    /// # Errors
    ///
    /// [`ArnError`] when there are fewer than six parts, the first is not `arn`, or the service or resource is empty.
    pub fn parse(text: &'a str) -> Result<Self, ArnError> {
        let mut parts = text.splitn(6, ':');
        let mut next = || parts.next();
        match (next(), next(), next(), next(), next(), next()) {
            (Some("arn"), Some(partition), Some(service), Some(region), Some(account), Some(resource))
                if !partition.is_empty() && !service.is_empty() && !resource.is_empty() =>
            {
                Ok(Self { partition, service, region, account, resource })
            }
            _ => Err(ArnError(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colons_behind_the_fifth_belong_to_the_resource() {
        let arn = Arn::parse("arn:aws:logs:eu-west-1:111122223333:log-group:/a:*").unwrap();
        assert_eq!(arn.resource, "log-group:/a:*");
        assert_eq!(arn.account, "111122223333");
    }

    #[test]
    fn what_is_not_an_arn_is_refused() {
        for bad in ["", "*", "arn:aws:s3", "arn::s3:::b", "arn:aws:s3:::", "urn:aws:s3:::b"] {
            assert!(Arn::parse(bad).is_err(), "{bad}");
        }
    }
}
