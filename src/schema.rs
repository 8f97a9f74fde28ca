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

const fn required(name: &'static str, zh: &'static str) -> Column {
    Column { name, zh, required: true }
}

const fn optional(name: &'static str, zh: &'static str) -> Column {
    Column { name, zh, required: false }
}

/// Columns of the activity table.
pub static ACTIVITY: Schema = Schema {
    table: "activity",
    columns: &[
        required("year", "年份"),
        required("area", "地区"),
        required("category", "类别"),
        required("item", "项目"),
        required("amount", "数量"),
        required("unit", "单位"),
        optional("technology", "技术"),
        optional("source", "排放源"),
        optional("uncertainty_pct", "不确定度"),
        optional("quality", "数据质量"),
        optional("reference", "出处"),
        optional("note", "备注"),
    ],
};

/// Columns of the parameters table.
pub static PARAMETERS: Schema = Schema {
    table: "parameters",
    columns: &[
        required("parameter", "参数"),
        required("value", "数值"),
        required("unit", "单位"),
        optional("category", "类别"),
        optional("item", "项目"),
        optional("technology", "技术"),
        optional("pollutant", "污染物"),
        optional("area", "地区"),
        optional("source", "排放源"),
        optional("year_from", "起始年"),
        optional("year_to", "终止年"),
        optional("low", "下限"),
        optional("high", "上限"),
        optional("set", "因子集"),
        optional("citation", "来源"),
        optional("locator", "位置"),
        optional("confidence", "可信度"),
        optional("grade", "质量等级"),
        optional("correlated", "年际相关"),
        optional("note", "备注"),
    ],
};

/// Columns of the uncertainty table.
pub static UNCERTAINTY: Schema = Schema {
    table: "uncertainty",
    columns: &[
        required("what", "对象"),
        required("low_pct", "下限偏差"),
        required("high_pct", "上限偏差"),
        optional("parameter", "参数"),
        optional("grade", "质量等级"),
        optional("quality", "数据质量"),
        optional("category", "类别"),
        optional("item", "项目"),
        optional("kind", "种类"),
        optional("pollutant", "污染物"),
        optional("set", "因子集"),
        optional("citation", "来源"),
        optional("locator", "位置"),
        optional("confidence", "可信度"),
        optional("note", "备注"),
    ],
};

/// Columns of the approaches table.
pub static APPROACHES: Schema = Schema {
    table: "approaches",
    columns: &[
        required("category", "类别"),
        required("beside", "对照类别"),
        required("pollutant", "污染物"),
        optional("largest_share", "最大相差"),
        optional("citation", "来源"),
        optional("locator", "位置"),
        optional("confidence", "可信度"),
        optional("note", "备注"),
    ],
};

/// Columns of the overlaps table.
pub static OVERLAPS: Schema = Schema {
    table: "overlaps",
    columns: &[
        required("category", "类别"),
        optional("item", "项目"),
        optional("technology", "技术"),
        required("beside", "对照类别"),
        optional("beside_items", "对照项目"),
        required("pollutants", "污染物"),
        optional("text_zh", "中文说明"),
        optional("text_en", "英文说明"),
        optional("citation", "来源"),
        optional("locator", "位置"),
        optional("note", "备注"),
    ],
};

/// Columns of the key categories table.
pub static KEY_CATEGORIES: Schema = Schema {
    table: "key_categories",
    columns: &[
        required("category", "类别"),
        optional("by_fuel", "按燃料"),
        optional("citation", "来源"),
        optional("locator", "位置"),
        optional("confidence", "可信度"),
        optional("note", "备注"),
    ],
};

/// Columns of the methods table.
pub static METHODS: Schema = Schema {
    table: "methods",
    columns: &[
        required("method", "方法"),
        optional("category", "类别"),
        required("rank", "优先级"),
        required("result", "结果"),
        required("expression", "公式"),
        optional("item", "项目"),
        optional("technology", "技术"),
        optional("pollutant", "污染物"),
        optional("emits_as", "计入类别"),
        optional("amount_dimension", "数量量纲"),
        optional("spread", "分摊"),
        optional("citation", "来源"),
        optional("locator", "位置"),
        optional("note", "备注"),
    ],
};

/// Columns of the economy table.
pub static ECONOMY: Schema = Schema {
    table: "economy",
    columns: &[
        required("year", "年份"),
        required("indicator", "指标"),
        required("value", "数值"),
        required("unit", "单位"),
        optional("area", "地区"),
        optional("price_base", "价格基期"),
        optional("quality", "数据质量"),
        optional("reference", "出处"),
        optional("note", "备注"),
    ],
};

/// Columns of the crosschecks table.
pub static CROSSCHECKS: Schema = Schema {
    table: "crosschecks",
    columns: &[
        required("title", "名称"),
        required("metric", "指标"),
        required("year", "年份"),
        required("value", "数值"),
        required("unit", "单位"),
        required("citation", "来源"),
        optional("boundary", "边界"),
        optional("grouping", "分组方式"),
        optional("group", "组"),
        optional("note", "备注"),
    ],
};

/// Columns of the projects table.
pub static PROJECTS: Schema = Schema {
    table: "projects",
    columns: &[
        required("project", "项目"),
        required("pollutant", "污染物"),
        required("kind", "类型"),
        optional("source", "排放源"),
        optional("area", "地区"),
        optional("start", "投运月份"),
        optional("activity", "活动量"),
        optional("capacity", "设计能力"),
        optional("activity_unit", "活动量单位"),
        optional("load", "负荷率"),
        optional("distance", "行驶里程"),
        optional("distance_unit", "里程单位"),
        optional("factor_before", "改造前系数"),
        optional("factor_after", "改造后系数"),
        optional("generation_factor", "产污系数"),
        optional("factor_unit", "系数单位"),
        optional("removal_before", "改造前去除率"),
        optional("removal_after", "改造后去除率"),
        optional("generated", "产生量"),
        optional("base_emission", "基年排放量"),
        optional("offset", "区域削减"),
        optional("mass_unit", "质量单位"),
        optional("quality", "数据质量"),
        optional("reference", "出处"),
        optional("note", "备注"),
    ],
};

