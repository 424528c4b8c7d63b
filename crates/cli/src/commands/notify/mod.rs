//! `yagura notify run | test | preview | send | outbox | resend`.

mod known;
mod outbox;
mod sending;

use std::process::ExitCode;

use yagura_model::{Finding, Lang, Timestamp};
use yagura_notify::{
    Destination, IncidentState, Notice, Stand, Texts, TextsError, about, about_incident, look, sample,
    sample_incident,
};
use yagura_packs::Packs;
use yagura_posture::Project;
use yagura_store::{IncidentDetail, Store};

use crate::arguments::{NotifyCommand, NotifyCommon, SampleOf};
use crate::commands::store::{earlier, finding_called};
use crate::commands::{configured_packs, language, print};
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::terminal;
pub use known::Known;
pub use sending::{claimant, draw_up, send_due, sender, settle, try_out};

/// Runs the command.
pub async fn run(command: NotifyCommand, config: &Config) -> Result<ExitCode, Failure> {
    match command {
        NotifyCommand::Run { common, plan_only, now, patience } => {
            let ask = sending::Ask { plan_only, now, patience };
            sending::run(&common, ask, config).await
        }
        NotifyCommand::Test { destination, project, common } => {
            sending::test(&destination, project.as_deref(), &common, config).await
        }
        NotifyCommand::Preview { id, sample, format, common } => {
            let (packs, texts) = texts(&common, config)?;
            let notice = match &id {
                Some(id) => {
                    let store = open(&common, config).await?;
                    about_called(id, &store, &packs, common.lang, config).await?
                }
                None => sampled(sample, &packs, &common, config).await?,
            };
            let text = look(&notice, &texts, "preview", format.into());
            print(&text.map_err(|error| cannot_show().because(error).other())?)
        }
        NotifyCommand::Send { id, destination, common } => {
            sending::send(&id, &destination, &common, config).await
        }
        NotifyCommand::Outbox { dead, waiting, limit, output, common } => {
            let store = open(&common, config).await?;
            outbox::show(&store, outbox::state(dead, waiting), limit, output, common.lang.or(config.lang()))
                .await
        }
        NotifyCommand::Resend { messages, common } => {
            outbox::resend(&open(&common, config).await?, &messages).await
        }
    }
}

fn cannot_show() -> Told {
    Told::new("the message cannot be shown")
}

/// The packs, and the sentences in them.
fn texts(common: &NotifyCommon, config: &Config) -> Result<(Packs, Texts), Failure> {
    let packs = configured_packs(&common.packs, config)?;
    let texts = Texts::load(&packs).map_err(|error| {
        if let TextsError::Wrong { mistakes, .. } = &error {
            terminal::diagnostics(mistakes);
        }
        Told::new("the sentences of messages cannot be used").because(error).usage()
    })?;
    Ok((packs, texts))
}

/// The store of earlier scans. It is not made by asking for what is in it.
async fn open(common: &NotifyCommon, config: &Config) -> Result<Store, Failure> {
    let asked = common.store.clone().or_else(|| config.store());
    earlier(asked.as_deref()).await.map(|(store, _)| store)
}

/// A notice as there might be one.
async fn sampled(
    of: Option<SampleOf>,
    packs: &Packs,
    common: &NotifyCommon,
    config: &Config,
) -> Result<Notice, Failure> {
    let known = Known::load(packs, config, None).await?;
    let (lang, now) = (language(common.lang.or(config.lang())), Timestamp::now());
    match of {
        Some(SampleOf::Incident) => Ok(sample_incident(&known, lang, now)),
        Some(SampleOf::Finding) | None => {
            sample(&known, lang, now).map_err(|error| cannot_show().because(error).other())
        }
    }
}

/// A notice about one incident or one finding of the store, as its project reads it. An incident may be called as `incidents list` shows it.
async fn about_called(
    id: &str,
    store: &Store,
    packs: &Packs,
    lang: Option<Lang>,
    config: &Config,
) -> Result<Notice, Failure> {
    let known = Known::load(packs, config, Some(store)).await?;
    let speech = Speech { known: &known, config, lang: lang.or(config.lang()), now: Timestamp::now() };
    if let Some(found) = incident_called(id, store).await? {
        return speech
            .of_incident(found)
            .ok_or_else(|| Told::new(format!("every finding of incident `{id}` is suppressed")).usage());
    }
    Ok(speech.of_finding(&finding_called(store, id).await?))
}

/// How one finding or one incident is told to its project.
pub struct Speech<'s> {
    pub known: &'s Known,
    pub config: &'s Config,
    /// The project's language where it is left out.
    pub lang: Option<Lang>,
    pub now: Timestamp,
}

impl Speech<'_> {
    pub fn of_finding(&self, finding: &Finding) -> Notice {
        let project = project_of(self.known, &finding.resource.account, self.config);
        about(self.known, &project, finding, self.lang, self.now)
    }

    /// `None`: every finding of the incident is suppressed, so that there is nothing to tell.
    pub fn of_incident(&self, found: IncidentDetail) -> Option<Notice> {
        let incident = IncidentState::of(found);
        if incident.stand == Stand::Hidden {
            return None;
        }
        let first = incident.accounts().first().cloned();
        let project = first.map(|it| project_of(self.known, &it, self.config)).unwrap_or_default();
        Some(about_incident(self.known, &project, &incident, self.lang, self.now))
    }
}

/// The one incident that is called so, unless a finding is.
async fn incident_called(id: &str, store: &Store) -> Result<Option<IncidentDetail>, Failure> {
    let unread = || Told::new("the incidents cannot be read from the store");
    let findings = store.findings_called(id, 1).await.map_err(|error| unread().because(error).other())?;
    if !findings.is_empty() {
        return Ok(None);
    }
    let mut found = store.incidents_called(id).await.map_err(|error| unread().because(error).other())?;
    Ok(found.pop().filter(|_| found.is_empty()))
}

/// The first project that holds an account, else one that says nothing.
fn project_of(known: &Known, account: &yagura_model::AccountId, config: &Config) -> Project {
    use yagura_notify::Catalogue as _;
    let bare = yagura_model::Account::bare(account.clone());
    let account = known.account(account).unwrap_or(&bare);
    let found = config.projects().iter().find(|it| it.holds(account)).cloned();
    found.unwrap_or_else(|| Project { name: account.id.to_string(), ..Project::default() })
}

/// A destination of the configuration.
fn destination<'c>(name: &str, config: &'c Config) -> Result<&'c Destination, Failure> {
    config.destinations().get(name).ok_or_else(|| {
        let names: Vec<_> = config.destinations().keys().map(|it| format!("`{it}`")).collect();
        let help = if names.is_empty() {
            "`[destinations.NAME]` in yagura.toml defines them: docs/notifications.md".to_owned()
        } else {
            format!("it defines {}", names.join(", "))
        };
        Told::new(format!("the configuration defines no destination `{name}`")).help(help).usage()
    })
}

/// The language of what is shown on the terminal.
fn shown_language(common: &NotifyCommon, config: &Config) -> Lang {
    language(common.lang.or(config.lang()))
}
