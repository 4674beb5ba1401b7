//! The sample outputs of packet filters, read into cases.

use crate::model::{Case, Output, Place};
use crate::parse::absorb;

pub fn sample(name: &str) -> String {
    let path = format!("{}/tests/samples/{name}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).expect("the sample exists");
    crate::parse::decode(&bytes)
}

fn read(outputs: &[(&str, &str)]) -> Case {
    let mut case = Case::default();
    for (command, name) in outputs {
        absorb(
            &mut case,
            &Output {
                on: Place::Host,
                command: (*command).to_owned(),
                text: sample(name),
            },
        );
    }
    case
}

/// Chains as a person reads them: one line a rule.
fn shown(case: &Case) -> serde_json::Value {
    let filter = case.host.filter.value().cloned().unwrap_or_default();
    let chains: serde_json::Map<String, serde_json::Value> = filter
        .chains
        .iter()
        .map(|chain| {
            let head = format!(
                "{:?} {:?} {} {} hook={:?} prio={} policy={:?}",
                chain.backend,
                chain.family,
                chain.table,
                chain.name,
                chain.hook,
                chain.priority,
                chain.policy
            );
            let rules: Vec<String> = chain
                .rules
                .iter()
                .map(|rule| {
                    let matches: Vec<String> = rule
                        .matches
                        .iter()
                        .map(|m| format!("{}{:?}", if m.negated { "not " } else { "" }, m.on))
                        .collect();
                    let packets = rule.packets.map(|n| format!(" [{n}]")).unwrap_or_default();
                    format!(
                        "{} -> {:?}{packets}  <= {}",
                        matches.join(" & "),
                        rule.action,
                        rule.text
                    )
                })
                .collect();
            (head, rules.into())
        })
        .collect();
    serde_json::json!({
        "complete": filter.complete,
        "source": case.host.filter.source(),
        "managers": case.host.filter_managers,
        "chains": chains,
        "unread": case.unread,
    })
}

fn check(name: &str, outputs: &[(&str, &str)]) {
    insta::with_settings!({
        snapshot_path => "../../../tests/snapshots/parse",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_json_snapshot!(name, shown(&read(outputs)));
    });
}

/// What managers of the filter say of themselves.
fn check_switches(name: &str, case: &Case) {
    let shown = serde_json::json!({
        "switches": case.host.kernel, "managers": case.host.filter_managers, "unread": case.unread,
    });
    insta::with_settings!({
        snapshot_path => "../../../tests/snapshots/parse",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_json_snapshot!(name, shown);
    });
}

#[test]
fn nft_json_native() {
    check(
        "filter_nft_json_native",
        &[("nft -j list ruleset", "linux_host_nft_j_list_ruleset_native.json")],
    );
}

#[test]
fn nft_text_native_reads_like_its_json() {
    let text = read(&[("nft list ruleset", "linux_host_nft_list_ruleset_native.txt")]);
    let json = read(&[("nft -j list ruleset", "linux_host_nft_j_list_ruleset_native.json")]);
    assert_eq!(without_words(&text), without_words(&json));
    check(
        "filter_nft_text_native",
        &[("nft list ruleset", "linux_host_nft_list_ruleset_native.txt")],
    );
}

/// Chains by name without the rules' own words and counters.
fn without_words(case: &Case) -> Vec<crate::model::Chain> {
    let mut chains = case.host.filter.value().cloned().unwrap_or_default().chains;
    for rule in chains.iter_mut().flat_map(|chain| &mut chain.rules) {
        rule.text.clear();
    }
    chains
}

#[test]
fn nft_json_of_libvirt() {
    check(
        "filter_nft_json_libvirt",
        &[(
            "nft -j list ruleset",
            "linux_host_nft_j_list_ruleset_libvirt.json",
        )],
    );
}

#[test]
fn nft_text_of_libvirt() {
    check(
        "filter_nft_text_libvirt",
        &[("nft list ruleset", "linux_host_nft_list_ruleset_libvirt.txt")],
    );
}

#[test]
fn iptables_of_libvirt() {
    check(
        "filter_iptables_libvirt",
        &[
            ("iptables-save", "linux_host_iptables-save_libvirt.txt"),
            ("ip6tables-save", "linux_host_ip6tables-save_libvirt.txt"),
        ],
    );
}

/// Whether a filter is complete after these outputs; `None` when it is not known at all.
fn complete_after(outputs: &[(&str, &str)]) -> Option<bool> {
    let mut case = Case::default();
    for (command, text) in outputs {
        let output = Output {
            on: Place::Host,
            command: (*command).to_owned(),
            text: (*text).to_owned(),
        };
        crate::parse::absorb(&mut case, &output);
    }
    case.host.filter.value().map(|filter| filter.complete)
}

/// "Nothing drops it here" may be said only where everything was read and understood.
#[test]
fn what_was_not_understood_is_never_complete() {
    const JSON: &str = "nft -j list ruleset";
    const TEXT: &str = "nft list ruleset";
    let whole =
        "table ip filter {\n\tchain INPUT {\n\t\ttype filter hook input priority 0; policy accept;\n\t}\n}\n";
    let half = "table ip filter {\n\tchain INPUT {\n\t\ttype filter hook input priority 0; policy accept;\n";
    let json = r#"{"nftables":[{"table":{"family":"ip","name":"filter"}},{"chain":{"family":"ip","table":"filter","name":"INPUT","hook":"input","prio":0,"policy":"accept"}}]}"#;
    let orphan =
        r#"{"nftables":[{"rule":{"family":"ip","table":"filter","chain":"INPUT","expr":[{"drop":null}]}}]}"#;
    assert_eq!(complete_after(&[(TEXT, whole)]), Some(true));
    assert_eq!(complete_after(&[(JSON, json)]), Some(true));
    assert_eq!(complete_after(&[(TEXT, half)]), Some(false));
    assert_eq!(complete_after(&[(JSON, orphan)]), Some(false));
    for garbled in [
        "%&/()=",
        "nft: something went wrong",
        "[1, 2",
        "{\"nftables\": [{\"table\":",
    ] {
        assert_ne!(complete_after(&[(TEXT, garbled)]), Some(true), "{garbled}");
        assert_ne!(complete_after(&[(JSON, garbled)]), Some(true), "{garbled}");
    }
    let older =
        format!("# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n{whole}");
    assert_eq!(complete_after(&[(TEXT, &older)]), Some(false));
    let cut = "# Generated by iptables-save v1.4.21 on x\n*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACC";
    assert_eq!(
        complete_after(&[(TEXT, whole), ("iptables-save", cut)]),
        Some(false)
    );
    let saved = format!("{cut}EPT\nCOMMIT\n");
    assert_eq!(
        complete_after(&[(TEXT, whole), ("iptables-save", &saved)]),
        Some(true)
    );
    assert_eq!(complete_after(&[("iptables-save", &saved)]), Some(false));
}

#[test]
fn both_tools_are_not_counted_twice() {
    for order in [[0, 1, 2], [2, 1, 0]] {
        let all = [
            (
                "nft -j list ruleset",
                "linux_host_nft_j_list_ruleset_libvirt.json",
            ),
            ("iptables-save", "linux_host_iptables-save_libvirt.txt"),
            ("ip6tables-save", "linux_host_ip6tables-save_libvirt.txt"),
        ];
        let case = read(&order.map(|at| all[at]));
        let filter = case.host.filter.value().expect("the filter is known");
        let mut names: Vec<_> = filter
            .chains
            .iter()
            .map(|chain| {
                (
                    format!("{:?}", chain.family),
                    chain.table.clone(),
                    chain.name.clone(),
                )
            })
            .collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(filter.complete);
        assert!(
            filter
                .chains
                .iter()
                .all(|chain| chain.backend == crate::model::FilterBackend::Iptables)
        );
    }
}

#[test]
fn iptables_of_ufw() {
    check(
        "filter_iptables_ufw",
        &[("iptables-save", "linux_host_iptables-save_ufw.txt")],
    );
}

#[test]
fn iptables_of_docker() {
    check(
        "filter_iptables_docker",
        &[("", "linux_host_iptables-save_docker_forward_drop.txt")],
    );
}

#[test]
fn ufw_status() {
    check(
        "filter_ufw_status_verbose",
        &[("ufw status verbose", "linux_host_ufw_status_verbose.txt")],
    );
    check(
        "filter_ufw_status_numbered",
        &[("", "linux_host_ufw_status_numbered.txt")],
    );
    check(
        "filter_ufw_status_inactive",
        &[("ufw status", "linux_host_ufw_status_inactive.txt")],
    );
    check(
        "filter_ufw_need_root",
        &[("ufw status", "linux_host_ufw_disabled_need_root.txt")],
    );
}

#[test]
fn ufw_defaults() {
    let case = read(&[("cat /etc/default/ufw", "linux_host_etc_default_ufw.txt")]);
    check_switches("filter_ufw_defaults", &case);
    assert_eq!(case.host.switch("ufw.DEFAULT_FORWARD_POLICY"), Some("DROP"));
    assert_eq!(case.host.switch("ufw.DEFAULT_OUTPUT_POLICY"), Some("ACCEPT"));
}

#[test]
fn the_rules_themselves_outrank_the_summary() {
    for order in [[0, 1], [1, 0]] {
        let all = [
            ("iptables-save", "linux_host_iptables-save_ufw.txt"),
            ("ufw status verbose", "linux_host_ufw_status_verbose.txt"),
        ];
        let case = read(&order.map(|at| all[at]));
        assert!(
            case.host
                .filter
                .value()
                .is_some_and(|filter| { filter.chains.iter().all(|chain| chain.table == "filter") })
        );
    }
}

#[test]
fn firewalld_zones_and_state() {
    for (command, name) in [
        (
            "firewall-cmd --get-active-zones",
            "linux_host_firewall-cmd_get-active-zones.txt",
        ),
        (
            "firewall-cmd --list-all-zones",
            "linux_host_firewall-cmd_list-all-zones.txt",
        ),
    ] {
        let before = read(&[(command, name)]);
        assert!(!before.host.adapters.is_known(), "zones tell no list of adapters");
        check_switches(&format!("filter_{}", name.trim_end_matches(".txt")), &before);
        assert_eq!(before.host.switch("firewalld.zone.virbr0"), Some("libvirt"));
        let case = read(&[(command, name), ("ip addr", "linux_host_ip_addr.txt")]);
        let zone = |name: &str| {
            case.host
                .adapter(name)
                .and_then(|adapter| adapter.profile.clone())
        };
        assert_eq!(zone("virbr0").as_deref(), Some("libvirt"), "{name}");
        assert_eq!(zone("enp3s0").as_deref(), Some("public"), "{name}");
        assert_eq!(zone("vmnet8").as_deref(), Some("trusted"), "{name}");
        assert_eq!(
            case.host.filter_managers.rows(),
            [crate::model::FilterManager::Firewalld]
        );
    }
    let case = read(&[(
        "firewall-cmd --state",
        "linux_host_firewall-cmd_state_not_running.txt",
    )]);
    assert!(case.host.filter_managers.is_known() && case.host.filter_managers.rows().is_empty());
    check_switches("filter_firewalld_not_running", &case);
}

#[test]
fn verdict_maps_and_rarer_words() {
    let text = r#"table inet filter {
	chain input {
		type filter hook input priority filter - 5; policy drop;
		ct state vmap { established : accept, related : accept, invalid : drop }
		iifname vmap { "lo" : accept, "virbr0" : jump from_guests }
		meta nfproto ipv6 icmpv6 type { echo-request, nd-neighbor-solicit } accept
		tcp flags & (fin | syn | rst | ack) == syn ct count over 10 drop
		tcp dport != 22 ip saddr != 10.0.0.0/8 drop
		fib daddr type { broadcast, multicast } drop
		ip saddr . tcp dport @pairs accept
		udp dport 1024-65535 log prefix "high: " level info drop
		meta mark set 0x1 counter packets 3 bytes 180
		ip protocol icmp limit rate over 10/second burst 5 packets drop
		frobnicate 7 accept
	}
	chain from_guests {
		th dport 53 accept comment "dns { and more"
		reject with icmpx type admin-prohibited
	}
}
"#;
    let mut case = Case::default();
    absorb(
        &mut case,
        &Output {
            on: Place::Host,
            command: "nft list ruleset".to_owned(),
            text: text.to_owned(),
        },
    );
    insta::with_settings!({
        snapshot_path => "../../../tests/snapshots/parse",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_json_snapshot!("filter_nft_text_rarer_words", shown(&case));
    });
}

