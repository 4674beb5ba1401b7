//! The one question, command or paste that would tell most.

use super::{Asked, Confidence, Finding, Link, Next, NextKind, Situation, Verdict};
use crate::model::{Endpoint, Message, Os};
use crate::remedy::Where;

/// What to ask next; `None` when nothing more has to be known.
pub(super) fn next(s: &Situation<'_>, asked: Asked, verdict: Verdict, findings: &[Finding]) -> Option<Next> {
    if matches!(verdict, Verdict::Reachable | Verdict::ImpossibleByDesign) {
        return None;
    }
    let first = findings.first();
    if first.is_some_and(|finding| finding.confidence == Confidence::Confirmed) {
        return None;
    }
    if s.involves_guest() && s.guest_ip.is_none() {
        return Some(question("next-guest-address", s));
    }
    let starts_inside = matches!(s.from, Endpoint::Guest | Endpoint::Guest2 | Endpoint::Lan);
    if starts_inside && (asked == Asked::NotTried || s.guest().is_empty()) {
        return Some(guest_script(s, "next-guest-script"));
    }
    let link = s.guest_seen().map_or(Link::Unknown, |seen| seen.link());
    if s.involves_guest() && link == Link::Silent && s.machine.is_none() && s.guest().is_empty() {
        // Off, unplugged, or another address: the guest's own list of addresses tells all three apart.
        return Some(guest_script(s, "next-guest-running"));
    }
    // One of the host's own rules may be it, and root can read them all.
    let may_be_filter = first.is_some_and(|finding| {
        finding.id.starts_with("guest-firewall")
            || finding.id.starts_with("host-firewall")
            || finding.id == "docker-forward-drop"
            || finding.id == "host-forward-policy-drop"
    });
    let unread = s
        .host()
        .filter
        .value()
        .is_none_or(|packet_filter| !packet_filter.complete);
    if may_be_filter && s.host_os == Os::Linux && unread {
        return Some(Next {
            kind: NextKind::Command,
            text: Message::new("next-read-filter"),
            command: Some("sudo nft list ruleset".to_owned()),
            on: Some(Where::Host),
        });
    }
    if s.involves_guest() && s.guest().is_empty() {
        return Some(guest_script(s, "next-guest-script"));
    }
    (verdict == Verdict::Inconclusive).then(|| question("next-what-fails", s))
}

fn question(key: &'static str, s: &Situation<'_>) -> Next {
    Next {
        kind: NextKind::Question,
        text: Message::new(key).with("vm", s.machine_name()),
        command: None,
        on: None,
    }
}

fn guest_script(s: &Situation<'_>, key: &'static str) -> Next {
    let os = s.guest_os().unwrap_or(Os::Linux);
    Next {
        kind: NextKind::Paste,
        text: Message::new(key).with("vm", s.machine_name()),
        command: Some(crate::knowledge::guest_script(os)),
        on: Some(Where::Guest),
    }
}
