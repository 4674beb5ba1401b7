//! Packets followed through machines of real outputs and of cases made by hand.

use super::*;
use crate::model::{Output, Place};
use crate::parse;

fn address(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

fn sample(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/samples")
        .join(name);
    std::fs::read_to_string(path).expect("a sample")
}

fn case(json: &str, outputs: &[(Place, &str, &str)]) -> Case {
    let mut case = Case::from_json(json).expect("a case");
    for (on, command, text) in outputs {
        case.outputs.push(Output {
            on: *on,
            command: (*command).to_owned(),
            text: (*text).to_owned(),
        });
    }
    parse::resolve(&case)
}

/// The hops as `place key row`, in one line each, the way back behind `←`.
fn told(walk: &Walk) -> Vec<String> {
    walk.hops()
        .map(|(leg, hop)| {
            let arrow = if leg == Leg::Out { "→" } else { "←" };
            let mark = match hop.judgment {
                Judgment::Passes => "ok",
                Judgment::Unknown => "?",
                Judgment::Stops => "STOP",
            };
            format!("{arrow} {:?} {mark} {} | {}", hop.at, hop.text.key, hop.row)
        })
        .collect()
}

fn from(end: Endpoint, to: &str, content: Content) -> Question {
    Question {
        from: end,
        to: address(to),
        content,
    }
}

/// A Linux host with libvirt's default network, one guest whose own tables are known, and a router.
const LIBVIRT: &str = r#"{ "schema": 1,
  "intake": { "hypervisor": "libvirt", "mode": "nat", "guest_ip": "192.168.122.11" },
  "host": { "os": "linux",
    "adapters": [
      { "name": "enp3s0", "kind": "ethernet", "enabled": true, "addresses": [{ "net": "192.168.1.23/24" }] },
      { "name": "virbr0", "kind": "bridge", "enabled": true, "addresses": [{ "net": "192.168.122.1/24" }] } ],
    "routes": [
      { "destination": "0.0.0.0/0", "via": "192.168.1.1", "adapter": "enp3s0", "metric": 100 },
      { "destination": "192.168.1.0/24", "adapter": "enp3s0", "metric": 100 },
      { "destination": "192.168.122.0/24", "adapter": "virbr0" } ],
    "rules": [],
    "kernel": { "net.ipv4.ip_forward": "1" } },
  "guest": { "os": "linux",
    "adapters": [ { "name": "ens3", "enabled": true, "addresses": [{ "net": "192.168.122.11/24" }] } ],
    "routes": [
      { "destination": "0.0.0.0/0", "via": "192.168.122.1", "adapter": "ens3" },
      { "destination": "192.168.122.0/24", "adapter": "ens3" } ],
    "filter": { "chains": [], "complete": true } } }"#;

fn with_filter(command: &str, name: &str, complete: bool) -> Case {
    let mut case = case(LIBVIRT, &[(Place::Host, command, &sample(name))]);
    if complete && let Some(filter) = case.host.filter.value_mut() {
        filter.complete = true;
    }
    case
}

#[test]
fn host_and_guest_of_one_segment() {
    let case = with_filter(
        "nft -j list ruleset",
        "linux_host_nft_j_list_ruleset_libvirt.json",
        false,
    );
    insta::assert_debug_snapshot!(told(&walk(
        &case,
        from(Endpoint::Host, "192.168.122.11", Content::EchoRequest)
    )));
}

#[test]
fn a_guest_through_libvirts_translation_and_back() {
    let case = with_filter("iptables-save", "linux_host_iptables-save_libvirt.txt", true);
    let walk = walk(&case, from(Endpoint::Guest, "8.8.8.8", Content::Tcp(443)));
    insta::assert_debug_snapshot!(told(&walk));
    assert_eq!(walk.end, Judgment::Unknown);
}

#[test]
fn dockers_closed_forwarding_stops_it() {
    let case = with_filter(
        "iptables-save",
        "linux_host_iptables-save_docker_forward_drop.txt",
        true,
    );
    let walk = walk(&case, from(Endpoint::Guest, "8.8.8.8", Content::EchoRequest));
    let (leg, hop) = walk.stop().expect("it ends");
    assert_eq!((leg, hop.text.key), (Leg::Out, "walk-filter-drops"));
    assert_eq!(hop.row, "filter FORWARD: policy drop");
    assert!(walk.back.is_empty(), "{:?}", walk.back);
}

