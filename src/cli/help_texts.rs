//! What the help says, in both languages, by command and argument.

use crate::error::Text;
use crate::say;

/// The texts of a command: what it does, and what each of its arguments is, by the argument's name.
pub(super) struct CommandTexts {
    /// `plan check`; empty for the program itself.
    pub command: &'static str,
    pub about: Text,
    pub arguments: Vec<(&'static str, Text)>,
}

/// The study's argument, which most commands have.
fn study() -> (&'static str, Text) {
    ("study", say!("研究文件夹，其中有 study.toml", "Folder of the study, with its study.toml"))
}

fn scenario() -> (&'static str, Text) {
    ("scenario", say!("scenarios.toml 中的情景名", "Name of a scenario of scenarios.toml"))
}

fn strict() -> (&'static str, Text) {
    ("strict", say!("有空缺时退出码为 1", "End with exit code 1 where there are gaps"))
}

fn target() -> (&'static str, Text) {
    (
        "target",
        say!(
            "targets.toml 中的目标名，多个用逗号隔开，须全部达到",
            "Names of targets of targets.toml, joined by commas; all have to be met"
        ),
    )
}

fn seed() -> (&'static str, Text) {
    ("seed", say!("随机种子：相同的种子给出相同的结果", "Seed: the same seed gives the same result"))
}

fn words(command: &'static str, about: Text, arguments: Vec<(&'static str, Text)>) -> CommandTexts {
    CommandTexts { command, about, arguments }
}

/// All of them.
pub(super) fn all() -> Vec<CommandTexts> {
    let all: [fn() -> CommandTexts; 15] = [
        program,
        check,
        run,
        schema,
        explain,
        factors,
        crosswalk,
        plan,
        plan_check,
        plan_resolve,
        compare,
        seek,
        portfolio,
        draws,
        sensitivity,
    ];
    all.iter().map(|words| words()).collect()
}

fn program() -> CommandTexts {
    words(
        "",
        say!(
            "清单 qingdan：编制区县温室气体、大气和水污染物清单，从活动数据表到图表",
            "qingdan: a district's greenhouse-gas, air and water inventories, from tables to charts"
        ),
        vec![(
            "lang",
            say!("消息和图表的语言，不写则随系统", "Language of messages and charts; that of the system if not given"),
        )],
    )
}

fn check() -> CommandTexts {
    words(
        "check",
        say!("读入并检查研究，不写任何文件", "Read and check a study without writing anything"),
        vec![study(), strict()],
    )
}

fn run() -> CommandTexts {
    words(
        "run",
        say!(
            "编制清单、指标、目标、情景和图表",
            "Compile the inventory, its indicators, targets, scenarios and charts"
        ),
        vec![
            study(),
            strict(),
            ("out", say!("输出文件夹，不写则为研究中的 out", "Output folder; `out` in the study if not given")),
            (
                "verbose",
                say!(
                    "全部说出：每条提示、每个目标、每个情景的完整结论",
                    "Say everything: each notice, each target, each verdict in whole sentences"
                ),
            ),
        ],
    )
}

fn schema() -> CommandTexts {
    words(
        "schema",
        say!(
            "输出 study.toml 等文件的 JSON Schema",
            "Print the JSON Schema of study.toml, targets.toml, measures.toml or scenarios.toml"
        ),
        vec![(
            "file",
            say!(
                "文件名：study、targets、measures 或 scenarios",
                "Name of the file: study, targets, measures or scenarios"
            ),
        )],
    )
}

fn explain() -> CommandTexts {
    words(
        "explain",
        say!("说明一个数的来历", "Say where a number comes from"),
        vec![
            study(),
            ("scenario", say!("情景名，用于问其推算年份", "A scenario, for its projected years")),
            ("year", say!("年份", "Year")),
            ("category", say!("类别的代码或名称，连同其下各级", "Code or name of a category; all below it count too")),
            ("item", say!("项目（品种）的代码或名称", "Code or name of an item")),
            ("pollutant", say!("污染物的代码或名称", "Code or name of a pollutant")),
            (
                "project",
                say!(
                    "projects.csv 中的减排项目，不写年份和污染物则全部列出",
                    "A project of projects.csv, of any year and pollutant unless they are given"
                ),
            ),
            ("json", say!("以 JSON 输出，供其他程序读取", "Print JSON, for other programs")),
        ],
    )
}

fn factors() -> CommandTexts {
    words(
        "factors",
        say!("查因子库", "Search the factor library"),
        vec![
            (
                "words",
                say!(
                    "须同时出现的词：参数名、项目的代码或名称、因子集",
                    "Words that all have to occur: a parameter, an item's code or name, a set"
                ),
            ),
            ("catalogue", say!("全库目录，Markdown 格式", "The catalogue of the whole library as a page of Markdown")),
            (
                "out",
                say!("目录写入此文件，不写则输出到屏幕", "Write the catalogue to this file instead of standard output"),
            ),
        ],
    )
}

