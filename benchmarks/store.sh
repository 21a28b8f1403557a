# shellcheck shell=bash disable=SC2154 # sourced by ./bench
# Speed and bytes on the disk of the store.
at_most 2 "$@"
folder=${1:-target} millions=${2:-5}
number MILLIONS "$millions" 1 100
[ -z "${1-}" ] || [ -d "$folder" ] || wrong "there is no folder '$folder'."
mkdir -p "$folder"
store=bundles/tidewatch.store.sqlite
build $store

flags='-XX:+UseSerialGC -Xms8m -Xmx24m -Xmn1m -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=10 -XX:C1MaxInlineSize=24'
# shellcheck disable=SC2086 # flags are words
exec "$java" ${JAVA_OPTS-$flags} -Dslf4j.internal.verbosity=ERROR \
  -cp "$store/target/classes:$store/target/test-classes:$(<$store/target/classpath)" \
  io.tidewatch.store.sqlite.StoreBenchmark "$folder" "$millions"
