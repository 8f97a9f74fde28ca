//! Which year is to be the peak: each choice is followed to the end, and the best of the answers is taken.

use super::{Portfolio, PortfolioProblem, Tangent, better, linear_program};
use crate::error::Result;

/// What a program makes least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Objective {
    /// The present value of all costs.
    Cost,
    Investment,
    /// By how much targets are missed, and then the cost.
    Shortfall,
}

/// What a program is asked.
#[derive(Debug)]
pub(super) struct ProgramRequest {
    /// By gauge the year that is to be the peak.
    pub tops: Vec<Option<i32>>,
    pub aim: Objective,
    /// The most that may be invested.
    pub budget: Option<f64>,
}

/// More rounds than this do not help.
const ROUNDS: usize = 8;
/// Above this gap between program and simulation the savings are linearised again.
const GAP: f64 = 1e-6;
/// So many courses are followed to the end, those first that the first program finds best.
const FOLLOWED: usize = 32;
/// With several peaks asked for at once no more combinations of years than this are looked at.
const COMBINED: usize = 4096;

impl PortfolioProblem<'_> {
    /// The best answer of all courses. Each begins at the first of the given points from which the program has an answer: what overlaps
    /// little alone may still be enough together, and the other way round.
    pub(super) fn pursue(
        &self,
        (aim, budget): (Objective, Option<f64>),
        points: &[Tangent],
    ) -> Result<Option<Portfolio>> {
        let mut begun = Vec::new();
        for tops in self.tops() {
            let course = ProgramRequest { tops, aim, budget };
            for tangent in points {
                if let Some(solved) = linear_program::solve(self, tangent, &course)? {
                    begun.push((solved, tangent, course));
                    break;
                }
            }
        }
        begun.sort_by(|a, b| a.0.value.total_cmp(&b.0.value));
        let mut best: Option<Portfolio> = None;
        for (solved, tangent, course) in begun.into_iter().take(FOLLOWED) {
            let found = self.follow(&course, solved.used, tangent)?;
            best = Some(match best {
                Some(best) => better(aim, best, found),
                None => found,
            });
        }
        Ok(best)
    }

    /// Every combination of the years that may be the peaks.
    fn tops(&self) -> Vec<Vec<Option<i32>>> {
        let mut all = vec![Vec::new()];
        for gauge in &self.request.gauges {
            let tops = gauge.tops();
            let longer = |known: &Vec<Option<i32>>| {
                let known = known.clone();
                tops.iter().map(move |top| [known.as_slice(), &[*top]].concat()).collect::<Vec<_>>()
            };
            all = all.iter().flat_map(longer).take(COMBINED).collect();
        }
        all
    }

    /// Program and simulation in turn, until they agree.
    fn follow(&self, course: &ProgramRequest, used: Vec<f64>, tangent: &Tangent) -> Result<Portfolio> {
        const SAME: f64 = 1e-12;
        let mut found = self.simulate(used, tangent, (course.budget, 1))?;
        let mut best = found.clone();
        for round in 2..=ROUNDS {
            if found.gap <= GAP && found.met {
                break;
            }
            let tangent = self.tangent(&found.used)?;
            let Some(solved) = linear_program::solve(self, &tangent, course)? else { break };
            let stays = solved.used.iter().zip(&found.used).all(|(now, before)| (now - before).abs() <= SAME);
            if stays {
                break;
            }
            found = self.simulate(solved.used, &tangent, (course.budget, round))?;
            best = better(course.aim, best, found.clone());
        }
        Ok(best)
    }
}
