// The first day of an installation, as the README walks it: from the printed link to a token that was revoked.

import { expectRefused, runInShell } from "../pages/caller";
import { expect, test } from "../pages/journey";
import { NewToken, NORTH, TokenPage, TokenString } from "../pages/tokens";

test.use({ house: "first-day", permissions: ["clipboard-read", "clipboard-write"] });

test("an owner sets up, issues, renews, edits, reissues and revokes", async ({ page, server }) => {
  test.setTimeout(120_000);
  const token = new TokenPage(page);
  const shown = new TokenString(page);

  await test.step("the printed link makes the first administrator and workgroup", async () => {
    await page.goto(server.setupUrl);
    await page.getByLabel("Your name").fill("Ada Marsh");
    await page.getByLabel("Email address").fill("ada@harrow.example");
    await page.getByLabel("Password", { exact: true }).fill("seven mild yellow oxen");
    await page.getByLabel("Workgroup").fill("Harrow Valley");
    await page.getByRole("button", { name: "Set up" }).click();
    await expect(page).toHaveURL(`${server.url}/harrow-valley/settings/tokens`);
    await expect(page.getByRole("heading", { name: "No tokens yet" })).toBeVisible();
  });

  const first = await test.step("a token for an integrator is shown once", async () => {
    await page.getByRole("link", { name: "New token" }).click();
    const form = new NewToken(page, "harrow-valley");
    await form.fill({ ...NORTH, canRenew: true, permissions: ["Control devices"] });
    await expect(page.getByRole("radio", { name: "1 month" })).toBeChecked();
    const sentence = page.getByTestId("sentence");
    await expect(sentence).toContainText(NORTH.owner);
    await expect(sentence).toContainText("can renew");
    await form.generate();
    return shown.read();
  });

  await test.step("Copy takes the string and says so", async () => {
    await page.getByRole("button", { name: "Copy", exact: true }).click();
    await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(first);
  });

  await test.step("the lines on the page work in a shell as they stand", async () => {
    const itself = JSON.parse(await runInShell(await shown.command(/^Try it/), first));
    expect(itself).toMatchObject({ owner: NORTH.owner, can_renew: true, status: "active" });
    const renew = await shown.command(/^Renew it/);
    const successor = JSON.parse(await runInShell(renew, first));
    expect(successor.token).toMatch(/^lka_[0-9A-Za-z]{38}$/);
    expect(successor.token).not.toBe(first);
    const again = JSON.parse(await runInShell(renew, first));
    expect(again.token, "a repeated renewal").toBe(successor.token);
    expect(again.expires_at).toBe(successor.expires_at);
  });

  await test.step("the token's page has both strings, and none of them whole", async () => {
    await shown.done();
    await expect(page.getByRole("heading", { level: 1 })).toContainText(NORTH.owner);
    await expect(token.string(1)).toContainText("Created");
    await expect(token.string(2)).toContainText("Renewed");
    expect(await page.content()).not.toContain(first);
  });

  await test.step("what is edited stands on the page and in its activity", async () => {
    await page.getByRole("main").getByRole("link", { name: "Edit", exact: true }).click();
    await page.getByLabel("Name", { exact: true }).fill("production");
    await page.getByRole("button", { name: "Save changes" }).click();
    await expect(page.getByRole("status")).toContainText("Your changes were saved.");
    await expect(page.getByRole("heading", { level: 1 })).toContainText("production");
  });

  const third = await test.step("a reissue ends the older strings now", async () => {
    const string = await token.reissue("End now");
    await shown.done();
    await expect(token.string(3)).toContainText("Reissued");
    await expectRefused(server.url, first, "token_superseded");
    return string;
  });

  await test.step("a revoked token is refused on its next call", async () => {
    expect(await runInShell(`${curl(server.url)} -o /dev/null -w '%{http_code}'`, third)).toBe("200");
    await token.revoke();
    await expectRefused(server.url, third, "token_revoked");
    await expectRefused(server.url, first, "token_revoked");
    await expect(page.getByRole("link", { name: "Edit", exact: true })).toHaveCount(0);
  });
});

const curl = (url: string) =>
  `curl -s ${url}/api/v1/token -H "Authorization: Bearer $LATCHKEY_TOKEN"`;
