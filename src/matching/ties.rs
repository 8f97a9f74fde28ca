//! Errors of ties: two parameters or two methods that are equally good candidates.

use crate::error::{Diagnostic, Place};
use crate::say;
use crate::study::Study;
use crate::target::ENERGY;

/// The error of two equally specific candidates for one parameter of an item; `a` and `b` are indices of parameters.
pub(super) fn of_parameters(study: &Study, item: usize, a: usize, b: usize) -> Diagnostic {
    let (first, second) = (&study.ladder.parameters[a], &study.ladder.parameters[b]);
    let (name, other) = (&first.name, &second.place);
    let row = study.words.items.code(item);
    let place = Place { column: name.clone(), ..first.place.clone() };
    Diagnostic::new(
        place,
        say!(
            "'{row}' 的参数 '{name}' 有两个同等候选：此行与 {other}",
            "two equal candidates for '{name}' of '{row}': this row and {other}"
        ),
    )
    .hint(say!("补充一列使其中一行更具体，或删除一行", "make one of them more specific, or remove one"))
}

/// The error of two methods of equal rank that both resolve; `a` and `b` are indices of methods.
pub(super) fn of_methods(study: &Study, item: usize, a: usize, b: usize, pollutant: Option<usize>) -> Diagnostic {
    let (first, second) = (&study.methods[a], &study.methods[b]);
    let (code, other, place) = (&first.code, &second.code, &second.place);
    let substance = pollutant.map(|p| study.words.pollutants.code(p)).unwrap_or(ENERGY);
    let row = study.words.items.code(item);
    Diagnostic::new(
        Place { column: "rank".into(), ..first.place.clone() },
        say!(
            "方法 '{code}' 与 '{other}'（{place}）同级，且都适用于 '{row}' 的 {substance}",
            "the methods '{code}' and '{other}' ({place}) have one rank and both resolve for {substance} of '{row}'"
        ),
    )
    .hint(say!("给其中一个不同的 rank", "give one of them another rank"))
}
