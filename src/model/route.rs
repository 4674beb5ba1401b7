//! Routes and policy rules, and the look-up that decides where a packet goes.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::Adapter;

/// One row of a routing table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// The destinations it is for; a prefix length of 0 is the default route.
    pub destination: IpNet,
    /// The router to hand packets to; `None` when the destination is on the adapter's own segment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<IpAddr>,
    /// The adapter that packets leave by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adapter: Option<String>,
    /// Smaller wins among equal prefixes. On Windows already added to the adapter's own metric.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<u32>,
    /// The routing table (Linux); `None` is the main one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<u32>,
    /// What it does with a packet.
    #[serde(default, skip_serializing_if = "RouteKind::is_unicast")]
    pub kind: RouteKind,
    /// The source address that it prefers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<IpAddr>,
    /// Who put it there: `kernel`, `dhcp`, `static`, `boot`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// Whether it survives a reboot (Windows persistent routes).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub persistent: bool,
    /// Whether its adapter is down, so that it is not used.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dead: bool,
    /// Whether it only serves programs bound to its adapter (macOS flag `I`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub scoped: bool,
}

/// What a route does with a packet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RouteKind {
    /// Delivers it to this machine.
    Local,
    /// Delivers it to all.
    Broadcast,
    /// Delivers it to a group.
    Multicast,
    /// Throws it away silently.
    Blackhole,
    /// Throws it away and says *unreachable*.
    Unreachable,
    /// Throws it away and says *prohibited*.
    Prohibit,
    /// Ends the search in this table.
    Throw,
    /// Sends it on.
    #[default]
    #[serde(other)]
    Unicast,
}

impl RouteKind {
    fn is_unicast(&self) -> bool {
        *self == Self::Unicast
    }
}

/// One policy rule (Linux `ip rule`): which packets look into which table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyRule {
    /// Rules are tried from the smallest number up.
    pub priority: u32,
    /// Source prefix it is for; `None` is all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<IpNet>,
    /// Destination prefix it is for; `None` is all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<IpNet>,
    /// Adapter the packet came in by; `lo` stands for this machine's own packets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// Adapter that the sender is bound to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// Packet mark and mask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<(u32, u32)>,
    /// Whether the rule is for all packets that do *not* match.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inverted: bool,
    /// Ignores routes whose prefix is this short or shorter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suppress_prefix_length: Option<u32>,
    /// Whether it also asks for something that this model does not hold (ports, user, protocol), so that it
    /// cannot be said whether it matches.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub selective: bool,
    /// What it does.
    pub action: PolicyAction,
}

/// What a policy rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyAction {
    /// Looks into this table.
    Table(u32),
    /// Throws the packet away silently.
    Blackhole,
    /// Throws it away and says *unreachable*.
    Unreachable,
    /// Throws it away and says *prohibited*.
    Prohibit,
    /// Something else.
    #[serde(untagged)]
    Other(u32),
}

/// Number of the local table of Linux.
pub const TABLE_LOCAL: u32 = 255;
/// Number of the main table of Linux, and the only one elsewhere.
pub const TABLE_MAIN: u32 = 254;
/// Number of the default table of Linux.
pub const TABLE_DEFAULT: u32 = 253;

/// The kernel's own answer to "which way would a packet to this address go" (`ip route get`,
/// `Find-NetRoute`, `route -n get`). It outranks what is computed from tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemLookUp {
    /// The address asked for.
    pub destination: IpAddr,
    /// The adapter that was named; `None` when there is no way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adapter: Option<String>,
    /// The router that was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<IpAddr>,
    /// The source address that was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<IpAddr>,
    /// What kind of route was named.
    #[serde(default)]
    pub kind: RouteKind,
    /// The system's words when there is no way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Where a packet goes, as far as the tables tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookUp<'a> {
    /// This row wins.
    Row(&'a Route),
    /// A policy rule throws the packet away.
    Policy(&'a PolicyRule),
    /// No row fits.
    NoRoute,
    /// The tables were not read, or a rule cannot be judged.
    Unknown,
}

/// Finds the row that wins for `destination`: policy rules from the smallest number up, in each table the
/// longest prefix, then the smallest metric, then the order of the table. Without rules only the main table
/// is asked. `input` is the adapter a forwarded packet came in by; `None` is a packet of this machine.
pub fn look_up<'a>(
    routes: &'a [Route],
    rules: &'a [PolicyRule],
    destination: IpAddr,
    source: Option<IpAddr>,
    input: Option<&str>,
) -> LookUp<'a> {
    if rules.is_empty() {
        return best(routes, TABLE_MAIN, destination, None).map_or(LookUp::NoRoute, LookUp::Row);
    }
    let mut ordered: Vec<&PolicyRule> = rules.iter().filter(|rule| rule.is_for(destination)).collect();
    ordered.sort_by_key(|rule| rule.priority);
    for rule in ordered {
        match applies(rule, destination, source, input) {
            Some(false) => continue,
            None => return LookUp::Unknown,
            Some(true) => {}
        }
        match rule.action {
            PolicyAction::Table(table) => {
                let row = best(routes, table, destination, rule.suppress_prefix_length);
                if let Some(row) = row.filter(|row| row.kind != RouteKind::Throw) {
                    return LookUp::Row(row);
                }
            }
            PolicyAction::Blackhole | PolicyAction::Unreachable | PolicyAction::Prohibit => {
                return LookUp::Policy(rule);
            }
            PolicyAction::Other(_) => return LookUp::Unknown,
        }
    }
    LookUp::NoRoute
}

