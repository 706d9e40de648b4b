// People come by a mailed link and go by a click; what they hold is what they hold at that moment.

import type { Page } from "@playwright/test";
import { call } from "../pages/caller";
import { expect, ownedTest as test } from "../pages/journey";
import { newestLetter } from "../pages/mail";
import {
  admit,
  another,
  codeOf,
  expectDone,
  expectNowhere,
  held,
  Invitation,
  MemberPage,
  Members,
  person,
  setMember,
} from "../pages/members";
import { alive, enter, signIn } from "../pages/people";
import { Recorder } from "../pages/secrets";
import { ADA, type Server } from "../pages/server";
import { NewToken, NORTH, TokenString } from "../pages/tokens";

test.use({ house: "members" });

const workgroup = "harrow-valley";

async function countTokens(server: Server): Promise<number> {
  const flags = ["--workgroup", workgroup, "--revoked", "--json"];
  return JSON.parse(await server.run("token", "list", ...flags)).items.length;
}

for (const [javaScriptEnabled, maria] of [
  [true, person("Maria Quist")],
  [false, person("Mona Quill")],
] as const) {
  test.describe(`script ${javaScriptEnabled ? "on" : "off"}`, () => {
    test.use({ javaScriptEnabled });

    // Without script none is loaded ahead of time, which the browser calls a matter of policy; what was is not used.
    test.beforeEach(({ problems }) => {
      if (!javaScriptEnabled) problems.foresee(/\/latchkey\.(js csp$|wasm was preloaded)/);
    });

    const ready = async (page: Page) => {
      if (javaScriptEnabled) await alive(page);
    };

    test("somebody is invited, joins, and is removed with a form open", async ({
      page,
      context,
      browser,
      problems,
      server,
    }) => {
      test.setTimeout(90_000);
      problems.foresee(/status of 404/);
      const members = new Members(page, workgroup);
      const seen = new Recorder(context);
      const guest = await another(browser, server, problems);
      const invitation = new Invitation(guest);
      const form = new NewToken(guest, workgroup);

      await test.step("the owner invites by address, with two permissions", async () => {
        await members.open();
        await members.invite({ email: maria.email, permissions: ["Read", "Manage access"] });
        const row = members.invitation(maria.email);
        await expect(row).toContainText(`Invited by ${ADA.name}`);
        await expect(row).toContainText("Manage access");
        await expect(row).toContainText(/Works until \d+ \w+ \d{4}/);
        await expect(members.row(maria.email)).toHaveCount(0);
      });

      const letter = await test.step("the letter says who invites, and to what", async () => {
        const letter = await newestLetter(server, maria.email);
        expect(letter.subject).toBe("Ada Marsh invites you to Harrow Valley on Latchkey");
        expect(letter.text).toContain("Manage access");
        expect(letter.link.startsWith(`${server.url}/invite/`)).toBe(true);
        return letter;
      });

      await test.step("its link says what is offered, and makes a member of a stranger", async () => {
        await guest.goto(letter.link);
        await expect(guest.getByRole("heading", { name: "Join Harrow Valley" })).toBeVisible();
        const offered = guest.getByText("You will hold:");
        await expect(offered).toContainText(`Ada Marsh invites ${maria.email}.`);
        await expect(offered).toContainText("Read, Manage access");
        expect(await guest.content()).not.toContain(codeOf(letter));
        await invitation.fill(maria.name, maria.password);
        await invitation.join();
        await expect(guest).toHaveURL(/\/harrow-valley\/settings\/tokens\?done=joined$/);
        await expect(guest.getByRole("heading", { level: 1, name: "Tokens" })).toBeVisible();
        await expectDone(guest, "You are a member now.");
        expect(await held(server, maria)).toMatchObject({
          name: maria.name,
          owner: false,
          permissions: ["read", "access.manage"],
        });
        expect(await guest.content()).not.toContain(codeOf(letter));
      });

      const string = await test.step("the new member makes a token, and fills the form again", async () => {
        const string = await form.make({ owner: `Pump of ${maria.name}`, email: maria.email });
        await new TokenString(guest).done();
        await guest.goto(`/${workgroup}/settings/tokens`);
        await guest.getByRole("link", { name: "New token" }).first().click();
        await expect(guest.getByRole("heading", { level: 1, name: "New token" })).toBeVisible();
        await ready(guest);
        await expect(guest.getByRole("checkbox", { name: "Tunnel", exact: true })).toBeDisabled();
        await form.fill({ ...NORTH, canRenew: true, permissions: ["Manage access"] });
        return string;
      });

      const before = await countTokens(server);
      await test.step("the owner sees them, and removes them after being asked", async () => {
        await members.open();
        await expect(members.invitation(maria.email)).toHaveCount(0);
        await expect(members.row(maria.name)).toContainText(maria.email);
        await members.askToRemove(maria.name);
        await expect(members.dialog).toContainText("They lose access at once, in every browser.");
        await expect(members.dialog).toContainText("The token that they issued lives on:");
        await expect(members.dialog.getByRole("listitem")).toContainText(`Pump of ${maria.name}`);
        await members.confirmRemoval();
        await expect(members.row(maria.name)).toHaveCount(0);
      });

      await test.step("Generate token is refused at once, and nothing is made", async () => {
        await form.generate();
        await expect(guest.getByRole("heading", { name: "Sign in to Latchkey" })).toBeVisible();
        await expect(guest.getByTestId("token-string")).toHaveCount(0);
        expect(await countTokens(server)).toBe(before);
        expect((await call(`${server.url}/api/v1/token`, string)).status).toBe(200);
      });

      await test.step("whoever signs in again finds no workgroup", async () => {
        await enter(guest, maria);
        await expect(guest.getByRole("heading", { name: "There is no such page" })).toBeVisible();
        await expect(guest.locator("body")).not.toContainText("Harrow Valley");
        await guest.goto("/");
        await expect(guest.getByRole("heading", { level: 1, name: "Account" })).toBeVisible();
        await expect(guest.locator("body")).not.toContainText("Harrow Valley");
      });

      await test.step("the link works for nobody any more", async () => {
        await guest.goto(letter.link);
        await invitation.expectDead("Harrow Valley", ADA.name, maria.email);
        const stranger = await another(browser, server, problems);
        await stranger.goto(letter.link);
        await new Invitation(stranger).expectDead("Harrow Valley", ADA.name, maria.email);
        await stranger.context().close();
      });

      await test.step("none of the owner's pages had the link", async () => {
        await page.goto(`/${workgroup}/settings/activity`);
        await expect(page.getByRole("main")).toContainText(maria.email);
        await ready(page);
        await expectNowhere(server, seen, letter);
      });
      await guest.context().close();
    });
  });
}

