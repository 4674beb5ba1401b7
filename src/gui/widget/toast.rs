//! Short messages at the window's lower edge that ask for nothing.

use egui::{Align2, Area, Context, Frame, Id, Label, Order, RichText, Stroke, vec2};

use super::{State, icon_button, link_button};
use crate::gui::icon::{self, Icon};
use crate::gui::theme::{self, font, space};

/// One message.
#[derive(Clone, Copy, Debug)]
pub struct Toast<'a> {
    /// What kind of news it is.
    pub state: State,
    /// The message.
    pub text: &'a str,
    /// Whether what it tells of can be undone.
    pub undo: bool,
}

/// What the user asked of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastIntent {
    /// To take the one of this index away.
    Close(usize),
    /// To undo what it tells of.
    Undo,
}

/// Shows the messages, newest last. `close` and `undo` are the names of the buttons. How long the messages stay is
/// the caller's to say.
pub fn toasts(context: &Context, messages: &[Toast<'_>], [close, undo]: [&str; 2]) -> Option<ToastIntent> {
    if messages.is_empty() {
        return None;
    }
    Area::new(Id::unique("toasts"))
        .order(Order::Foreground)
        .anchor(
            Align2::RIGHT_BOTTOM,
            vec2(-space::PAGE_MARGIN, -space::PAGE_MARGIN),
        )
        .role(egui::Role::Status)
        .show(context, |ui| {
            let mut intent = None;
            for (index, message) in messages.iter().enumerate() {
                let tokens = theme::tokens(ui);
                Frame::new()
                    .fill(tokens.raised)
                    .stroke(Stroke::new(space::LINE, message.state.color(tokens)))
                    .corner_radius(space::CONTROL_RADIUS)
                    .shadow(ui.visuals().popup_shadow)
                    .inner_margin(12.0)
                    .show(ui, |ui| {
                        ui.set_max_width(420.0);
                        ui.horizontal(|ui| {
                            let icon = message.state.icon().unwrap_or(Icon::Check);
                            icon::show(ui, icon, 14.0, message.state.color(tokens));
                            let text = RichText::new(message.text).font(font::body()).color(tokens.text);
                            ui.add(Label::new(text).wrap_mode(egui::TextWrapMode::Wrap));
                            if message.undo && link_button(ui, undo).clicked() {
                                intent = Some(ToastIntent::Undo);
                            }
                            if ui
                                .push_id(index, |ui| icon_button(ui, Icon::Cross, close))
                                .inner
                                .clicked()
                            {
                                intent = Some(ToastIntent::Close(index));
                            }
                        });
                    });
            }
            intent
        })
        .inner
}
