//! Condition keys: which of them say who calls, and which only say what is asked for.
//!
//! Sources: IAM User Guide, "AWS global condition context keys" (the *Availability* of each key) and "Available keys
//! for AWS web identity federation"; S3 User Guide, "The meaning of public"; EFS User Guide, "The meaning of
//! public"; KMS Developer Guide, "Condition keys for AWS KMS"; Service Authorization Reference for the rest.

/// What a condition key is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// `aws:PrincipalAccount`, `kms:CallerAccount`: the caller's account; `anonymous` without one.
    PrincipalAccount,
    /// `aws:PrincipalArn`: the user or role, never the session.
    PrincipalArn,
    /// `aws:PrincipalOrgID`.
    PrincipalOrgId,
    /// `aws:PrincipalOrgPaths`.
    PrincipalOrgPaths,
    /// `aws:PrincipalType`.
    PrincipalType,
    /// `aws:PrincipalServiceName`, `aws:PrincipalServiceNamesList`.
    PrincipalServiceName,
    /// `aws:PrincipalIsAWSService`.
    PrincipalIsAwsService,
    /// `aws:userid`.
    UserId,
    /// Tags, names and sessions of the caller. A stranger chooses them at home; only an anonymous caller has none:
    /// `aws:PrincipalTag/...`, `aws:username`, `aws:MultiFactorAuthPresent`, `aws:TokenIssueTime`...
    OfSignedCallers,
    /// `aws:SourceAccount`: for whose resource a service calls.
    SourceAccount,
    /// `aws:SourceOwner`: the same, as SNS writes it; there also the account of a direct caller.
    SourceOwner,
    /// `aws:SourceArn`: for which resource a service calls.
    SourceArn,
    /// `aws:SourceOrgID`.
    SourceOrgId,
    /// `aws:SourceOrgPaths`.
    SourceOrgPaths,
    /// `lambda:SourceFunctionArn`, `ec2:SourceInstanceARN`, `ssm:SourceInstanceARN`: what holds the credentials.
    HolderArn,
    /// `aws:SourceIp`.
    SourceIp,
    /// `aws:VpcSourceIp`: an address inside some VPC. Anybody's VPC can have it.
    VpcSourceIp,
    /// `aws:SourceVpc`, `aws:SourceVpce`.
    SourceVpc,
    /// `aws:SourceVpcArn`.
    SourceVpcArn,
    /// `aws:VpceAccount`.
    VpceAccount,
    /// `aws:VpceOrgID`.
    VpceOrgId,
    /// `aws:VpceOrgPaths`.
    VpceOrgPaths,
    /// `aws:Ec2InstanceSourceVpc`.
    InstanceVpc,
    /// `aws:ViaAWSService`.
    ViaAwsService,
    /// `aws:CalledVia`, `aws:CalledViaFirst`, `aws:CalledViaLast`, `kms:ViaService`.
    CalledVia,
    /// `aws:SecureTransport`.
    SecureTransport,
    /// `s3:DataAccessPointAccount`.
    DataAccessPointAccount,
    /// `s3:DataAccessPointArn`.
    DataAccessPointArn,
    /// `s3:x-amz-server-side-encryption-aws-kms-key-id`: only holders of the key can use it.
    EncryptionKey,
    /// `lambda:FunctionUrlAuthType`.
    FunctionUrlAuthType,
    /// `lambda:EventSourceToken`: the id of the Alexa skill that calls.
    EventSourceToken,
    /// `elasticfilesystem:AccessedViaMountTarget`.
    MountTarget,
    /// `sns:Endpoint`: where notifications go.
    SnsEndpoint,
    /// `provider:claim` of a token or SAML assertion.
    Claim,
    /// `aws:ResourceAccount`, `s3:ResourceAccount`: the owner, whoever calls.
    ResourceAccount,
    /// `aws:ResourceOrgID`.
    ResourceOrgId,
    /// `aws:ResourceOrgPaths`.
    ResourceOrgPaths,
    /// `aws:CurrentTime`, `aws:EpochTime`.
    Time,
    /// About the request or the resource. Says nothing about who calls: `aws:Referer`, `aws:UserAgent`, `s3:prefix`,
    /// tags of resources, `sts:ExternalId`, `sns:Protocol`...
    Request,
    /// Not known to this program.
    Unknown,
}

