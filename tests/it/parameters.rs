//! Sets of factors: a study names one, or a family of them.

use qingdan::parameter::is_of_set;

#[test]
fn a_name_stands_for_its_family() {
    let cases = [
        ("IPCC2006", "IPCC2006", true),
        ("GBT32151", "GBT32151.22-2024", true),
        ("GBT32151.22-2024", "GBT32151.34-2024", false),
        ("IPCC2006", "IPCC20061", false),
        ("GBT32151.22-2024", "GBT32151", false),
        ("", "IPCC2006", false),
    ];
    for (named, set, expected) in cases {
        assert_eq!(is_of_set(named, set), expected, "{named} for {set}");
    }
}
