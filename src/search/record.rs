//! An item as the index stores it, so that a hit needs no library.

use super::bytes::{Reader, Writer};
use super::item::{Days, Item, ItemKind, Period};
use crate::policy::{Code, CodeSystem};

/// The bytes of an item.
pub(super) fn write(item: &Item) -> Vec<u8> {
    let mut to = Writer::default();
    to.number(item.kind.number());
    to.text(&item.policy);
    to.list(&item.ids, |to, id| to.text(id));
    to.text(&item.heading);
    to.text(&item.text);
    to.option(item.code.as_ref(), |to, code| {
        to.number(code.system() as u64);
        to.text(code.as_str());
    });
    to.text(&item.first);
    to.text(&item.last);
    to.count(item.first_index);
    to.count(item.last_index);
    to.number(u64::from(item.current));
    to.text(&item.effective.from.to_string());
    to.option(item.effective.to, |to, date| to.text(&date.to_string()));
    to.number(item.days.from);
    to.number(item.days.until);
    to.0
}

/// The item of some bytes, if they are one.
pub(super) fn read(bytes: &[u8]) -> Option<Item> {
    let mut from = Reader(bytes);
    Some(Item {
        kind: *ItemKind::ALL.get(from.count()?)?,
        policy: from.text()?.to_owned(),
        ids: from.list(|from| Some(from.text()?.to_owned()))?,
        heading: from.text()?.to_owned(),
        text: from.text()?.to_owned(),
        code: from.option(|from| {
            let system = *CodeSystem::ALL.get(from.count()?)?;
            Some(Code::as_printed(system, from.text()?))
        })?,
        first: from.text()?.to_owned(),
        last: from.text()?.to_owned(),
        first_index: from.count()?,
        last_index: from.count()?,
        current: from.number()? == 1,
        effective: Period {
            from: from.text()?.parse().ok()?,
            to: from.option(|from| from.text()?.parse().ok())?,
        },
        days: Days {
            from: from.number()?,
            until: from.number()?,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::super::items;
    use super::*;
    use crate::library::{EmbeddedSource, load};

    #[test]
    fn every_item_of_the_embedded_library_comes_back_as_it_was() {
        let library = load(&EmbeddedSource).expect("a library");
        for item in library.policies.iter().flat_map(items) {
            assert_eq!(read(&write(&item)), Some(item));
        }
    }

    #[test]
    fn cut_records_are_nothing() {
        let library = load(&EmbeddedSource).expect("a library");
        let record = write(&items(&library.policies[0])[0]);
        for end in 0..record.len() {
            assert_eq!(read(&record[..end]), None, "{end}");
        }
    }
}
