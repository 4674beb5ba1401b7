### Causes at the host, on its links and in its forwarding: title, the sentence that names it in a case, and the explanation.

cause-host-vnic-missing-title = The host’s adapter for this network is missing
cause-host-vnic-missing-summary = The host has no adapter on { $network }, though this mode needs one.
cause-host-vnic-missing-text = Through its NAT engine the guest may still reach the internet, but host and guest cannot talk: that pair is the fingerprint of a missing host adapter. It is removed in the product’s network settings, by a clean-up tool, or by an incomplete update.

cause-host-vnic-disabled-title = The host’s adapter is disabled
cause-host-vnic-disabled-summary = The adapter { $adapter } is there, but disabled in Windows.
cause-host-vnic-disabled-text = Somebody, or a program that tidies up, disabled it among the network connections. The guest may still reach the internet through the product’s NAT engine, but not the host. Enable it again.

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

cause-host-vnic-address-conflict-title = The host’s adapter holds somebody else’s address
cause-host-vnic-address-conflict-summary = { $adapter } of the host has the address { $address }, which belongs to the guest or to the network’s NAT engine.
cause-host-vnic-address-conflict-text = Packets for that address never leave the host, or two answer for it on the segment. Each machine, and a NAT engine that is none of the host’s adapters, needs an address of its own: give the host its usual one back.

cause-host-ip-not-on-bridge-title = The host’s address sits on a port of the bridge
cause-host-ip-not-on-bridge-summary = { $port } is a port of { $bridge } and still has the host’s address; the bridge itself should have it.
cause-host-ip-not-on-bridge-text = Once a card is a bridge’s port, what arrives there belongs to the bridge: answers to the host’s questions come in on the bridge and are not matched with the card. Guests and the LAN go on seeing each other; only the host is cut off. The address and the default route move to the bridge.

cause-subnet-overlap-lan-title = The virtual segment overlaps the physical one
cause-subnet-overlap-lan-summary = The virtual segment { $segment } shares addresses with { $lan } on { $physical }: packets for the guest leave by the wrong side.
cause-subnet-overlap-lan-text = A segment must exist only once on a machine. Move the virtual network to a free segment; the physical one belongs to others.

cause-subnet-overlap-vpn-title = The VPN uses the addresses of the virtual segment
cause-subnet-overlap-vpn-summary = The VPN’s network { $theirs } behind { $tunnel } has the same addresses as the virtual segment { $segment }.
cause-subnet-overlap-vpn-text = Two networks with the same addresses cannot both be reached, whatever the order of the routes: one of them is always hidden. Move the virtual network to a segment that the VPN does not use; a route for this one guest helps until then.

cause-subnet-overlap-virtual-title = Two virtual networks share a segment
cause-subnet-overlap-virtual-summary = { $other } also has addresses of { $segment } ({ $other_segment }), and the host sends packets for { $guest } there instead of to { $adapter }.
cause-subnet-overlap-virtual-text = Products choose their segments without asking each other. With one prefix on two adapters the routing table can only pick one; the machines on the other are out of reach. Give one of the two networks another segment.

cause-host-two-nics-same-subnet-title = Two cards of the host are in one segment
cause-host-two-nics-same-subnet-summary = The host looks for { $guest } through { $used }, but the guest is bridged to { $own }; both are in { $segment }.
cause-host-two-nics-same-subnet-text = With two cards in one segment the system uses one of them for all of it, often the wired one. The guest hangs on the other. Unless a switch joins the two, its questions never arrive. One of the cards is enough: switch the other off, or move it to a segment of its own.

cause-host-two-subnets-one-nic-title = Packets leave with the address of the other segment
cause-host-two-subnets-one-nic-summary = { $nic } has addresses in two segments, and packets for { $guest } leave with { $wrong } instead of { $own }.
cause-host-two-subnets-one-nic-text = The guest answers to the address that it was asked from. If that one is in another segment, the answer goes to its gateway, and is lost there or comes back by another way. Let the route name the address in the guest’s own segment.

cause-duplicate-dhcp-client-id-title = Clones share one DHCP client identifier
cause-duplicate-dhcp-client-id-summary = { $vm } and { $other } ask for an address under one identifier, so that the DHCP server takes them for one machine ({ $address }).
cause-duplicate-dhcp-client-id-text = Newer Linux systems make the identifier out of the machine’s own number (/etc/machine-id), which a clone inherits although its hardware address is new. The server lends both the same address, and connections reach now the one, now the other. Give the clone a number of its own.

