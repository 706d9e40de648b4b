// Every page comes alive without a word on the console, at every width, and nothing scrolls sideways on a phone.

import { demoTest as test, expect, nobody, ownedTest, test as emptyTest } from "../pages/journey";
import { alive, expectSameDocument, markDocument } from "../pages/people";
import { openSights, sights, stillSights } from "../pages/sights";
import { TokenList, TokenPage } from "../pages/tokens";
import type { Page } from "@playwright/test";

const sizes = [
  { width: 390, height: 844 },
  { width: 900, height: 1100 },
  { width: 1440, height: 900 },
];

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [content, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    innerWidth,
  ]);
  expect(content, "the width of the page").toBeLessThanOrEqual(window);
}

async function expectNoSidewaysScrollAnywhere(page: Page): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size);
    await expectNoSidewaysScroll(page);
  }
}

// Opened as on a phone, then made wider.
const narrowest = sizes.at(0);

test.describe("in the house", () => {
  test.use({ viewport: narrowest });

  for (const { name, open, still } of [...sights, ...stillSights]) {
    test(name, async ({ page, server, problems }) => {
      problems.foresee(/status of (404|409|422)/);
      await open(page, server);
      if (still) await page.waitForLoadState("networkidle");
      else await alive(page);
      await expectNoSidewaysScrollAnywhere(page);
    });
  }
});

test.describe("at the door", () => {
  test.use({ viewport: narrowest, ...nobody });

  for (const { name, open, still, foreseen } of openSights) {
    test(name, async ({ page, server, problems }) => {
      problems.foresee(/status of (404|422)/);
      if (foreseen) problems.foresee(foreseen);
      await open(page, server);
      if (!still) await alive(page);
      await expectNoSidewaysScrollAnywhere(page);
    });
  }
});

emptyTest.describe("before the first day", () => {
  emptyTest.use({ viewport: narrowest });

  emptyTest("set up", async ({ page, server }) => {
    await page.goto(server.setupUrl);
    await alive(page);
    await expectNoSidewaysScrollAnywhere(page);
  });
});

ownedTest.describe("on the first day", () => {
  ownedTest.use({ viewport: narrowest });

  ownedTest("a workgroup without tokens", async ({ page }) => {
    await page.goto("/");
    await alive(page);
    await expectNoSidewaysScrollAnywhere(page);
  });
});

test("a walk through the house loads no second document", async ({ page }) => {
  const list = new TokenList(page, "harrow-valley");
  const token = new TokenPage(page);
  await list.open();
  await alive(page);
  await markDocument(page);
  const main = page.getByRole("main");
  const heading = page.getByRole("heading", { level: 1 });

  await list.openToken("Halvorsen Drilling");
  await expect(page).toHaveTitle(/^Halvorsen Drilling · Latchkey$/);
  await token.ask("Revoke token");
  await token.dialog.getByRole("link", { name: "reissue it instead" }).click();
  await expect(token.dialog).toContainText("Reissue the token of");
  await token.dialog.getByRole("link", { name: "Keep as it is" }).click();
  await main.getByRole("link", { name: "Edit", exact: true }).click();
  await expect(heading).toHaveText("Edit Halvorsen Drilling");
  await main.getByRole("link", { name: "Keep as it is" }).click();
  await main.getByRole("link", { name: "Duplicate" }).click();
  await expect(heading).toHaveText("New token");
  await expect(page.getByLabel("Token owner")).toHaveValue("Halvorsen Drilling");
  await main.getByRole("link", { name: "Make a device token instead" }).click();
  await expect(page.getByLabel("Device", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: /^Account/ }).click();
  await expect(heading).toHaveText("Account");
  await page.goBack();
  await expect(page.getByLabel("Device", { exact: true })).toBeVisible();
  const rail = page.getByRole("navigation", { name: "Workgroup" });
  for (const name of ["Devices", "Device groups", "Members", "Activity", "Policy"]) {
    await rail.getByRole("link", { name, exact: true }).click();
    await expect(heading).toHaveText(new RegExp(`^${name}`));
  }
  await rail.getByRole("link", { name: "Tokens" }).click();
  await expect(list.rows.first()).toBeVisible();
  await expectSameDocument(page);
  // Where another workgroup begins is for the server to say.
  await page.locator("summary:visible").filter({ hasText: "Change workgroup" }).click();
  await page.getByRole("link", { name: "Nordkern plants" }).click();
  await expect(page).toHaveURL(/\/nordkern-plants\/settings\/tokens$/);
  await expect(list.rows.first()).toBeVisible();
  await expect(page).toHaveTitle(/^Tokens · Latchkey$/);
});

test("the way out of a page that is not there leads to the tokens", async ({ page, problems }) => {
  problems.foresee(/status of 404/);
  await page.goto("/no/such/page");
  await page.waitForLoadState("networkidle");
  await page.getByRole("link", { name: "Go to your tokens" }).click();
  await expect(page).toHaveURL(/\/harrow-valley\/settings\/tokens$/);
});
