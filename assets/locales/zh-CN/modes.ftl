### Why a mode has a way for traffic, or has none.

mode-why-bridged = 这块网卡就是物理网段上的又一台机器。经由 Wi-Fi，或交换机、接入点只允许每个端口一台机器时，可能不通。
mode-why-esxi-remote = 这里的主机是另一台机器：数据要经过物理网络和其中的路由。
mode-why-external-shared = 交换机与主机共享（AllowManagementOS）时，主机在交换机上与虚拟机相通；否则只能经由另一块网卡。
mode-why-forward = 外部无法穿过地址转换主动建立连接；只有转发的端口可以，ping 永远不行。
mode-why-guests-alone = 这个网络只把虚拟机彼此相连。
mode-why-host-on-switch = 主机在同一个虚拟交换机上有网卡。主机防火墙仍可能拒绝虚拟机发起的连接。
mode-why-libvirt-rejects = libvirt 的规则以“端口不可达”拒绝外部的新连接；目的地址转换还需要在其前面加一条放行规则。
mode-why-macvtap-guests = 同一网卡上处于 bridge 模式的虚拟机可以互通；private 模式不行，VEPA 模式只有交换机把帧送回时才行。
mode-why-macvtap-host = 内核不会在 macvtap 与其所在网卡之间传递数据帧。
mode-why-macvtap-outside = 对局域网来说，虚拟机是物理网卡上一台独立的机器。
mode-why-mirrored = 主机与虚拟机共用主机的地址，并通过 127.0.0.1 相通。
mode-why-mirrored-lan = 虚拟机在主机的地址上监听；Hyper-V 防火墙必须放行该端口。
mode-why-nat-hides = 地址转换由单独的程序完成，主机在其后没有网卡：只有转发的端口能进入。
mode-why-nat-loopback = 地址转换自己的地址通向主机；只监听 127.0.0.1 的服务能否访问，取决于版本和设置。
mode-why-nat-outside = 主机转换虚拟机发往外部的数据；应答能够返回。
mode-why-no-forward = 这种地址转换自身没有入口。在 Windows 上可用 portproxy 引入 TCP。
mode-why-no-uplink = 虚拟交换机没有物理网卡。
mode-why-no-way-out = 没有任何设备把这个网段转换或路由到外部。
mode-why-own-engine = 每台虚拟机都有自己的地址转换，其后使用相同的地址。
mode-why-product-decides = 各产品在此处不同：请选择您的产品。
mode-why-routed = 主机只路由而不转换：外部机器需要有返回该网段的路由。
mode-why-same-machine = 所有发行版运行在同一台虚拟机中，共用网络。
mode-why-same-switch = 两者在同一个虚拟交换机上。
mode-why-unknown-outside = 外部没有通往这个网段的路由。
mode-why-usermode-outside = TCP 和 UDP 可以通过；ping 只有在主机系统允许普通程序发送时才行。
mode-why-vmnet-isolation = 它们共用 macOS 的一个网桥，除非程序要求隔离。
