//! The policy of a bucket that holds reports: who holds a link reads it from the company's addresses, and from nowhere else.

use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::{Map, Value, json};
use thiserror::Error;
use yagura_model::Partition;

/// What the policy is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketPolicy {
    /// The bucket's name.
    pub bucket: String,
    /// The partition that it is in.
    pub partition: Partition,
    /// Addresses that may read, as AWS sees them from outside.
    pub source_ips: Vec<IpNet>,
    /// VPC endpoints through which may be read: requests through them show no address.
    pub vpc_endpoints: Vec<String>,
    /// Principals who may read from anywhere: ARNs, `*` and `?` allowed. Never the one that signs links.
    pub except: Vec<String>,
}

/// Why there is no policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BucketPolicyError {
    /// Not the name of a bucket.
    #[error("`{0}` is no name of a bucket")]
    Bucket(String),
    /// Nobody could read.
    #[error("name at least one address or VPC endpoint: nobody could read reports otherwise")]
    Nobody,
    /// AWS never sees such an address.
    #[error(
        "`{0}` is an address of a private network, which AWS never sees: name the address towards the internet, or the VPC endpoint"
    )]
    Private(IpNet),
    /// It limits nothing.
    #[error("`{0}` is the whole internet, or a large part of it")]
    Everybody(IpNet),
    /// Not an id.
    #[error("`{0}` is no VPC endpoint: their ids look like `vpce-0123456789abcdef0`")]
    Endpoint(String),
    /// Not an ARN of a principal.
    #[error("`{0}` is no ARN of a principal: `arn:aws:iam::111122223333:role/NAME` is one")]
    Principal(String),
}

impl BucketPolicy {
    /// The policy as JSON.
    ///
    /// # Errors
    ///
    /// [`BucketPolicyError`] when it would lock everybody out, or nobody.
    pub fn document(&self) -> Result<Value, BucketPolicyError> {
        self.check()?;
        let bucket = format!("arn:{}:s3:::{}", self.partition, self.bucket);
        let objects = format!("{bucket}/*");
        let mut elsewhere = Map::new();
        if !self.source_ips.is_empty() {
            let list: Vec<String> = self.source_ips.iter().map(ToString::to_string).collect();
            elsewhere.insert("NotIpAddress".to_owned(), json!({ "aws:SourceIp": list }));
        }
        if !self.vpc_endpoints.is_empty() {
            elsewhere.insert("StringNotEquals".to_owned(), json!({ "aws:SourceVpce": self.vpc_endpoints }));
        }
        if !self.except.is_empty() {
            elsewhere.insert("ArnNotLike".to_owned(), json!({ "aws:PrincipalArn": self.except }));
        }
        let by_service = json!({ "aws:PrincipalIsAWSService": "false", "aws:ViaAWSService": "false" });
        elsewhere.insert("BoolIfExists".to_owned(), by_service);
        Ok(json!({
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "RefusePlainHttp",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:*",
                    "Resource": [bucket, objects],
                    "Condition": { "Bool": { "aws:SecureTransport": "false" } },
                },
                {
                    "Sid": "RefuseReadersFromElsewhere",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": ["s3:GetObject", "s3:GetObjectVersion"],
                    "Resource": objects,
                    "Condition": elsewhere,
                },
            ],
        }))
    }

    fn check(&self) -> Result<(), BucketPolicyError> {
        let plain = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-' || it == b'.';
        if !(3..=63).contains(&self.bucket.len()) || !self.bucket.bytes().all(plain) {
            return Err(BucketPolicyError::Bucket(self.bucket.clone()));
        }
        if self.source_ips.is_empty() && self.vpc_endpoints.is_empty() {
            return Err(BucketPolicyError::Nobody);
        }
        for net in &self.source_ips {
            if is_private(net) {
                return Err(BucketPolicyError::Private(*net));
            }
            let least = if matches!(net, IpNet::V4(_)) { 8 } else { 16 };
            if net.prefix_len() < least {
                return Err(BucketPolicyError::Everybody(*net));
            }
        }
        let is_id = |it: &str| {
            it.strip_prefix("vpce-")
                .is_some_and(|id| id.len() >= 8 && id.bytes().all(|it| it.is_ascii_hexdigit()))
        };
        if let Some(wrong) = self.vpc_endpoints.iter().find(|it| !is_id(it)) {
            return Err(BucketPolicyError::Endpoint(wrong.clone()));
        }
        let is_principal = |it: &str| {
            it.starts_with("arn:aws") && it.split(':').count() >= 6 && it.split(':').nth(5) != Some("*")
        };
        if let Some(wrong) = self.except.iter().find(|it| !is_principal(it)) {
            return Err(BucketPolicyError::Principal(wrong.clone()));
        }
        Ok(())
    }
}

fn is_private(net: &IpNet) -> bool {
    match net.addr() {
        // 100.64.0.0/10 is between a provider and its customers, and not seen outside either.
        IpAddr::V4(it) => {
            let [a, b, ..] = it.octets();
            it.is_private() || it.is_loopback() || it.is_link_local() || (a == 100 && (64..128).contains(&b))
        }
        IpAddr::V6(it) => it.is_unique_local() || it.is_loopback() || it.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(source_ips: &[&str]) -> BucketPolicy {
        BucketPolicy {
            bucket: "example-reports".to_owned(),
            partition: Partition::Aws,
            source_ips: source_ips.iter().map(|it| it.parse().unwrap()).collect(),
            vpc_endpoints: Vec::new(),
            except: Vec::new(),
        }
    }

    #[test]
    fn only_reading_from_elsewhere_and_plain_http_are_refused() {
        let whole = BucketPolicy {
            vpc_endpoints: vec!["vpce-0123456789abcdef0".to_owned()],
            except: vec!["arn:aws:iam::111122223333:role/Auditor".to_owned()],
            ..policy(&["203.0.113.0/24", "2001:db8::/32"])
        };
        insta::assert_json_snapshot!("bucket-policy", whole.document().unwrap());
    }

    /// Whoever administers the bucket can take the policy away again, from anywhere.
    #[test]
    fn nobody_is_locked_out_of_the_bucket_itself() {
        let document = policy(&["203.0.113.7/32"]).document().unwrap();
        assert_eq!(document["Statement"][1]["Action"], json!(["s3:GetObject", "s3:GetObjectVersion"]));
        assert_eq!(document["Statement"][1]["Resource"], "arn:aws:s3:::example-reports/*");
    }

    #[test]
    fn what_limits_nothing_or_everybody_is_refused() {
        let error = |it: &BucketPolicy| it.document().unwrap_err();
        assert_eq!(error(&policy(&[])), BucketPolicyError::Nobody);
        assert!(matches!(error(&policy(&["10.0.0.0/8"])), BucketPolicyError::Private(_)));
        assert!(matches!(error(&policy(&["0.0.0.0/0"])), BucketPolicyError::Everybody(_)));
        assert!(matches!(error(&policy(&["::/0"])), BucketPolicyError::Everybody(_)));
        let named = BucketPolicy { bucket: "a/b".to_owned(), ..policy(&["203.0.113.7/32"]) };
        assert!(matches!(error(&named), BucketPolicyError::Bucket(_)));
        let vpce = BucketPolicy { vpc_endpoints: vec!["vpc-1".to_owned()], ..policy(&[]) };
        assert!(matches!(error(&vpce), BucketPolicyError::Endpoint(_)));
        let everybody = BucketPolicy { except: vec!["*".to_owned()], ..policy(&["203.0.113.7/32"]) };
        assert!(matches!(error(&everybody), BucketPolicyError::Principal(_)));
    }
}
