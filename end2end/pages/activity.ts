// The record of a workgroup: its rows, its filters and its file.

import { readFileSync } from "node:fs";
import { expect, type Locator, type Page } from "@playwright/test";

export class Activity {
  constructor(
    readonly page: Page,
    readonly workgroup: string,
  ) {}

  get rows(): Locator {
    return this.page.getByTestId("activity-row");
  }

  async open(): Promise<void> {
    await this.page.goto(`/${this.workgroup}/settings/activity`);
    await expect(this.page.getByRole("heading", { level: 1, name: "Activity" })).toBeVisible();
  }

  /** The row of what was done to something. */
  row(verb: string, subject: string): Locator {
    return this.rows.filter({ hasText: verb }).filter({ hasText: subject });
  }

  /** Opens the further filters, sets them and applies them. */
  async narrow(set: (page: Page) => Promise<unknown>): Promise<void> {
    await this.page.getByText("More filters").click();
    await set(this.page);
    await this.page.getByRole("button", { name: "Apply filters" }).click();
  }

  /** The file that the button gives, line by line, each by the names of its columns. */
  async export(): Promise<Record<string, string>[]> {
    const coming = this.page.waitForEvent("download");
    await this.page.getByRole("button", { name: "Export as CSV" }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toMatch(/\.csv$/);
    const [head = [], ...lines] = cellsOf(readFileSync(await download.path(), "utf8"));
    return lines.map((line) => Object.fromEntries(head.map((name, at) => [name, line[at] ?? ""])));
  }
}

/** A CSV file as a spreadsheet reads it (RFC 4180). */
function cellsOf(file: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  for (const [, quoted, plain = "", end] of file
    .replace(/^\ufeff/, "")
    .matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    line.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ",") continue;
    if (line.some((cell) => cell !== "")) lines.push(line);
    line = [];
  }
  return lines;
}
