//! `Registry`: those who want to be called, each for as long as its owner lives.

use leptos::prelude::*;

/// What was added and is still wanted, in the order in which it came.
pub struct Registry<T: 'static>(StoredValue<Members<T>, LocalStorage>);

struct Members<T> {
    next: u64,
    all: Vec<(u64, T)>,
}

impl<T> Clone for Registry<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Registry<T> {}

impl<T> Default for Registry<T> {
    fn default() -> Self {
        Self(StoredValue::new_local(Members { next: 0, all: Vec::new() }))
    }
}

impl<T: Clone> Registry<T> {
    /// Adds a member, until the current owner is cleaned up.
    pub fn add(self, member: T) {
        let mut id = 0;
        self.0.update_value(|members| {
            id = members.next;
            members.next += 1;
            members.all.push((id, member));
        });
        on_cleanup(move || {
            self.0.try_update_value(|members| members.all.retain(|member| member.0 != id));
        });
    }

    /// All members. They are copies: calling one may take away its neighbours.
    #[must_use]
    pub fn all(self) -> Vec<T> {
        self.0.with_value(|members| members.all.iter().map(|member| member.1.clone()).collect())
    }
}
