// node scripts/licences.mjs BUNDLE FILE: writes whose code is in a bundled script, with every licence that goes with it.
// Which packages those are stands in the bundle's source map. One without a text that could be given stops it.

import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const [bundle, file] = process.argv.slice(2);
const modules = "node_modules/";
const owner = bundle.slice(modules.length).split("/").slice(0, 2).join("/");
const scope = owner.split("/")[0];

/** Copyright lines of packages that bring none, or of which the bundle alone has something. All are MIT. */
const copyrights = {
  "@headlessui/vue": "Copyright (c) 2020 Tailwind Labs",
  "unist-util-find-after": "Copyright (c) Titus Wormer <tituswormer@gmail.com>",
  "vue-demi": "Copyright (c) 2020-present, Anthony Fu",
};
/** Style sheets have no source map. */
const styles = ["tailwindcss"];

const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`;

/** The package of a source: behind the last node_modules, or a neighbour in the repository of the bundle's own. */
function packageOf(source) {
  const at = source.lastIndexOf(modules);
  if (at >= 0) {
    const [first, second] = source.slice(at + modules.length).split("/");
    return first.startsWith("@") ? `${first}/${second}` : first;
  }
  const [first] = source.split("/").filter((part) => part !== "..");
  return first === "src" ? owner : `${scope}/${first}`;
}

function read(name) {
  const folder = join(modules, name);
  if (!existsSync(folder)) return { name, title: name, licence: "MIT" };
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const texts = readdirSync(folder).filter((entry) => /^(licen[cs]e|copying|notice)/i.test(entry));
  const text = texts.map((entry) => readFileSync(join(folder, entry), "utf8").trim()).join("\n\n");
  const repository = about.repository?.url ?? about.repository;
  return { name, title: `${name} ${about.version}`, licence: about.license, text, repository, author: about.author };
}

/** Its own text, that of its repository, or the one that its package.json names. */
function textOf(one, all) {
  if (one.text) return one.text;
  const sibling = all.find((other) => other.text && one.repository && other.repository === one.repository);
  if (sibling) return sibling.text;
  const author = one.author?.name ?? one.author;
  const copyright = copyrights[one.name] ?? (author && `Copyright (c) ${author}`);
  if (one.licence !== "MIT" || !copyright) throw new Error(`${bundle} holds ${one.name}, of which no licence is known`);
  return `MIT License\n\n${copyright}\n\n${mit}`;
}

const { sources } = JSON.parse(readFileSync(`${bundle}.map`, "utf8"));
const names = [...new Set([owner, ...sources.map(packageOf).sort(), ...styles])];
const all = names.map(read);
const titles = new Map();
for (const one of all) {
  const text = textOf(one, all).replaceAll("\r\n", "\n");
  titles.set(text, [...(titles.get(text) ?? []), `${one.title} (${one.licence})`]);
}
const rule = "-".repeat(80);
const head = `The page of the API is made by ${all[0].title}, which holds code of others.
Each licence stands below the names of what it is given for.`;
const notices = [...titles].map(([text, given]) => `${rule}\n${given.join("\n")}\n${rule}\n\n${text}\n`);
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${head}\n\n${notices.join("\n")}`);
