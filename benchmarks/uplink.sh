# shellcheck shell=bash disable=SC2154 # sourced by ./bench
# Bytes on the wire and the rate of delivery.
at_most 1 "$@"
case ${1-} in
  '' | live | drain | bad) measure_agent UplinkBenchmark "$@" ;;
  request)
    build benchmarks/jmh
    exec "$java" -Dslf4j.internal.verbosity=ERROR -cp "benchmarks/jmh/target/classes:$(<benchmarks/jmh/target/classpath)" \
      io.tidewatch.benchmarks.RequestBenchmark
    ;;
  *) wrong "uplink takes live, drain, bad or request, not '$1'." ;;
esac
