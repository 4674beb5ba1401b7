//! The window without a screen: what a frame of the heaviest pages costs, how often it is painted while probes run,
//! and what a day of watching leaves in memory. A frame is egui's pass over the page and the making of its triangles.

use std::process::{Command as Process, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use eframe::App as _;
use vmnet_doctor::gui::app::WindowApp;
use vmnet_doctor::gui::run::Start;
use vmnet_doctor::locale::Language;
use vmnet_doctor::probe::{Outcome, Sample, Told};
use vmnet_doctor::wizard::state::{MonitorRun, Page};
use vmnet_doctor::wizard::{Command, Event, Settings, Wizard};

use crate::crowd_case::crowd;
use crate::table::Table;
use crate::{median, milliseconds};

const DIAGRAM: &str = "frame: diagram of 30 segments and 200 machines, median";
const PLOTS: &str = "frame: 8 plots of 24 h at 1 Hz, median";
const PEER: &str = "frame: a page like egui's demo, median (for comparison)";
const PROBING: &str = "frame: repaints a second while 8 addresses are watched at 10 Hz";
const STILL: &str = "frame: repaints a second after the monitor was stopped";
const DAY: &str = "frame: memory after 24 simulated hours of 8 targets, above start";

/// The argument that makes this benchmark the window that watches loopback.
pub const WATCHING: &str = "watching-window";
/// The argument that makes this benchmark the window that watches for a simulated day.
pub const WATCHED_DAY: &str = "window-for-a-day";

const TARGETS: u8 = 8;
const SECONDS: u64 = 24 * 3600;
const SIZE: [f32; 2] = [1600.0, 1000.0];
/// Frames that are measured, after as many that are thrown away.
const FRAMES: u64 = 120;

/// Measures them.
pub fn rows(table: &mut Table) {
    let limit = Duration::from_millis(4);
    table.row(DIAGRAM, "4 ms", || {
        let mut screen = Screen::new();
        screen.show_crowd()?;
        let took = screen.frames(|_, _| {});
        Ok((milliseconds(took), took <= limit))
    });
    table.row(PLOTS, "4 ms", || {
        let mut screen = Screen::new();
        screen.watch();
        (0..SECONDS).for_each(|second| screen.take(second));
        // All of the day from its minutes, and an hour of it reply by reply.
        let mut took = Vec::new();
        for span in [3, 2] {
            screen.app.view_mut().monitor_span = span;
            took.push(screen.frames(|screen, frame| screen.take(SECONDS + frame)));
        }
        let worst = took.iter().max().copied().unwrap_or_default();
        let each: Vec<String> = took.into_iter().map(milliseconds).collect();
        Ok((format!("{} (day, hour)", each.join(", ")), worst <= limit))
    });
    table.row(PEER, "", || {
        let context = egui::Context::default();
        let mut state = Demo::default();
        let took = frames(&context, |ui| demo(ui, &mut state));
        Ok((milliseconds(took), true))
    });
    if table.wants(PROBING) || table.wants(STILL) {
        let told = child(WATCHING).and_then(|text| {
            let mut words = text
                .split_whitespace()
                .filter_map(|word| word.parse::<f64>().ok());
            Ok((
                words.next().ok_or("nothing was told")?,
                words.next().ok_or("nothing was told")?,
                words.next().ok_or("nothing was told")?,
            ))
        });
        table.row(PROBING, "4", || {
            let (probing, _, replies) = told.clone()?;
            let figure = format!("{probing:.1} ({replies:.0} replies)");
            Ok((figure, probing <= 4.0 && replies > 0.0))
        });
        table.row(STILL, "0", || {
            let (_, still, _) = told.clone()?;
            Ok((format!("{still:.1}"), still == 0.0))
        });
    }
    table.row(DAY, "30 MB", || {
        let text = child(WATCHED_DAY)?;
        let grown: f64 = text.trim().parse().map_err(|_| format!("told: {text}"))?;
        Ok((format!("{grown:.1} MB"), grown <= 30.0))
    });
}

/// The window without a screen.
struct Screen {
    context: egui::Context,
    app: WindowApp,
    frame: eframe::Frame,
    /// Frames that were painted for a median so far: time goes on from one median to the next.
    counted: u64,
}

impl Screen {
    fn new() -> Self {
        let context = egui::Context::default();
        let settings = Settings {
            language: Some(Language::English),
            ..Settings::default()
        };
        let app = WindowApp::new(&context, Wizard::replaying(settings));
        Self {
            context,
            app,
            frame: eframe::Frame::_new_kittest(),
            counted: 0,
        }
    }

    fn show_crowd(&mut self) -> Result<(), String> {
        self.app.wizard_mut().send(Command::Scan);
        let job = self.app.wizard().state().jobs.scan.ok_or("no scan")?;
        self.app.wizard_mut().tell(Event::Scanned {
            job,
            facts: Box::new(crowd()),
            took: Duration::from_millis(10),
        });
        self.app.wizard_mut().send(Command::Go(Page::Overview));
        Ok(())
    }

    fn watch(&mut self) {
        let wizard = self.app.wizard_mut();
        for last in 1..=TARGETS {
            wizard.send(Command::MonitorAdd {
                address: [192, 168, 122, last].into(),
                label: String::new(),
            });
        }
        wizard.send(Command::MonitorStart);
        wizard.send(Command::Go(Page::Monitor));
    }

    /// One second's answers of all targets; a few never come, and one machine is away for a while each hour.
    fn take(&mut self, second: u64) {
        let ids: Vec<u64> = self
            .app
            .wizard()
            .state()
            .monitor
            .targets
            .iter()
            .map(|target| target.id)
            .collect();
        let samples = ids.into_iter().enumerate().map(|(index, id)| {
            let index = index as u64;
            let random = (second * 8 + index).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
            let away = index == 3 && second % 3600 < 30;
            let time_us = (!random.is_multiple_of(500) && !away).then_some(200 + (random % 700) as u32);
            let outcome = if time_us.is_some() {
                Outcome::Reply
            } else {
                Outcome::Lost
            };
            let at_ms = second * 1000 + index;
            (
                id,
                Sample {
                    at_ms,
                    time_us,
                    outcome,
                },
                Told::default(),
            )
        });
        let samples = samples.collect();
        self.app.wizard_mut().tell(Event::Monitored { samples });
    }

    fn paint(&mut self, input: egui::RawInput) {
        let Self {
            context, app, frame, ..
        } = self;
        pass(context, input, |ui| {
            app.logic(ui.ctx(), frame);
            app.ui(ui, frame);
        });
    }

    /// The median time of a frame; `before` is what happens between two of them and does not count. It is told which of
    /// all frames follows.
    fn frames(&mut self, mut before: impl FnMut(&mut Self, u64)) -> Duration {
        let mut times = Vec::new();
        for number in 0..2 * FRAMES {
            let all = self.counted;
            self.counted += 1;
            before(self, all);
            let start = Instant::now();
            self.paint(moving(all));
            if number >= FRAMES {
                times.push(start.elapsed());
            }
        }
        median(times)
    }
}

/// The median time of a frame of something else.
fn frames(context: &egui::Context, mut draw: impl FnMut(&mut egui::Ui)) -> Duration {
    let mut times = Vec::new();
    for number in 0..2 * FRAMES {
        let start = Instant::now();
        pass(context, moving(number), &mut draw);
        if number >= FRAMES {
            times.push(start.elapsed());
        }
    }
    median(times)
}

/// What is put in for a frame of which nothing can be taken from the one before: the pointer goes across the window.
fn moving(number: u64) -> egui::RawInput {
    let step = (number % FRAMES) as f32 / FRAMES as f32;
    let at = egui::pos2(400.0 + 1000.0 * step, 200.0 + 600.0 * step);
    egui::RawInput {
        time: Some(number as f64 / 4.0),
        events: vec![egui::Event::PointerMoved(at)],
        ..still()
    }
}

/// What is put in when nobody does anything.
fn still() -> egui::RawInput {
    egui::RawInput {
        screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, SIZE.into())),
        ..egui::RawInput::default()
    }
}

