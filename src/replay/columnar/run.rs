//! A file of cases on all processors.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::Counting;
use super::block::{BlockReader, Sheet};
use super::encode::{Encoded, Encoder};
use super::fields::{LEAD, TAIL};
use super::ids::{Ids, MaybeTwice};
use super::plans::{Plans, Stop};
use super::source::{Block, Broken, Source};
use super::tally::{Counter, Tally};
use crate::cases::csv::{Scan, Scanner};
use crate::cases::{Case, Reject};

/// Told how many cases are done; answers whether to go on.
pub type Progress<'p> = &'p mut (dyn FnMut(u64) -> bool + Send);

/// Why counting ended early.
#[derive(Debug)]
pub(super) enum Ended {
    /// The file cannot be read.
    Input(io::Error),
    Stop(Stop),
    MaybeTwice,
    Cancelled,
}

impl From<Stop> for Ended {
    fn from(stop: Stop) -> Self {
        Ended::Stop(stop)
    }
}

impl From<MaybeTwice> for Ended {
    fn from(_: MaybeTwice) -> Self {
        Ended::MaybeTwice
    }
}

/// What is carried from file to file.
pub(super) struct Totals<'p> {
    pub ids: Ids,
    pub rejects: Vec<Reject>,
    /// By policy.
    pub tallies: BTreeMap<usize, Tally>,
    pub cases: u64,
    /// The line to come, of the file that is read.
    pub line: usize,
    pub progress: Progress<'p>,
}

impl Totals<'_> {
    pub fn add(&mut self, tallies: impl Iterator<Item = (usize, Tally)>) {
        for (policy, tally) in tallies {
            match self.tallies.entry(policy) {
                std::collections::btree_map::Entry::Vacant(place) => {
                    place.insert(tally);
                }
                std::collections::btree_map::Entry::Occupied(mut place) => {
                    place.get_mut().add(tally);
                }
            }
        }
    }

    fn tell(&mut self, cases: u64) -> Result<(), Ended> {
        self.cases += cases;
        if (self.progress)(self.cases) {
            Ok(())
        } else {
            Err(Ended::Cancelled)
        }
    }
}

/// What follows the header of a CSV file.
pub(super) struct Body<'r> {
    /// The file's name, as rejects give it.
    pub file: &'r str,
    /// The line after the header.
    pub line: usize,
    /// What was read of it with the header.
    pub begun: Vec<u8>,
    pub input: Box<dyn Read + Send + 'r>,
}

/// Whose turn it is: rows are taken up in the order of the file.
struct Turn<'t, 'p> {
    next: usize,
    line: usize,
    totals: &'t mut Totals<'p>,
    ended: Option<Ended>,
    /// Blocks that must be read byte by byte, and all after them.
    left: BTreeMap<usize, Vec<u8>>,
}

struct Shared<'s, 'r, 'p> {
    file: &'s str,
    source: Mutex<Source<'r>>,
    turn: Mutex<Turn<'s, 'p>>,
    turned: Condvar,
    stop: AtomicBool,
}

