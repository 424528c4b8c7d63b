//! Which IAM action a refused call lacks.

/// What AWS's own message says stands behind this.
const MARK: &str = "to perform: ";

/// Signing names whose actions have another prefix.
const PREFIXES: &[(&str, &str)] = &[
    ("aoss", "aoss"),
    ("bedrock-agentcore", "bedrock-agentcore"),
    ("monitoring", "cloudwatch"),
    ("servicecatalog-appregistry", "servicecatalog"),
    ("tagging", "tag"),
];

/// Operations whose action is called otherwise. Source: Service Authorization Reference.
const ACTIONS: &[(&str, &str)] = &[
    ("accessanalyzer.ListFindingsV2", "access-analyzer:ListFindings"),
    ("budgets.DescribeBudgets", "budgets:ViewBudget"),
    ("budgets.DescribeNotificationsForBudget", "budgets:ViewBudget"),
    ("budgets.DescribeSubscribersForNotification", "budgets:ViewBudget"),
    ("keyspaces.GetTable", "cassandra:Select"),
    ("keyspaces.ListKeyspaces", "cassandra:Select"),
    ("keyspaces.ListTables", "cassandra:Select"),
    ("lambda.ListFunctionUrlConfigs", "lambda:ListFunctionUrlConfigs"),
    ("s3.GetBucketAccelerateConfiguration", "s3:GetAccelerateConfiguration"),
    ("s3.GetBucketAnalyticsConfiguration", "s3:GetAnalyticsConfiguration"),
    ("s3.GetBucketCors", "s3:GetBucketCORS"),
    ("s3.GetBucketEncryption", "s3:GetEncryptionConfiguration"),
    ("s3.GetBucketIntelligentTieringConfiguration", "s3:GetIntelligentTieringConfiguration"),
    ("s3.GetBucketInventoryConfiguration", "s3:GetInventoryConfiguration"),
    ("s3.GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration"),
    ("s3.GetBucketMetricsConfiguration", "s3:GetMetricsConfiguration"),
    ("s3.GetBucketNotificationConfiguration", "s3:GetBucketNotification"),
    ("s3.GetBucketReplication", "s3:GetReplicationConfiguration"),
    ("s3.GetObjectLockConfiguration", "s3:GetBucketObjectLockConfiguration"),
    ("s3.GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock"),
    ("s3.HeadBucket", "s3:ListBucket"),
    ("s3.ListBucketAnalyticsConfigurations", "s3:GetAnalyticsConfiguration"),
    ("s3.ListBucketInventoryConfigurations", "s3:GetInventoryConfiguration"),
    ("s3.ListBucketMetricsConfigurations", "s3:GetMetricsConfiguration"),
    ("s3.ListBuckets", "s3:ListAllMyBuckets"),
    ("s3.ListObjectVersions", "s3:ListBucketVersions"),
    ("s3.ListObjects", "s3:ListBucket"),
    ("s3.ListObjectsV2", "s3:ListBucket"),
    ("s3control.GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock"),
    ("sqs.ChangeMessageVisibilityBatch", "sqs:ChangeMessageVisibility"),
    ("sqs.DeleteMessageBatch", "sqs:DeleteMessage"),
];

/// The action as the message names it, or else as the operation's name tells.
pub(crate) fn missing(message: &str, call: &str, signing_name: &str) -> String {
    named(message).unwrap_or_else(|| action(call, signing_name))
}

/// The action that a call needs.
pub(crate) fn action(call: &str, signing_name: &str) -> String {
    if let Some((_, action)) = ACTIONS.iter().find(|(known, _)| *known == call) {
        return (*action).to_owned();
    }
    let (service, operation) = call.split_once('.').unwrap_or((signing_name, call));
    // API Gateway's actions are HTTP methods.
    if service.starts_with("apigateway") {
        return "apigateway:GET".to_owned();
    }
    let prefix = PREFIXES.iter().find(|(name, _)| *name == signing_name).map_or(signing_name, |it| it.1);
    format!("{prefix}:{operation}")
}

fn named(message: &str) -> Option<String> {
    let (_, behind) = message.split_once(MARK)?;
    let action = behind.split([' ', ',']).next()?.trim_end_matches('.');
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == ':' || c == '*';
    (action.contains(':') && action.chars().all(fits)).then(|| action.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_names_the_missing_action() {
        let message = "User: arn:aws:sts::111122223333:assumed-role/r/s is not authorized to perform: \
                       kms:GetKeyPolicy on resource: arn:aws:kms:us-east-1:111122223333:key/k because no \
                       identity-based policy allows the kms:GetKeyPolicy action";
        assert_eq!(missing(message, "kms.GetKeyPolicy", "kms"), "kms:GetKeyPolicy");
    }

    #[test]
    fn otherwise_the_operation_tells_it() {
        for (call, signing_name, action) in [
            ("s3.ListBuckets", "s3", "s3:ListAllMyBuckets"),
            ("s3.GetBucketPolicy", "s3", "s3:GetBucketPolicy"),
            ("s3control.GetPublicAccessBlock", "s3", "s3:GetAccountPublicAccessBlock"),
            ("cloudwatch.DescribeAlarms", "monitoring", "cloudwatch:DescribeAlarms"),
            ("elbv2.DescribeListeners", "elasticloadbalancing", "elasticloadbalancing:DescribeListeners"),
            ("apigateway.GetRestApis", "apigateway", "apigateway:GET"),
        ] {
            assert_eq!(missing("Access Denied", call, signing_name), action);
        }
    }

    #[test]
    fn a_message_cannot_smuggle_text_into_the_permission() {
        let message = "is not authorized to perform: <script>:x on resource";
        assert_eq!(missing(message, "iam.ListUsers", "iam"), "iam:ListUsers");
    }
}
