//! An import or an export under way. It goes on while other screens are looked at, so it belongs
//! to the tab and not to the screen.

use super::enclosing::Enclosing;
use super::files;
use crate::porter::link::{Porter, PorterError};
use crate::porter::message::{Defaults, Format, FromPorter, Progress, Report, Side, ToPorter};
use crate::ui::attachments::adding::keep;
use crate::ui::dispatch::Dispatch;
use leptos::prelude::*;
use leptos::task::spawn_local;
use thoughtstream_core::message::{Answer, Chosen, Edit, Failure, Fate, Query};
use web_sys::Blob;

/// Entries that are asked of the journal at a time when it is written to a file.
const PAGE_ENTRIES: u32 = 200;

/// What this tab does with files, in context; see [`use_jobs`].
#[derive(Clone, Copy)]
pub struct Jobs {
    pub import: RwSignal<Job<Progress, Imported>>,
    pub export: RwSignal<Job<Count, files::Download>>,
    stop: RwSignal<bool>,
}

/// Something that takes its time.
#[derive(Debug, Clone, PartialEq)]
pub enum Job<P, D> {
    Idle,
    Running(P),
    Done(D),
    Failed(String),
}

/// How an import ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    pub report: Report,
    /// Why not everything was read, if it was not.
    pub cut_short: Option<String>,
}

/// Entries written, of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    pub written: u32,
    pub total: u32,
}

