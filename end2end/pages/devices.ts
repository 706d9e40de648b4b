// The pages of a workgroup's devices and device groups, as far as journeys walk them.

import { expect, type Locator, type Page } from "@playwright/test";

export type DeviceDraft = { id: string; name: string; metadata?: string };

export class Devices {
  constructor(
    readonly page: Page,
    readonly workgroup: string,
  ) {}

  get address(): string {
    return `/${this.workgroup}/settings/devices`;
  }

  get rows(): Locator {
    return this.page.getByTestId("device-row");
  }

  async search(text: string): Promise<void> {
    await this.page.goto(`${this.address}?search=${encodeURIComponent(text)}`);
  }

  /** The page of the device with this name, by way of the list. */
  async openDevice(name: string): Promise<void> {
    await this.search(name);
    await this.rows.getByRole("link", { name, exact: true }).click();
    await expect(this.page.getByRole("heading", { level: 1, name, exact: true })).toBeVisible();
  }

  /** Fills the form of a new device that is open, and sends it. */
  async register({ id, name, metadata = "" }: DeviceDraft): Promise<void> {
    const { page } = this;
    await page.getByLabel("Id", { exact: true }).fill(id);
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByLabel("Metadata", { exact: true }).fill(metadata);
    await page.getByRole("button", { name: "Register device" }).click();
  }
}

export class DevicePage {
  constructor(readonly page: Page) {}

  get dialog(): Locator {
    return this.page.getByRole("dialog");
  }

  /** The device's own tokens. */
  get tokens(): Locator {
    return this.page.getByTestId("device-token");
  }

  /** The line of a token that reaches the device, with why it does. */
  reaching(title: string): Locator {
    return this.page.getByTestId("reaching").filter({ hasText: title });
  }

  async askToRemove(): Promise<void> {
    await this.page.getByRole("link", { name: "Remove device" }).click();
    await expect(this.dialog).toBeVisible();
  }
}

export class GroupForm {
  constructor(
    readonly page: Page,
    readonly workgroup: string,
  ) {}

  get address(): string {
    return `/${this.workgroup}/settings/device-groups`;
  }

  /** What the change would open and close. */
  get effect(): Locator {
    return this.page.getByTestId("group-effect");
  }

  async make(name: string, [key, value]: [string, string]): Promise<void> {
    const { page } = this;
    await page.goto(`${this.address}/new`);
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByRole("radio", { name: "By metadata" }).check();
    await page.getByLabel("Metadata key").fill(key);
    await page.getByLabel("Metadata value").fill(value);
    await page.getByRole("button", { name: "Make device group" }).click();
    await expect(page.getByRole("heading", { level: 1, name, exact: true })).toBeVisible();
  }

  /** From the list to the edit form of a group. */
  async edit(name: string): Promise<void> {
    const { page } = this;
    await page.goto(this.address);
    await page.getByTestId("group-row").getByRole("link", { name, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name, exact: true })).toBeVisible();
    await page.getByRole("main").getByRole("link", { name: "Edit", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: `Edit ${name}` })).toBeVisible();
  }

  async review(): Promise<void> {
    await this.page.getByRole("button", { name: "Review the change" }).click();
    await expect(this.effect).toBeVisible();
  }

  async save(): Promise<void> {
    await this.effect.getByRole("button", { name: "Save changes" }).click();
    await expect(this.page.getByRole("status").filter({ hasText: "saved" })).toBeVisible();
  }
}
