//! Probes against real kernels: two to four network namespaces, real packets, as root and as a user without
//! rights. Skipped with a plain reason where namespaces may not be made.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod inside;
mod network;
mod outcomes;
mod responder;

use std::time::Duration;

use network::{Network, User};
use serde_json::{Value, json};

const GUEST: &str = "10.77.0.2";

/// The three kinds of user that a Linux machine may have us run as.
const USERS: [User; 3] = [User::Root, User::DatagramOnly, User::Nobody];

/// A lab, or the reason why there is none.
fn lab() -> Option<Network> {
    match Network::new() {
        Ok(network) => Some(network),
        Err(reason) => {
            eprintln!("skipped: {reason}");
            None
        }
    }
}

/// The results of one kind, in order.
fn of_kind<'a>(told: &'a Value, kind: &str) -> Vec<&'a Value> {
    let probes = told["probes"].as_array().unwrap();
    probes
        .iter()
        .filter_map(|probe| probe["result"].get(kind))
        .collect()
}

fn echo(told: &Value) -> &Value {
    of_kind(told, "echo")[0]
}

fn neighbor(told: &Value) -> &Value {
    of_kind(told, "neighbor")[0]
}

fn outcome(told: &Value, port: u64) -> &str {
    let found = of_kind(told, "tcp")
        .into_iter()
        .find(|result| result["port"] == port);
    found.unwrap_or_else(|| panic!("no result for port {port}: {told:#}"))["outcome"]
        .as_str()
        .unwrap()
}

fn took_ms(told: &Value) -> u64 {
    told["took_ms"].as_u64().unwrap()
}

fn check(target: Value) -> Value {
    json!({ "work": "check", "targets": [target] })
}

#[test]
fn a_healthy_guest_is_known_quickly() {
    let Some(net) = lab() else { return };
    net.listen("guest", 8022);
    for user in USERS {
        net.forget_neighbors();
        let told = net.probe(
            user,
            &check(json!({ "address": GUEST, "adapter": "tap0", "ports": [8022, 81], "mtu": true })),
        );
        let seen = echo(&told);
        assert_eq!(seen["received"], 3, "{user:?}: {told:#}");
        assert_eq!(seen["sent"], 3, "{user:?}: {told:#}");
        assert_eq!(outcome(&told, 8022), "connected", "{user:?}");
        assert_eq!(outcome(&told, 81), "refused", "{user:?}");
        assert_eq!(neighbor(&told)["answered"], true, "{user:?}: {told:#}");
        assert_eq!(neighbor(&told)["macs"].as_array().unwrap().len(), 1, "{user:?}");
        assert_eq!(
            of_kind(&told, "path-mtu")[0]["passed"],
            1500,
            "{user:?}: {told:#}"
        );
        assert!(took_ms(&told) < 900, "{user:?}: {} ms", took_ms(&told));
        eprintln!("healthy, {user:?}: {} ms", took_ms(&told));
    }
}

#[test]
fn a_silent_guest_is_known_after_one_deadline() {
    let Some(net) = lab() else { return };
    net.guest(
        "nft add table ip t; nft add chain ip t i { type filter hook input priority 0 \\; policy drop \\; }",
    );
    for user in USERS {
        net.forget_neighbors();
        let plan = check(json!({ "address": GUEST, "adapter": "tap0", "fallback_ports": [22, 80, 443] }));
        let told = net.probe(user, &plan);
        assert_eq!(echo(&told)["received"], 0, "{user:?}: {told:#}");
        assert!(echo(&told).get("errors").is_none(), "{user:?}: {told:#}");
        for port in [22, 80, 443] {
            assert_eq!(outcome(&told, port), "timed-out", "{user:?}");
        }
        assert_eq!(neighbor(&told)["answered"], true, "{user:?}: {told:#}");
        assert!(took_ms(&told) < 2200, "{user:?}: {} ms", took_ms(&told));
        // The second time the entry is a memory: only ARP asked by hand proves anything.
        let told = net.probe(user, &plan);
        let answered = &neighbor(&told)["answered"];
        assert_ne!(answered, false, "{user:?}: {told:#}");
        if user == User::Root {
            assert_eq!(answered, true, "{told:#}");
        }
    }
}

