//! What single criteria do to the outcome.

use super::NotCompared;
use super::cases::{Cases, Set, Told, TooLarge};
use super::count::exactly;
use super::outcome::{Outcomes, Reading};
use crate::policy::{Criterion, CriterionId, Dictionary, Need, Version};

/// A criterion that cannot do what it is there for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dead {
    /// The criterion.
    pub id: CriterionId,
    /// In which way.
    pub kind: DeadKind,
}

/// In which way a criterion cannot do what it is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadKind {
    /// No case can meet it.
    NeverMet,
    /// Every case meets it.
    AlwaysMet,
    /// Met or not, no case comes out differently.
    NeverMatters,
}

impl DeadKind {
    /// The kind in words.
    pub fn describe(self) -> &'static str {
        match self {
            DeadKind::NeverMet => "can never be met",
            DeadKind::AlwaysMet => "is always met",
            DeadKind::NeverMatters => "never changes the outcome",
        }
    }
}

/// The criteria of a version that cannot do what they are there for, in
/// document order. What holds of a criterion is not said again of those under it.
///
/// # Errors
/// When the analysis would take more room than it is given.
pub fn dead_criteria(version: &Version, dictionary: &Dictionary) -> Result<Vec<Dead>, NotCompared> {
    let cases = Cases::of(&[version], dictionary)?;
    let search = Search {
        reading: Reading { cases: &cases },
    };
    Ok(search.all(version)?)
}

/// A criterion with what it tells, worked out once.
struct Part<'a> {
    criterion: &'a Criterion,
    own: Told,
    told: Told,
    children: Vec<Part<'a>>,
}

/// Where the outcome hangs on a part: on its being met (`yes`), and on its
/// being known not to be (`no`). Outside, it comes to the same either way.
type Influence = Told;

struct Search<'a> {
    reading: Reading<'a>,
}

impl Search<'_> {
    fn all(&self, version: &Version) -> Result<Vec<Dead>, TooLarge> {
        let cases = self.reading.cases;
        let mut addressed = self.reading.known(false);
        let mut statements = vec![];
        for statement in &version.criteria {
            let scope = self.reading.scope(statement)?;
            let part = self.part(statement)?;
            addressed = self.reading.or(&addressed, &scope)?;
            let value = self.reading.and(&scope, &part.told)?;
            statements.push((scope, part, value));
        }
        let spoken_to = cases.and(&addressed.yes, cases.possible())?;
        let mut dead = vec![];
        for (index, (scope, part, _)) in statements.iter().enumerate() {
            let covers = part.criterion.covers;
            let of_kind = |wanted: bool| {
                let others = statements.iter().enumerate();
                let others = others.filter(|(other, (_, one, _))| {
                    one.criterion.covers == wanted && *other != index
                });
                let values: Vec<&Told> = others.map(|(_, (.., value))| value).collect();
                self.reading.combined(Need::Any, &values)
            };
            let (alike, unlike) = (of_kind(covers)?, of_kind(!covers)?);
            // Met is what is covered and known not to be excluded; not met what
            // is known not to be covered, or excluded.
            let influence = if covers {
                Told {
                    yes: cases.minus(&cases.and(&spoken_to, &unlike.no)?, &alike.yes)?,
                    no: cases.minus(&cases.and(&spoken_to, &alike.no)?, &unlike.yes)?,
                }
            } else {
                let hangs = cases.minus(&spoken_to, &alike.yes)?;
                Told {
                    yes: cases.minus(&hangs, &unlike.no)?,
                    no: cases.and(&cases.and(&spoken_to, &alike.no)?, &unlike.yes)?,
                }
            };
            self.find(part, &self.through(&influence, scope)?, &mut dead)?;
        }
        Ok(dead)
    }

    fn part<'a>(&self, criterion: &'a Criterion) -> Result<Part<'a>, TooLarge> {
        let own = self.reading.own(criterion)?;
        let children: Vec<Part<'a>> = criterion
            .children
            .iter()
            .map(|child| self.part(child))
            .collect::<Result<_, _>>()?;
        let told = if children.is_empty() {
            own.clone()
        } else {
            let below: Vec<&Told> = children.iter().map(|child| &child.told).collect();
            let below = self.reading.combined(criterion.need, &below)?;
            self.reading.and(&own, &below)?
        };
        Ok(Part {
            criterion,
            own,
            told,
            children,
        })
    }

    /// What hangs on one of two that must both hold, where the other is this.
    fn through(&self, influence: &Influence, other: &Told) -> Result<Influence, TooLarge> {
        let cases = self.reading.cases;
        Ok(Told {
            yes: cases.and(&influence.yes, &other.yes)?,
            no: cases.minus(&influence.no, &other.no)?,
        })
    }

    /// Looks for dead criteria from here on down.
    fn find(
        &self,
        part: &Part<'_>,
        influence: &Influence,
        dead: &mut Vec<Dead>,
    ) -> Result<(), TooLarge> {
        let matters = !influence.yes.is_false() || !influence.no.is_false();
        if let Some(kind) = self.kind(part, matters)? {
            dead.push(Dead {
                id: part.criterion.id.clone(),
                kind,
            });
            return Ok(());
        }
        if part.children.is_empty() {
            return Ok(());
        }
        let below = self.through(influence, &part.own)?;
        let among = Among::of(part, &below, self.reading.cases)?;
        for (index, child) in part.children.iter().enumerate() {
            if child.children.is_empty() && among.shown[index] {
                if let Some(kind) = self.kind(child, true)? {
                    dead.push(Dead {
                        id: child.criterion.id.clone(),
                        kind,
                    });
                }
                continue;
            }
            let influence = among.influence(child, self.reading.cases)?;
            self.find(child, &influence, dead)?;
        }
        Ok(())
    }

    fn kind(&self, part: &Part<'_>, matters: bool) -> Result<Option<DeadKind>, TooLarge> {
        let cases = self.reading.cases;
        let is_any = |set: &Set| Ok(!cases.and(set, cases.complete())?.is_false());
        Ok(if !is_any(&part.told.yes)? {
            Some(DeadKind::NeverMet)
        } else if !is_any(&part.told.no)? {
            Some(DeadKind::AlwaysMet)
        } else if !matters {
            Some(DeadKind::NeverMatters)
        } else {
            None
        })
    }
}

