//! What a file of cases is, and its bytes, unpacked.

use std::io::{self, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;

/// How a file holds cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A header, then one case a row.
    Csv,
    /// One JSON object a line.
    JsonLines,
    /// Apache Parquet.
    Parquet,
}

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    None,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
}

/// What the first bytes of a file are looked at for, at most.
pub const SNIFFED: usize = 4096;

/// A file may grow this many times over when it is unpacked: no table of
/// cases does, and what was made to fill a disk or a day does.
const MAX_GROWTH: u64 = 2000;
/// Growth is not looked at before that many bytes.
const GROWTH_FROM: u64 = 1 << 30;
/// The memory a packed file may ask for, as a power of two: 128 MiB.
const MAX_WINDOW: u32 = 27;

impl Packing {
    /// The packing a file's name tells, and the rest of the name.
    pub fn of_name(name: &str) -> (Packing, &str) {
        let without = |ending: &str| {
            let at = name.len().checked_sub(ending.len())?;
            let (stem, end) = (name.get(..at)?, name.get(at..)?);
            end.eq_ignore_ascii_case(ending).then_some(stem)
        };
        if let Some(stem) = without(".gz") {
            (Packing::Gzip, stem)
        } else if let Some(stem) = without(".zst") {
            (Packing::Zstd, stem)
        } else {
            (Packing::None, name)
        }
    }

    /// The packing the first bytes of a file tell.
    pub fn of_bytes(bytes: &[u8]) -> Packing {
        match bytes {
            [0x1f, 0x8b, ..] => Packing::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Packing::Zstd,
            _ => Packing::None,
        }
    }

    /// The unpacked bytes of `input`.
    ///
    /// # Errors
    /// When there is no memory for unpacking.
    pub fn unpack<'r>(self, input: impl Read + Send + 'r) -> io::Result<Box<dyn Read + Send + 'r>> {
        let counted = Counted {
            input,
            count: Arc::default(),
        };
        let packed = counted.count.clone();
        let unpacked: Box<dyn Read + Send> = match self {
            Packing::None => return Ok(Box::new(counted.input)),
            Packing::Gzip => Box::new(MultiGzDecoder::new(BufReader::new(counted))),
            Packing::Zstd => {
                let mut decoder = zstd::Decoder::new(counted)?;
                decoder.window_log_max(MAX_WINDOW)?;
                Box::new(decoder)
            }
        };
        Ok(Box::new(Bounded {
            unpacked,
            grown: 0,
            packed,
        }))
    }
}

impl Format {
    /// The format a file's name tells.
    pub fn of_name(name: &str) -> Option<Format> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "csv" => Some(Format::Csv),
            "jsonl" | "ndjson" | "json" => Some(Format::JsonLines),
            "parquet" => Some(Format::Parquet),
            _ => None,
        }
    }

    /// The format the first bytes of a file tell, unpacked.
    pub fn of_bytes(bytes: &[u8]) -> Format {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match text.trim_ascii_start() {
            _ if bytes.starts_with(b"PAR1") => Format::Parquet,
            [b'{' | b'[', ..] => Format::JsonLines,
            _ => Format::Csv,
        }
    }
}

/// Counts the bytes that were read.
struct Counted<R> {
    input: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(bytes)?;
        self.count.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Stops at a file that was made to grow without end.
struct Bounded<'r> {
    unpacked: Box<dyn Read + Send + 'r>,
    grown: u64,
    packed: Arc<AtomicU64>,
}

impl Read for Bounded<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.unpacked.read(bytes)?;
        self.grown += count as u64;
        if self.grown > GROWTH_FROM && self.grown / MAX_GROWTH > self.packed.load(Ordering::Relaxed)
        {
            return Err(io::Error::other(format!(
                "it grows more than {MAX_GROWTH} times over when unpacked"
            )));
        }
        Ok(count)
    }
}

/// The bytes of an input that were read and not yet used.
pub(super) struct Pieces<R> {
    input: R,
    bytes: Vec<u8>,
    used: usize,
    is_end: bool,
}

/// As much is read at once.
const PIECE: usize = 64 * 1024;

impl<R: Read> Pieces<R> {
    /// The pieces of `input`, a byte order mark left out.
    pub(super) fn of(input: R) -> Self {
        Pieces {
            input,
            bytes: vec![],
            used: 0,
            is_end: false,
        }
    }

