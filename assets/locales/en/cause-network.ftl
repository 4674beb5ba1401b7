### Causes in products, virtual networks, cards, NAT and uplinks: title, the sentence that names it in a case, and the explanation.

cause-nat-no-inbound-path-title = No way in through NAT
cause-nat-no-inbound-path-summary = In { $mode } mode of { $hypervisor } nothing outside can start a connection to { $vm }, except through a forwarded port.
cause-nat-no-inbound-path-text = Address translation hides the guest behind the host: answers find their way back, new connections do not. This is how the mode works and no fault. Forward the one port you need, or give the machine a second card on a network that the host shares. Echo never passes a port forward.

cause-port-forward-wrong-title = A forwarded port leads to the wrong place
cause-port-forward-wrong-summary = The forward { $forward } { $reason ->
    [loopback] listens on the host’s own 127.0.0.1 only, so that no other machine can use it.
    [host-address] listens on an address that no adapter of the host has.
    [guest-address] leads to another address than { $vm } has now, { $guest }.
    [guest-port] leads to a port on which the guest does not listen.
   *[taken] does not work: another program holds the host’s port.
}
cause-port-forward-wrong-text = A forward has four parts, and each can be wrong: the host’s address and port, and the guest’s address and port. Compare them with what the host, the guest and the service really have; then remove the wrong forward and make the right one.

cause-portproxy-stale-title = Windows forwards the port to an old address
cause-portproxy-stale-summary = The portproxy entry { $forward } leads to an address that { $vm } no longer has; it is at { $guest } now.
cause-portproxy-stale-text = netsh interface portproxy remembers an address, not a machine. WSL and Hyper-V’s Default Switch give their guests new addresses at every start, so that such entries go stale. Point the entry to the present address, and give the guest a fixed one if it should last.

cause-hyperv-netnat-missing-title = Windows does not translate for this switch
cause-hyperv-netnat-missing-summary = The switch { $network } gives the host and { $vm } addresses, but no NAT leads { $segment } outside.
cause-hyperv-netnat-missing-text = An internal switch of Hyper-V connects guests with the host and nothing else. Guests whose gateway is the host’s address there need a NAT on the host as well: New-NetNat with the switch’s prefix. Updates and clean-up scripts sometimes take it away.

cause-hyperv-netnat-conflict-title = Windows’ NAT does not fit the switch
cause-hyperv-netnat-conflict-summary = The NAT { $name } with { $prefix } { $reason ->
    [overlap] overlaps { $other }, so that Windows translates for at most one of them.
   *[mismatch] does not contain the host’s address on { $network }, so that the packets of { $vm } are not translated.
}
cause-hyperv-netnat-conflict-text = Windows supports one NAT prefix well, and it must contain the host’s address on the internal switch. A second NAT, one left behind by another program, or a prefix that was mistyped leaves guests without a way out. Remove the wrong one and make one that fits.

cause-nat-per-vm-isolation-title = Each machine has a NAT of its own
cause-nat-per-vm-isolation-summary = In { $mode } mode of { $hypervisor } every machine sits behind a translation of its own, so that two of them cannot meet.
cause-nat-per-vm-isolation-text = All machines may even have the same address, 10.0.2.15: that is normal here. Put them on one NAT network or one host-only network to let them talk.

cause-internal-no-host-title = The host has no adapter on this network
cause-internal-no-host-summary = The { $mode } network of { $hypervisor } connects guests with each other only: the host and the outside take no part.
cause-internal-no-host-text = Internal, private and LAN-segment networks exist to keep guests among themselves. If that was wanted, leave it so. If host and guest shall talk, add a second card on a host-only or NAT network.

cause-macvtap-host-isolation-title = macvtap keeps the guest from its own host
cause-macvtap-host-isolation-summary = { $vm } hangs on a macvtap: the kernel passes nothing between it and the adapter it sits on, while the rest of the LAN works.
cause-macvtap-host-isolation-text = A macvtap sends frames straight out of the physical card; they do not come back into the same card. Give host and guest a second network to meet on, give the host a macvlan of its own on the same card, or use a real bridge.

