### Causes in products, virtual networks, cards, NAT and uplinks: title, the sentence that names it in a case, and the explanation.

cause-nat-no-inbound-path-title = NAT 没有入站通路
cause-nat-no-inbound-path-summary = 在 { $hypervisor } 的 { $mode } 模式下，外部无法主动连接 { $vm }，只能经由端口转发。
cause-nat-no-inbound-path-text = 地址转换把虚拟机藏在主机之后：应答能返回，新的连接进不来。这是该模式的设计，并非故障。请只转发所需的端口，或给虚拟机再加一块与主机共用网络的网卡。ping 永远无法通过端口转发。

cause-port-forward-wrong-title = 端口转发指向了错误的位置
cause-port-forward-wrong-summary = 端口转发 { $forward } { $reason ->
    [loopback] 只监听主机自己的 127.0.0.1，其他机器无法使用它。
    [host-address] 监听的地址不属于主机的任何网卡。
    [guest-address] 指向的地址不是 { $vm } 当前的地址 { $guest }。
    [guest-port] 指向虚拟机上无人监听的端口。
   *[taken] 不起作用：主机的这个端口已被另一个程序占用。
}
cause-port-forward-wrong-text = 一条端口转发有四个部分，每一部分都可能出错：主机的地址和端口、虚拟机的地址和端口。请与主机、虚拟机和服务的实际情况对照，删除错误的转发，再建立正确的转发。

cause-portproxy-stale-title = Windows 的端口代理指向旧地址
cause-portproxy-stale-summary = 端口代理条目 { $forward } 指向 { $vm } 已不再使用的地址；它现在的地址是 { $guest }。
cause-portproxy-stale-text = netsh interface portproxy 记住的是地址，而不是机器。WSL 和 Hyper-V 的 Default Switch 每次启动都会给虚拟机分配新地址，这类条目因此会失效。请把条目改到当前地址；若要长期有效，请给虚拟机固定地址。

cause-hyperv-netnat-missing-title = Windows 没有为这个交换机做地址转换
cause-hyperv-netnat-missing-summary = 交换机 { $network } 为主机和 { $vm } 提供了地址，但没有 NAT 把 { $segment } 引向外部。
cause-hyperv-netnat-missing-text = Hyper-V 的内部交换机只把虚拟机与主机相连。把主机地址当作网关的虚拟机，还需要主机上的 NAT：用该交换机的网段执行 New-NetNat。系统更新或清理脚本有时会把它删掉。

cause-hyperv-netnat-conflict-title = Windows 的 NAT 与交换机不匹配
cause-hyperv-netnat-conflict-summary = NAT { $name }（{ $prefix }）{ $reason ->
    [overlap] 与 { $other } 重叠，Windows 最多只会为其中一个做转换。
   *[mismatch] 不包含主机在 { $network } 上的地址，因此不会转换 { $vm } 的数据包。
}
cause-hyperv-netnat-conflict-text = Windows 只能可靠地支持一个 NAT 网段，而且它必须包含主机在内部交换机上的地址。第二个 NAT、其他程序遗留的 NAT 或写错的网段都会让虚拟机无法访问外部。请删除错误的 NAT，再建立合适的 NAT。

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

cause-hypervisor-not-running-title = 虚拟化产品的服务没有运行
cause-hypervisor-not-running-summary = { $hypervisor } 的控制服务没有运行，它的网络和虚拟机因此也无法工作。
cause-hypervisor-not-running-text = 虚拟网络、DHCP 和虚拟机本身都依赖这个服务。请启动它，并设为开机自动启动。如果启动后立即退出，请查看它的日志。

cause-hypervisor-kernel-module-not-loaded-title = 虚拟化产品的内核模块没有加载
cause-hypervisor-kernel-module-not-loaded-summary = { $hypervisor } 的内核模块 { $module } 没有加载{ $reason ->
    [refused] ，因为安全启动不接受它的签名。
   *[missing] ，或者没有为正在运行的内核编译。
}
cause-hypervisor-kernel-module-not-loaded-text = 内核更新之后，不随内核提供的模块需要重新编译；启用了安全启动时，还要用机器信任的密钥签名。在此之前，该产品没有虚拟网卡，也无法启动虚拟机。

