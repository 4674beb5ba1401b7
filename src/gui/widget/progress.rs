//! Long work: what it is, how far it is, and a way to stop it.

use std::time::Duration;

use egui::{Rect, Role, Sense, Ui, WidgetInfo, vec2};

use super::button::small_button;
use super::text::line;
use crate::gui::theme::{font, space, tokens};

/// How often an open-ended bar moves.
const TICK: Duration = Duration::from_millis(250);

/// Words, a bar (`share` from 0 to 1, or `None` when the end is not known), and a button that cancels where
/// `cancel` names one. True when the user cancels.
pub fn progress_row(ui: &mut Ui, text: &str, share: Option<f32>, cancel: Option<&str>) -> bool {
    let tokens = tokens(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        let reserved = cancel.map_or(0.0, |word| {
            line(ui, word, font::button(), tokens.text, 200.0).size().x + 2.0 * space::BUTTON_PADDING + 12.0
        });
        let width = (ui.available_width() - reserved).max(120.0);
        let galley = line(ui, text, font::body(), tokens.text, width);
        let height = galley.size().y + 12.0;
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::ProgressIndicator, true, text);
            info.value = share.map(f64::from);
            info
        });
        ui.painter().galley(rect.min, galley, tokens.text);
        let track = Rect::from_min_max(egui::pos2(rect.left(), rect.bottom() - 4.0), rect.max);
        ui.painter().rect_filled(track, 2.0, tokens.sunken);
        let (from, to) = match share {
            Some(share) => (0.0, share.clamp(0.0, 1.0)),
            None => {
                ui.request_repaint_after(TICK);
                let phase = (ui.input(|input| input.time) * 0.6).fract() as f32;
                (phase * 0.8, phase * 0.8 + 0.2)
            }
        };
        let bar = Rect::from_x_y_ranges(
            egui::lerp(track.x_range(), from)..=egui::lerp(track.x_range(), to),
            track.y_range(),
        );
        ui.painter().rect_filled(bar, 2.0, tokens.accent);
        cancel.is_some_and(|word| small_button(ui, word).clicked())
    })
    .inner
}