#[test]
fn a_guest_that_died_with_a_fresh_entry_is_not_called_alive() {
    let Some(net) = lab() else { return };
    for user in USERS {
        net.guest("ip link set eth0 up");
        net.host(&format!("ping -c 1 -W 2 {GUEST}"));
        net.guest("ip link set eth0 down");
        let told = net.probe(user, &check(json!({ "address": GUEST, "adapter": "tap0" })));
        assert_eq!(echo(&told)["received"], 0, "{user:?}");
        assert_ne!(neighbor(&told)["answered"], true, "{user:?}: {told:#}");
        assert!(took_ms(&told) < 2200, "{user:?}: {} ms", took_ms(&told));
    }
}

#[test]
fn a_guest_that_dies_behind_its_first_answer_is_not_called_alive() {
    let Some(net) = lab() else { return };
    net.guest(
        "nft add table ip t; nft add chain ip t i { type filter hook input priority 0 \\; policy drop \\; }",
    );
    net.forget_neighbors();
    let plan = check(json!({ "address": GUEST, "adapter": "tap0", "fallback_ports": [22] }));
    let told = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(900));
            net.guest("ip link set eth0 arp off");
        });
        net.probe(User::Root, &plan)
    });
    assert_eq!(neighbor(&told)["answered"], false, "{told:#}");
    assert!(neighbor(&told).get("macs").is_none(), "{told:#}");
    assert!(took_ms(&told) < 2200, "{} ms", took_ms(&told));
}

#[test]
fn nobody_at_an_address_is_known() {
    let Some(net) = lab() else { return };
    for user in USERS {
        net.forget_neighbors();
        let told = net.probe(
            user,
            &check(json!({ "address": "10.77.0.99", "adapter": "tap0", "ports": [22] })),
        );
        assert_eq!(echo(&told)["received"], 0, "{user:?}");
        assert_eq!(neighbor(&told)["answered"], false, "{user:?}: {told:#}");
        assert_eq!(neighbor(&told)["after"]["state"], "incomplete", "{user:?}");
        assert!(took_ms(&told) < 2200, "{user:?}: {} ms", took_ms(&told));
    }
}

#[test]
fn a_guest_that_rejects_says_so() {
    let Some(net) = lab() else { return };
    net.guest(
        "sysctl -qw net.ipv4.icmp_ratelimit=0; \
         nft add table ip t; nft add chain ip t i { type filter hook input priority 0 \\; }; \
         nft add rule ip t i tcp dport 23 reject with icmp type port-unreachable; \
         nft add rule ip t i tcp dport 24 reject with tcp reset; \
         nft add rule ip t i tcp dport 25 reject with icmp type host-unreachable; \
         nft add rule ip t i ip protocol icmp reject with icmp type admin-prohibited; \
         nft add rule ip t i ip protocol tcp reject with icmp type admin-prohibited",
    );
    for user in USERS {
        let told = net.probe(
            user,
            &check(json!({ "address": GUEST, "adapter": "tap0", "ports": [22, 23, 24, 25] })),
        );
        let errors = &echo(&told)["errors"];
        assert_eq!(errors[0]["kind"], "prohibited", "{user:?}: {told:#}");
        assert_eq!(errors[0]["by"], GUEST, "{user:?}: {told:#}");
        assert_eq!(outcome(&told, 22), "prohibited", "{user:?}");
        assert_eq!(outcome(&told, 23), "prohibited", "{user:?}");
        assert_eq!(outcome(&told, 24), "refused", "{user:?}");
        assert_eq!(outcome(&told, 25), "host-unreachable", "{user:?}");
    }
}

#[test]
fn a_rejecting_guest_is_heard_again_at_once() {
    let Some(net) = lab() else { return };
    // Errors come about once a second after a first burst, and a second check follows the first at once.
    net.guest(
        "nft add table ip t; nft add chain ip t i { type filter hook input priority 0 \\; }; \
         nft add rule ip t i reject with icmp type admin-prohibited",
    );
    for round in 0..2 {
        for user in USERS {
            let told = net.probe(
                user,
                &check(
                    json!({ "address": GUEST, "adapter": "tap0", "fallback_ports": [22, 80, 443, 135, 445] }),
                ),
            );
            assert_eq!(
                echo(&told)["errors"][0]["kind"],
                "prohibited",
                "{round}, {user:?}: {told:#}"
            );
        }
    }
}

