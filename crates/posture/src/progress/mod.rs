//! From the lives of findings to progress: week by week, by project, framework and rule.
//!
//! Lives stream through; what stays are counts by week, and how long each finding that ended took.

mod calendar;
mod series;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use yagura_model::{
    AccountId, CameBack, DueDays, FindingLife, Framework, Overdue, Progress, ProgressPart, RuleId, RuleInfo,
    Severity, Text, TimeToResolve, Timestamp, WeekCounts,
};

use calendar::{Calendar, Moment};
use series::Series;

const SECONDS_OF_A_DAY: u64 = 24 * 60 * 60;

/// What progress is asked about.
#[derive(Debug, Clone)]
pub struct ProgressQuestion<'q> {
    /// Until when; what happened later is not looked at.
    pub now: Timestamp,
    /// Where weeks begin: on Monday, at midnight there.
    pub zone: TimeZone,
    /// How many weeks, the current one with them; at least one.
    pub weeks: usize,
    /// When findings are due.
    pub due: DueDays,
    /// The projects, with their accounts.
    pub projects: Vec<(String, BTreeSet<AccountId>)>,
    /// The frameworks.
    pub frameworks: Vec<&'q Framework>,
    /// What there is to tell about the rules.
    pub rules: &'q BTreeMap<RuleId, RuleInfo>,
}

/// Counts lives.
#[derive(Debug)]
pub struct ProgressCounter<'q> {
    question: ProgressQuestion<'q>,
    calendar: Calendar,
    frameworks_of: BTreeMap<&'q RuleId, Vec<usize>>,
    all: Series,
    severities: BTreeMap<Severity, Series>,
    projects: Vec<Series>,
    frameworks: Vec<Series>,
    rules: BTreeMap<RuleId, Series>,
    seconds: BTreeMap<Severity, Vec<u64>>,
    overdue: BTreeMap<AccountId, Overdue>,
    came_back: BTreeMap<RuleId, (u64, u64)>,
}

impl<'q> ProgressCounter<'q> {
    /// Nothing is counted yet.
    #[must_use]
    pub fn new(question: ProgressQuestion<'q>) -> Self {
        let calendar = Calendar::until(question.now, &question.zone, question.weeks);
        let mut frameworks_of: BTreeMap<&RuleId, Vec<usize>> = BTreeMap::new();
        for (n, framework) in question.frameworks.iter().enumerate() {
            for rule in framework.rules() {
                frameworks_of.entry(rule).or_default().push(n);
            }
        }
        let empty = || Series::of(calendar.weeks());
        Self {
            all: empty(),
            severities: BTreeMap::new(),
            projects: question.projects.iter().map(|_| empty()).collect(),
            frameworks: question.frameworks.iter().map(|_| empty()).collect(),
            rules: BTreeMap::new(),
            seconds: BTreeMap::new(),
            overdue: BTreeMap::new(),
            came_back: BTreeMap::new(),
            frameworks_of,
            calendar,
            question,
        }
    }

    /// Counts one finding.
    pub fn add(&mut self, life: &FindingLife) {
        let mut times_back = 0;
        for (nth, &(opened, ended)) in life.spans.iter().enumerate() {
            let Some(begins) = self.calendar.moment(opened) else { continue };
            // A clock that went back must not make a finding that ended before it began.
            let ended = ended.map(|it| it.max(opened)).filter(|it| self.calendar.moment(*it).is_some());
            let ends = ended.and_then(|it| self.calendar.moment(it));
            self.count(life, begins, ends, nth > 0);
            if nth > 0 && matches!(begins, Moment::Week(_)) {
                times_back += 1;
            }
            match ended {
                Some(ended) if matches!(ends, Some(Moment::Week(_))) => {
                    let seconds = ended.as_second().saturating_sub(opened.as_second());
                    let seconds = u64::try_from(seconds).unwrap_or_default();
                    self.seconds.entry(life.severity).or_default().push(seconds);
                }
                Some(_) => {}
                None => self.check_due(life, opened),
            }
        }
        if times_back > 0 {
            let (times, findings) = self.came_back.entry(life.rule.clone()).or_default();
            *times += times_back;
            *findings += 1;
        }
    }

    /// One span, in every series that it concerns.
    fn count(&mut self, life: &FindingLife, begins: Moment, ends: Option<Moment>, again: bool) {
        let weeks = self.calendar.weeks();
        self.all.add(begins, ends, again);
        let severity = self.severities.entry(life.severity).or_insert_with(|| Series::of(weeks));
        severity.add(begins, ends, again);
        if !self.rules.contains_key(&life.rule) {
            self.rules.insert(life.rule.clone(), Series::of(weeks));
        }
        if let Some(rule) = self.rules.get_mut(&life.rule) {
            rule.add(begins, ends, again);
        }
        for n in self.frameworks_of.get(&life.rule).into_iter().flatten() {
            if let Some(framework) = self.frameworks.get_mut(*n) {
                framework.add(begins, ends, again);
            }
        }
        for ((_, accounts), series) in self.question.projects.iter().zip(&mut self.projects) {
            if accounts.contains(&life.account) {
                series.add(begins, ends, again);
            }
        }
    }

