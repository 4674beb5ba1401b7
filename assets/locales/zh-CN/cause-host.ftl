### Causes at the host, on its links and in its forwarding: title, the sentence that names it in a case, and the explanation.

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

cause-ipv6-only-title = 虚拟机只通过一种 IP 版本响应
cause-ipv6-only-summary = { $vm } 通过 { $version } 在 { $works } 响应，但在 { $guest } 的 { $other } 上完全没有响应。
cause-ipv6-only-text = IPv4 和 IPv6 各有自己的地址和路由：一个可用时，另一个可能并未配置。此时线路、虚拟机和网卡都正常，只是没有响应的那个版本的地址缺失或有误。请让虚拟机重新获取地址，或使用能响应的地址。

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

cause-ip-forward-disabled-title = 主机未启用转发
cause-ip-forward-disabled-summary = 主机不在 { $adapter } 与其他网卡之间转发数据。
cause-ip-forward-disabled-text = 在此模式下主机内核是虚拟机的路由器。转发关闭时，主机与虚拟机可通信，但无法再往外。

cause-docker-forward-drop-title = Docker 的转发策略阻挡了虚拟机
cause-docker-forward-drop-summary = Docker 把主机的转发链设为丢弃，没有规则放行 { $adapter }。
cause-docker-forward-drop-text = Docker 为保护容器会丢弃所有非自身的转发流量。例外规则应写在 DOCKER-USER 链中。

cause-host-forward-policy-drop-title = 主机防火墙阻挡转发
cause-host-forward-policy-drop-summary = 主机的过滤规则丢弃了 { $vm } 经它转发的数据。
cause-host-forward-policy-drop-text = 转发已启用，但转发链的规则或策略丢弃了虚拟机的数据。

cause-mtu-mismatch-title = 大数据包在途中丢失
cause-mtu-mismatch-summary = 小数据包能到达对端，{ $failed } 字节的不能；{ $passed } 字节可以通过。
cause-mtu-mismatch-text = 连接能建立，但传输大量数据时就会卡住。途中的隧道或链路承载能力小于网卡设置。请在虚拟机中降低最大数据包长度。

cause-lossy-link-title = 数据包丢失
cause-lossy-link-summary = 发往 { $guest } 的 { $sent } 个数据包中丢失了 { $lost } 个。
cause-lossy-link-text = 通路存在但质量不佳：主机过载、Wi-Fi、节能设置，或两台机器共用一个地址。
