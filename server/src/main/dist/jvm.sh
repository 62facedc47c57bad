# What the launcher of the repository and that of the package share: which Java, and how it is started. To be sourced; ROOT is
# the folder beside which data stands by default.

readonly MIN_JAVA=17

say() {
  printf 'millrace: %s\n' "$*" >&2
}

# Exit status 2: something is missing that cannot be installed, or the command line is wrong.
die() {
  say "$@"
  exit 2
}

# Prints the major version of the Java in a folder, nothing if that has none with the given tool: java, or javac for a JDK.
java_version() {
  local home=$1 tool=$2 version
  [[ -x $home/bin/java && -x $home/bin/$tool ]] || return 0
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release" 2>/dev/null || true)
  [[ -n $version ]] || version=$("$home/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
  printf '%s' "$version"
}

# Sets JDK and JDK_VERSION to JAVA_HOME if that will do, else to the newest Java that has the given tool; to nothing if there is none.
find_java() {
  local tool=$1 home version on_path
  JDK='' JDK_VERSION=0
  if [[ -n ${JAVA_HOME:-} ]]; then
    version=$(java_version "$JAVA_HOME" "$tool")
    if [[ ${version:-0} -ge $MIN_JAVA ]]; then
      JDK=$JAVA_HOME JDK_VERSION=$version
      return
    fi
    say "JAVA_HOME=$JAVA_HOME has no $tool of version $MIN_JAVA or newer: looking for another"
  fi
  on_path=$(command -v "$tool" || true)
  [[ -z $on_path ]] || on_path=$(dirname -- "$(dirname -- "$(readlink -f -- "$on_path")")")
  for home in ${on_path:+"$on_path"} /usr/lib/jvm/*; do
    version=$(java_version "$home" "$tool")
    if [[ ${version:-0} -ge $MIN_JAVA && $version -gt $JDK_VERSION ]]; then
      JDK=$home JDK_VERSION=$version
    fi
  done
}

# Options that a jar's manifest cannot carry; what it can (Add-Opens, Enable-Native-Access) stands in server/pom.xml.
jvm_options() {
  JVM_OPTIONS=("-Dmillrace.home=$ROOT" -XX:+ExitOnOutOfMemoryError)
  if [[ $JDK_VERSION -ge 24 ]]; then
    JVM_OPTIONS+=(--sun-misc-unsafe-memory-access=allow -Dio.netty.noUnsafe=false)
  fi
  local -a own
  read -ra own <<<"${MILLRACE_JAVA_OPTS:-}"
  JVM_OPTIONS+=("${own[@]}")
  # The least processor time, and hardly a pause: the figures are in docs/decisions/0019-collector.md.
  COLLECTOR=(-XX:+UseParallelGC)
  [[ ! ${MILLRACE_JAVA_OPTS:-} =~ -XX:[+]Use[A-Za-z]*GC ]] || COLLECTOR=()
}

# Whether the options or the environment name a Redis, or only ask for help.
needs_no_redis() {
  local argument previous='' config=${MILLRACE_CONFIG:-}
  [[ -z ${MILLRACE_REDIS:-} ]] || return 0
  for argument in "$@"; do
    case $argument in
      --redis | --redis=* | -h | --help | -V | --version) return 0 ;;
      --config=*) config=${argument#--config=} ;;
    esac
    [[ $previous != --config ]] || config=$argument
    previous=$argument
  done
  [[ -f $config ]] && grep -Eq '^[[:space:]]*redis[[:space:]]*[=:]' "$config"
}

# Becomes the JVM that runs a jar.
exec_jar() {
  local jar=$1
  shift
  # The process is as old as this script, and a build is no part of the start.
  local now_micros=${EPOCHREALTIME/[.,]/}
  JVM_OPTIONS+=("-Dmillrace.startMillis=${now_micros:0:-3}")
  exec "$JDK/bin/java" "${COLLECTOR[@]}" "${JVM_OPTIONS[@]}" -jar "$jar" "$@"
}
