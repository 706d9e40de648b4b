//! The sections of the recipes: one for each thing that can do something daily.

use super::super::recipe::{Code, Copied, Recipe, Section};
use super::SECTIONS;
use crate::app::components::button::LINK;
use leptos::prelude::*;

macro_rules! recipe {
    ($name:ident, $id:literal, $title:literal, $what:literal, $file:literal) => {
        const $name: Recipe = Recipe {
            id: $id,
            title: $title,
            what: $what,
            text: include_str!(concat!("recipes/", $file)),
        };
    };
}

recipe!(ONCE, "once-line", "shell", ": the line that renews once", "once.sh");
recipe!(SCRIPT, "script-file", "latchkey-renew", ": the script", "latchkey-renew.sh");
recipe!(INSTALL, "install-lines", "shell", ": how to install the script", "install.sh");
recipe!(CRONTAB, "cron-lines", "crontab -e", ": the lines for cron", "crontab");
recipe!(
    SERVICE,
    "systemd-service",
    "/etc/systemd/system/latchkey-renew.service",
    ": the service",
    "latchkey-renew.service"
);
recipe!(
    TIMER,
    "systemd-timer",
    "/etc/systemd/system/latchkey-renew.timer",
    ": the timer",
    "latchkey-renew.timer"
);
recipe!(START, "systemd-start", "shell", ": how to start the timer", "systemd-start.sh");
recipe!(STORE, "kubernetes-store", "latchkey-store", ": the second script", "latchkey-store.sh");
recipe!(JOB, "kubernetes-job", "latchkey-renew.yaml", ": the CronJob", "latchkey-renew.yaml");
recipe!(KUBECTL, "kubernetes-lines", "shell", ": how to apply it", "kubectl.sh");
recipe!(
    POWERSHELL,
    "powershell-file",
    "C:\\Latchkey\\Renew-Latchkey.ps1",
    ": the PowerShell script",
    "Renew-Latchkey.ps1"
);
recipe!(REGISTER, "powershell-task", "PowerShell", ": how to register the task", "register.ps1");

/// The title of a section, by its place in the list.
fn section(id: &'static str) -> (&'static str, &'static str) {
    SECTIONS.into_iter().find(|(known, _)| *known == id).unwrap_or((id, id))
}

#[component]
pub fn Once(url: String) -> impl IntoView {
    let (id, title) = section("once");
    view! {
        <Section id=id title=title>
            <Copied recipe=ONCE url=url />
            <p>
                "The answer holds the next string under " <Code text="token" />
                ". The old one works until its own end. Asked again with the old one, Latchkey gives the same new one: nothing is lost if the line drops. A string is shown in that answer alone, so keep it before the old one ends."
            </p>
        </Section>
    }
}

#[component]
pub fn Script(url: String) -> impl IntoView {
    let (id, title) = section("script");
    view! {
        <Section id=id title=title>
            <p>
                "Needs a shell and curl. It reads the token from a file, as "
                <em class="not-italic text-ink">"Download as .env"</em>
                " saves it, and asks Latchkey whether it is time: after about two thirds of the string's life, and always before the first mail. Then it renews, and puts the new string in the file's place in one step."
            </p>
            <Copied recipe=SCRIPT url=url.clone() />
            <Copied recipe=INSTALL url=url />
            <p>
                "A program that reads the token only when it starts has to be told: name the command behind the file, such as "
                <Code text="latchkey-renew ~/latchkey.env systemctl --user restart app" />
                ". It runs after a renewal and at no other time. What reads the file for each call needs nothing."
            </p>
            <p>"Run it daily. That is not too often: before it is time, it only asks."</p>
        </Section>
    }
}

#[component]
pub fn Cron(url: String) -> impl IntoView {
    let (id, title) = section("cron");
    view! {
        <Section id=id title=title>
            <p>
                "In the crontab of the user who owns the file. cron mails whatever is printed, and the script prints only what went wrong. Choose another minute than ours."
            </p>
            <Copied recipe=CRONTAB url=url />
        </Section>
    }
}

#[component]
pub fn Systemd(url: String) -> impl IntoView {
    let (id, title) = section("systemd");
    view! {
        <Section id=id title=title>
            <p>
                "Put your own user and folder in place of " <Code text="app" />
                "; the user needs to write into the folder. The timer makes up for the time that the machine was off."
            </p>
            <Copied recipe=SERVICE url=url.clone() />
            <Copied recipe=TIMER url=url.clone() />
            <Copied recipe=START url=url />
            <p>
                "A run that failed stands in " <Code text="systemctl --failed" />
                ", and why in " <Code text="journalctl -u latchkey-renew" /> ". "
                <Code text="OnFailure=" /> " in the service names a unit that tells you."
            </p>
        </Section>
    }
}

#[component]
pub fn Kubernetes(url: String) -> impl IntoView {
    let (id, title) = section("kubernetes");
    view! {
        <Section id=id title=title>
            <p>
                "The Secret " <Code text="latchkey" /> " holds the token under "
                <Code text="LATCHKEY_TOKEN" /> ". The job runs "
                <a href="#script" rel="external" class=LINK>
                    "the script"
                </a>
                " on a copy in memory, and a second one puts the new string into the Secret. It may change that one Secret and nothing else."
            </p>
            <Copied recipe=STORE url=url.clone() />
            <Copied recipe=JOB url=url.clone() />
            <p>
                "With both scripts and the token in files of these names, in the namespace of your program:"
            </p>
            <Copied recipe=KUBECTL url=url />
            <p>
                "Pods that take the token from their environment see the new one at their next start; mounted as a volume it changes by itself, within about a minute. A job that failed stays listed as failed, and its log says why."
            </p>
        </Section>
    }
}

#[component]
pub fn PowerShell(url: String) -> impl IntoView {
    let (id, title) = section("powershell");
    view! {
        <Section id=id title=title>
            <p>
                "For Windows PowerShell 5.1 and PowerShell 7, without anything else. Put the token into "
                <Code text="C:\\Latchkey\\latchkey.env" /> " and the script beside it."
            </p>
            <Copied recipe=POWERSHELL url=url.clone() />
            <Copied recipe=REGISTER url=url />
            <p>
                "A run that failed shows as " <Code text="0x1" />
                " under Last Run Result of the task. Run the script by hand to read why."
            </p>
        </Section>
    }
}

#[component]
pub fn Trouble() -> impl IntoView {
    let (id, title) = section("trouble");
    let cases = [
        (
            "401",
            "The string has expired, was revoked or retired, or is not one of ours; the answer says which. It cannot renew any more: ask the owners of the workgroup for a new token.",
        ),
        (
            "403",
            "Renewal is not turned on for this token, or it does not expire. The owners of the workgroup can turn it on.",
        ),
        (
            "429",
            "Ten strings of this token are alive already, or it was used too often within a minute. Use the newest string, or wait until an older one ends.",
        ),
        (
            "5xx, or no answer",
            "Latchkey or the way to it is down. Nothing is lost: the string that you hold works on, and the next run tries again.",
        ),
    ];
    let cases = cases
        .map(|(code, meaning)| {
            view! {
                <div class="grid gap-x-6 gap-y-1 border-t border-line py-3 md:grid-cols-[9rem_minmax(0,1fr)]">
                    <dt class="font-medium text-ink">{code}</dt>
                    <dd>{meaning}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <Section id=id title=title>
            <dl>{cases}</dl>
        </Section>
    }
}
