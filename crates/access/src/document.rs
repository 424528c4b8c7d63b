//! A policy document as parts: statements, principals, actions, resources, conditions.
//!
//! Everything borrows from the JSON it was read from, so that reading a policy for each question is cheap.
//!
//! Source: IAM User Guide, "Grammar of the IAM JSON policy language".

use std::borrow::Cow;

use crate::key::Key;
use crate::operator::Operator;

/// A parsed policy document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy<'a> {
    /// In the order of the document.
    pub statements: Vec<Statement<'a>>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement<'a> {
    /// The position in the document, from 0.
    pub index: usize,
    /// Whether `${...}` is a variable (`2012-10-17`) or plain text (`2008-10-17`, which also is the default).
    pub variables: bool,
    /// `Sid`, unless it is empty.
    pub sid: Option<Cow<'a, str>>,
    /// `Effect`.
    pub effect: Effect,
    /// `Principal` or `NotPrincipal`.
    pub principals: Principals<'a>,
    /// `Action` or `NotAction`.
    pub actions: Scope<'a>,
    /// `Resource` or `NotResource`.
    pub resources: Scope<'a>,
    /// `Condition`, one entry per operator and key. All must hold.
    pub conditions: Vec<Condition<'a>>,
}

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies, whatever else allows.
    Deny,
}

/// To whom a statement applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principals<'a> {
    /// Neither `Principal` nor `NotPrincipal`: the policy of an identity.
    Unnamed,
    /// `Principal`.
    Named(Vec<Principal<'a>>),
    /// `NotPrincipal`.
    Except(Vec<Principal<'a>>),
}

/// One entry of `Principal`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Principal<'a> {
    /// `"*"` and `{"AWS": "*"}`, which are equivalent.
    ///
    /// Source: IAM User Guide, "AWS JSON policy elements: Principal", "All principals".
    Everyone,
    /// An account, as its id or as the ARN of its root: everybody in it.
    Account(Cow<'a, str>),
    /// A user, role or session.
    Arn(Cow<'a, str>),
    /// A unique id such as `AIDA...` or `AROA...`: IAM shows it in place of a principal that was deleted.
    Deleted(Cow<'a, str>),
    /// A service such as `sns.amazonaws.com`.
    Service(Cow<'a, str>),
    /// An identity provider: an ARN or a host.
    Federated(Cow<'a, str>),
    /// An S3 canonical user id.
    CanonicalUser(Cow<'a, str>),
}

/// The actions or resources of a statement: patterns, or everything but patterns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope<'a> {
    /// `Action`, `Resource`.
    Only(Vec<Cow<'a, str>>),
    /// `NotAction`, `NotResource`.
    Except(Vec<Cow<'a, str>>),
    /// No `Resource` at all, as in trust policies: the resource that the policy belongs to.
    Itself,
}

/// One operator, one key, its values: any of them may match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition<'a> {
    /// `None` when IAM has no such operator; then [`Condition::operator_name`] tells what was written.
    pub operator: Option<Operator>,
    /// As written.
    pub operator_name: Cow<'a, str>,
    /// What the key is about.
    pub key: Key,
    /// As written. Names of keys ignore case.
    pub key_name: Cow<'a, str>,
    /// As texts.
    pub values: Vec<Cow<'a, str>>,
}

impl<'a> Policy<'a> {
    /// Several documents as one: all that are attached to one user or role, so that a deny of one is held against
    /// the allows of the others.
    #[must_use]
    pub fn together(policies: impl IntoIterator<Item = Policy<'a>>) -> Self {
        let statements = policies.into_iter().flat_map(|policy| policy.statements).enumerate();
        Self { statements: statements.map(|(index, statement)| Statement { index, ..statement }).collect() }
    }

    /// Cuts the ties to the JSON it was read from.
    #[must_use]
    pub fn into_owned(self) -> Policy<'static> {
        Policy { statements: self.statements.into_iter().map(Statement::into_owned).collect() }
    }
}

impl Statement<'_> {
    fn into_owned(self) -> Statement<'static> {
        Statement {
            index: self.index,
            variables: self.variables,
            sid: self.sid.map(own),
            effect: self.effect,
            principals: match self.principals {
                Principals::Unnamed => Principals::Unnamed,
                Principals::Named(list) => Principals::Named(own_principals(list)),
                Principals::Except(list) => Principals::Except(own_principals(list)),
            },
            actions: self.actions.into_owned(),
            resources: self.resources.into_owned(),
            conditions: self.conditions.into_iter().map(Condition::into_owned).collect(),
        }
    }
}

impl Scope<'_> {
    /// How many parts it is judged in: one per pattern, or one for everything that is left.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Only(list) => list.len(),
            Self::Except(_) | Self::Itself => 1,
        }
    }

    fn into_owned(self) -> Scope<'static> {
        match self {
            Self::Only(list) => Scope::Only(list.into_iter().map(own).collect()),
            Self::Except(list) => Scope::Except(list.into_iter().map(own).collect()),
            Self::Itself => Scope::Itself,
        }
    }
}

impl Condition<'_> {
    fn into_owned(self) -> Condition<'static> {
        Condition {
            operator: self.operator,
            operator_name: own(self.operator_name),
            key: self.key,
            key_name: own(self.key_name),
            values: self.values.into_iter().map(own).collect(),
        }
    }
}

fn own(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}

fn own_principals(list: Vec<Principal<'_>>) -> Vec<Principal<'static>> {
    list.into_iter()
        .map(|principal| match principal {
            Principal::Everyone => Principal::Everyone,
            Principal::Account(it) => Principal::Account(own(it)),
            Principal::Arn(it) => Principal::Arn(own(it)),
            Principal::Deleted(it) => Principal::Deleted(own(it)),
            Principal::Service(it) => Principal::Service(own(it)),
            Principal::Federated(it) => Principal::Federated(own(it)),
            Principal::CanonicalUser(it) => Principal::CanonicalUser(own(it)),
        })
        .collect()
}