cause-hypervisor-half-uninstalled-title = 虚拟化产品只剩下一半
cause-hypervisor-half-uninstalled-summary = { $hypervisor } 的网卡 { $adapter } 还在，但它的服务 { $service } 已经没有安装。
cause-hypervisor-half-uninstalled-text = 中断的卸载或升级会留下没有服务支撑的网卡：它们看起来正常，却不传送任何数据。请重新安装该产品，或将其彻底卸载。

cause-hypervisor-helper-misinstalled-title = 虚拟化产品的网络辅助程序没有权限
cause-hypervisor-helper-misinstalled-summary = 把 { $vm } 接入网络的辅助程序无法工作：它不存在、缺少权限，或未被允许运行。
cause-hypervisor-helper-misinstalled-text = 不以 root 身份运行的产品把网络设置交给一个有权限的小程序：qemu-bridge-helper、VBoxNetAdpCtl、vmnet-netifup。它必须以 setuid root 安装，它的允许列表必须包含该网桥，SELinux 或 AppArmor 也必须允许它运行。

cause-hypervisors-conflict-title = 两个虚拟化产品争用处理器
cause-hypervisors-conflict-summary = { $hypervisor } 无法启动 { $vm }，因为另一个虚拟化产品占用了处理器的虚拟化功能。
cause-hypervisors-conflict-text = 除非产品之间能够协作，VT-x 和 AMD-V 同一时间只能归一个产品使用。Hyper-V（包括 WSL2、Docker、内存完整性）或 KVM 可能占用着它，而 VirtualBox 或 VMware 也需要它。请升级能够共享的产品，或停用其中一个。

cause-hypervisor-known-bad-version-title = 已知此版本存在该故障
cause-hypervisor-known-bad-version-summary = 已知 { $hypervisor } { $version } 在这个系统上会使 { $mode } 模式失效。
cause-hypervisor-known-bad-version-text = 该产品自己的问题跟踪系统记录了这个版本的此项故障（{ $reference }）。您的设置没有问题。请升级，或在能够升级之前改用其他模式。

cause-vm-not-running-title = 虚拟机未在运行
cause-vm-not-running-summary = { $vm } 没有运行，或已暂停。
cause-vm-not-running-text = 关机、暂停或已保存的虚拟机不会应答，尽管租约列表和邻居表中可能仍有它的地址。请启动它并等待系统就绪。

cause-virtual-network-missing-title = 虚拟网络不存在
cause-virtual-network-missing-summary = { $vm } 连接到 { $network }，但这台主机上没有这个网络。
cause-virtual-network-missing-text = 从其他主机复制来的虚拟机，或被改名、删除的网络，会让网卡连接到一个不存在的网络。请重新建立该网络，或把网卡连接到现有的网络。

cause-virtual-network-config-corrupt-title = 产品的网络配置无法使用
cause-virtual-network-config-corrupt-summary = { $hypervisor } 无法使用它自己的网络配置。
cause-virtual-network-config-corrupt-text = 描述虚拟网络的文件缺失、损坏，或与网卡不再对应，常见于系统更新之后。请让产品重新生成配置；自定义网络和端口转发需要重新设置。

cause-virtual-network-not-started-title = 虚拟网络未启动
cause-virtual-network-not-started-summary = 网络 { $network } 已定义，但没有运行。
cause-virtual-network-not-started-text = 网络未运行时，主机没有该网段的网卡和路由，虚拟机也得不到地址。网络停止时正在运行的虚拟机需要重新接入或重启。

cause-hypervisor-dhcp-service-stopped-title = 产品的 DHCP 服务已停止
cause-hypervisor-dhcp-service-stopped-summary = 为 { $network } 分配地址的服务没有运行，{ $vm } 因此得不到地址。
cause-hypervisor-dhcp-service-stopped-text = 该产品用自己的 DHCP 服务器为它的网络分配地址。已有租约的虚拟机还能用一段时间；新的虚拟机得不到地址，只能自己编一个 169.254 开头的地址。使用静态地址的虚拟机不受影响。

