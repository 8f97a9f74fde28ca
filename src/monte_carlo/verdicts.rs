//! Verdicts on every draw: the last year of the maximum, and whether each target is met.

use crate::inventory::Inventory;
use crate::plan::lane_kernel::{LANES, Lane, LaneLevers};
use crate::plan::metric::TCE_PER_TJ;
use crate::plan::{Plan, PlanMetrics};
use crate::pollutant::CO2;
use crate::target::{Boundary, ENERGY, ENERGY_CO2, Goal, Metric, Target};

/// Values within this of the maximum are the maximum, relative.
const SAME: f64 = 1e-9;

/// Where the years of a batch are.
#[derive(Debug, Clone, Copy)]
pub struct BatchYears<'a> {
    pub years: &'a [i32],
    /// Place of the anchor.
    pub anchor: usize,
    /// For each asked metric whether each year has a value.
    pub known: &'a [Vec<bool>],
}

/// What one batch gave: asked metric × year, and the levers that made it.
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    pub totals: &'a [Lane],
    pub levers: &'a LaneLevers,
}

/// The peak of each draw: the place of the last year of the maximum, and the maximum; none where nothing is emitted or no year has a value.
#[derive(Debug, Clone, Copy)]
pub struct Peaks {
    pub last: [u16; LANES],
    pub value: Lane,
}

/// No peak: nothing is emitted, or no year has a value.
pub const NONE: u16 = u16::MAX;

/// The peak of a series in each lane.
pub fn peaks(series: &[Lane], known: &[bool]) -> Peaks {
    pulp::Arch::new().dispatch(DrawnSeries { series, known })
}

struct DrawnSeries<'s> {
    series: &'s [Lane],
    known: &'s [bool],
}

/// A closure would be compiled apart, and for no vectors.
impl pulp::WithSimd for DrawnSeries<'_> {
    type Output = Peaks;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, simd: S) -> Peaks {
        let (mut value, mut place) = (Lane::default(), Lane::default());
        let parts = value.vectors_mut(simd).iter_mut().zip(place.vectors_mut(simd)).enumerate();
        for (part, (value, place)) in parts {
            *value = self.greatest(
                simd,
                f64::NEG_INFINITY,
                #[inline(always)]
                |most, year, _| simd.max_f64s(year.vectors(simd)[part], most),
            );
            // Places as numbers of one width with the values, so that both are compared and kept in the same vectors.
            let least = simd.sub_f64s(*value, simd.mul_f64s(simd.abs_f64s(*value), simd.splat_f64s(SAME)));
            *place = self.greatest(
                simd,
                -1.0,
                #[inline(always)]
                |place, year, at| {
                    let is_great = simd.greater_than_or_equal_f64s(year.vectors(simd)[part], least);
                    simd.select_f64s(is_great, at, place)
                },
            );
        }
        let is_nothing = |lane: usize| value[lane] == 0.0 && self.series.iter().all(|year| year[lane] == 0.0);
        let last = |lane: usize| if place[lane] >= 0.0 && !is_nothing(lane) { place[lane] as u16 } else { NONE };
        Peaks { last: std::array::from_fn(last), value }
    }
}

impl DrawnSeries<'_> {
    /// The greatest of what the known years make of `nothing`. Two at a time: one after the other, each would wait for the one before.
    #[inline(always)]
    fn greatest<S: pulp::Simd>(
        &self,
        simd: S,
        nothing: f64,
        of: impl Fn(S::f64s, &Lane, S::f64s) -> S::f64s,
    ) -> S::f64s {
        let (mut even, mut odd) = (simd.splat_f64s(nothing), simd.splat_f64s(nothing));
        let (mut at, mut next) = (simd.splat_f64s(0.0), simd.splat_f64s(1.0));
        let (one, two) = (next, simd.splat_f64s(2.0));
        if !self.known.iter().all(|known| *known) {
            for (year, known) in self.series.iter().zip(self.known) {
                even = if *known { of(even, year, at) } else { even };
                at = simd.add_f64s(at, one);
            }
            return even;
        }
        let (pairs, rest) = self.series.as_chunks::<2>();
        for [first, second] in pairs {
            (even, odd) = (of(even, first, at), of(odd, second, next));
            (at, next) = (simd.add_f64s(at, two), simd.add_f64s(next, two));
        }
        for last in rest {
            even = of(even, last, at);
        }
        simd.max_f64s(even, odd)
    }
}

