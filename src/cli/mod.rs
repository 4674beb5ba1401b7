//! The command line over the same wizard.