cause-host-only-no-internet-title = A host-only network has no way out
cause-host-only-no-internet-summary = { $vm } is on a { $mode } network, which leads to the host and to other guests, and nowhere else.
cause-host-only-no-internet-text = This isolation is what the mode is for. To reach the internet give the machine a second card in NAT mode and leave the first as it is.

cause-host-only-not-reachable-from-lan-title = A host-only network is not visible outside
cause-host-only-not-reachable-from-lan-summary = Other machines of the LAN cannot see the { $mode } network { $network }.
cause-host-only-not-reachable-from-lan-text = Nobody outside has a route to this segment, and that is what the mode is for. Use bridged mode for a machine that others shall reach, or forward one port on the host.

cause-usermode-nat-no-icmp-title = Echo cannot pass user-mode NAT
cause-usermode-nat-no-icmp-summary = The translation of { $vm } runs as a plain program: TCP and UDP pass, echo does not. The network works; ping is the wrong test.
cause-usermode-nat-no-icmp-text = User-mode networking (SLIRP and its kin) rebuilds connections in a program without rights. It may send echo only where the system allows it. Test with TCP, for example curl.

cause-hypervisor-not-running-title = The hypervisor’s service is not running
cause-hypervisor-not-running-summary = The control service of { $hypervisor } does not run, so that its networks and machines do not either.
cause-hypervisor-not-running-text = Virtual networks, their DHCP and the machines themselves hang on this service. Start it, and let it start at boot. If it ends again at once, its log says why.

cause-hypervisor-kernel-module-not-loaded-title = The hypervisor’s kernel module is not loaded
cause-hypervisor-kernel-module-not-loaded-summary = The kernel module { $module } of { $hypervisor } is not loaded { $reason ->
    [refused] because Secure Boot does not accept its signature.
   *[missing] or was not built for the running kernel.
}
cause-hypervisor-kernel-module-not-loaded-text = After a kernel update, modules that do not come with the kernel have to be built anew, and with Secure Boot they have to be signed with a key that the machine trusts. Until then the product has no virtual adapters and starts no machine.

cause-hypervisor-half-uninstalled-title = The hypervisor is only half there
cause-hypervisor-half-uninstalled-summary = The adapter { $adapter } of { $hypervisor } is still there, but its service { $service } is not installed any more.
cause-hypervisor-half-uninstalled-text = An uninstallation or an update that was cut off leaves adapters without the services behind them: they look alive and carry nothing. Install the product again, or uninstall it completely.

cause-hypervisor-helper-misinstalled-title = The hypervisor’s network helper lacks its rights
cause-hypervisor-helper-misinstalled-summary = The helper that plugs { $vm } into the network cannot do its work: it is missing, lacks its rights, or is not allowed to.
cause-hypervisor-helper-misinstalled-text = Products that run without root rights leave network set-up to a small helper with rights of its own: qemu-bridge-helper, VBoxNetAdpCtl, vmnet-netifup. It must be installed setuid root, its own list must allow the bridge, and SELinux or AppArmor must let it run.

cause-hypervisors-conflict-title = Two hypervisors want the processor
cause-hypervisors-conflict-summary = { $hypervisor } cannot start { $vm }, because another hypervisor holds the processor’s virtualization.
cause-hypervisors-conflict-text = VT-x and AMD-V serve one owner at a time unless the products agree. Hyper-V (with WSL2, Docker, Memory Integrity) or KVM may hold them while VirtualBox or VMware wants them. Update the one that can share, or let one of them go.

cause-hypervisor-known-bad-version-title = This version is known to break this
cause-hypervisor-known-bad-version-summary = { $hypervisor } { $version } is known to break { $mode } on this system.
cause-hypervisor-known-bad-version-text = The product’s own tracker describes this fault for this version ({ $reference }). Nothing in your settings is wrong. Update, or use another mode until you can.

