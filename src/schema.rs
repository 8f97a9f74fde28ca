//! The columns of every table, as data: what a table may say, in which words, and what it has to say.

/// A column: its name in files and code, the Chinese heading that is accepted too, and whether it has to be there.
#[derive(Debug)]
pub struct Column {
    pub name: &'static str,
    pub zh: &'static str,
    pub required: bool,
}

/// A table's name and columns.
#[derive(Debug)]
pub struct Schema {
    pub table: &'static str,
    pub columns: &'static [Column],
}

/// Other headings that statistical offices use, and the columns that they mean.
const HEADINGS: [(&str, &str); 14] = [
    ("年度", "year"),
    ("区域", "area"),
    ("行政区", "area"),
    ("行政区划", "area"),
    ("品种", "item"),
    ("能源品种", "item"),
    ("数值", "amount"),
    ("活动水平", "amount"),
    ("计量单位", "unit"),
    ("数据来源", "reference"),
    ("资料来源", "reference"),
    ("说明", "note"),
    ("备注说明", "note"),
    ("行业类别", "category"),
];

impl Schema {
    /// The column of a heading: its name, its Chinese heading, or another that means the same.
    pub fn find(&self, heading: &str) -> Option<usize> {
        let own = self.columns.iter().position(|column| column.name == heading || column.zh == heading);
        own.or_else(|| {
            let (_, name) = HEADINGS.iter().find(|(other, _)| *other == heading)?;
            self.columns.iter().position(|column| column.name == *name)
        })
    }
}

const fn must(name: &'static str, zh: &'static str) -> Column {
    Column { name, zh, required: true }
}

const fn may(name: &'static str, zh: &'static str) -> Column {
    Column { name, zh, required: false }
}

pub static ACTIVITY: Schema = Schema {
    table: "activity",
    columns: &[
        must("year", "年份"),
        must("area", "地区"),
        must("category", "类别"),
        must("item", "项目"),
        must("amount", "数量"),
        must("unit", "单位"),
        may("technology", "技术"),
        may("source", "排放源"),
        may("uncertainty_pct", "不确定度"),
        may("quality", "数据质量"),
        may("reference", "出处"),
        may("note", "备注"),
    ],
};

pub static PARAMETERS: Schema = Schema {
    table: "parameters",
    columns: &[
        must("parameter", "参数"),
        must("value", "数值"),
        must("unit", "单位"),
        may("category", "类别"),
        may("item", "项目"),
        may("technology", "技术"),
        may("pollutant", "污染物"),
        may("area", "地区"),
        may("source", "排放源"),
        may("year_from", "起始年"),
        may("year_to", "终止年"),
        may("low", "下限"),
        may("high", "上限"),
        may("set", "因子集"),
        may("citation", "来源"),
        may("locator", "位置"),
        may("confidence", "可信度"),
        may("grade", "质量等级"),
        may("correlated", "年际相关"),
        may("note", "备注"),
    ],
};

pub static UNCERTAINTY: Schema = Schema {
    table: "uncertainty",
    columns: &[
        must("what", "对象"),
        must("low_pct", "下限偏差"),
        must("high_pct", "上限偏差"),
        may("parameter", "参数"),
        may("grade", "质量等级"),
        may("quality", "数据质量"),
        may("category", "类别"),
        may("item", "项目"),
        may("kind", "种类"),
        may("pollutant", "污染物"),
        may("set", "因子集"),
        may("citation", "来源"),
        may("locator", "位置"),
        may("confidence", "可信度"),
        may("note", "备注"),
    ],
};

pub static APPROACHES: Schema = Schema {
    table: "approaches",
    columns: &[
        must("category", "类别"),
        must("beside", "对照类别"),
        must("pollutant", "污染物"),
        may("largest_share", "最大相差"),
        may("citation", "来源"),
        may("locator", "位置"),
        may("confidence", "可信度"),
        may("note", "备注"),
    ],
};