    /// Leaves out a byte order mark; the bytes it took.
    pub(super) fn skip_mark(&mut self) -> io::Result<usize> {
        while self.rest().len() < 3 && !self.is_end {
            self.more()?;
        }
        let mark = if self.rest().starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        };
        self.used += mark;
        Ok(mark)
    }

    /// What is at hand.
    pub(super) fn rest(&self) -> &[u8] {
        &self.bytes[self.used..]
    }

    /// Whether the input ends with what is at hand.
    pub(super) fn is_end(&self) -> bool {
        self.is_end
    }

    /// Gives up the first bytes of what is at hand.
    pub(super) fn take(&mut self, count: usize) {
        self.used += count;
    }

    /// Reads on.
    pub(super) fn more(&mut self) -> io::Result<()> {
        self.bytes.drain(..self.used);
        self.used = 0;
        let length = self.bytes.len();
        self.bytes.resize(length + PIECE, 0);
        let read = loop {
            match self.input.read(&mut self.bytes[length..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.bytes
            .truncate(length + read.as_ref().map_or(0, |count| *count));
        self.is_end = read? == 0;
        Ok(())
    }
}

/// Why nothing more of a file is read.
pub fn broken_off(error: &io::Error) -> String {
    format!("the rest of the file cannot be read: {error}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn names_and_first_bytes_tell_what_a_file_is() {
        let table = [
            ("a.csv", Packing::None, Some(Format::Csv)),
            ("a.CSV.GZ", Packing::Gzip, Some(Format::Csv)),
            ("a.jsonl.zst", Packing::Zstd, Some(Format::JsonLines)),
            ("a.ndjson", Packing::None, Some(Format::JsonLines)),
            ("x/a.parquet", Packing::None, Some(Format::Parquet)),
            ("a.gz", Packing::Gzip, None),
            ("é.z", Packing::None, None),
            ("gz", Packing::None, None),
        ];
        for (name, packing, format) in table {
            let (told, stem) = Packing::of_name(name);
            assert_eq!((told, Format::of_name(stem)), (packing, format), "{name}");
        }
        let table: [(&[u8], Format); 5] = [
            (b"\xef\xbb\xbf {\"case_id\"", Format::JsonLines),
            (b"[\n{", Format::JsonLines),
            (b"case_id,policy", Format::Csv),
            (b"PAR1\x15", Format::Parquet),
            (b"", Format::Csv),
        ];
        for (bytes, format) in table {
            assert_eq!(Format::of_bytes(bytes), format, "{bytes:?}");
        }
    }

    fn unpacked(packing: Packing, bytes: &[u8]) -> io::Result<Vec<u8>> {
        assert_eq!(Packing::of_bytes(bytes), packing);
        let mut found = vec![];
        packing.unpack(bytes)?.read_to_end(&mut found)?;
        Ok(found)
    }

    #[test]
    fn packed_files_are_unpacked_in_all_their_parts() {
        let gzip = |text: &[u8]| {
            let mut writer = flate2::write::GzEncoder::new(vec![], flate2::Compression::default());
            writer.write_all(text).expect("memory");
            writer.finish().expect("memory")
        };
        let zstd = |text: &[u8]| zstd::encode_all(text, 0).expect("memory");
        let packed = [gzip(b"one,"), gzip(b"two")].concat();
        let found = unpacked(Packing::Gzip, &packed).expect("gzip");
        assert_eq!(found, b"one,two");
        unpacked(Packing::Gzip, &packed[..packed.len() - 3]).expect_err("cut off");
        let packed = [zstd(b"one,"), zstd(b"two")].concat();
        let found = unpacked(Packing::Zstd, &packed).expect("zstd");
        assert_eq!(found, b"one,two");
        unpacked(Packing::Zstd, &packed[..packed.len() - 3]).expect_err("cut off");
    }

    #[test]
    fn what_grows_without_end_is_stopped() {
        struct Endless;
        impl Read for Endless {
            fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
                Ok(bytes.len())
            }
        }
        let packed = Arc::new(AtomicU64::new(100_000));
        let mut bounded = Bounded {
            unpacked: Box::new(Endless),
            grown: 0,
            packed,
        };
        let mut bytes = vec![0; 1 << 26];
        let error = std::iter::repeat_with(|| bounded.read(&mut bytes))
            .take(100)
            .find_map(Result::err)
            .expect("it is stopped");
        assert!(error.to_string().contains("2000 times"), "{error}");
        assert!(bounded.grown <= GROWTH_FROM + (2 << 26));
    }
}