cause-vm-not-running-title = The virtual machine is not running
cause-vm-not-running-summary = { $vm } does not run, or is paused.
cause-vm-not-running-text = A machine that is off, paused or saved answers nothing, though its address may still stand in lease lists and neighbor tables. Start it and wait until its system is up.

cause-virtual-network-missing-title = The virtual network does not exist
cause-virtual-network-missing-summary = { $vm } is connected to { $network }, which does not exist on this host.
cause-virtual-network-missing-text = A machine that was copied from another host, or a network that was renamed or removed, leaves a card on a network that nobody knows. Make the network again, or connect the card to one that exists.

cause-virtual-network-config-corrupt-title = The network settings of the product cannot be used
cause-virtual-network-config-corrupt-summary = { $hypervisor } cannot use its own network configuration.
cause-virtual-network-config-corrupt-text = The file that describes the virtual networks is missing, damaged, or does not fit the adapters any more, often after an update of the system. Let the product write it anew; custom networks and forwards have to be entered again.

cause-virtual-network-not-started-title = The virtual network is not started
cause-virtual-network-not-started-summary = The network { $network } is defined, but it does not run.
cause-virtual-network-not-started-text = Without its network the host has no adapter and no route to the segment, and guests get no address. Machines that were running when the network stopped have to be plugged in again or restarted.

cause-hypervisor-dhcp-service-stopped-title = The DHCP service of the product is stopped
cause-hypervisor-dhcp-service-stopped-summary = The service that lends addresses on { $network } does not run, so that { $vm } gets none.
cause-hypervisor-dhcp-service-stopped-text = The product runs a DHCP server of its own for its networks. Guests that have a lease keep it for a while; new ones get nothing and make up an address of 169.254. Guests with a static address are not affected.

cause-dnsmasq-not-running-title = dnsmasq is not running for this network
cause-dnsmasq-not-running-summary = No dnsmasq serves { $bridge }: guests of { $network } get neither addresses nor names from the host.
cause-dnsmasq-not-running-text = libvirt starts one dnsmasq for each of its networks, which lends addresses and answers for names. The network looks active without it. Restarting the network’s daemon brings it back; if it ends again, another program may hold port 53 or 67.

cause-dhcp-pool-exhausted-title = No address is left to lend
cause-dhcp-pool-exhausted-summary = All { $size } addresses that { $network } may lend are lent, so that { $vm } gets none.
cause-dhcp-pool-exhausted-text = Leases of machines that are gone stay until they end. Widen the range, shorten the leases, or give machines that stay an address outside the range.

cause-no-dhcp-on-network-title = Nobody lends addresses on this network
cause-no-dhcp-on-network-summary = The network { $network } has no DHCP server, so that { $vm } waits for an address in vain.
cause-no-dhcp-on-network-text = Internal and private networks, and Hyper-V’s switches behind a NAT, have no DHCP server by design; on others it can be switched off. Give the guest a static address of the segment, or switch a DHCP server on.

cause-internet-sharing-service-stopped-title = Internet Connection Sharing does not run
cause-internet-sharing-service-stopped-summary = The Windows service SharedAccess does not run, so that { $network } neither lends addresses nor translates.
cause-internet-sharing-service-stopped-text = Hyper-V’s Default Switch and the network of WSL use Internet Connection Sharing for DHCP, names and NAT. Somebody, or a policy of the company, has switched the service off.

cause-hyperv-default-switch-broken-title = Hyper-V’s Default Switch is broken
cause-hyperv-default-switch-broken-summary = The Default Switch { $reason ->
    [gone] is not there any more.
    [no-adapter] has no adapter of the host.
   *[no-address] gives the host no usable address.
}
cause-hyperv-default-switch-broken-text = Windows builds this switch by itself, at every start, and nobody can edit it. When that fails, guests on it have no host, no DHCP and no way out. Restarting the Host Network Service builds it anew; else use an internal switch with a NAT of your own.