#[test]
fn ufw_and_a_native_ruleset_stop_what_they_are_told_to() {
    let ufw = with_filter("iptables-save", "linux_host_iptables-save_ufw.txt", true);
    let to_host = |case: &Case, content| walk(case, from(Endpoint::Guest, "192.168.122.1", content));
    let stopped = |walk: &Walk| walk.stop().map(|(_, hop)| hop.row.clone());
    assert_eq!(stopped(&to_host(&ufw, Content::Tcp(22))), None);
    assert_eq!(
        stopped(&to_host(&ufw, Content::Tcp(8080))),
        Some("filter INPUT: policy drop".to_owned())
    );
    let native = with_filter(
        "nft list ruleset",
        "linux_host_nft_list_ruleset_native.txt",
        false,
    );
    let refused = to_host(&native, Content::Tcp(8080));
    let (_, hop) = refused.stop().expect("it ends");
    assert_eq!(hop.text.key, "walk-filter-rejects");
    // Whether the rate for echo is used up is not to be known.
    assert_eq!(to_host(&native, Content::EchoRequest).end, Judgment::Unknown);
}

/// firewalld keeps its rules in nft's table `inet firewalld`; virbr0 is in no zone there, and so in `public`.
#[test]
fn firewalld_refuses_what_its_zone_does_not_name() {
    let ruleset = "table inet firewalld {
\tchain filter_INPUT {
\t\ttype filter hook input priority filter + 10; policy accept;
\t\tct state { established, related } accept
\t\tiifname \"lo\" accept
\t\tjump filter_INPUT_ZONES
\t\treject with icmpx admin-prohibited
\t}
\tchain filter_INPUT_ZONES {
\t\tgoto filter_IN_public
\t}
\tchain filter_IN_public {
\t\tjump filter_IN_public_allow
\t\tmeta l4proto { icmp, ipv6-icmp } accept
\t\treject with icmpx admin-prohibited
\t}
\tchain filter_IN_public_allow {
\t\ttcp dport 22 accept
\t}
}
";
    let case = case(LIBVIRT, &[(Place::Host, "nft list ruleset", ruleset)]);
    let end = |content| walk(&case, from(Endpoint::Guest, "192.168.122.1", content));
    assert_eq!(end(Content::EchoRequest).stop(), None);
    assert_eq!(end(Content::Tcp(22)).stop(), None);
    let dns = end(Content::Udp(53));
    let (_, hop) = dns.stop().expect("it ends");
    assert_eq!(hop.text.key, "walk-filter-rejects");
    assert!(hop.row.contains("filter_IN_public"), "{}", hop.row);
}

#[test]
fn dockers_forwarded_port_leads_to_the_container_and_another_to_the_guest() {
    let rules = "# Generated by iptables-save v1.8.9 (nf_tables)
*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
-A PREROUTING -i enp3s0 -p tcp -m tcp --dport 2222 -j DNAT --to-destination 192.168.122.11:22
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -d 192.168.122.11/32 -p tcp -m tcp --dport 22 -j ACCEPT
COMMIT
";
    let mut lan = case(LIBVIRT, &[(Place::Host, "iptables-save", rules)]);
    if let Some(filter) = lan.host.filter.value_mut() {
        filter.complete = true;
    }
    let json = r#"{ "os": "linux",
      "adapters": [ { "name": "eth0", "enabled": true, "addresses": [{ "net": "192.168.1.60/24" }] } ],
      "routes": [ { "destination": "192.168.1.0/24", "adapter": "eth0" } ],
      "filter": { "chains": [], "complete": true } }"#;
    lan.lan = serde_json::from_str(json).expect("a machine");
    insta::assert_debug_snapshot!(told(&walk(
        &lan,
        from(Endpoint::Lan, "192.168.1.23", Content::Tcp(2222))
    )));
}

