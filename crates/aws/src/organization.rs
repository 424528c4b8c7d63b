//! Who the caller is, which accounts there are around it, and which regions each of them uses.
//!
//! What cannot be found out is said, and never stops what can.

use std::collections::BTreeMap;

use futures::stream::{self, StreamExt};
use serde_json::{Value, json};
use yagura_model::{Account, AccountId, AccountStatus, Arn, Organization, Partition, Region};

use crate::verdict::ALWAYS_ON;
use crate::{Api, CallError, CallErrorKind, Credentials, Target};

/// Calls for tags and units under way at once: Organizations throttles early.
const AT_ONCE: usize = 8;

/// Who calls.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The caller's own account, the region that was asked, and the caller's credentials.
    pub target: Target,
    /// The caller's ARN.
    pub arn: String,
    /// The caller's partition.
    pub partition: Partition,
}

/// The accounts around the caller.
#[derive(Debug, Clone)]
pub struct Discovery {
    /// What is known of the organisation: the caller's account alone when it may not see more.
    pub organization: Organization,
    /// Why less is known than there could be: calls that failed. Empty when everything was read, or when there is no
    /// organisation.
    pub gaps: Vec<CallError>,
    /// Whether the accounts of the organisation could be listed.
    pub listed: bool,
}

/// The regions of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regions {
    /// The enabled ones, sorted; when they could not be read, those that are enabled in every account.
    pub enabled: Vec<Region>,
    /// The call that told them; `None` when none did.
    pub told_by: Option<&'static str>,
    /// Calls that failed before one told them.
    pub gaps: Vec<CallError>,
}

/// Asks AWS who the credentials belong to.
///
/// # Errors
///
/// [`CallError`] when AWS does not accept them, or cannot be reached.
pub async fn caller(api: &dyn Api, credentials: &Credentials, region: &Region) -> Result<Caller, CallError> {
    const CALL: &str = "sts.GetCallerIdentity";
    // The account is not known yet; the limiter needs one.
    let nobody =
        AccountId::new("000000000000").map_err(|error| unreadable(CALL, region, error.to_string()))?;
    let mut target = Target { account: nobody, region: region.clone(), credentials: credentials.clone() };
    let identity = api.call(&target, CALL, &json!({})).await?;
    let text = |name: &str| identity[name].as_str().unwrap_or_default();
    target.account =
        AccountId::new(text("Account")).map_err(|error| unreadable(CALL, region, error.to_string()))?;
    let arn = text("Arn").to_owned();
    let partition = match Arn::parse(&arn).map(|arn| arn.partition) {
        Ok("aws-cn") => Partition::China,
        Ok("aws-us-gov") => Partition::UsGov,
        Ok(_) => Partition::Aws,
        Err(_) => region.partition(),
    };
    Ok(Caller { target, arn, partition })
}

fn unreadable(call: &str, region: &Region, why: String) -> CallError {
    CallError::new(call, region, CallErrorKind::Unreadable, why)
}

/// Finds the accounts of the caller's organisation, as its management account or a delegated administrator may.
pub async fn discover(api: &dyn Api, caller: &Caller) -> Discovery {
    let mut own = Account::bare(caller.target.account.clone());
    let organization = match api.call(&caller.target, "organizations.DescribeOrganization", &json!({})).await
    {
        Ok(answer) => answer["Organization"].clone(),
        Err(error) => {
            let none = error.code.as_deref() == Some("AWSOrganizationsNotInUseException");
            let gaps = if none { Vec::new() } else { vec![error] };
            let organization = Organization::of_one(own, caller.partition);
            return Discovery { organization, gaps, listed: false };
        }
    };
    let management = organization["MasterAccountId"].as_str().and_then(|id| AccountId::new(id).ok());
    own.management = management.as_ref() == Some(&own.id);
    let mut found = Discovery {
        organization: Organization {
            id: organization["Id"].as_str().map(str::to_owned),
            management_account: management,
            ..Organization::of_one(own, caller.partition)
        },
        gaps: Vec::new(),
        listed: false,
    };
    let accounts = match walk(api, &caller.target, found.organization.management_account.as_ref()).await {
        Ok(accounts) => accounts,
        Err(error) => {
            found.gaps.push(error);
            return found;
        }
    };
    found.listed = true;
    found.organization.accounts.extend(accounts);
    if let Err(error) = add_tags(api, &caller.target, &mut found.organization.accounts).await {
        found.gaps.push(error);
    }
    found
}

