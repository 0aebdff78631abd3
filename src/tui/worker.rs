//! Work off the screen's thread.
//!
//! Lanes, so that nothing quick waits behind something slow: searches,
//! policies to open, lives of codes, replays, analyses of effects, the check,
//! everything else. A lane does one job at a time. On the first three only the
//! newest of those that wait is done; a new replay cancels the one that runs.
//! A job that panics is reported like any answer; the screen stays.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::job::{Answer, CaseUnder, Found, Job, Lived, Progress, Query, Work};
use super::message::Message;
use super::paint::Gauge;
use crate::policy::{Code, Date};
use crate::search::Request;
use crate::workbench::{
    Against, CaseSource, Opening, Problem, Reading, ReplayRequest, TracedLog, WhatIf, Workbench,
};

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
    desk: Desk,
    search: Sender<Job>,
    open: Sender<Job>,
    life: Sender<Job>,
    replay: Sender<(u64, Job)>,
    effect: Sender<(u64, Job)>,
    check: Sender<Job>,
    other: Sender<Job>,
    /// The number of the analysis that is wanted. It goes on to its end, which
    /// is not far: its work is bounded. What comes of one that is not wanted
    /// any more is thrown away.
    wanted_effect: Arc<AtomicU64>,
}

impl Workers {
    /// Starts the lanes.
    pub fn start(workbench: &Arc<Workbench>, screen: &Sender<Message>) -> Self {
        let desk = Desk {
            workbench: Arc::clone(workbench),
            screen: screen.clone(),
            wanted: Arc::new(AtomicU64::new(0)),
            checking: Arc::new(AtomicBool::new(false)),
        };
        let wanted_effect = Arc::new(AtomicU64::new(0));
        let analyst = Desk {
            wanted: Arc::clone(&wanted_effect),
            ..desk.clone()
        };
        Workers {
            search: desk.lane("search", Desk::search),
            open: desk.lane("open", Desk::newest),
            life: desk.lane("life", Desk::newest),
            replay: desk.lane("replay", Desk::replay),
            effect: analyst.lane("effect", Desk::effect),
            check: desk.lane("check", Desk::each),
            other: desk.lane("work", Desk::each),
            wanted_effect,
            desk,
        }
    }

