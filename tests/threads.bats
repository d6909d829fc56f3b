# Decoding ahead on threads: the same bytes, the same words, whatever the number of threads.
load helpers

NUCLEI=$DATA/nuclei_31x61x57_u16.tif
MRI=$DATA/mri_head_27x226x186_u8.tif

# alike ARGUMENT...: tiff2vol gives the same bytes, words and status for any number of threads.
alike() {
    local jobs status=0 found
    tiff2vol -j 1 "$@" >one 2>one.said || status=$?
    for jobs in 2 3 16; do
        found=0
        tiff2vol -j $jobs "$@" >many 2>many.said || found=$?
        if [ $found -ne $status ] || ! cmp one many || ! cmp one.said many.said; then
            echo "-j $jobs: exit $found, not $status: $*"
            return 1
        fi
    done
}

# shadow: from now on tiff2vol is one that takes three threads.
shadow() {
    mkdir bin
    printf '#!/bin/sh\nexec "%s/tiff2vol" -j 3 "$@"\n' "$B" >bin/tiff2vol
    chmod +x bin/tiff2vol
    PATH=$PWD/bin:$PATH
}

@test "compressions, strips, tiles, channels, slices: any number of threads" {
    need tiffcp
    for kind in "zip -r 16" "zip:2 -r 5" "lzw -r 1" "lzw:2 -r 100" "zstd -r 30" "packbits -r 20" \
        "lzma -r 226" "zip -t -w 64 -l 32" "jpeg -r 32" "none -r 16"; do
        # shellcheck disable=SC2086 # words
        tiffcp -c $kind "$MRI" in.tif
        alike in.tif
        alike -p 20::-3 in.tif
        alike --raw -p 1:-1:2 in.tif in.tif
    done
    tiff2vol -j 16 in.tif | cmp - <(tiff2vol in.tif)
    alike "$MRI" "$MRI"
    cat in.tif | tiff2vol -j 3 - | sed '1,/^$/d' | cmp - <(tiff2vol -j 1 in.tif | sed '1,/^$/d')
}

@test "made layouts and the readers of others, with three threads" {
    need tiffcp
    need_python numpy tifffile skimage
    shadow
    SEED=7 "$PYTHON" "$REFERENCE/tiff_pixels.py" random 100
    SEED=7 "$PYTHON" "$REFERENCE/tiff2vol.py" flavours
    SEED=7 "$PYTHON" "$REFERENCE/tiff2vol.py" mutants "$CELLS" "$NUCLEI"
}

@test "odd and hostile files: any number of threads" {
    for file in $(odd_files; hostile_files); do
        alike "$file"
        alike --plain -p 1::2 "$file"
        alike --channels all "$file"
    done
}

# bands FILE SCHEME ROWS: 6 pages of noise in strips.
bands() {
    "$PYTHON" "$REFERENCE/steps_threads.py" noise
    tiffcp -c "$2" -r "$3" whole.tif "$1"
}

# damage FROM TO PAGE STRIP: 64 zeros at the begin of a strip.
damage() {
    "$PYTHON" "$REFERENCE/steps_threads.py" damage "$@"
}

