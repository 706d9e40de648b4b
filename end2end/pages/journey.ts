// What every journey begins with: `test` has an empty installation, `demoTest` one that is filled.

import { test as base } from "@playwright/test";
import { Problems } from "./problems";
import { type Installation, Server } from "./server";

export { expect } from "@playwright/test";

type OfTheTest = { problems: Problems; watched: void };
type OfTheWorker = { installation: Installation; server: Server };

export const test = base.extend<OfTheTest, OfTheWorker>({
  installation: ["empty", { option: true, scope: "worker" }],

  server: [
    async ({ installation }, use) => {
      const server = await Server.start(installation);
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],

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

export const demoTest = test.extend({
  installation: ["demo", { option: true, scope: "worker" }],
});
