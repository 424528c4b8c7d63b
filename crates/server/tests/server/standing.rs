//! Where everything stands: the home page, scores, frameworks, and resources.

use axum::http::StatusCode;
use serde_json::json;
use yagura_model::{Role, User};

use crate::fixtures::*;
use crate::scanned::{SSH, names, narrowed, query, scanned, shared, world};

#[tokio::test]
async fn the_home_page_tells_where_everything_stands() {
    let yagura = scanned().await;
    let home = yagura.get("/api/home", &yagura.sign_in(Role::Viewer).await).await.json();
    // One group that anybody reaches, and two port scans that GuardDuty told of.
    assert_eq!(home["Open"], json!({ "Total": 3, "Severities": { "HIGH": 3 } }));
    assert_eq!((&home["New"]["Total"], &home["Ended"]["Total"]), (&json!(2), &json!(1)));
    assert_eq!(home["Points"].as_array().unwrap().len(), 2);
    assert!(home["Change"].as_f64().unwrap() > 0.0, "{}", home["Change"]);
    assert_eq!(names(&home["Accounts"], "Name"), ["shop-production", "bank-production"]);
    assert_eq!(names(&home["Projects"], "Id"), ["shop", "bank"]);
    assert_eq!(home["Rules"][0]["Id"], "guardduty:Recon:EC2/Portscan");
    let protect = home["Functions"].as_array().unwrap().iter().find(|it| it["Id"] == "protect").unwrap();
    assert_eq!((&protect["Violations"], &protect["Change"]), (&json!(1), &json!(25.0)));
    // What does not exist is a fact, and no gap.
    let gaps = &home["Gaps"];
    assert_eq!((&gaps["Read"], &gaps["Failed"]), (&json!(4), &json!(2)));
    assert_eq!(gaps["Calls"][0]["Call"], "s3.GetBucketPolicy");
}

#[tokio::test]
async fn members_are_told_where_their_accounts_stand() {
    let yagura = scanned().await;
    let home = yagura.get("/api/home", &yagura.sign_in(Role::ProjectMember).await).await;
    assert!(!home.text.contains("bank") && !home.text.contains(BANK), "{}", home.text);
    let home = home.json();
    assert_eq!(home["Open"]["Total"], 2);
    assert_eq!(home["Scan"]["Accounts"], 1);
    assert_eq!((&home["Points"][0]["Score"], &home["Points"][0]["Accounts"]), (&json!(50.0), &json!(1)));
    assert_eq!(home["Gaps"]["Failed"], 1);
    let scores = yagura.get("/api/scores", &yagura.sign_in(Role::ProjectMember).await).await.json();
    assert_eq!(names(&scores["Accounts"], "Id"), [SHOP]);
    assert_eq!(names(&scores["Projects"], "Id"), ["shop"]);
}

#[tokio::test]
async fn who_shares_an_account_hears_nothing_of_the_other_project() {
    let yagura = scanned().await;
    yagura.server.change_world(shared());
    let (_, credentials) = yagura.store.user("administrator").await.unwrap().unwrap();
    let projects = ["secret-acquisition".to_owned()].into();
    let user = User { projects, ..User::new("hanako".to_owned(), Role::ProjectMember, start()) };
    yagura.store.add_user(&user, &credentials, false).await.unwrap();
    let hanako = Signed::of(&yagura.try_sign_in("hanako", PASSWORD).await);
    let member = yagura.sign_in(Role::ProjectMember).await;
    for path in [
        "/api/scores",
        "/api/home",
        "/api/accounts",
        "/api/projects",
        "/api/findings/counts",
        "/api/frameworks",
    ] {
        // Whoever asks first must not fix what the next one hears.
        let theirs = yagura.get(path, &hanako).await;
        let ours = yagura.get(path, &member).await;
        assert_eq!((theirs.status, ours.status), (StatusCode::OK, StatusCode::OK), "{path}");
        assert!(!ours.text.contains("secret-acquisition"), "{path}: {}", ours.text);
        assert!(!theirs.text.contains("\"shop\""), "{path}: {}", theirs.text);
    }
}

#[tokio::test]
async fn a_look_at_a_part_leaves_where_everything_stands_alone() {
    let yagura = scanned().await;
    let who = yagura.sign_in(Role::Viewer).await;
    let before = yagura.get("/api/home", &who).await.json();
    narrowed(&yagura).await;
    yagura.server.change_world(world());
    let page = yagura.get("/api/frameworks/aws-fsbp", &who).await.json();
    assert_eq!(names(&page["Accounts"], "Name"), ["shop-production", "bank-production"]);
    let tried = format!("/api/rules/{SSH}/explanation?{}", query(SHOP, "sg-shop-production"));
    assert_eq!(yagura.get(&tried, &who).await.json()["Evaluation"]["Outcome"], "NON_COMPLIANT");
    let after = yagura.get("/api/home", &who).await.json();
    assert_eq!((&after["Points"], &after["Gaps"]), (&before["Points"], &before["Gaps"]));
    assert_eq!(after["Scan"]["Accounts"], 2);
    let accounts = yagura.get("/api/accounts", &who).await.json();
    assert!(accounts["Accounts"].as_array().unwrap().iter().all(|it| it["Scan"].is_object()), "{accounts}");
}

#[tokio::test]
async fn what_ended_lately_is_a_list() {
    let yagura = scanned().await;
    let who = yagura.sign_in(Role::Viewer).await;
    let ended = |since: &str| format!("/api/findings?status=archived&ended={since}");
    let lately = yagura.get(&ended("2026-05-31T09:00:00Z"), &who).await.json();
    assert_eq!(lately["Findings"].as_array().unwrap().len(), 1, "{lately}");
    let later = yagura.get(&ended("2026-06-02T09:00:00Z"), &who).await.json();
    assert_eq!(later["Findings"].as_array().unwrap().len(), 0, "{later}");
}

