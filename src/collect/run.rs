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
#[cfg(windows)]
const USUAL_FOLDERS: [&str; 6] = [
    r"C:\Windows\System32",
    r"C:\Windows\System32\WindowsPowerShell\v1.0",
    r"C:\Program Files\Oracle\VirtualBox",
    r"C:\Program Files (x86)\VMware\VMware Workstation",
    r"C:\Program Files\VMware\VMware Workstation",
    r"C:\Program Files (x86)\VMware\VMware Player",
];
/// Folders that hold administration tools although a user's `PATH` often lacks them; programs that were started
/// from the Finder have the shortest one.
#[cfg(target_os = "macos")]
const USUAL_FOLDERS: [&str; 10] = [
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
    "/usr/local/bin",
    "/opt/homebrew/bin",
    "/usr/libexec/ApplicationFirewall",
    "/Applications/VMware Fusion.app/Contents/Public",
    "/Applications/Parallels Desktop.app/Contents/MacOS",
    "/Applications/UTM.app/Contents/MacOS",
];
/// Folders that hold administration tools although a user's `PATH` often lacks them.
#[cfg(not(any(windows, target_os = "macos")))]
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

/// Those of the usual folders that belong to whoever installed Homebrew.
const OF_USERS: [&str; 2] = ["/usr/local/bin", "/opt/homebrew/bin"];

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

    /// Folders that only an administrator can change: for what runs with an administrator's rights.
    pub fn of_the_system() -> Self {
        let folders = USUAL_FOLDERS.iter().map(PathBuf::from);
        Self::only(folders.filter(|folder| !OF_USERS.iter().any(|theirs| folder == Path::new(theirs))))
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
        // Programs alone: a batch file would hand its arguments to a shell.
        let program = format!("{program}{}", std::env::consts::EXE_SUFFIX);
        self.folders
            .iter()
            .map(|folder| folder.join(&program))
            .find(|file| group::is_program(file))
    }

    /// The same, looking into this folder first.
    pub fn with_folder(&self, folder: PathBuf) -> Self {
        let mut tools = self.clone();
        tools.folders.insert(0, folder);
        tools
    }
}

/// Told the next bytes of a command's standard output.
pub type Heard<'a> = dyn FnMut(&[u8]) + Send + 'a;

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
    run_heard(tools, program, arguments, deadline, cap, &mut |_| ()).await
}

/// [`run_capped`] that tells what the program prints as it prints it, so that it stays when the program is ended.
///
/// # Errors
/// As [`run`].
pub async fn run_heard(
    tools: &Tools,
    program: &str,
    arguments: &[&str],
    deadline: Duration,
    cap: usize,
    heard: &mut Heard<'_>,
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
    let until = Instant::now() + deadline;
    let run = async {
        // From here on every way out, a cancelled scan included, ends the group.
        let (mut child, _guard) = start(command).await?;
        finish(&mut child, cap, heard).await
    };
    match tokio::time::timeout_at(until, run).await {
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

/// Starts a program on a thread that may wait: a disk that is busy, or a scanner for viruses that looks at the program
/// first, keeps its caller until the program runs.
async fn start(mut command: Command) -> Result<(Child, EndGroup), Gap> {
    let started = tokio::task::spawn_blocking(move || {
        let child = command.spawn()?;
        let guard = EndGroup(child.id());
        Ok::<_, std::io::Error>((child, guard))
    });
    let started = started.await.unwrap_or_else(|error| Err(error.into()));
    started.map_err(|error| Gap {
        why: match error.kind() {
            std::io::ErrorKind::NotFound => Why::ToolMissing,
            std::io::ErrorKind::PermissionDenied => Why::NoPermission,
            _ => Why::Failed,
        },
        detail: error.to_string(),
    })
}

/// Waits for the end of the program and of its output.
async fn finish(child: &mut Child, cap: usize, heard: &mut Heard<'_>) -> Result<Printed, Gap> {
    let id = child.id();
    let (Some(mut stdout), Some(mut stderr)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(Gap {
            why: Why::Failed,
            detail: "no output stream".to_owned(),
        });
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = {
        let mut unheard = |_: &[u8]| ();
        let mut reading = std::pin::pin!(async {
            tokio::try_join!(
                read_capped(&mut stdout, cap, &mut out, heard),
                read_capped(&mut stderr, cap, &mut err, &mut unheard)
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
        stdout: words(&out),
        stderr: words(&err),
    })
}

/// Windows' programs write in the code page of the console, and some in UTF-16.
fn words(bytes: &[u8]) -> String {
    if cfg!(windows) {
        crate::parse::decode(bytes)
    } else {
        String::from_utf8_lossy(bytes).into_owned()
    }
}

/// Reads to the end into `into`, which keeps what was read when this is dropped before the end.
async fn read_capped(
    from: &mut (impl AsyncRead + Unpin),
    cap: usize,
    into: &mut Vec<u8>,
    heard: &mut Heard<'_>,
) -> Result<(), Gap> {
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
        let read = buffer.get(..count).unwrap_or_default();
        heard(read);
        into.extend_from_slice(read);
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
