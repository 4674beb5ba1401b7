### Why a mode has a way for traffic, or has none.

mode-why-bridged = The card is one more machine on the physical segment. Over Wi-Fi, and where a switch or access point allows one machine a port, this may fail.
mode-why-esxi-remote = The host here is another machine: the traffic passes the physical network and whatever routes there.
mode-why-external-shared = The host meets the guest on the switch when the switch is shared with it (AllowManagementOS); else only through another card.
mode-why-forward = Nobody outside can start a connection through address translation; a forwarded port can, echo never.
mode-why-guests-alone = The network joins guests with each other and nothing else.
mode-why-host-on-switch = The host has an adapter on the same virtual switch. Its firewall may still say no to what guests start.
mode-why-libvirt-rejects = libvirt’s rules refuse new connections from outside with “port unreachable”; destination NAT needs an accepting rule before them.
mode-why-macvtap-guests = Guests in bridge mode on one card see each other; in private mode they do not, in VEPA only with a switch that sends frames back.
mode-why-macvtap-host = The kernel passes no frames between a macvtap and the card that it sits on.
mode-why-macvtap-outside = To the LAN the guest is a machine of its own on the physical card.
mode-why-mirrored = Host and guest share the host’s addresses and meet on 127.0.0.1.
mode-why-mirrored-lan = The guest listens on the host’s addresses; the Hyper-V firewall must let the port in.
mode-why-nat-hides = The translation is a program of its own and the host has no adapter behind it: only forwarded ports lead in.
mode-why-nat-loopback = The translation’s own address leads to the host; services that listen on 127.0.0.1 only may be left out, by version and setting.
mode-why-nat-outside = The host translates what guests send outside; answers find their way back.
mode-why-no-forward = The translation has no way in of its own. On Windows a portproxy can lead TCP in.
mode-why-no-uplink = The virtual switch has no physical card.
mode-why-no-way-out = Nothing translates or routes out of this segment.
mode-why-own-engine = Each machine has a translation of its own, with the same addresses behind it.
mode-why-product-decides = Products differ here: choose yours.
mode-why-routed = The host routes without translating: machines beyond need a route back to the segment.
mode-why-same-machine = All distributions run in one virtual machine and share its network.
mode-why-same-switch = Both are on one virtual switch.
mode-why-unknown-outside = Nobody outside has a route to this segment.
mode-why-usermode-outside = TCP and UDP pass; echo only where the host’s system lets a plain program send it.
mode-why-vmnet-isolation = They share a bridge of macOS, unless the program asked for isolation.
