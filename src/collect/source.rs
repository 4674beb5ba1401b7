//! What a source of facts is given, and how it hands over what it read.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::sync::{OnceCell, mpsc};
use tokio::time::Instant;

use super::file;
use super::run::{self, Printed, Tools};
use crate::model::{Case, Fact, Gap, Output, Place, Process, Unread, Why};
use crate::parse::{self, Heard};

/// A change of the case. It may be applied more than once, each time to a case without it.
pub(super) type Apply = Box<dyn Fn(&mut Case) + Send>;

/// One source of facts of this machine.
pub(super) struct Source {
    /// Its name in events, and in the texts as `scan-source-…`.
    pub id: &'static str,
    /// When it is given up.
    pub deadline: Duration,
    /// The command by which a person reads the same; for what was not read when it is given up.
    pub by_hand: &'static str,
    /// Reads it.
    pub read: fn(Ledger) -> Reading,
    /// Says in the case that its facts are not known, and why.
    pub lost: fn(&mut Case, &Gap),
}

/// One row of a system's list of sources; `$fact` are the facts of the host that are lost with it.
macro_rules! source {
    ($id:literal, $deadline:expr, $by_hand:literal, $read:path, [$($fact:ident),*]) => {
        $crate::collect::source::Source {
            id: $id,
            deadline: $deadline,
            by_hand: $by_hand,
            read: |ledger: $crate::collect::source::Ledger| -> $crate::collect::source::Reading { Box::pin($read(ledger)) },
            lost: |_case, _gap| { $($crate::collect::source::lose(&mut _case.host.$fact, _gap);)* },
        }
    };
}
pub(super) use source;

/// Makes a fact that nobody told unknown for this reason.
pub(super) fn lose<T>(fact: &mut Fact<T>, gap: &Gap) {
    if !fact.is_known() {
        *fact = Fact::Unknown(gap.clone());
    }
}

/// The work of a source. `Err` when nothing of it could be read.
pub(super) type Reading = Pin<Box<dyn Future<Output = Result<(), Gap>> + Send>>;

/// What a source is given to read this machine with.
pub(super) struct Machine {
    /// Where tools are looked for.
    pub tools: Tools,
    /// The folder that stands for `/`.
    pub root: PathBuf,
    /// Whether this process runs as root.
    pub is_root: bool,
    /// Processes of interest, read once for all sources.
    pub processes: OnceCell<Result<Vec<Process>, Gap>>,
}

/// Where a source writes down what it reads, as it reads it: what stands here stays when its time is up.
#[derive(Clone)]
pub(super) struct Ledger {
    /// The machine.
    pub machine: Arc<Machine>,
    /// When the source is given up.
    pub until: Instant,
    /// Which source it is, and the place of this piece of work in it.
    pub place: Position,
    /// To whom it is handed.
    pub to: mpsc::UnboundedSender<(Position, Entry)>,
}

/// Where an entry stands in the finished case: pieces of work that run side by side finish in any order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    /// Number of the source.
    pub source: usize,
    /// Number of the piece of work in it.
    pub piece: usize,
}

/// One thing that a source read or could not read.
pub(super) enum Entry {
    /// Facts.
    Facts(Apply),
    /// Something that could not be read.
    Unread(Unread),
}

impl Ledger {
    /// The same ledger for piece of work number `piece`, whose entries stand after those of smaller numbers.
    pub fn at(&self, piece: usize) -> Self {
        let mut ledger = self.clone();
        ledger.place.piece = piece;
        ledger
    }

    /// Hands over a change of the case.
    pub fn facts(&self, apply: impl Fn(&mut Case) + Send + 'static) {
        self.to.send((self.place, Entry::Facts(Box::new(apply)))).ok();
    }

    /// Hands over the printed output of a command (or `cat` of a file) for parsing. What does not look whole is taken in for
    /// what it says, and never for all there is.
    pub fn output(&self, command: &str, text: String) {
        match parse::heard(command, &text) {
            Heard::Nothing => {}
            Heard::All => self.absorb(command.to_owned(), text),
            Heard::Part(name) => {
                self.unread(name, &cut(), command);
                self.part(command, text);
            }
        }
    }

    /// Hands over the beginning of an output: rows that are not in it may be there all the same.
    pub fn part(&self, command: &str, text: String) {
        self.absorb(format!("{command} | head"), text);
    }

