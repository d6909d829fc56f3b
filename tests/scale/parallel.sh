#!/bin/bash
# parallel.sh IN SLABS OUT FILTER... - a filter that needs statistics, over a volume in slabs, with GNU parallel
#
#   parallel.sh cells.nrrd 16 out voleq --stats       the result is out/whole.nrrd
#
# FILTER is called with the statistics file of the whole volume as its last argument. JOBS: how many at once
# (default: one for each processor; --sshlogin hosts: see parallel(1), on a file system that all of them see).
# Called again, it does what is missing.
set -eu -o pipefail
[ $# -ge 4 ] || { sed -n '2,4s/^# \{0,1\}//p' "$0" >&2; exit 2; }
in=$1 slabs=$2 out=$3
shift 3
filter=$*
mkdir -p "$out"
numbers=$(seq -f %06g "$slabs")

# each NAME COMMAND: the command for each slab that has no file {1}.NAME yet; K is its number.
each() {
    local left=() number
    for number in $numbers; do
        [ -e "$out/$number.$1" ] || left+=("$number")
    done
    [ ${#left[@]} -eq 0 ] || printf '%s\n' "${left[@]}" |
        parallel --will-cite --halt soon,fail=1 ${JOBS:+--jobs "$JOBS"} "set -o pipefail; $2"
}

in=$(printf %q "$in")
export SHELL=/bin/bash
each stats "volcrop --part \$((10#{}))/$slabs $in | volhist --stats -o $(printf %q "$out")/{}.stats"
volhist --merge "$out"/??????.stats -o "$out/whole.stats"
each nrrd "volcrop --part \$((10#{}))/$slabs $in | $filter $(printf %q "$out")/whole.stats -o $(printf %q "$out")/{}.nrrd"
volcat "$out"/??????.nrrd -o "$out/whole.nrrd"
rm -f "$out"/??????.stats "$out"/??????.nrrd
