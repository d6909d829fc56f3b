// Numbers and places in words.

const units = ofAxes([facts.unit[2], facts.unit[1], facts.unit[0]].map(unitText));
const spacing = ofAxes(facts.spacing);

function unitText(unit) {
    return unit === 'um' ? 'µm' : unit;
}

const title = (word) => word[0].toUpperCase() + word.slice(1);

// As many digits as tell neighbouring values apart.
function numberText(value, precision) {
    if (Number.isNaN(value))
        return 'NaN';
    if (value === 0 || !(precision > 0))
        return String(Number(value.toPrecision(6)));
    const digits = Math.ceil(Math.log10(Math.abs(value) / precision)) + 1;
    return String(Number(value.toPrecision(clamp(digits, 1, 9))));
}

const sampleText = (channel, value) =>
    numberText(value, rangeOf(channel) / highestLevel / 2);

// Where samples were averaged: the ones of the whole volume that a mean was made of.
function indexText(axis, index) {
    if (factor[axis] === 1)
        return String(index);
    const last = Math.min((index + 1) * factor[axis], fullSize[axis]) - 1;
    return `${index * factor[axis]}–${last}`;
}

const channelName = (number) =>
    isColour ? ['Red', 'Green', 'Blue', 'Alpha'][number] : `Channel ${number}`;

// In world coordinates, which need every step; '' where one is unknown.
function positionText(index) {
    if (facts.spacing.includes(null))
        return '';
    const origin = facts.origin ?? [0, 0, 0];
    const world = ['x', 'y', 'z'].map((name, w) => {
        const place = axes.reduce((sum, axis, a) => sum + index[axis] * facts.direction[a][w], origin[w]);
        const unit = unitText(facts.unit[w]);
        return `${name} ${Number(place.toPrecision(6))}${unit && ` ${unit}`}`;
    });
    return world.join('  ');
}

function samplesText(index) {
    if (index.plane >= planesLoaded)
        return 'not here yet';
    return channels.filter(({number}) => state.looks[number].visible).map((channel, i) => {
        const text = sampleText(channel, sampleAt(channel, index));
        if (channels.length === 1)
            return text;
        const name = channelName(channel.number);
        return `${i === 0 || isColour ? name : channel.number}: ${text}`;
    }).join('  ');
}

const placeText = (index) =>
    axes.map((axis) => `${axis} ${indexText(axis, index[axis])}`).join('  ');

const sizeText = (counts) => axes.map((axis) => counts[axis]).join(' × ');

function spacingText() {
    if (facts.spacing.every((length) => length === null))
        return 'unknown: drawn as cubes';
    const unit = units.column;
    const same = axes.every((axis) => units[axis] === unit);
    const one = (axis) => {
        if (spacing[axis] === null)
            return 'unknown';
        const number = String(Number(spacing[axis].toPrecision(6)));
        return same || !units[axis] ? number : `${number} ${units[axis]}`;
    };
    return axes.map(one).join(' × ') + (same && unit ? ` ${unit}` : '');
}

// ---- what the page says of its data

function summaryText() {
    const parts = [`${sizeText(fullSize)} samples`];
    if (channels.length > 1)
        parts.push(`${channels.length} channels`);
    if (facts.spacing.some((length) => length !== null))
        parts.push(spacingText());
    if (facts.sourceType)
        parts.push(facts.sourceType);
    if (sizeText(size) !== sizeText(fullSize))
        parts.push(`averaged to ${sizeText(size)}`);
    return parts.join(' · ');
}

function factRows() {
    const nans = channels.reduce((sum, channel) => sum + channel.nans, 0);
    const averaged = sizeText(size) === sizeText(fullSize) ? ''
        : `blocks of ${sizeText(factor)} samples, to ${sizeText(size)}`;
    return [
        ['Shape', `${sizeText(fullSize)} (plane, row, column)`],
        ['Averaged', averaged],
        ['Channels', channels.length > 1 ? String(channels.length) : ''],
        ['Spacing', spacingText()],
        ['Source type', facts.sourceType],
        ['NaN', nans > 0 ? `${nans} samples, drawn hatched` : ''],
        ['Space', facts.space],
        ['Written by', facts.program],
    ].filter(([, text]) => text !== '');
}

// How samples became what the page holds.
function levelsText() {
    const lines = channels.map((channel) => {
        const exact = `${numberText(channel.low, 0)} to ${numberText(channel.high, 0)}`;
        return channels.length === 1 ? exact : `${channelName(channel.number)} ${exact}`;
    });
    const all = new Set(lines.map((line) => line.replace(/^.*?(\S+ to )/, '$1')));
    const windows = all.size === 1 ? [...all][0] : lines.join('; ');
    const off = rangeOf(channels[state.selected]) / highestLevel / 2;
    return `Samples are kept in ${levelCount} levels (${facts.depth} bits) from ${windows} ` +
        `(${facts.windowSource}), rounded to the nearest: a value read here is within ` +
        `${Number(off.toPrecision(2))} of the sample` +
        `${channels.length > 1 ? ` of ${channelName(state.selected).toLowerCase()}` : ''}. ` +
        'What lies beyond is kept as the limit.';
}
