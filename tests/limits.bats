# What the system may refuse, and what must not grow: memory, full disks, closed pipes, terminals.
load helpers

peak() { # peak KIB CMD...: CMD succeeds within KIB of resident memory
    local most=$1
    shift
    /usr/bin/time -q -f %M -o peak_kib "$@" || return 1
    echo "peak $(cat peak_kib) KiB of $most: $*"
    [ "$(cat peak_kib)" -le "$most" ]
}

zeros() { # zeros COLUMNS ROWS PLANES
    stream "$1 $2 $3" float "window:=0 1"
    head -c $((4 * $1 * $2 * $3)) /dev/zero
}

@test "memory does not grow with the number of planes" {
    unsanitized
    need /usr/bin/time
    local program
    for program in "volcrop -p ::2" "volgamma -g 0.45" "volinfo" "volclip" "voleq" "volhist" \
        "vol2png --axis row --index mid -o out"; do
        zeros 64 64 300 >few.nrrd # enough for threads
        zeros 64 64 6000 >many.nrrd
        for input in few many; do
            # shellcheck disable=SC2086 # words
            /usr/bin/time -q -f %M -o $input.kib $program $input.nrrd >/dev/null
        done
        echo "$program: $(cat few.kib) and $(cat many.kib) KiB"
        [ "$(cat many.kib)" -le $(($(cat few.kib) + 1024)) ]
        [ "$(cat many.kib)" -le 16384 ]
    done
}

@test "memory stays small on large planes" {
    unsanitized
    need /usr/bin/time
    zeros 8192 8192 1 >plane.nrrd
    peak 32768 volcrop --columns ::2 plane.nrrd -o out
    peak 32768 volgamma -g 0.45 plane.nrrd -o out
    peak 32768 volinfo plane.nrrd
    peak 32768 volclip plane.nrrd -o out
    peak 32768 voleq plane.nrrd -o out
    peak 32768 vol2png plane.nrrd -o out
    peak 32768 vol2png --views plane.nrrd -o out
}

@test "a full disk is a failure" {
    [ -c /dev/full ] || skip "no /dev/full"
    zeros 64 64 8 >in.nrrd
    fails 75 "volgamma: standard output: write: No space left on device" sh -c 'volgamma in.nrrd >/dev/full'
    fails 75 "volgamma: /dev/full: write: No space left on device" volgamma in.nrrd -o /dev/full
    fails 75 "volinfo: standard output: write: No space left on device" sh -c 'volinfo in.nrrd >/dev/full'
    local program
    for program in "$B"/vol* "$B"/tiff2vol; do
        [ -f "$program" ] && [ -x "$program" ] || continue
        fails 75 "*: standard output: write: No space left on device" sh -c "'$program' --help >/dev/full"
        fails 75 "*: standard output: write: No space left on device" sh -c "'$program' --version >/dev/full"
    done
}

@test "a reader that leaves is no news" {
    zeros 512 512 32 >in.nrrd
    run bash -c 'volgamma -g 0.5 in.nrrd | head -c 100 | wc -c; exit ${PIPESTATUS[0]}'
    [ "$output" = 100 ]
    [ "$status" -eq 141 ]
}

@test "binary never goes to a terminal" {
    need script
    zeros 4 4 1 >in.nrrd
    run script -qec "volgamma in.nrrd" /dev/null </dev/null
    echo "$output"
    [ "$status" -eq 1 ]
    [[ "$output" == "volgamma: standard output is a terminal"* ]]
}

