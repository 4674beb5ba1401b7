//! What stands around every page: the steps of the wizard, the pages beside it, language and theme.

use egui::{Align, Frame, Layout, Margin, Panel, RichText, ScrollArea, Stroke, Ui};

use super::command::{UserCommand, next_theme};
use super::dialog::Dialog;
use super::icon::{self, Icon};
use super::page::{self, Scene};
use super::theme::{font, space, tokens};
use super::widget::{StepState, icon_button, link_button, nav_item, step_item};
use crate::locale::Language;
use crate::wizard::state::{CheckStatus, Page};
use crate::wizard::{Command, State, Theme};

/// Windows narrower than this have their steps in a bar at the top.
const NARROW: f32 = 760.0;

/// Draws everything.
pub fn draw(ui: &mut Ui, scene: &mut Scene<'_>) {
    let narrow = ui.available_width() < NARROW;
    let colors = tokens(ui);
    let margin = if narrow { 14.0 } else { space::PAGE_MARGIN };
    let frame = Frame::new().fill(colors.surface);
    if narrow {
        Panel::top("steps")
            .frame(frame.inner_margin(Margin::symmetric(12, 6)))
            .resizable(false)
            .show(ui, |ui| bar(ui, scene));
    } else {
        Panel::left("steps")
            .frame(frame.inner_margin(Margin {
                left: 12,
                right: 12,
                top: 14,
                bottom: 14,
            }))
            .resizable(false)
            .exact_size(space::SIDEBAR_WIDTH)
            .show(ui, |ui| sidebar(ui, scene));
    }
    if scene.state.page == Page::Fix && scene.state.diagnosis.is_some() {
        Panel::bottom("footer")
            .frame(
                Frame::new()
                    .fill(colors.bg)
                    .inner_margin(Margin::symmetric(margin as i8, 12)),
            )
            .resizable(false)
            .show_separator_line(false)
            .show(ui, |ui| page::fix::footer(ui, scene));
    }
    egui::CentralPanel::default()
        .frame(Frame::new().fill(colors.bg))
        .show(ui, |ui| {
            if scene.state.problem.is_some() {
                // Not on the page itself, which may be scrolled to its end.
                let above = Margin {
                    left: margin as i8,
                    right: margin as i8,
                    top: 14,
                    bottom: 0,
                };
                Frame::new()
                    .inner_margin(above)
                    .show(ui, |ui| page::draw_problem(ui, scene));
            }
            // The page's margin has room for the bar: nothing moves when it shows, and all that stands on the page ends
            // where the footer does.
            let bar = ui.spacing().scroll.floating_allocated_width;
            ui.spacing_mut().scroll.floating_allocated_width = 0.0;
            ScrollArea::vertical()
                .id_salt(scene.state.page)
                .auto_shrink(false)
                .content_margin(Margin {
                    left: margin as i8,
                    right: margin as i8,
                    top: 22,
                    bottom: 22,
                })
                .show(ui, |ui| {
                    ui.spacing_mut().scroll.floating_allocated_width = bar;
                    page::draw(ui, scene);
                });
        });
}

fn sidebar(ui: &mut Ui, scene: &mut Scene<'_>) {
    ui.horizontal(|ui| {
        ui.add_space(space::GAP);
        icon::show(ui, Icon::Logo, 22.0, tokens(ui).accent);
        ui.add_space(2.0);
        let name = RichText::new(super::app::TITLE).font(egui::FontId::new(15.0, font::semibold()));
        ui.label(name.color(tokens(ui).text));
    });
    ui.add_space(10.0);
    let foot = 44.0;
    ScrollArea::vertical()
        .id_salt("steps")
        .max_height((ui.available_height() - foot).max(60.0))
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            for (index, page) in Page::STEPS.into_iter().enumerate() {
                step(ui, scene, index + 1, page);
            }
            ui.add_space(10.0);
            let line = ui.available_rect_before_wrap();
            ui.painter().hline(
                line.left() + 8.0..=line.right() - 8.0,
                line.top(),
                Stroke::new(space::LINE, tokens(ui).border),
            );
            ui.add_space(14.0);
            for page in Page::BESIDE {
                let name = scene.text(&format!("page-{}", page.name()));
                if nav_item(ui, &name, scene.state.page == page).clicked() {
                    scene.wish(Command::Go(page));
                }
            }
        });
    ui.with_layout(Layout::bottom_up(Align::Min), |ui| {
        ui.horizontal(|ui| {
            ui.add_space(space::GAP);
            switches(ui, scene);
        });
    });
}

