//! The organisation that the stub pretends to be: its accounts, their roles and regions.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::recording::Answer;
use crate::request::Asked;

/// The organisation's management account, which foreign credentials belong to.
pub const MANAGEMENT: &str = "100000000000";

/// The regions that are enabled in every account without being asked for.
pub const REGIONS: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

const ROOT: &str = "r-stub";
const FIRST: u64 = 100_000_000_000;
const KEY_PREFIX: &str = "ASIASTUB";
/// As many as AWS lists at once.
const PAGE: usize = 20;

/// The account for which an access key was given out by [`Organization::answer`].
pub fn account_of_key(key: &str) -> Option<&str> {
    key.strip_prefix(KEY_PREFIX)
}

/// Answers what differs from account to account and cannot be recorded.
pub struct Organization {
    accounts: Vec<String>,
}

impl Organization {
    /// An organisation of that many accounts, the management account among them.
    pub fn new(accounts: u32) -> Self {
        Self { accounts: (0..u64::from(accounts)).map(|number| (FIRST + number).to_string()).collect() }
    }

    /// What the stub tells about itself when it is ready.
    pub fn told(&self, endpoint: &str) -> Value {
        json!({
            "endpoint": endpoint, "management": MANAGEMENT, "accounts": self.accounts.len(), "role": "YaguraReadOnly",
            "external_id": "stub", "access_key_id": "AKIASTUB", "secret_access_key": "stub",
        })
    }

    /// The answer to a request about accounts, roles and regions.
    pub fn answer(&self, asked: &Asked<'_>) -> Option<Answer> {
        match (asked.service, asked.operation) {
            ("sts", "AssumeRole") => Some(assume_role(&asked.parameter("RoleArn")?)),
            ("sts", "GetCallerIdentity") => Some(caller(asked.account)),
            ("ec2", "DescribeRegions") => Some(describe_regions()),
            ("account", _) if asked.uri.starts_with("/listRegions") => Some(list_regions()),
            ("organizations", operation) => self.organizations(operation, asked),
            _ => None,
        }
    }

    fn organizations(&self, operation: &str, asked: &Asked<'_>) -> Option<Answer> {
        let sent: Value = serde_json::from_str(asked.sent).unwrap_or_default();
        let answer = match operation {
            "DescribeOrganization" => json!({"Organization": {
                "Id": "o-stub000000", "Arn": format!("arn:aws:organizations::{MANAGEMENT}:organization/o-stub000000"),
                "FeatureSet": "ALL", "MasterAccountId": MANAGEMENT, "MasterAccountEmail": "root@hinode.example",
                "MasterAccountArn": format!("arn:aws:organizations::{MANAGEMENT}:account/o-stub000000/{MANAGEMENT}"),
            }}),
            "ListRoots" => {
                json!({"Roots": [{"Id": ROOT, "Name": "Root", "Arn": "arn:aws:organizations::r", "PolicyTypes": []}]})
            }
            "ListAccounts" | "ListAccountsForParent" => self.page(&sent),
            "DescribeAccount" => json!({"Account": describe(sent["AccountId"].as_str()?)}),
            "ListParents" => json!({"Parents": [{"Id": ROOT, "Type": "ROOT"}]}),
            "ListOrganizationalUnitsForParent" => json!({"OrganizationalUnits": []}),
            "ListChildren" => json!({"Children": []}),
            "ListTagsForResource" => json!({"Tags": []}),
            "ListPolicies" => json!({"Policies": []}),
            "ListDelegatedAdministrators" => json!({"DelegatedAdministrators": []}),
            "ListAWSServiceAccessForOrganization" => json!({"EnabledServicePrincipals": []}),
            _ => return None,
        };
        Some(Answer::json(answer.to_string()))
    }

