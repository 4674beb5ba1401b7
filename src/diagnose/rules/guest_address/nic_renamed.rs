//! `guest-nic-renamed`: the guest's settings name a card that it does not have, while the one it has is set up by
//! nobody.

use super::super::prelude::*;
use crate::model::{Adapter, CardSettings};

rule!("guest-nic-renamed", GuestAddress, Guest, Stops, follows_from: ["vm-not-running"], look_alikes: ["guest-nic-not-started", "guest-nic-driver-missing", "guest-apipa"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() {
        return None;
    }
    let (row, orphan) = mismatch(s)?;
    let old = row.adapter.as_deref()?;
    Some(
        Found::new(Confidence::Confirmed)
            .arg("old", old)
            .arg("card", &orphan.name)
            .arg("file", &row.holder)
            .fact("fact-card-settings", old, &row.holder)
            .fact(
                "fact-guest-card",
                said::then(&orphan.name, said::word("value-no-address")),
                s.guest().adapters.source(),
            ),
    )
}

/// Settings for a card that is not there, and a card without address that no settings are for.
fn mismatch<'a>(s: &Situation<'a>) -> Option<(&'a CardSettings, &'a Adapter)> {
    let guest = s.guest();
    let adapters = guest.adapters.value()?;
    let settings = guest.settings.value()?;
    let lost = settings.iter().find(|row| {
        let sets = row.dhcp.is_some() || !row.addresses.is_empty();
        row.adapter.as_deref().is_some_and(|name| {
            let whole = !name.contains(['*', '?', '[', '!', ' ']) && !name.is_empty();
            sets && whole && row.mac.is_none() && looks_physical(name) && guest.adapter(name).is_none()
        })
    })?;
    let named = |adapter: &Adapter| {
        settings.iter().any(|row| {
            row.adapter
                .as_deref()
                .is_some_and(|name| matches(name, &adapter.name))
                || (row.mac.is_some() && row.mac == adapter.mac)
        })
    };
    let orphan = adapters.iter().find(|adapter| {
        inside::is_card(adapter)
            && (adapter.addresses.is_some() || adapter.enabled == Some(false))
            && adapter.ipv4().all(|net| net.addr().is_link_local())
            && !named(adapter)
    })?;
    Some((lost, orphan))
}

/// Names that the kernel and udev give to cards; bridges and tunnels of the settings may come later.
fn looks_physical(name: &str) -> bool {
    ["eth", "en", "em", "vtnet", "vmx", "hn", "re", "wl", "igb"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
        && !name.contains(['.', ':'])
}

/// Whether a name of the settings, which may hold `*` at its end, means this card.
fn matches(name: &str, card: &str) -> bool {
    match name.split_once('*') {
        Some((head, _)) => card.starts_with(head),
        None => name == card,
    }
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let os = guest_os(s);
    match mismatch(s) {
        Some((row, orphan)) => {
            let old = row.adapter.as_deref().unwrap_or_default();
            let mut ways = remedy::rename_in_settings(os, &row.holder, old, &orphan.name);
            ways.extend(remedy::enable_adapter(Where::Guest, os, &orphan.name));
            ways.extend(remedy::renew_lease(os, &orphan.name));
            ways
        }
        None => match os {
            Os::Windows | Os::Macos => remedy::renew_lease(os, &guest_adapter_name(s)),
            Os::Bsd => remedy::rename_in_settings(os, "/etc/rc.conf", "em0", "vtnet0"),
            _ => remedy::rename_in_settings(os, "/etc/network/interfaces", "ens33", "enp0s3"),
        },
    }
}
