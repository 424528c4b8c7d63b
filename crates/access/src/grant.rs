//! What a policy grants, to whom, and what binds it.

use std::fmt;

use crate::answer::Doubt;
use crate::caller::{Caller, Source};
use crate::document::{Condition, Statement};
use crate::scope::Part;

/// Somebody to whom something is granted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// Everybody, without credentials too.
    Anyone,
    /// Everybody with an AWS account.
    AnyAwsPrincipal,
    /// Every account of an organisation.
    Organization(String),
    /// An account.
    Account(String),
    /// A user, role or session, or those that match a pattern.
    Principal(String),
    /// Who has this `aws:userid`.
    UserId(String),
    /// A service; `*` is any.
    Service {
        /// `sns.amazonaws.com`.
        name: String,
        /// For whose resource it calls.
        source: ServiceSource,
    },
    /// Users of an identity provider.
    Federated {
        /// As the policy names it.
        provider: String,
        /// Whether everybody can be such a user: a provider open to all, and no claim that tells ours.
        open: bool,
    },
    /// The account with this S3 canonical user id.
    CanonicalUser(String),
}

/// For whose resource a service calls.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ServiceSource {
    /// For anybody's: the service can be made a confused deputy.
    Anybody,
    /// For one in this account.
    Account(String),
    /// For this one, or those that match the pattern.
    Resource(String),
    /// For one in this organisation.
    Organization(String),
    /// Something else binds it, such as an event source token.
    Bound,
}

/// One thing that a statement allows somebody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// The statement's position, from 0.
    pub statement: usize,
    /// Its `Sid`.
    pub sid: Option<String>,
    /// To whom.
    pub who: Who,
    /// Whether a network or another token of nearness is needed that only some have: [`Grant::bounds`] tells which.
    pub bounded: bool,
    /// The statement's conditions about callers.
    pub bounds: Vec<Bound>,
    /// The actions that are left after the denies. `*` with [`Grant::except`] for a `NotAction`.
    pub actions: Vec<String>,
    /// What a `NotAction` leaves out.
    pub except: Vec<String>,
    /// Why it is not certain; `None` when it is.
    pub doubt: Option<Doubt>,
}

/// A condition that binds a grant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bound {
    /// As written: `StringEquals`.
    pub operator: String,
    /// As written: `aws:SourceVpce`.
    pub key: String,
    /// As written.
    pub values: Vec<String>,
}

impl Bound {
    fn of(condition: &Condition<'_>) -> Self {
        Self {
            operator: condition.operator_name.to_string(),
            key: condition.key_name.to_string(),
            values: condition.values.iter().map(ToString::to_string).collect(),
        }
    }
}

impl Grant {
    /// Whether everybody is granted this, from anywhere.
    #[must_use]
    pub fn is_public(&self) -> bool {
        !self.bounded
            && matches!(self.who, Who::Anyone | Who::AnyAwsPrincipal | Who::Federated { open: true, .. })
    }

    pub(crate) fn new(
        statement: &Statement<'_>,
        who: Who,
        bounded: bool,
        parts: &[Part<'_>],
        doubt: Option<Doubt>,
    ) -> Self {
        let (mut actions, mut except) = (Vec::with_capacity(parts.len()), Vec::new());
        for part in parts {
            match part {
                Part::Pattern(pattern) => actions.push((*pattern).to_owned()),
                Part::AllBut(left_out) => {
                    actions.push("*".to_owned());
                    except.extend(left_out.iter().map(ToString::to_string));
                }
            }
        }
        Self {
            statement: statement.index,
            sid: statement.sid.as_deref().map(str::to_owned),
            who,
            bounded,
            bounds: statement
                .conditions
                .iter()
                .filter(|it| it.key.is_about_callers())
                .map(Bound::of)
                .collect(),
            actions,
            except,
            doubt,
        }
    }
}

impl Who {
    pub(crate) fn of(caller: &Caller<'_>, bounded: bool) -> Self {
        match caller {
            Caller::Anonymous => Self::Anyone,
            Caller::Stranger | Caller::Holder => Self::AnyAwsPrincipal,
            Caller::Organization(id) => Self::Organization((*id).to_owned()),
            Caller::Account(id) => Self::Account((*id).to_owned()),
            Caller::Arn(arn) => Self::Principal((*arn).to_owned()),
            Caller::Id(id) => Self::UserId((*id).to_owned()),
            Caller::Service { name, source } => Self::Service {
                name: name.unwrap_or("*").to_owned(),
                source: match source {
                    Source::Anybody if bounded => ServiceSource::Bound,
                    Source::Anybody => ServiceSource::Anybody,
                    Source::Account(id) => ServiceSource::Account((*id).to_owned()),
                    Source::Arn(arn) => ServiceSource::Resource((*arn).to_owned()),
                    Source::Organization(id) => ServiceSource::Organization((*id).to_owned()),
                },
            },
            Caller::Federated(provider) => {
                Self::Federated { provider: (*provider).to_owned(), open: !bounded }
            }
            Caller::Canonical(id) => Self::CanonicalUser((*id).to_owned()),
        }
    }
}

/// As rules see principals: `*`, an account id, an ARN, an organisation id, a service, a provider.
impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anyone | Self::AnyAwsPrincipal => f.write_str("*"),
            Self::Organization(it)
            | Self::Account(it)
            | Self::Principal(it)
            | Self::UserId(it)
            | Self::CanonicalUser(it)
            | Self::Federated { provider: it, .. } => f.write_str(it),
            Self::Service { name, source } => match source {
                ServiceSource::Anybody | ServiceSource::Bound => f.write_str(name),
                ServiceSource::Account(it)
                | ServiceSource::Resource(it)
                | ServiceSource::Organization(it) => {
                    if name == "*" {
                        f.write_str(it)
                    } else {
                        write!(f, "{name} for {it}")
                    }
                }
            },
        }
    }
}