/// Everything that a look-up comes upon, in its order: what wins first, then what would win without that, and so on.
/// It ends with [`LookUp::Unknown`] where a rule cannot be judged.
pub fn look_up_all<'a>(
    routes: &'a [Route],
    rules: &'a [PolicyRule],
    destination: IpAddr,
    source: Option<IpAddr>,
) -> Vec<LookUp<'a>> {
    let mut ordered: Vec<&PolicyRule> = rules.iter().filter(|rule| rule.is_for(destination)).collect();
    ordered.sort_by_key(|rule| rule.priority);
    let mut met = Vec::new();
    if rules.is_empty() {
        met.extend(all_in(routes, TABLE_MAIN, destination, None));
    }
    for rule in ordered {
        match applies(rule, destination, source, None) {
            Some(false) => continue,
            None => {
                met.push(LookUp::Unknown);
                return met;
            }
            Some(true) => {}
        }
        match rule.action {
            PolicyAction::Table(table) => {
                met.extend(all_in(routes, table, destination, rule.suppress_prefix_length));
            }
            PolicyAction::Blackhole | PolicyAction::Unreachable | PolicyAction::Prohibit => {
                met.push(LookUp::Policy(rule));
            }
            PolicyAction::Other(_) => {
                met.push(LookUp::Unknown);
                return met;
            }
        }
    }
    met
}

/// The rows of a table that fit, best first, up to one that sends the look-up on to the next rule.
fn all_in(routes: &[Route], table: u32, destination: IpAddr, suppress: Option<u32>) -> Vec<LookUp<'_>> {
    let mut rows: Vec<&Route> = fitting(routes, table, destination, suppress).collect();
    rows.sort_by_key(|route| route.rank());
    rows.into_iter()
        .take_while(|route| route.kind != RouteKind::Throw)
        .map(LookUp::Row)
        .collect()
}

fn applies(
    rule: &PolicyRule,
    destination: IpAddr,
    source: Option<IpAddr>,
    input: Option<&str>,
) -> Option<bool> {
    let to = rule.to.is_none_or(|net| net.contains(&destination));
    // A packet whose source is still to be chosen matches no rule that asks for one (the kernel looks up
    // with the unspecified address then).
    let from = rule
        .from
        .is_none_or(|net| net.prefix_len() == 0 || source.is_some_and(|source| net.contains(&source)));
    let came_in = rule
        .input
        .as_deref()
        .is_none_or(|name| name == input.unwrap_or("lo"));
    let unmarked = rule.mark.is_none_or(|(mark, mask)| mark & mask == 0);
    let unbound = rule.output.is_none();
    let matches = to && from && came_in && unmarked && unbound;
    if rule.selective && matches != rule.inverted {
        return None;
    }
    Some(matches != rule.inverted)
}

fn best(routes: &[Route], table: u32, destination: IpAddr, suppress: Option<u32>) -> Option<&Route> {
    // `min_by_key` keeps the first of equals, as the kernel does.
    fitting(routes, table, destination, suppress).min_by_key(|route| route.rank())
}

/// The rows of a table that are for this destination.
fn fitting(
    routes: &[Route],
    table: u32,
    destination: IpAddr,
    suppress: Option<u32>,
) -> impl Iterator<Item = &Route> {
    routes.iter().filter(move |route| {
        route.table.unwrap_or(TABLE_MAIN) == table
            && !route.dead
            && !route.scoped
            && route.destination.contains(&destination)
            && suppress.is_none_or(|length| u32::from(route.destination.prefix_len()) > length)
    })
}

impl PolicyRule {
    /// Whether it speaks of addresses of this one's family.
    fn is_for(&self, destination: IpAddr) -> bool {
        let family = |net: &IpNet| net.addr().is_ipv4() == destination.is_ipv4();
        self.from.as_ref().is_none_or(family) && self.to.as_ref().is_none_or(family)
    }
}

