//! Every outcome of the live monitor, each staged by a real kernel or by a machine that answers wrongly.

use std::time::Duration;

use serde_json::{Value, json};

use crate::network::{self, Network, User};
use crate::{GUEST, lab};

/// Those who have a socket of their own; the system's `ping` keeps most of this to itself.
const USERS: [User; 2] = [User::Root, User::DatagramOnly];

fn monitor(net: &Network, user: User, address: &str, count: u32, interval_ms: u32) -> Value {
    let work =
        json!({ "work": "monitor", "addresses": [address], "count": count, "interval_ms": interval_ms });
    net.probe(user, &work)["targets"][0].clone()
}

fn count(told: &Value, outcome: &str) -> u64 {
    told["outcomes"][outcome].as_u64().unwrap_or(0)
}

fn run<'a>(told: &'a Value, outcome: &str) -> &'a Value {
    let mut runs = told["runs"].as_array().unwrap().iter();
    runs.find(|run| run["outcome"] == outcome)
        .unwrap_or_else(|| panic!("no {outcome}: {told:#}"))
}

#[test]
fn answers_that_are_wrong_are_told_apart() {
    let Some(net) = lab() else { return };
    net.guest("ip addr add 10.77.0.9/24 dev eth0");
    for (way, outcome) in [
        ("twice", "reply"),
        ("garbled", "garbled"),
        ("short", "garbled"),
        ("foreign", "lost"),
        ("elsewhere", "other-source"),
    ] {
        net.serve_anew(&json!({ "work": "respond", "way": way, "from": if way == "elsewhere" { "10.77.0.9" } else { GUEST } }));
        for user in USERS {
            let told = monitor(&net, user, GUEST, 5, 50);
            assert_eq!(told["sent"], 5, "{way}, {user:?}: {told:#}");
            assert_eq!(count(&told, outcome), 5, "{way}, {user:?}: {told:#}");
            let twice = if way == "twice" { 5 } else { 0 };
            assert_eq!(count(&told, "duplicate"), twice, "{way}, {user:?}: {told:#}");
            let received = if outcome == "reply" { 5 } else { 0 };
            assert_eq!(told["received"], received, "{way}, {user:?}: {told:#}");
            if way == "elsewhere" {
                assert_eq!(run(&told, outcome)["by"], "10.77.0.9", "{user:?}: {told:#}");
            }
        }
    }
}

#[test]
fn a_late_reply_is_no_loss_and_thousands_of_duplicates_harm_nobody() {
    let Some(net) = lab() else { return };
    net.serve_anew(&json!({ "work": "respond", "way": "late", "from": GUEST }));
    for user in USERS {
        // The last ones of a counted series are not waited for beyond their patience.
        let told = monitor(&net, user, GUEST, 12, 250);
        assert!(count(&told, "late") >= 6, "{user:?}: {told:#}");
        assert_eq!(
            count(&told, "late") + count(&told, "lost"),
            12,
            "{user:?}: {told:#}"
        );
        assert!(
            told["max_us"].as_u64().unwrap() >= 1_300_000,
            "{user:?}: {told:#}"
        );
    }
    net.serve_anew(&json!({ "work": "respond", "way": "flood", "from": GUEST }));
    for user in USERS {
        let told = monitor(&net, user, GUEST, 5, 200);
        assert_eq!(count(&told, "reply"), 5, "{user:?}: {told:#}");
        assert_eq!(told["sent"], 5, "{user:?}: {told:#}");
        assert!(count(&told, "duplicate") >= 1000, "{user:?}: {told:#}");
    }
}

#[test]
fn who_says_no_and_how() {
    let Some(net) = lab() else { return };
    net.guest("sysctl -qw net.ipv4.icmp_ratelimit=0");
    for (reject, outcome) in [
        ("host-unreachable", "host-unreachable"),
        ("net-unreachable", "net-unreachable"),
        ("port-unreachable", "port-unreachable"),
        ("admin-prohibited", "prohibited"),
        ("host-prohibited", "prohibited"),
    ] {
        net.guest(&format!(
            "nft flush ruleset; nft add table ip t; nft add chain ip t i {{ type filter hook input priority 0 \\; }}; \
             nft add rule ip t i ip protocol icmp reject with icmp type {reject}"
        ));
        for user in USERS {
            let told = monitor(&net, user, GUEST, 4, 50);
            assert_eq!(count(&told, outcome), 4, "{reject}, {user:?}: {told:#}");
            assert_eq!(run(&told, outcome)["by"], GUEST, "{reject}, {user:?}: {told:#}");
        }
    }
}

