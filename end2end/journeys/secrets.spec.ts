// A token string stands in the one answer that shows it and nowhere else: THREATS, Secrets.

import { basename } from "node:path";
import { call } from "../pages/caller";
import { expect, ownedTest as test } from "../pages/journey";
import { alive } from "../pages/people";
import { filesOf, placesOf, Recorder } from "../pages/secrets";
import { NewToken, NORTH, TokenList, TokenPage, TokenString } from "../pages/tokens";

test.use({ house: "secrets" });

const workgroup = "harrow-valley";

test("no issued string is anywhere but in the answer that shows it", async ({
  page,
  context,
  server,
}) => {
  test.setTimeout(120_000);
  const recorder = new Recorder(context);
  const list = new TokenList(page, workgroup);
  const token = new TokenPage(page);
  const shown = new TokenString(page);

  const look = async () => {
    await list.open("?revoked=1");
    await alive(page);
    await recorder.look(page);
    await list.openToken(NORTH.owner);
    await alive(page);
    await recorder.look(page);
  };

  const created = await new NewToken(page, workgroup).make({ ...NORTH, canRenew: true });
  await page.reload();
  await expect(page.getByRole("heading", { name: "Already made" })).toBeVisible();
  await recorder.look(page);
  const renewal = await call(`${server.url}/api/v1/token/renew`, created, "POST");
  const renewed: string = (await renewal.json()).token;
  await look();
  const reissued = await token.reissue("End in 7 days");
  await shown.done();
  await alive(page);
  await recorder.look(page);
  const mistyped = `${renewed.slice(0, -1)}${renewed.endsWith("0") ? "1" : "0"}`;
  expect((await call(`${server.url}/api/v1/token`, mistyped)).status).toBe(401);
  for (const string of [created, renewed, reissued]) {
    expect((await call(`${server.url}/api/v1/token`, string)).status).toBe(200);
  }
  await page.getByRole("main").getByRole("link", { name: "Edit", exact: true }).click();
  await page.getByText("More settings").click();
  await page.getByLabel("Note").fill("looked through");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByRole("status")).toContainText("saved");
  await token.revoke();
  await look();
  await page.goto("/account");
  await recorder.look(page);
  expect((await call(`${server.url}/api/v1/token`, reissued)).status).toBe(401);

  const seen = await recorder.all();
  const posts = seen.filter(({ place }) => place.startsWith("answer to POST"));
  const at = (address: RegExp) => expect.stringMatching(address);
  expect(placesOf(created, seen)).toEqual([at(/^answer to POST .*\/settings\/tokens\/new$/)]);
  expect(placesOf(reissued, seen)).toEqual([at(/^answer to POST .*\/settings\/tokens\/[^/]+$/)]);
  expect(placesOf(renewed, seen), "the browser never saw it").toEqual([]);
  expect(posts.length).toBeGreaterThan(3);

  const files = filesOf(server.folder);
  const names = files.map(({ place }) => basename(place));
  expect(names).toEqual(expect.arrayContaining(["latchkey.db", "server.log"]));
  const database = files.filter(({ place }) => basename(place).startsWith("latchkey.db"));
  const holds = (text: string) => database.some((file) => file.text.includes(text));
  expect(holds(NORTH.owner), "the database is read as it stands").toBe(true);
  expect(holds(created.slice(-4)), "of a string, its last four characters").toBe(true);
  for (const string of [created, renewed, reissued, mistyped]) {
    expect(placesOf(string, files)).toEqual([]);
  }
});

test("the search for strings finds every shape of one", () => {
  const string = "lka_0123456789ABCDEFGHIJKLMNOPQRSTUVabcdef";
  const piece = string.slice(9, 24);
  const hidden = [
    piece,
    Buffer.from(`x${string}y`).toString("base64"),
    Buffer.from(string).toString("base64url"),
    Buffer.from(piece).toString("hex"),
    Buffer.from(piece).toString("hex").replaceAll(/../g, "%$&"),
  ];
  const traces = hidden.map((text, at) => ({ place: `${at}`, text: `before ${text} after` }));
  expect(placesOf(string, traces)).toEqual(["0", "1", "2", "3", "4"]);
  expect(placesOf(string, [{ place: "elsewhere", text: string.slice(4, 15) }])).toEqual([]);
});
