//! Objects of S3: lost connections, buckets elsewhere, what cannot be had.

use futures::FutureExt;
use yagura_aws::ObjectError;

use crate::server::{Asked, Say, Server, target, xml};

const TEXT: &str = "0123456789abcdefghij";

fn etag() -> Vec<(&'static str, String)> {
    vec![("etag", "\"e1\"".to_owned()), ("x-amz-meta-signature", "00ff".to_owned())]
}

/// Answers with the part that is asked for.
fn part(asked: &Asked) -> Say {
    let from: usize = asked.header("range").trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap();
    let range = format!("bytes {from}-{}/{}", TEXT.len() - 1, TEXT.len());
    Say::Answer(206, vec![("content-range", range)], TEXT[from..].to_owned())
}

async fn read(server: &Server, most: u64) -> Result<String, ObjectError> {
    let client = server.client();
    let object = client.object(&target(&client, "us-east-1"), "trail", "a b/c+d.json", most).await?;
    Ok(String::from_utf8(object.bytes().await?).unwrap())
}

#[tokio::test]
async fn an_object_comes_with_its_size_and_what_is_noted_beside_it() {
    let server = Server::start(|_, _| Say::Answer(200, etag(), TEXT.to_owned())).await;
    let client = server.client();
    let object = client.object(&target(&client, "us-east-1"), "trail", "a b/c+d.json", 100).await.unwrap();
    assert_eq!((object.size(), object.metadata()["signature"].as_str()), (Some(20), "00ff"));
    assert_eq!(object.bytes().await.unwrap(), TEXT.as_bytes());
    assert_eq!(server.asked()[0].line, "GET /trail/a%20b/c%2Bd.json");
}

#[tokio::test]
async fn a_connection_that_is_lost_is_taken_up_where_it_ended() {
    let server = Server::start(|asked, before| match before {
        0 => Say::Cut(etag(), TEXT[..7].to_owned(), TEXT.len()),
        _ => part(asked),
    })
    .await;
    assert_eq!(read(&server, 100).await.unwrap(), TEXT);
    let asked = server.asked();
    assert_eq!((asked[1].header("range"), asked[1].header("if-match")), ("bytes=7-", "\"e1\""));
}

#[tokio::test]
async fn whoever_gives_up_waiting_does_not_take_a_part_for_the_whole() {
    let server = Server::start(|asked, before| match before {
        0 => Say::Cut(etag(), TEXT[..7].to_owned(), TEXT.len()),
        _ => part(asked),
    })
    .await;
    let client = server.client();
    let mut object = client.object(&target(&client, "us-east-1"), "trail", "k", 100).await.unwrap();
    let mut text = object.next().await.unwrap().unwrap();
    for _ in 0..3 {
        match object.next().now_or_never() {
            Some(piece) => text.extend(piece.unwrap().expect("the object goes on")),
            None => tokio::task::yield_now().await,
        }
    }
    text.extend(object.bytes().await.unwrap());
    assert_eq!(text, TEXT.as_bytes());
}

#[tokio::test]
async fn an_object_that_was_overwritten_meanwhile_is_not_put_together_from_two() {
    let server = Server::start(|_, before| match before {
        0 => Say::Cut(etag(), TEXT[..7].to_owned(), TEXT.len()),
        _ => xml(412, "<Error><Code>PreconditionFailed</Code><Message>no</Message></Error>"),
    })
    .await;
    let error = read(&server, 100).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`s3://trail/a b/c+d.json` was overwritten while it was read: read it again"
    );
    assert!(error.is_passing());
}

#[tokio::test]
async fn a_connection_that_is_lost_again_and_again_is_given_up() {
    let server = Server::start(|_, before| match before {
        0 => Say::Cut(etag(), TEXT[..7].to_owned(), TEXT.len()),
        _ => Say::HangUp,
    })
    .await;
    let error = read(&server, 100).await.unwrap_err();
    assert!(error.is_passing(), "{error}");
    assert!(server.asked().len() < 10);
}