cause-duplicate-ip-title = Two machines answer for one address
cause-duplicate-ip-summary = More than one machine answers for { $guest }: { $macs }.
cause-duplicate-ip-text = Whoever answers first gets the packets, so that connections work at times and land on the wrong machine at others. Give one of them another address.

cause-stale-address-title = The guest has another address now
cause-stale-address-summary = { $vm } is now at { $current }; { $guest } is an old address.
cause-stale-address-text = Addresses from DHCP change. Use the new one, and reserve an address for the machine if notes or settings depend on it.

cause-subnet-overlap-guest-internal-title = A network inside the guest hides the other end
cause-subnet-overlap-guest-internal-summary = The guest looks for { $other } in its own inner network { $inner } and never sends the answer out.
cause-subnet-overlap-guest-internal-text = Docker and the like make networks inside the guest. Where one of them has the addresses of the host or the LAN, the guest takes the other end for one of its containers. Give the inner network other addresses.

cause-hyperv-default-switch-changed-title = The Default Switch has another segment now
cause-hyperv-default-switch-changed-summary = The Default Switch is now in { $now }; { $guest } is from an earlier segment.
cause-hyperv-default-switch-changed-text = Windows chooses the segment of the Default Switch anew at boot. Addresses that were noted, and static ones in guests, are then outside of it. Let the guest ask for its address again; for fixed addresses use a switch of your own.

cause-guest-address-unknown-title = Nothing tells the guest’s address
cause-guest-address-unknown-summary = { $vm } runs, but neither its product, nor a lease, nor the neighbor table tells its address.
cause-guest-address-unknown-text = Without an address there is nothing to test. Usually the guest tools are missing and no traffic has been seen yet; it may also be that the guest never got an address. Its own network settings show which.

cause-ipv6-only-title = The machine answers over one version of IP only
cause-ipv6-only-summary = { $vm } answers over { $version } at { $works }, and not at all over { $other } at { $guest }.
cause-ipv6-only-text = IPv4 and IPv6 have addresses and routes of their own: one can work while the other is not set up. The wire, the machine and its card are in order then, and only the address of the silent version is missing or wrong. Let the guest ask for an address again, or use the one that answers.

cause-vpn-route-hijack-title = A VPN takes the way to the guest
cause-vpn-route-hijack-summary = Packets for { $guest } go into the tunnel { $tunnel } instead of { $adapter }.
cause-vpn-route-hijack-text = The VPN brought a route or a rule that covers the virtual segment, and it wins. Allow local networks in the VPN client, put the segment’s own route first, or move the virtual network to a segment that the VPN does not cover.

cause-vpn-blocks-local-lan-title = A VPN forbids local networks
cause-vpn-blocks-local-lan-summary = The route to { $guest } is right, but the host refuses to send while the VPN { $tunnel } is up.
cause-vpn-blocks-local-lan-text = Many VPN programs filter everything that does not go through the tunnel: a kill switch, or a rule of the company. Virtual segments look like a local network to them. Allow local networks in the VPN program, or disconnect to compare.

cause-host-route-wrong-title = A wrong route leads away from the guest
cause-host-route-wrong-summary = The route “{ $row }” wins for { $guest } and leads away from { $adapter }.
cause-host-route-wrong-text = The most specific row of the routing table decides, then the smallest metric. A row left over from an experiment or another program sends the guest’s packets elsewhere or throws them away.

cause-host-route-missing-title = The route to the segment is gone
cause-host-route-missing-summary = The adapter { $adapter } is in the guest’s segment, but the route to { $segment } is missing.
cause-host-route-missing-text = The system adds this route by itself with the address. A VPN client or a script removed it; without it packets go to the default gateway.

cause-segment-route-missing-title = There is no route to the segment behind a router
cause-segment-route-missing-summary = { $guest } lies behind a router, and { $who ->
    [lan] the other machine of the LAN
   *[host] the host
 } has no route that leads there.
cause-segment-route-missing-text = A routed segment is hidden from everybody who is not told which router leads to it: their packets go to the default gateway, which does not know it either. A route on the asking machine helps that machine; one on the LAN’s router helps all.

