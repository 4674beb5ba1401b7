# Sourced by the scripts that build for another system: `cross TARGET CARGO-ARGUMENTS…` runs cargo for that target.
#
# Where rustup can add the target's standard library, plain cargo does it. Where it cannot (no way to its servers),
# Debian's compiler builds the standard library from its own source: packages rustc-web, cargo-web, rust-web-src.
# CARGO_TARGET_DIR is left to the caller; the default keeps cross builds out of the way of the host's own.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target/cross}
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=${CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER:-x86_64-w64-mingw32-gcc}

has_std() {
    local root
    root=$(rustc --print sysroot 2>/dev/null) && [ -d "$root/lib/rustlib/$1/lib" ]
}

cross() {
    local target=$1 verb=$2
    shift 2
    if has_std "$target" || { command -v rustup >/dev/null && rustup target add "$target" >/dev/null 2>&1 && has_std "$target"; }; then
        cargo "$verb" --target "$target" "$@"
    elif [ -d /usr/lib/rustlib/src/rust/library ] && [ -x /usr/bin/cargo ]; then
        # It must be Debian's own compiler that runs: it has to match its source.
        PATH=/usr/bin:$PATH RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc RUSTC_BOOTSTRAP=1 \
            /usr/bin/cargo -Zbuild-std=std,panic_unwind "$verb" --target "$target" "$@"
    else
        echo "no standard library for $target: \`rustup target add $target\`, or install rustc-web cargo-web rust-web-src" >&2
        return 1
    fi
}
