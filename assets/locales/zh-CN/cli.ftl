### 命令行、附带的示例，以及应用对自身工作的说明。

example-vmware-nat-service = VMware NAT：虚拟机上不了网
example-vmware-nat-service-text = Windows 主机。虚拟机能访问主机，但访问不了外部网络。
example-virtualbox-nat = VirtualBox NAT：主机访问不到 10.0.2.15
example-virtualbox-nat-text = Linux 主机。虚拟机能上网，但主机对它的 ping 和 SSH 都超时。
example-libvirt-echo-filtered = libvirt：ping 不通，SSH 正常
example-libvirt-echo-filtered-text = Linux 主机。虚拟机不回应 ping，但它的服务都能连上。
