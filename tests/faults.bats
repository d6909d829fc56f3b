# Calls of the C library that fail: what the programs make of it. make check-faults tries all of them.
load helpers

@test "each call that fails, at a few places chosen at random" {
    unsanitized
    need tiffcp cat
    need_python numpy tifffile
    [ "$(uname -m)" = x86_64 ] || skip "the injected library names crashes on x86_64 only"
    "$PYTHON" "$ROOT/tests/faults/sweep.py" --most 2 "$B" "$B/tests/inject.so"
}
