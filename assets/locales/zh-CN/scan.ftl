# 扫描进行时列出的各个信息来源。
scan-source-identity = 系统与主机名
scan-source-adapters = 网络适配器
scan-source-routes = 路由与策略规则
scan-source-neighbors = 邻居表与网桥转发表
scan-source-kernel = 内核开关
scan-source-listeners = 监听端口
scan-source-names = DNS 服务器与 hosts 文件
scan-source-processes = 进程
scan-source-services = 服务
scan-source-filter = 数据包过滤规则
scan-source-managers = 防火墙管理程序
scan-source-products = 已安装的虚拟机软件
scan-source-libvirt = libvirt
scan-source-virtualbox = VirtualBox
scan-source-vmware = VMware
scan-source-qemu = QEMU
