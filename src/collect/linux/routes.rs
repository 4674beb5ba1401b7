//! All rows of all routing tables, the policy rules, and the kernel's own look-ups.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use nix::errno::Errno;
use rtnetlink::IpVersion;
use rtnetlink::packet_route::AddressFamily;
use rtnetlink::packet_route::route::{
    RouteAddress, RouteAttribute, RouteFlags, RouteMessage, RouteNextHop, RouteNextHopFlags, RouteProtocol,
    RouteType, RouteVia,
};
use rtnetlink::packet_route::rule::{RuleAction, RuleAttribute, RuleFlags, RuleMessage};

use super::super::source::Ledger;
use super::netlink::{self, Netlink};
use crate::model::{Fact, Gap, PolicyAction, PolicyRule, Route, RouteKind, SystemLookUp, TABLE_DEFAULT};

/// Reads routes and rules of both families.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    let netlink = netlink::connect()?;
    let names = netlink::names(&netlink::links(&netlink).await?);
    let mut routes = Vec::new();
    for family in [AddressFamily::Inet, AddressFamily::Inet6] {
        let rows = match dump(&netlink, family).await {
            Ok(rows) => rows,
            // A kernel without IPv6 says that the family is not supported; that is no gap.
            Err(_) if family == AddressFamily::Inet6 => continue,
            Err(gap) => return Err(gap),
        };
        for row in &rows {
            push_routes(row, &names, &mut routes);
        }
    }
    ledger.facts(move |case| case.host.routes = Fact::known(routes.clone(), "netlink RTM_GETROUTE"));
    let v4 = netlink::rows(netlink.handle.rule().get(IpVersion::V4).execute()).await?;
    let v6 = netlink::rows(netlink.handle.rule().get(IpVersion::V6).execute())
        .await
        .unwrap_or_default();
    let rules = merge_families(
        v4.iter().map(policy_rule).collect(),
        v6.iter().map(policy_rule).collect(),
    );
    ledger.facts(move |case| case.host.rules = Fact::known(rules.clone(), "netlink RTM_GETRULE"));
    Ok(())
}

async fn dump(netlink: &Netlink, family: AddressFamily) -> Result<Vec<RouteMessage>, Gap> {
    let mut question = RouteMessage::default();
    question.header.address_family = family;
    netlink::rows(netlink.handle.route().get(question).execute()).await
}

/// Adds the rows that one message stands for: one for each next hop.
fn push_routes(message: &RouteMessage, names: &HashMap<u32, String>, into: &mut Vec<Route>) {
    // A cached exception is no row of a table.
    if message.header.flags.contains(RouteFlags::Cloned) {
        return;
    }
    let unspecified = match message.header.address_family {
        AddressFamily::Inet => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        AddressFamily::Inet6 => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        _ => return,
    };
    let mut destination = unspecified;
    let mut table = u32::from(message.header.table);
    let mut hops: &[RouteNextHop] = &[];
    let mut metric = None;
    let mut source = None;
    for attribute in &message.attributes {
        match attribute {
            RouteAttribute::Destination(told) => destination = address(told).unwrap_or(unspecified),
            RouteAttribute::Table(told) => table = *told,
            RouteAttribute::Priority(told) => metric = Some(*told),
            RouteAttribute::PrefSource(told) => source = address(told),
            RouteAttribute::MultiPath(told) => hops = told,
            _ => {}
        }
    }
    let Some(destination) = netlink::net(destination, message.header.destination_prefix_length) else {
        return;
    };
    let row = |attributes: &[RouteAttribute], dead: bool| {
        let (adapter, via) = way(attributes, names);
        Route {
            metric,
            table: Some(table),
            kind: kind(message.header.kind),
            source,
            protocol: protocol(message.header.protocol),
            dead,
            via,
            adapter,
            ..Route::on_link(destination, "")
        }
    };
    // The kernel marks a row dead exactly when it does not use it; a row whose link is merely down is used.
    if hops.is_empty() {
        into.push(row(
            &message.attributes,
            message.header.flags.contains(RouteFlags::Dead),
        ));
    }
    for hop in hops {
        let mut one = row(&hop.attributes, hop.flags.contains(RouteNextHopFlags::Dead));
        one.adapter = names.get(&hop.interface_index).cloned();
        into.push(one);
    }
}

