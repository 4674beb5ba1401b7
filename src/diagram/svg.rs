//! The picture as SVG text, for reports: no script, no outside link, everything escaped.

use std::fmt::Write as _;

use super::layout::Layout;
use super::palette::{LIGHT, Palette};
use super::shape::{Ink, Point, Shape, TextRole};
use super::trace::{Sample, trace};

/// Faces that a reader's machine is likely to have, ours first.
const SANS: &str = "Inter, system-ui, 'Segoe UI', 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', sans-serif";
const MONO: &str = "'JetBrains Mono', ui-monospace, Menlo, Consolas, monospace";

/// How wide a text is in a face that is not at hand: generous, so that nothing runs over in another face.
pub fn approximate_width(text: &str, role: TextRole) -> f32 {
    let em: f32 = text
        .chars()
        .map(|character| match character {
            // Wide forms (East Asian Width W and F, the blocks that matter, and emoji).
            '\u{1100}'..='\u{115f}'
            | '\u{2e80}'..='\u{a4cf}'
            | '\u{ac00}'..='\u{d7a3}'
            | '\u{f900}'..='\u{faff}'
            | '\u{fe30}'..='\u{fe4f}'
            | '\u{ff00}'..='\u{ff60}'
            | '\u{1f000}'..='\u{3ffff}' => 1.05,
            _ if role.is_mono() => 0.62,
            'i' | 'j' | 'l' | 'I' | '.' | ',' | '\'' | '|' | '!' | ':' | ' ' => 0.34,
            'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 0.95,
            'A'..='Z' => 0.74,
            _ => 0.62,
        })
        .sum();
    em * role.size()
}

/// Text made safe for SVG and HTML, in content and in quoted attributes. Characters that XML forbids are left out.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            _ if character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}') => {}
            _ => escaped.push(character),
        }
    }
    escaped
}

/// The picture in the light theme. `title` names it for a screen reader.
pub fn svg(layout: &Layout, title: &str) -> String {
    svg_in(layout, title, &LIGHT)
}

/// The picture in a theme.
pub fn svg_in(layout: &Layout, title: &str, palette: &Palette) -> String {
    let (width, height) = layout.size;
    let title = escape(title);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" role=\"img\" aria-label=\"{title}\"><title>{title}</title>"
    );
    for shape in &layout.shapes {
        write_shape(&mut out, shape, palette);
    }
    out.push_str("</svg>");
    out
}

