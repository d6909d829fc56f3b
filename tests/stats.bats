# Exact statistics: numpy's numbers, sums that no order changes, statistics files.
load helpers

# normals N SEED: N floats, all different or nearly so
normals() {
    perl -e 'srand($ARGV[1]); print pack("f<", sqrt(-2 * log(1 - rand)) * cos(6.2831853 * rand)) for 1 .. $ARGV[0]' "$1" "$2"
}

# shards N FILE: FILE's planes in N files of about the same number of planes, part-1 to part-N
shards() {
    local count=$1 planes i
    planes=$(volinfo --json --header "$2" | sed -n 's/.*"shape": \[\([0-9]*\),.*/\1/p')
    for ((i = 1; i <= count; i++)); do
        volcrop -p "$((planes * (i - 1) / count)):$((planes * i / count))" "$2" -o "part-$i"
    done
}

# all_orders N: sums part-1.stats to part-N.stats forwards, backwards and in pairs
all_orders() {
    local forwards backwards
    mapfile -t forwards < <(seq -f 'part-%g.stats' 1 "$1")
    mapfile -t backwards < <(seq -f 'part-%g.stats' "$1" -1 1)
    volstats --merge "${forwards[@]}" -o forwards
    volstats --merge "${backwards[@]}" -o backwards
    cp part-1.stats pairs
    for ((i = 2; i <= $1; i++)); do
        volstats --merge part-$i.stats pairs -o pairs
    done
    cmp forwards backwards && cmp forwards pairs
}

