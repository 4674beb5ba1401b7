//! The one way to run an external command: an argument vector and no shell, a deadline, an output cap, and
//! the end of its whole process group when it does not keep to them.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};
use tokio::time::Instant;

use super::group;
use crate::model::{Gap, Why};

/// Most that is read from one output stream of a command, in bytes: as much as the parsers look at.
pub const OUTPUT_CAP: usize = 4 * 1024 * 1024;

/// How long the output of a command that has ended may stay open, because a child of it still holds it.
const GRACE: Duration = Duration::from_millis(100);

/// Folders that hold administration tools although a user's `PATH` often lacks them.
const USUAL_FOLDERS: [&str; 8] = [
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
    "/opt/VirtualBox",
    "/snap/bin",
];

/// Where tools are looked for.
#[derive(Clone, Debug, Default)]
pub struct Tools {
    folders: Vec<PathBuf>,
}

impl Tools {
    /// The folders of `PATH`, then the usual ones. Relative folders are left out: what stands in the current
    /// folder is not a tool of this machine.
    pub fn of_this_machine() -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut tools = Self::default();
        for folder in std::env::split_paths(&path).chain(USUAL_FOLDERS.iter().map(PathBuf::from)) {
            if folder.is_absolute() && !tools.folders.contains(&folder) {
                tools.folders.push(folder);
            }
        }
        tools
    }

    /// These folders and no others.
    pub fn only(folders: impl IntoIterator<Item = PathBuf>) -> Self {
        Self {
            folders: folders.into_iter().collect(),
        }
    }

    /// The file that `program` would run, when it is here. An absolute path stands for itself.
    pub fn find(&self, program: &str) -> Option<PathBuf> {
        let candidate = Path::new(program);
        if candidate.is_absolute() {
            return group::is_program(candidate).then(|| candidate.to_owned());
        }
        self.folders
            .iter()
            .map(|folder| folder.join(program))
            .find(|file| group::is_program(file))
    }
}

/// What a command printed before it ended by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// Its exit status; `None` when a signal ended it.
    pub status: Option<i32>,
    /// Its standard output; bytes that are no UTF-8 are replaced.
    pub stdout: String,
    /// Its standard error, likewise.
    pub stderr: String,
}

impl Printed {
    /// Whether it ended with status 0.
    pub fn succeeded(&self) -> bool {
        self.status == Some(0)
    }

    /// The same when it succeeded.
    ///
    /// # Errors
    /// [`Why::NoPermission`] when it says that it lacks rights, else [`Why::Failed`], with its own words.
    pub fn checked(self) -> Result<Self, Gap> {
        if self.succeeded() {
            return Ok(self);
        }
        let said = if self.stderr.trim().is_empty() {
            &self.stdout
        } else {
            &self.stderr
        };
        let mut detail: String = said.trim().chars().take(400).collect();
        if detail.is_empty() {
            detail = match self.status {
                Some(status) => format!("exit status {status}"),
                None => "ended by a signal".to_owned(),
            };
        }
        let why = if lacks_rights(said) {
            Why::NoPermission
        } else {
            Why::Failed
        };
        Err(Gap { why, detail })
    }
}

/// Whether a tool's words mean that this user may not do what was asked. The words are those of nft,
/// iptables, libvirt and the C library in the C locale.
pub fn lacks_rights(text: &str) -> bool {
    const WORDS: [&str; 9] = [
        "permission denied",
        "operation not permitted",
        "must be root",
        "need to be root",
        "authentication unavailable",
        "authentication failed",
        "access denied",
        "not authorized",
        "not privileged",
    ];
    let text = text.to_ascii_lowercase();
    WORDS.iter().any(|word| text.contains(word))
}

/// Runs `program` with `arguments` until it ends, in English, without standard input, in a process group of
/// its own. Neither a shell nor a terminal is involved.
///
/// # Errors
/// [`Why::ToolMissing`] when there is no such program, [`Why::TimedOut`] and [`Why::TooLarge`] when it was
/// ended for want of an end, [`Why::NoPermission`] and [`Why::Failed`] when it could not be started. A program
/// that ran and failed is no error here; see [`Printed::checked`].
pub async fn run(
    tools: &Tools,
    program: &str,
    arguments: &[&str],
    deadline: Duration,
) -> Result<Printed, Gap> {
    run_capped(tools, program, arguments, deadline, OUTPUT_CAP).await
}