#[test]
fn routers_on_the_way_are_named() {
    let Some(net) = lab() else { return };
    net.router_with_narrow_link(68);
    for user in USERS {
        net.host("ip route flush cache");
        let told = monitor(&net, user, "10.78.0.2", 3, 50);
        let big = run(&told, "too-big");
        assert_eq!(
            (&big["by"], &big["mtu"]),
            (&json!("10.77.0.2"), &json!(68)),
            "{user:?}: {told:#}"
        );
    }
    net.host(
        "nft add table ip t; nft add chain ip t o { type filter hook postrouting priority 0 \\; }; \
         nft add rule ip t o ip protocol icmp ip ttl set 1",
    );
    for user in USERS {
        let told = monitor(&net, user, "10.78.0.2", 3, 50);
        assert_eq!(count(&told, "ttl-exceeded"), 3, "{user:?}: {told:#}");
        assert_eq!(
            run(&told, "ttl-exceeded")["by"],
            "10.77.0.2",
            "{user:?}: {told:#}"
        );
    }
}

#[test]
fn what_this_machine_does_not_send() {
    let Some(net) = lab() else { return };
    for user in USERS {
        let told = monitor(&net, user, "203.0.113.7", 3, 50);
        assert_eq!(count(&told, "no-route"), 3, "{user:?}: {told:#}");
    }
    // A queue that takes nothing: the kernel tells those who ask for errors.
    net.host(&format!("ping -q -c 1 -W 2 {GUEST}"));
    net.host("tc qdisc add dev tap0 root tbf rate 8bit burst 2000 limit 1 2>/dev/null || true");
    if net.host("tc qdisc show dev tap0").contains("tbf") {
        for user in USERS {
            let told = monitor(&net, user, GUEST, 40, 20);
            assert!(count(&told, "no-buffer") >= 10, "{user:?}: {told:#}");
        }
        net.host("tc qdisc del dev tap0 root");
    } else {
        eprintln!("skipped: this kernel has no token bucket");
    }
    net.host(
        "nft add table ip t; nft add chain ip t o { type filter hook output priority 0 \\; }; \
         nft add rule ip t o ip protocol icmp drop",
    );
    for user in USERS {
        let told = monitor(&net, user, GUEST, 3, 50);
        assert_eq!(count(&told, "not-permitted"), 3, "{user:?}: {told:#}");
    }
    net.host("nft flush ruleset");
}

#[test]
fn an_adapter_that_goes_in_mid_flight_ends_nothing() {
    let Some(net) = lab() else { return };
    let two = json!({ "work": "monitor", "addresses": [GUEST, "127.0.0.1"], "sources": ["10.77.0.1", null],
                      "count": 20, "interval_ms": 100 });
    let running = net.start(User::Root, &two);
    std::thread::sleep(Duration::from_millis(1000));
    net.host("ip link del tap0");
    let told = network::finish(running);
    let (gone, stays) = (&told["targets"][0], &told["targets"][1]);
    assert_eq!(gone["sent"], 20, "{told:#}");
    assert!(gone["received"].as_u64().unwrap() >= 3, "{told:#}");
    let named = count(gone, "adapter-gone") + count(gone, "no-route");
    assert!(named >= 5, "{told:#}");
    assert_eq!(stays["received"], 20, "{told:#}");
}