@test "-o writes beside its place and renames: an existing file is whole, old or new" {
    zeros 4 4 2 >in.nrrd
    head -c -1 in.nrrd >short.nrrd
    echo before >out.nrrd
    chmod 640 out.nrrd
    fails 1 "volgamma: short.nrrd: stream ends*" volgamma short.nrrd -o out.nrrd
    [ "$(cat out.nrrd)" = before ]
    ln -s out.nrrd link.nrrd
    volgamma in.nrrd -o link.nrrd
    [ -L link.nrrd ]
    [ "$(stat -c %a out.nrrd)" = 640 ]
    volinfo out.nrrd >/dev/null
    volgamma out.nrrd -o out.nrrd
    volinfo out.nrrd >/dev/null
    fails 1 "volgamma: no/such/out: folder no/such does not exist" volgamma in.nrrd -o no/such/out
    fails 1 "volgamma: .: is a directory" volgamma in.nrrd -o .
    fails 1 "volgamma: .: is a directory" volgamma .
    fails 1 "volgamma: none: No such file or directory" volgamma none
    run ls -A
    [ "$(find . -name '.*' -type f)" = "" ]
}

@test "a second pass over a pipe needs TMPDIR, and says so in one line" {
    zeros 64 64 8 >in.nrrd
    fails 1 "voleq: standard input must be read twice*/no/such/folder*No such file or directory" \
        env TMPDIR=/no/such/folder sh -c 'cat in.nrrd | voleq'
    TMPDIR=/no/such/folder voleq <in.nrrd >rewound
    cat in.nrrd | voleq | cmp - rewound
    mkdir tmp
    cat in.nrrd | TMPDIR=$PWD/tmp voleq | cmp - rewound
    [ -z "$(ls -A tmp)" ]
}

@test "a full TMPDIR is told with what was needed" {
    mkdir small
    mount -t tmpfs -o size=64k tmpfs small 2>/dev/null || skip "can't mount a small file system"
    zeros 64 64 64 >in.nrrd
    run env TMPDIR="$PWD/small" sh -c 'cat in.nrrd | voleq 2>&1 >/dev/null'
    left=$(ls -A small)
    umount small
    echo "$output"
    [ "${#lines[@]}" -eq 1 ]
    [[ "$output" == "voleq: standard input must be read twice"*"1.049 MB"*"No space left on device" ]]
    [ -z "$left" ]
}

@test "progress: silent in logs, one line when asked" {
    zeros 64 64 8 >in.nrrd
    volgamma in.nrrd -o out 2>said
    [ ! -s said ]
    { cat in.nrrd | head -c 40000; sleep 1.2; tail -c +40001 in.nrrd; } | volgamma --progress -o out 2>said
    grep -q 'volgamma: plane [0-9] of 8' said
    { cat in.nrrd | head -c 40000; sleep 1.2; tail -c +40001 in.nrrd; } | volgamma --quiet --progress -o out 2>said
    [ ! -s said ]
}

@test "a standard stream that is closed is a failure, never another file" {
    { stream "64 64 8"; perl -e 'print pack "f<*", 1 .. 32768'; } >in.nrrd
    { stream "2 1 2"; floats 1 nan 3 4; } >nan.nrrd
    voleq nan.nrrd 2>/dev/null >expected
    cat nan.nrrd | voleq 2>&- | cmp - expected
    cat nan.nrrd | volclip --verbose 2>&- >out
    volclip --verbose nan.nrrd 2>/dev/null | cmp - out
    fails 1 "voleq: standard output: write: Bad file descriptor" sh -c 'cat in.nrrd | voleq >&-'
    fails 1 "tiff2vol: standard output: write: Bad file descriptor" sh -c 'cat "$CELLS" | tiff2vol - >&-'
    fails 1 "vol2png: standard output: write: Bad file descriptor" sh -c 'cat in.nrrd | vol2png --views >&-'
    fails 1 "volgamma: standard input: read: Bad file descriptor" sh -c 'volgamma <&-'
}

@test "names of files that are none" {
    zeros 4 4 2 >in.nrrd
    fails 2 "volgamma: --output: needs the name of a file, not ''" volgamma -o '' in.nrrd
    ln -s nowhere link.nrrd
    fails 1 "volgamma: link.nrrd: is a link to a file that is not there" volgamma in.nrrd -o link.nrrd
    [ -L link.nrrd ]
}

