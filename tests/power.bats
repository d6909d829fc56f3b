load helpers

CHECK=$B/tests/check_power

@test "power: fixed results, special samples, spans as sample by sample, no sample beside them" {
    run "$CHECK"
    echo "$output"
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

@test "power: at most 0.51 units in the last place from high precision, 1 from numpy" {
    need_python mpmath numpy
    run "$PYTHON" "$REFERENCE/power.py" error "$CHECK"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "power: the coefficients are those of the reference" {
    need_python mpmath numpy
    run "$PYTHON" "$REFERENCE/power.py" coefficients "$ROOT/common/kernel/exponent.h"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "power: special samples, gamma and gain as scikit-image's adjust_gamma takes them" {
    need_python mpmath numpy skimage
    run "$PYTHON" "$REFERENCE/power.py" special "$CHECK"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "power: every vector level that this CPU has gives the same bits" {
    for level in $(cpu_levels); do
        VOL_CPU=$level "$B/tests/check_power"
    done
}
