//! `host-vnic-disabled`: the host's adapter on the segment was disabled by an administrator (Windows).

use super::super::prelude::*;

rule!("host-vnic-disabled", HostAdapter, Host, Stops, follows_from: ["virtual-network-not-started"], look_alikes: ["host-vnic-missing", "host-vnic-down", "hypervisor-half-uninstalled"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    super::down::switched_off(s).filter(|_| s.host_os == Os::Windows)
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    remedy::enable_adapter(Where::Host, s.host_os, &s.adapter_name())
}
