//! Where results are kept: the store of a scan, and of the commands that read what scans kept.

use std::path::{Path, PathBuf};

use yagura_model::{Finding, RuleId, Scan};
use yagura_store::Store;

use crate::failure::{Failure, Told};

/// Where results are kept.
pub enum StorePlace {
    /// A file.
    File(PathBuf),
    /// `--store none`: a file all the same, so that memory does not grow, but one that goes away.
    Passing(tempfile::TempDir),
}

impl StorePlace {
    /// The place that was asked for, else the user's own.
    ///
    /// # Errors
    ///
    /// There is no place for it.
    pub fn choose(asked: Option<&Path>) -> Result<Self, Failure> {
        match asked {
            Some(path) if path.as_os_str() == "none" => tempfile::tempdir()
                .map(Self::Passing)
                .map_err(|error| Told::new("no temporary directory can be made").because(error).other()),
            Some(path) => Ok(Self::File(path.to_owned())),
            None => default_store().map(Self::File),
        }
    }

    /// Opens it, and makes it when there is none.
    ///
    /// # Errors
    ///
    /// It is not a store, or cannot be used.
    pub async fn open(&self) -> Result<Store, Failure> {
        let path = match self {
            Self::File(path) => path.clone(),
            Self::Passing(directory) => directory.path().join("yagura.db"),
        };
        Store::open(&path).await.map_err(|error| {
            Told::new(format!("the store `{}` cannot be used", path.display()))
                .because(error)
                .help("`--store PATH` names another file, `--store none` keeps nothing")
                .other()
        })
    }
}

/// The store of earlier scans, and the scan that was finished last.
///
/// # Errors
///
/// There is no store, or no scan in it was finished.
pub async fn last_scan(asked: Option<&Path>) -> Result<(Store, Scan), Failure> {
    let (store, path) = earlier(asked).await?;
    let scan = store.latest_whole_scan().await.map_err(|error| unread(error.into()))?;
    Ok((store, scan.ok_or_else(|| no_scan(&path))?))
}

/// The store of earlier scans, and the last finished one that judged by this rule: a scan of other rules need not have read
/// what this one looks at.
///
/// # Errors
///
/// There is no store, or no scan in it that was finished judged by the rule.
pub async fn scan_of_rule(asked: Option<&Path>, rule: &RuleId) -> Result<(Store, Scan), Failure> {
    let (store, path) = earlier(asked).await?;
    let scans = store.kept_scans().await.map_err(|error| unread(error.into()))?;
    if scans.is_empty() {
        return Err(no_scan(&path));
    }
    let scan = scans.into_iter().find(|scan| scan.scope.rules.contains(rule)).ok_or_else(|| {
        Told::new(format!("no scan in `{}` judged by `{rule}`", path.display()))
            .help(format!("`yagura scan --rules {rule}` does"))
            .usage()
    })?;
    Ok((store, scan))
}

/// The store of earlier scans, and where it is.
///
/// # Errors
///
/// There is no store.
pub async fn earlier(asked: Option<&Path>) -> Result<(Store, PathBuf), Failure> {
    let place = StorePlace::choose(asked)?;
    let path = match &place {
        // A store is not made by asking for what is in it.
        StorePlace::File(path) if !path.exists() => return Err(no_scan(path)),
        StorePlace::File(path) => path.clone(),
        StorePlace::Passing(_) => return Err(no_scan(Path::new("none"))),
    };
    Ok((place.open().await?, path))
}

/// The one finding whose id begins so.
///
/// # Errors
///
/// There is none, or there are several; the store cannot be read.
pub async fn finding_called(store: &Store, start: &str) -> Result<Finding, Failure> {
    let unread = |error| Told::new("the findings cannot be read from the store").because(error).other();
    let mut found = store.findings_called(start, 2).await.map_err(unread)?;
    match (found.pop(), found.is_empty()) {
        (Some(finding), true) => Ok(finding),
        (Some(_), false) => Err(Told::new(format!("the ids of several findings begin with `{start}`"))
            .help("say more of it")
            .usage()),
        (None, _) => Err(Told::new(format!("there is no finding `{start}` in the store"))
            .help("`yagura findings list` lists them")
            .usage()),
    }
}

/// No scan in the store was finished.
pub fn no_scan(path: &Path) -> Failure {
    Told::new(format!("there is no finished scan in `{}`", path.display()))
        .help("`yagura scan` makes one; `--store PATH` names another file, the one that the scan was given")
        .usage()
}

/// The scans cannot be read.
pub fn unread(error: Box<dyn std::error::Error + Send + Sync>) -> Failure {
    Told::new("the scans cannot be read from the store").because(error).other()
}

/// `yagura/yagura.db` in the user's data directory (XDG Base Directory Specification).
fn default_store() -> Result<PathBuf, Failure> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let data = set("XDG_DATA_HOME").or_else(|| set("HOME").map(|home| home.join(".local/share")));
    let Some(directory) = data.map(|data| data.join("yagura")) else {
        return Err(Told::new("there is no home directory for the store")
            .help("name a file with `--store PATH`")
            .usage());
    };
    std::fs::create_dir_all(&directory).map_err(|error| {
        Told::new(format!("the directory `{}` cannot be made", directory.display()))
            .because(error)
            .help("name a file with `--store PATH`")
            .other()
    })?;
    Ok(directory.join("yagura.db"))
}
