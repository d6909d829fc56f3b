"""mutants.py [--only WORDS] [TREE]: small changes of the sources, one at a time, in a copy of TREE.

A change that no test notices is named: there is a test to write. TESTS says which files of tests guard
a folder or a file, CHANGES what is changed. A test that fails without any change counts for none."""
import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import time

TIMEOUT = 1200  # seconds for a file of tests: a change may make a program run for ever

# The longest beginning of a file's name decides.
TESTS = {
    "common/base": "output limits",
    "common/text/json": "json vol2html",
    "common/text/lines": "vollabel stats",
    "common/volume/geometry": "volmeasure",
    "common/kernel/edges": "vollabel",
    "common/text/number": "volgamma volclip volcrop nrrd",
    "common/text/utf8": "json stream",
    "common/base/fail": "faults",
    "common/text/escape": "stream nrrd volhist",
    "common/cli": "manual output hint",
    "common/cli/picture": "channels vol2png",
    "common/io/pattern": "vol2png",
    "common/cli/paths": "tiff2vol",
    "common/clahe": "volclahe",
    "common/exposure": "volthreshold volmatch",
    "common/stats/carried": "slabs",
    "common/stats/file_source": "stats",
    "common/exposure/hint": "hint",
    "common/kernel": "cpu",
    "common/kernel/clip": "volclip",
    "common/kernel/adjust": "voladjust cpu",
    "common/kernel/equalize": "voleq cpu",
    "common/kernel/power": "power volgamma",
    "common/kernel/dictionary": "stats second_pass volinfo volmatch",
    "common/kernel/sample": "nrrd vol2tiff",
    "common/local": "volmedian volgauss",
    "common/objects": "vollabel volfill volmeasure volpeaks",
    "common/objects/flood": "volwatershed",
    "common/objects/watershed": "volwatershed",
    "common/local/extent": "volmedian volmorph",
    "common/morphology": "volmorph",
    "common/morphology/distance": "voldistance",
    "common/morphology/envelope": "voldistance",
    "common/io/scratch": "voldistance vol2png",
    "common/math": "volmath",
    "common/picture": "pictures channels vol2png",
    "common/shape": "volcrop volaxes volcat",
    "common/shape/broadcast": "volmath",
    "common/shape/crop": "volcrop slabs",
    "common/shape/reduce": "reduce",
    "common/shape/resample": "volresample",
    "common/shape/accumulators": "reduce",
    "common/shape/channel": "channels volcrop",
    "common/shape/composite": "pictures channels",
    "common/stats": "stats volhist",
    "common/thread": "threads loop",
    "common/cli/effect": "hint volgamma vol2html slabs",
    "common/stream": "loop slabs",
    "common/volume": "loop slabs",
    "common/stream/loop": "reduce threads loop",
    "common/stream/sample_file": "second_pass limits",
    "common/stream/second_pass": "second_pass limits",
    "common/volume/unit": "unit",
    "common/volume/length": "length",
    "common/stream/neighbours": "volmedian volgauss",
    "common/stream/delay": "volmorph",
    "common/volume/labels": "labels",
    "common/cli/effect": "labels hint output manual",
    "common/io/ending": "output",
    "common/volume/source": "vol2tiff hint vol2html",
    "common/stream/stream": "reduce stream second_pass",
    "common/stream/mask": "voleq volhist",
    "format/chart": "volhist",
    "format/html": "vol2html",
    "format/nrrd": "nrrd stream",
    "format/nrrd/write": "loop stream",
    "format/png": "pictures deflate vol2png",
    "format/tiff": "tiff2vol tiff_dialects ome tiff_reports",
    "format/tiff/read": "tiff_pixels tiff2vol tiff_dialects",
    "format/tiff/data_set": "ome tiff2vol",
    "format/tiff/decode": "tiff_pixels tiff_damage",
    "format/tiff/metadata": "tiff_dialects ome tiff_reports tiff2vol",
    "format/tiff/stack": "channels tiff2vol tiff_dialects",
    "format/tiff/write": "vol2tiff ome",
}

