//! What stands in front of the page: where to open from, where to save to, and the list of shortcuts.
//!
//! A path can always be typed; the system's own dialog only fills it in. In a small virtual machine there is
//! none, and the program must not depend on it.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::time::{Duration, Instant};

use egui::{Id, Modal, Ui};

use super::command::{UserCommand, shortcuts};
use super::page::{Scene, redaction};
use super::palette;
use super::theme::{font, space, tokens};
use super::widget::{
    InputField, heading, labelled_input, link_button, primary_button, radio_card, secondary,
    secondary_button, segmented,
};
use crate::wizard::example::Example;
use crate::wizard::state::Page;
use crate::wizard::{Command, ReportFormat};

/// A system without a dialog says so faster than any person can answer.
const NO_PERSON: Duration = Duration::from_millis(400);

/// What stands in front of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialog {
    /// Where to open a case from.
    Open,
    /// Where to save the report to.
    SaveReport,
    /// Where to save the case to.
    SaveCase,
    /// Where to save the diagram to.
    SaveDiagram,
    /// Where to save the monitor's table to.
    ExportCsv,
    /// Which file the monitor appends to.
    AppendTo,
    /// The list of shortcuts.
    Shortcuts,
    /// The shipped examples.
    Examples,
    /// Every command by its name.
    Palette,
    /// Whether to close the window although something was not saved.
    Leave,
}

/// What the dialogs remember while they are shown.
#[derive(Debug, Default)]
pub struct Dialogs {
    /// The one that is shown.
    pub shown: Option<Dialog>,
    /// The folder that paths begin in.
    pub folder: PathBuf,
    /// The path in the box.
    pub path: String,
    /// The path that was opened last from here: when it was wrong, it needs not be typed once more.
    pub opened: String,
    /// The report's form.
    pub format: usize,
    /// The system's own dialog, while it is open.
    browsing: Option<Browsing>,
    /// Whether the system has no dialog of its own.
    pub no_system_dialog: bool,
}

#[derive(Debug)]
struct Browsing {
    since: Instant,
    answer: Receiver<Option<PathBuf>>,
}

impl Dialogs {
    /// Shows `dialog` with the path that it usually begins with.
    pub fn show(&mut self, dialog: Dialog) {
        self.shown = Some(dialog);
        self.path = match dialog {
            Dialog::SaveReport => self.report_path(),
            Dialog::SaveCase => self.in_folder("vmnet-doctor-case.json"),
            Dialog::SaveDiagram => self.in_folder("vmnet-doctor-diagram.svg"),
            Dialog::ExportCsv => self.in_folder("vmnet-doctor.csv"),
            Dialog::AppendTo => self.in_folder("vmnet-doctor-monitor.csv"),
            Dialog::Open => self.opened.clone(),
            Dialog::Shortcuts | Dialog::Examples | Dialog::Palette | Dialog::Leave => String::new(),
        };
    }

    /// Takes the dialog away.
    pub fn close(&mut self) {
        self.shown = None;
        self.browsing = None;
    }

    /// The chosen form of the report.
    pub fn report_format(&self) -> ReportFormat {
        ReportFormat::ALL
            .get(self.format)
            .copied()
            .unwrap_or(ReportFormat::Html)
    }

    fn report_path(&self) -> String {
        self.in_folder(&format!(
            "vmnet-doctor-report.{}",
            self.report_format().extension()
        ))
    }

    fn in_folder(&self, name: &str) -> String {
        self.folder.join(name).to_string_lossy().into_owned()
    }

