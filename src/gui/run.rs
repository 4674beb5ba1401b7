//! Starting the window: which renderer, and what to do when none works.
//!
//! People run this inside virtual machines and over remote desktops without a graphics card. The event loop
//! can be made once a process, so a second renderer is tried in a fresh process of ourselves.

use std::ffi::OsString;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::app::WindowApp;
use super::failure;
use crate::locale::Language;
use crate::memory;
use crate::wizard::Settings;
use crate::wizard::example::Example;

/// Name of the window's program for the desktop: it finds the icon and groups windows by it.
pub const APP_ID: &str = "vmnet-doctor";

/// Set for a process that is the second try, to the renderer that failed before.
const SECOND_TRY: &str = "VMNET_DOCTOR_FAILED_RENDERER";

/// Exit code of a window that could not be opened.
const NO_WINDOW: u8 = 2;

/// Smallest size in which every page can be used, in points.
const MIN_SIZE: [f32; 2] = [480.0, 320.0];
/// Size on the first start, in points.
const DEFAULT_SIZE: [f32; 2] = [1280.0, 820.0];

/// A way to paint the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RendererName {
    /// OpenGL.
    Glow,
    /// Vulkan, Metal or Direct3D.
    Wgpu,
}

impl RendererName {
    /// The name on the command line and in the settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Glow => "glow",
            Self::Wgpu => "wgpu",
        }
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Glow => Self::Wgpu,
            Self::Wgpu => Self::Glow,
        }
    }
}

impl std::str::FromStr for RendererName {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Glow, Self::Wgpu]
            .into_iter()
            .find(|renderer| renderer.name() == text)
            .ok_or(())
    }
}

/// How the window is started.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// The renderer asked for by hand; `None` tries both.
    pub renderer: Option<RendererName>,
    /// The language asked for by hand; `None` takes the remembered one, else the system's.
    pub language: Option<Language>,
    /// What the window opens on.
    pub opening: Opening,
}

/// What the window opens on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Opening {
    /// This machine, which is scanned.
    #[default]
    ThisMachine,
    /// A saved case or JSON report.
    File(PathBuf),
    /// A shipped example.
    Example(Example),
}

/// Why the window did not open.
enum Failure {
    /// This renderer finds nothing to paint with; another one may.
    Renderer(String),
    /// No renderer could help: there is no screen, or the program itself failed.
    Final(String),
}

/// Opens the window and returns when it is closed, with the exit code of the process.
///
/// When no window can be opened, standard error says so in a sentence and names the command that needs none.
pub fn run(start: Start) -> ExitCode {
    memory::share_pools();
    failure::keep_panics();
    let settings = Settings::load();
    let language = start
        .language
        .or(settings.language)
        .unwrap_or_else(Language::of_system);
    if !has_display() {
        return give_up(language, &language.text("window-start-no-display"));
    }
    let failed_before = std::env::var(SECOND_TRY).ok();
    let Choice {
        renderer: first,
        by_hand,
        remember,
    } = choose(
        start.renderer,
        settings.renderer.as_deref(),
        failed_before.is_some(),
    );
    match open(first, start, settings, language, remember) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Final(why)) => give_up(language, &why),
        Err(Failure::Renderer(why)) if by_hand => give_up(
            language,
            &language.text_with(
                "window-start-renderer",
                &[("renderer", first.name()), ("why", &why)],
            ),
        ),
        Err(Failure::Renderer(why)) => match failed_before {
            Some(before) => give_up(
                language,
                &language.text_with(
                    "window-start-no-renderer",
                    &[("first", &before), ("second", first.name()), ("why", &why)],
                ),
            ),
            None => start_again(first, language, &why),
        },
    }
}

/// What is tried in this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Choice {
    renderer: RendererName,
    /// Asked for by hand: no other one is tried.
    by_hand: bool,
    /// The next start begins with this one, if it paints.
    remember: bool,
}

/// Chooses by what was asked for, what the settings remember, and whether another renderer has failed already.
fn choose(asked: Option<RendererName>, remembered: Option<&str>, second_try: bool) -> Choice {
    let remembered = remembered.and_then(|name| name.parse().ok());
    let renderer = asked.or(remembered).unwrap_or_else(preferred_here);
    Choice {
        renderer,
        by_hand: asked.is_some() && !second_try,
        remember: second_try && remembered != Some(renderer),
    }
}

/// Linux paints with a quarter to half of the processor time in OpenGL when there is no graphics card; Windows
/// has OpenGL 1.1 alone where no vendor's driver is installed, and macOS no longer cares for it.
fn preferred_here() -> RendererName {
    if cfg!(any(target_os = "windows", target_os = "macos")) {
        RendererName::Wgpu
    } else {
        RendererName::Glow
    }
}

/// Whether there is a screen to open a window on. Only X11 and Wayland can tell before trying.
pub fn has_display() -> bool {
    let unix_desktop = cfg!(all(unix, not(target_os = "macos")));
    let named = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !unix_desktop
        || ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"]
            .into_iter()
            .any(named)
}

