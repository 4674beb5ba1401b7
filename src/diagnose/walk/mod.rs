//! Which way a packet takes through the machines of a case, hop by hop, out and back: the look-up and the row that
//! wins, the router or the segment, the filter rule that throws it away, translation, and the way back.
//!
//! An account of the tables, not of packets: what was not read is said to be unknown and the walk goes on where the
//! mode or the segment tells how it must go on. Every step is bounded; a packet in a circle is let go.

mod hop;
mod machine;
mod outside;
mod step;

use std::net::IpAddr;

pub use hop::{Hop, Judgment, Spot};

use super::filter::Content;
use super::{Leg, Situation, Station};
use crate::model::{Case, ConnectionState, Endpoint, Place};
use step::{Arrival, Packet, Walker};

/// A packet to be followed, and the answer to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// Who sends it.
    pub from: Endpoint,
    /// Whom it is for.
    pub to: IpAddr,
    /// What it carries.
    pub content: Content,
}

/// The way of a packet and of its answer.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Walk {
    /// Whom it is for.
    pub to: IpAddr,
    /// The way there.
    pub out: Vec<Hop>,
    /// The way back; empty when nothing arrives that could be answered.
    pub back: Vec<Hop>,
    /// What is said of both together.
    pub end: Judgment,
}

impl Walk {
    /// The hops with the direction of each.
    pub fn hops(&self) -> impl Iterator<Item = (Leg, &Hop)> {
        let out = self.out.iter().map(|hop| (Leg::Out, hop));
        out.chain(self.back.iter().map(|hop| (Leg::Back, hop)))
    }

    /// The hops of one station in one direction.
    pub(super) fn hops_at(&self, station: Station, leg: Leg) -> impl Iterator<Item = &Hop> {
        self.hops()
            .filter(move |(own, hop)| *own == leg && hop.station == station)
            .map(|(_, hop)| hop)
    }

    /// The key of the sentence that sums it up; it takes the text of the hop at which it ends as `hop`.
    pub fn end_key(&self) -> &'static str {
        match (self.end, self.stop()) {
            (_, Some((Leg::Out, _))) => "walk-end-stops",
            (_, Some((Leg::Back, _))) => "walk-end-stops-back",
            (Judgment::Passes, None) => "walk-end-passes",
            (_, None) => "walk-end-unknown",
        }
    }

    /// Where the packet or its answer ends, when it ends.
    pub fn stop(&self) -> Option<(Leg, &Hop)> {
        self.hops().find(|(_, hop)| hop.judgment == Judgment::Stops)
    }
}

/// Follows a packet through the machines of a case. Raw outputs must have been taken in before.
pub fn walk(case: &Case, question: Question) -> Walk {
    follow(&Situation::of(case), question)
}

/// The traffic that a case asks about, as far as its destination is known.
pub(super) fn asked(s: &Situation<'_>) -> Option<Walk> {
    let from = s.from;
    let to = s.destination()?;
    let content = s.case.intake.port.map_or(Content::EchoRequest, Content::Tcp);
    Some(follow(s, Question { from, to, content }))
}

/// From where a packet can be followed: this PC, the machines of which something is known, and from outside.
pub fn starts(case: &Case) -> Vec<Endpoint> {
    let all = [
        Endpoint::Host,
        Endpoint::Guest,
        Endpoint::Guest2,
        Endpoint::Lan,
        Endpoint::Internet,
    ];
    let is_start = |end: &Endpoint| match end {
        Endpoint::Host | Endpoint::Lan | Endpoint::Internet => true,
        Endpoint::Guest | Endpoint::Guest2 => start_of(case, *end).is_some(),
    };
    all.into_iter().filter(is_start).collect()
}

/// The machine from which a packet is followed by its own tables; `None` where it comes from outside of the case.
fn start_of(case: &Case, from: Endpoint) -> Option<Place> {
    let known = |place: &Place| {
        let described = case.system(*place).is_some_and(|system| !system.is_empty());
        *place == Place::Host || described
    };
    from.place().filter(known)
}

fn follow(s: &Situation<'_>, question: Question) -> Walk {
    // Of a guest that nothing is known of, the mode still tells how it must send.
    let start = match question.from {
        Endpoint::Lan | Endpoint::Internet => start_of(s.case, question.from),
        end => end.place(),
    };
    let mut walker = Walker::new(s, start, question.to);
    let arrival = match start {
        Some(at) => walker.follow(Packet {
            at,
            input: None,
            source: None,
            to: question.to,
            content: question.content,
            state: ConnectionState::New,
        }),
        None => walker.enter(question.from, question.to, question.content),
    };
    let out = walker.take_hops();
    let answer = match (&arrival, question.content) {
        (Arrival::Ended, _) => None,
        (_, Content::EchoRequest) => Some(Content::EchoReply),
        (_, other) => Some(other),
    };
    if let Some(content) = answer {
        walker.follow_back(arrival, content);
    }
    let back = walker.take_hops();
    let worst = |hops: &[Hop]| hops.iter().map(|hop| hop.judgment).max();
    let end = worst(&out).max(worst(&back)).unwrap_or(Judgment::Unknown);
    Walk {
        to: question.to,
        out,
        back,
        end,
    }
}

#[cfg(test)]
mod tests;
