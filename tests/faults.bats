# Calls that fail, files that are damaged, programs that are killed, memory that nobody wrote: a small
# part of each. make check-faults runs all of it.
load helpers

FAULTS=$ROOT/tests/faults

@test "each call that fails, at places chosen at random" {
    unsanitized
    need tiffcp cat
    need_python numpy tifffile
    [ "$(uname -m)" = x86_64 ] || skip "the injected library names crashes on x86_64 only"
    "$PYTHON" "$FAULTS/sweep.py" --most 2 "$B" "$B/tests/inject.so"
}

@test "what is wrong with a request is an error of the input; what may be gone the next time, of the system" {
    unsanitized
    { stream 1; floats 0; } >in
    local number status
    # fault NUMBER CALL STATUS MESSAGE COMMAND...
    fault() {
        fails "$3" "$4: $(perl -e '$! = shift; print $!' "$1")" \
            env LD_PRELOAD="$B/tests/inject.so" FAULT_CALL="$2" FAULT_AT=1 FAULT_ERROR="$1" "${@:5}"
    }
    for number in 1 2 13 17 18 20 21 22 30 36 40; do # 30: EROFS
        fault $number open 1 "volgamma: in" volgamma -g 2 in
    done
    for number in 5 12 23 24 28 122; do
        fault $number open 75 "volgamma: in" volgamma -g 2 in
    done
    fault 30 fchmod 1 "volgamma: out: its permissions" volgamma -g 2 in -o out
    fault 5 fchmod 75 "volgamma: out: its permissions" volgamma -g 2 in -o out
    [ ! -e out ]
}

@test "files that are cut, or have a bit flipped" {
    need tiffcp
    need_python numpy tifffile
    "$PYTHON" "$FAULTS/damage.py" --cuts 15 --flips 30 "$B"
}

@test "programs that are killed: nothing hangs, nothing half is left" {
    need_python numpy
    "$PYTHON" "$FAULTS/kills.py" --runs 44 "$B"
}

# perturbed FILE...: each comes out the same whatever fresh memory holds, and with any threads.
perturbed() {
    local file options reader
    for file; do
        for options in --plain "--raw --channels all --frame 0" "--rgb --missing zero"; do
            case $file in *.nrrd) reader="volgamma -g 1" ;; *) reader="tiff2vol $options" ;; esac
            # shellcheck disable=SC2086 # words
            for way in "0 1" "85 1" "170 3"; do
                MALLOC_PERTURB_=${way% *} $reader -j "${way#* }" "$file" 2>&1 | cksum
            done | uniq | wc -l | grep -qx 1 || { echo "$reader $file"; return 1; }
            case $file in *.nrrd) break ;; esac
        done
    done
}

@test "no sample is memory that nobody wrote" {
    unsanitized
    perturbed "$DATA"/*.tif "$DATA"/reports/*.tif "$DATA"/reports/*.nrrd $(odd_files; hostile_files)
}

@test "files that fuzzing found, and what it began with" {
    local target
    for target in nrrd stats text tiff; do
        "$B/tests/replay_$target" "$ROOT/tests/fuzz/corpus/$target"/*
    done
    "$B/tests/replay_tiff" "$DATA"/reports/*.tif
    "$B/tests/replay_program" "$ROOT"/tests/fuzz/corpus/nrrd/* 2>/dev/null
}
