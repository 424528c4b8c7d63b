//! The columns of flow logs in text: from a header line, or the order that CloudWatch Logs has without one.

use super::write;

/// Every field that AWS has given a name so far; other names are taken, too, when they stand beside these.
const FIELDS: &str = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action \
    log-status vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region az-id sublocation-type sublocation-id \
    pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path ecs-cluster-arn ecs-cluster-name \
    ecs-container-instance-arn ecs-container-instance-id ecs-container-id ecs-second-container-id ecs-service-name \
    ecs-task-definition-arn ecs-task-arn ecs-task-id reject-reason resource-id encryption-status resource-type tgw-id \
    tgw-attachment-id tgw-src-vpc-account-id tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id \
    tgw-dst-subnet-id tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id packets-lost-no-route \
    packets-lost-blackhole packets-lost-mtu-exceeded packets-lost-ttl-expired";

/// What CloudWatch Logs gets unless somebody chose otherwise: version 2.
const DEFAULT: &str = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";

/// More columns than that have no meaning.
const MOST: usize = 256;

/// Which field stands where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::decode) struct Columns {
    names: Vec<String>,
}

impl Columns {
    /// The columns that a header line names, if it is one.
    pub(in crate::decode) fn of_header(line: &str) -> Option<Self> {
        let is_name = |it: &str| {
            it.starts_with(|it: char| it.is_ascii_lowercase())
                && it.bytes().all(|it| matches!(it, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
        };
        // Of nearly every record, the first value says that this is none.
        if !line.split_ascii_whitespace().all(is_name) {
            return None;
        }
        let names: Vec<_> = line.split_ascii_whitespace().take(MOST + 1).collect();
        let known = names.iter().filter(|it| FIELDS.split(' ').any(|field| is_same(field, it))).count();
        // A field that is new to AWS stands beside others that are not.
        let is_header = known > 0 && (known == names.len() || known >= 3) && names.len() <= MOST;
        is_header.then(|| Self::new(&names))
    }

    /// Version 2, in its order.
    pub(in crate::decode) fn default_order() -> Self {
        Self::new(&DEFAULT.split(' ').collect::<Vec<_>>())
    }

    fn new(names: &[&str]) -> Self {
        Self { names: names.iter().map(|it| it.replace('-', "_")).collect() }
    }

    /// Writes a line as JSON; whether it has these columns.
    pub(in crate::decode) fn write(&self, line: &str, out: &mut Vec<u8>) -> bool {
        let values = line.split_ascii_whitespace();
        if values.clone().take(MOST + 1).count() != self.names.len() {
            return false;
        }
        write(self.names.iter().map(String::as_str).zip(values), out);
        true
    }
}

fn is_same(field: &str, name: &str) -> bool {
    field.len() == name.len()
        && field.bytes().zip(name.bytes()).all(|(a, b)| a == b || (a, b) == (b'-', b'_'))
}

/// Whether a line without a header is a record in the default order: its version is 2, and its end says how it was recorded.
pub(in crate::decode) fn is_default(line: &str) -> bool {
    let mut values = line.split_ascii_whitespace();
    values.clone().take(MOST).count() == 14
        && values.next() == Some("2")
        && matches!(values.next_back(), Some("OK" | "NODATA" | "SKIPDATA"))
}

/// Whether a line without a header looks like a record in an order that somebody chose.
pub(in crate::decode) fn is_flow_like(line: &str) -> bool {
    let values = || line.split_ascii_whitespace().take(MOST);
    let has = |of: &[&str]| values().any(|it| of.contains(&it));
    !line.trim_start().starts_with(['{', '['])
        && values().count() >= 8
        && has(&["ACCEPT", "REJECT", "NODATA", "SKIPDATA"])
        && (has(&["OK", "NODATA", "SKIPDATA"]) || values().any(|it| it.starts_with("eni-")))
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::*;

    fn read(header: &str, line: &str) -> Json {
        let mut out = Vec::new();
        assert!(Columns::of_header(header).unwrap().write(line, &mut out));
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn a_header_names_the_columns_in_any_order() {
        let flow =
            read("action srcaddr pkt-dst-aws-service dstport new-field version", "REJECT 10.0.0.1 S3 22 x 9");
        assert_eq!(flow["action"], "REJECT");
        assert_eq!(flow["pkt_dst_aws_service"], "S3");
        assert_eq!((&flow["dstport"], &flow["version"]), (&Json::from(22), &Json::from(9)));
        assert_eq!(flow["new_field"], "x");
        assert_eq!(read("srcaddr", "10.0.0.1")["srcaddr"], "10.0.0.1");
        for other in ["", "a", "some text about the version", "2 123 eni-1", "{\"a\":1}"] {
            assert_eq!(Columns::of_header(other), None, "{other}");
        }
    }

    #[test]
    fn the_default_order_needs_no_header() {
        let line = "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK";
        assert!(is_default(line) && is_flow_like(line));
        assert!(is_default("2 1 eni-1 - - - - - - - 1431280876 1431280934 - NODATA"));
        assert!(!is_default("3 1 eni-1 - - - - - - - 1431280876 1431280934 - NODATA"));
        assert!(is_flow_like("vpc-1 eni-1 10.0.0.1 10.0.0.2 22 6 ACCEPT OK 3"));
        assert!(!is_flow_like("I1128 12:00:00.000000 1 controller.go:1] everything is OK here today"));
        let mut out = Vec::new();
        assert!(Columns::default_order().write(line, &mut out));
        let flow: Json = serde_json::from_slice(&out).unwrap();
        assert_eq!((&flow["dstport"], &flow["log_status"]), (&Json::from(22), &Json::from("OK")));
        assert!(!Columns::default_order().write("2 1 eni-1", &mut out));
    }
}
