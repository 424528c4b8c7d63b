//! Any read operation of AWS by name, with a JSON input and the JSON answer that `aws <service> <operation>` prints.
//!
//! Only this crate talks to AWS. It knows nothing of collectors, rules or findings: [`Api`] is what others see of it,
//! and what their tests put a fake behind.
//!
//! # Invariants
//!
//! - **Data, not code.** No service and no operation is known here by name except the few that find accounts and
//!   regions, and S3's objects, which are larger than an answer; everything else is in the tables of `packs/aws-api`.
//! - **Nothing is lost.** A field that the tables do not know is kept under the name that AWS sent.
//! - **Nothing is guessed.** Why a call failed is a [`CallErrorKind`], and "there is none" is never made out of "could
//!   not be read".
//! - **No secret leaves.** Credentials have no printable form, and errors carry none.

mod api;
mod client;
mod credentials;
mod endpoint;
mod error;
#[cfg(fuzzing)]
pub mod fuzzing;
mod http;
mod least_privilege;
mod limit;
pub mod organization;
mod paginate;
mod permission;
mod protocol;
mod retry;
mod role;
mod sign;
mod tables;
mod time;
mod verdict;

pub use api::{Api, Target};
pub use client::{
    Client, ClientBuilder, ClientError, LONGEST_LINK, Link, LinkError, LinkLife, ListedObject, Object,
    ObjectError, ObjectPage, ObjectPages, Stats,
};
pub use credentials::Credentials;
pub use endpoint::EndpointConfig;
pub use error::{CallError, CallErrorKind};
pub use http::TrustError;
pub use least_privilege::{MANAGED_POLICY_CHARACTERS, action_of_each, actions, policies};
pub use retry::RetryPolicy;
pub use role::RoleConfig;
pub use tables::{OperationRef, TableError, Tables};
