//! The console's files. Both a binary that was built with them and one without answer browsers.

use yagura_server::has_console;

use crate::fixtures::{Yagura, get};
