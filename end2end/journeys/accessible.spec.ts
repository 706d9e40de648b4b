// axe finds nothing on any page, light or dark.

import type { Page } from "@playwright/test";
import { expectAccessible } from "../pages/accessible";
import { demoTest, expect, nobody, ownedTest, test } from "../pages/journey";
import { alive } from "../pages/people";
import { openSights, type Sight, sights, stillSights } from "../pages/sights";

// A list of fifty rows has thousands of colours to compare.
test.beforeEach(() => test.setTimeout(120_000));

async function expectAccessibleInBoth(page: Page, part?: string, unasked?: string[]): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await expectAccessible(page, part, unasked);
  }
}

test.describe("an installation that nobody has set up", () => {
  test("set up", async ({ page, server }) => {
    await page.goto(server.setupUrl);
    await alive(page);
    await expectAccessibleInBoth(page);
  });

  test("sign in, before anybody can", async ({ page }) => {
    await page.goto("/sign-in");
    await expect(page.getByText("Nobody can sign in yet.")).toBeVisible();
    await expectAccessibleInBoth(page);
  });
});

ownedTest("a workgroup without tokens", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "No tokens yet" })).toBeVisible();
  await expectAccessibleInBoth(page);
});

function each(all: Sight[]): void {
  for (const { name, open, still, foreseen, unasked } of all) {
    demoTest(name, async ({ page, server, problems }) => {
      problems.foresee(/status of (404|409|422)/);
      if (foreseen) problems.foresee(foreseen);
      await open(page, server);
      if (!still) await alive(page);
      await expectAccessibleInBoth(page, undefined, Object.keys(unasked ?? {}));
    });
  }
}

demoTest.describe("in the house", () => {
  each(sights);
  each(stillSights);

  demoTest("a menu that is open", async ({ page }) => {
    await page.goto("/harrow-valley/settings/tokens");
    await alive(page);
    await page.getByLabel(/^More for/).first().click();
    // The rows behind it are covered in part, which is no fault of theirs.
    await expectAccessibleInBoth(page, "main details[open]");
  });

  demoTest("a phone's menu that is open", async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto("/harrow-valley/settings/tokens");
    await alive(page);
    await page.getByLabel("Menu", { exact: true }).click();
    await expectAccessibleInBoth(page, "header");
  });
});

demoTest.describe("at the door", () => {
  demoTest.use(nobody);
  each(openSights);

  demoTest("a member who may not see tokens", async ({ page, server, problems }) => {
    problems.foresee(/status of 403/);
    const member = server.accounts.find(({ name }) => name === "Adaeze Bright");
    if (!member) throw new Error("the demonstration has no such member");
    await page.goto("/sign-in?next=/account");
    await page.getByLabel("Email address").fill(member.email);
    await page.getByLabel("Password", { exact: true }).fill(member.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.goto("/harrow-valley/settings/tokens");
    await expect(page.getByRole("heading", { name: "You cannot do this here" })).toBeVisible();
    await expectAccessibleInBoth(page);
  });
});
