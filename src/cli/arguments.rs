//! The arguments. `--help` shows them by the texts of `help.ftl`, which say in each language what the comments here say.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use ipnet::IpNet;

use crate::locale::Language;
use crate::model::{Endpoint, HypervisorId, Intake, Mode, Os, parse_address_or_net};
use crate::wizard::example::Example;

/// Finds out why a computer and its virtual machines cannot reach each other, and hands over the command that
/// fixes it. Without a verb it opens the window.
#[derive(Debug, Parser)]
#[command(name = "vmnet-doctor", version, max_term_width = 100)]
pub(super) struct Arguments {
    /// Language of all texts [known: en, zh-CN; default: the system's]
    #[arg(long, global = true, value_name = "LANGUAGE", value_parser = super::language)]
    pub lang: Option<Language>,
    /// What paints the window
    #[arg(long, global = true, value_name = "RENDERER", value_parser = ["auto", "glow", "wgpu"], default_value = "auto")]
    pub renderer: String,
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Open the window on a saved case or JSON report, or on a shipped example
    Open(OpenOptions),
    /// Show this machine: adapters, routes, neighbors, firewall, hypervisors, networks, VMs
    Scan(ScanOptions),
    /// Find out why one end does not reach the other
    Diagnose(DiagnoseOptions),
    /// Diagnose, and write a report
    Report(ReportOptions),
    /// Measure round-trip times, the engine behind the live plots
    Ping(PingOptions),
    /// Find out who is there on a segment
    Sweep(SweepOptions),
    /// Explain one cause: its evidence, its look-alikes, its commands
    Explain(ExplainOptions),
    /// List every cause that can be named
    Causes(JsonOptions),
    /// Print the line to run inside a guest, whose output is pasted back
    GuestScript(GuestScriptOptions),
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct OpenOptions {
    /// A saved case or JSON report
    pub file: Option<PathBuf>,
    /// A shipped example
    #[arg(long, value_name = "NAME", value_parser = named(Example::ALL.iter().map(|example| example.name())))]
    pub example: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct ScanOptions {
    /// Tell which way a packet to this address would go, hop by hop, and its answer; nothing is sent
    #[arg(long, value_name = "ADDR", value_parser = address)]
    pub way_to: Option<IpAddr>,
    /// Who would send it [default: host]
    #[arg(long, value_name = "END", requires = "way_to", value_parser = ends(&[Endpoint::Host, Endpoint::Guest, Endpoint::Guest2, Endpoint::Lan, Endpoint::Internet]))]
    pub from: Option<Endpoint>,
    /// The service it would be for; else an echo request is followed
    #[arg(long, value_name = "TCP-PORT", requires = "way_to", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Option<u16>,
    /// Show the machine of a saved case instead of this one: no command is run
    #[arg(long, value_name = "FILE")]
    pub case: Option<PathBuf>,
    /// Write the case into this file, which must be there and empty: how the window reads with administrator rights
    #[arg(long, value_name = "FILE", conflicts_with_all = ["way_to", "case", "json"])]
    pub into: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct JsonOptions {
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// What a diagnosis is made from.
#[derive(Debug, Args)]
pub(super) struct CaseOptions {
    /// Where the traffic starts [default: host]
    #[arg(long, value_name = "END", value_parser = ends(&[Endpoint::Host, Endpoint::Guest, Endpoint::Lan, Endpoint::Guest2]))]
    pub from: Option<Endpoint>,
    /// Where it should arrive [default: guest; from guest: host]
    #[arg(long, value_name = "END", value_parser = ends(&[Endpoint::Guest, Endpoint::Host, Endpoint::Internet, Endpoint::Lan, Endpoint::Guest2]))]
    pub to: Option<Endpoint>,
    /// The product that runs the VM
    #[arg(long, value_name = "ID", value_parser = parsed::<HypervisorId>(HypervisorId::ALL.iter().map(|id| id.name())))]
    pub hypervisor: Option<HypervisorId>,
    /// How the VM's card is connected
    #[arg(long, value_name = "ID", value_parser = parsed::<Mode>(Mode::ALL.iter().map(|mode| mode.name())))]
    pub mode: Option<Mode>,
    /// Name of the VM
    #[arg(long, value_name = "NAME")]
    pub vm: Option<String>,
    /// Slot of the VM's card, as the product counts
    #[arg(long, value_name = "N")]
    pub nic: Option<u32>,
    /// Address of the VM
    #[arg(long, value_name = "ADDR[/PREFIX]", value_parser = guest_address)]
    pub guest_ip: Option<(IpAddr, Option<u8>)>,
    /// Operating system in the VM
    #[arg(long, value_name = "OS", value_parser = systems())]
    pub guest_os: Option<Os>,
    /// The outside address or name, or the second VM's address
    #[arg(long, value_name = "ADDR|NAME")]
    pub target: Option<String>,
    /// The service that should answer
    #[arg(long, value_name = "TCP-PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Option<u16>,
    /// Pasted output or a saved case from inside the guest; '-' is standard input; may be given several times
    #[arg(long, value_name = "FILE")]
    pub guest_output: Vec<PathBuf>,
    /// Pasted output of esxcli and vim-cmd on a remote ESXi host; '-' is standard input; may be given several times
    #[arg(long, value_name = "FILE")]
    pub hypervisor_output: Vec<PathBuf>,
    /// The same from inside the second VM
    #[arg(long, value_name = "FILE")]
    pub guest2_output: Vec<PathBuf>,
    /// The same from the other machine of the LAN
    #[arg(long, value_name = "FILE")]
    pub lan_output: Vec<PathBuf>,
    /// This program runs inside the guest; the file of --save can be given to --guest-output on the host
    #[arg(long, conflicts_with = "case")]
    pub inside: bool,
    /// Replay a saved case: no packet is sent, no command is run; other options overrule its intake
    #[arg(long, value_name = "FILE")]
    pub case: Option<PathBuf>,
}

impl CaseOptions {
    /// What the user told.
    pub fn intake(&self) -> Intake {
        Intake {
            host_os: None,
            hypervisor: self.hypervisor,
            mode: self.mode,
            from: self.from,
            to: self.to,
            vm: self.vm.clone(),
            nic: self.nic,
            guest_ip: self.guest_ip,
            guest_os: self.guest_os,
            target: self.target.clone(),
            port: self.port,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct DiagnoseOptions {
    #[command(flatten)]
    pub case: CaseOptions,
    /// Tell what changed since a case that was saved before the fix
    #[arg(long, value_name = "FILE")]
    pub before: Option<PathBuf>,
    /// Keep the case
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct ReportOptions {
    #[command(flatten)]
    pub case: CaseOptions,
    /// Where to: the ending chooses the form
    #[arg(long, value_name = "FILE.html|.md|.json")]
    pub out: PathBuf,
    /// Hide names and addresses
    #[arg(long)]
    pub redact: bool,
}

#[derive(Debug, Args)]
pub(super) struct PingOptions {
    /// The addresses to ask
    #[arg(required = true, value_name = "ADDR", value_parser = address)]
    pub addresses: Vec<IpAddr>,
    /// Requests to each address
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub count: u32,
    /// The addresses are stations of one way, nearest first: say which stretch loses packets or delays them
    #[arg(long)]
    pub way: bool,
    /// Append every result to this file as it comes
    #[arg(long, value_name = "FILE.csv")]
    pub append: Option<std::path::PathBuf>,
    /// Time between two requests to one address, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 200, value_parser = clap::value_parser!(u64).range(10..=3_600_000))]
    pub interval: u64,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct SweepOptions {
    /// The segment, such as 192.168.122.0/24
    #[arg(value_name = "SUBNET", value_parser = subnet)]
    pub subnet: IpNet,
    /// Allow a segment beyond a /20
    #[arg(long)]
    pub large: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct ExplainOptions {
    /// The cause; see the verb `causes`
    pub cause: String,
    /// The host's operating system [default: this one]
    #[arg(long, value_name = "OS", value_parser = systems())]
    pub host_os: Option<Os>,
    /// Operating system in the guest
    #[arg(long, value_name = "OS", value_parser = systems())]
    pub guest_os: Option<Os>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct GuestScriptOptions {
    /// Operating system in the guest
    #[arg(long, value_name = "OS", value_parser = systems())]
    pub guest_os: Os,
    /// Address of the host, which the guest then asks, too
    #[arg(long, value_name = "ADDR")]
    pub host: Option<IpAddr>,
    /// Print the line that runs it in the guest from this computer by this product's own tools
    #[arg(long, value_name = "ID", requires = "vm", value_parser = parsed::<HypervisorId>(HypervisorId::ALL.iter().map(|id| id.name())))]
    pub through: Option<HypervisorId>,
    /// Name of the VM; for VMware the path of its .vmx
    #[arg(long, value_name = "NAME", requires = "through")]
    pub vm: Option<String>,
    /// Account in the guest; the line asks for the password
    #[arg(long, value_name = "NAME", requires = "through")]
    pub user: Option<String>,
}

fn named(names: impl Iterator<Item = &'static str>) -> PossibleValuesParser {
    PossibleValuesParser::new(names)
}

/// One of these names, as its value.
fn parsed<T>(names: impl Iterator<Item = &'static str>) -> impl TypedValueParser<Value = T>
where
    T: std::str::FromStr<Err = ()> + Clone + Send + Sync + 'static,
{
    named(names).try_map(|name| name.parse().map_err(|()| "misuse-unknown-name"))
}

fn ends(known: &'static [Endpoint]) -> impl TypedValueParser<Value = Endpoint> {
    parsed::<Endpoint>(known.iter().map(|end| end.name()))
}

fn systems() -> impl TypedValueParser<Value = Os> {
    parsed::<Os>(Os::ALL.iter().map(|os| os.name()))
}

fn guest_address(text: &str) -> Result<(IpAddr, Option<u8>), &'static str> {
    parse_address_or_net(text).ok_or("misuse-not-guest-address")
}

fn address(text: &str) -> Result<IpAddr, &'static str> {
    text.trim().parse().map_err(|_| "misuse-not-address")
}

fn subnet(text: &str) -> Result<IpNet, &'static str> {
    text.trim().parse().map_err(|_| "misuse-not-segment")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_fit_together() {
        Arguments::command().debug_assert();
    }
}
