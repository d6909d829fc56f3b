#!/bin/bash
# slurm.sh IN SLABS OUT FILTER... - a filter that needs statistics, over a volume in slabs, as Slurm jobs
#
#   slurm.sh cells.nrrd 16 out voleq --stats          the result is out/whole.nrrd
#   REFINE='-b 256' slurm.sh smooth.nrrd 16 out voleq --stats
#
# FILTER is called with the statistics file of the whole volume as its last argument. REFINE is for volumes
# of more than 65536 different values: what is counted in a second round (volstats --refine).
# Prints the number of the last job. SBATCH: more options for each job (--partition=..., --time=...).
# A job waits for the end of those before it, not for their success: where a task of an array was run again,
# Slurm may cancel what waits for success. volstats --merge and volcat refuse what is not whole.
set -eu
[ $# -ge 4 ] || { sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2; }
in=$1 slabs=$2 out=$3
shift 3
filter=$*
log=$out/log
mkdir -p "$log"
# What an earlier run has left is of another volume, or of another filter.
rm -f "$out"/whole.{stats,nrrd} "$out"/refined.stats "$out"/??????.{stats,refined,nrrd}

# submit AFTER NAME TASKS <SCRIPT: prints the number of the job; TASKS 0: it is no array.
submit() {
    local options=(--parsable --requeue "--job-name=vol-$2" "--output=${log//%/%%}/$2-%j.txt")
    [ -z "$1" ] || options+=("--dependency=afterany:$1")
    [ "$3" -eq 0 ] || options+=("--array=1-$3")
    # shellcheck disable=SC2206 # options
    options+=(${SBATCH:-})
    { printf '#!/bin/bash\nset -eu -o pipefail\ncd %q\n' "$PWD"; cat; } | sbatch "${options[@]}" | cut -d ';' -f 1
}

# shellcheck disable=SC2016 # Slurm's variable
k='$(printf %06d "$SLURM_ARRAY_TASK_ID")'
# shellcheck disable=SC2016
slab="volcrop --part \"\$SLURM_ARRAY_TASK_ID/$slabs\" $(printf %q "$in")"
out=$(printf %q "$out")

job=$(submit "" stats "$slabs" <<<"$slab | volstats -o $out/$k.stats")
job=$(submit "$job" merge 0 <<<"volstats --merge $out/??????.stats -o $out/whole.stats")
if [ -n "${REFINE:-}" ]; then
    job=$(submit "$job" refine "$slabs" <<<"$slab | volstats --refine $out/whole.stats $REFINE -o $out/$k.refined")
    job=$(submit "$job" merge2 0 <<<"volstats --merge $out/??????.refined -o $out/refined.stats")
    statistics=$out/refined.stats
fi
job=$(submit "$job" apply "$slabs" <<<"$slab | $filter ${statistics:-$out/whole.stats} -o $out/$k.nrrd")
submit "$job" join 0 <<<"volcat $out/??????.nrrd -o $out/whole.nrrd
rm -f $out/??????.nrrd $out/??????.stats $out/??????.refined"
