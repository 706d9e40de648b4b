// Whether a page, as it stands, can be used by everybody: axe's rules for WCAG 2.2 AA.

import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** `part` is a selector, where only a part of the page is of interest; `unasked` are rules that are left out. */
export async function expectAccessible(
  page: Page,
  part = "html",
  unasked: string[] = [],
): Promise<void> {
  // A letter stands in a frame that runs no script, also none of axe's.
  const axe = new AxeBuilder({ page }).include(part).exclude("iframe[sandbox]");
  const { violations } = await axe.withTags(tags).disableRules(unasked).analyze();
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html}`);
  expect(found, "what axe found").toEqual([]);
}