    /// Hands out a job.
    pub fn run(&self, job: Job) {
        // A lane is gone only when the program is leaving.
        let _ = match job {
            Job::Search(_) => self.search.send(job).is_ok(),
            Job::Open(_) => self.open.send(job).is_ok(),
            Job::Life(..) => self.life.send(job).is_ok(),
            Job::Replay(_) => {
                let number = self.desk.wanted.fetch_add(1, Ordering::SeqCst) + 1;
                self.replay.send((number, job)).is_ok()
            }
            Job::Effect(_) => {
                let number = self.wanted_effect.fetch_add(1, Ordering::SeqCst) + 1;
                self.effect.send((number, job)).is_ok()
            }
            Job::Check => {
                self.desk.checking.store(true, Ordering::SeqCst);
                self.check.send(job).is_ok()
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
        self.desk.wanted.fetch_add(1, Ordering::SeqCst);
    }

    /// Stops long work.
    pub fn stop(&self, work: Work) {
        match work {
            Work::Index => self.desk.workbench.stop_indexing(),
            Work::Check => self.desk.checking.store(false, Ordering::SeqCst),
        }
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
    /// The number of the replay that is wanted; a replay with a lower number stops.
    wanted: Arc<AtomicU64>,
    /// Whether the check is wanted.
    checking: Arc<AtomicBool>,
}

/// How often the screen is told how far long work is.
const TICK: Duration = Duration::from_millis(100);

impl Desk {
    fn lane<J: Send + 'static>(
        &self,
        name: &str,
        work: impl FnOnce(&Desk, &Receiver<J>) + Send + 'static,
    ) -> Sender<J> {
        let (sender, jobs) = channel();
        let desk = self.clone();
        spawn(name, move || work(&desk, &jobs));
        sender
    }

    fn search(&self, jobs: &Receiver<Job>) {
        // The index is opened before the first key is pressed.
        let mut next = Some(Job::Search(Query::default()));
        while let Some(job) = next.take().or_else(|| jobs.recv().ok()) {
            let job = jobs.try_iter().last().unwrap_or(job);
            let answer = self.with_index(&job);
            // What was asked while no index could be made has the same answer:
            // who stopped it does not want it begun again.
            if let Message::Answer(Answer::Searched {
                results: Err(problem),
                ..
            }) = &answer
                && !self.workbench.is_indexed()
                && let Some(Job::Search(waiting)) = jobs.try_iter().last()
            {
                let results = Err(problem.clone());
                let generation = waiting.generation;
                let answer = Answer::Searched {
                    generation,
                    results,
                };
                let _ = self.screen.send(Message::Answer(answer));
            }
            let _ = self.screen.send(answer);
        }
    }

    /// Searches; the first search makes the index, which may take its time.
    fn with_index(&self, job: &Job) -> Message {
        if self.workbench.is_indexed() {
            return self.answer(job, &mut |_| true);
        }
        let start = Instant::now();
        let tick = || {
            let (done, total) = self.workbench.indexing();
            self.tell(Work::Index, Gauge { done, total }, start);
        };
        ticking(tick, || self.answer(job, &mut |_| true))
    }

    fn newest(&self, jobs: &Receiver<Job>) {
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

    fn each(&self, jobs: &Receiver<Job>) {
        while let Ok(job) = jobs.recv() {
            match job {
                Job::Check => self.check(),
                _ => self.finish(&job, &mut |_| true),
            }
        }
    }

    fn check(&self) {
        let start = Instant::now();
        let told = Mutex::new(start);
        let go_on = |reading: Reading| {
            let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
            if told.elapsed() >= TICK {
                *told = Instant::now();
                let (done, total) = (reading.done, reading.of);
                self.tell(Work::Check, Gauge { done, total }, start);
            }
            self.checking.load(Ordering::SeqCst)
        };
        let message = guarded(Job::Check.name(), || {
            let findings = self.workbench.check_unless_stopped(&go_on);
            Message::Answer(match findings {
                Some(findings) => Answer::Checked(findings),
                None => Answer::Stopped(Work::Check),
            })
        });
        let _ = self.screen.send(message);
    }

    /// Tells how far long work is, once there is something to tell.
    fn tell(&self, work: Work, gauge: Gauge, start: Instant) {
        if gauge.total == 0 {
            return;
        }
        let seconds = start.elapsed().as_secs_f64().max(0.001);
        let rate = (gauge.done as f64 / seconds) as usize;
        let progress = Progress { work, gauge, rate };
        let answer = Answer::Working(progress);
        let _ = self.screen.send(Message::Answer(answer));
    }

    fn finish(&self, job: &Job, progress: &mut dyn FnMut(Gauge) -> bool) {
        let _ = self.screen.send(self.answer(job, progress));
    }

    fn answer(&self, job: &Job, progress: &mut dyn FnMut(Gauge) -> bool) -> Message {
        guarded(job.name(), || {
            Message::Answer(perform(job, &self.workbench, progress))
        })
    }
}

/// Does `work`, with a `tick` now and then while it lasts.
fn ticking<T>(tick: impl Fn() + Send, work: impl FnOnce() -> T) -> T {
    let (working, ended) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                tick();
            }
        });
        let done = work();
        drop(working);
        done
    })
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
        Job::Open(policy) => {
            // Reading it is the answer.
            workbench.library().policy(policy);
            Answer::Opened(policy.clone())
        }
        Job::Origin => Answer::Origin(workbench.library().origin().describe()),
        Job::Audit(policy) => Answer::Audited {
            policy: policy.clone(),
            notes: workbench
                .library()
                .policy(policy)
                .map_or(vec![], |policy| workbench.code_notes(policy)),
        },
        Job::Life(code, date) => Answer::Lived {
            code: code.clone(),
            date: *date,
            life: life(code, *date, workbench).map(Box::new),
        },
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
        results: workbench.search(&request).map(|found| Found {
            results: found.results,
            without_date: found.without_date,
        }),
    }
}

fn life(code: &Code, date: Date, workbench: &Workbench) -> Result<Lived, Problem> {
    Ok(Lived {
        life: workbench.life_of(code)?,
        validity: workbench.validity(code, date),
    })
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
        what_if: WhatIf::default(),
        ..ReplayRequest::default()
    };
    let total = workbench.cases_of(policy).cases.len();
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
