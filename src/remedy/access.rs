//! Fixes of lists that turn somebody away, of names, and of web proxies.

use std::net::IpAddr;

use super::fix::Ways;
use super::{Remedy, Risk, Shell, Where, prompt, ps, quote, sh};
use crate::model::{Message, Os};

/// Takes a ban of fail2ban back.
pub fn unban(jail: &str, who: IpAddr) -> Vec<Remedy> {
    let effect = Message::new("remedy-unban-effect")
        .with("address", who)
        .with("jail", jail);
    let jail = sh(jail);
    Ways::new(Where::Guest, Os::Linux, "remedy-unban-title", effect, Risk::Low)
        .sh(
            format!("sudo fail2ban-client set {jail} unbanip {who}"),
            format!("sudo fail2ban-client set {jail} banip {who}"),
            format!("sudo fail2ban-client status {jail}"),
        )
        .ways()
}

/// Lets an address in ahead of what `hosts.deny` says.
pub fn hosts_allow(os: Os, service: &str, who: IpAddr) -> Vec<Remedy> {
    let effect = Message::new("remedy-hosts-allow-effect")
        .with("address", who)
        .with("service", service);
    let row = sh(&format!("{service}: {who}"));
    Ways::new(
        Where::Guest,
        os,
        "remedy-hosts-allow-title",
        effect,
        Risk::Low,
    )
    .sh(
        format!("printf '%s\\n' {row} | sudo tee -a /etc/hosts.allow"),
        format!("sudo cp /etc/hosts.allow /etc/hosts.allow.vmnet-doctor && grep -vxF {row} /etc/hosts.allow.vmnet-doctor | sudo tee /etc/hosts.allow"),
        "cat /etc/hosts.allow /etc/hosts.deny",
    )
    .ways()
}

/// Puts the right address behind a name in the hosts file, and forgets what was remembered of it.
pub fn hosts_entry(on: Where, os: Os, name: &str, address: IpAddr) -> Vec<Remedy> {
    let effect = Message::new("remedy-hosts-entry-effect")
        .with("name", name)
        .with("address", address);
    let fix = Ways::new(on, os, "remedy-hosts-entry-title", effect, Risk::Low);
    if os == Os::Windows {
        let quoted = quote::argument(Shell::Powershell, &format!("{address} {name}"));
        let word = ps(name);
        return fix
            .powershell(
                format!("$f = \"$env:SystemRoot\\System32\\drivers\\etc\\hosts\"; Copy-Item $f \"$f.vmnet-doctor\"; (Get-Content $f) | Where-Object {{ ($_ -split '\\s+') -notcontains {word} }} | Set-Content $f; Add-Content $f {quoted}; ipconfig /flushdns"),
                "$f = \"$env:SystemRoot\\System32\\drivers\\etc\\hosts\"; Copy-Item \"$f.vmnet-doctor\" $f; ipconfig /flushdns",
                format!("Resolve-DnsName {word}"),
            )
            .ways();
    }
    let flush = match os {
        Os::Macos => "sudo dscacheutil -flushcache; sudo killall -HUP mDNSResponder",
        Os::Bsd => "sudo service nscd restart",
        _ => "sudo resolvectl flush-caches",
    };
    let word = sh(name);
    let look = if os == Os::Macos {
        format!("dscacheutil -q host -a name {word}")
    } else {
        format!("getent hosts {word}")
    };
    fix.sh(
        format!("sudo cp /etc/hosts /etc/hosts.vmnet-doctor && grep -vwF -- {word} /etc/hosts.vmnet-doctor | sudo tee /etc/hosts && printf '%s\\n' {} | sudo tee -a /etc/hosts; {flush}", sh(&format!("{address} {name}"))),
        "sudo cp /etc/hosts.vmnet-doctor /etc/hosts",
        look,
    )
    .ways()
}

/// Forgets what was remembered of names.
pub fn flush_names(on: Where, os: Os) -> Vec<Remedy> {
    let effect = Message::new("remedy-flush-names-effect");
    let fix = Ways::new(on, os, "remedy-flush-names-title", effect, Risk::None);
    match os {
        Os::Windows => fix.cmd("ipconfig /flushdns", "", "ipconfig /displaydns"),
        Os::Macos => fix.sh(
            "sudo dscacheutil -flushcache; sudo killall -HUP mDNSResponder",
            "",
            "scutil --dns",
        ),
        Os::Bsd => fix.sh("sudo service nscd restart", "", "cat /etc/hosts"),
        _ => fix.sh("sudo resolvectl flush-caches", "", "resolvectl statistics"),
    }
    .ways()
}

/// Makes a machine's programs use this web proxy.
pub fn use_proxy(on: Where, os: Os, host: &str, port: u16) -> Vec<Remedy> {
    let effect = Message::new("remedy-proxy-effect").with("proxy", format!("{host}:{port}"));
    let fix = Ways::new(on, os, "remedy-proxy-title", effect, Risk::Low);
    match os {
        Os::Windows => fix.cmd(
            format!("netsh winhttp set proxy {}", prompt(&format!("{host}:{port}"))),
            "netsh winhttp reset proxy",
            "curl -I https://example.com",
        ),
        Os::Macos => fix.sh(
            format!("sudo networksetup -setwebproxy Ethernet {0} {port}; sudo networksetup -setsecurewebproxy Ethernet {0} {port}", sh(host)),
            "sudo networksetup -setwebproxystate Ethernet off; sudo networksetup -setsecurewebproxystate Ethernet off",
            "curl -I https://example.com",
        ),
        _ => {
            let url = sh(&format!("http://{host}:{port}"));
            fix.sh(
                format!("export http_proxy={url} https_proxy={url}"),
                "unset http_proxy https_proxy",
                "curl -I https://example.com",
            )
            .sh(
                format!("printf 'http_proxy=%s\\nhttps_proxy=%s\\n' {url} {url} | sudo tee -a /etc/environment"),
                "sudo sed -i.vmnet-doctor '/^https\\{0,1\\}_proxy=/d' /etc/environment",
                "curl -I https://example.com",
            )
        }
    }
    .ways()
}

/// Lets a machine's programs go without a web proxy.
pub fn drop_proxy(on: Where, os: Os, old: &str) -> Vec<Remedy> {
    let effect = Message::new("remedy-no-proxy-effect").with("proxy", old);
    let fix = Ways::new(on, os, "remedy-no-proxy-title", effect, Risk::Low);
    match os {
        Os::Windows => fix.cmd(
            "netsh winhttp reset proxy",
            format!("netsh winhttp set proxy {}", prompt(old)),
            "curl -I https://example.com",
        ),
        Os::Macos => fix.sh(
            "sudo networksetup -setwebproxystate Ethernet off; sudo networksetup -setsecurewebproxystate Ethernet off",
            "sudo networksetup -setwebproxystate Ethernet on; sudo networksetup -setsecurewebproxystate Ethernet on",
            "curl -I https://example.com",
        ),
        _ => {
            let url = sh(&format!("http://{old}"));
            fix.sh(
                "unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY",
                format!("export http_proxy={url} https_proxy={url}"),
                "curl -I https://example.com",
            )
            .sh(
                "sudo sed -i.vmnet-doctor '/[a-zA-Z]*_proxy=/Id' /etc/environment",
                "sudo cp /etc/environment.vmnet-doctor /etc/environment",
                "curl -I https://example.com",
            )
        }
    }
    .ways()
}
