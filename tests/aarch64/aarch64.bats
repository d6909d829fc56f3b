# The kernels compiled for ARM, under emulation: what they give there they give here.
load ../helpers

# on_arm PROGRAM [ARGUMENT...]
on_arm() {
    qemu-aarch64 "$B/aarch64/tests/$1" "${@:2}"
}

# A program that runs PROGRAM on ARM, for those who want one name.
wrapped() {
    printf '#!/bin/sh\nexec qemu-aarch64 "%s" "$@"\n' "$B/aarch64/tests/$1" >"$1"
    chmod +x "$1"
}

@test "aarch64: every kernel gives the same bytes as here" {
    for check in check_kernels check_filter; do
        on_arm $check >arm
        "$B/tests/$check" >here
        diff arm here
    done
}

@test "aarch64: power: fixed results, special samples, spans as sample by sample, no sample beside them" {
    on_arm check_power
}

@test "aarch64: power: at most 0.51 units in the last place from high precision, 1 from numpy" {
    need_python mpmath numpy
    wrapped check_power
    "$PYTHON" "$REFERENCE/power.py" error ./check_power
}

@test "aarch64: random volumes: histograms, percentiles, moments, both kernels as numpy and scikit-image" {
    need_python numpy skimage
    wrapped check_stats
    "$PYTHON" "$REFERENCE/stats.py" ./check_stats 200
}

@test "aarch64: deflate: streams are the same as here, and zlib understands them" {
    [ -x "$PYTHON" ] || skip "$PYTHON is not installed"
    wrapped check_deflate
    "$PYTHON" "$REFERENCE/deflate.py" ./check_deflate 1 "$B/tests/check_deflate"
}

@test "aarch64: the one level is the generic one" {
    VOL_CPU=generic on_arm check_kernels >generic
    on_arm check_kernels | diff - generic
    fails 2 "check_kernels: this CPU has no v2; it has generic" env VOL_CPU=v2 qemu-aarch64 "$B/aarch64/tests/check_kernels"
}