# File, what is there once, what it becomes.
CHANGES = [
    ("common/text/number.c", " || !isfinite(number))", ")"),
    ("common/text/number.c", "text[0] == '-' || text[0] == '+'", "text[0] == '-'"),
    ("common/text/number.c", "    if (errno != 0)\n        return false;\n    *value = number;\n    return true;\n}\n\nbool number_integer",
     "    *value = number;\n    return true;\n}\n\nbool number_integer"),
    ("common/text/escape.c", "is_noncharacter || (unsigned char)*text", "(unsigned char)*text"),
    ("common/text/utf8.c", "byte[1] > 0x8f", "byte[1] > 0x9f"),
    ("common/text/json.c", "code < 0x800 ? 2", "code < 0x8000 ? 2"),
    ("common/base/fail.c", "EROFS,", "ENOSPC,"),
    ("common/io/new_file.c", "before.sa_handler == SIG_DFL", "true"),
    ("common/io/output.c", "!path || strcmp(path, \"-\") == 0", "!path"),
    ("common/cli/picture_options.c", "n != 6 || strspn", "n < 6 || strspn"),
    ("common/io/pattern.c", "if (at[1] == '%') {", "if (false) {"),
    ("common/cli/option.c", "if (row->not_in_history || !table->text[i])", "if (!table->text[i])"),
    ("common/cli/paths.c", "if (entry->d_name[0] == '.' || !has", "if (!has"),
    ("common/clahe/map.c", "(TILE_LEVELS - 1.0) / (double)total", "TILE_LEVELS / (double)total"),
    ("common/clahe/blend.c", "bins[i] == blend->nan ? NAN : levels[i]", "levels[i]"),
    ("common/clahe/levels.c", "minimum < -1 || maximum > 1", "minimum < -2 || maximum > 1"),
    ("common/exposure/threshold.c", "if (distance >= 0 && distance < width) {", "if (distance > 0 && distance < width) {"),
    ("common/stats/carried.c", "values[kept - 1].count += values[i].count;", "values[kept - 1].count = values[i].count;"),
    ("common/exposure/hint.c", "below += v[i] < value;", "below += v[i] <= value;"),
    ("common/stats/file_source.c", "summary->samples >= samples", "summary->samples > samples"),
    ("common/stats/value_stream.c", "*count += of->values[stream->next].count;", ";"),
    ("common/kernel/clip.c", "clip->flat = from[0] == from[1];", "clip->flat = false;"),
    ("common/kernel/equalize.c", "halfway(edges[k], edges[k + 1])", "edges[k]"),
    ("common/kernel/adjust.c", "1. / 720;", "1. / 700;"),
    ("common/kernel/power.c", "g == 2    ? POWER_SQUARE", "g == 3    ? POWER_SQUARE"),
    ("common/kernel/power.c", "any |= (uint32_t)(v[i] < 0);", "any |= (uint32_t)(v[i] < -1);"),
    ("common/kernel/sample.c", "value >> 24 >= (value & -value)", "value >> 24 > (value & -value)"),
    ("common/kernel/dictionary.c", "[bits & BITS_SIGN ? 0 : 1]++;", "[bits & BITS_SIGN ? 1 : 0]++;"),
    ("common/local/rank.c", "number < footprint->count ? number : footprint->count - 1,", "number < footprint->count ? number : 0,"),
    ("common/local/extent.c", "whole - 1 - whole / 2", "whole / 2"),
    ("common/local/extent.c", "fmax(0, 1 - rest)) + 1", "fmax(0, 1 - rest))"),
    ("common/morphology/extreme.c", "tile->half > 0 ? tile->half : 1, left", "tile->half + 1, left"),
    ("common/morphology/extreme.c", "if (dy > 0)", "if (dy > 1)"),
    ("common/morphology/extreme.c", "min_u64(extent->after[axis], most)", "extent->after[axis]"),
    ("common/morphology/minimum.c", "i = made; i < size", "i = made + 1; i < size"),
    ("common/morphology/minimum_planes.c", "i > 1; i--", "i > 2; i--"),
    ("common/morphology/minimum_planes.c", "fill_largest(v, job->n);", ";"),
    ("common/morphology/extreme.c", "outside = kind == EXTREME_MAXIMUM", "outside = kind != EXTREME_MAXIMUM"),
    ("common/morphology/extreme.c", "within = 1 + EXTENT_MARGIN", "within = 1 - EXTENT_MARGIN"),
    ("common/morphology/envelope.c", "line[q + 1] > 0)", "false)"),
    ("common/morphology/envelope.c", "if (from > pieces[count - 1].from)", "if (true)"),
    ("common/morphology/envelope.c", "(size_t)ceil(piece[1].from)", "(size_t)piece[1].from"),
    ("common/morphology/distance.c", "v[i] < next[i] ? v[i] : next[i]", "v[i]"),
    ("common/morphology/distance.c", "count == UINT16_MAX ? NOWHERE : count", "count"),
    ("common/morphology/distance.c", "run->planes < UINT16_MAX", "run->planes <= UINT16_MAX + 5000"),
    ("common/morphology/distance.c", "step[AXIS_PLANE]) + 1;", "step[AXIS_PLANE]) / 3 + 1;"),
    ("common/shape/resample.c", "nearest ? at + 0.5 : at", "nearest ? at + 0.4 : at"),
    ("common/shape/resample.c", "{1 - x, x}", "{1 - (double)(float)x, x}"),
    ("common/shape/resample.c", "(factor - 1) / 2, factor", "factor / 2, factor"),
    ("common/shape/resample.c", "same_planes || volume_drop_part", "true || volume_drop_part"),
    ("common/morphology/operation.c", "isnan(difference) ? NAN : difference", "difference"),
    ("common/stream/delay.c", "ahead->first += part;", "ahead->first += n;"),
    ("common/local/gauss.c", "if (n > 128) {", "if (n > 2) {"),
    ("common/math/expression.c", "EACH(a[i] <= b[i] ? 1 : 0)", "EACH(a[i] < b[i] ? 1 : 0)"),
    ("common/math/expression.c", "EACH(a[i] < b[i] || a[i] != a[i] ? a[i] : b[i])", "EACH(a[i] < b[i] ? a[i] : b[i])"),
    ("common/math/expression.c", "if (parser->depth > EXPRESSION_DEPTH)", "if (parser->depth > EXPRESSION_DEPTH + 1)"),
    ("common/picture/window.c", "level = level > scale->low ? level : scale->low;", "level = level > 0 ? level : 0;"),
    ("common/picture/display_window.c", "percentile[0] <= percentile[1] && ", ""),
    ("common/picture/display_window.c", "(struct window){0, volume_window(volume, limit) && limit[1] > 0 ? limit[1] : 1}", "(struct window){0, 1}"),
    ("common/picture/caption.c", "bar->width > width ||", ""),
    ("common/picture/colormap.c", "right = left < 31 ? left + 1 : 31", "right = left"),
    ("common/picture/montage.c", "plane % columns + 1", "plane % columns"),
    ("common/shape/join.c", "return isnan(a[0]) && isnan(b[0]);", "return true;"),
    ("common/shape/join.c", "#define TOLERANCE 1e-4", "#define TOLERANCE 1e-1"),
    ("common/shape/crop.c", "return crop->step[AXIS_PLANE] == 1 ?", "return true ?"),
    ("common/shape/reduce.c", "(size - 1) / factor + 1 : size / factor", "size / factor + 1 : size / factor"),
    ("common/shape/accumulators.c", "(of->most - 1) / 2", "of->most / 2"),
    ("common/shape/axes.c", "(double)(from->size[axis] - 1)", "(double)from->size[axis]"),
    ("common/shape/composite.c", "level < 1 ? (float)level : 1", "(float)level"),
    ("common/shape/composite.c", ": (double)v > channel->low;", ": (double)v >= channel->low;"),
    ("common/stats/summary.c", "lowest = lowest == SORTABLE_ZERO - 1 ? SORTABLE_ZERO : lowest;", ""),
    ("common/stats/summary.c", "to->nans += from->nans;", ""),
    ("common/stats/histogram.c", "if (value >= histogram->upper[bin])", "if (value > histogram->upper[bin])"),
    ("common/kernel/radix.c", "if (weight >= 0.5)", "if (weight >= 0)"),
    ("common/stats/file_read.c", "part.of > UINT64_MAX / plane", "false"),
    ("common/stats/file_read.c", "fits = add_u64(&sum, values[i].count) && fits;", "sum += values[i].count;"),
    ("common/thread/processors.c", "return a == 0 || (b != 0 && b < a) ? b : a;", "return a == 0 || b < a ? b : a;"),
    ("common/thread/pipeline.c", "*done_at(pipeline, number) = true;", "*done_at(pipeline, pipeline->next_to_do - 1) = true;"),
    ("common/cli/effect.c", "[EFFECT_BLENDS] = SOURCE_CHANGED", "[EFFECT_BLENDS] = SOURCE_KEPT"),
    ("common/cli/effect.c", "(maps || volume_drop_values_of(volume, fail)) &&", ""),
    ("common/cli/effect.c", "limits[0] = NAN;", "limits[0] = 0;"),
    ("common/exposure/hint.c", "hint->rank[i] < hint->upto[counted]", "hint->rank[i] <= hint->upto[counted]"),
    ("common/stream/stream.c", "if (got == n && is_last(reader, n) && !end_sources(reader, fail))", "if (false)"),
    ("common/stream/loop.c", "        chunk->got--;", "        ;"),
    ("common/volume/source.c", "state <= before", "state < before"),
    ("format/nrrd/write.c", "if (pages_contain(&nrrd->pages, v))", "if (false)"),
    ("format/nrrd/gunzip.c", "*more |= got > 0;", ""),
    ("format/nrrd/read.c", "strcmp(next, \"NRRD\") == 0);\n    return fail->text[0] == '\\0';\n}\n\n/* The checksum", "false);\n    return true;\n}\n\n/* The checksum"),
    ("common/stream/loop.c", "(chunk + reader->clone_size)", "chunk"),
    ("common/stream/loop.c", "block -= LOOP_BLOCK % volume->channels;", ""),
    ("common/stream/sample_file.c", "if (end > file->discarded)", "if (false)"),
    ("common/stream/sample_file.c", "file->owners[(file->count", "file->owners[0 * (file->count"),
    ("common/stream/second_pass.c", "block = pipeline_take(keeping->pipeline))", "block = NULL)"),
    ("common/kernel/dictionary.c", "to->counts[code] += from->counts[i];", "to->counts[code] = from->counts[i];"),
    ("common/kernel/dictionary.c", "bits_of(v[i] + 0.0f)", "bits_of(v[i])"),
    ("common/volume/part.c", "part->end - part->first == volume->size[AXIS_PLANE] &&", ""),
    ("common/volume/part.c", "(k < rest ? 1 : 0)", "(k <= rest ? 1 : 0)"),
    ("common/volume/unit.c", "text += is_escape ? 6 : 1;", "text += 1;"),
    ("common/stream/neighbours.c", "i < size ? i : size - 1", "i < size ? i : 0"),
    ("common/stream/mask.c", "if (chosen[i / each] == 0) {", "if (chosen[i / each] <= 0) {"),
    ("format/chart/axes.c", "y = log10(y > low ? y : low);", "y = log10(y);"),
    ("format/chart/ticks.c", "scientific || exponent >= 5 || exponent <= -4", "scientific || exponent >= 6 || exponent <= -4"),
    ("format/chart/text.c", "if (rows >= (double)row + 0.5)", "if (rows >= (double)row)"),
    ("format/html/levels.c", "if (most > limit)", "if (false)"),
    ("format/html/plane_text.c", "int smaller = high < c ? high : c;", "int smaller = c;"),
    ("format/html/page.c", "size_t part = n - done < step ? n - done : step;", "size_t part = step;"),
    ("format/nrrd/header.c", "while (field < FIELDS && !same_name(name, field_names[field]))", "while (field < FIELDS && strcmp(name, field_names[field]) != 0)"),
    ("format/nrrd/fields.c", "1e-3 * length", "1e-1 * length"),
    ("format/nrrd/fields.c", "word[0] == '(' ? word + 1 : \"\"", "word + 1"),
    ("format/nrrd/gunzip.c", "if (gzip->stream.avail_in > 0)", "if (false)"),
    ("format/nrrd/write.c", "known > 0 && known < AXES && ", ""),
    ("format/png/filter.c", "return a > b ? a - b : b - a;", "return a - b;"),
    ("format/png/huffman.c", "while (depths[0] > max_length) {", "while (depths[0] > max_length + 1) {"),
    ("format/png/file.c", "fabs(*count - exact) <= exact / 200", "fabs(*count - exact) <= exact / 2"),
    ("format/png/deflate.c", "return run < MAX_MATCH + MIN_MATCH ? run - MIN_MATCH : MAX_MATCH;", "return MAX_MATCH;"),
    ("format/tiff/stack/choose.c", "if (named == count && strcmp(series->channel_names[i], text) == 0)", "if (strcmp(series->channel_names[i], text) == 0)"),
    ("common/volume/labels.c", " || number > LABELS_MAX", ""),
    ("common/cli/effect.c", "if (!keeps && !volume_drop_labels(volume, fail))", "if (!volume_drop_labels(volume, fail))"),
    ("common/cli/effect.c", "effect->kind == EFFECT_BLENDS && volume_labels(volume, &largest)", "false"),
    ("common/morphology/operation.c", "(v[i] >= low)", "(v[i] > low)"),
    ("common/objects/flood.c", "a->age != b->age ? a->age < b->age : a->at < b->at", "a->at < b->at"),
    ("common/objects/flood.c", "at + 1 == flood->count || flood->begins[at + 1]", "at + 1 == flood->count"),
    ("common/objects/flood.c", "label != 0 && label != first", "label != first"),
    ("common/objects/watershed.c", "row[axis]->run.end <= link->run.begin", "row[axis]->run.end < link->run.begin"),
    ("common/objects/watershed.c", "watershed->open_bytes -= flood->count * FLOOD_VOXEL_SIZE;", ""),
    ("common/objects/watershed.c", "watershed->place[number] += n;", "watershed->place[number] += n - 1;"),
    ("common/kernel/edges.c", "last = word >> 63;", "last = 0;"),
    ("common/objects/components.c", "other[first].end + reach <= run->begin", "other[first].end + reach < run->begin"),
    ("common/objects/components.c", "other[i].begin < run->end + reach", "other[i].begin <= run->end + reach"),
    ("common/objects/components.c", "uint32_t first = a < b ? a : b;", "uint32_t first = a < b ? b : a;"),
    ("common/objects/components.c", "equal -= keep = equal > 0;", "keep = equal > 0;"),
    ("common/objects/runs.c", "bool open = column > 0 && runs->count > first", "bool open = false && runs->count > first"),
    ("common/objects/run_file.c", "cursor->last = (struct run){0};", ""),
    ("common/objects/label.c", "label->part.first + plane == 0", "plane == 0"),
    ("common/objects/label.c", "plane > 0 && !rule->planes_apart", "plane > 0"),
    ("common/objects/plane_runs.c", "row + 1 < plane->rows)", "row + 2 < plane->rows)"),
    ("common/objects/slabs.c", "shift_numbers(&slab->last, before);", ""),
    ("common/objects/object_size.c", "*voxels = near;", ";"),
    ("common/objects/measure.c", "object->crossings[__builtin_ctz(k)] += times;", "object->crossings[__builtin_ctz(k)]++;"),
    ("common/objects/measure.c", "value < 1 ? \" (those", "value < 0 ? \" (those"),
    ("common/objects/measure.c", "to = to << 1 | (step >= 0);", "to = to << 1 | (step > 0);"),
    ("common/objects/measures_file.c", "intensity_add(&to->intensity[at * n + k], &part->intensity[i * n + k]);", ";"),
    ("common/objects/columns.c", "object->voxels - samples->nans", "object->voxels"),
    ("common/objects/surface.c", "weights[k] *= 2 / all", "weights[k] *= 2.1 / all"),
    ("common/volume/geometry.c", "difference(a->origin, b->origin, least) <= TOLERANCE", "true"),
    ("common/shape/accumulators.c", "end - first > most ? sorted[first] : mode", "end - first >= most ? sorted[first] : mode"),
    ("common/text/lines.c", "in->checksum = in->next;", ";"),
    ("common/io/ending.c", "strcasecmp", "strcmp"),
    ("format/tiff/stack/choose.c", "if (stack->is_several || end", "if (end"),
    ("format/tiff/read.c", "if (options->full_scale > 0 && (page->inverted || page->has_palette_colors))", "if (false)"),
    ("format/tiff/data_set/beside.c", "strncmp(name, \"../\", 3) != 0 && ", ""),
    ("format/tiff/stack/order.c", "if (open <= 1)", "if (open <= 2)"),
    ("format/tiff/metadata/imagej.c", "? 1e4 : 1;", "? 1e3 : 1;"),
    ("format/tiff/metadata/metamorph.c", "if (calibrated == 0 || unit[0]", "if (unit[0]"),
    ("format/tiff/metadata/properties.c", "if (*at != '#' && *at != '!')", "if (*at != '#')"),
    ("format/tiff/metadata/ome.c", "if (*sizes[i].size == 0)", "if (false)"),
    ("format/tiff/decode/file.c", "if (offset < tiff_header_size(file))", "if (false)"),
    ("format/tiff/decode/unpack.c", "if (exponent == 0) {", "if (false) {"),
    ("format/tiff/decode/read_page.c", "page->mirrored = orientation == ORIENTATION_TOPRIGHT ||", "page->mirrored ="),
    ("format/tiff/decode/tags.c", "size > file->size - offset)", "false)"),
    ("format/tiff/decode/page.c", "a->upside_down == b->upside_down;", "true;"),
    ("format/tiff/write/container.c", "tiff->samples >= 3 ? PHOTOMETRIC_RGB", "tiff->samples >= 4 ? PHOTOMETRIC_RGB"),
    ("format/tiff/write/description.c", "sample_is_integer(options->type) && !options->raw ?", "sample_is_integer(options->type) ?"),
    ("format/tiff/write/buffer.c", "if (code < 0x10000) {", "if (code < 0x20000) {"),
]


