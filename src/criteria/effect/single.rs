//! What single criteria do to the outcome.

use super::NotCompared;
use super::cases::{Cases, Set, Told, TooLarge};
use super::outcome::{Outcomes, Reading, not};
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

/// A value from a value further down.
type Lift<'l> = &'l dyn Fn(&Told) -> Result<Told, TooLarge>;

/// What the others make of one of several: the result where that one holds,
/// and the result where it fails.
struct Others {
    holds: Told,
    fails: Told,
}

struct Search<'a> {
    reading: Reading<'a>,
}

impl Search<'_> {
    fn all(&self, version: &Version) -> Result<Vec<Dead>, TooLarge> {
        let cases = self.reading.cases;
        let mut addressed = self.reading.known(false);
        let mut parts = vec![];
        let mut values = vec![];
        for statement in &version.criteria {
            let scope = self.reading.scope(statement)?;
            let part = self.part(statement)?;
            addressed = self.reading.or(&addressed, &scope)?;
            values.push(self.reading.and(&scope, &part.told)?);
            parts.push((scope, part));
        }
        let spoken_to = cases.and(&addressed.yes, cases.possible())?;
        let of_kind = |covers: bool, but: Option<usize>| {
            let kind = version.criteria.iter().zip(&values).enumerate();
            let kind = kind.filter(|(index, (one, _))| one.covers == covers && Some(*index) != but);
            let kind: Vec<&Told> = kind.map(|(_, (_, value))| value).collect();
            self.reading.combined(Need::Any, &kind)
        };
        let mut dead = vec![];
        for (index, (scope, part)) in parts.iter().enumerate() {
            let covers = part.criterion.covers;
            let alike = of_kind(covers, Some(index))?;
            let unlike = of_kind(!covers, None)?;
            let met = |value: &Told| {
                let kind = self.reading.or(&alike, &self.reading.and(scope, value)?)?;
                let (covered, excluded) = if covers {
                    (kind, unlike.clone())
                } else {
                    (unlike.clone(), kind)
                };
                let met = self.reading.and(&covered, &not(excluded))?;
                self.within(&met, &spoken_to)
            };
            self.find(part, &met, &mut dead)?;
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

    /// Looks for dead criteria from here on down; `met` is what comes of the
    /// whole version for each value of this part.
    fn find(&self, part: &Part<'_>, met: Lift<'_>, dead: &mut Vec<Dead>) -> Result<(), TooLarge> {
        if let Some(kind) = self.kind(part, met)? {
            dead.push(Dead {
                id: part.criterion.id.clone(),
                kind,
            });
            return Ok(());
        }
        let others = self.others(part)?;
        for (child, others) in part.children.iter().zip(&others) {
            let met = |value: &Told| {
                let below = self.one_among(value, others)?;
                met(&self.reading.and(&part.own, &below)?)
            };
            self.find(child, &met, dead)?;
        }
        Ok(())
    }

    fn kind(&self, part: &Part<'_>, met: Lift<'_>) -> Result<Option<DeadKind>, TooLarge> {
        let complete = self.within(&part.told, self.reading.cases.complete())?;
        Ok(if complete.yes.is_false() {
            Some(DeadKind::NeverMet)
        } else if complete.no.is_false() {
            Some(DeadKind::AlwaysMet)
        } else if met(&self.reading.known(true))? == met(&self.reading.known(false))? {
            Some(DeadKind::NeverMatters)
        } else {
            None
        })
    }

    fn within(&self, told: &Told, set: &Set) -> Result<Told, TooLarge> {
        Ok(Told {
            yes: self.reading.cases.and(&told.yes, set)?,
            no: self.reading.cases.and(&told.no, set)?,
        })
    }

    /// For each child what the others make of it.
    fn others(&self, part: &Part<'_>) -> Result<Vec<Others>, TooLarge> {
        let total = part.children.len();
        let count = match part.criterion.need {
            Need::All => total,
            Need::Any | Need::None => 1,
            Need::AtLeast(count) => count as usize,
        };
        let yes: Vec<&Set> = part.children.iter().map(|child| &child.told.yes).collect();
        let no: Vec<&Set> = part.children.iter().map(|child| &child.told.no).collect();
        // It fails where so many fail that too few are left.
        let too_many = (total + 1).saturating_sub(count);
        let reading = &self.reading;
        let holds = reading.so_many_others(count.saturating_sub(1), &yes)?;
        let holds = holds
            .into_iter()
            .zip(reading.so_many_others(too_many, &no)?);
        let fails = reading.so_many_others(count, &yes)?;
        let fails = fails
            .into_iter()
            .zip(reading.so_many_others(too_many.saturating_sub(1), &no)?);
        let told = |(yes, no)| match part.criterion.need {
            Need::None => Told { yes: no, no: yes },
            _ => Told { yes, no },
        };
        Ok(holds
            .zip(fails)
            .map(|(holds, fails)| Others {
                holds: told(holds),
                fails: told(fails),
            })
            .collect())
    }

    /// The result where one of several has this value. What comes of it either
    /// way comes of it where it is unknown.
    fn one_among(&self, value: &Told, others: &Others) -> Result<Told, TooLarge> {
        let cases = self.reading.cases;
        let side = |holds: &Set, fails: &Set| {
            let either_way = cases.and(holds, fails)?;
            let holds = cases.and(&value.yes, holds)?;
            let fails = cases.and(&value.no, fails)?;
            cases.or(&either_way, &cases.or(&holds, &fails)?)
        };
        Ok(Told {
            yes: side(&others.holds.yes, &others.fails.yes)?,
            no: side(&others.holds.no, &others.fails.no)?,
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
    Ok(!Outcomes::of(old, &cases)?.same(&Outcomes::of(new, &cases)?))
}
