//! The packet filter: nft's tables, and the older ones of iptables.

use std::time::Duration;

use super::super::source::Ledger;
use crate::model::{Case, Chain, FilterBackend, FilterFamily, Gap, PacketFilter, Why};

const LIMIT: Duration = Duration::from_secs(2);

/// What one tool had to say.
enum Told {
    /// It printed its rules.
    Rules {
        /// Whether they live in the kernel's nft tables.
        nft_based: bool,
        /// Whether there were any.
        printed: bool,
    },
    /// It is not on this machine.
    NotHere,
    /// It was refused, or failed.
    Refused,
}

/// Reads the filter with every tool that is here.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    let (nft, v4, v6) = tokio::join!(
        tool(
            ledger.at(1),
            "nft",
            &["-j", "list", "ruleset"],
            "nftables ruleset"
        ),
        tool(ledger.at(2), "iptables-save", &["-c"], "iptables rules"),
        tool(ledger.at(3), "ip6tables-save", &["-c"], "ip6tables rules"),
    );
    let nothing_read = [&nft, &v4, &v6]
        .iter()
        .all(|told| !matches!(told, Told::Rules { .. }));
    if nothing_read {
        let refused = [&nft, &v4, &v6].iter().any(|told| matches!(told, Told::Refused));
        if refused {
            return Err(Gap {
                why: Why::NoPermission,
                detail: String::new(),
            });
        }
        // The kernel may filter although none of its tools is here.
        let gap = Gap {
            why: Why::ToolMissing,
            detail: "nft, iptables-save".to_owned(),
        };
        ledger.unread("packet filter", &gap, "sudo nft -j list ruleset");
        return Err(gap);
    }
    // Old tables exist beside nft's only where this file names one. It is root's to read, and absent where
    // the module was never loaded.
    let old_tables = ledger.file("/proc/net/ip_tables_names").await;
    let no_old_tables = match old_tables {
        Ok(text) => text.trim().is_empty(),
        Err(gap) => gap.why == Why::ToolMissing,
    };
    // Rules that were written by an older iptables, and that the newer one does not show, count all the same.
    let mut legacy = Vec::new();
    if !no_old_tables && matches!(v4, Told::Rules { nft_based: true, .. }) {
        let programs = [(4, "iptables-legacy-save"), (5, "ip6tables-legacy-save")];
        for (place, program) in programs {
            legacy.push(tool(ledger.at(place), program, &["-c"], "rules of iptables-legacy").await);
        }
    }
    let old_ones = match legacy.first() {
        Some(told) => matches!(told, Told::Rules { printed: true, .. }),
        None => matches!(
            v4,
            Told::Rules {
                nft_based: false,
                printed: true
            }
        ),
    };
    // iptables over nft shows neither nft's own tables nor the old ones.
    let complete = matches!(nft, Told::Rules { .. }) && (no_old_tables || old_ones);
    let same_tables = [(&v4, FilterFamily::Ip), (&v6, FilterFamily::Ip6)]
        .map(|(told, family)| (matches!(told, Told::Rules { nft_based: true, .. }), family));
    ledger.at(9).facts(move |case| {
        for (same, family) in same_tables {
            if same {
                drop_doubles(case, family);
            }
        }
        // A tool that printed something that could not be read leaves the filter unknown, or not whole.
        if let Some(filter) = case.host.filter.value_mut() {
            filter.complete &= complete;
        }
    });
    Ok(())
}

async fn tool(ledger: Ledger, program: &str, arguments: &[&str], what: &str) -> Told {
    let how = format!("sudo {}", super::super::source::command_line(program, arguments));
    let gap = match ledger
        .run(program, arguments, LIMIT)
        .await
        .and_then(|printed| printed.checked())
    {
        // An older iptables-save says that it may not, and then succeeds.
        Ok(printed)
            if super::super::run::lacks_rights(&printed.stderr) && printed.stdout.trim().is_empty() =>
        {
            Gap {
                why: Why::NoPermission,
                detail: printed.stderr,
            }
        }
        Ok(printed) => {
            let nft_based = printed.stdout.contains("(nf_tables)") || program == "nft";
            let any = !printed.stdout.trim().is_empty();
            ledger.output(
                &super::super::source::command_line(program, arguments),
                printed.stdout,
            );
            return Told::Rules {
                nft_based,
                printed: any,
            };
        }
        Err(gap) if gap.why == Why::ToolMissing => return Told::NotHere,
        Err(gap) => gap,
    };
    ledger.unread(what, &gap, &how);
    Told::Refused
}

/// Where iptables keeps its rules in the kernel's nft tables, both tools print the same chains; nft prints
/// iptables' own matches as something that it does not know. Those of nft go.
fn drop_doubles(case: &mut Case, family: FilterFamily) {
    let Some(PacketFilter { chains, .. }) = case.host.filter.value_mut() else {
        return;
    };
    let of_iptables: Vec<(String, String)> = chains
        .iter()
        .filter(|chain| chain.backend == FilterBackend::Iptables && chain.family == family)
        .map(|chain| (chain.table.clone(), chain.name.clone()))
        .collect();
    chains.retain(|chain: &Chain| {
        chain.backend != FilterBackend::Nft
            || chain.family != family
            || !of_iptables
                .iter()
                .any(|(table, name)| *table == chain.table && *name == chain.name)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Fact;

    #[test]
    fn the_same_chain_is_kept_once() {
        let chain = |backend, family, table: &str| Chain {
            backend,
            family,
            table: table.to_owned(),
            name: "FORWARD".to_owned(),
            hook: None,
            priority: 0,
            policy: None,
            rules: Vec::new(),
        };
        let mut case = Case::default();
        case.host.filter = Fact::known(
            PacketFilter {
                chains: vec![
                    chain(FilterBackend::Nft, FilterFamily::Ip, "filter"),
                    chain(FilterBackend::Nft, FilterFamily::Ip6, "filter"),
                    chain(FilterBackend::Nft, FilterFamily::Ip, "own"),
                    chain(FilterBackend::Iptables, FilterFamily::Ip, "filter"),
                ],
                complete: false,
            },
            "test",
        );
        drop_doubles(&mut case, FilterFamily::Ip);
        let left: Vec<_> = case
            .host
            .filter
            .value()
            .expect("known")
            .chains
            .iter()
            .map(|chain| (chain.backend, chain.family))
            .collect();
        assert_eq!(
            left,
            [
                (FilterBackend::Nft, FilterFamily::Ip6),
                (FilterBackend::Nft, FilterFamily::Ip),
                (FilterBackend::Iptables, FilterFamily::Ip),
            ]
        );
    }
}