# limited LIMIT CMD...: under `ulimit LIMIT`, CMD does what it does without, or ends with status 75 and
# one line, and leaves nothing.
limited() {
    local limit=$1 status=0
    shift
    rm -f out
    # shellcheck disable=SC2086 # an option and its value
    (ulimit $limit && "$1" --version) >/dev/null 2>&1 || return 0 # not even its libraries
    # shellcheck disable=SC2086
    (ulimit $limit && "$@") >got 2>said || status=$?
    case $status in
    0) cmp got wanted ;;
    75) [ "$(wc -l <said)" -eq 1 ] && [ ! -e out ] ;;
    *) false ;;
    esac || { echo "ulimit $limit: $*: status $status"; cat said; return 1; }
}

@test "little address space, few descriptors, a small stack" {
    unsanitized
    zeros 128 128 40 >in.nrrd
    vol2tiff --type uint8 --compress deflate in.nrrd -o in.tif
    local command amount
    for command in "volgamma -g 0.5 in.nrrd" "voleq -j 4 in.nrrd" "volclip -j 2 in.nrrd" "volhist --json -q 1,99 in.nrrd" \
        "tiff2vol -j 4 in.tif" "vol2png -m 3x3 -j 4 in.nrrd" "vol2html in.nrrd" "volinfo in.tif"; do
        # shellcheck disable=SC2086 # words
        $command >wanted
        for amount in 24000 32000 40000 48000 64000 96000 160000; do
            # shellcheck disable=SC2086
            limited "-v $amount" $command
        done
        for amount in 5 6 7 8 12; do
            # shellcheck disable=SC2086
            limited "-n $amount" $command
        done
        # shellcheck disable=SC2086
        limited "-s 256" $command
    done
}

@test "threads that the system refuses are done without" {
    unsanitized
    need setpriv
    [ "$(id -u)" = 0 ] || skip "only root can become a user without processes"
    zeros 128 128 40 >in.nrrd
    vol2tiff --type uint8 --compress deflate in.nrrd -o in.tif
    tiff2vol in.tif >wanted
    chmod 755 . && chmod 644 in.tif
    setpriv --reuid 64999 --clear-groups bash -c 'cat in.tif >/dev/null' 2>/dev/null || skip "another user can't come here"
    setpriv --reuid 64999 --clear-groups bash -c "ulimit -u 1 && exec '$B/tiff2vol' -j 4 in.tif" >got
    cmp got wanted
}

@test "a limit of the size of files is told, or ends the program without a trace" {
    zeros 128 128 40 >in.nrrd
    fails 75 "volgamma: out: *File too large" bash -c 'trap "" XFSZ; ulimit -f 100; exec volgamma -g 2 in.nrrd -o out'
    [ ! -e out ]
    status=0
    bash -c 'ulimit -f 100; exec volgamma -g 2 in.nrrd -o out' 2>/dev/null || status=$?
    [ "$status" -eq $((128 + 25)) ]
    [ "$(ls -A)" = "$(ls)" ] && [ ! -e out ]
    fails 75 "voleq: standard input must be read twice*File too large" \
        bash -c 'trap "" XFSZ; cat in.nrrd | { ulimit -f 10; exec voleq; }'
}

