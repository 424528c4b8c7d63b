//! Whether a condition can hold, and whether it can fail, for a caller's requests.
//!
//! An allow needs conditions that *can* hold; a deny is certain only when its conditions *cannot* fail. Both answers
//! lean towards access: what is not proven to keep a caller out does not.
//!
//! Sources: IAM User Guide, "IAM JSON policy elements: Condition operators", "Condition with multiple context keys or
//! values" and "IAM policy elements: Variables and tags"; S3 User Guide, "The meaning of public" (a value with a
//! wildcard or a variable is not fixed).

use std::borrow::Cow;

use crate::address;
use crate::answer::Reason;
use crate::document::{Condition, Effect};
use crate::fact::{Fact, Facts, account_in};
use crate::glob::{self, Case};
use crate::operator::{Operator, Test};
use crate::owner::Owner;

/// What can become of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Truth {
    /// It can hold.
    pub(crate) holds: bool,
    /// It can fail.
    pub(crate) fails: bool,
    /// Neither is certain, and why.
    pub(crate) doubt: Option<Reason>,
}

impl Truth {
    const NOTHING: Self = Self { holds: false, fails: false, doubt: None };

    fn sure(holds: bool, fails: bool) -> Self {
        Self { holds, fails, doubt: None }
    }

    pub(crate) fn unclear(reason: Reason) -> Self {
        Self { holds: true, fails: true, doubt: Some(reason) }
    }

    /// Either of two alternatives, at the caller's choice.
    fn or(mut self, other: Self) -> Self {
        self.holds |= other.holds;
        self.fails |= other.fails;
        self.doubt = self.doubt.or(other.doubt);
        self
    }

    fn negated(self) -> Self {
        Self { holds: self.fails, fails: self.holds, doubt: self.doubt }
    }
}

/// Where a condition stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting<'o> {
    pub(crate) owner: Owner<'o>,
    pub(crate) effect: Effect,
    /// Whether `${...}` is a variable.
    pub(crate) variables: bool,
}

/// A value of a condition, ready to be compared.
struct Wanted<'v> {
    text: Cow<'v, str>,
    /// `*` and `?` are wildcards.
    pattern: bool,
    /// It holds a variable, written as `*` here: nobody knows what will stand there.
    variable: bool,
}

/// Whether a condition can hold, and whether it can fail.
pub(crate) fn truth(condition: &Condition<'_>, facts: &Facts<'_>, setting: &Setting<'_>) -> Truth {
    let Some(operator) = condition.operator else {
        return Truth::unclear(Reason::Operator(condition.operator_name.to_string()));
    };
    let mut truth = Truth::NOTHING;
    if let Some(fact) = &facts.present {
        truth = truth.or(when_present(condition, operator, fact, setting));
    }
    if facts.absent {
        let holds = match operator.test {
            Test::Null => is_listed(condition, "true"),
            _ => operator.holds_when_absent(),
        };
        truth = truth.or(Truth::sure(holds, !holds));
    }
    truth
}