/// A root or an organisational unit on the way down.
#[derive(Clone)]
struct Unit {
    id: String,
    names: String,
    ids: Vec<String>,
}

/// Walks from the roots down: two calls for each unit are far fewer than one for each account.
async fn walk(
    api: &dyn Api,
    target: &Target,
    management: Option<&AccountId>,
) -> Result<BTreeMap<AccountId, Account>, CallError> {
    let roots = api.call(target, "organizations.ListRoots", &json!({})).await?;
    let mut level: Vec<Unit> = list(&roots, "Roots").map(|root| unit(None, root)).collect();
    let mut accounts = BTreeMap::new();
    while !level.is_empty() {
        let below = stream::iter(level.into_iter().map(|unit| children(api, target, unit)));
        let below: Vec<_> = below.buffered(AT_ONCE).collect().await;
        level = Vec::new();
        for children in below {
            let (parent, units, members) = children?;
            level.extend(list(&units, "OrganizationalUnits").map(|it| unit(Some(&parent), it)));
            for member in list(&members, "Accounts") {
                if let Some(account) = account(member, &parent, management) {
                    accounts.insert(account.id.clone(), account);
                }
            }
        }
    }
    Ok(accounts)
}

async fn children(api: &dyn Api, target: &Target, unit: Unit) -> Result<(Unit, Value, Value), CallError> {
    let input = json!({ "ParentId": unit.id });
    let (units, members) = futures::future::try_join(
        api.call(target, "organizations.ListOrganizationalUnitsForParent", &input),
        api.call(target, "organizations.ListAccountsForParent", &input),
    )
    .await?;
    Ok((unit, units, members))
}

fn list<'a>(answer: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    answer[name].as_array().into_iter().flatten()
}

fn unit(parent: Option<&Unit>, told: &Value) -> Unit {
    let id = told["Id"].as_str().unwrap_or_default().to_owned();
    let name = told["Name"].as_str().unwrap_or_default();
    let names = match parent {
        Some(parent) => format!("{}/{name}", parent.names),
        None => name.to_owned(),
    };
    let mut ids = parent.map(|parent| parent.ids.clone()).unwrap_or_default();
    ids.push(id.clone());
    Unit { id, names, ids }
}

fn account(told: &Value, parent: &Unit, management: Option<&AccountId>) -> Option<Account> {
    let id = AccountId::new(told["Id"].as_str()?).ok()?;
    // `State` replaces `Status`, which older partitions and emulators still send.
    let status = match told["State"].as_str().or_else(|| told["Status"].as_str()) {
        Some("SUSPENDED" | "CLOSED") => AccountStatus::Suspended,
        Some("PENDING_CLOSURE") => AccountStatus::PendingClosure,
        Some("PENDING_ACTIVATION") => AccountStatus::PendingActivation,
        _ => AccountStatus::Active,
    };
    Some(Account {
        name: told["Name"].as_str().unwrap_or_default().to_owned(),
        ou_path: parent.names.clone(),
        ou_ids: parent.ids.clone(),
        tags: BTreeMap::new(),
        status,
        management: management == Some(&id),
        id,
    })
}

async fn add_tags(
    api: &dyn Api,
    target: &Target,
    accounts: &mut BTreeMap<AccountId, Account>,
) -> Result<(), CallError> {
    let mut asked = stream::iter(accounts.values_mut().map(|account| async move {
        let input = json!({ "ResourceId": account.id.as_str() });
        let answer = api.call(target, "organizations.ListTagsForResource", &input).await?;
        for tag in list(&answer, "Tags") {
            if let (Some(key), Some(value)) = (tag["Key"].as_str(), tag["Value"].as_str()) {
                account.tags.insert(key.to_owned(), value.to_owned());
            }
        }
        Ok(())
    }))
    .buffered(AT_ONCE);
    // The first failure ends it: whoever may not read one account's tags may read none.
    while let Some(answer) = asked.next().await {
        answer?;
    }
    Ok(())
}

