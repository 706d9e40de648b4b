// Where a token string must not be: everything that a browser was given and kept, and everything that the server left behind.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Page } from "@playwright/test";

/** A text with the place that it was found at. */
export type Trace = { place: string; text: string };

/** As bytes, one character each: what is searched may be a database. */
const bytes = (data: Buffer): string => data.toString("latin1");

/** Every twelve characters of the random part, as they would stand in text, URL, hex dump or base64. */
function shapes(string: string): string[] {
  const random = string.slice(string.indexOf("_") + 1).slice(0, 32);
  const pieces = Array.from({ length: random.length - 11 }, (_, at) => random.slice(at, at + 12));
  const encoded = pieces.flatMap((piece) => {
    const data = Buffer.from(piece);
    const hex = data.toString("hex");
    const percent = hex.replaceAll(/../g, "%$&");
    return [piece, data.toString("base64"), data.toString("base64url"), hex, hex.toUpperCase(), percent, percent.toUpperCase()];
  });
  return [...new Set(encoded)];
}

/** The places where a string, or a piece of it, can be read. */
export function placesOf(string: string, traces: Trace[]): string[] {
  const sought = shapes(string);
  const found = traces.filter(({ text }) => sought.some((shape) => text.includes(shape)));
  return found.map(({ place }) => place);
}

/** Everything that a browser was sent, sent itself, said and kept. */
export class Recorder {
  private traces: Trace[] = [];
  private reading: Promise<void>[] = [];

  constructor(private readonly context: BrowserContext) {
    context.on("request", (request) => {
      this.note(`request ${request.url()}`, request.url(), request.postData() ?? "");
    });
    context.on("response", (response) => {
      const place = `answer to ${response.request().method()} ${response.url()}`;
      const headers = response.allHeaders().then((all) => this.note(place, JSON.stringify(all)));
      // A redirect has no body, and an answer that was overtaken by the next page none that can be read any more.
      const body = response.body().then(
        (data) => this.note(place, bytes(data)),
        () => {},
      );
      this.reading.push(headers, body);
    });
    context.on("console", (message) => this.note("console", message.text()));
  }

  note(place: string, ...texts: string[]): void {
    for (const text of texts) this.traces.push({ place, text });
  }

  /** What stands in the page, its address, its history entry and its storage. */
  async look(page: Page): Promise<void> {
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state, document.cookie]),
    );
    const databases = await page.evaluate(async () => JSON.stringify(await indexedDB.databases()));
    const caches = await page.evaluate(async () => JSON.stringify(await window.caches.keys()));
    this.note(`storage at ${page.url()}`, kept, databases, caches);
    this.note(`address ${page.url()}`, page.url());
    this.note(`document at ${page.url()}`, await page.content());
  }

  async all(): Promise<Trace[]> {
    await Promise.all(this.reading);
    this.note("cookies", JSON.stringify(await this.context.cookies()));
    return this.traces;
  }
}

/** Every file below a folder: the database with what belongs to it, the log, the mail. */
export function filesOf(folder: string): Trace[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath ?? file.path, file.name))
    .map((path) => ({ place: path, text: bytes(readFileSync(path)) }));
}