/// Whether conditions on one key can all hold for one request.
pub(crate) fn all_hold(conditions: &[&Condition<'_>], facts: &Facts<'_>, setting: &Setting<'_>) -> Truth {
    let mut best = Truth::sure(false, true);
    facts.each(&mut |facts| {
        let mut all = Truth::sure(true, false);
        for condition in conditions {
            let one = truth(condition, facts, setting);
            all.holds &= one.holds;
            all.doubt = all.doubt.take().or(one.doubt);
        }
        // A way that is certain beats one that is in doubt.
        if all.holds && (!best.holds || best.doubt.is_some()) {
            best = Truth { fails: true, ..all };
        }
    });
    best
}

fn when_present(
    condition: &Condition<'_>,
    operator: Operator,
    fact: &Fact<'_>,
    setting: &Setting<'_>,
) -> Truth {
    match (operator.test, fact) {
        (Test::Null, _) => {
            let holds = is_listed(condition, "false");
            Truth::sure(holds, !holds)
        }
        (_, Fact::Unclear(reason)) => Truth::unclear(reason.clone()),
        (_, Fact::Among(choices)) => choices.iter().fold(Truth::NOTHING, |truth, choice| {
            truth.or(when_present(condition, operator, &Fact::Like(choice), setting))
        }),
        (Test::IpAddress, _) => signed(operator, addresses(condition, fact)),
        _ => {
            let mut any = Truth::sure(false, true);
            for value in &condition.values {
                let one =
                    compare(operator.test, fact, &wanted(value, operator.test, setting), condition, setting);
                any.holds |= one.holds;
                any.fails &= one.fails;
                any.doubt = any.doubt.or(one.doubt);
            }
            signed(operator, any)
        }
    }
}

fn signed(operator: Operator, truth: Truth) -> Truth {
    if operator.negated { truth.negated() } else { truth }
}

fn is_listed(condition: &Condition<'_>, word: &str) -> bool {
    condition.values.iter().any(|value| value.eq_ignore_ascii_case(word))
}

/// Fills in what a variable stands for where the owner is known to decide it.
fn wanted<'v>(value: &'v str, test: Test, setting: &Setting<'_>) -> Wanted<'v> {
    let pattern = matches!(test, Test::StringLike | Test::ArnLike);
    if !setting.variables || !value.contains("${") {
        return Wanted { text: value.into(), pattern, variable: false };
    }
    let (mut text, mut variable) = (String::with_capacity(value.len()), false);
    let mut rest = value;
    while let Some(at) = rest.find("${") {
        text.push_str(&rest[..at]);
        let Some(end) = rest[at..].find('}') else { break };
        match &rest[at + 2..at + end] {
            // Escapes: a character that is meant as itself. No name that a policy singles out holds one.
            "*" | "?" | "$" => text.push('\u{fffc}'),
            name if name.eq_ignore_ascii_case("aws:ResourceAccount") => {
                text.push_str(setting.owner.account())
            }
            name if name.eq_ignore_ascii_case("aws:ResourceOrgID") => {
                // Not known or none: still one fixed organisation, which is no stranger's.
                text.push_str(setting.owner.organization_id().unwrap_or("\u{fffc}"));
            }
            _ => {
                text.push('*');
                variable = true;
            }
        }
        rest = &rest[at + end + 1..];
    }
    text.push_str(rest);
    Wanted { text: text.into(), pattern: pattern || variable, variable }
}

/// Whether the fact can match the value (`holds`) and whether it can differ (`fails`).
fn compare(
    test: Test,
    fact: &Fact<'_>,
    wanted: &Wanted<'_>,
    condition: &Condition<'_>,
    setting: &Setting<'_>,
) -> Truth {
    let text = wanted.text.as_ref();
    if matches!(test, Test::NumericEquals | Test::NumericOrder) && text.parse::<f64>().is_err() {
        return Truth::sure(false, true);
    }
    let wild = wanted.pattern && glob::wild(text);
    let open = Truth::sure(true, wanted.variable || !glob::any_text(text));
    let strange = if wild { open.clone() } else { Truth::sure(false, true) };
    match fact {
        Fact::Free | Fact::PublicAddress => match test {
            _ if wild && !wanted.variable && glob::any_text(text) => Truth::sure(true, false),
            _ => Truth::sure(true, true),
        },
        Fact::Among(_) | Fact::Fresh | Fact::Somewhere => strange,
        Fact::FreshId => {
            // S3 calls a policy public that allows `AROA...:*`, although no stranger gets that id: so an allow is
            // not bound by it. A deny of everybody else does keep strangers out.
            let id = text.find(['*', '?']).map_or(text, |at| &text[..at]);
            if setting.effect == Effect::Deny && id.len() >= 16 { Truth::sure(false, true) } else { strange }
        }
        Fact::Like(known) => like(test, known, wanted),
        Fact::AnyBut(ours) => Truth::sure(wild || text != *ours, true),
        Fact::OrgPath(known) => match (known, organization_part(text, wanted.pattern)) {
            (_, None) => open,
            (Some(known), Some(wanted)) => Truth::sure(*known == wanted, true),
            (None, Some(_)) => Truth::sure(false, true),
        },
        Fact::OrgPathBut(ours) => match organization_part(text, wanted.pattern) {
            None => open,
            Some(wanted) => Truth::sure(wanted != *ours, true),
        },
        Fact::Arn { account, colons } => match (arn_part(test, text, wanted.pattern, *colons), account) {
            (ArnPart::Account(wanted), Some(known)) => Truth::sure(wanted == *known, true),
            (ArnPart::Account(_) | ArnPart::Name, None) => Truth::sure(false, true),
            (ArnPart::Name, Some(_)) => Truth::sure(true, true),
            (ArnPart::Open, _) => open,
            (ArnPart::Crossing, _) => {
                let (key, value) = (condition.key_name.to_string(), text.to_owned());
                Truth::unclear(Reason::Colons { key, value })
            }
        },
        Fact::NotOurs if wild => open,
        Fact::NotOurs if setting.owner.owns(text) => Truth::sure(false, true),
        Fact::NotOurs => Truth::unclear(Reason::Ownership(text.to_owned())),
        Fact::NotOurAccount if wild => open,
        Fact::NotOurAccount => {
            let account = account_in(text).unwrap_or(text);
            match setting.owner.is_member(account) {
                Some(ours) => Truth::sure(!ours, true),
                None => Truth::unclear(Reason::Membership(account.to_owned())),
            }
        }
        Fact::Claim(claim) => Truth::sure(!claim.is_bound_by(text, wanted.pattern), true),
        Fact::Receiver => Truth::sure(!is_one_receiver(text, wanted.pattern), true),
        Fact::Unclear(reason) => Truth::unclear(reason.clone()),
    }
}

/// A value that is known, or known to match a pattern.
fn like(test: Test, known: &str, wanted: &Wanted<'_>) -> Truth {
    let text = wanted.text.as_ref();
    let various = glob::wild(known) || wanted.variable;
    match test {
        Test::StringEqualsIgnoreCase if !wanted.pattern => Truth::sure(
            glob::matches(known, text, Case::Ignored),
            various || !known.eq_ignore_ascii_case(text),
        ),
        Test::StringEquals | Test::StringEqualsIgnoreCase | Test::BinaryEquals if !wanted.pattern => {
            Truth::sure(glob::matches(known, text, Case::Matters), various || known != text)
        }
        Test::Bool => {
            let same = known.eq_ignore_ascii_case(text);
            Truth::sure(same || wanted.variable, !same || wanted.variable)
        }
        Test::ArnLike if known.matches(':').count() >= 5 && text.matches(':').count() >= 5 => {
            let mut truth = Truth::sure(true, wanted.variable);
            for (known, text) in known.splitn(6, ':').zip(text.splitn(6, ':')) {
                truth.holds &= glob::overlap(text, known, Case::Matters);
                truth.fails |= !glob::covers(text, known, Case::Matters);
            }
            truth
        }
        Test::StringEquals | Test::StringEqualsIgnoreCase | Test::StringLike | Test::ArnLike => Truth::sure(
            glob::overlap(text, known, Case::Matters),
            wanted.variable || !glob::covers(text, known, Case::Matters),
        ),
        _ => Truth::sure(true, true),
    }
}

/// The organisation that a path of `aws:PrincipalOrgPaths` begins with, when it is spelled out.
///
/// Ids of units are unique within an organisation only: `*/ou-ab12-...` is anybody's.
fn organization_part(path: &str, pattern: bool) -> Option<&str> {
    let id = path.split_once('/').map_or(path, |(id, _)| id);
    if pattern && glob::wild(id) { None } else { Some(id) }
}

/// What of an ARN in a condition is fixed.
enum ArnPart<'t> {
    /// The account.
    Account(&'t str),
    /// The whole name, of a resource whose ARN has no account, as buckets have: names are unique in the world.
    Name,
    /// Nothing that keeps a stranger out.
    Open,
    /// The account, unless a `*` before it runs over colons, as string operators let it.
    Crossing,
}

fn arn_part<'t>(test: Test, text: &'t str, pattern: bool, colons: bool) -> ArnPart<'t> {
    let mut parts = text.splitn(6, ':');
    let (Some(_), Some(_), Some(service), Some(region), account, resource) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return if pattern && glob::wild(text) { ArnPart::Open } else { ArnPart::Name };
    };
    let is_wild = |part: &str| pattern && glob::wild(part);
    let account = account.unwrap_or("*");
    let resource = resource.unwrap_or("*");
    if account.is_empty() || (is_wild(account) && service == "s3" && !resource.contains('/')) {
        let name = resource.split('/').next().unwrap_or_default();
        return if is_wild(name) { ArnPart::Open } else { ArnPart::Name };
    }
    if is_wild(account) {
        return ArnPart::Open;
    }
    if colons && test == Test::StringLike && text[..text.len() - account.len()].contains('*') && {
        is_wild(service) || is_wild(region)
    } {
        return ArnPart::Crossing;
    }
    ArnPart::Account(account)
}

