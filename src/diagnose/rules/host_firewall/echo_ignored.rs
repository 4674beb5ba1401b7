//! `host-echo-ignored`: the host leaves echo requests unanswered by a kernel switch.

use super::super::prelude::*;

rule!("host-echo-ignored", HostFirewall, Host, Stops, follows_from: [], look_alikes: ["host-firewall-blocks-guest"]);

const SWITCH: &str = "net.ipv4.icmp_echo_ignore_all";

fn check(s: &Situation<'_>) -> Option<Found> {
    let asked_for_echo = s.to == Endpoint::Host && s.case.intake.port.is_none();
    let on = s.host().switch(SWITCH) == Some("1");
    (asked_for_echo && on).then(|| {
        Found::new(Confidence::Confirmed).fact(
            "fact-kernel-switch",
            format!("{SWITCH} = 1"),
            s.host().kernel.source(),
        )
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    match s.host_os {
        Os::Linux | Os::Other => vec![remedy::kernel_switch(
            Where::Host,
            "remedy-echo-switch-title",
            Message::new("remedy-echo-switch-effect"),
            remedy::Risk::None,
            SWITCH,
            "0",
            "1",
        )],
        os => remedy::let_in(
            Where::Host,
            os,
            remedy::Let::Echo,
            segment_or_example(s),
            None,
            None,
            &[],
        ),
    }
}
