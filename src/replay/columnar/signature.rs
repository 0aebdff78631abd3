//! What the causes of a flip can depend on.
//!
//! `criteria::causes` compares two versions criterion by criterion. Where a
//! criterion and all under it are the same in both, only its value matters;
//! and of such siblings only what they amount to together. Cases alike in all
//! of this flip for the same reasons, so the reasons are worked out once.

use super::plan::Compiler;
use super::program::Ref;
use crate::compare::Alignment;
use crate::policy::{Criterion, Version};

/// Nodes whose values determine the causes of a flip between two versions,
/// code gates excepted.
pub(super) fn signature(
    compiler: &mut Compiler<'_>,
    old: &Version,
    new: &Version,
    alignment: &Alignment,
) -> Vec<Ref> {
    let mut nodes = vec![];
    for version in [old, new] {
        for statement in &version.criteria {
            nodes.push(compiler.scope(statement));
        }
    }
    let mut walk = Walk {
        compiler,
        alignment,
        nodes,
    };
    walk.siblings(None, &old.criteria, &new.criteria);
    walk.nodes
}

struct Walk<'w, 'p> {
    compiler: &'w mut Compiler<'p>,
    alignment: &'w Alignment,
    nodes: Vec<Ref>,
}

impl Walk<'_, '_> {
    fn siblings(
        &mut self,
        parents: Option<(&Criterion, &Criterion)>,
        old: &[Criterion],
        new: &[Criterion],
    ) {
        let mut same = vec![];
        let mut left: Vec<&Criterion> = old.iter().collect();
        for one in new {
            let counterpart = self.alignment.old_id(&one.id);
            let place = left.iter().position(|old| Some(&old.id) == counterpart);
            match place.map(|place| left.remove(place)) {
                Some(old) if self.is_same(old, one) => {
                    let value = self.compiler.criterion(one);
                    same.push(value);
                }
                Some(old) => self.pair(old, one),
                None => self.alone(one),
            }
        }
        left.into_iter().for_each(|one| self.alone(one));
        match parents {
            Some((old, new)) if old.need == new.need => {
                let together = self.compiler.together(new.need, same);
                self.nodes.extend(together);
            }
            _ => self.nodes.extend(same),
        }
    }

    fn pair(&mut self, old: &Criterion, new: &Criterion) {
        for one in [old, new] {
            let own = self.compiler.own(one);
            self.nodes.push(own);
        }
        self.siblings(Some((old, new)), &old.children, &new.children);
    }

    /// A criterion without counterpart beside it, and everything under it.
    fn alone(&mut self, criterion: &Criterion) {
        for one in criterion.walk() {
            let nodes = [self.compiler.own(one), self.compiler.criterion(one)];
            self.nodes.extend(nodes);
        }
    }

    /// Whether two criteria test the same, each on its own and all under them.
    fn is_same(&mut self, old: &Criterion, new: &Criterion) -> bool {
        self.compiler.own(old) == self.compiler.own(new)
            && old.need == new.need
            && old.children.len() == new.children.len()
            && old.children.iter().zip(&new.children).all(|(old, new)| {
                self.alignment.old_id(&new.id) == Some(&old.id) && self.is_same(old, new)
            })
    }
}
