//! What a workgroup sent to token owners, what could not be delivered, and what goes out next.

mod filters;
mod next;
mod paging;
mod rows;
mod settings;

use crate::app::components::banner::{Banner, ErrorSummary, Tone};
use crate::app::components::button::{Button, LINK};
use crate::app::components::calendar_feed::CalendarFeed;
use crate::app::components::empty::Empty;
use crate::app::components::form::{Hidden, PostForm};
use crate::app::components::icon::Icon;
use crate::app::components::notice_links;
use crate::app::components::time::Ago;
use crate::app::components::token_links;
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::app::submitted::Filled;
use crate::domain::notices_list::{Delivery, NoticesPage, NoticesQuery, Show};
use crate::domain::refusal::Refusal;
use crate::domain::usage::counted;
use crate::rpc;
use filters::Filters;
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use next::Next;
use paging::Paging;
use rows::LetterTable;
use settings::Settings;

/// An answer with the question it answers: by the time it is shown another may have been asked.
type Answered = (NoticesQuery, NoticesPage);

#[component]
pub fn Notices() -> impl IntoView {
    let workgroup = use_workgroup();
    let fields = use_query_map();
    let query = Memo::new(move |_| NoticesQuery::read(|name| fields.read().get(name)));
    let page = Resource::new(move || (workgroup.get(), query.get()), load);
    let show = |(query, page): Answered| view! { <NoticesView page=page query=query /> };
    view! {
        <Title text="Notices" />
        <Page section=Section::Notices>
            <Answer of=page show=show />
        </Page>
    }
}

async fn load((workgroup, query): (String, NoticesQuery)) -> Result<Answered, Refusal> {
    let page = rpc::notices::list_notices(workgroup, query.clone()).await?;
    Ok((query, page))
}

#[component]
fn NoticesView(page: NoticesPage, query: NoticesQuery) -> impl IntoView {
    // The calendar's forms show their own.
    let posted = Filled::here();
    let refusal = posted.refusal().filter(|_| !posted.value("action", "").starts_with("calendar-"));
    let slug = page.workgroup.slug.clone();
    view! {
        {refusal.map(|refusal| view! { <ErrorSummary refusal=refusal /> })}
        <div class="flex flex-wrap items-start justify-between gap-4">
            <div class="min-w-0 flex-1 basis-72">
                <h1 class="text-xl font-semibold">"Notices"</h1>
                <Lead page=page.clone() />
            </div>
            <TestMail workgroup=slug.clone() to=page.own_address.clone() />
        </div>
        <Failed page=page.clone() />
        <section aria-labelledby="sent-title" class="mt-7">
            <h2 id="sent-title" class="font-semibold">
                "Sent"
            </h2>
            <Filters page=page.clone() query=query.clone() />
            <Letters page=page.clone() query=query.clone() />
        </section>
        <Next page=page.clone() query=query />
        <Settings page=page.clone() />
        <CalendarFeed workgroup=slug address=page.calendar />
    }
}

/// When was looked last for what is due, and who takes the mail.
#[component]
fn Lead(page: NoticesPage) -> impl IntoView {
    let swept = match page.last_sweep_at {
        Some(at) => Either::Left(view! {
            "The last sweep for what is due ran "
            <Ago at=at now=page.now />
            ". "
        }),
        None => Either::Right("No sweep for what is due has run yet. "),
    };
    let way = match page.mail_host {
        Some(host) => Either::Left(view! {
            "Mail goes out by "
            <code class="font-mono text-sm wrap-anywhere">{host}</code>
            "."
        }),
        None => Either::Right("Mail is written into the server\u{2019}s mail folder."),
    };
    view! { <p class="mt-1.5 max-w-[46rem] text-md text-ink-2">{swept} {way}</p> }
}

#[component]
fn TestMail(workgroup: String, to: String) -> impl IntoView {
    view! {
        <PostForm action=notice_links::posted(&workgroup)>
            <Hidden name="action" value="test-mail" />
            <Button icon=Icon::MailSent working="Sending\u{2026}">
                "Send test mail"
            </Button>
            <p class="mt-1 max-w-64 text-sm wrap-anywhere text-ink-3">"To you, " <bdi>{to}</bdi></p>
        </PostForm>
    }
}

/// What could not be delivered, and what to do about the newest of it.
#[component]
fn Failed(page: NoticesPage) -> impl IntoView {
    let slug = page.workgroup.slug;
    let count = page.open;
    page.failed.map(|row| {
        let lead = match count {
            1 => "1 letter could not be delivered.".to_owned(),
            _ => format!("{} could not be delivered.", counted(count, "letter")),
        };
        let answer = match row.delivery {
            Delivery::Undelivered { answer, .. } if !answer.is_empty() => format!(": {answer}"),
            _ => String::new(),
        };
        let query = NoticesQuery { show: Show::Undelivered, ..NoticesQuery::default() };
        let all = (count > 1).then(|| {
            let href = notice_links::list(&slug, &query);
            view! { " " <a href=href class=LINK>"Show all of them"</a> "." }
        });
        let edit = row.token.map(|token| {
            let href = token_links::edit(&slug, &token.id);
            view! { " " <a href=href class=LINK>"Edit the address"</a> "." }
        });
        let help = if row.can_send_again {
            " Correct the address of the token, send it again, or tell its owner another way."
        } else {
            ""
        };
        view! {
            <div class="mt-5" data-testid="undelivered">
                <Banner tone=Tone::Wrong icon=Icon::MailFailed lead=lead>
                    <span class="wrap-anywhere">
                        {if count > 1 { "The newest one is to " } else { "It is to " }}
                        <bdi>{row.recipient}</bdi> {answer} "." {help}
                    </span>
                    {edit}
                    {all}
                </Banner>
            </div>
        }
    })
}

#[component]
fn Letters(page: NoticesPage, query: NoticesQuery) -> impl IntoView {
    let (workgroup, now) = (page.workgroup.slug.clone(), page.now);
    if !page.items.is_empty() {
        let items = page.items.clone();
        return EitherOf3::A(view! {
            <LetterTable items=items now=now workgroup=workgroup />
            <Paging page=page query=query />
        });
    }
    if query.is_narrowed() || query.after.is_some() || query.before.is_some() {
        let all = notice_links::list(&workgroup, &NoticesQuery::default());
        return EitherOf3::B(view! {
            <div class="mt-6 max-w-[40rem]" role="status">
                <h3 class="font-medium">"No letter fits"</h3>
                <p class="mt-1 text-ink-2">
                    "Addresses, and what tokens are found by, were searched. "
                    <a href=all class=LINK>
                        "Show all letters"
                    </a> "."
                </p>
            </div>
        });
    }
    EitherOf3::C(view! {
        <Empty title="Nothing has been sent yet">
            <p class="mt-3 text-md text-ink-2">
                "Token owners are told before their tokens end, and when a token is issued or revoked. Each letter then stands here with what the mail server answered."
            </p>
        </Empty>
    })
}
