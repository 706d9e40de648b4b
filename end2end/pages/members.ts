// The members of a workgroup: who they are, their pages, and the page behind an invitation's link.

import { type Browser, expect, type Locator, type Page } from "@playwright/test";
import { nobody } from "./journey";
import type { Letter } from "./mail";
import type { Problems } from "./problems";
import { filesOf, placesOf, type Recorder } from "./secrets";
import type { Account, Server } from "./server";

const workgroup = "harrow-valley";

export type Offer = { email: string; permissions: string[] };

/** That the page says, once, what was just done. */
export async function expectDone(page: Page, words: string): Promise<void> {
  await expect(page.getByRole("status").filter({ hasText: words })).toBeVisible();
}

export class Members {
  constructor(
    readonly page: Page,
    readonly workgroup: string,
  ) {}

  get address(): string {
    return `/${this.workgroup}/settings/members`;
  }

  get dialog(): Locator {
    return this.page.getByRole("dialog");
  }

  async open(): Promise<void> {
    await this.page.goto(this.address);
  }

  row(name: string): Locator {
    return this.page.getByTestId("member-row").filter({ hasText: name });
  }

  invitation(email: string): Locator {
    return this.page.getByTestId("invitation-row").filter({ hasText: email });
  }

  async invite({ email, permissions }: Offer): Promise<void> {
    const { page } = this;
    await page.getByRole("link", { name: "Invite member" }).click();
    await page.getByLabel("Email address").fill(email);
    for (const permission of permissions) {
      await page.getByRole("checkbox", { name: permission, exact: true }).check();
    }
    await page.getByRole("button", { name: "Send invitation" }).click();
    await expectDone(page, "Invited. The letter with the link is on its way.");
  }

  async sendAgain(email: string): Promise<void> {
    await this.page.getByRole("button", { name: `Send again to ${email}` }).click();
    await expectDone(this.page, "Sent again. Only the link in the newest letter works.");
  }

  async withdraw(email: string): Promise<void> {
    const row = this.invitation(email);
    await row.getByLabel(`More for ${email}`).click();
    await row.getByRole("link", { name: "Withdraw invitation" }).click();
    await expect(this.dialog).toContainText(email);
    await this.dialog.getByRole("button", { name: "Withdraw invitation" }).click();
    await expectDone(this.page, "Withdrawn. The link stops working now.");
  }

  async askToRemove(name: string): Promise<void> {
    const row = this.row(name);
    await row.getByLabel(`More for ${name}`).click();
    await row.getByRole("link", { name: "Remove member" }).click();
    await expect(this.dialog.getByRole("heading")).toContainText(`Remove ${name} from `);
  }

  async remove(name: string): Promise<void> {
    await this.askToRemove(name);
    await this.confirmRemoval();
  }

  async confirmRemoval(): Promise<void> {
    await this.dialog.getByRole("button", { name: "Remove member" }).click();
    await expectDone(this.page, "Removed. They have lost access");
  }

  async openMember(name: string): Promise<void> {
    await this.open();
    await this.row(name).getByRole("link", { name }).first().click();
    await expect(this.page.getByRole("heading", { level: 1, name })).toBeVisible();
  }
}

export class MemberPage {
  constructor(readonly page: Page) {}

  get role(): Locator {
    return this.page.getByRole("radiogroup", { name: "Role" });
  }

  permission(label: string): Locator {
    return this.page.getByRole("checkbox", { name: label, exact: true });
  }

  async chooseRole(label: "Member" | "Owner"): Promise<void> {
    await this.role.getByRole("radio", { name: label, exact: true }).check();
  }

  async save(): Promise<void> {
    await this.page.getByRole("button", { name: "Save changes" }).click();
  }

  async expectSaved(): Promise<void> {
    await expectDone(this.page, "Your changes were saved.");
  }
}

export class Invitation {
  constructor(readonly page: Page) {}

  get dead(): Locator {
    return this.page.getByRole("heading", { name: "This link does not work any more" });
  }

  /** Fills the form of somebody who has no account yet. */
  async fill(name: string, password: string): Promise<void> {
    await this.page.getByLabel("Your name").fill(name);
    await this.page.getByLabel("Password", { exact: true }).fill(password);
  }

  async join(): Promise<void> {
    await this.page.getByRole("button", { name: "Join", exact: true }).click();
  }

  /** That the page says what happened and whom to ask, offers no form, and names nobody. */
  async expectDead(...names: string[]): Promise<void> {
    await expect(this.dead).toBeVisible();
    const body = this.page.locator("body");
    await expect(body).toContainText("Ask whoever invited you to send it again.");
    await expect(this.page.getByRole("button", { name: "Join", exact: true })).toHaveCount(0);
    for (const name of names) await expect(body).not.toContainText(name);
  }
}

export const person = (name: string): Account => ({
  email: `${name.toLowerCase().replaceAll(" ", ".")}@harrow.example`,
  password: "nine quiet purple larks",
  name,
  workgroups: [workgroup],
});

/** Makes somebody a member who holds these. */
export async function admit(server: Server, account: Account, ...permissions: string[]): Promise<void> {
  await server.createUser(account);
  await setMember(server, account, ...permissions.flatMap((it) => ["--permission", it]));
}

export async function setMember(server: Server, { email }: Account, ...rights: string[]): Promise<void> {
  await server.run("member", "set", "--workgroup", workgroup, "--email", email, ...rights);
}

/** What the command line says that somebody holds; nothing of who is no member. */
export async function held(server: Server, { email }: Account): Promise<unknown> {
  const list = await server.run("member", "list", "--workgroup", workgroup, "--json");
  const { items } = JSON.parse(list) as { items: { email: string }[] };
  return items.find((member) => member.email === email);
}

/** A browser of somebody else, who is not signed in. */
export async function another(
  browser: Browser,
  server: Server,
  problems: Problems,
  userAgent?: string,
): Promise<Page> {
  const context = await browser.newContext({ ...nobody, baseURL: server.url, userAgent });
  await problems.watch(context);
  return context.newPage();
}

export const codeOf = (letter: Letter): string => letter.link.split("/").at(-1) ?? "";

/** That a letter's code was in nothing that this browser was given, and is in nothing that the server keeps but the letter. */
export async function expectNowhere(server: Server, recorder: Recorder, letter: Letter): Promise<void> {
  const code = codeOf(letter);
  expect(code).toMatch(/^[0-9A-Za-z_-]{43}$/);
  const files = filesOf(server.folder).filter(({ place }) => !place.startsWith(server.mailPath));
  const letters = filesOf(server.mailPath);
  expect(placesOf(`_${code}`, letters), "the search finds it where it is").toHaveLength(1);
  expect(placesOf(`_${code}`, [...(await recorder.all()), ...files])).toEqual([]);
}
