//! Pastes as people send them: lists of PowerShell, quoted replies, two machines in one text, and what is understood and
//! tells nothing. Texts without a word on where they are from are reconstructed.

use super::*;
use crate::model::{EchoErrorKind, NeighborState, ProbeResult, TcpOutcome};

fn pasted(command: &str, text: &str) -> Case {
    resolve(&Case {
        outputs: vec![Output {
            on: Place::Guest,
            command: command.to_owned(),
            text: text.to_owned(),
        }],
        ..Case::default()
    })
}

fn whys(case: &Case) -> Vec<&str> {
    case.unread.iter().map(|unread| unread.why.as_str()).collect()
}

const PROFILE: &str = "\nName                     : Network\nInterfaceAlias           : Ethernet\nInterfaceIndex           : 12\nNetworkCategory          : Public\nDomainAuthenticationKind : None\nIPv4Connectivity         : Internet\n\n";
const ADDRESS: &str = "\nIPAddress         : 192.168.1.23\nInterfaceIndex    : 12\nInterfaceAlias    : Ethernet\nAddressFamily     : IPv4\nType              : Unicast\nPrefixLength      : 24\nPrefixOrigin      : Dhcp\nSuffixOrigin      : Dhcp\nAddressState      : Preferred\nValidLifetime     : 00:59:00\nPolicyStore       : ActiveStore\n\n";
const ROUTE: &str = "\nPublish            : No\nProtocol           : NetMgmt\nStore              : ActiveStore\nAddressFamily      : IPv4\nState              : Alive\nifIndex            : 12\nDestinationPrefix  : 0.0.0.0/0\nInterfaceAlias     : Ethernet\nInterfaceIndex     : 12\nNextHop            : 192.168.1.1\nRouteMetric        : 0\n\n";
const NEIGHBOR: &str = "\nState            : Unreachable\nAddressFamily    : IPv4\nInterfaceAlias   : Ethernet\nInterfaceIndex   : 12\nIPAddress        : 192.168.1.9\nLinkLayerAddress : 00-00-00-00-00-00\n\n";
const CONNECTION: &str = "\nComputerName           : 192.168.1.1\nRemoteAddress          : 192.168.1.1\nInterfaceAlias         : Ethernet\nSourceAddress          : 192.168.1.23\nPingSucceeded          : True\nPingReplyDetails (RTT) : 1 ms\n\n";
const CONFIGURATION: &str = "\nInterfaceAlias       : Ethernet\nInterfaceIndex       : 12\nInterfaceDescription : Intel(R) 82574L Gigabit Network Connection\nNetProfile.Name      : Network\nIPv4Address          : 192.168.1.23\nIPv4DefaultGateway   : 192.168.1.1\nDNSServer            : 192.168.1.1\n                       192.168.1.2\n\n";
const RULE: &str = "\nName                  : WEB-In\nDisplayName           : Web\nDescription           :\nEnabled               : True\nProfile               : Public\nDirection             : Inbound\nAction                : Block\nEdgeTraversalPolicy   : Block\n\n";

#[test]
fn lists_of_powershell_are_told_by_their_names_with_and_without_the_command() {
    for with_command in [true, false] {
        let read = |command: &str, text: &str| pasted(if with_command { command } else { "" }, text).guest;
        let profile = read("Get-NetConnectionProfile", PROFILE);
        assert_eq!(
            profile.adapter("Ethernet").and_then(|a| a.profile.as_deref()),
            Some("public")
        );
        let address = read("Get-NetIPAddress", ADDRESS);
        assert_eq!(address.adapter("Ethernet").map(|a| a.nets().count()), Some(1));
        let route = read("Get-NetRoute | fl", ROUTE);
        assert_eq!(route.routes.rows()[0].via, Some("192.168.1.1".parse().unwrap()));
        let neighbor = read("Get-NetNeighbor | Format-List", NEIGHBOR);
        assert_eq!(neighbor.neighbors.rows()[0].state, NeighborState::Failed);
        let configuration = read("Get-NetIPConfiguration", CONFIGURATION);
        let adapter = configuration.adapter("Ethernet").expect("the adapter");
        assert_eq!(
            (adapter.gateways.len(), adapter.dns.len(), adapter.index),
            (1, 2, Some(12))
        );
        let rules = read("Get-NetFirewallRule", RULE);
        let rules = rules
            .firewall
            .value()
            .map(|firewall| firewall.rules.clone())
            .unwrap_or_default();
        assert_eq!(
            (rules.len(), rules[0].allows, rules[0].name.as_str()),
            (1, Some(false), "WEB-In")
        );
        let case = pasted(
            if with_command {
                "Test-NetConnection 192.168.1.1"
            } else {
                ""
            },
            CONNECTION,
        );
        assert_eq!(case.probes.len(), 1, "{:?}", case.unread);
        assert_eq!(case.probes[0].to, Some("192.168.1.1".parse().unwrap()));
        assert!(!case.guest.adapters.is_known());
    }
    let all = [PROFILE, ADDRESS, ROUTE, NEIGHBOR, CONNECTION, CONFIGURATION, RULE].concat();
    let case = pasted("", &all);
    assert!(
        case.unread.iter().all(|unread| unread.what == "routing table"),
        "{:?}",
        case.unread
    );
    assert_eq!((case.probes.len(), case.guest.neighbors.rows().len()), (1, 1));
}

