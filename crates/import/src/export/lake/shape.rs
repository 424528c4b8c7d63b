//! The columns of findings by class: what the format `ocsf` writes, as tables.

/// What a value is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    Text,
    /// Anything else than a text, as JSON in a text.
    Json,
    Flag,
    Int,
    Long,
    List(&'static Shape),
    Record(&'static [(&'static str, Shape)]),
}

use Shape::{Flag, Int, Json, List, Long, Record, Text};

pub(super) type Column = (&'static str, Shape);

/// A class of findings as a table; every column may be without a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Class {
    pub(super) name: &'static str,
    /// What stands behind the name of the source: Security Lake wants a source for each class.
    pub(super) source: &'static str,
    own: &'static [Column],
}

impl Class {
    pub(super) fn columns(self) -> Vec<Column> {
        COMMON.iter().chain(self.own).copied().collect()
    }
}

/// The table of a class, if it is one of ours.
pub(super) fn table(class: u64) -> Option<Class> {
    let (name, source, own) = match class {
        2002 => ("vulnerability_finding", "-vulnerability", VULNERABILITY_FINDING),
        2003 => ("compliance_finding", "", COMPLIANCE_FINDING),
        2004 => ("detection_finding", "-detection", DETECTION_FINDING),
        2006 => ("data_security_finding", "-data-security", DATA_SECURITY_FINDING),
        _ => return None,
    };
    Some(Class { name, source, own })
}

const TEXTS: Shape = List(&Text);

const METADATA: Shape = Record(&[
    ("version", Text),
    ("profiles", TEXTS),
    ("event_code", Text),
    (
        "product",
        Record(&[("name", Text), ("uid", Text), ("vendor_name", Text), ("version", Text), ("lang", Text)]),
    ),
    ("log_provider", Text),
    ("log_name", Text),
    ("original_time", Text),
    ("tenant_uid", Text),
    ("correlation_uid", Text),
]);

const CLOUD: Shape = Record(&[
    ("provider", Text),
    ("cloud_partition", Text),
    ("region", Text),
    ("account", Record(&[("uid", Text), ("name", Text), ("type", Text), ("type_id", Int)])),
    ("org", Record(&[("uid", Text), ("ou_name", Text)])),
]);

const COMPLIANCE: Shape = Record(&[
    ("status_id", Int),
    ("status", Text),
    ("status_detail", Text),
    ("status_details", TEXTS),
    ("control", Text),
    ("desc", Text),
    ("standards", TEXTS),
    ("category", Text),
    ("requirements", TEXTS),
]);

const NAMED: Shape = Record(&[("uid", Text), ("name", Text)]);

const UIDS: Shape = Record(&[("uid", Text)]);

const FINDING_INFO: Shape = Record(&[
    ("uid", Text),
    ("title", Text),
    ("desc", Text),
    ("created_time", Long),
    ("first_seen_time", Long),
    ("last_seen_time", Long),
    ("types", TEXTS),
    ("analytic", Record(&[("uid", Text), ("name", Text), ("type", Text), ("type_id", Int)])),
    ("data_sources", TEXTS),
    ("src_url", Text),
    ("attacks", List(&Record(&[("tactic", NAMED), ("technique", NAMED), ("sub_technique", NAMED)]))),
]);

const RESOURCES: Shape = List(&Record(&[
    ("uid", Text),
    ("name", Text),
    ("type", Text),
    ("region", Text),
    ("cloud_partition", Text),
    ("labels", TEXTS),
    ("role_id", Int),
    ("role", Text),
]));

const EVENTS: Shape = List(&Record(&[
    ("uid", Text),
    (
        "actor",
        Record(&[(
            "user",
            Record(&[
                ("name", Text),
                ("uid", Text),
                ("account", Record(&[("uid", Text), ("type", Text), ("type_id", Int)])),
            ]),
        )]),
    ),
    (
        "api",
        Record(&[
            ("operation", Text),
            ("service", Record(&[("name", Text)])),
            ("response", Record(&[("error", Text)])),
        ]),
    ),
    (
        "src_endpoint",
        Record(&[
            ("ip", Text),
            ("location", Record(&[("country", Text)])),
            ("autonomous_system", Record(&[("number", Int), ("name", Text)])),
        ]),
    ),
    ("data", Json),
]));

const OBSERVABLES: Shape =
    List(&Record(&[("name", Text), ("type", Text), ("type_id", Int), ("value", Text)]));

const REMEDIATION: Shape = Record(&[("desc", Text), ("references", TEXTS)]);

const UNMAPPED: Shape = Record(&[
    ("outcome", Text),
    ("resource_name", Text),
    ("aliases", TEXTS),
    ("reason", Json),
    ("workflow", Text),
    ("record_state", Text),
    ("assignee", Text),
    ("suppression", Text),
    ("evidence", Json),
]);

const VULNERABILITIES: Shape = List(&Record(&[
    ("cve", UIDS),
    ("advisory", UIDS),
    ("title", Text),
    ("desc", Text),
    ("severity", Text),
    ("references", TEXTS),
]));

const DATA_SECURITY: Shape = Record(&[("category_id", Int), ("category", Text), ("detection_pattern", Text)]);

/// The columns of every class.
const COMMON: &[Column] = &[
    ("activity_id", Int),
    ("activity_name", Text),
    ("category_uid", Int),
    ("category_name", Text),
    ("class_uid", Int),
    ("class_name", Text),
    ("type_uid", Long),
    ("type_name", Text),
    ("time", Long),
    ("severity_id", Int),
    ("severity", Text),
    ("status_id", Int),
    ("status", Text),
    ("status_code", Text),
    ("status_detail", Text),
    ("message", Text),
    ("metadata", METADATA),
    ("cloud", CLOUD),
    ("finding_info", FINDING_INFO),
    ("resources", RESOURCES),
    ("unmapped", UNMAPPED),
];

const COMPLIANCE_FINDING: &[Column] = &[
    ("compliance", COMPLIANCE),
    ("evidences", List(&Record(&[("data", Json)]))),
    ("remediation", REMEDIATION),
];

const DETECTION_FINDING: &[Column] = &[
    ("start_time", Long),
    ("end_time", Long),
    ("count", Int),
    ("is_alert", Flag),
    ("confidence_id", Int),
    ("confidence", Text),
    ("evidences", EVENTS),
    ("observables", OBSERVABLES),
    ("remediation", REMEDIATION),
];

const VULNERABILITY_FINDING: &[Column] = &[("vulnerabilities", VULNERABILITIES)];

const DATA_SECURITY_FINDING: &[Column] = &[("data_security", DATA_SECURITY)];