cause-host-firewall-blocks-guest-title = The host’s firewall blocks the guest
cause-host-firewall-blocks-guest-summary = The host throws away what arrives from { $segment } on { $adapter }.
cause-host-firewall-blocks-guest-text = The packets reach the host and its own filter drops them. Open only what is needed, and only for this segment.

cause-host-firewall-blocks-dhcp-dns-title = The host’s firewall drops the guests’ DHCP or DNS
cause-host-firewall-blocks-dhcp-dns-summary = The host throws away the { $what } questions that arrive on { $adapter }.
cause-host-firewall-blocks-dhcp-dns-text = On this network the host itself hands out addresses and answers names. Its firewall drops the questions, so that guests get no lease (and make up a 169.254 address) or resolve no name, while everything looks right on the host. Let just these two services in, on this adapter.

cause-host-firewall-blocks-outbound-title = The host’s firewall drops its own packets
cause-host-firewall-blocks-outbound-summary = The host’s own filter throws away what it sends to { $guest }.
cause-host-firewall-blocks-outbound-text = The refusal comes from this machine before anything reaches the wire: a rule on output, or the kill switch of a VPN.

cause-host-echo-ignored-title = The host ignores echo by a setting
cause-host-echo-ignored-summary = The host leaves every echo request unanswered; other traffic is not affected.
cause-host-echo-ignored-text = A kernel switch, not a firewall, silences ping. If that was wanted, test with a TCP port instead.

cause-hyperv-firewall-blocks-title = The Hyper-V firewall keeps others away from WSL
cause-hyperv-firewall-blocks-summary = The Hyper-V firewall blocks what comes to { $vm } from outside, and no rule lets in { $wanted }.
cause-hyperv-firewall-blocks-text = In mirrored mode WSL has the addresses of Windows, but a firewall of its own: what the Windows firewall allows need not be allowed there. On this computer itself the connection works. Let the port in with a rule for WSL.

cause-third-party-or-managed-firewall-title = Another firewall decides, or a policy of the company
cause-third-party-or-managed-firewall-summary = { $kind ->
    [policy] A policy of the company filters on the host: rules that were made on this computer do not count.
   *[product] { $product } filters on the host instead of the Windows firewall.
}
cause-third-party-or-managed-firewall-text = Rules of the Windows firewall change nothing here, because something else decides: a security product that took its place, or a group policy that ignores local rules. The segment of the machines has to be trusted there.

cause-host-firewall-service-broken-title = The service under the Windows firewall is stopped
cause-host-firewall-service-broken-summary = The Windows service { $service } is stopped, and with it the translation for { $vm }.
cause-host-firewall-service-broken-text = Stopping it does not open the computer: without it Windows filters by its boot rules, and address translation, connection sharing and the Default Switch fail. Start it again; the firewall can be adjusted by rules.

cause-macos-firewall-blocks-bootpd-title = The Mac’s firewall stops its DHCP server
cause-macos-firewall-blocks-bootpd-summary = The application firewall keeps bootpd from answering, so that { $vm } gets no address.
cause-macos-firewall-blocks-bootpd-text = macOS lends addresses to guests by bootpd. Where the application firewall blocks that program, or every incoming connection, guests make up a 169.254 address. A managed Mac may put the block back.

cause-macos-local-network-privacy-title = macOS keeps the program from the local network
cause-macos-local-network-privacy-summary = The route to { $guest } is there, but macOS answers “no route to host” at once.
cause-macos-local-network-privacy-text = Since macOS 15 each program needs the permission “Local Network”. Without it every packet to the machine’s own segments fails at once, though routes and adapters are right; Terminal and root are not affected. This program needs the permission, too.

cause-ip-forward-disabled-title = The host does not forward packets
cause-ip-forward-disabled-summary = The host does not pass packets on between { $adapter } and its other adapters.
cause-ip-forward-disabled-text = For this mode the host’s kernel is the guests’ router. With forwarding off, host and guest talk, and nothing goes further.

cause-docker-forward-drop-title = Docker’s forward policy stops the guests
cause-docker-forward-drop-summary = Docker set the host’s forward chain to drop, and nothing lets { $adapter } through.
cause-docker-forward-drop-text = Docker protects its containers by dropping all that is forwarded and not its own. Its chain DOCKER-USER is the place for exceptions.

cause-host-forward-policy-drop-title = The host’s firewall stops what it forwards
cause-host-forward-policy-drop-summary = The host’s filter throws away what { $vm } sends through it.
cause-host-forward-policy-drop-text = Forwarding is on, but a rule or the policy of the forward chain drops the guests’ packets.