pub static OVERLAPS: Schema = Schema {
    table: "overlaps",
    columns: &[
        must("category", "类别"),
        may("item", "项目"),
        may("technology", "技术"),
        must("beside", "对照类别"),
        may("beside_items", "对照项目"),
        must("pollutants", "污染物"),
        may("text_zh", "中文说明"),
        may("text_en", "英文说明"),
        may("citation", "来源"),
        may("locator", "位置"),
        may("note", "备注"),
    ],
};

pub static KEY_CATEGORIES: Schema = Schema {
    table: "key_categories",
    columns: &[
        must("category", "类别"),
        may("by_fuel", "按燃料"),
        may("citation", "来源"),
        may("locator", "位置"),
        may("confidence", "可信度"),
        may("note", "备注"),
    ],
};

pub static METHODS: Schema = Schema {
    table: "methods",
    columns: &[
        must("method", "方法"),
        may("category", "类别"),
        must("rank", "优先级"),
        must("result", "结果"),
        must("expression", "公式"),
        may("item", "项目"),
        may("technology", "技术"),
        may("pollutant", "污染物"),
        may("emits_as", "计入类别"),
        may("amount_dimension", "数量量纲"),
        may("spread", "分摊"),
        may("citation", "来源"),
        may("locator", "位置"),
        may("note", "备注"),
    ],
};

pub static ECONOMY: Schema = Schema {
    table: "economy",
    columns: &[
        must("year", "年份"),
        must("indicator", "指标"),
        must("value", "数值"),
        must("unit", "单位"),
        may("area", "地区"),
        may("price_base", "价格基期"),
        may("quality", "数据质量"),
        may("reference", "出处"),
        may("note", "备注"),
    ],
};

pub static CROSSCHECKS: Schema = Schema {
    table: "crosschecks",
    columns: &[
        must("title", "名称"),
        must("metric", "指标"),
        must("year", "年份"),
        must("value", "数值"),
        must("unit", "单位"),
        must("citation", "来源"),
        may("boundary", "边界"),
        may("grouping", "分组方式"),
        may("group", "组"),
        may("note", "备注"),
    ],
};

pub static PROJECTS: Schema = Schema {
    table: "projects",
    columns: &[
        must("project", "项目"),
        must("pollutant", "污染物"),
        must("kind", "类型"),
        may("source", "排放源"),
        may("area", "地区"),
        may("start", "投运月份"),
        may("activity", "活动量"),
        may("capacity", "设计能力"),
        may("activity_unit", "活动量单位"),
        may("load", "负荷率"),
        may("distance", "行驶里程"),
        may("distance_unit", "里程单位"),
        may("factor_before", "改造前系数"),
        may("factor_after", "改造后系数"),
        may("generation_factor", "产污系数"),
        may("factor_unit", "系数单位"),
        may("removal_before", "改造前去除率"),
        may("removal_after", "改造后去除率"),
        may("generated", "产生量"),
        may("base_emission", "基年排放量"),
        may("offset", "区域削减"),
        may("mass_unit", "质量单位"),
        may("quality", "数据质量"),
        may("reference", "出处"),
        may("note", "备注"),
    ],
};

pub static PROJECT_KINDS: Schema = Schema {
    table: "project_kinds",
    columns: &[
        must("kind", "类型"),
        may("name_zh", "中文名"),
        may("name_en", "英文名"),
        may("aliases", "别名"),
        may("note", "备注"),
    ],
};

pub static PROJECT_RULES: Schema = Schema {
    table: "project_rules",
    columns: &[
        must("rule", "规则"),
        may("kind", "类型"),
        may("pollutant", "污染物"),
        must("result", "结果"),
        must("expression", "公式"),
        may("citation", "来源"),
        may("locator", "位置"),
        may("confidence", "可信度"),
        may("note", "备注"),
    ],
};

pub static PROJECT_POLLUTANTS: Schema = Schema {
    table: "project_pollutants",
    columns: &[
        must("pollutant", "污染物"),
        may("citation", "来源"),
        may("locator", "位置"),
        may("confidence", "可信度"),
        may("note", "备注"),
    ],
};

pub static AREAS: Schema = Schema {
    table: "areas",
    columns: &[
        must("area", "地区"),
        may("parent", "上级"),
        may("name_zh", "中文名"),
        may("name_en", "英文名"),
        may("aliases", "别名"),
    ],
};

