//! What a worker found out goes to the screen that asked.

use super::state::{App, Waiting};
use crate::tui::job::{Answer, Work};
use crate::tui::message::Effect;

impl App {
    pub(super) fn answer(&mut self, answer: Answer) -> Vec<Effect> {
        let screens = &mut self.screens;
        match answer {
            Answer::Searched {
                generation,
                results,
            } => {
                self.finished(Work::Index);
                self.screens.search.answer(generation, results);
            }
            Answer::Opened(policy) => return self.opened_policy(&policy),
            Answer::Origin(origin) => self.origin = Some(origin),
            Answer::Audited { policy, notes } => screens.policy.audited(&policy, notes),
            Answer::Lived { code, date, life } => screens.search.lived(&code, date, life),
            Answer::Working(progress) => self.progress = Some(progress),
            Answer::Stopped(work) => {
                self.finished(work);
                self.screens.check.stopped();
            }
            Answer::Compared { versions, examined } => screens.compare.answer(&versions, examined),
            Answer::Affected { versions, affected } => {
                screens.compare.affected(&versions, affected);
            }
            Answer::LogRead { policy, log } => screens.log.answer(&policy, log),
            Answer::Replaying { policy, gauge } => screens.replay.progress(&policy, gauge),
            Answer::Replayed { policy, replayed } => screens.replay.answer(&policy, replayed),
            Answer::Explained { of, explained } => screens.replay.explained(&of, explained),
            Answer::Checked(findings) => {
                self.finished(Work::Check);
                self.screens.check.answer(findings);
            }
        }
        vec![]
    }

    fn finished(&mut self, work: Work) {
        self.progress = self.progress.filter(|progress| progress.work != work);
    }

    /// A policy is open: what waited for it goes on.
    fn opened_policy(&mut self, policy: &str) -> Vec<Effect> {
        self.opening = self.opening.take().filter(|opening| opening != policy);
        match self.waiting.take() {
            Some(Waiting::Arrive(place)) => self.arrive(place),
            Some(Waiting::Act(action)) => self.act(action),
            None => vec![],
        }
    }
}
