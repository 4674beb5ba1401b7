//! Reading with administrator rights: the system's own prompt starts this program a second time for one short scan
//! that only reads, and its case comes back through a private file. This process never gets more rights.
//!
//! The file is made by us, for us alone, in a folder of its own, and read through the handle it was made with, so
//! that nothing can be put in its place. The other side writes only into an empty file that is its own.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;

use super::run::{Printed, Tools};
use super::{ScanOptions, here};
use crate::model::{Case, MAX_CASE_BYTES, Os};

/// How long the prompt may stand, the scan behind it included.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// Sources that tell of the user who asks: with another user's rights they would tell of that one, and some of
/// their tools write settings when they are run.
const OF_THE_USER: [&str; 5] = ["virtualbox", "parallels", "apple", "wsl", "proxies"];

/// Why nothing was read with more rights. Whatever it is, nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRights {
    /// The user said no.
    #[error("refused")]
    Refused,
    /// Nobody answered the prompt in time, or the scan behind it did not end.
    #[error("no answer in time")]
    Late,
    /// This system has no prompt; the tool that is missing.
    #[error("{0} is not there")]
    NoPrompt(String),
    /// The system or the scan failed, in its own words.
    #[error("{0}")]
    Failed(String),
}

/// What a scan with more rights is started with.
#[derive(Clone, Debug)]
pub struct Asking {
    /// Where the tool that shows the prompt is looked for.
    pub tools: Tools,
    /// The program that is started with more rights: this one.
    pub program: PathBuf,
    /// What the prompt says where it says something.
    pub text: String,
    /// How long the prompt may stand, the scan included.
    pub patience: Duration,
}

impl Asking {
    /// Starts this very program.
    ///
    /// # Errors
    /// When the system does not tell where it is.
    pub fn for_this_program(tools: Tools, text: String) -> Result<Self, NoRights> {
        let program = std::env::current_exe().map_err(failed)?;
        Ok(Self {
            tools,
            program,
            text,
            patience: PATIENCE,
        })
    }
}

/// The command by which this program gets more rights, where the system's prompt cannot start it: an AppImage runs from a file
/// system that only the user who started it may read (fuse(8): `allow_other` is off), so that an administrator has to start the
/// image itself, whose path its runtime leaves in `APPIMAGE`.
pub fn by_hand() -> Option<String> {
    by_hand_of(Os::here(), std::env::var_os("APPIMAGE"))
}

fn by_hand_of(os: Os, image: Option<std::ffi::OsString>) -> Option<String> {
    let image = image.filter(|image| os == Os::Linux && Path::new(image).is_absolute())?;
    let image = image.to_string_lossy();
    Some(super::source::command_line("sudo", &[&image, "scan"]))
}

fn failed(error: impl ToString) -> NoRights {
    NoRights::Failed(error.to_string())
}

/// The scan that runs with more rights: sources of the machine alone, by tools from folders that only an
/// administrator can change.
pub fn options(now: Timestamp) -> ScanOptions {
    let names = here::source_names().into_iter();
    ScanOptions {
        tools: Tools::of_the_system(),
        only: names
            .filter(|name| !OF_THE_USER.contains(name))
            .map(str::to_owned)
            .collect(),
        ..ScanOptions::new(now)
    }
}

/// Asks the user through the system's own prompt, and gives what the scan behind it read. Dropping the future
/// takes the prompt away where the system lets us.
///
/// # Errors
/// Why nothing was read.
pub async fn read(asking: Asking) -> Result<Case, NoRights> {
    let mut handover = Handover::new(&std::env::temp_dir()).map_err(failed)?;
    start(&asking, &handover.path).await?;
    let text = super::source::blocking(move || handover.take())
        .await
        .map_err(|gap| failed(gap.detail))?
        .map_err(failed)?;
    Case::from_json(&text).map_err(failed)
}

/// Shows the prompt and waits for the end of what it starts.
#[cfg(not(windows))]
async fn start(asking: &Asking, file: &Path) -> Result<(), NoRights> {
    use crate::model::Why;
    let (Some(program), Some(file)) = (asking.program.to_str(), file.to_str()) else {
        return Err(failed(asking.program.display()));
    };
    let (tool, arguments) = prompt(Os::here(), program, file, &asking.text);
    match super::run::run(&asking.tools, tool, &arguments, asking.patience).await {
        Ok(printed) => judge(Os::here(), printed),
        Err(gap) => Err(match gap.why {
            Why::TimedOut => NoRights::Late,
            Why::ToolMissing => NoRights::NoPrompt(tool.to_owned()),
            _ => failed(gap.detail),
        }),
    }
}

