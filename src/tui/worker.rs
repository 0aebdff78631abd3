//! Work off the screen's thread.
//!
//! Four lanes, so that nothing quick waits behind something slow: searches,
//! replays, analyses of effects, everything else. A lane does one job at a time. Of the searches
//! that wait only the newest is done, and a new replay cancels the one that
//! runs. A job that panics is reported like any answer; the screen stays.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use super::job::{Answer, CaseUnder, Job, Query};
use super::message::Message;
use super::paint::Gauge;
use crate::search::Request;
use crate::workbench::{Against, CaseSource, Opening, ReplayRequest, TracedLog, Workbench};

/// How many hits a search lists.
const HITS: usize = 500;

thread_local! {
    /// Where the last panic of this thread happened; the panic hook notes it.
    static FAILED_AT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Notes where a worker panicked, for the message on the screen. The message
/// of the panic is left out: it could quote a case.
pub fn note_failure(place: String) {
    FAILED_AT.with_borrow_mut(|at| *at = place);
}

/// Opens the library on a thread of its own.
pub fn open(opening: Opening, screen: Sender<Message>) {
    spawn("open", move || {
        let opened = guarded("opening the library", || {
            Message::Opened(Workbench::open(&opening).map(Arc::new))
        });
        // The screen may be gone already.
        let _ = screen.send(opened);
    });
}

/// The lanes on which jobs wait.
pub struct Workers {
    search: Sender<Job>,
    replay: Sender<(u64, Job)>,
    effect: Sender<(u64, Job)>,
    other: Sender<Job>,
    /// The number of the analysis that is wanted. It goes on to its end, which
    /// is not far: its work is bounded. What comes of one that is not wanted
    /// any more is thrown away.
    wanted_effect: Arc<AtomicU64>,
    /// The number of the replay that is wanted; a replay with a lower number stops.
    wanted: Arc<AtomicU64>,
}

impl Workers {
    /// Starts the lanes.
    pub fn start(workbench: &Arc<Workbench>, screen: &Sender<Message>) -> Self {
        let wanted = Arc::new(AtomicU64::new(0));
        let (search, searches) = channel();
        let (replay, replays) = channel();
        let (effect, effects) = channel();
        let (other, others) = channel();
        let wanted_effect = Arc::new(AtomicU64::new(0));
        let desk = Desk {
            workbench: Arc::clone(workbench),
            screen: screen.clone(),
            wanted: Arc::clone(&wanted),
        };
        let (first, second, third) = (desk.clone(), desk.clone(), desk.clone());
        let fourth = Desk {
            wanted: Arc::clone(&wanted_effect),
            ..desk
        };
        spawn("search", move || first.search(&searches));
        spawn("replay", move || second.replay(&replays));
        spawn("work", move || third.work(&others));
        spawn("effect", move || fourth.effect(&effects));
        Workers {
            search,
            replay,
            effect,
            other,
            wanted_effect,
            wanted,
        }
    }

    /// Hands out a job.
    pub fn run(&self, job: Job) {
        // A lane is gone only when the program is leaving.
        let _ = match job {
            Job::Search(_) => self.search.send(job).is_ok(),
            Job::Replay(_) => {
                let number = self.wanted.fetch_add(1, Ordering::SeqCst) + 1;
                self.replay.send((number, job)).is_ok()
            }
            Job::Effect(_) => {
                let number = self.wanted_effect.fetch_add(1, Ordering::SeqCst) + 1;
                self.effect.send((number, job)).is_ok()
            }
            _ => self.other.send(job).is_ok(),
        };
    }

    /// Lets go of the analysis that is running.
    pub fn cancel_analysis(&self) {
        self.wanted_effect.fetch_add(1, Ordering::SeqCst);
    }

    /// Stops the replay that is running.
    pub fn cancel_replay(&self) {
        self.wanted.fetch_add(1, Ordering::SeqCst);
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) {
    // Without a thread there is no program to go on with.
    let spawned = thread::Builder::new().name(name.to_owned()).spawn(work);
    drop(spawned.expect("a thread can be started"));
}

/// What a lane works with.
#[derive(Clone)]
struct Desk {
    workbench: Arc<Workbench>,
    screen: Sender<Message>,
    wanted: Arc<AtomicU64>,
}

impl Desk {
    fn search(&self, jobs: &Receiver<Job>) {
        // Building the index before the first key is pressed.
        self.finish(&Job::Search(Query::default()), &mut |_| true);
        while let Ok(mut job) = jobs.recv() {
            while let Ok(newer) = jobs.try_recv() {
                job = newer;
            }
            self.finish(&job, &mut |_| true);
        }
    }

    fn replay(&self, jobs: &Receiver<(u64, Job)>) {
        while let Ok((number, job)) = jobs.recv() {
            let mut shown = 0;
            self.finish(&job, &mut |gauge| {
                // A message for every case would drown the screen.
                let percent = gauge.done * 100 / gauge.total.max(1);
                if percent > shown {
                    shown = percent;
                    self.tell_progress(&job, gauge);
                }
                self.wanted.load(Ordering::SeqCst) == number
            });
        }
    }

    fn effect(&self, jobs: &Receiver<(u64, Job)>) {
        let is_wanted = |number| self.wanted.load(Ordering::SeqCst) == number;
        while let Ok((number, job)) = jobs.recv() {
            if !is_wanted(number) {
                continue;
            }
            let message = guarded(job.name(), || {
                Message::Answer(perform(&job, &self.workbench, &mut |_| true))
            });
            if is_wanted(number) {
                let _ = self.screen.send(message);
            }
        }
    }

    fn tell_progress(&self, job: &Job, gauge: Gauge) {
        if let Job::Replay(policy) = job {
            let policy = policy.clone();
            let answer = Answer::Replaying { policy, gauge };
            let _ = self.screen.send(Message::Answer(answer));
        }
    }

    fn work(&self, jobs: &Receiver<Job>) {
        while let Ok(job) = jobs.recv() {
            self.finish(&job, &mut |_| true);
        }
    }

    fn finish(&self, job: &Job, progress: &mut dyn FnMut(Gauge) -> bool) {
        let message = guarded(job.name(), || {
            Message::Answer(perform(job, &self.workbench, progress))
        });
        let _ = self.screen.send(message);
    }
}

/// Does `work`; a panic becomes a message.
fn guarded(work: &'static str, job: impl FnOnce() -> Message) -> Message {
    catch_unwind(AssertUnwindSafe(job)).unwrap_or_else(|_| Message::Failed {
        work,
        place: FAILED_AT.take(),
    })
}

/// Does a job. `progress` is told how far it is and answers whether to go on.
pub fn perform(
    job: &Job,
    workbench: &Workbench,
    progress: &mut dyn FnMut(Gauge) -> bool,
) -> Answer {
    match job {
        Job::Search(query) => search(query, workbench),
        Job::Compare(versions) => {
            let names = [versions.old.to_string(), versions.new.to_string()];
            let pair = workbench.version_pair(&names);
            Answer::Compared {
                versions: versions.clone(),
                examined: pair.map(|pair| Box::new(workbench.examine(pair))),
            }
        }
        Job::Effect(versions) => {
            let names = [versions.old.to_string(), versions.new.to_string()];
            let pair = workbench.version_pair(&names);
            Answer::Affected {
                versions: versions.clone(),
                affected: pair.and_then(|pair| workbench.effect(pair).map(Box::new)),
            }
        }
        Job::ReadLog(policy) => read_log(policy, workbench),
        Job::Replay(policy) => replay(policy, workbench, progress),
        Job::Explain(of) => explain(of, workbench),
        Job::Check => Answer::Checked(workbench.check()),
        Job::Panic => panic!("asked for by LOOKBACK_TEST_PANIC"),
    }
}

fn search(query: &Query, workbench: &Workbench) -> Answer {
    let request = Request {
        query: query.text.clone(),
        as_of: query.as_of,
        limit: HITS,
        prefix_last: true,
        ..Request::default()
    };
    Answer::Searched {
        generation: query.generation,
        results: workbench.search(&request).map(|found| found.results),
    }
}

fn read_log(reference: &str, workbench: &Workbench) -> Answer {
    let log = match workbench.library().policy(reference) {
        Some(policy) => workbench.trace_log(policy),
        None => TracedLog::default(),
    };
    Answer::LogRead {
        policy: reference.to_owned(),
        log: Box::new(log),
    }
}

fn replay(policy: &str, workbench: &Workbench, progress: &mut dyn FnMut(Gauge) -> bool) -> Answer {
    let request = ReplayRequest {
        policy: Some(policy.to_owned()),
        against: Against::All,
        ..ReplayRequest::default()
    };
    let cases = workbench.stored_cases().cases.iter();
    let total = cases.filter(|case| case.policy == policy).count();
    let replayed = workbench.replay(&request, &mut |done| progress(Gauge { done, total }));
    Answer::Replayed {
        policy: policy.to_owned(),
        replayed: replayed.map(Box::new),
    }
}

fn explain(of: &CaseUnder, workbench: &Workbench) -> Answer {
    let version = of.version.to_string();
    let case = workbench.case(&CaseSource::Stored, &of.case);
    let explained = case.and_then(|case| workbench.explain(&case, Some(&version)));
    Answer::Explained {
        of: of.clone(),
        explained: explained.map(Box::new),
    }
}
