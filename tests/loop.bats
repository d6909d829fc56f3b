# Files that threads read side by side: the same bytes, the same words, as through a pipe, where one
# thread reads.
load helpers

# A volume that is large enough for threads: 8 planes of 300 rows of 401 samples in 0..1.
volume() { # volume [PERL: what becomes of the list @v]
    stream "401 300 8"
    perl -e 'srand 9; @v = map { int(rand 65536) / 65535 } 1 .. 962400;'"${1:-}"'; print pack "f<*", @v'
}

# alike FILE CMD...: CMD gives the same through a pipe and of the file, whatever the number of
# threads: to both outputs, and its status. What fails so is noted in $failed.
alike() {
    local file=$1 status=0 found jobs
    shift
    cat "$file" | "$@" -j 1 >piped 2>piped.said || status=$?
    for jobs in 1 2 16; do
        found=0
        "$@" -j $jobs <"$file" >whole 2>whole.said || found=$?
        if [ $found -ne $status ] || ! cmp piped whole || ! cmp piped.said whole.said; then
            echo "-j $jobs: exit $found, not $status: $*"
            return 1
        fi
    done
    found=0
    cat "$file" | "$@" >piped.many 2>piped.many.said || found=$?
    [ $found -eq $status ]
    cmp piped piped.many
    cmp piped.said piped.many.said
    [ $status -eq 0 ] || failed+=" $1"
}

all_alike() { # all_alike FILE: of every program
    local program
    for program in volcrop "volgamma -g 0.45" "volgamma -g 2 --negative error" voleq volclip \
        "volclip -v 0.1,0.9" "volhist -b 99" "volhist -q 1,50" "volstats" volinfo "vol2png --views" \
        "vol2png -n 3 -w minmax" "vol2png -m 3x3 -w plane" "vol2tiff --type float32" vol2html; do
        # shellcheck disable=SC2086 # words
        alike "$1" $program
    done
}

@test "a whole volume: few values, and many" {
    volume >few.nrrd
    volume '@v = map { $_ + rand } @v' >many.nrrd
    all_alike few.nrrd
    [ "$failed" = "" ]
    all_alike many.nrrd
    [ "$failed" = "" ]
}