/// Shows the prompt and waits for the end of what it starts.
#[cfg(windows)]
async fn start(asking: &Asking, file: &Path) -> Result<(), NoRights> {
    use crate::windows_api::{Elevated, run_elevated};
    // The name of a file holds no double quote.
    let arguments = format!("scan --into \"{}\"", file.display());
    let (program, patience) = (asking.program.clone(), asking.patience);
    let ended = super::source::blocking(move || run_elevated(&program, &arguments, patience)).await;
    match ended.map_err(|gap| failed(gap.detail))?.map_err(failed)? {
        Elevated::Ended(0) => Ok(()),
        Elevated::Ended(code) => Err(failed(format!("exit code {code}"))),
        Elevated::Refused => Err(NoRights::Refused),
        Elevated::Late => Err(NoRights::Late),
    }
}

/// What `osascript` is told: arguments come as arguments, and its own function quotes them for the shell.
#[cfg_attr(windows, allow(dead_code))]
const APPLE_SCRIPT: &str = "on run {program, target, reason}\n\
     do shell script (quoted form of program) & \" scan --into \" & (quoted form of target) \
     with prompt reason with administrator privileges\n\
     end run";

/// The tool that shows the prompt, and its arguments.
#[cfg_attr(windows, allow(dead_code))]
fn prompt<'a>(os: Os, program: &'a str, file: &'a str, text: &'a str) -> (&'static str, Vec<&'a str>) {
    if os == Os::Macos {
        return ("osascript", vec!["-e", APPLE_SCRIPT, program, file, text]);
    }
    // Without an agent of the desktop it would ask on a terminal that nobody sees.
    let arguments = vec!["--disable-internal-agent", program, "scan", "--into", file];
    ("pkexec", arguments)
}

/// What the end of the prompt's tool means.
#[cfg_attr(windows, allow(dead_code))]
fn judge(os: Os, printed: Printed) -> Result<(), NoRights> {
    // pkexec(1): 126 when the dialog was dismissed. Apple: error -128 is "User canceled".
    let refused = match os {
        Os::Macos => printed.stderr.contains("(-128)"),
        _ => printed.status == Some(126),
    };
    if refused {
        return Err(NoRights::Refused);
    }
    printed.checked().map(|_| ()).map_err(|gap| failed(gap.detail))
}

/// An empty file that nobody but this user can reach, until it is dropped.
struct Handover {
    file: File,
    path: PathBuf,
}

impl Handover {
    fn new(parent: &Path) -> io::Result<Self> {
        let folder = (0..16)
            .find_map(|_| {
                let folder = parent.join(format!("vmnet-doctor-{:016x}", some_number()));
                match private_folder(&folder) {
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => None,
                    made => Some(made.map(|()| folder)),
                }
            })
            .unwrap_or_else(|| Err(io::ErrorKind::AlreadyExists.into()))?;
        let path = folder.join("case.json");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(&path) {
            Ok(file) => Ok(Self { file, path }),
            Err(error) => {
                std::fs::remove_dir(&folder).ok();
                Err(error)
            }
        }
    }

    /// What was written into it, read through the handle that made it.
    fn take(&mut self) -> io::Result<String> {
        self.file.rewind()?;
        let mut bytes = Vec::new();
        let limit = MAX_CASE_BYTES as u64;
        (&mut self.file).take(limit + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            return Err(io::Error::other(format!("more than {limit} bytes")));
        }
        String::from_utf8(bytes).map_err(io::Error::other)
    }
}

impl Drop for Handover {
    fn drop(&mut self) {
        std::fs::remove_file(&self.path).ok();
        if let Some(folder) = self.path.parent() {
            std::fs::remove_dir(folder).ok();
        }
    }
}

/// On Windows the user's own temporary folder is private already.
fn private_folder(path: &Path) -> io::Result<()> {
    #[cfg_attr(not(unix), allow(unused_mut))]
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A number that differs each time; that the folder is new is what counts.
fn some_number() -> u64 {
    use std::hash::BuildHasher as _;
    std::hash::RandomState::new().hash_one(std::process::id())
}

/// Writes what was read into the file that the asking side made: the other end of the handover. It never makes a
/// file, never follows a link, and never writes over anything.
///
/// # Errors
/// When the file is not there, or is not an empty one of the user who asked.
pub fn hand_over(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NOFOLLOW | libc::O_NONBLOCK);
    // FILE_FLAG_OPEN_REPARSE_POINT: a link is opened itself, and is no file.
    #[cfg(windows)]
    std::os::windows::fs::OpenOptionsExt::custom_flags(&mut options, 0x0020_0000);
    let mut file = options.open(path)?;
    let about = file.metadata()?;
    if !about.is_file() || about.len() != 0 || !is_of_who_asked(&about) {
        let words = format!("{}: not an empty file of the user who asked", path.display());
        return Err(io::Error::new(io::ErrorKind::InvalidInput, words));
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Whether it has one name only, and belongs to the user whom the prompt names.
#[cfg(unix)]
fn is_of_who_asked(about: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let asked = std::env::var("PKEXEC_UID").ok();
    about.nlink() == 1 && asked.is_none_or(|user| user.parse() == Ok(about.uid()))
}

#[cfg(windows)]
fn is_of_who_asked(_about: &std::fs::Metadata) -> bool {
    true
}

#[cfg(all(test, unix))]
#[path = "rights_tests.rs"]
mod tests;