    fn absorb(&self, command: String, text: String) {
        let output = Output {
            on: Place::Host,
            command,
            text,
        };
        self.facts(move |case| parse::absorb(case, &output));
    }

    /// Notes that `what` could not be read, and the command that would.
    pub fn unread(&self, what: &str, gap: &Gap, how: &str) {
        let unread = Unread {
            what: what.to_owned(),
            why: reason(gap),
            how: how.to_owned(),
        };
        self.to.send((self.place, Entry::Unread(unread))).ok();
    }

    /// A path of this machine.
    pub fn path(&self, absolute: &str) -> PathBuf {
        under(&self.machine.root, absolute)
    }

    /// The text of a file. It blocks for as long as the file does, in a thread for that.
    pub async fn file(&self, absolute: &str) -> Result<String, Gap> {
        let path = self.path(absolute);
        blocking(move || file::read(&path)).await?
    }

    /// Runs a command within what is left of this source's time, and at most for `limit`.
    pub async fn run(&self, program: &str, arguments: &[&str], limit: Duration) -> Result<Printed, Gap> {
        // A little before the source's own end, so that it can still say what it missed.
        let left = self.until.saturating_duration_since(Instant::now());
        let left = left.saturating_sub(Duration::from_millis(50));
        run::run(&self.machine.tools, program, arguments, limit.min(left)).await
    }

    /// Runs a command and hands its output over for parsing under its command line.
    pub async fn run_output(
        &self,
        program: &str,
        arguments: &[&str],
        limit: Duration,
    ) -> Result<Printed, Gap> {
        let printed = self.run(program, arguments, limit).await?.checked()?;
        self.output(&command_line(program, arguments), printed.stdout.clone());
        Ok(printed)
    }

    /// The processes of interest.
    pub async fn processes(&self) -> Result<Vec<Process>, Gap> {
        let read = super::processes::read;
        self.machine
            .processes
            .get_or_init(|| async { blocking(read).await.and_then(|processes| processes) })
            .await
            .clone()
    }
}

/// Why an output is not believed to be all that its tool had to say.
pub(super) fn cut() -> Gap {
    Gap {
        why: Why::CouldNotParse,
        detail: "it does not look whole".to_owned(),
    }
}

/// `absolute` below `root`. A path of Windows is one, too, so that its sources can be tried elsewhere.
pub(super) fn under(root: &Path, absolute: &str) -> PathBuf {
    if !cfg!(windows) && absolute.get(1..3) == Some(":\\") {
        return root.join(absolute.replace('\\', "/"));
    }
    root.join(absolute.trim_start_matches('/'))
}

/// A piece of work of a source.
pub(super) type Work<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Does all of it, at most `most` pieces at a time.
pub(super) async fn side_by_side(most: usize, work: Vec<Work<'_>>) {
    futures_util::stream::iter(work)
        .for_each_concurrent(most, |piece| piece)
        .await;
}

/// Runs what blocks in a thread for that.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Gap> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Gap {
        why: Why::Failed,
        detail: error.to_string(),
    })
}

/// The command line by which a person prints a file.
pub(super) fn print_file(path: &str) -> String {
    if path.get(1..3) == Some(":\\") {
        // A file name of Windows holds no double quote.
        format!("type \"{path}\"")
    } else {
        command_line("cat", &[path])
    }
}

/// The command line as a person would type it in a POSIX shell.
pub(super) fn command_line(program: &str, arguments: &[&str]) -> String {
    let words = std::iter::once(program).chain(arguments.iter().copied());
    // Only a NUL cannot be quoted, and no argument that was run holds one.
    shlex::try_join(words).unwrap_or_else(|_| program.to_owned())
}

/// A gap in the short words of [`Unread::why`].
pub(super) fn reason(gap: &Gap) -> String {
    let kind = match gap.why {
        Why::NoPermission => return "needs root".to_owned(),
        Why::ToolMissing => return "not installed".to_owned(),
        Why::TimedOut => return "timed out".to_owned(),
        Why::TooLarge => return "too large".to_owned(),
        Why::NotAsked => return "not asked".to_owned(),
        Why::Failed => "failed",
        Why::CouldNotParse => "not understood",
    };
    if gap.detail.is_empty() {
        kind.to_owned()
    } else {
        format!("{kind}: {}", gap.detail)
    }
}