#[test]
fn network_manager_is_no_ping_and_no_mac() {
    // After a published output.
    let text = "GENERAL.DEVICE:                         wlp0s20f3\nGENERAL.TYPE:                           wifi\nGENERAL.HWADDR:                         34:CF:F6:90:E7:C3\nGENERAL.STATE:                          100（已连接）\nIP4.ADDRESS[1]:                         10.181.226.126/15\nIP4.GATEWAY:                            10.180.0.1\nIP4.ROUTE[1]:                           dst = 10.180.0.0/15, nh = 0.0.0.0, mt = 600\nIP4.ROUTE[2]:                           dst = 0.0.0.0/0, nh = 10.180.0.1, mt = 600\n";
    for command in ["", "nmcli device show"] {
        let case = pasted(command, text);
        assert!(
            case.probes.is_empty() && case.unread.is_empty(),
            "{:?}",
            case.unread
        );
        assert!(case.guest.adapter("wlp0s20f3").is_some());
        assert_eq!(case.guest.default_routes().len(), 1);
    }
    let overview = "enp1s0: connected to Wired\n        \"Red Hat Virtio 1.0\"\n        ethernet (virtio_net), 52:54:00:AA:BB:01, hw, mtu 1500\n        inet4 192.168.122.11/24\n        route4 192.168.122.0/24 metric 100\n\nDNS configuration:\n        servers: 192.168.122.1\n        interface: enp1s0\n";
    for command in ["", "nmcli"] {
        let case = pasted(command, overview);
        assert_eq!(case.guest.os, Some(crate::model::Os::Linux));
        assert_eq!(case.guest.adapter("enp1s0").map(|a| a.nets().count()), Some(1));
    }
    // After published outputs.
    let table = "DEVICE           TYPE      STATE         CONNECTION \nens160           ethernet  已连接        ens160     \ndocker0          bridge    连接（外部）  docker0    \ntunl0            iptunnel  已断开        --         \ncali4969f0a9f96  ethernet  未托管        --         \n";
    let case = pasted("", table);
    let states: Vec<Option<&str>> = case
        .guest
        .adapters
        .rows()
        .iter()
        .map(|adapter| adapter.network_manager.as_deref())
        .collect();
    assert_eq!(
        states,
        [
            Some("connected"),
            Some("connected (externally)"),
            Some("disconnected"),
            Some("unmanaged")
        ]
    );
}

#[test]
fn old_ifconfig_speaks_the_users_language() {
    // Both after published outputs.
    for text in [
        "eth0      Link encap:Ethernet  Hardware Adresse 00:22:15:2b:3e:b4  \n          inet Adresse:192.168.1.34  Bcast:192.168.1.255    Maske:255.255.255.0\n          inet6-Adresse: fe80::222:15ff:fe2b:3eb4/64 Gültigkeitsbereich:Verbindung\n          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metrik:1\n",
        "eth0      Link encap:以太网  硬件地址 00:22:15:2b:3e:b4  \n          inet 地址:192.168.1.34  广播:192.168.1.255  掩码:255.255.255.0\n          inet6 地址: fe80::222:15ff:fe2b:3eb4/64 Scope:Link\n          UP BROADCAST RUNNING MULTICAST  MTU:1500  跃点数:1\n",
    ] {
        for command in ["", "ifconfig"] {
            let case = pasted(command, text);
            let adapter = case.guest.adapter("eth0").expect("the adapter");
            let nets: Vec<String> = adapter.nets().map(|net| net.to_string()).collect();
            assert_eq!(nets, ["192.168.1.34/24", "fe80::222:15ff:fe2b:3eb4/64"], "{text}");
            assert!(adapter.mac.is_some());
        }
    }
    // An address in words that nobody knows is not one that is missing.
    let case = pasted(
        "ifconfig",
        "eth0      Link encap:Ethernet  HWaddr 00:22:15:2b:3e:b4\n          inet adres : 192 168 1 34\n",
    );
    assert_eq!(
        case.guest.adapter("eth0").map(|a| a.addresses.clone()),
        Some(None)
    );
}

