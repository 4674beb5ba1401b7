//! Web proxies that programs are told to use: the environment, `netsh winhttp show proxy`, the user's settings in Windows'
//! registry, `scutil --proxy`.

use crate::model::{Case, Fact, Place, WebProxy};
use crate::parse::command::Call;
use crate::parse::text::source;

/// Most proxies that are kept.
const MAX_ROWS: usize = 64;

/// Whether the call prints the environment, whole or as far as it speaks of proxies.
pub fn is_environment(call: &Call) -> bool {
    (call.is(&["env", "printenv"])
        && call
            .words()
            .all(|word| word.to_ascii_lowercase().contains("proxy")))
        || call.file().is_some_and(|path| path == "/etc/environment")
}

/// Whether the call asks Windows for the proxy of its own services.
pub fn is_winhttp(call: &Call) -> bool {
    call.is(&["netsh"]) && call.word(0) == "winhttp" && call.has("proxy")
}

/// Whether the call asks Windows for the proxy of the user's programs.
pub fn is_internet_settings(call: &Call) -> bool {
    let asks = (call.is(&["reg"]) && call.word(0) == "query")
        || call.is(&["get-itemproperty", "gp", "get-itempropertyvalue"]);
    asks && call
        .args
        .iter()
        .any(|word| word.to_lowercase().contains("internet settings"))
}

/// Whether the line is one of the user's settings of proxies.
pub fn is_setting_line(line: &str) -> bool {
    SETTINGS.iter().any(|name| setting(line, name).is_some())
}

/// The values that decide: whether a proxy is used, which, and the address of a script that tells it.
const SETTINGS: [&str; 3] = ["ProxyEnable", "ProxyServer", "AutoConfigURL"];

/// `ProxyServer    REG_SZ    proxy:3128` as `reg query` prints it, `ProxyServer : proxy:3128` as PowerShell does.
fn setting<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let rest = line.trim().strip_prefix(name)?;
    let value = match rest.trim_start().split_once("    ") {
        Some((kind, value)) if kind.starts_with("REG_") => value,
        _ => rest.trim_start().strip_prefix(": ")?,
    };
    Some(value.trim())
}

/// Whether the line sets a proxy in the environment.
pub fn is_line(line: &str) -> bool {
    variable(line).is_some()
}

/// `export https_proxy=http://proxy:3128`: the variable and its value.
fn variable(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (key, value) = line.split_once('=')?;
    let known = ["http_proxy", "https_proxy", "all_proxy"]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(key));
    known.then_some((key, value.trim().trim_matches(['"', '\''])))
}

/// Host and port of `http://user:word@proxy.example:3128/`; the usual port where none is told.
pub fn of_url(url: &str) -> Option<(String, u16)> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let authority = rest.split(['/', '?', ';', ' ']).next()?;
    let authority = authority.rsplit('@').next()?;
    let usual = match scheme {
        "https" => 443,
        "socks" | "socks4" | "socks5" | "socks5h" => 1080,
        // What curl takes where the address has no port.
        _ => 1080,
    };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !authority.ends_with(']') => (host, port.parse().ok()?),
        _ => (authority, usual),
    };
    let host = host.trim_matches(['[', ']']);
    let sound = !host.is_empty()
        && host.len() < 256
        && host.chars().all(|c| c.is_alphanumeric() || "-._:".contains(c));
    sound.then(|| (host.to_owned(), port))
}

/// Reads `env`, `printenv`, `/etc/environment`: printing none of the variables says that there is no proxy.
pub fn environment(text: &str, case: &mut Case, on: Place, command: &str) {
    let rows = text.lines().filter_map(variable).filter_map(|(key, value)| {
        let (host, port) = of_url(value)?;
        Some(WebProxy {
            holder: key.to_owned(),
            host,
            port,
        })
    });
    let others = [WINHTTP, REGISTRY, SCUTIL];
    let rows = rows.collect();
    keep_but(case, on, |holder| others.contains(&holder), rows, command);
}

/// Reads `netsh winhttp show proxy` of any language: the line that holds a host with its port.
pub fn winhttp(text: &str, case: &mut Case, on: Place, command: &str) {
    let rows = text.lines().filter_map(|line| {
        let (_, value) = line.split_once([':', '：'])?;
        of_list(value, WINHTTP)
    });
    keep(case, on, &[WINHTTP], rows.take(1).collect(), command);
}

/// The first of `http=proxy:8080;https=proxy:8443`, or the one for all.
fn of_list(value: &str, holder: &str) -> Option<WebProxy> {
    let first = value.trim().split(';').next()?;
    let first = first.rsplit('=').next()?.trim();
    let (host, port) = of_url(first).filter(|_| first.contains(':'))?;
    Some(WebProxy {
        holder: holder.to_owned(),
        host,
        port,
    })
}

const WINHTTP: &str = "winhttp";
const REGISTRY: &str = "Internet Settings";
const SCUTIL: &str = "scutil";

/// Reads the user's settings in Windows' registry. A script that chooses the proxy names none by itself: then nothing is
/// known, and not that there is none.
pub fn internet_settings(text: &str, case: &mut Case, on: Place, command: &str) {
    let value = |name: &str| text.lines().find_map(|line| setting(line, name));
    let by_script = value("AutoConfigURL").is_some_and(|url| !url.is_empty());
    let enabled = value("ProxyEnable");
    if enabled.is_none() && !by_script {
        crate::parse::merge::unread(case, "web proxy", "not understood", "");
        return;
    }
    let used = enabled.is_some_and(|word| word == "1" || word.eq_ignore_ascii_case("0x1"));
    let row = value("ProxyServer")
        .filter(|_| used)
        .and_then(|list| of_list(list, REGISTRY));
    if row.is_none() && by_script {
        crate::parse::merge::unread(case, "web proxy", "chosen by a script", "");
        return;
    }
    keep(case, on, &[REGISTRY], row.into_iter().collect(), command);
}

