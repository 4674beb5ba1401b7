//! Everything a person can ask of the application.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;

use super::example::Example;
use super::settings::Theme;
use super::state::{Draft, Page};
use crate::locale::Language;
use crate::model::{Endpoint, HypervisorId, Mode, Os, Place};
pub use crate::report::Format as ReportFormat;

/// One wish of the user. Buttons, shortcuts and menus all speak in these.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Reads this machine, anew where it was read before; leaves a replayed case.
    Scan,
    /// Reads this machine once more with administrator rights, through the system's own prompt.
    ReadWithRights,
    /// Stops the check, the sweep, the scan and the waiting for more rights.
    Cancel,
    /// Opens a saved case or JSON report.
    OpenFile(PathBuf),
    /// Opens a shipped example.
    OpenExample(Example),
    /// Shows a page.
    Go(Page),
    /// Shows the page before; from a page that was reached by skipping, the skipped one.
    Back,
    /// Says which product it is; `None` leaves it to detection.
    ChooseHypervisor(Option<HypervisorId>),
    /// Says how the card is connected; `None` leaves it to detection.
    ChooseMode(Option<Mode>),
    /// Says which machine it is; goes on by itself: to the check when everything else is unambiguous.
    ChooseMachine {
        /// The product it belongs to.
        hypervisor: HypervisorId,
        /// Its name.
        name: String,
    },
    /// Says which card of the machine it is, by its slot; `None` leaves it to detection.
    ChooseNic(Option<u32>),
    /// Says who cannot reach whom.
    SetEnds {
        /// Where the traffic starts.
        from: Endpoint,
        /// Where it should arrive.
        to: Endpoint,
    },
    /// Says who cannot reach whom, and goes on by itself: to the check when everything else is unambiguous.
    ChooseSymptom {
        /// Where the traffic starts.
        from: Endpoint,
        /// Where it should arrive.
        to: Endpoint,
    },
    /// Says the guest's address (`ADDR` or `ADDR/PREFIX`); empty leaves it to detection.
    SetGuestAddress(String),
    /// Says the guest's system; `None` leaves it to detection.
    SetGuestOs(Option<Os>),
    /// Says the address or name at the other end; empty leaves it to the program.
    SetTarget(String),
    /// Says the port that should answer; `None` asks for echo.
    SetPort(Option<u16>),
    /// Keeps what is typed into a box.
    Type(Draft, String),
    /// Checks the path: probes for this machine's case, recorded ones for a replayed case.
    StartCheck,
    /// Checks again and shows before and after side by side.
    TestAgain,
    /// Takes in output that was pasted.
    Paste {
        /// The machine it is from.
        place: Place,
        /// The text.
        text: String,
    },
    /// Answers what the diagnosis asked for next.
    AnswerNext(String),
    /// Searches a segment for machines.
    Sweep {
        /// The segment.
        net: IpNet,
    },
    /// Takes the address that a sweep or a table showed as the guest's.
    UseAsGuest(IpAddr),
    /// Writes a report.
    SaveReport {
        /// Where to.
        path: PathBuf,
        /// In which form.
        format: ReportFormat,
        /// Whether names and addresses are hidden.
        redact: bool,
    },
    /// Writes the case.
    SaveCase(PathBuf),
    /// Writes the segment diagram as an SVG file.
    SaveDiagram {
        /// Where to.
        path: PathBuf,
        /// Whether names and addresses are hidden.
        redact: bool,
    },
    /// Hides names and addresses in reports, or not.
    SetRedact(bool),
    /// Lists what would be hidden of the case as it stands.
    ListHidden,
    /// Watches one more address.
    MonitorAdd {
        /// The address.
        address: IpAddr,
        /// What it is, for people; may be empty.
        label: String,
    },
    /// Watches one address less, by its number.
    MonitorRemove(u64),
    /// Starts the monitor, or goes on after a pause.
    MonitorStart,
    /// Ends the monitor; histories are kept until it starts again.
    MonitorStop,
    /// Holds the monitor.
    MonitorPause,
    /// Sets the time between two requests, held to between 100 ms and an hour.
    MonitorInterval(Duration),
    /// Sets the time between two requests to one address; `None` is that of all.
    MonitorTargetInterval {
        /// Its number.
        id: u64,
        /// The time, held to between 100 ms and an hour.
        interval: Option<Duration>,
    },
    /// Appends every reply and loss to this file from now on; `None` ends that.
    MonitorAppend(Option<PathBuf>),
    /// Holds the monitor while the window is minimized, or not.
    MonitorRests(bool),
    /// The window was minimized, or can be seen again.
    Unseen(bool),
    /// Forgets the histories, until *Undo*.
    MonitorClear,
    /// Writes the histories as a table.
    ExportMonitorCsv(PathBuf),
    /// Speaks this language; `None` speaks the system's.
    SetLanguage(Option<Language>),
    /// Wears this theme.
    SetTheme(Theme),
    /// Remembers the size of the window in points.
    SetWindowSize {
        /// Width.
        width: u32,
        /// Height.
        height: u32,
    },
    /// Remembers where the upper left corner of the window stands, in points of the desktop.
    SetWindowPosition {
        /// From the left.
        x: i32,
        /// From the top.
        y: i32,
    },
    /// Remembers whether the window fills the screen.
    SetMaximized(bool),
    /// Remembers the scale of the window in percent, held to between 50 and 300.
    SetZoom(u16),
    /// Remembers the renderer that worked; `None` forgets it.
    SetRenderer(Option<String>),
    /// Forgets the case and everything told, and reads this machine anew.
    ClearAll,
    /// Brings back what *Clear all* or opening took away.
    Undo,
    /// Says that something was put on the clipboard.
    Copied,
    /// Takes a short message away.
    DismissToast(u64),
    /// Takes the problem away.
    DismissProblem,
}
