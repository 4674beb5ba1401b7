//! The pages: one file each. A page reads the application's state, and what the user asks for there is a wish.

pub mod check;
mod common;
pub mod fix;
mod glance;
mod hidden;
pub mod hypervisor_mode;
pub mod learn;
mod lesson;
mod mode_picture;
pub mod monitor;
mod monitor_samples;
pub mod overview;
pub mod plan;
mod sweep;
pub mod symptom;
pub mod tables;
pub mod verify;
pub mod way;

use egui::Ui;

pub use common::capitalized;
pub use hidden::redaction;

use super::command::UserCommand;
use super::view::View;
use super::widget::{page_header, primary_button, secondary_button};
use crate::locale::Language;
use crate::model::Message;
use crate::wizard::State;
use crate::wizard::state::{Draft, Page};

/// What a page draws from, and where its wishes go.
pub struct Scene<'a> {
    /// The application's state, which nothing changes while it is drawn.
    pub state: &'a State,
    /// What only the window remembers.
    pub view: &'a mut View,
    /// The language on screen.
    pub language: Language,
    /// What the user asked for in this frame.
    pub wishes: &'a mut Vec<UserCommand>,
}

impl Scene<'_> {
    /// The text of `key`.
    pub fn text(&self, key: &str) -> String {
        self.language.text(key)
    }

    /// The text of `key` with its arguments.
    pub fn with(&self, key: &str, args: &[(&str, &str)]) -> String {
        self.language.text_with(key, args)
    }

    /// The text of a message.
    pub fn say(&self, message: &Message) -> String {
        self.language.say(message)
    }

    /// Asks for something; it is done after the frame.
    pub fn wish(&mut self, command: impl Into<UserCommand>) {
        self.wishes.push(command.into());
    }

    /// The text in a box that outlives its page.
    pub fn draft(&self, draft: Draft) -> String {
        self.state.drafts.get(draft).to_owned()
    }
}

/// A page's one primary button.
#[derive(Clone, Debug, PartialEq)]
pub struct Primary {
    /// The key of its text.
    pub text: &'static str,
    /// What it asks for.
    pub command: UserCommand,
}

impl Primary {
    fn new(text: &'static str, command: impl Into<UserCommand>) -> Self {
        Self {
            text,
            command: command.into(),
        }
    }
}

/// The primary button of the page on screen, as far as it has one now; *Enter* does the same.
pub fn primary(state: &State) -> Option<Primary> {
    match state.page {
        Page::Overview => overview::primary(state),
        Page::HypervisorMode => hypervisor_mode::primary(state),
        Page::Symptom => symptom::primary(state),
        Page::Check => check::primary(state),
        Page::Fix => fix::primary(state),
        Page::Verify => verify::primary(state),
        Page::Monitor => monitor::primary(state),
        Page::Tables | Page::Plan | Page::Learn => None,
    }
}

/// Draws what went wrong, until it is taken away.
pub fn draw_problem(ui: &mut Ui, scene: &mut Scene<'_>) {
    common::problem(ui, scene);
}

/// Draws the page on screen.
pub fn draw(ui: &mut Ui, scene: &mut Scene<'_>) {
    match scene.state.page {
        Page::Overview => overview::draw(ui, scene),
        Page::HypervisorMode => hypervisor_mode::draw(ui, scene),
        Page::Symptom => symptom::draw(ui, scene),
        Page::Check => check::draw(ui, scene),
        Page::Fix => fix::draw(ui, scene),
        Page::Verify => verify::draw(ui, scene),
        Page::Monitor => monitor::draw(ui, scene),
        Page::Tables => tables::draw(ui, scene),
        Page::Plan => plan::draw(ui, scene),
        Page::Learn => learn::draw(ui, scene),
    }
}

/// What a page's header shows.
#[derive(Clone, Copy, Debug, Default)]
struct Header<'a> {
    title: &'a str,
    subtitle: &'a str,
    /// Whether the line under the title holds addresses.
    mono: bool,
}

/// Draws the header with the page's primary button outermost, then what `more` adds beside it.
fn header(ui: &mut Ui, scene: &mut Scene<'_>, shown: Header<'_>, more: impl FnOnce(&mut Ui, &mut Scene<'_>)) {
    let narrow = ui.available_width() < 620.0;
    let buttons = |ui: &mut Ui, scene: &mut Scene<'_>| {
        if let Some(primary) = primary(scene.state)
            && primary_button(ui, &scene.text(primary.text)).clicked()
        {
            scene.wish(primary.command);
        }
        more(ui, scene);
    };
    if narrow {
        page_header(ui, shown.title, shown.subtitle, shown.mono, |_| {});
        ui.horizontal_wrapped(|ui| buttons(ui, scene));
        ui.add_space(super::theme::space::GAP);
    } else {
        page_header(ui, shown.title, shown.subtitle, shown.mono, |ui| {
            buttons(ui, scene)
        });
    }
}

/// A further button of a header.
fn second(ui: &mut Ui, scene: &mut Scene<'_>, text: &str, command: impl Into<UserCommand>) {
    if secondary_button(ui, &scene.text(text)).clicked() {
        scene.wish(command);
    }
}
