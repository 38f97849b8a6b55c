#!/usr/bin/env bash
# Programs for five targets, built on one Linux and packed: copy this into a package, and run it before a release.
# It takes Rust with rustup, Python 3 and the registries; zig, which links for all five, comes from PyPI.
#
#   ./cross-build.sh [crate]      the folder of the crate; default: native
#
# The crate's .cargo/config.toml has to say where cargo finds portreeve, as `npx portreeve new` writes it.
set -euo pipefail

crate=$(cd "${1:-native}" && pwd)
# glibc 2.17 is that of RHEL 7: the program starts on all that is newer.
targets=(
  x86_64-unknown-linux-gnu.2.17
  x86_64-unknown-linux-musl
  aarch64-unknown-linux-musl
  x86_64-apple-darwin
  aarch64-apple-darwin
)

tools=$crate/target/cross-tools
[ -x "$tools/bin/cargo-zigbuild" ] || {
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet ziglang cargo-zigbuild
}
export PATH="$tools/bin:$PATH"
rustup target add "${targets[@]/.2.17/}"

programs=$crate/target/cross
rm -rf "$programs" && mkdir -p "$programs"
cd "$crate"
for target in "${targets[@]}"; do
  echo "── $target"
  cargo zigbuild --release --target "$target" --target-dir target
  folder=target/${target/.2.17/}/release
  find "$folder" -maxdepth 1 -type f -perm -u+x ! -name '*.so' ! -name '*.dylib' \
    -exec cp {} "$programs/${target/.2.17/}" \;
done
cd - >/dev/null
npx portreeve pack --from "$programs"