const ONE: &str = "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n2: eth0: <BROADCAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP\n    link/ether 52:54:00:aa:bb:01 brd ff:ff:ff:ff:ff:ff\n    inet 192.168.122.11/24 scope global eth0\n";

#[test]
fn two_machines_in_one_text_are_not_one_with_two_cards() {
    let other = ONE.replace("aa:bb:01", "cc:dd:02").replace("122.11", "122.12");
    for command in ["", "ip addr"] {
        let case = pasted(command, &format!("{ONE}{other}"));
        assert!(!case.guest.adapters.is_known(), "{:?}", case.guest.adapters);
        assert!(whys(&case).contains(&TWO_MACHINES));
        // The same machine a second time is the same machine.
        let case = pasted(command, &format!("{ONE}{ONE}"));
        assert_eq!(case.guest.adapters.rows().len(), 2);
    }
    let json = |mac: &str| {
        format!(
            "[{{\"ifname\":\"lo\",\"link_type\":\"loopback\",\"address\":\"00:00:00:00:00:00\",\"addr_info\":[]}},{{\"ifname\":\"eth0\",\"link_type\":\"ether\",\"address\":\"{mac}\",\"addr_info\":[]}}]\n"
        )
    };
    let case = pasted(
        "",
        &format!("{}{}", json("52:54:00:aa:bb:01"), json("52:54:00:aa:bb:02")),
    );
    assert!(!case.guest.adapters.is_known());
    // A bond gives its parts one address.
    let bond = "1: lo: <LOOPBACK,UP> mtu 65536\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n2: eth0: <BROADCAST,SLAVE,UP,LOWER_UP> mtu 1500 master bond0 state UP\n    link/ether 52:54:00:aa:bb:09 brd ff:ff:ff:ff:ff:ff\n3: bond0: <BROADCAST,MASTER,UP,LOWER_UP> mtu 1500 state UP\n    link/ether 52:54:00:aa:bb:09 brd ff:ff:ff:ff:ff:ff\n";
    assert!(
        pasted("ip addr", &format!("{ONE}{bond}"))
            .guest
            .adapters
            .is_known()
    );
}

#[test]
fn a_card_that_got_another_hardware_address_by_a_fix_is_the_same_machines() {
    let mut case = pasted("ip addr", ONE);
    case.outputs.push(Output {
        on: Place::Guest,
        command: "ip addr".to_owned(),
        text: ONE.replace("aa:bb:01", "aa:bb:02").replace("122.11", "122.12"),
    });
    let case = resolve(&Case {
        outputs: case.outputs,
        ..Case::default()
    });
    let card = case.guest.adapter("eth0").expect("the card");
    assert_eq!(card.mac, "52:54:00:aa:bb:02".parse().ok());
    let nets: Vec<String> = card.nets().map(|net| net.to_string()).collect();
    assert_eq!(nets, ["192.168.122.12/24"]);
}

#[test]
fn policy_rules_without_their_ends_are_doubted() {
    let whole = "0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n";
    for (text, is_doubted) in [
        (whole, false),
        (&whole[26..], true),
        (&whole[..26], true),
        (&whole[..45], true),
    ] {
        assert_eq!(pasted("ip rule", text).doubt.is_some(), is_doubted, "{text:?}");
    }
}