/// [`run`] with another cap on each output stream, in bytes.
///
/// # Errors
/// As [`run`].
pub async fn run_capped(
    tools: &Tools,
    program: &str,
    arguments: &[&str],
    deadline: Duration,
    cap: usize,
) -> Result<Printed, Gap> {
    let file = tools.find(program).ok_or_else(|| Gap {
        why: Why::ToolMissing,
        detail: program.to_owned(),
    })?;
    let mut command = Command::new(file);
    command
        .args(arguments)
        .env("LC_ALL", "C")
        .env("LANG", "C")
        .env("LANGUAGE", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    group::own(&mut command);
    let mut child = command.spawn().map_err(|error| Gap {
        why: match error.kind() {
            std::io::ErrorKind::NotFound => Why::ToolMissing,
            std::io::ErrorKind::PermissionDenied => Why::NoPermission,
            _ => Why::Failed,
        },
        detail: format!("{program}: {error}"),
    })?;
    // From here on every way out, a cancelled scan included, ends the group.
    let guard = EndGroup(child.id());
    let until = Instant::now() + deadline;
    let outcome = tokio::time::timeout_at(until, finish(&mut child, cap)).await;
    drop(guard);
    match outcome {
        Ok(result) => result.map_err(|gap| Gap {
            detail: format!("{program}: {}", gap.detail),
            ..gap
        }),
        Err(_) => Err(Gap {
            why: Why::TimedOut,
            detail: format!("{program}: no end after {deadline:?}"),
        }),
    }
}

/// Waits for the end of the program and of its output.
async fn finish(child: &mut Child, cap: usize) -> Result<Printed, Gap> {
    let id = child.id();
    let (Some(mut stdout), Some(mut stderr)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(Gap {
            why: Why::Failed,
            detail: "no output stream".to_owned(),
        });
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = {
        let mut reading = std::pin::pin!(async {
            tokio::try_join!(
                read_capped(&mut stdout, cap, &mut out),
                read_capped(&mut stderr, cap, &mut err)
            )
        });
        tokio::select! {
            read = &mut reading => {
                read?;
                child.wait().await
            }
            status = child.wait() => {
                // It has ended, but a child that it left behind may hold its output open for ever.
                match tokio::time::timeout(GRACE, &mut reading).await {
                    Ok(read) => { read?; }
                    Err(_) => end_group(id),
                }
                status
            }
        }
    };
    let status = status.map_err(|error| Gap {
        why: Why::Failed,
        detail: error.to_string(),
    })?;
    Ok(Printed {
        status: status.code(),
        stdout: String::from_utf8_lossy(&out).into_owned(),
        stderr: String::from_utf8_lossy(&err).into_owned(),
    })
}

/// Reads to the end into `into`, which keeps what was read when this is dropped before the end.
async fn read_capped(from: &mut (impl AsyncRead + Unpin), cap: usize, into: &mut Vec<u8>) -> Result<(), Gap> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = from.read(&mut buffer).await.map_err(|error| Gap {
            why: Why::Failed,
            detail: error.to_string(),
        })?;
        if count == 0 {
            return Ok(());
        }
        if into.len() + count > cap {
            return Err(Gap {
                why: Why::TooLarge,
                detail: format!("more than {cap} bytes"),
            });
        }
        into.extend_from_slice(buffer.get(..count).unwrap_or_default());
    }
}

/// Ends a process group when it is dropped.
struct EndGroup(Option<u32>);

impl Drop for EndGroup {
    fn drop(&mut self) {
        end_group(self.0);
    }
}

