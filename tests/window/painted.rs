//! What was painted, judged as an eye would: is a text cut off, does one lie on another, does a screen reader
//! know of it. It looks at the shapes of a frame themselves, so that no widget can forget to take part.

use egui::accesskit::Role;
use egui::epaint::{ClippedShape, Shape};
use egui::{Rect, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::NodeT as _;

/// What rounding to pixels may move.
const SLACK: f32 = 1.0;

/// A text as it was painted.
#[derive(Clone, Debug)]
struct Text {
    /// The whole text, also where it was cut with an ellipsis.
    whole: String,
    /// Where there is ink, row by row.
    rows: Vec<Rect>,
    /// What is visible of the screen there.
    clip: Rect,
    /// Its place in the order of painting.
    order: usize,
}

impl Text {
    fn ink(&self) -> Rect {
        self.rows.iter().fold(Rect::NOTHING, |all, row| all.union(*row))
    }
}

/// A frame's texts, what covers others, and what a screen reader is told.
#[derive(Debug, Default)]
pub struct Frame {
    texts: Vec<Text>,
    /// Filled rectangles by their place in the order of painting: what lies under them is not seen.
    covers: Vec<(usize, Rect)>,
    /// Rectangles of everything that has a name or a value.
    nodes: Vec<Rect>,
    /// Scroll bars, which say that more can be seen.
    bars: Vec<Rect>,
}

impl Frame {
    /// The last frame of a window.
    pub fn of<State>(window: &Harness<'_, State>) -> Self {
        let mut frame = Self::default();
        for clipped in &window.output().shapes {
            frame.take(clipped);
        }
        for node in window.root().children_recursive() {
            let told = node.accesskit_node();
            let named = [told.label(), told.value(), told.description()]
                .into_iter()
                .flatten()
                .any(|said| !said.trim().is_empty());
            match told.role() {
                Role::ScrollBar => frame.bars.push(node.rect()),
                // What holds others says nothing of the texts in it.
                Role::Window | Role::Figure | Role::GenericContainer | Role::Pane | Role::Group => {}
                _ if named || told.role() == Role::TextInput => frame.nodes.push(node.rect()),
                _ => {}
            }
        }
        frame
    }

    fn take(&mut self, clipped: &ClippedShape) {
        let mut open = vec![&clipped.shape];
        while let Some(shape) = open.pop() {
            let order = self.texts.len() + self.covers.len();
            match shape {
                Shape::Vec(inner) => open.extend(inner.iter().rev()),
                Shape::Rect(rect) if rect.fill.is_opaque() => {
                    self.covers.push((order, rect.rect.intersect(clipped.clip_rect)));
                }
                Shape::Text(text) => {
                    let rows = text.galley.rows.iter().map(|placed| {
                        placed
                            .row
                            .visuals
                            .mesh_bounds
                            .translate(placed.pos.to_vec2() + text.pos.to_vec2())
                    });
                    let rows: Vec<Rect> = rows.filter(|row| row.is_finite() && row.is_positive()).collect();
                    if !rows.is_empty() {
                        self.texts.push(Text {
                            whole: text.galley.job.text.clone(),
                            rows,
                            clip: clipped.clip_rect,
                            order,
                        });
                    }
                }
                _ => {}
            }
        }
    }

    /// The texts that can be seen, whole.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let seen = self.texts.iter().filter(|text| text.clip.intersects(text.ink()));
        seen.map(|text| text.whole.as_str())
    }

    /// Whether the text that was painted last of this name is seen whole.
    pub fn shows_whole(&self, name: &str) -> bool {
        let last = self.texts.iter().rfind(|text| text.whole == name);
        last.is_some_and(|text| text.clip.expand(SLACK).contains_rect(text.ink()))
    }

    /// How many texts can be seen.
    pub fn visible(&self) -> usize {
        self.texts
            .iter()
            .filter(|text| text.clip.intersects(text.ink()))
            .count()
    }

    /// Everything an eye would mind, in words.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let seen: Vec<&Text> = self
            .texts
            .iter()
            .filter(|text| text.clip.intersects(text.ink()))
            .collect();
        for text in &seen {
            faults.extend(self.cut(text));
            faults.extend(self.unnamed(text));
        }
        for (index, text) in seen.iter().enumerate() {
            let later = seen.get(index + 1..).unwrap_or_default();
            faults.extend(later.iter().filter_map(|other| self.collide(text, other)));
        }
        faults
    }

    /// A text of which a part is hidden and cannot be scrolled to: where it is cut, there must be the edge of
    /// something with a scroll bar.
    fn cut(&self, text: &Text) -> Option<String> {
        let (ink, clip) = (text.ink(), text.clip);
        let near = |a: f32, b: f32| (a - b).abs() < 24.0;
        let level = |bar: &&Rect| bar.width() > bar.height();
        let upright = |bar: &&Rect| bar.width() <= bar.height();
        let to_left = self
            .bars
            .iter()
            .filter(level)
            .any(|bar| near(bar.left(), clip.left()));
        let to_right = self
            .bars
            .iter()
            .filter(level)
            .any(|bar| near(bar.right(), clip.right()));
        let up = self
            .bars
            .iter()
            .filter(upright)
            .any(|bar| near(bar.top(), clip.top()));
        let down = self
            .bars
            .iter()
            .filter(upright)
            .any(|bar| near(bar.bottom(), clip.bottom()));
        let lost = (ink.left() < clip.left() - SLACK && !to_left)
            || (ink.right() > clip.right() + SLACK && !to_right)
            || (ink.top() < clip.top() - SLACK && !up)
            || (ink.bottom() > clip.bottom() + SLACK && !down);
        lost.then(|| format!("cut off: {:?} at {ink:?}, of which {clip:?} is seen", text.whole))
    }

    /// A text that no node stands for, or that is larger than its node.
    fn unnamed(&self, text: &Text) -> Option<String> {
        let all = text.rows.iter().all(|row| {
            let seen = row.intersect(text.clip);
            !seen.is_positive()
                || self
                    .nodes
                    .iter()
                    .any(|node| node.expand2(vec2(SLACK, 2.0)).contains_rect(seen))
        });
        (!all).then(|| {
            format!(
                "not in the rectangle of any node: {:?} at {:?}",
                text.whole,
                text.ink()
            )
        })
    }

    /// Two texts that lie on each other.
    fn collide(&self, a: &Text, b: &Text) -> Option<String> {
        for one in &a.rows {
            for other in &b.rows {
                let both = one
                    .intersect(a.clip)
                    .intersect(other.intersect(b.clip))
                    .shrink(SLACK / 2.0);
                if !both.is_positive() {
                    continue;
                }
                let covered = self
                    .covers
                    .iter()
                    .any(|(order, rect)| *order > a.order && *order <= b.order && rect.contains_rect(both));
                if !covered {
                    return Some(format!(
                        "on each other: {:?} and {:?} at {both:?}",
                        a.whole, b.whole
                    ));
                }
            }
        }
        None
    }
}