    fn check_due(&mut self, life: &FindingLife, opened: Timestamp) {
        let now = self.question.now;
        let Some(due) = self.question.due.due(life.severity, opened).filter(|due| *due < now) else { return };
        let seconds = u64::try_from(now.as_second().saturating_sub(due.as_second())).unwrap_or_default();
        let days = seconds / SECONDS_OF_A_DAY;
        let overdue = self.overdue.entry(life.account.clone()).or_insert_with(|| Overdue {
            account: life.account.clone(),
            projects: Vec::new(),
            findings: BTreeMap::new(),
            most_days: days,
            rule: life.rule.clone(),
        });
        *overdue.findings.entry(life.severity).or_default() += 1;
        // Of several that are equally late, the first by name: the order of lives does not matter.
        if (days, Reverse(&life.rule)) > (overdue.most_days, Reverse(&overdue.rule)) {
            overdue.most_days = days;
            overdue.rule = life.rule.clone();
        }
    }

    /// What was counted.
    #[must_use]
    pub fn finish(self) -> Progress {
        let Self { question, calendar, .. } = self;
        let title = |rule: &RuleId| {
            let texts = question.rules.get(rule).map(|it| &it.text);
            texts.map_or_else(Text::default, |it| Text { en: it.en.title.clone(), ja: it.ja.title.clone() })
        };
        let projects = question.projects.iter().zip(&self.projects).map(|((name, _), it)| ProgressPart {
            id: name.clone(),
            name: Text::default(),
            weeks: it.weeks(),
        });
        let frameworks = question.frameworks.iter().zip(&self.frameworks).map(|(framework, it)| {
            ProgressPart { id: framework.id.clone(), name: framework.name.clone(), weeks: it.weeks() }
        });
        let mut rules: Vec<ProgressPart> = self
            .rules
            .iter()
            .map(|(rule, it)| ProgressPart { id: rule.to_string(), name: title(rule), weeks: it.weeks() })
            .collect();
        // Rules that neither were open in these weeks nor changed tell nothing.
        rules.retain(|it| it.weeks.iter().any(|week| *week != WeekCounts::default()));
        let last = |it: &ProgressPart| it.weeks.last().map_or(0, |week| week.open);
        rules.sort_by(|a, b| last(b).cmp(&last(a)).then_with(|| a.id.cmp(&b.id)));
        let mut overdue: Vec<Overdue> = self.overdue.into_values().collect();
        for it in &mut overdue {
            let of = question.projects.iter().filter(|(_, accounts)| accounts.contains(&it.account));
            it.projects = of.map(|(name, _)| name.clone()).collect();
        }
        overdue.sort_by(|a, b| b.most_days.cmp(&a.most_days).then_with(|| a.account.cmp(&b.account)));
        let mut came_back: Vec<CameBack> = self
            .came_back
            .into_iter()
            .map(|(rule, (times, findings))| CameBack { title: title(&rule), rule, times, findings })
            .collect();
        came_back.sort_by(|a, b| b.times.cmp(&a.times).then_with(|| a.rule.cmp(&b.rule)));
        let open = |it: &Series| it.weeks().iter().map(|week| week.open).collect();
        Progress {
            now: question.now,
            weeks: calendar.mondays().to_vec(),
            all: self.all.weeks(),
            open: self.severities.iter().map(|(severity, it)| (*severity, open(it))).collect(),
            projects: projects.collect(),
            frameworks: frameworks.collect(),
            rules,
            to_resolve: self.seconds.into_iter().map(|(severity, it)| (severity, took(it))).collect(),
            overdue,
            came_back,
        }
    }
}

/// Mean and median of some spans, which are at least one.
fn took(mut seconds: Vec<u64>) -> TimeToResolve {
    seconds.sort_unstable();
    let count = seconds.len();
    let sum: u128 = seconds.iter().map(|it| u128::from(*it)).sum();
    let at = |n: usize| seconds.get(n).copied().unwrap_or_default();
    let middle = (u128::from(at((count - 1) / 2)) + u128::from(at(count / 2))) as f64 / 2.0;
    let days = |seconds: f64| seconds / SECONDS_OF_A_DAY as f64;
    TimeToResolve {
        resolved: count as u64,
        mean_days: days(sum as f64 / count.max(1) as f64),
        median_days: days(middle),
    }
}
