//! Name servers in use, names that the hosts file fixes, and web proxies.

use std::net::IpAddr;
use std::path::Path;

use super::super::source::Ledger;
use crate::model::{Fact, Gap, Output, Place};

/// Most entries of the hosts file that are kept; block lists have hundreds of thousands.
const MOST_NAMES: usize = 2000;

/// Where systemd-resolved writes the servers behind its stub.
const UPSTREAM: &str = "/run/systemd/resolve/resolv.conf";

/// Reads the files. The proxies of `/etc/environment` count for everybody; those of this program's own environment for the
/// person who started it.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    match ledger.file("/etc/resolv.conf").await {
        Ok(text) => {
            let mut servers = name_servers(&text);
            let mut source = "/etc/resolv.conf".to_owned();
            let stub = servers.iter().any(IpAddr::is_loopback);
            if stub && let Ok(text) = ledger.file(UPSTREAM).await {
                for server in name_servers(&text) {
                    if !servers.contains(&server) {
                        servers.push(server);
                    }
                }
                source = format!("{source}, {UPSTREAM}");
            }
            ledger.facts(move |case| case.host.dns = Fact::known(servers.clone(), source.as_str()));
        }
        Err(gap) => ledger.facts(move |case| case.host.dns = Fact::Unknown(gap.clone())),
    }
    match ledger.file("/etc/hosts").await {
        Ok(text) => {
            let hosts = hosts(&text);
            ledger.facts(move |case| case.host.hosts = Fact::known(hosts.clone(), "/etc/hosts"));
        }
        Err(gap) => ledger.facts(move |case| case.host.hosts = Fact::Unknown(gap.clone())),
    }
    let everybody = ledger.file("/etc/environment").await.unwrap_or_default();
    let own = if ledger.path("/") == Path::new("/") {
        own_proxies()
    } else {
        String::new()
    };
    let output = Output {
        on: Place::Host,
        command: PROXIES.to_owned(),
        text: format!("{everybody}\n{own}"),
    };
    ledger.facts(move |case| crate::parse::absorb(case, &output));
    Ok(())
}

/// By which a person reads the same.
const PROXIES: &str = "env | grep -i proxy";

/// The proxies of this program's environment, one variable a line.
fn own_proxies() -> String {
    const VARIABLES: [&str; 6] = [
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
    ];
    let set = VARIABLES
        .iter()
        .filter_map(|name| Some(format!("{name}={}\n", std::env::var(name).ok()?)));
    set.collect()
}

/// The `nameserver` lines of resolv.conf(5). A zone behind `%` is left out.
fn name_servers(text: &str) -> Vec<IpAddr> {
    text.lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let address = words
                .next()
                .filter(|word| *word == "nameserver")
                .and_then(|_| words.next())?;
            address.split('%').next()?.parse().ok()
        })
        .take(16)
        .collect()
}

/// The pairs of hosts(5).
fn hosts(text: &str) -> Vec<(String, IpAddr)> {
    let mut pairs = Vec::new();
    for line in text.lines() {
        let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
        let Some(address) = words.next().and_then(|word| word.split('%').next()?.parse().ok()) else {
            continue;
        };
        for name in words {
            if pairs.len() == MOST_NAMES {
                return pairs;
            }
            pairs.push((name.to_owned(), address));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_files() {
        let text =
            "# made by a tool\nsearch lan\nnameserver 127.0.0.53\n nameserver fe80::1%eth0\nnameserver x\n";
        let servers: Vec<String> = name_servers(text).iter().map(ToString::to_string).collect();
        assert_eq!(servers, ["127.0.0.53", "fe80::1"]);
        let text =
            "127.0.0.1 localhost\n192.168.122.9\tweb01 web01.lan # the VM\nnonsense here\n#10.0.0.1 x\n";
        let pairs: Vec<String> = hosts(text)
            .iter()
            .map(|(name, address)| format!("{name} {address}"))
            .collect();
        assert_eq!(
            pairs,
            [
                "localhost 127.0.0.1",
                "web01 192.168.122.9",
                "web01.lan 192.168.122.9"
            ]
        );
        assert_eq!(hosts(&"1.1.1.1 a b c\n".repeat(5000)).len(), MOST_NAMES);
    }
}