/// Whether the line is one of `scutil --proxy`.
pub fn is_scutil_line(line: &str) -> bool {
    let line = line.trim();
    [
        "HTTPEnable : ",
        "HTTPSEnable : ",
        "HTTPProxy : ",
        "HTTPSProxy : ",
        "ExceptionsList : ",
    ]
    .iter()
    .any(|word| line.starts_with(word))
}

/// Reads `scutil --proxy`.
pub fn scutil(text: &str, case: &mut Case, on: Place, command: &str) {
    let value = |key: &str| {
        text.lines().find_map(|line| {
            line.trim()
                .strip_prefix(key)?
                .trim()
                .strip_prefix(": ")
                .map(str::trim)
        })
    };
    let mut rows = Vec::new();
    for kind in ["HTTP", "HTTPS"] {
        let on = value(&format!("{kind}Enable")) == Some("1");
        let port = value(&format!("{kind}Port")).and_then(|port| port.parse().ok());
        if let (true, Some(host), Some(port)) = (on, value(&format!("{kind}Proxy")), port) {
            rows.push(WebProxy {
                holder: SCUTIL.to_owned(),
                host: host.to_owned(),
                port,
            });
        }
    }
    keep(case, on, &[SCUTIL], rows, command);
}

/// Adds a proxy that a tool said it uses.
pub fn add(case: &mut Case, on: Place, proxy: WebProxy, command: &str) {
    let Some(system) = case.system_mut(on) else { return };
    let rows = system.proxies.fill(&source(command));
    if rows.len() < MAX_ROWS
        && !rows
            .iter()
            .any(|known| known.host == proxy.host && known.port == proxy.port)
    {
        rows.push(proxy);
    }
}

/// Replaces the proxies that these holders told before.
fn keep(case: &mut Case, on: Place, holders: &[&str], rows: Vec<WebProxy>, command: &str) {
    keep_but(case, on, |holder| !holders.contains(&holder), rows, command);
}

/// Replaces the proxies of all holders but those that stay.
fn keep_but(case: &mut Case, on: Place, stays: impl Fn(&str) -> bool, rows: Vec<WebProxy>, command: &str) {
    let Some(system) = case.system_mut(on) else { return };
    let mut kept = system.proxies.rows().to_vec();
    kept.retain(|row| stays(&row.holder));
    kept.extend(rows);
    kept.truncate(MAX_ROWS);
    system.proxies = Fact::known(kept, source(command));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_read_from_any_of_its_places() {
        let read = |command: &str, text: &str| {
            let mut case = Case::default();
            crate::parse::absorb(
                &mut case,
                &crate::model::Output {
                    on: Place::Guest,
                    command: command.to_owned(),
                    text: text.to_owned(),
                },
            );
            let rows = case.guest.proxies.value().cloned();
            rows.map(|rows| {
                rows.iter()
                    .map(|row| format!("{}:{}", row.host, row.port))
                    .collect::<Vec<_>>()
            })
        };
        let one = Some(vec!["10.1.2.3:3128".to_owned()]);
        assert_eq!(
            read(
                "env | grep -i proxy",
                "https_proxy=http://10.1.2.3:3128/\nNO_PROXY=localhost\n"
            ),
            one
        );
        assert_eq!(read("env | grep -i proxy", ""), Some(Vec::new()));
        assert_eq!(
            read(
                "netsh winhttp show proxy",
                "\r\nCurrent WinHTTP proxy settings:\r\n\r\n    Proxy Server(s) :  10.1.2.3:3128\r\n    Bypass List     :  <local>\r\n"
            ),
            one
        );
        assert_eq!(
            read(
                "netsh winhttp show proxy",
                "\n当前的 WinHTTP 代理服务器设置:\n\n    直接访问(没有代理服务器)。\n"
            ),
            Some(Vec::new())
        );
        let settings = "\r\nHKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings\r\n    ProxyEnable    REG_DWORD    0x1\r\n    ProxyOverride    REG_SZ    <local>\r\n    ProxyServer    REG_SZ    http=10.1.2.3:3128;https=10.1.2.3:3128\r\n\r\n";
        let asked = r#"reg query "HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings""#;
        assert_eq!(read(asked, settings), one);
        assert_eq!(read("", settings), one, "recognized by its shape");
        assert_eq!(read(asked, &settings.replace("0x1", "0x0")), Some(Vec::new()));
        let script =
            "    ProxyEnable    REG_DWORD    0x0\r\n    AutoConfigURL    REG_SZ    http://wpad/wpad.dat\r\n";
        assert_eq!(read(asked, script), None, "a script decides");
        for untold in [
            "    ProxyServer    REG_SZ    10.1.2.3:3128\r\n",
            "10.1.2.3:3128\r\n",
            "ERROR: The system was unable to find the specified registry key or value.\r\n",
        ] {
            assert_eq!(read(asked, untold), None, "{untold}");
        }
        assert_eq!(
            read(
                "Get-ItemProperty 'HKCU:\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings'",
                "\r\nProxyEnable : 1\r\nProxyServer : 10.1.2.3:3128\r\n\r\n"
            ),
            one
        );
        assert_eq!(
            read(
                "scutil --proxy",
                "<dictionary> {\n  HTTPEnable : 1\n  HTTPPort : 3128\n  HTTPProxy : 10.1.2.3\n}\n"
            ),
            one
        );
    }
}
