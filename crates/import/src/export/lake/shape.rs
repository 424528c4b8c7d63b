//! The columns of a Compliance Finding: what the format `ocsf` writes, as a table.

/// What a value is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    Text,
    /// Anything else than a text, as JSON in a text.
    Json,
    Int,
    Long,
    List(&'static Shape),
    Record(&'static [(&'static str, Shape)]),
}

use Shape::{Int, Json, List, Long, Record, Text};

const TEXTS: Shape = List(&Text);

/// The columns, every one of which may be without a value.
pub(super) const COMPLIANCE_FINDING: &[(&str, Shape)] = &[
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
    (
        "metadata",
        Record(&[
            ("version", Text),
            ("profiles", TEXTS),
            ("event_code", Text),
            (
                "product",
                Record(&[
                    ("name", Text),
                    ("uid", Text),
                    ("vendor_name", Text),
                    ("version", Text),
                    ("lang", Text),
                ]),
            ),
            ("log_provider", Text),
            ("log_name", Text),
            ("original_time", Text),
            ("tenant_uid", Text),
        ]),
    ),
    (
        "cloud",
        Record(&[
            ("provider", Text),
            ("cloud_partition", Text),
            ("region", Text),
            ("account", Record(&[("uid", Text), ("name", Text), ("type", Text), ("type_id", Int)])),
            ("org", Record(&[("uid", Text), ("ou_name", Text)])),
        ]),
    ),
    (
        "compliance",
        Record(&[
            ("status_id", Int),
            ("status", Text),
            ("status_detail", Text),
            ("status_details", TEXTS),
            ("control", Text),
            ("desc", Text),
            ("standards", TEXTS),
            ("category", Text),
            ("requirements", TEXTS),
        ]),
    ),
    (
        "finding_info",
        Record(&[
            ("uid", Text),
            ("title", Text),
            ("desc", Text),
            ("created_time", Long),
            ("first_seen_time", Long),
            ("last_seen_time", Long),
            ("types", TEXTS),
            ("analytic", Record(&[("uid", Text), ("name", Text), ("type", Text), ("type_id", Int)])),
        ]),
    ),
    (
        "resources",
        List(&Record(&[
            ("uid", Text),
            ("name", Text),
            ("type", Text),
            ("region", Text),
            ("cloud_partition", Text),
            ("labels", TEXTS),
        ])),
    ),
    ("evidences", List(&Record(&[("data", Json)]))),
    ("remediation", Record(&[("desc", Text), ("references", TEXTS)])),
    (
        "unmapped",
        Record(&[
            ("outcome", Text),
            ("resource_name", Text),
            ("aliases", TEXTS),
            ("reason", Json),
            ("workflow", Text),
            ("record_state", Text),
        ]),
    ),
];
