//! TLS with certificates out of files, and limits for those who take their time.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::http::Request;
use hyper_util::rt::{TokioExecutor, TokioIo};
use jiff::SignedDuration;
use rcgen::{CertificateParams, KeyPair, PKCS_ED25519, PKCS_RSA_SHA256, SignatureAlgorithm};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use yagura_model::Timestamp;
use yagura_server::{Listening, Renewal, Server, Tls, TlsFiles};

use crate::fixtures::*;

const RSA: &str = include_str!("../keys/rsa.pem");

/// Certificate and key in a directory of their own.
struct Files {
    place: TempDir,
}

/// A certificate that holds in these years, and its key.
fn made(years: (i32, i32), key: &KeyPair) -> String {
    let mut asked = CertificateParams::new(vec!["yagura.example".to_owned()]).unwrap();
    asked.not_before = rcgen::date_time_ymd(years.0, 1, 1);
    asked.not_after = rcgen::date_time_ymd(years.1, 1, 1);
    asked.self_signed(key).unwrap().pem()
}

impl Files {
    fn new() -> Self {
        let files = Self { place: TempDir::new().unwrap() };
        let key = KeyPair::generate().unwrap();
        files.write(&made((2026, 2028), &key), &key.serialize_pem());
        files
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn write(&self, certificate: &str, key: &str) {
        std::fs::write(self.path("tls.crt"), certificate).unwrap();
        std::fs::write(self.path("tls.key"), key).unwrap();
    }

    fn files(&self) -> TlsFiles {
        TlsFiles { certificate: self.path("tls.crt"), key: self.path("tls.key") }
    }

    fn load(&self) -> Result<Tls, String> {
        Tls::load(self.files(), start()).map_err(|error| self.told(&error))
    }

    fn told(&self, error: &dyn std::error::Error) -> String {
        error.to_string().replace(&self.place.path().display().to_string(), "DIR")
    }

    fn certificate(&self) -> CertificateDer<'static> {
        CertificateDer::from_pem_file(self.path("tls.crt")).unwrap()
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
}

/// What is inside of a key in PKCS#8: SEC1 of an elliptic curve, PKCS#1 of RSA. It comes last, and is a sequence of its own.
fn bare(key: &KeyPair, label: &str) -> String {
    let der = key.serialize_der();
    let starts = (1..der.len()).filter(|at| der[*at] == 0x30);
    let inner = |at: usize| match der[at + 1] {
        0x82 => ((usize::from(der[at + 2]) << 8) | usize::from(der[at + 3])) + 4,
        0x81 => usize::from(der[at + 2]) + 3,
        short => usize::from(short) + 2,
    };
    let at =
        starts.clone().find(|at| der.len() > at + 3 && at + inner(*at) == der.len() && der[at - 1] != 0x01);
    pem(label, &der[at.unwrap()..])
}

fn of(algorithm: &'static SignatureAlgorithm) -> KeyPair {
    KeyPair::generate_for(algorithm).unwrap()
}

#[test]
fn keys_of_every_form_are_taken() {
    let files = Files::new();
    let rsa = PrivateKeyDer::from_pem_slice(RSA.as_bytes()).unwrap();
    let rsa = KeyPair::from_der_and_sign_algo(&rsa, &PKCS_RSA_SHA256).unwrap();
    let (curve, edwards) = (of(&rcgen::PKCS_ECDSA_P256_SHA256), of(&PKCS_ED25519));
    for (key, text) in [
        (&curve, curve.serialize_pem()),
        (&curve, bare(&curve, "EC PRIVATE KEY")),
        (&edwards, edwards.serialize_pem()),
        (&rsa, RSA.to_owned()),
        (&rsa, bare(&rsa, "RSA PRIVATE KEY")),
    ] {
        files.write(&made((2026, 2028), key), &text);
        files.load().unwrap_or_else(|error| panic!("{error}: {}", text.lines().next().unwrap()));
    }
}

#[test]
fn what_is_wrong_with_the_files_is_told() {
    let files = Files::new();
    let key = KeyPair::generate().unwrap();
    let (right, right_key) = (made((2026, 2028), &key), key.serialize_pem());
    let other = KeyPair::generate().unwrap().serialize_pem();
    let cut: String = right.lines().take(3).map(|it| format!("{it}\n")).collect();
    let bad_base64 = right.replacen("MII", "M%%", 1);
    for (certificate, key, told) in [
        ("", &*right_key, "`DIR/tls.crt` is empty"),
        (&right, " \n", "`DIR/tls.key` is empty"),
        (&right_key, &right_key, "`DIR/tls.crt` holds no certificate (`-----BEGIN CERTIFICATE-----`)"),
        (
            &right,
            &right,
            "`DIR/tls.key` holds no key (`-----BEGIN PRIVATE KEY-----`); encrypted ones cannot be used",
        ),
        (&cut, &right_key, "`DIR/tls.crt` is no PEM file: a part of it has no end (`-----END ...-----`)"),
        (&bad_base64, &right_key, "`DIR/tls.crt` is no PEM file: a part of it is no base64"),
        (&pem("CERTIFICATE", b"hello"), &right_key, "the certificate in `DIR/tls.crt` cannot be read"),
        (
            &right,
            &pem("PRIVATE KEY", b"hello"),
            "the key in `DIR/tls.key` cannot be used: RSA of 2048 bits or more, ECDSA (P-256, P-384) and Ed25519 can",
        ),
        (&right, &other, "the key in `DIR/tls.key` is not that of the certificate in `DIR/tls.crt`"),
        (
            &made((2020, 2026), &key),
            &right_key,
            "the certificate in `DIR/tls.crt` ended at 2026-01-01T00:00:00Z: renew it",
        ),
        (
            &made((2027, 2028), &key),
            &right_key,
            "the certificate in `DIR/tls.crt` holds from 2027-01-01T00:00:00Z on: is this machine's clock right?",
        ),
        (
            &"x".repeat(2 << 20),
            &right_key,
            "`DIR/tls.crt` is larger than a megabyte: it is no file of certificates or keys",
        ),
    ] {
        files.write(certificate, key);
        assert_eq!(files.load().unwrap_err(), told);
    }
    std::fs::remove_file(files.path("tls.key")).unwrap();
    std::fs::write(files.path("tls.crt"), &right).unwrap();
    assert_eq!(files.load().unwrap_err(), "`DIR/tls.key` cannot be read");
}

/// A server that listens, and the wish that it stops.
struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: tokio::task::JoinHandle<std::io::Result<()>>,
}

