//! Test commands: what packets told.

mod capture;
mod connect;
mod dhcp;
mod names;
mod neighbor;
mod ping;
mod trace;

pub(super) use dhcp::read as dhcp_client;

use super::command::Call;
use super::formats::Format;
use super::whole;

/// The formats of this folder; a new one is one row here.
pub const FORMATS: &[Format] = &[
    Format::new("ping", |call| call.is(&["ping", "ping6"]), ping::read)
        .whole(whole::ping)
        .line(ping::is_line)
        .hears_errors(),
    Format::new(
        "ping",
        |call| call.is(&["test-connection"]),
        ping::test_connection,
    )
    .hears_errors(),
    Format::new("arping", |call| call.is(&["arping"]), neighbor::arping)
        .whole(whole::arping)
        .line(neighbor::is_arping_line),
    Format::new(
        "trace",
        |call| {
            call.is(&[
                "traceroute",
                "traceroute6",
                "tracert",
                "tracepath",
                "tracepath6",
                "mtr",
            ])
        },
        trace::read,
    )
    .line(trace::is_line)
    .hears_errors(),
    Format::new("TCP connect", connects, connect::read)
        .line(connect::is_line)
        .hears_errors(),
    Format::new(
        "TCP connect",
        |call| call.is(&["test-netconnection", "tnc"]),
        connect::test_net_connection,
    )
    .line(connect::is_tnc_line)
    .list(&[
        &["RemoteAddress", "PingSucceeded"],
        &["RemoteAddress", "TcpTestSucceeded"],
    ])
    .hears_errors(),
    Format::new("HTTP request", |call| call.is(&["curl", "wget"]), connect::curl)
        .line(connect::is_curl_line)
        .hears_errors(),
    Format::new("SSH connection", |call| call.is(&["ssh"]), connect::ssh)
        .line(connect::is_ssh_line)
        .hears_errors(),
    Format::new("name look-up", looks_up, names::read)
        .line(names::is_line)
        .silence_speaks()
        .hears_errors(),
    Format::new(
        "DHCP client",
        |call| call.is(&["dhclient", "udhcpc", "dhcpcd"]) || renews(call),
        dhcp::read,
    )
    .line(dhcp::is_line)
    .hears_errors(),
    Format::new(
        "packet capture",
        |call| call.is(&["tcpdump", "tshark"]),
        capture::read,
    )
    .line(capture::is_line),
];

fn connects(call: &Call) -> bool {
    call.is(&["nc", "ncat", "netcat", "telnet"]) && !call.has_letter('l')
}

fn looks_up(call: &Call) -> bool {
    call.is(&["nslookup", "dig", "host", "drill", "resolve-dnsname"])
        || (call.is(&["getent"]) && call.word(0).contains("hosts"))
        || (call.is(&["resolvectl"]) && call.word(0) == "query")
}

fn renews(call: &Call) -> bool {
    call.is(&["ipconfig"]) && (call.has("/renew") || call.has("-renew"))
}
