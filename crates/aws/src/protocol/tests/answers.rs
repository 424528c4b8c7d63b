//! What comes back, as JSON.

use proptest::prelude::*;
use serde_json::json;

use super::{TABLES, answered, response};
use crate::protocol::{answer, refusal};

#[test]
fn ec2_members_get_their_names_back() {
    let body = r#"<?xml version="1.0" encoding="UTF-8"?>
        <DescribeSecurityGroupsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
            <requestId>59dbff89-35bd-4eac-99ed-be587EXAMPLE</requestId>
            <securityGroupInfo>
                <item>
                    <ownerId>123456789012</ownerId>
                    <groupId>sg-1a2b3c4d</groupId>
                    <groupName>Web &amp; &#x30c6;&#12473;&#12488;</groupName>
                    <ipPermissions>
                        <item>
                            <ipProtocol>tcp</ipProtocol>
                            <fromPort>22</fromPort>
                            <ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges>
                            <ipv6Ranges/>
                        </item>
                    </ipPermissions>
                    <newThing><inside>kept</inside></newThing>
                </item>
            </securityGroupInfo>
        </DescribeSecurityGroupsResponse>"#;
    assert_eq!(
        answered("ec2.DescribeSecurityGroups", &[], body),
        json!({ "SecurityGroups": [{
            "OwnerId": "123456789012",
            "GroupId": "sg-1a2b3c4d",
            "GroupName": "Web & テスト",
            "IpPermissions": [{
                "IpProtocol": "tcp", "FromPort": 22, "IpRanges": [{ "CidrIp": "0.0.0.0/0" }], "Ipv6Ranges": [],
            }],
            "newThing": { "inside": "kept" },
        }] })
    );
}

#[test]
fn query_answers_stand_in_a_wrapper_and_policies_are_decoded() {
    let body = r"<GetRoleResponse xmlns='https://iam.amazonaws.com/doc/2010-05-08/'>
        <GetRoleResult><Role>
            <RoleName>r</RoleName><CreateDate>2024-01-31T00:00:00Z</CreateDate><MaxSessionDuration>3600</MaxSessionDuration>
            <AssumeRolePolicyDocument>%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%5D%7D</AssumeRolePolicyDocument>
            <Tags><member><Key>k</Key><Value/></member></Tags>
        </Role></GetRoleResult>
        <ResponseMetadata><RequestId>x</RequestId></ResponseMetadata></GetRoleResponse>";
    assert_eq!(
        answered("iam.GetRole", &[], body),
        json!({ "Role": {
            "RoleName": "r", "CreateDate": "2024-01-31T00:00:00Z", "MaxSessionDuration": 3600,
            "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [] },
            "Tags": [{ "Key": "k", "Value": "" }],
        } })
    );
}

#[test]
fn rest_xml_has_attributes_flattened_lists_and_texts_of_its_own() {
    let acl = r#"<AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
        <Owner><ID>o</ID></Owner><AccessControlList><Grant>
            <Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group"><URI>u</URI></Grantee>
            <Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>"#;
    assert_eq!(
        answered("s3.GetBucketAcl", &[], acl),
        json!({ "Owner": { "ID": "o" }, "Grants": [{ "Grantee": { "Type": "Group", "URI": "u" }, "Permission": "READ" }] })
    );
    let lifecycle = "<LifecycleConfiguration><Rule><ID>a</ID><Status>Enabled</Status></Rule>\
                     <Rule><ID>b</ID><Status>Disabled</Status></Rule></LifecycleConfiguration>";
    assert_eq!(
        answered("s3.GetBucketLifecycleConfiguration", &[], lifecycle),
        json!({ "Rules": [{ "ID": "a", "Status": "Enabled" }, { "ID": "b", "Status": "Disabled" }] })
    );
    let location =
        |text: &str| format!("<?xml version=\"1.0\"?><LocationConstraint>{text}</LocationConstraint>");
    assert_eq!(
        answered("s3.GetBucketLocation", &[], &location("eu-west-1")),
        json!({ "LocationConstraint": "eu-west-1" })
    );
    assert_eq!(answered("s3.GetBucketLocation", &[], &location("")), json!({ "LocationConstraint": null }));
    assert_eq!(answered("s3.GetBucketVersioning", &[], "<VersioningConfiguration/>"), json!({}));
}

