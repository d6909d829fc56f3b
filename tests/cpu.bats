# VOL_CPU: which words there are, and that every level gives the same bytes in every program.
load helpers

# Samples that no kernel likes, in rows that no vector divides: zeros, subnormals, edges, NaN with
# payloads, infinities; one seed.
nasty() { # nasty N [finite]
    perl -e 'srand 5; my ($n, $finite) = @ARGV;
        my @edge = (0, 0x80000000, 1, 0x80000001, 0x007fffff, 0x00800000, 0x3f7fffff, 0x3f800000,
                    0x3f800001, 0xbf800000, 0x3f000000, 0x3dcccccd, 0x7fc00000, 0xffc12345,
                    0x7f7fffff, 0xff7fffff, 0x7f800000, 0xff800000);
        for (1 .. $n) {
            my $kind = int rand 8;
            print $kind == 0 ? pack("V", $edge[rand(@edge - ($finite ? 4 : 0))])
                : $kind == 1 && !$finite ? pack("V", rand(2 ** 32) | 0x00400000)
                : $kind < 4 ? pack("f<", rand() * 3 - 1) : pack("f<", int(rand 65536) / 65535);
        }' -- "$@"
}

make_volumes() {
    { stream "43 61 7"; nasty 18361; } >wild.nrrd
    { stream "43 61 7"; nasty 18361 finite; } >finite.nrrd
    { stream "67 31 3"; perl -e 'srand 6; print pack("f<", int(rand 65536) / 65535) for 1 .. 6231'; } >tame.nrrd
    local type
    for type in uint8 int8 uint16 int16 uint32 int32 uint64 int64 float double; do
        { stream "43 4" "$type"; nasty 344 finite | head -c 1376; } >"$type.nrrd"
        sed 's/endian: little/endian: big/' "$type.nrrd" >"$type.big.nrrd"
    done
}

# run_all LEVEL: whatever has a kernel, into the folder LEVEL.
run_all() {
    local -x VOL_CPU=$1
    local gamma gain type
    mkdir "$1"
    for gamma in 0 0.45 0.5 1 2 2.2 3 1e6; do
        for gain in 1 -0.7 1e300; do
            volgamma -g $gamma -k $gain --negative keep wild.nrrd -o "$1/gamma$gamma,$gain"
        done
        volgamma -g $gamma --negative clamp wild.nrrd -o "$1/gamma$gamma,clamp"
    done
    volclip -v 0.1,0.9 --to 0.1,0.8 wild.nrrd -o "$1/clip"
    volclip -v 0.5,0.5 --to 0,0.25 wild.nrrd -o "$1/clip-flat"
    volclip -v -1,3e38 --to 1,-1 wild.nrrd -o "$1/clip-reversed"
    for volume in finite tame; do
        volclip $volume.nrrd -o "$1/$volume.clip"
        voleq $volume.nrrd -o "$1/$volume.eq"
        voleq -b 77 $volume.nrrd -o "$1/$volume.eq77"
        volhist --json -b 1000 -q 0,1,50,99.9 $volume.nrrd -o "$1/$volume.json"
        volstats $volume.nrrd -o "$1/$volume.stats"
        volinfo --json $volume.nrrd -o "$1/$volume.info"
        vol2png --views $volume.nrrd -o "$1/$volume.views.png"
        vol2png -w plane $volume.nrrd -o "$1/$volume-%d.png"
    done
    volhist --json -b 99 -r 0.1,0.7 tame.nrrd -o "$1/inner.json"
    vol2png -w 0.1,0.9 -n 1 wild.nrrd -o "$1/8.png"
    vol2png -w 0.1,0.9 --depth 16 -n 1 wild.nrrd -o "$1/16.png"
    vol2png -w 0.5,0.5 -n 1 wild.nrrd -o "$1/step.png"
    vol2png -w -3e38,3e38 -n 1 wild.nrrd -o "$1/wide.png"
    for type in uint8 uint16; do
        volclip -v 0.05,0.9 tame.nrrd | vol2tiff --type $type --saturate -o "$1/$type.tif"
        tiff2vol "$1/$type.tif" -o "$1/$type.vol"
        tiff2vol --raw "$1/$type.tif" -o "$1/$type.raw"
    done
    for type in uint8 int8 uint16 int16 uint32 int32 uint64 int64 float double; do
        volcrop $type.nrrd -o "$1/$type"
        volcrop $type.big.nrrd -o "$1/$type.big"
    done
    tiff2vol "$CELLS" -o "$1/cells"
}

@test "VOL_CPU: a word that is no level is refused before anything is done, and so is a level that is not there" {
    { stream 1; floats 0; } >in
    fails 2 "volgamma: VOL_CPU: needs one of generic, v2, v3, v4, not 'avx'" env VOL_CPU=avx volgamma in -o out
    [ ! -e out ]
    for level in generic v2 v3 v4; do
        cpu_levels | grep -qx $level ||
            fails 2 "volgamma: VOL_CPU: this CPU has no $level; it has generic*" env VOL_CPU=$level volgamma in -o out
    done
    VOL_CPU=avx volgamma --help | grep -q usage
    VOL_CPU='' volgamma in | cmp - <(volgamma in)
    cpu_levels | grep -qx generic
}

@test "VOL_CPU: every level gives in every kernel what plain C gives, and touches nothing beside its samples" {
    for check in check_filter check_kernels; do
        VOL_CPU=generic "$B/tests/$check" >generic || { cat generic; return 1; }
        for level in $(cpu_levels); do
            VOL_CPU=$level "$B/tests/$check" | diff - generic
        done
    done
    [ "$(wc -l <generic)" -gt 60 ]
}

@test "VOL_CPU: every level gives the same bytes in every program" {
    make_volumes
    for level in $(cpu_levels); do
        run_all "$level"
    done
    for level in $(cpu_levels); do
        diff -rq generic "$level"
    done
}