/// The adapter and the router that attributes name.
fn way(attributes: &[RouteAttribute], names: &HashMap<u32, String>) -> (Option<String>, Option<IpAddr>) {
    let (mut adapter, mut via) = (None, None);
    for attribute in attributes {
        match attribute {
            RouteAttribute::Oif(index) => adapter = names.get(index).cloned(),
            RouteAttribute::Gateway(told) => via = address(told),
            RouteAttribute::Via(RouteVia::Inet(told)) => via = Some(IpAddr::V4(*told)),
            RouteAttribute::Via(RouteVia::Inet6(told)) => via = Some(IpAddr::V6(*told)),
            _ => {}
        }
    }
    (adapter, via)
}

fn address(told: &RouteAddress) -> Option<IpAddr> {
    match told {
        RouteAddress::Inet(address) => Some(IpAddr::V4(*address)),
        RouteAddress::Inet6(address) => Some(IpAddr::V6(*address)),
        _ => None,
    }
}

fn kind(told: RouteType) -> RouteKind {
    match told {
        RouteType::Local | RouteType::Anycast => RouteKind::Local,
        RouteType::Broadcast => RouteKind::Broadcast,
        RouteType::Multicast => RouteKind::Multicast,
        RouteType::BlackHole => RouteKind::Blackhole,
        RouteType::Unreachable => RouteKind::Unreachable,
        RouteType::Prohibit => RouteKind::Prohibit,
        RouteType::Throw => RouteKind::Throw,
        _ => RouteKind::Unicast,
    }
}

/// The names that `ip route` prints.
fn protocol(told: RouteProtocol) -> Option<String> {
    match told {
        RouteProtocol::Unspec => None,
        RouteProtocol::IcmpRedirect => Some("redirect".to_owned()),
        RouteProtocol::Dhcp => Some("dhcp".to_owned()),
        RouteProtocol::Other(number) => Some(number.to_string()),
        other => Some(other.to_string()),
    }
}

fn policy_rule(message: &RuleMessage) -> PolicyRule {
    let mut table = u32::from(message.header.table);
    let mut rule = PolicyRule {
        priority: 0,
        from: None,
        to: None,
        input: None,
        output: None,
        mark: None,
        inverted: message.header.flags.contains(RuleFlags::Invert),
        suppress_prefix_length: None,
        // A type-of-service byte is one more condition that the model does not hold.
        selective: message.header.tos != 0,
        action: PolicyAction::Other(0),
    };
    let (mut mark, mut mask) = (None, u32::MAX);
    let mut other_action = 0;
    for attribute in &message.attributes {
        match attribute {
            RuleAttribute::Destination(told) => rule.to = netlink::net(*told, message.header.dst_len),
            RuleAttribute::Source(told) => rule.from = netlink::net(*told, message.header.src_len),
            RuleAttribute::Iifname(name) => rule.input = Some(name.clone()),
            RuleAttribute::Oifname(name) => rule.output = Some(name.clone()),
            RuleAttribute::Priority(told) => rule.priority = *told,
            RuleAttribute::FwMark(told) => mark = Some(*told),
            RuleAttribute::FwMask(told) => mask = *told,
            RuleAttribute::Table(told) => table = *told,
            RuleAttribute::Goto(told) => other_action = *told,
            // All bits set stands for "not asked".
            RuleAttribute::SuppressPrefixLen(length) => {
                rule.suppress_prefix_length = Some(*length).filter(|length| *length != u32::MAX);
            }
            RuleAttribute::SuppressIfGroup(group) => rule.selective |= *group != u32::MAX,
            RuleAttribute::UidRange(_)
            | RuleAttribute::IpProtocol(_)
            | RuleAttribute::SourcePortRange(_)
            | RuleAttribute::DestinationPortRange(_)
            | RuleAttribute::TunId(_)
            | RuleAttribute::L3MDev(true) => rule.selective = true,
            _ => {}
        }
    }
    rule.mark = mark
        .filter(|mark| *mark != 0 || mask != u32::MAX)
        .map(|mark| (mark, mask));
    rule.action = match message.header.action {
        RuleAction::ToTable => PolicyAction::Table(table),
        RuleAction::Blackhole => PolicyAction::Blackhole,
        RuleAction::Unreachable => PolicyAction::Unreachable,
        RuleAction::Prohibit => PolicyAction::Prohibit,
        _ => PolicyAction::Other(other_action),
    };
    rule
}

/// One list of both families' rules. A rule that stands in both is written once and for all packets; one
/// that stands in a single family, and names no prefix, is given that family's widest prefix.
fn merge_families(v4: Vec<PolicyRule>, v6: Vec<PolicyRule>) -> Vec<PolicyRule> {
    let mut only_v6 = v6;
    let mut rules = Vec::new();
    for mut rule in v4 {
        match only_v6.iter().position(|other| *other == rule) {
            Some(at) => {
                only_v6.remove(at);
            }
            None => narrow(&mut rule, IpNet::V4(ipnet::Ipv4Net::default())),
        }
        rules.push(rule);
    }
    for mut rule in only_v6 {
        narrow(&mut rule, IpNet::V6(ipnet::Ipv6Net::default()));
        rules.push(rule);
    }
    // Stable, so that equal numbers keep the kernel's order.
    rules.sort_by_key(|rule| rule.priority);
    rules
}