#[test]
fn an_alias_is_no_second_list_of_adapters() {
    let card = |name: &str, address: &str| {
        format!(
            "{name}: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500\n        inet {address}  netmask 255.255.255.0  broadcast 192.168.122.255\n        ether 52:54:00:aa:bb:01  txqueuelen 1000  (Ethernet)\n\n"
        )
    };
    let text = format!(
        "{}{}lo: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536\n        inet 127.0.0.1  netmask 255.0.0.0\n        loop  txqueuelen 1000  (Local Loopback)\n",
        card("eth0", "192.168.122.11"),
        card("eth0:1", "192.168.122.12"),
    );
    for command in ["", "ifconfig -a"] {
        let case = pasted(command, &text);
        let card = case.guest.adapter("eth0").expect("the card");
        assert_eq!(card.nets().count(), 2, "{command}");
        assert!(case.guest.adapter("lo").is_some());
    }
}

#[test]
fn cards_of_another_machine_than_the_chosen_one_are_noted() {
    let mut case = Case::from_json(
        r#"{ "schema": 1, "kind": "case", "intake": { "vm": "web01" },
          "hypervisors": [ { "id": "libvirt", "machines": [ { "name": "web01", "nics": [ { "slot": 0, "mode": "nat", "mac": "52:54:00:11:22:33" } ] } ] } ] }"#,
    )
    .expect("a case");
    case.outputs.push(Output {
        on: Place::Guest,
        command: "ip addr".to_owned(),
        text: ONE.to_owned(),
    });
    assert_eq!(whys(&resolve(&case)), ["not the cards of the chosen machine"]);
    case.outputs[0].text = ONE.replace("aa:bb:01", "11:22:33");
    assert!(resolve(&case).unread.is_empty());
}

#[test]
fn what_tells_nothing_is_said_to() {
    for (command, text, why) in [
        ("ip route", "some words about nothing\n", "not understood"),
        ("ping 10.0.0.9", "bash: ping: command not found\n", "tool missing"),
        (
            "nmcli general",
            "STATE      CONNECTIVITY\nconnected  full\n",
            "not understood",
        ),
        (
            "tcpdump -ni eth0 icmp",
            "12:00:00.1 IP pc.lan > web01.lan: ICMP echo request, id 1, seq 1, length 64\n",
            "it has names for addresses",
        ),
    ] {
        assert_eq!(whys(&pasted(command, text)), [why], "{command}");
    }
    // The same a second time, and a table that is empty, say something.
    let mut case = Case::default();
    for _ in 0..2 {
        for (command, text) in [("ip addr", ONE), ("ip neigh", ""), ("ip route", "")] {
            case.outputs.push(Output {
                on: Place::Guest,
                command: command.to_owned(),
                text: text.to_owned(),
            });
        }
    }
    assert!(resolve(&case).unread.is_empty(), "{:?}", resolve(&case).unread);
}

#[test]
fn quoted_replies_and_lost_blanks_are_read_as_what_they_were() {
    let sample = |name: &str| {
        let path = format!("{}/tests/samples/{name}", env!("CARGO_MANIFEST_DIR"));
        decode(&std::fs::read(path).expect("the sample"))
    };
    let text = sample("win_ipconfig_all_en.txt");
    let expected = pasted("", &text).guest.adapters;
    assert!(expected.rows().len() > 5);
    let stripped: String = text.lines().map(|line| format!("{}\n", line.trim())).collect();
    assert_eq!(pasted("", &stripped).guest.adapters.rows(), expected.rows());
    for mark in ["> ", "│ ", "> > "] {
        let quoted: String = text.lines().map(|line| format!("{mark}{line}\n")).collect();
        assert_eq!(
            pasted("", &quoted).guest.adapters.rows(),
            expected.rows(),
            "{mark}"
        );
    }
    // A prompt is no quotation mark.
    let case = pasted("", &format!("> ip addr\n{ONE}> ip neigh\n"));
    assert_eq!(case.guest.adapters.rows().len(), 2);
    assert!(case.guest.neighbors.is_known());
}

fn echoes(case: &Case) -> Vec<String> {
    let one = |probe: &crate::model::Probe| match &probe.result {
        ProbeResult::Echo(echo) => {
            let errors: Vec<EchoErrorKind> = echo.errors.iter().map(|error| error.kind).collect();
            let to = probe.to.map(|to| to.to_string()).unwrap_or_default();
            format!("{to} {}/{} {errors:?}", echo.received, echo.sent)
        }
        other => format!("{other:?}"),
    };
    case.probes.iter().map(one).collect()
}

