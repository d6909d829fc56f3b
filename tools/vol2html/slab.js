// Slabs: where a view shows several planes, rows or columns as one, the maximum, minimum or mean of
// their samples. NaN is passed over.

const slabKinds = ['maximum', 'minimum', 'mean'];

const isSlab = () => state.kind !== 'slice';

// What a view shows: the first and the last plane, row or column, as many as the thickness holds.
// Near an end the slab is as thick as elsewhere.
function shownPart(axis) {
    const index = shownIndex(axis);
    if (!isSlab())
        return {first: index, last: index};
    const count = clamp(Math.round(state.thickness / step[axis]), 1, size[axis]);
    const first = clamp(index - Math.floor((count - 1) / 2), 0, size[axis] - count);
    return {first, last: first + count - 1};
}

// Whether that is more than one.
function isThick(axis) {
    const {first, last} = shownPart(axis);
    return last > first;
}

const partKey = (axis) => {
    const {first, last} = shownPart(axis);
    return `${state.kind} ${first} ${last}`;
};

// ---- one slab of one channel: what each sample of the view has held so far

const slabs = new Map(); // of each view and channel

function makeSlab(slice, key) {
    const samples = size[slice.across] * size[slice.down];
    return {
        key, planes: 0, // how many planes have been added, or passed over
        held: state.kind === 'minimum' ? new Uint32Array(samples).fill(highestLevel) : new Uint32Array(samples),
        found: new Uint16Array(samples), // how many samples, without NaN; an axis has 16384 at most
        levels: new Uint16Array(samples),
    };
}

// Adds `count` samples that follow each other at `from`.
function addRow({held, found}, levels, from, to, toStep, count) {
    const end = from + count;
    if (state.kind === 'maximum') {
        for (; from < end; from++, to += toStep, found[to - toStep]++)
            held[to] = levels[from] > held[to] ? levels[from] : held[to];
    } else if (state.kind === 'minimum') {
        for (; from < end; from++, to += toStep, found[to - toStep]++)
            held[to] = levels[from] < held[to] ? levels[from] : held[to];
    } else {
        for (; from < end; from++, to += toStep, found[to - toStep]++)
            held[to] += levels[from];
    }
}

// The same for a row of a plane with NaN.
function addRowWithNan(slab, channel, plane, from, to, toStep, count) {
    for (let i = 0; i < count; i++, to += toStep) {
        if (!isMissing(channel, plane, from + i))
            addRow(slab, channel.levels, plane * stride.plane + from + i, to, 0, 1);
    }
}

// Where a row of a plane goes in each view, from which column, and how many of them.
const rowInView = {
    plane: (plane, row) => [0, row * size.column, 1, size.column],
    row: (plane) => [0, plane * size.column, 1, size.column],
    column: (plane, row, {first, last}) => [first, row * size.plane + plane, 0, last - first + 1],
};

function addPlane(slab, channel, axis, plane, part) {
    const [top, bottom] = axis === 'row' ? [part.first, part.last] : [0, size.row - 1];
    for (let row = top; row <= bottom; row++) {
        const [column, to, toStep, count] = rowInView[axis](plane, row, part);
        const from = row * stride.row + column;
        if (missing[plane])
            addRowWithNan(slab, channel, plane, from, to, toStep, count);
        else
            addRow(slab, channel.levels, plane * stride.plane + from, to, toStep, count);
    }
}

function closeSlab({held, found, levels}) {
    const mean = state.kind === 'mean';
    for (let i = 0; i < levels.length; i++)
        levels[i] = mean && found[i] > 1 ? Math.round(held[i] / found[i]) : held[i];
}

// The slab that a view shows: levels and found, sample by sample as the view's canvas. Of the planes
// that have come; as further ones come, they are added.
function slabOf(slice, channel) {
    const {axis} = slice, part = shownPart(axis), key = partKey(axis), name = `${axis} ${channel.number}`;
    if (slabs.get(name)?.key !== key)
        slabs.set(name, makeSlab(slice, key));
    const slab = slabs.get(name);
    const [from, to] = axis === 'plane' ? [part.first, Math.min(planesLoaded, part.last + 1)] : [0, planesLoaded];
    const before = slab.planes;
    for (let plane = Math.max(from, slab.planes); plane < to; plane++)
        addPlane(slab, channel, axis, plane, part);
    slab.planes = to;
    if (to > before)
        closeSlab(slab);
    return slab;
}

function paintSlab(slice, seen) {
    slice.pixels.fill(0);
    for (const {channel, colours} of seen) {
        const {levels, found} = slabOf(slice, channel);
        for (let i = 0; i < levels.length; i++) {
            if (found[i] > 0)
                slice.pixels[i] = addPixels(slice.pixels[i], colours[levels[i]]);
        }
    }
    slice.context.putImageData(slice.image, 0, 0);
}

// ---- the sample that a view shows at a place, whether it is a slice or a slab; NaN where none is

function viewSample(slice, channel, x, y) {
    if (isThick(slice.axis)) {
        const {levels, found} = slabOf(slice, channel), at = y * size[slice.across] + x;
        return found[at] > 0 ? sampleOfLevel(channel, levels[at]) : NaN;
    }
    const index = {[slice.axis]: shownIndex(slice.axis), [slice.across]: x, [slice.down]: y};
    return index.plane < planesLoaded ? sampleAt(channel, index) : NaN;
}

// Where a maximum or minimum comes from: the first index along the axis that has this sample.
function placeOfSample(axis, channel, index, sample) {
    const {first, last} = shownPart(axis);
    for (let at = first; at <= last; at++) {
        if (sampleAt(channel, {...index, [axis]: at}) === sample)
            return at;
    }
    return null;
}

function paintView(slice, seen) {
    if (isThick(slice.axis))
        paintSlab(slice, seen);
    else
        paintSlice(slice, shownIndex(slice.axis), seen);
}

function setKind(kind) {
    state.kind = kind;
    slabs.clear();
    changed('look', 'settings');
}

const kinds = ['slice', ...slabKinds];
const nextKind = () => setKind(kinds[(kinds.indexOf(state.kind) + 1) % kinds.length]);

function setThickness(thickness) {
    state.thickness = clamp(thickness, thinnest, thickest);
    changed('index', 'settings');
}
