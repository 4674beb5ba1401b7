//! Packets followed by hand through small filters, and through what real tools printed.

use super::*;
use crate::model::{Case, FilterBackend, Output, Place};
use crate::parse;

fn address(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

fn echo<'a>(input: Option<&'a str>, output: Option<&'a str>, source: &str, destination: &str) -> Packet<'a> {
    Packet {
        input,
        output,
        source: address(source),
        destination: address(destination),
        content: Content::EchoRequest,
        state: ConnectionState::New,
        bridged: false,
    }
}

fn to_us() -> Packet<'static> {
    echo(Some("virbr0"), None, "192.168.122.11", "192.168.122.1")
}

fn rule(matches: Vec<MatchOn>, action: FilterAction) -> FilterRule {
    let matches = matches
        .into_iter()
        .map(|on| FilterMatch { on, negated: false })
        .collect();
    FilterRule {
        matches,
        action,
        packets: None,
        text: "a rule".to_owned(),
    }
}

fn opaque(action: FilterAction) -> FilterRule {
    rule(vec![MatchOn::Opaque("limit".to_owned())], action)
}

fn base(policy: FilterAction, rules: Vec<FilterRule>) -> Chain {
    Chain {
        backend: FilterBackend::Nft,
        family: FilterFamily::Inet,
        table: "filter".to_owned(),
        name: "input".to_owned(),
        hook: Some(Hook::Input),
        priority: 0,
        policy: Some(policy),
        rules,
    }
}

fn called(name: &str, rules: Vec<FilterRule>) -> Chain {
    Chain {
        name: name.to_owned(),
        hook: None,
        policy: None,
        ..base(FilterAction::Accept, rules)
    }
}

/// `passes`, `unknown`, or where it is stopped.
fn end(chains: Vec<Chain>, packet: &Packet<'_>) -> String {
    told(
        &PacketFilter {
            chains,
            complete: true,
        },
        Hook::Input,
        packet,
    )
}

fn told(filter: &PacketFilter, hook: Hook, packet: &Packet<'_>) -> String {
    match walk(filter, hook, packet) {
        Walk::Passes => "passes".to_owned(),
        Walk::Unknown => "unknown".to_owned(),
        Walk::Stopped(stop) => {
            let by = stop.rule.map_or("policy", |rule| rule.text.as_str());
            format!(
                "{} {by}{}",
                stop.chain.name,
                if stop.rejects { " (told)" } else { "" }
            )
        }
    }
}

use FilterAction::{Accept, Continue, Drop, Goto, Jump, Reject, Return};

#[test]
fn the_first_rule_that_fits_decides_and_then_the_policy() {
    let tcp = || MatchOn::Protocol(vec!["tcp".to_owned()]);
    let icmp = || MatchOn::Protocol(vec!["icmp".to_owned()]);
    assert_eq!(end(vec![], &to_us()), "passes");
    assert_eq!(end(vec![base(Drop, vec![])], &to_us()), "input policy");
    assert_eq!(
        end(
            vec![base(Drop, vec![rule(vec![icmp()], Accept), rule(vec![], Drop)])],
            &to_us()
        ),
        "passes"
    );
    assert_eq!(
        end(
            vec![base(
                Accept,
                vec![rule(vec![tcp()], Accept), rule(vec![icmp()], Drop)]
            )],
            &to_us()
        ),
        "input a rule"
    );
    let reject = rule(vec![icmp()], Reject("icmp-port-unreachable".to_owned()));
    assert_eq!(
        end(vec![base(Accept, vec![rule(vec![], Continue), reject])], &to_us()),
        "input a rule (told)"
    );
}

#[test]
fn jumps_come_back_and_gotos_do_not() {
    let chains = |first: FilterAction, inner: Vec<FilterRule>| {
        vec![
            base(Accept, vec![rule(vec![], first), rule(vec![], Drop)]),
            called("inner", inner),
        ]
    };
    let inner = || "inner".to_owned();
    assert_eq!(end(chains(Jump(inner()), vec![]), &to_us()), "input a rule");
    assert_eq!(
        end(
            chains(Jump(inner()), vec![rule(vec![], Return), rule(vec![], Accept)]),
            &to_us()
        ),
        "input a rule"
    );
    assert_eq!(
        end(chains(Jump(inner()), vec![rule(vec![], Accept)]), &to_us()),
        "passes"
    );
    assert_eq!(end(chains(Goto(inner()), vec![]), &to_us()), "passes");
    assert_eq!(
        end(chains(Goto(inner()), vec![rule(vec![], Return)]), &to_us()),
        "passes"
    );
    assert_eq!(
        end(chains(Jump("nowhere".to_owned()), vec![]), &to_us()),
        "unknown"
    );
    let round = vec![
        base(Accept, vec![rule(vec![], Jump(inner()))]),
        called("inner", vec![rule(vec![], Jump(inner()))]),
    ];
    assert_eq!(end(round, &to_us()), "unknown");
}