/// Keys by name, in lower case.
const NAMED: &[(&str, Key)] = &[
    ("aws:principalaccount", Key::PrincipalAccount),
    ("kms:calleraccount", Key::PrincipalAccount),
    ("aws:principalarn", Key::PrincipalArn),
    ("aws:principalorgid", Key::PrincipalOrgId),
    ("aws:principalorgpaths", Key::PrincipalOrgPaths),
    ("aws:principaltype", Key::PrincipalType),
    ("aws:principalservicename", Key::PrincipalServiceName),
    ("aws:principalservicenameslist", Key::PrincipalServiceName),
    ("aws:principalisawsservice", Key::PrincipalIsAwsService),
    ("aws:userid", Key::UserId),
    ("aws:username", Key::OfSignedCallers),
    ("aws:multifactorauthpresent", Key::OfSignedCallers),
    ("aws:multifactorauthage", Key::OfSignedCallers),
    ("aws:tokenissuetime", Key::OfSignedCallers),
    ("aws:federatedprovider", Key::OfSignedCallers),
    ("aws:sourceidentity", Key::OfSignedCallers),
    ("aws:assumedroot", Key::OfSignedCallers),
    ("aws:chatbotsourcearn", Key::OfSignedCallers),
    ("ec2:roledelivery", Key::OfSignedCallers),
    ("s3:authtype", Key::OfSignedCallers),
    ("s3:signatureage", Key::OfSignedCallers),
    ("s3:signatureversion", Key::OfSignedCallers),
    ("aws:sourceaccount", Key::SourceAccount),
    ("aws:sourceowner", Key::SourceOwner),
    ("aws:sourcearn", Key::SourceArn),
    ("aws:sourceorgid", Key::SourceOrgId),
    ("aws:sourceorgpaths", Key::SourceOrgPaths),
    ("lambda:sourcefunctionarn", Key::HolderArn),
    ("ec2:sourceinstancearn", Key::HolderArn),
    ("ssm:sourceinstancearn", Key::HolderArn),
    ("aws:sourceip", Key::SourceIp),
    ("aws:vpcsourceip", Key::VpcSourceIp),
    ("aws:sourcevpc", Key::SourceVpc),
    ("aws:sourcevpce", Key::SourceVpc),
    ("aws:sourcevpcarn", Key::SourceVpcArn),
    ("aws:vpceaccount", Key::VpceAccount),
    ("aws:vpceorgid", Key::VpceOrgId),
    ("aws:vpceorgpaths", Key::VpceOrgPaths),
    ("aws:ec2instancesourcevpc", Key::InstanceVpc),
    ("aws:ec2instancesourceprivateipv4", Key::OfSignedCallers),
    ("aws:viaawsservice", Key::ViaAwsService),
    ("aws:calledvia", Key::CalledVia),
    ("aws:calledviafirst", Key::CalledVia),
    ("aws:calledvialast", Key::CalledVia),
    ("kms:viaservice", Key::CalledVia),
    ("aws:securetransport", Key::SecureTransport),
    ("s3:dataaccesspointaccount", Key::DataAccessPointAccount),
    ("s3:dataaccesspointarn", Key::DataAccessPointArn),
    ("s3:x-amz-server-side-encryption-aws-kms-key-id", Key::EncryptionKey),
    ("lambda:functionurlauthtype", Key::FunctionUrlAuthType),
    ("lambda:eventsourcetoken", Key::EventSourceToken),
    ("elasticfilesystem:accessedviamounttarget", Key::MountTarget),
    ("sns:endpoint", Key::SnsEndpoint),
    ("aws:resourceaccount", Key::ResourceAccount),
    ("s3:resourceaccount", Key::ResourceAccount),
    ("aws:resourceorgid", Key::ResourceOrgId),
    ("aws:resourceorgpaths", Key::ResourceOrgPaths),
    ("aws:currenttime", Key::Time),
    ("aws:epochtime", Key::Time),
    ("aws:referer", Key::Request),
    ("aws:useragent", Key::Request),
    ("aws:requestedregion", Key::Request),
    ("aws:tagkeys", Key::Request),
    ("events:creatoraccount", Key::Unknown),
    ("events:managedby", Key::Request),
];

