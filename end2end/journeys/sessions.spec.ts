// A session is over when it is said to be over, and rights are those of the moment of the request.

import { expect, nobody, ownedTest as test } from "../pages/journey";
import { alive, enter, signIn, signOut } from "../pages/people";
import { ADA, type Account } from "../pages/server";
import { NewToken, NORTH } from "../pages/tokens";

test.use({ house: "sessions", ...nobody });

const workgroup = "harrow-valley";
const list = `/${workgroup}/settings/tokens`;

const EVE: Account = {
  email: "eve@harrow.example",
  password: "nine quiet purple larks",
  name: "Eve Thorne",
  workgroups: [workgroup],
};

test("a copied cookie opens nothing after sign-out", async ({ page, browser, problems, server }) => {
  await signIn(page, ADA);
  const copied = await page.context().storageState();
  const cookie = copied.cookies.find(({ name }) => name === "latchkey");
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  const headers = { Cookie: `latchkey=${cookie?.value}` };
  const ask = () => fetch(`${server.url}${list}`, { headers, redirect: "manual" });
  expect((await ask()).status).toBe(200);

  await signOut(page);
  const refused = await ask();
  expect(refused.status).toBe(303);
  expect(refused.headers.get("location")).toMatch(/^\/sign-in\?next=/);

  const thief = await browser.newContext({ baseURL: server.url, storageState: copied });
  await problems.watch(thief);
  const theirs = await thief.newPage();
  await theirs.goto(list);
  await expect(theirs.getByRole("heading", { name: "Sign in to Latchkey" })).toBeVisible();
  await thief.close();
});

test("a session that is ended on the account page is over in its browser", async ({
  page,
  browser,
  problems,
  server,
}) => {
  await signIn(page, ADA);
  const elsewhere = await browser.newContext({ ...nobody, baseURL: server.url });
  await problems.watch(elsewhere);
  const other = await elsewhere.newPage();
  await signIn(other, ADA);
  await page.goto("/account");
  await page.getByRole("button", { name: "End all others" }).click();
  await expect(page.getByRole("status")).toContainText(/signed out/i);
  await expect(page.getByRole("button", { name: /^End: / })).toHaveCount(0);
  await other.reload();
  await expect(other.getByRole("heading", { name: "Sign in to Latchkey" })).toBeVisible();
  await elsewhere.close();
});

test("a member who loses Manage access with the form open makes nothing", async ({
  page,
  problems,
  server,
}) => {
  problems.foresee(/status of 403/);
  await server.createUser(EVE);
  const member = ["member", "set", "--workgroup", workgroup, "--email", EVE.email];
  await server.run(...member, "--permission", "access.manage", "--permission", "read");
  await signIn(page, EVE);
  const form = new NewToken(page, workgroup);
  await form.open();
  await alive(page);
  await form.fill(NORTH);

  await server.run(...member, "--permission", "read");
  const answered = page.waitForResponse((answer) => answer.request().method() === "POST");
  await form.generate();
  expect((await answered).status()).toBe(403);
  await expect(page.getByRole("heading", { name: "You cannot do this here" })).toBeVisible();
  await expect(page.getByTestId("token-string")).toHaveCount(0);
  const tokens = JSON.parse(await server.run("token", "list", "--workgroup", workgroup, "--json"));
  expect(tokens.items).toEqual([]);
});

test("guessing is slowed in words, and the owner gets in again", async ({ page, problems }) => {
  test.setTimeout(120_000);
  problems.foresee(/status of (422|429)/);
  await page.goto("/sign-in");
  const alert = page.getByRole("alert");
  let status = 0;
  for (let guess = 0; guess < 15 && status !== 429; guess++) {
    const answered = page.waitForResponse((answer) => answer.request().method() === "POST");
    await enter(page, { ...EVE, password: `guess number ${guess} of many` });
    const answer = await answered;
    status = answer.status();
    if (status === 429) expect(Number(answer.headers()["retry-after"])).toBeGreaterThan(0);
    await expect(alert).toContainText(status === 429 ? "Too many attempts" : "wrong");
  }
  expect(status).toBe(429);
  await expect(alert).toContainText(/Try again in \d+ seconds?\./);
  await expect(page.getByLabel("Email address")).toHaveValue(EVE.email);
  await expect(async () => {
    await enter(page, ADA);
    await expect(page.getByRole("heading", { level: 1, name: "Tokens" })).toBeVisible({
      timeout: 5_000,
    });
  }).toPass({ intervals: [6_000], timeout: 60_000 });
});