#[test]
fn this_machines_own_filter_is_told_from_the_guests() {
    let Some(net) = lab() else { return };
    net.host(
        "nft add table ip t; nft add chain ip t o { type filter hook output priority 0 \\; }; \
         nft add rule ip t o tcp dport 22 reject with icmp type admin-prohibited; \
         nft add rule ip t o ip daddr 10.77.0.2 ip protocol icmp drop",
    );
    for user in USERS {
        let told = net.probe(
            user,
            &check(json!({ "address": GUEST, "adapter": "tap0", "ports": [22] })),
        );
        assert_eq!(echo(&told)["received"], 0, "{user:?}: {told:#}");
        // The `ping` of iputils keeps it to itself that the system refused to send.
        if user != User::Nobody {
            let error = &echo(&told)["errors"][0];
            assert_eq!(error["kind"], "not-permitted", "{user:?}: {told:#}");
            assert!(error.get("by").is_none(), "{user:?}: {told:#}");
        }
        assert_eq!(outcome(&told, 22), "not-permitted", "{user:?}: {told:#}");
    }
}

#[test]
fn no_route_is_known_at_once() {
    let Some(net) = lab() else { return };
    for user in USERS {
        let target = json!({ "address": "203.0.113.7", "ports": [80] });
        let told = net.probe(user, &check(target));
        assert_eq!(echo(&told)["errors"][0]["kind"], "no-route", "{user:?}: {told:#}");
        assert_eq!(outcome(&told, 80), "net-unreachable", "{user:?}");
        assert!(took_ms(&told) < 700, "{user:?}: {} ms", took_ms(&told));
    }
}

#[test]
fn a_stolen_route_is_seen_through_by_asking_on_the_right_adapter() {
    let Some(net) = lab() else { return };
    net.host(
        "ip link add vpn0 type veth peer name vpn1; ip addr add 10.99.0.1/24 dev vpn0; ip link set vpn0 up; \
         ip link set vpn1 up; ip route add 10.77.0.2/32 dev vpn0",
    );
    for user in USERS {
        net.forget_neighbors();
        let told = net.probe(user, &check(json!({ "address": GUEST, "adapter": "tap0" })));
        assert_eq!(echo(&told)["received"], 0, "{user:?}: {told:#}");
        assert_eq!(neighbor(&told)["answered"], true, "{user:?}: {told:#}");
        assert_eq!(neighbor(&told)["adapter"], "tap0");
    }
}

#[test]
fn two_owners_of_one_address_are_both_heard() {
    let Some(net) = lab() else { return };
    net.second_guest_with_the_same_address();
    let told = net.probe(User::Root, &check(json!({ "address": GUEST, "adapter": "br0" })));
    assert_eq!(neighbor(&told)["macs"].as_array().unwrap().len(), 2, "{told:#}");
    // `arping` may ask where we may not, when the system says so.
    let told = net.probe(
        User::Nobody,
        &check(json!({ "address": GUEST, "adapter": "br0" })),
    );
    eprintln!("two owners, as nobody: {}", neighbor(&told)["macs"]);
}

#[test]
fn a_narrow_path_is_measured() {
    let Some(net) = lab() else { return };
    net.router_with_narrow_link(1400);
    for user in USERS {
        net.host("ip route flush cache");
        let told = net.probe(user, &check(json!({ "address": "10.78.0.2", "mtu": true })));
        let found = of_kind(&told, "path-mtu")[0];
        assert_eq!(found["told"], 1400, "{user:?}: {told:#}");
        assert_eq!(found["by"], "10.77.0.2", "{user:?}: {told:#}");
        assert_eq!(found["passed"], 1400, "{user:?}: {told:#}");
    }
    // The router says nothing: only the search finds it.
    net.guest(
        "nft add table ip t; nft add chain ip t o { type filter hook output priority 0 \\; }; \
         nft add rule ip t o icmp type destination-unreachable drop",
    );
    for user in USERS {
        net.host("ip route flush cache");
        let told = net.probe(user, &check(json!({ "address": "10.78.0.2", "mtu": true })));
        let found = of_kind(&told, "path-mtu")[0];
        let (passed, failed) = (
            found["passed"].as_u64().unwrap(),
            found["failed"].as_u64().unwrap(),
        );
        assert!(
            passed <= 1400 && 1400 < failed && failed - passed <= 8,
            "{user:?}: {found}"
        );
        assert!(took_ms(&told) < 2200, "{user:?}: {} ms", took_ms(&told));
    }
}

