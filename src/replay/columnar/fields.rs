//! The fields of a block of CSV text, found 64 bytes at a time.

use wide::u8x16;

/// Bytes before and after the text of a block, so that every field has a
/// separator before it and a word can be read wherever a field begins.
pub(super) const LEAD: usize = 1;
pub(super) const TAIL: usize = 80;

/// Where a field stands: its first byte and its length.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Span {
    pub start: u32,
    pub len: u32,
}

impl Span {
    /// What stands between two separators.
    fn between(before: u32, after: u32) -> Self {
        Span {
            start: before + 1,
            len: after - before - 1,
        }
    }
}

/// A block of text with room around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'a>(pub &'a [u8]);

impl<'a> Text<'a> {
    pub fn bytes(self, span: Span) -> &'a [u8] {
        let start = span.start as usize;
        self.0
            .get(start..start + span.len as usize)
            .unwrap_or_default()
    }

    fn word(self, at: usize) -> u64 {
        let bytes = self.0.get(at..).and_then(|rest| rest.first_chunk::<8>());
        bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes))
    }

    /// Its first eight bytes; what it lacks is zero.
    pub fn head(self, span: Span) -> u64 {
        self.word(span.start as usize) & MASKS[span.len.min(8) as usize]
    }

    /// Its first sixteen bytes; what it lacks is zero.
    pub fn words(self, span: Span) -> (u64, u64) {
        let start = span.start as usize;
        let low = self.word(start) & MASKS[span.len.min(8) as usize];
        let rest = span.len.saturating_sub(8).min(8);
        (low, self.word(start + 8) & MASKS[rest as usize])
    }
}

/// The bytes of a word that a text of so many bytes fills.
const MASKS: [u64; 9] = {
    let mut masks = [0; 9];
    let mut bytes = 1;
    while bytes < 9 {
        masks[bytes] = masks[bytes - 1] << 8 | 0xFF;
        bytes += 1;
    }
    masks
};

/// The fields of a block.
#[derive(Debug, Default)]
pub(super) struct Fields {
    /// Where separators stand, the one before the first field first.
    separators: Vec<u32>,
    /// For each row, the place of the separator before its first field.
    rows: Vec<u32>,
    /// How many fields each of these rows has.
    columns: usize,
    pub has_quotes: bool,
    /// Whether each row has the right number of fields.
    is_even: bool,
    /// Whether every byte is a character of its own other than NUL.
    pub is_plain: bool,
    /// Line ends, those within fields included.
    pub lines: usize,
    /// Rows of another number of fields: from where to where, line end left out.
    pub uneven: Vec<(usize, usize)>,
}

/// Quotation marks that do not enclose a field: only a reader that goes byte
/// by byte can tell what such text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StrayQuote;

impl Fields {
    /// Finds the fields of `block`: a line end, then whole rows each with its
    /// line end, then [`TAIL`] bytes that do not count.
    ///
    /// # Errors
    /// When a quotation mark stands where it neither opens nor closes a field.
    pub fn find(&mut self, block: &[u8], delimiter: u8, columns: usize) -> Result<(), StrayQuote> {
        let text = block.len().saturating_sub(TAIL);
        self.has_quotes = memchr::memchr(b'"', &block[..text]).is_some();
        self.columns = columns;
        let ends = if self.has_quotes {
            self.find_separators::<true>(block, text, delimiter)?
        } else {
            self.find_separators::<false>(block, text, delimiter)?
        };
        // The line end before the block is among them.
        self.find_rows(block, ends - 1);
        self.lines = match self.has_quotes {
            false => ends - 1,
            true => memchr::memchr_iter(b'\n', &block[LEAD..text]).count(),
        };
        Ok(())
    }

