//! The files that the user names, read at the beginning and again when they have changed.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};
use std::time::SystemTime;

use thiserror::Error;
use yagura_detect::{Places, PlacesKnown};
use yagura_logs::CompressionError;
use yagura_model::Origin;

use crate::database::{Database, DatabaseError, LARGEST};
use crate::list::List;
use crate::ranges::Ranges;

/// Why a file cannot be used.
#[derive(Debug, Error)]
pub enum PlacesError {
    /// It cannot be read.
    #[error("cannot read `{path}`")]
    Read {
        /// Which.
        path: String,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// It cannot be unpacked.
    #[error("cannot unpack `{path}`")]
    Unpack {
        /// Which.
        path: String,
        /// Why.
        #[source]
        error: CompressionError,
    },
    /// It is no database that can be used.
    #[error("cannot use `{path}`")]
    Database {
        /// Which.
        path: String,
        /// Why.
        #[source]
        error: DatabaseError,
    },
    /// Nothing in it can be used.
    #[error("nothing in `{path}` can be used: {mistake}")]
    Useless {
        /// Which.
        path: String,
        /// The first mistake.
        mistake: String,
    },
}

/// What tells that a file has changed.
type Stamp = (Option<SystemTime>, u64);

fn stamp(path: &Path) -> io::Result<Stamp> {
    let data = fs::metadata(path)?;
    Ok((data.modified().ok(), data.len()))
}

/// A file, and what was read of it.
#[derive(Debug)]
struct Kept<T> {
    path: PathBuf,
    content: RwLock<(Stamp, T)>,
}

impl<T> Kept<T> {
    fn get<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        // Nothing is left half-changed by a thread that ended.
        look(&self.content.read().unwrap_or_else(PoisonError::into_inner).1)
    }
}

/// Where addresses are, as the files say.
#[derive(Debug)]
enum Geography {
    Database(Box<Database>),
    Ranges(Ranges),
}

impl Geography {
    fn read(path: &Path) -> Result<(Self, Vec<String>), PlacesError> {
        let shown = path.display().to_string();
        let (input, failed) = open(path)?;
        if path.extension().is_some_and(|it| it.eq_ignore_ascii_case("mmdb")) {
            let mut bytes = Vec::new();
            input.take(LARGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
            let database =
                Database::new(bytes).map_err(|error| PlacesError::Database { path: shown, error })?;
            return Ok((Self::Database(Box::new(database)), Vec::new()));
        }
        let (ranges, mistakes) = Ranges::with_mistakes(input).map_err(failed)?;
        let mistakes = mistakes.shown(&shown);
        match mistakes.first() {
            Some(mistake) if ranges.is_empty() => {
                Err(PlacesError::Useless { path: shown, mistake: mistake.clone() })
            }
            _ => Ok((Self::Ranges(ranges), mistakes)),
        }
    }

    fn origin(&self, address: IpAddr) -> Origin {
        match self {
            Self::Database(it) => it.origin(address),
            Self::Ranges(it) => it.origin(address),
        }
    }

    fn has_countries(&self) -> bool {
        match self {
            Self::Database(it) => it.has_countries(),
            Self::Ranges(_) => true,
        }
    }

    fn has_systems(&self) -> bool {
        match self {
            Self::Database(it) => it.has_systems(),
            Self::Ranges(_) => true,
        }
    }
}

type Opened = (Box<dyn io::Read + Send>, Box<dyn Fn(io::Error) -> PlacesError>);

fn open(path: &Path) -> Result<Opened, PlacesError> {
    let shown = path.display().to_string();
    let input =
        yagura_logs::open(path).map_err(|error| PlacesError::Unpack { path: shown.clone(), error })?;
    Ok((input, Box::new(move |error| PlacesError::Read { path: shown.clone(), error })))
}

fn list(path: &Path) -> Result<(List, Vec<String>), PlacesError> {
    let shown = path.display().to_string();
    let (input, failed) = open(path)?;
    let (list, mistakes) = List::with_mistakes(input).map_err(failed)?;
    let mistakes = mistakes.shown(&shown);
    match mistakes.first() {
        Some(mistake) if list.is_empty() => {
            Err(PlacesError::Useless { path: shown, mistake: mistake.clone() })
        }
        _ => Ok((list, mistakes)),
    }
}

/// The files that the user names.
#[derive(Debug, Default)]
pub struct Files {
    geography: Vec<Kept<Geography>>,
    lists: BTreeMap<String, Kept<List>>,
}

impl Files {
    /// Reads files: databases and tables of ranges, and lists by their names. The second part is what of them cannot be used.
    ///
    /// # Errors
    ///
    /// One of them cannot be used at all.
    pub fn open(
        geography: &[PathBuf],
        lists: &BTreeMap<String, PathBuf>,
    ) -> Result<(Self, Vec<String>), PlacesError> {
        let mut told = Vec::new();
        let mut files = Self::default();
        let read = |path: &Path| {
            stamp(path).map_err(|error| PlacesError::Read { path: path.display().to_string(), error })
        };
        for path in geography {
            let stamp = read(path)?;
            let (content, mut mistakes) = Geography::read(path)?;
            told.append(&mut mistakes);
            files.geography.push(Kept { path: path.clone(), content: RwLock::new((stamp, content)) });
        }
        for (name, path) in lists {
            let stamp = read(path)?;
            let (content, mut mistakes) = list(path)?;
            told.append(&mut mistakes);
            files
                .lists
                .insert(name.clone(), Kept { path: path.clone(), content: RwLock::new((stamp, content)) });
        }
        Ok((files, told))
    }

