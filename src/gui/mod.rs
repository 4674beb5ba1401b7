//! The window: egui pages and widgets over the wizard's state.
