### 每个原因：标题、在案例中点名的句子和解释。

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

cause-host-vnic-missing-title = 主机缺少该网络的网卡
cause-host-vnic-missing-summary = 主机在 { $network } 上没有网卡，而该模式需要它。
cause-host-vnic-missing-text = 虚拟机可能仍能经 NAT 上网，但主机与虚拟机不能互通，这正是缺少主机网卡的特征。可能是在产品的网络设置中被移除、被清理工具删除，或更新不完整所致。

cause-host-vnic-down-title = 主机网卡已停用
cause-host-vnic-down-summary = 网卡 { $adapter } 存在，但处于停用状态。
cause-host-vnic-down-text = 停用的网卡没有通往其网段的路由，发往虚拟机的数据会走别的出口而消失。请重新启用它。

cause-host-vnic-no-address-title = 主机网卡没有地址
cause-host-vnic-no-address-summary = 网卡 { $adapter } 已启用但没有 IPv4 地址，主机因此不在虚拟机的网段内。
cause-host-vnic-no-address-text = 主机与虚拟机需要各有一个同网段的地址。主机的地址被产品配置或其他网络管理程序移除了。

cause-host-vnic-apipa-title = 主机网卡使用了自动分配的地址
cause-host-vnic-apipa-summary = 网卡 { $adapter } 使用 169.254 开头的地址，因为没有得到真正的地址。
cause-host-vnic-apipa-text = 该网卡在等待没有应答的 DHCP 服务器。在虚拟网络上，主机通常应有固定地址，请手动设置。

cause-host-vnic-wrong-subnet-title = 主机网卡位于另一网段
cause-host-vnic-wrong-subnet-summary = 网卡 { $adapter } 的地址不在虚拟机所在的网段内。
cause-host-vnic-wrong-subnet-text = 有人或程序手动设置了与虚拟网络不符的地址，主机与虚拟机于是都到并不存在的路由器之外去找对方。

cause-subnet-overlap-lan-title = 虚拟网段与物理网段重叠
cause-subnet-overlap-lan-summary = 虚拟网段 { $segment } 与 { $physical } 上的 { $lan } 地址重叠：发往虚拟机的数据从错误的一侧离开。
cause-subnet-overlap-lan-text = 同一台机器上一个网段只能出现一次。请把虚拟网络改到空闲网段，物理网段属于大家，不要改动。

cause-duplicate-ip-title = 两台机器使用同一地址
cause-duplicate-ip-summary = 不止一台机器应答 { $guest }：{ $macs }。
cause-duplicate-ip-text = 谁先应答数据就到谁那里，因此连接时好时坏，有时会连到错误的机器。请为其中一台更换地址。

cause-stale-address-title = 虚拟机的地址已改变
cause-stale-address-summary = { $vm } 现在的地址是 { $current }；{ $guest } 是旧地址。
cause-stale-address-text = DHCP 分配的地址会变化。请使用新地址；若有配置依赖它，请为虚拟机保留固定地址。

cause-vpn-route-hijack-title = VPN 抢走了通往虚拟机的路由
cause-vpn-route-hijack-summary = 发往 { $guest } 的数据进入隧道 { $tunnel }，而不是 { $adapter }。
cause-vpn-route-hijack-text = VPN 带来了覆盖虚拟网段的路由或规则并且优先生效。请在 VPN 客户端中允许访问本地网络，或让本网段路由优先，或把虚拟网络改到 VPN 未覆盖的网段。

cause-host-route-wrong-title = 错误的路由把数据引向别处
cause-host-route-wrong-summary = 路由“{ $row }”对 { $guest } 生效，使数据偏离了 { $adapter }。
cause-host-route-wrong-text = 路由表中最精确的条目优先，其次是最小的跃点数。实验或其他程序遗留的条目把发往虚拟机的数据送往别处或直接丢弃。

cause-host-route-missing-title = 通往网段的路由丢失
cause-host-route-missing-summary = 网卡 { $adapter } 位于虚拟机网段，但缺少通往 { $segment } 的路由。
cause-host-route-missing-text = 系统会随地址自动添加这条路由。它被 VPN 客户端或脚本删除后，数据会发往默认网关。

cause-host-firewall-blocks-guest-title = 主机防火墙阻挡了虚拟机
cause-host-firewall-blocks-guest-summary = 主机丢弃从 { $segment } 到达 { $adapter } 的数据。
cause-host-firewall-blocks-guest-text = 数据到达了主机，却被主机自己的过滤规则丢弃。请只为该网段放行所需的内容。

cause-host-firewall-blocks-outbound-title = 主机防火墙丢弃自身发出的数据
cause-host-firewall-blocks-outbound-summary = 主机自己的过滤规则丢弃了发往 { $guest } 的数据。
cause-host-firewall-blocks-outbound-text = 拒绝来自本机，数据尚未到达线路：可能是出站规则，或 VPN 的断网保护。

cause-host-echo-ignored-title = 主机按设置忽略 ping
cause-host-echo-ignored-summary = 主机不应答任何 ping 请求，其他流量不受影响。
cause-host-echo-ignored-text = 使 ping 无应答的是内核开关，而不是防火墙。若这是有意为之，请改用 TCP 端口测试。

cause-guest-static-wrong-subnet-title = 虚拟机地址属于另一网段
cause-guest-static-wrong-subnet-summary = { $vm } 的地址是 { $guest }，而其网络是 { $guest_segment }。
cause-guest-static-wrong-subnet-text = 这是为另一网络手动设置的地址。主机到默认网关之外去找它，虚拟机也在找不存在的网关。请让 DHCP 分配地址，或设置本网段的地址。

