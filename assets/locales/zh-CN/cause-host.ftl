### Causes at the host, on its links and in its forwarding: title, the sentence that names it in a case, and the explanation.

cause-host-vnic-missing-title = 主机缺少该网络的网卡
cause-host-vnic-missing-summary = 主机在 { $network } 上没有网卡，而该模式需要它。
cause-host-vnic-missing-text = 虚拟机可能仍能经 NAT 上网，但主机与虚拟机不能互通，这正是缺少主机网卡的特征。可能是在产品的网络设置中被移除、被清理工具删除，或更新不完整所致。

cause-host-vnic-disabled-title = 主机网卡已被禁用
cause-host-vnic-disabled-summary = 网卡 { $adapter } 存在，但在 Windows 中已被禁用。
cause-host-vnic-disabled-text = 有人或某个清理程序在“网络连接”中禁用了它。虚拟机可能仍能经产品的 NAT 引擎上网，但无法访问主机。请重新启用它。

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

cause-host-vnic-address-conflict-title = 主机网卡占用了别人的地址
cause-host-vnic-address-conflict-summary = 主机的 { $adapter } 使用了地址 { $address }，而它属于虚拟机或该网络的 NAT 引擎。
cause-host-vnic-address-conflict-text = 发往该地址的数据不会离开主机，或者网段内有两方同时应答。每台机器都要有自己的地址，不在主机网卡上的 NAT 引擎也一样。请把主机恢复为原来的地址。

cause-host-ip-not-on-bridge-title = 主机地址配置在网桥端口上
cause-host-ip-not-on-bridge-summary = { $port } 是 { $bridge } 的端口，却仍带着主机的地址；该地址应配置在网桥上。
cause-host-ip-not-on-bridge-text = 网卡加入网桥后，从它进来的数据都归网桥处理：主机收到的应答出现在网桥上，与该网卡对不上。虚拟机与局域网之间仍然互通，只有主机被隔开。请把地址和默认路由移到网桥上。

cause-subnet-overlap-lan-title = 虚拟网段与物理网段重叠
cause-subnet-overlap-lan-summary = 虚拟网段 { $segment } 与 { $physical } 上的 { $lan } 地址重叠：发往虚拟机的数据从错误的一侧离开。
cause-subnet-overlap-lan-text = 同一台机器上一个网段只能出现一次。请把虚拟网络改到空闲网段，物理网段属于大家，不要改动。

cause-subnet-overlap-vpn-title = VPN 与虚拟网段使用相同的地址
cause-subnet-overlap-vpn-summary = { $tunnel } 后面的 VPN 网络 { $theirs } 与虚拟网段 { $segment } 地址相同。
cause-subnet-overlap-vpn-text = 两个地址相同的网络无法同时访问，无论路由顺序如何，总有一个被遮住。请把虚拟网络改到 VPN 不使用的网段；在此之前，可为这台虚拟机单独加一条路由。

cause-subnet-overlap-virtual-title = 两个虚拟网络使用同一网段
cause-subnet-overlap-virtual-summary = { $other } 也含有 { $segment } 的地址（{ $other_segment }），主机把发往 { $guest } 的数据送到了那里，而不是 { $adapter }。
cause-subnet-overlap-virtual-text = 各产品选择网段时互不知情。同一前缀出现在两块网卡上时，路由表只能选其一，另一块上的虚拟机就无法访问。请给其中一个网络换一个网段。

cause-host-two-nics-same-subnet-title = 主机有两块网卡在同一网段
cause-host-two-nics-same-subnet-summary = 主机经 { $used } 寻找 { $guest }，而虚拟机桥接在 { $own } 上；两者都在 { $segment }。
cause-host-two-nics-same-subnet-text = 同一网段有两块网卡时，系统只用其中一块，通常是有线网卡，而虚拟机接在另一块上。除非有交换机把两边连起来，否则询问永远到不了。只保留一块网卡即可：停用另一块，或把它移到单独的网段。

