//! Weights that draws move: what chains give per unit of their amounts, and how weights are summed from them.

use super::lane::Lane;
use super::lane_kernel::{ChainLines, LaneLevers};
use super::stack_program::{Program, ProgramInputs};
use pulp::Simd;

/// What a unit of an amount gives, a number apart that is in the parts of the weights.
enum WeightSource {
    /// The factors on its parameters, multiplied.
    Factors(Vec<usize>),
    Chain(Program),
    /// An earlier source, times the factor on an activity.
    OfRow(usize, usize),
}

/// Asked metric × flow, of the flows whose weights draws move.
#[derive(Default)]
pub(super) struct DrawnWeights {
    sources: Vec<WeightSource>,
    /// Of each weight the part that no draw moves, and where its other parts end.
    sums: Vec<(f64, usize)>,
    /// Weight by weight: source, and the amount behind it.
    parts: Vec<(usize, f64)>,
}

impl DrawnWeights {
    /// From the parts that no draw moves, the chains of lines, and the place of a flow among its `count`.
    pub fn of(begun: &[f64], moved: Vec<ChainLines>, (place, count): (impl Fn(usize) -> usize, usize)) -> Self {
        let mut weights = Self::default();
        let mut parts: Vec<Vec<(usize, f64)>> = vec![Vec::new(); begun.len()];
        for ChainLines { formula, metrics, portions } in moved {
            let (scale, source) = match formula.factors() {
                Some((number, slots)) => (number, WeightSource::Factors(slots)),
                None => (1.0, WeightSource::Chain(Program::of(&formula))),
            };
            weights.sources.push(source);
            let own = weights.sources.len() - 1;
            for (flow, base, slot) in portions {
                let source = slot.map_or(own, |slot| weights.of_row(own, slot));
                for (metric, weight) in &metrics {
                    parts[metric * count + place(flow)].push((source, base * weight * scale));
                }
            }
        }
        for (begun, parts) in begun.iter().zip(parts) {
            weights.parts.extend(parts);
            weights.sums.push((*begun, weights.parts.len()));
        }
        weights
    }

    fn of_row(&mut self, own: usize, slot: usize) -> usize {
        let is_same =
            |source: &WeightSource| matches!(source, WeightSource::OfRow(of, row) if (*of, *row) == (own, slot));
        let known = self.sources[own..].iter().position(is_same);
        known.map_or_else(
            || {
                self.sources.push(WeightSource::OfRow(own, slot));
                self.sources.len() - 1
            },
            |place| own + place,
        )
    }

    /// The sources and then the weights. `stack` is room that many evaluations share.
    #[inline(always)]
    pub fn write<S: Simd>(
        &self,
        simd: S,
        levers: &LaneLevers,
        (sources, stack): (&mut Vec<Lane>, &mut Vec<Lane>),
        weights: &mut Vec<Lane>,
    ) {
        let one = Lane::all(1.0);
        sources.clear();
        for source in &self.sources {
            let value = match source {
                WeightSource::Factors(slots) => {
                    let mut product = slots.first().map_or(one, |slot| levers.factors[*slot]);
                    for slot in slots.iter().skip(1) {
                        product = product.zip(&levers.factors[*slot], |a, b| a * b);
                    }
                    product
                }
                WeightSource::Chain(program) => program.evaluate(&ProgramInputs::per(&one, &levers.factors), stack),
                WeightSource::OfRow(of, row) => sources[*of].zip(&levers.rows[*row], |a, b| a * b),
            };
            sources.push(value);
        }
        weights.resize(self.sums.len(), Lane::default());
        let mut from = 0;
        for (weight, (begun, to)) in weights.iter_mut().zip(&self.sums) {
            let mut sum = Lane::all(*begun);
            for (source, amount) in &self.parts[from..*to] {
                let amount = simd.splat_f64s(*amount);
                sum.change(
                    simd,
                    [&sources[*source]],
                    #[inline(always)]
                    |sum, [source]| simd.mul_add_f64s(amount, source, sum),
                );
            }
            *weight = sum;
            from = *to;
        }
    }
}