/// Asks an account which regions it uses.
pub async fn regions(api: &dyn Api, target: &Target) -> Regions {
    let mut gaps = Vec::new();
    let enabled = json!({ "RegionOptStatusContains": ["ENABLED", "ENABLED_BY_DEFAULT", "DISABLING"] });
    let calls = [("account.ListRegions", enabled), ("ec2.DescribeRegions", json!({ "AllRegions": false }))];
    for (call, input) in calls {
        match api.call(target, call, &input).await {
            Ok(answer) => {
                let mut enabled: Vec<Region> = list(&answer, "Regions").filter_map(in_use).collect();
                enabled.sort();
                enabled.dedup();
                if !enabled.is_empty() {
                    return Regions { enabled, told_by: Some(call), gaps };
                }
                gaps.push(unreadable(call, &target.region, "the answer names no region".to_owned()));
            }
            Err(error) => gaps.push(error),
        }
    }
    let enabled = match target.region.partition() {
        Partition::Aws => ALWAYS_ON.iter().map(|region| Region::from(*region)).collect(),
        Partition::China => vec![Region::from("cn-north-1"), Region::from("cn-northwest-1")],
        Partition::UsGov => vec![Region::from("us-gov-east-1"), Region::from("us-gov-west-1")],
    };
    Regions { enabled, told_by: None, gaps }
}

