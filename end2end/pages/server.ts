// A Latchkey of one's own: the release binary on a free port, with a database and a mail folder made for it.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

const binary = resolve(import.meta.dirname, "../../target/release/latchkey");

/** `empty` waits to be set up; `owned` has one owner and one workgroup; `demo` is what `latchkey demo` makes. */
export type Installation = "empty" | "owned" | "demo";

export type Account = { email: string; password: string; name: string; workgroups: string[] };

/** What `--json` prints of a token that was just made. */
export type Made = { token: string; id: string; hint: string };

/** The owner and the workgroup of an `owned` installation. */
export const ADA: Account = {
  email: "ada@harrow.example",
  password: "seven mild yellow oxen",
  name: "Ada Marsh",
  workgroups: ["harrow-valley"],
};

export class Server {
  /** Who can sign in, the owner of the first workgroup first; nobody yet in an empty installation. */
  accounts: Account[] = [];

  private process?: ChildProcess;

  private constructor(
    readonly url: string,
    readonly folder: string,
  ) {}

  static async start(installation: Installation): Promise<Server> {
    const port = await freePort();
    const server = new Server(
      `http://127.0.0.1:${port}`,
      mkdtempSync(join(tmpdir(), "latchkey-journey-")),
    );
    try {
      if (installation === "demo") {
        server.accounts = JSON.parse(await server.run("demo", "--json")).sign_in;
      }
      await server.serve();
      if (installation === "owned") await server.settle();
    } catch (error) {
      server.process?.kill("SIGKILL");
      rmSync(server.folder, { recursive: true });
      throw error;
    }
    return server;
  }

  get databasePath(): string {
    return join(this.folder, "latchkey.db");
  }

  get mailPath(): string {
    return join(this.folder, "mail");
  }

  get logPath(): string {
    return join(this.folder, "server.log");
  }

  /** What the server has printed so far, without colours. */
  get log(): string {
    return readFileSync(this.logPath, "utf8").replace(/\x1b\[[0-9;]*m/g, "");
  }

  /** The link by which the first person takes an empty installation over; it works once. */
  get setupUrl(): string {
    const link = this.log.match(/https?:\/\/\S+\/setup\/[0-9A-Za-z_-]+/);
    if (!link?.[0].startsWith(`${this.url}/`)) {
      throw new Error(`no set-up link for ${this.url} in the log:\n${this.log}`);
    }
    return link[0];
  }

  /** Runs a command beside the server, on the same database, and returns what it prints. */
  async run(...command: string[]): Promise<string> {
    return this.runWith("", ...command);
  }

  /** The same, with something to read on standard input. */
  async runWith(input: string, ...command: string[]): Promise<string> {
    const running = promisify(execFile)(binary, command, {
      cwd: this.folder,
      env: this.environment(),
    });
    // A command that reads nothing may have ended before this is written.
    running.child.stdin?.on("error", () => {}).end(input);
    return (await running).stdout;
  }

  /** Makes somebody who can sign in. */
  async createUser({ email, name, password }: Omit<Account, "workgroups">): Promise<void> {
    const command = ["user", "create", "--email", email, "--name", name, "--password-stdin"];
    await this.runWith(`${password}\n`, ...command);
  }

  /** Issues a token for one month from the command line; `more` are further flags. */
  async createToken(workgroup: string, owner: string, ...more: string[]): Promise<Made> {
    const email = `${owner.toLowerCase().replaceAll(/[^a-z0-9]+/g, ".")}@example.com`;
    const flags = ["--workgroup", workgroup, "--owner", owner, "--email", email, "--json"];
    const term = more.includes("--expires") ? [] : ["--expires", "1m"];
    const may = more.includes("--permission") ? [] : ["--permission", "read"];
    return JSON.parse(await this.run("token", "create", ...flags, ...term, ...may, ...more));
  }

  /** Ends the server as a service manager does, and removes what it kept. */
  async stop(): Promise<void> {
    const process = this.process;
    if (process && process.exitCode === null && process.signalCode === null) {
      const ended = new Promise((done) => process.once("exit", done));
      process.kill("SIGTERM");
      await Promise.race([ended, pause(15_000, undefined, { ref: false })]);
    }
    const code = process?.exitCode;
    if (code !== 0) {
      process?.kill("SIGKILL");
      throw new Error(`SIGTERM did not end the server with 0 but ${code}:\n${this.log}`);
    }
    rmSync(this.folder, { recursive: true });
  }

  private async serve(): Promise<void> {
    const log = openSync(this.logPath, "a");
    this.process = spawn(binary, ["serve"], {
      cwd: this.folder,
      env: this.environment(),
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    let failure: Error | undefined;
    this.process.once("error", (error) => (failure = error));
    for (let tries = 0; tries < 200; tries++) {
      if (failure) throw failure;
      if (this.process.exitCode !== null) break;
      if (await isAlive(`${this.url}/healthz`)) return;
      await pause(100);
    }
    throw new Error(`the server did not start:\n${this.log}`);
  }

  private async settle(): Promise<void> {
    await this.createUser(ADA);
    await this.run("workgroup", "create", "--name", "Harrow Valley", "--owner", ADA.email);
    this.accounts = [ADA];
  }

  /** Nothing of the caller's own settings may reach the server under test. */
  private environment(): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("LATCHKEY_"));
    return {
      ...Object.fromEntries(inherited),
      LATCHKEY_DATABASE_URL: `sqlite://${this.databasePath}`,
      LATCHKEY_LISTEN: new URL(this.url).host,
      LATCHKEY_PUBLIC_URL: this.url,
      LATCHKEY_LOG: "info",
      LATCHKEY_MAIL_DIR: this.mailPath,
    };
  }
}

async function isAlive(address: string): Promise<boolean> {
  try {
    return (await fetch(address)).ok;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (typeof address === "object" && address ? found(address.port) : failed()));
    });
  });
}