#[test]
fn nobody_is_asked_in_everybodys_name() {
    let Some(net) = lab() else { return };
    net.guest("sysctl -qw net.ipv4.icmp_echo_ignore_broadcasts=0");
    let addresses = [
        "10.77.0.255",
        "255.255.255.255",
        "224.0.0.1",
        "0.0.0.0",
        "ff02::1",
        "10.77.0.1",
        GUEST,
    ];
    // Echo requests that arrived, of both families; other frames come and go by themselves.
    let arrived = || -> u64 {
        let count = "awk '/^Icmp: [0-9]/ { n += $10 } $1 == \"Icmp6InEchos\" { n += $2 } END { print n + 0 }' \
                     /proc/net/snmp /proc/net/snmp6";
        net.guest(count).trim().parse().unwrap()
    };
    let before = arrived();
    let work = json!({ "work": "monitor", "addresses": &addresses[..5], "count": 2, "interval_ms": 100 });
    let told = net.probe(User::Root, &work);
    let after = arrived();
    for target in told["targets"].as_array().unwrap() {
        assert_eq!(count(target, "not-one-machine"), 2, "{told:#}");
    }
    assert_eq!(before, after);
    let work = json!({ "work": "monitor", "addresses": &addresses[5..], "count": 2, "interval_ms": 100 });
    let told = net.probe(User::Root, &work);
    assert!(
        told["targets"]
            .as_array()
            .unwrap()
            .iter()
            .all(|target| target["received"] == 2),
        "{told:#}"
    );
    assert_eq!(arrived(), after + 2, "the count sees what arrives");
}

#[test]
fn many_addresses_share_a_socket_and_lose_nothing() {
    let Some(net) = lab() else { return };
    net.guest("for i in $(seq 3 252); do ip addr add 10.77.0.$i/24 dev eth0; done");
    let addresses: Vec<String> = (3..253).map(|last| format!("10.77.0.{last}")).collect();
    for user in USERS {
        let work = json!({ "work": "monitor", "addresses": addresses, "count": 4, "interval_ms": 1000 });
        let told = net.probe(user, &work);
        let targets = told["targets"].as_array().unwrap();
        assert_eq!(targets.len(), 250);
        for target in targets {
            assert_eq!(target["received"], 4, "{user:?}: {target:#}");
        }
        let sockets = told["most_sockets"].as_u64().unwrap();
        assert!(sockets <= 8, "{user:?}: {sockets} sockets for 250 addresses");
    }
}