#[test]
fn every_table_has_to_let_it_pass() {
    let second = Chain {
        backend: FilterBackend::Iptables,
        family: FilterFamily::Ip,
        name: "INPUT".to_owned(),
        priority: 10,
        ..base(Drop, vec![])
    };
    let first = base(Accept, vec![rule(vec![], Accept)]);
    assert_eq!(end(vec![second.clone(), first.clone()], &to_us()), "INPUT policy");
    // It cannot be said of the first table, but the second stops it for certain.
    let undecided = base(Accept, vec![opaque(Drop)]);
    assert_eq!(end(vec![undecided, second.clone()], &to_us()), "INPUT policy");
    let six = Chain {
        family: FilterFamily::Ip6,
        ..second
    };
    assert_eq!(end(vec![first, six], &to_us()), "passes");
}

#[test]
fn what_cannot_be_judged_counts_only_where_it_decides() {
    assert_eq!(end(vec![base(Accept, vec![opaque(Drop)])], &to_us()), "unknown");
    assert_eq!(end(vec![base(Drop, vec![opaque(Accept)])], &to_us()), "unknown");
    assert_eq!(
        end(vec![base(Drop, vec![opaque(Drop)])], &to_us()),
        "input policy"
    );
    assert_eq!(end(vec![base(Accept, vec![opaque(Accept)])], &to_us()), "passes");
    assert_eq!(
        end(
            vec![base(Drop, vec![opaque(Accept), rule(vec![], Accept)])],
            &to_us()
        ),
        "passes"
    );
    assert_eq!(
        end(
            vec![base(Accept, vec![opaque(Accept), rule(vec![], Drop)])],
            &to_us()
        ),
        "unknown"
    );
    assert_eq!(
        end(vec![base(Accept, vec![opaque(Continue)])], &to_us()),
        "passes"
    );
    // A condition that is known not to fit outweighs one that is not known.
    let tcp_limit = rule(
        vec![
            MatchOn::Opaque("limit".to_owned()),
            MatchOn::Protocol(vec!["tcp".to_owned()]),
        ],
        Drop,
    );
    assert_eq!(end(vec![base(Accept, vec![tcp_limit])], &to_us()), "passes");
}

#[test]
fn a_filter_that_was_not_read_whole_is_no_proof_of_passing() {
    let filter = |chains| PacketFilter {
        chains,
        complete: false,
    };
    assert_eq!(
        told(&filter(vec![base(Accept, vec![])]), Hook::Input, &to_us()),
        "unknown"
    );
    assert_eq!(
        told(&filter(vec![base(Drop, vec![])]), Hook::Input, &to_us()),
        "input policy"
    );
}

