// The list of tokens: what narrows it stands in the address, and once script is alive nothing is loaded anew.

import { demoTest as test, expect } from "../pages/journey";
import { alive, expectSameDocument, markDocument } from "../pages/people";
import { TokenList, TokenPage } from "../pages/tokens";

test.use({ house: "list" });

const workgroup = "harrow-valley";

/** More than a page holds: fifty rows. */
test.beforeAll(async ({ server }) => {
  for (let number = 1; number <= 25; number++) {
    await server.createToken(workgroup, `Turbidity probe ${String(number).padStart(2, "0")}`);
  }
});

test.beforeEach(async ({ page }) => {
  await new TokenList(page, workgroup).open();
  await alive(page);
  await markDocument(page);
});

test("the search narrows the rows while it is typed", async ({ page }) => {
  const list = new TokenList(page, workgroup);
  await list.search.pressSequentially("SCADA", { delay: 30 });
  await expect(list.rows).toHaveCount(1);
  await expect(list.row("Plant integrator")).toContainText("SCADA bridge");
  await expect(page).toHaveURL(/\?search=SCADA$/);
  await expect(list.search).toBeFocused();
  await expect(list.search).toHaveValue("SCADA");

  await list.search.fill("nobody has this name");
  await expect(page.getByRole("heading", { name: /^No token matches/ })).toBeVisible();
  await list.search.fill("");
  await expect(list.rows).toHaveCount(50);
  await expect(page).toHaveURL(/\/tokens$/);
  await expectSameDocument(page);
});

test("owner, name, address and hint are all searched", async ({ page }) => {
  const list = new TokenList(page, workgroup);
  const hint = await list.row("SCADA bridge").getByText(/^lka_…/).first().innerText();
  const last = hint.slice(-4);
  for (const text of ["plant integr", "scada", "integration@nordkern", last]) {
    await list.search.fill(text);
    await expect(page).toHaveURL(new RegExp(`search=${encodeURIComponent(text)}$`));
    await expect(list.row("SCADA bridge")).toHaveCount(1);
    expect(await list.rows.count()).toBeLessThan(10);
  }
  await expectSameDocument(page);
});

test("each state has its count and shows what it counts", async ({ page }) => {
  const list = new TokenList(page, workgroup);
  for (const state of ["Expiring", "Expired", "Revoked", "Active"]) {
    const chip = list.chip(state);
    const count = Number((await chip.innerText()).replace(/\D/g, ""));
    expect(count).toBeGreaterThan(0);
    await chip.click();
    await expect(chip).toHaveAttribute("aria-current", "true");
    await expect(page).toHaveURL(new RegExp(`\\?status=${state.toLowerCase()}$`));
    await expect(list.rows.first()).toHaveAttribute("data-status", state.toLowerCase());
    const states = await list.rows.evaluateAll((rows) =>
      rows.map((row) => row.getAttribute("data-status")),
    );
    expect(new Set(states)).toEqual(new Set([state.toLowerCase()]));
    expect(states).toHaveLength(Math.min(count, 50));
  }
  await expectSameDocument(page);
});

test("what ends first stands first, and what never ends stands last", async ({ page }) => {
  const list = new TokenList(page, workgroup);
  await expect(list.rows.first()).toHaveAttribute("data-status", "expired");
  const ends = await list.rows.evaluateAll((rows) =>
    rows.map((row) => row.querySelectorAll("td")[2]?.querySelector("time")?.dateTime ?? "never"),
  );
  expect(ends).toHaveLength(50);
  expect(new Set(ends).size).toBeGreaterThan(20);
  expect(ends).toEqual(ends.toSorted());
});

test("revoked tokens are shown on demand", async ({ page }) => {
  const list = new TokenList(page, workgroup);
  const all = list.chip("All");
  const before = Number((await all.innerText()).replace(/\D/g, ""));
  await list.revoked.check();
  await expect(page).toHaveURL(/\?revoked=1$/);
  await expect(all).not.toContainText(String(before));
  await list.search.fill("Contract lab");
  await expect(list.row("Contract lab")).toHaveAttribute("data-status", "revoked");
  await list.revoked.uncheck();
  await expect(list.rows).toHaveCount(0);
  await expectSameDocument(page);
});

test("a month and a mark of the strip filter the list", async ({ page }) => {
  const list = new TokenList(page, workgroup);
  const strip = page.getByRole("group", { name: "Expiries in the next twelve months" });
  const months = await strip.getByRole("link").all();
  expect(months).toHaveLength(12);
  let chosen = 0;
  for (const month of months) {
    const words = (await month.getAttribute("aria-label")) ?? "";
    chosen = Number(words.match(/: (\d+) tokens? expires?/)?.[1] ?? 0);
    if (chosen === 0) continue;
    // Its label: above it stand marks, which are links of their own.
    await month.click({ position: { x: 20, y: 76 } });
    break;
  }
  expect(chosen).toBeGreaterThan(0);
  await expect(page).toHaveURL(/\?expires=\d{4}-\d\d$/);
  await expect(list.rows).toHaveCount(Math.min(chosen, 50));
  await page.getByRole("link", { name: /show every expiry$/ }).click();
  await expect(page).toHaveURL(/\/tokens$/);

  // The eight tablets of the crews end on one day: their pile has a number.
  const pile = page.locator('svg a[aria-hidden="true"]:visible').filter({ hasText: /: [89] tokens/ });
  await pile.first().click({ position: { x: 8, y: 40 } });
  await expect(page).toHaveURL(/\?expires=\d{4}-\d\d-\d\d$/);
  await expect(list.row("Crew 1")).toHaveCount(1);
  await expectSameDocument(page);
});

