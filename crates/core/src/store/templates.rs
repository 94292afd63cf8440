//! The templates: the rows that somebody made or changed, and those that are there from the start.

use super::{Store, Writer, outbox};
use crate::change::TemplateRow;
use crate::clock::Stamp;
use crate::id::TemplateId;
use crate::message::{Template, starters};
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

impl Store {
    /// The templates that are there, by name.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn templates(&self) -> rusqlite::Result<Vec<Template>> {
        all(&self.conn)
    }
}

impl Writer<'_> {
    pub(super) fn put_template(&self, row: &TemplateRow, at: Stamp) -> rusqlite::Result<()> {
        let sql = "INSERT INTO templates (id, name, body, deleted, modified_at) \
                   VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO UPDATE SET \
                   name = excluded.name, body = excluded.body, deleted = excluded.deleted, \
                   modified_at = excluded.modified_at";
        let TemplateRow { template, deleted } = row;
        let values = params![template.id.0, template.name, template.body, deleted, at.to_string()];
        self.tx.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// The templates that are there, by name.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn templates(&self) -> rusqlite::Result<Vec<Template>> {
        all(&self.tx)
    }
}

/// Starters and rows; a row of a starter's id stands in its place, or says that it was removed.
pub(super) fn all(conn: &Connection) -> rusqlite::Result<Vec<Template>> {
    let starters = starters().into_iter().map(|template| (template.id, template));
    let mut found: BTreeMap<TemplateId, Template> = starters.collect();
    let mut statement = conn.prepare_cached(outbox::TEMPLATES)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (_, row) = outbox::read_template(row)?;
        let id = row.template.id;
        if row.deleted {
            found.remove(&id);
        } else {
            found.insert(id, row.template);
        }
    }
    let mut templates: Vec<Template> = found.into_values().collect();
    templates.sort_by_key(|template| template.name.to_lowercase());
    Ok(templates)
}
