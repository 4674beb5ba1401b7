//! The window's application: takes in news, draws the state, and passes on what the user asked for.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use egui::Context;

use super::command::{Shortcut, UserCommand, next_theme, pressed, shortcuts};
use super::dialog::{self, Dialog};
use super::page::{self, Scene};
use super::palette::Palette;
use super::run::{Opening, RendererName, Start, back_on_screen};
use super::view::View;
use super::widget::{self, ToastIntent, toasts};
use super::{fonts, shader_compiler, shell, theme};
use crate::diagnose::Diagnosis;
use crate::locale::Language;
use crate::wizard::state::{Origin, ToastKind};
use crate::wizard::{Command, Settings, Theme, Wizard};

/// The window's title.
pub const TITLE: &str = "VM Net Doctor";

/// Shortest time between two frames that news alone cause: what runs is shown four times a second.
const NEWS_PACE: Duration = Duration::from_millis(250);

/// Set by the benchmark: every frame that is begun is told on standard error, so that the first one can be timed
/// from outside and those of an idle window counted.
const TELL_FRAMES: &str = "VMNET_DOCTOR_TELL_FRAMES";

/// A size or a position is remembered when the window has kept it this long.
const SIZE_SETTLED: Duration = Duration::from_secs(1);

/// The window's application.
pub struct WindowApp {
    wizard: Wizard,
    view: View,
    shortcuts: Vec<Shortcut>,
    /// What is opened after the first frame, so that the window stands before anything is read.
    opening: Option<Opening>,
    /// The renderer to remember once it has painted.
    remember: Option<RendererName>,
    painted: Arc<AtomicBool>,
    frames: u64,
    tell_frames: bool,
    last_frame: Arc<AtomicU64>,
    started: Instant,
    worn: Option<Theme>,
    resized: Option<((u32, u32), Instant)>,
    moved: Option<((i32, i32), Instant)>,
    /// The answer that was on screen last: what is unfolded belongs to it.
    answer: Option<Arc<Diagnosis>>,
    /// The largest texture that the renderer can hold, once it has told.
    largest_texture: Option<usize>,
    /// Whether the user said that the window may close without saving.
    leaving: bool,
}

impl WindowApp {
    /// The application on the desktop, with the user's settings.
    pub fn for_desktop(
        creation: &eframe::CreationContext<'_>,
        start: Start,
        mut settings: Settings,
        language: Language,
        remember: Option<RendererName>,
        painted: Arc<AtomicBool>,
    ) -> Self {
        if start.language.is_some() {
            settings.language = Some(language);
        }
        shader_compiler::release(creation);
        let context = creation.egui_ctx.clone();
        let started = Instant::now();
        let last_frame = Arc::new(AtomicU64::new(0));
        let wake = pace(context, started, Arc::clone(&last_frame));
        let zoom = settings.zoom;
        let mut app = Self::new(&creation.egui_ctx, Wizard::new(settings, wake));
        if let Some(percent) = zoom {
            creation
                .egui_ctx
                .set_zoom_factor(f32::from(percent.clamp(50, 300)) / 100.0);
        }
        app.view.dialogs.folder = usual_folder();
        app.opening = Some(start.opening);
        app.remember = remember;
        app.painted = painted;
        app.last_frame = last_frame;
        app.tell_frames = std::env::var_os(TELL_FRAMES).is_some();
        app.started = started;
        app
    }

    /// The application over a wizard that is made already; nothing is opened or scanned by itself.
    pub fn new(context: &Context, wizard: Wizard) -> Self {
        fonts::install(context);
        context.options_mut(|options| options.zoom_with_keyboard = false);
        let mut app = Self {
            wizard,
            view: View::default(),
            shortcuts: shortcuts(),
            opening: None,
            remember: None,
            painted: Arc::default(),
            frames: 0,
            tell_frames: false,
            last_frame: Arc::default(),
            started: Instant::now(),
            worn: None,
            resized: None,
            moved: None,
            answer: None,
            largest_texture: None,
            leaving: false,
        };
        app.wear(context);
        app
    }

