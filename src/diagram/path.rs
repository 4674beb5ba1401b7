//! The way of the chosen traffic along the wires.

use super::layout::{Node, Places};
use super::overlay::{Overlay, PathState, Spot};
use super::scene::{Scene, Who};
use super::shape::{Ink, Point, Shape, point};

/// Radius of the sign of a break.
const SIGN: f32 = 10.0;

/// Radius of the sign of a good end.
const TICK: f32 = 8.0;

/// A way as points, with the distances from its start at which it enters something.
#[derive(Default)]
struct Way {
    points: Vec<Point>,
    spots: Vec<(Spot, f32)>,
}

impl Way {
    fn length(&self) -> f32 {
        self.points
            .windows(2)
            .map(|pair| if let [a, b] = pair { distance(*a, *b) } else { 0.0 })
            .sum()
    }

    fn go(&mut self, to: Point) {
        if self.points.last() != Some(&to) {
            self.points.push(to);
        }
    }

    fn enters(&mut self, spot: Spot, ahead: f32) {
        let at = self.length() + (ahead - SIGN - 1.0).max(0.0);
        self.spots.push((spot, at));
    }

    /// The way up to a distance, the point there, and the rest.
    fn cut(&self, at: f32) -> (Vec<Point>, Point, Vec<Point>) {
        let mut head = Vec::new();
        let mut left = at.max(0.0);
        let mut points = self.points.iter();
        let Some(mut from) = points.next().copied() else {
            return (Vec::new(), Point::default(), Vec::new());
        };
        head.push(from);
        while let Some(to) = points.next().copied() {
            let length = distance(from, to);
            if left <= length {
                let share = if length > 0.0 { left / length } else { 0.0 };
                let end = point(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share);
                head.push(end);
                let mut tail = vec![end, to];
                tail.extend(points.copied());
                return (head, end, tail);
            }
            left -= length;
            head.push(to);
            from = to;
        }
        (head, from, Vec::new())
    }
}

fn distance(a: Point, b: Point) -> f32 {
    (a.x - b.x).hypot(a.y - b.y)
}

/// Draws the chosen traffic: the line under the boxes into `back`, frames and signs into `front`. Returns where
/// the sign of the break is, with its word.
pub(super) fn draw(
    scene: &Scene,
    places: &Places,
    overlay: &Overlay,
    nodes: &[Node],
    back: &mut Vec<Shape>,
    front: &mut Vec<Shape>,
) -> Option<(Point, String)> {
    let breaks_at_end = overlay.state == PathState::Broken
        && overlay
            .broken
            .as_ref()
            .is_some_and(|(spot, _)| *spot == Spot::End);
    for (end, who) in [(false, &overlay.from), (true, &overlay.to)] {
        let node = who
            .as_ref()
            .and_then(|who| nodes.iter().find(|node| node.who == *who));
        if let Some(node) = node {
            let ink = match overlay.state {
                PathState::Broken if end && breaks_at_end => Ink::Broken,
                PathState::Ok => Ink::Ok,
                _ => Ink::Accent,
            };
            // The host is its whole column.
            let (rect, radius) = if node.who == Who::Host {
                (places.spine, 12.0)
            } else {
                (node.rect, 8.0)
            };
            front.push(Shape::Box {
                rect,
                radius,
                fill: None,
                line: Some((ink, 2.0)),
            });
        }
    }
    let (Some(from), Some(to)) = (&overlay.from, &overlay.to) else {
        return None;
    };
    let way = find(scene, places, from, to)?;
    let length = way.length();
    let line = |points: Vec<Point>, ink: Ink, width: f32, dashed: bool| Shape::Line {
        points,
        ink,
        width,
        dashed,
    };
    match (overlay.state, &overlay.broken) {
        (PathState::Broken, Some((spot, word))) => {
            let known = way
                .spots
                .iter()
                .find(|(known, _)| known == spot)
                .map(|(_, at)| *at);
            let at = known.unwrap_or(match spot {
                Spot::Start => 16.0,
                Spot::End | Spot::Router => length - SIGN - 1.0,
                Spot::Middle | Spot::Engine => length / 2.0,
            });
            let (head, sign, tail) = way.cut(at.clamp(0.0, length));
            back.push(line(tail, Ink::Broken, 2.0, true));
            back.push(line(head, Ink::Broken, 6.0, false));
            front.push(Shape::Break {
                center: sign,
                radius: SIGN,
            });
            Some((sign, word.clone()))
        }
        (state, _) => {
            let ink = match state {
                PathState::Ok => Ink::Ok,
                PathState::Broken => Ink::Broken,
                PathState::Unknown => Ink::Unknown,
                PathState::Chosen => Ink::Accent,
            };
            // Told apart without colors: what is only chosen is hollow, what passes ends in a tick, what is not
            // known is dashed.
            match state {
                PathState::Chosen => {
                    back.push(line(way.points.clone(), ink, 7.0, false));
                    back.push(line(way.points, Ink::Raised, 3.0, false));
                }
                PathState::Ok => {
                    let (_, center, _) = way.cut((length - SIGN - 1.0).max(0.0));
                    front.push(Shape::Tick { center, radius: TICK });
                    back.push(line(way.points, ink, 6.0, false));
                }
                PathState::Unknown | PathState::Broken => {
                    back.push(line(way.points, ink, 6.0, state == PathState::Unknown));
                }
            }
            None
        }
    }
}

