//! Operations on the application: its pages.

use indexmap::IndexMap;
use resolve_api::Locator;
use resolve_api::catalogue::{Domain, Effect};
use resolve_api::kind::{Kind, Param};

use crate::arguments::Arguments;
use crate::dry_run;
use crate::error::CallError;
use crate::operation::{Answer, Args, Operation};
use crate::session::Session;
use crate::verify::Observed;

/// Shows a page.
pub(crate) const SWITCH_PAGE: Operation = Operation {
    name: "switch_page",
    title: "Switch page",
    domain: Domain::Application,
    effect: Effect::Ui,
    doc: "Shows a page of Resolve (media, photo, cut, edit, fusion, color, fairlight, deliver) and answers the \
          page that is open then. Nothing of the project changes.",
    params: || vec![Param::required("page", Kind::enumeration("PageName"), "the page, such as \"edit\"")],
    run: |session, args| Box::pin(switch_page(session, args)),
};

async fn switch_page(session: &Session, args: Args) -> Result<Answer, CallError> {
    let page = args.text("page")?;
    if session.is_dry_run() {
        let open = session.page().await?;
        return Ok(dry_run::plan("show the page", [("page", page.into()), ("page_now", open.into())]));
    }
    session.open_page(page).await?;
    let open = session.page().await?;
    let mut observed = Observed::default();
    observed.check("Resolve.OpenPage", "page", page.into(), open.into())?;
    Ok(observed.into_answer(IndexMap::new()).into())
}

impl Session {
    /// The page that is open; `None` while the project manager is shown.
    pub(crate) async fn page(&self) -> Result<Option<String>, CallError> {
        let page = self.text(&Locator::Resolve, "GetCurrentPage", []).await?;
        Ok(Some(page).filter(|page| !page.is_empty()))
    }

    /// Opens a page.
    pub(crate) async fn open_page(&self, page: &str) -> Result<(), CallError> {
        self.call(Locator::Resolve, "OpenPage", [page.into()]).await.map(drop)
    }
}
