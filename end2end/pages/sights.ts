// Every page that a person can stand on, and how to get there: for journeys that look at all of them.

import type { Page } from "@playwright/test";
import { houseSights, stillHouseSights } from "./house_sights";
import { enter } from "./people";
import type { Server } from "./server";
import { NewToken, NORTH, TokenList, TokenPage } from "./tokens";

export type Sight = {
  name: string;
  open: (page: Page, server: Server) => Promise<unknown>;
  /** The answer to a post, a page without script; or one without a switch that tells when it is alive. */
  still?: boolean;
  /** What the browser says there at any time, and is no fault. */
  foreseen?: RegExp;
  /** Rules of axe that are not asked there, each with its reason. */
  unasked?: Record<string, string>;
};

const workgroup = "harrow-valley";
const tokens = `/${workgroup}/settings/tokens`;

/** The address of a token by what its row says. */
async function addressOf(server: Server, search: string): Promise<string> {
  const flags = ["--workgroup", workgroup, "--search", search, "--json"];
  const { items } = JSON.parse(await server.run("token", "list", ...flags));
  return `${tokens}/${items[0].id}`;
}

/** A token of two strings, one of which can be retired. */
const two = (server: Server) => addressOf(server, "SCADA");

/** In a demonstration, signed in as its first owner. */
export const sights: Sight[] = [
  { name: "list", open: (page) => page.goto(tokens) },
  { name: "list with revoked", open: (page) => page.goto(`${tokens}?revoked=1`) },
  { name: "list of those that knock", open: (page) => page.goto(`${tokens}?knocking=1`) },
  { name: "list of those never used", open: (page) => page.goto(`${tokens}?use=never`) },
  { name: "nothing found", open: (page) => page.goto(`${tokens}?search=zzz&status=expired`) },
  { name: "new token", open: (page) => page.goto(`${tokens}/new`) },
  { name: "new device token", open: (page) => page.goto(`${tokens}/new?device=1`) },
  { name: "token", open: async (page, server) => page.goto(await two(server)) },
  {
    name: "token that may too much",
    open: async (page, server) => page.goto(await addressOf(server, "Provisioning")),
  },
  {
    name: "expired token",
    open: async (page, server) => page.goto(await addressOf(server, "Brightwell")),
  },
  {
    name: "legacy token",
    open: async (page, server) => page.goto(await addressOf(server, "Pressure map")),
  },
  {
    name: "reissue dialog",
    open: async (page, server) => page.goto(`${await two(server)}?dialog=reissue`),
  },
  {
    name: "revoke dialog",
    open: async (page, server) => page.goto(`${await two(server)}?dialog=revoke`),
  },
  {
    name: "retire dialog",
    open: async (page, server) => page.goto(`${await two(server)}?dialog=retire&number=2`),
  },
  { name: "edit", open: async (page, server) => page.goto(`${await two(server)}/edit`) },
  ...houseSights,
  { name: "account", open: (page) => page.goto("/account") },
  { name: "a token that is not there", open: (page) => page.goto(`${tokens}/nothing`) },
];

/** Answers to posts, and what stands outside of the house. */
export const stillSights: Sight[] = [
  {
    name: "token string",
    still: true,
    open: (page) => new NewToken(page, workgroup).make({ ...NORTH, canRenew: true }),
  },
  {
    name: "already made",
    still: true,
    open: async (page) => {
      await new NewToken(page, workgroup).make(NORTH);
      await page.reload();
    },
  },
  {
    name: "refused form",
    still: true,
    open: async (page) => {
      const form = new NewToken(page, workgroup);
      await form.open();
      await form.fill({ ...NORTH, owner: "  " });
      await form.generate();
      await page.getByRole("alert").waitFor();
    },
  },
  {
    name: "refused dialog",
    still: true,
    open: async (page, server) => {
      const { id } = await server.createToken(workgroup, "Refused reissue");
      await page.goto(`${tokens}/${id}`);
      const token = new TokenPage(page);
      await token.ask("Reissue token");
      await page.locator("input[name=older]:checked").evaluate((tile: HTMLInputElement) => {
        tile.value = "never";
      });
      await token.confirm("Reissue token");
      await token.dialog.getByRole("alert").waitFor();
    },
  },
  {
    name: "conflict",
    still: true,
    open: async (page, server) => {
      const { id } = await server.createToken(workgroup, "Edited twice");
      await page.goto(`${tokens}/${id}/edit`);
      await page.getByLabel("Name", { exact: true }).fill("mine");
      await server.run("token", "edit", id, "--name", "theirs");
      await page.getByRole("button", { name: "Save changes" }).click();
      await page.getByText("Changed in between").first().waitFor();
    },
  },
  { name: "nowhere", still: true, open: (page) => page.goto("/no/such/page") },
  ...stillHouseSights,
];

/** Seen by nobody in particular. */
export const openSights: Sight[] = [
  { name: "sign in", open: (page) => page.goto("/sign-in") },
  {
    name: "refused sign-in",
    still: true,
    open: async (page) => {
      await page.goto("/sign-in");
      const email = "nobody@example.com";
      await enter(page, { email, password: "not it at all", name: "", workgroups: [] });
      await page.getByRole("alert").waitFor();
    },
  },
  { name: "recipes", still: true, open: (page) => page.goto("/docs/renewal") },
  {
    name: "API reference",
    still: true,
    // It probes whether it may evaluate text, takes no for an answer, and goes on.
    foreseen: /^console: policy: script-src forbids eval /,
    unasked: {
      "color-contrast": "Scalar writes its captions in #8e8e8e on white, 3.3 to 1: its palette, not ours",
      "target-size": "the arrows that open the groups of its side bar are smaller than 24 px: Scalar's own markup",
    },
    open: async (page) => {
      await page.goto("/api/docs");
      await page.getByRole("heading", { name: "Refusals" }).waitFor();
    },
  },
  { name: "ended invitation", still: true, open: (page) => page.goto("/invite/none") },
  { name: "forgotten password", still: true, open: (page) => page.goto("/reset") },
  { name: "link on its way", still: true, open: (page) => page.goto("/reset?done=link") },
  { name: "unknown digest", still: true, open: (page) => page.goto("/unsubscribe/nothing") },
  { name: "reset link that ended", still: true, open: (page) => page.goto("/reset/nothing") },
  {
    name: "refused address",
    still: true,
    open: async (page) => {
      await page.goto("/reset");
      await page.getByLabel("Email address").evaluate((field: HTMLInputElement) => {
        field.form!.noValidate = true;
      });
      await page.getByLabel("Email address").fill("nobody");
      await page.getByRole("button", { name: "Send the link" }).click();
      await page.getByRole("alert").waitFor();
    },
  },
];

/** Leaves the pointer where nothing is. */
export async function rest(page: Page): Promise<void> {
  await page.mouse.move(0, 0);
  await new TokenList(page, workgroup).page.evaluate(() => document.fonts.ready);
}
