//! The console of the demonstration, filled, with people to sign in as.
//!
//! It goes by the time of the recording, so that what happened yesterday happened yesterday.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use jiff::SignedDuration;
use yagura_model::{Role, Timestamp, User};
use yagura_server::{Clock, Server, Settings, World};
use yagura_store::Store;

use crate::arguments::{ReachArguments, ServeArguments, StoredArguments};
use crate::commands::serve;
use crate::failure::{Failure, Told};
use crate::terminal;

/// Nobody outside of this machine can use it.
const PASSWORD: &str = "yagura-demonstration";

/// The morning after the attack.
const NOW: Timestamp = Timestamp::constant(1_769_904_000, 0);

/// Who may sign in, as what, and with which projects.
const PEOPLE: [(&str, Role, &[&str]); 3] = [
    ("demo", Role::Administrator, &[]),
    ("demo-approver", Role::Approver, &[]),
    ("demo-member", Role::ProjectMember, &["shop"]),
];

/// The projects of the recorded organisation, and where it lies: scans judge it, and nobody's AWS.
fn configuration(recording: &Path) -> String {
    let snapshot = toml::Value::from(recording.display().to_string());
    format!("[serve.scan]\nsnapshot = {snapshot}\n{PROJECTS}")
}

const PROJECTS: &str = r#"
[[projects]]
name = "shop"
accounts = ["hinode-shop-*"]

[[projects]]
name = "platform"
ou = ["Root", "Root/Security", "Root/Infrastructure*"]

[[projects]]
name = "workloads"
ou = ["Root/Workloads/*"]
"#;

/// Serves the store of the demonstration until it is stopped. `recording` lies unpacked for as long.
pub(super) async fn serve(listen: SocketAddr, path: PathBuf, recording: &Path) -> Result<ExitCode, Failure> {
    if !listen.ip().is_loopback() {
        return Err(Told::new("everybody knows the password of the demonstration")
            .help("`--listen 127.0.0.1:8080` lets this machine alone use it")
            .usage());
    }
    invite(&path).await?;
    let directory = tempfile::tempdir();
    let file = directory.as_ref().map(|it| it.path().join("yagura.toml")).ok();
    let written = file.as_ref().map(|it| std::fs::write(it, configuration(recording)));
    let (Some(file), Some(Ok(()))) = (file, written) else {
        return Err(Told::new("the configuration of the demonstration cannot be written").other());
    };
    let begun = Instant::now();
    let clock: Clock = Arc::new(move || {
        let passed = SignedDuration::try_from(begun.elapsed()).unwrap_or_default();
        NOW.checked_add(passed).unwrap_or(NOW)
    });
    let reach = ReachArguments { listen: Some(listen), ..ReachArguments::default() };
    let common = StoredArguments { store: Some(path), ..StoredArguments::default() };
    terminal::say(&format!(
        "open http://{listen} and sign in as demo, demo-approver or demo-member, with the password {PASSWORD}"
    ));
    serve::serve(ServeArguments { reach, common }, Some(&file), clock).await
}

/// Adds whoever is not there yet.
async fn invite(path: &Path) -> Result<(), Failure> {
    let failed = |told: String| Told::new(format!("nobody could sign in: {told}")).other();
    let store = Store::open(path).await.map_err(|error| failed(error.to_string()))?;
    let server = Server::new(store.clone(), World::default(), Settings::new(Arc::new(|| NOW)));
    let known = store.users().await.map_err(|error| failed(error.to_string()))?;
    for (name, role, projects) in PEOPLE {
        if known.iter().any(|it| it.name == name) {
            continue;
        }
        let projects = projects.iter().map(|it| (*it).to_owned()).collect::<BTreeSet<_>>();
        let user = User { projects, ..User::new(name.to_owned(), role, NOW) };
        let added = server.add_person(&user, PASSWORD.to_owned(), false).await;
        added.map_err(|problem| failed(problem.detail))?;
    }
    drop(server);
    store.close().await;
    Ok(())
}
