//! Diagnoses of a guest in a network of namespaces: one that answers, one that drops everything, one that is gone.

use std::process::Command;
use std::time::Duration;

use crate::table::Table;
use crate::{PROGRAM, median, milliseconds, repeated, run};

const HOST: &str = "vnd-bench-host";
const GUEST: &str = "vnd-bench-guest";
const ADDRESS: &str = "192.168.122.11";
const TIMES: usize = 5;

/// All rows of diagnoses from start to exit.
pub fn rows(table: &mut Table) {
    const HEALTHY: &str = "diagnose of a healthy path, start to exit";
    const DROPS: &str = "diagnose of a guest that drops everything, start to exit";
    const GONE: &str = "diagnose of a guest that is gone, start to exit";
    if ![HEALTHY, DROPS, GONE].iter().any(|what| table.wants(what)) {
        return;
    }
    let network = Network::build();
    let network = network.as_ref().map_err(Clone::clone);
    table.row(HEALTHY, "700 ms", || {
        network.clone()?;
        timed(&[0], 700)
    });
    table.row(DROPS, "2500 ms", || {
        network.clone()?;
        let drop = "add table ip silent; add chain ip silent input { type filter hook input priority 0; policy drop; };";
        inside(GUEST, &["nft", drop])?;
        timed(&[1, 3], 2500)
    });
    table.row(GONE, "2500 ms", || {
        network.clone()?;
        inside(GUEST, &["ip", "address", "flush", "dev", "eth0"])?;
        inside(HOST, &["ip", "neighbor", "flush", "all"])?;
        timed(&[1, 3], 2500)
    });
}

fn timed(expected: &[i32], limit: u64) -> Result<(String, bool), String> {
    let mut diagnosis = Command::new("ip");
    diagnosis.args(["netns", "exec", HOST, PROGRAM, "diagnose", "--json"]);
    diagnosis.args(["--hypervisor", "libvirt", "--mode", "nat", "--guest-ip", ADDRESS]);
    let took = median(repeated(TIMES, || run(&mut diagnosis, expected))?);
    Ok((milliseconds(took), took <= Duration::from_millis(limit)))
}

/// Two namespaces and the cable between them, gone when dropped.
struct Network;

impl Network {
    fn build() -> Result<Self, String> {
        for name in [HOST, GUEST] {
            run(Command::new("ip").args(["netns", "add", name]), &[0])
                .map_err(|_| "namespaces need root".to_owned())?;
        }
        let network = Self;
        let lines: [&[&str]; 6] = [
            &["ip", "link", "set", "lo", "up"],
            &["ip", "link", "add", "virbr0", "type", "bridge"],
            &[
                "ip", "link", "add", "vnet0", "type", "veth", "peer", "name", "eth0", "netns", GUEST,
            ],
            &["ip", "link", "set", "vnet0", "master", "virbr0", "up"],
            &["ip", "address", "add", "192.168.122.1/24", "dev", "virbr0"],
            &["ip", "link", "set", "virbr0", "up"],
        ];
        lines.iter().try_for_each(|line| inside(HOST, line))?;
        inside(GUEST, &["ip", "link", "set", "lo", "up"])?;
        inside(
            GUEST,
            &["ip", "address", "add", "192.168.122.11/24", "dev", "eth0"],
        )?;
        inside(GUEST, &["ip", "link", "set", "eth0", "up"])?;
        inside(GUEST, &["ip", "route", "add", "default", "via", "192.168.122.1"])?;
        Ok(network)
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        for name in [HOST, GUEST] {
            let _ = Command::new("ip").args(["netns", "delete", name]).status();
        }
    }
}

fn inside(namespace: &str, line: &[&str]) -> Result<(), String> {
    run(
        Command::new("ip").args(["netns", "exec", namespace]).args(line),
        &[0],
    )
    .map(|_| ())
}