/// Columns of the project kinds table.
pub static PROJECT_KINDS: Schema = Schema {
    table: "project_kinds",
    columns: &[
        required("kind", "类型"),
        optional("name_zh", "中文名"),
        optional("name_en", "英文名"),
        optional("aliases", "别名"),
        optional("note", "备注"),
    ],
};

/// Columns of the project rules table.
pub static PROJECT_RULES: Schema = Schema {
    table: "project_rules",
    columns: &[
        required("rule", "规则"),
        optional("kind", "类型"),
        optional("pollutant", "污染物"),
        required("result", "结果"),
        required("expression", "公式"),
        optional("citation", "来源"),
        optional("locator", "位置"),
        optional("confidence", "可信度"),
        optional("note", "备注"),
    ],
};

/// Columns of the project pollutants table.
pub static PROJECT_POLLUTANTS: Schema = Schema {
    table: "project_pollutants",
    columns: &[
        required("pollutant", "污染物"),
        optional("citation", "来源"),
        optional("locator", "位置"),
        optional("confidence", "可信度"),
        optional("note", "备注"),
    ],
};

/// Columns of the areas table.
pub static AREAS: Schema = Schema {
    table: "areas",
    columns: &[
        required("area", "地区"),
        optional("parent", "上级"),
        optional("name_zh", "中文名"),
        optional("name_en", "英文名"),
        optional("aliases", "别名"),
    ],
};

/// Columns of the categories table.
pub static CATEGORIES: Schema = Schema {
    table: "categories",
    columns: &[
        required("code", "代码"),
        optional("parent", "上级"),
        optional("name_zh", "中文名"),
        optional("name_en", "英文名"),
        optional("aliases", "别名"),
        required("sector", "部门"),
        required("scope", "范围"),
        optional("expects", "应有污染物"),
        optional("note", "备注"),
    ],
};

/// Columns of the items table.
pub static ITEMS: Schema = Schema {
    table: "items",
    columns: &[
        required("item", "项目"),
        optional("name_zh", "中文名"),
        optional("name_en", "英文名"),
        optional("aliases", "别名"),
        optional("kind", "种类"),
        optional("biogenic", "生物源"),
        optional("note", "备注"),
    ],
};

/// The names that parameters have; their values are rows of [`PARAMETERS`].
pub static PARAMETER_NAMES: Schema = Schema {
    table: "parameters",
    columns: &[
        required("parameter", "参数"),
        optional("name_zh", "中文名"),
        optional("name_en", "英文名"),
        optional("dimension", "量纲"),
        optional("unit", "单位"),
        optional("low", "下限"),
        optional("high", "上限"),
        optional("note", "备注"),
    ],
};

/// Columns of the technologies table.
pub static TECHNOLOGIES: Schema = Schema {
    table: "technologies",
    columns: &[
        required("technology", "技术"),
        optional("name_zh", "中文名"),
        optional("name_en", "英文名"),
        optional("aliases", "别名"),
        optional("categories", "适用类别"),
        optional("note", "备注"),
    ],
};

/// Columns of the units table.
pub static UNITS: Schema = Schema {
    table: "units",
    columns: &[
        required("unit", "单位"),
        required("of", "基于"),
        optional("value", "倍数"),
        optional("aliases", "别名"),
        optional("citation", "来源"),
        optional("note", "备注"),
    ],
};

/// Columns of the pollutants table.
pub static POLLUTANTS: Schema = Schema {
    table: "pollutants",
    columns: &[
        required("pollutant", "污染物"),
        optional("name_zh", "中文名"),
        optional("name_en", "英文名"),
        optional("aliases", "别名"),
        optional("kind", "种类"),
        optional("note", "备注"),
    ],
};

/// Columns of the gwp table.
pub static GWP: Schema = Schema {
    table: "gwp",
    columns: &[
        required("set", "因子集"),
        required("pollutant", "污染物"),
        required("value", "数值"),
        optional("citation", "来源"),
        optional("locator", "位置"),
        optional("confidence", "可信度"),
        optional("note", "备注"),
    ],
};

/// Columns of the equivalents table.
pub static EQUIVALENTS: Schema = Schema {
    table: "equivalents",
    columns: &[
        required("pollutant", "污染物"),
        required("medium", "介质"),
        required("value", "数值"),
        required("unit", "单位"),
        optional("citation", "来源"),
        optional("locator", "位置"),
        optional("confidence", "可信度"),
        optional("note", "备注"),
    ],
};

/// Columns of the crosswalk table.
pub static CROSSWALK: Schema = Schema {
    table: "crosswalk",
    columns: &[
        required("scheme", "体系"),
        optional("category", "类别"),
        optional("item", "项目"),
        optional("kind", "种类"),
        optional("technology", "技术"),
        optional("pollutant", "污染物"),
        required("code", "代码"),
        optional("name_zh", "中文名"),
        optional("name_en", "英文名"),
        optional("citation", "来源"),
        optional("confidence", "可信度"),
        optional("note", "备注"),
    ],
};

/// Columns of the sources table.
pub static SOURCES: Schema = Schema {
    table: "sources",
    columns: &[
        required("citation", "来源"),
        required("title", "标题"),
        optional("year", "年份"),
        optional("publisher", "发布者"),
        optional("address", "网址"),
        optional("licence", "许可"),
        optional("note", "备注"),
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
