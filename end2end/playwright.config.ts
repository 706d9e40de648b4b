// How the journeys run: one at a time, in Chromium. Each starts a server of its own (pages/server.ts).

import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

// A system's own Chromium where there is one, else the one that Playwright has downloaded.
const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";

export default defineConfig({
  testDir: "journeys",
  outputDir: "../target/end2end",
  workers: 1,
  forbidOnly: !!process.env.CI,
  reporter: [["list"]],
  expect: { timeout: 10_000 },
  use: {
    locale: "en-GB",
    timezoneId: "UTC",
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: existsSync(chromium) ? chromium : undefined,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
