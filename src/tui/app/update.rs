//! What a message makes of the program.

use std::sync::Arc;

use crossterm::event::{Event, KeyEvent};

use super::state::{App, Shelf, Waiting};
use crate::policy::{Date, InForce};
use crate::replay::Applied;
use crate::tui::env::Step;
use crate::tui::job::Job;
use crate::tui::keys::{self, Action, Key};
use crate::tui::message::{Effect, Message};
use crate::tui::overlay::{Chosen, Outcome, Overlay, chooser};
use crate::tui::paint::Ink;
use crate::tui::place::{Place, Tab};
use crate::workbench::Workbench;

impl App {
    /// Takes a message; answers what the world shall do.
    pub fn update(&mut self, message: Message) -> Vec<Effect> {
        let mut effects = self.take(message);
        effects.extend(self.look_ahead());
        effects
    }

    /// What the screen would have more to show with.
    fn look_ahead(&mut self) -> Vec<Effect> {
        let Some(workbench) = self.workbench().map(Arc::clone) else {
            return vec![];
        };
        let env = self.env(&workbench);
        match self.tab {
            Tab::Search => {
                let search = &mut self.screens.search;
                let hit = search.hit().map(|hit| hit.item.policy.clone());
                let steps = search.look_ahead(env);
                let unopened = hit.filter(|policy| env.has_to_open(policy));
                let mut effects = self.take_steps(steps);
                effects.extend(unopened.into_iter().flat_map(|policy| self.open(policy)));
                effects
            }
            Tab::Policy => {
                let steps = self.screens.policy.look_ahead(env);
                self.take_steps(steps)
            }
            _ => vec![],
        }
    }

    fn take(&mut self, message: Message) -> Vec<Effect> {
        match message {
            Message::Key(event) => self.key(event),
            Message::Paste(text) => self.paste(&text),
            Message::Resize(columns, rows) => {
                self.size = (columns, rows);
                vec![]
            }
            Message::Opened(Ok(workbench)) => self.opened(workbench),
            Message::Opened(Err(problem)) => {
                self.shelf = Shelf::Failed(problem);
                self.screens.search.typing = false;
                vec![]
            }
            Message::Answer(answer) => self.answer(answer),
            Message::Failed { work, place } => {
                self.waiting = None;
                let text = format!("{work} failed inside the program ({place}); the rest goes on");
                self.say(Ink::Bad, text);
                vec![]
            }
            Message::Stop(_) | Message::InputEnded => vec![Effect::Quit],
        }
    }

    fn opened(&mut self, workbench: Arc<Workbench>) -> Vec<Effect> {
        let first = workbench.library().heads().first();
        self.policy = first.map(|policy| policy.reference.clone());
        self.shelf = Shelf::Open(workbench);
        let mut effects = vec![Effect::Run(Job::Origin)];
        // It is likely to be read, and small beside the library.
        effects.extend(
            self.policy
                .clone()
                .into_iter()
                .flat_map(|one| self.open(one)),
        );
        effects.extend(self.arrive(Place::Tab(self.tab)));
        if !self.screens.search.input.value().is_empty() {
            effects.extend(self.search_again());
        }
        effects
    }

    fn key(&mut self, event: KeyEvent) -> Vec<Effect> {
        self.note = None;
        // Who goes on does no longer wait for what was asked with a hit.
        if matches!(self.waiting, Some(Waiting::Act(_))) {
            self.waiting = None;
        }
        let context = self.context();
        match keys::action(context, Key::of(event)) {
            Some(Action::Quit) => vec![Effect::Quit],
            Some(action) if self.overlay.is_some() => self.act_on_overlay(action),
            Some(action) => self.act(action),
            None if context.takes_text() => self.edit(&Event::Key(event)),
            None => vec![],
        }
    }

    fn paste(&mut self, text: &str) -> Vec<Effect> {
        if !self.context().takes_text() {
            return vec![];
        }
        self.edit(&Event::Paste(text.to_owned()))
    }

    /// Text for the field that is typed in.
    fn edit(&mut self, event: &Event) -> Vec<Effect> {
        match &mut self.overlay {
            Some(overlay) => {
                overlay.edit(event);
                vec![]
            }
            None if self.screens.search.edit(event) => self.search_again(),
            None => vec![],
        }
    }

    /// Asks for what is in the search field.
    pub(super) fn search_again(&mut self) -> Vec<Effect> {
        let query = self.screens.search.ask(self.as_of);
        query
            .map(|query| Effect::Run(Job::Search(query)))
            .into_iter()
            .collect()
    }