cause-host-two-subnets-one-nic-title = 发出的数据使用了另一网段的源地址
cause-host-two-subnets-one-nic-summary = { $nic } 在两个网段都有地址，发往 { $guest } 的数据使用了 { $wrong } 而不是 { $own }。
cause-host-two-subnets-one-nic-text = 虚拟机会向请求的源地址应答。如果该地址属于另一网段，应答就会发给它的网关，在那里丢失或从别的路径返回。请让路由指定虚拟机所在网段的地址。

cause-duplicate-dhcp-client-id-title = 克隆的虚拟机共用同一 DHCP 客户端标识
cause-duplicate-dhcp-client-id-summary = { $vm } 与 { $other } 用同一标识申请地址，DHCP 服务器把它们当成一台机器（{ $address }）。
cause-duplicate-dhcp-client-id-text = 较新的 Linux 系统用机器编号（/etc/machine-id）生成该标识，克隆后的机器即使换了新的硬件地址，也会继承这一编号。服务器给两者分配同一地址，连接有时到这台，有时到那台。请为克隆的机器生成新的编号。

cause-duplicate-ip-title = 两台机器使用同一地址
cause-duplicate-ip-summary = 不止一台机器应答 { $guest }：{ $macs }。
cause-duplicate-ip-text = 谁先应答数据就到谁那里，因此连接时好时坏，有时会连到错误的机器。请为其中一台更换地址。

cause-stale-address-title = 虚拟机的地址已改变
cause-stale-address-summary = { $vm } 现在的地址是 { $current }；{ $guest } 是旧地址。
cause-stale-address-text = DHCP 分配的地址会变化。请使用新地址；若有配置依赖它，请为虚拟机保留固定地址。

cause-subnet-overlap-guest-internal-title = 虚拟机内部的网络遮住了对端
cause-subnet-overlap-guest-internal-summary = 虚拟机到自己的内部网络 { $inner } 中寻找 { $other }，应答因此发不出去。
cause-subnet-overlap-guest-internal-text = Docker 之类的程序会在虚拟机内建立网络。如果其地址与主机或局域网相同，虚拟机就会把对端当成自己的容器。请给内部网络换一段地址。

cause-hyperv-default-switch-changed-title = Default Switch 已换了网段
cause-hyperv-default-switch-changed-summary = Default Switch 现在的网段是 { $now }，而 { $guest } 属于以前的网段。
cause-hyperv-default-switch-changed-text = Windows 每次启动都会重新选择 Default Switch 的网段，此前记下的地址和虚拟机里的静态地址就不再属于它。请让虚拟机重新获取地址；如需固定地址，请使用自建的交换机。

cause-guest-address-unknown-title = 无从得知虚拟机的地址
cause-guest-address-unknown-summary = { $vm } 正在运行，但产品、租约和邻居表都没有给出它的地址。
cause-guest-address-unknown-text = 没有地址就无从测试。多半是没有安装客户机工具，且尚未见到任何流量；也可能是虚拟机根本没有得到地址。看看它自己的网络设置便知。

cause-ipv6-only-title = 虚拟机只通过一种 IP 版本响应
cause-ipv6-only-summary = { $vm } 通过 { $version } 在 { $works } 响应，但在 { $guest } 的 { $other } 上完全没有响应。
cause-ipv6-only-text = IPv4 和 IPv6 各有自己的地址和路由：一个可用时，另一个可能并未配置。此时线路、虚拟机和网卡都正常，只是没有响应的那个版本的地址缺失或有误。请让虚拟机重新获取地址，或使用能响应的地址。

cause-vpn-route-hijack-title = VPN 抢走了通往虚拟机的路由
cause-vpn-route-hijack-summary = 发往 { $guest } 的数据进入隧道 { $tunnel }，而不是 { $adapter }。
cause-vpn-route-hijack-text = VPN 带来了覆盖虚拟网段的路由或规则并且优先生效。请在 VPN 客户端中允许访问本地网络，或让本网段路由优先，或把虚拟网络改到 VPN 未覆盖的网段。