    /// The wizard behind the window.
    pub fn wizard(&self) -> &Wizard {
        &self.wizard
    }

    /// The wizard behind the window, for wishes from elsewhere.
    pub fn wizard_mut(&mut self) -> &mut Wizard {
        &mut self.wizard
    }

    /// What only the window remembers.
    pub fn view_mut(&mut self) -> &mut View {
        &mut self.view
    }

    /// Puts the theme of the settings on, when it is not worn yet.
    fn wear(&mut self, context: &Context) {
        let wanted = self.wizard.state().settings.theme;
        if self.worn != Some(wanted) {
            self.worn = Some(wanted);
            theme::apply(
                context,
                match wanted {
                    Theme::System => theme::Theme::System,
                    Theme::Light => theme::Theme::Light,
                    Theme::Dark => theme::Theme::Dark,
                },
            );
        }
    }

    fn apply(&mut self, context: &Context, command: UserCommand) {
        match command {
            UserCommand::Do(command) => self.wizard.send(command),
            UserCommand::All(commands) => commands.into_iter().for_each(|one| self.wizard.send(one)),
            UserCommand::Primary => self.primary(context),
            UserCommand::Escape => {
                if self.view.dialogs.shown.is_some() {
                    self.view.dialogs.close();
                } else {
                    self.wizard.send(Command::Back);
                }
            }
            UserCommand::Copy(text) => {
                context.copy_text(text);
                self.wizard.send(Command::Copied);
            }
            UserCommand::CopyCommand => {
                if let Some(text) = widget::focused_command(context).or_else(|| self.view.command.clone()) {
                    self.apply(context, UserCommand::Copy(text));
                }
            }
            UserCommand::Show(Dialog::SaveReport) if self.wizard.state().diagnosis.is_none() => {}
            UserCommand::Show(Dialog::Palette) => {
                self.view.palette = Palette::default();
                self.view.dialogs.show(Dialog::Palette);
            }
            UserCommand::Show(dialog) => self.view.dialogs.show(dialog),
            UserCommand::Leave => {
                self.leaving = true;
                context.send_viewport_cmd(egui::ViewportCommand::Close);
            }
            UserCommand::Close => self.view.dialogs.close(),
            UserCommand::Browse => self.view.dialogs.browse(context),
            UserCommand::ZoomIn => self.zoom(context, 1.1),
            UserCommand::ZoomOut => self.zoom(context, 1.0 / 1.1),
            UserCommand::ZoomReset => self.zoom(context, 1.0 / context.zoom_factor()),
            UserCommand::NextTheme => {
                let next = next_theme(self.wizard.state().settings.theme);
                self.wizard.send(Command::SetTheme(next));
            }
            UserCommand::OpenFolder(path) => {
                let folder = path.parent().unwrap_or(&path);
                context.open_url(egui::OpenUrl::new_tab(file_url(folder)));
            }
        }
        self.wear(context);
    }

    /// The primary button of what is in front: of the dialog, else of the page.
    fn primary(&mut self, context: &Context) {
        if self.view.dialogs.shown.is_some() {
            if let Some(command) = self.view.dialogs.primary(self.wizard.state().redact) {
                if let UserCommand::Do(Command::SaveReport { path, .. } | Command::SaveCase(path)) = &command
                {
                    self.view.saved_to = Some(path.clone());
                }
                if let UserCommand::Do(Command::OpenFile(path)) = &command {
                    self.view.dialogs.opened = path.to_string_lossy().into_owned();
                }
                self.view.dialogs.close();
                self.apply(context, command);
            }
        } else if let Some(primary) = page::primary(self.wizard.state()) {
            self.apply(context, primary.command);
        }
    }

