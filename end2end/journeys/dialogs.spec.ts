// With script a dialog opens in the page that stands there, keeps the keyboard to itself, and leaves no trace when it is left.

import { expect, ownedTest as test } from "../pages/journey";
import { alive, expectSameDocument, markDocument } from "../pages/people";
import { NewToken, NORTH, TokenList, TokenPage, TokenString } from "../pages/tokens";

test.use({ house: "dialogs" });

const workgroup = "harrow-valley";

/** A token of two strings, on whose page script is alive. */
test.beforeEach(async ({ page, server }) => {
  const { id } = await server.createToken(workgroup, "Weir gauge");
  await server.run("token", "reissue", id, "--older", "keep");
  await page.goto(`/${workgroup}/settings/tokens/${id}`);
  await alive(page);
  await markDocument(page);
});

const dialogs = [
  { opener: "Reissue token", query: /\?dialog=reissue$/, keep: "Keep as it is" },
  { opener: "Revoke token", query: /\?dialog=revoke$/, keep: "Keep token" },
  { opener: "Retire string #1", query: /\?dialog=retire&number=1$/, keep: "Keep string" },
];

for (const { opener, query, keep } of dialogs) {
  test(`${opener}: opens in place, and Escape closes it`, async ({ page }) => {
    const { dialog } = new TokenPage(page);
    const link = page.getByRole("main").getByRole("link", { name: opener, exact: true });
    await link.focus();
    await page.keyboard.press("Enter");
    await expect(dialog).toBeVisible();
    await expect(page).toHaveURL(query);
    expect(await dialog.evaluate((node) => node.matches(":modal"))).toBe(true);
    const inside = () => dialog.evaluate((node) => node.contains(document.activeElement));
    expect(await inside(), "the focus is in the dialog").toBe(true);

    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    await expect(page).not.toHaveURL(/dialog=/);
    await expect(link).toBeFocused();
    await expectSameDocument(page);
  });

  test(`${opener}: ${keep} closes it and changes nothing`, async ({ page }) => {
    const { dialog } = new TokenPage(page);
    const link = page.getByRole("main").getByRole("link", { name: opener, exact: true });
    await link.click();
    await dialog.getByRole("link", { name: keep }).click();
    await expect(dialog).toHaveCount(0);
    await expect(page).not.toHaveURL(/dialog=/);
    await expect(link).toBeFocused();
    await expect(page.getByText("2 of 2 live")).toBeVisible();
    await expectSameDocument(page);
  });
}

test("the back button closes a dialog, and forward opens it again", async ({ page }) => {
  const token = new TokenPage(page);
  await token.ask("Revoke token");
  await page.goBack();
  await expect(token.dialog).toHaveCount(0);
  await page.goForward();
  await expect(token.dialog).toBeVisible();
  expect(await token.dialog.evaluate((node) => node.matches(":modal"))).toBe(true);
  await expectSameDocument(page);
});

test("a dialog's address opens it on a fresh visit, modal, and can be left", async ({ page }) => {
  const token = new TokenPage(page);
  await page.goto(`${page.url()}?dialog=revoke`);
  await alive(page);
  expect(await token.dialog.evaluate((node) => node.matches(":modal"))).toBe(true);
  await page.keyboard.press("Escape");
  await expect(token.dialog).toHaveCount(0);
  await expect(page).not.toHaveURL(/dialog=/);
});

test("shortcuts wait while a dialog is open", async ({ page }) => {
  const token = new TokenPage(page);
  await token.ask("Revoke token");
  await page.keyboard.press("n");
  await expect(token.dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(token.dialog).toHaveCount(0);
  await page.keyboard.press("n");
  await expect(page).toHaveURL(/\/tokens\/new$/);
});

test("retiring a string from its dialog ends that string alone", async ({ page }) => {
  const token = new TokenPage(page);
  await token.askToRetire(1);
  await token.confirm("Retire");
  await expect(page.getByRole("status")).toContainText("Retired.");
  await expect(page.getByText("1 of 2 live")).toBeVisible();
});

test("a double click on Generate token makes one token", async ({ page }) => {
  const form = new NewToken(page, workgroup);
  await form.open();
  await alive(page);
  await form.fill(NORTH);
  await page.getByRole("button", { name: "Generate token" }).dblclick();
  await new TokenString(page).read();
  const list = new TokenList(page, workgroup);
  await list.open(`?search=${encodeURIComponent(NORTH.owner)}`);
  await expect(list.rows).toHaveCount(1);
});

test("neither a reload nor the back button makes a second token", async ({ page, server }) => {
  const form = new NewToken(page, workgroup);
  const owner = "South plant integrator";
  await form.open();
  await alive(page);
  await form.fill({ owner, email: "south@example.com" });
  await form.generate();
  const string = await new TokenString(page).read();

  await page.reload();
  await expect(page.getByRole("heading", { name: "Already made" })).toBeVisible();
  expect(await page.content()).not.toContain(string);

  await page.goBack();
  await expect(page.getByRole("heading", { name: "New token" })).toBeVisible();
  expect(await page.content()).not.toContain(string);
  await alive(page);
  const list = new TokenList(page, workgroup);
  await list.open(`?search=${encodeURIComponent(owner)}`);
  await expect(list.rows).toHaveCount(1);
  expect(server.log).not.toContain(string);
});