cause-vpn-blocks-local-lan-title = VPN 禁止访问本地网络
cause-vpn-blocks-local-lan-summary = 到 { $guest } 的路由没有问题，但 VPN { $tunnel } 连接期间主机拒绝发送。
cause-vpn-blocks-local-lan-text = 许多 VPN 程序会过滤一切不走隧道的流量，可能是断网保护，也可能是公司策略。在它们看来，虚拟网段就是本地网络。请在 VPN 程序中允许访问本地网络，或断开 VPN 后再比较。

cause-host-route-wrong-title = 错误的路由把数据引向别处
cause-host-route-wrong-summary = 路由“{ $row }”对 { $guest } 生效，使数据偏离了 { $adapter }。
cause-host-route-wrong-text = 路由表中最精确的条目优先，其次是最小的跃点数。实验或其他程序遗留的条目把发往虚拟机的数据送往别处或直接丢弃。

cause-host-route-missing-title = 通往网段的路由丢失
cause-host-route-missing-summary = 网卡 { $adapter } 位于虚拟机网段，但缺少通往 { $segment } 的路由。
cause-host-route-missing-text = 系统会随地址自动添加这条路由。它被 VPN 客户端或脚本删除后，数据会发往默认网关。

cause-segment-route-missing-title = 缺少通往路由器后面网段的路由
cause-segment-route-missing-summary = { $guest } 在一台路由器后面，而{ $who ->
    [lan] 局域网中的那台机器
   *[host] 主机
 }没有通往那里的路由。
cause-segment-route-missing-text = 对于不知道经哪台路由器可达的机器，路由模式的网段是看不见的：数据会送往默认网关，而网关同样不知道它。在发起访问的机器上加路由只对该机器有效，在局域网的路由器上加路由则对所有机器有效。

cause-host-firewall-blocks-guest-title = 主机防火墙阻挡了虚拟机
cause-host-firewall-blocks-guest-summary = 主机丢弃从 { $segment } 到达 { $adapter } 的数据。
cause-host-firewall-blocks-guest-text = 数据到达了主机，却被主机自己的过滤规则丢弃。请只为该网段放行所需的内容。

cause-host-firewall-blocks-dhcp-dns-title = 主机防火墙丢弃了虚拟机的 DHCP 或 DNS
cause-host-firewall-blocks-dhcp-dns-summary = 主机丢弃了从 { $adapter } 到来的 { $what } 请求。
cause-host-firewall-blocks-dhcp-dns-text = 在该网络上由主机自己分配地址并解析名称。主机防火墙把这些请求丢弃了，虚拟机因而拿不到租约（自行使用 169.254 地址）或无法解析名称，而主机上看起来一切正常。只需在这块网卡上放行这两项服务。

cause-host-firewall-blocks-outbound-title = 主机防火墙丢弃自身发出的数据
cause-host-firewall-blocks-outbound-summary = 主机自己的过滤规则丢弃了发往 { $guest } 的数据。
cause-host-firewall-blocks-outbound-text = 拒绝来自本机，数据尚未到达线路：可能是出站规则，或 VPN 的断网保护。

cause-host-echo-ignored-title = 主机按设置忽略 ping
cause-host-echo-ignored-summary = 主机不应答任何 ping 请求，其他流量不受影响。
cause-host-echo-ignored-text = 使 ping 无应答的是内核开关，而不是防火墙。若这是有意为之，请改用 TCP 端口测试。

cause-hyperv-firewall-blocks-title = Hyper-V 防火墙阻止其他机器访问 WSL
cause-hyperv-firewall-blocks-summary = Hyper-V 防火墙阻止了从外部访问 { $vm }，没有规则放行 { $wanted }。
cause-hyperv-firewall-blocks-text = 镜像模式下 WSL 使用 Windows 的地址，但有自己的防火墙：Windows 防火墙放行的，在这里未必放行。在本机上连接是正常的。请为 WSL 添加规则放行该端口。

