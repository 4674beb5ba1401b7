//! What was read with administrator rights, laid over what was read without. Pure.

use serde_json::{Map, Value};

use crate::model::{Case, Hypervisor, System};

/// The facts of both readings. `more` had more rights and is newer, so that its facts stand; what it could not
/// know, such as machines that belong to the user alone, stays as `plain` has it.
pub(super) fn join(plain: &Case, more: &Case) -> Case {
    let mut case = plain.clone();
    case.taken_at.clone_from(&more.taken_at);
    case.host = host(&plain.host, &more.host);
    for product in &more.hypervisors {
        let known = case.hypervisor_mut(product.id);
        *known = hypervisor(known, product);
    }
    case.unread
        .retain(|unread| !unread.needs_rights() || more.unread.iter().any(|still| still.what == unread.what));
    case
}

/// Facts of the user who asks: the other reading has those of the administrator, whose environment names no proxy
/// (pkexec(1): "a minimal known and safe environment").
const OF_THE_USER: [&str; 1] = ["proxies"];

fn host(plain: &System, more: &System) -> System {
    let (Some(mut joined), Some(more)) = (fields(plain), fields(more)) else {
        return plain.clone();
    };
    for (name, value) in more {
        let own = OF_THE_USER.contains(&name.as_str()) && joined.get(&name).is_some_and(tells);
        if tells(&value) && !own {
            joined.insert(name, value);
        }
    }
    serde_json::from_value(Value::Object(joined)).unwrap_or_else(|_| plain.clone())
}

fn hypervisor(plain: &Hypervisor, more: &Hypervisor) -> Hypervisor {
    let (Some(mut joined), Some(more)) = (fields(plain), fields(more)) else {
        return plain.clone();
    };
    for (name, value) in more {
        if !tells(&value) {
            continue;
        }
        let known = joined.get(&name);
        // A product that runs for one of them runs.
        if value == Value::Bool(false) && known == Some(&Value::Bool(true)) {
            continue;
        }
        let value = match known {
            Some(known) => with_rows_of(value, known),
            None => value,
        };
        joined.insert(name, value);
    }
    serde_json::from_value(Value::Object(joined)).unwrap_or_else(|_| plain.clone())
}

fn fields(thing: &impl serde::Serialize) -> Option<Map<String, Value>> {
    match serde_json::to_value(thing) {
        Ok(Value::Object(fields)) => Some(fields),
        _ => None,
    }
}

/// Whether a field of a case holds something: an unknown fact does not.
fn tells(value: &Value) -> bool {
    !value.is_null() && value.get("unknown").is_none()
}

/// A table with those rows of another one that it lacks. Rows are the same when their names are.
fn with_rows_of(mut value: Value, known: &Value) -> Value {
    fn rows(value: &Value) -> Option<&Vec<Value>> {
        value.get("value").unwrap_or(value).as_array()
    }
    fn is_same(one: &Value, other: &Value) -> bool {
        match (one.get("name"), other.get("name")) {
            (Some(one), Some(other)) => one == other,
            _ => one == other,
        }
    }
    let lacking: Vec<Value> = match (rows(&value), rows(known)) {
        (Some(new), Some(old)) => old
            .iter()
            .filter(|row| !new.iter().any(|has| is_same(has, row)))
            .cloned()
            .collect(),
        _ => return value,
    };
    let target = match value.get("value").is_some() {
        true => value.get_mut("value"),
        false => Some(&mut value),
    };
    if let Some(Value::Array(target)) = target {
        target.extend(lacking);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(text: &str) -> Case {
        Case::from_json(text).expect("a case")
    }

    #[test]
    fn the_users_web_proxy_outlives_a_reading_without_their_environment() {
        let proxies = |rows: &str| {
            case(&format!(
                r#"{{ "host": {{ "proxies": {{ "value": [{rows}], "source": "env" }} }} }}"#
            ))
        };
        let row = r#"{ "host": "proxy.example", "port": 3128, "holder": "https_proxy" }"#;
        let (users, roots) = (proxies(row), proxies(""));
        assert_eq!(users.host.proxies.rows().len(), 1);
        assert_eq!(join(&users, &roots).host.proxies, users.host.proxies);
        // Where nobody knows the user's, the machine's own count.
        assert_eq!(join(&Case::default(), &users).host.proxies, users.host.proxies);
    }

    #[test]
    fn what_rights_unlock_joins_and_what_is_the_users_stays() {
        let plain = case(
            r#"{ "taken_at": "2026-01-01T00:00:00Z", "intake": { "vm": "web01" },
                 "host": { "os": "linux", "filter": { "unknown": { "why": "no-permission" } },
                           "hosts": { "value": [["web01", "10.0.0.9"]], "source": "hosts" } },
                 "hypervisors": [ { "id": "libvirt", "running": true, "machines": { "value": [ { "name": "mine", "nics": [] } ], "source": "virsh" } },
                                  { "id": "virtualbox", "installed": true } ],
                 "probes": [], "outputs": [ { "on": "guest", "command": "ip addr", "text": "x" } ],
                 "unread": [ { "what": "nftables", "why": "needs root", "how": "sudo nft" },
                             { "what": "iptables", "why": "needs root", "how": "sudo iptables" },
                             { "what": "VirtualBox machine x", "why": "timed out", "how": "" } ] }"#,
        );
        let more = case(
            r#"{ "taken_at": "2026-01-01T00:01:00Z",
                 "host": { "os": "linux", "filter": { "value": {}, "source": "nft" }, "hosts": { "unknown": { "why": "timed-out" } } },
                 "hypervisors": [ { "id": "libvirt", "running": false, "machines": { "value": [ { "name": "system" } ], "source": "virsh" } } ],
                 "unread": [ { "what": "iptables", "why": "not understood", "how": "" } ] }"#,
        );
        let joined = join(&plain, &more);
        assert!(joined.host.filter.is_known());
        assert_eq!(joined.host.hosts.rows().len(), 1);
        assert_eq!(joined.taken_at, more.taken_at);
        assert_eq!((&joined.intake, &joined.outputs), (&plain.intake, &plain.outputs));
        let libvirt = &joined.hypervisors[0];
        let names: Vec<_> = libvirt
            .machines
            .rows()
            .iter()
            .map(|machine| machine.name.as_str())
            .collect();
        assert_eq!((names, libvirt.running), (vec!["system", "mine"], Some(true)));
        assert_eq!(joined.hypervisors[1].installed, Some(true));
        let unread: Vec<_> = joined.unread.iter().map(|unread| unread.what.as_str()).collect();
        assert_eq!(unread, ["iptables", "VirtualBox machine x"]);
        assert_eq!(join(&joined, &more), joined, "joining twice");
        assert_eq!(join(&plain, &Case::default()).host, plain.host);
    }
}
