// node.mjs MODULES itk FILE.nrrd | geotiff FILE.tif   what itk-wasm or geotiff.js, installed in the folder
// MODULES, reads: a line of facts, then the samples.
import {createRequire} from 'module';
import {pathToFileURL} from 'url';
import path from 'path';

const [modules, reader, file] = process.argv.slice(2);

async function itk() {
    const entry = path.join(modules, 'node_modules/@itk-wasm/image-io/dist/index-node.js');
    const {readImageNode} = await import(pathToFileURL(entry));
    const {size, spacing, origin, imageType, data} = await readImageNode(file);
    console.log(size.join(), spacing.join(), origin.join(), imageType.componentType);
    console.log([...data].join('\n'));
}

async function geotiff() {
    const {fromFile} = createRequire(path.join(modules, '/'))('geotiff');
    const tiff = await fromFile(file), count = await tiff.getImageCount();
    const first = await tiff.getImage(0);
    console.log(count, first.getWidth(), first.getHeight());
    for (let i = 0; i < count; i++)
        console.log([...(await (await tiff.getImage(i)).readRasters({interleave: true}))].join('\n'));
}

await {itk, geotiff}[reader]();
process.exit(0);
