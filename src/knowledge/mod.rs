//! Facts about hypervisors and modes, as data under `assets/`.

mod address_plan;
mod advisor;
mod reach;
mod script;

pub use address_plan::{
    MOST_SEGMENTS, NetworkPlan, Objection, PlannedForward, PlannedRoute, PlannedSegment, Purpose, RouteOn,
    objections, plan, planned_case,
};
pub use advisor::{Goal, free_segments, has_own_segment, modes_for, taken};
pub use reach::{
    Cell, Closer, Direction, Finer, Reach, Uplink, closer_of, modes_of, reach, reach_of, reasons_for,
};
pub use script::{asked_the_same, guest_script, guest_script_to, hypervisor_script, is_printed_by};