fn crosswalk() -> CommandTexts {
    words(
        "crosswalk",
        say!(
            "查其他分类（NFR、CRT、GB/T 4754 等）的类别及归入其中的排放",
            "Search the classes of other schemes (NFR, CRT, GB/T 4754 …) and what falls into them"
        ),
        vec![(
            "words",
            say!(
                "须同时出现的词：分类、类别的代码或名称",
                "Words that all have to occur: a scheme, a class, a category's code or name"
            ),
        )],
    )
}

fn plan() -> CommandTexts {
    words("plan", say!("检查情景，或列出其展开结果", "Check scenarios, or print what they resolve to"), vec![])
}

fn plan_check() -> CommandTexts {
    words(
        "plan check",
        say!("读入并展开全部情景，不推算", "Read and resolve all scenarios without running them"),
        vec![study()],
    )
}

fn plan_resolve() -> CommandTexts {
    words(
        "plan resolve",
        say!("以 TOML 列出每个情景的展开结果", "Print the flat plan of each scenario as TOML"),
        vec![study(), ("scenario", say!("只看一个情景", "One scenario only"))],
    )
}

fn compare() -> CommandTexts {
    words(
        "compare",
        say!(
            "各情景并列比较，可与 IAMC 文件中的情景对照",
            "Put the scenarios side by side, and those of an IAMC file beside them"
        ),
        vec![
            study(),
            (
                "year",
                say!("污染物和单位 GDP CO2 降幅所看的年份", "The year of the pollutants and of the cut of CO2 per GDP"),
            ),
            (
                "iamc",
                say!(
                    "IAMC 文件（CSV，年份在列上），其中的情景一并列出",
                    "Scenarios of an IAMC file (CSV, wide) to put beside them"
                ),
            ),
        ],
    )
}

fn seek() -> CommandTexts {
    words(
        "seek",
        say!("求达到目标所需的措施力度", "Seek the level of measures that meets a target"),
        vec![
            study(),
            scenario(),
            ("target", say!("targets.toml 中的目标名", "Name of a target of targets.toml")),
            ("lever", say!("只调一项措施：求其最终力度", "One measure: its last level is sought")),
            (
                "ambition",
                say!(
                    "情景的全部措施同乘一个系数（默认）",
                    "All measures of the scenario, their levels times one factor; the default"
                ),
            ),
            ("group", say!("只调其中几项措施，用逗号隔开", "Some of its measures, joined by commas")),
        ],
    )
}

fn portfolio() -> CommandTexts {
    words(
        "portfolio",
        say!(
            "求达到目标且费用最低的措施力度（和起始年）",
            "The least-cost levels (and starts) of measures that meet targets"
        ),
        vec![
            study(),
            (
                "scenario",
                say!(
                    "scenarios.toml 中的情景名，从其措施中选择",
                    "Name of a scenario of scenarios.toml; its measures are chosen from"
                ),
            ),
            target(),
            (
                "starts",
                say!("除原定起始年外，措施还可从这些年份开始", "Years in which a measure may begin, beside its own"),
            ),
            ("budget", say!("投资上限，如 \"5000 万元\"", "The most that may be invested, with its unit")),
            (
                "out",
                say!(
                    "portfolio.csv 写入的文件夹或文件（*.csv），不写则为研究中的 portfolio",
                    "Folder or file (*.csv) for portfolio.csv; the folder `portfolio` in the study if not given"
                ),
            ),
        ],
    )
}

fn draws() -> CommandTexts {
    words(
        "draws",
        say!("大量抽样：达峰和达标的概率", "Thousands of draws: how probable are peak and targets"),
        vec![
            study(),
            ("n", say!("抽样次数", "Number of draws")),
            seed(),
            ("scenario", say!("只抽一个情景", "One scenario only")),
            (
                "only_written",
                say!(
                    "只抽 [uncertain] 所列的量，不用因子库的范围",
                    "Only what [uncertain] spreads, without the ranges of the factor library"
                ),
            ),
            (
                "out",
                say!(
                    "把 draws.csv、peak_draws.csv、probabilities.csv 和 run.json 写入此文件夹",
                    "Write draws.csv, peak_draws.csv, probabilities.csv and run.json to this folder"
                ),
            ),
        ],
    )
}

fn sensitivity() -> CommandTexts {
    words(
        "sensitivity",
        say!("哪些不确定的输入影响最大", "Which uncertain inputs matter"),
        vec![
            study(),
            ("scenario", say!("情景名，不写则为文件中最后一个", "The scenario; the last of the file if not given")),
            ("n", say!("两组样本各自的点数", "Points of each of the two samples")),
            seed(),
            (
                "out",
                say!(
                    "把 sensitivity.csv 和 run.json 写入此文件夹",
                    "Write sensitivity.csv and run.json to this folder"
                ),
            ),
        ],
    )
}