@test "a pipe that is read twice: disk space is given back during the second time" {
    fallocate -l 8M hole && fallocate -p -l 8M hole || skip "no holes can be punched in files of $PWD"
    { stream "1024 1024 8"; perl -e 'print pack "f<*", map { ($_ * 7919 % 1048576) / 1048576 } 1 .. 1 << 20' >plane
        for _ in {1..8}; do cat plane; done; } >in
    mkfifo out
    local fd kept
    cat in | TMPDIR=$PWD voleq -j 1 >out 3>&- &
    exec 4<out
    head -c 30000000 <&4 >first
    kept=$(for fd in /proc/$!/fd/*; do [[ $(readlink "$fd") != "$PWD"*deleted* ]] || stat -L -c '%b * %B' "$fd"; done | bc)
    echo "kept $kept bytes"
    cat <&4 >rest
    exec 4<&-
    wait $!
    cat first rest | cmp - <(voleq in)
    [ "$kept" -le 16000000 ] && [ "$kept" -gt 0 ]
}

@test "every program runs where a stack has 128 KiB" {
    unsanitized
    tiff2vol "$CELLS" -p :12 -o in.nrrd
    { stream "60 50 40"; perl -e 'srand 1; print pack "f<*", map { rand } 1 .. 120000'; } >many.nrrd
    gzip -c <(sed '1,/^$/d' in.nrrd) >packed
    { sed '/^$/q; s/encoding: raw/encoding: gzip/' in.nrrd; cat packed; } >packed.nrrd
    vol2tiff --dialect ome --type uint8 in.nrrd -o ome.tif
    vol2tiff --compress deflate --type uint16 in.nrrd -o deflate.tif
    volstats many.nrrd -o many.stats
    volmath 'a > 0.2' in.nrrd -o mask.nrrd
    local deep command ran=""
    deep=$(printf '(a + %.0s' {1..30})a$(printf ')%.0s' {1..30})
    while read -r command; do
        [ -n "$command" ] || continue
        eval "$command" >expected
        (ulimit -S -s 128 && eval "$command") >got || { echo "status $?: $command"; return 1; }
        cmp expected got
        ran+=" ${command%% *} "
    done <<END
tiff2vol ome.tif
tiff2vol deflate.tif
tiff2vol $CELLS
vol2html in.nrrd
vol2html in.nrrd mask.nrrd
vol2png --views in.nrrd
vol2png --montage 3x4 in.nrrd
vol2png -n 3 many.nrrd
vol2tiff --type uint8 in.nrrd
vol2tiff --compress deflate --type float32 many.nrrd -o out.tif && cat out.tif
voladjust --log in.nrrd
volaxes --flip plane in.nrrd
volbin -f 2 in.nrrd
volcat --any-place in.nrrd in.nrrd
volclahe in.nrrd
volclahe --kernel 5 many.nrrd
volclip in.nrrd
volclip --mask mask.nrrd in.nrrd
volclip many.nrrd
volcrop -p 2:5 in.nrrd
cat many.nrrd | volcrop -p 5:
voleq in.nrrd
cat in.nrrd | voleq
cat many.nrrd | voleq
volgamma -g 0.5 in.nrrd
volgamma -g 0.5 packed.nrrd
volgauss --sigma 2 many.nrrd
volhist in.nrrd
volhist --json -q 1,50 many.nrrd
volstats --merge many.stats many.stats
volhist --svg in.nrrd many.nrrd
volinfo ome.tif
volinfo many.nrrd
volmatch --reference many.nrrd in.nrrd
volmath 'a * 2 + 1' in.nrrd
volmath '$deep' in.nrrd
volmedian --size 3 in.nrrd
vollabel mask.nrrd
volfill mask.nrrd
volpeaks --size 5 --mask mask.nrrd in.nrrd
volwatershed --markers mask.nrrd --mask mask.nrrd in.nrrd
volmeasure mask.nrrd in.nrrd
volmorph --tophat in.nrrd
cat many.nrrd | volmorph --bottomhat --size 5 --shape ball
volproject --max in.nrrd
volresample --isotropic in.nrrd
volresample --size 30,9,99 --smooth many.nrrd
voldistance mask.nrrd
voldistance --signed --max 3 mask.nrrd
volset --spacing 1,1,1 in.nrrd
volthreshold in.nrrd
volthreshold -m li --mask mask.nrrd in.nrrd
END
    for command in "$B"/vol* "$B"/tiff2vol; do
        [ ! -f "$command" ] || [ ! -x "$command" ] || [[ $ran == *" ${command##*/} "* ]] ||
            { echo "not ${command##*/}"; return 1; }
    done
}
