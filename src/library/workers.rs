//! Sharing work out among the processors.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// More threads than this gain nothing on one disk.
const MOST_WORKERS: usize = 8;

/// The answers to each of a list of questions, in its order.
pub(crate) fn share_out<Q: Sync, A: Send>(
    questions: &[Q],
    answer: impl Fn(&Q) -> A + Sync,
) -> Vec<A> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let workers = workers.min(MOST_WORKERS).min(questions.len());
    if workers < 2 {
        return questions.iter().map(answer).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut answers = vec![];
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(question) = questions.get(at) else {
                return answers;
            };
            answers.push((at, answer(question)));
        }
    };
    let mut answers = thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
        let mut answers = work();
        for other in others {
            match other.join() {
                Ok(more) => answers.extend(more),
                // The fault is the caller's: it is carried on as it was.
                Err(fault) => std::panic::resume_unwind(fault),
            }
        }
        answers
    });
    answers.sort_by_key(|(at, _)| *at);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_is_answered_in_order() {
        for count in [0, 1, 2, 1000] {
            let questions: Vec<usize> = (0..count).collect();
            let answers = share_out(&questions, |number| number * 2);
            let expected: Vec<_> = (0..count).map(|number| number * 2).collect();
            assert_eq!(answers, expected);
        }
    }
}
