### Causes in the guest and beyond: title, the sentence that names it in a case, and the explanation.

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

cause-guest-dns-only-title = 虚拟机无法解析名称
cause-guest-dns-only-summary = { $vm } 能访问外部地址，但无法解析 { $name }。
cause-guest-dns-only-text = 连接正常，只是名称服务器不正确或无应答。请为虚拟机设置可用的名称服务器。