    fn zoom(&mut self, context: &Context, by: f32) {
        let factor = (context.zoom_factor() * by).clamp(0.5, 3.0);
        context.set_zoom_factor(factor);
        self.wizard
            .send(Command::SetZoom((factor * 100.0).round() as u16));
    }

    fn open_first(&mut self) {
        match self.opening.take() {
            None => {}
            Some(Opening::ThisMachine) => self.wizard.send(Command::Scan),
            Some(Opening::File(path)) => self.wizard.send(Command::OpenFile(path)),
            Some(Opening::Example(example)) => self.wizard.send(Command::OpenExample(example)),
        }
    }

    /// A diagnosis of this machine that no file has, and what was added to an opened case, is not lost to a slip
    /// of the hand.
    fn ask_before_closing(&mut self, context: &Context) {
        let state = self.wizard.state();
        let worth_it = match state.origin {
            Origin::Live => state.diagnosis.is_some(),
            Origin::File(_) => true,
            Origin::Example(_) => false,
        };
        let lost = state.unsaved && worth_it;
        if lost && !self.leaving && context.input(|input| input.viewport().close_requested()) {
            context.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            self.view.dialogs.show(Dialog::Leave);
        }
    }

    /// Remembers the window's size once it has kept it for a while.
    fn watch_size(&mut self, context: &Context) {
        // Asked before the input is borrowed: both stand behind one lock.
        let zoom = context.zoom_factor();
        let maximized = context.input(|input| input.viewport().maximized);
        if let Some(maximized) = maximized.filter(|now| *now != self.wizard.state().settings.maximized) {
            self.wizard.send(Command::SetMaximized(maximized));
        }
        let size = context.input(|input| {
            let viewport = input.viewport();
            let plain = viewport.maximized != Some(true) && viewport.fullscreen != Some(true);
            viewport
                .inner_rect
                .filter(|_| plain)
                .map(|rect| rect.size() * zoom)
        });
        let Some(size) = size.filter(|size| size.x >= 100.0 && size.y >= 100.0) else {
            return;
        };
        let size = (size.x.round() as u32, size.y.round() as u32);
        let kept = self.wizard.state().settings.window;
        if has_settled(&mut self.resized, size, kept, context) {
            let (width, height) = size;
            self.wizard.send(Command::SetWindowSize { width, height });
        }
    }

    /// Remembers where the window stands once it has stood there for a while. Not every system tells.
    fn watch_position(&mut self, context: &Context) {
        let zoom = context.zoom_factor();
        let corner = context.input(|input| {
            let viewport = input.viewport();
            let plain = viewport.maximized != Some(true)
                && viewport.fullscreen != Some(true)
                && viewport.minimized != Some(true);
            viewport
                .outer_rect
                .filter(|_| plain)
                .map(|rect| rect.min.to_vec2() * zoom)
        });
        let Some(corner) = corner.filter(|corner| corner.is_finite()) else {
            return;
        };
        let corner = (corner.x.round() as i32, corner.y.round() as i32);
        let kept = self.wizard.state().settings.position;
        if has_settled(&mut self.moved, corner, kept, context) {
            let (x, y) = corner;
            self.wizard.send(Command::SetWindowPosition { x, y });
        }
    }

    /// Forgets what was unfolded and picked when another answer or case came.
    fn fold(&mut self) {
        let answer = &self.wizard.state().diagnosis;
        let same = match (answer, &self.answer) {
            (Some(now), Some(before)) => Arc::ptr_eq(now, before),
            (None, None) => true,
            _ => false,
        };
        if !same {
            self.answer.clone_from(answer);
            self.view.cause = 0;
            self.view.stations.clear();
            self.view.from_host = false;
            self.view.picked = None;
        }
    }

