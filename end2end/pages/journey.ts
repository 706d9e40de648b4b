// What every journey begins with: `test` has an empty installation, `ownedTest` one with an owner who is signed in,
// `demoTest` one that is filled.

import { test as base, type BrowserContextOptions } from "@playwright/test";
import { signIn } from "./people";
import { Problems } from "./problems";
import { type Installation, Server } from "./server";

export { expect } from "@playwright/test";

type OfTheTest = { problems: Problems; watched: void };
type OfTheWorker = {
  installation: Installation;
  house: string;
  server: Server;
  session: BrowserContextOptions["storageState"];
};

/** For `test.use`: a journey of somebody who is not signed in. */
export const nobody = { storageState: { cookies: [], origins: [] } };

export const test = base.extend<OfTheTest, OfTheWorker>({
  installation: ["empty", { option: true, scope: "worker" }],

  // Journeys with the same name here share a server; one that leaves too much behind names its own.
  house: ["shared", { option: true, scope: "worker" }],

  server: [
    async ({ installation, house }, use) => {
      const server = await Server.start(installation);
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],

  // Signed in once for all journeys, as sign-ins are throttled.
  session: [
    async ({ browser, server }, use) => {
      const [owner] = server.accounts;
      if (!owner) return use(undefined);
      const page = await browser.newPage({ baseURL: server.url });
      await signIn(page, owner);
      const session = await page.context().storageState();
      await page.context().close();
      await use(session);
    },
    { scope: "worker" },
  ],

  storageState: async ({ session }, use) => use(session),

  baseURL: async ({ server }, use) => use(server.url),

  problems: async ({}, use) => use(new Problems()),

  watched: [
    async ({ context, problems, server }, use, testInfo) => {
      await problems.watch(context);
      await use();
      if (testInfo.status !== testInfo.expectedStatus) {
        await testInfo.attach("server.log", { body: server.log, contentType: "text/plain" });
      }
      problems.expectNone();
    },
    { auto: true },
  ],
});

export const ownedTest = test.extend({
  installation: ["owned", { option: true, scope: "worker" }],
});

export const demoTest = test.extend({
  installation: ["demo", { option: true, scope: "worker" }],
});
