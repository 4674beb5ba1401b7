### Causes in products, virtual networks, cards, NAT and uplinks: title, the sentence that names it in a case, and the explanation.

cause-nat-no-inbound-path-title = NAT 没有入站通路
cause-nat-no-inbound-path-summary = 在 { $hypervisor } 的 { $mode } 模式下，外部无法主动连接 { $vm }，只能经由端口转发。
cause-nat-no-inbound-path-text = 地址转换把虚拟机藏在主机之后：应答能返回，新的连接进不来。这是该模式的设计，并非故障。请只转发所需的端口，或给虚拟机再加一块与主机共用网络的网卡。ping 永远无法通过端口转发。

cause-nat-per-vm-isolation-title = 每台虚拟机各有独立的 NAT
cause-nat-per-vm-isolation-summary = 在 { $hypervisor } 的 { $mode } 模式下，每台虚拟机各自位于独立的地址转换之后，彼此无法相见。
cause-nat-per-vm-isolation-text = 所有虚拟机甚至可能使用同一个地址 10.0.2.15，这在此模式下是正常的。要让它们互通，请把它们接入同一个 NAT 网络或仅主机网络。

cause-internal-no-host-title = 主机在该网络上没有网卡
cause-internal-no-host-summary = { $hypervisor } 的 { $mode } 网络只连接虚拟机彼此，主机与外部都不在其中。
cause-internal-no-host-text = 内部、专用和 LAN 区段网络就是为了让虚拟机与外界隔离。若本意如此，请保持不变；若需要主机与虚拟机互通，请加一块仅主机或 NAT 网络的网卡。

cause-macvtap-host-isolation-title = macvtap 使虚拟机与所在主机互不可见
cause-macvtap-host-isolation-summary = { $vm } 挂在 macvtap 上：内核不会在它与其下层网卡之间传递任何数据，而局域网其余部分正常。
cause-macvtap-host-isolation-text = macvtap 把帧直接从物理网卡送出，不会再回到同一块网卡。请给主机与虚拟机另设一个共同网络，或在同一网卡上给主机建一个 macvlan，或改用真正的网桥。

cause-host-only-no-internet-title = 仅主机网络没有出口
cause-host-only-no-internet-summary = { $vm } 位于 { $mode } 网络，只通向主机与其他虚拟机，别无去处。
cause-host-only-no-internet-text = 这种隔离正是该模式的用途。若要访问互联网，请给虚拟机加一块 NAT 模式的网卡，原网卡保持不变。

cause-host-only-not-reachable-from-lan-title = 仅主机网络对外不可见
cause-host-only-not-reachable-from-lan-summary = 局域网内的其他机器看不到 { $mode } 网络 { $network }。
cause-host-only-not-reachable-from-lan-text = 外部没有通往该网段的路由，这正是该模式的用途。若要让他人访问虚拟机，请使用桥接模式，或在主机上转发一个端口。

cause-usermode-nat-no-icmp-title = 用户态 NAT 不传递 ping
cause-usermode-nat-no-icmp-summary = { $vm } 的地址转换是普通程序：TCP 和 UDP 能通过，ping 不能。网络正常，只是 ping 不适合作测试。
cause-usermode-nat-no-icmp-text = 用户态网络（SLIRP 等）在无特权的程序中重建连接，只有系统允许时才能发送 ping。请用 TCP（例如 curl）测试。

cause-vm-not-running-title = 虚拟机未在运行
cause-vm-not-running-summary = { $vm } 没有运行，或已暂停。
cause-vm-not-running-text = 关机、暂停或已保存的虚拟机不会应答，尽管租约列表和邻居表中可能仍有它的地址。请启动它并等待系统就绪。

cause-virtual-network-not-started-title = 虚拟网络未启动
cause-virtual-network-not-started-summary = 网络 { $network } 已定义，但没有运行。
cause-virtual-network-not-started-text = 网络未运行时，主机没有该网段的网卡和路由，虚拟机也得不到地址。网络停止时正在运行的虚拟机需要重新接入或重启。

cause-tap-detached-from-bridge-title = 虚拟机的网线没有接入网桥
cause-tap-detached-from-bridge-summary = { $vm } 的端口 { $port } 不属于任何网桥，虚拟机发出的数据到不了 { $adapter }。
cause-tap-detached-from-bridge-text = 当虚拟机运行期间虚拟网络被停止又启动，或有其他程序取走端口时会出现这种情况。虚拟机自身看到的网线仍是连接状态。

cause-virtual-cable-disconnected-title = 虚拟网线已断开
cause-virtual-cable-disconnected-summary = 在虚拟机设置中，{ $vm } 的网卡处于未连接状态。
cause-virtual-cable-disconnected-text = 每种产品都有断开网卡的开关，对运行中的虚拟机和下次启动分别有效。主机一侧看起来始终正常。

cause-duplicate-mac-title = 两台机器使用同一硬件地址
cause-duplicate-mac-summary = { $vm } 与 { $other } 共用硬件地址 { $mac }：数据帧时而到这台，时而到那台。
cause-duplicate-mac-text = 复制的虚拟机会保留原网卡地址，除非复制时要求生成新地址。在同一网络上两台机器都会丢包，还可能争用同一个租约。

cause-hypervisor-nat-service-stopped-title = NAT 服务已停止
cause-hypervisor-nat-service-stopped-summary = { $hypervisor } 的 NAT 服务没有应答，{ $vm } 因此无法访问外部。
cause-hypervisor-nat-service-stopped-text = 由一个独立服务为虚拟机做地址转换。它停止后，虚拟机仍保有地址并能与主机通信，但网关失效。

cause-host-no-uplink-title = 主机自身离线
cause-host-no-uplink-summary = 主机没有可用的对外通路，虚拟机也就没有。
cause-host-no-uplink-text = 这不是虚拟机的故障。请先恢复主机自己的连接：网线、Wi-Fi、路由器。