/// Where the outcome hangs on one of the children of a part, whichever it is.
///
/// On a child it hangs where so many of the others hold that one more is
/// enough. Those are the cases where so many of all hold and it does not, and
/// those where one more holds and it is among them: two sets serve all.
struct Among {
    met: Critical,
    unmet: Critical,
    /// The children that one of the cases looked at shows to matter.
    shown: Vec<bool>,
}

/// Where one more, or one less, of the children changes what comes of them.
struct Critical {
    lacking: Set,
    reached: Set,
}

impl Critical {
    /// `needed` of the sets are needed, and the outcome hangs on whether they
    /// are reached in the cases `within`.
    fn of(needed: usize, sets: &[&Set], within: &Set, cases: &Cases) -> Result<Self, TooLarge> {
        let so_many = |count: Option<usize>| match count {
            Some(count) if !within.is_false() => cases.and(within, &exactly(cases, count, sets)?),
            _ => Ok(cases.none()),
        };
        Ok(Critical {
            lacking: so_many(needed.checked_sub(1))?,
            reached: so_many((needed > 0).then_some(needed))?,
        })
    }

    /// Marks the sets on which the outcome hangs in one case of each kind.
    fn show(&self, sets: &[&Set], shown: &mut [bool]) {
        for (critical, holds) in [(&self.lacking, false), (&self.reached, true)] {
            let Some(case) = critical.sat_witness() else {
                continue;
            };
            for (set, shown) in sets.iter().zip(&mut *shown) {
                *shown |= set.eval_in(&case) == holds;
            }
        }
    }

    fn hangs_on(&self, set: &Set, cases: &Cases) -> Result<Set, TooLarge> {
        let lacking = cases.minus(&self.lacking, set)?;
        cases.or(&lacking, &cases.and(&self.reached, set)?)
    }
}

impl Among {
    fn of(part: &Part<'_>, influence: &Influence, cases: &Cases) -> Result<Self, TooLarge> {
        let total = part.children.len();
        let needed = match part.criterion.need {
            Need::All => total,
            Need::Any | Need::None => 1,
            Need::AtLeast(count) => count as usize,
        };
        // It fails where so many fail that too few are left.
        let too_many = (total + 1).saturating_sub(needed);
        let (holds, fails) = match part.criterion.need {
            Need::None => (&influence.no, &influence.yes),
            _ => (&influence.yes, &influence.no),
        };
        let yes: Vec<&Set> = part.children.iter().map(|child| &child.told.yes).collect();
        let no: Vec<&Set> = part.children.iter().map(|child| &child.told.no).collect();
        let met = Critical::of(needed, &yes, holds, cases)?;
        let unmet = Critical::of(too_many, &no, fails, cases)?;
        let mut shown = vec![false; total];
        met.show(&yes, &mut shown);
        unmet.show(&no, &mut shown);
        Ok(Among { met, unmet, shown })
    }

    fn influence(&self, child: &Part<'_>, cases: &Cases) -> Result<Influence, TooLarge> {
        Ok(Told {
            yes: self.met.hangs_on(&child.told.yes, cases)?,
            no: self.unmet.hangs_on(&child.told.no, cases)?,
        })
    }
}

/// Whether any case comes out differently under the two versions.
///
/// # Errors
/// When the analysis would take more room than it is given.
pub fn moves_the_outcome(
    old: &Version,
    new: &Version,
    dictionary: &Dictionary,
) -> Result<bool, NotCompared> {
    let cases = Cases::of(&[old, new], dictionary)?;
    Ok(Outcomes::of(&old.criteria, &cases)? != Outcomes::of(&new.criteria, &cases)?)
}
