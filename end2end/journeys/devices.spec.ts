// Devices and device groups: what an edit opens and closes for a token that is bound to a group, and what is left of it
// in the record.

import { Activity } from "../pages/activity";
import { call, expectRefused } from "../pages/caller";
import { DevicePage, Devices, GroupForm } from "../pages/devices";
import { expect, ownedTest as test } from "../pages/journey";
import { NewToken, TokenString } from "../pages/tokens";

test.use({ house: "devices" });

const workgroup = "harrow-valley";

test("a device is registered, reached through a group, shut out by its edit, and removed", async ({
  page,
  context,
  server,
}) => {
  test.setTimeout(180_000);
  const devices = new Devices(page, workgroup);
  const device = new DevicePage(page);
  const group = new GroupForm(page, workgroup);
  const shown = new TokenString(page);
  const register = ["device", "create", "--workgroup", workgroup, "--json"];
  const integrator = "Hall integrator · staging";

  const string = await test.step("a device's string is shown once", async () => {
    await page.goto(devices.address);
    await expect(page.getByRole("heading", { name: "No devices yet" })).toBeVisible();
    await page.getByRole("link", { name: "New device" }).click();
    await devices.register({ id: "pump-7", name: "Pump 7", metadata: "site = hall" });
    const string = await shown.read();
    expect(string).toMatch(/^lkd_/);
    expect((await call(`${server.url}/api/v1/token`, string)).status).toBe(200);
    return string;
  });

  await test.step("a reload makes nothing more and shows nothing again", async () => {
    await page.reload();
    await expect(page.getByRole("heading", { name: "Already made" })).toBeVisible();
    expect(await page.content()).not.toContain(string);
    await page.getByRole("link", { name: "Open the device" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Pump 7" })).toBeVisible();
    await expect(device.tokens).toHaveCount(1);
    await page.goto(devices.address);
    await expect(devices.rows).toHaveCount(1);
  });

  await test.step("a group holds what has the metadata", async () => {
    await server.run(...register, "--id", "pump-8", "--name", "Pump 8", "--metadata", "site=hall");
    await server.run(...register, "--id", "pump-9", "--name", "Pump 9", "--metadata", "site=yard");
    await group.make("Hall", ["site", "hall"]);
    await expect(page.getByRole("status").getByText("The device group was made.")).toBeVisible();
    await expect(page.getByRole("main")).toContainText("It holds 2 devices");
  });

  await test.step("a token that is bound to it reaches its devices, and their pages say why", async () => {
    const draft = { owner: "Hall integrator", name: "staging", email: "hall@example.com" };
    await new NewToken(page, workgroup).make({ ...draft, group: "Hall, 2 devices" });
    await shown.done();
    for (const name of ["Pump 7", "Pump 8"]) {
      await devices.openDevice(name);
      await expect(device.reaching(integrator)).toContainText("through the device group Hall");
      await expect(device.reaching(name)).toContainText("its own device token");
    }
    await devices.openDevice("Pump 9");
    await expect(device.reaching("Pump 9")).toContainText("its own device token");
    await expect(device.reaching(integrator)).toHaveCount(0);
  });

  await test.step("the review names the token, and the devices that open and close", async () => {
    await group.edit("Hall");
    await expect(page.getByRole("main")).toContainText("1 token and 0 members are bound to it");
    await page.getByLabel("Metadata value").fill("yard");
    await group.review();
    await expect(group.effect).toContainText(/Comes in 1.*Pump 9.*pump-9/);
    await expect(group.effect).toContainText(/Goes out 2.*Pump 7.*Pump 8/);
    await expect(group.effect.getByRole("listitem").filter({ hasText: integrator })).toHaveText(
      `${integrator} gains Pump 9, loses Pump 7 and 1 more`,
    );
  });

  await test.step("nothing is saved until it is agreed to", async () => {
    const elsewhere = await context.newPage();
    const other = new DevicePage(elsewhere);
    await new Devices(elsewhere, workgroup).openDevice("Pump 9");
    await expect(other.reaching("Pump 9")).toHaveCount(1);
    await expect(other.reaching(integrator)).toHaveCount(0);
    await new Devices(elsewhere, workgroup).openDevice("Pump 7");
    await expect(other.reaching(integrator)).toHaveCount(1);
    await elsewhere.close();
  });

  await test.step("once it is saved, it counts", async () => {
    await group.save();
    await expect(page.getByRole("main")).toContainText("It holds 1 device;");
    await devices.openDevice("Pump 9");
    await expect(device.reaching(integrator)).toContainText("through the device group Hall");
    for (const name of ["Pump 7", "Pump 8"]) {
      await devices.openDevice(name);
      await expect(device.reaching(name)).toHaveCount(1);
      await expect(device.reaching(integrator)).toHaveCount(0);
    }
  });

  await test.step("a token without the right removes nothing", async () => {
    const { token } = await server.createToken(workgroup, "Reader");
    const address = `${server.url}/api/v1/workgroups/${workgroup}/devices/pump-8`;
    const refused = await call(address, token, "DELETE");
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ code: "insufficient_permissions" });
    await devices.openDevice("Pump 8");
  });

  await test.step("a device is removed with its token, which the dialog names", async () => {
    await devices.openDevice("Pump 7");
    await device.askToRemove();
    await expect(device.dialog).toContainText("Remove Pump 7?");
    await expect(device.dialog).toContainText("1 token of the device is revoked");
    await expect(device.dialog.getByRole("listitem")).toContainText("Pump 7");
    await expect(device.dialog.getByRole("listitem")).toContainText(string.slice(-4));
    expect((await call(`${server.url}/api/v1/token`, string)).status).toBe(200);
    await device.dialog.getByRole("button", { name: "Remove device" }).click();
    await expect(page.getByRole("status").filter({ hasText: "removed" })).toContainText(
      "The device was removed, and its tokens were revoked.",
    );
    await expectRefused(server.url, string, "token_revoked");
    await devices.search("Pump 7");
    await expect(page.getByRole("heading", { name: "No device matches" })).toBeVisible();
  });

  const record = new Activity(page, workgroup);
  await test.step("the record says who did what, with before and after", async () => {
    await new NewToken(page, workgroup).make({ owner: "=1+1", email: "sums@example.com" });
    await shown.done();
    await page.getByRole("navigation", { name: "Workgroup" }).getByRole("link", { name: "Activity" }).click();
    await expect(record.row("Token created", "=1+1")).toContainText("Ada Marsh");
    await expect(record.row("Device registered", "Pump 7")).toContainText("Ada Marsh");
    await expect(record.row("Device registered", "Pump 8")).toContainText("The command line");
    await expect(record.row("Device group created", "Hall")).toContainText("Ada Marsh");
    const edited = record.row("Device group edited", "Hall");
    await expect(edited).toContainText("Ada Marsh");
    await expect(edited).toContainText(/Rule: .*hall.* became .*yard/);
    await expect(record.row("Device removed", "Pump 7")).toHaveAttribute("data-outcome", "done");
    await expect(record.row("Token revoked", "Pump 7")).toContainText("Ada Marsh");
    await expect(record.row("Device removed", "pump-8")).toHaveAttribute("data-outcome", "denied");
  });

  await test.step("it is narrowed by what was done, and by what was denied", async () => {
    const verb = "Device group edited";
    await record.narrow((page) => page.getByLabel("What was done").selectOption({ label: verb }));
    await expect(page).toHaveURL(/verb=device_group\.edited/);
    await expect(record.rows).toHaveCount(1);
    await expect(record.row(verb, "Hall")).toBeVisible();
    await page.getByRole("link", { name: /take this filter away$/ }).click();
    await expect(page).toHaveURL(/\/activity$/);
    await expect(record.row("Token created", "=1+1")).toBeVisible();

    // What was folded away with the filter is all there when it is opened again.
    await record.narrow((page) => page.getByLabel("Only what was denied").check({ timeout: 10_000 }));
    await expect(page).toHaveURL(/denied=1/);
    await expect(record.rows).toHaveCount(1);
    await expect(record.row("Device removed", "pump-8").getByTestId("denied")).toHaveText("Denied");
    await expect(record.rows).toContainText("Token Reader");
  });

  await test.step("the file has what the filters leave, and no formula", async () => {
    const denied = await record.export();
    expect(denied).toHaveLength(1);
    expect(denied[0]).toMatchObject({ verb: "device.removed", subject: "pump-8", actor_kind: "token" });
    expect(denied[0]?.denied).not.toBe("");

    await record.open();
    const lines = await record.export();
    expect(lines.length).toBeGreaterThan(8);
    const [made] = lines.filter(({ verb, subject }) => verb === "token.created" && /1\+1/.test(subject));
    expect(made).toMatchObject({ subject: "'=1+1", actor: "Ada Marsh", denied: "" });
    const cells = lines.flatMap((line) => Object.values(line));
    expect(cells.filter((cell) => /^\s*[=+\-@]/.test(cell))).toEqual([]);
    const [edited] = lines.filter(({ verb }) => verb === "device_group.edited");
    expect(edited?.before).toContain("hall");
    expect(edited?.after).toContain("yard");

    await record.open();
    await expect(record.rows.filter({ hasText: "Activity exported" })).toHaveCount(2);
  });
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  // A browser that runs no script refuses to load one ahead of time, and calls it a matter of policy.
  test.beforeEach(({ problems }) => problems.foresee(/\/latchkey\.js csp$/));

  test("a device is registered, and the edit of a group is reviewed and saved", async ({ page }) => {
    const devices = new Devices(page, workgroup);
    const group = new GroupForm(page, workgroup);
    const shown = new TokenString(page);
    for (const [number, site] of [
      [1, "weir"],
      [2, "gate"],
    ]) {
      await page.goto(`${devices.address}/new`);
      const metadata = `site = ${site}`;
      await devices.register({ id: `valve-${number}`, name: `Valve ${number}`, metadata });
      expect(await shown.read()).toMatch(/^lkd_/);
      await shown.done();
      await expect(page.getByRole("heading", { level: 1, name: `Valve ${number}` })).toBeVisible();
    }

    await group.make("Weir", ["site", "weir"]);
    await new NewToken(page, workgroup).make({
      owner: "Weir keeper",
      email: "weir@example.com",
      group: "Weir, 1 device",
    });
    await group.edit("Weir");
    await page.getByLabel("Metadata value").fill("gate");
    await group.review();
    await expect(group.effect).toContainText("Nothing was saved yet.");
    await expect(group.effect.getByRole("listitem").filter({ hasText: "Weir keeper" })).toHaveText(
      "Weir keeper gains Valve 2, loses Valve 1",
    );

    await page.getByLabel("Name", { exact: true }).fill("Gate");
    await group.save();
    await expect(page.getByRole("heading", { level: 1, name: "Gate", exact: true })).toBeVisible();
    await devices.openDevice("Valve 2");
    await expect(new DevicePage(page).reaching("Weir keeper")).toContainText(
      "through the device group Gate",
    );
    await devices.openDevice("Valve 1");
    await expect(new DevicePage(page).reaching("Valve 1")).toHaveCount(1);
    await expect(new DevicePage(page).reaching("Weir keeper")).toHaveCount(0);
  });
});