/// What a tool printed, taken for all there is.
fn sample(command: &str, file: &str) -> PacketFilter {
    let path = format!("{}/tests/samples/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("a sample");
    let mut case = Case::default();
    parse::absorb(
        &mut case,
        &Output {
            on: Place::Host,
            command: command.to_owned(),
            text,
        },
    );
    let mut filter = case.host.filter.value().cloned().expect("a filter");
    filter.complete = true;
    filter
}

fn with(packet: Packet<'_>, content: Content, state: ConnectionState) -> Packet<'_> {
    Packet {
        content,
        state,
        ..packet
    }
}

#[test]
fn through_libvirts_chains() {
    let filter = sample("iptables-save", "linux_host_iptables-save_libvirt.txt");
    let out = echo(Some("virbr0"), Some("enp3s0"), "192.168.122.11", "8.8.8.8");
    let back = echo(Some("enp3s0"), Some("virbr0"), "8.8.8.8", "192.168.122.11");
    let from_lan = echo(Some("enp3s0"), Some("virbr0"), "192.168.1.60", "192.168.122.11");
    let isolated = echo(Some("virbr1"), Some("enp3s0"), "192.168.100.11", "8.8.8.8");
    let stranger = echo(Some("virbr0"), Some("enp3s0"), "10.9.9.9", "8.8.8.8");
    let tells = |packet: &Packet<'_>| told(&filter, Hook::Forward, packet);
    assert_eq!(tells(&out), "passes");
    assert_eq!(
        tells(&with(back, Content::EchoReply, ConnectionState::Established)),
        "passes"
    );
    assert!(
        tells(&from_lan).starts_with("LIBVIRT_FWI") && tells(&from_lan).ends_with("(told)"),
        "{}",
        tells(&from_lan)
    );
    assert!(
        tells(&isolated).starts_with("LIBVIRT_FWO"),
        "{}",
        tells(&isolated)
    );
    assert!(
        tells(&stranger).starts_with("LIBVIRT_FWO"),
        "{}",
        tells(&stranger)
    );
    assert_eq!(
        tells(&echo(
            Some("virbr0"),
            Some("virbr0"),
            "192.168.122.11",
            "192.168.122.12"
        )),
        "passes"
    );
    assert_eq!(told(&filter, Hook::Input, &to_us()), "passes");
    let source = |text: &str| translates_source(&filter, address(text), address("8.8.8.8"), "enp3s0");
    assert_eq!(
        (source("192.168.122.11"), source("192.168.100.11")),
        (Some(true), Some(false))
    );
}

#[test]
fn through_dockers_closed_forwarding() {
    let filter = sample(
        "iptables-save",
        "linux_host_iptables-save_docker_forward_drop.txt",
    );
    let tells = |packet: &Packet<'_>| told(&filter, Hook::Forward, packet);
    assert_eq!(
        tells(&echo(Some("virbr0"), Some("enp3s0"), "192.168.122.11", "8.8.8.8")),
        "FORWARD policy"
    );
    assert_eq!(
        tells(&echo(Some("docker0"), Some("enp3s0"), "172.17.0.2", "8.8.8.8")),
        "passes"
    );
    let answer = echo(Some("enp3s0"), Some("docker0"), "8.8.8.8", "172.17.0.2");
    assert_eq!(
        tells(&with(
            answer.clone(),
            Content::EchoReply,
            ConnectionState::Established
        )),
        "passes"
    );
    assert_eq!(tells(&answer), "FORWARD policy");
}

#[test]
fn through_ufws_chains() {
    let filter = sample("iptables-save", "linux_host_iptables-save_ufw.txt");
    let new = |content| with(to_us(), content, ConnectionState::New);
    let tells = |packet: &Packet<'_>| told(&filter, Hook::Input, packet);
    assert_eq!(tells(&new(Content::EchoRequest)), "passes");
    assert_eq!(tells(&new(Content::Tcp(22))), "passes");
    assert_eq!(tells(&new(Content::Udp(53))), "passes");
    assert_eq!(tells(&new(Content::Tcp(8080))), "INPUT policy");
    assert!(
        tells(&new(Content::Tcp(445))).starts_with("ufw-skip-to-policy-input"),
        "{}",
        tells(&new(Content::Tcp(445)))
    );
    assert!(
        tells(&new(Content::Udp(5353))).starts_with("ufw-user-input"),
        "{}",
        tells(&new(Content::Udp(5353)))
    );
    let forward = |packet: &Packet<'_>| told(&filter, Hook::Forward, packet);
    let out = echo(Some("virbr0"), Some("wlan0"), "192.168.122.11", "8.8.8.8");
    assert_eq!(
        forward(&out),
        "passes",
        "ufw lets every echo request be forwarded"
    );
    assert_eq!(
        forward(&with(out, Content::Tcp(443), ConnectionState::New)),
        "FORWARD policy"
    );
    let card = echo(Some("virbr0"), Some("enp3s0"), "192.168.122.11", "8.8.8.8");
    assert_eq!(
        forward(&with(card, Content::Tcp(443), ConnectionState::New)),
        "passes"
    );
}

#[test]
fn through_a_native_ruleset_with_a_rate_and_a_set() {
    let filter = sample("nft list ruleset", "linux_host_nft_list_ruleset_native.txt");
    let new = |content| with(to_us(), content, ConnectionState::New);
    let tells = |packet: &Packet<'_>| told(&filter, Hook::Input, packet);
    // Whether the rate is used up is not to be known.
    assert_eq!(tells(&new(Content::EchoRequest)), "unknown");
    assert_eq!(tells(&new(Content::Udp(53))), "passes");
    let refused = tells(&new(Content::Tcp(8080)));
    assert!(
        refused.starts_with("input ") && refused.ends_with("(told)"),
        "{refused}"
    );
    let out = echo(Some("virbr0"), Some("enp3s0"), "192.168.122.11", "8.8.8.8");
    assert_eq!(told(&filter, Hook::Forward, &out), "passes");
    let elsewhere = Packet {
        output: Some("wlan0"),
        ..out
    };
    assert_eq!(told(&filter, Hook::Forward, &elsewhere), "forward policy");
    assert_eq!(
        translated_segments(&filter),
        ["192.168.122.0/24".parse().expect("a network")]
    );
}
