//! Texts and what can be pointed at.

use super::*;

impl Maker<'_> {
    /// Name and detail in the middle of a box.
    pub(super) fn two_lines(&mut self, rect: Rect, name: &str, detail: &str, align: Align) {
        let inner = rect.width - 2.0 * BOX_PADDING;
        let left = rect.left + BOX_PADDING;
        let middle = rect.center().y;
        if detail.is_empty() {
            let room = Rect::new(left, middle - 8.0, inner, 16.0);
            self.text(room, TextRole::NodeName, Ink::Text, name, align);
        } else {
            let room = Rect::new(left, middle - 17.0, inner, 16.0);
            self.text(room, TextRole::NodeName, Ink::Text, name, align);
            let room = Rect::new(left, middle + 1.0, inner, 15.0);
            self.text(room, TextRole::NodeDetail, Ink::Text2, detail, align);
        }
    }

    /// A text outside of boxes, which nothing may touch.
    pub(super) fn label(&mut self, room: Rect, role: TextRole, ink: Ink, text: &str) {
        let rect = self.text(room, role, ink, text, Align::Left);
        self.taken.push(rect);
    }

    /// A text in its room; returns the room that it takes.
    pub(super) fn text(&mut self, room: Rect, role: TextRole, ink: Ink, text: &str, align: Align) -> Rect {
        let (shape, rect) = self.fitted(room, role, ink, text, align);
        self.front.extend(shape);
        rect
    }

    pub(super) fn fitted(
        &self,
        room: Rect,
        role: TextRole,
        ink: Ink,
        text: &str,
        align: Align,
    ) -> (Option<Shape>, Rect) {
        let (shown, cut) = fit(text, role, room.width, self.measure);
        let width = (self.measure)(&shown, role).min(room.width);
        let left = match align {
            Align::Left => room.left,
            Align::Center => room.left + (room.width - width) / 2.0,
            Align::Right => room.right() - width,
        };
        let rect = Rect::new(left, room.top, width, room.height);
        if shown.is_empty() {
            return (None, rect);
        }
        let full = cut.then(|| plain(text));
        (
            Some(Shape::Text {
                rect,
                role,
                ink,
                text: shown,
                full,
            }),
            rect,
        )
    }

    pub(super) fn node(
        &mut self,
        who: Who,
        rect: Rect,
        name: &str,
        detail: &str,
        word: &str,
        selectable: bool,
    ) {
        self.taken.push(rect);
        self.nodes.push(Node {
            who,
            rect,
            name: plain(name),
            detail: plain(detail),
            word: word.to_owned(),
            selectable,
            first_hidden: 0,
        });
    }

    /// Upright and level lines are taken too, a little wider than they are.
    pub(super) fn take_line(&mut self, points: &[Point]) {
        for pair in points.windows(2) {
            if let [a, b] = pair {
                let (left, top) = (a.x.min(b.x) - 3.0, a.y.min(b.y) - 3.0);
                let (width, height) = ((a.x - b.x).abs() + 6.0, (a.y - b.y).abs() + 6.0);
                self.taken.push(Rect::new(left, top, width, height));
            }
        }
    }

    /// The word beside the break: above the wire if it is free there, else in a strip of its own at the foot.
    pub(super) fn mark(
        &mut self,
        at: Point,
        text: &str,
        left: f32,
        right: f32,
        height: &mut f32,
        signs: &mut Vec<Shape>,
    ) {
        const HEIGHT: f32 = 16.0;
        let (left, right) = (left + 8.0, right - 4.0);
        let (shown, _) = fit(text, TextRole::Mark, right - left, self.measure);
        let width = (self.measure)(&shown, TextRole::Mark).min(right - left);
        let candidates = [
            (at.x - 14.0 - width, at.y - 30.0),
            (at.x + 14.0, at.y - 30.0),
            (at.x - width / 2.0, at.y - 34.0),
            (at.x + 16.0, at.y - HEIGHT / 2.0),
            (at.x - 16.0 - width, at.y - HEIGHT / 2.0),
            (at.x - 14.0 - width, at.y + 14.0),
            (at.x + 14.0, at.y + 14.0),
            (right - width, at.y - 30.0),
        ];
        // Wires are crossed by no word either.
        let on_a_wire = |rect: &Rect| {
            self.places
                .wires
                .iter()
                .any(|y| rect.top < *y + 3.0 && rect.bottom() > *y - 3.0)
        };
        let free = candidates
            .iter()
            .map(|(x, y)| Rect::new(*x, *y, width, HEIGHT))
            .find(|rect| {
                rect.left >= left
                    && rect.right() <= right
                    && rect.top >= 2.0
                    && !on_a_wire(rect)
                    && !self.taken.iter().any(|taken| taken.overlaps(rect))
            });
        let rect = free.unwrap_or_else(|| {
            let rect = Rect::new(left, *height, width, HEIGHT);
            *height += HEIGHT + PAD;
            rect
        });
        let (shape, rect) = self.fitted(
            Rect::new(rect.left, rect.top, rect.width + 0.5, HEIGHT),
            TextRole::Mark,
            Ink::Broken,
            text,
            Align::Left,
        );
        self.taken.push(rect);
        signs.extend(shape);
    }
}