@test "damage is told of once, behind all samples before it" {
    need tiffcp
    need_python numpy tifffile
    for scheme in zip lzw zstd; do
        bands good.tif $scheme 20
        for place in "0 0" "0 3" "3 2" "5 4"; do
            # shellcheck disable=SC2086 # words
            damage good.tif bad.tif $place
            alike bad.tif
            fails 1 "tiff2vol: bad.tif: page ${place% *}: can't be decoded (row $((${place#* } * 20))): *" \
                tiff2vol -j 3 bad.tif
            sed '1,/^$/d' stdout >samples
            [ "$(stat -c %s samples)" -eq $((4 * 500 * (90 * ${place% *} + 20 * ${place#* }))) ]
            cmp samples <(tiff2vol -j 3 good.tif | sed '1,/^$/d' | head -c "$(stat -c %s samples)")
            fails 1 "tiff2vol: bad.tif: page *" tiff2vol -j 3 bad.tif -o out.nrrd
            [ ! -e out.nrrd ]
        done
        damage bad.tif worse.tif 1 1
        damage worse.tif worst.tif 4 0
        alike worst.tif
        tiff2vol -j 4 -p 2:4 worst.tif | cmp - <(tiff2vol -p 2:4 worst.tif)
    done
}

@test "damage in one of several channels" {
    need tiffcp
    need_python numpy tifffile
    "$PYTHON" "$REFERENCE/steps_threads.py" channels
    tiffcp -c zip -r 9 plain.tif good.tif
    alike --channels all good.tif
    [ "$(tiff2vol -j 3 --channels all good.tif | cksum)" = "$(tiff2vol -j 1 --channels all good.tif | cksum)" ]
    damage good.tif bad.tif 11 3
    damage bad.tif worse.tif 9 4
    for file in bad.tif worse.tif; do
        alike --channels all $file
        alike -c 0 $file
        alike -c 1 -p 2: $file
        alike -c 2 $file
    done
    fails 1 "tiff2vol: bad.tif: page 11: can't be decoded (row 27): *" tiff2vol -j 3 -c 2 bad.tif
}

@test "strips that a decoder needs those before for; pages whose strips are larger" {
    need tiffcp
    need_python numpy tifffile
    bands small.tif zip 20
    tiffcp -c zip -r 90 whole.tif large.tif
    alike small.tif large.tif
    alike large.tif small.tif whole.tif
    # JPEG's tables in the first strip of each page alone
    tiffcp -c jpeg -r 16 whole.tif tables.tif
    "$PYTHON" "$REFERENCE/steps_threads.py" strips_without_tables
    tiff2vol -j 1 bare.tif | sed '1,/^$/d' | cmp - <(tiff2vol -j 1 tables.tif | sed '1,/^$/d')
    alike bare.tif
}

# threads_of ARGUMENT...: the most threads that tiff2vol has while its first samples are taken.
threads_of() {
    local pid now count=0
    mkfifo "$BATS_TEST_TMPDIR/full"
    tiff2vol "$@" >"$BATS_TEST_TMPDIR/full" &
    pid=$!
    exec 9<"$BATS_TEST_TMPDIR/full"
    # A thread is started when a second chunk waits, which may not be before the first ones are written.
    for _ in {1..8}; do
        head -c 65536 <&9 >head
        now=$(find "/proc/$pid/task" -mindepth 1 -maxdepth 1 | wc -l)
        count=$((now > count ? now : count))
    done
    echo "$count"
    exec 9<&-
    wait $pid
    rm "$BATS_TEST_TMPDIR/full"
}

@test "threads only where there is something to decode; a reader that leaves is no news" {
    need tiffcp
    [ -d /proc/self/task ] || skip "no /proc"
    ! grep -aq __tsan_init "$B/tiff2vol" || skip "the thread sanitizer has a thread of its own"
    tiffcp -c zip -r 16 "$MRI" zip.tif
    tiffcp -c none zip.tif plain.tif
    run threads_of -j 3 zip.tif zip.tif zip.tif
    [ "$output" = 3 ]
    run threads_of -j 1 zip.tif zip.tif zip.tif
    [ "$output" = 1 ]
    run threads_of -j 3 plain.tif plain.tif plain.tif
    [ "$output" = 1 ]
    run threads_of -p :10 zip.tif
    [ "$output" = 1 ]
    run bash -c 'tiff2vol -j 3 zip.tif zip.tif zip.tif | head -c 100 | wc -c; exit ${PIPESTATUS[0]}'
    [ "$output" = 100 ]
    [ "$status" -eq 141 ]
    [ -c /dev/full ] || skip "no /dev/full"
    fails 75 "tiff2vol: standard output: write: No space left on device" sh -c "tiff2vol -j 3 zip.tif >/dev/full"
}

@test "few file descriptors, many files" {
    need tiffcp
    for i in 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
        tiffcp -c zip "$NUCLEI,$i" p$i.tif
    done
    alike p??.tif
    (ulimit -n 12 && alike p??.tif)
}

@test "--jobs is no part of history; what it takes" {
    need tiffcp
    tiffcp -c zip "$NUCLEI" in.tif
    tiff2vol --jobs 3 in.tif | sed '/^$/q' | grep -qx 'history:=tiff2vol in.tif'
    fails 2 "tiff2vol: --jobs: needs *, not '0'" tiff2vol -j 0 in.tif
    fails 2 "tiff2vol: --jobs: needs *, not 'all'" tiff2vol --jobs all in.tif
}

@test "memory: sixteen threads" {
    unsanitized
    need /usr/bin/time
    need_python numpy tifffile
    "$PYTHON" "$REFERENCE/steps_threads.py" large_strips
    for name in narrow usual high wide half whole; do
        /usr/bin/time -q -f %M -o kib tiff2vol -j 16 $name.tif >/dev/null
        echo "$name: $(cat kib) KiB"
        [ "$(cat kib)" -le 16384 ]
    done
}

@test "more threads than there may be: the same bytes" {
    local program
    { stream "90 80 60"; perl -e 'srand 2; print pack "f<*", map { rand } 1 .. 432000'; } >in
    for program in volmedian volclahe "volgauss --sigma 2" "volmorph --open --size 7" "volresample --size 70,90,80" voleq "volbin -f 2" \
        "volaxes --order column,plane,row" "volmatch --reference in" "vollabel --values" "vol2png -m auto" "vol2html"; do
        # shellcheck disable=SC2086 # words
        $program -j 1 in >wanted
        # shellcheck disable=SC2086 # words
        $program -j 1000 in | cmp - wanted || { echo "$program"; return 1; }
    done
}

@test "threads: what a clone buffers counts among the memory, too" {
    unsanitized
    need_python numpy tifffile
    "$PYTHON" "$REFERENCE/steps_threads.py" buffers
    # 12 MiB for chunks of 1 MiB, each with two buffers of 512 KiB and 128 KiB more
    LD_PRELOAD=$B/tests/inject.so FAULT_COUNTS=counts tiff2vol -j 16 in.tif >/dev/null
    grep -qx "thread [2-4]" counts || { cat counts; return 1; }
}

@test "processors: affinity, the quota of control groups, Slurm's number" {
    local check=$B/tests/check_processors
    mkdir -p v2/a/b v1/cpu/job
    echo '0::/a/b' >groups
    [ "$("$check" groups v2)" -eq 0 ]
    echo 'max 100000' >v2/a/b/cpu.max
    [ "$("$check" groups v2)" -eq 0 ]
    echo '350000 100000' >v2/a/cpu.max
    [ "$("$check" groups v2)" -eq 3 ]
    echo '50000 100000' >v2/a/b/cpu.max
    [ "$("$check" groups v2)" -eq 1 ]
    echo '0::/' >groups
    [ "$("$check" groups v2)" -eq 0 ]
    printf '5:memory:/x\n4:cpu,cpuacct:/job\n' >groups
    echo 200000 >v1/cpu/job/cpu.cfs_quota_us
    echo 100000 >v1/cpu/job/cpu.cfs_period_us
    [ "$("$check" groups v1)" -eq 2 ]
    echo -1 >v1/cpu/job/cpu.cfs_quota_us
    [ "$("$check" groups v1)" -eq 0 ]
    echo 'nonsense' >groups
    [ "$("$check" groups v1)" -eq 0 ]
    [ "$("$check" missing v1)" -eq 0 ]
    [ "$(SLURM_CPUS_PER_TASK=1 "$check")" -eq 1 ]
    [ "$(SLURM_CPUS_PER_TASK=x "$check")" -eq "$("$check")" ]
    [ "$(SLURM_CPUS_PER_TASK=99999 "$check")" -le "$(nproc --all)" ]
    [ "$(taskset -c 0 "$check")" -eq 1 ]
}
