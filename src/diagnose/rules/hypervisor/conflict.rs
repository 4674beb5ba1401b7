//! `hypervisors-conflict`: another hypervisor holds the processor, so that this one starts no machine.

use super::super::prelude::*;

rule!("hypervisors-conflict", Hypervisor, Hypervisor, Stops, follows_from: [], look_alikes: ["vm-not-running", "hypervisor-kernel-module-not-loaded"]);

/// What VirtualBox and VMware say when somebody else holds VT-x or AMD-V.
const SAID: [&[&str]; 6] = [
    &["verr_vmx_in_vmx_root_mode"],
    &["verr_svm_in_use"],
    &["verr_nem_vm_create_failed"],
    &["device/credential guard are not compatible"],
    &["virtualized intel vt-x/ept is not supported on this platform"],
    &["vt-x is being used by another hypervisor"],
];

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() || s.machine_runs() {
        return None;
    }
    let line = SAID.iter().find_map(|words| complaint(s, words))?;
    Some(Found::new(Confidence::Confirmed).facts([complaint_fact(s, line)]))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let way = if s.host_os == Os::Windows {
        remedy::hypervisor_launch_off()
    } else {
        remedy::unload_kvm()
    };
    vec![
        remedy::ask(Where::Host, Message::new("remedy-share-processor-ask")),
        way,
    ]
}
