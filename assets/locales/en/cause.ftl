### One cause each: title, the sentence that names it in a case, and the explanation.

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

cause-host-vnic-missing-title = The host’s adapter for this network is missing
cause-host-vnic-missing-summary = The host has no adapter on { $network }, though this mode needs one.
cause-host-vnic-missing-text = Through its NAT engine the guest may still reach the internet, but host and guest cannot talk: that pair is the fingerprint of a missing host adapter. It is removed in the product’s network settings, by a clean-up tool, or by an incomplete update.

cause-host-vnic-down-title = The host’s adapter is switched off
cause-host-vnic-down-summary = The adapter { $adapter } is there, but switched off.
cause-host-vnic-down-text = A disabled adapter has no route to its segment, so that packets for the guest leave by another way and vanish. Switch it on again.

cause-host-vnic-no-address-title = The host’s adapter has no address
cause-host-vnic-no-address-summary = The adapter { $adapter } is up, but has no IPv4 address, so that the host is not in the guest’s segment.
cause-host-vnic-no-address-text = Host and guest need an address each in one segment. The product’s configuration or another network manager took the host’s away.

cause-host-vnic-apipa-title = The host’s adapter made its address up
cause-host-vnic-apipa-summary = The adapter { $adapter } has a 169.254 address, because nobody gave it a real one.
cause-host-vnic-apipa-text = Such an adapter waits for a DHCP server that does not answer. On a virtual network the host usually has a fixed address: set it.

cause-host-vnic-wrong-subnet-title = The host’s adapter is in another segment
cause-host-vnic-wrong-subnet-summary = The adapter { $adapter } has an address outside of the guest’s segment.
cause-host-vnic-wrong-subnet-text = Somebody or something set an address by hand that does not fit the virtual network. Host and guest then look for each other beyond a router that does not exist.

cause-subnet-overlap-lan-title = The virtual segment overlaps the physical one
cause-subnet-overlap-lan-summary = The virtual segment { $segment } shares addresses with { $lan } on { $physical }: packets for the guest leave by the wrong side.
cause-subnet-overlap-lan-text = A segment must exist only once on a machine. Move the virtual network to a free segment; the physical one belongs to others.

cause-duplicate-ip-title = Two machines answer for one address
cause-duplicate-ip-summary = More than one machine answers for { $guest }: { $macs }.
cause-duplicate-ip-text = Whoever answers first gets the packets, so that connections work at times and land on the wrong machine at others. Give one of them another address.

cause-stale-address-title = The guest has another address now
cause-stale-address-summary = { $vm } is now at { $current }; { $guest } is an old address.
cause-stale-address-text = Addresses from DHCP change. Use the new one, and reserve an address for the machine if notes or settings depend on it.

cause-vpn-route-hijack-title = A VPN takes the way to the guest
cause-vpn-route-hijack-summary = Packets for { $guest } go into the tunnel { $tunnel } instead of { $adapter }.
cause-vpn-route-hijack-text = The VPN brought a route or a rule that covers the virtual segment, and it wins. Allow local networks in the VPN client, put the segment’s own route first, or move the virtual network to a segment that the VPN does not cover.

cause-host-route-wrong-title = A wrong route leads away from the guest
cause-host-route-wrong-summary = The route “{ $row }” wins for { $guest } and leads away from { $adapter }.
cause-host-route-wrong-text = The most specific row of the routing table decides, then the smallest metric. A row left over from an experiment or another program sends the guest’s packets elsewhere or throws them away.

cause-host-route-missing-title = The route to the segment is gone
cause-host-route-missing-summary = The adapter { $adapter } is in the guest’s segment, but the route to { $segment } is missing.
cause-host-route-missing-text = The system adds this route by itself with the address. A VPN client or a script removed it; without it packets go to the default gateway.

cause-host-firewall-blocks-guest-title = The host’s firewall blocks the guest
cause-host-firewall-blocks-guest-summary = The host throws away what arrives from { $segment } on { $adapter }.
cause-host-firewall-blocks-guest-text = The packets reach the host and its own filter drops them. Open only what is needed, and only for this segment.

cause-host-firewall-blocks-outbound-title = The host’s firewall drops its own packets
cause-host-firewall-blocks-outbound-summary = The host’s own filter throws away what it sends to { $guest }.
cause-host-firewall-blocks-outbound-text = The refusal comes from this machine before anything reaches the wire: a rule on output, or the kill switch of a VPN.

cause-host-echo-ignored-title = The host ignores echo by a setting
cause-host-echo-ignored-summary = The host leaves every echo request unanswered; other traffic is not affected.
cause-host-echo-ignored-text = A kernel switch, not a firewall, silences ping. If that was wanted, test with a TCP port instead.

cause-guest-static-wrong-subnet-title = The guest’s address belongs to another segment
cause-guest-static-wrong-subnet-summary = { $vm } has the address { $guest }, but its network is { $guest_segment }.
cause-guest-static-wrong-subnet-text = An address set by hand for another network. The host looks for it beyond its default gateway, and the guest looks for a gateway that is not there. Let DHCP give the address, or set one of this segment.