    /// Opens the system's own dialog on a thread of its own; the window goes on painting.
    pub fn browse(&mut self, context: &egui::Context) {
        let Some(dialog) = self.shown.filter(|_| self.browsing.is_none()) else {
            return;
        };
        let (to, answer) = mpsc::channel();
        let context = context.clone();
        let path = PathBuf::from(&self.path);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        // Made here because macOS wants it on the window's thread; waited for elsewhere.
        let mut picker = rfd::AsyncFileDialog::new().set_directory(folder.unwrap_or(&self.folder));
        if let Some(name) = path.file_name().and_then(|name| name.to_str()) {
            picker = picker.set_file_name(name);
        }
        let future: std::pin::Pin<Box<dyn Future<Output = Option<rfd::FileHandle>> + Send>> = match dialog {
            Dialog::Open => Box::pin(picker.add_filter("JSON", &["json"]).pick_file()),
            Dialog::SaveReport => {
                let extension = self.report_format().extension();
                Box::pin(picker.add_filter(extension, &[extension]).save_file())
            }
            Dialog::SaveCase => Box::pin(picker.add_filter("JSON", &["json"]).save_file()),
            Dialog::SaveDiagram => Box::pin(picker.add_filter("SVG", &["svg"]).save_file()),
            Dialog::ExportCsv => Box::pin(picker.add_filter("CSV, JSON", &["csv", "json"]).save_file()),
            Dialog::AppendTo => Box::pin(picker.add_filter("CSV", &["csv"]).save_file()),
            Dialog::Shortcuts | Dialog::Examples | Dialog::Palette | Dialog::Leave => return,
        };
        let started = std::thread::Builder::new()
            .name("file dialog".to_owned())
            .spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build();
                let chosen = runtime.ok().and_then(|runtime| runtime.block_on(future));
                // The window may have been closed meanwhile.
                to.send(chosen.map(|file| file.path().to_owned())).ok();
                context.request_repaint();
            });
        match started {
            Ok(_) => {
                self.browsing = Some(Browsing {
                    since: Instant::now(),
                    answer,
                });
            }
            Err(_) => self.no_system_dialog = true,
        }
    }

    /// Takes in what the system's own dialog brought.
    pub fn poll(&mut self) {
        let Some(browsing) = &self.browsing else { return };
        match browsing.answer.try_recv() {
            Ok(Some(path)) => {
                if let Some(format) = ReportFormat::from_path(&path)
                    && self.shown == Some(Dialog::SaveReport)
                {
                    self.format = ReportFormat::ALL
                        .iter()
                        .position(|known| *known == format)
                        .unwrap_or(0);
                }
                self.path = path.to_string_lossy().into_owned();
                self.browsing = None;
            }
            Ok(None) | Err(TryRecvError::Disconnected) => {
                self.no_system_dialog = browsing.since.elapsed() < NO_PERSON;
                self.browsing = None;
            }
            Err(TryRecvError::Empty) => {}
        }
    }

    /// Whether the system's own dialog is open.
    pub fn is_browsing(&self) -> bool {
        self.browsing.is_some()
    }

    /// What *Enter* asks for in the dialog that is shown.
    pub fn primary(&self, redact: bool) -> Option<UserCommand> {
        let path = self.path.trim();
        if path.is_empty() {
            return None;
        }
        let path = PathBuf::from(path);
        Some(UserCommand::Do(match self.shown? {
            Dialog::Open => Command::OpenFile(path),
            Dialog::SaveReport => Command::SaveReport {
                path,
                format: self.report_format(),
                redact,
            },
            Dialog::SaveCase => Command::SaveCase(path),
            Dialog::SaveDiagram => Command::SaveDiagram { path, redact },
            Dialog::ExportCsv => Command::ExportMonitorCsv(path),
            Dialog::AppendTo => Command::MonitorAppend(Some(path)),
            Dialog::Shortcuts | Dialog::Examples | Dialog::Palette | Dialog::Leave => return None,
        }))
    }
}

/// Between the window's edge and a dialog, where the window is small.
const AROUND: f32 = 20.0;

/// Inside a dialog.
const PADDING: f32 = 20.0;

/// Widest dialog: lines of text that are still read with ease.
const WIDEST: f32 = 520.0;

/// Draws the dialog that is shown: what it says in the part that scrolls, its buttons below that.
pub fn draw(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(dialog) = scene.view.dialogs.shown else {
        return;
    };
    let frame = egui::Frame::new()
        .fill(tokens(ui).surface)
        .stroke(egui::Stroke::new(space::LINE, tokens(ui).border))
        .corner_radius(space::CARD_RADIUS)
        .shadow(ui.visuals().window_shadow)
        .inner_margin(PADDING);
    let screen = ui.ctx().content_rect();
    let width = (screen.width() - 2.0 * (AROUND + PADDING)).clamp(240.0, WIDEST);
    let height = (screen.height() - 2.0 * (AROUND + PADDING)).max(120.0);
    // egui remembers the size of an area by its id: each dialog has its own.
    let id = Id::unique(("dialog", dialog));
    let modal = Modal::new(id).frame(frame).show(ui.ctx(), |ui| {
        ui.set_width(width);
        // Not what it was the last time: what is unfolded in it makes it larger.
        ui.set_max_height(height);
        let foot = id.with("foot");
        let below = ui.data(|data| data.get_temp::<f32>(foot)).unwrap_or(0.0);
        let room = (height - below - ui.spacing().item_spacing.y).max(space::CONTROL_HEIGHT);
        if dialog == Dialog::Palette {
            palette::draw(ui, scene, room);
            return;
        }
        egui::ScrollArea::vertical()
            .max_height(room)
            .min_scrolled_height(space::CONTROL_HEIGHT)
            .show(ui, |ui| body(ui, scene, dialog));
        let drawn = ui.scope(|ui| buttons_of(ui, scene, dialog)).response.rect;
        if (drawn.height() - below).abs() > 0.5 {
            ui.data_mut(|data| data.insert_temp(foot, drawn.height()));
            ui.ctx().request_repaint();
        }
    });
    if modal.backdrop_response.clicked() {
        scene.wish(UserCommand::Close);
    }
}