#[test]
fn a_guest_without_gateway_answers_its_own_segment_only() {
    let Some(net) = lab() else { return };
    net.host("ip addr add 10.88.0.1/32 dev lo");
    for user in USERS {
        let plan = json!({ "work": "check", "targets": [
            { "address": GUEST, "adapter": "tap0" },
            { "address": GUEST, "adapter": "tap0", "source": "10.88.0.1" },
        ]});
        let told = net.probe(user, &plan);
        let series = of_kind(&told, "echo");
        assert_eq!(series[0]["received"], 3, "{user:?}: {told:#}");
        assert_eq!(series[1]["received"], 0, "{user:?}: {told:#}");
        assert_eq!(series[1]["source"], "10.88.0.1", "{user:?}");
    }
}

#[test]
fn version_6_has_the_same_outcomes() {
    let Some(net) = lab() else { return };
    net.host("ip -6 addr add fd77::1/64 dev tap0 nodad");
    net.guest(
        "ip -6 addr add fd77::2/64 dev eth0 nodad; ip -6 addr add fd77::3/64 dev eth0 nodad; \
         nft add table ip6 t; nft add chain ip6 t i { type filter hook input priority 0 \\; }; \
         nft add rule ip6 t i ip6 daddr fd77::3 meta l4proto tcp reject with icmpv6 type admin-prohibited; \
         nft add rule ip6 t i ip6 daddr fd77::3 icmpv6 type echo-request reject with icmpv6 type admin-prohibited",
    );
    for user in USERS {
        let plan = json!({ "work": "check", "targets": [
            { "address": "fd77::2", "adapter": "tap0", "ports": [81] },
            { "address": "fd77::3", "adapter": "tap0", "ports": [81] },
            { "address": "fd77::99", "adapter": "tap0" },
        ]});
        let told = net.probe(user, &plan);
        let series = of_kind(&told, "echo");
        assert_eq!(series[0]["received"], 3, "{user:?}: {told:#}");
        assert_eq!(series[1]["errors"][0]["kind"], "prohibited", "{user:?}: {told:#}");
        assert_eq!(series[2]["received"], 0, "{user:?}");
        let connects = of_kind(&told, "tcp");
        assert_eq!(connects[0]["outcome"], "refused", "{user:?}");
        assert_eq!(connects[1]["outcome"], "prohibited", "{user:?}: {told:#}");
        let neighbors = of_kind(&told, "neighbor");
        assert_eq!(neighbors[2]["answered"], false, "{user:?}: {told:#}");
    }
}

#[test]
fn names_are_asked_of_each_server() {
    let Some(net) = lab() else { return };
    net.guest("ip addr add 10.77.0.3/24 dev eth0; ip addr add 10.77.0.4/24 dev eth0");
    net.guest("nft add table ip t; nft add chain ip t i { type filter hook input priority 0 \\; }; nft add rule ip t i ip daddr 10.77.0.4 drop");
    net.answer_names("guest", "10.77.0.2");
    for user in USERS {
        let ask = |name: &str, server: &str| json!({ "name": name, "server": server });
        let told = net.probe(
            user,
            &json!({ "work": "check", "targets": [], "names": [
                ask("here.example", "10.77.0.2"),
                ask("absent.example", "10.77.0.2"),
                ask("here.example", "10.77.0.3"),
                ask("here.example", "10.77.0.4"),
            ]}),
        );
        let names = of_kind(&told, "name");
        let outcomes: Vec<&str> = names
            .iter()
            .map(|name| name["outcome"].as_str().unwrap())
            .collect();
        assert_eq!(
            outcomes,
            ["resolved", "no-such-name", "failed", "timed-out"],
            "{user:?}: {told:#}"
        );
        assert_eq!(names[0]["addresses"], json!(["192.0.2.7"]), "{user:?}");
        assert!(took_ms(&told) < 2200, "{user:?}: {} ms", took_ms(&told));
    }
}

