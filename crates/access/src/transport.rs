//! Questions about how and from where requests must come.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::answer::{Answer, Doubt, Reason};
use crate::caller::{Caller, Place, View};
use crate::document::{Condition, Effect, Policy, Principal, Principals, Scope, Statement};
use crate::fact::Fact;
use crate::glob::{self, Case};
use crate::judge::{self, Denial, Judge, Left, doubt};
use crate::key::Key;
use crate::owner::Owner;
use crate::scope::{self, Part};
use crate::truth::{Setting, truth};

/// Every place from which a request may come.
const PLACES: [Place; 3] = [Place::Internet, Place::Endpoint, Place::Named];

impl Policy<'_> {
    /// Whether the policy denies every request without TLS: to everybody, for every action, on the whole resource (for
    /// a bucket, on its objects too). Several denies may do it together.
    ///
    /// Source: S3 User Guide, "Security best practices", "Enforce encryption of data in transit".
    #[must_use]
    pub fn denies_insecure_transport(&self, owner: &Owner<'_>) -> Answer<bool> {
        let judge = Judge::new(self, owner, View::All);
        let mut denies = Vec::new();
        for deny in judge.statements(Effect::Deny).filter(|deny| names_everybody(deny)) {
            if let Some(doubt) = denies_plain_text(&judge, deny) {
                denies.push((deny, doubt));
            }
        }
        if denies.is_empty() {
            return Answer::Known(false);
        }
        let known = owner.service().filter(|service| *service != "apigateway");
        let service = known.map_or_else(|| service_of(&denies), str::to_owned);
        let action = format!("{service}:*");
        let mut in_doubt = None;
        for resource in targets(owner, &denies, &service) {
            let mut hits = denies.iter().filter(|(deny, _)| {
                scope::holds_all(&deny.actions, &Part::Pattern(&action), Case::Ignored)
                    && scope::holds_all(&deny.resources, &Part::Pattern(&resource), Case::Matters)
            });
            let best = hits.clone().find(|(_, doubt)| doubt.is_none()).or_else(|| hits.next());
            match best {
                None => return Answer::Known(false),
                Some((_, Some(doubt))) => in_doubt = in_doubt.or(Some(doubt.clone())),
                Some((_, None)) => {}
            }
        }
        in_doubt.map_or(Answer::Known(true), Answer::Unknown)
    }

    /// Whether what the policy allows can be used only from named addresses, networks or endpoints: each allow is
    /// bound to them, or a deny is. A policy that allows nothing is limited.
    ///
    /// To judge a user, judge all of its policies [together](Policy::together). Calls that AWS services make on the
    /// user's behalf come from elsewhere, and denies usually spare them (`aws:ViaAWSService`); they do not count.
    #[must_use]
    pub fn limits_source(&self, owner: &Owner<'_>) -> Answer<bool> {
        let judge = Judge::new(self, owner, View::All);
        let mut in_doubt = None;
        for allow in judge.statements(Effect::Allow) {
            for place in [Place::Internet, Place::Endpoint] {
                let Left { certain, doubtful } = judge.left(allow, &Caller::Holder, place);
                if !certain.is_empty() {
                    return Answer::Known(false);
                }
                in_doubt = in_doubt.or_else(|| doubtful.into_iter().next().map(|(_, doubt)| doubt));
            }
        }
        in_doubt.map_or(Answer::Known(true), Answer::Unknown)
    }

    /// Whether the policy denies everything from everywhere but named addresses, networks or endpoints, so that its
    /// holder is limited whatever other policies allow.
    #[must_use]
    pub fn denies_other_sources(&self, owner: &Owner<'_>) -> Answer<bool> {
        let judge = Judge::new(self, owner, View::All);
        let mut in_doubt = None;
        for place in [Place::Internet, Place::Endpoint] {
            let mut denied = false;
            for deny in
                judge.statements(Effect::Deny).filter(|deny| judge::covers(&deny.principals, &Caller::Holder))
            {
                let everything = Part::Pattern("*");
                if !scope::holds_all(&deny.actions, &everything, Case::Ignored)
                    || !scope::holds_all(&deny.resources, &everything, Case::Matters)
                {
                    continue;
                }
                match judge.denial(deny, &Caller::Holder, place) {
                    Denial::All => denied = true,
                    Denial::Perhaps(doubt) => in_doubt = in_doubt.or(Some(doubt)),
                    Denial::Escaped(_) => {}
                }
            }
            if !denied {
                return in_doubt.map_or(Answer::Known(false), Answer::Unknown);
            }
        }
        Answer::Known(true)
    }
}