    fn toasts(&mut self, context: &Context) {
        let state = self.wizard.state();
        let language = state.language();
        let texts: Vec<String> = state
            .toasts
            .iter()
            .map(|toast| language.say(&toast.text))
            .collect();
        let shown: Vec<widget::Toast<'_>> = state
            .toasts
            .iter()
            .zip(&texts)
            .map(|(toast, text)| widget::Toast {
                state: match toast.kind {
                    ToastKind::Done => widget::State::Ok,
                    ToastKind::Info => widget::State::Info,
                    ToastKind::Problem => widget::State::Broken,
                },
                text,
                undo: toast.undo,
            })
            .collect();
        let names = [language.text("window-close"), language.text("window-undo")];
        match toasts(context, &shown, names.each_ref().map(String::as_str)) {
            None => {}
            Some(ToastIntent::Undo) => self.wizard.send(Command::Undo),
            Some(ToastIntent::Close(index)) => {
                if let Some(id) = state.toasts.get(index).map(|toast| toast.id) {
                    self.wizard.send(Command::DismissToast(id));
                }
            }
        }
    }
}

impl eframe::App for WindowApp {
    fn logic(&mut self, context: &Context, frame: &mut eframe::Frame) {
        if self.tell_frames {
            // The frames before this one are on the screen.
            let _ = writeln!(std::io::stderr(), "frames: {}", self.frames);
        }
        if self.frames == 1 {
            bring_back(context, frame);
            self.painted.store(true, Ordering::Relaxed);
            self.open_first();
            if let Some(renderer) = self.remember.take() {
                self.wizard
                    .send(Command::SetRenderer(Some(renderer.name().to_owned())));
            }
        }
        let news = self.wizard.poll();
        if let Some(next) = news.next {
            context.request_repaint_after(next);
        }
        self.view.dialogs.poll();
        let dropped = context.input(|input| {
            input
                .raw
                .dropped_files
                .iter()
                .map(|file| file.path().to_owned())
                .find(|path| !path.as_os_str().is_empty())
        });
        if let Some(path) = dropped {
            self.view.dialogs.close();
            self.wizard.send(Command::OpenFile(path));
        }
        for wish in pressed(context, &self.shortcuts) {
            self.apply(context, wish);
        }
        let unseen = context.input(|input| input.viewport().minimized == Some(true));
        if unseen != self.wizard.state().monitor.unseen {
            self.wizard.send(Command::Unseen(unseen));
        }
        self.ask_before_closing(context);
        self.fold();
        self.watch_size(context);
        self.watch_position(context);
        self.wear(context);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.last_frame.store(since(self.started), Ordering::Relaxed);
        let mut wishes = Vec::new();
        self.view.command = None;
        let state = self.wizard.state();
        let mut scene = Scene {
            state,
            language: state.language(),
            view: &mut self.view,
            wishes: &mut wishes,
        };
        shell::draw(ui, &mut scene);
        dialog::draw(ui, &mut scene);
        self.toasts(ui.ctx());
        let context = ui.ctx().clone();
        if !wishes.is_empty() {
            // What was asked for shows in the next frame.
            context.request_repaint();
        }
        // A box is left by the click on a button: what was typed comes before what the button starts.
        wishes.sort_by_key(|wish| !wish.is_entry());
        for wish in wishes {
            self.apply(&context, wish);
        }
        self.frames += 1;
        if self.frames == 1 {
            context.request_repaint();
        }
    }

