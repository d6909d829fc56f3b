#!/bin/bash
# run.sh FOLDER SECONDS: every fuzz target in FOLDER for its share of the time, on all processors.
# What is found stays in FOLDER/found, and ends it with status 1.
set -u
folder=$1 seconds=$2
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder/found"
targets=("$folder"/fuzz_*)
processors=$(nproc)
share=$((seconds * processors / ${#targets[@]}))
export ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=1

fuzz() { # fuzz TARGET
    local name=${1##*/fuzz_}
    local own=$folder/corpus/$name seeds=$here/corpus/$name
    mkdir -p "$own"
    case $name in
    tiff) seeds="$here/corpus/tiff $here/../data/reports" ;;
    program) seeds=$here/corpus/nrrd ;;
    esac
    # shellcheck disable=SC2086 # folders
    "$1" -max_total_time="$share" -max_len=8192 -timeout=20 -rss_limit_mb=3000 -close_fd_mask=3 \
        -artifact_prefix="$folder/found/$name-" -print_final_stats=1 "$own" $seeds >"$folder/$name.log" 2>&1
    echo "$name: $(grep -a -o 'number_of_executed_units: *[0-9]*' "$folder/$name.log" | tail -n 1), status $?"
}

running=0
for target in "${targets[@]}"; do
    [ -x "$target" ] || continue
    fuzz "$target" &
    running=$((running + 1))
    if [ "$running" -ge "$processors" ]; then
        wait -n
        running=$((running - 1))
    fi
done
wait
found=$(find "$folder/found" -type f | wc -l)
echo "$found findings in $folder/found"
[ "$found" -eq 0 ]
