#!/bin/bash
# More than 2^32 samples through a pipe: counts, percentiles and mean are right, memory stays flat.
# The volume is 65536 levels, k/65536, each 68,000 times: 4.46e9 samples, 17.8 GB.
set -eo pipefail
export LC_ALL=C
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
times=68000

levels() {
    printf 'NRRD0004\ntype: float\ndimension: 3\nsizes: 65536 1 %d\nendian: little\nencoding: raw\n\n' $times
    perl -e '$block = pack("f<*", map { $_ / 65536 } 0 .. 65535); print $block for 1 .. shift' $times
}

begin=$SECONDS
levels | /usr/bin/time -f %M -o kib volstats -b 256 -q 0,0.5,50,99.5,100 -o stats
echo "statistics of $((65536 * times)) samples: $((SECONDS - begin)) s, peak $(cat kib) KiB"
volhist --from stats --json -b 256 -q 0,0.5,50,99.5,100 >have.json
python3 - have.json $times <<'END'
import json, math, sys
from fractions import Fraction
have, times = json.load(open(sys.argv[1])), int(sys.argv[2])
n = 65536 * times
def level(rank):
    return rank // times / 65536
def percentile(q):
    v = (n - 1) * (q / 100)
    low = math.floor(v)
    a, b, t = level(low), level(min(low + 1, n - 1)), v - low
    return b - (b - a) * (1 - t) if t >= 0.5 else a + (b - a) * t
print({k: v for k, v in have.items() if not isinstance(v, (list, dict))})
assert have["samples"] == n and have["nans"] == 0
assert have["mean"] == float(Fraction(65535, 2 * 65536))
edges, levels = have["edges"], [k / 65536 for k in range(65536)]
counts = [times * sum(edges[i] <= v < edges[i + 1] for v in levels) for i in range(255)]
counts.append(n - sum(counts))
assert have["counts"] == counts
for q, p in zip((0, 0.5, 50, 99.5, 100), have["percentiles"]):
    assert p == percentile(q), (q, p, percentile(q))
print("counts, mean and percentiles are right")
END
