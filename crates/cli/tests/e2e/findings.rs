//! Findings: lists, counts, pages, and what people do about them; suppressions.

use std::sync::LazyLock;

use serde_json::Value;

use crate::frameworks::{Place, says};

/// A store in which the recorded organisation was judged by two rules about networks. Copied for each test.
static SCANNED: LazyLock<Place> = LazyLock::new(|| {
    let place = Place::new();
    place.scan(&["--rules", "restricted-ssh,ec2-imdsv2-check", "--output", "json"]);
    place
});

fn scanned() -> Place {
    let place = Place::new();
    std::fs::copy(SCANNED.path("yagura.db"), place.path("yagura.db")).unwrap();
    place
}

/// The findings that a list tells, as JSON.
fn list(place: &Place, arguments: &[&str]) -> Vec<Value> {
    let json = place.run(&[&["findings", "list", "--output", "json"], arguments].concat()).json();
    json["Findings"].as_array().unwrap().clone()
}

fn ids(findings: &[Value]) -> Vec<String> {
    findings.iter().map(|it| it["Id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn pages_tell_every_finding_once() {
    let place = scanned();
    let all = ids(&list(&place, &["--limit", "1000"]));
    assert!(all.len() > 3, "{all:?}");
    let (mut pages, mut after) = (Vec::new(), None::<String>);
    loop {
        let mut arguments = vec!["findings", "list", "--output", "json", "--limit", "2"];
        arguments.extend(after.iter().flat_map(|it| ["--after", it]));
        let page = place.run(&arguments).json();
        assert_eq!(page["Total"], all.len());
        pages.extend(ids(page["Findings"].as_array().unwrap()));
        match page["Next"].as_str() {
            Some(next) => after = Some(next.to_owned()),
            None => break,
        }
    }
    assert_eq!(pages, all);
    says(
        &place.run(&["findings", "list", "--after", "4.0; DROP TABLE"]),
        2,
        &["`4.0; DROP TABLE` is no place in a list of findings"],
    );
}

#[test]
fn a_finding_is_told_with_its_reason_its_steps_and_its_history() {
    let place = scanned();
    let finding = &list(&place, &["--rules", "security-hub:EC2.13"])[0];
    let id = finding["Id"].as_str().unwrap();
    says(
        &place.run(&["findings", "show", &id[..10]]),
        0,
        &["Why it matters", "How to put it right 1.", "Frameworks", "History", "opened", id],
    );
    says(
        &place.run(&["findings", "show", id, "--lang", "ja"]),
        0,
        &["なぜ問題か", "修正手順", "設定不備（予防）"],
    );
    says(&place.run(&["findings", "show", "zz"]), 2, &["there is no finding `zz` in the store"]);
}

#[test]
fn counts_by_rule_account_and_framework_agree_with_the_list() {
    let place = scanned();
    let all = list(&place, &["--limit", "1000"]).len() as u64;
    for by in ["severity", "workflow", "kind", "account", "rule"] {
        let table = place.run(&["findings", "count", "--by", by, "--output", "json"]).json();
        let sum: u64 = table["Rows"].as_array().unwrap().iter().map(|it| it["Total"].as_u64().unwrap()).sum();
        assert_eq!(sum, all, "{by}");
    }
    let of_framework = list(&place, &["--framework", "cis-aws-5.0", "--limit", "1000"]).len() as u64;
    let table = place.run(&["findings", "count", "--by", "framework", "--output", "json"]).json();
    let row = table["Rows"].as_array().unwrap().iter().find(|it| it["Id"] == "cis-aws-5.0").unwrap();
    assert_eq!(row["Total"], of_framework);
}

#[test]
fn many_are_only_changed_when_that_was_said() {
    let place = scanned();
    let set = ["findings", "set", "--rules", "ec2-imdsv2-check", "--to", "suppressed", "-m", "ends in June"];
    let before = list(&place, &["--rules", "ec2-imdsv2-check", "--limit", "1000"]).len();
    says(&place.run(&set), 2, &[&format!("{before} findings are meant, and nothing was done")]);
    assert_eq!(list(&place, &["--rules", "ec2-imdsv2-check", "--limit", "1000"]).len(), before);
    let done = place.run(&[&set[..], &["--yes", "--as", "hanako"]].concat());
    says(&done, 0, &[&format!("{before} of {before} findings changed")]);
    assert!(list(&place, &["--rules", "ec2-imdsv2-check"]).is_empty(), "a list tells what is open");
    let hidden = list(&place, &["--workflow", "suppressed", "--limit", "1000"]);
    assert_eq!(hidden.len(), before);
    let shown = place.run(&["findings", "show", hidden[0]["Id"].as_str().unwrap()]);
    says(&shown, 0, &["hanako", "NEW to SUPPRESSED: ends in June"]);
    says(
        &place.run(&["findings", "set", "--to", "resolved", "--yes"]),
        2,
        &["neither a finding was named nor a filter given"],
    );
}

#[test]
fn names_that_nobody_knows_are_told() {
    let place = scanned();
    let told = |arguments: &[&str], sentence: &str| {
        says(&place.run(&[&["findings", "list"], arguments].concat()), 2, &[sentence]);
    };
    told(&["--rules", "restricted-shh"], "neither a rule nor a finding is called `restricted-shh`");
    told(&["--accounts", "nobody"], "there is no account `nobody` in the store");
    told(&["--workflow", "done"], "`done` is none of new, notified, suppressed, resolved");
    told(&["--project", "shop"], "defines no project `shop`");
    let nowhere = Place::new();
    says(&nowhere.run(&["findings", "list"]), 2, &["there is no finished scan in"]);
}

const ACCEPTED: &str = "
- name: ssh-of-the-shop
  rules: ['security-hub:EC2.13']
  accounts: ['hinode-*']
  reason: only until the VPN is there
  compensating_control: keys on hardware
  requester: taro@example.com
  approver: hanako@example.com
  until: 2026-12-31
";

/// A place with suppressions in a file.
fn with_suppressions(text: &str) -> (Place, String) {
    let place = scanned();
    std::fs::create_dir_all(place.path("accepted")).unwrap();
    std::fs::write(place.path("accepted/network.yaml"), text).unwrap();
    let directory = place.path("accepted").display().to_string();
    std::fs::write(place.path("yagura.toml"), format!("suppressions = [{directory:?}]\n")).unwrap();
    let config = place.path("yagura.toml").to_str().unwrap().to_owned();
    (place, config)
}

#[test]
fn a_suppression_hides_until_its_end_and_then_its_findings_return() {
    let (place, config) = with_suppressions(ACCEPTED);
    let open = || list(&place, &["--rules", "restricted-ssh", "--limit", "1000"]).len();
    let suppress =
        |arguments: &[&str]| place.run(&[&["suppress"], arguments, &["--config", &config]].concat());
    let before = open();
    assert!(before > 0);
    says(&suppress(&["check", "--now", "2026-06-01T00:00:00Z"]), 0, &[&format!("ssh-of-the-shop: {before}")]);
    says(
        &suppress(&["apply", "--now", "2026-06-01T00:00:00Z"]),
        0,
        &[&format!("{before} findings hidden, 0 came back")],
    );
    assert_eq!(open(), 0);
    says(
        &suppress(&["list", "--now", "2026-06-01T00:00:00Z"]),
        0,
        &["ssh-of-the-shop", "2026-12-31", "network.yaml"],
    );
    let soon = suppress(&["apply", "--now", "2026-12-20T00:00:00Z"]);
    says(&soon, 0, &[&format!("`ssh-of-the-shop` ends on 2026-12-31: {before} findings come back then")]);
    says(
        &suppress(&["list", "--now", "2026-12-20T00:00:00Z", "--lang", "ja"]),
        0,
        &["2026-12-31（残り 11 日）"],
    );
    says(
        &suppress(&["apply", "--now", "2027-01-01T00:00:00Z"]),
        0,
        &[&format!("0 findings hidden, {before} came back")],
    );
    assert_eq!(open(), before);
}

/// A slip of the pen must not call people about everything that a file hides.
#[test]
fn what_a_file_hid_stays_hidden_while_it_has_a_mistake_or_is_gone() {
    let (place, config) = with_suppressions(ACCEPTED);
    let open = || list(&place, &["--rules", "restricted-ssh", "--limit", "1000"]).len();
    let suppress = |arguments: &[&str]| {
        place.run(
            &[&["suppress"], arguments, &["--config", &config, "--now", "2026-06-01T00:00:00Z"]].concat(),
        )
    };
    let write = |text: &str| std::fs::write(place.path("accepted/network.yaml"), text).unwrap();
    let before = open();
    says(&suppress(&["apply"]), 0, &[&format!("{before} findings hidden")]);
    let agreed = ["--requester", "taro", "--approver", "hanako", "--until", "2026-12-31"];
    let add = ["add", "imds", "--rules", "ec2-imdsv2-check", "--reason", "in June", "--yes-hide", "1000"];
    says(&suppress(&[&add[..], &agreed].concat()), 0, &["0 came back"]);
    for slip in [ACCEPTED.replace("until:", "untill:"), format!("{ACCEPTED}  - [")] {
        write(&slip);
        says(
            &suppress(&["apply"]),
            0,
            &["network.yaml:", "error[yaml/syntax]", "0 findings hidden, 0 came back"],
        );
        assert_eq!(open(), 0);
    }
    // What another hid is let go all the same.
    let imds = list(&place, &["--suppression", "imds", "--limit", "1000"]).len();
    assert!(imds > 0);
    says(&suppress(&["remove", "imds"]), 0, &[&format!("{imds} came back")]);
    std::fs::remove_dir_all(place.path("accepted")).unwrap();
    says(&suppress(&["apply"]), 0, &["the suppressions cannot be read", "0 came back"]);
    says(&suppress(&["check"]), 2, &["some suppressions cannot be used"]);
    assert_eq!(open(), 0);
    std::fs::create_dir_all(place.path("accepted")).unwrap();
    write("[]\n");
    says(&suppress(&["apply"]), 0, &[&format!("{before} came back")]);
}

#[test]
fn a_scan_hides_what_is_accepted() {
    let (place, config) = with_suppressions(ACCEPTED);
    place.scan(&[
        "--rules",
        "restricted-ssh",
        "--output",
        "json",
        "--config",
        &config,
        "--now",
        "2026-06-01T00:00:00Z",
    ]);
    assert!(list(&place, &["--rules", "restricted-ssh"]).is_empty());
}

#[test]
fn a_suppression_made_by_command_is_taken_away_by_command() {
    let place = scanned();
    let finding = list(&place, &["--rules", "restricted-ssh"]).remove(0);
    let resource = finding["Resource"]["Id"].as_str().unwrap();
    let add = |more: &[&str]| {
        let always = ["suppress", "add", "bastion", "--reason", "the bastion", "--requester", "taro"];
        let until = ["--until", "2027-03-31", "--now", "2026-06-01T00:00:00Z"];
        place.run(&[&always[..], &until, more].concat())
    };
    says(&add(&["--resources", resource, "--approver", "taro"]), 2, &["is approved by its own requester"]);
    says(&add(&["--approver", "hanako"]), 2, &["names nothing, and would hide every finding"]);
    says(&add(&["--resources", resource, "--approver", "hanako"]), 0, &["1 findings hidden"]);
    assert_eq!(list(&place, &["--suppression", "bastion"]).len(), 1);
    says(
        &add(&["--resources", "x", "--approver", "hanako"]),
        2,
        &["there is a suppression `bastion` in the store"],
    );
    says(&place.run(&["suppress", "remove", "bastion"]), 0, &["0 findings hidden, 1 came back"]);
    says(
        &place.run(&["suppress", "remove", "bastion"]),
        2,
        &["no suppression `bastion` was made by command"],
    );
    assert!(ids(&list(&place, &["--limit", "1000"])).contains(&finding["Id"].as_str().unwrap().to_owned()));
}

#[test]
fn one_that_hides_many_says_so() {
    let place = Place::new();
    place.scan(&["--services", "ec2", "--output", "json"]);
    let all = list(&place, &["--services", "ec2", "--limit", "1000"]).len();
    assert!(all > 20, "{all}");
    let add = |more: &[&str]| {
        let said = ["suppress", "add", "all", "--reason", "r", "--requester", "a", "--approver", "b"];
        let what = ["--until", "2027-03-31", "--now", "2026-06-01T00:00:00Z", "--rules", "ec2-*,vpc-*"];
        place.run(&[&said[..], &what, more].concat())
    };
    let refused = add(&[]);
    assert_eq!(refused.status, 2, "{}", refused.err);
    let number = refused.err.split_whitespace().find_map(|it| it.parse::<u64>().ok()).unwrap();
    says(&refused, 2, &[&format!("would hide {number} findings"), &format!("`--yes-hide {number}`")]);
    says(&add(&["--yes-hide", "21"]), 2, &["nothing was done"]);
    says(&add(&["--yes-hide", &number.to_string()]), 0, &[&format!("{number} findings hidden")]);
}

/// What Security Hub says of a security group of the recorded organisation, and something that nobody can use.
fn asff(group: &Value) -> String {
    let (resource, account) = (&group["Resource"], group["Resource"]["Account"].as_str().unwrap());
    let region = resource["Region"].as_str().unwrap();
    let finding = |control: &str, title: &str| {
        serde_json::json!({
            "SchemaVersion": "2018-10-08",
            "Id": format!("arn:aws:securityhub:{region}:{account}:security-control/{control}/finding/1"),
            "ProductArn": format!("arn:aws:securityhub:{region}::product/aws/securityhub"),
            "ProductName": "Security Hub", "CompanyName": "AWS", "Region": region,
            "GeneratorId": format!("security-control/{control}"), "AwsAccountId": account,
            "Types": ["Software and Configuration Checks/Industry and Regulatory Standards"],
            "CreatedAt": "2026-01-10T00:00:00Z", "UpdatedAt": "2026-01-11T00:00:00Z",
            "FirstObservedAt": "2026-01-10T00:00:00Z", "LastObservedAt": "2026-01-11T00:00:00Z",
            "Severity": { "Label": "HIGH" }, "Title": title, "Description": "what it is about",
            "Resources": [{ "Type": "AwsEc2SecurityGroup", "Id": group["Arn"], "Partition": "aws", "Region": region }],
            "Compliance": { "Status": "FAILED", "SecurityControlId": control },
            "Workflow": { "Status": "NEW" }, "WorkflowState": "NEW", "RecordState": "ACTIVE"
        })
    };
    let all = [
        finding("EC2.13", "Security groups should not allow ingress from 0.0.0.0/0 or ::/0 to port 22"),
        serde_json::json!({ "Id": "x" }),
        finding("EC2.999", "A control that came yesterday"),
    ];
    serde_json::json!({ "Findings": all }).to_string()
}

#[test]
fn what_security_hub_says_of_the_same_group_is_the_same_finding() {
    let place = scanned();
    let ours = list(&place, &["--rules", "restricted-ssh"]).remove(0);
    let file = place.path("findings.json");
    std::fs::write(&file, asff(&ours)).unwrap();
    let import = || place.run(&["import", file.to_str().unwrap(), "--now", "2026-06-01T00:00:00Z"]);
    says(&import(), 0, &["findings.json:1:", "finding 2 is left out"]);
    import();
    let merged = list(&place, &["--detector", "security-hub", "--limit", "1000"]);
    assert_eq!(merged.len(), 2, "{merged:?}");
    let same = merged.iter().find(|it| it["Id"] == ours["Id"]).unwrap();
    assert_eq!(same["Detectors"], serde_json::json!(["yagura", "security-hub"]));
    let theirs = merged.iter().find(|it| it["Rule"] == "security-hub:EC2.999").unwrap();
    assert_eq!(theirs["Resource"], ours["Resource"]);
    says(
        &place.run(&["findings", "show", theirs["Id"].as_str().unwrap()]),
        0,
        &["A control that came yesterday"],
    );
}

#[test]
fn an_export_of_a_file_that_is_not_there_is_told_before_aws_is_asked() {
    let place = Place::new();
    says(&place.run(&["export", "security-hub", "nowhere.json"]), 2, &["cannot read `nowhere.json`"]);
    let lake = ["export", "security-lake", "nowhere.json", "--bucket", "b"];
    says(&place.run(&lake), 2, &["cannot read `nowhere.json`"]);
}

#[test]
fn mistakes_in_files_are_told_with_their_lines_and_the_rest_is_used() {
    let (place, config) =
        with_suppressions(&format!("{ACCEPTED}\n- name: broken\n  rules: [x]\n  reason: r\n"));
    let checked = place.run(&["suppress", "check", "--config", &config]);
    says(
        &checked,
        2,
        &["network.yaml:11:", "the suppression `broken` has no `requester`", "ssh-of-the-shop: "],
    );
}

#[test]
fn a_mutelist_of_prowler_becomes_a_file_of_suppressions() {
    let (place, config) = with_suppressions("[]");
    let open = || list(&place, &["--rules", "restricted-ssh", "--limit", "1000"]).len();
    let before = open();
    let mutelist = "
Mutelist:
  Accounts:
    '*':
      Checks:
        ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22:
          Regions: ['*']
          Resources: ['*']
          Description: only until the VPN is there
        iam_user_mfa_enabled_console_access:
          Regions: ['*']
          Resources: ['^ops-[12]$']
";
    std::fs::write(place.path("mutelist.yaml"), mutelist).unwrap();
    let file = place.path("mutelist.yaml").display().to_string();
    let import = |requester: &str, until: &str| {
        place.run(&[
            "suppress",
            "import",
            &file,
            "--requester",
            requester,
            "--approver",
            "hanako",
            "--until",
            until,
        ])
    };
    // What is wrong with all of them is told once.
    let run = import("hanako", "2027-03-31");
    says(&run, 2, &["is approved by its own requester"]);
    assert!(!run.err.contains("is left out"), "{}", run.err);
    says(&import("", "2027-03-31"), 2, &["has no `requester`", "`--requester`"]);
    says(&import("taro", "2020-03-31"), 2, &["would have ended already"]);
    let run = import("taro", "2027-03-31");
    says(&run, 0, &["check `iam_user_mfa_enabled_console_access` is left out", "`^ops-[12]$`"]);
    std::fs::write(place.path("accepted/network.yaml"), &run.out).unwrap();
    let apply = ["suppress", "apply", "--config", &config, "--now", "2026-06-01T00:00:00Z"];
    says(&place.run(&apply), 0, &[&format!("{before} findings hidden")]);
    assert_eq!(open(), 0);
}