cause-dnsmasq-not-running-title = 没有为此网络运行的 dnsmasq
cause-dnsmasq-not-running-summary = 没有 dnsmasq 为 { $bridge } 服务：{ $network } 的虚拟机既得不到地址，也无法通过主机解析名称。
cause-dnsmasq-not-running-text = libvirt 为每个网络启动一个 dnsmasq，负责分配地址和解析名称。即使没有它，网络也显示为活动状态。重启网络的守护进程即可恢复；如果它再次退出，可能有其他程序占用了 53 或 67 端口。

cause-dhcp-pool-exhausted-title = 可分配的地址已用完
cause-dhcp-pool-exhausted-summary = { $network } 可分配的 { $size } 个地址都已租出，{ $vm } 因此得不到地址。
cause-dhcp-pool-exhausted-text = 已经不在的机器，其租约在到期之前仍然占用地址。请扩大地址范围、缩短租期，或给长期存在的机器分配范围之外的地址。

cause-no-dhcp-on-network-title = 这个网络上没有人分配地址
cause-no-dhcp-on-network-summary = 网络 { $network } 没有 DHCP 服务器，{ $vm } 等不到地址。
cause-no-dhcp-on-network-text = 内部网络、专用网络以及 Hyper-V 配合 NAT 的交换机在设计上没有 DHCP 服务器；其他网络的 DHCP 也可能被关闭。请给虚拟机设置该网段的静态地址，或启用 DHCP 服务器。

cause-internet-sharing-service-stopped-title = Internet 连接共享没有运行
cause-internet-sharing-service-stopped-summary = Windows 服务 SharedAccess 没有运行，{ $network } 因此既不分配地址也不做地址转换。
cause-internet-sharing-service-stopped-text = Hyper-V 的 Default Switch 和 WSL 的网络依靠 Internet 连接共享提供 DHCP、名称解析和 NAT。有人或公司策略把这个服务关闭了。

cause-hyperv-default-switch-broken-title = Hyper-V 的 Default Switch 已损坏
cause-hyperv-default-switch-broken-summary = Default Switch { $reason ->
    [gone] 已经不存在。
    [no-adapter] 没有对应的主机网卡。
   *[no-address] 没有给主机可用的地址。
}
cause-hyperv-default-switch-broken-text = Windows 每次启动时自动建立这个交换机，任何人都无法编辑它。如果建立失败，连接到它的虚拟机就没有主机、DHCP 和出口。重启“主机网络服务”会重新建立它；否则请改用自己的内部交换机加 NAT。

cause-hyperv-switch-stale-title = 外部交换机绑定的网卡已不可用
cause-hyperv-switch-stale-summary = 交换机 { $network } 绑定到 { $uplink }，而它{ $reason ->
    [gone] 已不在这台机器上。
    [disabled] 已被禁用。
   *[unplugged] 没有插网线。
}
cause-hyperv-switch-stale-text = 更换扩展坞、更新驱动或拔掉网卡之后，交换机上记录的名称就不再指向任何网卡。请把交换机绑定到现在使用的网卡。

cause-vbox-hostonly-range-restricted-title = VirtualBox 不允许这个仅主机网段
cause-vbox-hostonly-range-restricted-summary = VirtualBox 拒绝在这台主机的仅主机网络中使用 { $segment }。
cause-vbox-hostonly-range-restricted-text = 从 6.1.28 起，Linux 和 macOS 上的 VirtualBox 只允许仅主机网络使用 192.168.56.0/21 之内的地址，除非 /etc/vbox/networks.conf 列出了其他网段。否则网卡不会有地址。请改用该范围内的地址，或允许您的网段。

cause-hostonly-needs-vmnet-network-title = 此版本的 macOS 没有仅主机网卡
cause-hostonly-needs-vmnet-network-summary = { $vm } 使用 VirtualBox 的仅主机网卡，而 macOS 11 及更新版本不支持；需要改用仅主机网络。
cause-hostonly-needs-vmnet-network-text = 从 macOS 11 起，VirtualBox 无法加载用于建立 vboxnet 网卡的驱动。VirtualBox 7 改为提供基于苹果框架的仅主机网络。请建立一个，并把网卡连接到它。

