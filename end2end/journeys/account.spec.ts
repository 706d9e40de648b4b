// One's own account, with script and without: the name, the time zone, and the browsers that are signed in.

import { expect, ownedTest as test } from "../pages/journey";
import { admit, another, expectDone, Members, person } from "../pages/members";
import { alive, signIn } from "../pages/people";

test.use({ house: "account" });

const iPhone =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) " +
  "Version/18.6 Mobile/15E148 Safari/604.1";

for (const [javaScriptEnabled, lea] of [
  [true, person("Lea Brand")],
  [false, person("Lene Brook")],
] as const) {
  test.describe(`script ${javaScriptEnabled ? "on" : "off"}`, () => {
    test.use({ javaScriptEnabled });

    // Without script none is loaded ahead of time, which the browser calls a matter of policy; what was is not used.
    test.beforeEach(({ problems }) => {
      if (!javaScriptEnabled) problems.foresee(/\/latchkey\.(js csp$|wasm was preloaded)/);
    });

    test("an account has a name and a time zone, and browsers that can be told apart", async ({
      page,
      browser,
      problems,
      server,
    }) => {
      problems.foresee(/status of 422/);
      await admit(server, lea, "access.manage", "read");
      const own = await another(browser, server, problems);
      await signIn(own, lea);
      const name = own.getByLabel("Your name");
      const zone = own.getByLabel("Time zone");
      const save = own.getByRole("button", { name: "Save changes" });
      const renamed = `${lea.name} Halvorsen`;

      await test.step("a new name and zone stay, and others see the name", async () => {
        await own.goto("/account");
        if (javaScriptEnabled) await alive(own);
        await expect(name).toHaveValue(lea.name);
        await expect(zone).toHaveValue("UTC");
        await name.fill(renamed);
        await zone.fill("europe/berlin");
        await save.click();
        await expectDone(own, "Your changes were saved.");
        await own.goto("/account");
        await expect(name).toHaveValue(renamed);
        await expect(zone).toHaveValue("Europe/Berlin");
        await expect(own.getByRole("link", { name: `Account: ${renamed}` })).toBeVisible();
        const members = new Members(page, "harrow-valley");
        await members.open();
        await expect(members.row(lea.email)).toContainText(renamed);
      });

      await test.step("a zone that is none keeps what was typed, and saves nothing of it", async () => {
        await name.fill("Somebody Else");
        await zone.fill("Mars/Olympus");
        await save.click();
        const summary = own.getByRole("alert");
        await expect(summary.getByRole("link", { name: "Time zone" })).toBeVisible();
        await expect(zone).toHaveAttribute("aria-invalid", "true");
        await expect(zone).toHaveAccessibleDescription(/such as Europe\/Berlin/);
        await expect(zone).toHaveValue("Mars/Olympus");
        await expect(name).toHaveValue("Somebody Else");
        await own.goto("/account");
        await expect(name).toHaveValue(renamed);
        await expect(zone).toHaveValue("Europe/Berlin");
      });

      await test.step("browsers are listed in words, and the one that is ended is out", async () => {
        const phone = await another(browser, server, problems, iPhone);
        await signIn(phone, lea);
        await own.reload();
        const browsers = own.getByRole("region", { name: "Signed-in browsers" });
        const rows = browsers.getByRole("listitem");
        await expect(rows).toHaveCount(2);
        const here = rows.filter({ hasText: "this one" });
        await expect(here).toContainText(/^Chrom(e|ium) on Linux/);
        await expect(here.getByRole("button")).toHaveCount(0);
        const there = rows.filter({ hasText: "Safari on an iPhone" });
        await expect(there).toContainText("127.0.0.1");
        await expect(browsers).not.toContainText("Mozilla");
        await there.getByRole("button", { name: "End: Safari on an iPhone, from 127.0.0.1" }).click();
        await expectDone(own, "Signed out there.");
        await expect(rows).toHaveCount(1);
        await phone.reload();
        await expect(phone.getByRole("heading", { name: "Sign in to Latchkey" })).toBeVisible();
        await phone.context().close();
      });
      await own.context().close();
    });
  });
}
