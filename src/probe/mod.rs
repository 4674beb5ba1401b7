//! Packets into the model: echo, TCP connect, neighbor resolution, path MTU, names, sweep, and the live monitor.
//!
//! [`run`] carries out one [`Plan`]: every target and every kind of probe at once, under one deadline, and each
//! result is told as it comes. [`monitor`] sends echo on and on for the live plots, [`sweep`] asks who is there.
//! Nothing here concludes anything: results are [`crate::model::Probe`]s.
//!
//! The live monitor is `schedule` (when to ask whom), `exchange` (what came back for which request) and `history`,
//! all pure, and `drive`, which sleeps, sends and listens. [`watch`] tells what changed on this machine, [`verdict`]
//! what several histories say together.
//!
//! What a system lets this user do decides the way: on Linux the monitor and the sweep have one socket for all
//! addresses, with the kernel's stamps; a check sends by `surge-ping` over an unprivileged datagram socket or a raw
//! one (on Windows through the system's own call), and so do other systems; else the system's `ping` does it. Asking
//! ARP by hand needs a packet socket, else `arping`. What could not be asked stays unknown.
// Some of what stands here is used by the one system that offers what it needs.
#![cfg_attr(not(target_os = "linux"), allow(dead_code))]

mod archive;
mod arp;
mod asking;
mod audience;
mod cancel;
mod dns;
mod drive;
mod echo;
#[cfg(any(windows, test))]
#[path = "platform/echo_status.rs"]
mod echo_status;
mod errors;
mod exchange;
mod history;
pub mod monitor;
mod mtu;
mod name;
mod neighbor;
mod outbox;
mod pacer;
mod plan;
mod run;
mod schedule;
pub mod simulation;
pub mod sweep;
mod sweep_ports;
mod sweep_way;
mod system_ping;
mod tcp;
mod tool;
pub mod verdict;
pub mod watch;

#[cfg(target_os = "linux")]
#[path = "platform/linux/mod.rs"]
mod platform;
#[cfg(not(target_os = "linux"))]
#[path = "platform/other.rs"]
mod platform;

pub use audience::{Audience, OwnAddresses};
pub use cancel::Cancel;
pub use history::{Grain, History, Outcome, Run, Sample, Statistics, Step, Told};
pub use plan::{DEADLINE, MAX_TARGETS, NameQuery, Plan, Progress, Target, well_known_ports};
pub use run::run;
