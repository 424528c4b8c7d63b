//! Answers that admit what cannot be known.

use std::fmt;

/// What a question about a policy is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<T> {
    /// The policy decides.
    Known(T),
    /// The policy alone does not decide; this is why.
    Unknown(Doubt),
}

impl<T> Answer<T> {
    /// The answer, if the policy decides.
    pub fn known(self) -> Option<T> {
        match self {
            Self::Known(it) => Some(it),
            Self::Unknown(_) => None,
        }
    }
}

/// What was found for certain, and what may be there besides.
///
/// A rule that asks "is there none" is violated by one certain item whatever the doubts; a rule that looks at each
/// item needs [`Found::answer`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<T> {
    /// In order, without repeats.
    pub certain: Vec<T>,
    /// Why the list may be longer. Empty when it is complete.
    pub doubts: Vec<Doubt>,
}

impl<T> Found<T> {
    /// The list, when it is complete.
    pub fn answer(self) -> Answer<Vec<T>> {
        match self.doubts.into_iter().next() {
            Some(doubt) => Answer::Unknown(doubt),
            None => Answer::Known(self.certain),
        }
    }

    /// Whether there is anything: one certain item decides, whatever the doubts.
    pub fn any(self) -> Answer<bool> {
        if !self.certain.is_empty() {
            return Answer::Known(true);
        }
        match self.doubts.into_iter().next() {
            Some(doubt) => Answer::Unknown(doubt),
            None => Answer::Known(false),
        }
    }
}

/// Why a statement cannot be judged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubt {
    /// The statement's position, from 0.
    pub statement: usize,
    /// Its `Sid`.
    pub sid: Option<String>,
    /// What stands in the way.
    pub reason: Reason,
}

/// What stands in the way of a judgement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A condition key that this program does not know.
    Key(String),
    /// A condition operator that IAM does not have.
    Operator(String),
    /// A condition on the time of the call.
    Time(String),
    /// A value that is not of the operator's kind: an address range, a number.
    Value {
        /// The condition key.
        key: String,
        /// What was written.
        value: String,
    },
    /// A wildcard under a string operator may run over the colons of an ARN, so that the account in it binds nobody.
    Colons {
        /// The condition key.
        key: String,
        /// What was written.
        value: String,
    },
    /// Whether an account is in the organisation.
    Membership(String),
    /// Whose a VPC, an endpoint, a bucket, a canonical user or an origin access identity is.
    Ownership(String),
    /// Who can get a token from an identity provider.
    Provider(String),
    /// Two statements ask contradictory things of one key, as far as can be seen.
    Contradiction(String),
    /// A deny may or may not reach everything that is allowed.
    Reach,
    /// The statement of a resource's policy names nobody.
    NoPrincipal,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => write!(f, "what condition key `{key}` says about the caller is not known"),
            Self::Operator(operator) => write!(f, "`{operator}` is not a condition operator of IAM"),
            Self::Time(key) => write!(f, "`{key}` depends on the time of the call"),
            Self::Value { key, value } => {
                write!(f, "`{value}` is not a value that `{key}` can be compared with")
            }
            Self::Colons { key, value } => {
                write!(f, "a wildcard in `{value}` may run over colons; compare `{key}` with an Arn operator")
            }
            Self::Membership(account) => {
                write!(f, "whether account `{account}` is in the organisation is not known")
            }
            Self::Ownership(id) => write!(f, "whose `{id}` is, is not known"),
            Self::Provider(provider) => write!(f, "who can get a token from `{provider}` is not known"),
            Self::Contradiction(key) => {
                write!(f, "statements ask for different values of `{key}`, which may exclude each other")
            }
            Self::Reach => f.write_str("whether this deny reaches everything that is allowed is not known"),
            Self::NoPrincipal => f.write_str("the statement names no principal"),
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "statement {}", self.statement + 1)?;
        if let Some(sid) = &self.sid {
            write!(f, " (`{sid}`)")?;
        }
        write!(f, ": {}", self.reason)
    }
}
