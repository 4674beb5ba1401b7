//! The collected model against what `ip` itself prints, in a network namespace of our own. Needs root, so
//! each test says that it was skipped without.

use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::super::{ScanOptions, look_up, scan};
use crate::model::{AdapterKind, Case, NeighborState, RouteKind};

const INSIDE: &str = "VMNET_DOCTOR_TEST_INSIDE";

/// Runs the test of this name again inside a new namespace that `setup` lines were run in. Returns whether
/// the caller is that inner run and should do its work.
fn inside(test: &str, setup: &str) -> bool {
    if std::env::var(INSIDE).as_deref() == Ok(test) {
        return true;
    }
    if !nix::unistd::geteuid().is_root() {
        eprintln!("skipped: {test} needs root");
        return false;
    }
    let namespace = format!("collect-{}-{}", std::process::id(), test.len());
    let ip = |line: &str| {
        let words = line.split_whitespace();
        let done = Command::new("ip").args(words).output().expect("ip runs");
        assert!(
            done.status.success(),
            "ip {line}: {}",
            String::from_utf8_lossy(&done.stderr)
        );
    };
    ip(&format!("netns add {namespace}"));
    let result = std::panic::catch_unwind(|| {
        for line in setup.lines().map(str::trim).filter(|line| !line.is_empty()) {
            // What this kernel has no module for is left out.
            if let Some(line) = line.strip_prefix('?') {
                let words = format!("-n {namespace} {line}");
                Command::new("ip")
                    .args(words.split_whitespace())
                    .output()
                    .expect("ip runs");
            } else {
                ip(&format!("-n {namespace} {line}"));
            }
        }
        let me = std::env::current_exe().expect("this program");
        let path = format!("collect::linux::namespace_tests::{test}");
        let done = Command::new("ip")
            .args(["netns", "exec", &namespace])
            .arg(me)
            .args(["--exact", &path, "--nocapture"])
            .env(INSIDE, test)
            .output()
            .expect("runs");
        let text = String::from_utf8_lossy(&done.stdout);
        assert!(
            done.status.success() && text.contains("1 passed"),
            "{text}\n{}",
            String::from_utf8_lossy(&done.stderr)
        );
    });
    ip(&format!("netns del {namespace}"));
    result.expect("the inner run");
    false
}

fn ip_json(line: &str) -> Vec<Value> {
    let done = Command::new("ip")
        .args(line.split_whitespace())
        .output()
        .expect("ip runs");
    serde_json::from_slice(&done.stdout).expect("JSON")
}

fn scanned() -> Case {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let now = jiff::Timestamp::from_second(1_700_000_000).expect("valid");
    runtime
        .expect("a runtime")
        .block_on(scan(ScanOptions::new(now), |_| ()))
}

const SETUP: &str = "
    link set lo up
    link add virbr0 type bridge
    link set virbr0 up
    addr add 192.168.122.1/24 dev virbr0
    link add vnet0 type veth peer name guest0
    link set vnet0 master virbr0 up
    link set guest0 up
    addr add 10.9.0.1/24 dev guest0
    ?link add link guest0 name macvtap0 type macvtap mode bridge
    ?tuntap add dev tap7 mode tap
    ?tuntap add dev tun7 mode tun
    route add blackhole 203.0.113.0/24
    route add unreachable 198.51.100.0/24 metric 7
    route add 172.30.0.0/16 via 10.9.0.254 table 77
    route add default via 10.9.0.254 metric 50
    rule add priority 90 from 10.1.0.0/16 lookup 77
    rule add priority 91 fwmark 0x5/0xff not to 10.2.0.0/16 lookup main suppress_prefixlength 0
    rule add priority 92 to 192.0.2.0/24 prohibit
    rule add priority 93 ipproto tcp dport 22 lookup 77
    neigh add 10.9.0.7 lladdr 52:54:00:00:00:07 dev guest0 nud stale
    neigh add 10.9.0.8 lladdr 52:54:00:00:00:08 dev guest0 nud permanent
    neigh add 10.9.0.9 dev guest0 nud failed
";

