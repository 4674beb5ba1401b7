#!/bin/sh
# host.sh FOLDER COMMAND…: makes this mount, process and network namespace the machine that libvirt runs on,
# then becomes COMMAND. Files of /etc that are changed here are changed in FOLDER only.
set -eu
here=$(dirname "$0")
own=$1
shift
mkdir -p "$own"
mount -t tmpfs lab "$own"
mkdir "$own/etc" "$own/etc.work"
# `ip netns exec` laid the machine's own over the system's; the next mount hides them.
cp /etc/resolv.conf /etc/hosts "$own/"
mount -t overlay -o "lowerdir=/etc,upperdir=$own/etc,workdir=$own/etc.work" lab /etc
for file in resolv.conf hosts; do
    rm -f "/etc/$file"
    cp "$own/$file" "/etc/$file"
done

# A system's own /run, in which the lab's folder stays where it is.
mount --rbind /run/vmnet-doctor-lab /mnt
mount -t tmpfs -o mode=755 lab /run
mkdir -p /run/vmnet-doctor-lab /run/dbus /run/libvirt /run/lock
mount --move /mnt /run/vmnet-doctor-lab

for folder in /etc/libvirt /var/lib/libvirt /var/log/libvirt /var/cache/libvirt; do
    mount -t tmpfs -o mode=755 lab "$folder"
done
mkdir -p /etc/libvirt/qemu/networks /etc/libvirt/nwfilter
cp /usr/share/libvirt/nwfilter/*.xml /etc/libvirt/nwfilter/ 2>/dev/null || true
cat > /etc/libvirt/libvirtd.conf <<'C'
auth_unix_ro = "none"
auth_unix_rw = "none"
unix_sock_group = "root"
unix_sock_ro_perms = "0777"
unix_sock_rw_perms = "0770"
log_level = 3
log_outputs = "3:file:/var/log/libvirt/libvirtd.log"
C
cat > /etc/libvirt/qemu.conf <<'C'
user = "root"
group = "root"
security_driver = "none"
namespaces = []
cgroup_controllers = []
remember_owner = 0
stdio_handler = "file"
max_core = 0
C
# What an owner's terminal has that this machine lacks: it is root, and has no init system.
mkdir /run/bin
cp "$here/systemctl" /run/bin/
printf '#!/bin/sh\n[ "$1" = -n ] && shift\nexec "$@"\n' > /run/bin/sudo
chmod 755 /run/bin/sudo /run/bin/systemctl
exec "$@"
