//! The files: an organisation's trail, its accounts, regions and minutes, and the few events among them that rules are about.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use yagura_detect::pack::PackDetection;
use yagura_packs::Packs;

use crate::calls::{self, Call};
use crate::identities::{self, Identity};
use crate::random::Random;

const ACCOUNTS: u64 = 24;
const REGIONS: [&str; 5] = ["ap-northeast-1", "us-east-1", "ap-northeast-3", "us-west-2", "eu-west-1"];
/// Of a thousand events so many are what a detection's examples show: most of those match it, the others nearly do.
const EXAMPLES: u64 = 5;
/// So many of a thousand calls are refused.
const REFUSED: u64 = 40;

/// What was written.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Written {
    events: u64,
    files: u64,
    /// Without compression.
    bytes: u64,
    /// Of them in compressed files.
    packed: u64,
}

/// Writes events below a new directory.
pub(crate) fn generate(events: u64, seed: u64, out: &Path) -> io::Result<Written> {
    fs::create_dir(out)?;
    let mut random = Random::new(seed);
    let examples = examples()?;
    let accounts: Vec<_> = (0..ACCOUNTS).map(|_| random.text(b"123456789", 12)).collect();
    let callers: Vec<_> = accounts.iter().map(|it| identities::of_account(it, &mut random)).collect();
    let mut lines = BufWriter::new(File::create(out.join("events.ndjson"))?);
    let mut written = Written::default();
    while written.events < events {
        let number = written.files;
        // A few accounts and regions do most of the work, as everywhere.
        let which = usize::try_from(random.below(ACCOUNTS).min(random.below(ACCOUNTS))).unwrap_or_default();
        let region = *random.pick_skewed(&REGIONS);
        let most = if random.per_mille(100) { 5000 } else { 800 };
        let count = (100 + random.below(most - 99)).min(events - written.events);
        let minute = number % 1440;
        let mut records = Vec::new();
        for nth in 0..count {
            let at = format!("2026-01-15T{:02}:{:02}:{:02}Z", minute / 60, minute % 60, nth * 60 / count);
            let event = event(&accounts[which], region, &at, &callers[which], &examples, &mut random);
            let text = event.to_string();
            written.bytes += text.len() as u64;
            lines.write_all(text.as_bytes())?;
            lines.write_all(b"\n")?;
            records.push(text);
        }
        let account = &accounts[which];
        let day = out.join(format!("AWSLogs/o-a1b2c3d4e5/{account}/CloudTrail/{region}/2026/01/15"));
        fs::create_dir_all(&day)?;
        let stamp = format!("20260115T{:02}{:02}Z", minute / 60, minute % 60);
        let unique = random.base64(16).replace(['/', '+'], "x");
        let path = day.join(format!("{account}_CloudTrail_{region}_{stamp}_{unique}.json.gz"));
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(b"{\"Records\":[")?;
        packed.write_all(records.join(",").as_bytes())?;
        packed.write_all(b"]}")?;
        let packed = packed.finish()?;
        written.packed += packed.len() as u64;
        fs::write(path, packed)?;
        written.files += 1;
        written.events += count;
    }
    lines.flush()?;
    Ok(written)
}

/// The events of the built-in detections' examples.
fn examples() -> io::Result<Vec<Map<String, Json>>> {
    let packs = Packs::embedded();
    let mut events = Vec::new();
    for file in packs.below("detections/sigma/cloudtrail", "yaml") {
        let bytes = file.bytes().map_err(io::Error::other)?;
        let text = String::from_utf8(bytes).map_err(io::Error::other)?;
        let detection =
            PackDetection::read(&file.path, &text).map_err(|it| io::Error::other(it.to_string()))?;
        let given =
            detection.yagura.examples.into_iter().flat_map(|it| it.event.into_iter().chain(it.events));
        events.extend(given.filter_map(|it| match it {
            Json::Object(event) => Some(event),
            _ => None,
        }));
    }
    Ok(events)
}

