//! Published zip files, opened with limits.
//!
//! An archive is data of others: its list of members may lie about sizes, a
//! few bytes may unfold to gigabytes, archives may lie in archives. What is
//! read is counted as it unfolds, whatever the list says.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::codesets::ReadError;

/// The most a member may unfold to; CMS's largest has 15 MB.
const MAX_MEMBER: u64 = 64 << 20;
/// The most an archive may unfold to, archives in it included.
const MAX_TOTAL: u64 = 256 << 20;
/// The most members an archive may have.
const MAX_MEMBERS: usize = 2_000;
/// How deep archives may lie in archives.
const MAX_DEPTH: usize = 2;

const SUSPICIOUS: &str =
    "use the archive as CMS publishes it; if it is, unpack it and name the files in it";

/// A file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// Its path, that of the archive before it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Whether a file is an archive, by its first bytes.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// The members of an archive, and of archives in it, whose names are wanted.
pub(super) fn members(
    file: &str,
    bytes: &[u8],
    wanted: &dyn Fn(&str) -> bool,
) -> Result<Vec<Member>, ReadError> {
    let mut reading = Reading {
        wanted,
        left: MAX_TOTAL,
        members: vec![],
    };
    reading.archive(file, bytes, 1)?;
    Ok(reading.members)
}

struct Reading<'a> {
    wanted: &'a dyn Fn(&str) -> bool,
    left: u64,
    members: Vec<Member>,
}

impl Reading<'_> {
    fn archive(&mut self, file: &str, bytes: &[u8], depth: usize) -> Result<(), ReadError> {
        let broken = |name: &str, error: &dyn std::fmt::Display| {
            ReadError::of_file(
                name,
                format!("the archive cannot be read: {error}"),
                "download it again",
            )
        };
        let mut archive =
            ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(file, &error))?;
        if archive.len() > MAX_MEMBERS {
            let message = format!("the archive has more than {MAX_MEMBERS} members");
            return Err(ReadError::of_file(file, message, SUSPICIOUS));
        }
        for index in 0..archive.len() {
            let inside = match archive.name_for_index(index) {
                Some(Ok(inside)) => inside.into_owned(),
                Some(Err(error)) => return Err(broken(file, &error)),
                None => continue,
            };
            let name = format!("{file}/{inside}");
            let nested = inside.to_ascii_lowercase().ends_with(".zip");
            if !nested && !(self.wanted)(&inside) {
                continue;
            }
            let member = archive
                .by_index(index)
                .map_err(|error| broken(&name, &error))?;
            let unfolded = self.unfold(&name, member)?;
            if !nested {
                let bytes = unfolded;
                self.members.push(Member { name, bytes });
            } else if depth == MAX_DEPTH {
                let message = format!("archives lie in archives more than {MAX_DEPTH} deep");
                return Err(ReadError::of_file(&name, message, SUSPICIOUS));
            } else {
                self.archive(&name, &unfolded, depth + 1)?;
            }
        }
        Ok(())
    }

    fn unfold(&mut self, name: &str, member: impl Read) -> Result<Vec<u8>, ReadError> {
        let limit = MAX_MEMBER.min(self.left);
        let mut bytes = vec![];
        member
            .take(limit + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| {
                let message = format!("it cannot be unpacked: {error}");
                ReadError::of_file(name, message, "download the archive again")
            })?;
        let size = bytes.len() as u64;
        if size > limit {
            let message = format!("it unfolds to more than {} MB", limit >> 20);
            return Err(ReadError::of_file(name, message, SUSPICIOUS));
        }
        self.left -= size;
        Ok(bytes)
    }
}

#[cfg(test)]
pub(in crate::codesets) mod tests {
    use std::io::Write;

    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;

    /// An archive of named files.
    pub(in crate::codesets) fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(vec![]));
        for (name, bytes) in files {
            writer
                .start_file(*name, SimpleFileOptions::default())
                .and_then(|()| Ok(writer.write_all(bytes)?))
                .expect("writing to memory");
        }
        writer.finish().expect("an archive").into_inner()
    }

    fn all(_: &str) -> bool {
        true
    }

    #[test]
    fn wanted_members_are_found_in_folders_and_in_archives() {
        let inner = archive(&[("b.txt", b"b")]);
        let outer = archive(&[
            ("folder/a.txt", b"a"),
            ("inner.ZIP", &inner),
            ("c.pdf", b"c"),
        ]);
        let members = members("o.zip", &outer, &|name| name.ends_with(".txt")).expect("members");
        let names: Vec<_> = members.iter().map(|member| member.name.as_str()).collect();
        assert_eq!(names, ["o.zip/folder/a.txt", "o.zip/inner.ZIP/b.txt"]);
        assert_eq!(members[1].bytes, b"b");
    }

    #[test]
    fn bombs_are_refused() {
        let large = vec![0; (MAX_MEMBER + 1) as usize];
        let three = archive(&[
            ("a", b"a"),
            ("b.zip", &archive(&[("c.zip", &archive(&[]))])),
        ]);
        let table = [
            (archive(&[("big.txt", &large)]), "more than 64 MB"),
            (three, "more than 2 deep"),
        ];
        for (bytes, reason) in table {
            let error = members("o.zip", &bytes, &all).expect_err(reason);
            assert!(error.to_string().contains(reason), "{error}");
        }
    }

    #[test]
    fn a_cut_archive_is_a_clear_error() {
        let whole = archive(&[("a.txt", b"a text of some length")]);
        for length in 0..whole.len() {
            let error = members("o.zip", &whole[..length], &all).expect_err("a cut archive");
            assert!(error.to_string().contains("o.zip"), "{error}");
        }
    }
}
