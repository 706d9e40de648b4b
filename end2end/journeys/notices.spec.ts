// Mail, as a workgroup owner sees it: what was sent and how it was taken, one letter as it was read, a test, the calendar.

import { expect, ownedTest as test } from "../pages/journey";
import { lettersTo, newestLetter } from "../pages/mail";
import { ADA } from "../pages/server";

test.use({ house: "notices" });

const notices = "/harrow-valley/settings/notices";
const title = "API token of Harrow Valley was issued to you";

for (const javaScriptEnabled of [true, false]) {
  test.describe(`script ${javaScriptEnabled ? "on" : "off"}`, () => {
    test.use({ javaScriptEnabled });

    // Without script none is loaded ahead of time, which the browser calls a matter of policy. A letter never runs any.
    test.beforeEach(({ problems }) => {
      if (!javaScriptEnabled) problems.foresee(/\/latchkey\.(js csp$|wasm was preloaded)/);
    });

    test("a token owner is told, and the owner of the workgroup sees that and how", async ({
      page,
      server,
    }) => {
      const owner = javaScriptEnabled ? "Plant integrator" : "Weather feed";
      const address = `${owner.toLowerCase().replace(" ", ".")}@example.com`;
      await server.createToken("harrow-valley", owner, "--can-renew");
      const letter = await newestLetter(server, address);
      expect(letter.subject).toContain(title);
      expect(letter.text).toContain(`${server.url}/api/v1/token/renew`);
      expect(letter.html).toContain(`${server.url}/docs/renewal`);

      await page.goto(notices);
      await expect(page.getByText(/last sweep for what is due ran/)).toBeVisible();
      const row = page.getByRole("listitem").or(page.getByRole("row")).filter({ hasText: address });
      await expect(row.first()).toContainText("Accepted");
      await row.first().getByRole("link", { name: new RegExp(title) }).click();
      await expect(page.getByRole("heading", { level: 1 })).toContainText(title);
      const frame = page.frameLocator("iframe");
      await expect(frame.getByRole("heading", { level: 1 })).toContainText("was issued to you");
      await expect(frame.getByText("$LATCHKEY_TOKEN")).toBeVisible();
    });

    test("a test mail comes to whoever asks, and stands in the list", async ({ page, server }) => {
      const known = lettersTo(server, ADA.email);
      await page.goto(notices);
      if (javaScriptEnabled) {
        await page.getByRole("button", { name: "Send test mail" }).click();
        await expect(page.getByRole("status").filter({ hasText: /test mail/i })).toBeVisible();
        const letter = await newestLetter(server, ADA.email, known);
        expect(letter.subject).toContain("Test mail from Latchkey");
      } else {
        await expect(page.getByRole("button", { name: "Send test mail" })).toBeVisible();
      }
    });
  });
}

test("the calendar's address opens the expiries to whoever has it, until it is changed", async ({
  page,
  request,
  server,
}) => {
  await server.createToken("harrow-valley", "Calendar keeper");
  await page.goto(notices);
  await page.getByRole("button", { name: "Make calendar address" }).click();
  const text = (await page.getByTestId("calendar-address").textContent()) ?? "";
  const feed = await request.get(text.trim());
  expect(feed.headers()["content-type"]).toContain("text/calendar");
  expect(await feed.text()).toContain("Calendar keeper");
  await page.getByRole("link", { name: "Change address" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Change address" }).click();
  await expect(page.getByTestId("calendar-address")).not.toHaveText(text);
  expect((await request.get(text.trim())).status()).toBe(404);
});

test("the recipes for renewing are there for everybody", async ({ page }) => {
  await page.goto("/docs/renewal");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  for (const way of ["cron", "systemd", "Kubernetes", "PowerShell"]) {
    await expect(page.getByText(way).first()).toBeVisible();
  }
});
