//! What a worker found out goes to the screen that asked.

use super::state::App;
use crate::tui::job::Answer;
use crate::tui::message::Effect;

impl App {
    pub(super) fn answer(&mut self, answer: Answer) -> Vec<Effect> {
        let screens = &mut self.screens;
        match answer {
            Answer::Searched {
                generation,
                results,
            } => screens.search.answer(generation, results),
            Answer::Compared { versions, examined } => screens.compare.answer(&versions, examined),
            Answer::Affected { versions, affected } => {
                screens.compare.affected(&versions, affected);
            }
            Answer::LogRead { policy, log } => screens.log.answer(&policy, log),
            Answer::Replaying { policy, gauge } => screens.replay.progress(&policy, gauge),
            Answer::Replayed { policy, replayed } => screens.replay.answer(&policy, replayed),
            Answer::Explained { of, explained } => screens.replay.explained(&of, explained),
            Answer::Checked(findings) => screens.check.answer(findings),
        }
        vec![]
    }
}
