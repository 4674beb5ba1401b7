### 命令行、附带的示例，以及应用对自身工作的说明。

example-vmware-nat-service = VMware NAT：虚拟机上不了网
example-vmware-nat-service-text = Windows 主机。虚拟机能访问主机，但访问不了外部网络。
example-virtualbox-nat = VirtualBox NAT：主机访问不到 10.0.2.15
example-virtualbox-nat-text = Linux 主机。虚拟机能上网，但主机对它的 ping 和 SSH 都超时。
example-libvirt-echo-filtered = libvirt：ping 不通，SSH 正常
example-libvirt-echo-filtered-text = Linux 主机。虚拟机不回应 ping，但它的服务都能连上。

toast-copied = 已复制
toast-pasted = 已读入
toast-replay = 保存的案例不会变化：没有发送任何数据包
toast-opened-unsaved = 之前的内容可用“撤销”找回
toast-saved = 已保存为 { $name }
toast-cleared = 已清空，正在重新读取本机

problem-not-an-address = “{ $value }”不是地址。请写成 192.168.122.45 或 192.168.122.45/24 的形式。
problem-paste-too-long = 这段文字太长，无法读入：最多 { $value }。
problem-too-many-targets = 监视器最多监视 { $value } 个地址。
problem-sweep = 无法搜索 { $value }。
problem-internal = 程序内部出错。您输入的内容都还在，请重试。
problem-not-opened = “{ $name }”不能作为案例打开。
problem-not-saved = “{ $name }”写入失败。请换一个文件夹。
problem-no-threads = 系统不允许程序创建线程，因此无法读取或发送任何内容。仍可打开保存的案例。