#[test]
fn policy_rules_metrics_and_discarding_rows_decide() {
    let routed = |extra: &str, rules: &str| {
        let json = LIBVIRT
            .replace(r#""rules": [],"#, &format!(r#""rules": [{rules}],"#))
            .replacen(
                r#"{ "destination": "192.168.122.0/24", "adapter": "virbr0" }"#,
                &format!(
                    r#"{{ "destination": "192.168.122.0/24", "adapter": "virbr0", "metric": 50 }}{extra}"#
                ),
                1,
            );
        walk(
            &case(&json, &[]),
            from(Endpoint::Host, "192.168.122.11", Content::EchoRequest),
        )
    };
    let row = |walk: &Walk| {
        walk.out
            .first()
            .map(|hop| (hop.text.key, hop.row.clone()))
            .expect("a hop")
    };
    assert_eq!(row(&routed("", "")).1, "192.168.122.0/24 dev virbr0 metric 50");
    let better = r#", { "destination": "192.168.122.0/24", "adapter": "tun0", "metric": 10 }"#;
    assert_eq!(row(&routed(better, "")).1, "192.168.122.0/24 dev tun0 metric 10");
    let longer = r#", { "destination": "192.168.122.0/25", "via": "192.168.1.9", "adapter": "enp3s0", "metric": 900 }"#;
    assert_eq!(
        row(&routed(longer, "")),
        (
            "walk-route-via",
            "192.168.122.0/25 via 192.168.1.9 dev enp3s0 metric 900".to_owned()
        )
    );
    let hole = r#", { "destination": "192.168.122.11/32", "kind": "blackhole" }"#;
    assert_eq!(row(&routed(hole, "")).0, "walk-discarded");
    let rule = r#"{ "priority": 100, "to": "192.168.122.0/24", "action": "prohibit" }"#;
    assert_eq!(row(&routed("", rule)).0, "walk-discarded");
}

#[test]
fn the_way_back_is_walked_too() {
    // The guest's second default route leads elsewhere, so that the answer to another segment leaves by it.
    let json = LIBVIRT
        .replace(
            r#"{ "destination": "0.0.0.0/0", "via": "192.168.122.1", "adapter": "ens3" }"#,
            r#"{ "destination": "0.0.0.0/0", "via": "10.0.9.1", "adapter": "ens4" }"#,
        )
        .replace(
            r#"{ "name": "ens3", "enabled": true, "addresses": [{ "net": "192.168.122.11/24" }] }"#,
            r#"{ "name": "ens3", "enabled": true, "addresses": [{ "net": "192.168.122.11/24" }] },
               { "name": "ens4", "enabled": true, "addresses": [{ "net": "10.0.9.5/24" }] }"#,
        );
    let lan = r#""lan": { "os": "linux",
      "adapters": [ { "name": "eth0", "enabled": true, "addresses": [{ "net": "192.168.1.60/24" }] } ],
      "routes": [ { "destination": "192.168.122.0/24", "via": "192.168.1.23", "adapter": "eth0" },
                  { "destination": "192.168.1.0/24", "adapter": "eth0" } ] }, "host""#;
    let json = json
        .replace("\"mode\": \"nat\"", "\"mode\": \"routed\"")
        .replacen("\"host\"", lan, 1);
    let crooked = walk(
        &case(&json, &[]),
        from(Endpoint::Lan, "192.168.122.11", Content::EchoRequest),
    );
    assert!(
        crooked.back.iter().any(|hop| hop.text.key == "walk-other-side"),
        "{:#?}",
        told(&crooked)
    );
    // With a strict reverse path the host throws away what comes in by the wrong side.
    let strict = LIBVIRT
        .replace(
            r#""net.ipv4.ip_forward": "1""#,
            r#""net.ipv4.ip_forward": "1", "net.ipv4.conf.all.rp_filter": "1""#,
        )
        .replace(
            r#"{ "destination": "192.168.122.0/24", "adapter": "virbr0" }"#,
            r#"{ "destination": "192.168.122.0/24", "adapter": "wg0" }"#,
        );
    let dropped = walk(
        &case(&strict, &[]),
        from(Endpoint::Guest, "192.168.122.1", Content::EchoRequest),
    );
    let (_, hop) = dropped.stop().expect("it ends");
    assert_eq!(hop.text.key, "walk-rp-filter");
    assert_eq!(
        hop.row,
        "net.ipv4.conf.virbr0.rp_filter = 1".replace("virbr0", "all")
    );
}

#[test]
fn a_product_that_translates_by_itself_is_passed_through() {
    let json = r#"{ "schema": 1,
      "intake": { "host_os": "windows", "hypervisor": "vmware-workstation", "mode": "nat", "guest_ip": "192.168.220.131" },
      "host": { "os": "windows",
        "adapters": [
          { "name": "Ethernet", "kind": "ethernet", "enabled": true, "addresses": [{ "net": "192.168.1.23/24" }] },
          { "name": "VMware Network Adapter VMnet8", "kind": "host-virtual", "enabled": true, "addresses": [{ "net": "192.168.220.1/24" }] } ],
        "routes": [
          { "destination": "0.0.0.0/0", "via": "192.168.1.1", "adapter": "Ethernet", "metric": 25 },
          { "destination": "192.168.220.0/24", "adapter": "VMware Network Adapter VMnet8", "metric": 291 } ] } }"#;
    insta::assert_debug_snapshot!(told(&walk(
        &case(json, &[]),
        from(Endpoint::Guest, "8.8.8.8", Content::Tcp(443))
    )));
    let stopped = json.replacen(
        r#""routes""#,
        r#""services": [{ "name": "VMware NAT Service", "state": "stopped" }], "routes""#,
        1,
    );
    let walk = walk(
        &case(&stopped, &[]),
        from(Endpoint::Guest, "8.8.8.8", Content::Tcp(443)),
    );
    assert_eq!(
        walk.stop().map(|(_, hop)| hop.text.key),
        Some("walk-engine-stopped")
    );
}

