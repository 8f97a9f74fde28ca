//! Colours, type and measures: one look for all charts.
//!
//! The page is 900 units wide. Set over the text width of an official document (156 mm of the A4 page, GB/T 9704-2012) a unit
//! is 0.49 pt, so that the smallest type here (14.5 units) prints at 7.1 pt and the title at 11.3 pt.

use plotters::style::RGBColor;
use plotters::style::text_anchor::HPos;

pub const WIDTH: f64 = 900.0;
pub const MARGIN: f64 = 26.0;

pub const INK: RGBColor = RGBColor(0x1A, 0x1A, 0x1A);
pub const GREY: RGBColor = RGBColor(0x5A, 0x5A, 0x5A);
pub const FAINT: RGBColor = RGBColor(0x9A, 0x9A, 0x9A);
pub const RULE: RGBColor = RGBColor(0xDD, 0xDD, 0xDD);
pub const PAPER: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);
/// What is required of the district: targets and the lines towards them.
pub const TARGET: RGBColor = RGBColor(0xC0, 0x39, 0x1B);

/// One setting of the type: size in page units, weight, colour, and which end of the text its
/// position means.
#[derive(Clone, Copy)]
pub struct Type {
    pub size: f64,
    pub bold: bool,
    pub colour: RGBColor,
    pub align: HPos,
}

impl Type {
    const fn new(size: f64, bold: bool, colour: RGBColor) -> Self {
        Self { size, bold, colour, align: HPos::Left }
    }

    pub const fn flush_right(self) -> Self {
        Self { align: HPos::Right, ..self }
    }

    pub const fn centred(self) -> Self {
        Self { align: HPos::Center, ..self }
    }

    pub const fn coloured(self, colour: RGBColor) -> Self {
        Self { colour, ..self }
    }

    pub const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// Distance from one baseline to the next.
    pub fn leading(self) -> f64 {
        self.size * 1.4
    }

    /// How far below its centre the baseline of a line of this type lies.
    pub fn drop(self) -> f64 {
        self.size * 0.36
    }
}

pub const TITLE: Type = Type::new(23.0, true, INK);
pub const SUBTITLE: Type = Type::new(16.0, false, GREY);
pub const AXIS_TITLE: Type = Type::new(15.0, false, INK);
pub const TICK: Type = Type::new(14.5, false, GREY);
pub const LABEL: Type = Type::new(15.0, false, INK);
pub const VALUE: Type = Type::new(15.0, true, INK);
pub const INSIDE: Type = Type::new(14.5, false, INK);
pub const CAPTION: Type = Type::new(14.5, false, GREY);

/// What a colour stands for. A sector keeps its colour in every chart of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hue {
    Energy,
    Industry,
    Transport,
    Buildings,
    Agriculture,
    Waste,
    Land,
    Purchased,
    /// Anything else, by its number in the chart: scenarios, fuels, measures.
    Nth(usize),
}

/// Okabe and Ito's colours (2008), which colour-blind readers can tell apart, with a dark grey for
/// their black. Seen with protanopia, deuteranopia or tritanopia (Machado and others 2009) any two
/// stay 16 units of CIELAB apart.
const PALETTE: [RGBColor; 8] = [
    RGBColor(0x00, 0x72, 0xB2),
    RGBColor(0xE6, 0x9F, 0x00),
    RGBColor(0x56, 0xB4, 0xE9),
    RGBColor(0xCC, 0x79, 0xA7),
    RGBColor(0xF0, 0xE4, 0x42),
    RGBColor(0x4D, 0x4D, 0x4D),
    RGBColor(0x00, 0x9E, 0x73),
    RGBColor(0xD5, 0x5E, 0x00),
];

impl Hue {
    /// The hue of a sector code of `categories.csv`; an unknown one takes the colour of its place
    /// in the chart.
    pub fn of_sector(sector: &str, place: usize) -> Self {
        match sector {
            "energy" => Self::Energy,
            "industry" => Self::Industry,
            "transport" => Self::Transport,
            "buildings" => Self::Buildings,
            "agriculture" => Self::Agriculture,
            "waste" => Self::Waste,
            "land" => Self::Land,
            "purchased" => Self::Purchased,
            _ => Self::Nth(place),
        }
    }

    /// The colour of a line by its number in the chart, without yellow, which is too light for a line on white paper.
    pub fn of_line(place: usize) -> Self {
        const ORDER: [usize; 7] = [0, 1, 6, 3, 2, 7, 5];
        Self::Nth(ORDER[place % ORDER.len()])
    }

    /// The colour of a kind of energy; neighbours in the order of [`crate::item::ENERGY_KINDS`] differ in lightness.
    pub fn of_energy(kind: &str) -> Self {
        Self::Nth(match kind {
            "coal" => 5,
            "oil" => 1,
            "gas" => 0,
            "biomass" => 6,
            "renewable" => 2,
            "nuclear" => 3,
            "electricity" => 4,
            _ => 7,
        })
    }

    pub fn colour(self) -> RGBColor {
        let place = match self {
            Self::Energy => 0,
            Self::Industry => 1,
            // In grey print the neighbours of a stack stay apart by their lightness: 46, 70, 60, 70, 89, 33 of CIELAB.
            Self::Transport => 3,
            Self::Buildings => 2,
            Self::Agriculture => 4,
            Self::Waste => 5,
            Self::Land => 6,
            Self::Purchased => 7,
            Self::Nth(place) => place % PALETTE.len(),
        };
        PALETTE[place]
    }
}

/// The same colour dark enough for words on white paper.
pub fn darkened(colour: RGBColor) -> RGBColor {
    let darker = |channel: u8| (f64::from(channel) * 0.62).round() as u8;
    RGBColor(darker(colour.0), darker(colour.1), darker(colour.2))
}

/// Ink on light fills, paper on dark ones, by the relative luminance of WCAG 2.
pub fn readable_on(fill: RGBColor) -> RGBColor {
    let linear = |channel: u8| (f64::from(channel) / 255.0).powf(2.2);
    let luminance = 0.2126 * linear(fill.0) + 0.7152 * linear(fill.1) + 0.0722 * linear(fill.2);
    if luminance > 0.2 { INK } else { PAPER }
}
