// Reads a ticket's ESC/POS bytes with the `npos` parser and writes the paper as a portable bitmap.
//
//     node decode.cjs TICKET.escpos PAPER.pbm WIDTH_DOTS
//
// Prints the names of the commands it found as JSON. `npos` cuts the stream into commands and reads each picture;
// where pictures stand follows from the feeds (ESC J) and positions (ESC $) it found. Pictures are read one by one:
// several in a row it reads with the width of the widest.
'use strict';

const fs = require('node:fs');
const Parser = require('npos/lib/parser');
const raster = require('npos/lib/codecs/raster');

const [file, picture, width] = process.argv.slice(2);
const rowBytes = Math.ceil(Number(width) / 8);
const { raw, tree, error } = new Parser().analyze(fs.readFileSync(file));
if (error) throw error;

const rows = [];
const blank = () => Buffer.alloc(rowBytes);
let left = 0;
const commands = tree.map((node) => {
  const name = `${node.ascii} ${node.fn}`.trim();
  if (name === 'ESC $') left = raw.readUInt16LE(node.offset + 2);
  if (name === 'ESC J') for (let i = 0; i < raw[node.offset + 2]; i += 1) rows.push(blank());
  if (name === 'GS v0') {
    const image = raster.decode(raw, [node]);
    for (let y = 0; y < image.height; y += 1) {
      const row = blank();
      for (let x = 0; x < image.width; x += 1) {
        const at = left + x;
        if (image.getPixel(x, y) === 0) row[at >> 3] |= 0x80 >> (at & 7);
      }
      rows.push(row);
    }
    left = 0;
  }
  return name;
});
fs.writeFileSync(picture, Buffer.concat([Buffer.from(`P4\n${rowBytes * 8} ${rows.length}\n`), ...rows]));
console.log(JSON.stringify(commands));
