//! The window: egui pages and widgets over the wizard's state.

pub mod app;
pub mod command;
pub mod dialog;
mod failure;
pub mod fonts;
pub mod icon;
pub mod page;
pub mod palette;
pub mod run;
mod shader_compiler;
mod shell;
pub mod theme;
pub mod view;
pub mod widget;
