// The release starts, and its first page is whole.

import { expectAccessible } from "../pages/accessible";
import { expect, test } from "../pages/journey";

test("the page to sign in opens", async ({ page }) => {
  const answer = await page.goto("/sign-in");
  expect(answer?.status()).toBe(200);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expectAccessible(page);
});