test("somebody who is removed here and belongs elsewhere stays signed in, and makes nothing here", async ({
  page,
  browser,
  problems,
  server,
}) => {
  problems.foresee(/status of 404/);
  const kit = person("Kit Rowan");
  await admit(server, kit, "access.manage", "read");
  await server.run("workgroup", "create", "--name", "Abbot Moor", "--owner", kit.email);
  const theirs = await another(browser, server, problems);
  await signIn(theirs, kit);
  const form = new NewToken(theirs, workgroup);
  await form.open();
  await alive(theirs);
  await form.fill(NORTH);
  const before = await countTokens(server);

  const members = new Members(page, workgroup);
  await members.open();
  await members.remove(kit.name);
  const answered = theirs.waitForResponse((answer) => answer.request().method() === "POST");
  await form.generate();
  expect((await answered).status()).toBe(404);
  await expect(theirs.getByRole("heading", { name: "There is no such page" })).toBeVisible();
  await expect(theirs.getByTestId("token-string")).toHaveCount(0);
  expect(await countTokens(server)).toBe(before);
  await theirs.goto("/");
  await expect(theirs).toHaveURL(/\/abbot-moor\/settings\/tokens$/);
  await expect(theirs.getByRole("heading", { level: 1, name: "Tokens" })).toBeVisible();
  await theirs.context().close();
});

test("a page that is no longer theirs leads whoever was removed to one that is", async ({
  browser,
  problems,
  server,
}) => {
  problems.foresee(/status of 404/);
  const una = person("Una Holm");
  await server.createUser(una);
  const theirs = await another(browser, server, problems);
  await theirs.goto(`/${workgroup}/settings/tokens/new`);
  await enter(theirs, una);
  await expect(theirs.getByRole("heading", { name: "There is no such page" })).toBeVisible();
  await theirs.getByRole("main").getByRole("link").last().click();
  await expect(theirs.getByRole("heading", { level: 1, name: "Account" })).toBeVisible();
  await theirs.context().close();
});

