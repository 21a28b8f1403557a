# shellcheck shell=bash disable=SC2154,SC2329 # sourced by ./bench
# The built agent beside prometheus-node-exporter with vmagent, and beside collectd, in one run on this machine. Nothing is
# installed: Debian's packages are unpacked in .tools. rivals/README.md describes the measurement.
minutes=5 windows=5 outage=5 out=target/bench docs=false from=''
while [ $# -gt 0 ]; do
  case $1 in
    --docs) docs=true ;;
    --minutes | --windows | --outage | --out | --from)
      [ $# -gt 1 ] || wrong "$1 needs a value."
      declare "${1#--}=$2"
      shift
      ;;
    *) wrong "there is no option '$1'." ;;
  esac
  shift
done
number --minutes "$minutes" 1 120
number --windows "$windows" 1 60
number --outage "$outage" 1 60
[ $((10#$minutes * 60 / 10#$windows)) -ge 30 ] || wrong 'a window takes 30 s at least: fewer --windows or more --minutes.'
[ -z "$from" ] || [ -r "$from" ] || wrong "--from: there is no file '$from'."

[ "$(uname -s)" = Linux ] || fail 'rivals reads /proc, so it runs on Linux only.'
java_home=$(readlink -f "$(command -v "$java")") || fail 'Java is not installed. Run ./test first, which installs what is missing.'
java_home=${java_home%/bin/java}

# Each package in a folder of its own, with its version beside it.
packages=$PWD/.tools/rivals
unpack() { # package, folder
  local folder=$packages/$2 deb
  [ ! -r "$packages/$1.version" ] || return 0
  command -v apt-get >/dev/null || fail "the package $1 is missing, and there is no apt-get to fetch it."
  echo "bench: fetching the package $1"
  mkdir -p "$folder" "$packages/download"
  (
    cd "$packages/download"
    rm -f ./*.deb
    apt-get download -qq "$1" 2>/dev/null || {
      [ "$(id -u)" = 0 ] || fail "$1 cannot be fetched; maybe the package lists are old. Run: sudo apt-get update"
      apt-get update -qq
      apt-get download -qq "$1"
    }
  ) || fail "the package $1 cannot be fetched."
  deb=$(echo "$packages"/download/"$1"_*.deb)
  dpkg-deb -x "$deb" "$folder"
  dpkg-deb -f "$deb" Version >"$packages/$1.version"
  rm -rf "$packages/download"
}
# What collectd and these of its plugins want beside what every Debian has.
libraries() {
  local part found=$packages/libraries
  mkdir -p "$found"
  for part in libcap2 libudev1; do
    unpack "$part" parts
  done
  find "$packages/parts" -name 'lib*.so*' -exec cp -a {} "$found" \;
  for part in ../../sbin/collectd cpu cpufreq df disk interface load memory swap thermal uptime write_graphite; do
    part=$packages/collectd-core/usr/lib/collectd/$part
    [ -e "$part" ] || part=$part.so
    ! LD_LIBRARY_PATH=$found ldd "$part" | grep 'not found' || fail "$part of collectd lacks the library above."
  done
}

# The measuring program runs on a copy of Java: else the agent would share its pages with it, and seem smaller (PSS).
measuring_java=$packages/java
copy_java() {
  local part
  ! "$measuring_java/bin/java" -version >/dev/null 2>&1 || return 0
  rm -rf "$measuring_java"
  mkdir -p "$measuring_java/bin"
  for part in lib conf; do
    # Links that lead nowhere, as that to the source has, are left out.
    cp -RL "$java_home/$part" "$measuring_java" 2>/dev/null || true
  done
  cp -L "$java_home/bin/java" "$measuring_java/bin"
  "$measuring_java/bin/java" -version >/dev/null 2>&1 || fail "$java_home cannot be copied to $measuring_java."
}

work=$PWD/target/bench/work
if [ -z "$from" ]; then
  unpack prometheus-node-exporter prometheus-node-exporter
  unpack victoria-metrics victoria-metrics
  unpack collectd-core collectd-core
  libraries
  copy_java
  PATH=$packages/victoria-metrics/usr/bin:$PATH
  rm -rf "$work"
fi
[ -x "$measuring_java/bin/java" ] || measuring_java=$java_home
mkdir -p "$work/tmp" "$out"
out=$(cd "$out" && pwd)

build bundles/tidewatch.itest
tree=$(distribution)

# Kilobytes of what an agent needs of Java, as Debian counts them.
java_kb=$(dpkg-query -W -f '${Installed-Size}' openjdk-17-jre-headless 2>/dev/null || true)

options=(
  -Xmx128m -XX:+UseSerialGC -Djava.io.tmpdir="$work/tmp" -Dslf4j.internal.verbosity=ERROR
  -Dtidewatch.distribution="$tree" -Dtidewatch.itest.work="$work"
  -Dtidewatch.bench.minutes="$minutes" -Dtidewatch.bench.windows="$windows" -Dtidewatch.bench.outage="$outage"
  -Dtidewatch.bench.out="$out" -Dtidewatch.bench.docs="$docs" -Dtidewatch.bench.from="$from"
  -Dtidewatch.bench.work="$work" -Dtidewatch.bench.packages="$packages" -Dtidewatch.bench.configuration="$PWD/benchmarks/rivals"
  -Dtidewatch.bench.version="${tree##*/tidewatch-}" -Dtidewatch.bench.java.kb="${java_kb:-0}" -Dtidewatch.bench.java="$java_home"
  -Dtidewatch.bench.ticks="$(getconf CLK_TCK)"
)

# In a process group of its own, of which nothing is left behind, however this ends.
measuring=''
end() {
  trap - EXIT INT TERM HUP
  if [ -n "$measuring" ]; then
    kill -TERM "$measuring" 2>/dev/null || true
    wait "$measuring" 2>/dev/null || true
    kill -KILL -- "-$measuring" 2>/dev/null || true
  fi
}
trap end EXIT
trap 'end; exit 130' INT TERM HUP
set -m
timeout --kill-after=20s $((10#$minutes + 10#$outage + 20))m "$measuring_java/bin/java" "${options[@]}" \
  -cp "bundles/tidewatch.itest/target/test-classes:$(cat bundles/tidewatch.itest/target/classpath)" \
  io.tidewatch.itest.rivals.RivalsBenchmark </dev/null &
measuring=$!
set +m
result=0
wait "$measuring" || result=$?
[ "$result" != 124 ] || echo "bench: it took too long, and was ended; what the programs said is in $work" >&2
exit "$result"
