### Causes at the host, on its links and in its forwarding: title, the sentence that names it in a case, and the explanation.

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

cause-ipv6-only-title = The machine answers over one version of IP only
cause-ipv6-only-summary = { $vm } answers over { $version } at { $works }, and not at all over { $other } at { $guest }.
cause-ipv6-only-text = IPv4 and IPv6 have addresses and routes of their own: one can work while the other is not set up. The wire, the machine and its card are in order then, and only the address of the silent version is missing or wrong. Let the guest ask for an address again, or use the one that answers.

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

cause-ip-forward-disabled-title = The host does not forward packets
cause-ip-forward-disabled-summary = The host does not pass packets on between { $adapter } and its other adapters.
cause-ip-forward-disabled-text = For this mode the host’s kernel is the guests’ router. With forwarding off, host and guest talk, and nothing goes further.

cause-docker-forward-drop-title = Docker’s forward policy stops the guests
cause-docker-forward-drop-summary = Docker set the host’s forward chain to drop, and nothing lets { $adapter } through.
cause-docker-forward-drop-text = Docker protects its containers by dropping all that is forwarded and not its own. Its chain DOCKER-USER is the place for exceptions.

cause-host-forward-policy-drop-title = The host’s firewall stops what it forwards
cause-host-forward-policy-drop-summary = The host’s filter throws away what { $vm } sends through it.
cause-host-forward-policy-drop-text = Forwarding is on, but a rule or the policy of the forward chain drops the guests’ packets.

cause-mtu-mismatch-title = Large packets die on the way
cause-mtu-mismatch-summary = Small packets reach the other end, packets of { $failed } bytes do not; { $passed } bytes pass.
cause-mtu-mismatch-text = Connections open and then hang as soon as much is sent. A tunnel or a link on the way carries less than the adapters believe. Lower the largest packet in the guest.

cause-lossy-link-title = Packets get lost
cause-lossy-link-summary = { $lost } of { $sent } packets to { $guest } got lost.
cause-lossy-link-text = The way works, but not well: an overloaded host, Wi-Fi, power saving, or two machines with one address.
