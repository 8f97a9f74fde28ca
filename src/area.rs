//! The tree of areas, which is also the ladder on which a parameter is looked for: district → city → region → nation → world.

use crate::code::Codebook;

#[derive(Debug, Clone)]
pub struct Area {
    pub code: String,
    pub parent: String,
    pub name_zh: String,
    pub name_en: String,
    pub aliases: Vec<String>,
}

crate::coded!(Area);
crate::tree!(Area);

pub type Areas = Codebook<Area>;