async fn run(server: &Server, tls: Option<Tls>) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, asked) = oneshot::channel();
    let server = server.clone();
    let served = tokio::spawn(async move {
        let stop = async { drop(asked.await) };
        server.serve(Listening::with(listener, tls), stop).await
    });
    Running { address, stop, served }
}

impl Running {
    async fn connect(
        &self,
        trusted: CertificateDer<'static>,
        protocol: &str,
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(trusted).unwrap();
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let builder =
            ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let mut config = builder.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
        let stream = TcpStream::connect(self.address).await?;
        let name = ServerName::try_from("yagura.example").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await
    }
}

async fn asks(mut stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nhost: yagura.example\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    // Whoever closes without a last word of TLS closes, too.
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

#[tokio::test]
async fn browsers_come_in_through_both_versions_of_http_and_are_told_to_stay_with_tls() {
    let yagura = Yagura::reached(true).await;
    let files = Files::new();
    let running = run(&yagura.server, Some(files.load().unwrap())).await;
    let old = running.connect(files.certificate(), "http/1.1").await.unwrap();
    let answer = asks(old, "/api/health").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age=31536000\r\n"), "{answer}");

    let new = running.connect(files.certificate(), "h2").await.unwrap();
    assert_eq!(new.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(new)).await.unwrap();
    tokio::spawn(connection);
    let request = Request::get("https://yagura.example/api/health").body(axum::body::Body::empty()).unwrap();
    let answer = sender.send_request(request).await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.version()), (200, axum::http::Version::HTTP_2));
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_and_a_broken_one_is_not() {
    let yagura = Yagura::empty().await;
    let files = Files::new();
    let tls = files.load().unwrap();
    let running = run(&yagura.server, Some(tls.clone())).await;
    let old = files.certificate();
    assert_eq!(tls.renew(start()).unwrap(), Renewal::Same);

    std::fs::write(files.path("tls.crt"), made((2026, 2029), &KeyPair::generate().unwrap())).unwrap();
    assert!(files.told(&tls.renew(start()).unwrap_err()).contains("is not that of the certificate"));
    assert!(running.connect(old.clone(), "http/1.1").await.is_ok(), "the old one is served on");

    let key = KeyPair::generate().unwrap();
    files.write(&made((2026, 2029), &key), &key.serialize_pem());
    let until = "2029-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
    assert_eq!(tls.renew(start()).unwrap(), Renewal::Renewed(until));
    assert!(running.connect(files.certificate(), "http/1.1").await.is_ok());
    assert!(running.connect(old, "http/1.1").await.is_err(), "the old one is gone");
    let late = start() + SignedDuration::from_hours(24 * 1_000);
    assert!(files.told(&tls.renew(late).unwrap_err()).contains("ended at 2029-01-01"));
}

#[tokio::test]
async fn a_handshake_that_does_not_end_holds_nobody_up_and_is_ended() {
    let yagura = Yagura::empty().await;
    let files = Files::new();
    let running = run(&yagura.server, Some(files.load().unwrap())).await;
    let mut silent = TcpStream::connect(running.address).await.unwrap();
    let prompt = running.connect(files.certificate(), "http/1.1").await.unwrap();
    assert!(asks(prompt, "/api/health").await.starts_with("HTTP/1.1 200"));
    tokio::time::pause();
    assert_eq!(silent.read(&mut [0; 8]).await.unwrap(), 0, "it is closed when its time is over");
}

#[tokio::test]
async fn who_sends_a_request_byte_by_byte_is_cut_off() {
    let yagura = Yagura::empty().await;
    let running = run(&yagura.server, None).await;
    // Nothing, and half of a head.
    for start in ["", "GET /api/health HTTP/1.1\r\nx-a: "] {
        let mut slow = TcpStream::connect(running.address).await.unwrap();
        slow.write_all(start.as_bytes()).await.unwrap();
        tokio::time::pause();
        let mut answer = String::new();
        let ended = tokio::time::timeout(Duration::from_secs(90), slow.read_to_string(&mut answer)).await;
        tokio::time::resume();
        assert!(ended.is_ok(), "it is held open: {start:?}");
        assert!(!answer.contains(" 200 "), "{answer}");
    }
}

#[tokio::test]
async fn a_server_that_stops_answers_what_is_under_way_and_closes_what_is_idle() {
    let yagura = Yagura::empty().await;
    let files = Files::new();
    let running = run(&yagura.server, Some(files.load().unwrap())).await;
    let mut idle = running.connect(files.certificate(), "http/1.1").await.unwrap();
    idle.write_all(b"GET /api/health HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    let mut first = [0; 12];
    idle.read_exact(&mut first).await.unwrap();
    running.stop.send(()).unwrap();
    running.served.await.unwrap().unwrap();
    let mut rest = Vec::new();
    let _ = idle.read_to_end(&mut rest).await;
    assert!(TcpStream::connect(running.address).await.is_err(), "nobody listens any more");
}