cause-hyperv-switch-stale-title = The external switch holds an adapter that is gone
cause-hyperv-switch-stale-summary = The switch { $network } is bound to { $uplink }, which { $reason ->
    [gone] is not in this machine any more.
    [disabled] is switched off.
   *[unplugged] has no cable.
}
cause-hyperv-switch-stale-text = A docking station that was changed, a new driver, or a card that was pulled leaves the switch with a name that leads nowhere. Bind the switch to the adapter that is in use now.

cause-vbox-hostonly-range-restricted-title = VirtualBox does not allow this host-only range
cause-vbox-hostonly-range-restricted-summary = VirtualBox refuses { $segment } for host-only networks on this host.
cause-vbox-hostonly-range-restricted-text = Since 6.1.28 VirtualBox on Linux and macOS allows host-only networks only within 192.168.56.0/21, unless /etc/vbox/networks.conf names further ranges. The adapter then stays without an address. Use an address of that range, or allow yours.

cause-hostonly-needs-vmnet-network-title = Host-only adapters do not exist on this macOS
cause-hostonly-needs-vmnet-network-summary = { $vm } uses a VirtualBox host-only adapter, which macOS 11 and later do not have; it needs a host-only network.
cause-hostonly-needs-vmnet-network-text = Since macOS 11 VirtualBox may not load the driver that made vboxnet adapters. VirtualBox 7 has host-only networks instead, on Apple’s own framework. Make one and connect the card to it.

cause-bridge-filter-driver-unbound-title = The bridge driver is not bound to the adapter
cause-bridge-filter-driver-unbound-summary = The driver { $driver } is not active on { $adapter }, so that the frames of { $vm } never reach the wire.
cause-bridge-filter-driver-unbound-text = Bridged mode on Windows needs the product’s driver on the physical adapter. Other security or VPN software may take it off, or it was unticked in the adapter’s properties.

cause-bridge-without-uplink-title = The bridge has no physical port
cause-bridge-without-uplink-summary = The bridge { $bridge } of { $vm } has no port that leads out of the host.
cause-bridge-without-uplink-text = A bridge joins what is plugged into it. Without the physical adapter among its ports it is an island of guests: they reach the host, if it has an address there, but neither the LAN nor its DHCP server.

cause-vmnet-framework-bad-state-title = macOS’s virtual network is in a bad state
cause-vmnet-framework-bad-state-summary = The address translation that macOS keeps for its virtual networks { $reason ->
    [uplink] leads out of { $uplink }, which is not the way out any more.
    [empty] has no rules.
   *[said] does not start.
}
cause-vmnet-framework-bad-state-text = macOS gives all products one framework for shared networks: bridge100, DHCP by bootpd, NAT by Internet Sharing. After a change of networks, a VPN or sleep it may keep rules for a way that is gone. Stopping all machines and starting them again builds it anew; a restart of the Mac always does.

cause-vswitches-not-routed-title = Nothing leads from one virtual network to the other
cause-vswitches-not-routed-summary = { $vm } is on { $network } ({ $segment }), the other machine on { $other } ({ $other_segment }), and nothing routes between the two.
cause-vswitches-not-routed-text = Two virtual networks are two segments, as two switches without a router. Put both machines on one network, or give each a second card there; or let the host route between them, which also ends their isolation.

cause-vswitch-security-policy-title = The port group refuses foreign hardware addresses
cause-vswitch-security-policy-summary = { $network } drops frames whose hardware address is not the one that the product gave { $vm }.
cause-vswitch-security-policy-text = Nested machines, bridges inside the guest and cluster addresses send with hardware addresses of their own. ESXi’s port groups throw such frames away unless forged transmits and MAC changes are accepted. Opening that weakens the isolation of machines on this group.

cause-vswitch-without-uplink-title = The virtual switch has no working uplink
cause-vswitch-without-uplink-summary = The virtual switch of { $network } has { $reason ->
    [down] only physical cards without a link.
   *[none] no physical card.
}
cause-vswitch-without-uplink-text = A virtual switch without a physical card joins the machines of one ESXi host and nothing else. Give it a card with a link, or connect the machine to a port group of a switch that has one.