fn event(
    account: &str,
    region: &str,
    at: &str,
    callers: &[Identity],
    examples: &[Map<String, Json>],
    random: &mut Random,
) -> Json {
    let caller = random.pick_skewed(callers);
    let Call { service, name, read_only, request, response, resources, is_data } =
        calls::call(account, region, random);
    let refused = random.per_mille(REFUSED);
    let mut event = json!({
        "eventVersion": "1.11",
        "userIdentity": caller.user,
        "eventTime": at,
        "eventSource": format!("{service}.amazonaws.com"),
        "eventName": name,
        "awsRegion": region,
        "sourceIPAddress": caller.address,
        "userAgent": caller.agent,
    });
    let Json::Object(fields) = &mut event else { return event };
    if refused {
        fields.insert("errorCode".into(), json!("AccessDenied"));
        let who = caller.user["arn"].as_str().unwrap_or("a service");
        let message = format!(
            "User: {who} is not authorized to perform: {service}:{name} because no identity-based policy allows the action"
        );
        fields.insert("errorMessage".into(), json!(message));
    }
    fields.insert("requestParameters".into(), request);
    fields.insert("responseElements".into(), if refused { Json::Null } else { response });
    if is_data {
        fields.insert("additionalEventData".into(), json!({ "SignatureVersion": "SigV4", "CipherSuite": "TLS_AES_128_GCM_SHA256", "bytesTransferredIn": 0, "AuthenticationMethod": "AuthHeader", "x-amz-id-2": random.base64(76), "bytesTransferredOut": random.below(1 << 20) }));
    }
    fields.insert("requestID".into(), json!(random.uuid()));
    fields.insert("eventID".into(), json!(random.uuid()));
    fields.insert("readOnly".into(), json!(read_only));
    if !resources.is_null() {
        fields.insert("resources".into(), resources);
    }
    fields.insert(
        "eventType".into(),
        json!(if service == "signin" { "AwsConsoleSignIn" } else { "AwsApiCall" }),
    );
    fields.insert("managementEvent".into(), json!(!is_data));
    fields.insert("recipientAccountId".into(), json!(account));
    fields.insert("eventCategory".into(), json!(if is_data { "Data" } else { "Management" }));
    let host = format!("{service}.{region}.amazonaws.com");
    fields.insert("tlsDetails".into(), json!({ "tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256", "clientProvidedHostHeader": host }));
    if random.per_mille(EXAMPLES) {
        let id = fields["eventID"].clone();
        fields.extend(random.pick(examples).clone());
        // Events are told apart by it, so an example's own is not taken over.
        fields.insert("eventID".into(), id);
    }
    event
}

#[cfg(test)]
mod tests {
    use yagura_logs::Records;

    use super::*;

    /// The records of all files below a directory, sorted.
    fn records(directory: &Path) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        for file in yagura_logs::find(&directory.join("AWSLogs")).unwrap() {
            let mut records = Records::new(yagura_logs::open(&file.path).unwrap());
            while let Some(record) = records.next().unwrap() {
                all.push(record.to_vec());
            }
        }
        all.sort();
        all
    }

    #[test]
    fn the_same_numbers_give_the_same_events_in_files_and_in_lines() {
        let scratch = tempfile::tempdir().unwrap();
        let (one, other) = (scratch.path().join("one"), scratch.path().join("other"));
        let written = generate(3000, 7, &one).unwrap();
        assert_eq!(written, generate(3000, 7, &other).unwrap());
        assert_eq!(written.events, 3000);
        let events = records(&one);
        assert_eq!(events, records(&other));
        let lines = fs::read(one.join("events.ndjson")).unwrap();
        let mut lines: Vec<_> = lines.split(|it| *it == b'\n').filter(|it| !it.is_empty()).collect();
        lines.sort_unstable();
        assert_eq!(events, lines);
        let mean = written.bytes / written.events;
        assert!((1200..=1450).contains(&mean), "events have {mean} bytes");
    }
}