impl Route {
    /// A row of the main table that leads straight out of `adapter`.
    pub fn on_link(destination: IpNet, adapter: impl Into<String>) -> Self {
        Self {
            destination,
            via: None,
            adapter: Some(adapter.into()),
            metric: None,
            table: None,
            kind: RouteKind::Unicast,
            source: None,
            protocol: None,
            persistent: false,
            dead: false,
            scoped: false,
        }
    }

    /// A row of the main table that leads to a router.
    pub fn through(destination: IpNet, via: IpAddr, adapter: impl Into<String>) -> Self {
        Self {
            via: Some(via),
            ..Self::on_link(destination, adapter)
        }
    }

    /// The smallest wins: the longest prefix, then the smallest metric.
    fn rank(&self) -> (u8, u32) {
        (u8::MAX - self.destination.prefix_len(), self.metric.unwrap_or(0))
    }

    /// Whether it is for everything that no other row is for.
    pub fn is_default(&self) -> bool {
        self.destination.prefix_len() == 0 && self.kind == RouteKind::Unicast
    }

    /// Whether it throws packets away.
    pub fn discards(&self) -> bool {
        matches!(
            self.kind,
            RouteKind::Blackhole | RouteKind::Unreachable | RouteKind::Prohibit
        )
    }

    /// The row in the words of `ip route`.
    pub fn describe(&self) -> String {
        let mut text = String::new();
        match self.kind {
            RouteKind::Unicast => {}
            RouteKind::Local => text.push_str("local "),
            RouteKind::Broadcast => text.push_str("broadcast "),
            RouteKind::Multicast => text.push_str("multicast "),
            RouteKind::Blackhole => text.push_str("blackhole "),
            RouteKind::Unreachable => text.push_str("unreachable "),
            RouteKind::Prohibit => text.push_str("prohibit "),
            RouteKind::Throw => text.push_str("throw "),
        }
        if self.is_default() {
            text.push_str("default");
        } else {
            text.push_str(&self.destination.to_string());
        }
        if let Some(via) = self.via {
            text.push_str(&format!(" via {via}"));
        }
        if let Some(adapter) = &self.adapter {
            text.push_str(&format!(" dev {adapter}"));
        }
        if let Some(metric) = self.metric {
            text.push_str(&format!(" metric {metric}"));
        }
        if let Some(table) = self.table.filter(|table| *table != TABLE_MAIN) {
            text.push_str(&format!(" table {table}"));
        }
        text
    }
}

/// The adapter whose own segment `address` is in, most specific first.
pub fn adapter_on_segment(adapters: &[Adapter], address: IpAddr) -> Option<(&Adapter, IpNet)> {
    adapters
        .iter()
        .filter_map(|adapter| Some((adapter, adapter.on_segment_of(address)?)))
        .max_by_key(|(_, net)| net.prefix_len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(text: &str) -> IpNet {
        text.parse().expect("a network")
    }

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn the_longest_prefix_wins_then_the_metric() {
        let mut wide = Route::through(net("192.168.0.0/16"), address("10.8.0.1"), "tun0");
        wide.metric = Some(1);
        let mut first = Route::on_link(net("192.168.122.0/24"), "virbr0");
        first.metric = Some(100);
        let mut second = Route::on_link(net("192.168.122.0/24"), "tun0");
        second.metric = Some(50);
        let routes = [wide, first, second];
        let won = look_up(&routes, &[], address("192.168.122.5"), None, None);
        assert_eq!(won, LookUp::Row(&routes[2]));
        let other = look_up(&routes, &[], address("192.168.1.5"), None, None);
        assert_eq!(other, LookUp::Row(&routes[0]));
        assert_eq!(
            look_up(&routes, &[], address("8.8.8.8"), None, None),
            LookUp::NoRoute
        );
    }

    #[test]
    fn policy_rules_come_before_the_main_table() {
        let mut tunnel = Route::on_link(net("0.0.0.0/0"), "wg0");
        tunnel.table = Some(52);
        let routes = [Route::on_link(net("192.168.122.0/24"), "virbr0"), tunnel];
        let rule = |priority, action| PolicyRule {
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
        };
        let mut rules = vec![
            rule(5270, PolicyAction::Table(52)),
            rule(32766, PolicyAction::Table(TABLE_MAIN)),
        ];
        let guest = address("192.168.122.5");
        assert_eq!(
            look_up(&routes, &rules, guest, None, None),
            LookUp::Row(&routes[1])
        );
        let mut first = rule(100, PolicyAction::Table(TABLE_MAIN));
        first.suppress_prefix_length = Some(0);
        rules.push(first);
        assert_eq!(
            look_up(&routes, &rules, guest, None, None),
            LookUp::Row(&routes[0])
        );
        rules.push(rule(50, PolicyAction::Prohibit));
        assert!(matches!(
            look_up(&routes, &rules, guest, None, None),
            LookUp::Policy(_)
        ));
    }
}
