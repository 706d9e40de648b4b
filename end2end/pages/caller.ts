// Somebody who holds a token string and calls with it.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "@playwright/test";

/** Runs a line as it was copied, in the shell that most people have, with the string where the line expects it. */
export async function runInShell(line: string, string: string): Promise<string> {
  const env = { PATH: process.env.PATH, LATCHKEY_TOKEN: string };
  const { stdout } = await promisify(execFile)("bash", ["-euc", line], { env });
  return stdout;
}

export async function call(url: string, string: string, method = "GET"): Promise<Response> {
  return fetch(url, { method, headers: { Authorization: `Bearer ${string}` } });
}

/** That a string is refused with this code, in the body and in the challenge (RFC 6750, section 3). */
export async function expectRefused(server: string, string: string, code: string): Promise<void> {
  const answer = await call(`${server}/api/v1/token`, string);
  expect(answer.status).toBe(401);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  const problem = await answer.json();
  expect(problem).toMatchObject({ status: 401, code, type: `urn:latchkey:problem:${code}` });
  const challenge = answer.headers.get("www-authenticate");
  const [, description] =
    challenge?.match(
      /^Bearer realm="latchkey", error="invalid_token", error_description="([^"]+)"$/,
    ) ?? [];
  expect(description, `the challenge ${challenge}`).toBeTruthy();
  expect(answer.headers.get("x-request-id")).toBeTruthy();
}
