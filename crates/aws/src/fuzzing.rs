//! What fuzz targets call: answers as a hostile endpoint may send them.

use std::sync::{Arc, LazyLock};

use aws_smithy_runtime_api::http::Headers;
use yagura_packs::Packs;

use crate::protocol::{Response, answer, refusal};
use crate::tables::{OperationRef, Tables};

/// One operation of each protocol, and those with the most unusual shapes.
const CALLS: [&str; 8] = [
    "dynamodb.DescribeTable",
    "ec2.DescribeSecurityGroups",
    "iam.GetAccountAuthorizationDetails",
    "s3.GetBucketPolicy",
    "s3.ListBuckets",
    "lambda.GetPolicy",
    "cloudfront.ListDistributions",
    "sqs.GetQueueAttributes",
];

static OPERATIONS: LazyLock<Vec<OperationRef>> = LazyLock::new(|| {
    let tables = Tables::new(Arc::new(Packs::embedded()));
    CALLS.iter().filter_map(|call| tables.operation(call).ok()).collect()
});

/// Reads `data` as the answer of an operation that its first byte picks: as a success, and as a refusal.
pub fn read_answer(data: &[u8]) {
    let Some((pick, body)) = data.split_first() else { return };
    let Some(operation) = OPERATIONS.get(usize::from(*pick) % CALLS.len()) else { return };
    for status in [200, 400] {
        let response = Response { status, headers: Headers::new(), body: body.to_vec() };
        if status == 200 {
            let _ = answer(operation.service(), operation.operation(), &response);
        } else {
            let _ = refusal(operation.service(), &response);
        }
    }
}
