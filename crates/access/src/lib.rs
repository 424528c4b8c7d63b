//! The meaning of IAM policies: who is allowed what, from where, under which conditions.
//!
//! Policies are judged by meaning, not by text. A question is answered by imagining callers (nobody in particular, a
//! stranger with an AWS account, a member of the organisation, an account or role that the policy names, a service
//! that acts for somebody) and asking whether each could meet the conditions of an allow and get past every deny.
//!
//! # Invariants
//!
//! - **No I/O.** Nothing here reads a file, a clock or the network.
//! - **Unknown is a value.** A condition that the policy alone cannot decide makes the answer [`Answer::Unknown`], with
//!   the statement and the reason, but only where it could change the answer.
//! - **In doubt, access.** What is not proven to keep a caller out does not: an allow counts unless its conditions
//!   cannot hold for the caller, a deny counts only when it cannot be escaped.
//! - **Nothing is guessed about a broken document.** [`Policy::parse`] says what is wrong with it, and where.
//!
//! ```
//! use serde_json::json;
//! use yagura_access::{Answer, Owner, Policy};
//! use yagura_model::AccountId;
//!
//! let document = json!({
//!     "Version": "2012-10-17",
//!     "Statement": {
//!         "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
//!         "Condition": { "StringEquals": { "aws:SourceVpce": "vpce-1a2b3c4d" } }
//!     }
//! });
//! let account = AccountId::new("111122223333")?;
//! let policy = Policy::parse(&document)?;
//! assert_eq!(policy.public(&Owner::new(&account)), Answer::Known(false));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod acl;
mod address;
mod answer;
mod caller;
mod document;
mod error;
mod escape;
mod fact;
mod glob;
mod grant;
mod grants;
mod identity;
mod judge;
mod key;
mod named;
mod operator;
mod owner;
mod parse;
mod provider;
mod questions;
mod scope;
mod transport;
mod truth;

pub use acl::{AclError, AclGrant, Group, acl_grants, acl_public};
pub use answer::{Answer, Doubt, Found, Reason};
pub use document::{Condition, Effect, Policy, Principal, Principals, Scope, Statement};
pub use error::PolicyError;
pub use grant::{Bound, Grant, ServiceSource, Who};
pub use key::Key;
pub use operator::{Operator, Set, Test};
pub use owner::Owner;