#[test]
fn iptables_list_and_rarer_options() {
    let list = "Chain INPUT (policy DROP 12 packets, 3K bytes)
num   pkts bytes target     prot opt in     out     source               destination
1      34K   2M ACCEPT     all  --  lo     *       0.0.0.0/0            0.0.0.0/0
2       10  600 ACCEPT     tcp  --  !eth0  *       10.0.0.0/8          !10.1.0.0/16          tcp dpts:22:25 ctstate NEW,ESTABLISHED /* ssh it */
3        0    0            all  --  virbr+ *       0.0.0.0/0            0.0.0.0/0            mark match 0x1
4        5  300 REJECT     all  --  *      *       0.0.0.0/0            0.0.0.0/0            reject-with icmp-host-prohibited
5        0    0 ufw-track  icmp --  *      *       0.0.0.0/0            0.0.0.0/0            icmptype 8

Chain ufw-track (1 references)
num   pkts bytes target     prot opt in     out     source               destination
";
    let rules = "-P FORWARD DROP
-N MINE
-A FORWARD ! -i eth0 -s 10.0.0.0/255.0.0.0,192.168.0.0/16 -m multiport --dports 80,443:445 -m comment --comment \"a -j DROP\" -j ACCEPT
-A FORWARD -m physdev ! --physdev-is-bridged -m set --match-set bad src -j DROP
-A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
-A FORWARD -g MINE
-A MINE -m iprange --src-range 10.0.0.1-10.0.0.2 -p icmp --icmp-type echo-request -j REJECT --reject-with icmp-admin-prohibited
[7:420] -A MINE -m conntrack ! --ctstate NEW -j DNAT --to-destination 10.0.0.9:80
";
    let mut case = Case::default();
    for (command, text) in [
        ("iptables -L INPUT -n -v --line-numbers", list),
        ("iptables -S -t mangle", rules),
    ] {
        absorb(
            &mut case,
            &Output {
                on: Place::Host,
                command: command.to_owned(),
                text: text.to_owned(),
            },
        );
    }
    insta::with_settings!({
        snapshot_path => "../../../tests/snapshots/parse",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_json_snapshot!("filter_iptables_list_and_rarer_options", shown(&case));
    });
}

#[test]
fn one_chain_leaves_the_others_of_its_table() {
    let mut case = Case::default();
    for (command, text) in [
        ("iptables -S", "-P INPUT DROP\n-P FORWARD DROP\n"),
        ("iptables -S FORWARD", "-P FORWARD ACCEPT\n"),
    ] {
        absorb(
            &mut case,
            &Output {
                on: Place::Host,
                command: command.to_owned(),
                text: text.to_owned(),
            },
        );
    }
    let chains = &case.host.filter.value().expect("the filter is known").chains;
    let policy = |name: &str| {
        chains
            .iter()
            .find(|chain| chain.name == name)
            .and_then(|chain| chain.policy.clone())
    };
    assert_eq!(policy("INPUT"), Some(crate::model::FilterAction::Drop));
    assert_eq!(policy("FORWARD"), Some(crate::model::FilterAction::Accept));
    assert_eq!(chains.len(), 2);
}