#[test]
fn rest_members_come_from_headers_the_status_and_the_whole_body() {
    assert_eq!(
        answered("s3.GetBucketPolicy", &[], "{\"Version\": \"2012-10-17\"}"),
        json!({ "Policy": "{\"Version\": \"2012-10-17\"}" })
    );
    assert_eq!(
        answered(
            "s3.HeadObject",
            &[
                ("content-length", "7"),
                ("last-modified", "Wed, 31 Jan 2024 00:00:00 GMT"),
                ("x-amz-meta-team", "red"),
                ("x-amz-delete-marker", "true"),
            ],
            ""
        ),
        json!({
            "ContentLength": 7, "LastModified": "2024-01-31T00:00:00Z", "DeleteMarker": true,
            "Metadata": { "team": "red" },
        })
    );
    assert_eq!(answered("s3.GetObject", &[], "\u{0}a")["Body"], json!("AGE="), "bytes travel as base64");
}

#[test]
fn json_is_taken_as_sent_but_for_times_nulls_and_names() {
    let body = r#"{"KeyMetadata":{"KeyId":"k","CreationDate":1.7066592E9,"DeletionDate":null,"Enabled":true,
        "KeyManager":7,"Newer":{"x":[1,null]},"__type":"t"}}"#;
    assert_eq!(
        answered("kms.DescribeKey", &[], body),
        json!({ "KeyMetadata": {
            "KeyId": "k", "CreationDate": "2024-01-31T00:00:00Z", "Enabled": true, "KeyManager": 7,
            "Newer": { "x": [1, null] },
        } })
    );
    assert_eq!(answered("kms.ListKeys", &[], ""), json!({}));
}

#[test]
fn rest_json_makes_scalars_what_they_are_described_as() {
    let body = r#"{"findings":[{"severity":5,"service":{"archived":"true","count":"3"},"createdAt":"x"}]}"#;
    assert_eq!(
        answered("guardduty.GetFindings", &[], body),
        json!({ "Findings": [{ "Severity": 5.0, "Service": { "Archived": true, "Count": 3 }, "CreatedAt": "x" }] })
    );
}

#[test]
fn a_template_is_json_or_text() {
    let body = |template: &str| {
        format!("<R><GetTemplateResult><TemplateBody>{template}</TemplateBody></GetTemplateResult></R>")
    };
    let told =
        |template: &str| answered("cloudformation.GetTemplate", &[], &body(template))["TemplateBody"].clone();
    assert_eq!(told("{&quot;Resources&quot;: {}}"), json!({ "Resources": {} }));
    assert_eq!(told("Resources:\n  A: {}\n"), "Resources:\n  A: {}\n");
}

#[test]
fn documents_that_reach_outside_themselves_are_refused() {
    let bomb = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><GetRoleResponse><GetRoleResult><Role>\
                <RoleName>&a;</RoleName></Role></GetRoleResult></GetRoleResponse>";
    let deep = format!("<R><GetRoleResult>{}", "<a>".repeat(10_000));
    for body in [bomb, deep.as_str(), "", "<R>", "not xml"] {
        let operation = TABLES.operation("iam.GetRole").unwrap();
        let told = answer(operation.service(), operation.operation(), &response(200, &[], body));
        assert!(told.unwrap_err().to_string().starts_with("the answer cannot be read: "));
    }
}

/// One operation of each protocol.
const CALLS: [&str; 6] = [
    "ec2.DescribeSecurityGroups",
    "iam.GetRole",
    "s3.GetBucketAcl",
    "s3.GetBucketLocation",
    "kms.DescribeKey",
    "guardduty.GetFindings",
];

proptest! {
    /// Whatever comes back, reading it ends with an answer or an error.
    #[test]
    fn any_bytes_are_read_or_refused(body in prop::collection::vec(any::<u8>(), 0..300), status in 200_u16..600) {
        for call in CALLS {
            let operation = TABLES.operation(call).unwrap();
            let mut response = response(status, &[("x-amz-meta-a", "b")], "");
            response.body = body.clone();
            let _ = answer(operation.service(), operation.operation(), &response);
            let _ = refusal(operation.service(), &response);
        }
    }

    /// The same for what looks like an answer.
    #[test]
    fn any_tags_are_read_or_refused(body in "(</?(R|Error|Errors|Code|item|Grant|Grantee|Role|GetRoleResult|Tags|member|securityGroupInfo|ipPermissions|fromPort) ?/?>|[a-z0-9&;%{}\"]{1,4}){0,40}") {
        for call in CALLS {
            let operation = TABLES.operation(call).unwrap();
            let response = response(200, &[], &body);
            let _ = answer(operation.service(), operation.operation(), &response);
            let _ = refusal(operation.service(), &response);
        }
    }
}
