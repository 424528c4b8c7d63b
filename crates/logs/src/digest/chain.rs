//! Whether each digest follows the one before. Pure.

use std::collections::{HashMap, HashSet};

use super::{Digest, DigestAnswer};

/// The digests of one folder that were seen, in the order of their keys: within a trail, that of time.
#[derive(Debug, Default)]
pub struct Chain {
    seen: HashMap<String, Seen>,
    trails: HashSet<String>,
}

#[derive(Debug)]
struct Seen {
    sha256: String,
    signature: String,
}

impl Chain {
    /// Judges a digest that is valid by itself by those before, and remembers it. The first of each trail is not judged:
    /// what came before was not looked at.
    pub fn link(&mut self, digest: &Digest, signature: &str) -> DigestAnswer {
        let is_first = self.trails.insert(trail(&digest.object).to_owned());
        let answer = match &digest.previous {
            _ if is_first => DigestAnswer::Valid,
            None => DigestAnswer::Gap { previous: None },
            // A trail that got another bucket goes on there.
            Some(previous) if previous.bucket != digest.bucket => DigestAnswer::Valid,
            Some(previous) => {
                let follows = self.seen.get(&previous.object).is_some_and(|seen| {
                    seen.sha256.eq_ignore_ascii_case(&previous.sha256)
                        && seen.signature.eq_ignore_ascii_case(&previous.signature)
                });
                if follows {
                    DigestAnswer::Valid
                } else {
                    let at = format!("s3://{}/{}", previous.bucket, previous.object);
                    DigestAnswer::Gap { previous: Some(at) }
                }
            }
        };
        let seen = Seen { sha256: digest.sha256.clone(), signature: signature.to_owned() };
        self.seen.insert(digest.object.clone(), seen);
        answer
    }
}

/// What the keys of one trail's digests have in common: the file's name without the time.
fn trail(object: &str) -> &str {
    let name = object.rsplit('/').next().unwrap_or_default();
    let name = name.split('.').next().unwrap_or_default();
    let name = name.strip_suffix("_backfill").unwrap_or(name);
    name.rsplit_once('_').map_or(name, |(trail, _)| trail)
}

/// The home region of a digest's trail, which is the one whose key signs: the last word before the time.
pub(super) fn home_region(object: &str) -> Option<&str> {
    trail(object).rsplit('_').next().filter(|region| region.contains('-'))
}