/// What a dialog says and asks for.
fn body(ui: &mut Ui, scene: &mut Scene<'_>, dialog: Dialog) {
    match dialog {
        Dialog::Open => open(ui, scene),
        Dialog::SaveReport => save_report(ui, scene),
        Dialog::SaveCase => save_to(ui, scene, "window-case-title", "window-case-text"),
        Dialog::SaveDiagram => {
            save_to(ui, scene, "window-diagram-title", "window-diagram-text");
            redaction(ui, scene);
        }
        Dialog::ExportCsv => save_to(ui, scene, "window-csv-title", "window-csv-text"),
        Dialog::AppendTo => save_to(ui, scene, "window-append-title", "window-append-text"),
        Dialog::Shortcuts => list_shortcuts(ui, scene),
        Dialog::Examples => examples(ui, scene),
        Dialog::Leave => {
            heading(ui, &scene.text("window-leave-title"));
            secondary(ui, &scene.text("window-leave-text"));
        }
        Dialog::Palette => {}
    }
}

/// The buttons of a dialog, the one that leads on outermost.
fn buttons_of(ui: &mut Ui, scene: &mut Scene<'_>, dialog: Dialog) {
    ui.add_space(space::GAP);
    match dialog {
        Dialog::Open => buttons(ui, scene, "window-open-do"),
        Dialog::SaveReport | Dialog::SaveCase | Dialog::SaveDiagram | Dialog::ExportCsv => {
            buttons(ui, scene, "window-save-do");
        }
        Dialog::AppendTo => buttons(ui, scene, "window-append-do"),
        Dialog::Shortcuts => one_button(ui, scene, "window-close"),
        Dialog::Examples => one_button(ui, scene, "window-cancel"),
        Dialog::Leave => leave(ui, scene),
        Dialog::Palette => {}
    }
}

fn open(ui: &mut Ui, scene: &mut Scene<'_>) {
    heading(ui, &scene.text("window-open-title"));
    secondary(ui, &scene.text("window-open-text"));
    path_box(ui, scene, "window-open-path");
    let recent = &scene.state.settings.recent;
    if !recent.is_empty() {
        ui.add_space(space::STEP);
        secondary(ui, &scene.text("window-open-recent"));
        for path in recent.iter().take(5) {
            if link_button(ui, &shown_path(path)).clicked() {
                scene.wish(Command::OpenFile(path.clone()));
                scene.wish(UserCommand::Close);
            }
        }
    }
    if link_button(ui, &scene.text("window-open-example")).clicked() {
        scene.wish(UserCommand::Show(Dialog::Examples));
    }
}

fn save_report(ui: &mut Ui, scene: &mut Scene<'_>) {
    heading(ui, &scene.text("window-save-title"));
    secondary(ui, &scene.text("window-save-text"));
    ui.add_space(space::STEP);
    let names = [
        scene.text("window-save-html"),
        scene.text("window-save-markdown"),
        scene.text("window-save-json"),
    ];
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let format = scene.text("window-save-format");
    let mut chosen = scene.view.dialogs.format;
    if segmented(ui, &format, &names, &mut chosen) {
        let dialogs = &mut scene.view.dialogs;
        dialogs.format = chosen;
        let extension = dialogs.report_format().extension();
        dialogs.path = Path::new(&dialogs.path)
            .with_extension(extension)
            .to_string_lossy()
            .into_owned();
    }
    path_box(ui, scene, "window-save-path");
    redaction(ui, scene);
}

