### 窗口、终端与报告共用的词语。


hypervisor-vmware-workstation = VMware Workstation
hypervisor-vmware-fusion = VMware Fusion
hypervisor-esxi = VMware ESXi
hypervisor-virtualbox = VirtualBox
hypervisor-hyper-v = Hyper-V
hypervisor-libvirt = KVM（libvirt）
hypervisor-qemu = QEMU
hypervisor-wsl2 = WSL 2
hypervisor-parallels = Parallels Desktop
hypervisor-utm = UTM
hypervisor-multipass = Multipass
hypervisor-lima = Lima
hypervisor-proxmox = Proxmox VE
hypervisor-vz = Apple Virtualization
hypervisor-other = 其他虚拟化软件

mode-nat = NAT
mode-nat-network = NAT 网络
mode-bridged = 桥接
mode-host-only = 仅主机
mode-internal = 内部网络
mode-routed = 路由
mode-macvtap = macvtap
mode-user = 用户态 NAT
mode-private = 专用
mode-external = 外部
mode-default-switch = Default Switch
mode-mirrored = 镜像
mode-other = 其他模式

os-windows = Windows
os-linux = Linux
os-macos = macOS
os-bsd = BSD
os-other = 其他系统

end-host = 本机
end-guest = 虚拟机
end-guest2 = 另一台虚拟机
end-lan = 局域网内的其他机器
end-internet = 互联网

where-host = 在主机上
where-guest = 在虚拟机里
where-guest2 = 在另一台虚拟机里
where-hypervisor = 在虚拟化平台上
where-lan = 在局域网的另一台机器上
where-network = 在网络设备上

at-host = 主机
at-guest = 虚拟机
at-hypervisor = 虚拟化软件
at-network = 网络

station-hypervisor = 虚拟化软件
station-virtual-network = 虚拟网络
station-vm-nic = 虚拟机网卡
station-host-adapter = 主机网卡
station-addressing = 地址规划
station-host-route = 主机路由
station-host-firewall = 主机防火墙
station-link = 链路
station-guest-address = 虚拟机地址
station-guest-firewall = 虚拟机防火墙
station-guest-route = 虚拟机路由
station-nat-engine = NAT
station-forwarding = 转发
station-uplink = 上行链路
station-internet = 互联网
station-dns = 域名解析

leg-out = 去程
leg-back = 回程

verdict-reachable = 可达
verdict-blocked = 不通
verdict-impossible-by-design = 该模式本来就不支持
verdict-inconclusive = 尚无定论

station-verdict-ok = 通过
station-verdict-broken = 断在这里
station-verdict-unknown = 未知
station-verdict-not-reached = 未到达

confidence-confirmed = 已确认
confidence-likely = 很可能
confidence-possible = 有可能

risk-none = 无风险
risk-low = 低风险
risk-medium = 中等风险
risk-high = 高风险

shell-sh = Shell
shell-powershell = PowerShell
shell-cmd = 命令提示符

power-running = 运行中
power-paused = 已暂停
power-saved = 已保存
power-off = 已关机
power-crashed = 已崩溃
power-unknown = 状态未知

probe-echo = ping
probe-tcp = TCP 连接
probe-neighbor = 邻居解析
probe-path-mtu = 最大数据包
probe-name = 域名查询
probe-trace = 路由跟踪
probe-dhcp = DHCP
