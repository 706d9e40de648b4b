// Running the installation: a person comes, founds a workgroup's life, and is kept out again; what can be given is narrowed.

import { expect, nobody, ownedTest as test } from "../pages/journey";
import { newestLetter } from "../pages/mail";
import { alive, enter } from "../pages/people";
import { ADA, type Account } from "../pages/server";
import { NewToken } from "../pages/tokens";

test.use({ house: "administration" });

const workgroup = "harrow-valley";

const TOM: Account = {
  email: "tom@tarn.example",
  password: "six slow copper herons",
  name: "Tom Reed",
  workgroups: ["tarn-works"],
};

test.beforeAll(async ({ server }) => {
  await server.run("user", "administrator", "--email", ADA.email);
});

test("a user is made, given a workgroup, and kept out at once", async ({
  page,
  browser,
  problems,
  server,
}) => {
  test.setTimeout(120_000);
  problems.foresee(/status of (401|422)/);
  const said = page.getByRole("status");
  const places = page.getByRole("navigation", { name: "Administration" });
  const row = (text: string) => page.getByRole("row").filter({ hasText: text });

  await test.step("an administrator makes a user, who is mailed a link", async () => {
    await page.goto("/");
    await page.getByRole("link", { name: "Administration" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Workgroups");
    await places.getByRole("link", { name: "Users" }).click();
    await page.getByRole("link", { name: "New user" }).click();
    await page.getByLabel("Name", { exact: true }).fill(TOM.name);
    await page.getByLabel("Email address").fill(TOM.email);
    await page.getByRole("button", { name: "Make user" }).click();
    await expect(said.filter({ hasText: "The user was made." })).toBeVisible();
    await expect(row(TOM.name)).toContainText("Not yet");
  });

  const browsers = await test.step("with it they set their password, and sign in", async () => {
    const letter = await newestLetter(server, TOM.email);
    expect(letter.link).toContain(server.url);
    const first = await browser.newContext({ ...nobody, baseURL: server.url });
    const second = await browser.newContext({ ...nobody, baseURL: server.url });
    for (const context of [first, second]) await problems.watch(context);
    const theirs = await first.newPage();
    await theirs.goto(letter.link);
    await expect(theirs.getByText(TOM.email)).toBeVisible();
    await theirs.getByLabel("New password", { exact: true }).fill(TOM.password);
    await theirs.getByRole("button", { name: "Set the password" }).click();
    await expect(theirs.getByRole("heading", { level: 1, name: "Account" })).toBeVisible();
    const elsewhere = await second.newPage();
    await elsewhere.goto("/sign-in");
    await enter(elsewhere, TOM);
    await expect(elsewhere.getByRole("heading", { level: 1, name: "Account" })).toBeVisible();
    return [theirs, elsewhere] as const;
  });
  const [theirs, elsewhere] = browsers;

  await test.step("a workgroup is made for them", async () => {
    await places.getByRole("link", { name: "Workgroups" }).click();
    await page.getByRole("link", { name: "New workgroup" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Tarn Works");
    await page.getByLabel("First owner").fill(TOM.email);
    await page.getByRole("button", { name: "Make workgroup" }).click();
    await expect(said.filter({ hasText: "The workgroup was made." })).toBeVisible();
    await expect(row("Tarn Works")).toContainText(TOM.name);
    await expect(row("Tarn Works")).not.toContainText("yours");
    for (const their of browsers) {
      await their.goto("/");
      await expect(their).toHaveURL(/\/tarn-works\/settings\/tokens$/);
      await expect(their.getByRole("heading", { name: "No tokens yet" })).toBeVisible();
    }
  });

  await test.step("the administrator does not see inside", async () => {
    problems.foresee(/status of 404/);
    await page.goto("/tarn-works/settings/tokens");
    await expect(page.getByRole("heading", { name: "No tokens yet" })).toHaveCount(0);
    await expect(page.getByRole("heading", { level: 1 })).toContainText("no such page");
  });

  const dialog = page.getByRole("dialog");
  const disable = async () => {
    await page.goto("/administration/users");
    await row(TOM.name).getByLabel(`More for ${TOM.name}`).click();
    await row(TOM.name).getByRole("link", { name: "Disable" }).click();
    await expect(dialog).toContainText(`Disable ${TOM.name}?`);
    await expect(dialog).toContainText(TOM.email);
    await dialog.getByRole("button", { name: "Disable" }).click();
  };

  await test.step("the only owner of a workgroup is not disabled", async () => {
    problems.foresee(/status of 409/);
    await disable();
    await expect(dialog.getByRole("alert")).toContainText("Tarn Works");
    await theirs.reload();
    await expect(theirs.getByRole("heading", { name: "No tokens yet" })).toBeVisible();
  });

  await test.step("the administrator becomes an owner, and sees inside", async () => {
    await page.goto("/administration");
    await row("Tarn Works").getByLabel("More for Tarn Works").click();
    await row("Tarn Works").getByRole("link", { name: "Make myself an owner" }).click();
    await expect(dialog).toContainText("Make yourself an owner of Tarn Works?");
    await dialog.getByRole("button", { name: "Make myself an owner" }).click();
    await expect(said.filter({ hasText: "You own the workgroup now." })).toBeVisible();
    await expect(row("Tarn Works")).toContainText("yours");
    await page.goto("/tarn-works/settings/tokens");
    await expect(page.getByRole("heading", { name: "No tokens yet" })).toBeVisible();
  });

  await test.step("once they are disabled, no browser of theirs is let in", async () => {
    await alive(theirs);
    await disable();
    await expect(said.filter({ hasText: "signed out everywhere" })).toBeVisible();
    await expect(row(TOM.name)).toContainText("disabled");

    await theirs.getByRole("link", { name: "Devices", exact: true }).click();
    await expect(theirs.getByRole("heading", { level: 1, name: /Sign in/ })).toBeVisible();
    await elsewhere.reload();
    await expect(elsewhere.getByRole("heading", { name: "Sign in to Latchkey" })).toBeVisible();
    await enter(elsewhere, TOM);
    await expect(elsewhere.getByRole("alert")).toContainText("This account is disabled.");
  });
  for (const their of browsers) await their.context().close();
});

test("a retired permission is offered no more", async ({ page }) => {
  const tunnel = page.getByRole("checkbox", { name: "Tunnel", exact: true });
  const form = new NewToken(page, workgroup);
  await form.open();
  await expect(tunnel).toBeVisible();

  await page.goto("/administration/permissions");
  const row = page.getByRole("row").filter({ hasText: "Tunnel" });
  await row.getByLabel("More for Tunnel").click();
  await row.getByRole("link", { name: "Retire" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Retire Tunnel?");
  await dialog.getByRole("button", { name: "Retire", exact: true }).click();
  const said = page.getByRole("status").filter({ hasText: "Nobody is given it anew." });
  await expect(said).toBeVisible();
  await expect(row).toContainText("retired");

  await form.open();
  await expect(page.getByRole("checkbox", { name: "Control devices", exact: true })).toBeVisible();
  await expect(tunnel).toHaveCount(0);
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(`script ${javaScriptEnabled ? "on" : "off"}`, () => {
    test.use({ javaScriptEnabled });

    test("a shorter longest lifetime leaves the longer ones out", async ({ page, problems }) => {
      // A browser that runs no script refuses to load one ahead of time, and calls it a matter of policy.
      if (!javaScriptEnabled) problems.foresee(/\/latchkey\.js csp$/);
      const save = async (longest: string) => {
        await page.goto(`/${workgroup}/settings/policy`);
        await page.getByLabel("Longest lifetime").selectOption({ label: longest });
        await page.getByRole("button", { name: "Save changes" }).click();
        const said = page.getByRole("status").filter({ hasText: "The policy was saved." });
        await expect(said).toBeVisible();
        await expect(page.getByLabel("Longest lifetime").locator("option:checked")).toHaveText(longest);
      };
      const expiry = (name: string) => page.getByRole("radio", { name, exact: true });
      const form = new NewToken(page, workgroup);

      await save("1 year");
      await form.open();
      for (const name of ["3 months", "6 months", "1 year"]) await expect(expiry(name)).toBeEnabled();

      await save("3 months");
      await form.open();
      await expect(expiry("3 months")).toBeEnabled();
      for (const name of ["6 months", "1 year"]) {
        await expect(expiry(name)).toBeDisabled();
        await expect(expiry(name)).toHaveAccessibleDescription("Policy: at most 3 months");
      }
    });
  });
}