fn end_group(leader: Option<u32>) {
    if let Some(leader) = leader {
        group::end(leader);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::time::Instant;

    use super::*;

    /// A folder with one program in it.
    fn tool(text: &str) -> (tempfile::TempDir, Tools) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("tool");
        std::fs::write(&file, format!("#!/bin/sh\n{text}\n")).expect("written");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).expect("made a program");
        let tools = Tools::only([folder.path().to_owned()]);
        (folder, tools)
    }

    /// Whether a process that wrote its number to `file` still lives.
    fn lives(file: &Path) -> bool {
        let number = std::fs::read_to_string(file).expect("a number");
        let status = std::fs::read_to_string(format!("/proc/{}/stat", number.trim()));
        // A zombie has ended; its parent has yet to notice.
        status.is_ok_and(|text| !text.contains(") Z "))
    }

    async fn gone(file: &Path) {
        for _ in 0..100 {
            if !lives(file) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{} still lives", file.display());
    }

    const LONG: Duration = Duration::from_secs(20);

    #[tokio::test]
    async fn tells_output_status_and_both_streams() {
        let (_folder, tools) = tool("echo \"$1|$LC_ALL\"; echo oops >&2; cat; exit 3");
        let printed = run(&tools, "tool", &["a b $(id)"], LONG).await.expect("ran");
        assert_eq!(
            (printed.status, printed.stdout.as_str()),
            (Some(3), "a b $(id)|C\n")
        );
        let gap = printed.checked().expect_err("failed");
        assert_eq!((gap.why, gap.detail.as_str()), (Why::Failed, "oops"));
    }

    #[tokio::test]
    async fn a_tool_that_hangs_is_ended_with_its_children() {
        let folder = tempfile::tempdir().expect("a folder");
        let number = folder.path().join("child");
        let (_tool, tools) = tool(&format!("sleep 77 & echo $! > {}; wait", number.display()));
        let start = Instant::now();
        let gap = run(&tools, "tool", &[], Duration::from_millis(400))
            .await
            .expect_err("timed out");
        assert_eq!(gap.why, Why::TimedOut);
        assert!(start.elapsed() < Duration::from_secs(3));
        gone(&number).await;
    }

    #[tokio::test]
    async fn a_cancelled_run_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let number = folder.path().join("child");
        let (_tool, tools) = tool(&format!("sleep 77 & echo $! > {}; wait", number.display()));
        let run = run(&tools, "tool", &[], LONG);
        tokio::time::timeout(Duration::from_millis(400), run)
            .await
            .expect_err("cancelled");
        gone(&number).await;
    }

    #[tokio::test]
    async fn a_tool_that_prints_without_end_is_cut() {
        let (_folder, tools) = tool("exec yes");
        let start = Instant::now();
        let gap = run_capped(&tools, "tool", &[], LONG, 1_000_000)
            .await
            .expect_err("too large");
        assert_eq!(gap.why, Why::TooLarge);
        assert!(start.elapsed() < LONG / 2);
    }

    #[tokio::test]
    async fn a_child_that_keeps_the_pipe_open_is_not_waited_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let number = folder.path().join("child");
        let (_tool, tools) = tool(&format!("echo told; sleep 77 & echo $! > {}", number.display()));
        let start = Instant::now();
        let printed = run(&tools, "tool", &[], LONG).await.expect("ran");
        assert_eq!((printed.status, printed.stdout.as_str()), (Some(0), "told\n"));
        assert!(start.elapsed() < LONG / 2);
        gone(&number).await;
    }

    #[tokio::test]
    async fn a_tool_that_is_not_there_or_may_not_is_told_apart() {
        let (_folder, tools) = tool("echo 'Operation not permitted (you must be root)' >&2; exit 1");
        let gap = run(&tools, "nothing", &[], LONG).await.expect_err("missing");
        assert_eq!(gap.why, Why::ToolMissing);
        let printed = run(&tools, "tool", &[], LONG).await.expect("ran");
        assert_eq!(printed.checked().expect_err("refused").why, Why::NoPermission);
    }

    #[tokio::test]
    async fn bytes_that_are_no_text_are_replaced() {
        let (_folder, tools) = tool("printf 'a\\377b'");
        let printed = run(&tools, "tool", &[], LONG).await.expect("ran");
        assert_eq!(printed.stdout, "a\u{fffd}b");
    }

    #[test]
    fn relative_folders_hold_no_tools() {
        assert!(
            Tools::of_this_machine()
                .folders
                .iter()
                .all(|folder| folder.is_absolute())
        );
        assert_eq!(Tools::default().find("/bin/sh"), Some(PathBuf::from("/bin/sh")));
        assert_eq!(Tools::default().find("sh"), None);
    }
}