cause-br-netfilter-filters-bridge-title = The IP filter drops bridged frames
cause-br-netfilter-filters-bridge-summary = Frames that only cross the bridge { $adapter } are handed to the IP filter, which drops them: { $rule }.
cause-br-netfilter-filters-bridge-text = A bridge passes frames without looking at addresses, unless the switch bridge-nf-call-iptables is on: Docker and Kubernetes load it. Then the forward chain decides about machines of one segment, too. ARP still passes, which makes it look like a firewall in the guest.

cause-hypervisor-filter-rules-lost-title = The hypervisor’s filter rules are gone
cause-hypervisor-filter-rules-lost-summary = The network { $network } runs, but the rules that its product wrote for it are not in the filter any more.
cause-hypervisor-filter-rules-lost-text = libvirt writes its rules once, when a network starts: translation, forwarding, DHCP and names. A firewall that is started or reloaded afterwards sweeps them away. Restarting libvirt’s network service writes them again; machines go on running.

cause-nft-iptables-backend-conflict-title = Two packet filters contradict each other
cause-nft-iptables-backend-conflict-summary = The rules of { $passes } let the guest’s packets through, but those of { $drops } drop them: { $rule }.
cause-nft-iptables-backend-conflict-text = Old rules of iptables-legacy and those that nft holds live side by side in the kernel, and a packet has to pass both. An exception in one of them does not help against a drop in the other, and each tool shows only its own. Change the one that drops, then keep to one.

cause-rp-filter-drops-title = The reverse-path filter drops packets
cause-rp-filter-drops-summary = Packets arrive on { $adapter }, but the host would answer their sender by { $leaves }; its strict reverse-path filter throws them away.
cause-rp-filter-drops-text = With rp_filter at 1 the kernel drops a packet whose sender it would answer by another adapter, before any firewall sees it. That is meant against forged senders and hits guests with two cards and hosts with two ways outside. The loose setting 2 keeps most of the protection.

cause-networkmanager-resets-interface-title = NetworkManager has taken over the product’s adapter
cause-networkmanager-resets-interface-summary = NetworkManager manages { $adapter } ({ $state }), and the adapter has lost what its product gave it.
cause-networkmanager-resets-interface-text = NetworkManager treats an adapter that it manages as its own: it looks for a DHCP server there, takes addresses away and unplugs ports, often after a resume from sleep. Tell it to leave the product’s adapters alone, then set the address again.

cause-nic-offload-breaks-bridging-title = The card is to finish packets that never leave through it
cause-nic-offload-breaks-bridging-summary = { $nic } is to finish packets for the system, but what the host sends to { $guest } is handed over before it reaches the card.
cause-nic-offload-breaks-bridging-text = Checksums and cutting into segments are left to the card. Packets between a host and its own bridged guest take a short cut, and some drivers hand them over unfinished: the guest drops them, while other machines reach it. Let the system do the work itself.

cause-mtu-mismatch-title = Large packets die on the way
cause-mtu-mismatch-summary = Small packets reach the other end, packets of { $failed } bytes do not; { $passed } bytes pass.
cause-mtu-mismatch-text = Connections open and then hang as soon as much is sent. A tunnel or a link on the way carries less than the adapters believe. Lower the largest packet in the guest.

cause-stp-forward-delay-title = The bridge port is still waiting
cause-stp-forward-delay-summary = The port { $port } of { $bridge } is { $state } and passes nothing yet.
cause-stp-forward-delay-text = With spanning tree a bridge watches each new port for twice its forward delay, usually 30 seconds, before it passes frames. A guest that asks for an address meanwhile gets none. Wait and try again; on a bridge that can form no loop, spanning tree may be off.

cause-stale-neighbor-title = A neighbor entry points to the wrong card
cause-stale-neighbor-summary = The entry for { $address } was set by hand to { $entry }; the machine’s card is { $right }.
cause-stale-neighbor-text = A permanent neighbor entry is never asked again. Since the machine or its card was replaced, frames go to a hardware address that nobody has any more. Take the entry away; the system then asks by itself.

cause-lossy-link-title = Packets get lost
cause-lossy-link-summary = { $lost } of { $sent } packets to { $guest } got lost.
cause-lossy-link-text = The way works, but not well: an overloaded host, Wi-Fi, power saving, or two machines with one address.