    /// Whether there is no file.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.geography.is_empty() && self.lists.is_empty()
    }

    /// Reads those files again that have changed; returns what cannot be used. Of a file that cannot be read, what was read before stays.
    pub fn refresh(&self) -> Vec<String> {
        let mut told = Vec::new();
        for kept in &self.geography {
            refresh(kept, Geography::read, &mut told);
        }
        for kept in self.lists.values() {
            refresh(kept, list, &mut told);
        }
        told
    }
}

fn refresh<T>(
    kept: &Kept<T>,
    read: impl Fn(&Path) -> Result<(T, Vec<String>), PlacesError>,
    told: &mut Vec<String>,
) {
    let known = kept.content.read().unwrap_or_else(PoisonError::into_inner).0;
    // A file that is just being replaced is there again the next time.
    let Ok(now) = stamp(&kept.path) else { return };
    if now == known {
        return;
    }
    let result = read(&kept.path);
    let mut content = kept.content.write().unwrap_or_else(PoisonError::into_inner);
    // Whatever comes of it: the same content is not read again and again.
    content.0 = now;
    match result {
        Ok((new, mut mistakes)) => {
            content.1 = new;
            told.append(&mut mistakes);
        }
        Err(error) => {
            let why = std::error::Error::source(&error).map(|it| format!(": {it}")).unwrap_or_default();
            told.push(format!("{error}{why}; what was read of it before is used"));
        }
    }
}

impl Places for Files {
    fn known(&self) -> PlacesKnown {
        PlacesKnown {
            countries: self.geography.iter().any(|it| it.get(Geography::has_countries)),
            systems: self.geography.iter().any(|it| it.get(Geography::has_systems)),
            lists: !self.lists.is_empty(),
        }
    }

    fn origin(&self, address: IpAddr) -> Origin {
        let mut origin = Origin::default();
        for it in &self.geography {
            let more = it.get(|it| it.origin(address));
            origin.country = origin.country.or(more.country);
            // Number and name belong together.
            if origin.asn.is_none() {
                (origin.asn, origin.as_name) = (more.asn, more.as_name);
            }
        }
        origin
    }

    fn lists(&self, address: IpAddr) -> Vec<String> {
        self.lists
            .iter()
            .filter(|(_, it)| it.get(|it| it.holds(address)))
            .map(|(name, _)| name.clone())
            .collect()
    }
}
