### Causes in the guest and beyond: title, the sentence that names it in a case, and the explanation.

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

cause-guest-dns-only-title = Names do not resolve in the guest
cause-guest-dns-only-summary = { $vm } reaches addresses outside, but cannot resolve { $name }.
cause-guest-dns-only-text = The connection works; only the name server is wrong or silent. Give the guest one that answers.
