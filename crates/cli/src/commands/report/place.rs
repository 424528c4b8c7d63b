//! Where reports go: a directory, or a bucket, from where a link may lead to them.

use std::path::{Path, PathBuf};

use serde_json::json;
use yagura_aws::{Client, LinkLife, Target};
use yagura_logs::s3::S3Address;
use yagura_packs::Packs;

use super::make::MadeFile;
use crate::arguments::Lifetime;
use crate::failure::{Failure, Told};
use crate::{source, terminal};

/// A place for reports.
pub enum Place {
    /// A directory.
    Directory(PathBuf),
    /// A bucket.
    Bucket(Box<Bucket>),
}

/// A bucket, and how objects are put there.
pub struct Bucket {
    client: Client,
    target: Target,
    address: S3Address,
    sse: Option<String>,
    kms_key: Option<String>,
    presign: Option<Lifetime>,
    /// Where files are until they are uploaded.
    work: tempfile::TempDir,
}

impl Place {
    /// Opens the place that was asked for.
    ///
    /// # Errors
    ///
    /// The directory cannot be made, the address is none, AWS cannot be reached.
    pub async fn open(
        asked: &str,
        sse: Option<String>,
        kms_key: Option<String>,
        presign: Option<Lifetime>,
        packs: &Packs,
    ) -> Result<Self, Failure> {
        if !asked.starts_with("s3://") {
            if sse.is_some() || presign.is_some() {
                return Err(Told::new("`--sse` and `--presign` are about reports in S3")
                    .help("`--out s3://bucket/prefix`")
                    .usage());
            }
            let directory = PathBuf::from(asked);
            std::fs::create_dir_all(&directory).map_err(|error| {
                Told::new(format!("the directory `{asked}` cannot be made")).because(error).other()
            })?;
            return Ok(Self::Directory(directory));
        }
        let address = S3Address::parse(asked).map_err(|error| Told::new(error.to_string()).usage())?;
        let (client, target) = source::as_caller(packs).await?;
        let work = tempfile::tempdir()
            .map_err(|error| Told::new("no temporary directory can be made").because(error).other())?;
        Ok(Self::Bucket(Box::new(Bucket { client, target, address, sse, kms_key, presign, work })))
    }

    /// Where files are written.
    pub fn directory(&self) -> &Path {
        match self {
            Self::Directory(directory) => directory,
            Self::Bucket(bucket) => bucket.work.path(),
        }
    }

    /// Brings files to their place, and tells where they are.
    ///
    /// # Errors
    ///
    /// The bucket refuses one, or there is no link to it.
    pub async fn deliver_all(&self, files: &[MadeFile]) -> Result<(), Failure> {
        for MadeFile { path, format } in files {
            self.deliver(path, format.media_type()).await?;
        }
        Ok(())
    }

    async fn deliver(&self, path: &Path, media_type: &str) -> Result<(), Failure> {
        let told = |text: String| {
            terminal::result(&text)
                .map_err(|error| Told::new("cannot write the result").because(error).other())
        };
        match self {
            Self::Directory(_) => told(format!("{}\n", path.display())),
            Self::Bucket(bucket) => told(bucket.put(path, media_type).await?),
        }
    }
}

impl Bucket {
    async fn put(&self, path: &Path, media_type: &str) -> Result<String, Failure> {
        let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        let S3Address { bucket, prefix } = &self.address;
        let between = if prefix.is_empty() || prefix.ends_with('/') { "" } else { "/" };
        let key = format!("{prefix}{between}{name}");
        let at = format!("s3://{bucket}/{key}");
        let body = std::fs::read(path).map_err(|error| {
            Told::new(format!("`{}` cannot be read back", path.display())).because(error).other()
        })?;
        let mut input = json!({ "Bucket": bucket, "Key": key, "ContentType": media_type });
        if let Some(sse) = &self.sse {
            input["ServerSideEncryption"] = json!(sse);
        }
        if let Some(key) = &self.kms_key {
            input["SSEKMSKeyId"] = json!(key);
        }
        self.client.put_object(&self.target, &input, body).await.map_err(|error| {
            Told::new(format!("the report could not be put to `{at}`"))
                .because(error)
                .help("the caller needs `s3:PutObject` there, and `kms:GenerateDataKey` where a key of KMS encrypts")
                .other()
        })?;
        // What is uploaded need not stay here until all are.
        let _ = std::fs::remove_file(path);
        let mut told = format!("{at}\n");
        if let Some(Lifetime(lifetime)) = self.presign {
            let link =
                self.client.link(&self.target, bucket, &key, lifetime).await.map_err(|error| {
                    Told::new(format!("there is no link to `{at}`")).because(error).other()
                })?;
            told.push_str(&format!("{}\n", link.url));
            match link.life {
                LinkLife::Whole => {}
                LinkLife::EndsWithKeys => terminal::say(&format!(
                    "the link to {name} ends at {}, earlier than asked: it ends with the keys that signed it. Keys of an IAM user do not end",
                    link.expires
                )),
                LinkLife::NotKnown => terminal::say(&format!(
                    "the link to {name} is signed with passing keys that do not tell when they end: it ends with them"
                )),
            }
        }
        Ok(told)
    }
}
