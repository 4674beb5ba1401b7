//! Where everything goes. Columns are reserved from the left: names of segments, the host with its ports,
//! translation engines, then machines; each row is as high as what hangs in it. So nothing can overlap,
//! whatever the scene holds.

use super::overlay::Overlay;
use super::path;
use super::plain;
use super::scene::{Hanger, Health, Role, Scene, Who};
use super::shape::{Ink, Point, Rect, Shape, TextRole, point};

/// Narrowest picture; a narrower window scrolls.
pub const MIN_WIDTH: f32 = 440.0;

/// Below this width everything moves closer together.
const COMPACT: f32 = 540.0;

/// Below this width the names of segments stand above the ports.
const NARROW: f32 = 780.0;

/// Tells how wide a text is in points.
pub type Measure<'a> = &'a dyn Fn(&str, TextRole) -> f32;

const PAD: f32 = 16.0;
const PORT_HEIGHT: f32 = 40.0;
const TITLE_HEIGHT: f32 = 32.0;
const STEM: f32 = 22.0;
const BOX_HEIGHT: f32 = 46.0;
const ENGINE_HEIGHT: f32 = 40.0;
const ROUTER: (f32, f32) = (124.0, 42.0);
const GUTTER: f32 = 26.0;
const ROW: f32 = 64.0;
const ROW_WITH_MACHINES: f32 = STEM + BOX_HEIGHT + 44.0;
const ROW_WITH_ENGINE: f32 = 2.0 * STEM + ENGINE_HEIGHT + 12.0;

/// The picture, ready to be painted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Width and height in points.
    pub size: (f32, f32),
    /// Its parts; later ones lie on earlier ones.
    pub shapes: Vec<Shape>,
    /// What can be pointed at and picked.
    pub nodes: Vec<Node>,
}

/// Something that can be pointed at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// What it stands for.
    pub who: Who,
    /// Where it is.
    pub rect: Rect,
    /// Its whole name.
    pub name: String,
    /// Its address, or its state in words.
    pub detail: String,
    /// Its state in a word; may be empty.
    pub word: String,
    /// Whether traffic can start or end there.
    pub selectable: bool,
    /// Of a group: the place of the first machine in it among those of its wire.
    pub first_hidden: usize,
}

/// Something that hangs: who, its wire, its box, and its leads as (wire, x of the lead).
pub(super) type Hung = (Who, usize, Rect, Vec<(usize, f32)>);

/// Where the parts of a scene ended up, for the path to follow.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    /// Height of each wire, by its index in the scene.
    pub wires: Vec<f32>,
    /// The host's column.
    pub spine: Rect,
    /// Its right edge.
    pub spine_right: f32,
    /// Right edge of each wire's port; `None` without one.
    pub ports: Vec<Option<f32>>,
    /// What hangs.
    pub hangers: Vec<Hung>,
    /// Engines by index: their box and the x of the line to the other wire.
    pub engines: Vec<Option<(Rect, f32)>>,
    /// The router's box, the height of the outside wire, and where its name stands.
    pub outside: Option<(Rect, f32, Rect)>,
}

/// Lays out a scene for `width` points, with the chosen traffic on it.
pub fn layout(scene: &Scene, overlay: Option<&Overlay>, width: f32, measure: Measure<'_>) -> Layout {
    Maker::new(scene, width, measure).make(overlay)
}

