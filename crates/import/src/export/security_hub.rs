//! To Security Hub, by `BatchImportFindings`.
//!
//! Each finding is imported in its own account and region, under the account's default product. What people did about a finding there
//! is theirs: Security Hub takes `Workflow` from whoever creates a finding and never from an update, and `NEW`, which it sets
//! itself, is not sent at all.
//!
//! Source: Security Hub User Guide, "BatchImportFindings for finding providers": 100 findings and 6 MB a batch, 240 KB a finding.

use std::io::BufRead;

use serde_json::{Value, json};
use yagura_aws::Target;
use yagura_model::{AccountId, Arn, Detector, Finding, Region};

use super::{Deliver, Enter, ExportError, Exported, Refused};
use crate::files::Elements;

const BATCH: usize = 100;
const FINDING_BYTES: usize = 240 * 1024;
const BATCH_BYTES: usize = 6 * 1024 * 1024 - 64 * 1024;

/// Products of AWS that tell Security Hub of their findings themselves.
const INTEGRATED: &[Detector] = &[
    Detector::SecurityHub,
    Detector::GuardDuty,
    Detector::AwsConfig,
    Detector::AccessAnalyzer,
    Detector::Inspector,
    Detector::Macie,
];

/// Whether Security Hub can hear something new of a finding: not of what was read from it, or what others tell it themselves. What
/// our own rules and detections say is always ours to tell.
#[must_use]
pub fn is_news_to_security_hub(finding: &Finding) -> bool {
    let is_there = finding.in_security_hub || finding.detectors.iter().all(|it| INTEGRATED.contains(it));
    finding.detectors.contains(&Detector::Yagura) || !is_there
}

const CALL: &str = "securityhub.BatchImportFindings";

/// Findings of one account and region that wait to be sent.
struct Batch {
    account: AccountId,
    region: Region,
    findings: Vec<Value>,
    bytes: usize,
}

/// Sends what the format `asff` writes.
///
/// # Errors
///
/// [`ExportError`] when `asff` cannot be read; what is not taken is told.
pub async fn to_security_hub(
    deliver: &dyn Deliver,
    enter: &dyn Enter,
    asff: impl BufRead + Send,
) -> Result<Exported, ExportError> {
    let mut exported = Exported::default();
    let mut elements = Elements::new(asff);
    let mut batch: Option<Batch> = None;
    while let Some(element) = elements.next()? {
        let bytes = element.bytes.len();
        let read: Option<Value> = serde_json::from_slice(&element.bytes).ok().filter(|_| !element.cut);
        let Some(mut finding) = read else {
            exported.refused.push(Refused {
                id: String::new(),
                why: format!("finding {} is no JSON, or cut off", element.row),
            });
            continue;
        };
        let Some((account, region)) = receiver(&finding).filter(|_| bytes <= FINDING_BYTES) else {
            let why = if bytes > FINDING_BYTES {
                format!("it has {bytes} bytes: Security Hub takes {FINDING_BYTES}")
            } else {
                "its `ProductArn` is not that of its account's default product".to_owned()
            };
            exported.refused.push(Refused { id: id(&finding), why });
            continue;
        };
        if finding["Workflow"]["Status"] == "NEW"
            && let Value::Object(members) = &mut finding
        {
            members.shift_remove("Workflow");
        }
        let fits = batch.as_ref().is_some_and(|it| {
            it.account == account
                && it.region == region
                && it.findings.len() < BATCH
                && it.bytes + bytes <= BATCH_BYTES
        });
        if !fits && let Some(full) = batch.take() {
            send(deliver, enter, full, &mut exported).await;
        }
        let waiting = batch.get_or_insert_with(|| Batch { account, region, findings: Vec::new(), bytes: 0 });
        waiting.findings.push(finding);
        waiting.bytes += bytes;
    }
    if let Some(last) = batch {
        send(deliver, enter, last, &mut exported).await;
    }
    Ok(exported)
}

/// Where a finding is imported: its product's account and region.
fn receiver(finding: &Value) -> Option<(AccountId, Region)> {
    let account = AccountId::new(finding["AwsAccountId"].as_str()?).ok()?;
    let product = Arn::parse(finding["ProductArn"].as_str()?).ok()?;
    let is_default =
        product.account == account.as_str() && product.resource == format!("product/{account}/default");
    (is_default && !product.region.is_empty()).then(|| (account, Region::from(product.region)))
}

fn id(finding: &Value) -> String {
    finding["Id"].as_str().unwrap_or_default().to_owned()
}

async fn send(deliver: &dyn Deliver, enter: &dyn Enter, batch: Batch, exported: &mut Exported) {
    let count = batch.findings.len();
    let ids: Vec<String> = batch.findings.iter().map(id).collect();
    let input = json!({ "Findings": batch.findings });
    let target: Result<Target, _> = enter.enter(&batch.account, &batch.region).await;
    let answer = match target {
        Ok(target) => deliver.deliver(&target, CALL, &input).await,
        Err(error) => Err(error),
    };
    match answer {
        Ok(answer) => {
            let failed: Vec<&Value> = answer["FailedFindings"].as_array().into_iter().flatten().collect();
            exported.taken += count.saturating_sub(failed.len()) as u64;
            exported.refused.extend(failed.into_iter().map(|it| {
                let text = |name: &str| it[name].as_str().unwrap_or_default();
                Refused { id: id(it), why: format!("{}: {}", text("ErrorCode"), text("ErrorMessage")) }
            }));
        }
        Err(error) => {
            let why = error.to_string();
            exported.refused.extend(ids.into_iter().map(|id| Refused { id, why: why.clone() }));
            exported.failures.push(error);
        }
    }
}
