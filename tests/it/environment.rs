//! Runs the program in a place of its own: an empty environment, a temporary
//! home and working folder, so that no setting of the machine matters.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A place to run the program in.
pub struct Environment {
    folder: TempDir,
}

/// What a run left behind.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Environment {
    /// An empty place: the program uses the embedded library there.
    pub fn new() -> Self {
        Environment {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// A place with a copy of the shipped library.
    pub fn with_library() -> Self {
        let environment = Environment::new();
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("policy-versions/CP.MP.173");
        for entry in std::fs::read_dir(shipped).expect("the shipped library") {
            let entry = entry.expect("an entry");
            let name = entry.file_name().into_string().expect("a plain name");
            let bytes = std::fs::read(entry.path()).expect("a file");
            environment.write(&format!("policy-versions/CP.MP.173/{name}"), &bytes);
        }
        environment
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }

    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).expect("a text file")
    }

    /// Replaces the first occurrence of a text in a file that must hold it.
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} holds {from}");
        self.write(path, text.replacen(from, to, 1).as_bytes());
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_on(arguments, b"")
    }

    /// Runs the program with that on its standard input.
    pub fn run_on(&self, arguments: &[&str], input: &[u8]) -> Run {
        let mut child = Command::new(env!("CARGO_BIN_EXE_lookback"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        // It need not read what it is given.
        let _ = stdin.write_all(input);
        drop(stdin);
        let output = child.wait_with_output().expect("the program runs");
        Run {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// The JSON that a command prints.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let run = self.run(&[arguments, &["--json"]].concat());
        serde_json::from_str(&run.stdout)
            .unwrap_or_else(|error| panic!("{arguments:?}: {error}\n{}{}", run.stdout, run.stderr))
    }
}

impl Run {
    /// Everything a person sees, as a snapshot holds it.
    pub fn page(&self) -> String {
        let mut page = format!("exit {}\n{}", self.code, self.stdout);
        if !self.stderr.is_empty() {
            page.push_str(&format!("--- stderr\n{}", self.stderr));
        }
        page
    }
}
