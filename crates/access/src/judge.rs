//! What a statement leaves to a caller, after the denies of the same policy.
//!
//! Sources: IAM User Guide, "Policy evaluation logic" (an explicit deny overrides every allow) and "AWS JSON policy
//! elements: NotPrincipal".

use crate::answer::{Doubt, Reason};
use crate::caller::{Caller, Place, View};
use crate::document::{Condition, Effect, Policy, Principal, Principals, Scope, Statement};
use crate::escape::{self, WayOut};
use crate::fact::{account_in, facts};
use crate::glob::{self, Case};
use crate::owner::Owner;
use crate::scope::{self, Part};
use crate::truth::{Setting, Truth, all_hold, truth};

/// One policy, judged for one owner.
pub(crate) struct Judge<'p> {
    pub(crate) policy: &'p Policy<'p>,
    pub(crate) owner: Owner<'p>,
    pub(crate) view: View,
    /// The resource and what lies in it, for `"Resource": "*"`. Empty when the resource is not known.
    whole: Vec<String>,
}

/// What is left of a statement for a caller.
#[derive(Debug, Default)]
pub(crate) struct Left<'p> {
    /// Actions that the caller has.
    pub(crate) certain: Vec<Part<'p>>,
    /// Actions that the caller may have, and what is in doubt.
    pub(crate) doubtful: Vec<(Part<'p>, Doubt)>,
}

/// What a deny does to a caller's requests.
pub(crate) enum Denial<'p> {
    /// It denies all of them.
    All,
    /// It may deny all of them.
    Perhaps(Doubt),
    /// Requests get past it that fail one of these conditions.
    Escaped(Vec<&'p Condition<'p>>),
}

/// What becomes of one action on one resource.
enum Fate {
    Left,
    Doubtful(Doubt),
    Gone,
}

impl<'p> Judge<'p> {
    pub(crate) fn new(policy: &'p Policy<'p>, owner: &Owner<'p>, view: View) -> Self {
        let denies = policy.statements.iter().any(|statement| statement.effect == Effect::Deny);
        let whole = match owner.resource() {
            Some(arn) if denies => whole_of(arn, owner.service().unwrap_or_default()),
            _ => Vec::new(),
        };
        Self { policy, owner: *owner, view, whole }
    }

