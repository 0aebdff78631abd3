//! How many of several sets hold a case.

use biodivine_lib_bdd::{BddNode, BddPointer};

use super::cases::{Cases, Set, TooLarge};

/// Where at least `count` of the sets hold the case.
pub(super) fn so_many(cases: &Cases, count: usize, sets: &[&Set]) -> Result<Set, TooLarge> {
    if count == 0 {
        return Ok(cases.any());
    }
    if count > sets.len() {
        return Ok(cases.none());
    }
    match in_order(sets) {
        Some(sets) => pasted(cases, count, &sets),
        None => counted(cases, count, sets),
    }
}

/// Where exactly `count` of the sets hold the case.
pub(super) fn exactly(cases: &Cases, count: usize, sets: &[&Set]) -> Result<Set, TooLarge> {
    let more = so_many(cases, count + 1, sets)?;
    cases.minus(&so_many(cases, count, sets)?, &more)
}

/// The sets in the order of their bits, if no two of them are told by the same
/// bits or by bits that lie between each other. Which comes first does not
/// matter for how many hold a case.
fn in_order<'a>(sets: &[&'a Set]) -> Option<Vec<&'a Set>> {
    let mut spans = vec![];
    for set in sets {
        let bits = set.pointers().skip(2).map(|node| set.var_of(node));
        let (first, last) = bits.fold((None, None), |(first, last), bit| {
            let first = first.map_or(bit, |one| bit.min(one));
            (Some(first), Some(last.map_or(bit, |one| bit.max(one))))
        });
        spans.push((first?, last?, *set));
    }
    spans.sort_by_key(|(first, ..)| *first);
    let apart = spans.windows(2).all(|pair| pair[0].1 < pair[1].0);
    apart.then(|| spans.into_iter().map(|(.., set)| set).collect())
}

/// One diagram for all, from the last set up: below a set that holds the case
/// stands what has one less to go. So each set is copied once for each number
/// that can still be to go.
fn pasted(cases: &Cases, count: usize, sets: &[&Set]) -> Result<Set, TooLarge> {
    let bits = cases.any().num_vars();
    let mut nodes = vec![BddNode::mk_zero(bits), BddNode::mk_one(bits)];
    // roots[k]: at least k of the sets from here on.
    let mut roots = vec![BddPointer::zero(); count + 1];
    roots[0] = BddPointer::one();
    for (index, set) in sets.iter().enumerate().rev() {
        let least = count.saturating_sub(index).max(1);
        let most = count.min(sets.len() - index);
        for k in (least..=most).rev() {
            roots[k] = paste(set, roots[k], roots[k - 1], &mut nodes);
        }
        if nodes.len() > MAX_PASTED {
            return Err(TooLarge);
        }
    }
    if let Some(root) = nodes.get(roots[count].to_index()) {
        nodes.push(*root);
    }
    cases.of_nodes(&nodes)
}

/// More nodes than a diagram may have: there is no need to go on.
const MAX_PASTED: usize = 1_000_000;

/// A copy of a diagram with others in the place of its ends.
fn paste(set: &Set, fails: BddPointer, holds: BddPointer, nodes: &mut Vec<BddNode>) -> BddPointer {
    if fails == holds {
        return holds;
    }
    // What a node leads to comes before it.
    let mut copies = vec![fails, holds];
    for node in set.pointers().skip(2) {
        let low = copies[set.low_link_of(node).to_index()];
        let high = copies[set.high_link_of(node).to_index()];
        copies.push(BddPointer::from_index(nodes.len()));
        nodes.push(BddNode::mk_node(set.var_of(node), low, high));
    }
    copies[copies.len() - 1]
}

/// The same where the sets share bits.
///
/// From the last set up, so that each step adds on top of the diagrams, and
/// only what can still lead to `count`: for all of them, or for any, that is
/// one diagram a set.
fn counted(cases: &Cases, count: usize, sets: &[&Set]) -> Result<Set, TooLarge> {
    // held[k]: at least k of the sets from here on.
    let mut held = vec![cases.none(); count + 1];
    held[0] = cases.any();
    for (index, set) in sets.iter().enumerate().rev() {
        let least = count.saturating_sub(index).max(1);
        let most = count.min(sets.len() - index);
        for k in (least..=most).rev() {
            let one_more = cases.and(&held[k - 1], set)?;
            held[k] = cases.or(&held[k], &one_more)?;
        }
    }
    Ok(held.swap_remove(count))
}
