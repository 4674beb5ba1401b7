### Short lessons.

learn-segment = 网段与掩码
learn-segment-what = 网段就是一个地址加上掩码。掩码说明地址中有多少表示网络、多少表示机器：/24 表示前三个数是网络。
learn-segment-why = 两台机器都认为对方在自己的网段里，才能直接通信；否则数据包交给路由器，没有路由器就无处可去。
learn-segment-see = 虚拟机是 192.168.220.131/24，电脑是 192.168.1.23/24，它们在不同网段。这对 NAT 和仅主机网络来说是正常的，也是有意的：这时电脑需要在虚拟机的网段上有自己的网卡，由虚拟化软件提供。
learn-gateway = 网关
learn-gateway-what = 网关是一台路由器：目标不在自己的任何网段里时，机器就把数据包交给它。网关本身必须在机器的某个网段里。
learn-gateway-why = 正确的网关取决于模式：VMware 的 NAT 是 .2，libvirt 是 .1，VirtualBox 是 10.0.2.2，桥接的虚拟机用物理网络的路由器。
learn-gateway-see = 虚拟机没有网关或网关错误时，仍能和自己的网段通信。所以电脑能到达它，而互联网没有响应。
learn-nat = NAT
learn-nat-what = 出去时 NAT 把虚拟机的地址改写成宿主机的地址，回来时再改回去。它记住每个从内部发起的连接。
learn-nat-why = 外面没有人知道虚拟机的地址，所以外面不能主动发起连接，除非转发了端口。
learn-nat-see = 从本机能否到达取决于软件：VMware、Hyper-V 和 libvirt 的 NAT 会给本机一块该网段的网卡，VirtualBox 的 NAT 不会，所以那里从本机 ping 不可能通。
learn-bridged = 桥接
learn-bridged-what = 虚拟机是物理网络上的又一台设备。它有自己的硬件地址，从路由器取得地址，就像同一交换机上的第二台电脑。
learn-bridged-why = 网络上的所有设备都能到达它，所以由它自己的防火墙决定；网络也必须允许同一根网线上有第二台设备。
learn-bridged-see = 无线网络是常见的陷阱：接入点只和登录过的硬件地址通信。另一个陷阱是桥接到了错误的物理网卡。
learn-host-only = 仅主机与内部网络
learn-host-only-what = 仅主机网段里有本机和它的虚拟机。内部或专用网段里只有虚拟机，本机在那里没有网卡。
learn-host-only-why = 没有通往外部的路。这正是目的：一个既不会破坏别人、也不会被破坏的实验环境。
learn-host-only-see = 仅主机网络里“上不了网”并不是故障。需要更新时，给虚拟机再加一块 NAT 模式的网卡。
learn-firewall = 防火墙与 ping
learn-firewall-what = 防火墙可能丢弃 ping 却放行服务，也可能相反。所以 ping 不通并不能证明机器没开。
learn-firewall-why = 硬件地址能说明更多：邻居表里有响应而 ping 没有响应，说明机器在，只是有东西在过滤。
learn-firewall-see = 只开放最小的范围：来自一个网段的 ping，或一个端口。关掉防火墙会掩盖原因，并把一切都打开。

learn-calculator = 试一试：两个地址
learn-calculator-one = 一台机器
learn-calculator-other = 另一台
learn-calculator-wrong = 请写成 192.168.1.23/24
learn-calculator-facts = 网络 { $network } · 掩码 { $mask } · 广播 { $broadcast } · 机器 { $first } 到 { $last }
learn-calculator-same = 同一网段
learn-calculator-same-text = 它们直接通信，不需要路由器。
learn-calculator-different = 不同网段
learn-calculator-different-text = 它们需要一台认识两个网段的路由器，并且各自要有到对方的路由。
learn-calculator-half = 掩码不一致
learn-calculator-half-text = 一方认为对方是邻居，另一方却不这样认为。请给双方设置相同的掩码。
learn-calculator-families = IPv4 与 IPv6
learn-calculator-families-text = 这两类地址不能互相通信。

learn-own-segment = 在这里：本机是 { $address }，所以网段是 { $net }。
learn-own-gateway = 在这里：本机是 { $address }，网关是 { $gateway }。
learn-own-guest-same = 在这里：本机是 { $address }，虚拟机是 { $guest }，在同一网段。
learn-own-guest-other = 在这里：本机是 { $address }，虚拟机是 { $guest }，在不同网段。