cause-bridge-filter-driver-unbound-title = 桥接驱动没有绑定到网卡
cause-bridge-filter-driver-unbound-summary = 驱动 { $driver } 没有在 { $adapter } 上启用，{ $vm } 的数据帧因此到不了网线。
cause-bridge-filter-driver-unbound-text = Windows 上的桥接模式需要在物理网卡上启用该产品的驱动。其他安全软件或 VPN 软件可能把它取消了，也可能有人在网卡属性中取消了勾选。

cause-bridge-without-uplink-title = 网桥没有物理端口
cause-bridge-without-uplink-summary = { $vm } 所在的网桥 { $bridge } 没有通往主机之外的端口。
cause-bridge-without-uplink-text = 网桥只连接插在它上面的端口。如果物理网卡不是它的端口，它就是虚拟机的孤岛：主机在上面有地址时可以互通，但到不了局域网，也得不到局域网的 DHCP。

cause-vmnet-framework-bad-state-title = macOS 的虚拟网络状态异常
cause-vmnet-framework-bad-state-summary = macOS 为虚拟网络维护的地址转换{ $reason ->
    [uplink] 通向 { $uplink }，而它已不再是出口。
    [empty] 没有任何规则。
   *[said] 无法启动。
}
cause-vmnet-framework-bad-state-text = macOS 为所有产品提供同一个共享网络框架：bridge100、由 bootpd 提供的 DHCP、由互联网共享提供的 NAT。切换网络、连接 VPN 或睡眠之后，它可能仍保留指向旧出口的规则。停止所有虚拟机再启动会重新建立它；重启 Mac 总能解决。

cause-vswitches-not-routed-title = 两个虚拟网络之间没有路由
cause-vswitches-not-routed-summary = { $vm } 在 { $network }（{ $segment }），另一台机器在 { $other }（{ $other_segment }），两者之间没有路由。
cause-vswitches-not-routed-text = 两个虚拟网络就是两个网段，如同没有路由器相连的两台交换机。请把两台机器放到同一个网络，或各加一块网卡；也可以让主机在两者之间转发，但这也会取消它们的隔离。

cause-vswitch-security-policy-title = 端口组拒绝外来的硬件地址
cause-vswitch-security-policy-summary = { $network } 会丢弃硬件地址与分配给 { $vm } 的地址不同的数据帧。
cause-vswitch-security-policy-text = 嵌套的虚拟机、虚拟机内部的网桥和集群地址会使用自己的硬件地址发送。ESXi 的端口组会丢弃这类数据帧，除非允许伪传输和 MAC 地址更改。放开它会削弱该组内机器的隔离。

cause-vswitch-without-uplink-title = 虚拟交换机没有可用的上行链路
cause-vswitch-without-uplink-summary = { $network } 所在的虚拟交换机{ $reason ->
    [down] 只有没有连接的物理网卡。
   *[none] 没有物理网卡。
}
cause-vswitch-without-uplink-text = 没有物理网卡的虚拟交换机只连接同一台 ESXi 主机上的虚拟机。请给它一块有连接的网卡，或把虚拟机连接到有上行链路的交换机的端口组。

cause-hyperv-mac-spoofing-off-title = Hyper-V 丢弃嵌套机器的数据帧
cause-hyperv-mac-spoofing-off-summary = { $vm } 的网卡只能使用自己的硬件地址发送，它内部的虚拟机和网桥因此不通。
cause-hyperv-mac-spoofing-off-text = Hyper-V 的交换机只放行使用分配给该网卡的硬件地址的数据帧。虚拟机内部的虚拟机、容器和网桥有自己的地址。请为该网卡启用 MAC 地址欺骗，或在虚拟机内部使用 NAT。

