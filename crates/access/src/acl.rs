//! S3 access control lists.
//!
//! Source: S3 User Guide, "Access control list (ACL) overview", "Amazon S3 predefined groups" and "The meaning of
//! public": an ACL is public when it grants anything to all users or to all authenticated users.

use serde_json::Value;
use thiserror::Error;

/// A group that an ACL can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Everybody, without credentials too.
    AllUsers,
    /// Everybody with an AWS account.
    AuthenticatedUsers,
    /// S3's own delivery of access logs.
    LogDelivery,
}

/// One entry of an ACL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AclGrant<'a> {
    /// To a group.
    Group {
        /// Which.
        group: Group,
        /// `READ`, `WRITE`, `READ_ACP`, `WRITE_ACP`, `FULL_CONTROL`.
        permission: &'a str,
    },
    /// To an account.
    Account {
        /// Its canonical user id or address.
        id: &'a str,
        /// The same words.
        permission: &'a str,
    },
}

/// A list of grants was not as S3 gives it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AclError {
    /// The list or an entry has another shape.
    #[error("`{place}` is not a grant of an access control list")]
    Shape {
        /// Where.
        place: String,
    },
    /// A group that S3 does not have.
    #[error("`{place}` names an unknown group `{uri}`")]
    Group {
        /// Where.
        place: String,
        /// As written.
        uri: String,
    },
}

/// Reads `Grants` of GetBucketAcl or GetObjectAcl.
///
/// # Errors
///
/// [`AclError`] when an entry is not a grant, with the place.
pub fn acl_grants(grants: &Value) -> Result<Vec<AclGrant<'_>>, AclError> {
    let Value::Array(list) = grants else { return Err(AclError::Shape { place: "Grants".to_owned() }) };
    list.iter().enumerate().map(|(at, grant)| read(at, grant)).collect()
}

/// Whether `Grants` of an ACL give everybody, or everybody with an AWS account, anything.
///
/// # Errors
///
/// [`AclError`] when an entry is not a grant, with the place.
pub fn acl_public(grants: &Value) -> Result<bool, AclError> {
    let public = |grant: &AclGrant<'_>| {
        matches!(grant, AclGrant::Group { group: Group::AllUsers | Group::AuthenticatedUsers, .. })
    };
    Ok(acl_grants(grants)?.iter().any(public))
}

fn read(at: usize, grant: &Value) -> Result<AclGrant<'_>, AclError> {
    let shape = || AclError::Shape { place: format!("Grants[{at}]") };
    let text = |value: &'_ Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let grantee = grant.get("Grantee").ok_or_else(shape)?;
    let permission = grant.get("Permission").and_then(Value::as_str).ok_or_else(shape)?;
    if let Some(uri) = text(grantee, "URI") {
        // The host differs by partition, the path does not.
        let group = if uri.ends_with("/groups/global/AllUsers") {
            Group::AllUsers
        } else if uri.ends_with("/groups/global/AuthenticatedUsers") {
            Group::AuthenticatedUsers
        } else if uri.ends_with("/groups/s3/LogDelivery") {
            Group::LogDelivery
        } else {
            return Err(AclError::Group { place: format!("Grants[{at}].Grantee.URI"), uri });
        };
        return Ok(AclGrant::Group { group, permission });
    }
    let id = ["ID", "EmailAddress"].iter().find_map(|name| grantee.get(name).and_then(Value::as_str));
    Ok(AclGrant::Account { id: id.ok_or_else(shape)?, permission })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn grants(uri: &str) -> Value {
        json!([
            { "Grantee": { "Type": "CanonicalUser", "ID": "79a5" }, "Permission": "FULL_CONTROL" },
            { "Grantee": { "Type": "Group", "URI": uri }, "Permission": "READ" },
        ])
    }

    #[test]
    fn the_two_groups_of_everybody_make_an_acl_public() {
        for (uri, public) in [
            ("http://acs.amazonaws.com/groups/global/AllUsers", true),
            ("http://acs.amazonaws.com/groups/global/AuthenticatedUsers", true),
            ("http://acs.amazonaws.com/groups/s3/LogDelivery", false),
        ] {
            assert_eq!(acl_public(&grants(uri)), Ok(public), "{uri}");
        }
        assert_eq!(acl_public(&json!([])), Ok(false));
    }

    #[test]
    fn what_is_not_a_grant_is_refused() {
        let error = acl_public(&grants("http://example.com/groups/all")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`Grants[1].Grantee.URI` names an unknown group `http://example.com/groups/all`"
        );
        assert!(acl_public(&json!({})).is_err());
        assert!(acl_public(&json!([{ "Permission": "READ" }])).is_err());
    }
}
