//! Counts by week: what happened in each, and what was open before the first.

use yagura_model::WeekCounts;

use super::calendar::Moment;

/// What happened, by week. How many are open is added up at the end, so that a span costs the same however long it is.
#[derive(Debug, Clone)]
pub(super) struct Series {
    before: u64,
    weeks: Vec<WeekCounts>,
}

impl Series {
    pub(super) fn of(weeks: usize) -> Self {
        Self { before: 0, weeks: vec![WeekCounts::default(); weeks] }
    }

    /// One span of a finding; `again` when it had ended before.
    pub(super) fn add(&mut self, begins: Moment, ends: Option<Moment>, again: bool) {
        match begins {
            Moment::Before if ends == Some(Moment::Before) => return,
            Moment::Before => self.before += 1,
            Moment::Week(n) => {
                if let Some(week) = self.weeks.get_mut(n) {
                    *(if again { &mut week.came_back } else { &mut week.new }) += 1;
                }
            }
        }
        if let Some(Moment::Week(n)) = ends
            && let Some(week) = self.weeks.get_mut(n)
        {
            week.resolved += 1;
        }
    }

    pub(super) fn weeks(&self) -> Vec<WeekCounts> {
        let mut open = self.before;
        let told = self.weeks.iter().map(|week| {
            open = (open + week.new + week.came_back).saturating_sub(week.resolved);
            WeekCounts { open, ..*week }
        });
        told.collect()
    }
}