/// One frame, up to the triangles that a screen would get.
fn pass(context: &egui::Context, input: egui::RawInput, draw: impl FnMut(&mut egui::Ui)) {
    let mut output = context.run_ui(input, draw);
    output.textures_delta.clear();
    let triangles = context.tessellate(output.shapes, output.pixels_per_point);
    std::hint::black_box(triangles);
}

/// What egui's demo shows on one screen: every widget, a table of text, and lines.
#[derive(Default)]
struct Demo {
    checked: bool,
    number: f32,
    text: String,
    radio: u8,
}

fn demo(ui: &mut egui::Ui, state: &mut Demo) {
    egui::Panel::left("demos").exact_size(200.0).show(ui, |ui| {
        for name in 0..24 {
            ui.selectable_label(name == 3, format!("Demo {name}")).clicked();
        }
    });
    egui::CentralPanel::default().show(ui, |ui| {
        egui::ScrollArea::vertical().show(ui, |ui| {
            ui.columns(3, |columns| {
                for (index, ui) in columns.iter_mut().enumerate() {
                    for row in 0..12 {
                        ui.push_id((index, row), |ui| {
                            ui.horizontal(|ui| {
                                ui.label("Label");
                                ui.hyperlink_to("link", "https://example.org");
                                ui.checkbox(&mut state.checked, "Checkbox");
                            });
                            ui.horizontal(|ui| {
                                ui.radio_value(&mut state.radio, 0, "First");
                                ui.radio_value(&mut state.radio, 1, "Second");
                                ui.add(egui::Slider::new(&mut state.number, 0.0..=360.0));
                            });
                            ui.horizontal(|ui| {
                                ui.add(egui::TextEdit::singleline(&mut state.text).desired_width(100.0));
                                ui.button("Button").clicked();
                                ui.add(egui::ProgressBar::new(state.number / 360.0).desired_width(80.0));
                            });
                        });
                    }
                }
            });
            egui_plot::Plot::new("waves").height(200.0).show(ui, |plot| {
                for line in 0..3 {
                    let points =
                        (0..500).map(|x| [f64::from(x), (f64::from(x) / 30.0 + f64::from(line)).sin()]);
                    plot.line(egui_plot::Line::new(
                        "wave",
                        egui_plot::PlotPoints::from_iter(points),
                    ));
                }
            });
        });
    });
}

