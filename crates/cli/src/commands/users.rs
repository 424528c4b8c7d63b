//! `yagura users list | reset | add-administrator`: a way back in, for whoever administers the machine.
//!
//! What is done stands in the audit log before it is done, as everything does that the console changes.

use std::process::ExitCode;
use std::sync::Arc;

use yagura_model::{Role, Timestamp, User};
use yagura_report::one_line;
use yagura_server::{Problem, Server, Settings, World};
use yagura_store::{DatabaseError, Deed, Store};

use crate::arguments::{FindingsFormat, StoredArguments, UsersCommand};
use crate::commands::store::earlier;
use crate::commands::{print, print_json};
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::source;

/// Who did it, in the audit log: nobody who signs in can be called so.
const WHO: &str = "at the machine";

/// Runs the command.
pub async fn run(command: UsersCommand, config: &Config) -> Result<ExitCode, Failure> {
    match command {
        UsersCommand::List { output, common } => list(&open(&common, config).await?, output).await,
        UsersCommand::Reset { name, common } => {
            let place = Place::open(&common, config).await?;
            place.reset(&name).await
        }
        UsersCommand::AddAdministrator { name, common } => {
            let place = Place::open(&common, config).await?;
            place.add_administrator(&name).await
        }
    }
}

async fn open(common: &StoredArguments, config: &Config) -> Result<Store, Failure> {
    let asked = common.store.clone().or_else(|| config.store());
    earlier(asked.as_deref()).await.map(|(store, _)| store)
}

async fn list(store: &Store, output: FindingsFormat) -> Result<ExitCode, Failure> {
    let users = store.users().await.map_err(failed)?;
    match output {
        FindingsFormat::Json => print_json(&users),
        FindingsFormat::Table => print(&users.iter().map(line).collect::<String>()),
    }
}

fn line(user: &User) -> String {
    let mut told = vec![user.role.to_string()];
    told.extend(user.projects.iter().map(|it| one_line(it).into_owned()));
    let notes = [
        (user.is_external, "through the identity provider"),
        (user.has_totp, "with an authenticator"),
        (user.is_disabled, "disabled"),
    ];
    told.extend(notes.into_iter().filter(|(is_so, _)| *is_so).map(|(_, note)| note.to_owned()));
    format!("{}: {}\n", one_line(&user.name), told.join(", "))
}

/// A store whose people are changed.
struct Place {
    store: Store,
    server: Server,
    now: Timestamp,
}

impl Place {
    async fn open(common: &StoredArguments, config: &Config) -> Result<Self, Failure> {
        let store = open(common, config).await?;
        let now = common.now.unwrap_or_else(source::clock);
        // It hashes passwords and keeps the rules about names; nobody is served.
        let server = Server::new(store.clone(), World::default(), Settings::new(Arc::new(move || now)));
        Ok(Self { store, server, now })
    }

    async fn reset(&self, name: &str) -> Result<ExitCode, Failure> {
        let known = self.store.user(name).await.map_err(failed)?;
        let Some((user, _)) = known else {
            return Err(Told::new(format!("there is no user `{name}`"))
                .help("`yagura users list` lists them")
                .usage());
        };
        if user.is_external {
            return Err(Told::new(format!("`{}` signs in through the identity provider", user.name))
                .help("it knows their password; `yagura users add-administrator NAME` lets in somebody without it")
                .usage());
        }
        let password = password(&self.server)?;
        let reset = self.server.reset_person(&user.name, password.clone());
        self.noted("yagura users reset", &user.name, reset).await?;
        let disabled = if user.is_disabled {
            "; they are disabled, and an administrator lets them in again"
        } else {
            ""
        };
        show(&user.name, &password, disabled)
    }

    async fn add_administrator(&self, name: &str) -> Result<ExitCode, Failure> {
        let user = User::new(name.to_owned(), Role::Administrator, self.now);
        let password = password(&self.server)?;
        let added = self.server.add_named_person(&user, password.clone());
        self.noted("yagura users add-administrator", name, added).await?;
        show(name, &password, "")
    }

    /// Does it, with the audit log told before and after.
    async fn noted(
        &self,
        action: &str,
        name: &str,
        deed: impl Future<Output = Result<(), Problem>>,
    ) -> Result<(), Failure> {
        let what = format!("user `{name}`");
        let begun = Deed { at: self.now, who: WHO, address: "", action, what: &what };
        let entry = self.store.begin_deed(&begun).await.map_err(failed)?;
        let done = deed.await;
        let status = done.as_ref().map_or_else(|problem| problem.status, |()| 204);
        self.store.end_deed(entry, status, (None, None)).await.map_err(failed)?;
        done.map_err(|problem| Told::new(problem.detail).usage())
    }
}

fn password(server: &Server) -> Result<String, Failure> {
    server.new_password().map_err(|problem| Told::new(problem.detail).other())
}

fn show(name: &str, password: &str, more: &str) -> Result<ExitCode, Failure> {
    print(&format!(
        "{} signs in with this password, which is shown once and has to be changed then{more}:\n{password}\n",
        one_line(name)
    ))
}

fn failed(error: DatabaseError) -> Failure {
    Told::new("the users cannot be read or changed").because(error).other()
}
