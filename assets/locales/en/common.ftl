### Words that the window, the terminal and the report share.


hypervisor-vmware-workstation = VMware Workstation
hypervisor-vmware-fusion = VMware Fusion
hypervisor-esxi = VMware ESXi
hypervisor-virtualbox = VirtualBox
hypervisor-hyper-v = Hyper-V
hypervisor-libvirt = KVM with libvirt
hypervisor-qemu = QEMU
hypervisor-wsl2 = WSL 2
hypervisor-parallels = Parallels Desktop
hypervisor-utm = UTM
hypervisor-multipass = Multipass
hypervisor-lima = Lima
hypervisor-proxmox = Proxmox VE
hypervisor-vz = Apple Virtualization
hypervisor-other = Another hypervisor

mode-nat = NAT
mode-nat-network = NAT network
mode-bridged = Bridged
mode-host-only = Host-only
mode-internal = Internal
mode-routed = Routed
mode-macvtap = macvtap
mode-user = User-mode NAT
mode-private = Private
mode-external = External
mode-default-switch = Default Switch
mode-mirrored = Mirrored
mode-other = Another mode

os-windows = Windows
os-linux = Linux
os-macos = macOS
os-bsd = BSD
os-other = Another system

end-host = this PC
end-guest = the VM
end-guest2 = the second VM
end-lan = another machine on the LAN
end-internet = the internet

where-host = on the host
where-guest = in the VM
where-guest2 = in the second VM
where-hypervisor = on the hypervisor
where-lan = on the other machine of the LAN
where-network = in the network

at-host = the host
at-guest = the VM
at-hypervisor = the hypervisor
at-network = the network

station-hypervisor = Hypervisor
station-virtual-network = Virtual network
station-vm-nic = VM's network card
station-host-adapter = Host adapter
station-addressing = Addresses
station-host-route = Host's routes
station-host-firewall = Host's firewall
station-link = Link
station-guest-address = VM's address
station-guest-firewall = VM's firewall
station-guest-route = VM's routes
station-nat-engine = NAT
station-forwarding = Forwarding
station-uplink = Uplink
station-internet = Internet
station-dns = Names

leg-out = there
leg-back = back

verdict-reachable = Reachable
verdict-blocked = Blocked
verdict-impossible-by-design = Impossible in this mode
verdict-inconclusive = Not clear yet

station-verdict-ok = passes
station-verdict-broken = stops here
station-verdict-unknown = not known
station-verdict-not-reached = not reached

confidence-confirmed = confirmed
confidence-likely = likely
confidence-possible = possible

risk-none = no risk
risk-low = low risk
risk-medium = some risk
risk-high = high risk

shell-sh = shell
shell-powershell = PowerShell
shell-cmd = Command Prompt

power-running = running
power-paused = paused
power-saved = saved
power-off = off
power-crashed = crashed
power-unknown = state not known

probe-echo = ping
probe-tcp = TCP connect
probe-neighbor = neighbor resolution
probe-path-mtu = largest packet
probe-name = name look-up
probe-trace = route trace
probe-dhcp = DHCP
