//! Condition operators.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Single-valued vs. multivalued
//! context keys". Names are case-sensitive: IAM refuses `stringEquals` as an "invalid condition type".

/// How a condition compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Test {
    /// `StringEquals`: the whole value, case matters, no wildcards.
    StringEquals,
    /// `StringEqualsIgnoreCase`.
    StringEqualsIgnoreCase,
    /// `StringLike`: with wildcards.
    StringLike,
    /// `ArnEquals` and `ArnLike`, which are the same: wildcards stay between colons.
    ArnLike,
    /// `Bool`.
    Bool,
    /// `IpAddress`.
    IpAddress,
    /// `NumericEquals`.
    NumericEquals,
    /// `NumericLessThan` and the other three orders: nothing about callers hangs on them.
    NumericOrder,
    /// `DateEquals`.
    DateEquals,
    /// `DateLessThan` and the other three orders.
    DateOrder,
    /// `BinaryEquals`.
    BinaryEquals,
    /// `Null`: whether the key is absent.
    Null,
}

/// What is done with a key of several values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Set {
    /// No qualifier: a key with one value.
    One,
    /// `ForAnyValue:` is false for an absent key.
    Any,
    /// `ForAllValues:` is true for an absent key.
    All,
}

/// One operator: what it tests, whether it is negated, and what it makes of absent keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operator {
    /// How values are compared.
    pub test: Test,
    /// `...Not...`: true when no value matches, and when the key is absent.
    pub negated: bool,
    /// `...IfExists`: true when the key is absent.
    pub if_exists: bool,
    /// The qualifier.
    pub set: Set,
}

impl Operator {
    /// Reads an operator's name; `None` when IAM has no such operator.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let (set, name) = if let Some(rest) = name.strip_prefix("ForAnyValue:") {
            (Set::Any, rest)
        } else if let Some(rest) = name.strip_prefix("ForAllValues:") {
            (Set::All, rest)
        } else {
            (Set::One, name)
        };
        let (if_exists, name) = match name.strip_suffix("IfExists") {
            Some("Null") => return None,
            Some(rest) => (true, rest),
            None => (false, name),
        };
        let (test, negated) = match name {
            "StringEquals" => (Test::StringEquals, false),
            "StringNotEquals" => (Test::StringEquals, true),
            "StringEqualsIgnoreCase" => (Test::StringEqualsIgnoreCase, false),
            "StringNotEqualsIgnoreCase" => (Test::StringEqualsIgnoreCase, true),
            "StringLike" => (Test::StringLike, false),
            "StringNotLike" => (Test::StringLike, true),
            "ArnEquals" | "ArnLike" => (Test::ArnLike, false),
            "ArnNotEquals" | "ArnNotLike" => (Test::ArnLike, true),
            "Bool" => (Test::Bool, false),
            "IpAddress" => (Test::IpAddress, false),
            "NotIpAddress" => (Test::IpAddress, true),
            "NumericEquals" => (Test::NumericEquals, false),
            "NumericNotEquals" => (Test::NumericEquals, true),
            "NumericLessThan"
            | "NumericLessThanEquals"
            | "NumericGreaterThan"
            | "NumericGreaterThanEquals" => (Test::NumericOrder, false),
            "DateEquals" => (Test::DateEquals, false),
            "DateNotEquals" => (Test::DateEquals, true),
            "DateLessThan" | "DateLessThanEquals" | "DateGreaterThan" | "DateGreaterThanEquals" => {
                (Test::DateOrder, false)
            }
            "BinaryEquals" => (Test::BinaryEquals, false),
            "Null" => (Test::Null, false),
            _ => return None,
        };
        Some(Self { test, negated, if_exists, set })
    }

    /// Whether the condition holds when the request does not have the key.
    ///
    /// A negated operator holds for an absent key, except under `ForAnyValue`, which wants at least one value.
    #[must_use]
    pub fn holds_when_absent(self) -> bool {
        match self.set {
            Set::All => true,
            Set::Any => self.if_exists,
            Set::One => self.if_exists || self.negated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        let it = Operator::parse("ForAllValues:StringNotLikeIfExists").unwrap();
        assert_eq!((it.test, it.negated, it.if_exists, it.set), (Test::StringLike, true, true, Set::All));
        assert_eq!(Operator::parse("ArnEquals"), Operator::parse("ArnLike"));
    }

    #[test]
    fn what_iam_refuses_is_no_operator() {
        for name in ["stringEquals", "ForAnyValues:StringEquals", "NullIfExists", "StringMatches", ""] {
            assert_eq!(Operator::parse(name), None, "{name}");
        }
    }

    #[test]
    fn an_absent_key_passes_where_iam_says_so() {
        for (name, passes) in [
            ("StringEquals", false),
            ("StringNotEquals", true),
            ("StringEqualsIfExists", true),
            ("ForAllValues:StringEquals", true),
            ("ForAnyValue:StringEquals", false),
            ("ForAnyValue:StringNotEquals", false),
            ("NumericLessThan", false),
            ("NotIpAddress", true),
        ] {
            assert_eq!(Operator::parse(name).unwrap().holds_when_absent(), passes, "{name}");
        }
    }
}