    pub(crate) fn statements(&self, effect: Effect) -> impl Iterator<Item = &'p Statement<'p>> + use<'p> {
        self.policy.statements.iter().filter(move |statement| statement.effect == effect)
    }

    /// What a statement leaves to a caller from a place.
    pub(crate) fn left(&self, allow: &'p Statement<'p>, caller: &Caller<'p>, place: Place) -> Left<'p> {
        let meets = self.meets(allow, caller, place);
        if !meets.holds {
            return Left::default();
        }
        let in_doubt = meets.doubt.map(|reason| doubt(allow, reason));
        let denials: Vec<_> = self
            .statements(Effect::Deny)
            .filter(|deny| covers(&deny.principals, caller))
            .map(|deny| (deny, self.denial(deny, caller, place)))
            .collect();
        let way_out = |escapes: &[&[&Condition<'_>]]| self.way_out(allow, escapes, caller, place);
        let resources = self.resources(allow);
        let mut left = Left::default();
        for action in Part::of(&allow.actions) {
            match (self.fate(&action, &resources, &denials, &way_out), &in_doubt) {
                (Fate::Left, None) => left.certain.push(action),
                (Fate::Left, Some(doubt)) => left.doubtful.push((action, doubt.clone())),
                (Fate::Doubtful(doubt), _) => left.doubtful.push((action, doubt)),
                (Fate::Gone, _) => {}
            }
        }
        left
    }

    pub(crate) fn truth(
        &self,
        statement: &Statement<'_>,
        condition: &Condition<'_>,
        caller: &Caller<'p>,
        place: Place,
    ) -> Truth {
        let setting = Setting { owner: self.owner, effect: statement.effect, variables: statement.variables };
        truth(condition, &facts(condition, caller, place, &self.owner, self.view), &setting)
    }

    pub(crate) fn denial(&self, deny: &'p Statement<'p>, caller: &Caller<'p>, place: Place) -> Denial<'p> {
        let (mut escapes, mut in_doubt) = (Vec::new(), None);
        for condition in &deny.conditions {
            let truth = self.truth(deny, condition, caller, place);
            if !truth.holds {
                return Denial::Escaped(Vec::new());
            }
            match truth.doubt {
                Some(reason) => in_doubt = in_doubt.or(Some(reason)),
                None if truth.fails => escapes.push(condition),
                None => {}
            }
        }
        match in_doubt {
            _ if !escapes.is_empty() => Denial::Escaped(escapes),
            Some(reason) => Denial::Perhaps(doubt(deny, reason)),
            None => Denial::All,
        }
    }

    /// Whether a caller's request can meet the conditions of a statement.
    fn meets(&self, allow: &Statement<'_>, caller: &Caller<'p>, place: Place) -> Truth {
        let setting = Setting { owner: self.owner, effect: allow.effect, variables: allow.variables };
        let mut all = Truth { holds: true, fails: false, doubt: None };
        for (at, condition) in allow.conditions.iter().enumerate() {
            let same = |it: &&Condition<'_>| it.key_name.eq_ignore_ascii_case(&condition.key_name);
            if allow.conditions[..at].iter().any(|it| same(&it)) {
                continue;
            }
            let group: Vec<&Condition<'_>> = allow.conditions[at..].iter().filter(same).collect();
            let facts = facts(condition, caller, place, &self.owner, self.view);
            let one = all_hold(&group, &facts, &setting);
            if !one.holds {
                return one;
            }
            all.doubt = all.doubt.or(one.doubt);
        }
        all
    }

    /// Whether a request that meets the allow can get past denies, each by failing one of some conditions.
    fn way_out(
        &self,
        allow: &Statement<'_>,
        escapes: &[&[&Condition<'_>]],
        caller: &Caller<'p>,
        place: Place,
    ) -> Fate {
        let setting = Setting { owner: self.owner, effect: Effect::Deny, variables: allow.variables };
        let facts_of = |condition: &Condition<'_>| facts(condition, caller, place, &self.owner, self.view);
        match escape::find(&allow.conditions, escapes, &facts_of, &setting) {
            WayOut::Open => Fate::Left,
            WayOut::Shut => Fate::Gone,
            WayOut::Unsure(key) => Fate::Doubtful(doubt(allow, Reason::Contradiction(key))),
        }
    }

    fn resources<'s>(&'s self, allow: &'s Statement<'_>) -> Vec<Part<'s>> {
        let mut parts = Vec::new();
        for part in Part::of(&allow.resources) {
            match part {
                Part::Pattern(pattern) if glob::any_text(pattern) && !self.whole.is_empty() => {
                    parts.extend(self.whole.iter().map(|arn| Part::Pattern(arn)));
                }
                part => parts.push(part),
            }
        }
        parts
    }

    fn fate(
        &self,
        action: &Part<'_>,
        resources: &[Part<'_>],
        denials: &[(&'p Statement<'p>, Denial<'p>)],
        way_out: &dyn Fn(&[&[&Condition<'_>]]) -> Fate,
    ) -> Fate {
        let mut fate = Fate::Gone;
        for resource in resources {
            match self.fate_on(action, resource, denials, way_out) {
                Fate::Left => return Fate::Left,
                Fate::Doubtful(doubt) => fate = Fate::Doubtful(doubt),
                Fate::Gone => {}
            }
        }
        fate
    }

    fn fate_on(
        &self,
        action: &Part<'_>,
        resource: &Part<'_>,
        denials: &[(&'p Statement<'p>, Denial<'p>)],
        way_out: &dyn Fn(&[&[&Condition<'_>]]) -> Fate,
    ) -> Fate {
        let mut fate = Fate::Left;
        let mut escapes: Vec<&[&Condition<'_>]> = Vec::new();
        for (deny, denial) in denials {
            if !scope::holds_all(&deny.actions, action, Case::Ignored) {
                continue;
            }
            let all = scope::holds_all(&deny.resources, resource, Case::Matters);
            // A `*` in a resource's own policy means that resource; not knowing which, a deny that names
            // one may well name just that.
            let unsure = self.whole.is_empty()
                && matches!(resource, Part::Pattern(pattern) if glob::any_text(pattern))
                && matches!(deny.resources, Scope::Only(_));
            match denial {
                Denial::All if all => return Fate::Gone,
                Denial::All if unsure => fate = Fate::Doubtful(doubt(deny, Reason::Reach)),
                Denial::Perhaps(doubt) if all || unsure => fate = Fate::Doubtful(doubt.clone()),
                Denial::Escaped(ways) if all && !ways.is_empty() => escapes.push(ways),
                _ => {}
            }
        }
        if escapes.is_empty() {
            return fate;
        }
        match (way_out(&escapes), fate) {
            (Fate::Left, fate) | (Fate::Doubtful(_), fate @ Fate::Doubtful(_)) => fate,
            (shut, _) => shut,
        }
    }
}

pub(crate) fn doubt(statement: &Statement<'_>, reason: Reason) -> Doubt {
    Doubt { statement: statement.index, sid: statement.sid.as_deref().map(str::to_owned), reason }
}

/// A resource and what its policy speaks of besides: a bucket's objects, a function's versions. Nothing where
/// policies call the resource by other names than its ARN.
pub(crate) fn whole_of(arn: &str, service: &str) -> Vec<String> {
    match service {
        "s3" | "s3express" | "es" => vec![arn.to_owned(), format!("{arn}/*")],
        "lambda" => vec![arn.to_owned(), format!("{arn}:*")],
        "dynamodb" => vec![arn.to_owned(), format!("{arn}/index/*")],
        "apigateway" | "execute-api" => Vec::new(),
        _ => vec![arn.to_owned()],
    }
}

/// Whether a statement's principals certainly include a caller.
pub(crate) fn covers(principals: &Principals<'_>, caller: &Caller<'_>) -> bool {
    match principals {
        Principals::Unnamed => true,
        Principals::Named(list) => list.iter().any(|principal| includes(principal, caller)),
        Principals::Except(list) => !list.iter().any(|principal| touches(principal, caller)),
    }
}

/// Whether all that a caller stands for is this principal.
///
/// An account stands for everybody in it: to deny an account is to deny its users and roles.
fn includes(principal: &Principal<'_>, caller: &Caller<'_>) -> bool {
    match (principal, caller) {
        (Principal::Everyone, _) => true,
        (Principal::Account(id), Caller::Account(account)) => id == account,
        (Principal::Account(id), Caller::Arn(arn)) => account_in(arn).is_some_and(|account| id == account),
        (Principal::Arn(named), Caller::Arn(arn)) => named == arn,
        (Principal::Service(named), Caller::Service { name: Some(name), .. }) => named == name,
        (Principal::Federated(named), Caller::Federated(provider)) => named == provider,
        (Principal::CanonicalUser(named), Caller::Canonical(id)) => named == id,
        _ => false,
    }
}

/// Whether anything that a caller stands for may be this principal.
fn touches(principal: &Principal<'_>, caller: &Caller<'_>) -> bool {
    match (principal, caller) {
        (Principal::Everyone, _) | (_, Caller::Id(_) | Caller::Canonical(_) | Caller::Holder) => true,
        (Principal::Arn(named), Caller::Account(account)) => account_in(named) == Some(account),
        (Principal::Arn(named), Caller::Arn(arn)) => glob::overlap(named, arn, Case::Matters),
        (Principal::Service(_), Caller::Service { name: None, .. }) => true,
        _ => includes(principal, caller),
    }
}
