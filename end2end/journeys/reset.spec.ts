// A forgotten password, with script and without: from the sign-in page through the mail to the account.

import { expect, nobody, ownedTest as test } from "../pages/journey";
import { newestLetter } from "../pages/mail";
import type { Account } from "../pages/server";

test.use({ house: "reset", ...nobody });

const people: Account[] = [
  { email: "eve@harrow.example", password: "nine quiet purple larks", name: "Eve Thorne", workgroups: [] },
  { email: "kit@harrow.example", password: "nine quiet purple larks", name: "Kit Rowan", workgroups: [] },
];

for (const [javaScriptEnabled, person] of [
  [true, people[0]],
  [false, people[1]],
] as const) {
  test.describe(`script ${javaScriptEnabled ? "on" : "off"}`, () => {
    test.use({ javaScriptEnabled });

    test("a mailed link sets a new password, once", async ({ page, problems, server }) => {
      problems.foresee(/status of 404/);
      // A browser that runs no script refuses to load one ahead of time, and calls it a matter of policy.
      if (!javaScriptEnabled) problems.foresee(/\/latchkey\.js csp$/);
      await server.createUser(person);
      await page.goto("/sign-in");
      await page.getByRole("link", { name: "Forgot your password?" }).click();
      await page.getByLabel("Email address").fill(person.email);
      await page.getByRole("button", { name: "Send the link" }).click();
      await expect(page.getByRole("heading", { name: "Look into your mail" })).toBeVisible();

      const letter = await newestLetter(server, person.email);
      expect(letter.link).toContain(`${server.url}/reset/`);
      await page.goto(letter.link);
      await page.getByLabel("New password", { exact: true }).fill("four plain wooden doors");
      await page.getByRole("button", { name: "Set the password" }).click();
      await expect(page.getByRole("heading", { level: 1, name: "Account" })).toBeVisible();
      await expect(page.getByRole("status")).toContainText("Your password was changed.");

      await page.goto(letter.link);
      await expect(
        page.getByRole("heading", { name: "This link does not work any more" }),
      ).toBeVisible();
    });
  });
}

test("an address that nobody has is told the same", async ({ page }) => {
  await page.goto("/reset");
  await page.getByLabel("Email address").fill("nobody@harrow.example");
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByText("If somebody here has this address")).toBeVisible();
});