/// The region's name, unless it is said to be off. Not every endpoint heeds the filter of the question.
fn in_use(region: &Value) -> Option<Region> {
    let status = region["RegionOptStatus"].as_str().or_else(|| region["OptInStatus"].as_str());
    let off = matches!(status, Some("DISABLED" | "ENABLING" | "not-opted-in"));
    region["RegionName"].as_str().filter(|_| !off).map(Region::from)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use futures::future::BoxFuture;

    use super::*;

    /// Answers by call and, for Organizations, by parent or resource.
    #[derive(Default)]
    struct Fake(HashMap<String, Result<Value, CallError>>);

    impl Fake {
        fn with(mut self, call: &str, answer: Value) -> Self {
            self.0.insert(call.to_owned(), Ok(answer));
            self
        }

        fn failing(mut self, call: &str, kind: CallErrorKind, code: &str) -> Self {
            let error = CallError::new(call, &Region::from("us-east-1"), kind, "").with_code(code);
            self.0.insert(call.to_owned(), Err(error));
            self
        }

        fn denying(self, call: &str) -> Self {
            self.failing(call, CallErrorKind::Denied { permission: "x:Y".into() }, "AccessDeniedException")
        }
    }

    impl Api for Fake {
        fn call<'a>(
            &'a self,
            target: &'a Target,
            call: &'a str,
            input: &'a Value,
        ) -> BoxFuture<'a, Result<Value, CallError>> {
            let about = input["ParentId"].as_str().or_else(|| input["ResourceId"].as_str());
            let key = about.map_or(call.to_owned(), |about| format!("{call} {about}"));
            let unknown = || Err(CallError::new(call, &target.region, CallErrorKind::NotSupported, ""));
            Box::pin(async move { self.0.get(&key).cloned().unwrap_or_else(unknown) })
        }
    }

    fn organisation() -> Fake {
        let none = || json!({ "OrganizationalUnits": [] });
        let member = |id: &str, name: &str, status: &str| json!({ "Id": id, "Name": name, "Status": status });
        Fake::default()
            .with(
                "sts.GetCallerIdentity",
                json!({ "Account": "000000000001", "Arn": "arn:aws:iam::000000000001:user/auditor" }),
            )
            .with(
                "organizations.DescribeOrganization",
                json!({ "Organization": { "Id": "o-1", "MasterAccountId": "000000000001" } }),
            )
            .with("organizations.ListRoots", json!({ "Roots": [{ "Id": "r-1", "Name": "Root" }] }))
            .with(
                "organizations.ListOrganizationalUnitsForParent r-1",
                json!({ "OrganizationalUnits": [{ "Id": "ou-1", "Name": "Workloads" }] }),
            )
            .with("organizations.ListOrganizationalUnitsForParent ou-1", none())
            .with(
                "organizations.ListAccountsForParent r-1",
                json!({ "Accounts": [member("000000000001", "main", "ACTIVE")] }),
            )
            .with(
                "organizations.ListAccountsForParent ou-1",
                json!({ "Accounts": [member("000000000002", "shop", "ACTIVE"), member("000000000003", "old", "SUSPENDED")] }),
            )
            .with(
                "organizations.ListTagsForResource 000000000002",
                json!({ "Tags": [{ "Key": "team", "Value": "red" }] }),
            )
            .with("organizations.ListTagsForResource 000000000001", json!({ "Tags": [] }))
            .with("organizations.ListTagsForResource 000000000003", json!({ "Tags": [] }))
    }

    async fn discovered(api: &Fake) -> Discovery {
        let caller = caller(api, &Credentials::anonymous(), &Region::from("us-east-1")).await.unwrap();
        discover(api, &caller).await
    }

    #[tokio::test]
    async fn accounts_come_with_units_tags_and_status() {
        let found = discovered(&organisation()).await;
        assert!(found.gaps.is_empty() && found.listed, "{:?}", found.gaps);
        let account = |id: &str| &found.organization.accounts[id];
        assert!(account("000000000001").management);
        let shop = account("000000000002");
        assert_eq!((&*shop.name, &*shop.ou_path), ("shop", "Root/Workloads"));
        assert_eq!(shop.ou_ids, ["r-1", "ou-1"]);
        assert_eq!(shop.tags["team"], "red");
        assert_eq!(account("000000000003").status, AccountStatus::Suspended);
    }

    #[tokio::test]
    async fn a_member_account_knows_its_organisation_but_only_itself() {
        let found = discovered(&organisation().denying("organizations.ListRoots")).await;
        assert!(!found.listed);
        assert_eq!(found.organization.id.as_deref(), Some("o-1"));
        assert_eq!(found.organization.accounts.len(), 1);
        assert_eq!(&*found.gaps[0].call, "organizations.ListRoots");
    }

    #[tokio::test]
    async fn an_account_without_an_organisation_is_no_gap() {
        let code = "AWSOrganizationsNotInUseException";
        let api = organisation().failing("organizations.DescribeOrganization", CallErrorKind::Service, code);
        let found = discovered(&api).await;
        assert!(found.gaps.is_empty());
        assert_eq!(found.organization.id, None);
        let denied = discovered(&organisation().denying("organizations.DescribeOrganization")).await;
        assert_eq!(denied.gaps.len(), 1);
    }

    #[tokio::test]
    async fn tags_that_may_not_be_read_are_a_gap_and_nothing_else() {
        let api = organisation().denying("organizations.ListTagsForResource 000000000002");
        let found = discovered(&api).await;
        assert_eq!(found.organization.accounts.len(), 3);
        assert_eq!(found.gaps.len(), 1);
    }

    #[tokio::test]
    async fn regions_that_are_off_are_left_out_whatever_the_endpoint_filters() {
        let target = Target {
            account: AccountId::new("000000000001").unwrap(),
            region: Region::from("us-east-1"),
            credentials: Credentials::anonymous(),
        };
        let api = Fake::default().denying("account.ListRegions").with(
            "ec2.DescribeRegions",
            json!({ "Regions": [
                { "RegionName": "us-east-1", "OptInStatus": "opt-in-not-required" },
                { "RegionName": "af-south-1", "OptInStatus": "not-opted-in" },
            ] }),
        );
        let found = regions(&api, &target).await;
        assert_eq!(found.enabled, [Region::from("us-east-1")]);
        assert_eq!((found.told_by, found.gaps.len()), (Some("ec2.DescribeRegions"), 1));

        let nothing = regions(&Fake::default().denying("account.ListRegions"), &target).await;
        assert_eq!(nothing.enabled.len(), 17);
        assert_eq!(nothing.gaps.len(), 2);
    }
}
