// Levels to colours: window, gamma, colour map, channels laid over each other.

const tints = {
    red: [255, 0, 0], green: [0, 255, 0], blue: [0, 0, 255],
    cyan: [0, 255, 255], magenta: [255, 0, 255], yellow: [255, 255, 0],
};

function mapOfHex(text) {
    const map = new Uint8Array(768);
    for (let i = 0; i < map.length; i++)
        map[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
    return map;
}

function mapOfTint(tint) {
    const map = new Uint8Array(768);
    for (let i = 0; i < 256; i++)
        tint.forEach((full, part) => (map[3 * i + part] = Math.round((full * i) / 255)));
    return map;
}

const maps = {};
for (const [name, text] of Object.entries(facts.colormaps))
    maps[name] = mapOfHex(text);
for (const [name, tint] of Object.entries(tints))
    maps[name] = mapOfTint(tint);
for (const hex of facts.channelColours ?? []) // those that the file states
    maps[hex] = mapOfTint([0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)));
if (facts.labels)
    maps.labels = maps.gray; // in the menu, and for swatches; see pixelsOfLabels

// A colour for each label that differs from its neighbours': the hue goes round by the golden angle,
// lightness and strength change with it. 0 is the background.
function pixelsOfLabels(channel) {
    const pixels = new Uint32Array(levelCount);
    for (let level = 0; level < levelCount; level++) {
        const label = Math.round(sampleOfLevel(channel, level) * channel.group.countScale);
        const hue = (label * 137.508) % 360, light = [0.62, 0.5, 0.72][label % 3], strength = label % 2 ? 0.85 : 0.6;
        const part = (n) => { // HSL to RGB as in CSS Color 4, section 7.1
            const k = (n + hue / 30) % 12;
            return Math.round(255 * (light - strength * Math.min(light, 1 - light) *
                Math.max(-1, Math.min(k - 3, 9 - k, 1))));
        };
        pixels[level] = (0xff000000 | (label === 0 ? 0 : (part(4) << 16) | (part(8) << 8) | part(0))) >>> 0;
    }
    return pixels;
}

// How bright, 0 to 255, a sample is drawn. Black at and below low, white at and above high.
function brightness(sample, look) {
    if (look.high <= look.low)
        return sample > look.high ? 255 : 0;
    const part = Math.min(1, Math.max(0, (sample - look.low) / (look.high - look.low)));
    return Math.round(255 * part ** look.gamma);
}

// The colour of each level as a pixel of ImageData, bytes red, green, blue, alpha.
function pixelsOfLevels(channel, look) {
    if (look.map === 'labels')
        return pixelsOfLabels(channel);
    const pixels = new Uint32Array(levelCount), map = maps[look.map];
    for (let level = 0; level < levelCount; level++) {
        const bright = brightness(sampleOfLevel(channel, level), look);
        const at = 3 * (look.inverted ? 255 - bright : bright);
        pixels[level] = 0xff000000 | (map[at + 2] << 16) | (map[at + 1] << 8) | map[at];
    }
    return pixels;
}

// Sum of two pixels, each part at most 255.
function addPixels(a, b) {
    const red = (a & 0xff) + (b & 0xff);
    const green = ((a >> 8) & 0xff) + ((b >> 8) & 0xff);
    const blue = ((a >> 16) & 0xff) + ((b >> 16) & 0xff);
    return 0xff000000 | (blue > 255 ? 0xff0000 : blue << 16) |
        (green > 255 ? 0xff00 : green << 8) | (red > 255 ? 0xff : red);
}
