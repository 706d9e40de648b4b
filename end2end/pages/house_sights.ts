// The pages of devices, groups, imports, members, activity, policy and the administration, for journeys that look at all of them.

import type { Page } from "@playwright/test";
import type { Server } from "./server";
import type { Sight } from "./sights";

const workgroup = "harrow-valley";
const tokens = `/${workgroup}/settings/tokens`;

const devices = `/${workgroup}/settings/devices`;

/** The address of a device by what its row says. */
async function deviceBy(page: Page, search: string): Promise<string> {
  await page.goto(`${devices}?search=${encodeURIComponent(search)}`);
  const href = await page.getByTestId("device-row").first().getByRole("link").first().getAttribute("href");
  if (!href) throw new Error(`no device is found by ${search}`);
  return href;
}

const groups = `/${workgroup}/settings/device-groups`;

/** The address of the demonstration's first device group. */
async function firstGroup(server: Server): Promise<string> {
  const { items } = JSON.parse(
    await server.run("device-group", "list", "--workgroup", workgroup, "--json"),
  );
  return `${groups}/${items[0].id}`;
}

/** Sends rows of devices to be checked. */
async function checkRows(page: Page, rows: string): Promise<void> {
  await page.goto(`${devices}/import`);
  await page.getByLabel("Rows", { exact: true }).fill(rows);
  await page.getByRole("button", { name: "Check the file" }).click();
}

const members = `/${workgroup}/settings/members`;

/** Where the last link leads whose name begins so. */
async function linkOf(page: Page, name: string): Promise<string> {
  const links = page.getByRole("link", { name: new RegExp(`^${name} `) });
  return (await links.last().getAttribute("href")) ?? "";
}

const activity = `/${workgroup}/settings/activity`;
const notices = `/${workgroup}/settings/notices`;

/** In a demonstration, signed in as its first owner. */
export const houseSights: Sight[] = [
  { name: "devices", open: (page) => page.goto(devices) },
  { name: "no device found", open: (page) => page.goto(`${devices}?search=zzz`) },
  { name: "new device", open: (page) => page.goto(`${devices}/new`) },
  { name: "device", open: async (page) => page.goto(await deviceBy(page, "")) },
  { name: "edit device", open: async (page) => page.goto(`${await deviceBy(page, "")}/edit`) },
  {
    name: "remove device dialog",
    open: async (page) => page.goto(`${await deviceBy(page, "")}?dialog=remove`),
  },
  { name: "device groups", open: (page) => page.goto(groups) },
  { name: "no such device group", open: (page) => page.goto(`${groups}?search=zzz`) },
  { name: "new device group", open: (page) => page.goto(`${groups}/new`) },
  { name: "device group", open: async (page, server) => page.goto(await firstGroup(server)) },
  {
    name: "device group edit",
    open: async (page, server) => page.goto(`${await firstGroup(server)}/edit`),
  },
  {
    name: "remove device group dialog",
    open: async (page, server) => page.goto(`${await firstGroup(server)}?dialog=remove`),
  },
  {
    name: "replace a legacy token",
    open: async (page, server) => {
      const flags = ["--workgroup", workgroup, "--search", "Pressure map", "--json"];
      const { items } = JSON.parse(await server.run("token", "list", ...flags));
      await page.goto(`${tokens}/new?like=${items[0].id}`);
    },
  },
  { name: "import devices", open: (page) => page.goto(`${devices}/import`) },
  { name: "import legacy tokens", open: (page) => page.goto(`${tokens}/import`) },
  {
    name: "import preview",
    open: async (page) => {
      await checkRows(page, "external_id,name,metadata.site\nsight-1,Sight 1,north\nsight-2,Sight 2,\n");
      await page.getByRole("heading", { name: "Import of devices" }).waitFor();
    },
  },
  { name: "members", open: (page) => page.goto(members) },
  { name: "invite member", open: (page) => page.goto(`${members}/invite`) },
  {
    name: "member",
    open: async (page) => {
      await page.goto(members);
      await page.goto(await linkOf(page, "Edit"));
    },
  },
  {
    name: "remove dialog",
    open: async (page) => {
      await page.goto(members);
      await page.goto(`${await linkOf(page, "Edit")}?dialog=remove`);
    },
  },
  {
    name: "withdraw dialog",
    open: async (page, server) => {
      const flags = ["--workgroup", workgroup, "--permission", "read", "--json"];
      const email = `sight-${Date.now()}@example.com`;
      const { id } = JSON.parse(await server.run("member", "invite", "--email", email, ...flags));
      await page.goto(`${members}?dialog=withdraw&id=${id}`);
    },
  },
  { name: "activity", open: (page) => page.goto(activity) },
  { name: "denied activity", open: (page) => page.goto(`${activity}?denied=1`) },
  {
    name: "no such activity",
    open: (page) => page.goto(`${activity}?subject=zzz&verb=token.revoked&from=2020-01-01`),
  },
  { name: "notices", open: (page) => page.goto(notices) },
  { name: "undelivered notices", open: (page) => page.goto(`${notices}?show=undelivered`) },
  { name: "no such notice", open: (page) => page.goto(`${notices}?search=zzz`) },
  { name: "stop the calendar", open: (page) => page.goto(`${notices}?dialog=calendar-stop`) },
  {
    name: "letter preview",
    open: (page) => page.goto(`/${workgroup}/settings/notices/preview?letter=expiry`),
  },
  {
    name: "letter preview as text",
    open: (page) => page.goto(`/${workgroup}/settings/notices/preview?letter=revoked&as=text`),
  },
  { name: "policy", open: (page) => page.goto(`/${workgroup}/settings/policy`) },
  {
    name: "route policies",
    open: (page) => page.goto(`/${workgroup}/settings/routes`),
  },
  {
    name: "route policies with a request tried",
    open: async (page) => {
      await page.goto(`/${workgroup}/settings/routes`);
      await page.getByRole("radio", { name: "nginx" }).check();
      await page
        .getByLabel("Route policies", { exact: true })
        .fill("GET /devices/{device} any read device={device}\n* /admin/{*rest} access access.manage");
      await page.getByRole("button", { name: "Save changes" }).click();
      await page.goto(`/${workgroup}/settings/routes?method=GET&path=/admin/x&kind=access`);
    },
  },
  {
    name: "remove route policies dialog",
    open: (page) => page.goto(`/${workgroup}/settings/routes?dialog=remove`),
  },
  { name: "administration", open: (page) => page.goto("/administration") },
  { name: "new workgroup", open: (page) => page.goto("/administration/workgroups/new") },
  {
    name: "workgroup from outside",
    open: (page) => page.goto(`/administration/workgroups/${workgroup}`),
  },
  { name: "users", open: (page) => page.goto("/administration/users") },
  { name: "no user found", open: (page) => page.goto("/administration/users?search=zzz") },
  { name: "new user", open: (page) => page.goto("/administration/users/new") },
  { name: "permissions", open: (page) => page.goto("/administration/permissions") },
  {
    name: "retire a permission",
    open: (page) => page.goto("/administration/permissions?dialog=retire&id=tunnel"),
  },
  { name: "new permission", open: (page) => page.goto("/administration/permissions/new") },
  { name: "edit permission", open: (page) => page.goto("/administration/permissions/tunnel") },
  { name: "administration activity", open: (page) => page.goto("/administration/activity") },
];

