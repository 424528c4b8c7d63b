//! The questions that rules ask about the policies of users, groups and roles.
//!
//! They are about what a document hands out without strings: on every resource, without a condition. A deny takes an
//! action away when it has no condition either and reaches every resource. Permission boundaries and service control
//! policies are other documents; they are not known here.
//!
//! Sources: IAM User Guide, "Policy evaluation logic"; "IAM JSON policy elements: NotAction" and "NotResource".

use crate::caller::{Caller, Place, View};
use crate::document::{Effect, Policy, Scope, Statement};
use crate::glob::{self, Case};
use crate::judge::Judge;
use crate::owner::Owner;
use crate::scope::{self, Part};

/// With any of these on every resource, the holder can give itself whatever it lacks.
const SELF_GRANTS: &[&str] = &[
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreatePolicyVersion",
    "iam:PutGroupPolicy",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
];

/// Services whose ARNs have nothing before the name, so that `name/*` is one bucket or API and not a type.
const WITHOUT_TYPES: &[&str] = &["codecommit", "execute-api", "s3", "s3express", "sns", "sqs"];

impl Policy<'_> {
    /// Whether the policy allows an action on every resource without a condition.
    ///
    /// The action may have wildcards; then all that match it must be allowed. "Every resource" is every resource that
    /// the action's service has, or every one of a type (`arn:aws:iam::*:role/*`). A `NotResource`, or a deny, that
    /// spares or hits only some resources changes nothing.
    #[must_use]
    pub fn allows(&self, action: &str, owner: &Owner<'_>) -> bool {
        let judge = Judge::new(self, owner, View::All);
        self.allows_part(&judge, &Part::Pattern(action))
    }

    /// Whether the policy allows an action on one resource without a condition.
    #[must_use]
    pub fn allows_on(&self, action: &str, resource: &str, owner: &Owner<'_>) -> bool {
        let judge = Judge::new(self, owner, View::All);
        let (action, resource) = (Part::Pattern(action), Part::Pattern(resource));
        let hits = |statement: &&Statement<'_>| {
            scope::holds_all(&statement.actions, &action, Case::Ignored)
                && scope::holds_all(&statement.resources, &resource, Case::Matters)
                && is_unconditional(&judge, statement)
        };
        judge.statements(Effect::Allow).any(|it| hits(&it))
            && !judge.statements(Effect::Deny).any(|it| hits(&it))
    }

    /// Which of some actions the policy allows on every resource without a condition, in the order given.
    #[must_use]
    pub fn allows_any_of<'x>(&self, actions: &[&'x str], owner: &Owner<'_>) -> Vec<&'x str> {
        let judge = Judge::new(self, owner, View::All);
        actions.iter().copied().filter(|action| self.allows_part(&judge, &Part::Pattern(action))).collect()
    }

    /// The patterns by which the policy allows all actions of a service, or of all services (`*`), on every resource
    /// without a condition. Sorted, in lower case.
    #[must_use]
    pub fn star_actions(&self, owner: &Owner<'_>) -> Vec<String> {
        let judge = Judge::new(self, owner, View::All);
        let mut stars = Vec::new();
        for allow in judge.statements(Effect::Allow).filter(|it| is_unconditional(&judge, it)) {
            for part in Part::of(&allow.actions) {
                let name = match part {
                    Part::Pattern(action) if scope::is_everything(action) => "*",
                    Part::Pattern(action) => action,
                    Part::AllBut(_) => "*",
                };
                let service = name.split_once(':').map_or("*", |(service, _)| service);
                let whole = name == "*" || name.split_once(':').is_some_and(|(_, rest)| glob::any_text(rest));
                if whole && reaches_all(&allow.resources, service, owner) && !denied(&judge, &part) {
                    stars.push(name.to_ascii_lowercase());
                }
            }
        }
        stars.sort();
        stars.dedup();
        stars
    }

    /// Whether the policy makes its holder an administrator: everything is allowed on everything, but perhaps for
    /// actions without which the holder can still give itself the rest.
    ///
    /// `*`, `*:*` and their disguises count, `NotAction` with something harmless left out, and statements that allow
    /// together what each leaves out. AWS's `PowerUserAccess`, which leaves out all of IAM, does not.
    #[must_use]
    pub fn admin(&self, owner: &Owner<'_>) -> bool {
        let judge = Judge::new(self, owner, View::All);
        let nearly_all = judge.statements(Effect::Allow).any(|allow| {
            let wide = match &allow.actions {
                Scope::Only(list) => list.iter().any(|action| scope::is_everything(action)),
                Scope::Except(list) => !list.iter().any(|action| scope::is_everything(action)),
                Scope::Itself => false,
            };
            wide && is_unconditional(&judge, allow) && reaches_all(&allow.resources, "*", owner)
        });
        nearly_all && SELF_GRANTS.iter().any(|action| self.allows_part(&judge, &Part::Pattern(action)))
    }

    fn allows_part(&self, judge: &Judge<'_>, action: &Part<'_>) -> bool {
        let service = match action {
            Part::Pattern(action) => action.split_once(':').map_or("*", |(service, _)| service),
            Part::AllBut(_) => "*",
        };
        let allowed = self.statements.iter().filter(|it| it.effect == Effect::Allow).any(|allow| {
            scope::holds_all(&allow.actions, action, Case::Ignored)
                && reaches_all(&allow.resources, service, &judge.owner)
                && is_unconditional(judge, allow)
        });
        allowed && !denied(judge, action)
    }
}

