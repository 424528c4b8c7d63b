//! Finds what a policy grants by trying callers, from the widest circle to the narrowest.

use crate::answer::{Doubt, Reason};
use crate::caller::{Caller, Place, Source, View};
use crate::document::{Effect, Policy, Principal, Principals, Statement};
use crate::glob::{self, Case};
use crate::grant::{Grant, Who};
use crate::judge::{self, Judge, Left, doubt};
use crate::key::Key;
use crate::named;
use crate::operator::Test;
use crate::owner::Owner;
use crate::provider::{self, Openness};
use crate::scope::Part;

const ANYWHERE: [Place; 2] = [Place::Internet, Place::Endpoint];

/// Everything that a policy grants to those in view, in the order of its statements.
pub(crate) fn all(policy: &Policy<'_>, owner: &Owner<'_>, view: View) -> Vec<Grant> {
    let judge = Judge::new(policy, owner, view);
    let mut search = Search::new(&judge);
    for allow in judge.statements(Effect::Allow) {
        search.statement(allow);
    }
    search.grants
}

/// What a policy grants to everybody, from anywhere. The same as the public part of [`all`], found sooner.
pub(crate) fn public(policy: &Policy<'_>, owner: &Owner<'_>) -> Vec<Grant> {
    let judge = Judge::new(policy, owner, View::All);
    let mut search = Search::new(&judge);
    for allow in judge.statements(Effect::Allow) {
        search.everybody(allow, Reached::Anywhere);
    }
    search.grants
}

/// How near a caller must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    Anywhere,
    Near,
}

struct Search<'j, 'p> {
    judge: &'j Judge<'p>,
    grants: Vec<Grant>,
    /// What is known to be granted to wider circles by the statement in hand.
    taken: Vec<Part<'p>>,
    /// The same, for those who are near.
    taken_near: Vec<Part<'p>>,
    /// What is already in doubt for wider circles.
    doubted: Vec<Part<'p>>,
}

impl<'j, 'p> Search<'j, 'p> {
    fn new(judge: &'j Judge<'p>) -> Self {
        Self { judge, grants: Vec::new(), taken: Vec::new(), taken_near: Vec::new(), doubted: Vec::new() }
    }

    fn statement(&mut self, allow: &'p Statement<'p>) {
        self.everybody(allow, Reached::Anywhere);
        if is_open(allow) {
            self.open(allow, Reached::Near);
            for caller in named::callers(self.judge.policy, allow, &self.judge.owner) {
                if judge::covers(&allow.principals, &caller) {
                    self.caller(allow, &caller);
                }
            }
        }
        if let Principals::Named(list) = &allow.principals {
            for principal in list {
                match named::caller_of(principal) {
                    Some(Caller::Service { name, .. }) => self.service(allow, name),
                    Some(Caller::Federated(_)) | None => {}
                    Some(caller) => self.caller(allow, &caller),
                }
                if let Principal::Federated(provider) = principal {
                    self.provider(allow, provider, Reached::Near);
                }
            }
        }
    }

    /// The part of a statement that is for everybody, by its principals.
    fn everybody(&mut self, allow: &'p Statement<'p>, reached: Reached) {
        self.taken.clear();
        self.taken_near.clear();
        self.doubted.clear();
        if allow.principals == Principals::Unnamed {
            let nobody = doubt(allow, Reason::NoPrincipal);
            self.grants.push(Grant::new(allow, Who::Anyone, false, &Part::of(&allow.actions), Some(nobody)));
            return;
        }
        if is_open(allow) {
            self.open(allow, reached);
        }
        if let Principals::Named(list) = &allow.principals {
            for principal in list {
                if let Principal::Federated(provider) = principal {
                    self.provider(allow, provider, reached);
                }
            }
        }
    }

