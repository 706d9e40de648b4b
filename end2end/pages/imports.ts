// Files that make many things at once: the form that takes one, its preview, and how far it is.

import { expect, type Locator, type Page } from "@playwright/test";

export class ImportPage {
  constructor(
    readonly page: Page,
    readonly workgroup: string,
  ) {}

  get bar(): Locator {
    return this.page.getByRole("progressbar");
  }

  /** Every row of a refused file that has to be corrected. */
  get bad(): Locator {
    return this.page.getByRole("region", { name: "Rows to correct" }).getByRole("listitem");
  }

  async open(things: "devices" | "tokens"): Promise<void> {
    await this.page.goto(`/${this.workgroup}/settings/${things}/import`);
  }

  async upload(name: string, lines: string[]): Promise<void> {
    const buffer = Buffer.from(`${lines.join("\n")}\n`);
    await this.page.getByLabel("CSV file").setInputFiles({ name, mimeType: "text/csv", buffer });
    await this.check();
  }

  async paste(lines: string[]): Promise<void> {
    await this.page.getByLabel("Rows", { exact: true }).fill(lines.join("\n"));
    await this.check();
  }

  async expectPreview(words: RegExp): Promise<void> {
    await expect(this.page.getByRole("heading", { level: 1 })).toHaveText(/^Import of /);
    await expect(this.page.getByText(words)).toBeVisible();
  }

  async start(): Promise<void> {
    await this.page.getByRole("button", { name: /^Import [\d\s]+ / }).click();
  }

  /** How much of it the page says is done; nothing once the bar is gone. */
  async done(): Promise<number | undefined> {
    return this.page.evaluate(() => document.querySelector("progress")?.value);
  }

  async expectMade(words: RegExp): Promise<void> {
    const said = this.page.getByRole("status").filter({ hasText: words });
    await expect(said).toBeVisible({ timeout: 120_000 });
    await expect(this.bar).toHaveCount(0);
  }

  private async check(): Promise<void> {
    await this.page.getByRole("button", { name: "Check the file" }).click();
  }
}