test("a member without Manage access is led to a page that they may see", async ({
  browser,
  problems,
  server,
}) => {
  problems.foresee(/status of 403/);
  const tove = person("Tove Falk");
  await admit(server, tove, "read");
  const theirs = await another(browser, server, problems);
  const devices = theirs.getByRole("heading", { level: 1, name: "Devices" });

  await test.step("from a page of tokens that they were shown the address of", async () => {
    await theirs.goto(`/${workgroup}/settings/tokens`);
    await enter(theirs, tove);
    await expect(theirs.getByRole("heading", { name: "You cannot do this here" })).toBeVisible();
    await theirs.getByRole("main").getByRole("link").last().click();
    await expect(devices).toBeVisible();
  });

  await test.step("from their account", async () => {
    await theirs.goto("/account");
    const ways = theirs.getByRole("navigation", { name: "Your workgroups" });
    await ways.getByRole("link", { name: "Harrow Valley" }).click();
    await expect(devices).toBeVisible();
  });
  await theirs.context().close();
});

test("of two tabs that change a member the second is told who changed what", async ({
  page,
  context,
  problems,
  server,
}) => {
  problems.foresee(/status of 409/);
  const otto = person("Otto Vance");
  await admit(server, otto, "read");
  await new Members(page, workgroup).openMember(otto.name);
  await alive(page);
  const other = await context.newPage();
  await other.goto(page.url());
  await alive(other);
  const [mine, theirs] = [new MemberPage(page), new MemberPage(other)];

  await mine.permission("Tunnel").check();
  await mine.save();
  await mine.expectSaved();
  await expect(page.getByText("Holds:")).toContainText("Read, Tunnel.");

  await theirs.permission("Discovery").check();
  await theirs.save();
  const alert = other.getByRole("alert");
  await expect(alert).toContainText("Somebody changed this member after you opened it.");
  await expect(alert).toContainText(/Ada Marsh was the last, on .+ UTC \(Permissions: Read, Tunnel\)\./);
  await expect(alert).toContainText("Nothing of yours was saved");
  await expect(other.getByText("Holds:")).toContainText("Read, Tunnel.");
  await expect(theirs.permission("Discovery")).toBeChecked();
  expect(await held(server, otto)).toMatchObject({ permissions: ["read", "tunnel"] });

  await theirs.permission("Tunnel").check();
  await theirs.save();
  await theirs.expectSaved();
  expect(await held(server, otto)).toMatchObject({ permissions: ["read", "discovery", "tunnel"] });
});

test("the last owner can neither step down nor leave", async ({ page, context, problems, server }) => {
  problems.foresee(/status of 409/);
  const rosa = person("Rosa Finch");
  await admit(server, rosa, "read");
  const members = new Members(page, workgroup);
  const member = new MemberPage(page);
  const why = "Harrow Valley would have no owner. Make somebody else an owner first.";

  await test.step("the page says so, and offers neither", async () => {
    await members.openMember(ADA.name);
    const rights = page.getByRole("region", { name: "Rights" });
    await expect(rights).toContainText(why);
    await expect(member.role).toHaveCount(0);
    const leaving = page.getByRole("region", { name: "Leave workgroup" });
    await expect(leaving).toContainText(why);
    await expect(leaving.getByRole("button", { name: "Leave workgroup" })).toBeDisabled();
    await expect(leaving.getByRole("link")).toHaveCount(0);
  });

  await test.step("nor is it done from pages that were opened while there was another owner", async () => {
    await setMember(server, rosa, "--owner");
    await members.openMember(ADA.name);
    await alive(page);
    await member.chooseRole("Member");
    await member.permission("Read").check();
    const other = await context.newPage();
    await other.goto(page.url());
    await alive(other);
    await other.getByRole("link", { name: "Leave workgroup" }).click();
    const dialog = other.getByRole("dialog");
    await expect(dialog).toContainText("You will lose access at once.");
    await setMember(server, rosa, "--permission", "read");

    const last = `${ADA.email} is the last owner of Harrow Valley. Make somebody else an owner first.`;
    await member.save();
    await expect(page.getByRole("alert")).toContainText(last);
    await dialog.getByRole("button", { name: "Leave workgroup" }).click();
    await expect(other.getByRole("alert")).toContainText(last);
    expect(await held(server, ADA)).toMatchObject({ owner: true });
  });
});
