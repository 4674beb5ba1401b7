### Short lessons.

learn-segment = Segment and mask
learn-segment-what = A segment is an address with a mask. The mask says how much of the address names the network and how much names the machine: with /24 the first three numbers are the network.
learn-segment-why = Two machines talk directly when each sees the other inside its own segment. Otherwise the packet goes to a router, and without one it goes nowhere.
learn-segment-see = A VM with 192.168.220.131/24 and a PC with 192.168.1.23/24 are in different segments. That is normal and wanted for NAT and host-only networks: the PC then needs an adapter of its own on the VM's segment, which the hypervisor gives it.
learn-gateway = Gateway
learn-gateway-what = The gateway is the router that a machine hands a packet to when the target is in no segment of its own. It must itself be in a segment of the machine.
learn-gateway-why = Which one is right depends on the mode: VMware's NAT answers at .2, libvirt's at .1, VirtualBox's at 10.0.2.2, a bridged VM uses the router of the physical network.
learn-gateway-see = A VM without a gateway, or with the wrong one, still talks to its own segment. So the PC reaches it while the internet does not answer.
learn-nat = NAT
learn-nat-what = NAT writes the host's address over the VM's address on the way out, and the VM's back on the way in. It remembers each connection that began inside.
learn-nat-why = Outside nobody knows the VM's address, so nobody outside can begin a connection, except through a forwarded port.
learn-nat-see = From this PC it depends on the product: VMware's, Hyper-V's and libvirt's NAT give the PC an adapter on the segment, VirtualBox's NAT does not, so a ping from the PC cannot work there.
learn-bridged = Bridged
learn-bridged-what = The VM is one more device on the physical network. It has a hardware address of its own and gets its address from the router, like a second computer on the same switch.
learn-bridged-why = Everybody on the network reaches it. So its own firewall decides, and the network must allow a second device on the same cable.
learn-bridged-see = Wi-Fi is the usual trap: an access point talks to the hardware addresses that signed in, and to no others. Another one is the wrong physical adapter being bridged.
learn-host-only = Host-only and internal
learn-host-only-what = A host-only segment holds this PC and its VMs. An internal or private one holds VMs alone; this PC has no adapter there.
learn-host-only-why = Nothing leads outside. That is the purpose: a lab that can spoil nothing, and that nothing can spoil.
learn-host-only-see = “No internet” in a host-only network is no fault. Give the VM a second network card in NAT mode when it needs updates.
learn-firewall = Firewall and ping
learn-firewall-what = A firewall may drop a ping and still let a service through, or the other way round. So a silent ping is no proof that a machine is off.
learn-firewall-why = The hardware address tells more: when it answers in the neighbor table while ping is silent, the machine is there and something filters.
learn-firewall-see = Open the narrowest thing that helps: ping from one segment, or one port. Switching a firewall off hides the cause and opens everything.

learn-calculator = Try it: two addresses
learn-calculator-one = One machine
learn-calculator-other = The other
learn-calculator-wrong = Write it as 192.168.1.23/24
learn-calculator-facts = Network { $network } · mask { $mask } · broadcast { $broadcast } · machines { $first } to { $last }
learn-calculator-same = same segment
learn-calculator-same-text = They talk directly, without a router.
learn-calculator-different = different segments
learn-calculator-different-text = They need a router that knows both segments, and each needs a route to the other.
learn-calculator-half = the masks disagree
learn-calculator-half-text = One sees the other as a neighbor, but not the other way round. Give both the same mask.
learn-calculator-families = IPv4 and IPv6
learn-calculator-families-text = These two families do not talk to each other.

learn-own-segment = Here: this PC is { $address }, so its segment is { $net }.
learn-own-gateway = Here: this PC is { $address } and its gateway is { $gateway }.
learn-own-guest-same = Here: this PC is { $address } and the VM is { $guest }, in the same segment.
learn-own-guest-other = Here: this PC is { $address } and the VM is { $guest }, in another segment.