cause-third-party-or-managed-firewall-title = 由其他防火墙或组织策略决定
cause-third-party-or-managed-firewall-summary = { $kind ->
    [policy] 主机由组织策略过滤：在本机上添加的规则不生效。
   *[product] 主机由 { $product } 代替 Windows 防火墙进行过滤。
}
cause-third-party-or-managed-firewall-text = 此时修改 Windows 防火墙规则没有作用，因为由别处决定：安全软件取代了它，或组策略忽略本机规则。需要在那里信任虚拟机所在的网段。

cause-host-firewall-service-broken-title = Windows 防火墙的底层服务已停止
cause-host-firewall-service-broken-summary = Windows 服务 { $service } 已停止，{ $vm } 所依赖的地址转换也随之失效。
cause-host-firewall-service-broken-text = 停止它并不会放开限制：没有它，Windows 会按启动规则过滤，地址转换、连接共享和 Default Switch 都会失效。请重新启动它；防火墙应通过规则来调整。

cause-macos-firewall-blocks-bootpd-title = Mac 防火墙阻止了 DHCP 服务器
cause-macos-firewall-blocks-bootpd-summary = 应用程序防火墙不让 bootpd 应答，{ $vm } 因此得不到地址。
cause-macos-firewall-blocks-bootpd-text = macOS 通过 bootpd 给虚拟机分配地址。应用程序防火墙若阻止了它，或阻止所有传入连接，虚拟机就会自行使用 169.254 地址。受管理的 Mac 可能会恢复该限制。

cause-macos-local-network-privacy-title = macOS 不让该程序访问本地网络
cause-macos-local-network-privacy-summary = 到 { $guest } 的路由存在，但 macOS 立即返回“no route to host”。
cause-macos-local-network-privacy-text = 从 macOS 15 起，每个程序都需要“本地网络”权限。没有它，即使路由和网卡都正确，发往本机所在网段的数据也会立即失败；“终端”和 root 不受影响。本程序同样需要该权限。

cause-ip-forward-disabled-title = 主机未启用转发
cause-ip-forward-disabled-summary = 主机不在 { $adapter } 与其他网卡之间转发数据。
cause-ip-forward-disabled-text = 在此模式下主机内核是虚拟机的路由器。转发关闭时，主机与虚拟机可通信，但无法再往外。

cause-docker-forward-drop-title = Docker 的转发策略阻挡了虚拟机
cause-docker-forward-drop-summary = Docker 把主机的转发链设为丢弃，没有规则放行 { $adapter }。
cause-docker-forward-drop-text = Docker 为保护容器会丢弃所有非自身的转发流量。例外规则应写在 DOCKER-USER 链中。

cause-host-forward-policy-drop-title = 主机防火墙阻挡转发
cause-host-forward-policy-drop-summary = 主机的过滤规则丢弃了 { $vm } 经它转发的数据。
cause-host-forward-policy-drop-text = 转发已启用，但转发链的规则或策略丢弃了虚拟机的数据。

cause-br-netfilter-filters-bridge-title = IP 过滤器丢弃了桥接的帧
cause-br-netfilter-filters-bridge-summary = 只是穿过网桥 { $adapter } 的帧被交给了 IP 过滤器，并被丢弃：{ $rule }。
cause-br-netfilter-filters-bridge-text = 网桥转发帧时本不看地址，除非打开了 bridge-nf-call-iptables 开关，Docker 和 Kubernetes 会加载它。此时同一网段内的机器也要经过转发链。ARP 仍能通过，所以看起来像是虚拟机里的防火墙。

cause-hypervisor-filter-rules-lost-title = 虚拟化平台写入的过滤规则丢失了
cause-hypervisor-filter-rules-lost-summary = 网络 { $network } 正在运行，但产品为它写入的规则已不在过滤器中。
cause-hypervisor-filter-rules-lost-text = libvirt 只在启动网络时写入规则，包括地址转换、转发、DHCP 和名称解析。之后启动或重新加载的防火墙会把它们清掉。重启 libvirt 的网络服务即可重新写入，虚拟机继续运行。

