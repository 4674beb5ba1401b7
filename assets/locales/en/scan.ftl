# The sources of a scan, as they are listed while it runs.
scan-source-identity = System and host name
scan-source-adapters = Network adapters
scan-source-routes = Routes and policy rules
scan-source-neighbors = Neighbors and bridge entries
scan-source-kernel = Kernel switches
scan-source-listeners = Open ports
scan-source-names = Name servers and hosts file
scan-source-processes = Processes
scan-source-services = Services
scan-source-filter = Packet filter
scan-source-managers = Firewall managers
scan-source-products = Installed hypervisors
scan-source-libvirt = libvirt
scan-source-virtualbox = VirtualBox
scan-source-vmware = VMware
scan-source-qemu = QEMU
