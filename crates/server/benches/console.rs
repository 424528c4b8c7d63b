//! A million findings, and twenty people who look at them: `cargo bench -p yagura-server --bench console -- [ACCOUNTS] [SCANS]`.
//!
//! What a person does is measured as the server sees it, from the request to the whole answer: the first page of the list with every facet, the next
//! page, one finding, the home page. Each person waits for an answer, looks at it for a moment, and asks for something else; meanwhile somebody works on
//! findings, so that nothing can be remembered for long.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement for a person at a terminal")]

#[path = "../../store/benches/common/mod.rs"]
mod common;
#[path = "../../store/benches/common/world.rs"]
mod world;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, header};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use yagura_model::{Account, RuleInfo};
use yagura_packs::Packs;
use yagura_posture::{Frameworks, Rules, Settings as RuleSettings};
use yagura_server::{Server, Settings};
use yagura_store::Store;

use world::{RESOURCES, RULES_EACH, World};

const PEOPLE: usize = 20;
const ASKED_EACH: usize = 60;
/// How long somebody looks at an answer.
const LOOKS: Duration = Duration::from_millis(1_000);
const PASSWORD: &str = "correct horse battery staple";

fn main() {
    let numbers: Vec<usize> = std::env::args().filter_map(|it| it.parse().ok()).collect();
    let accounts = numbers.first().copied().unwrap_or(1_000);
    let scans = numbers.get(1).copied().unwrap_or(12);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(measure(accounts, scans));
}

async fn measure(accounts: usize, scans: usize) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("yagura.db")).await.unwrap();
    let (rules, _) = Rules::load(&Packs::embedded(), &RuleSettings::default());
    let (frameworks, _) = Frameworks::load(&Packs::embedded(), &rules);
    let mut world = World::new(accounts);
    // Rules that frameworks know, so that there is something to assess.
    let served: Vec<RuleInfo> = frameworks
        .get("nist-800-53-rev-5")
        .unwrap()
        .rules()
        .into_iter()
        .map(|it| rules.get(it.as_str()).unwrap().info().clone())
        .collect();
    world.rules = served.into_iter().cycle().take(world.rules.len()).collect();
    for number in 0..=scans {
        world.scan(&store, number).await;
    }
    println!("{accounts} accounts, {} findings, {} scans", accounts * RESOURCES * RULES_EACH, scans + 1);
    let now = World::started(scans);
    let known = world.accounts.iter().map(|it| (it.clone(), Account::bare(it.clone()))).collect();
    let served = yagura_server::World {
        projects: (0..50)
            .map(|n| {
                let held: Vec<_> = world.accounts.iter().skip(n * 20).take(20).collect();
                serde_json::from_value(json!({ "name": format!("project-{n}"), "accounts": held })).unwrap()
            })
            .collect(),
        accounts: known,
        rules: rules.iter().map(|it| (it.id().clone(), it.info().clone())).collect(),
        judged_by: rules,
        frameworks,
        ..yagura_server::World::default()
    };
    let server = Server::new(store, served, Settings::new(Arc::new(move || now)));
    let begun = Instant::now();
    server.prepare().await;
    println!("scores and frameworks, once after a scan: {:.2} s", begun.elapsed().as_secs_f64());
    let people = People::sign_in(&server).await;
    for (_, path) in questions(&world, 3) {
        let begun = Instant::now();
        people.send(Method::GET, &path, &Value::Null).await;
        println!(
            "alone, asked for the first time: {:.1} ms, {path}",
            begun.elapsed().as_secs_f64() * 1_000.0
        );
    }
    let times = Arc::new(Mutex::new(BTreeMap::new()));
    let whole = Instant::now();
    let asking = (0..PEOPLE).map(|person| {
        let (people, times, world) = (people.clone(), Arc::clone(&times), questions(&world, person));
        tokio::spawn(async move { people.ask(person, &world, &times).await })
    });
    for one in asking.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    let times = times.lock().unwrap();
    for (what, times) in times.iter() {
        let mut times: Vec<f64> = times.clone();
        times.sort_by(f64::total_cmp);
        let at = |part: usize| times[(times.len() - 1) * part / 100];
        println!(
            "{what}: {} times, half within {:.1} ms, 95 of 100 within {:.1} ms, the slowest {:.1} ms",
            times.len(),
            at(50),
            at(95),
            at(100)
        );
    }
    println!(
        "{PEOPLE} people for {:.0} s; at most {} MB of memory",
        whole.elapsed().as_secs_f64(),
        common::peak()
    );
}

