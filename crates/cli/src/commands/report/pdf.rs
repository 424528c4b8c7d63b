//! PDF: the page, printed by Chromium where there is one.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::failure::{Failure, Told};

/// What Chromium and its kin are called.
const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
/// How long printing may take, in steps of [`PAUSE`].
const PAUSES: u32 = 1_800;
const PAUSE: Duration = Duration::from_millis(100);

/// Prints a page.
///
/// # Errors
///
/// There is no Chromium, or it does not print.
pub async fn print(page: &Path, pdf: &Path, aside: &Path) -> Result<(), Failure> {
    let browser = browser().ok_or_else(|| {
        Told::new("a PDF needs Chromium or Chrome, and there is none")
            .help("install one, or name it in YAGURA_CHROMIUM; `--output html` needs none, and any browser prints it")
            .usage()
    })?;
    let page = std::fs::canonicalize(page).map_err(|error| failed(&browser).because(error).other())?;
    // Beside the result, so that a half one never has its name.
    let unfinished = aside.join("report.pdf");
    let said = aside.join("said");
    // In containers, and for root, Chromium's own sandbox cannot be set up. The page has no script, and its policy allows none.
    for sandbox in [true, false] {
        run(&browser, &page, &unfinished, aside, &said, sandbox).await?;
        if unfinished.metadata().is_ok_and(|it| it.len() > 0) {
            std::fs::copy(&unfinished, pdf).map_err(|error| {
                Told::new(format!("`{}` cannot be written", pdf.display())).because(error).other()
            })?;
            return Ok(());
        }
    }
    let said = std::fs::read_to_string(&said).unwrap_or_default();
    let last = said.lines().rev().find(|it| !it.trim().is_empty()).unwrap_or("it said nothing").to_owned();
    Err(failed(&browser).because(last).other())
}

/// Whether there is a Chromium that prints.
pub fn can_print() -> bool {
    browser().is_some()
}

fn browser() -> Option<PathBuf> {
    find(std::env::var_os("YAGURA_CHROMIUM"), std::env::var_os("PATH"))
}

fn failed(browser: &Path) -> Told {
    Told::new(format!("`{}` did not print the PDF", browser.display()))
}

async fn run(
    browser: &Path,
    page: &Path,
    pdf: &Path,
    aside: &Path,
    said: &Path,
    sandbox: bool,
) -> Result<(), Failure> {
    let told = std::fs::File::create(said).map_err(|error| failed(browser).because(error).other())?;
    let mut command = Command::new(browser);
    command.args([
        "--headless",
        "--disable-gpu",
        "--no-first-run",
        "--disable-dev-shm-usage",
        "--no-pdf-header-footer",
    ]);
    if !sandbox {
        command.arg("--no-sandbox");
    }
    command.arg(format!("--user-data-dir={}", aside.join("profile").display()));
    command.arg(format!("--print-to-pdf={}", pdf.display()));
    command.arg(address(page)).stdin(Stdio::null()).stdout(Stdio::null()).stderr(told);
    let mut child = command.spawn().map_err(|error| failed(browser).because(error).other())?;
    for _ in 0..PAUSES {
        match child.try_wait() {
            Ok(None) => tokio::time::sleep(PAUSE).await,
            Ok(Some(_)) => return Ok(()),
            Err(error) => return Err(failed(browser).because(error).other()),
        }
    }
    // It may end by itself between the two.
    let _ = child.kill();
    let _ = child.wait();
    Err(failed(browser).because("it took longer than three minutes").other())
}

/// The address of a file; whatever is in its name.
fn address(path: &Path) -> String {
    let mut address = "file://".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(byte) {
            address.push(char::from(*byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address
}

fn find(named: Option<std::ffi::OsString>, path: Option<std::ffi::OsString>) -> Option<PathBuf> {
    if let Some(named) = named.filter(|it| !it.is_empty()) {
        let named = PathBuf::from(named);
        return named.is_file().then_some(named);
    }
    let path = path?;
    let directories: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let all = NAMES.iter().flat_map(|name| directories.iter().map(move |it| it.join(name)));
    all.into_iter().find(|it| it.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_looked_for_where_it_is_named_and_on_the_path() {
        let directory = tempfile::tempdir().unwrap();
        let browser = directory.path().join("google-chrome");
        std::fs::write(&browser, "").unwrap();
        let path = Some(directory.path().as_os_str().to_owned());
        assert_eq!(find(None, path.clone()), Some(browser.clone()));
        assert_eq!(find(Some(browser.clone().into()), None), Some(browser));
        assert_eq!(find(Some("/nowhere/chrome".into()), path), None);
        assert_eq!(find(None, Some("/nowhere".into())), None);
    }

    #[test]
    fn a_name_of_a_file_is_no_part_of_an_address() {
        assert_eq!(address(Path::new("/a b/#1?.html")), "file:///a%20b/%231%3F.html");
    }
}