/// Whether the value fixes who receives notifications: a mail domain, a web host, an account, a number.
fn is_one_receiver(text: &str, pattern: bool) -> bool {
    if !pattern || !glob::wild(text) {
        return true;
    }
    if let Some((_, rest)) = text.split_once("://") {
        return rest.split_once('/').is_some_and(|(host, _)| !glob::wild(host));
    }
    if text.starts_with("arn:") {
        return account_in(text).is_some();
    }
    text.rsplit_once('@').is_some_and(|(_, domain)| !glob::wild(domain))
}

/// Address ranges are weighed together: many narrow ones may be the whole internet.
fn addresses(condition: &Condition<'_>, fact: &Fact<'_>) -> Truth {
    let mut nets = Vec::with_capacity(condition.values.len());
    for value in &condition.values {
        let Some(net) = address::parse(value) else {
            let (key, value) = (condition.key_name.to_string(), value.to_string());
            return Truth::unclear(Reason::Value { key, value });
        };
        nets.push(net);
    }
    match fact {
        Fact::Somewhere => {
            let breadth = address::breadth(&nets);
            Truth::sure(breadth.broad, !breadth.everything)
        }
        Fact::PublicAddress => Truth::sure(nets.iter().any(|net| !address::private(net)), true),
        Fact::Like(known) => match address::parse(known) {
            Some(known) => {
                let inside = nets.iter().any(|net| net.contains(&known));
                Truth::sure(inside, !inside)
            }
            None => Truth::sure(false, true),
        },
        _ => Truth::sure(!nets.is_empty(), !address::breadth(&nets).everything),
    }
}
