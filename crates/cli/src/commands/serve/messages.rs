//! Messages that people ask the server for: those of `yagura notify test | preview | send`, out of the served store.

use std::fmt;
use std::sync::Arc;

use tokio::sync::watch;
use yagura_model::{Lang, Timestamp};
use yagura_notify::{Look, Notice, Texts, look, put};
use yagura_posture::Project;
use yagura_server::{
    Clock, MessageAbout, MessageDestination, MessageError, MessageLook, Messages, Messaging,
};
use yagura_store::{ReadError, Store};

use super::known::KnownNow;
use super::setup::Setup;
use crate::commands::notify::{Speech, sender, try_out};
use crate::failure::{Failure, Told};
use crate::terminal;

/// Draws messages up and sends them, as the configuration says now.
pub struct Messenger {
    pub store: Store,
    pub setup: watch::Receiver<Arc<Setup>>,
    pub clock: Clock,
    pub known: Arc<KnownNow>,
}

impl fmt::Debug for Messenger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Messenger").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Messenger {
    fn now(&self) -> Timestamp {
        (self.clock)()
    }

    fn desk(&self) -> Desk {
        let (store, known) = (self.store.clone(), Arc::clone(&self.known));
        Desk { store, setup: self.setup(), known, now: self.now() }
    }

    fn setup(&self) -> Arc<Setup> {
        Arc::clone(&self.setup.borrow())
    }
}

impl Messages for Messenger {
    fn destinations(&self) -> Vec<MessageDestination> {
        let setup = self.setup();
        let projects = setup.config.projects();
        let told = |name: &String| {
            let told = projects.iter().filter(|it| it.destinations.contains(name));
            told.map(|it| it.name.clone()).collect()
        };
        let destinations = setup.config.destinations().iter();
        destinations
            .map(|(name, it)| MessageDestination {
                name: name.clone(),
                kind: it.kind.as_str().to_owned(),
                digest: it.digest.as_str().to_owned(),
                immediate_severity: it.immediate_severity,
                projects: told(name),
            })
            .collect()
    }

    fn test(&self, destination: String, project: Option<String>, lang: Option<Lang>) -> Messaging<()> {
        let (setup, now) = (self.setup(), self.now());
        Box::pin(async move {
            let config = &setup.config;
            let to = config.destinations().get(&destination).ok_or(MessageError::Unknown("destination"))?;
            let project = match &project {
                Some(name) => config.project(name).map_err(|_| MessageError::Unknown("project"))?.clone(),
                None => Project { name: "yagura".to_owned(), ..Project::default() },
            };
            let sender = sender(&setup.packs, texts(&setup)?, config).await.map_err(|it| failed(&it))?;
            let tried = try_out(&sender, to, &project, lang.or(config.lang()), now).await;
            tried.map_err(|error| {
                MessageError::Refused(format!("the test message did not arrive: {}", words(&error)))
            })
        })
    }

    fn preview(&self, about: MessageAbout, wanted: MessageLook, lang: Option<Lang>) -> Messaging<String> {
        let desk = self.desk();
        Box::pin(async move {
            let notice = desk.notice(about, lang).await?;
            let wanted = match wanted {
                MessageLook::Text => Look::Text,
                MessageLook::Mail => Look::Mail,
                MessageLook::Html => Look::Html,
                MessageLook::Slack => Look::Slack,
                MessageLook::Teams => Look::Teams,
                MessageLook::Webhook => Look::Webhook,
            };
            look(&notice, &texts(&desk.setup)?, "preview", wanted)
                .map_err(|error| failed(&Told::new("the message cannot be shown").because(error).other()))
        })
    }

    fn send(&self, about: MessageAbout, destination: String, lang: Option<Lang>) -> Messaging<()> {
        let desk = self.desk();
        Box::pin(async move {
            if !desk.setup.config.destinations().contains_key(&destination) {
                return Err(MessageError::Unknown("destination"));
            }
            let notice = desk.notice(about, lang).await?;
            // Whoever tells people finds it there within a second or two.
            put(&desk.store, &destination, &notice, desk.now).await.map_err(|error| {
                failed(&Told::new("the message could not be put into the outbox").because(error).other())
            })
        })
    }
}

fn texts(setup: &Setup) -> Result<Texts, MessageError> {
    Texts::load(&setup.packs).map_err(|error| {
        failed(&Told::new("the sentences of messages cannot be used").because(error).usage())
    })
}

/// Where a message is drawn up.
struct Desk {
    store: Store,
    setup: Arc<Setup>,
    known: Arc<KnownNow>,
    now: Timestamp,
}

impl Desk {
    async fn notice(&self, about: MessageAbout, lang: Option<Lang>) -> Result<Notice, MessageError> {
        let (store, config) = (&self.store, &self.setup.config);
        let known = self.known.of(store, &self.setup).await.map_err(|it| failed(&it))?;
        let speech = Speech { known: &known, config, lang: lang.or(config.lang()), now: self.now };
        match about {
            MessageAbout::Finding(id) => {
                let finding = store.finding(&id).await.map_err(unread)?;
                Ok(speech.of_finding(&finding.ok_or(MessageError::Unknown("finding"))?))
            }
            MessageAbout::Incident(id) => {
                let found = store.incident_details(&[id].into()).await;
                let found = found.map_err(|error| unread(error.into()))?.pop();
                speech.of_incident(found.ok_or(MessageError::Unknown("incident"))?).ok_or_else(|| {
                    MessageError::Refused("every finding of the incident is suppressed".to_owned())
                })
            }
        }
    }
}

fn unread(error: ReadError) -> MessageError {
    failed(&Told::new("the store cannot be read").because(error).other())
}

/// An error and what is behind it. What is sent by names no secrets in either.
fn words(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        words.push_str(&format!(": {error}"));
        source = error.source();
    }
    words
}

/// What went wrong goes to the log.
fn failed(failure: &Failure) -> MessageError {
    terminal::fail(failure);
    MessageError::Failed
}
