// What a browser complains of while a journey runs: a journey that leaves a complaint behind has failed.

import { type BrowserContext, expect } from "@playwright/test";

/** The frame of a letter runs no script, so not the one either with which a journey listens. */
const ofLetters = /Blocked script execution in '[^']*\/letter\.html/;

export class Problems {
  private seen: string[] = [];
  private foreseen: RegExp[] = [ofLetters];

  /** For a journey that provokes a complaint, such as the 404 that it asks for. */
  foresee(complaint: RegExp): void {
    this.foreseen.push(complaint);
  }

  /** The fixture's own context is watched already; one that a journey opens itself is not. */
  async watch(context: BrowserContext): Promise<void> {
    context.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) {
        this.seen.push(`console: ${message.text()} (${message.location().url})`);
      }
    });
    context.on("weberror", (error) => this.seen.push(`page: ${error.error().message}`));
    context.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText;
      // A page that is left while it loads aborts what it was still loading: no fault of the page.
      if (reason !== "net::ERR_ABORTED") this.seen.push(`request: ${request.url()} ${reason}`);
    });
    // The browser's own words do not always name the directive that forbade something.
    await context.addInitScript(() =>
      addEventListener("securitypolicyviolation", (violation) =>
        console.error(`policy: ${violation.violatedDirective} forbids ${violation.blockedURI}`),
      ),
    );
  }

  expectNone(): void {
    const unforeseen = this.seen.filter((text) => !this.foreseen.some((one) => one.test(text)));
    expect(unforeseen, "what the browser complained of").toEqual([]);
  }
}
