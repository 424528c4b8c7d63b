//! Files that are made, and then sent at the pace of whoever takes them: nothing of the store is held meanwhile.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use futures::stream;
use tokio::io::AsyncReadExt as _;

use crate::app::App;
use crate::problem::Problem;
use crate::reports::MadeReport;
use crate::shares::Share;
use crate::sign_in::Caller;

/// So much of a file is sent at a time.
const PIECE: usize = 64 * 1024;

/// Room for one more file of the caller: each lies on the disk until they have it.
pub(super) fn under_way(app: &App, caller: &Caller) -> Result<Share, Problem> {
    app.files.take(&caller.user().name).ok_or_else(Problem::too_many_files)
}

/// Sends a file to be kept, and never to be shown as a page of this server.
pub(super) fn sent(MadeReport { name, media_type, file }: MadeReport, share: Share) -> Response {
    let length = file.metadata().map(|it| it.len());
    let file = tokio::fs::File::from_std(file);
    // The share counts until the last piece is taken, or nobody takes any more.
    let body = Body::from_stream(stream::try_unfold((file, share), async |(mut file, share)| {
        let mut piece = vec![0; PIECE];
        let length = file.read(&mut piece).await?;
        piece.truncate(length);
        Ok::<_, std::io::Error>((length > 0).then(|| (Bytes::from(piece), (file, share))))
    }));
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(length) = length {
        headers.insert(header::CONTENT_LENGTH, length.into());
    }
    if let Ok(value) = HeaderValue::from_str(&disposition(&name)) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// What a browser calls the file (RFC 6266): plainly for old ones, whole for all others.
fn disposition(name: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '_');
    let plain: String = name.chars().map(|it| if is_plain(it) { it } else { '_' }).collect();
    let mut whole = String::new();
    for byte in name.bytes() {
        if is_plain(char::from(byte)) {
            whole.push(char::from(byte));
        } else {
            whole.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_file_keeps_its_signs_and_breaks_no_header() {
        assert_eq!(
            disposition("yagura-決済-2026-06-01.xlsx"),
            "attachment; filename=\"yagura-__-2026-06-01.xlsx\"; filename*=UTF-8''yagura-%E6%B1%BA%E6%B8%88-2026-06-01.xlsx"
        );
        assert!(disposition("a\"\r\nset-cookie: x").is_ascii());
        assert!(!disposition("a\"\r\nset-cookie: x").contains('\r'));
    }
}
