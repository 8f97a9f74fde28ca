//! Finds room for a text among the lines of a plot.

use super::canvas::Spot;
use super::text_layout;
use super::theme::Type;

/// Distance in page units between the spots that stand for a line.
const SAMPLE: f64 = 5.0;

/// What is already on the plot, as a cloud of spots.
#[derive(Default)]
pub struct Clearing {
    taken: Vec<Spot>,
    bounds: (Spot, Spot),
}

struct LabelPlace {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Clearing {
    /// Texts stay between the two corners.
    pub fn within(corner: Spot, opposite: Spot) -> Self {
        Self { taken: Vec::new(), bounds: (corner, opposite) }
    }

    pub fn take_line(&mut self, spots: &[Spot]) {
        self.taken.extend(spots);
        for pair in spots.windows(2) {
            let (right, down) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
            let steps = (right.hypot(down) / SAMPLE).ceil().clamp(1.0, 1000.0);
            let along = (1..steps as usize).map(|step| step as f64 / steps);
            self.taken.extend(along.map(|share| (pair[0].0 + share * right, pair[0].1 + share * down)));
        }
    }

    /// A round sign of a line, so that no text touches it.
    pub fn take_dot(&mut self, (x, y): Spot, radius: f64) {
        let around = [(radius, 0.0), (-radius, 0.0), (0.0, radius), (0.0, -radius), (0.0, 0.0)];
        self.taken.extend(around.map(|(right, down)| (x + right, y + down)));
    }

    /// A text that stands there already.
    pub fn take_text(&mut self, text: &str, style: Type, baseline: Spot) {
        self.take_place(&LabelPlace::of(baseline, (text_layout::width(text, style), 1), style));
    }

    /// The first of the wished baselines at which the text covers nothing; none where it has no room.
    pub fn put_free(&mut self, text: &str, style: Type, wishes: impl IntoIterator<Item = Spot>) -> Option<Spot> {
        let size = (text_layout::width(text, style), 1);
        let place = |wish: Spot| LabelPlace::of(wish, size, style);
        let free = |wish: &Spot| {
            let place = place(*wish);
            place.is_within(self.bounds) && !self.taken.iter().any(|spot| place.holds(*spot))
        };
        let found = wishes.into_iter().find(free)?;
        self.take_place(&place(found));
        Some(found)
    }

    /// The first of the wished baselines (left end of the first line) at which the lines cover least; they then take their place.
    pub fn put(&mut self, lines: &[String], style: Type, wishes: impl IntoIterator<Item = Spot>) -> Option<Spot> {
        let size = (text_layout::widest(lines.iter().map(String::as_str), style), lines.len());
        let covered = |wish: &Spot| {
            let place = LabelPlace::of(*wish, size, style);
            let inside = self.taken.iter().filter(|spot| place.holds(**spot)).count();
            inside + if place.is_within(self.bounds) { 0 } else { 1000 }
        };
        let best = wishes.into_iter().min_by_key(covered)?;
        self.take_place(&LabelPlace::of(best, size, style));
        Some(best)
    }

    fn take_place(&mut self, place: &LabelPlace) {
        let rows = ((place.bottom - place.top) / SAMPLE).ceil().max(2.0);
        for row in 0..=rows as usize {
            let y = place.top + 2.0 + (place.bottom - place.top - 4.0) * row as f64 / rows;
            self.take_line(&[(place.left + 3.0, y), (place.right - 3.0, y)]);
        }
    }
}

impl LabelPlace {
    fn of((left, baseline): Spot, (width, lines): (f64, usize), style: Type) -> Self {
        Self {
            left: left - 3.0,
            right: left + width + 3.0,
            top: baseline - style.size * 0.86,
            bottom: baseline + style.size * 0.24 + lines.saturating_sub(1) as f64 * style.leading(),
        }
    }

    fn holds(&self, (x, y): Spot) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }

    fn is_within(&self, (corner, opposite): (Spot, Spot)) -> bool {
        self.left >= corner.0 && self.right <= opposite.0 && self.top >= corner.1 && self.bottom <= opposite.1
    }
}

/// Baselines of the first line around a dot, the nearest and most usual first; `size` is the width of the text and its lines.
pub fn around((x, y): Spot, (width, lines): (f64, usize), style: Type) -> Vec<Spot> {
    let more = lines.saturating_sub(1) as f64 * style.leading();
    let ring = |far: f64| {
        let (above, below) = (y - far - more, y + far + style.size * 0.72);
        let beside = y + style.drop() - more / 2.0;
        [
            (x - width / 2.0, above),
            (x + 8.0, above),
            (x - width - 8.0, above),
            (x - width / 2.0, below),
            (x - width - 8.0, below),
            (x + 8.0, below),
            (x + far, beside),
            (x - width - far, beside),
        ]
    };
    [9.0, 15.0, 23.0, 34.0].into_iter().flat_map(ring).collect()
}

/// Baselines in rings around a dot: beside it, above and below, then farther away.
pub fn free_around((x, y): Spot, width: f64, style: Type) -> Vec<Spot> {
    const RINGS: [f64; 5] = [0.0, 14.0, 30.0, 50.0, 75.0];
    let around = |away: f64| {
        let beside = y + style.drop();
        let (above, below) = (y - 9.0 - away, y + 9.0 + away + style.size * 0.72);
        let (right, left) = (x + 9.0 + away, x - width - 9.0 - away);
        let rows = [beside, beside - away / 2.0, beside + away / 2.0, beside - away, beside + away];
        let sides = rows.into_iter().flat_map(move |row| [(right, row), (left, row)]);
        let over = [above, below].into_iter().flat_map(move |row| {
            [(x - width / 2.0, row), (x - 2.0, row), (x - width + 2.0, row), (x + away, row), (x - width - away, row)]
        });
        sides.chain(over).collect::<Vec<Spot>>()
    };
    RINGS.into_iter().flat_map(around).collect()
}

/// Baselines along a line, above and below its segments, those nearest to its middle first.
pub fn along(spots: &[Spot], width: f64, style: Type) -> Vec<Spot> {
    let middle = (spots.len() as f64 - 2.0) / 2.0;
    let mut segments: Vec<usize> = (0..spots.len().saturating_sub(1)).collect();
    segments.sort_by(|one, other| (*one as f64 - middle).abs().total_cmp(&(*other as f64 - middle).abs()));
    let beside = |segment: usize| {
        let (from, to) = (spots[segment], spots[segment + 1]);
        let (x, y) = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
        let (above, below) = (y - 8.0, y + 8.0 + style.size * 0.72);
        [(x + 5.0, above), (x - 5.0 - width, above), (x + 5.0, below), (x - 5.0 - width, below)]
    };
    segments.into_iter().flat_map(beside).collect()
}
