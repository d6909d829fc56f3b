# What pictures are deflated with, against zlib.
load helpers

@test "deflate: zlib makes the same bytes of every stream, which ends where it should, in the room there is" {
    [ -x "$PYTHON" ] || skip "$PYTHON is not installed"
    "$PYTHON" "$REFERENCE/deflate.py" "$B/tests/check_deflate"
}