    /// Everybody: first without credentials, then with a stranger's.
    fn open(&mut self, allow: &'p Statement<'p>, reached: Reached) {
        let near = reached == Reached::Near;
        for caller in [Caller::Anonymous, Caller::Stranger] {
            if caller == Caller::Anonymous && is_signed_only(allow) {
                continue;
            }
            let left = self.left(allow, &caller, if near { self.near() } else { &ANYWHERE });
            self.doubted.extend(left.doubtful.iter().map(|(part, _)| *part));
            let taken = self.push(allow, &caller, near, left);
            if near {
                self.taken_near.extend(taken);
            } else {
                self.taken.extend(taken);
            }
        }
    }

    /// Somebody whom the policy names.
    fn caller(&mut self, allow: &'p Statement<'p>, caller: &Caller<'p>) {
        let Some(standing) = self.standing(allow, caller) else { return };
        let mut left = self.left(allow, caller, &ANYWHERE);
        let anywhere = !(left.certain.is_empty() && left.doubtful.is_empty());
        if !anywhere {
            left = self.left(allow, caller, self.near());
            left.certain.retain(|part| !self.taken_near.contains(part));
        }
        if let Some(doubt) = standing {
            left.doubtful.extend(left.certain.drain(..).map(|part| (part, doubt.clone())));
        }
        self.push(allow, caller, !anywhere, left);
    }

    /// A service: for anybody's resources, or for those of whom the conditions name.
    fn service(&mut self, allow: &'p Statement<'p>, name: Option<&'p str>) {
        let anybody = Caller::Service { name, source: Source::Anybody };
        let left = self.left(allow, &anybody, &ANYWHERE);
        if !left.certain.is_empty() || !left.doubtful.is_empty() {
            if self.judge.view == View::All {
                self.push(allow, &anybody, false, left);
            }
            return;
        }
        let before = self.grants.len();
        let sources = named::sources(self.judge.policy, allow, &self.judge.owner);
        for source in &sources {
            self.caller(allow, &Caller::Service { name, source: *source });
        }
        if self.grants.len() == before && self.judge.view == View::All {
            let left = self.left(allow, &anybody, &[Place::Named]);
            self.push(allow, &anybody, true, left);
        }
    }

    /// An identity provider: anybody's users, or those whom the claims single out.
    fn provider(&mut self, allow: &'p Statement<'p>, provider: &'p str, reached: Reached) {
        let caller = Caller::Federated(provider);
        let claims = allow.conditions.iter().any(|condition| {
            condition.key == Key::Claim
                && condition.operator.is_some_and(|it| !it.negated && it.test != Test::Null)
        });
        let openness = provider::openness(provider);
        let unsure = openness == Openness::Unknown && !claims;
        let mut open = Left::default();
        if openness == Openness::Shared || unsure {
            open = self.left(allow, &caller, &ANYWHERE);
        }
        if unsure {
            let why = doubt(allow, Reason::Provider(provider::host(provider).to_owned()));
            open.doubtful.extend(open.certain.drain(..).map(|part| (part, why.clone())));
        }
        let is_open = !open.certain.is_empty() || !open.doubtful.is_empty();
        match reached {
            Reached::Anywhere => {
                self.push(allow, &caller, false, open);
            }
            // The users of a provider that the owner set up for itself are its own.
            Reached::Near if !is_open && self.judge.view == View::All => {
                let left = self.left(allow, &caller, &[Place::Named]);
                self.push(allow, &caller, true, left);
            }
            Reached::Near => {}
        }
    }

