//! The command line: the table of commands, and how each of them ends. One file a noun; nothing is decided here.

mod answer;
mod demo;
mod device;
mod device_group;
mod import;
mod member;
mod migrate;
mod notices;
mod openapi;
mod permission;
mod purge;
mod route;
mod serve;
mod table;
mod token;
mod user;
mod workgroup;

use crate::server::config::{Config, Settings};
use crate::server::mail::Mailer;
use crate::server::state::AppState;
use answer::Answer;
use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

/// A self-hosted home for API tokens: issued, watched, renewed and retired in one place
#[derive(Debug, Parser)]
#[command(name = "latchkey", version, next_help_heading = "Settings")]
struct Latchkey {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Bring the database up to date and serve, until SIGTERM
    Serve(serve::Serve),
    /// Bring the database up to date and stop
    Migrate,
    /// Make, list, disable and enable people who sign in
    #[command(subcommand)]
    User(user::User),
    /// Make, list and edit workgroups
    #[command(subcommand)]
    Workgroup(workgroup::Workgroup),
    /// Invite, list, set and remove the members of a workgroup
    #[command(subcommand)]
    Member(member::Member),
    /// Register devices
    #[command(subcommand)]
    Device(device::Device),
    /// Make, list, show, edit and remove device groups
    #[command(subcommand)]
    DeviceGroup(device_group::DeviceGroup),
    /// Issue, list, show, edit, reissue and revoke tokens
    #[command(subcommand)]
    Token(token::Token),
    /// Show, set and try what each path of a workgroup's API asks of a token
    #[command(subcommand)]
    Route(route::Route),
    /// Edit the catalogue of permissions
    #[command(subcommand)]
    Permission(permission::Command),
    /// Remove what is due by the clock: tokens and strings four weeks after their end
    Purge(purge::Purge),
    /// Send the notices that are due
    #[command(subcommand)]
    Notices(notices::Notices),
    /// Print the OpenAPI document of the HTTP API
    Openapi,
    /// Fill an empty database with a believable installation
    Demo(demo::Demo),
}

/// The settings that stand in a file, looked for in the working directory.
const SETTINGS_FILE: &str = "latchkey.toml";

/// Runs one command. The exit code is 0 when it is done, 1 when it was refused or failed, 2 when it was not understood.
pub async fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let latchkey = match Latchkey::try_parse_from(args) {
        Ok(latchkey) => latchkey,
        Err(usage) => {
            // Help and version are asked for and end with 0; where nobody reads them, nothing is lost.
            let _ = usage.print();
            return u8::try_from(usage.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from);
        }
    };
    match latchkey.run().await.and_then(|answer| answer.print()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            answer::complain(&error);
            ExitCode::FAILURE
        }
    }
}

impl Latchkey {
    async fn run(mut self) -> anyhow::Result<Answer> {
        if let Command::Serve(serve) = &self.command {
            serve.settle(&mut self.settings);
        }
        self.settings.take_environment();
        let config = self.settings.resolve(Path::new(SETTINGS_FILE))?;
        if let Command::Openapi = self.command {
            return openapi::run(&config);
        }
        Mailer::new(&config).check()?;
        match self.command {
            Command::Serve(_) => serve::run(config).await,
            Command::Migrate => migrate::run(config).await,
            Command::Demo(demo) => demo.run(config).await,
            other => beside(other, config).await,
        }
    }
}

/// Runs a command that works beside a running server, and leaves the database closed.
async fn beside(command: Command, config: Config) -> anyhow::Result<Answer> {
    let command = command.ready()?;
    let state = migrate::beside(config).await?;
    let answer = command.run(&state).await;
    state.db.close().await;
    answer
}

impl Command {
    /// Takes in what is not on the command line itself, before the database is opened.
    fn ready(mut self) -> anyhow::Result<Command> {
        if let Command::User(user) = &mut self {
            user.read_password()?;
        }
        Ok(self)
    }