test("Next and Previous turn the pages, and nothing is lost between them", async ({ page }) => {
  const list = new TokenList(page, workgroup);
  const pages = page.getByRole("navigation", { name: "Pages" });
  const links = () =>
    list.rows.evaluateAll((rows) => rows.map((row) => row.querySelector("th a")?.getAttribute("href")));
  const first = await links();
  expect(first).toHaveLength(50);
  await pages.getByRole("link", { name: "Next" }).click();
  await expect(page).toHaveURL(/\?after=/);
  await expect(pages.getByRole("link", { name: "Next" })).toHaveCount(0);
  const second = await links();
  expect(second.length).toBeGreaterThan(0);
  const total = Number((await list.chip("All").innerText()).replace(/\D/g, ""));
  expect(new Set([...first, ...second]).size).toBe(total);

  await pages.getByRole("link", { name: "Previous" }).click();
  await expect(page).toHaveURL(/\?before=/);
  await expect(list.rows).toHaveCount(50);
  expect(await links()).toEqual(first);
  await expectSameDocument(page);
});

test("the back button restores the view that was left", async ({ page }) => {
  const list = new TokenList(page, workgroup);
  await list.chip("Expiring").click();
  await expect(page).toHaveURL(/status=expiring/);
  await list.search.fill("halvorsen");
  await expect(list.rows).toHaveCount(1);
  await list.openToken("Halvorsen Drilling");
  await page.goBack();
  await expect(page).toHaveURL(/\?search=halvorsen&status=expiring$/);
  await expect(list.rows).toHaveCount(1);
  await expect(list.search).toHaveValue("halvorsen");
  await page.goBack();
  await expect(page).toHaveURL(/\/tokens$/);
  await expect(list.rows).toHaveCount(50);
  await expect(list.search).toHaveValue("");
  await expectSameDocument(page);
});

test("/ goes to the search and n to the form", async ({ page }) => {
  const list = new TokenList(page, workgroup);
  await page.keyboard.press("/");
  await expect(list.search).toBeFocused();
  await expect(list.search).toHaveValue("");
  await page.keyboard.type("n/a");
  await expect(list.search).toHaveValue("n/a");
  await expect(page).toHaveURL(/search=n%2Fa$/);
  await list.search.fill("");
  await expect(page).toHaveURL(/\/tokens$/);
  await list.search.blur();
  await page.keyboard.press("n");
  await expect(page).toHaveURL(/\/tokens\/new$/);
  await expect(page.getByRole("heading", { name: "New token" })).toBeVisible();
  await expectSameDocument(page);
});

test("a row's menu opens, closes, and leads to the dialogs", async ({ page }) => {
  const list = new TokenList(page, workgroup);
  const row = list.row("Halvorsen Drilling");
  const menu = row.getByLabel("More for Halvorsen Drilling");
  const item = row.getByRole("link", { name: "Revoke token" });
  await menu.click();
  await expect(item).toBeVisible();
  await expect(row.getByRole("link", { name: "Reissue token" })).toBeVisible();
  await expect(row.getByRole("link", { name: "Duplicate" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(item).toBeHidden();
  await menu.click();
  await page.getByRole("heading", { level: 1 }).click();
  await expect(item).toBeHidden();

  await menu.click();
  await item.click();
  await expect(new TokenPage(page).dialog).toContainText("Revoke the token of Halvorsen Drilling?");
  await expectSameDocument(page);
});

test("Duplicate fills the form, Replace that of a legacy token", async ({ page }) => {
  const list = new TokenList(page, workgroup);
  const scada = list.row("SCADA bridge");
  await scada.getByLabel(/^More for/).click();
  await scada.getByRole("link", { name: "Duplicate" }).click();
  await expect(page.getByLabel("Token owner")).toHaveValue("Plant integrator");
  await expect(page.getByRole("checkbox", { name: "Control devices" })).toBeChecked();
  await expect(page.getByLabel("Device group")).toHaveValue("North plant");
  await list.open();
  await list.row("Pressure map").getByRole("link", { name: /^Replace/ }).click();
  await expect(page.getByLabel("Token owner")).toHaveValue("Pressure map");
});

test("a shared address opens the same view for somebody else", async ({
  page,
  browser,
  problems,
  server,
  storageState,
}) => {
  const list = new TokenList(page, workgroup);
  await list.chip("Active").click();
  await list.search.fill("crew");
  await expect(page).toHaveURL(/\?search=crew&status=active$/);
  await expect(list.rows.first()).toContainText("Crew");
  const rows = await list.rows.allInnerTexts();
  const context = await browser.newContext({ baseURL: server.url, storageState });
  await problems.watch(context);
  const other = await context.newPage();
  await other.goto(page.url());
  const theirs = new TokenList(other, workgroup);
  await expect(theirs.search).toHaveValue("crew");
  await expect(theirs.chip("Active")).toHaveAttribute("aria-current", "true");
  expect((await theirs.rows.allInnerTexts()).length).toBe(rows.length);
  await context.close();
});