#[test]
fn times_are_those_of_ping() {
    let Some(net) = lab() else { return };
    let printed = net.host(&format!("ping -q -c 40 -i 0.05 {GUEST}"));
    let line = printed.lines().find(|line| line.contains("min/avg/max")).unwrap();
    let average_ms: f64 = line
        .split('=')
        .nth(1)
        .unwrap()
        .split('/')
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    let average_us = average_ms * 1000.0;
    for user in USERS {
        let work = json!({ "work": "monitor", "addresses": [GUEST], "count": 40, "interval_ms": 50 });
        let told = net.probe(user, &work);
        let median = told["targets"][0]["median_us"].as_f64().unwrap();
        eprintln!("ping: average {average_us} µs; {user:?}: {}", told["targets"][0]);
        assert_eq!(told["targets"][0]["received"], 40, "{told:#}");
        assert!(
            median > average_us / 3.0,
            "{user:?}: {median} µs against {average_us} µs"
        );
        assert!(
            median < average_us * 3.0,
            "{user:?}: {median} µs against {average_us} µs"
        );
    }
}

#[test]
fn a_monitor_sees_a_guest_go_and_come_back() {
    let Some(net) = lab() else { return };
    for user in USERS {
        net.guest("nft flush ruleset");
        let work = json!({ "work": "monitor", "addresses": [GUEST], "count": 15, "interval_ms": 200 });
        let running = net.start(user, &work);
        std::thread::sleep(Duration::from_millis(1100));
        net.guest("nft add table ip t; nft add chain ip t i { type filter hook input priority 0 \\; policy drop \\; }");
        std::thread::sleep(Duration::from_millis(800));
        net.guest("nft flush ruleset");
        let told = network::finish(running);
        let target = &told["targets"][0];
        let lost = target["outcomes"]["lost"].as_u64().unwrap_or(0);
        assert_eq!(target["sent"], 15, "{user:?}: {told:#}");
        assert!((2..=8).contains(&lost), "{user:?}: {told:#}");
        let times: Vec<u64> = told["at_ms"]
            .as_array()
            .unwrap()
            .iter()
            .map(|at| at.as_u64().unwrap())
            .collect();
        assert!(times.is_sorted(), "{user:?}: {times:?}");
    }
}

#[test]
fn a_sweep_finds_those_that_answer_only_arp() {
    let Some(net) = lab() else { return };
    net.listen("guest", 8022);
    net.guest(
        "ip addr add 10.77.0.7/24 dev eth0; ip addr add 10.77.0.200/24 dev eth0; \
         nft add table ip t; nft add chain ip t i { type filter hook input priority 0 \\; }; \
         nft add rule ip t i ip daddr 10.77.0.7 drop",
    );
    for user in USERS {
        net.forget_neighbors();
        let work = json!({ "work": "sweep", "segment": "10.77.0.0/24", "adapter": "tap0", "ports": [8022] });
        let told = net.probe(user, &work);
        let addresses: Vec<&str> = told["hosts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|host| host["address"].as_str().unwrap())
            .collect();
        assert_eq!(
            addresses,
            ["10.77.0.2", "10.77.0.7", "10.77.0.200"],
            "{user:?}: {told:#}"
        );
        assert_eq!(told["hosts"][0]["open_ports"], json!([8022]), "{user:?}");
        for host in told["hosts"].as_array().unwrap() {
            assert_eq!(host["mac"], told["hosts"][0]["mac"], "{user:?}: {told:#}");
        }
        let echoed = user != User::Nobody;
        assert_eq!(told["hosts"][2]["rtt_us"].is_u64(), echoed, "{user:?}: {told:#}");
        eprintln!("sweep of a /24, {user:?}: {} ms", took_ms(&told));
    }
}

#[test]
fn calling_off_ends_at_once() {
    let Some(net) = lab() else { return };
    let mut work = check(json!({ "address": "10.77.0.99", "adapter": "tap0", "ports": [22] }));
    work["cancel_ms"] = json!(300);
    let told = net.probe(User::Root, &work);
    assert!((250..600).contains(&took_ms(&told)), "{} ms", took_ms(&told));
}

#[test]
fn many_dead_addresses_take_no_longer_than_one() {
    let Some(net) = lab() else { return };
    let targets: Vec<Value> = (100..120)
        .map(|last| json!({ "address": format!("10.77.0.{last}"), "adapter": "tap0" }))
        .collect();
    for user in USERS {
        let told = net.probe(user, &json!({ "work": "check", "targets": targets }));
        assert_eq!(of_kind(&told, "echo").len(), 20, "{user:?}");
        assert!(took_ms(&told) < 2300, "{user:?}: {} ms", took_ms(&told));
    }
}
