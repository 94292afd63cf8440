//! The screen's end: starts a porter, says one thing after the other to it, ends it.

use super::message::{FromPorter, ToPorter};
use super::parcel;
use futures_channel::oneshot;
use js_sys::{Reflect, global};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Blob, Event, MessageEvent, Worker, WorkerOptions, WorkerType};

/// A porter that runs as long as this exists.
pub struct Porter {
    worker: Worker,
    waiting: Waiting,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

/// Whoever waits for the next message.
type Waiting = Rc<RefCell<Option<oneshot::Sender<(FromPorter, Vec<Blob>)>>>>;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PorterError {
    #[error("the browser did not start the worker for files: reload the page and try again")]
    NotStarted,
    #[error(
        "the worker for files has stopped, perhaps for want of memory: close other tabs, try again"
    )]
    Stopped,
    #[error("{0}")]
    Failed(String),
}

impl Porter {
    /// Starts a porter; done when it listens.
    ///
    /// # Errors
    /// If the browser starts no worker.
    pub async fn start() -> Result<Self, PorterError> {
        let worker = new_worker().ok_or(PorterError::NotStarted)?;
        let waiting = Waiting::default();
        let on_message = Closure::new({
            let waiting = waiting.clone();
            move |event: MessageEvent| {
                // Whoever waited may have gone meanwhile.
                if let (Some(said), Some(to)) = (parcel::unpack(&event), waiting.take()) {
                    let _ = to.send(said);
                }
            }
        });
        let on_error = Closure::new({
            let waiting = waiting.clone();
            // Dropping the sender tells the receiver.
            move |_: Event| drop(waiting.take())
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let porter = Self { worker, waiting, _on_message: on_message, _on_error: on_error };
        match porter.hear().await {
            Ok((FromPorter::Listening, _)) => Ok(porter),
            _ => Err(PorterError::NotStarted),
        }
    }

    /// Says something at once; the answer can be waited for later.
    pub fn say(
        &self,
        message: &ToPorter,
        files: &[Blob],
    ) -> impl Future<Output = Result<(FromPorter, Vec<Blob>), PorterError>> + use<> {
        let answer = self.hear();
        if let Some(parcel) = parcel::pack(message, files) {
            let posted =
                self.worker.post_message_with_transfer(&parcel.content, &parcel.handed_over);
            if posted.is_err() {
                drop(self.waiting.take());
            }
        }
        answer
    }

    fn hear(&self) -> impl Future<Output = Result<(FromPorter, Vec<Blob>), PorterError>> + use<> {
        let (sender, receiver) = oneshot::channel();
        self.waiting.replace(Some(sender));
        async move {
            match receiver.await {
                Ok((FromPorter::Failed(why), _)) => Err(PorterError::Failed(why)),
                Ok(said) => Ok(said),
                Err(_) => Err(PorterError::Stopped),
            }
        }
    }
}

impl Drop for Porter {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// A worker from the address that the boot script knows.
fn new_worker() -> Option<Worker> {
    let ours = Reflect::get(&global(), &"thoughtstream".into()).ok()?;
    let address = Reflect::get(&ours, &"porter".into()).ok()?.as_string()?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    options.set_name("porter");
    Worker::new_with_options(&address, &options).ok()
}
