//! egui's own style, made of tokens.

use std::collections::BTreeMap;

use egui::style::{TextCursorStyle, WidgetVisuals, Widgets};
use egui::{Color32, CornerRadius, Shadow, Stroke, Style, TextStyle, Vec2, Visuals, vec2};

use super::{Tokens, font, space};

/// The style of a theme.
pub fn of(tokens: &Tokens) -> Style {
    let mut style = Style {
        text_styles: BTreeMap::from([
            (TextStyle::Heading, font::title()),
            (TextStyle::Body, font::body()),
            (TextStyle::Button, font::button()),
            (TextStyle::Small, font::small()),
            (TextStyle::Monospace, font::command()),
        ]),
        visuals: visuals(tokens),
        animation_time: 0.08,
        ..Style::default()
    };
    let spacing = &mut style.spacing;
    spacing.item_spacing = Vec2::splat(space::GAP);
    spacing.button_padding = vec2(12.0, 7.0);
    spacing.interact_size = vec2(40.0, space::CONTROL_HEIGHT);
    spacing.menu_margin = 8.into();
    spacing.window_margin = 16.into();
    spacing.indent = 20.0;
    spacing.icon_width = 18.0;
    spacing.icon_width_inner = 10.0;
    spacing.icon_spacing = 8.0;
    spacing.combo_width = 160.0;
    spacing.text_edit_width = 280.0;
    spacing.tooltip_width = 420.0;
    spacing.scroll = egui::style::ScrollStyle::thin();
    style.interaction.tooltip_delay = 0.4;
    style.url_in_tooltip = true;
    style
}

fn visuals(tokens: &Tokens) -> Visuals {
    let base = if tokens.dark {
        Visuals::dark()
    } else {
        Visuals::light()
    };
    let radius = CornerRadius::same(space::CONTROL_RADIUS);
    let line = Stroke::new(space::LINE, tokens.border);
    let shadow = Shadow {
        offset: [0, 4],
        blur: 16,
        spread: 0,
        color: Color32::from_black_alpha(if tokens.dark { 110 } else { 36 }),
    };
    let widget = |fill: Color32, stroke: Stroke, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: stroke,
        corner_radius: radius,
        fg_stroke: Stroke::new(1.5, text),
        expansion: 0.0,
    };
    let strong_line = Stroke::new(space::LINE, tokens.unknown);
    Visuals {
        dark_mode: tokens.dark,
        override_text_color: None,
        weak_text_color: Some(tokens.text2),
        widgets: Widgets {
            noninteractive: WidgetVisuals {
                fg_stroke: Stroke::new(space::LINE, tokens.text),
                ..widget(tokens.surface, line, tokens.text)
            },
            // The line around a control is what it is known by: 3 : 1 at least, as `unknown` has.
            inactive: widget(tokens.raised, strong_line, tokens.text),
            hovered: widget(
                tokens.sunken,
                Stroke::new(space::LINE, tokens.accent),
                tokens.text,
            ),
            active: widget(
                tokens.accent_soft,
                Stroke::new(space::FOCUS_RING, tokens.accent),
                tokens.text,
            ),
            open: widget(
                tokens.accent_soft,
                Stroke::new(space::LINE, tokens.accent),
                tokens.text,
            ),
        },
        selection: egui::style::Selection {
            bg_fill: tokens.accent_soft,
            stroke: Stroke::new(1.5, tokens.accent),
        },
        hyperlink_color: tokens.accent,
        faint_bg_color: mix(tokens.surface, tokens.sunken, 0.5),
        extreme_bg_color: tokens.sunken,
        text_edit_bg_color: Some(tokens.raised),
        code_bg_color: tokens.sunken,
        warn_fg_color: tokens.warn,
        error_fg_color: tokens.broken,
        window_corner_radius: CornerRadius::same(space::CARD_RADIUS),
        window_shadow: shadow,
        window_fill: tokens.surface,
        window_stroke: line,
        menu_corner_radius: radius,
        panel_fill: tokens.bg,
        popup_shadow: shadow,
        text_cursor: TextCursorStyle {
            stroke: Stroke::new(2.0, tokens.accent),
            // A blinking cursor would repaint an idle window twice a second.
            blink: false,
            ..TextCursorStyle::default()
        },
        striped: false,
        indent_has_left_vline: false,
        slider_trailing_fill: true,
        ..base
    }
}

/// The color between `a` (at 0) and `b` (at 1).
pub fn mix(a: Color32, b: Color32, share: f32) -> Color32 {
    a.lerp_to_gamma(b, share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::palette::Rgb;
    use crate::gui::theme::{DARK, LIGHT};

    fn rgb(color: Color32) -> Rgb {
        Rgb(color.r(), color.g(), color.b())
    }

    #[test]
    fn no_color_of_the_toolkit_is_left_where_it_is_illegible() {
        for tokens in [&LIGHT, &DARK] {
            let visuals = of(tokens).visuals;
            let text = [
                visuals.warn_fg_color,
                visuals.error_fg_color,
                visuals.hyperlink_color,
                visuals.text_color(),
                visuals.weak_text_color(),
                visuals.strong_text_color(),
            ];
            for color in text {
                for ground in [visuals.panel_fill, visuals.window_fill, visuals.extreme_bg_color] {
                    let contrast = rgb(color).contrast(rgb(ground));
                    assert!(contrast >= 4.5, "{color:?} on {ground:?}: {contrast:.2}");
                }
            }
            for state in [
                &visuals.widgets.inactive,
                &visuals.widgets.hovered,
                &visuals.widgets.active,
            ] {
                assert!(rgb(state.fg_stroke.color).contrast(rgb(state.weak_bg_fill)) >= 4.5);
                assert!(rgb(state.bg_stroke.color).contrast(rgb(visuals.window_fill)) >= 3.0);
            }
            assert!(rgb(visuals.selection.stroke.color).contrast(rgb(visuals.selection.bg_fill)) >= 4.5);
        }
    }
}
