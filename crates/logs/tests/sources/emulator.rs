//! The emulator with a bucket of logs and queues in it: `tests/emulator/sources.py`.

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

/// The emulator; it stops when this is dropped, because its input closes.
pub struct Emulator {
    child: Child,
    input: Option<ChildStdin>,
    lines: Lines<BufReader<ChildStdout>>,
    /// What it told about itself.
    pub told: Value,
}

impl Emulator {
    pub fn start() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let python = root.join(".venv/bin/python");
        assert!(python.exists(), "{} is missing: `make test` sets it up", python.display());
        let mut child = Command::new(python)
            .arg(root.join("tests/emulator/sources.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let told = lines.next().expect("the emulator did not start").unwrap();
        let told = serde_json::from_str(&told).unwrap();
        Self { input: child.stdin.take(), child, lines, told }
    }

    /// Makes a call, as an array of service, operation and parameters, or injects failures, as an object.
    pub fn ask(&mut self, what: &Value) -> Value {
        writeln!(self.input.as_mut().unwrap(), "{what}").unwrap();
        let line = self.lines.next().expect("the emulator stopped").unwrap();
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}