/// Keys that begin so, in lower case.
const PREFIXES: &[(&str, Key)] = &[
    ("aws:principaltag/", Key::OfSignedCallers),
    ("aws:requesttag/", Key::Request),
    ("aws:resourcetag/", Key::Request),
    ("aws:", Key::Unknown),
    ("saml:", Key::Claim),
];

/// Services all of whose other keys are about the request or the resource.
///
/// Source: Service Authorization Reference, "Condition keys" of each service.
const REQUEST_ONLY: &[&str] = &[
    "acm",
    "acm-pca",
    "apigateway",
    "athena",
    "backup",
    "cloudformation",
    "cloudwatch",
    "codebuild",
    "cognito-idp",
    "dynamodb",
    "ec2",
    "ecr",
    "ecs",
    "eks",
    "elasticfilesystem",
    "elasticloadbalancing",
    "es",
    "events",
    "execute-api",
    "glacier",
    "glue",
    "iam",
    "kafka",
    "kinesis",
    "kms",
    "lambda",
    "logs",
    "organizations",
    "rds",
    "redshift",
    "route53",
    "s3",
    "s3express",
    "s3-object-lambda",
    "s3-outposts",
    "sagemaker",
    "secretsmanager",
    "ses",
    "sns",
    "sqs",
    "ssm",
    "states",
    "sts",
];

impl Key {
    /// Says what a key is about. Case does not matter.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        if let Some(&(_, key)) = NAMED.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            return key;
        }
        if let Some(&(_, key)) = PREFIXES.iter().find(|(prefix, _)| starts_with(name, prefix)) {
            return key;
        }
        let Some((service, rest)) = name.split_once(':') else { return Self::Unknown };
        if service.contains('.') {
            return Self::Claim;
        }
        let tag = starts_with(rest, "resourcetag/") || starts_with(rest, "requesttag/");
        if tag || REQUEST_ONLY.iter().any(|it| it.eq_ignore_ascii_case(service)) {
            Self::Request
        } else {
            Self::Unknown
        }
    }

    /// Whether the key says something about who calls or from where.
    #[must_use]
    pub fn is_about_callers(self) -> bool {
        !matches!(
            self,
            Self::Request
                | Self::Time
                | Self::SecureTransport
                | Self::ResourceAccount
                | Self::ResourceOrgId
                | Self::ResourceOrgPaths
        )
    }

    /// Whether the key says from which network a call comes.
    #[must_use]
    pub fn is_about_networks(self) -> bool {
        matches!(
            self,
            Self::SourceIp
                | Self::SourceVpc
                | Self::SourceVpcArn
                | Self::VpceAccount
                | Self::VpceOrgId
                | Self::VpceOrgPaths
                | Self::InstanceVpc
                | Self::MountTarget
        )
    }
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_keys_ignore_case() {
        for (name, key) in [
            ("AWS:SourceOwner", Key::SourceOwner),
            ("aws:sourceVpc", Key::SourceVpc),
            ("aws:PrincipalTag/Team", Key::OfSignedCallers),
            ("SNS:Endpoint", Key::SnsEndpoint),
            ("token.actions.githubusercontent.com:sub", Key::Claim),
            ("oidc.eks.eu-west-1.amazonaws.com/id/0123:aud", Key::Claim),
            ("SAML:aud", Key::Claim),
            ("s3:x-amz-acl", Key::Request),
            ("datazone:ResourceTag/x", Key::Request),
            ("sts:ExternalId", Key::Request),
        ] {
            assert_eq!(Key::parse(name), key, "{name}");
        }
    }

    #[test]
    fn a_key_that_is_not_known_is_not_guessed_at() {
        for name in ["aws:SomethingNew", "vpc-lattice-svcs:SourceVpcOwnerAccount", "nocolon", ""] {
            assert_eq!(Key::parse(name), Key::Unknown, "{name}");
        }
    }

    #[test]
    fn the_table_is_in_lower_case_and_without_repeats() {
        let mut names: Vec<&str> = NAMED.iter().map(|(name, _)| *name).collect();
        assert!(names.iter().all(|name| name.bytes().all(|b| !b.is_ascii_uppercase())));
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
