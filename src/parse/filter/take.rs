//! Laying chains over those that are known, without counting the same rules twice.

use crate::model::{Case, Chain, FilterBackend, FilterFamily, FilterManager, PacketFilter, Place, System};
use crate::parse::text;

/// Most chains of one machine that are kept.
pub const MAX_CHAINS: usize = 10_000;
/// Most rules of one chain that are kept.
pub const MAX_RULES: usize = 50_000;
/// Table name of chains that stand in for those that `ufw status` only summarizes.
pub const SUMMARY_TABLE: &str = "ufw status";

/// Takes a whole nft ruleset in place of the one that was known. `whole`: it was not cut off. Only this makes a
/// filter complete: nft knows all tables of the kernel but those of the old iptables interface.
pub fn nft(case: &mut Case, on: Place, mut chains: Vec<Chain>, whole: bool, command: &str) {
    let Some(system) = case.system_mut(on) else { return };
    let whole = whole && fits(&chains);
    chains.truncate(MAX_CHAINS);
    managers_of(system, &chains, command);
    let filter = system.filter.fill("");
    filter.chains.retain(|known| known.backend != FilterBackend::Nft);
    // Rules of iptables-nft stand in both outputs; iptables-save words them in full.
    chains.retain(|chain| {
        !filter
            .chains
            .iter()
            .any(|known| known.backend == FilterBackend::Iptables && is_twin(known, chain))
    });
    // A whole ruleset that holds no twin of a summary still holds what the summary stood for.
    filter.chains.retain(|known| known.table != SUMMARY_TABLE);
    filter.chains.append(&mut chains);
    filter.complete = whole;
    name_source(system, command);
}

/// Whether nothing was left out because there was too much of it.
fn fits(chains: &[Chain]) -> bool {
    chains.len() < MAX_CHAINS && chains.iter().all(|chain| chain.rules.len() < MAX_RULES)
}

/// Takes tables of iptables in place of those of the same name. `legacy`: they are not those of nf_tables;
/// `whole`: they were not cut off.
pub fn iptables(
    case: &mut Case,
    on: Place,
    mut chains: Vec<Chain>,
    legacy: bool,
    whole: bool,
    command: &str,
) {
    let Some(system) = case.system_mut(on) else { return };
    let whole = whole && fits(&chains);
    chains.truncate(MAX_CHAINS);
    managers_of(system, &chains, command);
    // Asked for by name, they stand beside those that iptables itself shows.
    let beside = crate::parse::command::call(command).program.contains("legacy");
    let backend = match beside {
        true => FilterBackend::Legacy,
        false => FilterBackend::Iptables,
    };
    chains.iter_mut().for_each(|chain| chain.backend = backend);
    let filter = system.filter.fill("");
    let one_chain = names_a_chain(command);
    filter.chains.retain(|known| {
        let same_table = known.backend == backend
            && chains.iter().any(|chain| {
                chain.family == known.family
                    && chain.table == known.table
                    && (!one_chain || chain.name == known.name)
            });
        let twin = !legacy
            && known.backend == FilterBackend::Nft
            && chains.iter().any(|chain| is_twin(chain, known));
        !same_table && !twin && known.table != SUMMARY_TABLE
    });
    filter.chains.append(&mut chains);
    filter.complete &= whole;
    name_source(system, command);
}

/// Takes what `ufw status` says of the filter where the rules themselves are not known.
pub fn summary(case: &mut Case, on: Place, chains: Vec<Chain>, command: &str) {
    let Some(system) = case.system_mut(on) else { return };
    let rules_known = system.filter.value().is_some_and(|filter| {
        filter.complete
            || filter
                .chains
                .iter()
                .any(|known| known.table != SUMMARY_TABLE && known.name.starts_with("ufw"))
    });
    if rules_known {
        return;
    }
    let filter = system.filter.fill("");
    filter.chains.retain(|known| known.table != SUMMARY_TABLE);
    filter.chains.extend(chains);
    name_source(system, command);
}

/// Whether a command asks for one chain (`iptables -L FORWARD`), so that the others of its table stay.
fn names_a_chain(command: &str) -> bool {
    let call = crate::parse::command::call(command);
    let at = call.args.iter().position(|word| {
        matches!(word.as_str(), "--list" | "--list-rules")
            || (word.starts_with('-') && !word.starts_with("--") && word.contains(['L', 'S']))
    });
    call.filtered()
        || at
            .and_then(|at| call.args.get(at + 1))
            .is_some_and(|word| !word.starts_with('-'))
}

fn is_twin(a: &Chain, b: &Chain) -> bool {
    matches!(a.family, FilterFamily::Ip | FilterFamily::Ip6)
        && a.family == b.family
        && a.table == b.table
        && a.name == b.name
}

fn name_source(system: &mut System, command: &str) {
    if let crate::model::Fact::Known(PacketFilter { .. }, told) = &mut system.filter {
        let new = text::source(command);
        if told.is_empty() {
            *told = new;
        } else if !told.split("; ").any(|known| known == new) && told.len() < 400 {
            told.push_str("; ");
            told.push_str(&new);
        }
    }
}

/// Notes who writes rules here.
pub fn manager(system: &mut System, manager: FilterManager, command: &str) {
    let managers = system.filter_managers.fill(&text::source(command));
    if !managers.contains(&manager) {
        managers.push(manager);
        managers.sort_unstable();
    }
}

/// Notes that this program does not write rules here.
pub fn no_manager(system: &mut System, manager: FilterManager, command: &str) {
    system
        .filter_managers
        .fill(&text::source(command))
        .retain(|known| *known != manager);
}

/// Recognizes by their chains who writes rules here.
fn managers_of(system: &mut System, chains: &[Chain], command: &str) {
    for chain in chains {
        let name = chain.name.as_str();
        let found = if name.starts_with("DOCKER") || chain.table.starts_with("docker") {
            FilterManager::Docker
        } else if name.starts_with("LIBVIRT_") || chain.table == "libvirt_network" {
            FilterManager::Libvirt
        } else if chain.table == "firewalld" || name.starts_with("FWDI_") || name == "IN_public" {
            FilterManager::Firewalld
        } else if name.starts_with("ufw-user-") || name.starts_with("ufw6-user-") {
            // Chains stay when ufw is switched off; rules that lead into them do not.
            let called = chains.iter().any(|caller| {
                caller.hook.is_some()
                    && caller.rules.iter().any(|rule| {
                        matches!(&rule.action, crate::model::FilterAction::Jump(to) if to.starts_with("ufw"))
                    })
            });
            if !called {
                continue;
            }
            FilterManager::Ufw
        } else {
            continue;
        };
        manager(system, found, command);
    }
}