/// Which wires somebody is on, with how it gets there: the points from the machine to the wire.
fn attached(scene: &Scene, places: &Places, who: &Who) -> Vec<(usize, Vec<Point>)> {
    let y = |wire: usize| places.wires.get(wire).copied();
    let port = |wire: usize| Some((wire, vec![point((*places.ports.get(wire)?)?, y(wire)?)]));
    match who {
        Who::Host => (0..scene.wires.len()).filter_map(port).collect(),
        Who::Port(wire) => port(*wire).into_iter().collect(),
        Who::Internet => {
            let Some((_, wire_y, name)) = &places.outside else {
                return Vec::new();
            };
            vec![(scene.wires.len(), vec![point(name.center().x, *wire_y)])]
        }
        Who::Router | Who::Engine(_) => Vec::new(),
        _ => {
            let Some((_, wire, rect, leads)) = places.hangers.iter().find(|(known, ..)| known == who) else {
                return Vec::new();
            };
            let middle = rect.center();
            let hang = y(*wire).map(|y| (*wire, vec![point(middle.x, rect.top), point(middle.x, y)]));
            let leads = leads.iter().filter_map(|(lead, x)| {
                Some((
                    *lead,
                    vec![
                        point(rect.right(), middle.y),
                        point(*x, middle.y),
                        point(*x, y(*lead)?),
                    ],
                ))
            });
            hang.into_iter().chain(leads).collect()
        }
    }
}

/// How one gets from one wire to another.
#[derive(Clone, Copy, PartialEq)]
enum Crossing {
    Engine(usize),
    Router,
    Host,
}

/// What a wire was reached for: the cost, and the wire and crossing before it.
type Reached = (u32, Option<(usize, Crossing)>);