cause-hyperv-port-guard-title = 交换机端口的防护丢弃了这些数据
cause-hyperv-port-guard-summary = 在 { $vm } 的网卡上，{ $reason ->
    [dhcp] DHCP 防护已启用，交换机会丢弃它内部 DHCP 服务器的应答。
    [router] 路由器防护已启用，交换机会丢弃它作为路由器发出的通告。
   *[acl] Hyper-V 的访问控制列表拒绝了这些数据。
}
cause-hyperv-port-guard-text = DHCP 防护、路由器防护和端口 ACL 用来防止虚拟机冒充服务器或路由器，或防止它与某些地址通信。它们适合普通虚拟机；真正要提供这些服务的虚拟机必须关闭它们。

cause-libvirt-nwfilter-drops-title = libvirt 的过滤器丢弃了虚拟机的数据帧
cause-libvirt-nwfilter-drops-summary = { $vm } 网卡上的过滤器 { $filter } 会丢弃地址不符合预期的数据帧。
cause-libvirt-nwfilter-drops-text = clean-traffic 一类的过滤器只允许虚拟机使用 libvirt 分配或首先学到的地址。更换地址之后，或虚拟机内部还有虚拟机和容器时，其余数据都会被丢弃，而在虚拟机内部看不出原因。请把新地址告诉过滤器，或从该网卡上移除过滤器。

cause-vlan-mismatch-title = VLAN 不一致
cause-vlan-mismatch-summary = { $vm } 的网卡{ $vlan ->
    [none] 不在任何 VLAN 中
   *[other] 在 VLAN { $vlan }
}{ $other ->
    [unknown] ，那里无人应答。
    [none] ，另一端不在任何 VLAN 中。
   *[other] ，另一端在 VLAN { $other }。
}
cause-vlan-mismatch-text = 一个 VLAN 的数据帧到不了另一个 VLAN；在机器看来就像网线断了。网卡或端口组、虚拟交换机和物理交换机端口必须使用同一个 VLAN。交换机一侧的设置请询问网络管理员。

cause-macos-bootpd-disabled-title = macOS 的 DHCP 服务器已停用
cause-macos-bootpd-disabled-summary = 在 macOS 虚拟网络上分配地址的 bootpd 已被停用，{ $vm } 因此得不到地址。
cause-macos-bootpd-disabled-text = UTM、Multipass、Lima、VMware Fusion 等把 DHCP 交给 macOS。有人或管理描述文件停用了 com.apple.bootpd 服务。请重新启用它；虚拟机请求时 launchd 会自动启动它。

cause-macos-port53-conflict-title = 其他程序占用了 Mac 的 DNS 端口
cause-macos-port53-conflict-summary = { $process } 占用了 Mac 的 53 端口，macOS 因此无法在虚拟网络上解析名称。
cause-macos-port53-conflict-text = 共享模式的虚拟机向 Mac 查询名称。dnsmasq、AdGuard 或 VPN 解析器之类的本地 DNS 代理会占用这个端口（无论绑定在哪个地址），使 macOS 自身无法应答。请给虚拟机设置其他 DNS 服务器，或停止该代理。

cause-wsl-mirrored-fell-back-title = 要求镜像模式，WSL 却在使用 NAT
cause-wsl-mirrored-fell-back-summary = .wslconfig 要求镜像网络，但 { $vm } 却在 NAT 之后，地址为 { $guest }。
cause-wsl-mirrored-fell-back-text = 系统不支持镜像网络时，WSL 会悄悄退回 NAT：它需要 Windows 11 22H2 或更新版本以及 WSL 2.0 或更新版本，并且该行必须写在 [wsl2] 之下。此时从内部无法用 localhost 访问 Windows，其他机器也访问不到虚拟机。

cause-tap-detached-from-bridge-title = 虚拟机的网线没有接入网桥
cause-tap-detached-from-bridge-summary = { $vm } 的端口 { $port } 不属于任何网桥，虚拟机发出的数据到不了 { $adapter }。
cause-tap-detached-from-bridge-text = 当虚拟机运行期间虚拟网络被停止又启动，或有其他程序取走端口时会出现这种情况。虚拟机自身看到的网线仍是连接状态。

cause-virtual-cable-disconnected-title = 虚拟网线已断开
cause-virtual-cable-disconnected-summary = 在虚拟机设置中，{ $vm } 的网卡处于未连接状态。
cause-virtual-cable-disconnected-text = 每种产品都有断开网卡的开关，对运行中的虚拟机和下次启动分别有效。主机一侧看起来始终正常。

