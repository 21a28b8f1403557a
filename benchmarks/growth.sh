# shellcheck shell=bash # sourced by ./bench
# Memory and database with more series, and after longer outages.
at_most 1 "$@"
case ${1-} in
  '' | series | backlog) measure_agent Growth "$@" ;;
  *) wrong "growth takes series or backlog, not '$1'." ;;
esac