    fn raw_input_hook(&mut self, context: &Context, input: &mut egui::RawInput) {
        self.largest_texture = input.max_texture_side.or(self.largest_texture);
        let scale = input.viewport().native_pixels_per_point.unwrap_or(1.0) * context.zoom_factor();
        input.max_texture_side = self.largest_texture.map(|most| most.min(glyph_texture(scale)));
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}

/// Whether `now` is another value than the one that is `kept`, and has stood for a while; `waiting` is since when.
fn has_settled<T: Copy + PartialEq>(
    waiting: &mut Option<(T, Instant)>,
    now: T,
    kept: Option<T>,
    context: &Context,
) -> bool {
    let since = match *waiting {
        _ if kept == Some(now) => {
            *waiting = None;
            return false;
        }
        Some((seen, since)) if seen == now => since,
        _ => Instant::now(),
    };
    let left = SIZE_SETTLED.saturating_sub(since.elapsed());
    if left.is_zero() {
        *waiting = None;
        return true;
    }
    *waiting = Some((now, since));
    context.request_repaint_after(left);
    false
}

/// Moves a window that no screen shows to where it can be seen.
fn bring_back(context: &Context, frame: &eframe::Frame) {
    let Some(window) = frame.winit_window() else {
        return;
    };
    let Ok(corner) = window.outer_position() else {
        return;
    };
    let size = window.outer_size();
    let pixels = |x: i32, y: i32, width: u32, height: u32| {
        egui::Rect::from_min_size(
            egui::pos2(x as f32, y as f32),
            egui::vec2(width as f32, height as f32),
        )
    };
    let first = window.primary_monitor();
    let screens: Vec<egui::Rect> = first
        .into_iter()
        .chain(window.available_monitors())
        .map(|screen| (screen.position(), screen.size()))
        .map(|(at, size)| pixels(at.x, at.y, size.width, size.height))
        .collect();
    let here = pixels(corner.x, corner.y, size.width, size.height);
    if let Some(there) = back_on_screen(here, &screens) {
        let points = there / context.pixels_per_point();
        context.send_viewport_cmd(egui::ViewportCommand::OuterPosition(points));
    }
}

/// Side of the texture that glyphs are kept in, in pixels. egui makes it as wide as the renderer can, which with
/// software OpenGL is 16,384 pixels: two megabytes, twice, for a dozen rows of small letters.
fn glyph_texture(pixels_per_point: f32) -> usize {
    const AT_NORMAL_SIZE: usize = 2_048;
    // Bounded before the conversion; not a number gives 1.
    let scale = pixels_per_point.ceil().clamp(1.0, 8.0) as usize;
    AT_NORMAL_SIZE * scale.max(1)
}

/// Asks for a repaint when there are news, but not more often than [`NEWS_PACE`].
fn pace(context: Context, started: Instant, last_frame: Arc<AtomicU64>) -> impl Fn() + Send + Sync {
    move || {
        let last = Duration::from_millis(last_frame.load(Ordering::Relaxed));
        let due = last + NEWS_PACE;
        // No wait at all would be taken for a wish for two frames.
        let wait = due
            .saturating_sub(started.elapsed())
            .max(Duration::from_millis(1));
        context.request_repaint_after(wait);
    }
}

fn since(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Where files are saved unless the user says otherwise: the documents, else the home folder.
fn usual_folder() -> PathBuf {
    let dirs = directories::UserDirs::new();
    dirs.map(|dirs| dirs.document_dir().unwrap_or(dirs.home_dir()).to_owned())
        .or_else(|| std::env::current_dir().ok())
        .unwrap_or_default()
}

/// A folder as a link that the system's file manager opens.
fn file_url(folder: &Path) -> String {
    let mut url = String::from("file://");
    let text = folder.to_string_lossy().replace('\\', "/");
    if !text.starts_with('/') {
        url.push('/');
    }
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' | b':' => {
                url.push(char::from(byte));
            }
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glyphs_get_room_by_their_size() {
        assert_eq!(glyph_texture(1.0), 2_048);
        assert_eq!(glyph_texture(1.25), 4_096);
        assert_eq!(glyph_texture(3.0), 6_144);
        // Whatever a display says of itself.
        for odd in [f32::NAN, f32::INFINITY, -1.0, 0.0] {
            assert!((2_048..=16_384).contains(&glyph_texture(odd)), "{odd}");
        }
    }

    #[test]
    fn a_folder_becomes_a_link_whatever_its_name_is() {
        assert_eq!(
            file_url(Path::new("/home/a b/报告")),
            "file:///home/a%20b/%E6%8A%A5%E5%91%8A"
        );
        assert_eq!(file_url(Path::new("C:\\Users\\x")), "file:///C:/Users/x");
    }
}
