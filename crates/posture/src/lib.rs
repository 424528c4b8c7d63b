//! Rules over resources: what is wrong, what is right, and what nobody can know; and frameworks over rules: what standards ask for.
//!
//! [`Rules::load`] reads the rule files, [`Rules::select`] takes some of them, [`Rules::needs`] tells what they look at, and
//! [`Rules::evaluate`] judges one account. `docs/rules.md` says what a rule is.
//!
//! # Invariants
//!
//! - **No I/O and no clock.** Files come through [`yagura_packs::Packs`], the time of judging is an argument.
//! - **Unknown is never a pass.** A condition that touches what was not read answers
//!   [`yagura_model::Outcome::InsufficientData`], unless the rest decides it alone.
//! - **A mistake in one file never hides another.** Loading gathers every mistake with its place.
//!
//! ```
//! use yagura_packs::Packs;
//! use yagura_posture::{Rules, Selection, Settings};
//!
//! let (rules, problems) = Rules::load(&Packs::embedded(), &Settings::default());
//! assert_eq!(problems, []);
//! let chosen = rules.select(&Selection::of(["restricted-ssh"]))?;
//! assert_eq!(chosen.ids().count(), 1);
//! # Ok::<(), yagura_posture::SelectionError>(())
//! ```

mod condition;
mod delivery;
mod examples;
mod explain;
mod framework;
mod functions;
#[cfg(fuzzing)]
pub mod fuzzing;
mod guard;
mod judge;
mod load;
mod mutelist;
mod nearest;
mod needs;
mod problems;
mod progress;
mod project_map;
mod project_row;
mod project_table;
mod rule;
mod rules;
mod schedule;
mod select;
mod settings;
mod suppression;
mod surroundings;
mod template;
#[cfg(test)]
mod testing;
mod trend;

pub use delivery::{DeliveryError, Owner, QuietHours, Zone, clock_time};
pub use examples::ExampleResult;
pub use explain::{Explanation, Step};
pub use framework::{Assessor, FrameworkError, Frameworks};
pub use mutelist::Mutelist;
pub use progress::{ProgressCounter, ProgressQuestion};
pub use project_map::project_map;
pub use project_table::ProjectTable;
pub use rule::Rule;
pub use rules::Rules;
pub use schedule::{Schedule, ScheduleError};
pub use select::{Selection, SelectionError};
pub use settings::{Exception, Project, RuleSettings, ScopedSettings, Settings, SettingsSource};
pub use suppression::{HIDDEN_UNSAID, Suppression, SuppressionError, WARNED_DAYS, read_suppressions};
pub use template::new_rule_template;
pub use trend::{ProjectTally, Stood, parts_of, project_parts, trend};
