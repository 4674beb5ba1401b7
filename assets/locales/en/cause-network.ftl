### Causes in products, virtual networks, cards, NAT and uplinks: title, the sentence that names it in a case, and the explanation.

cause-nat-no-inbound-path-title = No way in through NAT
cause-nat-no-inbound-path-summary = In { $mode } mode of { $hypervisor } nothing outside can start a connection to { $vm }, except through a forwarded port.
cause-nat-no-inbound-path-text = Address translation hides the guest behind the host: answers find their way back, new connections do not. This is how the mode works and no fault. Forward the one port you need, or give the machine a second card on a network that the host shares. Echo never passes a port forward.

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

cause-vm-not-running-title = The virtual machine is not running
cause-vm-not-running-summary = { $vm } does not run, or is paused.
cause-vm-not-running-text = A machine that is off, paused or saved answers nothing, though its address may still stand in lease lists and neighbor tables. Start it and wait until its system is up.

cause-virtual-network-not-started-title = The virtual network is not started
cause-virtual-network-not-started-summary = The network { $network } is defined, but it does not run.
cause-virtual-network-not-started-text = Without its network the host has no adapter and no route to the segment, and guests get no address. Machines that were running when the network stopped have to be plugged in again or restarted.

cause-tap-detached-from-bridge-title = The machine’s cable is plugged into no bridge
cause-tap-detached-from-bridge-summary = The port { $port } of { $vm } belongs to no bridge, so that nothing the guest sends arrives on { $adapter }.
cause-tap-detached-from-bridge-text = This happens when a virtual network was stopped and started while the machine ran, or when another program took the port away. The guest itself sees its cable plugged in.

cause-virtual-cable-disconnected-title = The virtual cable is unplugged
cause-virtual-cable-disconnected-summary = The network card of { $vm } is not connected in the machine’s settings.
cause-virtual-cable-disconnected-text = Every product has a switch that unplugs a card, for running machines and for the next start. The host’s side of the cable looks healthy all the while.

cause-duplicate-mac-title = Two machines have one hardware address
cause-duplicate-mac-summary = { $vm } and { $other } share the hardware address { $mac }: frames reach now one, now the other.
cause-duplicate-mac-text = A copied machine keeps its card’s address unless the copy is told to make a new one. On one network both then lose packets and may get one lease between them.

cause-hypervisor-nat-service-stopped-title = The NAT service is stopped
cause-hypervisor-nat-service-stopped-summary = The NAT service of { $hypervisor } does not answer, so that { $vm } cannot reach the outside.
cause-hypervisor-nat-service-stopped-text = A service of its own translates for the guests. When it stops, guests keep their addresses and can talk to the host, but their gateway is dead.

cause-host-no-uplink-title = The host itself is offline
cause-host-no-uplink-summary = The host has no working way to the outside, so that no guest has one either.
cause-host-no-uplink-text = This is no fault of the virtual machine. Bring the host’s own connection back first: cable, Wi-Fi, router.
