//! Files that are no text, or not the kind of file that their ending says.

use crate::damaged::case::Case;

const FILE: &str = "activity/industry.csv";
const TEXT: &str = "year,area,category,item,amount,unit\n2020,yunxi,Q.1,test_ore,1,t\n";

pub fn cases() -> Vec<Case> {
    let csv = |name: &str, content: &[u8]| Case::new(name).content(FILE, content);
    let utf16: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let binary: Vec<u8> = (0..4000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    vec![
        csv("gb18030 broken", &[TEXT.as_bytes(), b"2020,yunxi,Q.1,\xb2\xff\xff,1,t\n"].concat()),
        csv("utf-16 of odd length", &[b"\xff\xfe".as_slice(), &utf16, b"1"].concat()),
        csv("utf-16 big endian broken", b"\xfe\xff\x00y\x00e\xd8\x00\x00a\x00r"),
        csv("binary garbage", &binary),
        csv("zero bytes", TEXT.replace("test_ore", "test\0ore").as_bytes()),
        csv("web page", b"<html><head><title>404</title></head></html>"),
        csv("web page with doctype", b"\n\n  <!DOCTYPE html>\n<html></html>"),
        csv("xls named csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more"),
        csv("xlsx named csv", b"PK\x03\x04\x14\x00 and more"),
        csv("parquet named csv", b"PAR1\x15\x04\x15\x10\xff\xfePAR1"),
        csv("empty file", b""),
        csv("byte-order mark alone", b"\xef\xbb\xbf"),
        csv("blank lines alone", b"\n\n\n"),
        csv("quote not closed", TEXT.replace("test_ore", "\"test_ore").as_bytes()),
        Case::new("study.toml that is no text").content("study.toml", b"area = \"\xb2\xff\xff\"\n".as_slice()),
        Case::new("file type not read").content("activity/more.ods", TEXT),
        Case::new("file without ending").content("activity/more", TEXT),
        Case::new("parquet cut off").content("activity/more.parquet", b"PAR1\x15\x04\x15\x10\x00".as_slice()),
        Case::new("parquet of garbage")
            .content("activity/more.parquet", [b"PAR1".as_slice(), &binary, b"PAR1"].concat()),
        Case::new("parquet with a false footer")
            .content("activity/more.parquet", b"PAR1\0\0\0\0\0\0\0\0\xff\xff\xff\x7fPAR1".as_slice()),
    ]
}
