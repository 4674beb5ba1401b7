#!/bin/sh
# initramfs.sh KERNEL INIT IMAGE: packs the guest's whole system, a busybox with a few tools of this machine and the
# modules it may need. KERNEL is a folder with `boot/` and `lib/modules/`.
set -eu
kernel=$1 init=$2 image=$3
version=$(ls "$kernel/lib/modules" | head -n 1)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
cd "$root"
depmod -b "$kernel" "$version"
mkdir -p bin sbin usr/bin usr/sbin proc sys dev etc run tmp var "lib/modules/$version"

cp "$(command -v busybox)" bin/busybox
for applet in $(bin/busybox --list); do
    [ "$applet" = busybox ] || ln -s busybox "bin/$applet"
done

# A shell of its own: the one of busybox takes its own tools before any in the path.
cp -L "$(command -v dash)" sbin/sh
# The real ones before those of busybox, with the libraries they are linked to.
for tool in ip ping nft ss getent nc; do
    file=$(command -v "$tool") || continue
    cp -L "$file" "sbin/$tool"
    for library in $(ldd "$file" | grep -o '/[^ ]*'); do
        mkdir -p ".$(dirname "$library")"
        [ -e ".$library" ] || cp -L "$library" ".$library"
    done
done

# One program under many names, with its extensions.
if cp -L "$(command -v xtables-nft-multi)" sbin/ 2>/dev/null; then
    ln -s xtables-nft-multi sbin/iptables
    extensions=$(dirname "$(find /usr/lib -name libxt_comment.so | head -n 1)")
    mkdir -p ".$extensions"
    for name in xt_comment xt_conntrack xt_standard xt_tcp ipt_REJECT ipt_icmp xt_icmp; do
        cp "$extensions/lib$name.so" ".$extensions/" 2>/dev/null || true
    done
    for library in $(ldd sbin/xtables-nft-multi | grep -o '/[^ ]*'); do
        mkdir -p ".$(dirname "$library")"
        [ -e ".$library" ] || cp -L "$library" ".$library"
    done
fi

# Loaded when somebody wants them.
for module in virtio_net virtio_pci nf_tables nft_ct nft_reject_inet nft_reject_ipv4 nf_conntrack nft_chain_nat nft_nat nft_compat ip_tables button evdev xt_comment xt_conntrack xt_tcpudp ipt_REJECT; do
    modprobe -d "$kernel" -S "$version" --show-depends "$module" 2>/dev/null | sed -n 's/^insmod //p'
done | sort -u | while read -r file; do
    inside=${file#"$kernel"/}
    mkdir -p "$(dirname "$inside")"
    cp "$file" "$inside"
done
cp "$kernel/lib/modules/$version"/modules.builtin* "$kernel/lib/modules/$version/modules.order" "lib/modules/$version/"
depmod -b "$root" "$version"

echo 'hosts: files dns' > etc/nsswitch.conf
echo 'root:x:0:0::/:/bin/sh' > etc/passwd
cp "$init" init
chmod +x init
find . | cpio -o -H newc --quiet | gzip -1 > "$image.part"
mv "$image.part" "$image"
