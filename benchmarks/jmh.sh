# shellcheck shell=bash disable=SC2154 # sourced by ./bench
# Time and bytes of the parts. All that JMH measured is kept in results.csv.
build benchmarks/jmh
cd benchmarks/jmh || exit
results=$PWD/target/results.csv
rm -f "$results"
"$java" -Dslf4j.internal.verbosity=ERROR -cp "target/classes:$(<target/classpath)" \
  org.openjdk.jmh.Main -foe true -prof gc -rf csv -rff "$results" "$@"

# Columns: benchmark, mode, threads, measurements, score, error, unit, parameters. A line per measure.
[ ! -s "$results" ] || awk -F, '
  NR == 1 { next }
  {
    gsub(/["\r]/, "")
    measure = $1 ~ /:/ ? substr($1, index($1, ":") + 1) : ""
    key = $1
    sub(/:.*/, "", key)
    sub(/.*\.benchmarks\./, "", key)
    for (i = 8; i <= NF; i++) if ($i != "") key = key " " $i
  }
  !(key in seen) { seen[key] = 1; keys[++count] = key }
  measure == "" { score[key] = sprintf("%.1f ± %.1f", $5, $6); unit = $7; sub(/^us/, "µs", unit) }
  measure == "gc.alloc.rate.norm" { bytes[key] = sprintf("%.0f", $5) }
  END {
    printf "\n| Benchmark | Time (%s) | Bytes |\n|---|---|---|\n", unit
    for (i = 1; i <= count; i++) printf "| %s | %s | %s |\n", keys[i], score[keys[i]], bytes[keys[i]]
  }' "$results"