/// `text` as one clean line that is at most `room` wide, and whether it was cut.
fn fit(text: &str, role: TextRole, room: f32, measure: Measure<'_>) -> (String, bool) {
    let text = plain(text);
    if measure(&text, role) <= room {
        return (text, false);
    }
    let characters: Vec<char> = text.chars().collect();
    let cut = |count: usize| -> String {
        let mut start: String = characters
            .iter()
            .take(count)
            .collect::<String>()
            .trim_end()
            .to_owned();
        start.push('…');
        start
    };
    // Wider with every character: the longest that fits is found by halving.
    let (mut low, mut high) = (0, characters.len());
    while low < high {
        let middle = (low + high).div_ceil(2);
        if measure(&cut(middle), role) <= room {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    let shown = cut(low);
    if measure(&shown, role) <= room {
        (shown, true)
    } else {
        (String::new(), true)
    }
}

fn ink_of(role: Role) -> Ink {
    match role {
        Role::Lan => Ink::Lan,
        Role::Nat => Ink::Nat,
        Role::Host => Ink::Host,
        Role::Tunnel => Ink::Tun,
        Role::Other => Ink::Unknown,
    }
}

/// The sign of a state, told by its form as well as by its color: full, hollow, crossed, or small.
fn sign_of_health(health: Health, center: Point) -> Vec<Shape> {
    let disc = |radius: f32, ink: Ink| Shape::Disc { center, radius, ink };
    match health {
        Health::Up => vec![disc(4.5, Ink::Ok)],
        Health::Broken => vec![Shape::Break { center, radius: 6.0 }],
        Health::Off => vec![disc(4.5, Ink::Unknown), disc(2.8, Ink::Raised)],
        Health::Unknown => vec![disc(2.8, Ink::Unknown)],
    }
}

/// The columns that do not depend on the scene.
struct Frame {
    pad: f32,
    /// Left edge and width of the segments' names.
    label: (f32, f32),
    /// Height of the names where they stand above the ports; 0 where they stand beside them.
    label_height: f32,
    spine_left: f32,
    port_width: f32,
    /// Between the edge of the host's column and its ports.
    inset: f32,
    engine_width: f32,
    /// Between columns.
    gap: f32,
    /// Between the engines and the line that they share.
    trunk: f32,
}

impl Frame {
    fn of(width: f32) -> Self {
        if width < COMPACT {
            return Self {
                pad: 8.0,
                label: (8.0 + 6.0, 114.0),
                label_height: 34.0,
                spine_left: 8.0,
                port_width: 114.0,
                inset: 6.0,
                engine_width: 96.0,
                gap: 12.0,
                trunk: 10.0,
            };
        }
        if width < NARROW {
            return Self {
                pad: 12.0,
                label: (12.0 + 8.0, 124.0),
                label_height: 34.0,
                spine_left: 12.0,
                port_width: 124.0,
                inset: 8.0,
                engine_width: 104.0,
                gap: 16.0,
                trunk: 12.0,
            };
        }
        let label = (width * 0.17).clamp(132.0, 176.0);
        Self {
            pad: PAD,
            label: (PAD, label),
            label_height: 0.0,
            spine_left: PAD + label + 14.0,
            port_width: (width * 0.125).clamp(112.0, 128.0),
            inset: 12.0,
            engine_width: 116.0,
            gap: 24.0,
            trunk: 18.0,
        }
    }
}

#[derive(Clone, Copy)]
enum Align {
    Left,
    Center,
    Right,
}

struct Maker<'a> {
    scene: &'a Scene,
    measure: Measure<'a>,
    width: f32,
    /// Behind the nodes: column, leads, wires.
    back: Vec<Shape>,
    /// Boxes and their texts.
    front: Vec<Shape>,
    nodes: Vec<Node>,
    /// Rectangles that no further label may touch.
    taken: Vec<Rect>,
    places: Places,
}

impl<'a> Maker<'a> {
    fn new(scene: &'a Scene, width: f32, measure: Measure<'a>) -> Self {
        let width = if width.is_finite() {
            width.clamp(MIN_WIDTH, 8000.0)
        } else {
            MIN_WIDTH
        };
        Self {
            scene,
            measure,
            width,
            back: Vec::new(),
            front: Vec::new(),
            nodes: Vec::new(),
            taken: Vec::new(),
            places: Places::default(),
        }
    }

    fn make(mut self, overlay: Option<&Overlay>) -> Layout {
        let frame = Frame::of(self.width);
        let spine_left = frame.spine_left;
        let port_width = frame.port_width;
        let spine_right = spine_left + port_width + 2.0 * frame.inset;
        self.places.spine_right = spine_right;

        // One engine a wire; what names a wire that is not there is left out.
        let wires = self.scene.wires.len();
        let mut engine_of: Vec<Option<usize>> = vec![None; wires];
        for (index, engine) in self.scene.engines.iter().enumerate() {
            if let Some(slot) = engine_of.get_mut(engine.wire)
                && engine.to < wires
                && engine.to != engine.wire
            {
                slot.get_or_insert(index);
            }
        }
        let engines = engine_of.iter().flatten().count();
        let trunk = if engines > 1 { frame.trunk } else { 0.0 };
        let engine_left = spine_right + frame.gap + trunk;
        let machines_left = if engines > 0 {
            engine_left + frame.engine_width + frame.gap
        } else {
            spine_right + frame.gap + 8.0
        };
        let right = self.width - frame.pad;

        // Rows from the top down, the one that leads outside first.
        let outside = self
            .scene
            .internet
            .as_ref()
            .filter(|outside| outside.wire < wires);
        let mut order: Vec<usize> = (0..wires).collect();
        if let Some(outside) = outside {
            order.sort_by_key(|index| (*index != outside.wire, *index));
        }
        self.places.wires = vec![0.0; wires];
        let mut y = if outside.is_some() {
            PAD + 24.0 + 2.0 * 28.0 + ROUTER.1
        } else {
            PAD + TITLE_HEIGHT + frame.label_height + PORT_HEIGHT / 2.0 + 8.0
        };
        let mut bottom = y;
        for (row, wire) in order.iter().enumerate() {
            let Some(shown) = self.scene.wires.get(*wire) else {
                continue;
            };
            let has_engine = engine_of.get(*wire).is_some_and(Option::is_some);
            if row == 0 && has_engine {
                y = y.max(PAD + STEM + ENGINE_HEIGHT + 8.0);
            }
            if row > 0 {
                let above = order.get(row - 1).and_then(|above| self.scene.wires.get(*above));
                let machines = above.is_some_and(|above| !above.machines.is_empty());
                y += (ROW + frame.label_height)
                    .max(if machines { ROW_WITH_MACHINES } else { 0.0 })
                    .max(if has_engine { ROW_WITH_ENGINE } else { 0.0 });
            }
            if let Some(slot) = self.places.wires.get_mut(*wire) {
                *slot = y;
            }
            bottom = y + if shown.machines.is_empty() {
                PORT_HEIGHT / 2.0
            } else {
                STEM + BOX_HEIGHT
            };
        }

        self.spine(spine_left, spine_right, frame.label_height);
        for wire in 0..wires {
            self.wire(wire, &frame, right);
        }
        self.engines(&engine_of, engine_left, &frame, trunk);
        self.machines(machines_left, right);
        if let Some(outside) = outside {
            self.outside(outside, machines_left, right);
        }

        let mut height = bottom.max(PAD + TITLE_HEIGHT + PORT_HEIGHT) + PAD + 8.0;
        let mut chosen = Vec::new();
        let mut signs = Vec::new();
        if let Some(overlay) = overlay {
            let label = path::draw(
                self.scene,
                &self.places,
                overlay,
                &self.nodes,
                &mut chosen,
                &mut signs,
            );
            if let Some((at, text)) = label {
                self.mark(at, &text, spine_right, right, &mut height, &mut signs);
            }
        }
        let mut shapes = self.back;
        shapes.extend(chosen);
        shapes.extend(self.front);
        shapes.extend(signs);
        Layout {
            size: (self.width, height),
            shapes,
            nodes: self.nodes,
        }
    }

    /// The column of the host, with its title as a node of its own.
    fn spine(&mut self, left: f32, right: f32, label_height: f32) {
        let with_port = |(index, y): (usize, &f32)| {
            self.scene
                .wires
                .get(index)
                .is_some_and(|wire| wire.port.is_some())
                .then_some(*y)
        };
        let heights: Vec<f32> = self
            .places
            .wires
            .iter()
            .enumerate()
            .filter_map(with_port)
            .collect();
        let first = heights.iter().copied().fold(f32::INFINITY, f32::min);
        let last = heights.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let (top, bottom) = if first.is_finite() {
            (
                first - PORT_HEIGHT / 2.0 - label_height - TITLE_HEIGHT,
                last + PORT_HEIGHT / 2.0 + 12.0,
            )
        } else {
            (PAD, PAD + TITLE_HEIGHT + 8.0)
        };
        let column = Rect::new(left, top, right - left, bottom - top);
        self.places.spine = column;
        self.back.push(Shape::Box {
            rect: column,
            radius: 12.0,
            fill: Some(Ink::Raised),
            line: Some((Ink::Border, 1.0)),
        });
        let title = Rect::new(left, top, right - left, TITLE_HEIGHT - 2.0);
        self.text(
            Rect::new(left + 8.0, top + 7.0, title.width - 16.0, 20.0),
            TextRole::HostTitle,
            Ink::Text,
            &self.scene.host,
            Align::Center,
        );
        self.node(Who::Host, title, &self.scene.host, "", "", true);
    }

    /// A wire with its names at the left and the host's port.
    fn wire(&mut self, index: usize, frame: &Frame, right: f32) {
        let (Some(wire), Some(&y)) = (self.scene.wires.get(index), self.places.wires.get(index)) else {
            return;
        };
        let ink = ink_of(wire.role);
        let port_left = frame.spine_left + frame.inset;
        let port_width = frame.port_width;
        let (left, width) = frame.label;
        // Beside the host's column, or above the port where there is no room beside it.
        let above = frame.label_height > 0.0;
        let top = match (above, &wire.port) {
            (true, Some(_)) => y - PORT_HEIGHT / 2.0 - frame.label_height,
            (true, None) => y - frame.label_height - 2.0,
            (false, _) => y - 18.0,
        };
        self.label(
            Rect::new(left, top, width, 17.0),
            TextRole::WireName,
            ink,
            &wire.name,
        );
        if !wire.prefix.is_empty() {
            let below = if above { top + 17.0 } else { y + 1.0 };
            self.label(
                Rect::new(left, below, width, 16.0),
                TextRole::Prefix,
                Ink::Text2,
                &wire.prefix,
            );
        }
        let start = match &wire.port {
            Some(port) => {
                let rect = Rect::new(port_left, y - PORT_HEIGHT / 2.0, port_width, PORT_HEIGHT);
                let line = match port.health {
                    Health::Broken => Ink::Broken,
                    Health::Off => Ink::Unknown,
                    Health::Up | Health::Unknown => ink,
                };
                self.front.push(Shape::Box {
                    rect,
                    radius: 8.0,
                    fill: Some(Ink::Raised),
                    line: Some((line, 1.6)),
                });
                let inner = rect.width - 20.0;
                let (left, top) = (rect.left + 10.0, rect.top);
                self.text(
                    Rect::new(left, top + 4.0, inner, 16.0),
                    TextRole::PortName,
                    Ink::Text,
                    &port.name,
                    Align::Left,
                );
                self.text(
                    Rect::new(left, top + 21.0, inner, 15.0),
                    TextRole::NodeDetail,
                    Ink::Text2,
                    &port.detail,
                    Align::Left,
                );
                self.node(Who::Port(index), rect, &port.name, &port.detail, "", true);
                rect.right()
            }
            None => self.places.spine_right + frame.gap - 4.0,
        };
        self.places.ports.push(wire.port.as_ref().map(|_| start));
        let health = wire.port.as_ref().map_or(Health::Unknown, |port| port.health);
        let cut = matches!(health, Health::Broken | Health::Off);
        self.back.push(Shape::Line {
            points: vec![point(start, y), point(right, y)],
            ink,
            width: 3.0,
            dashed: cut,
        });
        if cut {
            // The plug does not hold: marked where the wire begins.
            self.front.extend(sign_of_health(health, point(start, y)));
        }
    }

    fn engines(&mut self, engine_of: &[Option<usize>], left: f32, frame: &Frame, trunk: f32) {
        self.places.engines = vec![None; self.scene.engines.len()];
        for (wire, index) in engine_of.iter().enumerate() {
            let Some((index, engine)) = index.and_then(|i| Some((i, self.scene.engines.get(i)?))) else {
                continue;
            };
            let (Some(&y), Some(&other)) = (self.places.wires.get(wire), self.places.wires.get(engine.to))
            else {
                continue;
            };
            let rect = Rect::new(left, y - STEM - ENGINE_HEIGHT, frame.engine_width, ENGINE_HEIGHT);
            let middle = rect.center();
            let ink = if engine.health == Health::Broken {
                Ink::Broken
            } else {
                Ink::Nat
            };
            let mut lines = vec![vec![point(middle.x, y), point(middle.x, rect.bottom())]];
            let lane = if trunk > 0.0 {
                let lane = left - trunk;
                lines.push(vec![
                    point(rect.left, middle.y),
                    point(lane, middle.y),
                    point(lane, other),
                ]);
                lane
            } else {
                let from = if other < y { rect.top } else { rect.bottom() };
                lines.push(vec![point(middle.x, from), point(middle.x, other)]);
                middle.x
            };
            for points in lines {
                self.take_line(&points);
                self.back.push(Shape::Line {
                    points,
                    ink,
                    width: 2.0,
                    dashed: true,
                });
            }
            for end in [point(middle.x, y), point(lane, other)] {
                self.back.push(Shape::Disc {
                    center: end,
                    radius: 3.5,
                    ink,
                });
            }
            self.front.push(Shape::Box {
                rect,
                radius: 10.0,
                fill: Some(Ink::Raised),
                line: Some((ink, 1.2)),
            });
            self.two_lines(rect, &engine.name, &engine.detail, Align::Center);
            if let Some(slot) = self.places.engines.get_mut(index) {
                *slot = Some((rect, lane));
            }
            self.node(Who::Engine(index), rect, &engine.name, &engine.detail, "", false);
        }
    }

    fn machines(&mut self, left: f32, right: f32) {
        // All boxes of the picture are of one width, so that they stand in columns.
        let measure = self.measure;
        let wanted = self
            .scene
            .wires
            .iter()
            .flat_map(|wire| &wire.machines)
            .map(|machine| {
                let name = measure(&plain(&machine.name), TextRole::NodeName);
                let detail = measure(&plain(&machine.detail), TextRole::NodeDetail);
                name.max(detail) + 38.0
            })
            .fold(0.0, f32::max);
        let room = right - left;
        let wanted = wanted.clamp(104.0, 164.0);
        let columns_of = |width: f32| (((room + 2.0) / (width + GUTTER)) as usize).max(1);
        let most = self
            .scene
            .wires
            .iter()
            .map(|wire| wire.machines.len())
            .max()
            .unwrap_or(0);
        // Where there is little room, narrower boxes rather than one column.
        let columns = columns_of(wanted).max(columns_of(104.0).min(most).min(3));
        let box_width = wanted
            .min((room + 2.0) / columns as f32 - GUTTER)
            .min((room - GUTTER).max(60.0));
        let mut lanes: Vec<usize> = vec![0; columns];
        for wire in 0..self.scene.wires.len() {
            let Some(machines) = self.scene.wires.get(wire).map(|wire| &wire.machines) else {
                continue;
            };
            // The router's line comes down in the first column: leave it to it where there is room.
            let outside = self
                .scene
                .internet
                .as_ref()
                .is_some_and(|outside| outside.wire == wire);
            let first = usize::from(outside && machines.len() < columns);
            let fits = if machines.len() <= columns {
                machines.len()
            } else {
                columns - 1
            };
            for (column, machine) in machines.iter().take(fits).enumerate() {
                let column = column + first;
                let x = left + column as f32 * (box_width + GUTTER);
                self.hanger(wire, machine, x, box_width, lanes.get_mut(column));
            }
            let hidden = machines.len() - fits;
            if hidden > 0 {
                let names: Vec<String> = machines
                    .iter()
                    .skip(fits)
                    .take(20)
                    .map(|machine| plain(&machine.name))
                    .collect();
                let group = Hanger {
                    who: Who::More(wire),
                    name: self.scene.more.replace("{n}", &hidden.to_string()),
                    detail: names.join(", "),
                    ..Hanger::default()
                };
                let x = left + fits as f32 * (box_width + GUTTER);
                self.hanger(wire, &group, x, box_width, None);
                if let Some(node) = self.nodes.last_mut() {
                    node.first_hidden = fits;
                }
            }
        }
    }

    fn hanger(&mut self, wire: usize, machine: &Hanger, x: f32, width: f32, lanes: Option<&mut usize>) {
        let (Some(shown), Some(&y)) = (self.scene.wires.get(wire), self.places.wires.get(wire)) else {
            return;
        };
        let ink = ink_of(shown.role);
        let rect = Rect::new(x, y + STEM, width, BOX_HEIGHT);
        let middle = rect.center();
        self.back.push(Shape::Line {
            points: vec![point(middle.x, y), point(middle.x, rect.top)],
            ink,
            width: 2.0,
            dashed: false,
        });
        let mut leads = Vec::new();
        if let Some(lanes) = lanes {
            for lead in &machine.leads {
                let (Some(other), Some(&other_y)) =
                    (self.scene.wires.get(*lead), self.places.wires.get(*lead))
                else {
                    continue;
                };
                if *lead == wire || leads.iter().any(|(known, _)| known == lead) {
                    continue;
                }
                // Several leads share a gutter side by side.
                let lane = rect.right() + 7.0 + (*lanes % 4) as f32 * 4.0;
                *lanes += 1;
                let ink = ink_of(other.role);
                let points = vec![
                    point(rect.right(), middle.y),
                    point(lane, middle.y),
                    point(lane, other_y),
                ];
                self.take_line(&points);
                self.back.push(Shape::Line {
                    points,
                    ink,
                    width: 2.0,
                    dashed: false,
                });
                self.back.push(Shape::Disc {
                    center: point(lane, other_y),
                    radius: 3.5,
                    ink,
                });
                leads.push((*lead, lane));
            }
        }
        let line = if machine.health == Health::Broken {
            Ink::Broken
        } else {
            Ink::Border
        };
        self.front.push(Shape::Box {
            rect,
            radius: 8.0,
            fill: Some(Ink::Raised),
            line: Some((line, 1.0)),
        });
        if matches!(machine.who, Who::More(_)) {
            self.two_lines(rect, &machine.name, &machine.detail, Align::Left);
        } else {
            self.front.extend(sign_of_health(
                machine.health,
                point(rect.left + 15.0, rect.top + 16.0),
            ));
            let inner = Rect::new(rect.left + 16.0, rect.top, rect.width - 16.0, rect.height);
            self.two_lines(inner, &machine.name, &machine.detail, Align::Left);
        }
        let selectable = !matches!(machine.who, Who::More(_));
        self.node(
            machine.who.clone(),
            rect,
            &machine.name,
            &machine.detail,
            &machine.word,
            selectable,
        );
        self.places.hangers.push((machine.who.clone(), wire, rect, leads));
    }

    fn outside(&mut self, outside: &super::scene::Outside, left: f32, right: f32) {
        let Some(&y) = self.places.wires.get(outside.wire) else {
            return;
        };
        let wire_y = y - 2.0 * 28.0 - ROUTER.1;
        let rect = Rect::new(
            left + 8.0,
            wire_y + 28.0,
            ROUTER.0.min(right - left - 8.0),
            ROUTER.1,
        );
        let middle = rect.center().x;
        let stem = vec![point(middle, wire_y), point(middle, y)];
        self.take_line(&stem);
        self.back.push(Shape::Line {
            points: stem,
            ink: Ink::Text2,
            width: 2.0,
            dashed: false,
        });
        self.back.push(Shape::Line {
            points: vec![point(left, wire_y), point(right, wire_y)],
            ink: Ink::Text2,
            width: 3.0,
            dashed: false,
        });
        self.front.push(Shape::Box {
            rect,
            radius: 10.0,
            fill: Some(Ink::Raised),
            line: Some((Ink::Border, 1.0)),
        });
        self.two_lines(rect, &outside.router, &outside.address, Align::Center);
        self.node(Who::Router, rect, &outside.router, &outside.address, "", false);
        let room = Rect::new(left + 8.0, wire_y - 24.0, right - left - 16.0, 18.0);
        let name = self.text(room, TextRole::WireName, Ink::Text2, &outside.name, Align::Right);
        let name = Rect::new(
            name.left - 8.0,
            name.top - 2.0,
            name.width + 16.0,
            name.height + 4.0,
        );
        self.node(Who::Internet, name, &outside.name, "", "", true);
        self.places.outside = Some((rect, wire_y, name));
    }

    /// Name and detail in the middle of a box.
    fn two_lines(&mut self, rect: Rect, name: &str, detail: &str, align: Align) {
        let inner = rect.width - 22.0;
        let left = rect.left + 11.0;
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
    fn label(&mut self, room: Rect, role: TextRole, ink: Ink, text: &str) {
        let rect = self.text(room, role, ink, text, Align::Left);
        self.taken.push(rect);
    }

    /// A text in its room; returns the room that it takes.
    fn text(&mut self, room: Rect, role: TextRole, ink: Ink, text: &str, align: Align) -> Rect {
        let (shape, rect) = self.fitted(room, role, ink, text, align);
        self.front.extend(shape);
        rect
    }

    fn fitted(
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

    fn node(&mut self, who: Who, rect: Rect, name: &str, detail: &str, word: &str, selectable: bool) {
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
    fn take_line(&mut self, points: &[Point]) {
        for pair in points.windows(2) {
            if let [a, b] = pair {
                let (left, top) = (a.x.min(b.x) - 3.0, a.y.min(b.y) - 3.0);
                let (width, height) = ((a.x - b.x).abs() + 6.0, (a.y - b.y).abs() + 6.0);
                self.taken.push(Rect::new(left, top, width, height));
            }
        }
    }

    /// The word beside the break: above the wire if it is free there, else in a strip of its own at the foot.
    fn mark(
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