#[tokio::test]
async fn what_cannot_be_had_is_told_apart() {
    let refused = async |status: u16, code: &'static str| {
        let body = format!("<Error><Code>{code}</Code><Message>no</Message></Error>");
        let server = Server::start(move |_, _| xml(status, &body)).await;
        read(&server, 100).await.unwrap_err()
    };
    assert_eq!(
        refused(404, "NoSuchKey").await.to_string(),
        "`s3://trail/a b/c+d.json` is gone: it was deleted or never existed"
    );
    assert_eq!(
        refused(403, "AccessDenied").await.to_string(),
        "`s3://trail/a b/c+d.json` may not be read: allow `s3:GetObject` (without `s3:ListBucket`, S3 says this of \
         missing objects too)"
    );
    assert_eq!(
        refused(403, "InvalidObjectState").await.to_string(),
        "`s3://trail/a b/c+d.json` is archived: restore it before it can be read"
    );
    assert!(matches!(refused(503, "SlowDown").await, ObjectError::Failed { .. }));
}

#[tokio::test]
async fn an_object_that_is_too_large_is_not_read() {
    let server = Server::start(|_, _| Say::Answer(200, etag(), TEXT.to_owned())).await;
    assert_eq!(
        read(&server, 19).await.unwrap_err().to_string(),
        "`s3://trail/a b/c+d.json` has 20 bytes, more than the limit of 19"
    );
}

#[tokio::test]
async fn an_object_may_look_like_an_error() {
    let text = "<Error><Code>SlowDown</Code></Error>";
    let server = Server::start(move |_, _| Say::Answer(200, etag(), text.to_owned())).await;
    assert_eq!(read(&server, 100).await.unwrap(), text);
}

#[tokio::test]
async fn where_a_bucket_is_is_remembered() {
    let server = Server::start(|asked, _| {
        if asked.header("authorization").contains("/eu-west-1/") {
            return Say::Answer(200, etag(), TEXT.to_owned());
        }
        let headers = vec![("x-amz-bucket-region", "eu-west-1".to_owned())];
        Say::Answer(301, headers, "<Error><Code>PermanentRedirect</Code></Error>".to_owned())
    })
    .await;
    let client = server.client();
    let target = target(&client, "us-east-1");
    for key in ["a", "b", "c"] {
        client.object(&target, "trail", key, 100).await.unwrap();
    }
    let lines: Vec<String> = server.asked().into_iter().map(|asked| asked.line).collect();
    assert_eq!(lines, ["GET /trail/a", "GET /trail/a", "GET /trail/b", "GET /trail/c"]);
}

#[tokio::test]
async fn a_listing_comes_page_by_page_with_keys_decoded() {
    let server = Server::start(|asked, _| {
        let second = asked.line.contains("continuation-token=t%2F1");
        let page = if second {
            "<IsTruncated>false</IsTruncated><Contents><Key>z</Key><Size>3</Size></Contents>"
        } else {
            "<IsTruncated>true</IsTruncated><NextContinuationToken>t/1</NextContinuationToken>\
             <Contents><Key>red+flower%2B%01</Key><Size>2</Size><StorageClass>GLACIER</StorageClass>\
             <LastModified>2026-01-02T03:04:05.000Z</LastModified></Contents>\
             <CommonPrefixes><Prefix>a%20b/</Prefix></CommonPrefixes>"
        };
        let body = format!("<ListBucketResult><EncodingType>url</EncodingType>{page}</ListBucketResult>");
        xml(200, &body)
    })
    .await;
    let client = server.client();
    let mut pages = client.objects(&target(&client, "us-east-1"), "trail", "", Some("q"), Some("/"));
    let first = pages.next().await.unwrap().unwrap();
    assert_eq!(first.prefixes, ["a b/"]);
    assert_eq!(first.objects[0].key, "red flower+\u{1}");
    assert_eq!(first.objects[0].storage_class.as_deref(), Some("GLACIER"));
    assert_eq!(pages.next().await.unwrap().unwrap().objects[0].size, 3);
    assert_eq!(pages.next().await.unwrap(), None);
    assert_eq!(
        server.asked()[0].line,
        "GET /trail?list-type=2&delimiter=%2F&encoding-type=url&prefix=&start-after=q"
    );
}
