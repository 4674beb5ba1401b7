### Causes in the guest and beyond: title, the sentence that names it in a case, and the explanation.

cause-guest-nic-driver-missing-title = The guest has no driver for its network card
cause-guest-nic-driver-missing-summary = { $vm } has a network card ({ $device }), but no driver for it, and so no adapter at all.
cause-guest-nic-driver-missing-text = The product shows the guest a card that its system does not know: virtio and VMXNET3 cards need drivers that Windows does not bring along. Install the driver, or give the machine a card model that every system knows.

cause-guest-nic-renamed-title = The guest’s settings name a card that is called otherwise
cause-guest-nic-renamed-summary = In { $vm } the settings in { $file } are for { $old }, but the card is called { $card }, and nothing sets that one up.
cause-guest-nic-renamed-text = A card gets another name when its model or slot changes, or when a machine is copied or moved to another product. The old settings then wait for a card that never comes. Write the present name into them, or let them match the hardware address.

cause-guest-nic-not-started-title = The guest’s card is not started
cause-guest-nic-not-started-summary = In { $vm } the card { $card } is switched off, or nothing sets it up.
cause-guest-nic-not-started-text = The virtual cable may be plugged in and the network fine: the guest’s own system does not use the card. Switch it on, let it ask for an address, and make both last beyond the next boot.

cause-wrong-mask-title = The guest’s subnet mask is wrong
cause-wrong-mask-summary = { $vm } has { $wrong }, but its segment is a /{ $prefix }, so that it looks for { $peer } in the wrong place.
cause-wrong-mask-text = The prefix length says which addresses are neighbors. Too long, and the guest hands packets for neighbors to its gateway, or to nobody; too short, and it calls for strangers on its own wire, where nobody answers. All machines of a segment need the same one.

cause-guest-static-overridden-by-dhcp-title = DHCP overrules the guest’s static address
cause-guest-static-overridden-by-dhcp-summary = { $vm } should have { $wanted } by { $file }, but a DHCP client gave it { $has }.
cause-guest-static-overridden-by-dhcp-text = Two programs set up one card, and the last one wins: often a DHCP client or NetworkManager that was left running beside a static entry. Let only one of them have the card.

cause-guest-two-nics-same-subnet-title = Two cards of the guest are in one segment
cause-guest-two-nics-same-subnet-summary = { $vm } has { $one } and { $other } both in { $shared }, and sends by { $other }.
cause-guest-two-nics-same-subnet-text = A system sends everything for one segment by one of the two cards, whichever address was asked. If that card hangs on another network, or somebody checks the way back, the answers are lost. Keep one card in the segment.

cause-guest-static-wrong-subnet-title = The guest’s address belongs to another segment
cause-guest-static-wrong-subnet-summary = { $vm } has the address { $guest }, but its network is { $guest_segment }.
cause-guest-static-wrong-subnet-text = An address set by hand for another network. The host looks for it beyond its default gateway, and the guest looks for a gateway that is not there. Let DHCP give the address, or set one of this segment.

cause-guest-apipa-title = The guest made its address up
cause-guest-apipa-summary = { $vm } has { $guest }, an address it made up because no DHCP server answered.
cause-guest-apipa-text = The card works, but nobody lent it an address. Look at the DHCP server of this network; on networks without one set an address by hand.

cause-access-list-refuses-title = The service turns this visitor away
cause-access-list-refuses-summary = { $vm } lets { $who } reach the port, but { $by } refuses it by a list.
cause-access-list-refuses-text = TCP wrappers (hosts.deny), fail2ban after failed logins, and the SSH server’s own rules judge each visitor by its address. Others may get in at the same time. Take the address off the list.

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

cause-guest-vpn-captures-title = A VPN in the guest takes the packets
cause-guest-vpn-captures-summary = { $vm } sends packets for { $peer } into the tunnel { $tunnel } instead of by its card.
cause-guest-vpn-captures-text = A VPN that takes all traffic takes the answers to the host and to its neighbors as well. Leave local networks out of it, or disconnect it while you need them.

cause-guest-two-default-routes-title = The guest has two default routes
cause-guest-two-default-routes-summary = { $vm } sends what is for the outside by { $card } to { $wrong }, though { $gateway } would be the way.
cause-guest-two-default-routes-text = Only one default route is used, the one with the smallest metric. With two cards that both bring a gateway, packets and answers leave by the wrong one. Only the card that leads outside should have a gateway.

cause-missing-return-route-title = One side has no route to the other
cause-missing-return-route-summary = { $gap ->
    [discards] { $who } throws away everything that it sends to { $peer }: its route “{ $row }” says so.
   *[missing] { $who } has no route back to { $peer }: requests arrive, and the answers get lost.
}
cause-missing-return-route-text = Every packet needs a way there and a way back. A routed segment is hidden behind no translation, so that routers and machines beyond must know by whom to reach it. A row of the kind blackhole, unreachable or prohibit ends the way for what it covers.

cause-guest-wrong-gateway-title = The guest’s gateway is wrong
cause-guest-wrong-gateway-summary = { $vm } sends everything for the outside to { $wrong }, which does not pass it on. The gateway here is { $gateway }.
cause-guest-wrong-gateway-text = With VMware NAT the gateway is the second address of the segment, not the host’s first. Elsewhere it is usually the host’s own address there.

cause-name-points-elsewhere-title = The name leads to another address
cause-name-points-elsewhere-summary = { $name } leads to { $wrong }, but it is at { $right }.
cause-name-points-elsewhere-text = A line in the hosts file, or an answer that is still remembered, is older than the present address. By its address the machine may well be reached. Correct the line and forget what was remembered.

cause-proxy-required-title = The web proxy is the problem
cause-proxy-required-summary = { $how ->
    [dead] Programs are told to use the proxy { $proxy }, which does not answer.
   *[needed] Direct connections to the web are shut here; the host goes through the proxy { $proxy }, and { $vm } does not.
}
cause-proxy-required-text = Ping and name look-ups know nothing of proxies and may work all the same. Inside a company the web is often open through a proxy only; elsewhere a proxy of yesterday’s network is still set. Set the one that is there, or none.

cause-guest-dns-only-title = Names do not resolve in the guest
cause-guest-dns-only-summary = { $vm } reaches addresses outside, but cannot resolve { $name }.
cause-guest-dns-only-text = The connection works; only the name server is wrong or silent. Give the guest one that answers.
