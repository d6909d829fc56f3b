// The volume: what is known of it, its levels, how they are decoded.
'use strict';

const facts = JSON.parse(document.getElementById('facts').textContent);
const axes = ['plane', 'row', 'column'];
const ofAxes = (values) => Object.fromEntries(axes.map((axis, i) => [axis, values[i]]));

const size = ofAxes(facts.size);
const fullSize = ofAxes(facts.fullSize);
const factor = ofAxes(facts.factor);
const stride = {plane: size.row * size.column, row: size.column, column: 1};
const levelCount = 2 ** facts.depth;
const highestLevel = levelCount - 1;

// Proportions: an unknown step is drawn like the finest one that is known.
const finest = Math.min(...facts.spacing.filter((step) => step !== null));
const step = ofAxes(facts.spacing.map((length) => length ?? (isFinite(finest) ? finest : 1)));
const extent = ofAxes(axes.map((axis) => size[axis] * step[axis]));
const thinnest = Math.min(...axes.map((axis) => step[axis]));
const thickest = Math.max(...axes.map((axis) => extent[axis]));

// The volumes that the page compares, one after the other; usually it is one. Their channels follow
// each other.
const groups = facts.groups.map(({title, kind, channels: count, countScale}, number) =>
    ({title, count, number, countScale, isColour: kind === 'RGB' || kind === 'RGBA'}));
const places = groups.flatMap((group) => Array.from({length: group.count}, (_, place) => ({group, place})));

// One channel's levels, (plane * rows + row) * columns + column. counts: how often each occurs.
function makeChannel(window, number) {
    const voxels = size.plane * stride.plane;
    return {
        number,
        ...places[number], // its group, and its number in it
        low: window[0],
        high: window[1],
        levels: facts.depth === 8 ? new Uint8Array(voxels) : new Uint16Array(voxels),
        counts: new Uint32Array(levelCount),
        samples: 0,
        nans: 0,
    };
}

const channels = facts.windows.map(makeChannel);
const missing = new Array(size.plane); // of each plane, which samples are NaN: a bit each, or nothing
let planesLoaded = 0;

const sampleOfLevel = (channel, level) =>
    channel.low + (level / highestLevel) * (channel.high - channel.low);

function isMissing(channel, plane, inPlane) {
    const bits = missing[plane];
    const at = inPlane * channels.length + channel.number;
    return bits !== undefined && ((bits[at >> 3] >> (at & 7)) & 1) === 1;
}

// Of a plane that has come.
function sampleAt(channel, index) {
    const inPlane = index.row * stride.row + index.column;
    if (isMissing(channel, index.plane, inPlane))
        return NaN;
    return sampleOfLevel(channel, channel.levels[index.plane * stride.plane + inPlane]);
}

// The level below which the part q of the samples lies.
function levelAtPart(channel, q) {
    const wanted = q * (channel.samples - 1);
    let below = 0;
    for (let level = 0; level < levelCount; level++) {
        below += channel.counts[level];
        if (below > wanted)
            return level;
    }
    return highestLevel;
}

function lowestAndHighest(channel) {
    const low = channel.counts.findIndex((count) => count > 0);
    let high = highestLevel;
    while (high > low && channel.counts[high] === 0)
        high--;
    return low < 0 ? [0, highestLevel] : [low, high];
}

// ---- decoding: base64, deflate, prediction (format/html/plane_text.h)

const breath = () => new Promise((resolve) => setTimeout(resolve, 0));

function bytesOfBase64(text) {
    if (Uint8Array.fromBase64)
        return Uint8Array.fromBase64(text);
    const characters = atob(text);
    const bytes = new Uint8Array(characters.length);
    for (let i = 0; i < bytes.length; i++)
        bytes[i] = characters.charCodeAt(i);
    return bytes;
}

async function inflate(bytes) {
    const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
    return new Uint8Array(await new Response(inflated).arrayBuffer());
}

