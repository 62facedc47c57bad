#!/usr/bin/env bash
#
# Packs a finished build into a tar.gz that runs where there is a Java runtime and nothing else of ours, and prints its path.
# Usage: package.sh server/target
#
set -euo pipefail

TARGET=$(readlink -f -- "$1")
readonly TARGET
HERE=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
ROOT=$(readlink -f -- "$HERE/../../../..")
readonly HERE ROOT

folder=$(mktemp -d "$TARGET/package.XXXXXX")
trap 'rm -rf "$folder"' EXIT
out=$folder/millrace

install -d "$out"/{bin,lib/lib,etc,systemd}
install -m 0755 "$HERE/millrace" "$out/bin/"
install -m 0644 "$HERE/jvm.sh" "$TARGET/millrace.jar" "$out/lib/"
# Where the jar's manifest looks for them: in lib/ beside it.
for jar in "$TARGET"/lib/*.jar; do
  case ${jar##*/} in
    # Of machines on which it does not run; QUIC is not spoken.
    *-native-quic-* | *-native-macos-* | *-osx-* | *-windows-* | *-riscv64.jar) ;;
    *) install -m 0644 "$jar" "$out/lib/lib/" ;;
  esac
done
install -m 0644 "$HERE/millrace.properties" "$out/etc/"
install -m 0644 "$HERE/systemd/millrace.service" "$out/systemd/"
install -m 0644 "$ROOT/LICENSE" "$out/"

version=$("$out/bin/millrace" --version | sed -n 's/^millrace //p')
name=millrace-${version:?}
mv "$out" "$folder/$name"

# The same files make the same archive: sorted, of nobody in particular, without times of their own.
tar --create --directory "$folder" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@1767225600 "$name" |
  gzip -n >"$folder/archive"
mv "$folder/archive" "$TARGET/$name.tar.gz"
printf '%s\n' "$TARGET/$name.tar.gz"
