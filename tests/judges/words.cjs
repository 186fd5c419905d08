// Cuts a ticket's ESC/POS bytes into commands and text with the `npos` parser.
//
//     node words.cjs TICKET.escpos
//
// Prints the names of the commands it found and the bytes of each text, in hexadecimal, as JSON. It does not know the
// commands of QR codes: they have to be taken out before.
'use strict';

const fs = require('node:fs');
const Parser = require('npos/lib/parser');

const { raw, tree, error } = new Parser().analyze(fs.readFileSync(process.argv[2]));
if (error) throw error;

// What is no command stands under a name of its own.
const isText = (node) => node.ascii === 'STX';
const commands = tree.filter((node) => !isText(node)).map((node) => `${node.ascii} ${node.fn}`.trim());
const texts = tree.filter(isText).map((node) => raw.subarray(node.offset, node.offset + node.length).toString('hex'));
console.log(JSON.stringify({ commands, texts }));
