//! The window, held against an empty one: the first painted frame, memory, and frames while nothing happens.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::display::Display;
use crate::table::Table;
use crate::{PROGRAM, median, milliseconds};

/// The argument that makes this benchmark the empty window.
pub const EMPTY: &str = "empty-window";
/// Asks the program to tell its frames on standard error.
const TELL_FRAMES: &str = "VMNET_DOCTOR_TELL_FRAMES";
/// A window that has not painted by then never will.
const PATIENCE: Duration = Duration::from_secs(60);
/// Starts of each window.
const STARTS: usize = 7;
/// Time for the scan, the toasts and the animations to end.
const SETTLING: Duration = Duration::from_secs(8);
/// Time in which frames of an idle window are counted.
const WATCHED: Duration = Duration::from_secs(10);

/// The smallest eframe program: the same renderer and size, one empty panel.
pub fn empty() -> ExitCode {
    struct Empty(u64);
    impl eframe::App for Empty {
        fn logic(&mut self, _context: &egui::Context, _frame: &mut eframe::Frame) {
            let _ = writeln!(std::io::stderr(), "frames: {}", self.0);
        }

        fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
            self.0 += 1;
            if self.0 == 1 {
                ui.ctx().request_repaint();
            }
        }
    }
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default().with_inner_size([1280.0, 820.0]),
        renderer: eframe::Renderer::Glow,
        multisampling: 0,
        ..eframe::NativeOptions::default()
    };
    match eframe::run_native("empty", options, Box::new(|_| Ok(Box::new(Empty(0))))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// All rows of the window.
pub fn rows(table: &mut Table) {
    const FIRST: &str = "window: first painted frame, of an empty eframe window's";
    const IDLE: &str = "window: repaints a second when idle";
    const MEMORY: &str = "window: memory after scan, of the empty window's";
    const DIAGNOSED: &str = "window: memory after a diagnosis, of the empty window's";
    if ![FIRST, IDLE, MEMORY, DIAGNOSED]
        .iter()
        .any(|what| table.wants(what))
    {
        return;
    }
    let desk = Desk::new();
    let desk = desk.as_ref().map_err(Clone::clone);
    table.row(FIRST, "1.30 x", || {
        let desk = desk.clone()?;
        // By turns, so that what else the machine does falls on both.
        let (mut ours, mut empty) = (Vec::new(), Vec::new());
        for turn in 0..=STARTS {
            let pair = (
                desk.open(Kind::Ours(&[]))?.painted,
                desk.open(Kind::Empty)?.painted,
            );
            if turn > 0 {
                ours.push(pair.0);
                empty.push(pair.1);
            }
        }
        let (ours, empty) = (median(ours), median(empty));
        let ratio = ours.as_secs_f64() / empty.as_secs_f64();
        Ok((format!("{} {ratio:.2} x", milliseconds(ours)), ratio <= 1.3))
    });
    table.row(IDLE, "0", || {
        let window = desk.clone()?.open(Kind::Ours(&[]))?;
        std::thread::sleep(SETTLING);
        let before = window.frames();
        std::thread::sleep(WATCHED);
        let frames = window.frames() - before;
        Ok((
            format!("{:.1}", frames as f64 / WATCHED.as_secs_f64()),
            frames == 0,
        ))
    });
    let against_empty = |ours: &'static [&'static str]| {
        let desk = desk.clone()?;
        let memory = |kind: Kind| {
            let window = desk.open(kind)?;
            std::thread::sleep(SETTLING);
            window.memory()
        };
        let (ours, empty) = (memory(Kind::Ours(ours))?, memory(Kind::Empty)?);
        let ratio = ours / empty;
        Ok((format!("{ours:.0} MB {ratio:.2} x"), ratio <= 1.25))
    };
    table.row(MEMORY, "1.25 x", || against_empty(&[]));
    table.row(DIAGNOSED, "1.25 x", || {
        against_empty(&["open", "--example", "libvirt-echo-filtered"])
    });
}

#[derive(Clone, Copy)]
enum Kind {
    Ours(&'static [&'static str]),
    Empty,
}

struct Desk {
    display: Display,
    home: tempfile::TempDir,
}

impl Desk {
    fn new() -> Result<Self, String> {
        let home = tempfile::tempdir().map_err(|error| error.to_string())?;
        Ok(Self {
            display: Display::start()?,
            home,
        })
    }

    /// Starts a window and waits for its first frame.
    fn open(&self, kind: Kind) -> Result<Window, String> {
        let mut command = match kind {
            Kind::Ours(arguments) => {
                let mut command = self.display.command(PROGRAM, self.home.path());
                command
                    .args(["--renderer", "glow", "--lang", "en"])
                    .args(arguments);
                command
            }
            Kind::Empty => {
                let this = std::env::current_exe().map_err(|error| error.to_string())?;
                let mut command = self.display.command(this, self.home.path());
                command.arg(EMPTY);
                command
            }
        };
        Window::start(&mut command)
    }
}

/// A running window, ended when dropped.
struct Window {
    process: Child,
    painted: Duration,
    told: std::cell::RefCell<(u64, mpsc::Receiver<u64>)>,
}

impl Window {
    fn start(command: &mut Command) -> Result<Self, String> {
        let start = Instant::now();
        let mut process = command
            .env(TELL_FRAMES, "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let (tell, told) = mpsc::channel();
        if let Some(err) = process.stderr.take() {
            std::thread::spawn(move || {
                for line in BufReader::new(err).lines().map_while(Result::ok) {
                    let number = line
                        .strip_prefix("frames: ")
                        .and_then(|number| number.parse().ok());
                    if number.is_some_and(|number| tell.send(number).is_err()) {
                        return;
                    }
                }
            });
        }
        let mut window = Self {
            process,
            painted: Duration::ZERO,
            told: std::cell::RefCell::new((0, told)),
        };
        loop {
            let left = PATIENCE.saturating_sub(start.elapsed());
            let frames = window
                .told
                .borrow()
                .1
                .recv_timeout(left)
                .map_err(|_| "the window did not paint")?;
            if frames >= 1 {
                window.painted = start.elapsed();
                window.told.borrow_mut().0 = frames;
                return Ok(window);
            }
        }
    }

    /// Frames begun so far.
    fn frames(&self) -> u64 {
        let mut told = self.told.borrow_mut();
        let newest = told.1.try_iter().last();
        told.0 = newest.unwrap_or(told.0);
        told.0
    }

    /// Resident memory in MB.
    fn memory(&self) -> Result<f64, String> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))
            .map_err(|error| error.to_string())?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        Ok(kibibytes.ok_or("no VmRSS")? * 1024.0 / 1e6)
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