@test "every scalar type and both orders of bytes, skipped lines and bytes" {
    local type size order
    perl -e 'srand 4; print pack "C*", map { int rand 127 } 1 .. 8 * 804000' >bytes
    for type in uint8/1 int16/2 uint32/4 int64/8 float/4 double/8; do
        size=${type#*/} type=${type%/*}
        for order in little big; do
            { stream "201 100 40" $type "line skip: 1" "byte skip: 7" | sed "s/endian: little/endian: $order/"
                printf 'a line\n1234567'
                head -c $((804000 * size)) bytes; } >in.nrrd
            alike in.nrrd volcrop
            alike in.nrrd volinfo
        done
    done
}

@test "a file is read from where it stands, and left behind its volume" {
    local program
    volume >in.nrrd
    volume '@v = map { 1 - $_ } @v' >other.nrrd
    { printf 'a line\n'; cat in.nrrd other.nrrd; } >both
    for program in "volhist -b 9" voleq "vol2png -n 1" "volcrop -p 2:4" volinfo; do
        # shellcheck disable=SC2086 # words; bash leaves a file behind the line that it read
        { read -r _; $program >first; $program >second; } <both
        $program <in.nrrd | cmp - first
        $program <other.nrrd | cmp - second
    done
}

@test "blocks without a number first, of a NaN that memory may happen to hold" {
    volume '@v = map { int($_ * 3) } @v' >few.nrrd
    { head -c $(($(stat -c %s few.nrrd) - 4 * 962400)) few.nrrd
        head -c 800000 /dev/zero | tr '\0' '\377'
        tail -c $((4 * 762400)) few.nrrd; } >in.nrrd
    export ASAN_OPTIONS=malloc_fill_byte=255:max_malloc_fill_size=10000000
    all_alike in.nrrd
    volinfo --json in.nrrd | grep -q '"nans": 200000,'
    volhist -b 4 in.nrrd >counted
    [ "$(awk '!/^#/ { n += $3 } END { print n }' counted)" = 762400 ]
}

@test "a file that ends early: how far it came goes out, and where it ends is said" {
    volume >whole.nrrd
    local header size
    size=$(stat -c %s whole.nrrd)
    header=$((size - 4 * 962400))
    for cut in $((header + 1)) $((header + 262144)) $((header + 262147)) $((size / 2)) $((size - 1)); do
        head -c "$cut" whole.nrrd >in.nrrd
        all_alike in.nrrd
    done
    fails 1 "volcrop: in.nrrd: stream ends in plane 7 of 8 (row 299)" volcrop in.nrrd
    fails 1 "volhist: in.nrrd: stream ends in plane 7 of 8 (row 299)" volhist in.nrrd
}

@test "samples that are left out belong to the file, whoever reads: nothing looks whole of a cut one" {
    volume >whole.nrrd
    head -c -1 whole.nrrd >in.nrrd
    for jobs in 1 2 4; do
        for part in "-p 0:5" "--rows 0:200"; do
            # shellcheck disable=SC2086 # words
            fails 1 "volcrop: in.nrrd: stream ends in plane 7 of 8 (row 299)" \
                volcrop -j $jobs $part in.nrrd
            mv stdout part.nrrd
            fails 1 "volinfo: part.nrrd: stream ends in plane *" volinfo part.nrrd
        done
    done
}

@test "what is refused is the first of several, and what stands before it goes out" {
    volume '$v[$_] = -1 for 500000, 500001, 900000' >in.nrrd
    all_alike in.nrrd
    fails 1 "volgamma: in.nrrd: negative sample -1 at plane 4, row 46, column 354*" volgamma -g 2 in.nrrd
    volume '$v[$_] = "inf" for 300000, 700000' >in.nrrd
    all_alike in.nrrd
    fails 1 "voleq: in.nrrd: infinite sample at plane 2, row 148, column 52;*" voleq in.nrrd
    volume '$v[$_] = "nan" for 0, 300000, 962399' >in.nrrd
    all_alike in.nrrd
}

@test "filters that see neighbours, readers of another shape: against plain sums" {
    run "$B/tests/check_neighbours"
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$output" = "894 cases" ]
}

# Samples for a pipe are handed over instead of copied, where the volume is large and the system has
# huge pages. These are 19 MB.
large() {
    stream "401 300 40"
    perl -e '$v = pack "f<*", map { $_ % 9973 / 9973 } 1 .. 120300; print $v for 1 .. 40'
}

@test "pages that are given to a pipe are never changed, whoever holds them" {
    need python3
    large >in.nrrd
    # Moves pages on without copying them, and reads them when the writer is far ahead.
    cat >keeper.py <<'END'
import fcntl, os, sys, time
inner, outer = os.pipe()
fcntl.fcntl(outer, fcntl.F_SETPIPE_SZ, 1 << 20)
moved = 1
while moved:
    moved = os.splice(0, outer, 1 << 19)
    time.sleep(0.004)
    left = moved
    while left:
        piece = os.read(inner, left)
        sys.stdout.buffer.write(piece)
        left -= len(piece)
END
    local filter jobs
    for filter in "volgamma -g 0.5" "volclip -v 0.1,0.9" voleq "volcrop -p 1:"; do
        for jobs in 1 3; do
            $filter -j $jobs in.nrrd -o whole
            $filter -j $jobs in.nrrd | cmp - whole
            cat in.nrrd | $filter -j $jobs | python3 keeper.py | cmp - whole
        done
    done
}

@test "without huge pages, and where pages can't be given, samples are copied" {
    unsanitized
    need strace
    need python3
    large >in.nrrd
    volgamma -g 0.5 in.nrrd -o whole
    strace -f -e trace=vmsplice -o calls volgamma -g 0.5 in.nrrd | cmp - whole
    grep -q 'vmsplice(.* = [1-9]' calls || skip "this system gives no huge pages"
    local error
    for error in ENOSYS EPERM EINVAL; do
        strace -f -e trace=vmsplice -e inject=vmsplice:error=$error -o calls volgamma -g 0.5 in.nrrd | cmp - whole
        strace -f -e trace=vmsplice -e inject=vmsplice:error=$error:when=3+ -o calls volgamma -g 0.5 in.nrrd | cmp - whole
    done
    strace -f -e trace=vmsplice -e inject=vmsplice:error=EINTR:when=2+3 -o calls volgamma -g 0.5 in.nrrd | cmp - whole
    strace -f -e trace=mincore -e inject=mincore:error=ENOSYS:when=2 -o calls volgamma -g 0.5 in.nrrd | cmp - whole
    strace -f -e trace=vmsplice -o calls python3 -c '
import ctypes, os
assert ctypes.CDLL(None).prctl(41, 1, 0, 0, 0) == 0 # PR_SET_THP_DISABLE
os.execvp("volgamma", ["volgamma", "-g", "0.5", "in.nrrd"])' | cmp - whole
    lacks vmsplice calls
    fails 75 "volgamma: standard output: write: Input/output error" \
        bash -o pipefail -c 'strace -f -e trace=vmsplice -e inject=vmsplice:error=EIO -o calls volgamma -g 0.5 in.nrrd | cat >/dev/null'
}

@test "rows that are longer than a block: voxels stay whole" {
    local kinds="kinds: RGB-color domain domain domain" sizes
    for sizes in "30000 2 1" "300 200 1"; do
        { stream "3 $sizes" float "$kinds"; perl -e 'srand 3; print pack "f<*", map { rand } 1 .. 180000'; } >"${sizes%% *}"
        { stream "$sizes"; perl -e 'print pack "f<*", map { $_ % 7 > 2 ? 1 : 0 } 1 .. 60000'; } >"mask.${sizes%% *}"
    done
    local program
    cmp <(volhist --mask mask.30000 30000) <(volhist --mask mask.300 300)
    for program in volclip voleq; do
        # shellcheck disable=SC2086 # words
        cmp <($program --mask mask.30000 30000 | sed '1,/^$/d') <($program --mask mask.300 300 | sed '1,/^$/d') ||
            { echo "$program"; return 1; }
        # shellcheck disable=SC2086 # words
        cat 30000 | $program --mask mask.30000 >piped
        # shellcheck disable=SC2086 # words
        $program --mask mask.30000 30000 | cmp - piped
    done
    [ "$(volclip --mask mask.30000 30000 | wc -c)" -gt 720000 ]
}
