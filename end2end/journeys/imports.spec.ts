// Devices and legacy tokens from a file: seen before they are made, made while others work, or not made at all.

import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { call, expectRefused } from "../pages/caller";
import { Devices } from "../pages/devices";
import { ImportPage } from "../pages/imports";
import { expect, ownedTest as test } from "../pages/journey";
import { expectSameDocument, markDocument } from "../pages/people";
import { NewToken, TokenList, TokenPage, TokenString } from "../pages/tokens";

test.use({ house: "imports" });

const workgroup = "harrow-valley";

test("ten thousand devices are made while other pages answer", async ({ page, context }) => {
  test.setTimeout(240_000);
  const file = new ImportPage(page, workgroup);
  const devices = new Devices(page, workgroup);
  const elsewhere = await context.newPage();
  const meters = Array.from({ length: 10_000 }, (_, at) => `meter-${at},Meter ${at},site-${at % 7}`);

  await test.step("the preview makes nothing", async () => {
    await file.open("devices");
    await file.upload("meters.csv", ["external_id,name,metadata.site", ...meters]);
    await file.expectPreview(/10\s?000 devices will be made/);
    const table = page.getByRole("region", { name: /^The first 20 of 10\s?000 rows/ });
    await expect(table.getByRole("row")).toHaveCount(21);
    await expect(table.getByRole("row").nth(1)).toContainText("meter-0");
    await elsewhere.goto(devices.address);
    await expect(elsewhere.getByRole("heading", { name: "No devices yet" })).toBeVisible();
  });

  await test.step("the bar moves by itself while others read and write", async () => {
    await file.start();
    await expect(file.bar).toBeVisible();
    await markDocument(page);
    const heights: number[] = [];
    const watch = async () => {
      for (let height = await file.done(); height !== undefined; height = await file.done()) {
        if (height !== heights.at(-1)) heights.push(height);
        await pause(50);
      }
    };
    let answered = 0;
    // Asked with the session but without a tab: how long a browser takes to start one is not what is meant.
    const read = async () => {
      while ((await file.done()) !== undefined) {
        const answer = await context.request.get(`/${workgroup}/settings/tokens`);
        expect(answer.status()).toBe(200);
        if ((await file.done()) !== undefined) answered += 1;
      }
    };
    const write = new NewToken(elsewhere, workgroup).make({
      owner: "Made meanwhile",
      email: "meanwhile@example.com",
    });
    await Promise.all([watch(), write, read(), read(), read()]);
    expect(answered, "pages that answered while it ran").toBeGreaterThanOrEqual(3);
    expect(heights.length, `the bar stood at ${heights}`).toBeGreaterThanOrEqual(2);
    expect(heights, "where the bar stood").toEqual(heights.toSorted((one, other) => one - other));
  });

  await test.step("it ends done, on the page that was open all the time", async () => {
    await file.expectMade(/10\s?000 devices were made/);
    await expectSameDocument(page);
    await page.getByRole("link", { name: "See the devices" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Devices\s?10\s?000$/);
    await devices.search("meter-9999");
    await expect(devices.rows).toHaveCount(1);
  });
});

test("numbers of an import are written as numbers are everywhere", async ({ page }) => {
  const file = new ImportPage(page, workgroup);
  const rows = Array.from({ length: 1000 }, (_, at) => `gauge-${at},Gauge ${at}`);
  await file.open("devices");
  await file.paste(["external_id,name", ...rows]);
  await file.expectPreview(/1\u202f000 devices will be made/);
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(page.getByRole("status").filter({ hasText: "thrown away" })).toBeVisible();
});

test("a file with ten bad rows names all ten and makes nothing", async ({ page, problems, server }) => {
  problems.foresee(/status of 422/);
  const taken = ["--id", "taken-1", "--name", "Taken"];
  await server.run("device", "create", "--workgroup", workgroup, ...taken);
  const file = new ImportPage(page, workgroup);
  await file.open("devices");
  await file.upload("mixed.csv", [
    "external_id,name,metadata.site",
    "sound-1,Sound 1,north",
    ",Without an id,north",
    "with space,Spaced,north",
    "nameless,,north",
    `${"i".repeat(121)},Long id,north`,
    `long-name,${"n".repeat(81)},north`,
    "sound-1,Twice,north",
    `long-value,Long value,${"v".repeat(201)}`,
    "many,Cells,too,many",
    "few",
    "taken-1,Taken already,north",
    "sound-2,Sound 2,",
  ]);
  await expect(page.getByRole("alert")).toContainText("10 rows of 12 cannot be imported");
  await expect(file.bad).toHaveCount(10);
  const reasons = [
    [3, "external_id"],
    [4, "with space"],
    [5, "name"],
    [6, "120 characters"],
    [7, "80 characters"],
    [8, "line 2"],
    [9, "200 characters"],
    [10, "many"],
    [11, "few"],
    [12, "already a device with this id"],
  ];
  for (const [at, [line, why]] of reasons.entries()) {
    await expect(file.bad.nth(at)).toContainText(new RegExp(`^Line ${line}(?!\\d).*${why}`));
  }
  await expect(page.getByRole("button", { name: /^Import/ })).toHaveCount(0);
  const devices = new Devices(page, workgroup);
  await devices.search("sound-");
  await expect(page.getByRole("heading", { name: "No device matches" })).toBeVisible();
});

test("a legacy token goes on working until it is replaced and revoked", async ({ page, server }) => {
  const old = "old-portal.7/abc_DEF=";
  const hash = createHash("sha256").update(old).digest("hex");
  const itself = `${server.url}/api/v1/token`;
  expect((await call(itself, old)).status).toBe(401);

  const file = new ImportPage(page, workgroup);
  await file.open("tokens");
  await file.paste([
    "owner,email,sha256,expires_at,scopes",
    `Old portal,ops@old.example,${hash},,plant.read plant.write`,
  ]);
  await file.expectPreview(/1 legacy token will be made/);
  await file.start();
  await file.expectMade(/1 legacy token was made/);
  expect((await call(itself, old)).status).toBe(200);

  await page.getByRole("link", { name: "See the tokens" }).click();
  const row = new TokenList(page, workgroup).row("Old portal");
  await expect(row).toContainText("legacy");
  await row.getByRole("link", { name: "Replace Old portal" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "New token" })).toBeVisible();
  const main = page.getByRole("main");
  await expect(main).toContainText("Replaces the legacy token Old portal");
  await expect(main).toContainText("plant.read, plant.write, are no permissions");
  await expect(page.getByLabel("Token owner")).toHaveValue("Old portal");
  await expect(page.getByLabel("Email address")).toHaveValue("ops@old.example");
  const permissions = page.getByRole("group", { name: "Permissions" });
  await expect(permissions.getByRole("checkbox", { checked: true })).toHaveCount(1);
  await expect(permissions.getByRole("checkbox", { name: "Read", exact: true })).toBeChecked();

  await new NewToken(page, workgroup).generate();
  const string = await new TokenString(page).read();
  expect((await call(itself, string)).status).toBe(200);
  expect((await call(itself, old)).status, "the replaced one").toBe(200);

  await page.goto(`/${workgroup}/settings/tokens`);
  const legacy = page.getByTestId("token-row").filter({ hasText: "legacy" });
  await legacy.getByRole("rowheader").getByRole("link").click();
  await new TokenPage(page).revoke();
  await expectRefused(server.url, old, "token_revoked");
  expect((await call(itself, string)).status).toBe(200);
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  // A browser that runs no script refuses to load one ahead of time, and calls it a matter of policy.
  test.beforeEach(({ problems }) => problems.foresee(/\/latchkey\.js csp$/));

  test("three devices are imported to the end", async ({ page }) => {
    const file = new ImportPage(page, workgroup);
    await file.open("devices");
    await file.paste([
      "external_id;name;site",
      "sluice-1;Sluice 1;weir",
      "sluice-2;Sluice 2;weir",
      "sluice-3;Sluice 3;",
    ]);
    await file.expectPreview(/3 devices will be made/);
    await file.start();
    await file.expectMade(/3 devices were made/);
    const devices = new Devices(page, workgroup);
    await devices.search("sluice");
    await expect(devices.rows).toHaveCount(3);
    await expect(devices.rows.first()).toContainText("site = weir");
  });
});