fn step(ui: &mut Ui, scene: &mut Scene<'_>, number: usize, page: Page) {
    let name = scene.text(&format!("page-{}", page.name()));
    let state = step_state(scene.state, page);
    let word = scene.text(match state {
        StepState::Done => "window-step-done",
        StepState::Current => "window-step-current",
        StepState::Open => "window-step-open",
        StepState::Locked => "window-step-locked",
    });
    if step_item(ui, number, &name, state, &word).clicked() {
        scene.wish(Command::Go(page));
    }
}

/// Where the user is with a step. Nothing but the fix and what follows it needs anything to be known.
fn step_state(state: &State, page: Page) -> StepState {
    if state.page == page {
        return StepState::Current;
    }
    let reached = |other: Page| state.page.is_step() && state.page > other;
    let has_answer = state.diagnosis.is_some();
    match page {
        Page::Overview if reached(page) => StepState::Done,
        Page::HypervisorMode if state.detection.is_unambiguous() => StepState::Done,
        Page::Symptom if has_answer || reached(page) => StepState::Done,
        Page::Check if matches!(state.check, CheckStatus::Done { .. }) => StepState::Done,
        Page::Fix if has_answer && reached(page) => StepState::Done,
        Page::Fix | Page::Verify if !has_answer => StepState::Locked,
        _ => StepState::Open,
    }
}

fn switches(ui: &mut Ui, scene: &mut Scene<'_>) {
    let (shown, next) = match scene.language {
        Language::English => ("EN · 中文", Language::Chinese),
        Language::Chinese => ("中文 · EN", Language::English),
    };
    let name = scene.text("window-switch-language");
    if link_button(ui, shown).on_hover_text(name).clicked() {
        scene.wish(Command::SetLanguage(Some(next)));
    }
    ui.add_space(6.0);
    let theme = scene.state.settings.theme;
    let (icon, name) = match theme {
        Theme::System => (Icon::Theme, "window-theme-system"),
        Theme::Light => (Icon::Sun, "window-theme-light"),
        Theme::Dark => (Icon::Moon, "window-theme-dark"),
    };
    if icon_button(ui, icon, &scene.text(name)).clicked() {
        scene.wish(Command::SetTheme(next_theme(theme)));
    }
    let help = scene.text("window-shortcut-list");
    if icon_button(ui, Icon::Question, &help).clicked() {
        scene.wish(UserCommand::Show(Dialog::Shortcuts));
    }
}

/// Steps and pages in one line, for a narrow window.
fn bar(ui: &mut Ui, scene: &mut Scene<'_>) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (index, page) in Page::STEPS.into_iter().enumerate() {
            ui.scope(|ui| {
                ui.set_max_width(38.0);
                step(ui, scene, index + 1, page);
            });
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let more = scene.text("window-more");
            ui.menu_button(more, |ui| {
                ui.set_min_width(160.0);
                for page in Page::BESIDE {
                    let name = scene.text(&format!("page-{}", page.name()));
                    if nav_item(ui, &name, scene.state.page == page).clicked() {
                        scene.wish(Command::Go(page));
                        ui.close();
                    }
                }
                ui.separator();
                ui.horizontal(|ui| switches(ui, scene));
            });
        });
    });
}