fn open(
    renderer: RendererName,
    start: Start,
    settings: Settings,
    language: Language,
    remember: bool,
) -> Result<(), Failure> {
    let painted = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&painted);
    let options = options(renderer, &settings);
    let outcome = std::panic::catch_unwind(AssertUnwindSafe(move || {
        eframe::run_native(
            APP_ID,
            options,
            Box::new(move |creation| {
                let remembered = remember.then_some(renderer);
                Ok(Box::new(WindowApp::for_desktop(
                    creation, start, settings, language, remembered, seen,
                )))
            }),
        )
    }));
    let was_painted = painted.load(Ordering::Relaxed);
    match outcome {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(judge(&error, was_painted)),
        // A driver that brings us down before the first frame is as good as none.
        Err(_) if !was_painted => Err(Failure::Renderer(language.text("window-start-crashed"))),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Whether another renderer may do better.
fn judge(error: &eframe::Error, was_painted: bool) -> Failure {
    let why = error.to_string();
    match error {
        eframe::Error::AppCreation(_) | eframe::Error::WinitEventLoop(_) => Failure::Final(why),
        _ if was_painted => Failure::Final(why),
        _ => Failure::Renderer(why),
    }
}

fn options(renderer: RendererName, settings: &Settings) -> eframe::NativeOptions {
    let mut viewport = egui::ViewportBuilder::default()
        .with_app_id(APP_ID)
        .with_title(super::app::TITLE)
        .with_inner_size(settings.window.map_or(DEFAULT_SIZE, bounded))
        .with_min_inner_size(MIN_SIZE)
        .with_maximized(settings.maximized)
        .with_icon(icon())
        .with_drag_and_drop(true);
    if let Some((x, y)) = settings.position {
        viewport = viewport.with_position([within_reach(x), within_reach(y)]);
    }
    eframe::NativeOptions {
        viewport,
        renderer: match renderer {
            RendererName::Glow => eframe::Renderer::Glow,
            RendererName::Wgpu => eframe::Renderer::Wgpu,
        },
        multisampling: 0,
        ..eframe::NativeOptions::default()
    }
}

/// The window's icon. A bundle of macOS has its own, which an icon from here would hide.
fn icon() -> egui::IconData {
    const PNG: &[u8] = include_bytes!("../../assets/icon/vmnet-doctor.png");
    if cfg!(target_os = "macos") {
        return egui::IconData::default();
    }
    eframe::icon_data::from_png_bytes(PNG).unwrap_or_default()
}

/// A remembered size, held to what a screen can show.
fn bounded((width, height): (u32, u32)) -> [f32; 2] {
    let within = |value: u32, least: f32| (value.min(16_384) as f32).max(least);
    [within(width, MIN_SIZE[0]), within(height, MIN_SIZE[1])]
}

/// A remembered coordinate, held to what window systems can be told.
fn within_reach(coordinate: i32) -> f32 {
    coordinate.clamp(-32_000, 32_000) as f32
}

/// Where a window is put that no screen shows: a screen was unplugged since its position was remembered, or made
/// smaller. `window` and `screens` are in pixels of the desktop, the screen that the window should move to first; `None`
/// when enough of its upper edge can be seen to move it by hand.
pub(super) fn back_on_screen(window: egui::Rect, screens: &[egui::Rect]) -> Option<egui::Pos2> {
    /// The part of a title bar that can be taken hold of, in pixels.
    const HANDLE: egui::Vec2 = egui::vec2(120.0, 24.0);
    let bar = egui::Rect::from_min_size(window.min, egui::vec2(window.width(), HANDLE.y));
    let reachable = |screen: &egui::Rect| {
        let seen = screen.intersect(bar);
        seen.width() >= HANDLE.x.min(window.width()) && seen.height() >= HANDLE.y / 2.0
    };
    let first = screens.first().filter(|_| !screens.iter().any(reachable))?;
    let room = (first.size() - window.size()).max(egui::Vec2::ZERO);
    Some(first.min + room / 2.0)
}

/// Starts the program again with the other renderer and returns what became of it.
fn start_again(failed: RendererName, language: Language, why: &str) -> ExitCode {
    let other = failed.other();
    let arguments = with_renderer(std::env::args_os().skip(1), other);
    let ended = std::env::current_exe().and_then(|program| {
        std::process::Command::new(program)
            .args(arguments)
            .env(SECOND_TRY, failed.name())
            .status()
    });
    match ended {
        // A process that a signal ended has no code.
        Ok(status) => match status.code().map(u8::try_from) {
            Some(Ok(code)) => ExitCode::from(code),
            _ if status.success() => ExitCode::SUCCESS,
            _ => give_up(
                language,
                &language.text_with(
                    "window-start-no-renderer",
                    &[("first", failed.name()), ("second", other.name()), ("why", why)],
                ),
            ),
        },
        Err(error) => give_up(language, &error.to_string()),
    }
}

/// The arguments with `--renderer` set to `renderer`.
fn with_renderer(arguments: impl Iterator<Item = OsString>, renderer: RendererName) -> Vec<OsString> {
    let mut kept = Vec::new();
    let mut arguments = arguments.peekable();
    while let Some(argument) = arguments.next() {
        if argument == "--renderer" {
            arguments.next();
        } else if !argument.to_string_lossy().starts_with("--renderer=") {
            kept.push(argument);
        }
    }
    kept.push(format!("--renderer={}", renderer.name()).into());
    kept
}

fn give_up(language: Language, why: &str) -> ExitCode {
    failure::tell(&format!(
        "vmnet-doctor: {why}\n{}",
        language.text("window-start-use-command-line")
    ));
    ExitCode::from(NO_WINDOW)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(arguments: &[&str]) -> Vec<String> {
        with_renderer(arguments.iter().map(OsString::from), RendererName::Wgpu)
            .into_iter()
            .map(|argument| argument.to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn a_window_that_no_screen_shows_comes_back() {
        use egui::{Rect, pos2, vec2};
        let rect =
            |x: f32, y: f32, width: f32, height: f32| Rect::from_min_size(pos2(x, y), vec2(width, height));
        let main = rect(0.0, 0.0, 1920.0, 1080.0);
        let left = rect(-1280.0, 0.0, 1280.0, 1024.0);
        let window = |x: f32, y: f32| rect(x, y, 1280.0, 820.0);
        assert_eq!(back_on_screen(window(-1200.0, 10.0), &[main, left]), None);
        // The screen at the left is gone.
        assert_eq!(
            back_on_screen(window(-1290.0, 10.0), &[main]),
            Some(pos2(320.0, 130.0))
        );
        // Its title bar is above, below or beside all that is seen.
        for (x, y) in [
            (100.0, -400.0),
            (100.0, 1075.0),
            (1900.0, 100.0),
            (32_000.0, 32_000.0),
        ] {
            assert!(back_on_screen(window(x, y), &[main]).is_some(), "{x} {y}");
        }
        assert_eq!(back_on_screen(window(1700.0, 1000.0), &[main]), None);
        // A system that tells of no screens, and a window that is larger than the screen.
        assert_eq!(back_on_screen(window(9_000.0, 0.0), &[]), None);
        assert_eq!(
            back_on_screen(rect(5_000.0, 0.0, 4_000.0, 3_000.0), &[main]),
            Some(main.min)
        );
    }

    #[test]
    fn a_remembered_position_is_asked_for_within_reason() {
        let position = |position| {
            let settings = Settings {
                position,
                ..Settings::default()
            };
            options(RendererName::Glow, &settings).viewport.position
        };
        assert_eq!(position(None), None);
        assert_eq!(position(Some((-40, 25))), Some(egui::pos2(-40.0, 25.0)));
        assert_eq!(
            position(Some((i32::MAX, i32::MIN))),
            Some(egui::pos2(32_000.0, -32_000.0))
        );
    }

    #[test]
    fn the_second_start_keeps_all_other_arguments() {
        assert_eq!(rewritten(&[]), ["--renderer=wgpu"]);
        assert_eq!(
            rewritten(&["open", "--example", "nat", "--renderer", "auto", "--lang=en"]),
            ["open", "--example", "nat", "--lang=en", "--renderer=wgpu"]
        );
        assert_eq!(
            rewritten(&["--renderer=glow", "open", "a b"]),
            ["open", "a b", "--renderer=wgpu"]
        );
    }

    #[test]
    fn what_worked_on_the_second_try_is_the_first_try_of_the_next_start() {
        let other = preferred_here().other();
        let first = choose(None, None, false);
        assert_eq!(first.renderer, preferred_here());
        assert!(!first.remember && !first.by_hand);
        // The second process is told its renderer by an argument, which is no wish of the user.
        let second = choose(Some(other), None, true);
        assert!(second.remember && !second.by_hand);
        let next = choose(None, Some(second.renderer.name()), false);
        assert_eq!(next.renderer, other);
        assert!(!next.remember && !next.by_hand);
        // That one fails on another day: the way back is remembered, too.
        assert!(choose(Some(preferred_here()), Some(other.name()), true).remember);
    }

    #[test]
    fn a_wish_by_hand_is_neither_overruled_nor_remembered() {
        for renderer in [RendererName::Glow, RendererName::Wgpu] {
            let chosen = choose(Some(renderer), Some(renderer.other().name()), false);
            assert_eq!(
                chosen,
                Choice {
                    renderer,
                    by_hand: true,
                    remember: false
                }
            );
        }
        assert_eq!(choose(None, Some("softbuffer"), false).renderer, preferred_here());
    }

    #[test]
    fn the_window_has_an_icon_of_its_own() {
        if !cfg!(target_os = "macos") {
            let icon = icon();
            assert_eq!((icon.width, icon.height), (256, 256));
        }
    }

    #[test]
    fn a_failed_event_loop_is_final_and_a_missing_adapter_is_not() {
        let creation = eframe::Error::AppCreation("no".into());
        assert!(matches!(judge(&creation, false), Failure::Final(_)));
        let opengl = eframe::Error::OpenGL(eframe::egui_glow::PainterError::from("OpenGL 1.1".to_owned()));
        assert!(matches!(judge(&opengl, false), Failure::Renderer(_)));
        assert!(matches!(judge(&opengl, true), Failure::Final(_)));
    }
}