/// A panic elsewhere is reported where it happened.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts the cases of a CSV file.
pub(super) fn count<'a>(
    sheet: Sheet<'a, '_>,
    body: Body<'a>,
    asked: Counting<'_>,
    totals: &mut Totals<'_>,
) -> Result<(), Ended> {
    let Body {
        file,
        line,
        begun,
        input,
    } = body;
    let shared = Shared {
        file,
        source: Mutex::new(Source::new(begun, input, asked.block)),
        turn: Mutex::new(Turn {
            next: 0,
            line,
            totals,
            ended: None,
            left: BTreeMap::new(),
        }),
        turned: Condvar::new(),
        stop: AtomicBool::new(false),
    };
    lock(&shared.turn).totals.line = line;
    let work = || {
        let _guard = Guard(&shared);
        let mut reader = BlockReader::new(sheet);
        let mut bytes = vec![];
        while let Some(block) = shared.next(&mut bytes) {
            if !shared.block(&mut reader, &bytes, block) {
                break;
            }
        }
        lock(&shared.turn).totals.add(reader.finish());
    };
    std::thread::scope(|scope| {
        for _ in 1..asked.threads {
            scope.spawn(work);
        }
        work();
    });
    let turn = shared
        .turn
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    if let Some(ended) = turn.ended {
        return Err(ended);
    }
    let (line, totals) = (turn.line, turn.totals);
    let source = shared
        .source
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    let (rest, input, broken) = source.into_rest();
    if turn.left.is_empty() {
        return broken.map_or(Ok(()), |error| Err(Ended::Input(error)));
    }
    let input = match broken {
        Some(error) => Box::new(Broken(Some(error))),
        None => input,
    };
    let mut begun: Vec<u8> = turn.left.into_values().flatten().collect();
    begun.extend(rest);
    let body = Body {
        file,
        line,
        begun,
        input,
    };
    count_exactly(sheet, body, totals)
}

/// Lets the others go if a thread panics.
struct Guard<'g, 's, 'r, 'p>(&'g Shared<'s, 'r, 'p>);

impl Drop for Guard<'_, '_, '_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.end(Ended::Cancelled);
        }
    }
}

impl Shared<'_, '_, '_> {
    fn next(&self, bytes: &mut Vec<u8>) -> Option<Block> {
        let mut source = lock(&self.source);
        match self.stop.load(Ordering::Relaxed) {
            true => None,
            false => source.next(bytes),
        }
    }

    fn end(&self, ended: Ended) {
        self.stop.store(true, Ordering::Relaxed);
        lock(&self.turn).ended.get_or_insert(ended);
        self.turned.notify_all();
    }

    /// Reads a block and counts it when its turn has come; whether to go on.
    fn block(&self, reader: &mut BlockReader<'_, '_>, bytes: &[u8], block: Block) -> bool {
        let read = reader.read(bytes, block);
        let mut turn = lock(&self.turn);
        while turn.next != block.place && turn.ended.is_none() && turn.left.is_empty() {
            turn = self
                .turned
                .wait(turn)
                .unwrap_or_else(PoisonError::into_inner);
        }
        if turn.ended.is_some() {
            return false;
        }
        let taken = match read {
            Err(_) => false,
            _ if !turn.left.is_empty() => false,
            Ok(Err(stop)) => {
                drop(turn);
                self.end(stop.into());
                return false;
            }
            Ok(Ok(())) => true,
        };
        if !taken {
            let end = bytes.len() - TAIL - usize::from(block.is_cut);
            turn.left.insert(block.place, bytes[LEAD..end].to_vec());
            self.stop.store(true, Ordering::Relaxed);
            drop(turn);
            self.turned.notify_all();
            return false;
        }
        if let Err(twice) = reader.check_ids(bytes, &mut turn.totals.ids) {
            drop(turn);
            self.end(twice.into());
            return false;
        }
        let line = turn.line;
        turn.line += reader.lines;
        turn.totals.line = turn.line;
        let rejects = reader.rejects.drain(..).map(|one| Reject {
            file: self.file.to_owned(),
            line: line + one.line,
            reason: one.reason,
        });
        turn.totals.rejects.extend(rejects);
        turn.next += 1;
        drop(turn);
        self.turned.notify_all();
        let cases = reader.count(bytes, block);
        let told = lock(&self.turn).totals.tell(cases);
        match told {
            Ok(()) => true,
            Err(ended) => {
                self.end(ended);
                false
            }
        }
    }
}

/// Cases that are counted together.
const BATCH: usize = 4096;