/// A value of the plan, as targets name it, in canonical units.
#[derive(Debug, Clone)]
enum TargetValue {
    /// Place among the asked metrics, and the factor to canonical units.
    Total(usize, f64),
    /// Index into the plan's drivers (from the anchor on), and the values of the years before.
    Driver(Option<usize>, Vec<Option<f64>>),
    Per(Box<TargetValue>, Box<TargetValue>),
}

/// A target that draws can judge.
#[derive(Debug, Clone)]
pub struct JudgedTarget {
    /// Index into the study's targets.
    pub target: usize,
    value: TargetValue,
    goal: JudgedMetric,
}

#[derive(Debug, Clone)]
enum JudgedMetric {
    /// Places of base year and year, the share.
    Cut(usize, usize, f64),
    Cap(usize, f64),
    Floor(usize, f64),
    /// The year.
    PeakBy(i32),
}

/// The metrics that a target needs.
pub fn needed(target: &Target, inventory: &Inventory<'_>, metrics: &PlanMetrics) -> Vec<usize> {
    let ghg = inventory.study.settings.gwp.as_ref().map(|gwp| gwp.label()).unwrap_or_default();
    fn names(metric: &Metric, ghg: &str) -> Vec<String> {
        match metric {
            Metric::Pollutant(code) => vec![code.clone()],
            Metric::Ghg => vec![ghg.to_string()],
            Metric::Energy => vec![ENERGY.to_string()],
            Metric::EnergyCo2 => vec![ENERGY_CO2.to_string()],
            Metric::NonFossilShare | Metric::Projects(_) | Metric::Economy(_) => Vec::new(),
            Metric::Per(over, _) => names(over, ghg),
        }
    }
    names(&target.metric, &ghg).iter().filter_map(|name| metrics.find(name, target.boundary)).collect()
}

/// The targets that draws can judge, of those of a study.
pub fn aims(
    inventory: &Inventory<'_>,
    plan: &Plan,
    (metrics, asked): (&PlanMetrics, &[usize]),
    years: &[i32],
) -> Vec<JudgedTarget> {
    let at = |year: i32| years.iter().position(|known| *known == year);
    let aim = |(index, target): (usize, &Target)| {
        let sources = TargetSources { inventory, plan, metrics, asked, boundary: target.boundary, years };
        let value = sources.value(&target.metric)?;
        let goal = match &target.goal {
            Goal::Cut { base, share } => JudgedMetric::Cut(at(*base)?, at(target.year)?, *share),
            Goal::Cap(level) => JudgedMetric::Cap(at(target.year)?, level.canonical),
            Goal::Floor(level) => JudgedMetric::Floor(at(target.year)?, level.canonical),
            Goal::PeakBy { year } => JudgedMetric::PeakBy(*year),
            Goal::Allotted { .. } => return None,
        };
        (target.year > plan.anchor || matches!(goal, JudgedMetric::PeakBy(_))).then_some(JudgedTarget {
            target: index,
            value,
            goal,
        })
    };
    inventory.study.targets.iter().enumerate().filter_map(aim).collect()
}

/// Where the values of a target's metric are found.
struct TargetSources<'a> {
    inventory: &'a Inventory<'a>,
    plan: &'a Plan,
    metrics: &'a PlanMetrics,
    /// The metrics that a batch computes, in its order.
    asked: &'a [usize],
    boundary: Boundary,
    years: &'a [i32],
}

