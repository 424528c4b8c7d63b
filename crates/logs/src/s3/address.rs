//! `s3://bucket/prefix`.

use thiserror::Error;

/// A bucket, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Address {
    /// The bucket's name.
    pub bucket: String,
    /// What the keys begin with: a folder, the beginning of names, or the whole key of one object.
    pub prefix: String,
}

/// A text that names no place in S3.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a place in S3: write `s3://BUCKET` or `s3://BUCKET/PREFIX`")]
pub struct S3AddressError(String);

impl S3Address {
    /// Reads what a person wrote.
    ///
    /// # Errors
    ///
    /// [`S3AddressError`], which says what is expected.
    pub fn parse(text: &str) -> Result<Self, S3AddressError> {
        let bad = || S3AddressError(text.to_owned());
        let rest = text.strip_prefix("s3://").ok_or_else(bad)?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
        if bucket.len() < 3 || bucket.len() > 255 || !bucket.bytes().all(fits) || prefix.len() > 1_024 {
            return Err(bad());
        }
        Ok(Self { bucket: bucket.to_owned(), prefix: prefix.to_owned() })
    }
}

impl std::fmt::Display for S3Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_and_a_prefix_are_read() {
        let told = |text: &str| S3Address::parse(text).map_or_else(|it| it.to_string(), |it| it.to_string());
        assert_eq!(told("s3://trail"), "s3://trail/");
        assert_eq!(told("s3://trail.example/a b/+c/"), "s3://trail.example/a b/+c/");
        let expected = "is not a place in S3: write `s3://BUCKET` or `s3://BUCKET/PREFIX`";
        for bad in ["s3://", "s3:///AWSLogs", "https://trail/x", "s3://a b/c"] {
            assert_eq!(told(bad), format!("`{bad}` {expected}"));
        }
    }
}