/// Counts the cases of a CSV file record by record.
fn count_exactly<'a>(
    sheet: Sheet<'a, '_>,
    body: Body<'a>,
    totals: &mut Totals<'_>,
) -> Result<(), Ended> {
    let Body {
        file,
        line,
        begun,
        mut input,
    } = body;
    let mut scanner = Scanner::at(line, 0);
    let (mut bytes, mut at, mut ended) = (begun, 0, false);
    let mut broken = None;
    let mut batch = Batch::new(sheet.plans, file);
    loop {
        let line = scanner.line();
        let scanned = scanner.next(&bytes[at..], ended);
        match scanned {
            Scan::End => break,
            Scan::Blank(taken) => at += taken.length(),
            Scan::Record(record) => {
                let case = sheet.header.row(&record);
                let case = case.and_then(|row| row.typed(sheet.vocabulary));
                at += record.taken.length();
                batch.add(line, case, totals)?;
            }
            Scan::More => {
                bytes.drain(..at);
                at = 0;
                if broken.is_some() {
                    // What came before stands; half a row does not.
                    break;
                }
                let wanted = BATCH as u64 * 64;
                match (&mut input).take(wanted).read_to_end(&mut bytes) {
                    Ok(got) => ended = got == 0,
                    Err(error) => broken = Some(error),
                }
            }
        }
    }
    totals.line = scanner.line();
    batch.finish(totals)?;
    broken.map_or(Ok(()), |error| Err(Ended::Input(error)))
}

/// Cases that come one by one.
pub(super) struct Batch<'a, 'p> {
    plans: &'a Plans<'p>,
    file: &'a str,
    cases: BTreeMap<usize, Vec<Case>>,
    held: usize,
    counters: BTreeMap<usize, (Encoder<'a>, Counter<'a>)>,
}

impl<'a, 'p: 'a> Batch<'a, 'p> {
    pub fn new(plans: &'a Plans<'p>, file: &'a str) -> Self {
        Batch {
            plans,
            file,
            cases: BTreeMap::new(),
            held: 0,
            counters: BTreeMap::new(),
        }
    }

    /// Adds a row, in the order of the file.
    pub fn add(
        &mut self,
        line: usize,
        case: Result<Case, String>,
        totals: &mut Totals<'_>,
    ) -> Result<(), Ended> {
        let case = match case {
            Ok(case) if totals.ids.add_one(case.id.as_bytes())? => Ok(case),
            Ok(case) => Err(format!("case `{}` was read before", case.id)),
            Err(reason) => Err(reason),
        };
        match case {
            Err(reason) => totals.rejects.push(Reject {
                file: self.file.to_owned(),
                line,
                reason,
            }),
            Ok(case) => {
                let policy = self.plans.place(&case.policy).ok_or(Stop::TooLarge)?;
                self.cases.entry(policy).or_default().push(case);
                self.held += 1;
                if self.held == BATCH {
                    self.count(totals)?;
                }
            }
        }
        Ok(())
    }

    pub fn finish(mut self, totals: &mut Totals<'_>) -> Result<(), Ended> {
        self.count(totals)?;
        let counters = self.counters.into_iter();
        totals.add(counters.map(|(policy, (_, counter))| (policy, counter.finish())));
        Ok(())
    }

    fn count(&mut self, totals: &mut Totals<'_>) -> Result<(), Ended> {
        for (policy, cases) in std::mem::take(&mut self.cases) {
            let plan = self.plans.get(policy)?;
            let (encoder, counter) = self
                .counters
                .entry(policy)
                .or_insert_with(|| (Encoder::of_cases(plan), Counter::new(plan)));
            let mut encoded = Encoded::default();
            encoded.reset(plan, cases.len());
            for (row, case) in cases.iter().enumerate() {
                encoded.mine[row / 64] |= 1 << (row % 64);
                encoder.put_case(row, case, &mut encoded);
            }
            let mine = std::mem::take(&mut encoded.mine);
            counter.count(&encoded, &mine, &mut |row| cases.get(row).cloned());
        }
        totals.tell(std::mem::take(&mut self.held) as u64)
    }
}
