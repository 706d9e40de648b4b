// The page of the API works on our own document, and speaks to nobody but this installation.

import { expect, ownedTest as test } from "../pages/journey";

test.use({ house: "api-docs" });

test("the API can be read and tried, and nothing leaves the installation", async ({
  page,
  context,
  server,
  problems,
}) => {
  // It probes whether it may evaluate text, takes no for an answer, and goes on.
  problems.foresee(/^console: policy: script-src forbids eval /);
  const asked: string[] = [];
  context.on("request", (request) => asked.push(request.url()));

  await page.goto("/account");
  await page.getByRole("link", { name: "API reference" }).click();
  await expect(page).toHaveURL(`${server.url}/api/docs`);
  await expect(page.getByRole("heading", { name: "Latchkey", level: 1 })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Refusals" })).toBeVisible();

  // What stands further down is made when somebody goes there.
  await page.getByRole("link", { name: "What this token is, and when to renew it" }).first().click();

  // A call by which it is told that it sent no token: it was made, and its answer was shown.
  const show = page.getByRole("button", { name: /Test Request.*get.*\/api\/v1\/token\)/i });
  await show.scrollIntoViewIfNeeded();
  await show.click();
  const tried = page.waitForResponse(`${server.url}/api/v1/token`);
  await page.getByRole("button", { name: /^Send\b/ }).first().click();
  expect((await tried).status()).toBe(401);
  // The browser mentions every 401.
  problems.foresee(/status of 401/);

  const elsewhere = asked.filter((url) => !/^(data|blob):/.test(url) && new URL(url).origin !== server.url);
  expect(elsewhere).toEqual([]);
  expect(asked).toContain(`${server.url}/api/v1/openapi.json`);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the page leads to the document", async ({ page }) => {
    await page.goto("/api/docs");
    await page.getByRole("link", { name: "/api/v1/openapi.json" }).click();
    await expect(page.locator("body")).toContainText('"openapi":"3.1.0"');
  });
});
