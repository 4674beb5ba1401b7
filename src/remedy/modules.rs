//! Fixes on the drivers and helpers of hypervisors.

use super::{Remedy, Shell, Where, ask, build, root, sh};
use crate::model::{HypervisorId, Message, Os};

/// Builds and loads a product's kernel modules (Linux). `refused` is when Secure Boot does not take their signature.
pub fn load_modules(product: HypervisorId, refused: bool) -> Vec<Remedy> {
    let (on, os) = (Where::Host, Os::Linux);
    if refused {
        return vec![ask(on, Message::new("remedy-sign-modules-ask"))];
    }
    match product {
        HypervisorId::VirtualBox => vec![
            root(
                on,
                os,
                fix!("remedy-load-modules", None,
                "for module in vboxdrv vboxnetflt vboxnetadp; do sudo modprobe $module; done",
                undo: "sudo modprobe -r vboxnetadp vboxnetflt vboxdrv",
                verify: "ls -l /dev/vboxdrv /dev/vboxnetctl"),
            ),
            root(
                on,
                os,
                fix!("remedy-build-modules", Medium,
                "sudo apt install dkms linux-headers-$(uname -r) && sudo dkms autoinstall && sudo modprobe vboxdrv || sudo /sbin/vboxconfig",
                undo: "",
                verify: "lsmod | grep vbox"),
            ),
        ],
        HypervisorId::VmwareWorkstation => vec![
            root(
                on,
                os,
                fix!("remedy-load-modules", None,
                "for module in vmmon vmnet; do sudo modprobe $module; done; sudo vmware-networks --start",
                undo: "sudo vmware-networks --stop; sudo modprobe -r vmnet vmmon",
                verify: "ls -l /dev/vmmon /dev/vmnet0"),
            ),
            root(
                on,
                os,
                fix!("remedy-build-modules", Medium,
                "sudo apt install build-essential linux-headers-$(uname -r) && sudo vmware-modconfig --console --install-all && sudo vmware-networks --start",
                undo: "",
                verify: "lsmod | grep vmnet"),
            ),
        ],
        _ => vec![root(
            on,
            os,
            fix!("remedy-load-modules", None,
            "for module in kvm kvm_intel kvm_amd tun vhost_net; do sudo modprobe $module; done",
            undo: "",
            verify: "ls -l /dev/kvm /dev/net/tun"),
        )],
    }
}

/// Starts a product's control services, for each system and shell.
pub fn start_hypervisor(product: HypervisorId, os: Os) -> Vec<Remedy> {
    let start = |name: &str| super::start_service(os, name);
    match (product, os) {
        (HypervisorId::Libvirt, _) => {
            let mut ways = start("libvirtd.service");
            ways.push(root(
                Where::Host,
                Os::Linux,
                fix!("remedy-modular-libvirt", Low,
                "sudo systemctl enable --now virtqemud.socket virtnetworkd.socket virtstoraged.socket",
                undo: "sudo systemctl disable --now virtqemud.socket virtnetworkd.socket virtstoraged.socket",
                verify: "virsh -c qemu:///system uri"),
            ));
            ways
        }
        (HypervisorId::HyperV, _) => start("vmms").into_iter().chain(start("hns")).collect(),
        (HypervisorId::Wsl2, _) => start("WSLService"),
        (HypervisorId::VmwareWorkstation, Os::Windows) => start("VMAuthdService"),
        (HypervisorId::VmwareWorkstation, _) => start("vmware.service"),
        (HypervisorId::Multipass, Os::Linux) => start("snap.multipass.multipassd.service"),
        (HypervisorId::Proxmox, _) => start("pvedaemon.service"),
        (HypervisorId::VirtualBox, Os::Windows) => start("VBoxSDS"),
        _ => {
            let message = Message::new("remedy-start-hypervisor-ask").with("hypervisor", product.name());
            vec![ask(Where::Host, message)]
        }
    }
}

/// Gives the helper that plugs an unprivileged machine into a bridge its rights (QEMU on Linux).
pub fn repair_bridge_helper(bridge: &str) -> Vec<Remedy> {
    let line = sh(&format!("allow {bridge}"));
    vec![
        root(
            Where::Host,
            Os::Linux,
            fix!("remedy-bridge-helper" ["bridge" = bridge], Medium,
            format!("sudo mkdir -p /etc/qemu && echo {line} | sudo tee -a /etc/qemu/bridge.conf && sudo chmod u+s /usr/lib/qemu/qemu-bridge-helper"),
            undo: "sudo chmod u-s /usr/lib/qemu/qemu-bridge-helper",
            verify: "ls -l /usr/lib/qemu/qemu-bridge-helper; cat /etc/qemu/bridge.conf"),
        ),
        ask(Where::Host, Message::new("remedy-helper-policy-ask")),
    ]
}

/// Turns Windows' own hypervisor off, so that another product has the processor to itself. Takes effect after a restart.
pub fn hypervisor_launch_off() -> Remedy {
    let lines = fix!("remedy-launch-type", High,
        "bcdedit /set hypervisorlaunchtype off",
        undo: "bcdedit /set hypervisorlaunchtype auto",
        verify: "bcdedit /enum '{current}'");
    build(Where::Host, Os::Windows, Shell::Powershell, true, lines)
}

/// Takes KVM out of the kernel for now, so that VirtualBox has the processor to itself (Linux).
pub fn unload_kvm() -> Remedy {
    root(
        Where::Host,
        Os::Linux,
        fix!("remedy-unload-kvm", Medium,
        "sudo modprobe -r kvm_intel kvm_amd kvm",
        undo: "sudo modprobe kvm_intel || sudo modprobe kvm_amd",
        verify: "lsmod | grep kvm"),
    )
}

/// Lets VirtualBox use a further range for its host-only networks (Linux, macOS).
pub fn allow_host_only_range(os: Os, range: ipnet::IpNet) -> Remedy {
    let line = sh(&format!("* {range}"));
    root(
        Where::Host,
        os,
        fix!("remedy-host-only-range" ["range" = range], Low,
        format!("sudo mkdir -p /etc/vbox && echo {line} | sudo tee -a /etc/vbox/networks.conf"),
        undo: format!("sudo sed -i.vmnet-doctor '\\#^\\* {range}$#d' /etc/vbox/networks.conf"),
        verify: "cat /etc/vbox/networks.conf"),
    )
}