cause-hyperv-mac-spoofing-off-title = Hyper-V drops the frames of nested machines
cause-hyperv-mac-spoofing-off-summary = The card of { $vm } may send with its own hardware address only, so that machines and bridges inside it are cut off.
cause-hyperv-mac-spoofing-off-text = Hyper-V’s switch passes frames of a machine only with the address that it gave to its card. Machines, containers and bridges inside the guest have addresses of their own. Allow MAC address spoofing for this card, or use NAT inside the guest.

cause-hyperv-port-guard-title = A guard on the switch port drops this
cause-hyperv-port-guard-summary = On the card of { $vm } { $reason ->
    [dhcp] DHCP guard is on, so that the switch drops the offers of the DHCP server inside it.
    [router] router guard is on, so that the switch drops what it announces as a router.
   *[acl] an access list of Hyper-V denies the traffic.
}
cause-hyperv-port-guard-text = DHCP guard, router guard and port ACLs keep a machine from posing as a server or a router, or from talking to certain addresses. They belong on ordinary machines; one that is meant to serve must go without them.

cause-libvirt-nwfilter-drops-title = A libvirt filter drops the guest’s frames
cause-libvirt-nwfilter-drops-summary = The filter { $filter } on the card of { $vm } throws frames away that do not have the address it expects.
cause-libvirt-nwfilter-drops-text = Filters such as clean-traffic keep a guest to the address that libvirt gave it or learned first. After a change of address, or with machines and containers inside the guest, they throw everything else away, and nobody inside the guest can see why. Tell the filter the new address, or take it off this card.

cause-vlan-mismatch-title = The VLANs do not match
cause-vlan-mismatch-summary = The card of { $vm } is in { $vlan ->
    [none] no VLAN
   *[other] VLAN { $vlan }
}, { $other ->
    [unknown] and nobody answers there.
    [none] the other end in none.
   *[other] the other end in { $other }.
}
cause-vlan-mismatch-text = Frames of one VLAN never reach another one; to the machines it looks as if the cable were cut. The card or port group, the virtual switch and the physical switch’s port must name the same VLAN. The switch’s side is the network administrator’s to tell.

cause-macos-bootpd-disabled-title = macOS’s DHCP server is switched off
cause-macos-bootpd-disabled-summary = bootpd, which lends addresses on macOS’s virtual networks, is disabled, so that { $vm } gets none.
cause-macos-bootpd-disabled-text = UTM, Multipass, Lima, VMware Fusion and others leave DHCP to macOS. Somebody, or a management profile, has disabled the service com.apple.bootpd. Enable it again; launchd then starts it when a guest asks.

cause-macos-port53-conflict-title = Another program holds the Mac’s DNS port
cause-macos-port53-conflict-summary = { $process } holds port 53 on the Mac, so that macOS cannot answer for names on its virtual networks.
cause-macos-port53-conflict-text = Guests in shared mode ask the Mac for names. A local DNS proxy such as dnsmasq, AdGuard or a VPN’s resolver takes that port, on whichever address, and macOS’s own answer fails. Give the guest another name server, or stop the proxy.

cause-wsl-mirrored-fell-back-title = WSL runs NAT although mirrored was asked for
cause-wsl-mirrored-fell-back-summary = { $vm } is behind NAT at { $guest }, although .wslconfig asks for mirrored networking.
cause-wsl-mirrored-fell-back-text = WSL falls back to NAT without much ado when the system does not support mirrored networking: it needs Windows 11 22H2 or later and WSL 2.0 or later, and the line must stand under [wsl2]. Localhost then does not reach Windows from inside, and other machines do not reach the guest.

cause-tap-detached-from-bridge-title = The machine’s cable is plugged into no bridge
cause-tap-detached-from-bridge-summary = The port { $port } of { $vm } belongs to no bridge, so that nothing the guest sends arrives on { $adapter }.
cause-tap-detached-from-bridge-text = This happens when a virtual network was stopped and started while the machine ran, or when another program took the port away. The guest itself sees its cable plugged in.