#[tokio::test]
async fn a_server_without_a_scan_has_a_home_page() {
    let yagura = Yagura::peopled().await;
    let who = yagura.sign_in(Role::Viewer).await;
    let home = yagura.get("/api/home", &who).await.json();
    assert_eq!((&home["Scan"], &home["Open"]["Total"]), (&json!(null), &json!(2)));
    assert_eq!(yagura.get("/api/scores", &who).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_framework_is_told_by_requirement_and_account() {
    let yagura = scanned().await;
    let who = yagura.sign_in(Role::Viewer).await;
    let list = yagura.get("/api/frameworks", &who).await.json();
    let id = "aws-fsbp";
    let line = list["Frameworks"].as_array().unwrap().iter().find(|it| it["Id"] == id).unwrap();
    assert_ne!(line["Met"]["Totals"]["NonCompliant"], json!(0));
    let page = yagura.get(&format!("/api/frameworks/{id}"), &who).await.json();
    let requirements = page["Framework"]["Requirements"].as_array().unwrap();
    let place = requirements
        .iter()
        .position(|it| it["Rules"].as_array().is_some_and(|rules| rules.contains(&json!(SSH))))
        .expect("a requirement that asks for SSH");
    let number = requirements[place]["Id"].as_str().unwrap();
    assert_eq!(page["Answers"][place]["Answer"], "NON_COMPLIANT");
    let letters: Vec<(String, char)> = page["Accounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let letter = it["Answers"].as_str().unwrap().chars().nth(place).unwrap();
            (it["Name"].as_str().unwrap().to_owned(), letter)
        })
        .collect();
    assert_eq!(letters[0], ("shop-production".to_owned(), 'N'));
    assert_ne!(letters[1].1, 'N', "the bank put it right");
    let one = yagura.get(&format!("/api/frameworks/{id}/requirements/{number}"), &who).await.json();
    assert_eq!(names(&one["Accounts"], "Account"), [SHOP, BANK]);
    let rule = one["Rules"].as_array().unwrap().iter().find(|it| it["Id"] == SSH).unwrap();
    assert_eq!(rule["Evaluations"], json!({ "COMPLIANT": 3, "NON_COMPLIANT": 1 }));
    for path in ["/api/frameworks/none", &format!("/api/frameworks/{id}/requirements/none")] {
        assert_eq!(yagura.get(path, &who).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let member = yagura.sign_in(Role::ProjectMember).await;
    for path in [format!("/api/frameworks/{id}"), format!("/api/frameworks/{id}/requirements/{number}")] {
        let answer = yagura.get(&path, &member).await;
        assert!(!answer.text.contains(BANK) && answer.text.contains(SHOP), "{path}");
    }
}

#[tokio::test]
async fn resources_are_found_and_told_with_what_uses_them() {
    let yagura = scanned().await;
    let who = yagura.sign_in(Role::Viewer).await;
    let list = yagura.get("/api/resources?text=-user", &who).await.json();
    assert_eq!(list["Resources"].as_array().unwrap().len(), 2);
    let counts = yagura.get("/api/resources/counts?project=shop", &who).await.json();
    assert_eq!(counts, json!({ "Total": 2, "Types": { "AWS::EC2::SecurityGroup": 2 } }));
    let open = query(SHOP, "sg-shop-production");
    let around = yagura.get(&format!("/api/resources/related?{open}"), &who).await.json();
    assert_eq!(names(&around["PointedToBy"], "Id"), ["sg-shop-production-user"]);
    assert_eq!(names(&around["Findings"], "Rule"), [SSH]);
    let member = yagura.sign_in(Role::ProjectMember).await;
    let seen = yagura.get("/api/resources", &member).await;
    assert!(!seen.text.contains(BANK) && seen.text.contains(SHOP), "{}", seen.text);
    let foreign = query(BANK, "sg-bank-production");
    for path in ["related", "versions"] {
        let answer = yagura.get(&format!("/api/resources/{path}?{foreign}"), &member).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_rule_is_tried_on_a_resource() {
    let yagura = scanned().await;
    let who = yagura.sign_in(Role::Viewer).await;
    let tried = async |rule: &str, resource: &str, who: &Signed| {
        yagura.get(&format!("/api/rules/{rule}/explanation?{resource}"), who).await
    };
    let open = tried(SSH, &query(SHOP, "sg-shop-production"), &who).await.json();
    assert_eq!(open["Evaluation"]["Outcome"], "NON_COMPLIANT");
    let conditions = open["Conditions"].as_array().unwrap();
    let compliant = conditions.iter().find(|it| it["Label"] == "compliant").unwrap();
    assert_eq!(compliant["Step"]["Value"], false);
    let closed = tried(SSH, &query(BANK, "sg-bank-production"), &who).await.json();
    assert_eq!(closed["Evaluation"]["Outcome"], "COMPLIANT");
    let other = tried("s3-bucket-versioning-enabled", &query(SHOP, "sg-shop-production"), &who).await;
    assert_eq!(other.status, StatusCode::BAD_REQUEST, "{}", other.text);
    let none = tried("no-such-rule", &query(SHOP, "sg-shop-production"), &who).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let member = yagura.sign_in(Role::ProjectMember).await;
    let foreign = tried(SSH, &query(BANK, "sg-bank-production"), &member).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    let rule = yagura.get(&format!("/api/rules/{SSH}"), &who).await.json();
    assert_eq!(rule["Parameters"], json!({ "allowed_cidrs": [] }));
    assert!(!rule["Requirements"].as_array().unwrap().is_empty());
}
