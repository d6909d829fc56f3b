# Channels that are stains: each is treated by itself, as if it were alone.
load helpers

# Three stains of other ranges, a mask for all, a reference; each channel alone as in0, in1, in2.
setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    volumes
    local c
    for c in 0 1 2; do
        volcrop --channels $c in -o in$c
        volcrop --channels $c reference -o reference$c
    done
}

volumes() {
    { stream "3 7 6 5" float "kinds: vector domain domain domain" "channel names:=DAPI, GFP, far red"
      floats $(awk 'BEGIN { srand(7); for (i = 0; i < 210; i++) print rand(), int(rand() * 99) / 65535, rand() * rand() - 0.5 }'); } >in
    { stream "7 6 5"; floats $(awk 'BEGIN { srand(8); for (i = 0; i < 210; i++) print rand() < 0.6 }'); } >mask
    { stream "3 4 4 4" float "kinds: vector domain domain domain"
      floats $(awk 'BEGIN { srand(9); for (i = 0; i < 64; i++) print rand(), int(rand() * 9), -rand() }'); } >reference
}

said_apart() {
    grep -qx "$1: .*: each of 3 channels by itself (--pool-channels: all together)" said
}

# each PROGRAM OPTION...: it makes of each channel what it makes of it alone, from a file and a pipe.
each() {
    local c
    "$@" in -o out 2>said || { cat said; return 1; }
    said_apart "$1"
    "$@" in0 >/dev/null 2>said
    lacks 'by itself' said
    for c in 0 1 2; do
        "$@" in$c 2>/dev/null | samples >alone
        volcrop --channels $c out | samples | cmp - alone || { echo "$* of channel $c"; return 1; }
    done
    # shellcheck disable=SC2094 # in is read
    cat in | "$@" 2>/dev/null | cmp - out
    "$@" -j 1 in 2>/dev/null | cmp - out
}

@test "each channel becomes what it becomes alone" {
    each volclip
    each volclip -q 5,80 --to 1,0
    each volclip --mask mask
    each voleq
    each voleq -b 7 --mask mask
    local method
    for method in otsu li mean triangle; do
        each volthreshold --method $method
    done
    each volthreshold --mask mask
    each volthreshold -m li --mask mask
    each volclahe --kernel 3
    each volclahe --kernel 2,3,4 --mask mask
}

@test "a mask may have a channel for each" {
    volcat --axis channel <(volmath 'a > 0.5' in0) mask mask -o masks
    voleq --mask masks in 2>/dev/null | volcrop --channels 0 | samples | cmp - <(voleq --mask <(volmath 'a > 0.5' in0) in0 | samples)
    voleq --mask masks in 2>/dev/null | volcrop --channels 2 | samples | cmp - <(voleq --mask mask in2 | samples)
}

@test "matched each to its own channel of the reference" {
    local c masks
    for masks in "" "--mask mask"; do
        # shellcheck disable=SC2086 # no word or two
        volmatch --reference reference $masks in -o out 2>said
        said_apart volmatch
        volstats reference 2>/dev/null >stats
        for c in 0 1 2; do
            # shellcheck disable=SC2086
            volmatch --reference reference$c $masks in$c | samples >alone
            volcrop --channels $c out | samples | cmp - alone
        done
        # shellcheck disable=SC2086
        volmatch --reference-stats <(cat stats) $masks in 2>/dev/null | samples | cmp - <(samples <out)
        # shellcheck disable=SC2086
        cat in | volmatch --reference <(cat reference) $masks 2>/dev/null | samples | cmp - <(samples <out)
    done
    volmatch --reference reference in 2>/dev/null | samples >whole
    volmatch --reference reference0 in -o no 2>said && return 1
    grep -q "^volmatch: reference0: its 1 channel to match each by itself, but the volume has 3 (--pool-channels takes all together)" said
    volmatch --reference reference0 --pool-channels in >/dev/null
}

@test "with more values than a list holds" {
    { stream "2 300 300 1" float "kinds: vector domain domain domain"; perl -e 'srand 3; print pack "f<*", map { rand() } 1 .. 180000'; } >in
    volcrop --channels 0 in -o in0
    volcrop --channels 1 in -o in1
    local c program
    for program in volclip voleq "volmatch --reference in0 --pool-channels" "volmatch --reference in"; do
        $program in 2>/dev/null >out
        [[ $program != *in ]] || cmp <(samples <out) <(samples <in)
        for c in 0 1; do
            [[ $program == volmatch* ]] || $program in$c | samples | cmp - <(volcrop --channels $c out | samples)
        done
    done
}