#[test]
fn what_the_mode_has_no_way_for_is_said() {
    let json = LIBVIRT
        .replace("\"nat\"", "\"macvtap\"")
        .replace("192.168.122.", "192.168.1.")
        .replace("virbr0", "none0");
    let walk = walk(
        &case(&json, &[]),
        from(Endpoint::Host, "192.168.1.11", Content::EchoRequest),
    );
    assert_eq!(
        walk.stop().map(|(_, hop)| hop.text.key),
        Some("walk-by-design"),
        "{:#?}",
        told(&walk)
    );
}

#[test]
fn a_circle_ends_and_a_closed_port_refuses() {
    let json = LIBVIRT
        .replace(
            r#"{ "destination": "192.168.122.0/24", "adapter": "ens3" }"#,
            r#"{ "destination": "192.168.122.0/24", "adapter": "ens3" },
               { "destination": "10.7.0.0/16", "via": "192.168.122.1", "adapter": "ens3" }"#,
        )
        .replace(
            r#"{ "destination": "192.168.122.0/24", "adapter": "virbr0" }"#,
            r#"{ "destination": "192.168.122.0/24", "adapter": "virbr0" },
               { "destination": "10.7.0.0/16", "via": "192.168.122.11", "adapter": "virbr0" }"#,
        )
        .replace(
            r#""filter": { "chains": [], "complete": true } }"#,
            r#""filter": { "chains": [], "complete": true }, "kernel": { "net.ipv4.ip_forward": "1" },
               "listeners": [ { "protocol": "tcp", "address": "127.0.0.1", "port": 80 } ] }"#,
        );
    let case = case(&json, &[]);
    let circle = walk(&case, from(Endpoint::Host, "10.7.1.1", Content::EchoRequest));
    assert_eq!(circle.stop().map(|(_, hop)| hop.text.key), Some("walk-circle"));
    let refused = walk(&case, from(Endpoint::Host, "192.168.122.11", Content::Tcp(80)));
    let (_, hop) = refused.stop().expect("it ends");
    assert_eq!(
        (hop.text.key, hop.row.as_str()),
        ("walk-no-listener", "127.0.0.1:80")
    );
}

#[test]
fn bridge_netfilter_is_walked_between_two_guests() {
    let guest2 = r#""guest2": { "os": "linux", "adapters": [ { "name": "eth0", "enabled": true, "addresses": [{ "net": "192.168.122.12/24" }] } ],
      "routes": [ { "destination": "192.168.122.0/24", "adapter": "eth0" } ] }, "guest""#;
    let json = LIBVIRT.replacen("\"guest\":", &format!("{guest2}:"), 1).replace(
        r#""net.ipv4.ip_forward": "1""#,
        r#""net.bridge.bridge-nf-call-iptables": "1""#,
    );
    let rules = sample("linux_host_iptables-save_docker_forward_drop.txt");
    let case = case(&json, &[(Place::Host, "iptables-save", &rules)]);
    let walk = walk(
        &case,
        from(Endpoint::Guest, "192.168.122.12", Content::EchoRequest),
    );
    let (_, hop) = walk.stop().expect("it ends");
    assert_eq!((hop.at, hop.text.key), (Spot::Host, "walk-bridge-filter"));
}

/// Where the walk from outside comes to, in one line each.
fn from_outside(json: &str, end: Endpoint, to: &str, content: Content) -> Vec<&'static str> {
    let walk = walk(&case(json, &[]), from(end, to, content));
    let keys = walk.out.iter().map(|hop| hop.text.key);
    keys.chain([walk.end_key()]).collect()
}