/// Runs this benchmark as something else, in a home of its own, and returns what that prints.
fn child(role: &str) -> Result<String, String> {
    let this = std::env::current_exe().map_err(|error| error.to_string())?;
    let home = std::env::temp_dir().join(format!("vmnet-doctor-bench-{}", std::process::id()));
    std::fs::create_dir_all(&home).map_err(|error| error.to_string())?;
    let output = Process::new(this)
        .arg(role)
        .env("HOME", &home)
        .env("XDG_CONFIG_HOME", &home)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    std::fs::remove_dir_all(&home).ok();
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
    }
}

/// A window with the real worker behind it that watches eight addresses of loopback; it is painted when it asks for
/// it, as a desktop would do. Prints frames a second while watching, after the stop, and how many replies came.
pub fn watching() -> ExitCode {
    let watched = Duration::from_secs(10);
    let context = egui::Context::default();
    // When the next frame is due, in microseconds since the start; none is far away.
    let due = Arc::new(AtomicU64::new(0));
    let start = Instant::now();
    let asked = Arc::clone(&due);
    context.set_request_repaint_callback(move |wish| {
        let at = start.elapsed().saturating_add(wish.delay);
        asked.fetch_min(
            u64::try_from(at.as_micros()).unwrap_or(u64::MAX),
            Ordering::Relaxed,
        );
    });
    let creation = eframe::CreationContext::_new_kittest(context.clone());
    let settings = Settings::default();
    let language = Language::English;
    let app = WindowApp::for_desktop(
        &creation,
        Start::default(),
        settings,
        language,
        None,
        Arc::default(),
    );
    let frame = eframe::Frame::_new_kittest();
    let mut screen = Screen {
        context,
        app,
        frame,
        counted: 0,
    };
    let mut painted = 0_u64;
    let mut run = |screen: &mut Screen, time: Duration| -> f64 {
        let (begin, before) = (Instant::now(), painted);
        while begin.elapsed() < time {
            let now = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
            if due.load(Ordering::Relaxed) <= now {
                due.store(u64::MAX, Ordering::Relaxed);
                painted += 1;
                screen.paint(still());
            } else {
                std::thread::sleep(Duration::from_millis(2));
            }
        }
        (painted - before) as f64 / time.as_secs_f64()
    };
    // The scan, and its end.
    run(&mut screen, Duration::from_secs(8));
    let wizard = screen.app.wizard_mut();
    for last in 1..=TARGETS {
        wizard.send(Command::MonitorAdd {
            address: [127, 0, 0, last].into(),
            label: String::new(),
        });
    }
    wizard.send(Command::MonitorInterval(Duration::from_millis(100)));
    wizard.send(Command::Go(Page::Monitor));
    wizard.send(Command::MonitorStart);
    screen.context.request_repaint();
    run(&mut screen, Duration::from_secs(2));
    let probing = run(&mut screen, watched);
    screen.app.wizard_mut().send(Command::MonitorStop);
    let stopped = screen.app.wizard().state().monitor.run == MonitorRun::Stopped;
    screen.context.request_repaint();
    run(&mut screen, Duration::from_secs(2));
    let still = run(&mut screen, watched);
    let targets = &screen.app.wizard().state().monitor.targets;
    let replies: u64 = targets
        .iter()
        .map(|target| target.history.statistics().received)
        .sum();
    println!("{probing} {still} {replies}");
    ExitCode::from(u8::from(!stopped))
}

/// A window that watches eight addresses for a day, painted every simulated minute. Prints by how many megabytes it
/// grew since its first frames.
pub fn watched_day() -> ExitCode {
    let mut screen = Screen::new();
    screen.watch();
    (0..20).for_each(|number| screen.paint(moving(number)));
    let before = resident();
    for second in 0..SECONDS {
        screen.take(second);
        if second % 60 == 0 {
            screen.app.view_mut().monitor_span = (second / 3600 % 4) as usize;
            screen.paint(moving(20 + second));
        }
    }
    match (before, resident()) {
        (Ok(before), Ok(after)) => {
            println!("{}", after - before);
            ExitCode::SUCCESS
        }
        (Err(why), _) | (_, Err(why)) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// Resident memory of this process in MB.
fn resident() -> Result<f64, String> {
    let status = std::fs::read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    Ok(kibibytes.ok_or("no VmRSS")? * 1024.0 / 1e6)
}
