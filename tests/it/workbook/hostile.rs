//! Texts that a spreadsheet would take for formulas stay texts, wherever they stand.

use crate::program::Scratch;
use crate::workbook::archive::part;
use crate::workbook::book::Opened;
use crate::workbook::compiled;
use calamine::Data;

const TEXTS: [&str; 6] =
    ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "＝1+1", "=HYPERLINK(\"http://x.invalid\",\"click\")"];

#[test]
fn texts_that_look_like_formulas_stay_texts() {
    let study = Scratch::new("workbook-hostile");
    std::fs::create_dir(study.path().join("activity")).expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(study.path().join(name), text).expect("a file");
    write(
        "study.toml",
        "area = \"dazu\"\nyears = [2020]\nsets = [\"IPCC2006\"]\ngwp = \"AR5\"\ntitle = \"=1+1\"\npollutants = [\"CO2\", \"CH4\"]\n",
    );
    write("items.csv", "item,name_zh,name_en,kind\nevil,\"=1+1*?~\",\"=2+2\",gas\n");
    write("categories.csv", "code,parent,name_zh,name_en,sector,scope\n=Z,,=cmd|x,=cmd|x,industry,direct\n");
    write(
        "methods.csv",
        "method,category,pollutant,rank,result,expression\n=m,=Z,CO2,1,emitted,amount * =f\n"
            .replace("=f", "0.5")
            .as_str(),
    );
    let mut table = csv::Writer::from_writer(Vec::new());
    table
        .write_record(["year", "area", "category", "item", "source", "amount", "unit", "reference", "note"])
        .expect("headers");
    for text in TEXTS {
        let evil = ["2020", "dazu", "=Z", "evil", text, "4", "t", text, text];
        table.write_record(evil).expect("a row");
    }
    write("activity/all.csv", &String::from_utf8(table.into_inner().expect("a table")).expect("text"));
    let (_scratch, out) = compiled(study.path(), "zh");
    let file = out.join("report.xlsx");
    let mut opened = Opened::new(&file);
    for name in opened.names() {
        let formulas = opened.texts(&name);
        let evil = formulas.iter().find(|formula| formula.contains("cmd|'") || formula.contains("HYPERLINK"));
        assert_eq!(evil, None, "{name}");
    }
    let sheet = opened.sheet("活动水平");
    for text in TEXTS {
        let shown = sheet
            .rows()
            .filter(|row| row.iter().filter(|cell| matches!(cell, Data::String(shown) if shown == text)).count() == 3);
        assert_eq!(shown.count(), 1, "{text} stands as it was written");
    }
    // A cell with this mark stays a text even after somebody has edited it.
    assert!(part(&file, "xl/styles.xml").contains("quotePrefix=\"1\""));
    assert_eq!(opened.inventory(), [2.0; 6]);
}
