//! Commands that end: what does not come to an end in time is ended, and says so.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::cage;

/// What a command came to.
#[derive(Debug)]
pub struct Ended {
    /// Its status; nothing when it was ended by a signal, or because its time was up.
    pub status: Option<i32>,
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub errors: String,
}

impl Ended {
    /// Whether it did what it was asked to.
    pub fn succeeded(&self) -> bool {
        self.status == Some(0)
    }
}

/// Runs a command with `input`. Its streams are files: a daemon that it leaves behind may hold them as long as it likes.
pub fn run(command: &mut Command, input: &str, limit: Duration) -> Result<Ended, String> {
    let said = |error: std::io::Error| format!("{command:?}: {error}");
    let (mut given, output, errors) = (
        scratch().map_err(said)?,
        scratch().map_err(said)?,
        scratch().map_err(said)?,
    );
    given.write_all(input.as_bytes()).map_err(said)?;
    given.seek(SeekFrom::Start(0)).map_err(said)?;
    let (out, err) = (
        output.try_clone().map_err(said)?,
        errors.try_clone().map_err(said)?,
    );
    let mut child = command
        .stdin(Stdio::from(given))
        .stdout(Stdio::from(out))
        .stderr(Stdio::from(err))
        .spawn()
        .map_err(|error| format!("{command:?}: {error}"))?;
    let status = wait(&mut child, limit)?;
    let mut ended = Ended {
        status: status.and_then(|status| status.code()),
        output: text(output)?,
        errors: text(errors)?,
    };
    if status.is_none() {
        ended
            .errors
            .push_str(&format!("\nnot done after {} s", limit.as_secs()));
    }
    Ok(ended)
}

/// Waits until a process ends; one whose time is up is ended, and there is no status.
pub fn wait(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>, String> {
    let start = Instant::now();
    // Most end at once, and many are waited for at the same time.
    let mut pause = Duration::from_micros(500);
    loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            return Ok(Some(status));
        }
        if start.elapsed() > limit {
            let _ = child.kill();
            let _ = child.wait();
            return Ok(None);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// A file without a name.
fn scratch() -> std::io::Result<File> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let path = std::path::Path::new(cage::SCRATCH).join(format!(
        "stream{}-{}",
        std::process::id(),
        NUMBER.fetch_add(1, Ordering::Relaxed)
    ));
    let file = File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .open(&path)?;
    std::fs::remove_file(path)?;
    Ok(file)
}

fn text(mut file: File) -> Result<String, String> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))
        .and_then(|_| file.read_to_end(&mut bytes))
        .map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
