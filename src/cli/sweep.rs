//! `sweep`: who is there on a segment.

use std::fmt::Write as _;
use std::time::Instant;

use serde_json::json;

use super::arguments::SweepOptions;
use super::{FINE, Refusal, end, output, runtime};
use crate::collect::{self, ScanOptions};
use crate::locale::Language;
use crate::model::{SCHEMA, shown_time};
use crate::probe::sweep::{self, SweepPlan};
use crate::probe::{Cancel, well_known_ports};
use crate::wizard::run;
use crate::wizard::state::FoundHost;

pub(super) fn run(options: &SweepOptions, language: Language) -> Result<u8, Refusal> {
    // A segment that is too large is refused before anything is read.
    crate::probe::sweep::addresses(options.subnet, options.large)?;
    let runtime = runtime()?;
    output::progress(&language.text("cli-sweeping"));
    let since = Instant::now();
    let subnet = options.subnet.trunc();
    let plan = SweepPlan {
        segment: subnet,
        adapter: None,
        ports: well_known_ports(None).to_vec(),
        large: options.large,
    };
    let hosts = runtime.block_on(async {
        // The scan gives names to those who are found.
        let (facts, hosts) = tokio::join!(
            collect::scan(ScanOptions::new(jiff::Timestamp::now()), |_| {}),
            sweep::run(plan, |_| {}, Cancel::new()),
        );
        hosts.map(|hosts| run::named(&facts, hosts))
    })?;
    end(runtime);
    if options.json {
        let seconds = (since.elapsed().as_secs_f64() * 1_000.0).round() / 1_000.0;
        output::json(&json!({ "schema": SCHEMA, "kind": "sweep", "hosts": hosts, "seconds": seconds }));
    } else {
        output::answer(&table(&hosts, language));
    }
    Ok(FINE)
}

fn table(hosts: &[FoundHost], language: Language) -> String {
    if hosts.is_empty() {
        return language.text("cli-sweep-nobody");
    }
    let mut text = String::new();
    for host in hosts {
        let address = host.address.to_string();
        let mac = host.mac.map(|mac| mac.to_string()).unwrap_or_default();
        let time = host.rtt_us.map(|time| shown_time(time, 1, 3)).unwrap_or_default();
        let ports: Vec<String> = host.open_ports.iter().map(u16::to_string).collect();
        let names: Vec<&str> = [host.vm.as_deref(), host.vendor.as_deref()]
            .into_iter()
            .flatten()
            .collect();
        let _ = writeln!(
            text,
            "{address:<16} {mac:<17} {time:>11}  {}  {}",
            names.join(", "),
            ports.join(" ")
        );
    }
    text
}