fn write_shape(out: &mut String, shape: &Shape, palette: &Palette) {
    let css = |ink: Ink| ink.of(palette).css();
    // Writing to a string cannot fail.
    let _ = match shape {
        Shape::Line {
            points,
            ink,
            width,
            dashed,
        } => {
            let dash = if *dashed { " stroke-dasharray=\"5 4\"" } else { "" };
            write!(
                out,
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{width:.1}\" \
                 stroke-linecap=\"round\" stroke-linejoin=\"round\"{dash}/>",
                points_text(points),
                css(*ink)
            )
        }
        Shape::Box {
            rect,
            radius,
            fill,
            line,
        } => {
            let fill = fill.map_or_else(|| "none".to_owned(), css);
            let (stroke, width) = line.map_or_else(|| ("none".to_owned(), 0.0), |(ink, w)| (css(ink), w));
            let inset = width / 2.0;
            write!(
                out,
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{radius:.1}\" \
                 fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"{width:.1}\"/>",
                rect.left + inset,
                rect.top + inset,
                (rect.width - width).max(0.0),
                (rect.height - width).max(0.0),
            )
        }
        Shape::Disc { center, radius, ink } => write!(
            out,
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius:.1}\" fill=\"{}\"/>",
            center.x,
            center.y,
            css(*ink)
        ),
        Shape::Break { center, radius } => {
            let arm = radius * 0.38;
            write!(
                out,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" fill=\"{}\" stroke=\"{red}\" \
                 stroke-width=\"2\"/><path d=\"M{l:.1} {t:.1}L{r:.1} {b:.1}M{r:.1} {t:.1}L{l:.1} {b:.1}\" \
                 stroke=\"{red}\" stroke-width=\"2\" stroke-linecap=\"round\"/>",
                css(Ink::Surface),
                x = center.x,
                y = center.y,
                l = center.x - arm,
                r = center.x + arm,
                t = center.y - arm,
                b = center.y + arm,
                red = css(Ink::Broken),
            )
        }
        Shape::Tick { center, radius } => {
            let arm = radius * 0.42;
            write!(
                out,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" fill=\"{ok}\"/>\
                 <path d=\"M{l:.1} {y:.1}L{m:.1} {b:.1}L{r:.1} {t:.1}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\" \
                 stroke-linecap=\"round\" stroke-linejoin=\"round\"/>",
                css(Ink::Surface),
                x = center.x,
                y = center.y,
                l = center.x - arm,
                m = center.x - arm * 0.2,
                r = center.x + arm,
                t = center.y - arm * 0.8,
                b = center.y + arm * 0.75,
                ok = css(Ink::Ok),
            )
        }
        Shape::Text {
            rect,
            role,
            ink,
            text,
            full,
        } => {
            let face = if role.is_mono() { MONO } else { SANS };
            let weight = if role.is_strong() {
                " font-weight=\"600\""
            } else {
                ""
            };
            let tip = full
                .as_ref()
                .map_or_else(String::new, |full| format!("<title>{}</title>", escape(full)));
            write!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" font-family=\"{}\" font-size=\"{:.0}\"{weight} fill=\"{}\">{tip}{}</text>",
                rect.left,
                rect.top + rect.height / 2.0 + role.size() * 0.36,
                escape(face),
                role.size(),
                css(*ink),
                escape(text)
            )
        }
    };
}

fn points_text(points: &[Point]) -> String {
    let texts: Vec<String> = points
        .iter()
        .map(|at| format!("{:.1},{:.1}", at.x, at.y))
        .collect();
    texts.join(" ")
}

/// One row of latency as SVG: the line, and losses as marks on the lower edge. Times are seconds on the
/// samples' clock; `title` names it for a screen reader. The colors are those of the light theme; the classes
/// `plot-ground`, `plot-line`, `plot-dot` and `plot-loss` let a page's style put others on.
pub fn latency_svg(samples: &[Sample], from: f64, to: f64, size: (f32, f32), title: &str) -> String {
    let (width, height) = (size.0.clamp(40.0, 4000.0), size.1.clamp(20.0, 1000.0));
    let trace = trace(samples, from, to, width as usize);
    let top = (trace.max_ms * 1.15).max(0.5);
    let span = to - from;
    let x = |at: f64| ((at - from) / span * f64::from(width)) as f32;
    let y = |ms: f64| height - 10.0 - (ms / top) as f32 * (height - 16.0);
    let title = escape(title);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" role=\"img\" aria-label=\"{title}\"><title>{title}</title>\
         <rect class=\"plot-ground\" width=\"{width:.0}\" height=\"{height:.0}\" rx=\"8\" fill=\"{}\"/>",
        LIGHT.sunken.css()
    );
    for line in &trace.lines {
        let points: Vec<Point> = line
            .iter()
            .map(|[at, ms]| Point { x: x(*at), y: y(*ms) })
            .collect();
        let _ = match points.as_slice() {
            [only] => write!(
                out,
                "<circle class=\"plot-dot\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"1.2\" fill=\"{}\"/>",
                only.x,
                only.y,
                LIGHT.lan.css()
            ),
            _ => write!(
                out,
                "<polyline class=\"plot-line\" points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.4\"/>",
                points_text(&points),
                LIGHT.lan.css()
            ),
        };
    }
    for at in &trace.losses {
        let _ = write!(
            out,
            "<path class=\"plot-loss\" d=\"M{x:.1} {top:.1}V{bottom:.1}\" stroke=\"{}\" stroke-width=\"1.6\"/>",
            LIGHT.broken.css(),
            x = x(*at),
            top = height - 8.0,
            bottom = height - 2.0,
        );
    }
    out.push_str("</svg>");
    out
}