    fn page(&self, sent: &Value) -> Value {
        let start: usize = sent["NextToken"].as_str().and_then(|token| token.parse().ok()).unwrap_or(0);
        let end = (start + PAGE).min(self.accounts.len());
        let page: Vec<Value> =
            self.accounts.get(start..end).unwrap_or_default().iter().map(|id| describe(id)).collect();
        if end < self.accounts.len() {
            json!({"Accounts": page, "NextToken": end.to_string()})
        } else {
            json!({"Accounts": page})
        }
    }
}

fn describe(account: &str) -> Value {
    json!({
        "Id": account, "Arn": format!("arn:aws:organizations::{MANAGEMENT}:account/o-stub000000/{account}"),
        "Name": format!("stub-{account}"), "Email": format!("{account}@hinode.example"), "Status": "ACTIVE", "State": "ACTIVE",
        "JoinedMethod": "CREATED", "JoinedTimestamp": 1_600_000_000,
    })
}

fn assume_role(role: &str) -> Answer {
    let account = role.split(':').nth(4).unwrap_or(MANAGEMENT);
    Answer::xml(format!(
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>\
         <AccessKeyId>{KEY_PREFIX}{account}</AccessKeyId><SecretAccessKey>stub</SecretAccessKey>\
         <SessionToken>stub</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials><AssumedRoleUser>\
         <AssumedRoleId>AROASTUB:yagura</AssumedRoleId><Arn>arn:aws:sts::{account}:assumed-role/YaguraReadOnly/yagura</Arn>\
         </AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>"
    ))
}

fn caller(account: &str) -> Answer {
    Answer::xml(format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
         <Arn>arn:aws:sts::{account}:assumed-role/YaguraReadOnly/yagura</Arn><UserId>AROASTUB:yagura</UserId>\
         <Account>{account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
    ))
}

fn describe_regions() -> Answer {
    let mut items = String::new();
    for region in REGIONS {
        let _ = write!(
            items,
            "<item><regionName>{region}</regionName><regionEndpoint>ec2.{region}.amazonaws.com</regionEndpoint>\
             <optInStatus>opt-in-not-required</optInStatus></item>"
        );
    }
    Answer::xml(format!(
        "<DescribeRegionsResponse><regionInfo>{items}</regionInfo></DescribeRegionsResponse>"
    ))
}

fn list_regions() -> Answer {
    let regions: Vec<Value> = REGIONS
        .iter()
        .map(|name| json!({"RegionName": name, "RegionOptStatus": "ENABLED_BY_DEFAULT"}))
        .collect();
    Answer::json(json!({ "Regions": regions }).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(service: &str, operation: &str, sent: &str) -> String {
        let asked = Asked {
            account: MANAGEMENT,
            region: "us-east-1",
            service,
            operation,
            method: "POST",
            uri: "/",
            target: "",
            sent,
        };
        let answer = Organization::new(45).answer(&asked).unwrap();
        String::from_utf8(answer.body.to_vec()).unwrap()
    }

    #[test]
    fn accounts_are_listed_in_pages_and_each_once() {
        let mut seen = Vec::new();
        let mut sent = json!({});
        loop {
            let page: Value =
                serde_json::from_str(&ask("organizations", "ListAccounts", &sent.to_string())).unwrap();
            seen.extend(
                page["Accounts"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|account| account["Id"].as_str().unwrap().to_owned()),
            );
            let Some(token) = page["NextToken"].as_str() else { break };
            sent = json!({ "NextToken": token });
        }
        assert_eq!(seen, (0..45_u64).map(|number| (FIRST + number).to_string()).collect::<Vec<_>>());
    }

    #[test]
    fn an_assumed_role_gives_a_key_that_tells_its_account() {
        let sent = "Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A100000000007%3Arole%2FYaguraReadOnly";
        let answer = ask("sts", "AssumeRole", sent);
        let key = answer.split_once("<AccessKeyId>").unwrap().1.split_once('<').unwrap().0;
        assert_eq!(account_of_key(key), Some("100000000007"));
    }
}
