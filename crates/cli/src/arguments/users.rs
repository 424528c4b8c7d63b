//! `yagura users`.

use clap::Subcommand;

use super::StoredArguments;
use super::findings::FindingsFormat;

/// `yagura users`. Whoever can write to the store's file may do this: no administrator has to be asked.
#[derive(Debug, Subcommand)]
pub enum UsersCommand {
    /// Everybody who may sign in at the console, and as what.
    List {
        /// For people, or JSON.
        #[arg(long, short, value_enum, default_value_t = FindingsFormat::Table)]
        output: FindingsFormat,
        #[command(flatten)]
        common: StoredArguments,
    },
    /// Give somebody who is locked out a new password, which is shown once. It takes their authenticator away and ends their sessions.
    Reset {
        /// Who.
        name: String,
        #[command(flatten)]
        common: StoredArguments,
    },
    /// Add an administrator, with a password that is shown once: for when those there are all come through an identity provider that fails.
    AddAdministrator {
        /// How they are to be called.
        name: String,
        #[command(flatten)]
        common: StoredArguments,
    },
}
