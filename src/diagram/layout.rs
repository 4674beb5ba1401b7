//! Where everything goes. Columns are reserved from the left: names of segments, the host with its ports,
//! translation engines, then machines; each row is as high as what hangs in it. So nothing can overlap,
//! whatever the scene holds.

mod fit;
mod frame;
mod parts;
mod words;

use fit::fit;
use frame::Frame;

use super::overlay::Overlay;
use super::path;
use super::plain;
use super::scene::{Hanger, Health, Outside, Role, Scene, Who};
use super::shape::{Ink, Point, Rect, Shape, TextRole, point};

/// Narrowest picture; a narrower window scrolls.
pub const MIN_WIDTH: f32 = 470.0;

/// Narrowest picture in which two machines stand side by side, each with its whole address.
const TWO_MACHINES: f32 = 670.0;

/// The width below which a scene would have to leave something out: a little less room shows it smaller instead.
pub fn wanted_width(scene: &Scene) -> f32 {
    let several = scene.wires.iter().any(|wire| wire.machines.len() > 1);
    if scene.slots.is_some() || (several && !scene.engines.is_empty()) {
        TWO_MACHINES
    } else {
        MIN_WIDTH
    }
}

/// Below this width everything moves closer together, and the names of segments stand above the ports.
const COMPACT: f32 = 580.0;

/// Below this width the names of segments stand above their wires.
const NARROW: f32 = 780.0;

/// Height of a segment's name and prefix above its wire.
const ABOVE_WIRE: f32 = 38.0;

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
/// Between the edge of a box and its texts.
const BOX_PADDING: f32 = 9.0;
/// Left of a machine's texts, for the sign of its state.
const SIGN_WIDTH: f32 = 16.0;
const ROW: f32 = 64.0;
const ROW_WITH_MACHINES: f32 = STEM + BOX_HEIGHT + 44.0;
const ROW_WITH_ENGINE: f32 = 2.0 * STEM + ENGINE_HEIGHT + 12.0;
/// From the wire outside to the router and from the router to its wire.
const ROUTER_STEM: f32 = 28.0;
/// Widths of a machine's box, from the narrowest to the widest.
const BOX_WIDTHS: (f32, f32) = (104.0, 164.0);
/// Width of a box that holds the longest IPv4 address, in any face.
const ADDRESS_MACHINE: f32 = 144.0;

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
    /// The x of the line from the router to its wire.
    pub router_line: f32,
    /// Height of the uppermost row.
    pub top: f32,
}

/// Lays out a scene for `width` points, with the chosen traffic on it.
pub fn layout(scene: &Scene, overlay: Option<&Overlay>, width: f32, measure: Measure<'_>) -> Layout {
    Maker::new(scene, width, measure).make(overlay)
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
        let fills_in = self.scene.slots.is_some();
        let trunk = if engines > 1 || fills_in { frame.trunk } else { 0.0 };
        let engine_left = spine_right + frame.gap + trunk;
        let machines_left = if engines > 0 || fills_in {
            engine_left + frame.engine_width + frame.gap
        } else {
            spine_right + frame.gap + 8.0
        };
        let right = self.width - frame.pad;
        let outside = self
            .scene
            .internet
            .as_ref()
            .filter(|outside| outside.wire < wires);
        let bottom = self.rows(&engine_of, outside, &frame);

        self.spine(spine_left, spine_right, frame.label_height);
        for wire in 0..wires {
            self.wire(wire, &frame, right);
        }
        let trunk = if engines > 1 { trunk } else { 0.0 };
        self.engines(&engine_of, engine_left, &frame, trunk);
        let box_width = self.machines(machines_left, right);
        if frame.above_wires {
            self.names_above_wires(outside, machines_left, box_width, right);
        }
        if let Some(outside) = outside {
            self.outside(outside, machines_left, right, frame.gap);
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

    /// The height of each wire, from the top down, the one that leads outside first; returns where the last of them
    /// and what hangs on it end. In a picture that fills in, a row and the room for it depend on nothing that may
    /// yet come.
    fn rows(&mut self, engine_of: &[Option<usize>], outside: Option<&Outside>, frame: &Frame) -> f32 {
        let scene = self.scene;
        let wires = scene.wires.len();
        let slots = scene.slots.as_ref();
        let mut order: Vec<usize> = (0..wires).collect();
        if let (Some(outside), None) = (outside, slots) {
            order.sort_by_key(|index| (*index != outside.wire, *index));
        }
        // By the row: its wire, and whether there is room under and above it.
        let rows = slots.map_or(wires, |slots| slots.rows.last().map_or(0, |last| last + 1));
        let wire_of = |row: usize| match slots {
            Some(slots) => slots.rows.iter().position(|known| *known == row),
            None => order.get(row).copied(),
        };
        let machines_in = |row: usize| match slots {
            Some(slots) => slots.roomy.get(row) == Some(&true),
            None => wire_of(row)
                .and_then(|wire| scene.wires.get(wire))
                .is_some_and(|wire| !wire.machines.is_empty()),
        };
        let engine_over = |row: usize| match slots {
            Some(slots) => slots.roomy.get(row) == Some(&true),
            None => wire_of(row)
                .and_then(|wire| engine_of.get(wire))
                .is_some_and(Option::is_some),
        };
        let mut y = if outside.is_some() || slots.is_some() {
            PAD + 24.0 + 2.0 * ROUTER_STEM + ROUTER.1
        } else {
            PAD + TITLE_HEIGHT + frame.label_height + PORT_HEIGHT / 2.0 + 8.0
        };
        if engine_over(0) {
            y = y.max(PAD + STEM + ENGINE_HEIGHT + 8.0);
        }
        self.places.top = y;
        self.places.wires = vec![0.0; wires];
        let mut bottom = y;
        for row in 0..rows {
            if row > 0 {
                // A name above a wire keeps away from the boxes that hang above it.
                let over = if frame.above_wires { 4.0 } else { 0.0 };
                y += (ROW + frame.label_height)
                    .max(if machines_in(row - 1) {
                        ROW_WITH_MACHINES + over
                    } else {
                        0.0
                    })
                    .max(if engine_over(row) { ROW_WITH_ENGINE } else { 0.0 });
            }
            let Some(wire) = wire_of(row) else {
                continue;
            };
            if let Some(slot) = self.places.wires.get_mut(wire) {
                *slot = y;
            }
            let hangs = scene
                .wires
                .get(wire)
                .is_some_and(|wire| !wire.machines.is_empty());
            bottom = y + if hangs {
                STEM + BOX_HEIGHT
            } else {
                PORT_HEIGHT / 2.0
            };
        }
        bottom
    }
}