cause-guest-apipa-title = The guest made its address up
cause-guest-apipa-summary = { $vm } has { $guest }, an address it made up because no DHCP server answered.
cause-guest-apipa-text = The card works, but nobody lent it an address. Look at the DHCP server of this network; on networks without one set an address by hand.

cause-guest-firewall-rejects-title = The guest’s firewall refuses
cause-guest-firewall-rejects-summary = { $vm } answers, and says that it does not let this in.
cause-guest-firewall-rejects-text = An active refusal: a rule in the guest rejects with a message. Open what is needed for this segment only.

cause-guest-firewall-blocks-icmp-title = The guest’s firewall drops ping
cause-guest-firewall-blocks-icmp-summary = { $vm } is up and reachable: its network card answers. Only echo requests are thrown away.
cause-guest-firewall-blocks-icmp-text = Windows does this by default, and many Linux images do. If the service you want works, nothing is broken. Else allow echo from this segment.

cause-guest-firewall-blocks-inbound-title = The guest’s firewall drops what comes in
cause-guest-firewall-blocks-inbound-summary = { $vm } is on the wire, but its firewall throws away what others start towards it.
cause-guest-firewall-blocks-inbound-text = The card answers on the segment while every test meets silence: a filter in the guest. On Windows this is the usual state of a network with the profile Public. Open what is needed for this segment only.

cause-service-not-listening-title = Nobody listens on the port
cause-service-not-listening-summary = { $vm } answers, but nobody listens on port { $port }.
cause-service-not-listening-text = The network works: the guest itself refuses. Start the service, or ask for the port that it really uses.

cause-service-bound-to-loopback-title = The service listens on loopback only
cause-service-bound-to-loopback-summary = Inside { $vm } the service on port { $port } listens on 127.0.0.1 only, so that nobody else can reach it.
cause-service-bound-to-loopback-text = Many programs start this way to be safe. Bind it to the guest’s address in its settings, and let nobody in but this segment.

cause-guest-missing-gateway-title = The guest has no default gateway
cause-guest-missing-gateway-summary = { $vm } has no default route, so that it cannot answer or reach anything beyond its own segment.
cause-guest-missing-gateway-text = Within the segment everything works; beyond it a machine needs a gateway. DHCP usually brings it, an address set by hand needs it too.

cause-guest-wrong-gateway-title = The guest’s gateway is wrong
cause-guest-wrong-gateway-summary = { $vm } sends everything for the outside to { $wrong }, which does not pass it on. The gateway here is { $gateway }.
cause-guest-wrong-gateway-text = With VMware NAT the gateway is the second address of the segment, not the host’s first. Elsewhere it is usually the host’s own address there.

cause-hypervisor-nat-service-stopped-title = The NAT service is stopped
cause-hypervisor-nat-service-stopped-summary = The NAT service of { $hypervisor } does not answer, so that { $vm } cannot reach the outside.
cause-hypervisor-nat-service-stopped-text = A service of its own translates for the guests. When it stops, guests keep their addresses and can talk to the host, but their gateway is dead.

cause-ip-forward-disabled-title = The host does not forward packets
cause-ip-forward-disabled-summary = The host does not pass packets on between { $adapter } and its other adapters.
cause-ip-forward-disabled-text = For this mode the host’s kernel is the guests’ router. With forwarding off, host and guest talk, and nothing goes further.

cause-docker-forward-drop-title = Docker’s forward policy stops the guests
cause-docker-forward-drop-summary = Docker set the host’s forward chain to drop, and nothing lets { $adapter } through.
cause-docker-forward-drop-text = Docker protects its containers by dropping all that is forwarded and not its own. Its chain DOCKER-USER is the place for exceptions.

cause-host-forward-policy-drop-title = The host’s firewall stops what it forwards
cause-host-forward-policy-drop-summary = The host’s filter throws away what { $vm } sends through it.
cause-host-forward-policy-drop-text = Forwarding is on, but a rule or the policy of the forward chain drops the guests’ packets.

cause-host-no-uplink-title = The host itself is offline
cause-host-no-uplink-summary = The host has no working way to the outside, so that no guest has one either.
cause-host-no-uplink-text = This is no fault of the virtual machine. Bring the host’s own connection back first: cable, Wi-Fi, router.

cause-mtu-mismatch-title = Large packets die on the way
cause-mtu-mismatch-summary = Small packets reach the other end, packets of { $failed } bytes do not; { $passed } bytes pass.
cause-mtu-mismatch-text = Connections open and then hang as soon as much is sent. A tunnel or a link on the way carries less than the adapters believe. Lower the largest packet in the guest.

cause-lossy-link-title = Packets get lost
cause-lossy-link-summary = { $lost } of { $sent } packets to { $guest } got lost.
cause-lossy-link-text = The way works, but not well: an overloaded host, Wi-Fi, power saving, or two machines with one address.

cause-guest-dns-only-title = Names do not resolve in the guest
cause-guest-dns-only-summary = { $vm } reaches addresses outside, but cannot resolve { $name }.
cause-guest-dns-only-text = The connection works; only the name server is wrong or silent. Give the guest one that answers.
