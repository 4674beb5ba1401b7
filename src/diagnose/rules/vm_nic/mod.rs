//! Causes at the machine's card.

pub mod cable_disconnected;
pub mod duplicate_mac;
pub mod wrong_network;