cause-virtual-cable-disconnected-title = The virtual cable is unplugged
cause-virtual-cable-disconnected-summary = The network card of { $vm } is not connected in the machine’s settings.
cause-virtual-cable-disconnected-text = Every product has a switch that unplugs a card, for running machines and for the next start. The host’s side of the cable looks healthy all the while.

cause-vm-nic-on-wrong-network-title = The card is on another network than intended
cause-vm-nic-on-wrong-network-summary = { $vm } is on { $network }, while the traffic is for { $wanted }.
cause-vm-nic-on-wrong-network-text = Products connect new cards to a default network, and a card keeps its network when a machine is copied. Connect the card to the network that the other end is on, or give the machine a second card there.

cause-duplicate-mac-title = Two machines have one hardware address
cause-duplicate-mac-summary = { $vm } and { $other } share the hardware address { $mac }: frames reach now one, now the other.
cause-duplicate-mac-text = A copied machine keeps its card’s address unless the copy is told to make a new one. On one network both then lose packets and may get one lease between them.

cause-hypervisor-nat-service-stopped-title = The NAT service is stopped
cause-hypervisor-nat-service-stopped-summary = The NAT service of { $hypervisor } does not answer, so that { $vm } cannot reach the outside.
cause-hypervisor-nat-service-stopped-text = A service of its own translates for the guests. When it stops, guests keep their addresses and can talk to the host, but their gateway is dead.

cause-host-no-uplink-title = The host itself is offline
cause-host-no-uplink-summary = The host has no working way to the outside, so that no guest has one either.
cause-host-no-uplink-text = This is no fault of the virtual machine. Bring the host’s own connection back first: cable, Wi-Fi, router.

cause-bridged-wrong-nic-title = The machine is bridged to the wrong adapter
cause-bridged-wrong-nic-summary = { $vm } is bridged to { $uplink }, which does not lead to the network; the host itself uses { $wanted }.
cause-bridged-wrong-nic-text = A bridged card is tied to one physical adapter. When that one is unplugged, switched off, gone, or a VPN’s, the guest is alone on it. “Automatic” may choose a new one at every start. Tie it to the adapter with the cable.

cause-bridged-wifi-unsupported-title = Bridging over Wi-Fi does not work here
cause-bridged-wifi-unsupported-summary = { $vm } is bridged to the wireless adapter { $uplink }. An access point talks to one hardware address a client, the host’s.
cause-bridged-wifi-unsupported-text = Frames with the guest’s own hardware address are thrown away by the access point. Some products rewrite addresses to get around it, which not every network bears. Use NAT, or a wired adapter.

cause-port-security-blocks-guest-title = The switch lets only one machine through
cause-port-security-blocks-guest-summary = { $vm } and the host share the wire { $uplink }: the host reaches its router, the guest reaches nobody beyond the host.
cause-port-security-blocks-guest-text = Company switches allow one hardware address a port, or ask each machine to log in (802.1X). A bridged guest is a second machine on the port. On this computer it leaves no trace, so it takes the network’s administrator to say for sure.

cause-wifi-client-isolation-title = The access point keeps its clients apart
cause-wifi-client-isolation-summary = { $vm } gets to the router by { $uplink }, but not to another machine of the same network, which does not answer at all.
cause-wifi-client-isolation-text = Guest networks and hotspots let every client reach the internet and none reach another. Only the owner of the access point can change that; a wire or a network that the host makes itself goes around it.

cause-lan-dhcp-refuses-title = The LAN’s DHCP server does not serve the guest
cause-lan-dhcp-refuses-summary = { $how ->
    [foreign] { $vm } has a lease from { $server }, which is not of the host’s network: a second DHCP server answers on the wire.
   *[silent] The host has an address of the LAN, but { $vm } on the same wire gets none.
}
cause-lan-dhcp-refuses-text = Some networks lend addresses to known hardware addresses only, or have none left; and any machine that shares its connection lends addresses of its own. Ask the network’s administrator, or use NAT, which needs no address of the LAN.
