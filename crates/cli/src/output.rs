//! Where results go and in which format: `--output FORMAT[=PATH]` and `--out PATH`.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use yagura_report::Format;

use crate::failure::{Failure, Told};

/// One output: a format and, if not standard output, a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputSpec {
    /// The format.
    pub format: Format,
    /// The file.
    pub path: Option<PathBuf>,
}

impl FromStr for OutputSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (word, path) = match text.split_once('=') {
            Some((word, path)) => (word, Some(PathBuf::from(path))),
            None => (text, None),
        };
        let format = word.parse::<Format>().map_err(|error| error.to_string())?;
        Ok(Self { format, path })
    }
}

/// Joins `--output` and `--out` into outputs that do not collide.
///
/// # Errors
///
/// Two outputs without a file, or `--out` without one of them to take it.
pub fn resolve(outputs: &[OutputSpec], out: Option<&Path>) -> Result<Vec<OutputSpec>, Failure> {
    let mut specs = outputs.to_vec();
    if specs.is_empty() {
        specs.push(OutputSpec { format: Format::Table, path: None });
    }
    if let Some(out) = out {
        match specs.iter_mut().find(|spec| spec.path.is_none()) {
            Some(spec) => spec.path = Some(out.to_owned()),
            None => {
                return Err(Told::new("`--out` has no output to take: every `--output` names its own file")
                    .help("leave `--out` away")
                    .usage());
            }
        }
    }
    if specs.iter().filter(|spec| spec.path.is_none()).count() > 1 {
        return Err(Told::new("two outputs would be mixed on standard output")
            .help("give all but one a file: `--output json=result.json`")
            .usage());
    }
    Ok(specs)
}

/// A result on its way: to standard output, or to a file that appears only when it is whole.
pub enum Sink {
    /// Standard output.
    Stdout(BufWriter<io::Stdout>),
    /// What is there already and is no file: a device, a pipe. It is written to, and never replaced.
    Device(BufWriter<std::fs::File>),
    /// A file beside the one it becomes.
    File {
        /// Where it is written.
        writer: BufWriter<std::fs::File>,
        /// Its name until it is whole.
        unfinished: PathBuf,
        /// Its name then.
        path: PathBuf,
    },
}

impl Sink {
    /// Opens the place where an output goes: a file, else standard output.
    ///
    /// # Errors
    ///
    /// The file cannot be created.
    pub fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else {
            return Ok(Self::Stdout(BufWriter::new(io::stdout())));
        };
        let failed = |error: io::Error| {
            Told::new(format!("cannot write `{}`", path.display()))
                .because(error)
                .help("the directory must exist and be writable")
                .other()
        };
        // A link stays one: what it leads to is written.
        let path = &std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if path.metadata().is_ok_and(|there| !there.is_file() && !there.is_dir()) {
            let device = std::fs::OpenOptions::new().write(true).open(path).map_err(failed)?;
            return Ok(Self::Device(BufWriter::with_capacity(1 << 16, device)));
        }
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.unfinished", std::process::id()));
        let unfinished = path.with_file_name(name);
        let file = std::fs::File::create(&unfinished).map_err(failed)?;
        Ok(Self::File { writer: BufWriter::with_capacity(1 << 16, file), unfinished, path: path.to_owned() })
    }

    /// Makes the result appear under its name.
    ///
    /// # Errors
    ///
    /// The disk is full, or the file cannot be renamed. The unfinished file is removed then.
    pub fn finish(self) -> io::Result<()> {
        match self {
            Self::Stdout(mut writer) => writer.flush(),
            Self::Device(mut writer) => writer.flush(),
            Self::File { writer, unfinished, path } => {
                let whole = writer
                    .into_inner()
                    .map_err(io::IntoInnerError::into_error)
                    .and_then(|file| file.sync_all())
                    .and_then(|()| std::fs::rename(&unfinished, path));
                if whole.is_err() {
                    // The first error is the one to tell.
                    let _ = std::fs::remove_file(&unfinished);
                }
                whole
            }
        }
    }

    /// Removes what was written so far.
    pub fn abandon(self) {
        if let Self::File { unfinished, .. } = self {
            // Nothing more can be done about a file that cannot be removed.
            let _ = std::fs::remove_file(unfinished);
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(writer) => writer.write(bytes),
            Self::Device(writer) => writer.write(bytes),
            Self::File { writer, .. } => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(writer) => writer.flush(),
            Self::Device(writer) => writer.flush(),
            Self::File { writer, .. } => writer.flush(),
        }
    }
}

/// A sink that a report writes to and that is finished after the report has let go of it.
#[derive(Clone)]
pub struct SharedSink(Arc<Mutex<Option<Sink>>>);

impl Write for SharedSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            Some(sink) => sink.write(bytes),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            Some(sink) => sink.flush(),
            None => Ok(()),
        }
    }
}

impl SharedSink {
    /// Takes a sink in.
    pub fn new(sink: Sink) -> Self {
        Self(Arc::new(Mutex::new(Some(sink))))
    }

    /// Gives the sink back, to be finished or abandoned; whoever still writes finds nobody there.
    pub fn take(&self) -> Option<Sink> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(text: &str) -> OutputSpec {
        text.parse().unwrap()
    }

    #[test]
    fn out_goes_to_the_output_without_a_file() {
        let specs = resolve(&[spec("table"), spec("html=a.html")], Some(Path::new("t.txt"))).unwrap();
        assert_eq!(specs, [spec("table=t.txt"), spec("html=a.html")]);
    }

    #[test]
    fn two_results_are_never_mixed_on_standard_output() {
        let failure = resolve(&[spec("json"), spec("csv")], None).unwrap_err();
        assert_eq!((failure.status, failure.report.to_string().contains("mixed")), (2, true));
    }

    #[test]
    fn an_unknown_format_is_told_with_those_there_are() {
        let error = "xml".parse::<OutputSpec>().unwrap_err();
        assert!(error.starts_with("`xml` is not a format: table, json"), "{error}");
    }

    #[test]
    fn a_file_appears_only_when_it_is_whole() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("r.csv");
        let mut sink = Sink::open(Some(&path)).unwrap();
        sink.write_all(b"half").unwrap();
        assert!(!path.exists());
        sink.finish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"half");
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_written_to_and_a_link_is_kept() {
        let directory = tempfile::tempdir().unwrap();
        let pipe = directory.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::read(pipe).unwrap()
        });
        let mut sink = Sink::open(Some(&pipe)).unwrap();
        sink.write_all(b"told").unwrap();
        sink.finish().unwrap();
        assert_eq!(reader.join().unwrap(), b"told");
        assert!(!pipe.metadata().unwrap().is_file());

        let (file, link) = (directory.path().join("r.csv"), directory.path().join("link"));
        std::fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let mut sink = Sink::open(Some(&link)).unwrap();
        sink.write_all(b"new").unwrap();
        sink.finish().unwrap();
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(std::fs::read(&file).unwrap(), b"new");
    }
}