#[test]
fn ping_of_linux_speaks_chinese_and_german() {
    for (text, expected) in [
        // Both Chinese ones after published outputs.
        (
            "PING 172.16.100.254 (172.16.100.254) 56(84) 字节的数据。\n64 字节，来自 172.16.100.254: icmp_seq=1 ttl=64 时间=0.680 毫秒\n64 字节，来自 172.16.100.254: icmp_seq=2 ttl=64 时间=0.533 毫秒\n\n--- 172.16.100.254 ping 统计 ---\n已发送 2 个包， 已接收 2 个包, 0% packet loss, time 1001ms\nrtt min/avg/max/mdev = 0.533/0.635/0.695/0.063 ms\n",
            "172.16.100.254 2/2 []",
        ),
        (
            "PING 20.1.0.11 (20.1.0.11) 来自 20.1.0.10 veth0 56(84) 字节的数据。\n来自 20.1.0.10 icmp_seq=1 目标主机不可达\n\n--- 20.1.0.11 ping 统计 ---\n已发送 3 个包， 已接收 0 个包, +1 错误, 100% 包丢失, 耗时 2040 毫秒\n",
            "20.1.0.11 0/3 [HostUnreachable]",
        ),
        (
            "PING 10.0.0.9 (10.0.0.9) 56(84) Bytes an Daten.\n64 Bytes von 10.0.0.9: icmp_seq=1 ttl=64 Zeit=0.5 ms\n\n--- 10.0.0.9 Ping-Statistik ---\n1 Pakete übertragen, 1 empfangen, 0% Paketverlust, Zeit 0ms\nrtt min/avg/max/mdev = 0.533/0.635/0.695/0.063 ms\n",
            "10.0.0.9 1/1 []",
        ),
    ] {
        for command in ["", "ping -c 3 x.lan"] {
            let case = pasted(command, text);
            assert_eq!(echoes(&case), [expected], "{text}");
            assert!(case.doubt.is_none(), "{text}");
        }
    }
    // Habets' arping counts in the words of ping.
    let text = "ARPING 10.0.0.9\n60 bytes from 52:54:00:00:00:01 (10.0.0.9): index=0 time=8.123 msec\n\n--- 10.0.0.9 statistics ---\n1 packets transmitted, 1 packets received,   0% unanswered (0 extra)\n";
    let case = pasted("", text);
    assert_eq!(case.probes.len(), 1, "{:?}", case.probes);
    assert!(matches!(case.probes[0].result, ProbeResult::Neighbor(_)));
}

#[test]
fn refusals_are_heard_in_every_language() {
    for (command, text, expected) in [
        (
            "nc -zv 10.0.0.9 22",
            "nc: connect to 10.0.0.9 port 22 (tcp) failed: 拒绝连接\n",
            TcpOutcome::Refused,
        ),
        (
            "nc -zv 10.0.0.9 22",
            "nc: connect to 10.0.0.9 port 22 (tcp) failed: Verbindungsaufbau abgelehnt\n",
            TcpOutcome::Refused,
        ),
        (
            "ssh 10.0.0.9",
            "ssh: connect to host 10.0.0.9 port 22: Keine Route zum Zielrechner\n",
            TcpOutcome::HostUnreachable,
        ),
        (
            "ssh 10.0.0.9",
            "ssh: connect to host 10.0.0.9 port 22: 没有到主机的路由\n",
            TcpOutcome::HostUnreachable,
        ),
        (
            "telnet 10.0.0.9 22",
            "正在连接10.0.0.9...无法打开到主机的连接。 在端口 22: 连接失败\n",
            TcpOutcome::Other,
        ),
        (
            "telnet 10.0.0.9 22",
            "Verbindungsaufbau zu 10.0.0.9...Es konnte keine Verbindung mit dem Host hergestellt werden, auf Port 22: Verbinden fehlgeschlagen\n",
            TcpOutcome::Other,
        ),
        (
            "wget -O- http://10.0.0.9:22",
            "Connecting to 10.0.0.9:22 (10.0.0.9:22)\nwget: can't connect to remote host (10.0.0.9): Host is unreachable\n",
            TcpOutcome::HostUnreachable,
        ),
        (
            "wget http://10.0.0.9:22",
            "正在连接 10.0.0.9:22... 失败：拒绝连接。\n",
            TcpOutcome::Refused,
        ),
    ] {
        let case = pasted(command, text);
        let outcomes: Vec<_> = case
            .probes
            .iter()
            .map(|probe| match probe.result {
                ProbeResult::Tcp { port, outcome, .. } => (probe.to.map(|to| to.to_string()), port, outcome),
                _ => (None, 0, TcpOutcome::Other),
            })
            .collect();
        assert_eq!(outcomes, [(Some("10.0.0.9".to_owned()), 22, expected)], "{text}");
    }
}