fn narrow(rule: &mut PolicyRule, all: IpNet) {
    // Linux gives IPv4 alone a rule for the default table, which is empty nearly everywhere.
    let usual = rule.action == PolicyAction::Table(TABLE_DEFAULT);
    if rule.from.is_none() && rule.to.is_none() && !usual {
        rule.from = Some(all);
    }
}

/// Asks the kernel which way a packet of this machine to `destination` would go, as `ip route get` does. That
/// there is no way is an answer, not an error.
///
/// # Errors
/// When the kernel cannot be asked.
pub async fn look_up(destination: IpAddr) -> Result<SystemLookUp, Gap> {
    let netlink = netlink::connect()?;
    let names = netlink::names(&netlink::links(&netlink).await?);
    ask(&netlink, &names, destination).await
}

async fn ask(
    netlink: &Netlink,
    names: &HashMap<u32, String>,
    destination: IpAddr,
) -> Result<SystemLookUp, Gap> {
    let mut question = RouteMessage::default();
    let (family, length, told) = match destination {
        IpAddr::V4(address) => (AddressFamily::Inet, 32, RouteAddress::Inet(address)),
        IpAddr::V6(address) => (AddressFamily::Inet6, 128, RouteAddress::Inet6(address)),
    };
    question.header.address_family = family;
    question.header.destination_prefix_length = length;
    question.attributes.push(RouteAttribute::Destination(told));
    let mut answer = SystemLookUp {
        destination,
        adapter: None,
        via: None,
        source: None,
        kind: RouteKind::Unicast,
        error: None,
    };
    let mut stream = std::pin::pin!(netlink.handle.route().get(question).execute());
    match futures_util::StreamExt::next(&mut stream).await {
        Some(Ok(message)) => {
            (answer.adapter, answer.via) = way(&message.attributes, names);
            answer.kind = kind(message.header.kind);
            answer.source = message.attributes.iter().find_map(|attribute| match attribute {
                RouteAttribute::PrefSource(told) => address(told),
                _ => None,
            });
            // IPv6 answers a discarding row with the row and its error instead of an error alone.
            if matches!(
                answer.kind,
                RouteKind::Blackhole | RouteKind::Unreachable | RouteKind::Prohibit
            ) {
                answer.adapter = None;
                answer.error = Some(format!("{:?}", answer.kind).to_lowercase());
            }
            Ok(answer)
        }
        Some(Err(error)) => match netlink::errno(&error) {
            // What the kernel's fib_props gives for each kind of row.
            Some(errno @ (Errno::ENETUNREACH | Errno::EHOSTUNREACH | Errno::EACCES | Errno::EINVAL)) => {
                answer.kind = match errno {
                    Errno::EACCES => RouteKind::Prohibit,
                    Errno::EHOSTUNREACH => RouteKind::Unreachable,
                    Errno::EINVAL => RouteKind::Blackhole,
                    _ => RouteKind::Unicast,
                };
                answer.error = Some(errno.desc().to_owned());
                Ok(answer)
            }
            _ => Err(netlink::gap(&error)),
        },
        None => Err(Gap {
            why: crate::model::Why::Failed,
            detail: "netlink: no answer".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(priority: u32, action: PolicyAction) -> PolicyRule {
        PolicyRule {
            priority,
            from: None,
            to: None,
            input: None,
            output: None,
            mark: None,
            inverted: false,
            suppress_prefix_length: None,
            selective: false,
            action,
        }
    }

    #[test]
    fn a_rule_of_one_family_is_not_for_the_other() {
        let table = |table| PolicyAction::Table(table);
        let v4 = vec![
            rule(0, table(255)),
            rule(9, PolicyAction::Blackhole),
            rule(32767, table(253)),
        ];
        let v6 = vec![rule(0, table(255)), rule(5, PolicyAction::Prohibit)];
        let merged = merge_families(v4, v6);
        let seen: Vec<_> = merged
            .iter()
            .map(|rule| (rule.priority, rule.from.map(|net| net.to_string())))
            .collect();
        assert_eq!(
            seen,
            [
                (0, None),
                (5, Some("::/0".to_owned())),
                (9, Some("0.0.0.0/0".to_owned())),
                (32767, None)
            ]
        );
    }
}