    /// What an action does where no overlay is open.
    pub(super) fn act(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Quit => vec![Effect::Quit],
            Action::Help => self.cover(Overlay::help(self.context())),
            Action::Palette => self.open_palette(),
            Action::PickPolicy => self.open_policies(),
            Action::AsOf => self.cover(Overlay::as_of(self.as_of)),
            Action::Find => self.find(),
            Action::Show(tab) => self.go(Place::Tab(tab)),
            Action::NextTab => self.go(Place::Tab(self.tab.after(1))),
            Action::PreviousTab => self.go(Place::Tab(self.tab.after(Tab::ALL.len() - 1))),
            Action::Back => self.back(),
            action => self.act_on_screen(action),
        }
    }

    fn cover(&mut self, overlay: Overlay) -> Vec<Effect> {
        self.overlay = Some(overlay);
        vec![]
    }

    fn open_palette(&mut self) -> Vec<Effect> {
        let entries = chooser::commands(self.context(), self.workbench().map(Arc::as_ref));
        let unopened = self.workbench().map_or(0, |one| one.library().unread());
        self.cover(Overlay::palette(entries, unopened))
    }

    fn open_policies(&mut self) -> Vec<Effect> {
        match self.workbench() {
            Some(workbench) => {
                let entries = chooser::policies(workbench);
                self.cover(Overlay::policies(entries))
            }
            None => vec![],
        }
    }

    fn find(&mut self) -> Vec<Effect> {
        let effects = if self.tab == Tab::Search {
            vec![]
        } else {
            self.go(Place::Tab(Tab::Search))
        };
        self.screens.search.typing = true;
        self.screens.search.narrowing = false;
        effects
    }

    fn act_on_screen(&mut self, action: Action) -> Vec<Effect> {
        let Some(workbench) = self.workbench().map(Arc::clone) else {
            return vec![];
        };
        let env = self.env(&workbench);
        let screens = &mut self.screens;
        if let Some(Waiting::Arrive(_)) = self.waiting {
            return vec![];
        }
        let hit = screens.search.hit().filter(|_| self.tab == Tab::Search);
        if let Some(policy) = hit.map(|hit| hit.item.policy.clone())
            && matches!(action, Action::Open | Action::Compare)
            && !screens.search.narrowing
            && env.has_to_open(&policy)
        {
            self.waiting = Some(Waiting::Act(action));
            return self.open(policy);
        }
        let steps = match self.tab {
            Tab::Search => screens.search.update(action, env),
            Tab::Policy => screens.policy.update(action, env),
            Tab::Compare => screens.compare.update(action, env),
            Tab::Log => screens.log.update(action, env),
            Tab::Replay => screens.replay.update(action, env),
            Tab::Check => screens.check.update(action, env),
        };
        self.take_steps(steps)
    }

    /// Does what a screen asks for.
    pub(super) fn take_steps(&mut self, steps: Vec<Step>) -> Vec<Effect> {
        let mut effects = vec![];
        for step in steps {
            match step {
                Step::Go(place) => effects.extend(self.go(place)),
                Step::Ask(job) => effects.push(Effect::Run(job)),
                Step::Search => effects.extend(self.search_again()),
                Step::CancelReplay => effects.push(Effect::CancelReplay),
                Step::CancelAnalysis => effects.push(Effect::CancelAnalysis),
                Step::Choose(title, entries) => {
                    effects.extend(self.cover(Overlay::choose(title, entries)));
                }
                Step::Say(text) => self.say(Ink::Open, text),
            }
        }
        effects
    }

    fn act_on_overlay(&mut self, action: Action) -> Vec<Effect> {
        let height = self.body().height.into();
        let Some(overlay) = &mut self.overlay else {
            return vec![];
        };
        match overlay.update(action, height) {
            Outcome::Stay => vec![],
            Outcome::Close => {
                self.overlay = None;
                vec![]
            }
            Outcome::Chosen(chosen) => {
                self.overlay = None;
                self.carry_out(chosen)
            }
        }
    }

    fn carry_out(&mut self, chosen: Chosen) -> Vec<Effect> {
        match chosen {
            Chosen::Act(action) => self.act(action),
            Chosen::Go(place) => self.go(place),
            Chosen::Policy(reference) => {
                self.policy = Some(reference);
                self.arrive(Place::Tab(self.tab))
            }
            Chosen::AsOf(date) => self.set_as_of(date),
        }
    }

    fn set_as_of(&mut self, date: Option<Date>) -> Vec<Effect> {
        self.as_of = date;
        if let (Some(date), Some(workbench)) = (date, self.workbench().map(Arc::clone)) {
            self.read_as_of(date, &workbench);
        }
        self.search_again()
    }

    /// Shows the version in force then, or says why none can be told.
    fn read_as_of(&mut self, date: Date, workbench: &Workbench) {
        let reference = self.policy.clone().unwrap_or_default();
        let Some(policy) = workbench.library().policy_read(&reference) else {
            return;
        };
        let text = match policy.in_force(date) {
            InForce::One(version) => {
                let env = self.env(workbench);
                let reader = &mut self.screens.policy;
                let spot = reader.spot(env);
                reader.show(policy.version_ref(version), spot.as_ref(), env);
                format!(
                    "on {date} version {} of {reference} was in force",
                    version.name
                )
            }
            InForce::Unread { files } => format!(
                "{date}: it cannot be told, {} could not be read",
                files.join(", ")
            ),
            InForce::None => format!("no version of {reference} was in force on {date}"),
            InForce::Ambiguous { candidates, .. } => {
                // One that may have applied is shown rather than one that cannot have.
                if let Some(last) = candidates.last() {
                    let env = self.env(workbench);
                    let reader = &mut self.screens.policy;
                    let spot = reader.spot(env);
                    reader.show(policy.version_ref(last), spot.as_ref(), env);
                }
                format!("{date}: {}", Applied::on(policy, date).describe())
            }
        };
        self.say(Ink::Open, text);
    }
}
