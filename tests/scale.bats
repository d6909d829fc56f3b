# A volume in slabs on a real Slurm of one node.
load helpers

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    unsanitized
    need slurmctld slurmd sbatch
    [ "$(id -u)" -eq 0 ] || skip "slurmd wants to be root"
    "$ROOT/tests/scale/one_node.sh" "$PWD/slurm" 12 || skip "Slurm does not start here"
    export SLURM_CONF=$PWD/slurm/slurm.conf
}

teardown() {
    [ ! -d "$BATS_TEST_TMPDIR/slurm" ] || "$ROOT/tests/scale/one_node.sh" --stop "$BATS_TEST_TMPDIR/slurm"
}

# finished: waits until no job is left; those that are to be run again are not kept waiting.
finished() {
    local left
    for ((i = 0; i < 1800; i++)); do
        left=$(squeue -h -r -o '%A %r') || return 1
        [ -n "$left" ] || return 0
        while read -r job reason; do
            [ "$reason" != BeginTime ] || scontrol update jobid="$job" starttime=now || true
        done <<<"$left"
        sleep 0.1
    done
    squeue
    return 1
}

@test "slabs on Slurm, a worker killed and run again: the bytes of one machine" {
    # 16 bits, 23 planes in 12 uneven slabs. The first run of slab 5 dies by a signal.
    { stream "50 40 23"; perl -e 'srand 5; print pack "f<*", map { int(rand() ** 2 * 65535) / 65535 } 1..46000'; } |
        volset --spacing 1um -o few
    cat >dying <<'END'
#!/bin/bash
if [ "$SLURM_ARRAY_TASK_ID" = 5 ] && mkdir died 2>/dev/null; then kill -9 $$; fi
exec voleq "$@"
END
    chmod +x dying
    "$ROOT/tests/scale/slurm.sh" few 12 out ./dying --stats
    finished
    [ -d died ]
    voleq few | cmp - out/whole.nrrd
    # General floats: a second round of counting.
    { stream "50 40 35"; perl -e 'srand 6; print pack "f<*", map { rand() ** 3 } 1..70000'; } | volset --spacing 1um -o many
    REFINE='-b 256' "$ROOT/tests/scale/slurm.sh" many 12 floats voleq --stats
    finished
    voleq many | cmp - floats/whole.nrrd
}

@test "a slab that always fails: nothing is joined, and nothing false is there" {
    { stream "50 40 7"; perl -e 'srand 5; print pack "f<*", map { int(rand() * 255) / 255 } 1..14000'; } | volset --spacing 1um -o few
    printf '#!/bin/bash\n[ "$SLURM_ARRAY_TASK_ID" != 3 ] || exit 1\nexec voleq "$@"\n' >failing
    chmod +x failing
    "$ROOT/tests/scale/slurm.sh" few 4 out ./failing --stats
    finished
    [ ! -e out/whole.nrrd ] && [ ! -e out/000003.nrrd ] && [ -e out/000004.nrrd ]
    grep -q 'a slab is missing' out/log/join-*.txt
}