// The lesser and the greater of two small whole numbers without a branch, which noise would make slow.
const lesser = (a, b) => b + ((a - b) & ((a - b) >> 31));
const greater = (a, b) => a - ((a - b) & ((a - b) >> 31));

// A row of differences: low bytes, then high bytes.
function readRow(bytes, at, row) {
    const count = row.length;
    if (facts.depth === 8) {
        for (let i = 0; i < count; i++)
            row[i] = bytes[at + i];
        return;
    }
    for (let i = 0; i < count; i++)
        row[i] = bytes[at + i] | (bytes[at + count + i] << 8);
}

// Differences become levels, in place. above: the row above, null for the first one.
function unpredictRow(row, above) {
    const count = channels.length, mask = highestLevel;
    if (above) {
        for (let i = 0; i < count; i++)
            row[i] = (row[i] + above[i]) & mask;
        for (let i = count; i < row.length; i++) {
            const left = row[i - count], up = above[i], plain = left + up - above[i - count];
            const middle = lesser(greater(left, up), plain);
            row[i] = (row[i] + greater(lesser(left, up), middle)) & mask;
        }
        return;
    }
    for (let i = count; i < row.length; i++)
        row[i] = (row[i] + row[i - count]) & mask;
}

function countLevels(levels, counts, row, first, apart, to) {
    for (let i = first; i < row.length; i += apart, to++) {
        const level = row[i];
        levels[to] = level;
        counts[level]++;
    }
}

function unpredict(bytes, plane) {
    const samples = size.column * channels.length, rowBytes = samples * (facts.depth / 8);
    const rows = [new Int32Array(samples), new Int32Array(samples)]; // this one and the one above
    for (let r = 0; r < size.row; r++) {
        const row = rows[r % 2];
        readRow(bytes, r * rowBytes, row);
        unpredictRow(row, r > 0 ? rows[(r + 1) % 2] : null);
        for (const {levels, counts, number} of channels)
            countLevels(levels, counts, row, number, channels.length, plane * stride.plane + r * stride.row);
    }
}

// NaN stands as the lowest level, which must not count there.
function noteMissing(bits, plane) {
    missing[plane] = bits;
    for (const channel of channels) {
        for (let i = 0; i < stride.plane; i++) {
            if (!isMissing(channel, plane, i))
                continue;
            channel.nans++;
            channel.counts[channel.levels[plane * stride.plane + i]]--;
        }
    }
}

function takePlane(bytes, plane) {
    const samples = stride.plane * channels.length, behind = samples * (facts.depth / 8);
    const rest = Math.ceil(samples / 8);
    if (bytes.length !== behind && bytes.length !== behind + rest)
        throw new Error(`it holds ${bytes.length} bytes instead of ${behind}`);
    unpredict(bytes, plane);
    if (bytes.length > behind)
        noteMissing(bytes.slice(behind), plane);
    planesLoaded = plane + 1;
    for (const channel of channels)
        channel.samples = planesLoaded * stride.plane - channel.nans;
}

// A block is whole when the parser has gone on behind it. null: the page has no more of them.
async function nextBlock() {
    for (;;) {
        const block = document.querySelector('script.plane');
        const parsed = document.readyState !== 'loading';
        if (block && (parsed || block.nextSibling))
            return block;
        if (parsed)
            return null;
        await breath();
    }
}

// Decodes plane after plane; `came` is told of each.
async function loadPlanes(came) {
    for (let plane = 0; plane < size.plane; plane++) {
        const block = await nextBlock();
        if (!block)
            throw new Error(`The file ends early: ${plane} of ${size.plane} planes are here.`);
        try {
            takePlane(await inflate(bytesOfBase64(block.textContent)), plane);
        } catch (error) {
            throw new Error(`Plane ${plane} is damaged (${error.message}).`);
        }
        block.remove();
        if (came())
            await breath();
    }
}
