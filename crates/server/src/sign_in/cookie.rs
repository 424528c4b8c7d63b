//! Cookies, by names that nobody else can set.

use axum::http::{HeaderMap, header};

/// What browsers take from this server alone, over TLS alone: not from other machines of its domain, and not from who sits on the way of plain HTTP
/// (RFC 6265bis, 4.1.3.2). It takes `Secure`, `Path=/` and no `Domain`.
const HOST: &str = "__Host-";

/// The name of a cookie, as it is over TLS; on plain HTTP, where browsers would not take it, it goes without its prefix.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CookieName(pub(crate) &'static str);

impl CookieName {
    /// What it is called here.
    pub(crate) fn of(self, is_secure: bool) -> &'static str {
        if is_secure { self.0 } else { self.0.strip_prefix(HOST).unwrap_or(self.0) }
    }

    /// Its value, out of what a browser sent.
    pub(crate) fn value(self, headers: &HeaderMap, is_secure: bool) -> Option<&str> {
        let all = headers.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok());
        let mut pairs = all.flat_map(|it| it.split(';')).filter_map(|it| it.trim().split_once('='));
        pairs.find(|(name, _)| *name == self.of(is_secure)).map(|(_, value)| value)
    }
}
