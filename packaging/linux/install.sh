#!/bin/sh
# Installs VM Net Doctor for this user, or into another prefix: ./install.sh [PREFIX]; `--remove` takes it away again.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
remove=
if [ "${1:-}" = --remove ]; then remove=1; shift; fi
prefix=${1:-$HOME/.local}
(cd "$here" && find bin share -type f) | while read -r file; do
    if [ -n "$remove" ]; then
        rm -f "$prefix/$file"
    else
        mkdir -p "$(dirname "$prefix/$file")"
        cp "$here/$file" "$prefix/$file"
    fi
done
command -v update-desktop-database >/dev/null 2>&1 && update-desktop-database "$prefix/share/applications" || true
if [ -n "$remove" ]; then echo "removed from $prefix"; else echo "installed into $prefix; start: $prefix/bin/vmnet-doctor"; fi