pub static CATEGORIES: Schema = Schema {
    table: "categories",
    columns: &[
        must("code", "代码"),
        may("parent", "上级"),
        may("name_zh", "中文名"),
        may("name_en", "英文名"),
        may("aliases", "别名"),
        must("sector", "部门"),
        must("scope", "范围"),
        may("expects", "应有污染物"),
        may("note", "备注"),
    ],
};

pub static ITEMS: Schema = Schema {
    table: "items",
    columns: &[
        must("item", "项目"),
        may("name_zh", "中文名"),
        may("name_en", "英文名"),
        may("aliases", "别名"),
        may("kind", "种类"),
        may("biogenic", "生物源"),
        may("note", "备注"),
    ],
};

/// The names that parameters have; their values are rows of [`PARAMETERS`].
pub static PARAMETER_NAMES: Schema = Schema {
    table: "parameters",
    columns: &[
        must("parameter", "参数"),
        may("name_zh", "中文名"),
        may("name_en", "英文名"),
        may("dimension", "量纲"),
        may("unit", "单位"),
        may("low", "下限"),
        may("high", "上限"),
        may("note", "备注"),
    ],
};

pub static TECHNOLOGIES: Schema = Schema {
    table: "technologies",
    columns: &[
        must("technology", "技术"),
        may("name_zh", "中文名"),
        may("name_en", "英文名"),
        may("aliases", "别名"),
        may("categories", "适用类别"),
        may("note", "备注"),
    ],
};

pub static UNITS: Schema = Schema {
    table: "units",
    columns: &[
        must("unit", "单位"),
        must("of", "基于"),
        may("value", "倍数"),
        may("aliases", "别名"),
        may("citation", "来源"),
        may("note", "备注"),
    ],
};

pub static POLLUTANTS: Schema = Schema {
    table: "pollutants",
    columns: &[
        must("pollutant", "污染物"),
        may("name_zh", "中文名"),
        may("name_en", "英文名"),
        may("aliases", "别名"),
        may("kind", "种类"),
        may("note", "备注"),
    ],
};

pub static GWP: Schema = Schema {
    table: "gwp",
    columns: &[
        must("set", "因子集"),
        must("pollutant", "污染物"),
        must("value", "数值"),
        may("citation", "来源"),
        may("locator", "位置"),
        may("confidence", "可信度"),
        may("note", "备注"),
    ],
};

pub static EQUIVALENTS: Schema = Schema {
    table: "equivalents",
    columns: &[
        must("pollutant", "污染物"),
        must("medium", "介质"),
        must("value", "数值"),
        must("unit", "单位"),
        may("citation", "来源"),
        may("locator", "位置"),
        may("confidence", "可信度"),
        may("note", "备注"),
    ],
};

pub static CROSSWALK: Schema = Schema {
    table: "crosswalk",
    columns: &[
        must("scheme", "体系"),
        may("category", "类别"),
        may("item", "项目"),
        may("kind", "种类"),
        may("technology", "技术"),
        may("pollutant", "污染物"),
        must("code", "代码"),
        may("name_zh", "中文名"),
        may("name_en", "英文名"),
        may("citation", "来源"),
        may("confidence", "可信度"),
        may("note", "备注"),
    ],
};

pub static SOURCES: Schema = Schema {
    table: "sources",
    columns: &[
        must("citation", "来源"),
        must("title", "标题"),
        may("year", "年份"),
        may("publisher", "发布者"),
        may("address", "网址"),
        may("licence", "许可"),
        may("note", "备注"),
    ],
};

/// The columns of `emissions.csv`, in order.
pub const EMISSIONS: [&str; 17] = [
    "scenario",
    "year",
    "area",
    "category",
    "item",
    "technology",
    "source",
    "pollutant",
    "generated_t",
    "emitted_t",
    "low_t",
    "high_t",
    "method",
    "quality",
    "confidence",
    "activity_ref",
    "parameter_refs",
];

/// The scenario name of the inventory's own years.
pub const HISTORY: &str = "history";