/** The same, each in answer to a post. */
export const stillHouseSights: Sight[] = [
  {
    name: "refused route policies",
    still: true,
    open: async (page) => {
      await page.goto(`/${workgroup}/settings/routes`);
      await page.getByRole("radio", { name: "nginx" }).check();
      await page.getByLabel("Route policies", { exact: true }).fill("GET /a any\nget /b none");
      await page.getByRole("button", { name: "Save changes" }).click();
    },
  },
  {
    name: "refused device",
    still: true,
    open: async (page) => {
      await page.goto(`${devices}/new`);
      await page.getByLabel("Id", { exact: true }).fill("pump-sight");
      await page.getByLabel("Name", { exact: true }).fill("  ");
      await page.getByRole("button", { name: "Register device" }).click();
      await page.getByRole("alert").waitFor();
    },
  },
  {
    name: "reviewed device group",
    still: true,
    open: async (page, server) => {
      await page.goto(`${await firstGroup(server)}/edit`);
      await page.getByLabel("All but these devices").check();
      await page.getByLabel("Devices", { exact: true }).fill("");
      await page.getByRole("button", { name: "Review the change" }).click();
      await page.getByTestId("group-effect").waitFor();
    },
  },
  {
    name: "refused device group",
    still: true,
    open: async (page) => {
      await page.goto(`${groups}/new`);
      await page.getByLabel("Name", { exact: true }).fill("Nothing");
      await page.getByLabel("Devices", { exact: true }).fill("no-such-device");
      await page.getByRole("button", { name: "Make device group" }).click();
      await page.getByRole("alert").waitFor();
    },
  },
  {
    name: "refused rows",
    still: true,
    open: async (page) => {
      await checkRows(page, "external_id,name\nsight 1,Sight 1\nsight-2,\n");
      await page.getByRole("alert").waitFor();
    },
  },
  {
    name: "refused profile",
    still: true,
    open: async (page) => {
      await page.goto("/account");
      await page.getByLabel("Time zone").fill("Mars/Olympus");
      await page.getByRole("button", { name: "Save changes" }).click();
      await page.getByRole("alert").waitFor();
    },
  },
];