impl TargetSources<'_> {
    fn value(&self, metric: &Metric) -> Option<TargetValue> {
        let Self { inventory, plan, metrics, asked, boundary, years } = *self;
        let total = |name: &str| asked.iter().position(|asked| Some(*asked) == metrics.find(name, boundary));
        Some(match metric {
            Metric::Pollutant(code) => TargetValue::Total(total(code)?, 1.0),
            Metric::Ghg => TargetValue::Total(total(&inventory.study.settings.gwp.as_ref()?.label())?, 1.0),
            Metric::Energy => TargetValue::Total(total(ENERGY)?, 1.0 / TCE_PER_TJ),
            Metric::EnergyCo2 => TargetValue::Total(total(ENERGY_CO2)?, 1.0),
            // The grid's mix is no part of the collapsed totals.
            Metric::NonFossilShare | Metric::Projects(_) => return None,
            Metric::Economy(name) => {
                let driver = plan.drivers.iter().position(|driver| driver.name == *name);
                let series = inventory.study.economy.series(name)?.ok()?;
                TargetValue::Driver(driver, years.iter().map(|year| series.values.get(year).copied()).collect())
            }
            Metric::Per(over, per) => {
                let over = self.value(over)?;
                let per = self.value(&Metric::Economy(per.clone()))?;
                TargetValue::Per(Box::new(over), Box::new(per))
            }
        })
    }
}

impl TargetValue {
    fn at(&self, frame: BatchYears<'_>, batch: Batch<'_>, year: usize) -> Option<Lane> {
        let total = |metric: usize| {
            let known = frame.known[metric][year];
            known.then(|| &batch.totals[metric * frame.years.len() + year])
        };
        let zip = |a: &Lane, b: &Lane| a.zip(b, |a, b| a / b);
        match self {
            Self::Total(metric, factor) => Some(total(*metric)?.map(|value| value * factor)),
            Self::Driver(Some(driver), _) if year >= frame.anchor => {
                Some(batch.levers.drivers[*driver][year - frame.anchor])
            }
            Self::Driver(_, values) => Some(Lane::all(values[year]?)),
            Self::Per(over, per) => Some(zip(&over.at(frame, batch, year)?, &per.at(frame, batch, year)?)),
        }
    }
}

impl JudgedTarget {
    /// Whether each draw meets the target; `None` where it cannot be judged.
    pub fn met(&self, frame: BatchYears<'_>, batch: Batch<'_>) -> Option<[bool; LANES]> {
        const NOISE: f64 = 1e-9;
        let at = |year: usize| self.value.at(frame, batch, year);
        let lanes = |met: &dyn Fn(usize) -> bool| Some(std::array::from_fn(met));
        match self.goal {
            JudgedMetric::Cut(base, year, share) => {
                let (base, now) = (at(base)?, at(year)?);
                // Of a base that is not positive no share can be cut.
                if (0..LANES).any(|lane| base[lane] <= 0.0) {
                    return None;
                }
                lanes(&|lane| 1.0 - now[lane] / base[lane] - share >= -NOISE)
            }
            JudgedMetric::Cap(year, cap) => {
                let now = at(year)?;
                lanes(&|lane| now[lane] <= cap + NOISE * cap.abs().max(1.0))
            }
            JudgedMetric::Floor(year, floor) => {
                let now = at(year)?;
                lanes(&|lane| now[lane] >= floor - NOISE * floor.abs().max(1.0))
            }
            JudgedMetric::PeakBy(by) => {
                let series: Vec<Option<Lane>> = (0..frame.years.len()).map(at).collect();
                let known: Vec<bool> = series.iter().map(Option::is_some).collect();
                let series: Vec<Lane> = series.into_iter().map(|value| value.unwrap_or_default()).collect();
                let peaks = peaks(&series, &known);
                lanes(&|lane| peaked_by(peaks.last[lane], frame.years, by))
            }
        }
    }
}

/// Whether the last year of a maximum lies in `by` or before, and is not the last year of all.
pub fn peaked_by(last: u16, years: &[i32], by: i32) -> bool {
    last != NONE && usize::from(last) + 1 < years.len() && years[usize::from(last)] <= by
}

/// Whether a metric's peak is judged whether or not a target asks for it.
pub fn is_judged(name: &str, ghg: &str) -> bool {
    name == CO2 || name == ghg || name == ENERGY
}
