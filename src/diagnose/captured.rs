//! What packet captures showed of the traffic asked for: whether its requests left, arrived, and were answered.

use std::net::IpAddr;

use super::rules::evidence;
use super::situation::{Asked, Situation};
use super::{Evidence, inside, said};
use crate::model::{Capture, Exchange, Place};

/// What a capture at one end saw of the requests asked for.
#[derive(Clone, Copy, Debug)]
pub enum Captured<'a> {
    /// Requests, and not one answer.
    Unanswered(&'a Capture, &'a Exchange),
    /// Requests and answers, or answers alone.
    Answered(&'a Capture, &'a Exchange),
    /// It ran to its end, would have shown them, and saw none.
    Absent(&'a Capture),
}

impl Captured<'_> {
    /// The fact, with the adapter on which it was seen.
    fn fact(&self, key: &'static str) -> Evidence {
        let (capture, words) = match self {
            Self::Unanswered(capture, exchange) | Self::Answered(capture, exchange) => (
                capture,
                said::word("value-captured")
                    .with("from", exchange.from)
                    .with("to", exchange.to)
                    .with("requests", exchange.requests)
                    .with("answers", exchange.answers),
            ),
            Self::Absent(capture) => (capture, said::word("value-captured-none")),
        };
        let adapter = capture.adapter.as_deref().unwrap_or("?");
        evidence(key, said::named(adapter, words), &capture.source)
    }
}

/// What was captured on the machine that the traffic is for. A capture stands before the machine's own filter: what
/// it does not see never came, and an answer that it does not see was never given.
pub fn at_target<'a>(s: &Situation<'a>) -> Option<Captured<'a>> {
    at(s, s.to.place()?)
}

/// What was captured on the machine that the traffic starts from.
pub fn at_start<'a>(s: &Situation<'a>) -> Option<Captured<'a>> {
    // That no request was seen leaving may be another adapter's doing.
    at(s, s.start_place()?).filter(|captured| !matches!(captured, Captured::Absent(_)))
}

fn at<'a>(s: &Situation<'a>, place: Place) -> Option<Captured<'a>> {
    let to = s.destination()?;
    let mut absent = None;
    for capture in s.case.captures.iter().rev().filter(|one| one.on == place) {
        let asked = capture.exchanges.iter().find(|one| is_asked(s, one, to));
        match asked {
            Some(exchange) if exchange.answers > 0 => return Some(Captured::Answered(capture, exchange)),
            Some(exchange) if exchange.is_unanswered(capture.ended) => {
                return Some(Captured::Unanswered(capture, exchange));
            }
            Some(_) => {}
            None if absent.is_none() && shows(s, capture, place, to) => {
                absent = Some(Captured::Absent(capture));
            }
            None => {}
        }
    }
    absent.filter(|_| s.asked() == Asked::Fails)
}

/// Whether an exchange is the traffic asked for. What came through a translation has another sender than the one who
/// sent it.
fn is_asked(s: &Situation<'_>, exchange: &Exchange, to: IpAddr) -> bool {
    let own = |place: Place| s.case.system(place).and_then(|start| start.holds(exchange.from));
    let other = s.is_direct() && s.start_place().and_then(own) == Some(false);
    exchange.to == to && exchange.port == s.case.intake.port && !other
}

/// Whether the requests would stand in a capture, had they come: it listened on the right card, for the right packets.
fn shows(s: &Situation<'_>, capture: &Capture, place: Place, to: IpAddr) -> bool {
    let on_card = match capture.adapter.as_deref() {
        Some("any") => true,
        Some(name) => s
            .case
            .system(place)
            .and_then(|system| system.adapter_on_segment(to))
            .is_some_and(|(card, _)| card.name == name),
        None => false,
    };
    let from = s.host_address().filter(|_| s.is_direct());
    on_card && capture.would_show(from, to, s.case.intake.port)
}

/// Whether requests arrived at the target and none of them was answered there: what keeps them is the target itself.
pub fn dies_at_target(s: &Situation<'_>) -> bool {
    matches!(at_target(s), Some(Captured::Unanswered(..)))
}

/// Whether the target is out of it: its answers were seen, or no request came as far.
pub fn spares_target(s: &Situation<'_>) -> bool {
    let answers = |captured| matches!(captured, Some(Captured::Answered(..)));
    answers(at_target(s)) || answers(at_start(s)) || matches!(at_target(s), Some(Captured::Absent(_)))
}

/// Whether nothing but a filter of the guest is left to explain that what arrived was not answered: the address is
/// its own, its answers would leave by the card that it was asked on, and it answers for its hardware address.
pub fn only_filter_is_left(s: &Situation<'_>) -> bool {
    let holds = s.destination().and_then(|to| s.guest().holds(to)) == Some(true);
    let resolves = s
        .asked_seen()
        .is_some_and(|seen| seen.link() == super::Link::Answered);
    s.to == crate::model::Endpoint::Guest
        && dies_at_target(s)
        && holds
        && resolves
        && inside::answers_return(s) == Some(true)
}

/// What captures at both ends saw, as facts.
pub fn facts(s: &Situation<'_>) -> Vec<Evidence> {
    let start = at_start(s).map(|captured| captured.fact("fact-capture-start"));
    let target = at_target(s).map(|captured| captured.fact("fact-capture"));
    start.into_iter().chain(target).collect()
}