/// Why something that takes a porter and the journal ended before its time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    #[error(transparent)]
    Porter(#[from] PorterError),
    #[error(transparent)]
    Journal(#[from] Failure),
    #[error("the answer was not to the question: reload the page and try again")]
    Crossed,
}

/// The jobs of this tab.
#[must_use]
pub fn use_jobs() -> Jobs {
    expect_context()
}

impl Default for Jobs {
    fn default() -> Self {
        Self {
            import: RwSignal::new(Job::Idle),
            export: RwSignal::new(Job::Idle),
            stop: RwSignal::new(false),
        }
    }
}

impl Jobs {
    /// Whether a job is under way; there is one at a time.
    #[must_use]
    pub fn busy(self) -> bool {
        self.import.with(Job::is_running) || self.export.with(Job::is_running)
    }

    /// Ends the job under way as soon as it can be; what came in stays.
    pub fn stop(self) {
        self.stop.set(true);
    }

    /// Begins to read files into the journal.
    pub fn begin_import(self, dispatch: Dispatch, files: Vec<Blob>, defaults: Defaults) {
        spawn_local(async move {
            // Whether there is one under way is seen on the screen.
            drop(self.import_all(dispatch, files, defaults).await);
        });
    }

    /// Reads files into the journal.
    ///
    /// # Errors
    /// If not all of them came in, with the reason.
    pub async fn import_all(
        self,
        dispatch: Dispatch,
        files: Vec<Blob>,
        defaults: Defaults,
    ) -> Result<(), String> {
        if self.busy() || files.is_empty() {
            return Err("another import or export is under way".into());
        }
        self.stop.set(false);
        self.import.set(Job::Running(Progress::default()));
        let ended = self.import(dispatch, files, defaults).await;
        let outcome = match &ended {
            Ok(imported) => imported.cut_short.clone().map_or(Ok(()), Err),
            Err(error) => Err(error.to_string()),
        };
        self.import.set(ended.map_or_else(|error| Job::Failed(error.to_string()), Job::Done));
        outcome
    }

    /// Begins to write the journal to a file, or what is chosen of it.
    pub fn begin_export(self, dispatch: Dispatch, format: Format, chosen: Option<Chosen>) {
        if self.busy() {
            return;
        }
        self.stop.set(false);
        self.export.set(Job::Running(Count::default()));
        spawn_local(async move {
            let ended = self.export(dispatch, format, chosen).await;
            self.export.set(match ended {
                Ok(Some(download)) => Job::Done(download),
                Ok(None) => Job::Idle,
                Err(error) => Job::Failed(error.to_string()),
            });
        });
    }

    /// While the journal takes in one batch, the porter reads the next.
    async fn import(
        self,
        dispatch: Dispatch,
        files: Vec<Blob>,
        defaults: Defaults,
    ) -> Result<Imported, JobError> {
        let porter = Porter::start().await?;
        let mut said = porter.say(&ToPorter::Import(defaults), &files).await?.0;
        let mut fates: Vec<Fate> = Vec::new();
        let mut cut_short = None;
        loop {
            let (arrivals, progress) = match said {
                FromPorter::Batch { arrivals, progress } => (arrivals, progress),
                FromPorter::Enclosed { hash } if !self.stop.get_untracked() => {
                    keep(dispatch, &porter, Side::Whole, hash).await?;
                    said = porter.say(&ToPorter::Next(std::mem::take(&mut fates)), &[]).await?.0;
                    continue;
                }
                _ => break,
            };
            self.import.set(Job::Running(progress));
            if self.stop.get_untracked() {
                cut_short = Some("you stopped it".to_owned());
                break;
            }
            let next = porter.say(&ToPorter::Next(std::mem::take(&mut fates)), &[]);
            if !arrivals.is_empty() {
                match dispatch.edit(Edit::Import(arrivals)).await {
                    Ok(Answer::Arrived(arrived)) => fates = arrived,
                    Ok(_) => return Err(JobError::Crossed),
                    Err(failure) => cut_short = Some(failure.to_string()),
                }
            }
            said = next.await?.0;
            if cut_short.is_some() {
                break;
            }
        }
        match porter.say(&ToPorter::Finish(fates), &[]).await?.0 {
            FromPorter::Report(report) => Ok(Imported { report, cut_short }),
            _ => Err(JobError::Crossed),
        }
    }

    /// While the porter writes one page, the journal reads the next; `None` if it was stopped.
    async fn export(
        self,
        dispatch: Dispatch,
        format: Format,
        chosen: Option<Chosen>,
    ) -> Result<Option<files::Download>, JobError> {
        let Answer::Status(status) = dispatch.query(Query::Status).await? else {
            return Err(JobError::Crossed);
        };
        let all = status.entries + status.trashed;
        let total = match &chosen {
            Some(Chosen::Entries(ids)) => u32::try_from(ids.len()).unwrap_or(all),
            _ => all,
        };
        let mut count = Count { written: 0, total };
        let porter = Porter::start().await?;
        porter.say(&ToPorter::Export(format), &[]).await?;
        let mut enclosing = Enclosing::default();
        let page = |after| {
            let limit = PAGE_ENTRIES;
            dispatch.query(match &chosen {
                Some(chosen) => Query::Chosen { chosen: chosen.clone(), after, limit },
                None => Query::Export { after, limit },
            })
        };
        let mut next = page(None).await?;
        loop {
            let Answer::Departures(departures) = next else { return Err(JobError::Crossed) };
            let Some(last) = departures.last() else { break };
            self.export.set(Job::Running(count));
            if format == Format::Markdown {
                for attachment in departures.iter().flat_map(|it| &it.attachments) {
                    enclosing.add(dispatch, &porter, attachment).await?;
                }
            }
            if self.stop.get_untracked() {
                return Ok(None);
            }
            // A page is at most as long as it was asked to be.
            count.written += departures.len() as u32;
            let coming = page(Some(last.place));
            porter.say(&ToPorter::Page(departures), &[]).await?;
            next = coming.await?;
        }
        let (_, files) = porter.say(&ToPorter::Close, &[]).await?;
        let blob = files.into_iter().next().ok_or(JobError::Crossed)?;
        let download = files::Download::of(&blob, format.extension()).ok_or(JobError::Crossed)?;
        download.save();
        enclosing.tell(dispatch);
        Ok(Some(download))
    }
}

/// How far a job is, without its numbers: what is shown changes with it, and not with every
/// number, so that the button that stops it keeps the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Idle,
    Running,
    Done,
    Failed,
}

impl<P, D> Job<P, D> {
    /// How far it is.
    pub fn phase(&self) -> Phase {
        match self {
            Self::Idle => Phase::Idle,
            Self::Running(_) => Phase::Running,
            Self::Done(_) => Phase::Done,
            Self::Failed(_) => Phase::Failed,
        }
    }

    /// Whether it is under way.
    pub fn is_running(&self) -> bool {
        self.phase() == Phase::Running
    }

    /// What has come of it.
    pub fn done(&self) -> Option<&D> {
        match self {
            Self::Done(done) => Some(done),
            _ => None,
        }
    }
}