#[test]
fn a_report_of_mtr_is_a_trace() {
    let text = "Start: 2025-03-01T10:00:00+0000\nHOST: vm                          Loss%   Snt   Last   Avg  Best  Wrst StDev\n  1.|-- 10.0.0.1                  0.0%    10    0.5   0.6   0.4   1.0   0.2\n  2.|-- ???                      100.0    10    0.0   0.0   0.0   0.0   0.0\n  3.|-- 10.9.0.9                  0.0%    10    1.5   1.6   1.4   2.0   0.2\n";
    let case = pasted("mtr -rn 10.9.0.9", text);
    let ProbeResult::Trace { hops, reached } = &case.probes[0].result else {
        panic!("{:?}", case.probes);
    };
    assert!(*reached);
    let times: Vec<Option<u64>> = hops.iter().map(|hop| hop.time_us).collect();
    assert_eq!(times, [Some(600), None, Some(1600)]);
}

/// What the scripts for guests print is understood part by part. The answers are those of samples and of other tests.
#[test]
fn what_the_guests_scripts_print_is_understood() {
    let sample = |name: &str| {
        let path = format!("{}/tests/samples/{name}", env!("CARGO_MANIFEST_DIR"));
        decode(&std::fs::read(path).expect("the sample"))
    };
    let ping = |to: &str| {
        format!(
            "PING {to} ({to}): 56 data bytes\n64 bytes from {to}: icmp_seq=0 ttl=64 time=0.5 ms\n\n--- {to} ping statistics ---\n1 packets transmitted, 1 packets received, 0.0% packet loss\nround-trip min/avg/max/stddev = 0.5/0.5/0.5/0.0 ms\n"
        )
    };
    let host = "example.com has address 93.184.216.34\n".to_owned();
    let denied = "sudo: a password is required\n".to_owned();
    let commands = |os: crate::model::Os| {
        let script = crate::knowledge::guest_script_to(os, &["192.168.56.1".parse().unwrap()]);
        let quoted: Vec<String> = script.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
        assert!(
            quoted.iter().any(|command| command.contains("192.168.56.1")),
            "{script}"
        );
        script
    };
    let print = |prompt: &str, parts: &[(&str, String)]| {
        let block = |(command, text): &(&str, String)| format!("{prompt}{command}\n{text}");
        parts.iter().map(block).collect::<String>()
    };

    let script = commands(crate::model::Os::Bsd);
    let parts = [
        ("ifconfig", sample("guest_freebsd_ifconfig_vmware.txt")),
        ("netstat -rn", sample("guest_freebsd_netstat_rn.txt")),
        ("cat /etc/resolv.conf", "nameserver 10.0.2.3\n".to_owned()),
        ("sockstat -l", "USER     COMMAND    PID   FD  PROTO  LOCAL ADDRESS         FOREIGN ADDRESS      \nroot     sshd       812   3   tcp4   *:22                  *:*\n".to_owned()),
        ("ping -c 2 -t 3 192.168.56.1", ping("192.168.56.1")),
        ("arp -an", sample("guest_freebsd_arp_an.txt")),
        ("host example.com", host.clone()),
        ("sudo -n pfctl -s rules", denied.clone()),
    ];
    for (command, _) in &parts {
        assert!(script.contains(command), "{command} stands in {script}");
    }
    let case = pasted("", &print("$ ", &parts));
    assert_eq!(whys(&case), ["needs root"], "{:?}", case.unread);
    assert_eq!(case.guest.listeners.rows().len(), 1);
    assert!(case.guest.routes.is_known() && case.guest.neighbors.is_known() && case.guest.dns.is_known());
    assert_eq!(case.probes.len(), 2, "{:?}", case.probes);

    let script = commands(crate::model::Os::Macos);
    let parts = [
        ("ifconfig", sample("macos_ifconfig_utm_shared.txt")),
        ("netstat -rn", sample("macos_netstat_rn_inet_fusion.txt")),
        ("scutil --dns", sample("macos_scutil_dns_excerpt.txt")),
        (
            "/usr/libexec/ApplicationFirewall/socketfilterfw --getglobalstate",
            sample("macos_socketfilterfw_getglobalstate_on.txt"),
        ),
        ("netstat -an -p tcp", "Active Internet connections (including servers)\nProto Recv-Q Send-Q  Local Address          Foreign Address        (state)    \ntcp4       0      0  *.22                   *.*                    LISTEN     \n".to_owned()),
        ("ping -c 2 -t 3 192.168.56.1", ping("192.168.56.1")),
        ("arp -an", sample("macos_arp_an.txt")),
        ("host example.com", host),
        ("sudo -n pfctl -s rules", denied),
    ];
    for (command, _) in &parts {
        assert!(script.contains(command), "{command} stands in {script}");
    }
    let case = pasted("", &print("$ ", &parts));
    assert_eq!(whys(&case), ["needs root"], "{:?}", case.unread);
    assert_eq!(case.guest.os, Some(crate::model::Os::Macos));
    assert!(case.guest.mac_firewall.is_known() && case.guest.dns.is_known());
    assert_eq!(case.guest.listeners.rows().len(), 1);

    let script = commands(crate::model::Os::Windows);
    let parts = [
        ("ipconfig /all", sample("win_ipconfig_all_zh.txt")),
        ("route print -4", sample("win_route_print_zh.txt")),
        (
            "netsh advfirewall show allprofiles",
            sample("win_netsh_advfirewall_allprofiles_zh_reconstructed.txt"),
        ),
        ("netstat -ano -p TCP", "\n活动连接\n\n  协议  本地地址          外部地址        状态           PID\n  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       1120\n".to_owned()),
        ("ping -n 2 192.168.56.1", sample("win_ping_zh_timeout.txt").replace("192.168.124.128", "192.168.56.1")),
        ("arp -a", sample("win_arp_a_zh.txt")),
        ("nslookup example.com", "服务器:  UnKnown\nAddress:  192.168.1.1\n\n名称:    example.com\nAddresses:  93.184.216.34\n".to_owned()),
    ];
    for (command, _) in &parts {
        assert!(script.contains(command), "{command} stands in {script}");
    }
    let case = pasted("", &print("C:\\> ", &parts));
    assert!(case.unread.is_empty(), "{:?}", case.unread);
    assert_eq!(
        case.guest
            .firewall
            .value()
            .map(|firewall| firewall.profiles.len()),
        Some(3)
    );
    assert_eq!(case.guest.listeners.rows().len(), 1);
    assert_eq!(echoes(&case)[0], "192.168.56.1 0/2 []");
}

