// The pages of a workgroup's tokens: the list, the form, the one page with a string, and a token with its dialogs.

import { expect, type Locator, type Page } from "@playwright/test";

export type Draft = {
  owner: string;
  email: string;
  name?: string;
  expires?: string;
  canRenew?: boolean;
  permissions?: string[];
  group?: string;
};

export const NORTH: Draft = { owner: "North plant integrator", email: "north@example.com" };

/** Chooses a tile of a radio group, as a pointer does: anywhere on it. */
async function choose(group: Locator, name: string): Promise<void> {
  const radio = group.page().getByRole("radio", { name });
  await group.locator("label").filter({ has: radio }).click();
  await expect(group.getByRole("radio", { name })).toBeChecked();
}

export class TokenList {
  constructor(
    readonly page: Page,
    readonly workgroup: string,
  ) {}

  get address(): string {
    return `/${this.workgroup}/settings/tokens`;
  }

  get rows(): Locator {
    return this.page.getByTestId("token-row");
  }

  get search(): Locator {
    return this.page.getByRole("searchbox", { name: "Search tokens" });
  }

  get revoked(): Locator {
    return this.page.getByRole("checkbox", { name: "Show revoked tokens" });
  }

  async open(query = ""): Promise<void> {
    await this.page.goto(this.address + query);
  }

  row(owner: string): Locator {
    return this.rows.filter({ hasText: owner });
  }

  /** A state with its count: All, Active, Expiring, Expired, Revoked. */
  chip(state: string): Locator {
    const states = this.page.getByRole("navigation", { name: "Status" });
    return states.getByRole("link", { name: new RegExp(`^${state}`) });
  }

  async openToken(owner: string): Promise<void> {
    await this.row(owner).getByRole("rowheader").getByRole("link").click();
    await expect(this.page.getByRole("heading", { level: 1, name: owner })).toBeVisible();
  }
}

export class NewToken {
  constructor(
    readonly page: Page,
    readonly workgroup: string,
  ) {}

  async open(query = ""): Promise<void> {
    await this.page.goto(`/${this.workgroup}/settings/tokens/new${query}`);
  }

  async fill(draft: Draft): Promise<void> {
    const { page } = this;
    await page.getByLabel("Token owner").fill(draft.owner);
    await page.getByLabel("Email address").fill(draft.email);
    if (draft.name) await page.getByLabel("Name", { exact: true }).fill(draft.name);
    if (draft.expires) await choose(page.getByRole("main"), draft.expires);
    if (draft.canRenew) await page.getByRole("checkbox", { name: "Can renew" }).check();
    if (draft.group) await page.getByLabel("Device group").selectOption({ label: draft.group });
    for (const permission of draft.permissions ?? []) {
      await page.getByRole("checkbox", { name: permission, exact: true }).check();
    }
  }

  async generate(): Promise<void> {
    await this.page.getByRole("button", { name: "Generate token" }).click();
  }

  /** From the empty form to the string. */
  async make(draft: Draft): Promise<string> {
    await this.open();
    await this.fill(draft);
    await this.generate();
    return new TokenString(this.page).read();
  }
}

export class TokenString {
  constructor(readonly page: Page) {}

  async read(): Promise<string> {
    const shown = this.page.getByTestId("token-string");
    await expect(shown).toHaveText(/^lk[ad]_[0-9A-Za-z]{38}$/);
    return (await shown.innerText()).trim();
  }

  /** The line for the shell below a heading, as a person copies it. */
  async command(title: RegExp): Promise<string> {
    const part = this.page.getByRole("heading", { name: title }).locator("xpath=ancestor::section");
    return (await part.locator("code").innerText()).trim();
  }

  async done(): Promise<void> {
    await this.page.getByRole("link", { name: "Done" }).click();
  }
}

export class TokenPage {
  constructor(readonly page: Page) {}

  get dialog(): Locator {
    return this.page.getByRole("dialog");
  }

  /** The row of a string, by its number. */
  string(number: number): Locator {
    const heading = this.page.getByRole("rowheader", { name: `#${number}`, exact: true });
    return this.page.getByRole("row").filter({ has: heading });
  }

  async ask(what: "Reissue token" | "Revoke token"): Promise<void> {
    await this.page.getByRole("main").getByRole("link", { name: what, exact: true }).first().click();
    await expect(this.dialog).toBeVisible();
  }

  async askToRetire(number: number): Promise<void> {
    await this.page.getByRole("link", { name: `Retire string #${number}` }).click();
    await expect(this.dialog).toBeVisible();
  }

  async choose(older: string): Promise<void> {
    await choose(this.dialog, older);
  }

  async confirm(verb: "Reissue token" | "Revoke token" | "Retire"): Promise<void> {
    await this.dialog.getByRole("button", { name: verb, exact: true }).click();
  }

  async reissue(older: string): Promise<string> {
    await this.ask("Reissue token");
    await this.choose(older);
    await this.confirm("Reissue token");
    return new TokenString(this.page).read();
  }

  async revoke(): Promise<void> {
    await this.ask("Revoke token");
    await this.confirm("Revoke token");
    await expect(this.page.getByRole("heading", { level: 1 })).toContainText("Revoked");
  }
}
