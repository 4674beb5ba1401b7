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

cli-scanning = 正在读取本机…
cli-probing = 正在发送探测…
cli-sweeping = 正在逐个询问该网段的地址…
cli-why = 依据
cli-effect = 改动
cli-undo = 撤销
cli-verify = 验证
cli-admin = 需要管理员权限
cli-notes = 另外请注意
cli-path = 路径
cli-unread = 未能读取
cli-next = 接下来最有帮助的一步
cli-look-alikes = 从外面看起来一样的原因
cli-nothing-wrong = 没有发现问题。
cli-no-cause = 就目前所知，还不能断定原因。
cli-adapters = 网卡
cli-routes = 路由
cli-neighbors = 邻居表
cli-products = 虚拟化软件
cli-none = 无
cli-not-read = 未能读取
cli-ping-counts = 已发送 { $sent }，已收到 { $received }，丢失 { $lost } %
cli-sweep-nobody = 没有机器应答。
cli-nothing-to-open = 请指定要打开的文件或示例。
cli-no-window = 此版本不带窗口。请使用“vmnet-doctor diagnose”。
cli-same-ends = 从 { $end } 到 { $end } 不经过任何网络，请选择不同的两端。
cli-needs-target = 请用 --target 指定另一台虚拟机的地址。
cli-unknown-form = { $name }：扩展名必须是 .html、.md 或 .json。
cli-unknown-cause = { $cause } 不是已知的原因；“vmnet-doctor causes”会列出全部原因。
cli-too-many-addresses = 一次最多 { $most } 个地址。
