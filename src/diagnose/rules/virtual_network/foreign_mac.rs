//! What sends with another hardware address than its card's: machines, bridges and cluster addresses inside a guest.

use super::super::prelude::*;

/// How sure it is that frames of the guest carry an address that is not its card's, with the fact.
pub fn sends_foreign(s: &Situation<'_>) -> Option<(Confidence, Evidence)> {
    let nic = s.nic?;
    let guest = s.guest();
    let inside = guest.adapters.value()?;
    if let (Some(mac), Some(address)) = (nic.mac, s.guest_ip)
        && let Some(card) = inside.iter().find(|card| card.holds(address))
        && let Some(own) = card.mac
        && own != mac
    {
        return Some((
            Confidence::Confirmed,
            evidence(
                "fact-mac",
                format!("{} {own} ≠ {mac}", card.name),
                guest.adapters.source(),
            ),
        ));
    }
    // A bridge inside with the card as its port carries whatever hangs on it.
    let bridge = inside.iter().find(|bridge| {
        let mut ports = role::ports(guest, bridge);
        bridge.kind == AdapterKind::Bridge && ports.any(|port| nic.mac.is_some() && port.mac == nic.mac)
    })?;
    let nested: Vec<&str> = role::ports(guest, bridge)
        .filter(|port| role::is_machine_port(port))
        .map(|port| port.name.as_str())
        .collect();
    (!nested.is_empty()).then(|| {
        (
            Confidence::Confirmed,
            evidence(
                "fact-bridge-port",
                format!("{}: {}", bridge.name, nested.join(", ")),
                guest.adapters.source(),
            ),
        )
    })
}