#[test]
fn from_outside_a_translation_lets_in_what_a_forward_names() {
    let json = r#"{ "schema": 1,
      "intake": { "host_os": "windows", "hypervisor": "virtualbox", "vm": "web01", "guest_ip": "10.0.2.15" },
      "host": { "os": "windows",
        "adapters": [ { "name": "Ethernet", "kind": "ethernet", "enabled": true, "addresses": [{ "net": "192.168.1.23/24" }] } ],
        "routes": [ { "destination": "0.0.0.0/0", "via": "192.168.1.1", "adapter": "Ethernet", "metric": 25 } ] },
      "hypervisors": [ { "id": "virtualbox", "networks": [], "machines": [ { "name": "web01", "state": "running",
        "nics": [ { "slot": 1, "mode": "nat", "forwards": [ { "protocol": "tcp", "host_port": 2222, "guest_port": 22 } ] } ] } ] } ] }"#;
    let internet = |content| from_outside(json, Endpoint::Internet, "10.0.2.15", content);
    let start = ["walk-outside-internet", "walk-outside-router-private"];
    let told = internet(Content::Tcp(22));
    assert_eq!(told.get(..2), Some(&start[..]));
    assert_eq!(told.get(2), Some(&"walk-outside-forward"), "{told:?}");
    assert_eq!(told.last(), Some(&"walk-end-unknown"), "{told:?}");
    for content in [Content::Tcp(80), Content::EchoRequest] {
        let told = internet(content);
        assert_eq!(told.get(2), Some(&"walk-outside-no-forward"), "{told:?}");
        assert_eq!(told.last(), Some(&"walk-end-stops"), "{told:?}");
    }
    // Without the product's own word a forward may stand where nobody looked.
    let untold = json
        .replacen("\"networks\": [], \"machines\"", "\"others\"", 1)
        .replacen("\"vm\": \"web01\"", "\"mode\": \"nat\"", 1);
    let told = from_outside(&untold, Endpoint::Internet, "10.0.2.15", Content::Tcp(80));
    assert_eq!(told.get(2), Some(&"walk-outside-forward-unread"), "{told:?}");
    assert_eq!(told.last(), Some(&"walk-end-unknown"), "{told:?}");
}

#[test]
fn from_outside_a_bridged_guest_is_one_more_machine_of_the_lan() {
    let json = LIBVIRT
        .replace("\"nat\"", "\"bridged\"")
        .replace("192.168.122.11", "192.168.1.11");
    let told = from_outside(&json, Endpoint::Lan, "192.168.1.11", Content::EchoRequest);
    assert_eq!(
        told.get(..2),
        Some(&["walk-outside-lan", "walk-outside-bridged"][..]),
        "{told:?}"
    );
    assert_ne!(told.last(), Some(&"walk-end-stops"), "{told:?}");
    let told = from_outside(&json, Endpoint::Internet, "192.168.1.11", Content::EchoRequest);
    assert_eq!(told.get(1), Some(&"walk-outside-router-private"), "{told:?}");
    assert_eq!(told.get(2), Some(&"walk-outside-bridged"), "{told:?}");
    // A mode without a way outside, and a guest of whose mode nobody knows.
    let alone = LIBVIRT.replace("\"nat\"", "\"host-only\"");
    let told = from_outside(&alone, Endpoint::Internet, "192.168.122.11", Content::EchoRequest);
    assert_eq!(told.last(), Some(&"walk-end-stops"), "{told:?}");
    let nobody = from_outside(LIBVIRT, Endpoint::Internet, "10.200.0.1", Content::EchoRequest);
    assert_eq!(nobody.get(2), Some(&"walk-outside-nobody"), "{nobody:?}");
}

#[test]
fn from_outside_a_rule_of_the_host_hands_a_port_on_and_its_filter_has_its_say() {
    let rules = |forward: &str| {
        format!(
            "*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -i enp3s0 -p tcp -m tcp --dport 2222 -j DNAT --to-destination 192.168.122.11:22\nCOMMIT\n\
             *filter\n:INPUT ACCEPT [0:0]\n:FORWARD {forward} [0:0]\nCOMMIT\n"
        )
    };
    let end = |forward: &str| {
        let mut case = case(LIBVIRT, &[(Place::Host, "iptables-save", &rules(forward))]);
        if let Some(filter) = case.host.filter.value_mut() {
            filter.complete = true;
        }
        let walk = walk(
            &case,
            from(Endpoint::Internet, "192.168.122.11", Content::Tcp(22)),
        );
        let forwarded = walk.out.iter().any(|hop| hop.text.key == "walk-outside-forward");
        (forwarded, walk.stop().map(|(_, hop)| hop.text.key))
    };
    assert_eq!(end("ACCEPT"), (true, None));
    assert_eq!(end("DROP"), (true, Some("walk-filter-drops")));
}
