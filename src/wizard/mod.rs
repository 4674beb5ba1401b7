//! The application without a face: a state machine with commands in and events out, and the worker that carries out effects.
