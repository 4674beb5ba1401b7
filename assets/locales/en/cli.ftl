### The command line, the shipped examples, and what the application says of its own work.

example-vmware-nat-service = VMware NAT: the guest has no internet
example-vmware-nat-service-text = Windows host. The guest reaches the host but nothing outside.
example-virtualbox-nat = VirtualBox NAT: the host cannot reach 10.0.2.15
example-virtualbox-nat-text = Linux host. The guest browses the web, but ping and SSH from the host time out.
example-libvirt-echo-filtered = libvirt: ping fails, SSH works
example-libvirt-echo-filtered-text = Linux host. The guest does not answer ping, although its services do.
