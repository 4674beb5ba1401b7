//! `lossy-link`: packets get lost, but not all.

use super::super::prelude::*;
use crate::model::EchoResult;

rule!("lossy-link", Link, Network, Degrades, follows_from: ["duplicate-ip", "duplicate-dhcp-client-id", "duplicate-mac"], look_alikes: ["duplicate-ip", "duplicate-mac"]);

/// From so many echoes on a loss is told from bad luck, and from such a share on it is felt.
const FEW: u32 = 8;
const SHARE_PERCENT: u32 = 5;

fn check(s: &Situation<'_>) -> Option<Found> {
    let seen = s.asked_seen()?;
    // Every series counts, whichever address it came from: what drops by turns may spare one of them.
    let (echo, source) = seen.ordinary_echoes().find(|(echo, _)| is_felt(echo))?;
    let lost = echo.sent.saturating_sub(echo.received);
    // One that answered until a moment and never after was cut off in the middle of it.
    let fell_silent = echo.silent_at_last.is_some_and(|silent| silent >= lost);
    let confidence = if fell_silent {
        Confidence::Possible
    } else {
        Confidence::Confirmed
    };
    Some(
        Found::new(confidence)
            .arg("lost", lost)
            .arg("sent", echo.sent)
            .fact("fact-echo", said::answered(echo), source),
    )
}

/// Whether a series lost enough to be noticed and not all. A single one may be lost on any network.
pub(super) fn is_felt(echo: &EchoResult) -> bool {
    let lost = echo.sent.saturating_sub(echo.received);
    echo.sent >= FEW
        && lost >= 2
        && echo.received > 0
        && lost.saturating_mul(100) > echo.sent.saturating_mul(SHARE_PERCENT)
}

fn remedy(_: &Situation<'_>) -> Vec<Remedy> {
    vec![remedy::ask(Where::Host, Message::new("remedy-lossy-ask"))]
}