/// What people ask for: by name, with the queries to choose from.
type Questions = Vec<(&'static str, String)>;

fn questions(world: &World, person: usize) -> Questions {
    let account = &world.accounts[(person * 37) % world.accounts.len()];
    let rule = &world.rules[(person * 7) % world.rules.len()].id;
    let region = common::region(person);
    let kind = &world.kinds[person % world.kinds.len()];
    let mut all = vec![("home", "/api/home".to_owned())];
    for query in [
        String::new(),
        "severity=HIGH".to_owned(),
        format!("account={account}"),
        format!("project=project-{person}"),
        format!("rule={rule}"),
        format!("region={region}"),
        format!("type={kind}"),
        format!("region={region}&type={kind}&severity=HIGH"),
        "unassigned=true&severity=CRITICAL".to_owned(),
        "framework=nist-800-53-rev-5".to_owned(),
        "overdue=true".to_owned(),
    ] {
        all.push(("first page", format!("/api/findings?{query}")));
        all.push(("facets", format!("/api/findings/counts?{query}")));
    }
    all.push(("frameworks", "/api/frameworks".to_owned()));
    all.push(("resources", format!("/api/resources?account={account}")));
    all
}

#[derive(Clone)]
struct People {
    router: Router,
    cookie: String,
    csrf: String,
}

impl People {
    async fn sign_in(server: &Server) -> Self {
        let mut people = Self { router: server.router(), cookie: String::new(), csrf: String::new() };
        let secret = server.setup_secret().unwrap();
        let body = json!({ "Secret": secret, "Name": "hanako", "Password": PASSWORD });
        people.send(Method::POST, "/api/setup", &body).await;
        let body = json!({ "Name": "hanako", "Password": PASSWORD });
        let (headers, answer) = people.send(Method::POST, "/api/session", &body).await;
        let cookie = headers[header::SET_COOKIE].to_str().unwrap();
        cookie.split(';').next().unwrap().clone_into(&mut people.cookie);
        answer["Csrf"].as_str().unwrap().clone_into(&mut people.csrf);
        people
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> (axum::http::HeaderMap, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, &self.cookie)
            .header("x-yagura-csrf", &self.csrf)
            .header(header::CONTENT_TYPE, "application/json")
            .body(if body.is_null() { Body::empty() } else { Body::from(body.to_string()) })
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        assert!(parts.status.is_success(), "{path}: {} {}", parts.status, String::from_utf8_lossy(&bytes));
        (parts.headers, serde_json::from_slice(&bytes).unwrap())
    }

    async fn ask(
        &self,
        person: usize,
        questions: &Questions,
        times: &Mutex<BTreeMap<&'static str, Vec<f64>>>,
    ) {
        for number in 0..ASKED_EACH {
            // No two people at the same moment, and none in the same order.
            tokio::time::sleep(LOOKS.mul_f64(((person * 31 + number * 17) % 100) as f64 / 50.0)).await;
            let (what, path) = &questions[(person * 5 + number * 7) % questions.len()];
            let begun = Instant::now();
            let (_, answer) = self.send(Method::GET, path, &Value::Null).await;
            times.lock().unwrap().entry(what).or_default().push(begun.elapsed().as_secs_f64() * 1_000.0);
            let first = answer.pointer("/Findings/0/Id").and_then(Value::as_str);
            if let Some(id) = first.filter(|_| number % 10 == 0) {
                // Whatever was counted has to be counted again.
                let body = json!({ "Ids": [id], "Comment": "looked at" });
                self.send(Method::POST, "/api/findings/triage", &body).await;
            }
        }
    }
}
