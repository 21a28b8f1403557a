# shellcheck shell=bash # sourced by ./bench
# The agent under load and faults.
arguments=("$@")
rate=1000 most=3
if [ "${1-}" = --disk ]; then
  rate=100 most=2
  shift
fi
at_most $most "$@"
number MINUTES "${1:-30}" 3 240000
number SAMPLES_PER_SECOND "${2:-$rate}" 1 80000
# The store evicts the oldest samples of a longer soak, which then cannot be compared.
[ $((10#${1:-30} * 10#${2:-$rate})) -le 240000 ] || wrong "MINUTES times SAMPLES_PER_SECOND is 240000 at most."
number SEED "${3:-0}" 0 999999999
measure_agent Soak "${arguments[@]}"