cause-nft-iptables-backend-conflict-title = 两套包过滤规则互相矛盾
cause-nft-iptables-backend-conflict-summary = { $passes } 的规则放行虚拟机的数据，而 { $drops } 的规则把它们丢弃：{ $rule }。
cause-nft-iptables-backend-conflict-text = 旧的 iptables-legacy 规则与 nft 的规则在内核中并存，数据包必须两边都通过。在一边加放行规则，挡不住另一边的丢弃，而各工具只显示自己的规则。请修改丢弃数据的那一套，之后只使用其中一套。

cause-rp-filter-drops-title = 反向路径过滤丢弃了数据
cause-rp-filter-drops-summary = 数据从 { $adapter } 到达，而主机会经 { $leaves } 回应其发送方；严格的反向路径过滤把它们丢弃了。
cause-rp-filter-drops-text = rp_filter 为 1 时，如果回应发送方要走另一块网卡，内核就会丢弃该数据包，防火墙甚至看不到它。这本是为了防伪造地址，却会误伤有两块网卡的虚拟机和有两条出口的主机。设为宽松的 2 仍保留大部分保护。

cause-networkmanager-resets-interface-title = NetworkManager 接管了产品的网卡
cause-networkmanager-resets-interface-summary = NetworkManager 管理着 { $adapter }（{ $state }），该网卡因此失去了产品为它做的设置。
cause-networkmanager-resets-interface-text = NetworkManager 会把它所管理的网卡当作自己的：在上面寻找 DHCP 服务器、移除地址、断开网桥端口，常见于休眠唤醒之后。请让它不要管理产品的网卡，然后重新设置地址。

cause-nic-offload-breaks-bridging-title = 网卡要处理的数据并不经过它发出
cause-nic-offload-breaks-bridging-summary = { $nic } 代替系统处理数据包，但主机发给 { $guest } 的数据在到达网卡之前就已转交。
cause-nic-offload-breaks-bridging-text = 校验和与分段交给网卡完成，而主机与自己的桥接虚拟机之间的数据走捷径，有些驱动会把未完成的数据包转交出去：虚拟机会丢弃它们，其他机器却能访问它。请让系统自己完成这些工作。

cause-mtu-mismatch-title = 大数据包在途中丢失
cause-mtu-mismatch-summary = 小数据包能到达对端，{ $failed } 字节的不能；{ $passed } 字节可以通过。
cause-mtu-mismatch-text = 连接能建立，但传输大量数据时就会卡住。途中的隧道或链路承载能力小于网卡设置。请在虚拟机中降低最大数据包长度。

cause-stp-forward-delay-title = 网桥端口仍在等待
cause-stp-forward-delay-summary = { $bridge } 的端口 { $port } 处于 { $state } 状态，暂时不转发任何数据。
cause-stp-forward-delay-text = 启用生成树后，网桥会对每个新端口观察两个转发延迟，通常共 30 秒，之后才转发。虚拟机若在这期间请求地址就会落空。请稍候再试；在不可能形成环路的网桥上可以关闭生成树。

cause-stale-neighbor-title = 邻居表项指向了错误的网卡
cause-stale-neighbor-summary = { $address } 的表项被手工设为 { $entry }，而该机器的网卡是 { $right }。
cause-stale-neighbor-text = 永久邻居表项不会再被查询。机器或网卡更换后，帧仍发往已不存在的硬件地址。删除该表项，系统便会自行查询。

cause-lossy-link-title = 数据包丢失
cause-lossy-link-summary = 发往 { $guest } 的 { $sent } 个数据包中丢失了 { $lost } 个。
cause-lossy-link-text = 通路存在但质量不佳：主机过载、Wi-Fi、节能设置，或两台机器共用一个地址。
