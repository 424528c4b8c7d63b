//! Names of files, and reports while scans go on.

use yagura_model::{Account, Organization, Partition, RuleId, ScanScope};
use yagura_packs::Packs;
use yagura_store::{ScanOrder, Store};

use super::*;

#[test]
fn a_name_of_a_file_leads_nowhere_else_and_comes_once() {
    let mut names = Names::default();
    assert_eq!(names.give("Shop / Prod"), "Shop-Prod");
    assert_eq!(names.give("shop-prod"), "shop-prod-2");
    assert_eq!(names.give("../../etc/passwd"), "etc-passwd");
    assert_eq!(names.give("決済基盤"), "決済基盤");
    assert_eq!(names.give("🔥"), "project");
    assert!(names.give(&"長".repeat(300)).len() <= 180);
}

/// A scan of an organisation whose only account did not answer.
async fn scan(store: &Store) -> yagura_model::Scan {
    let account = Account::bare(AccountId::new("111122223333").unwrap());
    let scope = ScanScope {
        accounts: BTreeSet::new(),
        regions: BTreeSet::new(),
        rules: BTreeSet::<RuleId>::new(),
        types: BTreeSet::new(),
        digest: "d".to_owned(),
        question: "q".to_owned(),
        is_narrowed: false,
    };
    let organization = Organization::of_one(account, Partition::Aws);
    let started = "2026-06-01T00:00:00Z".parse().unwrap();
    let order = ScanOrder { scope: &scope, organization: &organization, rules: &[], started, resume: false };
    let run = store.begin_scan(order).await.unwrap();
    run.finish(started).await.unwrap();
    store.latest_scan().await.unwrap().unwrap()
}

#[tokio::test]
async fn a_report_is_begun_anew_when_a_scan_ends_meanwhile_and_takes_the_place_of_the_one_it_is_told_from() {
    let store = Store::in_memory().await.unwrap();
    let config = Config::default();
    let first = scan(&store).await;
    let mut known =
        Known::read(Packs::embedded(), store.clone(), first.clone(), &config, &[], Lang::En).await.unwrap();
    let second = scan(&store).await;
    let wish = Wish {
        projects: Vec::new(),
        without_project: true,
        formats: vec![ReportFormat::Made(ProjectFormat::Json)],
        with_ended: false,
        weeks: 4,
        now: "2026-06-02T00:00:00Z".parse().unwrap(),
        lang: Some(Lang::En),
        lang_else: None,
        zone: Some(TimeZone::UTC),
        due: config.due_days(),
    };
    let directory = tempfile::tempdir().unwrap();
    let made = one(&mut known, &config, &wish, None, directory.path()).await.unwrap();
    assert_eq!(made[0].path.file_name().unwrap(), "yagura-without-project-2026-06-02.json");
    assert!(std::fs::read_to_string(&made[0].path).unwrap().contains("111122223333"));
    assert_eq!(known.scan.id, second.id);
    assert_ne!(first.id, second.id);
}
