### Causes in the guest and beyond: title, the sentence that names it in a case, and the explanation.

cause-guest-nic-driver-missing-title = 虚拟机缺少网卡驱动
cause-guest-nic-driver-missing-summary = { $vm } 有网卡（{ $device }），但系统没有它的驱动，因此看不到任何网络接口。
cause-guest-nic-driver-missing-text = 产品提供的网卡型号不被虚拟机系统识别：virtio 和 VMXNET3 网卡需要 Windows 未自带的驱动。请安装驱动，或把网卡改为各系统都支持的型号。

cause-guest-nic-renamed-title = 虚拟机配置中的网卡名称已改变
cause-guest-nic-renamed-summary = 在 { $vm } 中，{ $file } 配置的是 { $old }，而网卡现在叫 { $card }，没有任何配置对应它。
cause-guest-nic-renamed-text = 更换网卡型号或插槽、复制虚拟机或迁移到其他产品后，网卡名称会改变，旧配置等待的网卡不会再出现。请在配置中改用现在的名称，或按硬件地址匹配。

cause-guest-nic-not-started-title = 虚拟机的网卡未启动
cause-guest-nic-not-started-summary = 在 { $vm } 中，网卡 { $card } 已关闭，或没有任何程序配置它。
cause-guest-nic-not-started-text = 虚拟网线和网络可能都正常，只是虚拟机系统没有使用这块网卡。请启用它并获取地址，同时让设置在重启后依然有效。

cause-wrong-mask-title = 虚拟机的子网掩码不正确
cause-wrong-mask-summary = { $vm } 的地址是 { $wrong }，而所在网段为 /{ $prefix }，因此它到错误的地方去找 { $peer }。
cause-wrong-mask-text = 前缀长度决定哪些地址是邻居。过长时，虚拟机会把发给邻居的数据交给网关甚至无处可交；过短时，它会在本网段上寻找外部地址，自然无人应答。同一网段内所有机器的前缀长度必须一致。

cause-guest-static-overridden-by-dhcp-title = DHCP 覆盖了虚拟机的静态地址
cause-guest-static-overridden-by-dhcp-summary = 按 { $file }，{ $vm } 应使用 { $wanted }，但 DHCP 客户端给它设成了 { $has }。
cause-guest-static-overridden-by-dhcp-text = 两个程序同时配置一块网卡，后者生效：常见于静态配置之外仍在运行的 DHCP 客户端或 NetworkManager。请只保留其中一个。

cause-guest-two-nics-same-subnet-title = 虚拟机有两块网卡在同一网段
cause-guest-two-nics-same-subnet-summary = { $vm } 的 { $one } 与 { $other } 都在 { $shared } 中，数据却从 { $other } 发出。
cause-guest-two-nics-same-subnet-text = 系统对同一网段只从其中一块网卡发送，不论对方访问的是哪个地址。若那块网卡接在别的网络，或对方检查返回路径，应答就会丢失。同一网段请只保留一块网卡。

cause-guest-static-wrong-subnet-title = 虚拟机地址属于另一网段
cause-guest-static-wrong-subnet-summary = { $vm } 的地址是 { $guest }，而其网络是 { $guest_segment }。
cause-guest-static-wrong-subnet-text = 这是为另一网络手动设置的地址。主机到默认网关之外去找它，虚拟机也在找不存在的网关。请让 DHCP 分配地址，或设置本网段的地址。

cause-guest-apipa-title = 虚拟机使用了自动分配的地址
cause-guest-apipa-summary = { $vm } 的地址 { $guest } 是没有 DHCP 应答时自行生成的。
cause-guest-apipa-text = 网卡正常，但没有得到地址。请检查该网络的 DHCP 服务；若该网络没有 DHCP，请手动设置地址。

cause-access-list-refuses-title = 服务拒绝了该访问者
cause-access-list-refuses-summary = { $who } 能到达 { $vm } 的端口，但被 { $by } 的名单拒绝。
cause-access-list-refuses-text = TCP wrappers（hosts.deny）、登录失败后的 fail2ban 以及 SSH 服务自身的规则都按来源地址判断，其他访问者可能不受影响。请把该地址从名单中移除。

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

cause-guest-vpn-captures-title = 虚拟机内的 VPN 截走了数据
cause-guest-vpn-captures-summary = { $vm } 把发往 { $peer } 的数据送进隧道 { $tunnel }，而不是从自己的网卡发出。
cause-guest-vpn-captures-text = 接管全部流量的 VPN 也会带走发给主机和邻居的应答。请在 VPN 中排除本地网络，或在需要时断开它。

cause-guest-two-default-routes-title = 虚拟机有两条默认路由
cause-guest-two-default-routes-summary = { $vm } 把对外数据经 { $card } 发给 { $wrong }，而正确的出口是 { $gateway }。
cause-guest-two-default-routes-text = 系统只使用跃点数最小的一条默认路由。两块网卡都带网关时，数据和应答会从错误的一块发出。只应让通向外部的网卡拥有网关。

cause-missing-return-route-title = 有一方没有通往对方的路由
cause-missing-return-route-summary = { $gap ->
    [discards] { $who } 把发往 { $peer } 的数据全部丢弃：它的路由“{ $row }”如此规定。
   *[missing] { $who } 没有通往 { $peer } 的返回路由：请求能到达，应答却丢失了。
}
cause-missing-return-route-text = 每个数据包都需要去路和回路。路由模式的网段没有地址转换，外面的路由器和机器必须知道经由谁才能到达它。blackhole、unreachable 或 prohibit 类型的条目会丢弃它所覆盖的数据。

cause-guest-wrong-gateway-title = 虚拟机的网关不正确
cause-guest-wrong-gateway-summary = { $vm } 把所有对外数据发给 { $wrong }，而它并不转发。此处的网关是 { $gateway }。
cause-guest-wrong-gateway-text = 在 VMware NAT 中网关是网段的第二个地址，而不是主机的第一个地址。其他产品通常是主机在该网段的地址。

cause-name-points-elsewhere-title = 名称指向了别的地址
cause-name-points-elsewhere-summary = { $name } 指向 { $wrong }，而它实际在 { $right }。
cause-name-points-elsewhere-text = hosts 文件中的某一行或仍被缓存的应答已经过时。直接用地址很可能可以访问。请更正该行并清除缓存。

cause-proxy-required-title = 问题出在网页代理
cause-proxy-required-summary = { $how ->
    [dead] 程序被设置为使用代理 { $proxy }，但它没有应答。
   *[needed] 此处不允许直接访问网页；主机经由代理 { $proxy }，而 { $vm } 没有使用代理。
}
cause-proxy-required-text = ping 和名称解析与代理无关，可能一切正常。公司内部往往只能经由代理访问网页；在别处则可能仍留着以前网络的代理设置。请设置可用的代理，或取消代理。

cause-guest-dns-only-title = 虚拟机无法解析名称
cause-guest-dns-only-summary = { $vm } 能访问外部地址，但无法解析 { $name }。
cause-guest-dns-only-text = 连接正常，只是名称服务器不正确或无应答。请为虚拟机设置可用的名称服务器。
