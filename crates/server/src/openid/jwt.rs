//! Signed tokens (RFC 7515): one of the provider's public keys has to have made the signature.
//!
//! The key decides which algorithms it can make, the token only which of them it was: a public key never is a shared secret, and `none` never is a signature.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::TokenError;

/// Longer tokens are nobody's: groups take room, but not so much.
const LONGEST: usize = 256 * 1024;

/// The provider's public keys (RFC 7517); those of sorts that are not known are passed over.
#[derive(Debug, Default)]
pub(super) struct Keys(Vec<Key>);

#[derive(Debug)]
struct Key {
    id: Option<String>,
    algorithm: Option<String>,
    material: Material,
}

#[derive(Debug)]
enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    crit: Option<Value>,
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

impl Key {
    fn read(key: &Value) -> Option<Self> {
        let text = |name: &str| key.get(name).and_then(Value::as_str);
        let bytes = |name: &str| text(name).and_then(decoded);
        if text("use").is_some_and(|it| it != "sig") {
            return None;
        }
        let point = |length: usize| {
            let (x, y) = (bytes("x")?, bytes("y")?);
            (x.len() == length && y.len() == length).then(|| [&[4], &x[..], &y[..]].concat())
        };
        let without_zeros = |bytes: Vec<u8>| bytes.into_iter().skip_while(|it| *it == 0).collect();
        let material = match (text("kty")?, text("crv")) {
            ("RSA", _) => Material::Rsa { n: without_zeros(bytes("n")?), e: without_zeros(bytes("e")?) },
            ("EC", Some("P-256")) => Material::P256(point(32)?),
            ("EC", Some("P-384")) => Material::P384(point(48)?),
            ("OKP", Some("Ed25519")) => Material::Ed25519(bytes("x")?),
            _ => return None,
        };
        Some(Self { id: text("kid").map(str::to_owned), algorithm: text("alg").map(str::to_owned), material })
    }

    /// Whether this key made the signature with this algorithm.
    fn made(&self, algorithm: &str, message: &[u8], made: &[u8]) -> bool {
        if self.algorithm.as_deref().is_some_and(|it| it != algorithm) {
            return false;
        }
        let rsa = |parameters: &'static RsaParameters, n: &[u8], e: &[u8]| {
            RsaPublicKeyComponents { n, e }.verify(parameters, message, made).is_ok()
        };
        match (&self.material, algorithm) {
            (Material::Rsa { n, e }, "RS256") => rsa(&signature::RSA_PKCS1_2048_8192_SHA256, n, e),
            (Material::Rsa { n, e }, "RS384") => rsa(&signature::RSA_PKCS1_2048_8192_SHA384, n, e),
            (Material::Rsa { n, e }, "RS512") => rsa(&signature::RSA_PKCS1_2048_8192_SHA512, n, e),
            (Material::Rsa { n, e }, "PS256") => rsa(&signature::RSA_PSS_2048_8192_SHA256, n, e),
            (Material::P256(point), "ES256") => {
                UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point)
                    .verify(message, made)
                    .is_ok()
            }
            (Material::P384(point), "ES384") => {
                UnparsedPublicKey::new(&signature::ECDSA_P384_SHA384_FIXED, point)
                    .verify(message, made)
                    .is_ok()
            }
            (Material::Ed25519(key), "EdDSA") => {
                UnparsedPublicKey::new(&signature::ED25519, key).verify(message, made).is_ok()
            }
            _ => false,
        }
    }
}

impl Keys {
    /// Out of the provider's document; `None` when it is none.
    pub(super) fn read(document: &Value) -> Option<Self> {
        let keys = document.get("keys")?.as_array()?;
        Some(Self(keys.iter().filter_map(Key::read).collect()))
    }

    /// What a token says that one of the keys signed.
    pub(super) fn verified(&self, token: &str) -> Result<Map<String, Value>, TokenError> {
        if token.len() > LONGEST {
            return Err(TokenError::Malformed);
        }
        let (message, made) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
        let (header, payload) = message.split_once('.').ok_or(TokenError::Malformed)?;
        let json = |text: &str| decoded(text).ok_or(TokenError::Malformed);
        let header: Header = serde_json::from_slice(&json(header)?).map_err(|_| TokenError::Malformed)?;
        if !matches!(&*header.alg, "RS256" | "RS384" | "RS512" | "PS256" | "ES256" | "ES384" | "EdDSA") {
            return Err(TokenError::Algorithm(
                header.alg.chars().filter(|it| !it.is_control()).take(20).collect(),
            ));
        }
        if header.crit.is_some() {
            return Err(TokenError::Critical);
        }
        let made = json(made)?;
        let is_meant = |key: &&Key| header.kid.is_none() || key.id == header.kid;
        let mut meant = self.0.iter().filter(is_meant);
        if !meant.any(|key| key.made(&header.alg, message.as_bytes(), &made)) {
            return Err(TokenError::Signature);
        }
        serde_json::from_slice(&json(payload)?).map_err(|_| TokenError::Claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;
    use serde_json::json;

    /// RFC 8037, appendix A: a key, and what it signed.
    fn known() -> (Keys, &'static str) {
        let key = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }] });
        let token = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        (Keys::read(&key).unwrap(), token)
    }

    #[test]
    fn the_example_of_the_standard_is_signed_and_no_changed_one_is() {
        let (keys, token) = known();
        // Its payload is a sentence: the signature was right, or that would not be told.
        assert_eq!(keys.verified(token), Err(TokenError::Claims));
        for at in 21..token.len() {
            let mut changed = token.as_bytes().to_vec();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            let told = keys.verified(&changed);
            assert!(
                matches!(told, Err(TokenError::Signature | TokenError::Malformed)),
                "{changed}: {told:?}"
            );
        }
    }

    #[test]
    fn keys_that_cannot_be_used_are_passed_over() {
        let keys = |key: Value| Keys::read(&json!({ "keys": [key] })).unwrap().0.len();
        assert_eq!(keys(json!({ "kty": "oct", "k": "c2VjcmV0" })), 0, "shared secrets are no keys");
        assert_eq!(keys(json!({ "kty": "RSA", "use": "enc", "n": "AQAB", "e": "AQAB" })), 0);
        assert_eq!(keys(json!({ "kty": "EC", "crv": "P-256", "x": "AQAB", "y": "AQAB" })), 0);
        assert_eq!(keys(json!({ "kty": "EC", "crv": "secp256k1", "x": "AQAB", "y": "AQAB" })), 0);
        assert_eq!(keys(json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB" })), 1);
        assert!(Keys::read(&json!({ "keys": "none" })).is_none());
    }

    proptest! {
        #[test]
        fn no_token_breaks_it(token in "[A-Za-z0-9_.=-]{0,200}") {
            prop_assert!(known().0.verified(&token).is_err());
        }

        #[test]
        fn no_header_breaks_it(header in "\\PC{0,60}", kid in "\\PC{0,20}") {
            for text in [header.clone(), json!({ "alg": header, "kid": kid }).to_string(), json!({ "alg": "RS256", "crit": [header] }).to_string()] {
                let token = format!("{}.e30.e30", URL_SAFE_NO_PAD.encode(text));
                prop_assert!(known().0.verified(&token).is_err());
            }
        }
    }
}