    fn near(&self) -> &'static [Place] {
        if self.judge.view == View::All { &[Place::Named] } else { &[Place::Foreign] }
    }

    /// What is left from the best of some places.
    fn left(&self, allow: &'p Statement<'p>, caller: &Caller<'p>, places: &[Place]) -> Left<'p> {
        let mut best = Left::default();
        for place in places {
            if best.certain.len() == allow.actions.len() {
                break;
            }
            let left = self.judge.left(allow, caller, *place);
            for part in left.certain {
                if !best.certain.contains(&part) {
                    best.certain.push(part);
                }
            }
            for (part, why) in left.doubtful {
                if !best.doubtful.iter().any(|(known, _)| *known == part) {
                    best.doubtful.push((part, why));
                }
            }
        }
        best.doubtful.retain(|(part, _)| !best.certain.contains(part));
        best.certain.retain(|part| !self.taken.contains(part));
        best.doubtful.retain(|(part, _)| !self.taken.contains(part) && !self.doubted.contains(part));
        best
    }

    /// Notes a grant; returns the actions that are certain.
    fn push(
        &mut self,
        allow: &Statement<'_>,
        caller: &Caller<'_>,
        bounded: bool,
        left: Left<'p>,
    ) -> Vec<Part<'p>> {
        if !left.certain.is_empty() {
            let who = Who::of(caller, bounded);
            self.grants.push(Grant::new(allow, who, bounded, &left.certain, None));
        }
        if let Some((_, why)) = left.doubtful.first() {
            let parts: Vec<Part<'_>> = left.doubtful.iter().map(|(part, _)| *part).collect();
            let who = Who::of(caller, bounded);
            self.grants.push(Grant::new(allow, who, bounded, &parts, Some(why.clone())));
        }
        left.certain
    }

    /// Whether a caller is in view: `None` is no, `Some(Some(_))` is perhaps.
    fn standing(&self, allow: &Statement<'_>, caller: &Caller<'_>) -> Option<Option<Doubt>> {
        if self.judge.view == View::All {
            return Some(None);
        }
        let owner = &self.judge.owner;
        let account = |id: &str| {
            if id == owner.account() {
                return None;
            }
            if self.judge.view == View::OutsideAccount {
                return Some(None);
            }
            match owner.is_member(id) {
                Some(true) => None,
                Some(false) => Some(None),
                None => Some(Some(doubt(allow, Reason::Membership(id.to_owned())))),
            }
        };
        let owned = |id: &str| {
            if owner.owns(id) { None } else { Some(Some(doubt(allow, Reason::Ownership(id.to_owned())))) }
        };
        let organization = |id: &str| match self.judge.view {
            View::OutsideOrganization if owner.organization_id() == Some(id) => None,
            _ => Some(None),
        };
        match caller {
            Caller::Anonymous | Caller::Stranger => Some(None),
            Caller::Holder | Caller::Federated(_) | Caller::Service { source: Source::Anybody, .. } => None,
            Caller::Organization(id) | Caller::Service { source: Source::Organization(id), .. } => {
                organization(id)
            }
            Caller::Account(id) | Caller::Service { source: Source::Account(id), .. } => account(id),
            Caller::Id(id) => owned(id.split(':').next().unwrap_or(id)),
            Caller::Canonical(id) => owned(id),
            Caller::Arn(arn) | Caller::Service { source: Source::Arn(arn), .. } => {
                match crate::fact::account_in(arn) {
                    Some(id) => account(id),
                    None => owned(name_in(arn)),
                }
            }
        }
    }
}

/// The name in an ARN without an account: a bucket, an origin access identity; else the ARN itself.
fn name_in(arn: &str) -> &str {
    let Some(resource) = arn.splitn(6, ':').nth(5) else { return arn };
    match (arn.split(':').nth(2), arn.split(':').nth(4)) {
        (Some("s3"), _) => resource.split('/').next().unwrap_or(resource),
        (_, Some("cloudfront")) => resource.strip_prefix("user/").unwrap_or(resource),
        _ => arn,
    }
}

/// Whether a statement's principals are everybody, perhaps but a few.
fn is_open(allow: &Statement<'_>) -> bool {
    match &allow.principals {
        Principals::Unnamed => false,
        Principals::Named(list) => list.contains(&Principal::Everyone),
        Principals::Except(list) => !list.contains(&Principal::Everyone),
    }
}

/// Whether every action is one that AWS wants signed: nobody assumes a role without credentials.
fn is_signed_only(allow: &Statement<'_>) -> bool {
    Part::of(&allow.actions)
        .iter()
        .all(|part| matches!(part, Part::Pattern(action) if glob::covers("sts:*", action, Case::Ignored)))
}
