// What the pages are for works with JavaScript switched off: every change is a plain form post.

import { expectRefused, runInShell } from "../pages/caller";
import { expect, nobody, ownedTest as test } from "../pages/journey";
import { enter, signIn, signOut } from "../pages/people";
import { ADA } from "../pages/server";
import { NewToken, NORTH, TokenList, TokenPage, TokenString } from "../pages/tokens";

test.use({ house: "without-script", javaScriptEnabled: false });

const workgroup = "harrow-valley";

// A browser that runs no script refuses to load one ahead of time, and calls it a matter of policy.
test.beforeEach(({ problems }) => problems.foresee(/\/latchkey\.js csp$/));

test.describe("at the door", () => {
  test.use(nobody);

  test("a wrong password keeps the address and leads on when it is right", async ({
    page,
    problems,
  }) => {
    problems.foresee(/status of 422/);
    await page.goto(`/${workgroup}/settings/tokens?search=north`);
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    await enter(page, { ...ADA, password: "wrong wrong wrong" });
    await expect(page.getByRole("alert")).toContainText("E-mail address or password is wrong.");
    await expect(page.getByLabel("Email address")).toHaveValue(ADA.email);
    await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
    await page.getByLabel("Password", { exact: true }).fill(ADA.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(/\/harrow-valley\/settings\/tokens\?search=north$/);
  });

  test("signing out ends the visit", async ({ page }) => {
    await signIn(page, ADA);
    await signOut(page);
    await page.goto(`/${workgroup}/settings/tokens`);
    await expect(page.getByRole("heading", { name: "Sign in to Latchkey" })).toBeVisible();
  });
});

test("what was typed stays when a field is refused", async ({ page, problems }) => {
  problems.foresee(/status of 422/);
  const form = new NewToken(page, workgroup);
  await form.open();
  await form.fill({
    owner: "   ",
    email: NORTH.email,
    expires: "3 months",
    canRenew: true,
    permissions: ["Discovery"],
  });
  await page.getByText("More settings").click();
  await page.getByLabel("Note").fill("Ask the\ncontrol room.");
  await page.getByLabel("Rate limit").fill("many");
  await form.generate();

  const summary = page.getByRole("alert");
  await expect(summary.getByRole("link", { name: "Token owner" })).toBeVisible();
  await expect(summary.getByRole("link", { name: "Rate limit" })).toBeVisible();
  await expect(page.getByLabel("Token owner")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Token owner")).toHaveAccessibleDescription(/1 to 200 characters/);
  await expect(page.getByLabel("Email address")).toHaveValue(NORTH.email);
  await expect(page.getByRole("radio", { name: "3 months" })).toBeChecked();
  await expect(page.getByRole("checkbox", { name: "Can renew" })).toBeChecked();
  await expect(page.getByRole("checkbox", { name: "Discovery" })).toBeChecked();
  await expect(page.getByLabel("Note")).toHaveValue("Ask the\ncontrol room.");
  await expect(page.getByLabel("Rate limit")).toHaveValue("many");

  await page.getByLabel("Token owner").fill("Kept and corrected");
  await page.getByLabel("Rate limit").fill("60");
  await form.generate();
  await new TokenString(page).read();
});

test("a token is made, reissued, edited, retired and revoked", async ({ page, server }) => {
  const token = new TokenPage(page);
  const shown = new TokenString(page);
  const first = await new NewToken(page, workgroup).make({ ...NORTH, canRenew: true });
  await expect(page.getByRole("button", { name: "Copy" })).toHaveCount(0);
  const renewed = await runInShell(await shown.command(/^Renew it/), first);
  const second: string = JSON.parse(renewed).token;
  await shown.done();

  const third = await token.reissue("Keep until their own expiry");
  await shown.done();
  for (const number of [1, 2, 3]) await expect(token.string(number)).toBeVisible();

  await page.getByRole("main").getByRole("link", { name: "Edit", exact: true }).click();
  await page.getByLabel("Name", { exact: true }).fill("staging");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("staging");
  await expect(page.getByRole("status")).toContainText("saved");

  await token.askToRetire(1);
  await token.confirm("Retire");
  await expect(page.getByRole("link", { name: "Retire string #1" })).toHaveCount(0);
  await expectRefused(server.url, first, "token_superseded");

  await token.revoke();
  for (const string of [first, second, third]) {
    await expectRefused(server.url, string, "token_revoked");
  }
});

test("a form that is sent twice makes one token", async ({ page }) => {
  const form = new NewToken(page, workgroup);
  const string = await form.make({ owner: "Sent twice", email: "twice@example.com" });
  await page.reload();
  await expect(page.getByRole("heading", { name: "Already made" })).toBeVisible();
  expect(await page.content()).not.toContain(string);
  await page.getByRole("link", { name: "Open the token" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Sent twice");
});

test("the list is searched, narrowed and widened with Apply", async ({ page, server }) => {
  const list = new TokenList(page, workgroup);
  await server.createToken(workgroup, "Quarry logger", "--name", "east");
  const gone = await server.createToken(workgroup, "Quarry pump");
  await server.run("token", "revoke", gone.id);

  await list.open();
  await list.search.fill("quarry");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/\?search=quarry$/);
  await expect(list.search).toHaveValue("quarry");
  await expect(list.rows).toHaveCount(1);
  await expect(list.row("Quarry logger")).toHaveAttribute("data-status", "active");

  await list.revoked.check();
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(list.rows).toHaveCount(2);
  await expect(list.row("Quarry pump")).toHaveAttribute("data-status", "revoked");

  await list.chip("Revoked").click();
  await expect(list.rows).toHaveCount(1);
  await expect(list.row("Quarry pump")).toBeVisible();
  await list.chip("Active").click();
  await expect(list.row("Quarry logger")).toBeVisible();
  await expect(list.row("Quarry pump")).toHaveCount(0);

  await list.open("?search=nothing+of+the+kind");
  await expect(page.getByRole("heading", { name: /^No token matches/ })).toBeVisible();
});

test("light and dark can be chosen and stay", async ({ page }) => {
  await page.goto("/account");
  for (const [words, theme] of [
    ["Dark", "dark"],
    ["Light", "light"],
  ]) {
    await page.getByRole("main").getByRole("button", { name: words }).click();
    await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
    await page.goto(`/${workgroup}/settings/tokens`);
    await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
    await page.goto("/account");
  }
  await page.getByRole("main").getByRole("button", { name: "Follow the system" }).click();
  await expect(page.locator("html")).not.toHaveAttribute("data-theme");
});