#[test]
fn the_linux_script_tells_the_firewalls_without_a_password() {
    let script = crate::knowledge::guest_script(crate::model::Os::Linux);
    assert!(
        script.contains("'systemctl is-active ufw firewalld nftables'"),
        "{script}"
    );
    let text = "$ systemctl is-active ufw firewalld nftables\nactive\ninactive\ninactive\nexit status 3\n$ sudo -n nft list ruleset\nsudo: a password is required\nexit status 1\n";
    let case = pasted("", text);
    let state = |name: &str| case.guest.service(name).map(|service| service.state);
    assert_eq!(state("ufw.service"), Some(crate::model::ServiceState::Running));
    assert_eq!(
        state("nftables.service"),
        Some(crate::model::ServiceState::Stopped)
    );
    assert_eq!(whys(&case), ["needs root"]);
}

#[test]
fn macos_tells_the_router_of_everything() {
    let ifconfig = "en0: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500\n\tether 52:54:00:aa:bb:01\n\tinet 192.168.64.3 netmask 0xffffff00 broadcast 192.168.64.255\n\tstatus: active\n";
    let text = format!(
        "$ ifconfig\n{ifconfig}$ route -n get default\n   route to: default\ndestination: default\n       mask: default\n    gateway: 192.168.64.1\n  interface: en0\n      flags: <UP,GATEWAY,DONE,STATIC,PRCLONING,GLOBAL>\n"
    );
    let case = pasted("", &text);
    assert_eq!(
        case.guest.adapter("en0").map(|adapter| adapter.gateways.len()),
        Some(1)
    );
}