#[test]
fn the_model_is_what_ip_prints() {
    if !inside("the_model_is_what_ip_prints", SETUP) {
        return;
    }
    let case = scanned();
    let text = |row: &Value, key: &str| row[key].as_str().map(str::to_owned);

    // Adapters: names, masters, MTU, addresses.
    let rows = ip_json("-j -d addr");
    let adapters = case.host.adapters.value().expect("adapters");
    assert_eq!(adapters.len(), rows.len());
    for row in &rows {
        let name = text(row, "ifname").expect("a name");
        let adapter = case
            .host
            .adapter(&name)
            .unwrap_or_else(|| panic!("{name} is missing"));
        assert_eq!(adapter.index.map(u64::from), row["ifindex"].as_u64(), "{name}");
        assert_eq!(adapter.master, text(row, "master"), "{name}");
        assert_eq!(adapter.mtu.map(u64::from), row["mtu"].as_u64(), "{name}");
        let up = row["flags"]
            .as_array()
            .is_some_and(|flags| flags.iter().any(|flag| flag == "UP"));
        assert_eq!(adapter.enabled, Some(up), "{name}");
        let mut told: Vec<String> = row["addr_info"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|address| {
                format!(
                    "{}/{}",
                    address["local"].as_str().unwrap_or_default(),
                    address["prefixlen"]
                )
            })
            .collect();
        let mut ours: Vec<String> = adapter.nets().map(|net| net.to_string()).collect();
        told.sort();
        ours.sort();
        assert_eq!(ours, told, "{name}");
        let kind = row["linkinfo"]["info_kind"].as_str().map(|kind| match kind {
            "bridge" => AdapterKind::Bridge,
            "veth" => AdapterKind::Veth,
            "macvtap" => AdapterKind::Macvtap,
            "tun" if row["linkinfo"]["info_data"]["type"] == "tap" => AdapterKind::Tap,
            "tun" => AdapterKind::Tunnel,
            _ => AdapterKind::Unknown,
        });
        let expected = kind.unwrap_or(if name == "lo" {
            AdapterKind::Loopback
        } else {
            AdapterKind::Unknown
        });
        assert_eq!(adapter.kind, expected, "{name}");
        if expected == AdapterKind::Macvtap {
            assert_eq!(adapter.lower.as_deref(), Some("guest0"));
            assert_eq!(adapter.lower_mode, text(&row["linkinfo"]["info_data"], "mode"));
        }
    }
    let port = case.host.adapter("vnet0").expect("there");
    assert_eq!(port.master.as_deref(), Some("virbr0"));
    assert!(port.port_state.is_some());
    assert_eq!(
        case.host.adapter("virbr0").expect("there").spanning_tree,
        Some(false)
    );

    // Routes: destination, router, adapter, metric, table and kind of each row.
    let mut told: Vec<String> = Vec::new();
    for family in ["-4", "-6"] {
        for row in ip_json(&format!("-j {family} route show table all")) {
            told.push(told_route(&row, family));
        }
    }
    let mut ours: Vec<String> = case.host.routes.rows().iter().map(our_route).collect();
    told.sort();
    ours.sort();
    assert_eq!(ours, told);

    // Rules.
    let rules = case.host.rules.value().expect("rules");
    let shown: Vec<String> = rules
        .iter()
        .map(|rule| serde_json::to_string(rule).expect("JSON"))
        .collect();
    insta::assert_debug_snapshot!(shown);

    // Neighbors: a permanent one was never confirmed by anybody.
    let at = |last: u8| {
        let address: std::net::IpAddr = [10, 9, 0, last].into();
        case.host
            .neighbors
            .rows()
            .iter()
            .find(move |neighbor| neighbor.address == address)
            .expect("there")
    };
    assert_eq!(at(7).state, NeighborState::Stale);
    assert!(at(7).confirmed_ms_ago.is_some() && at(7).is_learned());
    assert_eq!(
        (at(8).state, at(8).confirmed_ms_ago),
        (NeighborState::Permanent, None)
    );
    assert_eq!((at(9).state, at(9).mac), (NeighborState::Failed, None));
    assert_eq!(at(7).adapter.as_deref(), Some("guest0"));

    // The guest's side sent packets (IPv6 duplicate detection), so the bridge learned where it is.
    let guest = case
        .host
        .adapter("guest0")
        .and_then(|adapter| adapter.mac)
        .expect("a hardware address");
    let entries = case.host.bridge_entries.value().expect("entries");
    assert!(
        entries.contains(&(guest, "vnet0".to_owned(), Some("virbr0".to_owned()))),
        "{entries:?}"
    );

    // Switches of this namespace, not of the machine outside.
    assert_eq!(case.host.switch("net.ipv4.ip_forward"), Some("0"));
    assert_eq!(case.host.switch("net.ipv4.ping_group_range"), Some("1 0"));
    assert!(case.host.switch("net.ipv4.conf.virbr0.rp_filter").is_some());
    assert_eq!(
        case.host.adapter("virbr0").and_then(|adapter| adapter.forwarding),
        Some(false)
    );
}