cause-guest-apipa-title = 虚拟机使用了自动分配的地址
cause-guest-apipa-summary = { $vm } 的地址 { $guest } 是没有 DHCP 应答时自行生成的。
cause-guest-apipa-text = 网卡正常，但没有得到地址。请检查该网络的 DHCP 服务；若该网络没有 DHCP，请手动设置地址。

cause-guest-firewall-rejects-title = 虚拟机防火墙拒绝连接
cause-guest-firewall-rejects-summary = { $vm } 有应答，但明确拒绝该流量。
cause-guest-firewall-rejects-text = 这是主动拒绝：虚拟机内的规则返回了拒绝消息。请只为该网段放行所需内容。

cause-guest-firewall-blocks-icmp-title = 虚拟机防火墙丢弃 ping
cause-guest-firewall-blocks-icmp-summary = { $vm } 在线且可达：网卡有应答，只有 ping 请求被丢弃。
cause-guest-firewall-blocks-icmp-text = Windows 默认如此，许多 Linux 镜像也一样。如果所需服务可用，则没有故障；否则请允许该网段的 ping。

cause-guest-firewall-blocks-inbound-title = 虚拟机防火墙丢弃入站数据
cause-guest-firewall-blocks-inbound-summary = { $vm } 已连上线路，但其防火墙丢弃他人主动发来的数据。
cause-guest-firewall-blocks-inbound-text = 网卡在网段上有应答，而所有测试都没有回音：是虚拟机内的过滤规则。在 Windows 上，“公用”网络通常如此。请只为该网段放行所需内容。

cause-service-not-listening-title = 端口上没有服务监听
cause-service-not-listening-summary = { $vm } 有应答，但端口 { $port } 上没有服务监听。
cause-service-not-listening-text = 网络正常：是虚拟机自己拒绝了连接。请启动服务，或确认它实际使用的端口。

cause-service-bound-to-loopback-title = 服务只监听回环地址
cause-service-bound-to-loopback-summary = 在 { $vm } 内，端口 { $port } 的服务只监听 127.0.0.1，其他机器无法访问。
cause-service-bound-to-loopback-text = 许多程序出于安全默认如此。请在其配置中绑定到虚拟机地址，并只允许本网段访问。

cause-guest-missing-gateway-title = 虚拟机没有默认网关
cause-guest-missing-gateway-summary = { $vm } 没有默认路由，无法到达或应答本网段之外的任何地址。
cause-guest-missing-gateway-text = 本网段内一切正常；访问网段之外需要网关。DHCP 通常会提供网关，手动设置地址时也需要填写。

cause-guest-wrong-gateway-title = 虚拟机的网关不正确
cause-guest-wrong-gateway-summary = { $vm } 把所有对外数据发给 { $wrong }，而它并不转发。此处的网关是 { $gateway }。
cause-guest-wrong-gateway-text = 在 VMware NAT 中网关是网段的第二个地址，而不是主机的第一个地址。其他产品通常是主机在该网段的地址。

cause-hypervisor-nat-service-stopped-title = NAT 服务已停止
cause-hypervisor-nat-service-stopped-summary = { $hypervisor } 的 NAT 服务没有应答，{ $vm } 因此无法访问外部。
cause-hypervisor-nat-service-stopped-text = 由一个独立服务为虚拟机做地址转换。它停止后，虚拟机仍保有地址并能与主机通信，但网关失效。

cause-ip-forward-disabled-title = 主机未启用转发
cause-ip-forward-disabled-summary = 主机不在 { $adapter } 与其他网卡之间转发数据。
cause-ip-forward-disabled-text = 在此模式下主机内核是虚拟机的路由器。转发关闭时，主机与虚拟机可通信，但无法再往外。

cause-docker-forward-drop-title = Docker 的转发策略阻挡了虚拟机
cause-docker-forward-drop-summary = Docker 把主机的转发链设为丢弃，没有规则放行 { $adapter }。
cause-docker-forward-drop-text = Docker 为保护容器会丢弃所有非自身的转发流量。例外规则应写在 DOCKER-USER 链中。

cause-host-forward-policy-drop-title = 主机防火墙阻挡转发
cause-host-forward-policy-drop-summary = 主机的过滤规则丢弃了 { $vm } 经它转发的数据。
cause-host-forward-policy-drop-text = 转发已启用，但转发链的规则或策略丢弃了虚拟机的数据。

cause-host-no-uplink-title = 主机自身离线
cause-host-no-uplink-summary = 主机没有可用的对外通路，虚拟机也就没有。
cause-host-no-uplink-text = 这不是虚拟机的故障。请先恢复主机自己的连接：网线、Wi-Fi、路由器。

cause-mtu-mismatch-title = 大数据包在途中丢失
cause-mtu-mismatch-summary = 小数据包能到达对端，{ $failed } 字节的不能；{ $passed } 字节可以通过。
cause-mtu-mismatch-text = 连接能建立，但传输大量数据时就会卡住。途中的隧道或链路承载能力小于网卡设置。请在虚拟机中降低最大数据包长度。

cause-lossy-link-title = 数据包丢失
cause-lossy-link-summary = 发往 { $guest } 的 { $sent } 个数据包中丢失了 { $lost } 个。
cause-lossy-link-text = 通路存在但质量不佳：主机过载、Wi-Fi、节能设置，或两台机器共用一个地址。

cause-guest-dns-only-title = 虚拟机无法解析名称
cause-guest-dns-only-summary = { $vm } 能访问外部地址，但无法解析 { $name }。
cause-guest-dns-only-text = 连接正常，只是名称服务器不正确或无应答。请为虚拟机设置可用的名称服务器。