/// Whether a deny without conditions takes an action away on every resource.
fn denied(judge: &Judge<'_>, action: &Part<'_>) -> bool {
    let service = match action {
        Part::Pattern(action) => action.split_once(':').map_or("*", |(service, _)| service),
        Part::AllBut(_) => "*",
    };
    judge.statements(Effect::Deny).any(|deny| {
        scope::holds_all(&deny.actions, action, Case::Ignored)
            && is_unconditional(judge, deny)
            && match &deny.resources {
                Scope::Except(_) => false,
                resources => reaches_all(resources, service, &judge.owner),
            }
    })
}

/// Whether no request of the holder fails the conditions.
fn is_unconditional(judge: &Judge<'_>, statement: &Statement<'_>) -> bool {
    statement.conditions.iter().all(|condition| {
        let truth = judge.truth(statement, condition, &Caller::Holder, Place::Named);
        !truth.fails && truth.doubt.is_none()
    })
}

/// Whether resources are all that a service has, or all of a type.
fn reaches_all(resources: &Scope<'_>, service: &str, owner: &Owner<'_>) -> bool {
    match resources {
        Scope::Itself => true,
        Scope::Only(list) => list.iter().any(|pattern| is_every(pattern, service, owner)),
        // All but a few is every resource for our purpose, unless the few are all.
        Scope::Except(list) => !list.iter().any(|pattern| is_every(pattern, service, owner)),
    }
}

fn is_every(pattern: &str, service: &str, owner: &Owner<'_>) -> bool {
    if scope::is_everything(pattern) {
        return true;
    }
    let mut parts = pattern.splitn(6, ':');
    let (Some("arn" | "*"), Some(_partition)) = (parts.next(), parts.next()) else { return false };
    let any = |part: Option<&str>| part.is_none_or(glob::any_text);
    let whose = parts.next();
    if !(any(whose) || whose.is_some_and(|it| it.eq_ignore_ascii_case(service))) {
        return false;
    }
    let (region, account, resource) = (parts.next(), parts.next(), parts.next());
    if !(any(region) || region == Some("")) {
        return false;
    }
    if !(any(account) || account == Some("") || account == Some(owner.account())) {
        return false;
    }
    let Some(resource) = resource else { return pattern.ends_with('*') };
    if glob::any_text(resource) || resource == "*/*" {
        return true;
    }
    let type_of = resource.strip_suffix("/*").or_else(|| resource.strip_suffix(":*"));
    !WITHOUT_TYPES.contains(&service.to_ascii_lowercase().as_str())
        && type_of.is_some_and(|it| it.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
}