cause-vm-nic-on-wrong-network-title = 网卡连接到了错误的网络
cause-vm-nic-on-wrong-network-summary = { $vm } 连接在 { $network }，而要访问的是 { $wanted }。
cause-vm-nic-on-wrong-network-text = 产品会把新网卡接到默认网络，复制虚拟机时网卡也保留原来的网络。请把网卡连接到对端所在的网络，或在那里再加一块网卡。

cause-duplicate-mac-title = 两台机器使用同一硬件地址
cause-duplicate-mac-summary = { $vm } 与 { $other } 共用硬件地址 { $mac }：数据帧时而到这台，时而到那台。
cause-duplicate-mac-text = 复制的虚拟机会保留原网卡地址，除非复制时要求生成新地址。在同一网络上两台机器都会丢包，还可能争用同一个租约。

cause-hypervisor-nat-service-stopped-title = NAT 服务已停止
cause-hypervisor-nat-service-stopped-summary = { $hypervisor } 的 NAT 服务没有应答，{ $vm } 因此无法访问外部。
cause-hypervisor-nat-service-stopped-text = 由一个独立服务为虚拟机做地址转换。它停止后，虚拟机仍保有地址并能与主机通信，但网关失效。

cause-host-no-uplink-title = 主机自身离线
cause-host-no-uplink-summary = 主机没有可用的对外通路，虚拟机也就没有。
cause-host-no-uplink-text = 这不是虚拟机的故障。请先恢复主机自己的连接：网线、Wi-Fi、路由器。

cause-bridged-wrong-nic-title = 虚拟机桥接到了错误的网卡
cause-bridged-wrong-nic-summary = { $vm } 桥接到 { $uplink }，它不通向该网络；主机自己使用的是 { $wanted }。
cause-bridged-wrong-nic-text = 桥接的网卡固定在一块物理网卡上。当它被拔出、关闭、移除或属于 VPN 时，虚拟机就被孤立。“自动”可能在每次启动时另选一块。请固定到接有网线的网卡。

cause-bridged-wifi-unsupported-title = 此处无法通过 Wi-Fi 桥接
cause-bridged-wifi-unsupported-summary = { $vm } 桥接到无线网卡 { $uplink }。接入点对每个客户端只认一个硬件地址，即主机的地址。
cause-bridged-wifi-unsupported-text = 带有虚拟机自身硬件地址的帧会被接入点丢弃。部分产品通过改写地址绕开限制，但并非所有网络都支持。请使用 NAT，或改用有线网卡。

cause-port-security-blocks-guest-title = 交换机只放行一台机器
cause-port-security-blocks-guest-summary = { $vm } 与主机共用线路 { $uplink }：主机能到达路由器，而虚拟机除主机外谁也到不了。
cause-port-security-blocks-guest-text = 公司交换机常限制每个端口只用一个硬件地址，或要求逐台登录（802.1X）。桥接的虚拟机就是该端口上的第二台机器。本机上不会留下痕迹，需由网络管理员确认。

cause-wifi-client-isolation-title = 接入点隔离了各客户端
cause-wifi-client-isolation-summary = { $vm } 经 { $uplink } 能到达路由器，但同一网络中的另一台机器毫无应答。
cause-wifi-client-isolation-text = 访客网络和热点允许每个客户端上网，却不允许彼此访问。只有接入点的管理者才能更改；可改用有线，或使用主机自建的网络。

cause-lan-dhcp-refuses-title = 局域网的 DHCP 没有为虚拟机分配地址
cause-lan-dhcp-refuses-summary = { $how ->
    [foreign] { $vm } 的租约来自 { $server }，它不属于主机所在网络：线路上还有另一台 DHCP 服务器。
   *[silent] 主机已有局域网地址，而同一线路上的 { $vm } 却得不到地址。
}
cause-lan-dhcp-refuses-text = 有些网络只为登记过的硬件地址分配地址，或地址已用尽；共享上网的机器也会分配它自己的地址。请联系网络管理员，或改用不需要局域网地址的 NAT。