    async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        match self {
            Command::User(user) => user.run(state).await,
            Command::Workgroup(workgroup) => workgroup.run(state).await,
            Command::Member(member) => member.run(state).await,
            Command::Device(device) => device.run(state).await,
            Command::DeviceGroup(group) => group.run(state).await,
            Command::Token(token) => token.run(state).await,
            Command::Route(route) => route.run(state).await,
            Command::Permission(permission) => permission.run(state).await,
            Command::Purge(purge) => purge.run(state).await,
            Command::Notices(notices) => notices.run(state).await,
            Command::Serve(_) | Command::Migrate | Command::Openapi | Command::Demo(_) => {
                Ok(Answer::default())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn parse(line: &str) -> Result<Latchkey, clap::Error> {
        Latchkey::try_parse_from(std::iter::once("latchkey").chain(line.split_whitespace()))
    }

    #[test]
    fn the_table_of_commands_is_sound() {
        Latchkey::command().debug_assert();
    }

    #[test]
    fn every_command_of_the_contract_is_understood() {
        for line in [
            "serve",
            "serve --rate-limit 5/m --listen 127.0.0.1:4000",
            "migrate --database-url sqlite://x.db",
            "user create --email a@b.c --name Ada --administrator --password-stdin",
            "workgroup create --name N --owner a@b.c",
            "workgroup create --name N --owner a@b.c --time-zone Europe/Berlin --json",
            "member set --workgroup w --email a@b.c --owner",
            "member set --workgroup w --email a@b.c --permission read --permission tunnel --device-group G",
            "member set --workgroup w --email a@b.c --permission read tunnel",
            "device create --workgroup w --id p-1 --name P",
            "device create --workgroup w --id p-1 --name P --metadata site=north line=7 --metadata k=v --json",
            "device-group create --workgroup w --name G --in a b --in c",
            "device-group create --workgroup w --name G --not-in a",
            "device-group create --workgroup w --name G --metadata site=north",
            "device-group list --workgroup w --search n --json",
            "device-group show --workgroup w G --json",
            "device-group edit --workgroup w G --name H",
            "device-group edit --workgroup w G --in a b --yes --json",
            "device-group edit --workgroup w G --not-in a --name H",
            "device-group remove --workgroup w G",
            "token create --workgroup w --owner O --email a@b.c --expires 1m --permission read",
            "token create --workgroup w --owner O --email a@b.c --name ci --expires never --can-renew \
             --device-group G --permission read --permission tunnel --json",
            "token create --workgroup w --owner O --email a@b.c --expires 1y --device D --permission telemetry.send",
            "token list --workgroup w --revoked --search x --status expired --json",
            "token show ID",
            "token edit ID --owner O --email a@b.c --name N --expires 7d --can-renew=false --note n --rate-limit 90",
            "token edit ID --can-renew",
            "token reissue ID",
            "token reissue ID --older 24h",
            "token revoke ID --also",
            "workgroup list --json",
            "workgroup list --search har",
            "workgroup edit --workgroup w --name N --longest-lifetime 6m --non-expiring true --notice-stages 14,7,1 \
             --notice-hour 8 --time-zone Europe/Berlin --json",
            "user list --json",
            "user disable --email a@b.c",
            "user enable --email a@b.c --json",
            "user administrator --email a@b.c",
            "user administrator --email a@b.c --remove",
            "route show --workgroup w --json",
            "route set --workgroup w routes.txt --family original",
            "route set --workgroup w - --family forwarded --json",
            "route set --workgroup w --none",
            "route try --workgroup w --method POST --path /a?b --kind device --permission x y --device d --file f",
            "permission list --json",
            "permission add --name v.open --label V --description D --section S --powerful --json",
            "permission edit --name v.open --for-devices false",
            "permission retire --name v.open",
            "permission restore --name v.open",
            "permission delete --name v.open --json",
            "token import --workgroup w legacy.csv",
            "token import --workgroup w - --json",
            "device import --workgroup w devices.csv",
            "purge",
            "purge --json",
            "notices sweep",
            "notices sweep --json",
            "openapi",
            "demo --json",
        ] {
            assert!(parse(line).is_ok(), "{line}: {}", parse(line).err().unwrap());
        }
    }

    #[test]
    fn wrong_usage_ends_with_2() {
        for line in [
            "",
            "fly",
            "user create --email a@b.c --name Ada",
            "member set --workgroup w --email a@b.c",
            "member set --workgroup w --email a@b.c --owner --permission read",
            "device create --workgroup w --id p-1 --name P --metadata site",
            "device-group create --workgroup w --name G",
            "device-group create --workgroup w --name G --in a --not-in b",
            "device-group create --workgroup w --name G --metadata a=b --not-in b",
            "device-group edit --workgroup w G",
            "device-group edit --workgroup w G --in a --metadata k=v",
            "device-group remove G",
            "token create --workgroup w --owner O --email a@b.c --expires 4m --permission read",
            "token create --workgroup w --owner O --email a@b.c --permission read",
            "token list --workgroup w --status fine",
            "token edit ID",
            "token edit ID --can-renew=perhaps",
            "token reissue ID --older soon",
            "workgroup edit --workgroup w",
            "workgroup edit --workgroup w --non-expiring perhaps",
            "route set --workgroup w",
            "route set --workgroup w routes.txt --none",
            "route set --workgroup w routes.txt --family both",
            "route try --workgroup w",
            "route try --workgroup w --path / --kind any",
            "permission edit --name v.open",
            "permission add --name v.open --label V --description D --section S --powerful --for-devices",
            "user disable",
            "token import legacy.csv",
            "token import --workgroup w",
        ] {
            assert_eq!(parse(line).err().map(|usage| usage.exit_code()), Some(2), "{line}");
        }
        assert_eq!(parse("--version").err().map(|asked| asked.exit_code()), Some(0));
    }

    #[test]
    fn a_limit_behind_serve_is_the_default_and_behind_a_token_its_own() {
        let mut latchkey = parse("--rate-limit 5/m serve --rate-limit 7/m").unwrap();
        let Command::Serve(serve) = &latchkey.command else { unreachable!() };
        serve.settle(&mut latchkey.settings);
        assert_eq!(latchkey.settings.rate_limit.as_deref(), Some("7/m"));
        assert_eq!(parse("token edit ID --rate-limit 9").unwrap().settings.rate_limit, None);
    }
}
