// node scripts/pack.mjs FILE FOLDER: puts the file into the folder as browsers take it, as .gz and as .br.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const [file, folder] = process.argv.slice(2);
const text = readFileSync(file);
const packed = join(folder, basename(file));
mkdirSync(folder, { recursive: true });
writeFileSync(`${packed}.br`, brotliCompressSync(text));
writeFileSync(`${packed}.gz`, gzipSync(text, { level: 9 }));
