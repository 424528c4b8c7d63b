//! How many calls a second the client makes, against a server in the same process that answers at once.
//!
//! `cargo run --profile dev -p yagura-aws --example rate [calls]`

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a tool for whoever works on the client")]

use std::time::Instant;

use futures::stream::{self, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use yagura_aws::{Client, Credentials, EndpointConfig, Target};
use yagura_model::{AccountId, Region};

const SECURITY_GROUPS: usize = 10;

#[tokio::main(worker_threads = 2)]
async fn main() {
    let calls: usize = std::env::args().nth(1).map_or(30_000, |text| text.parse().unwrap());
    let only = std::env::args().nth(2).unwrap_or_default();
    for (call, content_type, body) in [
        ("ec2.DescribeSecurityGroups", "text/xml", groups()),
        ("kms.ListKeys", "application/x-amz-json-1.1", keys()),
        ("lambda.ListFunctions", "application/json", r#"{"Functions":[]}"#.to_owned()),
    ] {
        if !call.starts_with(&only) {
            continue;
        }
        let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", server.local_addr().unwrap());
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        tokio::spawn(serve(server, answer.into_bytes().leak()));
        let endpoint = EndpointConfig { url: Some(url), ..EndpointConfig::default() };
        let keys = Credentials::from_keys("AKIDEXAMPLE", "secret", None);
        let client = Client::builder().endpoint(endpoint).credentials(keys.clone()).build().unwrap();
        let target = Target {
            account: AccountId::new("111122223333").unwrap(),
            region: Region::from("us-east-1"),
            credentials: keys,
        };
        let input = json!({});
        client.call_all(&target, call, &input).await.unwrap();
        let started = Instant::now();
        let asked = (0..calls).map(|_| {
            let (client, target, input) = (client.clone(), target.clone(), input.clone());
            tokio::spawn(async move { client.call_all(&target, call, &input).await })
        });
        let answers: usize = stream::iter(asked)
            .buffer_unordered(64)
            .map(|it| usize::from(it.unwrap().is_ok()))
            .collect::<Vec<_>>()
            .await
            .into_iter()
            .sum();
        let seconds = started.elapsed().as_secs_f64();
        assert_eq!(answers, calls);
        #[expect(clippy::cast_precision_loss, reason = "for people")]
        let rate = calls as f64 / seconds;
        println!("{call}: {rate:.0} calls a second ({} bytes each)", body.len());
    }
}

fn groups() -> String {
    let group = |index: usize| {
        format!(
            "<item><ownerId>111122223333</ownerId><groupId>sg-{index}</groupId><groupName>web</groupName>\
             <vpcId>vpc-1</vpcId><ipPermissions><item><ipProtocol>tcp</ipProtocol><fromPort>443</fromPort>\
             <toPort>443</toPort><ipRanges><item><cidrIp>10.0.0.0/8</cidrIp></item></ipRanges></item></ipPermissions>\
             </item>"
        )
    };
    let groups: String = (0..SECURITY_GROUPS).map(group).collect();
    format!(
        "<DescribeSecurityGroupsResponse><securityGroupInfo>{groups}</securityGroupInfo></DescribeSecurityGroupsResponse>"
    )
}

fn keys() -> String {
    let keys: Vec<Value> = (0..10)
        .map(|it| json!({ "KeyId": format!("{it}"), "KeyArn": format!("arn:aws:kms:{it}") }))
        .collect();
    json!({ "Keys": keys, "Truncated": false }).to_string()
}

async fn serve(server: TcpListener, answer: &'static [u8]) {
    while let Ok((stream, _)) = server.accept().await {
        tokio::spawn(answer_all(stream, answer));
    }
}

/// Answers every request of a connection; the bodies of requests are short enough to come with their heads.
async fn answer_all(mut stream: TcpStream, answer: &[u8]) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(read) = stream.read(&mut buffer).await {
        if read == 0 || stream.write_all(answer).await.is_err() {
            return;
        }
    }
}