    fn find_separators<const QUOTES: bool>(
        &mut self,
        block: &[u8],
        text: usize,
        delimiter: u8,
    ) -> Result<usize, StrayQuote> {
        let mut found = std::mem::take(&mut self.separators);
        let mut quotes = Quotes::default();
        let (mut held, mut ends) = (0, 0);
        // All that is set in some byte; the least byte.
        let (mut set, mut least) = (u8x16::splat(0), u8x16::splat(u8::MAX));
        for (index, chunk) in block.chunks(64).enumerate() {
            let base = index * 64;
            if base >= text {
                break;
            }
            let Some(chunk) = chunk.first_chunk::<64>() else {
                break;
            };
            let valid = match text - base {
                left if left >= 64 => !0,
                left => (1u64 << left) - 1,
            };
            let masks = masks::<QUOTES>(chunk, delimiter);
            // Behind the text there is room, and nothing else: zeros.
            if valid == !0 {
                for bytes in chunk.as_chunks::<16>().0 {
                    set |= u8x16::new(*bytes);
                    least = least.min(u8x16::new(*bytes));
                }
            } else {
                let rest = &chunk[..text - base];
                set |= u8x16::splat(rest.iter().fold(0, |all, byte| all | byte));
                let first = rest.iter().copied().min().unwrap_or(u8::MAX);
                least = least.min(u8x16::splat(first));
            }
            let mut bits = masks.separators & valid;
            if QUOTES {
                bits = quotes.outside(bits, masks.quotes & valid, masks.returns, masks.ends)?;
            }
            ends += (bits & masks.ends).count_ones() as usize;
            if found.len() < held + 64 {
                found.resize((held + 64).max(found.len() * 2).max(4096), 0);
            }
            let count = bits.count_ones() as usize;
            if let Some(places) = found.get_mut(held..held + count) {
                for place in places {
                    *place = base as u32 + bits.trailing_zeros();
                    bits &= bits.wrapping_sub(1);
                }
            }
            held += count;
        }
        found.truncate(held);
        self.separators = found;
        let is_ascii = set.to_bitmask() == 0;
        self.is_plain = is_ascii && least.simd_eq(u8x16::splat(0)).to_bitmask() == 0;
        if QUOTES && quotes.open != 0 {
            return Err(StrayQuote);
        }
        Ok(ends)
    }

    fn find_rows(&mut self, block: &[u8], ends: usize) {
        self.rows.clear();
        self.uneven.clear();
        let separators = &self.separators;
        let is_end = |place: usize| {
            separators
                .get(place)
                .is_some_and(|at| block.get(*at as usize) == Some(&b'\n'))
        };
        let even = separators.len() == 1 + ends * self.columns
            && (1..=ends).all(|row| is_end(row * self.columns));
        self.is_even = even && self.columns > 1;
        if even {
            self.rows
                .extend((0..ends).map(|row| (row * self.columns) as u32));
            return;
        }
        let mut first = 0;
        while first + 1 < separators.len() {
            let ends_early = (1..self.columns).find(|place| is_end(first + place));
            match ends_early {
                None if is_end(first + self.columns) => {
                    self.rows.push(first as u32);
                    first += self.columns;
                }
                _ => {
                    let end = (first + 1..separators.len()).find(|place| is_end(*place));
                    let end = end.unwrap_or(separators.len() - 1);
                    let (start, stop) = (separators[first] as usize + 1, separators[end] as usize);
                    if start < stop && block[start..stop] != *b"\r" {
                        self.uneven.push((start, stop));
                    }
                    first = end;
                }
            }
        }
    }

    /// How many rows have the right number of fields.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Where a row begins and ends, its line end left out.
    pub fn row(&self, row: usize) -> (usize, usize) {
        let first = self.rows[row] as usize;
        let end = first + self.columns;
        (
            self.separators[first] as usize + 1,
            self.separators[end] as usize,
        )
    }

