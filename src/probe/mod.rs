//! Packets into the model: echo, TCP connect, neighbor resolution, path MTU, names, sweep, and the live monitor.