#[test]
fn changes_of_the_network_are_told() {
    let Some(net) = lab() else { return };
    net.host(&format!("ping -q -c 1 -W 2 {GUEST}"));
    let running = net.start(User::Nobody, &json!({ "work": "watch", "lasts_ms": 3500 }));
    std::thread::sleep(Duration::from_millis(1500));
    net.host("ip route add 10.90.0.0/16 via 10.77.0.2");
    net.guest("ip link set eth0 address 02:00:00:00:00:77");
    net.host("ip neigh flush dev tap0; ping -q -c 1 -W 2 10.77.0.2; ip addr add 10.91.0.1/24 dev tap0");
    net.host("ip link set tap0 down");
    let told = network::finish(running);
    let changes: Vec<&str> = told["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one.as_str().unwrap())
        .collect();
    for wanted in [
        "Route { to: 10.90.0.0/16, via: Some(10.77.0.2), adapter: Some(\"tap0\"), there: true }",
        "Address { adapter: \"tap0\", address: 10.91.0.1, there: true }",
        "Adapter { name: \"tap0\", now: Off }",
        "Neighbor { address: 10.77.0.2, adapter: \"tap0\"",
    ] {
        assert!(
            changes.iter().any(|change| change.contains(wanted)),
            "{wanted}: {changes:#?}"
        );
    }
}

#[test]
fn a_sweep_leaves_room_in_the_neighbor_table() {
    let Some(net) = lab() else { return };
    net.host("ip addr add 10.80.0.1/22 dev tap0");
    net.guest("ip addr add 10.80.3.9/22 dev eth0");
    let running = net.start(
        User::Root,
        &json!({ "work": "sweep", "segment": "10.80.0.0/22", "ports": [] }),
    );
    let mut most = 0;
    let start = std::time::Instant::now();
    while start.elapsed() < Duration::from_secs(9) {
        let unresolved = net.host("ip neigh show nud incomplete | wc -l");
        most = most.max(unresolved.trim().parse().unwrap());
        std::thread::sleep(Duration::from_millis(200));
    }
    let told = network::finish(running);
    assert!((200..=256).contains(&most), "{most} unresolved at a time");
    assert_eq!(told["hosts"][0]["address"], "10.80.3.9", "{told:#}");
    assert_eq!(told["hosts"].as_array().unwrap().len(), 1, "{told:#}");
}

#[test]
fn a_connection_that_is_reset_at_once() {
    let Some(net) = lab() else { return };
    net.serve_anew(&json!({ "work": "reset", "port": 8023 }));
    for user in crate::USERS {
        let work =
            json!({ "work": "check", "targets": [{ "address": GUEST, "adapter": "tap0", "ports": [8023] }] });
        let told = net.probe(user, &work);
        assert_eq!(crate::outcome(&told, 8023), "reset", "{user:?}: {told:#}");
    }
}

#[test]
fn broadcast_addresses_accuse_nobody() {
    let Some(net) = lab() else { return };
    let work =
        json!({ "work": "check", "targets": [{ "address": "10.77.0.255", "ports": [22], "mtu": true }] });
    let told = net.probe(User::Root, &work);
    let errors = &crate::echo(&told)["errors"];
    assert_eq!(errors[0]["kind"], "not-one-machine", "{told:#}");
    assert_eq!(told["probes"].as_array().unwrap().len(), 1, "{told:#}");
}

#[test]
fn who_may_not_send_at_all_says_so() {
    let Some(net) = lab() else { return };
    let told = monitor(&net, User::NobodyWithoutTools, GUEST, 3, 100);
    assert_eq!(count(&told, "no-rights"), 3, "{told:#}");
    let work =
        json!({ "work": "check", "targets": [{ "address": GUEST, "adapter": "tap0", "ports": [81] }] });
    let told = net.probe(User::NobodyWithoutTools, &work);
    let errors = &crate::echo(&told)["errors"];
    assert_eq!(errors[0]["kind"], "no-rights", "{told:#}");
    assert_eq!(
        crate::outcome(&told, 81),
        "refused",
        "what needs no rights still speaks: {told:#}"
    );
}

#[test]
fn a_permission_that_is_lost_and_given_back() {
    let Some(net) = lab() else { return };
    for user in USERS {
        let work = json!({ "work": "monitor", "addresses": [GUEST], "count": 30, "interval_ms": 100 });
        let running = net.start(user, &work);
        std::thread::sleep(Duration::from_millis(1000));
        // The rights to open a socket, too: the one that is open stays.
        net.host(
            "sysctl -qw net.ipv4.ping_group_range='1 0'; nft add table ip t; \
             nft add chain ip t o { type filter hook output priority 0 \\; }; nft add rule ip t o ip protocol icmp drop",
        );
        std::thread::sleep(Duration::from_millis(800));
        net.host("nft flush ruleset");
        let told = network::finish(running)["targets"][0].clone();
        assert_eq!(told["sent"], 30, "{user:?}: {told:#}");
        assert!(
            (3..=20).contains(&count(&told, "not-permitted")),
            "{user:?}: {told:#}"
        );
        let all = count(&told, "reply") + count(&told, "not-permitted");
        assert_eq!(all, 30, "{user:?}: {told:#}");
        let runs = told["runs"].as_array().unwrap();
        let outcomes: Vec<&Value> = runs.iter().map(|run| &run["outcome"]).collect();
        assert_eq!(
            outcomes,
            ["reply", "not-permitted", "reply"],
            "{user:?}: {told:#}"
        );
    }
}

#[test]
fn neighbors_are_told_in_the_state_they_are_in() {
    let Some(net) = lab() else { return };
    for (made, told_as) in [
        ("permanent", ["permanent", "permanent"]),
        ("noarp", ["no-arp", "no-arp"]),
        // Used, and not confirmed by anybody.
        ("stale", ["delay", "probe"]),
        ("reachable", ["reachable", "delay"]),
    ] {
        net.host(&format!(
            "ip neigh replace 10.77.0.50 lladdr 02:00:00:00:00:50 nud {made} dev tap0"
        ));
        let work = json!({ "work": "check", "targets": [{ "address": "10.77.0.50", "adapter": "tap0" }] });
        let told = net.probe(User::Nobody, &work);
        let after = crate::neighbor(&told)["after"]["state"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(told_as.contains(&after.as_str()), "{made}: {told:#}");
        assert_ne!(crate::neighbor(&told)["answered"], true, "{made}: {told:#}");
    }
}

#[test]
fn a_sweep_tells_how_far_it_is_and_ends_when_called_off() {
    let Some(net) = lab() else { return };
    net.host("ip addr add 10.80.0.1/22 dev tap0");
    net.guest("ip addr add 10.80.0.9/22 dev eth0");
    let work = json!({ "work": "sweep", "segment": "10.80.0.0/22", "ports": [], "cancel_ms": 1500 });
    // Those with a socket: an entry that was there before and is confirmed with the first packet proves nothing.
    for user in USERS {
        net.forget_neighbors();
        let told = net.probe(user, &work);
        assert!(
            crate::took_ms(&told) < 2300,
            "{user:?}: {} ms",
            crate::took_ms(&told)
        );
        let hosts = told["hosts"].as_array().unwrap();
        assert_eq!(hosts.len(), 1, "{user:?}: what was found by then: {told:#}");
        let steps = told["progress"].as_array().unwrap();
        let done: Vec<u64> = steps.iter().map(|step| step[0].as_u64().unwrap()).collect();
        assert!(done.len() >= 3 && done.is_sorted(), "{user:?}: {done:?}");
        assert!(*done.last().unwrap() < 1022, "{user:?}: {done:?}");
        assert!(steps.iter().all(|step| step[1] == 1022), "{user:?}: {told:#}");
    }
}

#[test]
fn ten_thousand_addresses_make_no_storm() {
    let Some(net) = lab() else { return };
    net.host("ip route add 10.96.0.0/16 via 10.77.0.2");
    net.guest("ip route add local 10.96.0.0/16 dev lo");
    let frames = || -> u64 {
        let sent = net.host("cat /sys/class/net/tap0/statistics/tx_packets");
        sent.trim().parse().unwrap()
    };
    let before = frames();
    let work = json!({ "work": "monitor", "many": 10_000, "count": 2, "interval_ms": 1000 });
    let told = net.probe(User::Root, &work);
    let targets = told["targets"].as_array().unwrap();
    let of = |range: std::ops::Range<usize>| -> u64 {
        targets[range]
            .iter()
            .map(|target| target["received"].as_u64().unwrap())
            .sum()
    };
    let most = vmnet_doctor::probe::monitor::MAX_TARGETS;
    assert_eq!(of(0..most), 2 * most as u64, "all that are watched answer");
    assert_eq!(of(most..10_000), 0, "and no others are asked");
    assert!(told["most_sockets"].as_u64().unwrap() <= 8);
    assert!(
        told["most_memory"].as_u64().unwrap() < 120,
        "{} MB",
        told["most_memory"]
    );
    let sent = frames() - before;
    assert!(sent < 2 * most as u64 + 50, "{sent} frames");

    // A check is for a handful; of more than it takes the first ones get their answer in its time.
    let before = frames();
    let told = net.probe(
        User::Root,
        &json!({ "work": "check", "targets": [], "many": 10_000 }),
    );
    assert!(crate::took_ms(&told) < 4000, "{} ms", crate::took_ms(&told));
    let echoes = crate::of_kind(&told, "echo");
    assert_eq!(echoes.len(), vmnet_doctor::probe::MAX_TARGETS);
    assert!(
        told["most_memory"].as_u64().unwrap() < 160,
        "{} MB",
        told["most_memory"]
    );
    let sent = frames() - before;
    assert!(sent < 8_000, "{sent} frames");
}

#[test]
fn a_sudden_end_loses_no_more_than_a_second() {
    let Some(net) = lab() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("watch.csv");
    let arguments = ["ping", "--interval", "100", "--count", "1000", "--append"];
    let mut running = net.start_program(&[&arguments[..], &[path.to_str().unwrap(), GUEST]].concat());
    std::thread::sleep(Duration::from_millis(4000));
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    running.kill().unwrap();
    running.wait().unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    let times: Vec<u64> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap().parse().unwrap())
        .collect();
    let lost = now.as_millis() as u64 - times.last().unwrap();
    assert!(lost <= 1000, "{lost} ms are missing");
    assert!(times.len() >= 20 && times.is_sorted(), "{} samples", times.len());
}
