//! From what a post came to, to the page or redirect that the browser gets.

use super::FormAnswer;
use crate::app::pages::already_made::AlreadyMade;
use crate::app::pages::token_string::TokenStringPage;
use crate::app::submitted::Submitted;
use crate::server::error::Result;
use crate::server::http::document::{Script, render, render_view, with_status};
use crate::server::http::problem::Problem;
use crate::server::http::router::Web;
use crate::server::tokens::form;
use crate::server::viewer::Visit;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use std::sync::Arc;

/// Rides on the response from the handler to [`finish`].
#[derive(Clone)]
struct Posted(Arc<FormAnswer>);

impl IntoResponse for FormAnswer {
    fn into_response(self) -> Response {
        let mut response = StatusCode::NO_CONTENT.into_response();
        response.extensions_mut().insert(Posted(Arc::new(self)));
        response
    }
}

/// Turns what a form's handler answered into what the browser gets.
pub async fn finish(State(web): State<Web>, request: Request, next: Next) -> Response {
    let asked = Asked {
        visit: request.extensions().get::<Visit>().cloned(),
        uri: request.uri().clone(),
        cookies: request.headers().get(header::COOKIE).cloned(),
    };
    let mut response = next.run(request).await;
    let Some(Posted(answer)) = response.extensions_mut().remove::<Posted>() else {
        return response;
    };
    match asked.page(&web, &answer).await {
        Ok(page) => page,
        Err(error) => Problem::from(error).into_response(),
    }
}

/// What of the request the answering page needs.
struct Asked {
    visit: Option<Visit>,
    uri: Uri,
    cookies: Option<HeaderValue>,
}

impl Asked {
    async fn page(self, web: &Web, answer: &FormAnswer) -> Result<Response> {
        let visit = self.visit.as_ref().ok_or_else(|| anyhow::anyhow!("a post without a visit"))?;
        let cookies = self.cookies.as_ref();
        match answer {
            FormAnswer::Redirect { to, cookies } => Ok(redirect(to, cookies)),
            FormAnswer::Refused { fields, refusal } => {
                let status = StatusCode::from_u16(refusal.code.status()).unwrap_or_default();
                let submitted = Submitted::new(fields.clone(), refusal.clone());
                let context = move || provide_context(submitted.clone());
                let page = render(web, visit, &self.uri, cookies, Script::None, context).await;
                let mut page = with_status(page, status);
                if let Some(seconds) = refusal.retry_after {
                    page.headers_mut()
                        .insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
                }
                Ok(page)
            }
            FormAnswer::Confirm { fields, question } => {
                let submitted = Submitted::asking(fields.clone(), (**question).clone());
                let context = move || provide_context(submitted.clone());
                Ok(render(web, visit, &self.uri, cookies, Script::None, context).await)
            }
            FormAnswer::Issued { issued, workgroup, done } => {
                let catalogue = form::catalogue(&web.app).await?;
                let (issued, workgroup, done) = (issued.clone(), workgroup.clone(), done.clone());
                let public_url = web.app.config.public_url.as_str().to_owned();
                let body = move || {
                    let (issued, workgroup) = ((*issued).clone(), workgroup.clone());
                    let (catalogue, public_url) = (catalogue.clone(), public_url.clone());
                    let done = done.clone();
                    view! { <TokenStringPage issued workgroup catalogue public_url done /> }
                };
                let script = Script::Reveal;
                Ok(render_view(web, visit, &self.uri, cookies, script, || (), body).await)
            }
            FormAnswer::AlreadyMade { token, workgroup, device } => {
                let (token, workgroup, device) = (token.clone(), workgroup.clone(), device.clone());
                let body = move || {
                    let (token, workgroup) = ((*token).clone(), workgroup.clone());
                    let device = device.clone();
                    view! { <AlreadyMade workgroup token device /> }
                };
                let script = Script::None;
                Ok(render_view(web, visit, &self.uri, cookies, script, || (), body).await)
            }
        }
    }
}

/// 303, so that a reload repeats no post.
fn redirect(to: &str, cookies: &[String]) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    if let Ok(to) = HeaderValue::from_str(to) {
        headers.insert(header::LOCATION, to);
    }
    for cookie in cookies {
        if let Ok(cookie) = HeaderValue::from_str(cookie) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
    response
}