fn told_route(row: &Value, family: &str) -> String {
    let mut destination = row["dst"].as_str().unwrap_or_default().to_owned();
    if destination == "default" {
        destination = if family == "-4" { "0.0.0.0/0" } else { "::/0" }.to_owned();
    }
    if !destination.contains('/') {
        destination.push_str(if family == "-4" { "/32" } else { "/128" });
    }
    let table = match row["table"].as_str() {
        None | Some("main") => "254",
        Some("local") => "255",
        Some(other) => other,
    };
    format!(
        "{destination} via {} dev {} metric {} table {table} {}",
        row["gateway"].as_str().unwrap_or("-"),
        row["dev"].as_str().unwrap_or("-"),
        row["metric"].as_u64().unwrap_or(0),
        row["type"].as_str().unwrap_or("unicast"),
    )
}

fn our_route(route: &crate::model::Route) -> String {
    format!(
        "{} via {} dev {} metric {} table {} {}",
        route.destination,
        route.via.map_or("-".to_owned(), |via| via.to_string()),
        route.adapter.as_deref().unwrap_or("-"),
        route.metric.unwrap_or(0),
        route.table.unwrap_or(0),
        serde_json::to_value(route.kind)
            .expect("JSON")
            .as_str()
            .unwrap_or_default(),
    )
}

#[test]
fn look_ups_are_the_kernels_own() {
    if !inside("look_ups_are_the_kernels_own", SETUP) {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let ask = |address: &str| {
        runtime
            .block_on(look_up(address.parse().expect("an address")))
            .expect("an answer")
    };
    let guest = ask("192.168.122.9");
    assert_eq!((guest.adapter.as_deref(), guest.via), (Some("virbr0"), None));
    assert_eq!(guest.source, Some([192, 168, 122, 1].into()));
    let far = ask("8.8.8.8");
    assert_eq!(
        (far.adapter.as_deref(), far.via),
        (Some("guest0"), Some([10, 9, 0, 254].into()))
    );
    assert_eq!(ask("127.0.0.1").kind, RouteKind::Local);
    for (address, kind) in [
        ("203.0.113.9", RouteKind::Blackhole),
        ("198.51.100.9", RouteKind::Unreachable),
        ("192.0.2.9", RouteKind::Prohibit),
    ] {
        let answer = ask(address);
        assert_eq!((answer.kind, answer.adapter.is_none()), (kind, true), "{address}");
        assert!(answer.error.is_some(), "{address}");
    }
    let nowhere = ask("2001:db8::1");
    assert!(
        nowhere.error.is_some() && nowhere.adapter.is_none(),
        "{nowhere:?}"
    );
}

#[test]
fn an_empty_namespace_is_no_failure() {
    if !inside("an_empty_namespace_is_no_failure", "") {
        return;
    }
    let start = std::time::Instant::now();
    let case = scanned();
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(case.host.adapters.value().map(Vec::len), Some(1));
    assert_eq!(case.host.routes.value().map(Vec::len), Some(0));
    assert_eq!(case.host.neighbors.value().map(Vec::len), Some(0));
}

/// Without any right of root: the same tables, and a note for what was refused.
#[test]
fn an_unprivileged_user_reads_the_same_tables() {
    const TEST: &str = "an_unprivileged_user_reads_the_same_tables";
    if std::env::var(INSIDE).as_deref() == Ok("nobody") {
        let case = scanned();
        assert!(!nix::unistd::geteuid().is_root());
        for known in [
            case.host.adapters.is_known(),
            case.host.routes.is_known(),
            case.host.rules.is_known(),
            case.host.neighbors.is_known(),
            case.host.bridge_entries.is_known(),
            case.host.kernel.is_known(),
            case.host.listeners.is_known(),
            case.host.processes.is_known(),
        ] {
            assert!(known, "{:#?}", case.unread);
        }
        assert_eq!(
            case.host.adapter("vnet0").and_then(|port| port.master.as_deref()),
            Some("virbr0")
        );
        assert!(!case.host.filter.is_known());
        assert!(
            case.unread
                .iter()
                .any(|unread| unread.why == "needs root" && unread.how.starts_with("sudo nft")),
            "{:#?}",
            case.unread
        );
        return;
    }
    if !inside(TEST, SETUP) {
        return;
    }
    // The program may stand in a folder that only its owner may enter.
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("test");
    std::fs::copy(std::env::current_exe().expect("this program"), &copy).expect("copied");
    let open = |path: &std::path::Path| {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("opened");
    };
    open(folder.path());
    open(&copy);
    let path = format!("collect::linux::namespace_tests::{TEST}");
    let done = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(&copy)
        .args(["--exact", &path, "--nocapture"])
        .current_dir("/")
        .env(INSIDE, "nobody")
        .output()
        .expect("runs");
    let text = String::from_utf8_lossy(&done.stdout);
    assert!(
        done.status.success() && text.contains("1 passed"),
        "{text}\n{}",
        String::from_utf8_lossy(&done.stderr)
    );
}
