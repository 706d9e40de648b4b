// What people do at the door: set up, sign in, sign out.

import { expect, type Page } from "@playwright/test";
import type { Account } from "./server";

export async function signIn(page: Page, account: Account): Promise<void> {
  await page.goto("/sign-in");
  await enter(page, account);
  await expect(page.getByRole("heading", { level: 1, name: "Tokens" })).toBeVisible();
}

/** Fills the sign-in form that is open, and sends it. */
export async function enter(page: Page, { email, password }: Account): Promise<void> {
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

export async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
}

/** Waits until script has taken the page over: then switches that can be pressed say which one is. */
export async function alive(page: Page): Promise<void> {
  await page.locator("button[aria-pressed]").first().waitFor({ state: "attached" });
  await page.evaluate(() => new Promise((done) => requestIdleCallback(done, { timeout: 1000 })));
}

/** Marks the document, so that `expectSameDocument` can tell whether another one was loaded since. */
export async function markDocument(page: Page): Promise<void> {
  await page.evaluate(() => document.documentElement.setAttribute("data-marked", ""));
}

export async function expectSameDocument(page: Page): Promise<void> {
  await expect(page.locator("html"), "the page was loaded anew").toHaveAttribute("data-marked", "");
}