def copy(tree, to):
    """Only what has changed is written, so that make builds only that."""
    names = subprocess.run(["git", "-C", tree, "ls-files", "-co", "--exclude-standard", "-z"], check=True,
                           stdout=subprocess.PIPE).stdout.decode().split("\0")
    for name in filter(None, names):
        source, target = os.path.join(tree, name), os.path.join(to, name)
        if os.path.isfile(source) and not (os.path.exists(target) and read(source) == read(target)):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy(source, target)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, text):
    with open(path, "wb") as file:
        file.write(text)


def tests_of(name):
    longest = max((begin for begin in TESTS if name.startswith(begin)), key=len, default=None)
    return TESTS[longest].split() if longest else []


def build(tree):
    """Whether all that tests need can be built."""
    made = subprocess.run(["make", "-s", f"-j{os.cpu_count()}", "-C", tree, "check-build"], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE)
    return made.returncode == 0, made.stderr.decode(errors="replace")


def failures(tree, test, first, known=frozenset()):
    """The names of tests that fail, apart from those that are known; only the first one, if that is enough."""
    env = {**os.environ, "B": os.path.join(tree, "build"), "TMPDIR": os.path.join(tree, "build", "tmp")}
    os.makedirs(env["TMPDIR"], exist_ok=True)
    run = subprocess.Popen(["bats", "--tap", os.path.join(tree, "tests", test + ".bats")], stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL, env=env, start_new_session=True, text=True, errors="replace")
    found = []
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(run.pid, signal.SIGKILL))
    signal.alarm(TIMEOUT)
    begin = time.monotonic()
    for line in run.stdout:
        match = re.match(r"not ok \d+ (.*)", line)
        if match and match[1] not in known:
            found.append(match[1])
            if first:
                break
    signal.alarm(0)
    if found and first:
        os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    if time.monotonic() - begin >= TIMEOUT:
        found.append("no end after some minutes")
    return found


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--only", default="", help="changes of files whose names this regular expression finds")
    arguments.add_argument("--check", action="store_true", help="only see whether what is to be changed is there")
    arguments.add_argument("tree", nargs="?", default=".")
    arguments = arguments.parse_args()
    tree = os.path.abspath(arguments.tree)
    place = os.path.join(tree, "build", "mutants", re.sub(r"\W+", "-", arguments.only) or "all")
    changes = [change for change in CHANGES if re.search(arguments.only, change[0])]
    for name, old, _ in changes:
        if read(os.path.join(tree, name)).count(old.encode()) != 1:
            sys.exit(f"mutants.py: {name}: has not once what is to be changed: {old}")
    if arguments.check:
        return 0
    copy(tree, place)
    ok, said = build(place)
    if not ok:
        sys.exit(said)
    known, survivors, begin = {}, [], time.monotonic()
    for number, (name, old, new) in enumerate(changes, 1):
        path, noticed = os.path.join(place, name), None
        text = read(path)
        for test in tests_of(name):
            if test not in known:
                known[test] = failures(place, test, False)
                if known[test]:
                    print(f"{test}: fails without any change: {'; '.join(known[test])}", flush=True)
        write(path, text.replace(old.encode(), new.encode()))
        if not build(place)[0]:
            noticed = "does not build"
        for test in tests_of(name) if not noticed else []:
            failed = failures(place, test, True, frozenset(known[test]))
            if failed:
                noticed = f"{test}: {failed[0]}"
                break
        write(path, text)
        build(place)
        if not noticed:
            survivors.append(f"{name}: {old} -> {new or '(nothing)'}")
        print(f"{number}/{len(changes)} {name}: {noticed or 'SURVIVES: ' + old + ' -> ' + (new or '(nothing)')}", flush=True)
    print(f"{len(survivors)} of {len(changes)} changes survive, in {time.monotonic() - begin:.0f} s")
    for survivor in survivors:
        print("  " + survivor)
    return 10 * len(survivors) > len(changes)


if __name__ == "__main__":
    sys.exit(main())
