//! `hypervisor-kernel-module-not-loaded`: the product's driver is not in the kernel.

use super::super::prelude::*;

rule!("hypervisor-kernel-module-not-loaded", Hypervisor, Host, Stops, follows_from: [], look_alikes: ["hypervisor-not-running", "hypervisors-conflict", "hypervisor-helper-misinstalled"]);

/// The module without which each product has no machine or no network.
const MODULES: [(HypervisorId, &str); 3] = [
    (HypervisorId::VirtualBox, "vboxdrv"),
    (HypervisorId::VmwareWorkstation, "vmmon"),
    (HypervisorId::VmwareWorkstation, "vmnet"),
];

/// What the products' tools and `modprobe` say, and the module that they mean.
const SAID: [(&[&str], &str); 6] = [
    (&["/dev/vboxdrv does not exist"], "vboxdrv"),
    (&["vboxdrv", "not loaded"], "vboxdrv"),
    (&["failed to open /dev/vboxnetctl"], "vboxnetadp"),
    (&["module vmnet not found"], "vmnet"),
    (&["module vmmon not found"], "vmmon"),
    (&["could not open /dev/vmmon"], "vmmon"),
];

fn check(s: &Situation<'_>) -> Option<Found> {
    let id = s.hypervisor?;
    if s.host_os != Os::Linux || !s.involves_guest() || s.machine_runs() {
        return None;
    }
    let host = s.host();
    let refused = complaint(s, &["key was rejected by service"]);
    let said = SAID
        .iter()
        .find_map(|(words, module)| Some((complaint(s, words)?, *module)));
    let absent = host.modules.value().and_then(|loaded| {
        let wanted = MODULES
            .iter()
            .find(|(product, name)| *product == id && !loaded.iter().any(|own| own == name))?;
        Some(wanted.1)
    });
    // The module may have been loaded since the tool complained.
    let loaded = |name: &str| host.modules.rows().iter().any(|own| own == name);
    let said = said.filter(|(_, module)| !loaded(module));
    let module = absent
        .or(said.map(|(_, module)| module))
        .or(refused.map(|_| "vboxdrv"))?;
    let confidence = if absent.is_some() || said.is_some() {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    };
    let mut found = Found::new(confidence)
        .arg("module", module)
        .arg("reason", if refused.is_some() { "refused" } else { "missing" })
        .facts(refused.map(|line| complaint_fact(s, line)))
        .facts(said.map(|(line, _)| complaint_fact(s, line)));
    if absent.is_some() {
        found = found.fact("fact-module", format!("{module}: —"), host.modules.source());
    }
    Some(found)
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let refused = complaint(s, &["key was rejected by service"]).is_some();
    remedy::load_modules(s.hypervisor.unwrap_or(HypervisorId::VirtualBox), refused)
}
