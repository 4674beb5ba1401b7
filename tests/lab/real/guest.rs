//! What the guests are made of: a distribution's kernel, a packed busybox, and their saved state.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::layout::{Card, Premises, Segment};
use super::machine::PcMachine;
use crate::bench;
use crate::cage;
use crate::entry::Node;
use crate::network::{Network, checked};
use crate::topology::Topology;

/// Boots both machines, so that they can be saved.
static NURSERY: Premises = Premises {
    networks: &[Segment::Default],
    machines: &[
        (Node::Guest, Card::On(Segment::Default)),
        (Node::Guest2, Card::On(Segment::Default)),
    ],
    before: &[],
};

/// The guest's kernel: a folder with `boot/vmlinuz-…` and `lib/modules/…`, as its package holds them.
#[derive(Clone, Debug)]
pub struct Kernel {
    /// The folder.
    pub folder: PathBuf,
    /// The kernel itself.
    pub file: PathBuf,
}

/// Where `tests/run` unpacked a kernel.
pub fn kernel() -> Result<Kernel, String> {
    let folder = bench::results().join("kernel");
    let boot = std::fs::read_dir(folder.join("boot")).map_err(|_| {
        format!(
            "no kernel for real guests in {}: tests/run fetches one",
            folder.display()
        )
    })?;
    let is_kernel = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("vmlinuz"))
    };
    let file = boot.flatten().map(|entry| entry.path()).find(is_kernel);
    let file = file.ok_or("no vmlinuz among the guest kernel's files")?;
    Ok(Kernel { folder, file })
}

/// The packed system, made once a run.
pub fn image() -> Result<PathBuf, String> {
    static IMAGE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    IMAGE
        .get_or_init(|| {
            let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lab/real");
            let image = Path::new(cage::SCRATCH).join("guest.img");
            checked(
                Command::new("sh").arg(here.join("initramfs.sh")).args([
                    &kernel()?.folder,
                    &here.join("init"),
                    &image,
                ]),
                "",
            )?;
            Ok(image)
        })
        .clone()
}

/// Where a machine's saved state is, once [`save_all`] was here.
pub fn saved(node: Node) -> PathBuf {
    Path::new(cage::SCRATCH).join(format!("{}.saved", node.name()))
}

/// Boots the machines and saves them, once a run: booting takes ten times as long as restoring.
pub fn save_all() -> Result<(), String> {
    static SAVED: OnceLock<Result<(), String>> = OnceLock::new();
    SAVED
        .get_or_init(|| {
            let network = Network::build(Topology::Libvirt(&NURSERY))?;
            for (node, _) in NURSERY.machines {
                network.shell(Node::Pc, &PcMachine::save_script(*node))?;
            }
            Ok(())
        })
        .clone()
}

/// Whether this layout is the one that is booted.
pub fn is_nursery(layout: &Premises) -> bool {
    std::ptr::eq(layout, &raw const NURSERY)
}
