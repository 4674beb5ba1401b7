//! The columns of the picture, by its width.

use super::{COMPACT, NARROW, PAD};

/// Widths of a port and of an engine that hold the longest IPv4 address, 15 characters, in any face: an address that
/// is cut is of no use.
const ADDRESS_PORT: f32 = 124.0;
const ADDRESS_BOX: f32 = 122.0;

/// The columns that do not depend on the scene.
pub(super) struct Frame {
    pub(super) pad: f32,
    /// Left edge and width of the segments' names.
    pub(super) label: (f32, f32),
    /// Height of the names where they stand above the ports; 0 where they stand beside them or above the wires.
    pub(super) label_height: f32,
    /// Whether the names stand above the wires, over the machines.
    pub(super) above_wires: bool,
    pub(super) spine_left: f32,
    pub(super) port_width: f32,
    /// Between the edge of the host's column and its ports.
    pub(super) inset: f32,
    pub(super) engine_width: f32,
    /// Between columns.
    pub(super) gap: f32,
    /// Between the engines and the line that they share.
    pub(super) trunk: f32,
}

impl Frame {
    pub(super) fn of(width: f32) -> Self {
        if width < COMPACT {
            return Self {
                pad: 8.0,
                label: (8.0 + 6.0, ADDRESS_PORT),
                label_height: 34.0,
                above_wires: false,
                spine_left: 8.0,
                port_width: ADDRESS_PORT,
                inset: 6.0,
                engine_width: ADDRESS_BOX,
                gap: 12.0,
                trunk: 10.0,
            };
        }
        if width < NARROW {
            return Self {
                pad: 12.0,
                label: (12.0 + 8.0, ADDRESS_PORT),
                label_height: 0.0,
                above_wires: true,
                spine_left: 12.0,
                port_width: ADDRESS_PORT,
                inset: 8.0,
                engine_width: ADDRESS_BOX,
                gap: 16.0,
                trunk: 12.0,
            };
        }
        let label = (width * 0.17).clamp(132.0, 176.0);
        Self {
            pad: PAD,
            label: (PAD, label),
            label_height: 0.0,
            above_wires: false,
            spine_left: PAD + label + 14.0,
            port_width: (width * 0.125).clamp(ADDRESS_PORT, 128.0),
            inset: 12.0,
            engine_width: ADDRESS_BOX,
            gap: 24.0,
            trunk: 18.0,
        }
    }
}
