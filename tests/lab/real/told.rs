//! What a guest says of itself: the line that the program wants to be run there, and the program itself run there.

use std::net::IpAddr;
use std::time::Duration;

use vmnet_doctor::model::{Case, HypervisorId, Place, ProbeResult, System};

use super::catalog::NAT;
use super::detected::kept_case;
use crate::cage;
use crate::catalog::{GUEST, HOST, OUTSIDE};
use crate::entry::{Entry, GUEST_SCRIPT, GUEST_SCRIPT_IN_BUSYBOX, Node, Run};
use crate::network::Network;
use crate::program;
use crate::score::Score;
use crate::turns;

/// A test's name and work.
pub type Test = (&'static str, fn(&Score) -> Result<(), String>);

/// All of them.
pub const TESTS: &[Test] = &[
    ("real-guest-script::iproute2", |_| guest_script(&IPROUTE2, true)),
    ("real-guest-script::busybox", |_| guest_script(&BUSYBOX, false)),
    ("real-inside::guest-and-host", |_| inside()),
];

const IPROUTE2: Entry = Entry {
    name: "real-guest-script-iproute2",
    topology: NAT,
    tell: &["--vm", "web01", "--from", "guest", "--to", "internet"],
    guest_output: &[GUEST_SCRIPT],
    ..Entry::HEALTHY
};

const BUSYBOX: Entry = Entry {
    name: "real-guest-script-busybox",
    guest_output: &[GUEST_SCRIPT_IN_BUSYBOX],
    ..IPROUTE2
};

/// Runs the line in the guest, hands over what it printed, and looks whether all of it was taken in.
fn guest_script(entry: &Entry, resolves_names: bool) -> Result<(), String> {
    let network = Network::build(entry.topology)?;
    let answer = program::diagnose(&network, entry, Run::Root)?;
    if !answer.causes().is_empty() {
        return Err(format!("accused: {:?}", answer.causes()));
    }
    let case = kept_case(&network.scratch())?;
    let mut wrongs = lacks(&case.guest, &case);
    let lists_port = |port| {
        let mut rows = case.guest.listeners.rows().iter();
        rows.any(|row| row.port == port)
    };
    if !lists_port(22) || !lists_port(8080) {
        wrongs.push(format!("open ports: {:?}", case.guest.listeners));
    }
    let (gateway, mut neighbors) = (address(HOST), case.guest.neighbors.rows().iter());
    if !neighbors.any(|row| row.address == gateway && row.mac.is_some()) {
        wrongs.push(format!("neighbors: {:?}", case.guest.neighbors));
    }
    let mut probes = case.probes.iter().filter(|probe| probe.from == Place::Guest);
    let has_name = probes.any(|probe| matches!(&probe.result, ProbeResult::Name(_)));
    if resolves_names && !has_name {
        wrongs.push("no name was looked up".to_owned());
    }
    let strange = case.unread.iter().filter(|unread| unread.why == "not understood");
    wrongs.extend(strange.map(|unread| format!("not understood: {}", unread.what)));
    end(&network, wrongs)
}

/// Boots the guest with the program in it, runs it there, and hands its case over to the run on the host.
fn inside() -> Result<(), String> {
    // The program's deadlines are for computers, and not for one of many emulated ones.
    let _alone = turns::emulate_alone();
    let network = Network::build(NAT)?;
    let program = cage::program();
    let program = program.to_string_lossy();
    network.shell(Node::Pc, &WITH_PROGRAM.replace("@program", &program))?;
    network.shell(
        Node::Guest,
        &format!(
            "cd /tmp
            (/opt/vmnet-doctor diagnose --inside --target {OUTSIDE} --save inside.json; echo $? > done) > said 2>&1 < /dev/null &"
        ),
    )?;
    for _ in 0..240 {
        if network.shell(Node::Guest, "test -e /tmp/done").is_ok() {
            break;
        }
        std::thread::sleep(Duration::from_secs(1));
    }
    let taken = network.output(Node::Guest, &["cat", "/tmp/inside.json"])?;
    let said = || network.output(Node::Guest, &["cat", "/tmp/said"]);
    let inner = Case::from_json(&taken).map_err(|error| format!("{error}: {:?}", said()))?;
    let mut wrongs = lacks(&inner.guest, &inner);
    if inner.intake.hypervisor != Some(HypervisorId::Libvirt) {
        wrongs.push(format!(
            "it takes itself for a guest of {:?}",
            inner.intake.hypervisor
        ));
    }

    let file = network.scratch().join("inside.json");
    std::fs::write(&file, &taken).map_err(|error| error.to_string())?;
    let (file, saved) = (file.to_string_lossy(), program::case_file(&network.scratch()));
    let words = [
        &*program,
        "diagnose",
        "--vm",
        "web01",
        "--from",
        "guest",
        "--to",
        "internet",
        "--target",
        OUTSIDE,
        "--guest-output",
        &file,
        "--save",
        &saved,
    ];
    let said = network.output(Node::Pc, &words)?;
    let case = kept_case(&network.scratch()).map_err(|error| format!("{error}: {said}"))?;
    wrongs.extend(lacks(&case.guest, &case));
    if case.host.adapter("virbr0").is_none() {
        wrongs.push("the host took the guest's case for its own".to_owned());
    }
    end(&network, wrongs)
}

/// The image of the other guests with the program and its libraries behind it, and a machine large enough for them.
const WITH_PROGRAM: &str = "folder=$(mktemp -d -p /run)
mkdir -p $folder/opt
strip -o $folder/opt/vmnet-doctor @program 2>/dev/null || cp @program $folder/opt/vmnet-doctor
for library in $(ldd @program | grep -o '/[^ ]*'); do
    mkdir -p $folder$(dirname $library)
    cp -L $library $folder$library
done
cp /run/vmnet-doctor-lab/guest.img /run/program.img
truncate -s %4 /run/program.img
(cd $folder && find . | cpio -o -H newc --quiet) >> /run/program.img
rm -r $folder
sed -e \"s|<initrd>.*</initrd>|<initrd>/run/program.img</initrd>|\" -e \"s|<memory unit='MiB'>[0-9]*|<memory unit='MiB'>640|\" /run/web01.xml > /run/program.xml
virsh -q destroy web01
: > /run/web01.console
virsh -q define /run/program.xml
virsh -q start web01
for turn in $(seq 1500); do grep -q 'agent ready' /run/web01.console && break; sleep 0.1; done
grep -q 'agent ready' /run/web01.console || { tail -c 2000 /run/web01.console >&2; exit 1; }";

/// What should be known of a healthy guest, and is not.
fn lacks(guest: &System, case: &Case) -> Vec<String> {
    let (own, gateway) = (address(GUEST), address(HOST));
    let mut wrongs = Vec::new();
    if !guest
        .adapter("eth0")
        .is_some_and(|card| card.mac.is_some() && card.holds(own))
    {
        wrongs.push(format!("cards: {:?}", guest.adapters));
    }
    let mut routes = guest.routes.rows().iter();
    if !routes.any(|row| row.via == Some(gateway) && row.destination.prefix_len() == 0) {
        wrongs.push(format!("routes: {:?}", guest.routes));
    }
    if guest.dns.rows().first() != Some(&gateway) {
        wrongs.push(format!("name servers: {:?}", guest.dns));
    }
    let mut probes = case.probes.iter().filter(|probe| probe.from == Place::Guest);
    let answered = |result: &ProbeResult| matches!(result, ProbeResult::Echo(echo) if echo.received > 0);
    if !probes.any(|probe| answered(&probe.result)) {
        wrongs.push("no echo of the guest was answered".to_owned());
    }
    wrongs
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap_or(IpAddr::from([0, 0, 0, 0]))
}

fn end(network: &Network, wrongs: Vec<String>) -> Result<(), String> {
    if wrongs.is_empty() {
        return Ok(());
    }
    let text = std::fs::read_to_string(network.scratch().join("guest.txt")).unwrap_or_default();
    Err(format!("{}\n{text}", wrongs.join("\n")))
}
