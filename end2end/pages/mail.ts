// The mail that a server wrote into its folder, read as a mail program reads it.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Server } from "./server";

export type Letter = { name: string; to: string; subject: string; text: string; html: string; link: string };

/** The newest letter to this address that is not among `known`; waits until it is there. */
export async function newestLetter(
  server: Server,
  address: string,
  known: Letter[] = [],
): Promise<Letter> {
  for (let tries = 0; tries < 100; tries++) {
    const letters = lettersTo(server, address).filter(
      ({ name }) => !known.some((letter) => letter.name === name),
    );
    const newest = letters.at(-1);
    if (newest) return newest;
    await pause(100);
  }
  throw new Error(`no letter to ${address} in ${server.mailPath}\n${server.log}`);
}

/** Every letter to this address, in the order in which they were owed: their names begin with the time. */
export function lettersTo(server: Server, address: string): Letter[] {
  if (!existsSync(server.mailPath)) return [];
  const names = readdirSync(server.mailPath).filter((name) => name.endsWith(".eml"));
  return names
    .toSorted()
    .map((name) => read(join(server.mailPath, name), name))
    .filter(({ to }) => to === address);
}

type Part = { header: (wanted: string) => string; body: string };

function read(path: string, name: string): Letter {
  const { header, body } = part(readFileSync(path, "utf8"));
  const boundary = header("Content-Type").match(/boundary="([^"]+)"/)?.[1];
  const parts = boundary === undefined ? [{ header, body }] : inside(body, boundary);
  const of = (kind: string) => {
    const found = parts.find((it) => it.header("Content-Type").startsWith(kind));
    return found ? decoded(found.body, found.header("Content-Transfer-Encoding")).replaceAll("\r\n", "\n") : "";
  };
  const text = of("text/plain");
  const link = text.split("\n").find((line) => line.startsWith("http")) ?? "";
  return { name, to: header("To"), subject: words(header("Subject")), text, html: of("text/html"), link };
}

/** The parts of a multipart message (RFC 2046). */
function inside(body: string, boundary: string): Part[] {
  return `\r\n${body}`.split(`\r\n--${boundary}`).slice(1, -1).map((it) => part(it.slice(2)));
}

function part(raw: string): Part {
  const [head = "", ...rest] = raw.split("\r\n\r\n");
  const lines = head.replaceAll(/\r\n[ \t]/g, " ").split("\r\n");
  const header = (wanted: string) =>
    lines.find((line) => line.startsWith(`${wanted}: `))?.slice(wanted.length + 2) ?? "";
  return { header, body: rest.join("\r\n\r\n") };
}

function decoded(body: string, encoding: string): string {
  if (encoding === "base64") return Buffer.from(body, "base64").toString("utf8");
  if (encoding !== "quoted-printable") return body;
  const bytes = body
    .replaceAll("=\r\n", "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** Encoded words (RFC 2047), as the server writes them. */
function words(value: string): string {
  const joined = value.replaceAll(/\?=\s+=\?/g, "?==?");
  return joined.replaceAll(/=\?utf-8\?b\?([^?]*)\?=/g, (_, encoded: string) =>
    Buffer.from(encoded, "base64").toString("utf8"),
  );
}
