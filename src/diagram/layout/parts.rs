//! The parts of the picture, each where its row and column meet.

use std::net::Ipv4Addr;

use super::super::scene::Wire;
use super::*;

impl Maker<'_> {
    /// The column of the host, with its title as a node of its own.
    pub(super) fn spine(&mut self, left: f32, right: f32, label_height: f32) {
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
        // In a picture that fills in the host stands where it will when the uppermost wire has a port.
        let uppermost = match self.scene.slots {
            Some(_) => self.places.top,
            None => f32::INFINITY,
        };
        let first = heights.iter().copied().fold(uppermost, f32::min);
        let last = heights.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let (top, bottom) = if heights.is_empty() && first.is_finite() {
            let top = first - PORT_HEIGHT / 2.0 - label_height - TITLE_HEIGHT;
            (top, top + TITLE_HEIGHT + 8.0)
        } else if first.is_finite() {
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
    pub(super) fn wire(&mut self, index: usize, frame: &Frame, right: f32) {
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
        if !frame.above_wires {
            let below = if above { top + 17.0 } else { y + 1.0 };
            self.name_and_prefix(wire, left, (top, below), width);
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

    fn name_and_prefix(&mut self, wire: &Wire, left: f32, (top, below): (f32, f32), width: f32) {
        let ink = ink_of(wire.role);
        self.label(
            Rect::new(left, top, width, 17.0),
            TextRole::WireName,
            ink,
            &wire.name,
        );
        if !wire.prefix.is_empty() {
            self.label(
                Rect::new(left, below, width, 16.0),
                TextRole::Prefix,
                Ink::Text2,
                &wire.prefix,
            );
        }
    }

    /// Names and prefixes above the wires where the machines' columns begin: engines stand left of that, machines hang
    /// below, and lines go through the gutters between the columns.
    pub(super) fn names_above_wires(
        &mut self,
        outside: Option<&Outside>,
        machines_left: f32,
        box_width: f32,
        right: f32,
    ) {
        let scene = self.scene;
        let mut machines = scene.wires.iter().flat_map(|wire| &wire.machines);
        let all = match machines.any(|machine| !machine.leads.is_empty()) {
            true => box_width,
            false => right - machines_left,
        };
        for (index, wire) in scene.wires.iter().enumerate() {
            let Some(&y) = self.places.wires.get(index) else {
                continue;
            };
            // The router stands on the uppermost wire: its name is right of that, where nothing else is.
            let under_router = match &scene.slots {
                Some(_) => y <= self.places.top,
                None => outside.is_some_and(|outside| outside.wire == index),
            };
            let (left, width) = if under_router {
                let left = machines_left + 8.0 + ROUTER.0 + 12.0;
                (left, right - left)
            } else {
                (machines_left, all)
            };
            let top = y - ABOVE_WIRE;
            self.name_and_prefix(wire, left, (top, top + 17.0), width);
        }
    }

    pub(super) fn engines(&mut self, engine_of: &[Option<usize>], left: f32, frame: &Frame, trunk: f32) {
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

    /// Returns the width of the boxes.
    pub(super) fn machines(&mut self, left: f32, right: f32) -> f32 {
        /// What a box holds beside its texts.
        const BESIDE: f32 = SIGN_WIDTH + 2.0 * BOX_PADDING + 1.0;
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
                name.max(detail) + BESIDE
            })
            .fold(0.0, f32::max);
        // A name that is cut is still known; half of an address is none.
        let addresses = self
            .scene
            .wires
            .iter()
            .flat_map(|wire| &wire.machines)
            .flat_map(|machine| {
                [
                    (&machine.name, TextRole::NodeName),
                    (&machine.detail, TextRole::NodeDetail),
                ]
            })
            .filter(|(text, _)| text.parse::<Ipv4Addr>().is_ok())
            .map(|(text, role)| measure(text, role) + BESIDE)
            .fold(0.0, f32::max);
        let room = right - left;
        let slots = self.scene.slots.as_ref();
        // What is yet to come may need all the width that a box can have.
        let (wanted, least) = match slots {
            Some(_) => (BOX_WIDTHS.1, ADDRESS_MACHINE),
            None => (
                wanted.clamp(BOX_WIDTHS.0, BOX_WIDTHS.1),
                addresses.clamp(BOX_WIDTHS.0, BOX_WIDTHS.1),
            ),
        };
        let columns_of = |width: f32| (((room + 2.0) / (width + GUTTER)) as usize).max(1);
        let most = self
            .scene
            .wires
            .iter()
            .map(|wire| wire.machines.len())
            .max()
            .unwrap_or(0);
        let most = if slots.is_some() { usize::MAX } else { most };
        // Where there is little room, narrower boxes rather than one column; what has no room then is grouped.
        let columns = columns_of(wanted).max(columns_of(least).min(most).min(3));
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
            let first = usize::from(outside && slots.is_none() && machines.len() < columns);
            let place = |index: usize| slots.map_or(index, |slots| slots.machine(wire, index));
            // The last column is for those that have no room; while a picture fills in, it is kept free for them.
            let limit = match machines.len() {
                1 if columns == 1 => usize::MAX,
                count if slots.is_none() && count <= columns => columns,
                _ => columns - 1,
            };
            let fits = (0..machines.len()).filter(|index| place(*index) < limit).count();
            for (index, machine) in machines.iter().take(fits).enumerate() {
                let column = (place(index) + first).min(columns - 1);
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
                let x = left + (columns - 1) as f32 * (box_width + GUTTER);
                self.hanger(wire, &group, x, box_width, None);
                if let Some(node) = self.nodes.last_mut() {
                    node.first_hidden = fits;
                }
            }
        }
        box_width
    }

    pub(super) fn hanger(
        &mut self,
        wire: usize,
        machine: &Hanger,
        x: f32,
        width: f32,
        lanes: Option<&mut usize>,
    ) {
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
            let inner = Rect::new(
                rect.left + SIGN_WIDTH,
                rect.top,
                rect.width - SIGN_WIDTH,
                rect.height,
            );
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

    pub(super) fn outside(&mut self, outside: &Outside, left: f32, right: f32, gap: f32) {
        let Some(&y) = self.places.wires.get(outside.wire) else {
            return;
        };
        let top = self.places.top;
        let wire_y = top - 2.0 * ROUTER_STEM - ROUTER.1;
        let rect = Rect::new(
            left + 8.0,
            wire_y + ROUTER_STEM,
            ROUTER.0.min(right - left - 8.0),
            ROUTER.1,
        );
        let center = rect.center();
        let mut stem = vec![point(center.x, wire_y)];
        // To a wire further down it goes between engines and machines, where no box is.
        self.places.router_line = if y > top { left - gap / 2.0 } else { center.x };
        if y > top {
            stem.extend([center, point(self.places.router_line, center.y)]);
        }
        stem.push(point(self.places.router_line, y));
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
}
