# The reader of JSON: values by key and index, cut off and damaged texts. The program prints what is
# wrong.
load helpers

@test "JSON: values are found, broken texts are read as far as they are whole" {
    run "$B"/tests/check_json
    [ "$status" = 0 ]
    [ "$output" = "" ]
}
