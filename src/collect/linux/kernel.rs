//! The kernel switches that decide about forwarding, filtering and answering, from `/proc/sys`.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::file;
use super::super::source::{Ledger, blocking, under};
use crate::model::{Fact, Gap, Why};
use crate::parse::counters;

/// Switches of the whole machine, as paths below `/proc/sys`. One that is not there stays absent: that the
/// bridge filter's switches are missing means that its module is not loaded, which is not the same as 0.
const MACHINE: [&str; 9] = [
    "net/ipv4/ip_forward",
    "net/ipv4/icmp_echo_ignore_all",
    "net/ipv4/icmp_echo_ignore_broadcasts",
    "net/ipv4/ping_group_range",
    "net/bridge/bridge-nf-call-iptables",
    "net/bridge/bridge-nf-call-ip6tables",
    "net/bridge/bridge-nf-call-arptables",
    "net/ipv6/icmp/echo_ignore_all",
    "net/ipv6/conf/all/disable_ipv6",
];

/// Switches of each adapter, and of `all` and `default`.
const ADAPTER: [&str; 7] = [
    "net/ipv4/conf/*/forwarding",
    "net/ipv4/conf/*/rp_filter",
    "net/ipv4/conf/*/arp_ignore",
    "net/ipv4/conf/*/arp_filter",
    "net/ipv4/conf/*/proxy_arp",
    "net/ipv4/conf/*/ignore_routes_with_linkdown",
    "net/ipv6/conf/*/forwarding",
];

/// Most adapters whose switches are read.
const MOST_ADAPTERS: usize = 500;

/// Reads the switches.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    if let Ok(text) = ledger.file("/proc/modules").await {
        let names = text.lines().filter_map(|line| line.split_whitespace().next());
        let names: Vec<String> = names.take(2000).map(str::to_owned).collect();
        ledger.facts(move |case| case.host.modules = Fact::known(names.clone(), "/proc/modules"));
    }
    let root = ledger.machine.root.clone();
    let mut switches = blocking(move || switches(&root)).await??;
    // What the kernel counted, of this network namespace.
    if let Ok(text) = ledger.file("/proc/net/netstat").await {
        switches.extend(counters(&text));
    }
    ledger.facts(move |case| case.host.kernel = Fact::known(switches.clone(), "/proc/sys"));
    Ok(())
}

fn switches(root: &Path) -> Result<BTreeMap<String, String>, Gap> {
    let folder = under(root, "/proc/sys/net/ipv4/conf");
    let names = std::fs::read_dir(&folder).map_err(|error| Gap {
        why: Why::Failed,
        detail: format!("{}: {error}", folder.display()),
    })?;
    let names: Vec<String> = names
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .take(MOST_ADAPTERS)
        .collect();
    let mut switches = BTreeMap::new();
    let mut take = |path: &str| {
        if let Some(value) = file::line(&under(root, &format!("/proc/sys/{path}"))) {
            // A range is parted by a tab.
            let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
            switches.insert(sysctl_name(path), value);
        }
    };
    MACHINE.iter().for_each(|path| take(path));
    for name in &names {
        ADAPTER.iter().for_each(|path| take(&path.replace('*', name)));
    }
    Ok(switches)
}

/// The name as sysctl(8) prints it, with dots alone: that of a VLAN adapter keeps its own dot.
fn sysctl_name(path: &str) -> String {
    path.replace('/', ".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_there_and_nothing_else() {
        let root = tempfile::tempdir().expect("a folder");
        let put = |path: &str, text: &str| {
            let path = root.path().join("proc/sys").join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("made");
            std::fs::write(path, text).expect("written");
        };
        put("net/ipv4/ip_forward", "0\n");
        put("net/ipv4/ping_group_range", "1\t0\n");
        put("net/ipv4/conf/eth0.10/rp_filter", "2\n");
        let switches = switches(root.path()).expect("read");
        let shown: Vec<String> = switches
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        assert_eq!(
            shown,
            [
                "net.ipv4.conf.eth0.10.rp_filter=2",
                "net.ipv4.ip_forward=0",
                "net.ipv4.ping_group_range=1 0",
            ]
        );
    }
}
