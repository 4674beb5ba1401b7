//! `hypervisor-known-bad-version`: the product's own tracker says that this version breaks this.

use super::super::prelude::*;

rule!("hypervisor-known-bad-version", Hypervisor, Hypervisor, Stops, follows_from: ["vm-not-running"], look_alikes: ["host-firewall-blocks-dhcp-dns", "usermode-nat-no-icmp", "hypervisor-nat-service-stopped"]);

/// A version that breaks something.
struct Known {
    product: HypervisorId,
    first: [u32; 3],
    last: [u32; 3],
    mode: Mode,
    os: Os,
    /// Smallest build of the host's system that is affected.
    build: Option<u32>,
    /// An older version that is known to do it right.
    instead: &'static str,
    other_mode: &'static str,
    reference: &'static str,
}

/// What is known. VirtualBox issues 136 and 281: NAT networks of 7.2.0 to 7.2.2 on Windows 11 24H2 (build 26100); 7.1.12
/// does it right there. No later version is confirmed to, so that none is named.
const KNOWN: [Known; 1] = [Known {
    product: HypervisorId::VirtualBox,
    first: [7, 2, 0],
    last: [7, 2, 2],
    mode: Mode::NatNetwork,
    os: Os::Windows,
    build: Some(26100),
    instead: "7.1.12",
    other_mode: "nat",
    reference: "VirtualBox/virtualbox#136",
}];

fn check(s: &Situation<'_>) -> Option<Found> {
    let (known, version) = found(s)?;
    let system = s.host().os_name.as_deref().unwrap_or_default();
    let built = build_of(system);
    let fails = s.asked() == Asked::Fails || matches!(Lease::of(s), Lease::Refused(_));
    let confidence = match (known.build, built) {
        (Some(wanted), Some(own)) if own < wanted => return None,
        (Some(_), Some(_)) | (None, _) if fails => Confidence::Confirmed,
        _ if fails => Confidence::Likely,
        _ => return None,
    };
    Some(
        Found::new(confidence)
            .arg("version", version)
            .arg("reference", known.reference)
            .fact("fact-version", version, known.product.name())
            .facts((!system.is_empty()).then(|| evidence("fact-version", system, "host")))
            .facts([mode_fact(s)]),
    )
}

fn found<'a>(s: &Situation<'a>) -> Option<(&'static Known, &'a str)> {
    let version = s.product?.version.as_deref()?;
    let own = number(version)?;
    let known = KNOWN.iter().find(|known| {
        s.hypervisor == Some(known.product)
            && s.mode == Some(known.mode)
            && s.host_os == known.os
            && (known.first..=known.last).contains(&own)
    })?;
    Some((known, version))
}

/// The first three numbers of `7.2.0r170228`.
fn number(version: &str) -> Option<[u32; 3]> {
    let mut parts = version
        .split(|c: char| !c.is_ascii_digit())
        .map(str::parse::<u32>);
    Some([parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?])
}

/// The build of `Microsoft Windows 11 Pro 10.0.26100`, or of `24H2`.
fn build_of(system: &str) -> Option<u32> {
    let numbers = system
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|word| word.parse::<u32>().ok());
    numbers
        .filter(|number| (10_000..100_000).contains(number))
        .max()
        .or(system.contains("24H2").then_some(26100))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let known = found(s).map_or(&KNOWN[0], |(known, _)| known);
    vec![
        remedy::ask(
            Where::Host,
            Message::new("remedy-update-ask")
                .with("hypervisor", known.product.name())
                .with("version", known.last.map(|part| part.to_string()).join("."))
                .with("instead", known.instead),
        ),
        remedy::ask(
            Where::Host,
            Message::new("remedy-use-mode-ask")
                .with("vm", s.machine_name())
                .with("mode", known.other_mode),
        ),
    ]
}