    /// The fields of a column in up to 64 rows from row `64 * word` on, and
    /// how many rows there are.
    pub fn spans(
        &self,
        text: Text<'_>,
        column: usize,
        word: usize,
        spans: &mut [Span; 64],
    ) -> usize {
        let rows = self.rows.get(word * 64..).unwrap_or_default();
        let count = rows.len().min(64);
        if self.is_even {
            let from = word * 64 * self.columns + column;
            let rows = self.separators.get(from..).unwrap_or_default();
            for (row, span) in rows.chunks(self.columns).zip(spans[..count].iter_mut()) {
                if let [before, after, ..] = row {
                    *span = Span::between(*before, *after);
                }
            }
        } else {
            for (row, span) in rows.iter().zip(spans.iter_mut()) {
                let place = *row as usize + column;
                if let Some([before, after]) = self.separators.get(place..place + 2) {
                    *span = Span::between(*before, *after);
                }
            }
        }
        if column + 1 == self.columns {
            for span in &mut spans[..count] {
                let last = (span.start + span.len).saturating_sub(1) as usize;
                span.len -= u32::from(span.len > 0 && text.0[last] == b'\r');
            }
        }
        if self.has_quotes {
            for span in &mut spans[..count] {
                let last = (span.start + span.len).saturating_sub(1) as usize;
                let marks = (text.0[span.start as usize], text.0[last]);
                let quoted = u32::from(span.len > 1 && marks == (b'"', b'"'));
                span.start += quoted;
                span.len -= 2 * quoted;
            }
        }
        count
    }
}

/// Which bytes of 64 are what, a bit a byte.
struct Masks {
    /// Delimiters and line ends.
    separators: u64,
    ends: u64,
    quotes: u64,
    returns: u64,
}

#[inline]
fn masks<const QUOTES: bool>(chunk: &[u8; 64], delimiter: u8) -> Masks {
    let mut masks = Masks {
        separators: 0,
        ends: 0,
        quotes: 0,
        returns: 0,
    };
    let (delimiter, newline) = (u8x16::splat(delimiter), u8x16::splat(b'\n'));
    let (quote, carriage) = (u8x16::splat(b'"'), u8x16::splat(b'\r'));
    for (index, bytes) in chunk.as_chunks::<16>().0.iter().enumerate() {
        let bytes = u8x16::new(*bytes);
        let bits = |found: u8x16| u64::from(found.to_bitmask()) << (16 * index);
        let end = bits(bytes.simd_eq(newline));
        masks.ends |= end;
        masks.separators |= end | bits(bytes.simd_eq(delimiter));
        if QUOTES {
            masks.quotes |= bits(bytes.simd_eq(quote));
            masks.returns |= bits(bytes.simd_eq(carriage));
        }
    }
    masks
}

/// Quotation marks from one 64 bytes to the next.
#[derive(Default)]
struct Quotes {
    /// All ones while a field is open.
    open: u64,
    /// Whether the byte before may come before a field or a second mark.
    may_open: u64,
    /// Whether the byte before closed a field.
    closed: u64,
    /// Whether the byte before was a carriage return after one.
    returned: u64,
}

impl Quotes {
    /// The separators outside quotation marks.
    fn outside(
        &mut self,
        separators: u64,
        quotes: u64,
        returns: u64,
        ends: u64,
    ) -> Result<u64, StrayQuote> {
        let inside = prefix_xor(quotes) ^ self.open;
        let (opening, closing) = (quotes & inside, quotes & !inside);
        let separators = separators & !inside;
        let may_open = (separators | closing) << 1 | self.may_open;
        let must_follow = closing << 1 | self.closed;
        if opening & !may_open != 0 || must_follow & !(separators | quotes | returns) != 0 {
            return Err(StrayQuote);
        }
        // A carriage return there is one of a line end.
        let returned = must_follow & returns;
        if (returned << 1 | self.returned) & !ends != 0 {
            return Err(StrayQuote);
        }
        self.returned = returned >> 63;
        self.open = ((inside as i64) >> 63) as u64;
        self.may_open = (separators | closing) >> 63;
        self.closed = closing >> 63;
        Ok(separators)
    }
}

/// For each bit, whether an odd number of bits are set up to it.
fn prefix_xor(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}