/// The shortest way: engines and routers before the host, which forwards only when it must.
fn find(scene: &Scene, places: &Places, from: &Who, to: &Who) -> Option<Way> {
    let starts = attached(scene, places, from);
    let ends = attached(scene, places, to);
    let count = scene.wires.len() + 1;
    let mut crossings: Vec<(usize, usize, u32, Crossing)> = Vec::new();
    for (index, engine) in scene.engines.iter().enumerate() {
        if places.engines.get(index).is_some_and(Option::is_some) {
            crossings.push((engine.wire, engine.to, 2, Crossing::Engine(index)));
        }
    }
    if let (Some(outside), true) = (&scene.internet, places.outside.is_some()) {
        crossings.push((outside.wire, scene.wires.len(), 2, Crossing::Router));
    }
    let ported: Vec<usize> = (0..scene.wires.len())
        .filter(|wire| places.ports.get(*wire).is_some_and(Option::is_some))
        .collect();
    if *from != Who::Host && *to != Who::Host {
        for (index, a) in ported.iter().enumerate() {
            for b in ported.iter().skip(index + 1) {
                crossings.push((*a, *b, 5, Crossing::Host));
            }
        }
    }
    // Wires are few: relaxing every crossing as often as there are wires is enough.
    let mut best: Vec<Option<Reached>> = vec![None; count];
    for (rank, (wire, _)) in starts.iter().enumerate() {
        if let Some(slot) = best.get_mut(*wire) {
            // The first card is the one traffic is taken to leave by, unless another is nearer.
            let cost = u32::from(rank > 0 && *from != Who::Host);
            if slot.is_none_or(|(known, _)| cost < known) {
                *slot = Some((cost, None));
            }
        }
    }
    for _ in 0..count {
        for (a, b, cost, crossing) in &crossings {
            for (a, b) in [(*a, *b), (*b, *a)] {
                let Some((here, _)) = best.get(a).copied().flatten() else {
                    continue;
                };
                if let Some(slot) = best.get_mut(b)
                    && slot.is_none_or(|(known, _)| here + cost < known)
                {
                    *slot = Some((here + cost, Some((a, *crossing))));
                }
            }
        }
    }
    let (last, arrival) = ends
        .iter()
        .filter_map(|(wire, points)| Some((best.get(*wire).copied().flatten()?.0, (*wire, points))))
        .min_by_key(|(cost, _)| *cost)
        .map(|(_, end)| end)?;
    let mut steps = Vec::new();
    let mut wire = last;
    while let Some((_, Some((before, crossing)))) = best.get(wire).copied().flatten() {
        steps.push((before, crossing, wire));
        wire = before;
        if steps.len() > count {
            return None;
        }
    }
    steps.reverse();

    let mut way = Way::default();
    for at in starts.iter().find(|(start, _)| *start == wire)?.1.iter() {
        way.go(*at);
    }
    for (before, crossing, after) in steps {
        cross(&mut way, places, scene, before, crossing, after)?;
    }
    for at in arrival.iter().rev() {
        way.go(*at);
    }
    Some(way)
}

fn cross(
    way: &mut Way,
    places: &Places,
    scene: &Scene,
    before: usize,
    crossing: Crossing,
    after: usize,
) -> Option<()> {
    match crossing {
        Crossing::Engine(index) => {
            let (rect, lane) = (*places.engines.get(index)?)?;
            let engine = scene.engines.get(index)?;
            let (own, other) = (*places.wires.get(engine.wire)?, *places.wires.get(engine.to)?);
            let middle = rect.center();
            let mut points = vec![point(middle.x, own), point(middle.x, middle.y)];
            if lane != middle.x {
                points.push(point(lane, middle.y));
            }
            points.push(point(lane, other));
            let ahead = if before == engine.wire {
                own - rect.bottom()
            } else {
                points.reverse();
                let along = (other - middle.y).abs();
                if lane == middle.x {
                    along - rect.height / 2.0
                } else {
                    along + rect.left - lane
                }
            };
            let mut points = points.into_iter();
            way.go(points.next()?);
            way.enters(Spot::Engine, ahead);
            points.for_each(|at| way.go(at));
        }
        Crossing::Router => {
            let (rect, wire_y, _) = places.outside?;
            let (center, line) = (rect.center(), places.router_line);
            let outwards = after == scene.wires.len();
            let y = *places.wires.get(if outwards { before } else { after })?;
            let mut points = vec![point(line, y)];
            if line != center.x {
                points.extend([point(line, center.y), center]);
            }
            points.push(point(center.x, wire_y));
            let ahead = match (outwards, line == center.x) {
                (true, true) => y - rect.bottom(),
                (true, false) => y - center.y + rect.left - line,
                (false, _) => rect.top - wire_y,
            };
            if !outwards {
                points.reverse();
            }
            let mut points = points.into_iter();
            way.go(points.next()?);
            way.enters(Spot::Router, ahead);
            points.for_each(|at| way.go(at));
        }
        Crossing::Host => {
            let x = places.spine_right - 6.0;
            let (from, to) = (*places.wires.get(before)?, *places.wires.get(after)?);
            way.go(point(places.spine_right + 16.0, from));
            way.enters(Spot::Engine, 16.0);
            way.go(point(x, from));
            way.go(point(x, to));
            way.go(point(places.spine_right, to));
        }
    }
    Some(())
}
