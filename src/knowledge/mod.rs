//! Facts about hypervisors and modes, as data under `assets/`.
