//! Mail through a server, over TLS unless the configuration says otherwise.

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use super::{Delivery, SendError, excerpt};
use crate::render::Posting;
use crate::render::mail::{message, message_id, sender};
use crate::settings::{Security, Smtp};
use crate::texts::Texts;

/// Characters of a server's answer that are kept with the message.
const MOST_EXCERPT: usize = 300;

/// Sends a mail, and gives its Message-ID.
pub(super) async fn send(
    texts: &Texts,
    smtp: &Smtp,
    delivery: Delivery<'_>,
) -> Result<Option<String>, SendError> {
    let Delivery { destination, notice, thread, now } = delivery;
    let posting = Posting { notice, texts, destination: &destination.name, mail: &smtp.mail, thread };
    let mail = message(&posting, now)?;
    let password = smtp.password.as_ref().map(|it| it.read()).transpose()?;
    let parameters =
        || TlsParameters::new(smtp.host.clone()).map_err(|error| told(&error, password.as_ref()));
    let tls = match smtp.security {
        Security::Tls => Tls::Wrapper(parameters()?),
        Security::StartTls => Tls::Required(parameters()?),
        Security::Plain => Tls::None,
    };
    let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.host)
        .port(smtp.port)
        .tls(tls)
        .timeout(Some(destination.timeout));
    if let (Some(user), Some(password)) = (&smtp.user, &password) {
        transport = transport.credentials(Credentials::new(user.clone(), password.expose().to_owned()));
    }
    transport.build().send(mail).await.map_err(|error| told(&error, password.as_ref()))?;
    Ok(Some(message_id(notice, &sender(&smtp.mail)?)))
}

/// What a server refused for good is not tried again; a wrong password is, because people mend it.
fn told(error: &lettre::transport::smtp::Error, password: Option<&crate::settings::SecretText>) -> SendError {
    let mut why = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        let text = cause.to_string();
        if !why.contains(&text) {
            why = format!("{why}: {text}");
        }
        next = cause.source();
    }
    let why = excerpt(&password.map_or_else(|| why.clone(), |it| it.redact(&why)), MOST_EXCERPT);
    let is_sign_in = error.status().is_some_and(|it| matches!(u16::from(it), 530 | 534 | 535 | 538));
    if error.is_permanent() && !is_sign_in {
        SendError::Refused { why }
    } else {
        SendError::Retry { why, after: None }
    }
}