fn names_everybody(deny: &Statement<'_>) -> bool {
    matches!(&deny.principals, Principals::Named(list) if list.contains(&Principal::Everyone))
}

/// `Some` when a deny hits requests without TLS, whoever sends them; inside, why that is not certain.
fn denies_plain_text<'p>(judge: &Judge<'p>, deny: &'p Statement<'p>) -> Option<Option<Doubt>> {
    let callers = [Caller::Anonymous, Caller::Stranger, Caller::Account(judge.owner.account())];
    let mut in_doubt = None;
    for condition in &deny.conditions {
        for (caller, place) in callers.iter().flat_map(|caller| PLACES.map(|place| (caller, place))) {
            let truth = if condition.key == Key::SecureTransport {
                without_tls(judge, deny, condition)
            } else {
                judge.truth(deny, condition, caller, place)
            };
            match truth.doubt {
                Some(reason) => in_doubt = in_doubt.or(Some(reason)),
                None if truth.fails => return None,
                None => {}
            }
        }
    }
    Some(in_doubt.map(|reason: Reason| doubt(deny, reason)))
}

fn without_tls(judge: &Judge<'_>, deny: &Statement<'_>, condition: &Condition<'_>) -> crate::truth::Truth {
    let setting = Setting { owner: judge.owner, effect: Effect::Deny, variables: deny.variables };
    truth(condition, &crate::fact::always(Fact::Like("false")), &setting)
}

type PlainTextDeny<'p> = (&'p Statement<'p>, Option<Doubt>);

/// The service that statements speak of, by their actions or resources.
fn service_of(denies: &[PlainTextDeny<'_>]) -> String {
    let name = |text: &Cow<'_, str>, at: usize| {
        let part = text.split(':').nth(at).filter(|_| text.contains(':'))?;
        (!part.is_empty() && !glob::wild(part)).then(|| part.to_ascii_lowercase())
    };
    let names = |(deny, _): &PlainTextDeny<'_>| {
        let (mut names, mut of_resources) = (Vec::new(), Vec::new());
        if let Scope::Only(list) = &deny.actions {
            names.extend(list.iter().filter_map(|it| name(it, 0)));
        }
        if let Scope::Only(list) = &deny.resources {
            of_resources.extend(list.iter().filter_map(|it| name(it, 2)));
        }
        names.append(&mut of_resources);
        names
    };
    denies.iter().flat_map(names).min().unwrap_or_else(|| "*".to_owned())
}

/// What must be denied: the resource, and for a bucket its objects.
fn targets(owner: &Owner<'_>, denies: &[PlainTextDeny<'_>], service: &str) -> BTreeSet<String> {
    if let Some(arn) = owner.resource() {
        let whole: BTreeSet<String> = judge::whole_of(arn, service).into_iter().collect();
        if !whole.is_empty() {
            return whole;
        }
    }
    let mut targets = BTreeSet::new();
    for (deny, _) in denies {
        match &deny.resources {
            Scope::Only(list) => {
                for pattern in list {
                    let base = pattern.strip_suffix("/*").filter(|_| service == "s3").unwrap_or(pattern);
                    targets.extend(judge::whole_of(base, service));
                }
            }
            Scope::Except(_) | Scope::Itself => {
                targets.insert("*".to_owned());
            }
        }
    }
    targets
}