@test "what is told: the window where it is one for all, what was found, thresholds in order" {
    volthreshold in -o out 2>/dev/null
    volthreshold --print in 2>/dev/null >thresholds
    [ "$(wc -l <thresholds)" -eq 3 ]
    local c
    for c in 0 1 2; do
        volthreshold --print in$c
    done | cmp - thresholds
    sed '/^$/q' out | grep -qxF "history:=volthreshold # channel 0: -v $(sed -n 1p thresholds); channel 1: -v $(sed -n 2p thresholds); channel 2: -v $(sed -n 3p thresholds)"
    sed '/^$/q' out | grep -qx 'window:=0 1'
    sed '/^$/q' out | grep -qx 'channel names:=DAPI, GFP, far red'
    volclip in 2>/dev/null | sed '/^$/q' >header # the third one has negative limits
    lacks 'window' header
    volcrop --channels :2 in | volclip --verbose 2>said | sed '/^$/q' | grep -qx 'window:=0 1'
    grep -q '^volclip: channel 1: limits .* become 0 and 1$' said
    voleq in 2>/dev/null | sed '/^$/q' >header
    lacks 'order statistics' header
    { stream "2 2 1 1" float "kinds: vector domain domain domain" "channel names:=A, B"; floats 0 nan 1 nan; } >nans
    volclip nans >out 2>said
    grep -qx 'volclip: nans, channel 1 B: 2 NaN not counted, passed on' said
    fails 1 "volthreshold: nans, channel 1 B: all samples are NaN: there is no threshold" \
        sh -c "volthreshold --print nans 2>&1 >/dev/null | tail -n 1 >&2; exit 1"
}

@test "--pool-channels: all together, as are colours and what measures nothing" {
    { stream "21 6 5"; tail -c 2520 in; } >flat
    sed 's/vector/RGB-color/' in >rgb
    local program
    for program in volclip voleq volthreshold "volmatch --reference reference0"; do
        $program flat 2>/dev/null | samples >pooled
        $program --pool-channels in 2>said | samples | cmp - pooled
        lacks 'by itself' said
        $program rgb 2>said | samples | cmp - pooled
        lacks 'by itself' said
    done
    volclip -v 0,1 in 2>said | samples | cmp - <(volclip -v 0,1 flat | samples)
    volthreshold -v 0.1 in 2>>said | samples | cmp - <(volthreshold -v 0.1 flat | samples)
    volclahe --kernel 3 -r -1,1 in 2>>said | volcrop --channels 0 | samples | cmp - <(volclahe --kernel 3 -r -1,1 in0 | samples)
    [ ! -s said ]
    fails 2 "volclip: --values leaves nothing for --pool-channels to tell" volclip -v 0,1 --pool-channels in
    fails 2 "volthreshold: --value leaves nothing for --pool-channels to tell" volthreshold -v 0 --pool-channels in
    { stream "65 1 1 1" float "kinds: vector domain domain domain"; floats $(seq 65); } >many
    voleq --pool-channels many >/dev/null
    ! voleq many >/dev/null 2>said || return 1
    grep -qx 'voleq: many: 65 channels, of which at most 64 can be treated each by itself: --pool-channels treats all alike' said
}

@test "statistics files hold each channel; slabs of them add up" {
    volstats in -o stats 2>said
    said_apart volstats
    [ "$(head -n 3 stats | tr '\n' ';')" = "vol statistics 2;channels: 3;vol statistics 1;" ]
    local c k program
    for c in 0 1 2; do
        volstats in$c
    done | cmp - <(tail -n +3 stats)
    for program in volclip voleq volthreshold "volthreshold -m li" "volthreshold -m mean"; do
        $program in 2>/dev/null >out
        cat in | TMPDIR=/tmp $program --stats <(cat stats) 2>/dev/null | cmp - out
    done
    for k in 1 2; do
        volcrop --part $k/2 in -o slab$k
        volstats slab$k -o stats$k 2>/dev/null
        volclip --stats stats slab$k -o clipped$k 2>/dev/null
        volstats --refine stats -b 9 -q 3,97 slab$k 2>/dev/null >refined$k
    done
    volstats --merge stats1 stats2 | cmp - stats
    volstats -b 9 -q 3,97 in 2>/dev/null | cmp - <(volstats --merge refined1 refined2)
    volcat clipped1 clipped2 | samples | cmp - <(volclip in 2>/dev/null | samples)
    fails 1 "volstats: planes * are missing (--partial adds the others)" volstats --merge stats1
    volstats --merge stats stats -o pool
    voleq --pool pool in 2>/dev/null | samples | cmp - <(voleq in 2>/dev/null | samples)
    volstats --pool-channels in -o pooled 2>said
    [ ! -s said ]
    volclip --pool-channels in >out
    volclip --pool-channels --stats pooled in | cmp - out
}

