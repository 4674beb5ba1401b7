//! The columns of the picture, by its width.

use super::{COMPACT, NARROW, PAD};

/// The columns that do not depend on the scene.
pub(super) struct Frame {
    pub(super) pad: f32,
    /// Left edge and width of the segments' names.
    pub(super) label: (f32, f32),
    /// Height of the names where they stand above the ports; 0 where they stand beside them.
    pub(super) label_height: f32,
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
                label: (8.0 + 6.0, 114.0),
                label_height: 34.0,
                spine_left: 8.0,
                port_width: 114.0,
                inset: 6.0,
                engine_width: 104.0,
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
                engine_width: 112.0,
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
