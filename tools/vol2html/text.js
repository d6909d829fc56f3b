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
function indexText(axis, first, last = first) {
    const from = first * factor[axis], to = Math.min((last + 1) * factor[axis], fullSize[axis]) - 1;
    return from === to ? String(from) : `${from}–${to}`;
}

// "plane 5", "maximum of planes 5–9".
function partText(axis) {
    const {first, last} = shownPart(axis), kind = first < last ? `${state.kind} of ` : '';
    return `${kind}${axis}${kind && 's'} ${indexText(axis, first, last)}`;
}

// In its volume.
function placeName({group, place, number}) {
    if (group.isColour)
        return ['Red', 'Green', 'Blue', 'Alpha'][place];
    return facts.channelNames[number] || `Channel ${place}`;
}

function channelName(number) {
    const channel = channels[number], {group} = channel;
    if (groups.length === 1)
        return placeName(channel);
    return group.count === 1 ? group.title : `${group.title}: ${placeName(channel).toLowerCase()}`;
}

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

// view: the one that the place is pointed at in; none for the cross.
function samplesText(index, view) {
    if (index.plane >= planesLoaded)
        return 'not here yet';
    return shownGroups().map((group) => {
        const texts = shownChannels().filter((channel) => channel.group === group).map((channel, i) => {
            const text = valueText(channel, index, view);
            if (group.count === 1)
                return text;
            const isNamed = i === 0 || group.isColour || facts.channelNames[channel.number];
            return `${isNamed ? placeName(channel) : channel.place}: ${text}`;
        }).join('  ');
        return groups.length > 1 ? `${group.title}: ${texts}` : texts;
    }).join('  ');
}

// A label is read as the source's number. Elsewhere that stands behind the sample, about so where levels are
// farther apart than these numbers.
function countedText(channel, sample) {
    const text = sampleText(channel, sample), {countScale} = channel.group;
    if (countScale === null || Number.isNaN(sample))
        return text;
    const apart = (rangeOf(channel) * countScale) / highestLevel;
    const count = numberText(Math.round(sample * countScale), apart / 2);
    return facts.labels ? count : `${text} (${apart > 1 ? '≈' : ''}${count})`;
}

// The sample at a place; where the view shows a slab, what the slab shows there, and where that lies.
function valueText(channel, index, view) {
    if (!view || !isThick(view.axis))
        return countedText(channel, sampleAt(channel, index));
    const sample = viewSample(view.slices[channel.group.number], channel, index[view.across], index[view.down]);
    const at = state.kind === 'mean' ? null : placeOfSample(view.axis, channel, index, sample);
    const place = at === null ? '' : ` in ${view.axis} ${indexText(view.axis, at)}`;
    return `${state.kind} ${countedText(channel, sample)}${place}`;
}

function placeText(index, view) {
    return axes.map((axis) => {
        const {first, last} = view?.axis === axis ? shownPart(axis) : {first: index[axis], last: index[axis]};
        return `${axis} ${indexText(axis, first, last)}`;
    }).join('  ');
}

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
    if (groups.length > 1)
        parts.push(`${groups.length} volumes`);
    else if (channels.length > 1)
        parts.push(`${channels.length} channels`);
    if (facts.spacing.some((length) => length !== null))
        parts.push(spacingText());
    if (facts.sourceType)
        parts.push(facts.sourceType);
    if (sizeText(size) !== sizeText(fullSize))
        parts.push(`${facts.labels ? 'reduced' : 'averaged'} to ${sizeText(size)}`);
    return parts.join(' · ');
}

function factRows() {
    const nans = channels.reduce((sum, channel) => sum + channel.nans, 0);
    const averaged = sizeText(size) === sizeText(fullSize) ? ''
        : `blocks of ${sizeText(factor)} samples, to ${sizeText(size)}`;
    return [
        ['Shape', `${sizeText(fullSize)} (plane, row, column)`],
        [facts.labels ? 'Largest of' : 'Averaged', averaged],
        ['Volumes', groups.length > 1 ? groups.map((group) => group.title).join(', ') : ''],
        ['Channels', channels.length > groups.length ? String(channels.length) : ''],
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
