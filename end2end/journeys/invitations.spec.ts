// An invitation that nobody has accepted yet, and one to somebody who has an account.

import { expect, ownedTest as test } from "../pages/journey";
import { newestLetter } from "../pages/mail";
import {
  another,
  codeOf,
  expectDone,
  expectNowhere,
  held,
  Invitation,
  Members,
  person,
} from "../pages/members";
import { alive, enter } from "../pages/people";
import { Recorder } from "../pages/secrets";
import { ADA } from "../pages/server";

test.use({ house: "invitations" });

const workgroup = "harrow-valley";

test("an invitation that is sent again works by its newest letter, until it is withdrawn", async ({
  page,
  context,
  browser,
  problems,
  server,
}) => {
  problems.foresee(/status of 404/);
  const noor = person("Noor Dahl");
  const { email } = noor;
  const members = new Members(page, workgroup);
  const seen = new Recorder(context);
  const guest = await another(browser, server, problems);
  const invitation = new Invitation(guest);
  await members.open();
  await members.invite({ email, permissions: ["Read"] });
  const first = await newestLetter(server, email);

  await members.sendAgain(email);
  const second = await newestLetter(server, email, [first]);
  expect(second.link).not.toBe(first.link);
  await guest.goto(first.link);
  await invitation.expectDead("Harrow Valley", ADA.name, email);
  await expect(guest.locator("body")).toContainText("a newer letter replaced it");
  await guest.goto(second.link);
  await expect(guest.getByRole("heading", { name: "Join Harrow Valley" })).toBeVisible();
  await alive(guest);
  await invitation.fill(noor.name, noor.password);

  await members.withdraw(email);
  await expect(members.invitation(email)).toHaveCount(0);
  await invitation.join();
  await invitation.expectDead("Harrow Valley", ADA.name, email);
  await guest.goto(second.link);
  await invitation.expectDead("Harrow Valley", ADA.name, email);
  expect(await held(server, noor)).toBeUndefined();

  await page.goto(`/${workgroup}/settings/activity`);
  await expect(page.getByRole("main")).toContainText(email);
  for (const letter of [first, second]) await expectNowhere(server, seen, letter);
  await guest.context().close();
});

test("whoever has an account joins with it, after signing in as the address that was invited", async ({
  page,
  browser,
  problems,
  server,
}) => {
  const ivo = person("Ivo Lind");
  await server.createUser(ivo);
  const members = new Members(page, workgroup);
  await members.open();
  await members.invite({ email: ivo.email, permissions: ["Read"] });
  const letter = await newestLetter(server, ivo.email);

  await test.step("somebody else who is signed in cannot take it", async () => {
    await page.goto(letter.link);
    await expect(page.getByText("this invitation is for")).toContainText(ivo.email);
    await expect(page.getByRole("button", { name: "Join", exact: true })).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  });

  const guest = await another(browser, server, problems);
  await guest.goto(letter.link);
  await guest.getByRole("link", { name: "Sign in" }).click();
  await enter(guest, ivo);
  await expect(guest.getByText(`You are signed in as ${ivo.name}.`)).toBeVisible();
  await new Invitation(guest).join();
  await expect(guest).toHaveURL(/\/harrow-valley\/settings\/devices\?done=joined$/);
  await expectDone(guest, "You are a member now.");
  expect(await held(server, ivo)).toMatchObject({ owner: false, permissions: ["read"] });
  expect(await guest.content()).not.toContain(codeOf(letter));
  expect(server.log).not.toContain(codeOf(letter));
  await guest.context().close();
});