@test "statistics files of other channels are refused" {
    volstats in -o stats 2>/dev/null
    volstats --pool-channels in -o pooled
    fails 1 "volclip: stats: statistics of 3 channels, each by itself, but in0 is counted as one: *" volclip --stats stats in0
    fails 1 "volclip: stats: statistics of 3 channels, each by itself, but in is counted as one: *" volclip --pool-channels --stats stats in
    ! volclip --stats pooled in 2>said >out || return 1
    grep -q '^volclip: pooled: statistics of 1 channel or of all together, but 3 are treated each by itself: ' said
    fails 1 "volstats: stats: statistics of 3 channels, but what was added before is of 1" volstats --merge pooled stats
    fails 1 "volstats: stats: statistics of 3 channels, each by itself, where *" volstats --values stats
    ! volstats --refine pooled in 2>said >out || return 1
    grep -q '^volstats: pooled: statistics of 1 channels, but in is counted as 3 ' said
    fails 2 "volstats: --pool-channels says what is counted in a volume*" volstats --merge --pool-channels stats
    local bytes size
    size=$(stat -c %s stats)
    for bytes in 0 20 30 50 $((size / 3)) $((size / 2)) $((size - 1)); do
        head -c "$bytes" stats >cut
        ! voleq --stats cut in 2>said >out || return 1
        grep -q '^voleq: cut: is cut off in line ' said
    done
    # cut between two channels
    sed '/^crc32/q' stats >cut
    ! voleq --stats cut in 2>said >out || return 1
    grep -q '^voleq: cut: is cut off in line ' said
    { cat stats; echo; } >longer
    ! voleq --stats longer in 2>said >out || return 1
    grep -q '^voleq: longer: goes on behind its end in line ' said
    sed '0,/nan: 0/s//nan: 1/' stats >damaged
    ! voleq --stats damaged in 2>said >out || return 1
    grep -q '^voleq: damaged: is damaged: checksum ' said
    sed 's/^channels: 3/channels: 1/' stats >damaged
    ! voleq --stats damaged in 2>said >out || return 1
    grep -q "^voleq: damaged: line 2 is 'channels: 1', expected two channels or more" said
}

@test "histograms and percentiles of each channel" {
    need jq
    local c
    for c in 0 1 2; do
        volhist -b 5 in$c
    done >alone
    volhist -b 5 in 2>said >out
    said_apart volhist
    cmp <(grep -v '^# .*channel' out) alone
    [ "$(grep '^# .*channel' out | tr '\n' ';')" = "# channel 0 DAPI;# channel 1 GFP;# channel 2 far red;" ]
    volstats in -o stats 2>/dev/null
    volhist --from stats -q 0,50 | grep -v channel | cmp - <(for c in 0 1 2; do volhist -q 0,50 in$c; done)
    volhist --mask mask -q 0,50 in 2>/dev/null | grep -v channel | cmp - <(for c in 0 1 2; do volhist --mask mask -q 0,50 in$c; done)
    volhist --json -b 3 in 2>/dev/null | jq -c '.[] | del(.title)' | cmp - <(for c in 0 1 2; do volhist --json -b 3 in$c; done | jq -c .)
    [ "$(volhist --json in 2>/dev/null | jq -r '.[2].title')" = "channel 2 far red" ]
    [ "$(volhist --ascii --title T in 2>/dev/null | grep -c '^# T, channel')" = 3 ]
    volhist --svg in -o out.svg 2>/dev/null
    [ "$(grep -o 'channel [0-9] [A-Za-z ]*<' out.svg | sort -u | tr '\n' ';')" = "channel 0 DAPI<;channel 1 GFP<;channel 2 far red<;" ]
    volhist --svg in0 stats -o out.svg
    grep -q '>stats, channel 2<' out.svg
    volhist --pool-channels in 2>said | cmp - <(volhist <({ stream "21 6 5"; tail -c 2520 in; }))
    [ ! -s said ]
    ! volhist --svg -q 1 in 2>said >out || return 1
    grep -qx 'volhist: -q with --svg is for one channel, or --pool-channels' said
    ! volhist --svg in in in 2>said >out || return 1
    grep -q '^volhist: a chart has colours for 7 channels: ' said
}

@test "an input that ends early is told" {
    head -c -4 in >short
    local program
    for program in volclip voleq volthreshold volclahe volhist volstats "volmatch --reference in"; do
        ! $program short -o out 2>said || { echo "$program"; return 1; }
        grep -q ': stream ends in plane 4 of 5 (row 5)' said
        [ ! -e out ]
        ! cat short | $program >out 2>said || { echo "$program"; return 1; }
        grep -q ': stream ends in plane 4 of 5 (row 5)' said
        rm out
    done
}

@test "what follows the last sample is said, of a mask and a reference too" {
    { cat in; echo more; } >longer
    { cat mask; echo more; } >longer_mask
    local command
    for command in "volclip longer" "volstats longer" "volhist longer" "voleq --mask longer_mask in" "volclahe longer" \
        "volhist --mask longer_mask in" "volmatch --reference longer in" "volmatch --reference in longer"; do
        $command >/dev/null 2>said
        [ "$(grep -c "longer.*: .* follow.* its last sample" said)" -eq 1 ] || { echo "$command"; cat said; return 1; }
    done
}

@test "scikit-image's equalize_hist and rescale_intensity of each channel" {
    need_python numpy skimage
    "$PYTHON" "$REFERENCE/apart.py"
}