@test "thousands of random volumes: histograms, percentiles, moments, both kernels as numpy and scikit-image" {
    need_python numpy skimage
    run "$PYTHON" "$REFERENCE/stats.py" "$B/tests/check_stats" 3000
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "mean and variance are rounded once, whatever cancels" {
    { stream 5; floats 1e30 1 1e-30 -1e30 -1; } >in
    volhist --json -q 50 in >out
    grep -q '"mean": 2.0000000[0-9]*e-31,' out
    { stream 4; floats 16777216 16777217 16777218 3e38; } >in
    volhist --json -q 50 in >out
    grep -q '"mean": 7.5[0-9]*e+37,' out
    { stream 3; floats 0.1 0.1 0.1; } >in
    volhist --json -q 50 in | grep -q '"variance": 0,'
}

@test "parts add up to the whole's file, in any order: few distinct values" {
    tiff2vol "$CELLS" -o whole
    volstats whole -o whole.stats
    grep -qx 'values: 199' whole.stats
    for count in 1 2 3 17; do
        shards $count whole
        for ((i = 1; i <= count; i++)); do
            volstats part-$i -o part-$i.stats
        done
        all_orders $count
        cmp forwards whole.stats
    done
}

@test "parts add up to the whole's file, in any order: two rounds where there are many values" {
    { stream "50 80 34"; normals 136000 7; } >whole
    volstats whole -o whole.stats
    grep -qx 'values: more than 65536' whole.stats
    volstats -b 256 -q 0.5,50,99.5 whole -o whole.refined
    for count in 1 2 3 17; do
        shards $count whole
        for ((i = 1; i <= count; i++)); do
            volstats part-$i -o part-$i.stats
        done
        all_orders $count
        cmp forwards whole.stats
        for ((i = 1; i <= count; i++)); do
            volstats --refine forwards -b 256 -q 0.5,50,99.5 <part-$i >part-$i.stats
        done
        all_orders $count
        cmp forwards whole.refined
    done
    for question in "-b 256" "-q 0.5,50,99.5" "-q 0,100" "-b 256 --json -q 50"; do
        # shellcheck disable=SC2086 # words
        cmp <(volhist --from forwards $question) <(volhist $question whole)
    done
}


@test "a file is asked only what it can answer exactly" {
    { stream "50 80 34"; normals 136000 7; } >whole
    volstats whole -o first
    volstats -b 256 -q 0.5,99.5 whole -o second
    fails 1 "voleq: first: more than 65536 distinct values, and not made for this histogram: make it by volstats -b 256 (of parts of a volume: with --refine first)" voleq --stats first whole
    fails 1 "volclip: first: more than 65536 distinct values, and not made for these percentiles: make it by volstats -q 0.5,99.5 (*" volclip --stats first whole
    fails 1 "volhist: second: *volstats -b 255 *" volhist --from second -b 255
    fails 1 "volhist: second: *volstats -b 256 -r -1,1 *" volhist --from second -r -1,1
    fails 1 "volhist: second: *volstats -q 25 *" volhist --from second -q 25
    fails 1 "volstats: second: was made for other percentiles or another histogram than those before it; *" volstats --merge first second
    fails 1 "volstats: too many percentiles at once*" volstats -q 5,10,15,20,25,30,35,40,45,50,55,60,65,70,75,80,85,90 whole
}

# A statistics file with the checksum that its lines have.
resign() {
    perl -MCompress::Raw::Zlib -0777 -pe 's/^crc32: .*\n\z//m; $_ .= sprintf "crc32: %08lx\n", crc32($_)'
}

@test "statistics files that are cut, damaged, of another version or another volume" {
    { stream "5 4 3"; normals 60 1; } >volume
    { stream "5 4 2"; normals 40 1; } >other
    volstats volume -o good
    for bytes in 0 1 10 20 100 500 $(($(stat -c %s good) - 1)); do
        head -c "$bytes" good >cut
        fails 1 "voleq: cut: is cut off in line *" voleq --stats cut volume
    done
    sed 's/^vol statistics 1/vol statistics 3/' good >later
    fails 1 "volclip: later: statistics of version 3, expected version 1 or 2" volclip --stats later volume
    fails 1 "volclip: volume: is not a statistics file (volstats makes one)" volclip --stats volume volume
    sed 's/^crc32: .*/crc32: 00000000/' good >damaged
    fails 1 "voleq: damaged: is damaged: checksum 00000000, expected *" voleq --stats damaged volume
    sed 's/^# exact/# Exact/' good >damaged
    fails 1 "voleq: damaged: is damaged: checksum *, expected *" voleq --stats damaged volume
    sed 's/^samples: 60/samples: 61/' good >damaged
    fails 1 "voleq: damaged: is damaged: checksum *, expected *" voleq --stats damaged volume
    resign <damaged >wrong
    fails 1 "voleq: wrong: contradicts itself up to line *" voleq --stats wrong volume
    { cat good; echo more; } >longer
    fails 1 "voleq: longer: goes on behind its end in line *" voleq --stats longer volume
    fails 1 "voleq: good: statistics of 60 samples, but other has 40" voleq --stats good other
    fails 1 "volhist: none: No such file or directory" volhist --from none
    for wrong in "values: 70000" "values: -1" "values: x" "nan: 61" "minimum: inf" "samples: 1e3" \
        "samples: 99999999999999999999999"; do
        sed "s/^${wrong%% *} .*/$wrong/" good | resign >wrong
        fails 1 "voleq: wrong: *line *" voleq --stats wrong volume
    done
}

@test "any damaged byte of a statistics file is found" {
    { stream "50 80 20"; normals 80000 3; } >volume
    volstats -b 7 -q 50 volume -o good
    perl -e 'open F, "good"; local $/; $f = <F>; srand(5);
        for (1 .. 60) { $g = $f; substr($g, rand length $g, 1) =~ s/(.)/chr((ord($1) + 1 + rand 255) % 256)/es;
        open G, ">bad-$_"; print G $g; close G }'
    for i in $(seq 60); do
        fails 1 "volhist: bad-$i: *" volhist --from bad-$i -b 7
    done
}

@test "an infinite sample is named, the first one, whichever thread finds it" {
    { stream "1024 1024 3"; head -c 8400000 /dev/zero; floats inf; head -c 400 /dev/zero; floats -inf
        head -c 4182504 /dev/zero; } >in
    for program in "voleq" "volclip" "volhist" "volstats" "volhist -r 0,1" "volhist -q 50"; do
        # shellcheck disable=SC2086 # words
        fails 1 "${program%% *}: in: infinite sample at plane 2, row 2, column 800; statistics need finite ones*" $program in
    done
    volclip -v 0,1 in >out
}

@test "NaN are left out and counted" {
    { stream "4 1 1"; floats nan 1 3 nan; } >in
    volstats in -o stats
    grep -qx 'nan: 2' stats
    volhist -q 50 in | grep -qx '50	2'
    volhist -b 2 in | tail -n 2 | cut -f 3 | tr '\n' ' ' | grep -qx '1 1 '
    { stream "2 1 1"; floats nan nan; } >in
    volstats in -o stats
    grep -qx 'minimum: none' stats
    cmp <(volhist in) <(volhist --from stats)
    volhist -q 50 in | grep -qi '^50	-\?nan$'
}

@test "NaN are left out of a histogram in a statistics file, also where there are many values" {
    { stream "50 80 20"; normals 79990 3; floats nan nan nan nan nan nan nan nan nan nan; } >in
    for range in "" "-r -1,1"; do
        # shellcheck disable=SC2086 # words
        volstats -b 7 $range in -o stats
        # shellcheck disable=SC2086 # words
        cmp <(volhist -b 7 $range in) <(volhist -b 7 $range --from stats)
        # shellcheck disable=SC2086 # words
        volstats --refine stats -b 7 $range in | cmp - stats
    done
}

@test "a part that can't be one is refused" {
    { stream "70000"; perl -e 'print pack("f<*", map { $_ / 70000 } 1 .. 70000)'; } >many.nrrd
    { stream "2"; floats 0.5 2; } >beyond.nrrd
    { stream "70001"; perl -e 'print pack("f<*", map { 0.5 } 1 .. 70001)'; } >longer.nrrd
    volstats many.nrrd -o many.stats
    fails 1 "volstats: many.stats: tells of another volume*" volstats -q 50 --refine many.stats beyond.nrrd
    fails 1 "volstats: many.stats: tells of another volume*" volstats -q 50 --refine many.stats longer.nrrd
}

@test "a changed count is told by the checksum" {
    { stream "4"; floats 1 2 2 3; } >volume
    volstats volume | perl -pe 's/\t2$/\t1/' >changed
    fails 1 "voleq: changed: is damaged: checksum *, expected *" voleq --stats changed volume
}

@test "first samples that are all apart, in a volume of few values: as the same samples in another order" {
    { stream "200 100 40"; perl -e 'print pack("f<*", map { $_ / 20000 } 0 .. 19999) x 40'; } >apart.nrrd
    { stream "200 100 40"; perl -e 'print pack("f<", $_ / 20000) x 40 for 0 .. 19999'; } >alike.nrrd
    for ask in "volhist -b 77" "volhist -q 0,0.5,33,99.5,100" "volhist --json -b 300 -q 1,99" "volhist -b 9 -r 0.2,0.7" volstats; do
        # shellcheck disable=SC2086 # words
        $ask <alike.nrrd >expected
        # shellcheck disable=SC2086 # words
        $ask <apart.nrrd | cmp - expected
        # shellcheck disable=SC2086 # words
        cat apart.nrrd | $ask | cmp - expected
    done
    for program in voleq volclip; do
        $program apart.nrrd | samples | sort -g >expected
        cat apart.nrrd | $program | samples | sort -g | cmp - expected
        $program alike.nrrd | samples | sort -g | cmp - expected
    done
}

# Two volumes of one shape: the second has a sample beyond the first one's, or one within that the
# first does not have.
make_strangers() {
    { stream "40 30 50" float; perl -e 'print pack "f<*", map { ($_ % 1000) / 1000 } 1 .. 60000'; } >mine
    { stream "40 30 50" float; perl -e 'print pack "f<*", map { $_ == 41235 ? 1.5 : ($_ % 1000) / 1000 } 1 .. 60000'; } >beyond
    { stream "40 30 50" float; perl -e 'print pack "f<*", map { ($_ % 1000) / 1000 + 0.0005 } 0 .. 59999'; } >between
    { stream "40 30 50" float; perl -e 'print pack "f<*", map { $_ == 17 ? "nan" : ($_ % 1000) / 1000 } 1 .. 60000'; } >hollow
    volstats mine -o mine.stats
}

@test "statistics of another volume of the same shape: refused by every program, from files and pipes" {
    make_strangers
    local program stranger
    for program in "voleq --stats" "volclip --stats" "voleq --pool" "volthreshold --stats" "volthreshold -m li --stats" \
        "vol2tiff --type uint8 -w minmax -o out.tif --stats" "vol2tiff --type uint8 -w percentile:1,99 -o out.tif --pool" \
        "vol2png -w minmax -o out-%d.png --stats" "vol2png --montage 5x10 -w percentile:1,99 -o out.png --stats" \
        "vol2html -w minmax -o out.html --stats"; do
        $program mine.stats mine >/dev/null
        rm -f out*
        for stranger in beyond between hollow; do
            fails 1 "${program%% *}: $stranger: sample * at plane *, row *, column * is not among those that mine.stats has counted: it is of another volume" \
                $program mine.stats $stranger
            ! $program mine.stats <$stranger >/dev/null 2>said || return 1
            grep -q "standard input: sample .* is not among" said
            [ ! -e out.tif ] && [ ! -e out.html ] && [ ! -e out.png ]
        done
    done
    fails 1 "voleq: beyond: sample 1.5 at plane 34, row 10, column 34 is not*" voleq --stats mine.stats beyond
}

@test "the sample that is refused does not depend on threads, and is named in the volume that came in" {
    make_strangers
    { stream "512 512 40" float; perl -e 'for my $p (0 .. 39) { print pack "f<*", map { $_ % 7 } 1 .. 262144 }'; } >large
    volstats large -o large.stats
    { stream "512 512 40" float; perl -e 'for my $p (0 .. 39) { print pack "f<*", map { $p > 20 ? 3.5 : $_ % 7 } 1 .. 262144 }'; } >other
    local jobs # of one sample in 509 the value is looked up
    for jobs in 1 2 5; do
        fails 1 "voleq: other: sample 3.5 at plane 21, row 0, column 320 is not*" voleq -j $jobs --stats large.stats other
    done
    volcrop -p 30:40 beyond -o part
    volcrop --part 2/2 beyond -o slab
    fails 1 "volclip: slab: sample 1.5 at plane 9, row 10, column 34 is not*" volclip --stats mine.stats slab
}

@test "what the statistics have counted is passed: -0, NaN, a slab, one of a pool, values of a list" {
    { stream "4 1 1" float; floats -0 0 1 nan; } >one
    { stream "4 1 1" float; floats 5 -3 nan nan; } >two
    volstats one -o one.stats
    volstats two -o two.stats
    volstats --merge one.stats two.stats -o both.stats
    voleq --stats one.stats one | cmp - <(voleq one)
    voleq --pool both.stats one >/dev/null
    voleq --pool both.stats two >/dev/null
    { stream "2 1 1" float; floats nan nan; } >nothing
    volstats nothing -o nothing.stats
    voleq --stats nothing.stats nothing | cmp - <(voleq nothing)
    { stream "2 1 1" float; floats 1 1; } >some
    ! voleq --stats nothing.stats some >/dev/null 2>said || return 1
    grep -q "^voleq: some: sample 1 at plane 0, row 0, column 0 is not among those that nothing.stats" said
}

# refused WHAT EDIT...: a statistics file whose numbers do not agree, changed by sed and with a checksum
# that is right, is refused by every program that takes one.
refused() {
    local what=$1 file=$2
    shift 2
    sed "$@" "$file" | resign >wrong
    ! cmp -s wrong "$file" || { echo "not changed: $*"; return 1; }
    fails 1 "voleq: wrong: $what" voleq --stats wrong "${file%.*}"
    fails 1 "voleq: wrong: $what" voleq --pool wrong "${file%.*}"
    fails 1 "volhist: wrong: $what" volhist --from wrong
    fails 1 "volstats: wrong: $what" volstats --merge wrong "$file"
    fails 1 "volstats: wrong: $what" volstats --values wrong -o values
}

@test "counts that overflow, or are not those of the samples, are refused where they stand" {
    { stream "4 1 1"; floats 1 2 2 3; } >few
    volstats few -o few.stats
    refused "contradicts itself up to line 10: samples with a value are 5, not 4" few.stats 's/^1\t1/1\t2/'
    refused "contradicts itself up to line 10: samples with a value are 2^64 or more" few.stats \
        's/^1\t1/1\t18446744073709551615/; s/^2\t2/2\t4/'
    refused "contradicts itself up to line 10: minimum and maximum are not those of the values" few.stats 's/^1\t/0\t/'
    refused "contradicts itself up to line 10: minimum and maximum are not those of the values" few.stats 's/^maximum.*/maximum: 4/'
    refused "contradicts itself up to line 6: the minimum is above the maximum" few.stats 's/^minimum.*/minimum: 9/'
    refused "line 3 is 'samples: 0', expected at least one sample" few.stats 's/^samples.*/samples: 0/'
    refused "line 4 is 'nan: 5', expected nan" few.stats 's/^nan.*/nan: 5/'
    refused "contradicts itself up to line 10: samples with a value are 4, not 2" few.stats 's/^nan.*/nan: 2/'
}

@test "counts of many values: upper and lower halves, bins and sums are those of the samples" {
    { stream "50 80 34"; normals 136000 7; } >many
    volstats -b 4 -q 50 many -o many.stats
    local halves lower bins
    halves=$(sed -n '/^upper halves/{n;p}' many.stats)
    lower=$(sed -n '/^lower halves/{n;p}' many.stats)
    bins=$(sed -n '/^outside/{n;p}' many.stats)
    refused "contradicts itself up to line *: upper halves are *, not 136000" many.stats "s/^${halves%?*}.*/${halves%$'\t'*}\t7777/"
    refused "contradicts itself up to line *: upper halves are 2^64 or more" many.stats "s/^$halves\$/${halves%$'\t'*}\t18446744073709551615/"
    refused "line * is '${halves%$'\t'*}', expected higher digits" many.stats "/^$halves\$/p; s/^\(upper halves: \)\(.*\)/\17777/"
    refused "contradicts itself up to line *: minimum and maximum are not in the upper halves" many.stats 's/^maximum.*/maximum: 1000/'
    refused "contradicts itself up to line *: lower halves are 2^64 or more" many.stats "s/^$lower\$/${lower%$'\t'*}\t18446744073709551615/"
    refused "contradicts itself up to line *: samples of the bins are 2^64 or more" many.stats "/^outside/{n;s/.*/18446744073709551615/}"
    refused "contradicts itself up to line *: samples of the bins are *, not 136000" many.stats "/^outside/{n;s/\$/1/}"
    [ -n "$bins" ]
    local sums="contradicts itself up to line *: no samples from minimum to maximum have these sums"
    refused "$sums" many.stats "s/^\(sum .*: \).*/\1$(printf 7%.0s {1..190})/"
    refused "$sums" many.stats "s/^\(sum .*: \).*/\1-$(printf 7%.0s {1..190})/"
    refused "$sums" many.stats "s/^\(squares .*: \).*/\1$(printf 7%.0s {1..190})/"
    refused "$sums" many.stats "s/^\(squares .*: \).*/\1-1/"
    refused "$sums" many.stats "s/^\(squares .*: \).*/\10/"
}

@test "statistics files of more than 2^64 samples together are not merged" {
    local half=9223372036854775808 name
    for name in a b; do
        printf '%s\n' 'vol statistics 1' "samples: $half" 'nan: 0' 'minimum: 1' 'maximum: 2' 'values: 2' \
            $'1\t1' "2	$((half - 1))" 'crc32: ' | sed "s/$((half - 1))/9223372036854775807/" | resign >$name.stats
    done
    sed '/^values/,/^crc32/d; s/^m\(.*\): .*/m\1: none/' a.stats >c
    { sed 's/^nan: 0/nan: 9223372036854775808/' c; printf '%s\n' 'values: 0' 'crc32: '; } | resign >c.stats
    volhist --from a.stats -q 50 >/dev/null
    for name in b c; do
        fails 1 "volstats: $name.stats: with the files before it: 2^64 samples or more together" \
            volstats --merge a.stats $name.stats
    done
}

@test "planes of slabs: numbers without a sign, that fit, and agree with the samples" {
    { stream "4 3 6"; normals 72 2; } >whole
    volcrop --part 1/2 whole | volstats -o slab.stats
    cp slab.stats good
    grep -q '^planes: 0:3 of 6$' good
    local planes
    for planes in "0:2 of 6" "0:4 of 6"; do
        sed "s/^planes.*/planes: $planes/" good | resign >wrong
        fails 1 "volstats: wrong: contradicts itself up to line 5: samples of the planes are *, not 36" volstats --merge --partial wrong
    done
    for planes in "-3:0 of 6" "0:3 of -6" "3:0 of 6" "0:3 of 2" "0:3 of 99999999999999999999" "0:3" \
        "0:3 of 2000000000000000000" "0:2000000000000000000 of 2000000000000000000"; do
        sed "s/^planes.*/planes: $planes/" good | resign >wrong
        fails 1 "volstats: wrong: line 4 is 'planes: ${planes:0:32}', expected A:B of N planes with fewer than 2^64 samples" \
            volstats --merge --partial wrong
    done
    sed 's/^planes.*/&\n&/' good | resign >wrong
    fails 1 "volstats: wrong: line 5: planes 0:3 of 6 are there twice" volstats --merge --partial wrong
    sed '/^planes/d' good | resign >wrong
    fails 1 "volstats: wrong: line 4 is 'samples: 36', expected planes" volstats --merge --partial wrong
    sed 's/^samples of a plane.*/samples of a plane: 0/' good | resign >wrong
    fails 1 "volstats: wrong: line 3 is 'samples of a plane: 0', expected a number of samples" volstats --merge --partial wrong
    # a note of a slab that can't be: its volume has too many samples; it is taken as a volume
    sed 's/^part:=.*/part:=planes 0:3 of 3000000000000000000/' <(volcrop --part 1/2 whole) >slab
    head -c 600 slab | grep -aq '^part:=planes 0:3 of 3000000000000000000'
    volstats slab | grep -qx 'samples: 36'
    ! volstats slab | grep -q '^planes' || return 1
    for planes in "0:2 of 6" "0:4 of 6" "0:3 of 2"; do
        sed "s/^part:=.*/part:=planes $planes/" <(volcrop --part 1/2 whole) >slab
        volstats slab >stats
        grep -qx 'samples: 36' stats && lacks '^planes' stats
    done
}

@test "a minimum of -0 is 0: of a part, of its statistics and of the whole" {
    { stream "70000"; perl -e 'print pack "f<*", -0.0, map { $_ / 70000 } 1 .. 69999'; } >whole
    volcrop --columns :100 whole >part
    volstats part | grep -qx 'minimum: 0'
    volstats whole -o whole.stats
    volstats --refine whole.stats -q 5 part >/dev/null
    volstats --refine whole.stats -q 5 whole | volhist --from - -q 0,5 | cmp - <(volhist -q 0,5 whole)
}

@test "volstats: usage errors" {
    local one="volstats: only one of --merge, --refine, --values and --counts at a time"
    local asked="volstats: -b, -r and -q say what is counted in a volume, not with --merge, --values and --counts"
    fails 2 "$one" volstats --merge --values a
    fails 2 "$one" volstats --refine a --counts b
    fails 2 "$asked" volstats --merge -b 3 a
    fails 2 "$asked" volstats --values a -q 5
    fails 2 "$asked" volstats --counts a -r 0,1
    fails 2 "volstats: --range: LO must not be above HI" volstats -r 1,0
    fails 2 "volstats: --percentiles: needs a list of at most 100 percentiles from 0 to 100, not '101'" volstats -q 101
    fails 2 "volstats: --merge needs the statistics files to add" volstats --merge
    fails 2 "volstats: --values a leaves nothing to read from 'b'" volstats --values a b
    fails 2 "volstats: one operand too many: 'b'*" volstats a b
    fails 0 "volstats: percentiles are numbers from 0 to 100*" volstats -q 0.1,0.9 <(stream 1; floats 1)
}