fn save_to(ui: &mut Ui, scene: &mut Scene<'_>, title: &str, text: &str) {
    heading(ui, &scene.text(title));
    secondary(ui, &scene.text(text));
    path_box(ui, scene, "window-save-path");
}

fn path_box(ui: &mut Ui, scene: &mut Scene<'_>, label: &str) {
    ui.add_space(space::STEP);
    let label = scene.text(label);
    let field = InputField {
        label: &label,
        mono: true,
        ..InputField::default()
    };
    let response = labelled_input(ui, &mut scene.view.dialogs.path, &field);
    if response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter)) {
        scene.wish(UserCommand::Primary);
    }
    if scene.view.dialogs.is_browsing() {
        secondary(ui, &scene.text("window-browse-open"));
    } else if scene.view.dialogs.no_system_dialog {
        secondary(ui, &scene.text("window-browse-none"));
    } else if link_button(ui, &scene.text("window-browse")).clicked() {
        scene.wish(UserCommand::Browse);
    }
}

fn buttons(ui: &mut Ui, scene: &mut Scene<'_>, action: &str) {
    at_the_right(ui, |ui| {
        let ready = !scene.view.dialogs.path.trim().is_empty();
        ui.add_enabled_ui(ready, |ui| {
            if primary_button(ui, &scene.text(action)).clicked() {
                scene.wish(UserCommand::Primary);
            }
        });
        if secondary_button(ui, &scene.text("window-cancel")).clicked() {
            scene.wish(UserCommand::Close);
        }
    });
}

fn one_button(ui: &mut Ui, scene: &mut Scene<'_>, text: &str) {
    at_the_right(ui, |ui| {
        if secondary_button(ui, &scene.text(text)).clicked() {
            scene.wish(UserCommand::Close);
        }
    });
}

/// One row of buttons, as high as they are.
fn at_the_right(ui: &mut Ui, buttons: impl FnOnce(&mut Ui)) {
    let size = egui::vec2(ui.available_width(), space::CONTROL_HEIGHT);
    let layout = egui::Layout::right_to_left(egui::Align::Center);
    ui.allocate_ui_with_layout(size, layout, buttons);
}

fn examples(ui: &mut Ui, scene: &mut Scene<'_>) {
    heading(ui, &scene.text("window-examples-title"));
    secondary(ui, &scene.text("window-examples-text"));
    ui.add_space(space::STEP);
    for example in Example::ALL {
        let key = example.title_key();
        let title = scene.text(key);
        let text = scene.text(&format!("{key}-text"));
        if radio_card(ui, false, &title, &text).clicked() {
            scene.wish(UserCommand::All(vec![
                Command::OpenExample(example),
                Command::Go(Page::Overview),
            ]));
            scene.wish(UserCommand::Close);
        }
    }
}

/// The diagnosis is in no file yet.
fn leave(ui: &mut Ui, scene: &mut Scene<'_>) {
    ui.horizontal_wrapped(|ui| {
        if primary_button(ui, &scene.text("window-save-case")).clicked() {
            scene.wish(UserCommand::Show(Dialog::SaveCase));
        }
        if secondary_button(ui, &scene.text("window-leave-do")).clicked() {
            scene.wish(UserCommand::Leave);
        }
        if secondary_button(ui, &scene.text("window-cancel")).clicked() {
            scene.wish(UserCommand::Close);
        }
    });
}

fn list_shortcuts(ui: &mut Ui, scene: &mut Scene<'_>) {
    heading(ui, &scene.text("window-shortcuts-title"));
    ui.add_space(space::STEP);
    for shortcut in shortcuts() {
        ui.horizontal(|ui| {
            // Signs as they stand on the keys: their names are English.
            let keys = ui.ctx().format_shortcut(&shortcut.keys);
            let keys = keys
                .replace("Questionmark", "?")
                .replace("Minus", "−")
                .replace("Plus", "+");
            ui.scope(|ui| {
                ui.set_width(120.0);
                ui.label(
                    egui::RichText::new(keys)
                        .font(font::command())
                        .color(tokens(ui).text),
                );
            });
            secondary(ui, &scene.text(shortcut.text));
        });
    }
}

/// A path as it is shown: its end, for that is where paths differ.
fn shown_path(path: &Path) -> String {
    let text = crate::diagram::plain(&path.to_string_lossy());
    let length = text.chars().count();
    if length <= 60 {
        text
    } else {
        format!("…{}", text.chars().skip(length - 59).collect::<String>())
    }
}
